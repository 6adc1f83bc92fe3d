//! Architecture: what running many parts costs every week, and how far a failure reaches.
//!
//! **How it acts.** Each component a team owns takes hours of its people every week, whatever is built:
//! upgrades, alarms, keys, dashboards. An incident pulls in somebody of each other team with some chance, because
//! what they run fails with it, and keeps them until it is over; of what they have live it hits the same share. Styles (monolith, services) are presets
//! of ordinary numbers: these two, how heavy a component weighs in mind, whether changes queue for one pipeline,
//! how often a change needs a part of another team, how long builds and diagnoses take.
//! **Parameters.** `[architecture]`: hours a week per component, chance for each other team. Take effect in the next
//! week, at the next incident. **Sources.** Assumed; OR-10 finds no effect of style as such.

use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::{Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::preset::{Preset, presets};
use crate::waste::Waste;
use kernel::streams::{Key, StreamId};
use kernel::units::{PersonId, TeamId, Ticks};
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const REACHED: StreamId = StreamId::named("architecture/reached");

/// What running many parts costs, and how far a failure reaches.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["microservices", "monolith", "services"]))]
pub struct Table {
    /// Hours a week that running one component takes of its team.
    pub operating: Span,
    /// Chance that an incident keeps somebody of another team, too; for each team.
    pub blast: Share,
}

#[derive(Clone, Copy, Debug)]
pub struct Params {
    operating: Ticks,
    blast: f64,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        Params { operating: ctx.ticks(self.operating), blast: self.blast.fraction() }
    }
}

#[derive(Clone)]
pub struct Architecture {
    /// Who of other teams is kept by which incident.
    kept: Vec<(u32, PersonId)>,
    /// The products of other teams that an incident hits, and the share of them.
    hit: Vec<(u32, TeamId, f32)>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

instruments! {
    Architecture:
    counters {
        /// Hours it took to run what there is.
        RUNNING_HOURS,
        /// The same, resuming what was laid down for it included.
        RUNNING_TAKES,
    }
}

impl Mechanism for Architecture {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "running_hours_per_year",
            title: "running",
            unit: "hours per year",
            better: Some(Better::Lower),
            definition: "hours it took to run what there is, a year",
            reads: Reads::Yearly(RUNNING_HOURS),
        },
        Metric {
            name: "running_takes_hours_per_year",
            title: "running and resuming",
            unit: "hours per year",
            better: Some(Better::Lower),
            definition: "hours it took to run what there is, resuming the work laid down for it included, a year",
            reads: Reads::Yearly(RUNNING_TAKES),
        },
    ];
    const WASTES: &'static [Waste] = &[Waste {
        levers: &["architecture.operating"],
        text: "running what there is",
        hours: "running_takes_hours_per_year",
    }];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, _: &mut Context<'_>) -> Architecture {
        Architecture { kept: Vec::new(), hit: Vec::new() }
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        if params.operating > Ticks::ZERO {
            run(params, ctx);
        }
    }

    /// Whoever an incident keeps stays with it, where there still are incidents.
    fn migrate(&mut self, migration: &Migration, _: &Params, ctx: &mut Context<'_>) {
        if ctx.plan.params.incidents.is_none() {
            self.kept.clear();
            self.hit.clear();
        }
        for (_, team, severity) in &mut self.hit {
            *team = migration.team(*team);
            ctx.hit_product(*team, *severity);
        }
        // Whoever has just left is among them until their leaving is told.
        self.kept.iter().for_each(|(_, person)| ctx.keep_on_duty(*person));
    }

    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Opened | EventSort::Recovered | EventSort::Departed)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Opened { incident, team, key, severity } => {
                self.reach(incident, team, (key, severity), params, ctx);
            }
            DomainEvent::Departed { person } => self.replace(person, ctx),
            DomainEvent::Recovered { incident, .. } => {
                for at in (0..self.kept.len()).rev() {
                    if self.kept[at].0 == incident {
                        let (_, person) = self.kept.swap_remove(at);
                        ctx.end_duty(person);
                    }
                }
                self.hit.retain(|(hit_by, team, severity)| {
                    let is_over = *hit_by == incident;
                    if is_over {
                        ctx.spare_product(*team, *severity);
                    }
                    !is_over
                });
            }
            _ => {}
        }
    }
}

impl Architecture {
    /// A failure reaches other teams.
    fn reach(
        &mut self,
        incident: u32,
        own: TeamId,
        (key, severity): (Key, f32),
        params: &Params,
        ctx: &mut Context<'_>,
    ) {
        if params.blast <= 0.0 {
            return; // before every team of many is asked
        }
        let plan = ctx.plan;
        for (at, team) in plan.teams.iter().enumerate() {
            let key = key.child(REACHED, Key::of(&team.name, 0).0);
            if at == own.at() || team.is_leader || !ctx.streams.chance(params.blast, REACHED, key) {
                continue;
            }
            ctx.hit_product(TeamId::new(at), severity);
            self.hit.push((incident, TeamId::new(at), severity));
            let mut called = Vec::new();
            ctx.start_duty(TeamId::new(at), 1, &mut called);
            self.kept.extend(called.into_iter().map(|person| (incident, person)));
        }
    }

    /// Somebody has left the organisation: a colleague who is free is kept in their place.
    fn replace(&mut self, person: PersonId, ctx: &mut Context<'_>) {
        let team = ctx.org.people[person.at()].team;
        self.kept.retain_mut(|(_, kept)| {
            if *kept != person {
                return true;
            }
            let colleague = ctx.start_duty_of_colleague(team, None);
            *kept = colleague.unwrap_or(person);
            colleague.is_some()
        });
    }
}

/// A week's running: each component takes its hours of the team that owns it, of as few people as have them.
fn run(params: &Params, ctx: &mut Context<'_>) {
    let plan = ctx.plan;
    let day = plan.day.0.max(1);
    for (at, team) in plan.teams.iter().enumerate() {
        let due = params.operating.0 * u64::from(team.components.end - team.components.start);
        let people = due.div_ceil(day);
        if people == 0 {
            continue;
        }
        let mut called = Vec::new();
        ctx.start_duty(TeamId::new(at), people.min(u64::from(u32::MAX)) as u32, &mut called);
        let each = Ticks(due / (called.len() as u64).max(1));
        ctx.org.count(RUNNING_HOURS, each.hours() * called.len() as f64);
        for person in called {
            let taken = ctx.taken_by_duty(person, each);
            ctx.org.count(RUNNING_TAKES, taken);
            ctx.duty_lasts(person, each);
        }
    }
}
