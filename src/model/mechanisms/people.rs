//! People: they join, learn, come to know the code, talk to each other, and leave.
//!
//! **How it acts.** Each person leaves at a hazard that rises with distrust and with the time spent on duties.
//! Below its target a team looks for somebody, who comes after a delay, takes a while until the first change,
//! and is slow at first: speed = 1 − (1 − start) · exp(−time / ramp). Meanwhile a colleague is kept as a mentor.
//! Work on code that one does not know is slower; working on it teaches it. Talking takes a share of time that
//! grows with the size of the team; a team of the typical size is neither slowed nor sped up.
//! **Parameters.** Below, with units; of a team: target, leaves, sharing. **Sources.** ST-1 to ST-8, ST-11 to
//! ST-14, DX-8; knowledge assumed.

mod table;

pub use table::{Communication, Params, Table};

use crate::kernel::calendar::Rank;
use crate::kernel::luck::Purpose;
use crate::model::cause::Cause;
use crate::model::gauge::{Stock, Tally};
use crate::model::knowledge::Knowledge;
use crate::model::mechanism::{Mechanism, Turn};
use crate::model::moment::Moment;
use crate::model::people::seat;
use crate::model::staffing::{Leave, Who};
use crate::model::work::ItemId;
use crate::units::{Instant, PersonId, TICKS_PER_HOUR, TeamId, Ticks};

const STAY: Purpose = Purpose::named("people/stay");
const DELAY: Purpose = Purpose::named("people/delay");
const TENURE: Purpose = Purpose::named("people/tenure");
const KNOWN: Purpose = Purpose::named("people/known");

/// However much people talk, this share of their time is left.
const LEAST_LEFT: f64 = 0.1;
/// The tenure at which experience neither slows nor speeds, in years (assumed).
const USUAL_TENURE: f64 = 3.0;
/// A newcomer this close to full speed needs no mentor.
const GROWN: f64 = 0.05;

/// What is known of one person.
#[derive(Clone, Copy, Debug)]
struct Record {
    /// When a newcomer began to work; nothing for those who were there from the start.
    began: Option<Instant>,
    /// When they would have come, counted in hours; those of the start came before it.
    since_hours: f64,
    /// What is left of the accumulated hazard at which they go.
    left: f64,
    /// Speed by experience.
    speed: f64,
}

/// How one team stands.
#[derive(Clone, Debug, Default)]
struct Staff {
    /// People it ever had or looked for: numbers for the next.
    numbered: u64,
    /// Vacancies for which somebody is on the way.
    coming: u32,
    /// Its people's hazard of leaving this week, per hour.
    hazard: f64,
    /// Ticks on duties and of membership a week ago.
    duty: f64,
    membership: f64,
    /// Speed left by talking.
    talk: f64,
    /// Dated departures that stand in the calendar, and how often they were changed.
    leaves: Vec<Leave>,
    version: u32,
}

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
    Week,
    Comes { team: TeamId, nth: u64 },
    Begins { person: PersonId },
    Back { person: PersonId },
    Goes { person: PersonId },
    Leaves { team: TeamId, nth: u32, version: u32 },
}

impl Mechanism for People {
    type Params = Params;
    type Event = Event;

    fn start(params: &Params, turn: &mut Turn<'_>) -> People {
        let teams = turn.plan.teams.len();
        let mut people = People {
            records: Vec::new(),
            knowledge: Knowledge::default(),
            staff: vec![Staff { talk: 1.0, ..Staff::default() }; teams],
            week_ends: turn.now() + turn.plan.week,
        };
        people.enrol(true, params, turn);
        for team in (0..teams).map(TeamId::new) {
            people.staff[team.at()].numbered = turn.org.teams[team.at()].people.len() as u64;
        }
        people.change_course(params, turn);
        people.begin_week(params, turn);
        turn.after(turn.plan.week, Rank::Course, Event::Week);
        people
    }

    fn on(&mut self, event: Event, params: &Params, turn: &mut Turn<'_>) {
        match event {
            Event::Week => {
                self.week_ends = turn.now() + turn.plan.week;
                self.begin_week(params, turn);
                turn.after(turn.plan.week, Rank::Course, Event::Week);
            }
            Event::Comes { team, nth } => self.comes(team, nth, params, turn),
            Event::Begins { person } => {
                self.records[person.at()].began = Some(turn.now());
                turn.send_back_to_desk(person);
            }
            Event::Back { person } => turn.send_back_to_desk(person),
            Event::Goes { person } => self.goes(person, params, turn),
            Event::Leaves { team, nth, version } => self.leave_at_date(team, nth, version, params, turn),
        }
    }

    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, turn: &mut Turn<'_>) {
        let Some(record) = self.records.get(person.at()) else { return };
        let team = turn.org.people[person.at()].team;
        let now = turn.now();
        let item = &mut turn.org.items[id];
        item.speed *= record.speed;
        let talk = self.staff[team.at()].talk;
        if talk < 1.0 {
            item.slow(Cause::Coordination, 1.0 / talk);
        } else {
            item.speed *= talk;
        }
        let lacks = record.lacks(now, params);
        if lacks > 0.0 {
            item.slow(Cause::Learning, 1.0 / (1.0 - lacks));
        }
        if let Some(component) = item.component
            && turn.plan.stages[item.stage.at()].writes_code
        {
            let own = &turn.plan.teams[team.at()].components;
            let strange = params.strange * (1.0 - self.knowledge.of(person, own, component));
            if strange > 0.0 {
                let strange = strange * undocumented(team, params, turn);
                turn.org.items[id].slow(Cause::Learning, 1.0 + strange);
            }
        }
    }

    #[inline]
    fn hears(moment: &Moment) -> bool {
        matches!(moment, Moment::Worked { .. })
    }

    fn notice(&mut self, moment: &Moment, params: &Params, turn: &mut Turn<'_>) {
        let Moment::Worked { item, stage, person } = *moment else { return };
        let item = &turn.org.items[item];
        if let Some(component) = item.component
            && turn.plan.stages[stage.at()].writes_code
        {
            let own = &turn.plan.teams[turn.org.people[person.at()].team.at()].components;
            let hours = item.asked / TICKS_PER_HOUR as f64;
            self.knowledge.learn(person, own, component, hours, params.learn_hours);
        }
    }

    fn change_course(&mut self, params: &Params, turn: &mut Turn<'_>) {
        for team in turn.plan.engineering_teams() {
            self.date_leaves(team, turn);
            self.refill(team, params, turn);
            self.talk_in(team, params, turn);
        }
    }
}

impl Record {
    /// The part of full speed that a newcomer still lacks.
    #[inline]
    fn lacks(&self, now: Instant, params: &Params) -> f64 {
        let Some(began) = self.began else { return 0.0 };
        if params.ramp_hours <= 0.0 {
            return 0.0;
        }
        (1.0 - params.start) * libm::exp(-(now - began).hours() / params.ramp_hours)
    }
}

/// What a lack of documents does to whoever is new to something: 1 where they are as usual.
fn undocumented(team: TeamId, params: &Params, turn: &Turn<'_>) -> f64 {
    let level = turn.org.teams[team.at()].stock(Stock::Documents, 0.5);
    libm::exp2(params.documents * (1.0 - 2.0 * level))
}

impl People {
    /// A record for everybody who has none yet: founders have a tenure, and know some of the code.
    fn enrol(&mut self, founders: bool, params: &Params, turn: &Turn<'_>) {
        let (now, luck) = (turn.now(), turn.luck);
        for state in &turn.org.people[self.records.len()..] {
            let key = state.key;
            let left = -libm::log(luck.uniform(STAY, key));
            let years = if params.hazard > 0.0 {
                1.0 / (params.hazard * params.hours_per_year)
            } else {
                USUAL_TENURE
            };
            let tenure = if founders { -libm::log(luck.uniform(TENURE, key)) * years } else { 0.0 };
            let known = |nth: u32| {
                let there = founders && luck.chance(params.known, KNOWN, key.nth(u64::from(nth)));
                f64::from(u8::from(there))
            };
            self.knowledge.add(&turn.plan.teams[state.team.at()].components, known);
            let since_hours = now.hours() - tenure * params.hours_per_year;
            self.records.push(Record { began: None, since_hours, left, speed: 1.0 });
        }
    }

    /// The week's hazards, mentors, lessons and levels.
    fn begin_week(&mut self, params: &Params, turn: &mut Turn<'_>) {
        self.knowledge.fade(params.kept_a_week);
        for team in turn.plan.engineering_teams() {
            self.measure_hazard(team, params, turn);
            self.talk_in(team, params, turn);
            self.refill(team, params, turn);
            self.tend(team, params, turn);
            let members = turn.org.teams[team.at()].people.clone();
            for person in members {
                self.grow(person, params, turn);
                self.look_ahead(person, turn.plan.week, turn);
                self.mentor(person, params, turn);
            }
            self.share_knowledge(team, params, turn);
            let own = &turn.plan.teams[team.at()].components;
            if !own.is_empty() {
                let sole = self.knowledge.sole(turn.org, team, own);
                turn.org.teams[team.at()].set_stock(Stock::SoleKnowledge, sole);
            }
        }
    }
}

/// Leaving and coming.
impl People {
    /// The hazard of leaving, by trust and by the share of time on duties in the week that is over.
    fn measure_hazard(&mut self, team: TeamId, params: &Params, turn: &Turn<'_>) {
        let state = &turn.org.teams[team.at()];
        let staff = &mut self.staff[team.at()];
        let membership = state.membership + (turn.now() - state.counted).0 as f64 * state.people.len() as f64;
        let there = membership - staff.membership;
        let on_duty = turn.org.on_duty(team, turn.now());
        let called = if there > 0.0 { (on_duty - staff.duty) / there } else { 0.0 };
        (staff.duty, staff.membership) = (on_duty, membership);
        let distrust = state.stock(Stock::Mistrust, 0.0);
        staff.hazard = params.hazard * libm::exp(params.distrust * distrust + params.duties * called);
    }

    /// Whether somebody goes within this time: the hazard is constant in it, so the date is exact.
    fn look_ahead(&mut self, person: PersonId, time: Ticks, turn: &mut Turn<'_>) {
        let hazard = self.staff[turn.org.people[person.at()].team.at()].hazard;
        let Some(record) = self.records.get_mut(person.at()) else { return };
        let (left, spent) = (record.left, hazard * time.hours());
        record.left -= spent;
        if left > 0.0 && left <= spent {
            turn.after(Ticks::from_hours(left / hazard), Rank::Course, Event::Goes { person });
        }
    }

    fn goes(&mut self, person: PersonId, params: &Params, turn: &mut Turn<'_>) {
        if !turn.org.people[person.at()].present {
            return; // gone before, at a date
        }
        let team = turn.org.people[person.at()].team;
        turn.dismiss(person);
        self.talk_in(team, params, turn);
        self.refill(team, params, turn);
    }

    /// Looks for somebody for each place below the target that nobody is on the way to.
    fn refill(&mut self, team: TeamId, params: &Params, turn: &mut Turn<'_>) {
        let target = turn.plan.teams[team.at()].staffing.target as usize;
        let staff = &mut self.staff[team.at()];
        while turn.org.teams[team.at()].people.len() + (staff.coming as usize) < target {
            let nth = staff.numbered;
            staff.numbered += 1;
            staff.coming += 1;
            let hours = params.delay.draw(&turn.luck, DELAY, seat(&turn.plan.teams[team.at()], nth));
            turn.after(Ticks::from_hours(hours), Rank::Course, Event::Comes { team, nth });
        }
    }

    /// Somebody comes, unless the place is no longer wanted, and is off the desk until all is set up.
    fn comes(&mut self, team: TeamId, nth: u64, params: &Params, turn: &mut Turn<'_>) {
        self.staff[team.at()].coming -= 1;
        if turn.org.teams[team.at()].people.len() >= turn.plan.teams[team.at()].staffing.target as usize {
            return;
        }
        let person = turn.hire(team, seat(&turn.plan.teams[team.at()], nth));
        self.enrol(false, params, turn);
        turn.org.count(Tally::Spent, params.hire_hours);
        turn.take_away(person);
        let hours = params.first_change * undocumented(team, params, turn);
        turn.after(Ticks::from_hours(hours), Rank::Completion, Event::Begins { person });
        self.grow(person, params, turn);
        self.look_ahead(person, self.week_ends - turn.now(), turn);
        self.talk_in(team, params, turn);
    }

    /// Puts the dated departures of the present plan into the calendar, where they differ from those that stand there.
    fn date_leaves(&mut self, team: TeamId, turn: &mut Turn<'_>) {
        let leaves = &turn.plan.teams[team.at()].staffing.leaves;
        let staff = &mut self.staff[team.at()];
        if *leaves == staff.leaves {
            return;
        }
        staff.leaves.clone_from(leaves);
        staff.version += 1;
        let (version, now) = (staff.version, turn.now());
        for (nth, leave) in leaves.iter().enumerate().filter(|(_, leave)| leave.at >= now) {
            let event = Event::Leaves { team, nth: nth as u32, version };
            turn.after(leave.at - now, Rank::Course, event);
        }
    }

    fn leave_at_date(&mut self, team: TeamId, nth: u32, version: u32, params: &Params, turn: &mut Turn<'_>) {
        if version != self.staff[team.at()].version {
            return;
        }
        let leave = turn.plan.teams[team.at()].staffing.leaves[nth as usize];
        for _ in 0..leave.people {
            let Some(person) = self.foremost(team, leave.who, turn) else { return };
            self.goes(person, params, turn);
        }
    }

    fn foremost(&self, team: TeamId, who: Who, turn: &Turn<'_>) -> Option<PersonId> {
        let plan = &turn.plan.teams[team.at()];
        let rank = |person: &PersonId| match who {
            Who::MostSkilled => turn.org.people[person.at()].skill * self.records[person.at()].speed,
            Who::MostKnowing => self.knowledge.sum(*person, &plan.components),
            Who::Newest => self.records[person.at()].since_hours,
        };
        let people = turn.org.teams[team.at()].people.iter().copied();
        people.max_by(|a, b| rank(a).total_cmp(&rank(b)).then(b.cmp(a)))
    }
}

/// Learning, teaching and talking.
impl People {
    /// Speed by experience, against somebody of the usual tenure.
    fn grow(&mut self, person: PersonId, params: &Params, turn: &Turn<'_>) {
        let Some(record) = self.records.get_mut(person.at()) else { return };
        if params.experience > 0.0 {
            let years = (turn.now().hours() - record.since_hours) / params.hours_per_year;
            record.speed = libm::pow((1.0 + years.max(0.0)) / (1.0 + USUAL_TENURE), params.experience);
        }
    }

    /// What talking leaves of people's time, against a team of the typical size.
    fn talk_in(&mut self, team: TeamId, params: &Params, turn: &Turn<'_>) {
        let (one, exponent) = params.talk;
        let left = |size: f64| (1.0 - one * libm::pow(size, exponent)).max(LEAST_LEFT);
        let size = turn.org.teams[team.at()].people.len() as f64;
        self.staff[team.at()].talk = left(size) / left(params.typical_size);
    }

    /// Keeps the way to the first change short: somebody tends to it.
    fn tend(&mut self, team: TeamId, params: &Params, turn: &mut Turn<'_>) {
        let hours = params.halvings * params.upkeep_hours;
        if hours > 0.0 {
            turn.call_for(team, 1, Ticks::from_hours(hours), |person| Event::Back { person });
        }
    }

    /// A newcomer takes a colleague's time.
    fn mentor(&mut self, person: PersonId, params: &Params, turn: &mut Turn<'_>) {
        let Some(record) = self.records.get(person.at()) else { return };
        let lacks = record.lacks(turn.now(), params) / (1.0 - params.start).max(1e-9);
        if lacks < GROWN || params.mentor <= 0.0 {
            return;
        }
        let team = turn.org.people[person.at()].team;
        let mut called = Vec::new();
        turn.call_but(team, person, &mut called);
        let hours = params.mentor * lacks * turn.plan.week.hours();
        turn.org.count(Tally::Mentored, hours * called.len() as f64);
        keep(&called, hours, turn);
    }

    /// Whoever knows what fewest know shows it to whoever knows it least.
    fn share_knowledge(&mut self, team: TeamId, params: &Params, turn: &mut Turn<'_>) {
        let plan = &turn.plan.teams[team.at()];
        let hours = plan.staffing.sharing_hours;
        if hours <= 0.0 {
            return;
        }
        let Some((component, teacher, pupil)) = self.knowledge.lesson(turn.org, team, &plan.components)
        else {
            return;
        };
        let busy = |person: PersonId| turn.org.people[person.at()].duties > 0;
        if busy(teacher) || busy(pupil) {
            return;
        }
        turn.take_away(teacher);
        turn.take_away(pupil);
        keep(&[teacher, pupil], hours, turn);
        self.knowledge.learn(pupil, &plan.components, component, hours * params.shown, params.learn_hours);
    }
}

/// Keeps people for some hours who have been called.
fn keep(called: &[PersonId], hours: f64, turn: &mut Turn<'_>) {
    for person in called {
        turn.after(Ticks::from_hours(hours), Rank::Completion, Event::Back { person: *person });
    }
}
