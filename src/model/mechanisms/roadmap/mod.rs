//! A roadmap: at fixed dates teams promise what they will begin until the next one, and keep to it.
//!
//! **How it acts.** At the start and at each date everybody of a team that has initiatives is called for `takes`. Of
//! the initiatives that wait, those that are believed to return most for an hour of work are promised, one after the other,
//! until they and the code that is still to be written of what was begun fill `fill` of what the team can do in a period: of
//! what it wrote in the last one, and in the first of what its people have for features. What is promised is begun, in
//! the team's own order, before all else, however good what comes later may be, and is not displaced; once none of it is
//! left, the rest follows. Promises end with the next date. **Parameters.** `[roadmap]`, below. **Sources.** Assumed.

use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::initiative::InitiativeId;
use crate::instrument::{Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Metric, Reads};
use crate::plan::{Discipline, TeamPlan};
use crate::preset::{Preset, presets};
use kernel::event_list::EventPriority;
use kernel::units::{Instant, TeamId, Ticks};
use notation::{Ratio, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// Planning as a rhythm: what is promised at a date is begun until the next.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["roadmap", "quarterly planning", "okr", "pi planning", "planning"]))]
pub struct Table {
    /// Time between two dates. A lever. Takes effect after the next date.
    #[schemars(extend("x-plain" = "time between plans"))]
    pub every: Span,
    /// How much of what a team can do in a period is promised. A lever. Takes effect at the next date.
    #[serde(default = "stretched")]
    #[schemars(extend("x-plain" = "share of capacity that is promised"))]
    pub fill: Ratio,
    /// Working time that a date takes from everybody. A lever. Takes effect at the next date.
    #[serde(default = "half_a_day")]
    #[schemars(extend("x-plain" = "time that planning takes"))]
    pub takes: Span,
}

fn stretched() -> Ratio {
    "110%".parse().expect("a ratio")
}

fn half_a_day() -> Span {
    Span::new(4.0, notation::Unit::Hour).expect("hours are a span")
}

#[derive(Clone, Copy, Debug)]
pub struct Params {
    every: Ticks,
    fill: f64,
    takes: Ticks,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        Params {
            every: ctx.period("roadmap.every", self.every),
            fill: self.fill.fraction(),
            takes: ctx.ticks(self.takes),
        }
    }
}

/// Roadmaps: when the last date was, and the hours of initiatives that each team has written since; `None` before the first.
#[derive(Clone)]
pub struct Roadmap {
    last: Instant,
    written: Vec<Option<f64>>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Date,
}

instruments! {
    Roadmap:
    counters {
        /// Hours that people sat to make plans.
        PLANNED,
    }
}

impl Mechanism for Roadmap {
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const PRESETS: &'static [Preset] = presets!["roadmap"];
    const METRICS: &'static [Metric] = &[Metric {
        name: "roadmap_hours_per_year",
        title: "making plans",
        unit: "hours per year",
        better: None,
        definition: "hours that people were called for to promise what they will begin, a year",
        reads: Reads::Yearly(PLANNED),
    }];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Roadmap {
        let mut roadmap = Roadmap { last: ctx.now(), written: vec![None; ctx.plan.teams.len()] };
        roadmap.on(Event::Date, params, ctx);
        roadmap
    }

    fn on(&mut self, Event::Date: Event, params: &Params, ctx: &mut Context<'_>) {
        self.last = ctx.now();
        for team in (0..ctx.plan.teams.len()).map(TeamId::new) {
            let waiting = waiting(team, ctx);
            let goes_on = ctx.org.initiatives.iter().any(|(_, it)| it.team == team && it.whole.is_some());
            if goes_on {
                let mut called = Vec::new();
                ctx.start_duty(team, u32::MAX, &mut called);
                let given: f64 = called.iter().map(|person| ctx.org.people[person.at()].share).sum();
                ctx.org.count(PLANNED, params.takes.hours() * given);
                called.iter().for_each(|person| ctx.duty_lasts(*person, params.takes));
            }
            self.promise(team, waiting, params, ctx);
        }
        ctx.rebuild_queues();
        ctx.after(params.every, EventPriority::Meeting, Event::Date);
    }

    fn subscribes_to(sort: EventSort, _: &Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Arrived | EventSort::Worked)
    }

    fn handle(&mut self, event: &DomainEvent, _: &Params, ctx: &mut Context<'_>) {
        match *event {
            // What comes after a date is not promised.
            DomainEvent::Arrived { item } => {
                let initiative = ctx.org.items[item].initiative;
                let came_later = |it: &InitiativeId| ctx.org.initiatives[*it].born > self.last;
                if let Some(initiative) = ctx.whole_of(initiative).filter(came_later) {
                    ctx.put_off(initiative, true);
                }
            }
            DomainEvent::Worked { item, stage, .. } => {
                let item = &ctx.org.items[item];
                let state = item.initiative.and_then(|initiative| ctx.org.initiatives.get(initiative));
                if ctx.plan.stages[stage.at()].writes_code
                    && !item.is_built
                    && let Some(state) = state.filter(|state| state.whole.is_some())
                    && let Some(written) = &mut self.written[state.team.at()]
                {
                    *written += item.size_hours;
                }
            }
            _ => {}
        }
    }
}

impl Roadmap {
    /// Of what waits for a team, the best is promised until its period is full; the rest is put off.
    fn promise(&mut self, team: TeamId, waiting: Vec<InitiativeId>, params: &Params, ctx: &mut Context<'_>) {
        let plan = &ctx.plan.teams[team.at()];
        let people = ctx.org.teams[team.at()].given;
        let capacity = self.written[team.at()].unwrap_or_else(|| for_features(plan, people, params.every));
        self.written[team.at()] = Some(0.0);
        let mut room = params.fill * capacity - still_to_write(team, ctx);
        for initiative in waiting {
            ctx.put_off(initiative, room <= 0.0);
            room -= ctx.org.initiatives[initiative].whole.map_or(0.0, |whole| whole.believed_hours);
        }
    }
}

/// Hours that people have for features in a period.
fn for_features(plan: &TeamPlan, people: f64, period: Ticks) -> f64 {
    people * plan.attention * period.hours() * (1.0 - plan.health_share.unwrap_or(0.0))
}

/// Initiatives that a team could begin, what is believed to return most for an hour of work first.
fn waiting(team: TeamId, ctx: &Context<'_>) -> Vec<InitiativeId> {
    let mut waiting: Vec<_> = ctx
        .org
        .initiatives
        .iter()
        .filter(|(_, it)| it.team == team && it.is_to_be_begun())
        .filter_map(|(id, it)| {
            let whole = it.whole?;
            Some((Discipline::Cd3.by_belief(whole.believed_rate, whole.believed_hours), it.born, id))
        })
        .collect();
    waiting.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    waiting.into_iter().map(|(.., id)| id).collect()
}

/// Hours that a team believes it has still to write of what it has begun.
fn still_to_write(team: TeamId, ctx: &Context<'_>) -> f64 {
    let begun =
        ctx.org.initiatives.iter().filter(|(_, it)| it.team == team && it.active && it.whole.is_some());
    begun.flat_map(|(_, it)| ctx.org.unbuilt(it)).map(f64::from).sum()
}
