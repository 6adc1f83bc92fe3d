//! Meetings: hours that people sit together because of how many they are, how much is under way and who waits for whom.
//!
//! **How it acts.** Each week meetings take from everybody of a team so many hours: some whatever happens, more for each
//! colleague, for each initiative that the team has begun and not finished, and for each open part between it and
//! another team, on either side. They come off what people give, evenly over the week, and slow whatever lies on the
//! desk; of the hours that they leave, `attention` is for work. They follow at once: who joins or leaves, what is begun or
//! over, a reorganisation, a date of a policy. Whoever is absent or on a duty sits in none. Hours are a person's: a
//! part-timer loses a greater share of a shorter week. What would go beyond nine tenths of somebody's week is not attended.
//! A leader's desk has none: its hours are its own.
//! **Parameters.** `[meetings]`: hours a person and week, of four sorts. Take effect at once.
//! **Sources.** ST-5 on how hours of coordination grow with size (a share that grows more slowly than here); the hours,
//! how they are split, and the bound, assumed.

use crate::cause::Slower;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::initiative::InitiativeId;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use crate::plan::Holder;
use crate::preset::{Preset, presets};
use crate::waste::Waste;
use crate::work::{ItemId, Role};
use kernel::units::{TeamId, Ticks};
use notation::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Meetings take at most this part of what somebody gives (assumed): the rest they do not attend.
const MOST: f64 = 0.9;

/// Hours that meetings take from each person in a week. What is left out takes none.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["meeting", "committee", "coordination", "coordination overhead", "sync", "standup", "meetings per week", "working hours", "calendar"]))]
pub struct Table {
    /// Whatever happens. Takes effect at once, as all here does.
    #[serde(default = "none")]
    #[schemars(extend("x-plain" = "meetings a week"))]
    pub base: Span,
    /// For each colleague in the team: times the number of its people less one.
    #[serde(default = "none")]
    #[schemars(extend("x-plain" = "meetings for each colleague"))]
    pub each_person: Span,
    /// For each initiative that the team has begun and not finished: work that comes as `items` together.
    #[serde(default = "none")]
    #[schemars(extend("x-plain" = "meetings for each initiative"))]
    pub each_initiative: Span,
    /// For each part that is open between the team and another, whichever of the two makes it (see `stage.NAME.parts`).
    #[serde(default = "none")]
    #[schemars(extend("x-plain" = "meetings for each dependency"))]
    pub each_dependency: Span,
}

fn none() -> Span {
    Span::new(0.0, notation::Unit::Hour).expect("no hours are a span")
}

/// Hours a person and week; all 0 where there is no table, so that a policy may bring meetings in or leave them out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Params {
    base: f64,
    each_person: f64,
    each_initiative: f64,
    each_dependency: f64,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        Params {
            base: ctx.hours(self.base),
            each_person: ctx.hours(self.each_person),
            each_initiative: ctx.hours(self.each_initiative),
            each_dependency: ctx.hours(self.each_dependency),
        }
    }
}

impl Params {
    /// Hours that a week of meetings takes from each of so many people.
    fn hours(&self, people: usize, initiatives: u32, parts: u32) -> f64 {
        self.base
            + self.each_person * people.saturating_sub(1) as f64
            + self.each_initiative * f64::from(initiatives)
            + self.each_dependency * f64::from(parts)
    }

    /// The part of a full week that so many hours take from somebody who gives this share of it.
    fn of_week(hours: f64, share: f64, week: Ticks) -> f64 {
        (hours / week.hours()).min(MOST * share)
    }

    /// The same of the meetings of so many people while nothing is under way.
    pub fn standing(&self, people: u32, share: f64, week: Ticks) -> f64 {
        Params::of_week(self.hours(people as usize, 0, 0), share, week)
    }

    fn are_any(&self) -> bool {
        self.base + self.each_person + self.each_initiative + self.each_dependency > 0.0
    }
}

#[derive(Clone)]
pub struct Meetings {
    /// Parts that are open between two teams, where they are met about.
    parts: Vec<(ItemId, [TeamId; 2])>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

const MEETINGS: Slower = Slower { label: "meetings", text: "its person in a meeting" };

impl Mechanism for Meetings {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const SLOWERS: &'static [Slower] = &[MEETINGS];
    const WASTES: &'static [Waste] =
        &[Waste { levers: &["meetings"], text: "meetings", hours: "meeting_hours_per_year" }];

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Meetings {
        let mut meetings = Meetings { parts: Vec::new() };
        meetings.change_policy(params, ctx);
        meetings
    }

    fn subscribes_to(sort: EventSort, params: &Params, plan: &CompiledPlan) -> bool {
        let has_parts = || plan.stages.iter().any(|stage| matches!(stage.holder, Holder::Parts(_)));
        match sort {
            EventSort::Joined | EventSort::Departed => params.are_any(),
            EventSort::Pulled | EventSort::Built | EventSort::Completed => params.each_initiative > 0.0,
            EventSort::Needed | EventSort::Done | EventSort::Dropped => {
                params.each_dependency > 0.0 && has_parts()
            }
            _ => false,
        }
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Joined { person } | DomainEvent::Departed { person } => {
                self.hold(ctx.org.people[person.at()].team, params, ctx);
            }
            DomainEvent::Pulled { item } => {
                if let Some(initiative) = ctx.org.items[item].initiative {
                    self.hold_of(initiative, params, ctx);
                }
            }
            DomainEvent::Built { initiative } | DomainEvent::Completed { initiative } => {
                self.hold_of(initiative, params, ctx);
            }
            DomainEvent::Needed { item } => {
                if let Some(teams) = teams_of_part(item, ctx) {
                    self.parts.push((item, teams));
                    teams.into_iter().for_each(|team| self.hold(team, params, ctx));
                }
            }
            DomainEvent::Done { item } | DomainEvent::Dropped { item, .. } => {
                if let Some(place) = self.parts.iter().position(|(part, _)| *part == item) {
                    let (_, teams) = self.parts.swap_remove(place);
                    teams.into_iter().for_each(|team| self.hold(team, params, ctx));
                }
            }
            _ => {}
        }
    }

    /// Whoever has gone to another team meets there.
    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        self.change_policy(params, ctx);
    }

    /// What is open is counted anew: nobody may have counted it until now.
    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.parts.clear();
        if params.each_dependency > 0.0 {
            let parts = ctx.org.items.iter().filter_map(|(id, _)| Some((id, teams_of_part(id, ctx)?)));
            self.parts.extend(parts);
        }
        (0..ctx.plan.teams.len()).for_each(|team| self.hold(TeamId::new(team), params, ctx));
    }
}

impl Meetings {
    /// From now on a team's people sit in the meetings that its state asks for.
    fn hold(&self, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let state = &ctx.org.teams[team.at()];
        let people = state.people.len();
        let parts = self.parts.iter().filter(|(_, teams)| teams.contains(&team)).count();
        let hours = match ctx.plan.teams[team.at()].is_leader {
            true => 0.0,
            false => params.hours(people, state.active_initiatives, parts as u32),
        };
        for place in 0..people {
            let person = ctx.org.teams[team.at()].people[place];
            let of_week = Params::of_week(hours, ctx.org.people[person.at()].share, ctx.plan.week);
            ctx.take_from_week(person, of_week, const { MEETINGS.cause() });
        }
    }

    /// The same for the team whose initiative this is.
    fn hold_of(&self, initiative: InitiativeId, params: &Params, ctx: &mut Context<'_>) {
        if let Some(team) = ctx.org.initiatives.get(initiative).map(|initiative| initiative.team) {
            self.hold(team, params, ctx);
        }
    }
}

/// The two teams that an open part lies between, where they are two.
fn teams_of_part(id: ItemId, ctx: &Context<'_>) -> Option<[TeamId; 2]> {
    let part = ctx.org.items.get(id)?;
    let Role::Part { of } = part.role else { return None };
    let teams = [part.team, ctx.org.items.get(of)?.team];
    (teams[0] != teams[1] && !part.is_dropped).then_some(teams)
}
