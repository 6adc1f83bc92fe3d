//! Practices against incidents: alerts, ownership, runbooks and rollback, each for one phase.
//!
//! A practice covers a share of incidents and leaves a part of its phase. It is built by somebody's
//! hours, a day a week at most, so that a new one is there bit by bit; it is kept up by hours in
//! proportion to what is built; and it may call people for nothing.

use super::{Event, FALSE_ALARMS, PHASES, PRACTICE_HOURS};
use crate::compile_context::CompileContext;
use crate::mechanism::Context;
use crate::migration::Migration;
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::streams::{Key, StreamId};
use kernel::units::{TeamId, Ticks};
use notation::{self, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const COVERED: StreamId = StreamId::named("incidents/covered");
const ALARM: StreamId = StreamId::named("incidents/alarm");
const FALSE: StreamId = StreamId::named("incidents/false alarm");

/// The part of a week that one practice may be built for (assumed): a day of five.
const BUILDING: f64 = 0.2;

/// A practice that shortens one phase of incidents.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PracticeTable {
    /// Share of incidents it is meant to cover. A change takes effect as it is built, a day a week at most.
    pub coverage: Share,
    /// The part of its phase that it leaves where it covers. Takes effect at the next phase.
    pub leaves: Share,
    /// Work to build it for all incidents, per team. What a replication starts with is taken as built.
    pub builds: Span,
    /// Work a week to keep it up at full coverage, per team. Takes effect at the next week.
    pub upkeep: Span,
    /// How it calls people for nothing; for alerts.
    #[serde(default)]
    pub false_alarms: Option<FalseAlarmTable>,
}

/// Alarms for nothing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FalseAlarmTable {
    /// Time between two at full coverage, per team; with less there are in proportion fewer.
    pub gaps: notation::DurationDistribution,
    /// How long one keeps somebody off the desk.
    pub takes: Span,
}

#[derive(Clone, Debug)]
pub struct Practice {
    coverage: f64,
    leaves: f64,
    build_hours: f64,
    upkeep_hours: f64,
    false_alarms: Option<(Distribution, Ticks)>,
}

impl PracticeTable {
    pub fn compile(&self, path: &str, ctx: &mut CompileContext<'_>) -> Practice {
        let false_alarms = self.false_alarms.as_ref().map(|table| {
            let gaps = ctx.gaps(&format!("{path}.false_alarms.gaps"), &table.gaps);
            (gaps, ctx.ticks(table.takes))
        });
        Practice {
            coverage: self.coverage.fraction(),
            leaves: self.leaves.fraction(),
            build_hours: ctx.hours(self.builds),
            upkeep_hours: ctx.hours(self.upkeep),
            false_alarms,
        }
    }
}

/// The practice for each phase; `None` where a scenario has none.
pub type PracticePlan = [Option<Practice>; PHASES];

/// What has been built of the practices, and the alarms so far.
#[derive(Clone)]
pub struct Practices {
    /// Coverage built so far, per team and phase.
    built: Vec<[f64; PHASES]>,
    /// Hours of work that nobody was there for, per team.
    owed: Vec<f64>,
    /// Alarms so far that could have been for nothing, and whether the next one is on the event list, per team and
    /// phase.
    alarms: Vec<[u64; PHASES]>,
    rings: Vec<[bool; PHASES]>,
}

impl Practices {
    pub fn start(plan: &PracticePlan, ctx: &mut Context<'_>) -> Practices {
        let teams = ctx.plan.teams.len();
        let coverage = |practice: &Option<Practice>| practice.as_ref().map_or(0.0, |it| it.coverage);
        let mut practices = Practices {
            built: vec![std::array::from_fn(|phase| coverage(&plan[phase])); teams],
            owed: vec![0.0; teams],
            alarms: vec![[ctx.first_number(); PHASES]; teams],
            rings: vec![[false; PHASES]; teams],
        };
        practices.ring(plan, ctx);
        practices
    }

    /// After a reorganisation a team has the practices of those whose work it took over, the best of each.
    pub fn follow(&mut self, migration: &Migration, plan: &PracticePlan, ctx: &mut Context<'_>) {
        let teams = ctx.plan.teams.len();
        let mut built = vec![[0.0_f64; PHASES]; teams];
        for (before, team) in self.built.iter().zip(&migration.teams) {
            for (mine, theirs) in built[team.at()].iter_mut().zip(before) {
                *mine = mine.max(*theirs);
            }
        }
        let most = self.alarms.iter().flatten().copied().max().unwrap_or(0);
        *self = Practices {
            built,
            owed: vec![0.0; teams],
            alarms: vec![[most + 1; PHASES]; teams],
            rings: vec![[false; PHASES]; teams],
        };
        self.ring(plan, ctx);
    }

    /// Begins the streams of false alarms that a plan has and that have not begun.
    pub fn ring(&mut self, plan: &PracticePlan, ctx: &mut Context<'_>) {
        for team in ctx.plan.engineering_teams() {
            for phase in 0..PHASES {
                if !self.rings[team.at()][phase] {
                    self.next_alarm(team, phase, plan, ctx);
                }
            }
        }
    }

    /// The part of a phase that is left for an incident.
    pub fn leaves(
        &self,
        team: TeamId,
        phase: usize,
        key: Key,
        plan: &PracticePlan,
        ctx: &Context<'_>,
    ) -> f64 {
        match &plan[phase] {
            Some(practice) if ctx.streams.chance(self.built[team.at()][phase], COVERED, key) => {
                practice.leaves
            }
            _ => 1.0,
        }
    }

    /// A week's work on practices: somebody of each team builds and keeps up.
    pub fn keep_up(&mut self, plan: &PracticePlan, ctx: &mut Context<'_>) {
        for team in (0..ctx.plan.teams.len()).map(TeamId::new) {
            if ctx.plan.teams[team.at()].is_leader {
                continue;
            }
            let hours = self.owed[team.at()] + self.work(team, plan, ctx);
            let mut called = Vec::new();
            if hours > 0.0 {
                ctx.start_duty(team, 1, &mut called);
            }
            self.owed[team.at()] = if called.is_empty() { hours } else { 0.0 };
            for person in called {
                ctx.org.count(PRACTICE_HOURS, hours);
                ctx.after(
                    Ticks::from_hours(hours),
                    EventPriority::Completion,
                    Event::LearningEnds { person, team },
                );
            }
        }
    }

    /// Hours of a team's work on practices this week.
    fn work(&mut self, team: TeamId, plan: &PracticePlan, ctx: &Context<'_>) -> f64 {
        let most = ctx.plan.week.hours() * BUILDING;
        let mut hours = 0.0;
        for (built, practice) in self.built[team.at()].iter_mut().zip(plan) {
            let Some(practice) = practice else {
                *built = 0.0;
                continue;
            };
            let missing = (practice.coverage - *built).max(0.0) * practice.build_hours;
            let building = missing.min(most);
            *built =
                if building < missing { *built + building / practice.build_hours } else { practice.coverage };
            hours += building + practice.upkeep_hours * *built;
        }
        hours
    }

    fn next_alarm(&mut self, team: TeamId, phase: usize, plan: &PracticePlan, ctx: &mut Context<'_>) {
        let alarms = plan[phase].as_ref().and_then(|practice| practice.false_alarms.as_ref());
        self.rings[team.at()][phase] = alarms.is_some();
        if let Some((gaps, _)) = alarms {
            let hours = gaps.draw(&ctx.streams, ALARM, self.alarm_key(team, phase));
            ctx.after(
                Ticks::from_hours(hours),
                EventPriority::Arrival,
                Event::Alarm { team, phase: phase as u8 },
            );
        }
    }

    fn alarm_key(&self, team: TeamId, phase: usize) -> Key {
        Key::of("alarm", u64::from(team.0)).nth(phase as u64).nth(self.alarms[team.at()][phase])
    }

    /// An alarm that may be for nothing: somebody looks.
    pub fn alarm(&mut self, team: TeamId, phase: usize, plan: &PracticePlan, ctx: &mut Context<'_>) {
        let key = self.alarm_key(team, phase);
        self.alarms[team.at()][phase] += 1;
        let built = self.built[team.at()][phase];
        if let Some((_, takes)) = plan[phase].as_ref().and_then(|practice| practice.false_alarms.as_ref())
            && ctx.streams.chance(built, FALSE, key)
        {
            ctx.org.count(FALSE_ALARMS, 1.0);
            ctx.call_until(team, 1, *takes, |person| Event::LearningEnds { person, team });
        }
        self.next_alarm(team, phase, plan, ctx);
    }
}
