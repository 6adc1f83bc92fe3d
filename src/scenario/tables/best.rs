//! The levers of `orgsim best`, as written.

use crate::schema::Free;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[best]`: the levers that may be mixed, and what a mix may cost.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BestTable {
    /// What a mix may cost over the horizon beyond what the baseline costs, in engineer-months of cost.
    #[serde(default)]
    pub budget: Option<f64>,
    /// Levers, by name.
    pub lever: BTreeMap<String, LeverTable>,
}

/// `[best.lever.NAME]`: where a lever may stand beside where it stands today.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeverTable {
    /// For each path that it sets, the value at each position: a list, or a range such as "10%..30%:10%".
    pub set: BTreeMap<String, Free>,
    /// What each position costs a year beside the metric “cost” (people, hires, licences), in engineer-months of cost.
    #[serde(default)]
    pub costs: Vec<f64>,
}
