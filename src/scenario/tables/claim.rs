//! Claims, as written: what somebody says, and the comparison that puts it to the test.

use notation::Share;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;

/// One claim: a policy against another, by one metric. Written before it is run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimTable {
    /// Words by which it is found and sorted, such as "D2".
    #[serde(default)]
    pub tags: Vec<String>,
    /// Where it comes from, in free words: who says it, or the advice as it is given.
    pub source: String,
    /// What is claimed, in our words.
    pub statement: String,
    /// The policy of which it is claimed.
    #[serde(default)]
    pub better: Option<String>,
    /// In place of `better`: the policy that does best by this metric in half of the replications. The other
    /// half judges it.
    #[serde(default)]
    pub picked_by: Option<String>,
    /// The policy it is compared with.
    #[serde(default)]
    pub than: Option<String>,
    /// In place of `than`: a number, in the metric's unit (a share as a fraction).
    #[serde(default)]
    pub than_value: Option<f64>,
    /// In place of `than`, with `picked_by`: the policy that does best by this metric.
    #[serde(default)]
    pub than_picked_by: Option<String>,
    /// In place of `than`: policies whose gains over the baseline are added up, replication by replication. `better` is compared
    /// with what the measure would be if it gained just that.
    #[serde(default)]
    pub than_sum_of: Vec<String>,
    /// The metric; or "value per added cost", what `better` adds to value over what it adds to cost, both over the baseline, which
    /// is compared with a number (`than_value`: 1 is what the addition costs).
    pub measure: String,
    /// The smallest relative difference that matters.
    #[serde(default = "a_twentieth")]
    pub smallest_difference: Share,
    /// What is expected of `better` against `than`: "lower", "higher", or "none" for no difference that matters.
    pub direction: ClaimDirection,
    /// In which typical organisations it is judged, of those that the file extends; in both when left out. A file that brings
    /// an organisation of its own says which it belongs to.
    #[serde(default)]
    pub on: Vec<String>,
    /// The assumption from which the verdict follows whatever is drawn, where there is one: the ranges of what decides have
    /// one sign.
    #[serde(default)]
    pub follows_from: String,
    /// Evidence that set a default the claim leans on: an input, which the simulation can't confirm.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// What else to know.
    #[serde(default)]
    pub note: String,
}

fn a_twentieth() -> Share {
    Share::of(0.05).expect("a share")
}

/// What a claim may be about that is no metric of a replication: a ratio of what is added over the baseline.
pub const PER_ADDED_COST: &str = "value per added cost";

/// Which way a claim expects the measure to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClaimDirection {
    /// The measure is lower than under the other policy.
    Lower,
    /// The measure is higher.
    Higher,
    /// No difference that matters.
    None,
}

/// The claims of a scenario: `[claim]` for one, `[[claim]]` for several, which form one family.
#[derive(Clone, Debug, Default)]
pub struct ClaimTables(pub Vec<ClaimTable>);

impl ClaimTable {
    /// Whether it is about this typical organisation.
    pub fn is_about(&self, on: &str) -> bool {
        self.on.is_empty() || self.on.iter().any(|name| name == on)
    }

    /// Whether it is about value per added cost.
    pub fn is_per_added_cost(&self) -> bool {
        self.measure.trim().eq_ignore_ascii_case(PER_ADDED_COST)
    }

    /// Whether one of its sides is picked by a metric.
    pub fn picks(&self) -> bool {
        self.picked_by.is_some() || self.than_picked_by.is_some()
    }
}

impl<'de> Deserialize<'de> for ClaimTables {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneOrSeveral)
    }
}

/// Reads a table as a list of one.
struct OneOrSeveral;

impl<'de> Visitor<'de> for OneOrSeveral {
    type Value = ClaimTables;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("a claim or a list of claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ClaimTables, A::Error> {
        Ok(ClaimTables(vec![ClaimTable::deserialize(MapAccessDeserializer::new(map))?]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<ClaimTables, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(ClaimTables)
    }
}

impl JsonSchema for ClaimTables {
    fn schema_name() -> Cow<'static, str> {
        "Claims".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<ClaimTable>();
        json_schema!({ "oneOf": [one.clone(), { "type": "array", "items": one }] })
    }
}
