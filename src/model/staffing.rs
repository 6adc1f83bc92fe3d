//! How a team is staffed and equipped: the levers of the mechanisms people, tooling and assistance.

use kernel::units::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The areas that tooling is spent on, in the order of [`Staffing::tooling`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Fast builds and tests.
    Builds,
    /// Deployment at the press of a button.
    Deployment,
    /// Environments that people get for themselves.
    Environments,
    /// Documents that others can find and follow.
    Documents,
}

pub const AREAS: usize = 4;

/// Who of a team goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The fastest.
    #[default]
    MostSkilled,
    /// Those who know most of the code.
    MostKnowing,
    /// The last to come.
    Newest,
}

/// People who leave at a date, whatever else happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    pub at: Instant,
    pub people: u32,
    pub who: Who,
}

/// What leaders decide about a team's people and their tools.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Staffing {
    /// People the team is meant to have: below it, somebody is looked for.
    pub target: u32,
    pub leaves: Vec<Leave>,
    /// Hours a week in which somebody who knows a part of the code shows it to a colleague.
    pub sharing_hours: f64,
    /// Shares of all hours that are spent on each area of tooling.
    pub tooling: [f64; AREAS],
    /// The share of people who write code with an assistant.
    pub assisted: f64,
}
