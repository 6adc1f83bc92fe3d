//! Leadership: a leader's finite hours, split over clarity, decisions, systems, people and code.
//!
//! **How it acts.** Hours for decisions and for clarity are two desks: gates (`NAME` and
//! `NAME clarity`) before which items queue, as before any approver; a share of them colleagues may
//! hear in the leader's place. Hours for systems repay debt of the team's worst component. Hours for
//! people keep one of the team with the leader as long, who is faster ever after, up to a limit.
//! Hours for code write parts of what others begin. Asking for status interrupts people. A leader
//! who is away does none of it, unless somebody of the team keeps both desks as deputy meanwhile.
//! **Parameters.** `[leader.NAME]`. **Sources.** LD-8 is the claim under test (L1); LD-3 on how
//! leaders spend time; all sizes assumed.

use crate::away::AwayTable;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::instrument::{Counter, Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Metric, Reads};
use crate::migration::Migration;
use crate::work::{ItemId, Role};
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::streams::{Key, StreamId};
use kernel::units::{PersonId, TICKS_PER_HOUR, TeamId, Ticks};
use notation::{self, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const AWAY: StreamId = StreamId::named("leadership/away");
const STATUS: StreamId = StreamId::named("leadership/status");

/// The largest part of a stage's work that a leader writes (assumed): the rest is its owner's.
const MOST_WRITTEN: f64 = 0.5;

/// A leader: hours a week for each layer, and what an hour does there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The team whose code, people and items the leader works with; left out, the first.
    #[serde(default)]
    pub team: Option<String>,
    /// Hours a week for making work clear: a gate called "NAME clarity". With none, what comes there
    /// passes as it is. Takes effect at once.
    pub clarity: f64,
    /// Hours a week for decisions: a gate called NAME. With none, what comes there passes unheard.
    /// Takes effect at once.
    pub decisions: f64,
    /// Hours a week for repaying debt. Takes effect at the next week.
    pub systems: f64,
    /// Hours a week for teaching people one by one. Takes effect at the next week.
    pub people: f64,
    /// Hours a week for writing code. Takes effect at the next week.
    pub code: f64,
    /// Work of hearing one decision.
    pub hearing: notation::DurationDistribution,
    /// Work of making an item clear, as a share of its size, if nothing of it is clear.
    pub takes: Share,
    /// Part of an item's fuzziness that it takes away. Takes effect at the next hearing.
    pub clarifies: Share,
    /// Chance that a hearing rejects, whatever the item.
    #[serde(default = "none")]
    pub rejects: Share,
    /// Chance that a hearing sees that an item's deployment would fail.
    #[serde(default = "none")]
    pub catches: Share,
    /// Chance that a hearing sees that the decision in an item is wrong.
    #[serde(default = "none")]
    pub corrects: Share,
    /// Share of items that pass unheard. Takes effect at the next hearing.
    #[serde(default = "none")]
    pub automatic: Share,
    /// Share of decisions that a colleague hears instead. Takes effect at the next hearing.
    #[serde(default = "none")]
    pub peers_decide: Share,
    /// Share of items that a colleague makes clear instead. Takes effect at the next hearing.
    #[serde(default = "none")]
    pub peers_clarify: Share,
    /// How many times as long a colleague takes for it.
    #[serde(default = "as_long")]
    #[schemars(range(min = 0.0, max = 1e3))]
    pub peers_take: f64,
    /// Principal repaid per hour for systems.
    #[serde(default = "as_long")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub repairs: f64,
    /// Hours of teaching in which half of what somebody may still gain is gained.
    #[serde(default = "hundred")]
    #[schemars(range(min = 1e-3, max = 1e6))]
    pub half_learnt: f64,
    /// How much faster teaching can make anybody: 0.3 is 30 %.
    #[serde(default = "third")]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub most_learnt: f64,
    /// How the leader asks people where they are.
    #[serde(default)]
    pub status: Option<StatusTable>,
    /// Weeks away.
    #[serde(default)]
    pub absence: Option<AwayTable>,
    /// Whether somebody of the team keeps both desks meanwhile, and does nothing else.
    #[serde(default)]
    pub deputy: bool,
}

/// Interruptions to ask for status.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusTable {
    /// Working time between two.
    pub gaps: notation::DurationDistribution,
    /// How long each keeps one of the team off the desk.
    pub takes: Span,
}

fn none() -> Share {
    Share::of(0.0).expect("a share")
}
fn as_long() -> f64 {
    1.0
}
fn hundred() -> f64 {
    100.0
}
fn third() -> f64 {
    0.3
}

#[derive(Clone, Debug)]
pub struct Leader {
    key: Key,
    team: TeamId,
    /// The desks for decisions and for clarity.
    desks: [TeamId; 2],
    systems: f64,
    people: f64,
    code: f64,
    repairs: f64,
    half_learnt: f64,
    most_learnt: f64,
    status: Option<(Distribution, Ticks)>,
    absence: Option<(Distribution, Distribution)>,
    deputy: bool,
}

pub type Params = Vec<Leader>;

impl Table {
    /// Compiles all but the two desks, which are gates and known by now.
    pub fn compile(&self, name: &str, desks: [TeamId; 2], ctx: &mut CompileContext<'_>) -> Leader {
        let path = format!("leader.{name}");
        let week = ctx.calendar.hours_per_day * ctx.calendar.days_per_week;
        let all = self.clarity + self.decisions + self.systems + self.people + self.code;
        if all > week + 1e-9 {
            ctx.problems
                .error(&path, format!("{all} hours a week are more than the {week} there are"))
                .help("take hours from one layer to give them to another");
        }
        let team = self.team.as_ref().and_then(|team| ctx.team(&format!("{path}.team"), team));
        // How long a week is, the clock says; so these have no range of their own.
        let layers = [
            ("clarity", self.clarity),
            ("decisions", self.decisions),
            ("systems", self.systems),
            ("people", self.people),
            ("code", self.code),
        ];
        for (name, hours) in layers {
            ctx.number(&format!("{path}.{name}"), hours, 0.0, week);
        }
        let status = self
            .status
            .as_ref()
            .map(|it| (ctx.gaps(&format!("{path}.status.gaps"), &it.gaps), ctx.ticks(it.takes)));
        let absence = self.absence.as_ref().map(|it| it.compile(&format!("{path}.absence"), ctx));
        Leader {
            key: Key::of(name, 0),
            team: team.unwrap_or(TeamId(0)),
            desks,
            systems: self.systems,
            people: self.people,
            code: self.code,
            repairs: self.repairs,
            half_learnt: self.half_learnt,
            most_learnt: self.most_learnt,
            status,
            absence,
            deputy: self.deputy,
        }
    }
}

/// Where a leader is in their life.
#[derive(Clone, Debug, Default)]
struct Desk {
    away: bool,
    /// People kept by the absence: the leader at both desks, or the deputy.
    kept: Vec<PersonId>,
    absences: u64,
    statuses: u64,
    asks: bool,
    leaves: bool,
    /// Hours for code not yet used.
    code: f64,
}

#[derive(Clone)]
pub struct Leadership {
    desks: Vec<Desk>,
    /// Each person's skill when first taught or seen, which limits what may be learnt.
    skills: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Taught { leader: u16, person: PersonId },
    Status { leader: u16 },
    Leaves { leader: u16 },
    Returns { leader: u16 },
}

instruments! {
    Leadership:
    counters {
        /// Hours of code that leaders wrote.
        LEADER_CODE,
        /// Hours that leaders spent on teaching.
        TAUGHT_HOURS,
    }
}

impl Mechanism for Leadership {
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const METRICS: &'static [Metric] = &[Metric {
        name: "taught_hours_per_year",
        title: "hours of teaching",
        unit: "hours per year",
        better: None,
        definition: "hours that leaders spent on teaching people, a year",
        reads: Reads::Yearly(TAUGHT_HOURS),
    }];

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Leadership {
        let mut leadership = Leadership { desks: Vec::new(), skills: Vec::new() };
        leadership.clear_desks(params, ctx);
        leadership
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for (at, leader) in params.iter().enumerate() {
            if !self.desks[at].away {
                self.week(at, leader, ctx);
            }
        }
    }

    fn frees(event: Event) -> Option<PersonId> {
        match event {
            Event::Taught { person, .. } => Some(person),
            _ => None,
        }
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Taught { leader, person } => {
                if ctx.org.people[person.at()].present {
                    self.learn(person, &params[usize::from(leader)], ctx);
                }
            }
            Event::Status { leader } => self.ask(usize::from(leader), params, ctx),
            Event::Leaves { leader } => self.leave(usize::from(leader), params, ctx),
            Event::Returns { leader } => {
                let desk = &mut self.desks[usize::from(leader)];
                (desk.away, desk.leaves) = (false, false);
                for person in std::mem::take(&mut desk.kept) {
                    ctx.end_duty(person);
                }
                self.change_policy(params, ctx);
            }
        }
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    /// The leader writes a part of what somebody begins, as far as hours go.
    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let team = ctx.org.people[person.at()].team;
        let item = &mut ctx.org.items[id];
        let codes = ctx.plan.stages[item.stage.at()].writes_code && item.touches == 1;
        if !codes || item.role != Role::Work {
            return;
        }
        for (desk, leader) in self.desks.iter_mut().zip(params) {
            if leader.team == team && desk.code > 0.0 {
                let written = desk.code.min(MOST_WRITTEN * item.remaining_work / TICKS_PER_HOUR as f64);
                desk.code -= written;
                item.remaining_work = (item.remaining_work - written * TICKS_PER_HOUR as f64).max(1.0);
                ctx.org.counters[LEADER_CODE.at()] += written;
            }
        }
    }

    /// Desks begin anew, and with them who asks for status and who is away; how fast people were before they were taught goes with them.
    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        self.clear_desks(params, ctx);
    }

    /// Begins what a plan brings in: asking for status, absences.
    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for (at, leader) in params.iter().enumerate() {
            let desk = &mut self.desks[at];
            if leader.status.is_some() && !std::mem::replace(&mut desk.asks, true) {
                self.next_status(at, leader, ctx);
            }
            let desk = &mut self.desks[at];
            if let Some((between, _)) = &leader.absence
                && !std::mem::replace(&mut desk.leaves, true)
            {
                let hours = between.draw(&ctx.streams, AWAY, leader.key.nth(desk.absences));
                desk.absences += 1;
                ctx.after(
                    Ticks::from_hours(hours),
                    EventPriority::Housekeeping,
                    Event::Leaves { leader: at as u16 },
                );
            }
        }
    }
}

impl Leadership {
    /// Leaders with nothing on their desks.
    fn clear_desks(&mut self, params: &Params, ctx: &mut Context<'_>) {
        let number = ctx.first_number();
        let desk = Desk { absences: number, statuses: number, ..Desk::default() };
        self.desks = vec![desk; params.len()];
        self.change_policy(params, ctx);
    }

    /// What a leader does in a week beside the two desks.
    fn week(&mut self, at: usize, leader: &Leader, ctx: &mut Context<'_>) {
        self.desks[at].code = leader.code;
        repair(leader, ctx);
        // The hours of the two desks are a desk's; these are nobody else's to count.
        ctx.org.count(Counter::SPENT, leader.systems + leader.people + leader.code);
        if leader.people > 0.0 {
            let mut called = Vec::new();
            ctx.start_duty(leader.team, 1, &mut called);
            for person in called {
                ctx.org.count(TAUGHT_HOURS, leader.people);
                let taught = Event::Taught { leader: at as u16, person };
                ctx.after(Ticks::from_hours(leader.people), EventPriority::Completion, taught);
            }
        }
    }

    /// Hours with the leader have made somebody faster.
    fn learn(&mut self, person: PersonId, leader: &Leader, ctx: &mut Context<'_>) {
        let seen = self.skills.len();
        self.skills.extend(ctx.org.people.iter().skip(seen).map(|person| person.skill));
        let limit = self.skills[person.at()] * (1.0 + leader.most_learnt);
        let person = &mut ctx.org.people[person.at()];
        let left = libm::exp2(-leader.people / leader.half_learnt);
        person.skill = person.skill.max(limit - (limit - person.skill) * left);
    }

    fn next_status(&mut self, at: usize, leader: &Leader, ctx: &mut Context<'_>) {
        let desk = &mut self.desks[at];
        let Some((gaps, _)) = &leader.status else {
            desk.asks = false;
            return;
        };
        let hours = gaps.draw(&ctx.streams, STATUS, leader.key.nth(desk.statuses));
        desk.statuses += 1;
        ctx.after(Ticks::from_hours(hours), EventPriority::Housekeeping, Event::Status { leader: at as u16 });
    }

    /// The leader asks somebody of the team where things are.
    fn ask(&mut self, at: usize, params: &Params, ctx: &mut Context<'_>) {
        let leader = &params[at];
        if let (Some((_, takes)), false) = (&leader.status, self.desks[at].away) {
            ctx.start_duty_for(leader.team, 1, *takes);
        }
        self.next_status(at, leader, ctx);
    }

    fn leave(&mut self, at: usize, params: &Params, ctx: &mut Context<'_>) {
        let leader = &params[at];
        let desk = &mut self.desks[at];
        let Some((_, lasts)) = &leader.absence else {
            desk.leaves = false;
            return;
        };
        let hours = lasts.draw(&ctx.streams, AWAY, leader.key.nth(desk.absences));
        desk.absences += 1;
        desk.away = true;
        desk.code = 0.0;
        if leader.deputy {
            ctx.start_duty(leader.team, 1, &mut desk.kept);
        }
        if desk.kept.is_empty() {
            leader.desks.iter().for_each(|team| ctx.start_duty(*team, 1, &mut desk.kept));
        }
        ctx.after(
            Ticks::from_hours(hours),
            EventPriority::Housekeeping,
            Event::Returns { leader: at as u16 },
        );
    }
}

/// Hours for systems repay debt of the team's densest component.
fn repair(leader: &Leader, ctx: &mut Context<'_>) {
    let range = ctx.plan.teams[leader.team.at()].components.clone();
    let components = &mut ctx.org.components[range.start as usize..range.end as usize];
    let worst = components.iter_mut().max_by(|a, b| a.density().total_cmp(&b.density()));
    if let Some(component) = worst {
        let repaid = leader.systems * leader.repairs;
        component.principal_hours = (component.principal_hours - repaid).max(0.0);
    }
}
