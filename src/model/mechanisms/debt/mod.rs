//! Technical debt: small decisions under pressure save minutes now and slow everything later.
//!
//! **How it acts.** While code is written, a few small decisions arise per effort-day. Each is a
//! shortcut with a chance that grows with pressure, lateness and the debt already there
//! (contagion). A shortcut saves minutes and adds principal to the component. Interest stretches
//! work on it by 1 + ι · density; debt makes its changes fail more often; above a density it is
//! *cornered*, and work takes the high-friction path. Age adds debt without anyone's fault. Health
//! work repays principal, densest component first or, times traffic, busiest, as long as there is enough to be worth it.
//! **Parameters.** Below, with units. **Sources.** TD-1, TD-2, TD-5; accrual and age assumed.

mod table;

pub use table::{Params, Repairs, Surplus, Table};

use crate::birth::draw_item;
use crate::cause::Slower;
use crate::column::Column;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::Gauge;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use crate::preset::{Preset, presets};
use crate::work::{Class, ItemId};
use kernel::math;
use kernel::streams::{Key, StreamId};
use kernel::units::{ComponentId, PersonId, StageId, TICKS_PER_HOUR, TeamId, Ticks};

const COUNT: StreamId = StreamId::named("debt/decisions");
const SHORTCUT: StreamId = StreamId::named("debt/shortcut");

#[derive(Clone)]
pub struct Debt {
    /// Health items made so far, per team, and whether one waits to be pulled.
    made: Vec<u64>,
    offered: Vec<bool>,
    /// Repairs under way, per component, with the hours of principal that each has still to repay.
    in_repair: Vec<Vec<(ItemId, f64)>>,
}

/// What is known of an item.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnItem {
    /// Principal (effort-hours to repair) that its shortcuts will add when this stage is done.
    shortcuts_hours: f64,
}

impl Column for OnItem {}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

const SLOWED: Slower = Slower { label: "debt", text: "slowed by debt" };

impl Mechanism for Debt {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const SLOWERS: &'static [Slower] = &[SLOWED];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Debt {
        let teams = ctx.plan.teams.len();
        let mut debt = Debt {
            made: vec![ctx.first_number(); teams],
            offered: vec![false; teams],
            in_repair: vec![Vec::new(); ctx.org.components.len()],
        };
        debt.offer_repairs(params, ctx);
        debt
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for component in &mut ctx.org.components {
            component.principal_hours += params.aging_per_week * component.size_hours;
        }
        self.offer_repairs(params, ctx);
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, _: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let Some(component) = item.component else { return };
        if !ctx.plan.stages[item.stage.at()].writes_code {
            return;
        }
        let density = ctx.org.components[component.at()].density();
        if item.is_first_coded(ctx.now()) {
            ctx.org.items[id].risk += params.risk_density * (density - params.typical);
        }
        let item = &ctx.org.items[id];
        if Some(item.kind) == params.repair {
            return self.end_early(id, component, params, ctx);
        }
        if item.touches == 1 {
            self.decide(id, density, params, ctx);
        }
        let cornered = if density >= params.corner { params.friction } else { 1.0 };
        let stretch = params.stretch(density) * cornered;
        let item = &mut ctx.org.items[id];
        item.slow(const { SLOWED.cause() }, stretch);
    }

    /// Repairs under way go on; what they will repay follows the code.
    fn migrate(&mut self, migration: &Migration, params: &Params, ctx: &mut Context<'_>) {
        let teams = ctx.plan.teams.len();
        // Teams may have changed places, and repairs are numbered by place.
        let most = self.made.iter().copied().max().unwrap_or(0);
        let before = std::mem::replace(
            self,
            Debt {
                made: vec![most; teams],
                offered: vec![false; teams],
                in_repair: vec![Vec::new(); ctx.org.components.len()],
            },
        );
        for (at, team) in migration.teams.iter().enumerate() {
            self.offered[team.at()] |= before.offered[at];
        }
        for (at, repairs) in before.in_repair.into_iter().enumerate() {
            if let Some(component) = migration.components[at] {
                self.in_repair[component.at()].extend(repairs);
            }
        }
        self.offer_repairs(params, ctx);
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(
            sort,
            EventSort::Worked | EventSort::Pulled | EventSort::Done | EventSort::Dropped | EventSort::Hushed
        )
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Worked { item, stage, .. } => {
                if let Some(component) = self.written(item, stage, params, ctx) {
                    self.offer_repair(ctx.plan.components[component.at()].team, params, ctx);
                }
            }
            // Whoever worked around an incident has left some debt.
            DomainEvent::Hushed { team, .. } => self.offer_repair(team, params, ctx),
            DomainEvent::Pulled { item } if Some(ctx.org.items[item].kind) == params.repair => {
                let team = ctx.org.items[item].team;
                self.offered[team.at()] = false;
                self.offer_repair(team, params, ctx);
            }
            DomainEvent::Done { item } if Some(ctx.org.items[item].kind) == params.repair => {
                self.end_repair(item, ctx);
            }
            DomainEvent::Dropped { item, .. } if Some(ctx.org.items[item].kind) == params.repair => {
                self.give_up(item, ctx);
            }
            _ => {}
        }
    }
}

impl Debt {
    /// The small decisions of one visit to the keyboard.
    fn decide(&mut self, id: ItemId, density: f64, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let key = item.pass_key(ctx.plan.stages[item.stage.at()].key);
        let hours = item.service_demand / TICKS_PER_HOUR as f64;
        let expected = hours * params.decisions_per_hour;
        let decisions = (expected + ctx.streams.uniform(COUNT, key)) as u64;
        let push = ctx.plan.teams[item.team.at()].pressure;
        let late = ((ctx.now() - item.born).hours() / params.patience_hours).min(1.0);
        let mistrust = ctx.org.teams[item.team.at()].gauge(Gauge::MISTRUST, 0.0);
        let logit = params.shortcut_logit
            + params.push * push
            + params.lateness * late
            + params.contagion * density
            + params.mistrust * mistrust;
        let chance = 1.0 / (1.0 + math::exp(-logit));
        let mut stream = ctx.streams.stream(SHORTCUT, key);
        // Of very many, some stand for all.
        let drawn = decisions.min(MOST_DRAWN);
        let taken = (0..drawn).filter(|_| stream.uniform() < chance).count() as f64;
        let shortcuts = taken * (decisions as f64 / drawn.max(1) as f64);
        let item = &mut ctx.org.items[id];
        let saved = shortcuts * params.saves_hours * TICKS_PER_HOUR as f64;
        item.remaining_work = (item.remaining_work - saved).max(item.service_demand * LEAST_LEFT);
        item.own.debt.shortcuts_hours += shortcuts * params.adds_hours;
        item.risk += params.risk_shortcut * shortcuts / expected.max(1.0);
    }

    /// Code has been written: its debt and its size are the component's now. Returns the component, if there may be
    /// more to repair in it than before.
    fn written(
        &mut self,
        id: ItemId,
        stage: StageId,
        params: &Params,
        ctx: &mut Context<'_>,
    ) -> Option<ComponentId> {
        if !ctx.plan.stages[stage.at()].writes_code {
            return None;
        }
        let item = &mut ctx.org.items[id];
        let at = item.component?;
        let hours = item.service_demand / TICKS_PER_HOUR as f64;
        let component = &mut ctx.org.components[at.at()];
        if Some(item.kind) == params.repair {
            // What is repaired beyond the debt there is, is wasted effort.
            let repaid = params.repayment(hours, component.density());
            component.principal_hours = (component.principal_hours - repaid).max(0.0);
            self.release(id, at, hours * params.repaid_per_hour);
            return Some(at);
        }
        let added = std::mem::take(&mut item.own.debt.shortcuts_hours);
        component.principal_hours += added;
        component.size_hours += hours * params.growth;
        (added > 0.0).then_some(at)
    }

    /// A repair takes no longer than what other repairs leave of the debt, where surplus effort is given back; it
    /// repays what it takes.
    fn end_early(&mut self, id: ItemId, at: ComponentId, params: &Params, ctx: &mut Context<'_>) {
        if params.surplus == Surplus::Wasted {
            return;
        }
        let others = self.in_repair[at.at()].iter().filter(|(repair, _)| *repair != id);
        let others: f64 = others.map(|(_, hours)| hours).sum();
        let component = &ctx.org.components[at.at()];
        let left = component.principal_hours - others;
        let hours = left / params.repayment(1.0, component.density()).max(1e-9);
        let item = &mut ctx.org.items[id];
        let spared = item.remaining_work - Ticks::from_hours(hours).0.max(1) as f64;
        if spared > 0.0 {
            item.remaining_work -= spared;
            item.service_demand -= spared;
            self.release(id, at, spared / TICKS_PER_HOUR as f64 * params.repaid_per_hour);
        }
    }

    /// So much of the debt that a repair was for is repaid, or is not its own to repay any more.
    fn release(&mut self, id: ItemId, at: ComponentId, principal_hours: f64) {
        if let Some((_, hours)) = self.in_repair[at.at()].iter_mut().find(|(repair, _)| *repair == id) {
            *hours = (*hours - principal_hours).max(0.0);
        }
    }

    /// A repair is over: whatever of its debt is left is there to be repaired.
    fn end_repair(&mut self, id: ItemId, ctx: &Context<'_>) {
        if let Some(at) = ctx.org.items[id].component {
            self.in_repair[at.at()].retain(|(repair, _)| *repair != id);
        }
    }

    /// A repair is dropped: the debt it was for is there to be repaired, and another is offered when there is
    /// more debt, or in the next week.
    fn give_up(&mut self, id: ItemId, ctx: &Context<'_>) {
        let item = &ctx.org.items[id];
        self.offered[item.team.at()] &= item.pulled.is_some();
        self.end_repair(id, ctx);
    }

    fn offer_repairs(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for team in (0..ctx.plan.teams.len()).map(TeamId::new) {
            self.offer_repair(team, params, ctx);
        }
    }

    /// Keeps one repair waiting for a team that has debt worth repairing.
    fn offer_repair(&mut self, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let Some(kind) = params.repair else { return };
        if self.offered[team.at()] {
            return;
        }
        let Some(component) = self.worst(params, ctx, team) else { return };
        let key = Key::of("health", u64::from(team.0)).nth(self.made[team.at()]);
        let id = draw_item(kind, team, key, None, ctx);
        let item = &mut ctx.org.items[id];
        item.component = Some(component);
        item.class = Class::Health;
        self.in_repair[component.at()].push((id, item.size_hours * params.repaid_per_hour));
        self.made[team.at()] += 1;
        self.offered[team.at()] = true;
        ctx.enter(id);
    }

    /// Of a team's components, the one with the greatest density that repairs under way don't already bring down, or
    /// with the greatest such density times traffic. The same traffic everywhere changes nothing: of equals by traffic
    /// the denser comes first.
    fn worst(&self, params: &Params, ctx: &Context<'_>, team: TeamId) -> Option<ComponentId> {
        let left = |at: &ComponentId| {
            let component = &ctx.org.components[at.at()];
            let in_repair: f64 = self.in_repair[at.at()].iter().map(|(_, hours)| hours).sum();
            (component.principal_hours - in_repair).max(0.0) / component.size_hours.max(1e-9)
        };
        let met = |at: &ComponentId| match params.repairs {
            Repairs::Densest => 1.0,
            Repairs::Busiest => ctx.plan.components[at.at()].traffic,
        };
        let worst = |a: &ComponentId, b: &ComponentId| {
            let (one, other) = (left(a), left(b));
            let by_traffic = (one * met(a)).total_cmp(&(other * met(b)));
            by_traffic.then(one.total_cmp(&other)).then(b.cmp(a))
        };
        let components = ctx.plan.teams[team.at()].components.clone().map(ComponentId);
        components.filter(|at| left(at) > params.floor).max_by(worst)
    }
}

/// The most decisions of one visit that are drawn one by one.
const MOST_DRAWN: u64 = 10_000;

/// However many shortcuts are taken, this share of the work remains.
const LEAST_LEFT: f64 = 0.2;
