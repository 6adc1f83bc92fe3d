//! Kinds of work, as written.

use model::mechanisms::demand::{ArrivalsTable, ProfileTable, WanderTable, WholeTable};
use model::work::Class;
use notation::{DurationDistribution, Limit, NumberDistribution, Share, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A kind of work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkTable {
    /// What its hours are charged to.
    #[serde(default)]
    pub class: Class,
    /// Lower comes first; equal ones by the team's order.
    #[serde(default = "middle")]
    pub priority: u8,
    /// Whether it takes the place of less urgent work on a desk, and what becomes of that.
    #[serde(default)]
    pub preempts: Option<PreemptionTable>,
    /// When it comes. Takes effect at the next arrival.
    #[serde(default)]
    #[schemars(extend("default" = "none"))]
    pub arrivals: ArrivalsTable,
    /// How the rate changes with time; for "poisson", "gaps" and "load" arrivals.
    #[serde(default)]
    pub profile: Option<ProfileTable>,
    /// How the rate wanders from week to week, each source by itself; for "poisson", "gaps", "every" and "load" arrivals.
    /// Takes effect at the next arrival.
    #[serde(default)]
    pub wander: Option<WanderTable>,
    /// The team it comes to; left out, each team whose own stages are on the route has its own.
    #[serde(default)]
    pub team: Option<String>,
    /// Items an arrival brings, as one initiative. 0 is none; a number between two whole ones is rounded at random, so
    /// that the mean is kept. Takes effect at the next arrival.
    #[serde(default)]
    #[schemars(extend("x-plain" = "items per initiative"))]
    pub items: Option<NumberDistribution>,
    /// An arrival is an initiative that is wanted as a whole, in place of `items`.
    #[serde(default)]
    pub initiative: Option<WholeTable>,
    /// Nominal work of a whole item, of which stages may take shares.
    #[serde(default)]
    pub size: Option<DurationDistribution>,
    /// How unclear it is at arrival what is wanted: 0 clear, 1 nobody knows. Takes effect at the next arrival.
    #[serde(default)]
    pub fuzziness: Option<NumberDistribution>,
    /// The stages it passes, in order.
    pub route: Vec<StepTable>,
    /// Effort at a stage, where it differs from what the stage says.
    #[serde(default)]
    pub effort: BTreeMap<String, DurationDistribution>,
    /// Items that already wait when a replication begins, per source.
    #[serde(default)]
    pub backlog: u32,
    /// The most that may wait to be started, per team: items, or initiatives where the kind comes as such.
    #[serde(default)]
    #[schemars(extend("x-plain" = "size of the backlog"))]
    pub backlog_limit: Limit,
    /// What becomes of an initiative that finds the backlog full. Takes effect at the next arrival.
    #[serde(default)]
    pub when_full: WhenFull,
    /// Whether it waits when nobody can start it at once; what may not wait is turned away. Takes effect at the next
    /// arrival.
    #[serde(default = "yes")]
    pub waits: bool,
    /// How long it waits to be started before it gives up.
    #[serde(default)]
    pub patience: Option<DurationDistribution>,
    /// Whether it is worth anything once live.
    #[serde(default)]
    pub valued: bool,
    /// Whether it counts as a change in the headline metrics.
    #[serde(default = "yes")]
    pub change: bool,
    /// Whether it holds a decision that may be wrong.
    #[serde(default)]
    pub decides: bool,
}

fn middle() -> u8 {
    5
}
fn yes() -> bool {
    true
}

/// What becomes of an initiative that finds the backlog full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WhenFull {
    /// It is refused.
    #[default]
    Refuse,
    /// The one that promises least by the team's order leaves, be it the new one.
    Displace,
}

/// What becomes of work that is pushed off a desk.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PreemptionTable {
    /// It goes on where it stopped.
    Resume,
    /// It begins again, as long as before.
    Restart,
    /// It goes on where it stopped, and this much work is lost.
    Penalty(Span),
}

/// One step of a route.
#[derive(Clone, Debug)]
pub enum StepTable {
    /// Always.
    Stage(String),
    /// With a chance.
    Maybe { stage: String, probability: Share },
    /// One of several, by weight.
    OneOf(BTreeMap<String, f64>),
}

impl JsonSchema for StepTable {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let share = generator.subschema_for::<Share>();
        let stage = "The stage that it passes with this probability, by name.";
        json_schema!({
            "description": "A step of a route: a stage's name, { maybe = \"stage\", probability = \"30%\" }, or { one_of = { a = 2, b = 1 } }",
            "oneOf": [
                { "type": "string", "description": "The stage that it always passes, by name." },
                {
                    "type": "object",
                    "properties": {
                        "maybe": { "type": "string", "description": stage },
                        "probability": { "allOf": [share], "description": "The chance that it passes the stage `maybe` names." },
                    },
                    "required": ["maybe", "probability"],
                    "additionalProperties": false,
                },
                {
                    "type": "object",
                    "properties": { "one_of": {
                        "type": "object",
                        "description": "Stages by name, each with its weight: it passes one of them.",
                        "additionalProperties": { "type": "number", "minimum": 0 },
                    } },
                    "required": ["one_of"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

impl<'de> Deserialize<'de> for StepTable {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StepVisitor)
    }
}

struct StepVisitor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFields {
    maybe: Option<String>,
    probability: Option<Share>,
    one_of: Option<BTreeMap<String, f64>>,
}

impl<'de> serde::de::Visitor<'de> for StepVisitor {
    type Value = StepTable;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(
            "a stage's name, { maybe = \"stage\", probability = \"30%\" }, or { one_of = { a = 2, b = 1 } }",
        )
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<StepTable, E> {
        Ok(StepTable::Stage(name.to_owned()))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<StepTable, A::Error> {
        let fields = StepFields::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        match (fields.maybe, fields.probability, fields.one_of) {
            (Some(stage), Some(probability), None) => Ok(StepTable::Maybe { stage, probability }),
            (None, None, Some(choices)) if !choices.is_empty() => Ok(StepTable::OneOf(choices)),
            _ => Err(serde::de::Error::custom(
                "a step is a name, { maybe, probability } or { one_of } with at least one stage",
            )),
        }
    }
}
