//! Work by a team: somebody pulls an item, works on it, and hands it over.
//!
//! **How it acts.** An item that comes to a stage of work asks the stage's team (or its own) for
//! hours; the workforce does the rest. When the hours are done the stage may send it back. At a stage
//! with a threshold what comes is held until so many have gathered, or the first has waited for so long;
//! then the team goes on until nothing is left there (an N-policy, or a T-policy).
//! **Parameters.** Of the stage: effort, failure, whose work it is, threshold. **Sources.** TS-1, TS-2;
//! Yadin and Naor 1963 for thresholds.

use crate::cause::Cause;
use crate::compile_context::CompileContext;
use crate::mechanism::{Context, Mechanism};
use crate::work::ItemId;
use kernel::event_list::EventPriority;
use kernel::units::{PersonId, StageId, TeamId, Ticks};
use notation::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// When a team starts at a stage; once it has started it goes on until nothing is left there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdTable {
    /// So many items must have gathered, at least 1. Takes effect at the next item that comes.
    #[schemars(range(min = 1))]
    pub items: u32,
    /// Or the first of them has waited for so long; left out, there is no such time. Takes effect at the next item
    /// that is the first.
    #[serde(default)]
    pub after: Option<Span>,
}

/// A team starts at a stage once so many items have gathered there, or the first has waited for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    pub items: u32,
    pub after: Option<Ticks>,
}

impl ThresholdTable {
    /// `room` is how many may wait there at most, where that is limited: a threshold must be within reach of it, where
    /// no time passes it.
    pub fn compile(&self, path: &str, room: Option<u32>, ctx: &mut CompileContext<'_>) -> Threshold {
        let path = format!("{path}.items");
        if self.items == 0 {
            ctx.problems.error(&path, "must be at least 1");
        }
        if let Some(room) = room.filter(|room| *room < self.items) {
            let message = format!("never so many gather here: at most {room} may wait");
            if self.after.is_some() {
                ctx.problems.warning(&path, format!("{message}, so that only `after` decides"));
            } else {
                let help = "write a smaller number, or after = \"1 week\" beside it";
                ctx.problems.error(&path, message).help(help);
            }
        }
        Threshold { items: self.items, after: self.after.map(|span| ctx.ticks(span)) }
    }
}

/// What gathers at one stage for one team, and what the team goes on with there.
#[derive(Clone, Default)]
struct Gathering {
    /// Held until there are enough, with the hours each will take.
    held: Vec<(ItemId, f64)>,
    /// Let through, and perhaps gone on since.
    begun: Vec<ItemId>,
    /// How often what was held was let through.
    rounds: u32,
}

#[derive(Clone)]
pub struct Coding {
    /// For each stage and team; none where no stage has a threshold.
    gatherings: Vec<Gathering>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The first of what is held has waited for long enough.
    Waited { stage: StageId, team: TeamId, round: u32 },
}

impl Mechanism for Coding {
    type Params = ();
    type Event = Event;

    fn start(_: &(), ctx: &mut Context<'_>) -> Coding {
        Coding { gatherings: gatherings(ctx) }
    }

    fn admit(&mut self, id: ItemId, _: &(), ctx: &mut Context<'_>) {
        let hours = ctx.effort_hours(id);
        let item = &ctx.org.items[id];
        let (stage, team) = (item.stage, ctx.plan.team_at(item.stage, item.team));
        match ctx.plan.stages[stage.at()].threshold {
            None => ctx.queue(id, hours, team),
            Some(threshold) => self.gather((id, hours), (stage, team), threshold, ctx),
        }
    }

    fn worked(&mut self, id: ItemId, _: PersonId, _: &(), ctx: &mut Context<'_>) {
        ctx.pass_or_fail(id);
    }

    fn on(&mut self, event: Event, _: &(), ctx: &mut Context<'_>) {
        let Event::Waited { stage, team, round } = event;
        let at = place(stage, team, ctx);
        if self.gatherings.get(at).is_some_and(|gathering| gathering.rounds == round) {
            self.let_through(at, team, ctx);
        }
    }

    /// What is held is let through where the new plan asks for no more.
    fn change_policy(&mut self, _: &(), ctx: &mut Context<'_>) {
        if self.gatherings.is_empty() {
            self.gatherings = gatherings(ctx);
            return;
        }
        for stage in (0..ctx.plan.stages.len()).map(StageId::new) {
            for team in (0..ctx.plan.teams.len()).map(TeamId::new) {
                let (at, threshold) = (place(stage, team, ctx), ctx.plan.stages[stage.at()].threshold);
                if threshold.is_none_or(|threshold| self.is_enough(at, threshold)) {
                    self.let_through(at, team, ctx);
                }
            }
        }
    }
}

impl Coding {
    fn gather(
        &mut self,
        (id, hours): (ItemId, f64),
        (stage, team): (StageId, TeamId),
        threshold: Threshold,
        ctx: &mut Context<'_>,
    ) {
        let at = place(stage, team, ctx);
        let Gathering { held, begun, rounds } = &mut self.gatherings[at];
        let is_there = |id: &ItemId| ctx.org.items.get(*id).is_some_and(|item| item.stage == stage);
        begun.retain(is_there);
        held.retain(|(id, _)| is_there(id));
        if !begun.is_empty() {
            begun.push(id);
            return ctx.queue(id, hours, team);
        }
        held.push((id, hours));
        let item = &ctx.org.items[id];
        let cause = if item.pulled.is_none() { item.unbegun() } else { Cause::Queue };
        if let (1, Some(after)) = (held.len(), threshold.after) {
            ctx.after(after, EventPriority::Meeting, Event::Waited { stage, team, round: *rounds });
        }
        ctx.wait(id, cause);
        if self.is_enough(at, threshold) {
            self.let_through(at, team, ctx);
        }
    }

    fn is_enough(&self, at: usize, threshold: Threshold) -> bool {
        self.gatherings[at].held.len() >= threshold.items as usize
    }

    fn let_through(&mut self, at: usize, team: TeamId, ctx: &mut Context<'_>) {
        let Gathering { held, begun, rounds } = &mut self.gatherings[at];
        *rounds = rounds.wrapping_add(1);
        for (id, hours) in held.drain(..) {
            // Whatever gave up while it was held is gone.
            if ctx.org.items.get(id).is_some() {
                begun.push(id);
                ctx.queue(id, hours, team);
            }
        }
    }
}

fn place(stage: StageId, team: TeamId, ctx: &Context<'_>) -> usize {
    stage.at() * ctx.plan.teams.len() + team.at()
}

fn gatherings(ctx: &Context<'_>) -> Vec<Gathering> {
    let has_any = ctx.plan.stages.iter().any(|stage| stage.threshold.is_some());
    let count = if has_any { ctx.plan.stages.len() * ctx.plan.teams.len() } else { 0 };
    vec![Gathering::default(); count]
}
