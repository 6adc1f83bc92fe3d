//! People: they join, learn, come to know the code, talk to each other, and leave.
//!
//! **How it acts.** Each person leaves at a hazard that rises with distrust and with the time spent on duties.
//! Below its target a team looks for somebody, who comes after a delay, takes a while until the first change,
//! and is slow at first: speed = 1 − (1 − start) · exp(−time / ramp). Meanwhile a colleague is kept as a mentor.
//! Whom a dated size or a reorganisation brings comes at once, and is otherwise as new and as dear as any hire.
//! Work on code that one does not know is slower; working on it teaches it. Talking takes a share of time that
//! grows with the size of the team; a team of the typical size is neither slowed nor sped up.
//! **Parameters.** Below, with units; of a team: target, leaves, sharing. **Sources.** ST-1 to ST-8, ST-11 to
//! ST-14, DX-8; knowledge assumed.

mod growth;
mod record;
mod table;
mod turnover;

pub use table::{Communication, Params, Table};

use crate::cause::{Cause, Slower};
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::{Gauge, Instruments, instruments};
use crate::knowledge::Knowledge;
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::preset::{Preset, presets};
use crate::work::ItemId;
use kernel::math;
use kernel::streams::{Key, StreamId};
use kernel::units::{Instant, PersonId, TICKS_PER_HOUR, TeamId};
use record::{Onboarding, Record, Staff};

const STAY: StreamId = StreamId::named("people/stay");
const TENURE: StreamId = StreamId::named("people/tenure");
const KNOWN: StreamId = StreamId::named("people/known");

/// The tenure at which experience neither slows nor speeds, in years (assumed).
const USUAL_TENURE: f64 = 3.0;

#[derive(Clone)]
pub struct People {
    records: Vec<Record>,
    knowledge: Knowledge,
    staff: Vec<Staff>,
    /// When the next week begins.
    week_ends: Instant,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Comes { team: TeamId, key: Key },
    Begins { person: PersonId },
    Goes { person: PersonId },
    Leaves { team: TeamId, nth: u32, version: u32 },
}

const TALKING: Slower = Slower { label: "coordination", text: "slowed by talking to each other" };

instruments! {
    People:
    gauges {
        /// Share of the team's components that at most one of its people knows.
        SOLE_KNOWLEDGE,
    }
    counters {
        /// Hours that newcomers took of their colleagues.
        MENTORED,
    }
}

impl Mechanism for People {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const SLOWERS: &'static [Slower] = &[TALKING];
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "mentoring_per_year",
            title: "mentoring",
            unit: "hours per year",
            better: None,
            definition: "hours that newcomers took of their colleagues, a year",
            reads: Reads::Yearly(MENTORED),
        },
        Metric {
            name: "sole_knowledge",
            title: "single-person knowledge",
            unit: "share",
            better: Some(Better::Lower),
            definition: "components that at most one person of the team knows, weekly average",
            reads: Reads::Level(SOLE_KNOWLEDGE),
        },
    ];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> People {
        let teams = ctx.plan.teams.len();
        let mut people = People {
            records: Vec::new(),
            knowledge: Knowledge::default(),
            staff: vec![Staff::default(); teams],
            week_ends: ctx.now() + ctx.plan.week,
        };
        people.enrol(true, params, ctx);
        people.change_policy(params, ctx);
        people.begin_week(params, ctx);
        people
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.week_ends = ctx.now() + ctx.plan.week;
        self.begin_week(params, ctx);
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Comes { team, key } => self.comes(team, key, params, ctx),
            Event::Begins { person } => self.begins(person, ctx),
            Event::Goes { person } => self.goes(person, params, ctx),
            Event::Leaves { team, nth, version } => self.leave_at_date(team, nth, version, params, ctx),
        }
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let Some(record) = self.records.get(person.at()) else { return };
        let team = ctx.org.people[person.at()].team;
        let now = ctx.now();
        let item = &mut ctx.org.items[id];
        item.speed *= record.speed;
        let talk = self.staff[team.at()].talk;
        if talk < 1.0 {
            item.slow(const { TALKING.cause() }, 1.0 / talk);
        } else {
            item.speed *= talk;
        }
        let lacks = record.lacks(now, params);
        if lacks > 0.0 {
            item.slow(Cause::Learning, 1.0 / (1.0 - lacks));
        }
        if let Some(component) = item.component
            && ctx.plan.stages[item.stage.at()].writes_code
        {
            let strange = params.strange * (1.0 - self.knowledge.of(person, component));
            if strange > 0.0 {
                let strange = strange * undocumented(team, params, ctx);
                ctx.org.items[id].slow(Cause::Learning, 1.0 + strange);
            }
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Worked)
    }

    fn seeks_people(_: &Params) -> bool {
        true
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        let DomainEvent::Worked { item, stage, person } = *event else { return };
        let item = &ctx.org.items[item];
        if let Some(component) = item.component
            && ctx.plan.stages[stage.at()].writes_code
        {
            let hours = item.service_demand / TICKS_PER_HOUR as f64;
            self.knowledge.learn(person, component, hours, params.learn_hours);
        }
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        match event {
            Event::Begins { .. } | Event::Goes { .. } => Some(event),
            // Who is on the way and dates are put in anew by team.
            Event::Comes { .. } | Event::Leaves { .. } => None,
        }
    }

    /// What is known of people and what they know goes with them; who is on the way still comes.
    fn migrate(&mut self, migration: &Migration, params: &Params, ctx: &mut Context<'_>) {
        let plan = ctx.plan;
        let own = ctx.org.people.iter().map(|person| &plan.teams[person.team.at()].components);
        self.knowledge.follow(own, migration);
        self.staff_anew(migration, params, ctx);
        self.keep_setting_up(ctx);
        self.change_policy(params, ctx);
        for team in plan.engineering_teams() {
            self.publish_sole(team, ctx);
        }
    }

    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.welcome(params, ctx);
        for team in ctx.plan.engineering_teams() {
            self.date_leaves(team, ctx);
            self.refill(team, params, ctx);
            self.talk_in(team, params, ctx);
        }
    }
}

/// What a lack of documents does to whoever is new to something: 1 where they are as usual.
fn undocumented(team: TeamId, params: &Params, ctx: &Context<'_>) -> f64 {
    let level = ctx.org.teams[team.at()].gauge(Gauge::DOCUMENTS, 0.5);
    libm::exp2(params.documents * (1.0 - 2.0 * level))
}

impl People {
    /// A record for everybody who has none yet: founders have a tenure, and know some of the code.
    fn enrol(&mut self, founders: bool, params: &Params, ctx: &Context<'_>) {
        let (now, streams) = (ctx.now(), ctx.streams);
        for state in &ctx.org.people[self.records.len()..] {
            // Whoever is looked at anew, since a reorganisation brought people's coming and going in, is drawn anew.
            let key = state.key.pass(if founders { u64::from(ctx.org.moves) } else { 0 });
            let left = -math::ln(streams.uniform(STAY, key));
            let years = if params.hazard > 0.0 {
                1.0 / (params.hazard * params.hours_per_year)
            } else {
                USUAL_TENURE
            };
            let tenure = if founders { -math::ln(streams.uniform(TENURE, key)) * years } else { 0.0 };
            let known = |nth: u32| {
                let there = founders && streams.chance(params.known, KNOWN, key.nth(u64::from(nth)));
                f64::from(u8::from(there))
            };
            self.knowledge.add(&ctx.plan.teams[state.team.at()].components, known);
            let since_hours = now.hours() - tenure * params.hours_per_year;
            self.records.push(Record { onboarding: Onboarding::Done, since_hours, left, speed: 1.0 });
        }
    }

    /// The week's hazards, mentors, lessons and levels.
    fn begin_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.knowledge.fade(params.kept_a_week);
        for team in ctx.plan.engineering_teams() {
            self.measure_hazard(team, params, ctx);
            self.talk_in(team, params, ctx);
            self.refill(team, params, ctx);
            self.tend(team, params, ctx);
            let members = ctx.org.teams[team.at()].people.clone();
            for person in members {
                self.grow(person, params, ctx);
                self.look_ahead(person, ctx.plan.week, ctx);
                self.mentor(person, params, ctx);
            }
            self.share_knowledge(team, params, ctx);
            self.publish_sole(team, ctx);
        }
    }

    fn publish_sole(&self, team: TeamId, ctx: &mut Context<'_>) {
        let own = &ctx.plan.teams[team.at()].components;
        if !own.is_empty() {
            let sole = self.knowledge.sole(&ctx.org, team, own);
            ctx.org.teams[team.at()].set_gauge(SOLE_KNOWLEDGE, sole);
        }
    }
}
