//! Tooling: builds, deployment, environments and documents that somebody must raise and hold.
//!
//! **How it acts.** Each team has a level from 0 to 1 in each of four areas; 0.5 is usual. Levels decay, and rise
//! with the hours that people are called for each week, with diminishing returns: dL/dt = (1 − L)·hours/raise −
//! decay·L. From usual to best, an area halves something some times: the length of builds (in verification), the
//! hours of a deployment, the wait for an environment, what newcomers and strangers lack (in people). Better tests
//! also catch more. Whoever has nothing planned to do may tend to the area that is worst, an hour at a time. A share of the hours that tools save is called for again: the flywheel.
//! **Parameters.** Below, with units; of a team: the share of hours for each area. **Sources.** DX-1 to DX-4, DX-8;
//! levels, decay and effort assumed.

use crate::column::Column;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::{Gauge, Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::plan::Holder;
use crate::preset::{Preset, presets};
use crate::staffing::{AREAS, Area};
use crate::work::{ItemId, Role};
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::math;
use kernel::streams::StreamId;
use kernel::units::{PersonId, TICKS_PER_HOUR, TeamId, Ticks};
use notation::{self, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const ENVIRONMENT: StreamId = StreamId::named("tooling/environment");
const WAIT: StreamId = StreamId::named("tooling/wait");

/// The level of usual tools, at which nothing is longer or shorter than the scenario says.
const USUAL: f64 = 0.5;
/// Hours that one person is called for at a time, where fewer people would do.
const SITTING: f64 = 8.0;
/// Hours that somebody tends to tools at a time who has nothing planned to do; assumed.
const MEANWHILE: f64 = 1.0;

#[derive(Clone, Debug)]
pub struct Params {
    pub start: f64,
    /// Hours of work that take what is missing to 1/e of it.
    pub raise_hours: f64,
    /// The part of a level that is left after a week.
    pub kept_a_week: f64,
    /// Halvings, from usual to best tools: of a deployment's hours, and of the wait for an environment.
    pub deployment: f64,
    pub environments: f64,
    /// Chance that an item needs an environment that is not there, and the hours that takes.
    pub needed: f64,
    pub wait: Distribution,
    /// Log-odds of failure that the best tests take off.
    pub errors: f64,
    /// The share of saved hours that goes into tools again.
    pub reinvest: f64,
}

/// Builds, deployment, environments and documents, which somebody must raise and hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Level of each area at the start; 50 % is usual.
    pub start: Share,
    /// Work on an area that brings it from nothing to 63 %, and what is missing to 1/e.
    pub raise: Span,
    /// Working time in which a level that nobody tends to falls to a half.
    pub decay: Span,
    /// The best deployment tools halve the hands-on time of a deployment this many times. Takes effect at the next
    /// stage of work, as all below does.
    #[schemars(range(min = 0.0, max = 20.0))]
    pub deployment: f64,
    /// The best environments halve the wait for one this many times.
    #[schemars(range(min = 0.0, max = 20.0))]
    pub environments: f64,
    /// Chance that an item needs an environment that is not there when its first build begins.
    pub needed: Share,
    /// Work that getting it takes with usual tools.
    pub wait: notation::DurationDistribution,
    /// Log-odds of failure that the best builds and tests take off, and the worst add.
    #[schemars(range(min = 0.0, max = 20.0))]
    pub errors: f64,
    /// The share of hours saved by tools better than usual that is put into tools again (the flywheel).
    /// Takes effect at the next week.
    pub reinvest: Share,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let week = ctx.calendar.hours_per_day * ctx.calendar.days_per_week;
        let decay = ctx.period("tooling.decay", self.decay).hours();
        Params {
            start: self.start.fraction(),
            raise_hours: ctx.period("tooling.raise", self.raise).hours(),
            kept_a_week: libm::exp2(-week / decay),
            deployment: self.deployment,
            environments: self.environments,
            needed: self.needed.fraction(),
            wait: ctx.distribution("tooling.wait", &self.wait),
            errors: self.errors,
            reinvest: self.reinvest.fraction(),
        }
    }
}

/// A team's levels, and work that is being put into them.
#[derive(Clone, Copy, Debug)]
struct Kit {
    levels: [f64; AREAS],
}

/// What tools have done for a team.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnTeam {
    /// Hours of work that tools better than usual have saved, and nobody has looked at yet.
    saved_hours: f64,
}

impl OnTeam {
    /// Better tools have saved so many hours of work; worse ones have cost them.
    #[inline]
    pub fn save(&mut self, hours: f64) {
        self.saved_hours += hours;
    }
}

/// What a team that is no more has saved is nobody's.
impl Column for OnTeam {}

#[derive(Clone)]
pub struct Tooling {
    kits: Vec<Kit>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Done { person: PersonId, team: TeamId, effort: [f32; AREAS] },
}

instruments! {
    Tooling:
    gauges {
        /// How good all the team's tools are: 0.5 is usual.
        TOOLING,
    }
    counters {
        /// Hours that people were called for to tend to tools.
        TENDED,
    }
}

impl Mechanism for Tooling {
    const PRESETS: &'static [Preset] = presets!["typical", "typical-medium"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "tooling",
            title: "tooling",
            unit: "share",
            better: Some(Better::Higher),
            definition: "level of builds, deployment, environments and documents: 0.5 is usual; weekly average",
            reads: Reads::Level(TOOLING),
        },
        Metric {
            name: "tooling_per_year",
            title: "work on tools",
            unit: "hours per year",
            better: None,
            definition: "hours that people were called for to tend to tools, a year",
            reads: Reads::Yearly(TENDED),
        },
    ];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Tooling {
        let kit = Kit { levels: [params.start; AREAS] };
        let mut tooling = Tooling { kits: vec![kit; ctx.plan.teams.len()] };
        for team in ctx.plan.engineering_teams() {
            tooling.publish(team, ctx);
        }
        tooling.call_for_tools(params, ctx);
        tooling
    }

    /// Tools go with the people: a team has those of the last team whose work it took over.
    fn migrate(&mut self, migration: &Migration, params: &Params, ctx: &mut Context<'_>) {
        let before = std::mem::take(&mut self.kits);
        let level = |team: TeamId, area: usize| {
            let level = migration.level(team, |old| before[old.at()].levels[area]);
            if level.is_nan() { params.start } else { level }
        };
        let teams = (0..ctx.plan.teams.len()).map(TeamId::new);
        self.kits = teams.map(|team| Kit { levels: std::array::from_fn(|area| level(team, area)) }).collect();
        for team in ctx.plan.engineering_teams() {
            self.publish(team, ctx);
        }
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for team in ctx.plan.engineering_teams() {
            let levels = &mut self.kits[team.at()].levels;
            levels.iter_mut().for_each(|level| *level *= params.kept_a_week);
            self.publish(team, ctx);
        }
        self.call_for_tools(params, ctx);
    }

    fn frees(Event::Done { person, .. }: Event) -> Option<PersonId> {
        Some(person)
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Done { team, effort, .. } => {
                for (level, hours) in self.kits[team.at()].levels.iter_mut().zip(effort) {
                    *level = 1.0 - (1.0 - *level) * math::exp(-f64::from(hours) / params.raise_hours);
                }
                self.publish(team, ctx);
            }
        }
    }

    fn subscribes_to(sort: EventSort, _: &Params, _: &CompiledPlan) -> bool {
        sort == EventSort::Spare
    }

    fn handle(&mut self, event: &DomainEvent, _: &Params, ctx: &mut Context<'_>) {
        if let DomainEvent::Spare { person } = *event {
            self.tend_meanwhile(person, ctx);
        }
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, _: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let stage = &ctx.plan.stages[item.stage.at()];
        let deploys = matches!(stage.holder, Holder::Release(_)) || matches!(item.role, Role::Departure(_));
        if deploys {
            self.ease_deployment(id, params, ctx);
        } else if item.is_first_coded(ctx.now()) {
            self.fetch_environment(id, params, ctx);
            let better = 2.0 * self.level(ctx.org.items[id].team, Area::Builds) - 1.0;
            ctx.org.items[id].risk -= params.errors * better;
        }
    }
}

impl Tooling {
    fn level(&self, team: TeamId, area: Area) -> f64 {
        self.kits[team.at()].levels[area as usize]
    }

    /// How many times as long as with usual tools something takes that the best halve so many times.
    fn length(&self, team: TeamId, area: Area, halvings: f64) -> f64 {
        libm::exp2(halvings * (1.0 - self.level(team, area) / USUAL))
    }

    /// Shows the levels to everyone.
    fn publish(&self, team: TeamId, ctx: &mut Context<'_>) {
        let levels = self.kits[team.at()].levels;
        let state = &mut ctx.org.teams[team.at()];
        state.set_gauge(Gauge::BUILDS, levels[Area::Builds as usize]);
        state.set_gauge(Gauge::DOCUMENTS, levels[Area::Documents as usize]);
        state.set_gauge(TOOLING, levels.iter().sum::<f64>() / AREAS as f64);
    }

    /// Calls people for the hours that each team spends on its tools this week.
    fn call_for_tools(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for team in ctx.plan.engineering_teams() {
            let plan = &ctx.plan.teams[team.at()];
            let members = ctx.org.teams[team.at()].people.len() as f64;
            let saved = std::mem::take(&mut ctx.org.teams[team.at()].own.tooling.saved_hours).max(0.0);
            let shares = plan.staffing.tooling;
            let whole: f64 = shares.iter().sum();
            // An hour that was saved at the desk is an hour of work: it takes longer on the clock, and longer still where
            // part-timers do it, who are called by the clock as everybody is.
            let given = ctx.org.teams[team.at()].given;
            let part = if given > 0.0 { given / members } else { 1.0 };
            let again = params.reinvest * saved / (plan.attention * part);
            let week = ctx.plan.week.hours();
            let hours = shares.map(|share| {
                let part = if whole > 0.0 { share / whole } else { 1.0 / AREAS as f64 };
                share * members * week + again * part
            });
            call(team, hours, ctx);
        }
    }

    /// Somebody who has nothing planned to do raises what is worst for an hour.
    fn tend_meanwhile(&self, person: PersonId, ctx: &mut Context<'_>) {
        let worker = &ctx.org.people[person.at()];
        let (team, share) = (worker.team, worker.share);
        let levels = self.kits[team.at()].levels;
        let worst = (0..AREAS).min_by(|a, b| levels[*a].total_cmp(&levels[*b])).unwrap_or(0);
        let mut effort = [0.0; AREAS];
        effort[worst] = (MEANWHILE * ctx.plan.teams[team.at()].attention * share) as f32;
        ctx.interrupt(person);
        ctx.org.count(TENDED, MEANWHILE * share);
        let block = Ticks::from_hours(MEANWHILE);
        ctx.org.people[person.at()].tends = true;
        ctx.after(block, EventPriority::Completion, Event::Done { person, team, effort });
    }

    fn ease_deployment(&self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        let item = &mut ctx.org.items[id];
        let length = self.length(item.team, Area::Deployment, params.deployment);
        item.speed /= length;
        let (team, hours) = (item.team, item.remaining_work / TICKS_PER_HOUR as f64);
        ctx.org.teams[team.at()].own.tooling.save(hours * (1.0 - length));
    }

    /// Some items first need an environment that is not there.
    fn fetch_environment(&self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        if params.needed <= 0.0 || !ctx.streams.chance(params.needed, ENVIRONMENT, item.key) {
            return;
        }
        let usual = params.wait.draw(&ctx.streams, WAIT, item.key);
        let length = self.length(item.team, Area::Environments, params.environments);
        let team = item.team;
        ctx.org.items[id].fetching = usual * length * TICKS_PER_HOUR as f64;
        ctx.org.teams[team.at()].own.tooling.save(usual * (1.0 - length));
    }
}

/// Calls as many people as the hours ask for, a day each, or longer where all are called.
fn call(team: TeamId, hours: [f64; AREAS], ctx: &mut Context<'_>) {
    let clock: f64 = hours.iter().sum();
    if clock <= 0.0 {
        return;
    }
    let members = ctx.org.teams[team.at()].people.len() as f64;
    let wanted = libm::ceil(clock / SITTING).min(members);
    let mut called = Vec::new();
    ctx.start_duty(team, wanted as u32, &mut called);
    let attention = ctx.plan.teams[team.at()].attention;
    // Nobody gives more than the week: what is wanted beyond it is not done.
    let each = (clock / wanted).min(ctx.plan.week.hours());
    for person in called {
        let share = ctx.org.people[person.at()].share;
        let effort = hours.map(|area| (area / clock * each * attention * share) as f32);
        ctx.org.count(TENDED, each * share);
        ctx.after(Ticks::from_hours(each), EventPriority::Completion, Event::Done { person, team, effort });
    }
}
