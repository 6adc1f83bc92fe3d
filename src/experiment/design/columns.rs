//! Parameters as columns of data: numbers in base units with the unit in the column's name, and words.

use super::space::{Form, Kind, Parameter, ParameterValue, Space, read};
use crate::summary::{ParameterCell, ParameterColumn, SettingText};
use notation::WorkCalendar;

/// What stands for a limit that is none.
pub(super) const UNLIMITED: &str = "unlimited";

/// What stands in a column of words at a point that does not set it.
const NOT_SET: &str = "not set";

impl Form {
    /// What is put behind the path, and the unit.
    pub(super) fn unit(self) -> (&'static str, &'static str) {
        match self {
            Form::Plain => ("", ""),
            Form::Percent => ("_share", "share"),
            Form::Span => ("_hours", "working hours"),
            Form::Rate => ("_per_hour", "per working hour"),
        }
    }
}

impl Parameter {
    /// Its column.
    pub fn column(&self, calendar: &WorkCalendar) -> ParameterColumn {
        match &self.kind {
            Kind::Number { form, .. } | Kind::Listed { form, .. } => number(&self.path, *form),
            Kind::Choice(values) => column(&self.path, values, calendar),
        }
    }
}

impl Space {
    /// The columns of its parameters.
    pub fn columns(&self) -> Vec<ParameterColumn> {
        self.parameters.iter().map(|parameter| parameter.column(&self.calendar)).collect()
    }
}

fn number(path: &str, form: Form) -> ParameterColumn {
    let (suffix, unit) = form.unit();
    ParameterColumn { path: path.to_owned(), name: format!("{path}{suffix}"), unit, is_number: true }
}

/// The column of a parameter that has these values, as written: a number where one of them is.
pub fn column(path: &str, values: &[String], calendar: &WorkCalendar) -> ParameterColumn {
    let forms = values.iter().filter_map(|value| read(bare(value), calendar));
    let forms: Vec<Form> = forms.map(|(_, form)| form).collect();
    // 0 among shares is a share.
    match forms.iter().find(|form| **form != Form::Plain).or(forms.first()) {
        Some(form) => number(path, *form),
        None => ParameterColumn { path: path.to_owned(), name: path.to_owned(), unit: "", is_number: false },
    }
}

/// What parameters are at a point, by the texts that are set there.
pub fn setting<'a>(
    columns: &[ParameterColumn],
    texts: impl Iterator<Item = Option<&'a str>>,
    calendar: &WorkCalendar,
) -> SettingText {
    let (mut cells, mut written) = (Vec::with_capacity(columns.len()), Vec::new());
    for (column, text) in columns.iter().zip(texts) {
        let text = text.map(bare);
        let number = || match text {
            Some(UNLIMITED) => f64::INFINITY,
            text => text.and_then(|text| read(text, calendar)).map_or(f64::NAN, |(number, _)| number),
        };
        cells.push(match column.is_number {
            true => ParameterCell::Number(number()),
            false => ParameterCell::Word(text.unwrap_or(NOT_SET).to_owned()),
        });
        written.extend(text.map(|text| format!("{}={text}", column.path)));
    }
    SettingText { cells, written: written.join("; ") }
}

/// The same of values that were drawn or listed.
pub fn drawn(
    columns: &[ParameterColumn],
    values: &[Option<ParameterValue>],
    calendar: &WorkCalendar,
) -> SettingText {
    setting(columns, values.iter().map(|value| Some(value.as_ref()?.text.as_str())), calendar)
}

/// A text without the quotes around it.
fn bare(text: &str) -> &str {
    text.trim().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbers_in_base_units_where_they_are_numbers() {
        let calendar = WorkCalendar::default();
        let of = |values: &[&str]| {
            let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
            let column = column("a.b", &values, &calendar);
            let cells = values.iter().map(|value| {
                setting(std::slice::from_ref(&column), std::iter::once(Some(value.as_str())), &calendar)
                    .cells
                    .remove(0)
            });
            (column.name.clone(), cells.collect::<Vec<_>>())
        };
        let numbers = |name: &str, numbers: &[f64]| {
            (name.to_owned(), numbers.iter().map(|number| ParameterCell::Number(*number)).collect::<Vec<_>>())
        };
        assert_eq!(of(&["0", "\"25%\""]), numbers("a.b_share", &[0.0, 0.25]));
        assert_eq!(of(&["1 day", "30 minutes"]), numbers("a.b_hours", &[8.0, 0.5]));
        assert_eq!(of(&["1", "3", "unlimited"]), numbers("a.b", &[1.0, 3.0, f64::INFINITY]));
        assert_eq!(of(&["8/day"]), numbers("a.b_per_hour", &[1.0]));
        let words = |text: &str| ParameterCell::Word(text.to_owned());
        assert_eq!(of(&["none", "weinberg"]), ("a.b".to_owned(), vec![words("none"), words("weinberg")]));
        let columns = [number("x", Form::Percent), number("y", Form::Plain)];
        let partly = setting(&columns, [Some("20%"), None].into_iter(), &calendar);
        assert_eq!(partly.written, "x=20%");
        assert!(matches!(partly.cells[1], ParameterCell::Number(number) if number.is_nan()));
    }
}
