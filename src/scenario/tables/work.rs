//! Kinds of work, as written.

use notation::{Law, Limit, NumberLaw, Rate, Ratio, Share, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A kind of work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkTable {
    /// What its hours are charged to.
    #[serde(default)]
    pub class: ClassName,
    /// Lower comes first; equal ones by the team's order.
    #[serde(default = "middle")]
    pub priority: u8,
    /// Whether it takes the place of less urgent work on a desk, and what becomes of that.
    #[serde(default)]
    pub preempts: Option<PreemptionTable>,
    /// When it comes. Bites at the next arrival.
    #[serde(default)]
    #[schemars(extend("default" = "none"))]
    pub arrivals: ArrivalsTable,
    /// How the rate changes with time; for "poisson", "gaps" and "load" arrivals.
    #[serde(default)]
    pub profile: Option<ProfileTable>,
    /// The team it comes to; left out, each team whose own stages are on the route has its own.
    #[serde(default)]
    pub team: Option<String>,
    /// Items an arrival brings, as one initiative. 0 is none; a number between two whole ones is rounded at random, so
    /// that the mean is kept. Takes effect at the next arrival.
    #[serde(default)]
    #[schemars(extend("x-plain" = "items per initiative"))]
    pub items: Option<NumberLaw>,
    /// Nominal work of a whole item, of which stages may take shares.
    #[serde(default)]
    pub size: Option<Law>,
    /// How unclear it is at arrival what is wanted: 0 clear, 1 nobody knows. Bites at the next arrival.
    #[serde(default)]
    pub fuzziness: Option<NumberLaw>,
    /// The stages it passes, in order.
    pub route: Vec<StepTable>,
    /// Effort at a stage, where it differs from what the stage says.
    #[serde(default)]
    pub effort: BTreeMap<String, Law>,
    /// Items that already wait when life begins, per source.
    #[serde(default)]
    pub backlog: u32,
    /// The most that may wait to be started, per team; more are refused.
    #[serde(default)]
    #[schemars(extend("x-plain" = "size of the backlog"))]
    pub backlog_limit: Limit,
    /// Whether it waits when nobody can start it at once; what may not wait is turned away. Bites at the next
    /// arrival.
    #[serde(default = "yes")]
    pub waits: bool,
    /// How long it waits to be started before it gives up.
    #[serde(default)]
    pub patience: Option<Law>,
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

/// What hours are charged to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClassName {
    /// Planned work: features.
    #[default]
    Feature,
    /// Planned work on the system itself: paying back debt.
    Health,
    /// Work that nobody planned: bugs, corrections, incidents.
    Unplanned,
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

/// When work comes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ArrivalsTable {
    /// Never, but for the backlog it starts with and what other mechanisms make.
    #[default]
    None,
    /// At random, at this rate.
    Poisson(Rate),
    /// At a fixed interval.
    Every(Span),
    /// After gaps of this law.
    Gaps(Law),
    /// At random, so that it asks for this share of its team's hours.
    #[schemars(extend("x-plain" = "demand"))]
    Load(Ratio),
    /// Without end: at least this many always wait to be started.
    Endless(u32),
    /// At scripted times.
    Trace(TraceTable),
    /// After other work has gone live.
    After(AfterTable),
}

/// Scripted arrivals: times from the beginning, in the scenario or in a CSV file. A row is a row: its time, size, kind
/// and work stay together in whatever order rows are written. Takes effect at the next arrival.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TraceTable {
    /// The times themselves.
    pub times: Vec<Span>,
    /// The size of each item, in the order of the times; for everybody in place of the one that would be drawn.
    pub sizes: Vec<Span>,
    /// Work of each item at a stage, in the order of the times: { build = ["2 hours", …] }. In place of the effort
    /// there, at every visit; when sent back for a share, a share of it.
    pub work: BTreeMap<String, Vec<Span>>,
    /// A CSV file with a column of times, beside the scenario. An empty cell of another column is drawn.
    pub file: Option<String>,
    /// Its column of times.
    pub column: Option<String>,
    /// The unit of that column; not for dates.
    pub unit: Option<String>,
    /// That the column holds dates, such as 2024-03-31 or 2024-03-31T14:30, and in which order they are written. A week
    /// has the clock's working days, from Monday on, and a working day begins at 9:00.
    pub dates: Option<DatesName>,
    /// The date at which time begins; left out, the day of the file's first, of whatever kind.
    pub begins: Option<String>,
    /// The column of sizes.
    pub size_column: Option<String>,
    /// For stages, the column of work there: { build = "coding hours" }.
    pub work_columns: BTreeMap<String, String>,
    /// The unit of the columns of sizes and work; left out, that of the times.
    pub size_unit: Option<String>,
    /// The column that says what kind a row is.
    pub kind_column: Option<String>,
    /// What stands there in rows of this kind; the others are somebody else's.
    pub kinds: Vec<String>,
    /// What separates columns: "," unless said otherwise; such as ";" or "tab".
    pub delimiter: Option<String>,
    /// What separates whole numbers from fractions: "." unless said otherwise, or ",".
    pub decimal: Option<String>,
}

/// In which order a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum DatesName {
    /// 2024-03-31
    #[serde(rename = "year-month-day")]
    YearMonthDay,
    /// 31.03.2024
    #[serde(rename = "day-month-year")]
    DayMonthYear,
    /// 03/31/2024
    #[serde(rename = "month-day-year")]
    MonthDayYear,
}

/// Work that live work brings forth.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterTable {
    /// The kinds that bring it forth.
    pub work: Vec<String>,
    /// How many each brings: 0 is none, and a fraction is rounded at random, so that the mean is kept. A kind may bring
    /// forth itself: on average less than one, or exactly one where only a backlog feeds it (a finite source).
    pub count: NumberLaw,
    /// The mean is multiplied by 1 + this × the debt density of its component.
    #[serde(default)]
    pub debt: f64,
    /// How long after going live.
    pub delay: Law,
}

/// How a rate changes with time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileTable {
    /// From a time on, a factor: { from = "6 months", rate = "150%" }.
    pub pieces: Vec<PieceTable>,
    /// After which the pieces come round again: a season.
    pub period: Option<Span>,
    /// Growth a year, compounded, up to the horizon.
    pub growth: Option<Ratio>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PieceTable {
    /// From when on, from the beginning or from that of the period.
    pub from: Span,
    /// How many times as much comes then: 150% is half as much again.
    pub rate: Ratio,
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
