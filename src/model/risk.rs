//! Risk: what is wrong in a change, who finds it before it goes to production, and what is left of it there.
//!
//! A change has *faults*. Without `failure.size` it has one at most, with a chance that is the same for a small change
//! and a large one. With it, faults are the points of a Poisson process of unit rate, keyed by the change, that lie below
//! its hazard: what raises a hazard adds faults and takes none away, so that policies stay paired, and work that is cut
//! into pieces has as many faults as the whole where the hazard is in proportion to the effort.

use super::compile_context::CompileContext;
use super::mechanism::Context;
use super::mechanisms::Mechanisms;
use super::plan::Failure;
use super::work::Item;
use kernel::distribution::Distribution;
use kernel::math;
use kernel::streams::{Key, StreamId};
use kernel::units::TICKS_PER_HOUR;
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

// Their names are older than this file, and results hang on them.
const PRODUCTION: StreamId = StreamId::named("flow/production");

/// The most faults of one change that are told apart.
const MOST_FAULTS: u64 = 16;

/// A hazard of which every change has more faults than are told apart, for all that matters.
const GREATEST_HAZARD: f64 = 700.0;

/// A chance beyond which faults would have no end.
const MOST_LIKELY: f64 = 1.0 - 1e-9;

/// Faults of one change, a bit each.
pub type Faults = u16;

/// The chance that a change fails in production, before anything adds to it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Table {
    /// Of a lone change that nobody reads or tests; with `size`, of one whose effort is `at`.
    pub base: Share,
    /// Log-odds added per unit of ln(changes in the deployment) (BA-1, BA-2); with `size`, the logarithm of how many times
    /// the faults there are.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub batch: f64,
    /// Faults of a change, and the bugs it leaves behind, grow with its effort to this power: 1 is in proportion, 0 is the
    /// same for each. Left out, a change has one fault at most, whatever its size. A fact, not a lever: smaller changes
    /// are the lever.
    #[schemars(range(min = 0.0, max = 3.0))]
    pub size: Option<f64>,
    /// The effort of a change to which `base`, and the number of bugs, belong; with `size`. A fact.
    pub at: Option<Span>,
    /// Chance that a deployment fails by itself, whatever is in it.
    pub deployment: Share,
    /// The effort of reading at which half of the faults are found is `half_effort` of the size, times (size / `at`) to
    /// this power: in large changes readers find less an hour. With `size`. A fact.
    #[schemars(range(min = 0.0, max = 3.0))]
    pub reading: f64,
}

impl Default for Table {
    fn default() -> Self {
        let never = Share::of(0.0).expect("a share");
        Table { base: never, batch: 0.0, size: None, at: None, deployment: never, reading: 0.0 }
    }
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> FailurePlan {
        let by_size = match (self.size, self.at) {
            (Some(power), Some(at)) => Some(BySize {
                // The chance of at least one fault is that of a change of this size.
                log_hazard: math::ln(-libm::log1p(-self.base.fraction().clamp(1e-300, MOST_LIKELY))),
                at_hours: ctx.period("failure.at", at).hours(),
                power,
                reading: self.reading,
            }),
            (Some(_), None) => {
                ctx.problems
                    .error("failure.size", "there is no size to which `base` belongs")
                    .help("write the effort of a usual change as `at` in [failure], such as at = \"1 day\"");
                None
            }
            (None, Some(_)) => {
                ctx.problems
                    .error("failure.at", "without `size` a change is as likely to fail whatever its size")
                    .help(
                        "write the power with which faults grow as `size` in [failure], such as size = 0.9",
                    );
                None
            }
            (None, None) => {
                if self.reading != 0.0 {
                    ctx.problems.error("failure.reading", "needs `size` and `at` in [failure]");
                }
                None
            }
        };
        FailurePlan {
            base_logit: ctx.logit(self.base),
            batch: self.batch,
            by_size,
            deployment: self.deployment.fraction(),
        }
    }
}

/// How likely a change is to fail in production.
#[derive(Clone, Copy, Debug)]
pub struct FailurePlan {
    /// log(p / (1 − p)) of a lone change, before anything adds to it.
    pub base_logit: f64,
    /// Added per unit of ln(changes in the deployment).
    pub batch: f64,
    /// How faults grow with the effort in a change; `None` where a change has one at most, whatever its size.
    pub by_size: Option<BySize>,
    /// Chance that a deployment fails by itself, whatever is in it.
    pub deployment: f64,
}

/// How faults grow with the effort in a change.
#[derive(Clone, Copy, Debug)]
pub struct BySize {
    /// Logarithm of the faults that a change of `at_hours` has on average, before anything adds to them.
    pub log_hazard: f64,
    pub at_hours: f64,
    /// Faults grow with the effort to this power.
    pub power: f64,
    /// What is found of them in an hour of reading falls with the effort to this power.
    pub reading: f64,
}

impl FailurePlan {
    /// How many times the faults and bugs of a change of the reference size one of these hours has.
    #[inline]
    pub fn scale(&self, size_hours: f64) -> f64 {
        self.by_size.map_or(1.0, |by_size| math::exp(by_size.power * by_size.log_size(size_hours)))
    }

    /// The mean of that over work of this size; 1 for work whose size is nowhere said.
    pub fn mean_scale(&self, size: Option<&Distribution>) -> f64 {
        match (self.by_size, size) {
            (Some(by_size), Some(size)) if size.mean() > 0.0 => {
                size.power_mean(by_size.power) / libm::pow(by_size.at_hours, by_size.power)
            }
            _ => 1.0,
        }
    }
}

impl BySize {
    /// Logarithm of an effort over the reference one; nought for work whose size is nowhere said.
    #[inline]
    fn log_size(&self, size_hours: f64) -> f64 {
        if size_hours > 0.0 { math::ln(size_hours / self.at_hours) } else { 0.0 }
    }
}

impl Context<'_> {
    /// What is wrong in a change and not put right yet, were it deployed now as one of `batch`. The draws are the change's
    /// own, whatever a policy does to the chance, until it has been deployed; whoever looks at it before asks about the
    /// same faults.
    pub fn faults(&self, item: &Item, batch: u32) -> Faults {
        let plan = &self.plan.failure;
        let fragility = item.component.map_or(0.0, |at| Mechanisms::endangers(&self.org.components[at.at()]));
        let added = item.risk + fragility + plan.batch * math::ln(f64::from(batch));
        let streams = self.streams.once_more();
        let Some(by_size) = plan.by_size else {
            let chance = 1.0 / (1.0 + math::exp(-(plan.base_logit + added)));
            let is_faulty = streams.uniform(PRODUCTION, item.change()) < chance;
            return Faults::from(is_faulty) & !item.fixed;
        };
        let log_hazard = by_size.log_hazard + by_size.power * by_size.log_size(item.size_hours) + added;
        let none = math::exp(-math::exp(log_hazard).min(GREATEST_HAZARD));
        // The next point lies below the hazard as long as the product of what the gaps leave lies above its exponential.
        let mut left = 1.0;
        let mut faults = 0;
        for nth in 0..MOST_FAULTS {
            left *= 1.0 - streams.uniform(PRODUCTION, nth_fault(item.change(), nth));
            if left <= none {
                break;
            }
            faults |= 1 << nth;
        }
        faults & !item.fixed
    }

    /// Which of these faults somebody finds who sees each with this chance, each for itself: whoever misses one misses it
    /// again when the change comes back, since `key` is that of the change and of who looks, not of the visit.
    pub fn detect(&self, faults: Faults, chance: f64, stream_id: StreamId, key: Key) -> Faults {
        let streams = self.streams.once_more();
        let mut found = 0;
        let mut left = faults;
        while left != 0 {
            let nth = left.trailing_zeros();
            left &= left - 1;
            let is_found = streams.chance(chance, stream_id, nth_fault(key, u64::from(nth)));
            found |= Faults::from(is_found) << nth;
        }
        found
    }

    /// The chance that a visit to a stage finds a fault of an item. The longer people read, the more they find, each
    /// hour less than the one before, and in a large change less than in a small one.
    pub(super) fn chance_to_find(&self, failure: &Failure, item: &Item) -> f64 {
        let spent = item.service_demand / TICKS_PER_HOUR as f64;
        let harder = self.plan.failure.by_size.filter(|by_size| by_size.reading > 0.0);
        let harder = harder.map_or(1.0, |it| math::exp(it.reading * it.log_size(item.size_hours)));
        let half = failure.half_effort * item.size_hours * harder;
        failure.catches * if half > 0.0 { spent / (spent + half) } else { 1.0 }
    }
}

/// The address of a fault, and of what it brings about: the first has that of its change.
pub fn nth_fault(change: Key, nth: u64) -> Key {
    if nth == 0 { change } else { change.child(PRODUCTION, nth) }
}
