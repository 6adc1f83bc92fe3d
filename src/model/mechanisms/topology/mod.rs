//! Topology: what a team has to hold in mind, what is lost between teams, and teams that help teams.
//!
//! **How it acts.** *Load.* What a team owns, over what its people can hold in mind, is its cognitive load;
//! above 1 work takes longer and fails more often. A *platform* team carries a part of what the others
//! own, as far as its people go. *Hand-offs.* Work that comes to people of another team than had it last must
//! be read again, and is misunderstood with some chance: a part is then done again. People of a *function*
//! (or a complicated subsystem) are faster at their own craft. *Enabling.* People of an enabling team sit
//! with one team at a time for some hours a week; the practice they teach makes that team faster and its changes
//! safer, and is forgotten.
//! **Parameters.** `team.NAME.kind`; `[topology]`: what a person holds, shares, log-odds, hours. What a team
//! holds is worked out every week; the rest is read when a stage of work starts.
//! **Sources.** OR-11 for the platform's price in stability, OR-6 and OR-9 for the signs; all sizes assumed.

use crate::cause::Slower;
use crate::column::Column;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::instrument::{Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::people::given;
use crate::plan::{Holder, TeamKind, TeamPlan};
use crate::preset::{Preset, presets};
use crate::work::{Item, ItemId};
use kernel::math;
use kernel::streams::StreamId;
use kernel::units::{PersonId, TeamId, Ticks};
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const MISREAD: StreamId = StreamId::named("topology/misread");

/// What teams hold in mind, lose between them, and do for each other.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["platform", "cognitive load", "team topologies"]))]
pub struct Table {
    /// Components that one person can hold in mind.
    #[schemars(range(min = 1e-3, max = 1e6))]
    pub holds: f64,
    /// Work takes 1 + this × (load − 1) times as long where the load is above 1.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub overload: f64,
    /// Log-odds of failure per unit of load above 1.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub risk: f64,
    /// What the next team reads again of work that crosses a border, as a share of its own effort on it.
    pub reread: Share,
    /// Chance that work that crosses a border is misunderstood.
    pub misread: Share,
    /// The share of the effort that is then done again.
    pub again: Share,
    /// How many times as fast people of a function or a complicated subsystem are at their craft.
    #[schemars(range(min = 1.0, max = 100.0))]
    pub specialist: f64,
    #[serde(default)]
    pub platform: Option<PlatformTable>,
    #[serde(default)]
    pub enabling: Option<EnablingTable>,
}

/// What platform teams do for the others.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformTable {
    /// How many times as much of the others' load a person of a platform team carries as of an own one.
    #[schemars(range(min = 0.0, max = 1e3))]
    pub carries: f64,
    /// The largest share of what the others own that can be carried for them.
    pub most: Share,
    /// Log-odds of failure of changes that run on a platform (OR-11).
    #[schemars(range(min = 0.0, max = 50.0))]
    pub risk: f64,
}

/// What enabling teams do for the others.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnablingTable {
    /// How long they stay with one team before they go to the next.
    pub stays: Span,
    /// Hours a week that each of them, and as many people of the team, sit together.
    pub session: Span,
    /// How fast a practice is learnt: the share of what is missing, per hour for each person of the team.
    #[schemars(range(min = 0.0, max = 1e3))]
    pub teaches: f64,
    /// Time in which half of it is forgotten.
    pub forgets: Span,
    /// Speed gained where the practice is fully there: 0.1 is 10 %.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub gain: f64,
    /// Log-odds of failure it takes off.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub safer: f64,
}

#[derive(Clone, Debug)]
pub struct Params {
    holds: f64,
    overload: f64,
    risk: f64,
    reread: f64,
    misread: f64,
    again: f64,
    specialist: f64,
    platform: Option<Platform>,
    enabling: Option<Enabling>,
}

#[derive(Clone, Copy, Debug)]
struct Platform {
    carries: f64,
    most: f64,
    risk: f64,
}

#[derive(Clone, Copy, Debug)]
struct Enabling {
    weeks: u64,
    session: Ticks,
    teaches: f64,
    kept_per_week: f64,
    gain: f64,
    safer: f64,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        Params {
            holds: self.holds,
            overload: self.overload,
            risk: self.risk,
            reread: self.reread.fraction(),
            misread: self.misread.fraction(),
            again: self.again.fraction(),
            specialist: self.specialist,
            platform: self.platform.as_ref().map(|table| Platform {
                carries: table.carries,
                most: table.most.fraction(),
                risk: table.risk,
            }),
            enabling: self.enabling.as_ref().map(|table| enabling(table, ctx)),
        }
    }
}

fn enabling(table: &EnablingTable, ctx: &mut CompileContext<'_>) -> Enabling {
    let week = ctx.calendar.hours_per_day * ctx.calendar.days_per_week;
    let stays = ctx.period("topology.enabling.stays", table.stays).hours();
    let forgets = ctx.period("topology.enabling.forgets", table.forgets).hours();
    Enabling {
        weeks: libm::ceil(stays / week) as u64,
        session: ctx.ticks(table.session),
        teaches: table.teaches,
        kept_per_week: libm::exp2(-week / forgets),
        gain: table.gain,
        safer: table.safer,
    }
}

#[derive(Clone)]
pub struct Topology {
    weeks: u64,
    called: Vec<PersonId>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

const OVERLOAD: Slower = Slower { label: "overload", text: "slowed by more than a team can hold in mind" };

instruments! {
    Topology:
    gauges {
        /// What the team has to hold in mind over what its people can.
        COGNITIVE_LOAD,
        /// How far the team has what enabling teams teach: 0 not at all, 1 fully.
        PRACTICE,
    }
    counters {
        /// Times work came to people of another team than had it last.
        HANDOFFS,
        /// Hours people of a team sat with an enabling team.
        ENABLED_HOURS,
    }
}

impl Mechanism for Topology {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const SLOWERS: &'static [Slower] = &[OVERLOAD];
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "cognitive_load",
            title: "cognitive load",
            unit: "share",
            better: Some(Better::Lower),
            definition: "what teams have to hold in mind over what their people can; above 1 it slows; weekly average over people",
            reads: Reads::Level(COGNITIVE_LOAD),
        },
        Metric {
            name: "practice",
            title: "practice",
            unit: "share",
            better: Some(Better::Higher),
            definition: "how far teams have what enabling teams teach: 0 not at all, 1 fully; weekly average over people",
            reads: Reads::Level(PRACTICE),
        },
        Metric {
            name: "enabling_hours_per_year",
            title: "hours with enabling teams",
            unit: "hours per year",
            better: None,
            definition: "hours that people of a team sat with an enabling team, a year",
            reads: Reads::Yearly(ENABLED_HOURS),
        },
        Metric {
            name: "handoffs_per_change",
            title: "hand-offs",
            unit: "per change",
            better: Some(Better::Lower),
            definition: "times work came to people of another team than had it last, over changes that went live",
            reads: Reads::EachChange(HANDOFFS),
        },
    ];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Topology {
        begin_practice(ctx);
        weigh(params, ctx);
        Topology { weeks: 0, called: Vec::new() }
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        weigh(params, ctx);
        if let Some(enabling) = &params.enabling {
            self.teach(enabling, ctx);
        }
        self.weeks += 1;
    }

    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        begin_practice(ctx);
        weigh(params, ctx);
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let team = ctx.org.people[person.at()].team;
        let (state, kind) = (&ctx.org.teams[team.at()], ctx.plan.teams[team.at()].kind);
        let above = (state.gauge(COGNITIVE_LOAD, 0.0) - 1.0).max(0.0);
        let practice = state.gauge(PRACTICE, 0.0);
        let now = ctx.now();
        let item = &mut ctx.org.items[id];
        let stage = &ctx.plan.stages[item.stage.at()];
        if above > 0.0 && params.overload > 0.0 {
            item.slow(const { OVERLOAD.cause() }, 1.0 + params.overload * above);
        }
        if kind.is_craft() && matches!(stage.holder, Holder::Work { .. }) {
            item.speed *= params.specialist;
        }
        let (gain, safer) = params.enabling.map_or((0.0, 0.0), |it| (it.gain, it.safer));
        item.speed *= 1.0 + gain * practice;
        if item.touches > 1 {
            return;
        }
        if item.is_first_coded(now) {
            let platform = params.platform.filter(|_| ctx.plan.has_platform && kind != TeamKind::Platform);
            item.risk += params.risk * above - safer * practice + platform.map_or(0.0, |it| it.risk);
        }
        if item.own.topology.hands.replace(team).is_some_and(|before| before != team) {
            cross(id, params, ctx);
        }
    }

    #[inline]
    fn has_crossed(item: &Item) -> bool {
        item.own.topology.crossed
    }
}

/// Who has had an item.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnItem {
    /// The team whose people had it last.
    hands: Option<TeamId>,
    /// More than one team has worked on it.
    crossed: bool,
}

impl OnItem {
    /// Its own team has a part of it made by another, or by itself: what is known of the part.
    pub fn send_for_part(&mut self, own: TeamId, maker: TeamId) -> OnItem {
        self.crossed |= maker != own;
        OnItem { hands: self.hands.or(Some(own)), crossed: false }
    }

    /// A part is done: whoever had that last had the whole last.
    pub fn take_back(&mut self, part: &OnItem) {
        self.hands = part.hands;
    }
}

impl Column for OnItem {
    fn follow(&mut self, migration: &Migration) {
        self.hands = self.hands.map(|team| migration.team(team));
    }
}

/// Work has crossed a border between teams.
fn cross(id: ItemId, params: &Params, ctx: &mut Context<'_>) {
    let item = &mut ctx.org.items[id];
    let stage = &ctx.plan.stages[item.stage.at()];
    let key = item.key.child(MISREAD, stage.key).nth(item.visit()).pass(u64::from(item.lap));
    let misread = ctx.streams.chance(params.misread, MISREAD, key);
    item.own.topology.crossed = true;
    item.remaining_work += (params.reread + if misread { params.again } else { 0.0 }) * item.service_demand;
    ctx.org.count(HANDOFFS, 1.0);
}

fn begin_practice(ctx: &mut Context<'_>) {
    for team in &mut ctx.org.teams {
        team.set_gauge(PRACTICE, team.gauge(PRACTICE, 0.0));
    }
}

/// What each team has to hold in mind, over what its people can.
fn weigh(params: &Params, ctx: &mut Context<'_>) {
    let plan = ctx.plan;
    let (mut owned, mut carriers) = (0.0, 0.0);
    for (team, state) in plan.teams.iter().zip(&ctx.org.teams) {
        match team.kind {
            TeamKind::Platform => carriers += state.people.len() as f64,
            _ => owned += team.owns,
        }
    }
    let each = params.platform.map_or(0.0, |it| it.carries * params.holds);
    let most = params.platform.map_or(0.0, |it| it.most) * owned;
    let carried = (each * carriers).min(most);
    let relief = if owned > 0.0 { carried / owned } else { 0.0 };
    for (team, state) in plan.teams.iter().zip(&mut ctx.org.teams) {
        let there = params.holds * (state.people.len() as f64).max(1.0);
        let load = match team.kind {
            TeamKind::Platform if carried > 0.0 => team.owns / there + carried / (each * carriers),
            TeamKind::Platform => team.owns / there,
            _ => team.owns * (1.0 - relief) / there,
        };
        state.set_gauge(COGNITIVE_LOAD, load);
    }
}

impl Topology {
    /// A week of enabling: people sit together, one team learns, all forget.
    fn teach(&mut self, params: &Enabling, ctx: &mut Context<'_>) {
        for team in &mut ctx.org.teams {
            team.set_gauge(PRACTICE, team.gauge(PRACTICE, 0.0) * params.kept_per_week);
        }
        let plan = ctx.plan;
        let is_visited = |(_, team): &(usize, &TeamPlan)| team.kind.is_visited(team.is_leader);
        let guests = || plan.teams.iter().enumerate().filter(is_visited);
        let count = guests().count();
        if count == 0 || params.session == Ticks::ZERO {
            return;
        }
        let stay = (self.weeks / params.weeks.max(1)) as usize;
        for (nth, _) in plan.teams.iter().enumerate().filter(|(_, team)| team.kind == TeamKind::Enabling) {
            if let Some((guest, _)) = guests().nth((stay + nth) % count) {
                self.sit_together(TeamId::new(nth), TeamId::new(guest), params, ctx);
            }
        }
    }

    fn sit_together(&mut self, from: TeamId, with: TeamId, params: &Enabling, ctx: &mut Context<'_>) {
        self.called.clear();
        ctx.start_duty(from, u32::MAX, &mut self.called);
        let teachers = self.called.len();
        ctx.start_duty(with, teachers as u32, &mut self.called);
        let learners = self.called.len() - teachers;
        for person in &self.called {
            ctx.duty_lasts(*person, params.session);
        }
        let hours = learners as f64 * params.session.hours();
        let theirs = given(&self.called[teachers..], &ctx.org.people) * params.session.hours();
        ctx.org.count(ENABLED_HOURS, theirs);
        let team = &mut ctx.org.teams[with.at()];
        let practice = team.gauge(PRACTICE, 0.0);
        let missed = math::exp(-params.teaches * hours / (team.people.len() as f64).max(1.0));
        team.set_gauge(PRACTICE, 1.0 - (1.0 - practice) * missed);
    }
}
