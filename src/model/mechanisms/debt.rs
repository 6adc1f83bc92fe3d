//! Technical debt: small decisions under pressure save minutes now and slow everything later.
//!
//! **How it acts.** While code is written, a few small decisions arise per effort-day. Each is a
//! shortcut with a chance that grows with pressure, lateness and the debt already there
//! (contagion). A shortcut saves minutes and adds principal to the component. Interest stretches
//! work on it by 1 + ι · density; debt makes its changes fail more often; above a density it is
//! *cornered*, and work takes the high-friction path. Age adds debt without anyone's fault. Health
//! work repays principal, worst component first, as long as there is enough to be worth it.
//! **Parameters.** Below, with units. **Sources.** TD-1, TD-2, TD-5; accrual and age assumed.

use crate::kernel::calendar::Rank;
use crate::kernel::luck::{Key, Purpose};
use crate::model::assembly::Assembly;
use crate::model::birth::draw_item;
use crate::model::cause::Cause;
use crate::model::gauge::Stock;
use crate::model::mechanism::{Mechanism, Turn};
use crate::model::migration::Migration;
use crate::model::moment::Moment;
use crate::model::organisation::Organisation;
use crate::model::work::{Class, ItemId};
use crate::notation::{Share, Span};
use crate::units::{ComponentId, KindId, PersonId, StageId, TeamId, Ticks};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const COUNT: Purpose = Purpose::named("debt/decisions");
const SHORTCUT: Purpose = Purpose::named("debt/shortcut");

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
}

/// `[debt]` in a scenario.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Small decisions per effort-day of writing code.
    pub decisions_per_day: f64,
    /// Chance that one is a shortcut, without pressure and on code without debt. Bites at the next
    /// stage of work, as all here does.
    pub shortcut: Share,
    /// Added to the log-odds of a shortcut by full pressure.
    pub push: f64,
    /// Added to the log-odds of a shortcut when the item is fully late.
    pub lateness: f64,
    /// Added to the log-odds of a shortcut per unit of debt density (TD-2).
    pub contagion: f64,
    /// Added to the log-odds of a shortcut per unit of trust missing to what is usual.
    #[serde(default)]
    pub mistrust: f64,
    /// Age at which an item counts as fully late.
    pub patience: Span,
    /// Work a shortcut saves now.
    pub saves: Span,
    /// Work it will take to repair it.
    pub adds: Span,
    /// Work on a component is stretched by 1 + interest × density (TD-1, TD-5).
    pub interest: f64,
    /// Debt that age adds a year, as a share of the effort in the code.
    pub aging: Share,
    /// Effort in the code that an hour of writing code adds, in hours.
    pub growth: f64,
    /// Density from which a component is cornered.
    pub corner: Share,
    /// How much longer work on a cornered component takes.
    pub friction: f64,
    /// Density below which nothing is worth repairing.
    pub floor: Share,
    /// Log-odds of failure per unit of density above `typical` (TD-4).
    pub risk: f64,
    /// Density at which changes fail as often as the base chance says.
    pub typical: Share,
    /// Log-odds of failure when every small decision in a change is a shortcut.
    pub risk_shortcut: f64,
    /// The kind of work that repays debt.
    #[serde(default)]
    pub repair: Option<String>,
    /// Principal repaid per hour of it.
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
}

/// How much longer work takes at some densities.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterestTable {
    /// Densities, ascending.
    pub density: Vec<Share>,
    /// How many times as long work takes at each, at least 1.
    pub factor: Vec<f64>,
}

/// What an hour of repair repays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repays {
    /// `repaid` hours of principal, whatever is left.
    #[default]
    Effort,
    /// `repaid` × density / `typical`: the less is left, the harder it is to find.
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

impl Table {
    pub fn compile(&self, assembly: &mut Assembly<'_>) -> Params {
        let day = assembly.calendar.hours_per_day;
        let weeks = assembly.calendar.days_per_year / assembly.calendar.days_per_week;
        let mut number = |name: &str, value, most| assembly.number(&format!("debt.{name}"), value, 0.0, most);
        let decisions_per_hour = number("decisions_per_day", self.decisions_per_day, 1e4) / day;
        let (interest, growth) =
            (number("interest", self.interest, 1e3), number("growth", self.growth, 10.0));
        let (push, lateness) = (number("push", self.push, 50.0), number("lateness", self.lateness, 50.0));
        let (contagion, risk) = (number("contagion", self.contagion, 50.0), number("risk", self.risk, 50.0));
        let mistrust = number("mistrust", self.mistrust, 50.0);
        let risk_shortcut = number("risk_shortcut", self.risk_shortcut, 50.0);
        let friction = number("friction", self.friction, 100.0).max(1.0);
        let repaid_per_hour = number("repaid", self.repaid, 100.0);
        Params {
            decisions_per_hour,
            shortcut_logit: assembly.logit(self.shortcut),
            push,
            lateness,
            contagion,
            mistrust,
            patience_hours: assembly.period("debt.patience", self.patience).hours(),
            saves_hours: assembly.hours(self.saves),
            adds_hours: assembly.hours(self.adds),
            interest,
            aging_per_week: self.aging.fraction() / weeks,
            growth,
            corner: self.corner.fraction(),
            friction,
            floor: self.floor.fraction(),
            risk_density: risk,
            typical: self.typical.fraction(),
            risk_shortcut,
            repair: self.repair.as_ref().and_then(|name| assembly.kind("debt.repair", name)),
            repaid_per_hour,
            interest_at: self.interest_at.as_ref().map(|table| table.compile(assembly)).unwrap_or_default(),
            repays: self.repays,
            surplus: self.surplus,
        }
    }
}

impl InterestTable {
    fn compile(&self, assembly: &mut Assembly<'_>) -> Vec<(f64, f64)> {
        let densities: Vec<f64> = self.density.iter().map(|density| density.fraction()).collect();
        let path = "debt.interest_at";
        if densities.is_empty() || densities.len() != self.factor.len() {
            assembly.problems.error(path, "as many factors as densities are due, and at least one");
        }
        if !densities.is_sorted_by(|a, b| a < b) {
            assembly.problems.error(format!("{path}.density"), "densities must ascend");
        }
        if self.factor.iter().any(|factor| !(1.0..=1e3).contains(factor)) {
            assembly.problems.error(format!("{path}.factor"), "factors lie between 1 and 1000");
        }
        densities.into_iter().zip(self.factor.iter().copied()).collect()
    }
}

impl Params {
    /// How many times as long work takes on code of this density.
    fn stretch(&self, density: f64) -> f64 {
        let above = self.interest_at.partition_point(|(from, _)| *from <= density);
        match (above.checked_sub(1).map(|at| self.interest_at[at]), self.interest_at.get(above)) {
            (None, None) => 1.0 + self.interest * density,
            (Some((low, from)), Some((high, to))) => from + (to - from) * (density - low) / (high - low),
            (Some((_, factor)), None) | (None, Some(&(_, factor))) => factor,
        }
    }

    /// Principal that some hours of repair repay on a component.
    fn repayment(&self, hours: f64, density: f64) -> f64 {
        let left = if self.repays == Repays::Left { density / self.typical.max(1e-9) } else { 1.0 };
        hours * self.repaid_per_hour * left
    }
}

#[derive(Clone)]
pub struct Debt {
    /// Health items made so far, per team, and whether one waits to be pulled.
    made: Vec<u64>,
    offered: Vec<bool>,
    /// Principal that repairs under way will repay, in hours, per component.
    in_repair: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Week,
}

impl Mechanism for Debt {
    type Params = Params;
    type Event = Event;

    fn start(params: &Params, turn: &mut Turn<'_>) -> Debt {
        let teams = turn.plan.teams.len();
        let mut debt = Debt {
            made: vec![turn.first_number(); teams],
            offered: vec![false; teams],
            in_repair: vec![0.0; turn.org.components.len()],
        };
        debt.offer_repairs(params, turn);
        turn.after(turn.plan.week, Rank::Course, Event::Week);
        debt
    }

    fn on(&mut self, Event::Week: Event, params: &Params, turn: &mut Turn<'_>) {
        for component in &mut turn.org.components {
            component.principal_hours += params.aging_per_week * component.size_hours;
        }
        self.offer_repairs(params, turn);
        turn.after(turn.plan.week, Rank::Course, Event::Week);
    }

    fn pace(&mut self, id: ItemId, _: PersonId, params: &Params, turn: &mut Turn<'_>) {
        let item = &turn.org.items[id];
        let Some(component) = item.component else { return };
        if !turn.plan.stages[item.stage.at()].writes_code {
            return;
        }
        let density = turn.org.components[component.at()].density();
        if item.is_first_coded(turn.now()) {
            turn.org.items[id].risk += params.risk_density * (density - params.typical);
        }
        let item = &turn.org.items[id];
        if Some(item.kind) == params.repair {
            return self.end_early(id, component, params, turn);
        }
        if item.touches == 1 {
            self.decide(id, density, params, turn);
        }
        let cornered = if density >= params.corner { params.friction } else { 1.0 };
        let stretch = params.stretch(density) * cornered;
        let item = &mut turn.org.items[id];
        item.slow(Cause::Debt, stretch);
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        Some(event)
    }

    /// Repairs under way go on; what they will repay follows the code.
    fn migrate(&mut self, migration: &Migration, params: &Params, turn: &mut Turn<'_>) {
        let teams = turn.plan.teams.len();
        // Teams may have changed places, and repairs are numbered by place.
        let most = self.made.iter().copied().max().unwrap_or(0);
        let before = std::mem::replace(
            self,
            Debt {
                made: vec![most; teams],
                offered: vec![false; teams],
                in_repair: vec![0.0; turn.org.components.len()],
            },
        );
        for (at, team) in migration.teams.iter().enumerate() {
            self.offered[team.at()] |= before.offered[at];
        }
        for (at, hours) in before.in_repair.into_iter().enumerate() {
            if let Some(component) = migration.components[at] {
                self.in_repair[component.at()] += hours;
            }
        }
        self.offer_repairs(params, turn);
    }

    #[inline]
    fn hears(moment: &Moment) -> bool {
        matches!(
            moment,
            Moment::Worked { .. } | Moment::Pulled { .. } | Moment::Dropped { .. } | Moment::Hushed { .. }
        )
    }

    fn notice(&mut self, moment: &Moment, params: &Params, turn: &mut Turn<'_>) {
        match *moment {
            Moment::Worked { item, stage, .. } => {
                if let Some(component) = self.written(item, stage, params, turn) {
                    self.offer_repair(turn.plan.components[component.at()].team, params, turn);
                }
            }
            // Whoever worked around an incident has left some debt.
            Moment::Hushed { team, .. } => self.offer_repair(team, params, turn),
            Moment::Pulled { item } if Some(turn.org.items[item].kind) == params.repair => {
                let team = turn.org.items[item].team;
                self.offered[team.at()] = false;
                self.offer_repair(team, params, turn);
            }
            Moment::Dropped { item, .. } if Some(turn.org.items[item].kind) == params.repair => {
                self.give_up(item, params, turn);
            }
            _ => {}
        }
    }
}

impl Debt {
    /// The small decisions of one visit to the keyboard.
    fn decide(&mut self, id: ItemId, density: f64, params: &Params, turn: &mut Turn<'_>) {
        let item = &turn.org.items[id];
        let key = item.pass_key(turn.plan.stages[item.stage.at()].key);
        let hours = item.asked / crate::units::TICKS_PER_HOUR as f64;
        let expected = hours * params.decisions_per_hour;
        let decisions = (expected + turn.luck.uniform(COUNT, key)) as u64;
        let push = turn.plan.teams[item.team.at()].pressure;
        let late = ((turn.now() - item.born).hours() / params.patience_hours).min(1.0);
        let mistrust = turn.org.teams[item.team.at()].stock(Stock::Mistrust, 0.0);
        let logit = params.shortcut_logit
            + params.push * push
            + params.lateness * late
            + params.contagion * density
            + params.mistrust * mistrust;
        let chance = 1.0 / (1.0 + libm::exp(-logit));
        let mut stream = turn.luck.stream(SHORTCUT, key);
        // Of very many, some stand for all.
        let drawn = decisions.min(MOST_DRAWN);
        let taken = (0..drawn).filter(|_| stream.uniform() < chance).count() as f64;
        let shortcuts = taken * (decisions as f64 / drawn.max(1) as f64);
        let item = &mut turn.org.items[id];
        let saved = shortcuts * params.saves_hours * crate::units::TICKS_PER_HOUR as f64;
        item.need = (item.need - saved).max(item.asked * LEAST_LEFT);
        item.shortcuts_hours += shortcuts * params.adds_hours;
        item.risk += params.risk_shortcut * shortcuts / expected.max(1.0);
    }

    /// Code has been written: its debt and its size are the component's now. Returns the component, if there may be
    /// more to repair in it than before.
    fn written(
        &mut self,
        id: ItemId,
        stage: StageId,
        params: &Params,
        turn: &mut Turn<'_>,
    ) -> Option<ComponentId> {
        if !turn.plan.stages[stage.at()].writes_code {
            return None;
        }
        let item = &mut turn.org.items[id];
        let at = item.component?;
        let hours = item.asked / crate::units::TICKS_PER_HOUR as f64;
        let component = &mut turn.org.components[at.at()];
        if Some(item.kind) == params.repair {
            // What is repaired beyond the debt there is, is wasted effort.
            let repaid = params.repayment(hours, component.density());
            component.principal_hours = (component.principal_hours - repaid).max(0.0);
            let offered = hours * params.repaid_per_hour;
            self.in_repair[at.at()] = (self.in_repair[at.at()] - offered).max(0.0);
            return Some(at);
        }
        let added = std::mem::take(&mut item.shortcuts_hours);
        component.principal_hours += added;
        component.size_hours += hours * params.growth;
        (added > 0.0).then_some(at)
    }

    /// A repair takes no longer than what other repairs leave of the debt, where surplus effort is given back.
    fn end_early(&self, id: ItemId, at: ComponentId, params: &Params, turn: &mut Turn<'_>) {
        if params.surplus == Surplus::Wasted {
            return;
        }
        let component = &turn.org.components[at.at()];
        let item = &mut turn.org.items[id];
        let others = self.in_repair[at.at()] - item.size_hours * params.repaid_per_hour;
        let left = component.principal_hours - others.max(0.0);
        let hours = left / params.repayment(1.0, component.density()).max(1e-9);
        item.need = item.need.min(Ticks::from_hours(hours).0.max(1) as f64);
    }

    /// A repair is dropped: the debt it was for is there to be repaired, and another is offered when there is
    /// more debt, or in the next week.
    fn give_up(&mut self, id: ItemId, params: &Params, turn: &Turn<'_>) {
        let item = &turn.org.items[id];
        self.offered[item.team.at()] &= item.pulled.is_some();
        if let Some(at) = item.component {
            let offered = item.size_hours * params.repaid_per_hour;
            self.in_repair[at.at()] = (self.in_repair[at.at()] - offered).max(0.0);
        }
    }

    fn offer_repairs(&mut self, params: &Params, turn: &mut Turn<'_>) {
        for team in (0..turn.plan.teams.len()).map(TeamId::new) {
            self.offer_repair(team, params, turn);
        }
    }

    /// Keeps one repair waiting for a team that has debt worth repairing.
    fn offer_repair(&mut self, team: TeamId, params: &Params, turn: &mut Turn<'_>) {
        let Some(kind) = params.repair else { return };
        if self.offered[team.at()] {
            return;
        }
        let Some(component) = self.worst(params, turn.org, turn.plan.teams[team.at()].components.clone())
        else {
            return;
        };
        let key = Key::of("health", u64::from(team.0)).nth(self.made[team.at()]);
        let id = draw_item(kind, team, key, None, turn);
        let item = &mut turn.org.items[id];
        item.component = Some(component);
        item.class = Class::Health;
        self.in_repair[component.at()] += item.size_hours * params.repaid_per_hour;
        self.made[team.at()] += 1;
        self.offered[team.at()] = true;
        turn.enter(id);
    }

    /// The component with the greatest density that repairs under way don't already bring down.
    fn worst(&self, params: &Params, org: &Organisation, range: std::ops::Range<u32>) -> Option<ComponentId> {
        let left = |at: &ComponentId| {
            let component = &org.components[at.at()];
            (component.principal_hours - self.in_repair[at.at()]).max(0.0) / component.size_hours.max(1e-9)
        };
        range
            .map(ComponentId)
            .filter(|at| left(at) > params.floor)
            .max_by(|a, b| left(a).total_cmp(&left(b)).then(b.cmp(a)))
    }
}

/// The most decisions of one visit that are drawn one by one.
const MOST_DRAWN: u64 = 10_000;

/// However many shortcuts are taken, this share of the work remains.
const LEAST_LEFT: f64 = 0.2;
