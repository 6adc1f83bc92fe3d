//! Parameters as data: a column for each, and what stands there at a point.

/// A parameter as a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterColumn {
    pub path: String,
    /// The path, and for a number the unit behind it.
    pub name: String,
    /// The base unit of a number; nothing for a plain one and for words.
    pub unit: &'static str,
    /// Whether it is a number; else it is words.
    pub is_number: bool,
}

/// What a parameter is at a point.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterCell {
    /// In the base unit; infinite for "unlimited", not a number where it is none.
    Number(f64),
    Word(String),
}

/// What all parameters are at a point.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingText {
    pub cells: Vec<ParameterCell>,
    /// As `--set` takes them, one after another; nothing where nothing is set.
    pub written: String,
}
