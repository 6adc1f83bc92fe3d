//! What decides over organisations: the parameters whose values go with an outcome, and a short rule.

use super::pairs::Pairs;
use super::summary::{Driver, Sentence};
use crate::design::{Kind, Space};
use crate::worlds::ParameterDraw;
use statistics::rank::spearman;
use statistics::resample::Resampling;
use statistics::rule::{self, Rule};

/// Organisations in which a parameter must exist for its correlation to be told, unless it exists in all.
const FEWEST: usize = 10;

/// The values of every parameter over the organisations in which something can be compared.
pub struct Ground<'a> {
    space: &'a Space,
    /// A parameter's path with its values; choices have one column for each value, "path = value".
    columns: Vec<(String, Vec<f64>)>,
}

impl<'a> Ground<'a> {
    /// The values over the worlds of `pairs`, in their order.
    pub fn of(space: &'a Space, worlds: &[&ParameterDraw], pairs: &[Pairs]) -> Ground<'a> {
        let mut columns = Vec::new();
        for (of, parameter) in space.parameters.iter().enumerate() {
            let place = |pairs: &Pairs| worlds[pairs.world].places[of].as_ref();
            match &parameter.kind {
                Kind::Choice(values) => columns.extend(values.iter().map(|value| {
                    let is = |pairs: &Pairs| {
                        place(pairs).map_or(f64::NAN, |place| f64::from(u8::from(place.text == *value)))
                    };
                    (format!("{} = {value}", parameter.path), pairs.iter().map(is).collect())
                })),
                Kind::Number { .. } | Kind::Listed { .. } => {
                    let number = |pairs: &Pairs| place(pairs).map_or(f64::NAN, |place| place.number);
                    columns.push((parameter.path.clone(), pairs.iter().map(number).collect()));
                }
            }
        }
        Ground { space, columns }
    }

    /// Every parameter's rank correlation with an outcome, strongest first.
    ///
    /// One that exists in few of the organisations is left out: two points always lie on a line.
    pub fn drivers(&self, outcome: &[f64]) -> Vec<Driver> {
        let enough = FEWEST.min(outcome.len());
        let mut drivers: Vec<Driver> = self
            .columns
            .iter()
            .filter(|(_, values)| values.iter().filter(|value| value.is_finite()).count() >= enough)
            .map(|(name, values)| Driver { name: name.clone(), correlation: spearman(values, outcome) })
            .filter(|driver| !driver.correlation.is_nan())
            .collect();
        drivers.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()));
        drivers
    }

    /// Where something happens, if that can be said in a short rule.
    pub fn sentence(&self, happens: &[bool], alpha: f64, resampling: Resampling) -> Option<Sentence> {
        let values: Vec<Vec<f64>> = self.columns.iter().map(|(_, values)| values.clone()).collect();
        Some(self.worded(&rule::find(&values, happens, alpha, resampling)?))
    }

    fn worded(&self, rule: &Rule) -> Sentence {
        let words = |condition: &rule::Condition| {
            let name = &self.columns[condition.column].0;
            let parameter = self.space.parameters.iter().find(|parameter| parameter.path == *name);
            match (parameter, condition.above) {
                (None, true) => name.clone(),
                (None, false) => name.replace(" = ", " is not "),
                (Some(parameter), above) => {
                    let sign = if above { '>' } else { '<' };
                    format!("{name} {sign} {}", parameter.short(condition.threshold, &self.space.calendar))
                }
            }
        };
        let conditions: Vec<String> = rule.conditions.iter().map(words).collect();
        Sentence {
            conditions: conditions.join(" and "),
            inside: rule.inside,
            hits: rule.hits,
            outside: rule.outside,
            misses: rule.misses,
            by_chance: rule.by_chance,
        }
    }
}
