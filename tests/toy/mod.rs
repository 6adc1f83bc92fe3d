//! A toy configuration that exercises every part of the scenario language.

#![allow(dead_code, reason = "fields are there to be deserialised; each test reads only some")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use orgsim::notation::{DurationDistribution, Limit, Rate, Share, Span, WorkCalendar};
use orgsim::scenario::Free;
use schemars::JsonSchema;
use serde::Deserialize;

/// A whole toy scenario.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Toy {
    /// What it asks.
    pub title: String,
    /// How long it runs.
    pub horizon: Span,
    /// Which luck.
    #[serde(default)]
    pub seed: Option<u64>,
    /// How long a day is.
    #[serde(default)]
    pub calendar: WorkCalendar,
    /// Who works.
    #[serde(default)]
    pub team: Vec<Team>,
    /// Who approves.
    #[serde(default)]
    pub board: BTreeMap<String, Board>,
    /// What is worked on.
    #[serde(default)]
    pub work: BTreeMap<String, Work>,
    /// Checked elsewhere.
    #[serde(default)]
    pub policy: BTreeMap<String, Free>,
}

/// A team.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// What it is called.
    pub name: String,
    /// How many there are, at least one.
    #[schemars(range(min = 1))]
    pub engineers: u32,
    /// How it spends its time.
    #[serde(default)]
    pub share: Shares,
}

/// Shares of a team's time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// For system health.
    pub health: Share,
}

impl Default for Shares {
    fn default() -> Self {
        Self { health: Share::of(0.0).expect("zero is a share") }
    }
}

impl serde::Serialize for Shares {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = to.serialize_map(Some(1))?;
        map.serialize_entry("health", &self.health)?;
        map.end()
    }
}

/// A board.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// When it meets.
    pub meets: Meets,
    /// How many it hears.
    pub slots: Limit,
    /// How it talks.
    #[serde(default)]
    pub style: Option<Style>,
}

/// A rhythm.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meets {
    /// How often.
    pub every: Span,
}

/// How a board talks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// By protocol.
    Formal,
    /// Over coffee.
    Informal,
}

/// A kind of work.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// How it comes.
    pub arrivals: Arrivals,
    /// How much it takes.
    pub effort: DurationDistribution,
}

/// How work comes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Arrivals {
    /// At random.
    Poisson(Rate),
    /// By the clock.
    Every(Span),
}

/// The preset that scenarios extend.
pub const PRESET: &str = r#"
[defaults.team]
share.health = "10%"

[board.architecture]
meets = { every = "1 week" }
slots = 8

[work.feature]
arrivals = { every = "1 day" }
effort = { lognormal = { mean = "1 day", cv = 1.5 } }
"#;

/// Where presets come from.
pub fn library(name: &str) -> Option<(String, String)> {
    match name {
        "typical" => Some(("typical.toml".into(), PRESET.into())),
        "loop" => Some(("loop.toml".into(), "extends = 'loop'".into())),
        _ => None,
    }
}

/// The toy's schema.
pub fn schema() -> &'static serde_json::Value {
    static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(|| schemars::schema_for!(Toy).to_value());
    &SCHEMA
}
