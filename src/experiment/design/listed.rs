//! A design from a file: one column per path, one row per organisation, values as a scenario writes them.

use super::space::{Form, Kind, Parameter, ParameterValue, read};
use notation::WorkCalendar;

/// A design read from CSV text: its parameters, and for each row their values (nothing where a cell is empty).
pub type Listed = (Vec<Parameter>, Vec<Vec<Option<ParameterValue>>>);

/// Reads a design from CSV text. Ranges are those of the values that are there.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn listed(text: &str, calendar: &WorkCalendar) -> Result<Listed, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let wrong = |error: csv::Error| format!("the design cannot be read: {error}");
    let paths: Vec<String> =
        reader.headers().map_err(wrong)?.iter().map(|cell| cell.trim().to_owned()).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        rows.push(record.map_err(wrong)?.iter().map(|cell| cell.trim().to_owned()).collect());
    }
    if rows.is_empty() || paths.iter().any(String::is_empty) {
        return Err(
            "the design needs a first row of paths, and a row of values for each organisation".to_owned()
        );
    }
    let column = |of: usize| rows.iter().map(|row| row[of].as_str()).collect::<Vec<_>>();
    let parameters: Vec<Parameter> =
        (0..paths.len()).map(|of| Parameter::alone(paths[of].clone(), kind(&column(of), calendar))).collect();
    let place = |(parameter, text): (&Parameter, &String)| {
        let number = match &parameter.kind {
            Kind::Choice(values) => values.iter().position(|value| value == text).map(|at| at as f64),
            Kind::Number { .. } | Kind::Listed { .. } => read(text, calendar).map(|(number, _)| number),
        };
        (!text.is_empty()).then(|| ParameterValue { text: text.clone(), number: number.unwrap_or(f64::NAN) })
    };
    let places = rows.iter().map(|row| parameters.iter().zip(row).map(place).collect()).collect();
    Ok((parameters, places))
}

/// Reads joint draws from CSV text: numbers that are drawn together, a row for all of them.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn joint(text: &str, calendar: &WorkCalendar) -> Result<Vec<Parameter>, String> {
    let (parameters, rows) = listed(text, calendar)?;
    let one = |(of, parameter): (usize, Parameter)| {
        let Kind::Number { form, .. } = parameter.kind else {
            return Err(format!("its column {} is not of numbers in one notation", parameter.path));
        };
        let values: Option<Vec<ParameterValue>> = rows.iter().map(|row| row[of].clone()).collect();
        let values = values.ok_or_else(|| format!("its column {} has an empty cell", parameter.path))?;
        Ok(Parameter::alone(parameter.path, Kind::Listed { values, form }))
    };
    parameters.into_iter().enumerate().map(one).collect()
}

/// Gives all that are listed in one file the same coordinate at each point, so that they have the same row.
pub fn tied(mut points: Vec<Vec<f64>>, parameters: &[Parameter]) -> Vec<Vec<f64>> {
    let is_listed = |parameter: &Parameter| matches!(parameter.kind, Kind::Listed { .. });
    let of: Vec<usize> = (0..parameters.len()).filter(|of| is_listed(&parameters[*of])).collect();
    if let Some(first) = of.first() {
        for point in &mut points {
            of.iter().for_each(|at| point[*at] = point[*first]);
        }
    }
    points
}

/// A number where all values are numbers in one notation, else a choice.
fn kind(values: &[&str], calendar: &WorkCalendar) -> Kind {
    let present: Vec<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
    let numbers: Option<Vec<(f64, Form)>> = present.iter().map(|value| read(value, calendar)).collect();
    let numbers = numbers.filter(|numbers| numbers.windows(2).all(|pair| pair[0].1 == pair[1].1));
    let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) else {
        let mut names: Vec<String> = present.iter().map(|&value| value.to_owned()).collect();
        names.sort();
        names.dedup();
        return Kind::Choice(names);
    };
    let low = numbers.iter().map(|(number, _)| *number).fold(f64::INFINITY, f64::min);
    let high = numbers.iter().map(|(number, _)| *number).fold(f64::NEG_INFINITY, f64::max);
    Kind::Number { low, high, log: false, whole: false, form: numbers[0].1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joint_draws_keep_their_rows() {
        use crate::design::{Prior, Space};
        let calendar = WorkCalendar::default();
        let text = "a,b\n1,5 days\n2,4 days\n3,3 days\n";
        let mut parameters = vec![Parameter::alone(
            "c",
            Kind::Number { low: 0.0, high: 1.0, log: false, whole: false, form: Form::Plain },
        )];
        parameters.extend(joint(text, &calendar).expect("joint draws"));
        let points = vec![vec![0.9, 0.1, 0.99], vec![0.1, 0.5, 0.2], vec![0.5, 0.99, 0.0]];
        let points = tied(points, &parameters);
        let space = Space { parameters, calendar };
        for prior in [Prior::Whole, Prior::MiddleHalf] {
            let rows: Vec<String> = points
                .iter()
                .map(|point| {
                    let texts = space.places(point, prior, |_| None);
                    texts[1..].iter().flatten().map(|value| value.text.clone()).collect::<Vec<_>>().join(" ")
                })
                .collect();
            assert_eq!(rows, ["1 5 days", "2 4 days", "3 3 days"]);
        }
        assert_eq!(space.parameters[2].range(&calendar), "3 days to 1 week");
        assert!(joint("a\nx\n", &calendar).is_err() && joint("a,b\n1,\n", &calendar).is_err());
    }

    #[test]
    fn a_file_of_values_is_a_design() {
        let calendar = WorkCalendar::default();
        let text = "debt.interest,board.*.meets.every,switching.efficiency\n1.5,1 day,none\n2,2 weeks,\n";
        let (parameters, places) = listed(text, &calendar).expect("a design");
        assert_eq!(parameters.len(), 3);
        assert_eq!(places[1][1].as_ref().map(|place| place.number), Some(80.0));
        assert_eq!(places[1][2], None);
        assert!(matches!(&parameters[2].kind, Kind::Choice(names) if names == &["none"]));
        assert!(listed("a,b\n1\n", &calendar).is_err() && listed("a\n", &calendar).is_err());
    }
}
