//! Priorities: the loudest voice, and the rule by which begun work is killed.
//!
//! **How it acts.** Where a team's order is "loudest", each week one waiting item, drawn by lot,
//! becomes the favourite and goes first. With a kill rule, begun initiatives are looked at on a
//! rhythm: what has been learnt by then makes the belief in their value a part as wrong as it was,
//! and an initiative whose value per hour of work left is believed to be below a part of what the
//! team's waiting work promises is stopped. What went into it is lost; what is live stays live. Looking takes
//! somebody's hours, and an initiative that is stopped never completes.
//! **Parameters.** `[priorities]`: time between looks, the part below which work is killed, how much
//! of the error in belief is left. **Sources.** W2's claim is under test; all assumed.

use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::Drop;
use crate::initiative::InitiativeId;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use crate::plan::Discipline;
use crate::preset::{Preset, presets};
use crate::work::{Class, ItemId};
use kernel::event_list::EventPriority;
use kernel::streams::{Key, StreamId};
use kernel::units::{TeamId, Ticks};
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const FAVOURITE: StreamId = StreamId::named("priorities/favourite");

/// The rule by which begun work is killed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["prioritisation", "prioritization", "cost of delay", "wsjf"]))]
pub struct Table {
    /// Time between two looks at begun initiatives. Takes effect at the next look.
    pub looks_every: Span,
    /// A begun initiative is killed when the value it is believed to return per hour of work left
    /// is below this part of what waiting work promises; 0 % kills nothing. Takes effect at the next look.
    #[schemars(extend("x-plain" = "promise below which work is stopped"))]
    #[schemars(extend("x-said" = ["experiment", "outcome", "product discovery", "kill"]))]
    pub kill_below: Share,
    /// The part of the error in belief that is left once all of an initiative's work has begun; half way, half of
    /// what there is to learn is learnt.
    pub error_left: Share,
    /// Working time of one person that looking at one begun initiative takes. Takes effect at the next look.
    #[serde(default)]
    pub look_takes: Option<Span>,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        Params {
            every: Some(ctx.period("priorities.looks_every", self.looks_every)),
            kill_below: self.kill_below.fraction(),
            error_left: self.error_left.fraction(),
            look_hours: self.look_takes.map_or(LOOK_HOURS, |span| ctx.hours(span)),
        }
    }
}

/// Without a table only the loudest voice is heard.
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// Time between two looks at begun initiatives; `None` never looks.
    pub every: Option<Ticks>,
    pub kill_below: f64,
    pub error_left: f64,
    pub look_hours: f64,
}

/// Hours that looking at one begun initiative takes one person, unless the scenario says otherwise; assumed.
const LOOK_HOURS: f64 = 2.0;

#[derive(Clone)]
pub struct Priorities {
    weeks: u64,
    /// Whether the next look at begun initiatives is scheduled.
    looks: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Look,
}

impl Mechanism for Priorities {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Priorities {
        let mut priorities = Priorities { weeks: 0, looks: false };
        priorities.look_again(params, ctx);
        priorities
    }

    fn has_weeks(_: &Params, plan: &CompiledPlan) -> bool {
        plan.teams.iter().any(|team| team.discipline == Discipline::Loudest)
    }

    fn each_week(&mut self, _: &Params, ctx: &mut Context<'_>) {
        self.weeks += 1;
        for team in (0..ctx.plan.teams.len()).map(TeamId::new) {
            if ctx.plan.teams[team.at()].discipline == Discipline::Loudest {
                self.favour(team, ctx);
            }
        }
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Look => {
                let kills = params.kill_below > 0.0;
                for team in (0..ctx.plan.teams.len()).map(TeamId::new).filter(|_| kills) {
                    look(team, params, ctx);
                }
                self.looks = false;
                self.look_again(params, ctx);
            }
        }
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        Some(event)
    }

    /// What is scheduled goes on; who is told to look for the first time begins to.
    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        self.look_again(params, ctx);
    }

    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.look_again(params, ctx);
    }
}

impl Priorities {
    /// Schedules the next look, where somebody looks and none is scheduled.
    fn look_again(&mut self, params: &Params, ctx: &mut Context<'_>) {
        if let (Some(every), false) = (params.every, self.looks) {
            ctx.after(every, EventPriority::Meeting, Event::Look);
            self.looks = true;
        }
    }

    /// One of the team's waiting items, by lot, goes to the front.
    fn favour(&self, team: TeamId, ctx: &mut Context<'_>) {
        let waiting = waiting(team, ctx);
        if waiting.is_empty() {
            return;
        }
        let key = Key::of("favourite", u64::from(team.0)).nth(self.weeks);
        let at = (ctx.streams.uniform(FAVOURITE, key) * waiting.len() as f64) as usize;
        let favourite = waiting[at];
        let role = ctx.role_in(&ctx.org.items[favourite], team, false);
        ctx.org.items[favourite].front = true;
        ctx.enqueue(favourite, team, role);
    }
}

/// Feature work a team has not begun, in the order of its lines.
fn waiting(team: TeamId, ctx: &Context<'_>) -> Vec<ItemId> {
    let lines = ctx.plan.teams[team.at()].lines.clone();
    let unbegun = |id: &ItemId| {
        let item = &ctx.org.items[*id];
        item.class == Class::Feature && item.taken.is_none()
    };
    ctx.org.waiting_in(lines).filter(unbegun).collect()
}

/// Looks at a team's begun initiatives and kills those that promise too little.
fn look(team: TeamId, params: &Params, ctx: &mut Context<'_>) {
    let Some(bar) = promise(&waiting(team, ctx), ctx) else { return };
    let begun: Vec<InitiativeId> = ctx
        .org
        .initiatives
        .iter()
        .filter(|(_, initiative)| initiative.active && initiative.team == team)
        .map(|(id, _)| id)
        .collect();
    let hours = params.look_hours * begun.len() as f64;
    let looks = u32::from(hours > 0.0);
    ctx.start_duty_for(team, looks, Ticks::from_hours(hours));
    for initiative in begun {
        ctx.flesh_out(Some(initiative));
        let mut open: Vec<ItemId> = ctx
            .org
            .items
            .iter()
            .filter(|(_, item)| item.initiative == Some(initiative) && item.coded.is_none())
            .map(|(id, _)| id)
            .collect();
        ctx.org.by_place(&mut open);
        let members = ctx.org.initiatives[initiative].members.len().max(open.len());
        let learnt = 1.0 - open.len() as f64 / members.max(1) as f64;
        let error_left = 1.0 - (1.0 - params.error_left) * learnt;
        if learnt_promise(&open, error_left, ctx).is_some_and(|promise| promise < params.kill_below * bar) {
            for item in open {
                ctx.drop_item(item, Drop::Killed);
            }
        }
    }
}

/// What items that wait are believed to return an hour of work, with those that one of them stands in line for.
fn promise(items: &[ItemId], ctx: &Context<'_>) -> Option<f64> {
    let (mut rate, mut hours) = (0.0, 0.0);
    let mut count = |believed_rate: f32, believed_hours: f32| {
        rate += f64::from(believed_rate);
        hours += f64::from(believed_hours);
    };
    for id in items {
        let item = &ctx.org.items[*id];
        count(item.estimated_rate, item.estimated_hours);
        ctx.org.outlines_behind(*id).for_each(|it| count(it.drawn.estimated_rate, it.drawn.estimated_hours));
    }
    (hours > 0.0).then(|| rate / hours)
}

/// What the rest of an initiative is believed to return an hour of work, once something is learnt.
fn learnt_promise(open: &[ItemId], error_left: f64, ctx: &Context<'_>) -> Option<f64> {
    let model = ctx.plan.value.as_ref()?.model;
    let (mut rate, mut hours) = (0.0, 0.0);
    for item in open.iter().map(|id| &ctx.org.items[*id]) {
        let truth = f64::from(item.value_rates[model]).max(1e-12);
        let error = f64::from(item.estimated_rate).max(1e-12) / truth;
        rate += truth * libm::pow(error, error_left);
        hours += f64::from(item.estimated_hours);
    }
    (hours > 0.0).then(|| rate / hours)
}
