//! Plans: the points that a sweep runs, a grid or the rows of a design.

use scenario::Free;
use scenario::study::Setting;
use serde::{Deserialize, Serialize};

/// More points than this are refused.
pub const MOST_POINTS: usize = 10_000;

/// One parameter and its values, as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    pub path: String,
    pub values: Vec<String>,
}

impl Axis {
    /// Reads `path=values`, where values are as for [`Axis::of`].
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn read(argument: &str) -> Result<Axis, String> {
        let (path, values) = argument
            .split_once('=')
            .ok_or_else(|| format!("`{argument}` does not say what to vary over what: write PATH=VALUES"))?;
        Axis::of(path.trim(), values)
    }

    /// Values are a range `FROM..TO:STEP`, all in one unit, or a list `A,B,C`.
    ///
    /// # Errors
    /// What is wrong with them, as a sentence.
    pub fn of(path: &str, values: &str) -> Result<Axis, String> {
        let values = match values.split_once("..") {
            Some((from, rest)) => {
                let (to, step) = rest.split_once(':').ok_or_else(|| {
                    format!(
                        "the range `{values}` of {path} has no step: write FROM..TO:STEP, such as 0%..50%:5%"
                    )
                })?;
                range(path, from, to, step)?
            }
            None => values.split(',').map(|value| value.trim().to_owned()).collect(),
        };
        Axis::listed(path, values)
    }

    /// Values as a scenario has them: a list, or a text as for [`Axis::of`].
    ///
    /// # Errors
    /// What is wrong with them, as a sentence.
    pub fn written(path: &str, values: &Free) -> Result<Axis, String> {
        let text = |value: &toml::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match &values.0 {
            toml::Value::Array(values) => Axis::listed(path, values.iter().map(text).collect()),
            other => Axis::of(path, &text(other)),
        }
    }

    /// A list of values.
    ///
    /// # Errors
    /// When a value is missing, twice there, or a change of what there is.
    pub fn listed(path: &str, values: Vec<String>) -> Result<Axis, String> {
        if values.is_empty() || values.iter().any(String::is_empty) {
            return Err(format!("{path} has no value where one is required"));
        }
        if let Some(more) = values.iter().find(|value| value.starts_with('+')) {
            let number = more.trim_start_matches('+');
            return Err(format!(
                "`{more}` would set {path} to {number}, not raise it by {number}: write the value that it is to have"
            ));
        }
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = values.iter().find(|value| !seen.insert(value.as_str())) {
            return Err(format!("{path} has the value {twice} twice"));
        }
        Ok(Axis { path: path.to_owned(), values })
    }
}

/// Every value from one to another by steps, in their unit.
fn range(path: &str, from: &str, to: &str, step: &str) -> Result<Vec<String>, String> {
    let wrong = |text: &str| format!("`{}` in the range of {path} is no number", text.trim());
    let read = |text: &str| amount(text).ok_or_else(|| wrong(text));
    let ((from, unit), (to, last), (step, by)) = (read(from)?, read(to)?, read(step)?);
    let unit = [unit, last, by].into_iter().max_by_key(String::len).unwrap_or_default();
    if ![from, to, step].iter().all(|number| number.is_finite()) || step <= 0.0 || to < from {
        return Err(format!(
            "the range of {path} from {from} to {to} never reaches its end by steps of {step}"
        ));
    }
    let count = ((to - from) / step + 1e-9).floor() + 1.0;
    // Neither is the count of steps too small to be told apart, which may be infinite.
    if count.is_nan() || count > MOST_POINTS as f64 {
        return Err(too_many(count));
    }
    let count = count as usize;
    let value = |at: usize| {
        let exact = from + step * at as f64;
        let rounded = (exact * 1e9).round() / 1e9;
        format!("{rounded}{unit}")
    };
    Ok((0..count).map(value).collect())
}

/// "2.5%" is 2.5 and "%"; "3 weeks" is 3 and " weeks".
fn amount(text: &str) -> Option<(f64, String)> {
    let text = text.trim();
    if let Ok(plain) = text.parse() {
        return Some((plain, String::new()));
    }
    let is_digit = |letter: char| letter.is_ascii_digit() || letter == '.';
    let end = text.find(|letter: char| !is_digit(letter)).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, text[end..].to_owned()))
}

/// The points of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Points {
    /// Every combination of the axes' values, the last axis fastest.
    Grid(Vec<Axis>),
    /// The rows of a design of experiments: what each path is at each point, or nothing where a point leaves it alone.
    Design { paths: Vec<String>, rows: Vec<Vec<Option<String>>> },
}

impl Points {
    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Points::Grid(axes) => axes.iter().map(|axis| axis.values.len()).product(),
            Points::Design { rows, .. } => rows.len(),
        }
    }

    /// The paths that points set.
    pub fn paths(&self) -> Vec<&str> {
        match self {
            Points::Grid(axes) => axes.iter().map(|axis| axis.path.as_str()).collect(),
            Points::Design { paths, .. } => paths.iter().map(String::as_str).collect(),
        }
    }

    /// The axes, where points are all their combinations.
    pub fn axes(&self) -> Option<&[Axis]> {
        match self {
            Points::Grid(axes) => Some(axes),
            Points::Design { .. } => None,
        }
    }

    /// The values that a path has anywhere, in the order of [`Points::paths`].
    pub fn values(&self, path: usize) -> Vec<String> {
        match self {
            Points::Grid(axes) => axes[path].values.clone(),
            Points::Design { rows, .. } => rows.iter().filter_map(|row| row[path].clone()).collect(),
        }
    }

    /// What each path is at a point.
    pub fn at(&self, point: usize) -> Vec<Option<&str>> {
        match self {
            Points::Design { rows, .. } => rows[point].iter().map(Option::as_deref).collect(),
            Points::Grid(axes) => {
                let mut rest = point;
                let value = |axis: &'_ Axis| {
                    let at = rest % axis.values.len();
                    rest /= axis.values.len();
                    at
                };
                let places: Vec<usize> = axes.iter().rev().map(value).collect();
                axes.iter().zip(places.into_iter().rev()).map(|(axis, at)| Some(&*axis.values[at])).collect()
            }
        }
    }

    /// What each point sets.
    ///
    /// # Errors
    /// When there are too many, or none, or a file says what none can be.
    pub fn settings(&self) -> Result<Vec<Vec<Setting>>, String> {
        self.check()?;
        let paths = self.paths();
        let set = |(path, value): (&&str, Option<&str>)| Some(((*path).to_owned(), value?.to_owned()));
        let of = |point| paths.iter().zip(self.at(point)).filter_map(set).collect();
        Ok((0..self.count()).map(of).collect())
    }

    /// Whether these can be run. A file may say anything.
    ///
    /// # Errors
    /// When there are too many, or none, or they are none.
    pub(super) fn check(&self) -> Result<(), String> {
        match self {
            Points::Grid(axes) => {
                for axis in axes {
                    Axis::listed(&axis.path, axis.values.clone())?;
                }
                if axes.is_empty() {
                    return Err(
                        "there is nothing to vary: write --vary PATH=VALUES, --design FILE, or [sweep] in \
                                the scenario"
                            .to_owned(),
                    );
                }
                let count: f64 = axes.iter().map(|axis| axis.values.len() as f64).product();
                if count > MOST_POINTS as f64 { Err(too_many(count)) } else { Ok(()) }
            }
            Points::Design { paths, rows } => {
                if rows.len() > MOST_POINTS {
                    return Err(format!(
                        "{} rows are more than the {MOST_POINTS} points that are allowed: cut the design into files",
                        rows.len()
                    ));
                }
                match rows.is_empty() || rows.iter().any(|row| row.len() != paths.len()) {
                    true => Err("a design needs rows of as many values as it has paths".to_owned()),
                    false => Ok(()),
                }
            }
        }
    }
}

fn too_many(count: f64) -> String {
    format!(
        "{count} points are more than the {MOST_POINTS} that are allowed: take longer steps or fewer parameters"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_lists_become_values() {
        let axis = Axis::read("team.*.share.health=0%..10%:2.5%").expect("a range");
        assert_eq!(axis.values, ["0%", "2.5%", "5%", "7.5%", "10%"]);
        assert_eq!(Axis::read("a=1,2, unlimited").expect("a list").values, ["1", "2", "unlimited"]);
        assert_eq!(Axis::of("a", "0.1..0.3:0.1").expect("a range").values, ["0.1", "0.2", "0.3"]);
        assert_eq!(Axis::of("a", "1 week..3 weeks:1 week").expect("a range").values[1], "2 weeks");
        for wrong in [
            "a",
            "a=",
            "a=1,,2",
            "a=1,1",
            "a=1..2",
            "a=2..1:1",
            "a=0..1:0",
            "a=0..1e9:1",
            "a=0..99999:1",
            "a=1..inf:1",
            "a=nan..2:1",
            "a=1..2:nan",
            "a=1..2:inf",
            "a=-inf..1:1",
            "a=0..1:1e-320",
            "a=0..1e308:1e-308",
        ] {
            assert!(Axis::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn axes_are_crossed_and_counted() {
        let axis = |path: &str, count: usize| Axis {
            path: path.to_owned(),
            values: (0..count).map(|value| value.to_string()).collect(),
        };
        let grid = Points::Grid(vec![axis("a", 3), axis("b", 4)]);
        let settings = grid.settings().expect("a grid");
        assert_eq!((settings.len(), grid.count()), (12, 12));
        let set = |path: &str, value: &str| (path.to_owned(), value.to_owned());
        assert_eq!(settings[5], [set("a", "1"), set("b", "1")]);
        assert_eq!(settings[3], [set("a", "0"), set("b", "3")]);
        let many = Points::Grid(vec![axis("a", 101), axis("b", 100)]).settings();
        assert!(many.is_err_and(|reason| reason.contains("10100")));
        assert!(Points::Grid(Vec::new()).settings().is_err());
    }

    #[test]
    fn a_design_sets_what_its_rows_say_and_no_more() {
        let row = |cells: [Option<&str>; 2]| cells.map(|cell| cell.map(str::to_owned)).to_vec();
        let paths = vec!["a".to_owned(), "b".to_owned()];
        let rows = vec![row([Some("1"), None]), row([Some("1"), None]), row([None, Some("25%")])];
        let design = Points::Design { paths: paths.clone(), rows };
        let set = |path: &str, value: &str| (path.to_owned(), value.to_owned());
        let settings = design.settings().expect("a design");
        assert_eq!(settings, [vec![set("a", "1")], vec![set("a", "1")], vec![set("b", "25%")]]);
        assert_eq!((design.values(0), design.values(1)), (vec!["1".to_owned(); 2], vec!["25%".to_owned()]));
        for rows in [Vec::new(), vec![vec![None]]] {
            assert!(Points::Design { paths: paths.clone(), rows }.settings().is_err());
        }
    }
}
