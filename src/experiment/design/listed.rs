//! A design from a file: a column for each path and a row for each point, values as a scenario writes them, or plain
//! numbers in columns that name their unit, as tables of results have them.

use super::columns::UNLIMITED;
use super::space::{Form, Kind, Parameter, ParameterValue, read, written};
use notation::WorkCalendar;

/// A design read from CSV text: its parameters, and for each row their values (nothing where a cell is empty).
pub type Listed = (Vec<Parameter>, Vec<Vec<Option<ParameterValue>>>);

/// The paths of a design, and for each of its points their values as a scenario writes them; nothing where a cell is
/// empty.
pub type DesignRows = (Vec<String>, Vec<Vec<Option<String>>>);

/// Digits that a number of a column with a unit keeps: as many as survive being written in percent or days.
const DIGITS: usize = 14;

/// Reads the rows of a design from CSV text. A column whose name is no path, but is one without the unit at its end
/// (`_share`, `_hours`, `_per_hour`), holds numbers in that unit.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn rows(
    text: &str,
    calendar: &WorkCalendar,
    is_path: impl Fn(&str) -> bool,
) -> Result<DesignRows, String> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let wrong = |error: csv::Error| format!("the design cannot be read: {error}");
    let head = reader.headers().map_err(wrong)?;
    if head.len() == 1 && head.iter().any(|cell| cell.contains([';', '\t'])) {
        return Err("the first line of the design is one path: part columns by commas".to_owned());
    }
    let columns: Vec<(String, Option<Form>)> =
        head.iter().map(|cell| column(cell.trim(), &is_path)).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = columns.iter().zip(&record).map(|((path, unit), cell)| {
            let cell = cell.trim();
            match unit {
                _ if cell.is_empty() => Ok(None),
                // So tables of results write it.
                _ if cell == "inf" => Ok(Some(UNLIMITED.to_owned())),
                None => Ok(Some(whole(cell).unwrap_or_else(|| cell.to_owned()))),
                Some(unit) => number(cell, *unit, calendar).map(Some).ok_or_else(|| {
                    format!(
                        "line {line} of the design: `{cell}` in the column of {path} is no number in its unit"
                    )
                }),
            }
        });
        rows.push(cells.collect::<Result<Vec<_>, _>>()?);
    }
    if let Some(at) = columns.iter().position(|(path, _)| path.is_empty()) {
        return Err(format!("column {} of the design has no name: it must be a path", at + 1));
    }
    if rows.is_empty() {
        return Err("the design needs a first line of paths, and a line of values for each point".to_owned());
    }
    let paths: Vec<String> = columns.into_iter().map(|(path, _)| path).collect();
    match paths.iter().enumerate().find(|(at, path)| paths[..*at].contains(path)) {
        Some((_, twice)) => Err(format!("the design has two columns of {twice}")),
        None => Ok((paths, rows)),
    }
}

/// The path of a column, and the unit of its numbers where its name says one.
fn column(name: &str, is_path: &impl Fn(&str) -> bool) -> (String, Option<Form>) {
    let without = |form: Form| Some((name.strip_suffix(form.unit().0)?, form));
    let units = [Form::Percent, Form::Rate, Form::Span].into_iter().filter_map(without);
    match units.into_iter().find(|(path, _)| !is_path(name) && is_path(path)) {
        Some((path, form)) => (path.to_owned(), Some(form)),
        None => (name.to_owned(), None),
    }
}

/// A whole number that tables of floats write as `3.0`.
fn whole(cell: &str) -> Option<String> {
    cell.strip_suffix(".0")
        .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
        .map(str::to_owned)
}

/// A number in a base unit, as a scenario writes it.
fn number(cell: &str, unit: Form, calendar: &WorkCalendar) -> Option<String> {
    let number: f64 = cell.parse().ok()?;
    number.is_finite().then(|| written(number, unit, calendar, DIGITS))
}

/// Reads a design of organisations from CSV text. Ranges are those of the values that are there.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn listed(text: &str, calendar: &WorkCalendar, is_path: impl Fn(&str) -> bool) -> Result<Listed, String> {
    let (paths, rows) = rows(text, calendar, is_path)?;
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect();
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
    let (parameters, rows) = listed(text, calendar, |_| true)?;
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
        let is_path = |path: &str| !path.ends_with("_hours") && !path.ends_with("_share");
        let (parameters, places) = listed(text, &calendar, is_path).expect("a design");
        assert_eq!(parameters.len(), 3);
        assert_eq!(places[1][1].as_ref().map(|place| place.number), Some(80.0));
        assert_eq!(places[1][2], None);
        assert!(matches!(&parameters[2].kind, Kind::Choice(names) if names == &["none"]));
        for wrong in ["a,b\n1\n", "a\n", "a,a\n1,2\n", "a_hours\nsoon\n", "", "a,\n1,2\n", "a;b\n1;2\n"] {
            assert!(listed(wrong, &calendar, is_path).is_err(), "{wrong}");
        }
        let (paths, rows) =
            rows("\u{feff}a_share,b_hours,c\n0.07,20,3.0\n,inf,0.5\n", &calendar, is_path).expect("a design");
        assert_eq!(paths, ["a", "b", "c"]);
        let texts: Vec<Vec<&str>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.as_deref().unwrap_or("")).collect()).collect();
        assert_eq!(texts, [["7%", "2.5 days", "3"], ["", "unlimited", "0.5"]]);
    }
}
