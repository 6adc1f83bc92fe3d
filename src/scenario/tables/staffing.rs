//! How teams are staffed and equipped, as written.

use model::staffing::Who;
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// People who leave at a date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveTable {
    /// Working time after the fork.
    pub at: Span,
    /// How many leave.
    #[schemars(range(min = 1))]
    pub people: u32,
    /// Which of them.
    #[serde(default)]
    pub who: Who,
}

/// Shares of all the team's working hours that are spent on tools instead of work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ToolingShares {
    /// On fast builds and tests. Takes effect at the next week, as all here does.
    #[schemars(extend("x-plain" = "time for build tools"))]
    pub builds: Share,
    /// On deployment at the press of a button.
    #[schemars(extend("x-plain" = "time for deployment tools"))]
    pub deployment: Share,
    /// On environments that people get for themselves.
    #[schemars(extend("x-plain" = "time for environments"))]
    pub environments: Share,
    /// On documents that others can find and follow.
    #[schemars(extend("x-plain" = "time for documents"))]
    pub documents: Share,
}

impl Default for ToolingShares {
    fn default() -> Self {
        let none = Share::of(0.0).expect("a share");
        ToolingShares { builds: none, deployment: none, environments: none, documents: none }
    }
}
