//! `[debt]` as written, how it compiles, and what it says at a density of debt.

use crate::compile_context::CompileContext;
use kernel::units::KindId;
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug)]
pub struct Params {
    /// Small decisions per nominal hour of writing code.
    pub decisions_per_hour: f64,
    /// Log-odds of a shortcut without pressure, on a component without debt.
    pub shortcut_logit: f64,
    /// Added to the log-odds: per unit of push, of lateness (0 to 1) and of density.
    pub push: f64,
    pub lateness: f64,
    pub contagion: f64,
    pub mistrust: f64,
    /// Hours after its birth when an item counts as fully late.
    pub patience_hours: f64,
    /// What a shortcut saves now, and the effort to repair it later, in hours.
    pub saves_hours: f64,
    pub adds_hours: f64,
    /// Effort is stretched by 1 + interest · density.
    pub interest: f64,
    /// Principal that age adds, per hour of size and week.
    pub aging_per_week: f64,
    /// Hours of size that an hour of writing code adds.
    pub growth: f64,
    /// Density from which a component is cornered, and how much longer work on it takes then.
    pub corner: f64,
    pub friction: f64,
    /// Density below which nothing is worth repairing.
    pub floor: f64,
    /// Log-odds of failure per unit of density above `typical`, and per shortcut in a change.
    pub risk_density: f64,
    pub typical: f64,
    pub risk_shortcut: f64,
    /// The kind of work that repays debt; its principal falls by this much per hour of it.
    pub repair: Option<KindId>,
    pub repaid_per_hour: f64,
    /// (density, factor); empty where interest is linear.
    pub interest_at: Vec<(f64, f64)>,
    pub repays: Repays,
    pub surplus: Surplus,
    pub repairs: Repairs,
}

/// Technical debt.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["tech debt", "technical debt", "shortcut", "refactoring", "system health"]))]
pub struct Table {
    /// Small decisions per effort-day of writing code.
    #[schemars(range(min = 0.0, max = 1e4))]
    pub decisions_per_day: f64,
    /// Chance that one is a shortcut, without pressure and on code without debt. Takes effect at the next
    /// stage of work, as all here does.
    pub shortcut: Share,
    /// Added to the log-odds of a shortcut by full pressure.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub push: f64,
    /// Added to the log-odds of a shortcut when the item is fully late.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub lateness: f64,
    /// Added to the log-odds of a shortcut per unit of debt density (TD-2).
    #[schemars(range(min = 0.0, max = 50.0))]
    pub contagion: f64,
    /// Added to the log-odds of a shortcut per unit of trust missing to what is usual.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 50.0))]
    pub mistrust: f64,
    /// Age at which an item counts as fully late.
    pub patience: Span,
    /// Work a shortcut saves now.
    pub saves: Span,
    /// Work it will take to repair it.
    pub adds: Span,
    /// Work on a component is stretched by 1 + interest × density (TD-1, TD-5).
    #[schemars(extend("x-plain" = "interest on debt"))]
    #[schemars(range(min = 0.0, max = 1e3))]
    pub interest: f64,
    /// Debt that age adds a year, as a share of the effort in the code.
    pub aging: Share,
    /// Effort in the code that an hour of writing code adds, in hours.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub growth: f64,
    /// Density from which a component is cornered.
    pub corner: Share,
    /// How much longer work on a cornered component takes.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub friction: f64,
    /// Density below which nothing is worth repairing.
    pub floor: Share,
    /// Log-odds of failure per unit of density above `typical` (TD-4).
    #[schemars(range(min = 0.0, max = 50.0))]
    pub risk: f64,
    /// Density at which changes fail as often as the base chance says.
    pub typical: Share,
    /// Log-odds of failure when every small decision in a change is a shortcut.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub risk_shortcut: f64,
    /// The kind of work that repays debt.
    #[serde(default)]
    pub repair: Option<String>,
    /// Principal repaid per hour of it.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub repaid: f64,
    /// Interest as a table, in place of `interest`: how much longer work takes at some densities, a straight
    /// line between them and level beyond.
    #[serde(default)]
    pub interest_at: Option<InterestTable>,
    /// What an hour of repair repays: the same always, or in proportion to the density that is left.
    #[serde(default)]
    pub repays: Repays,
    /// What becomes of the effort of a repair beyond the debt there is.
    #[serde(default)]
    pub surplus: Surplus,
    /// Which component the next repair is for. Takes effect at the next repair.
    #[serde(default)]
    #[schemars(extend("x-plain" = "where debt is repaired"))]
    #[schemars(extend("x-said" = ["hotspot"]))]
    pub repairs: Repairs,
}

/// How much longer work takes at some densities.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterestTable {
    /// Densities, ascending.
    pub density: Vec<Share>,
    /// How many times as long work takes at each.
    #[schemars(inner(range(min = 1.0, max = 1e3)))]
    pub factor: Vec<f64>,
}

/// What an hour of repair repays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repays {
    /// `repaid` hours of principal, whatever is left.
    Effort,
    /// `repaid` × density / `typical`: the less is left, the harder it is to find.
    #[default]
    Left,
}

/// What becomes of the effort of a repair beyond the debt there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Surplus {
    /// It is spent for nothing.
    #[default]
    Wasted,
    /// The repair ends early.
    GivenBack,
}

/// Which component the next repair is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repairs {
    /// The one with the greatest density of debt.
    #[default]
    Densest,
    /// The one with the greatest density times the share of the team's changes that touch it.
    Busiest,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let day = ctx.calendar.hours_per_day;
        let weeks = ctx.calendar.days_per_year / ctx.calendar.days_per_week;
        Params {
            decisions_per_hour: self.decisions_per_day / day,
            shortcut_logit: ctx.logit(self.shortcut),
            push: self.push,
            lateness: self.lateness,
            contagion: self.contagion,
            mistrust: self.mistrust,
            patience_hours: ctx.period("debt.patience", self.patience).hours(),
            saves_hours: ctx.hours(self.saves),
            adds_hours: ctx.hours(self.adds),
            interest: self.interest,
            aging_per_week: self.aging.fraction() / weeks,
            growth: self.growth,
            corner: self.corner.fraction(),
            friction: self.friction.max(1.0),
            floor: self.floor.fraction(),
            risk_density: self.risk,
            typical: self.typical.fraction(),
            risk_shortcut: self.risk_shortcut,
            repair: self.repair.as_ref().and_then(|name| ctx.kind("debt.repair", name)),
            repaid_per_hour: self.repaid,
            interest_at: self.interest_at.as_ref().map(|table| table.compile(ctx)).unwrap_or_default(),
            repays: self.repays,
            surplus: self.surplus,
            repairs: self.repairs,
        }
    }
}

impl InterestTable {
    fn compile(&self, ctx: &mut CompileContext<'_>) -> Vec<(f64, f64)> {
        let densities: Vec<f64> = self.density.iter().map(|density| density.fraction()).collect();
        let path = "debt.interest_at";
        if densities.is_empty() || densities.len() != self.factor.len() {
            ctx.problems.error(path, "as many factors as densities are due, and at least one");
        }
        if !densities.is_sorted_by(|a, b| a < b) {
            ctx.problems.error(format!("{path}.density"), "densities must ascend");
        }
        densities.into_iter().zip(self.factor.iter().copied()).collect()
    }
}

impl Params {
    /// How many times as long work takes on code of this density.
    pub(super) fn stretch(&self, density: f64) -> f64 {
        let above = self.interest_at.partition_point(|(from, _)| *from <= density);
        match (above.checked_sub(1).map(|at| self.interest_at[at]), self.interest_at.get(above)) {
            (None, None) => 1.0 + self.interest * density,
            (Some((low, from)), Some((high, to))) => from + (to - from) * (density - low) / (high - low),
            (Some((_, factor)), None) | (None, Some(&(_, factor))) => factor,
        }
    }

    /// Principal that some hours of repair repay on a component.
    pub(super) fn repayment(&self, hours: f64, density: f64) -> f64 {
        let left = if self.repays == Repays::Left { density / self.typical.max(1e-9) } else { 1.0 };
        hours * self.repaid_per_hour * left
    }
}
