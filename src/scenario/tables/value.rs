//! `[value]` as written.

use notation::{DurationDistribution, HalfLife, Ratio, Share, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What work is worth.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-gone" = { "harm": GONE_HARM }))]
pub struct ValueTable {
    /// The value model policies are judged by and backlogs ranked by; all three are always reported.
    #[serde(default)]
    pub model: ValueModel,
    /// Working time in which an item of mean size, of the kinds that come from outside, returns the effort it took, at
    /// the rate at which it earns when it goes live. Takes effect at the next arrival.
    pub payback: Span,
    /// Working time in which the rate of what is live falls to a half; "never" needs a `discount`. Takes effect at once.
    pub half_life: HalfLife,
    /// How much less what is earned a year later counts, a year. Takes effect at the next release.
    #[serde(default = "nothing")]
    pub discount: Share,
    /// What is live when policies part, as a share of what would be in balance with what the last half of the past
    /// released: as much fading as coming. What the past left is what incidents can hit, not value of the window.
    #[serde(default = "no_product")]
    pub product: Ratio,
    /// Working time from request to live in which half of an item's worth is lost; left out, "never". A fact, not a
    /// lever. Teams rank without it: of all that fade alike it changes no order of first come and worth. Takes effect at
    /// the next release.
    #[serde(default = "never")]
    pub wait_half_life: HalfLife,
    /// Share of items that are wanted by a date. Takes effect at the next arrival, as does the next one.
    #[serde(default = "nothing")]
    pub dated: Share,
    /// Working time from request to that date; required where some are dated.
    #[serde(default)]
    pub date: Option<DurationDistribution>,
    /// The part of its worth that is left of what is live after its date. Takes effect at the next release.
    #[serde(default = "nothing")]
    pub late: Share,
    /// Standard deviation of the logarithm of value per item in the heavy-tailed model.
    #[schemars(range(min = 0.0, max = 5.0))]
    pub tail_sigma: f64,
    /// Standard deviation of the logarithm of believed over true value.
    #[schemars(range(min = 0.0, max = 5.0))]
    pub value_error: f64,
    /// Standard deviation of the logarithm of believed over true size.
    #[schemars(range(min = 0.0, max = 5.0))]
    pub size_error: f64,
    /// The share of an initiative's value that comes only when all of it is live.
    pub at_completion: Share,
    /// What an engineer-month costs, in your currency: every amount of value, cost and harm that a report tells is then
    /// money. Left out, they are "engineer-months of cost". It changes no number of a row or a file of data.
    #[serde(default)]
    #[schemars(range(min = 0.01, max = 1e12))]
    pub engineer_month: Option<f64>,
    /// The currency of `engineer_month`, as reports write it: "€", "USD". Left out, they speak of "currency units".
    #[serde(default)]
    pub currency: Option<String>,
}

/// Where the harm of incidents is said now.
const GONE_HARM: &str = "what an incident takes is a share of what is live: write incidents.severity, such as { lognormal = { median = 0.05, sigma = 1.5 } }";

fn nothing() -> Share {
    Share::of(0.0).expect("a share")
}

fn never() -> HalfLife {
    HalfLife::Never
}

fn no_product() -> Ratio {
    Ratio::of(0.0).expect("a ratio")
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ValueModel {
    /// Every item is worth the same.
    Equal,
    /// Items are worth their effort.
    Effort,
    /// A few items are worth most.
    #[default]
    Heavy,
}
