//! What a scenario says of people: the table as written, and as compiled.

use crate::compile_context::CompileContext;
use kernel::distribution::Distribution;
use kernel::math;
use kernel::units::DAYS_PER_MONTH;
use notation::{self, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Clone, Debug)]
pub struct Params {
    /// Departures per hour of a person where trust is usual and nobody is called away.
    pub hazard: f64,
    pub distrust: f64,
    pub duties: f64,
    /// Hours from vacancy to arrival, and engineer-hours of money each hire costs.
    pub delay: Distribution,
    pub hire_hours: f64,
    /// Hours until a newcomer pulls; how often those were halved; what holding each halving takes a week.
    pub first_change: f64,
    pub halvings: f64,
    pub upkeep_hours: f64,
    /// Speed at first, and the hours in which what is missing falls to 1/e.
    pub start: f64,
    pub ramp_hours: f64,
    /// Share of a colleague's time that a newcomer takes at first.
    pub mentor: f64,
    /// Exponent of (1 + years) in a person's speed.
    pub experience: f64,
    /// Chance that somebody knows a component at the start; slowness of a strange one; hours to learn it.
    pub known: f64,
    pub strange: f64,
    pub learn_hours: f64,
    pub shown: f64,
    /// The part of what is known that is left after a week.
    pub kept_a_week: f64,
    /// What documents do: a full unit above usual halves delay and strangeness this many times.
    pub documents: f64,
    /// Share of time that one person spends on talking, and the exponent of the team's size.
    pub talk: (f64, f64),
    pub typical_size: f64,
    pub hours_per_year: f64,
}

/// How people join, learn, come to know the code, talk to each other, and leave.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["hiring", "hire", "recruiting", "turnover", "attrition", "quit"]))]
pub struct Table {
    /// Chance that a person leaves within a year (ST-12), where trust is usual and nobody is called
    /// away. Takes effect at the next week.
    pub leaving: Share,
    /// Added to the log of that hazard per unit that trust lies below what is usual.
    #[schemars(range(min = 0.0, max = 20.0))]
    pub distrust: f64,
    /// Added to the log of that hazard per unit of time spent on duties: at 2, half of all time
    /// on duties makes people leave e times as often.
    #[schemars(range(min = 0.0, max = 20.0))]
    pub duties: f64,
    /// Working time from a vacancy until somebody comes (ST-3). Takes effect at the next vacancy.
    pub delay: notation::DurationDistribution,
    /// What a hire costs, in engineer-months of cost (ST-13). Takes effect at the next hire.
    #[schemars(range(min = 0.0, max = 1e3))]
    pub hire_cost: f64,
    /// Working time from the first day until the first change can be made. Takes effect at the next hire.
    #[schemars(extend("x-said" = ["onboarding", "ramp-up", "newcomer", "junior", "mentoring"]))]
    pub first_change: Span,
    /// That time, where nobody tends to it.
    pub untended: Span,
    /// Time a week in which somebody of the team tends to it, for each halving of that time.
    pub upkeep: Span,
    /// What makes the first change quick makes what follows easier: the ramp and the mentor's share are multiplied by
    /// (`first_change` / 1 week) to this power. Takes effect at the next stage of work, and the next week.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 3.0))]
    pub eases: f64,
    /// Speed of a newcomer's first work against full speed (ST-1 to ST-3). Takes effect at the next stage of work.
    pub start: Share,
    /// Working time in which what a newcomer lacks falls to 1/e (ST-1, ST-3, ST-8).
    #[schemars(extend("x-said" = ["onboarding", "ramp-up", "newcomer", "junior", "mentoring"]))]
    pub ramp: Span,
    /// The share of a colleague's time that a newcomer takes at first; it fades as what they lack (ST-1).
    #[schemars(extend("x-said" = ["onboarding", "ramp-up", "newcomer", "junior", "mentoring"]))]
    pub mentor: Share,
    /// Speed grows as (1 + years in the organisation) to this power, 1 at three years (ST-14).
    #[schemars(range(min = 0.0, max = 2.0))]
    pub experience: f64,
    /// Chance that somebody who is there from the start knows a component of the team's code.
    pub known: Share,
    /// Work on a component that one does not know at all takes 1 + this as long. Takes effect at the next
    /// stage of work.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub strange: f64,
    /// Hours of work on a component until 1/e of it is still strange.
    pub learn: Span,
    /// Working time in which half of what one knows of a component is forgotten, or out of date.
    pub forget: Span,
    /// An hour of being shown a component teaches as much as this many hours of working on it.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub shown: f64,
    /// Documents as good as can be halve the time to the first change and strangeness this many times.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub documents: f64,
    /// How the time that talking takes grows with the size of the team.
    pub communication: Communication,
    /// The size of team that `attention` speaks of: it is neither slowed nor sped up.
    #[schemars(range(min = 0.0, max = 1e4))]
    pub typical_size: f64,
}

/// The share of time that talking takes in a team of n, by name or as numbers.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Communication {
    /// None of it depends on the size.
    None,
    /// 3.9 % · n^0.61, as measured (ST-5).
    Power,
    /// 0.06 % · n², as in the models of Brooks's law (ST-1 to ST-3).
    Square,
    /// `one` · n^`exponent`.
    Law {
        /// The share of time that talking takes in a team of one.
        one: Share,
        /// The power of the number of people by which it grows, a plain number.
        #[schemars(range(min = 0.0, max = 5.0))]
        exponent: f64,
    },
}

impl Communication {
    fn numbers(self) -> (f64, f64) {
        match self {
            Communication::None => (0.0, 1.0),
            Communication::Power => (math::exp(1.35) / 100.0, 0.61),
            Communication::Square => (0.0006, 2.0),
            Communication::Law { one, exponent } => (one.fraction(), exponent),
        }
    }
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let calendar = ctx.calendar;
        let hours_per_year = calendar.days_per_year * calendar.hours_per_day;
        if self.leaving.fraction() >= 1.0 {
            ctx.problems.error("people.leaving", "nobody would ever stay: it must be below 100 %");
        }
        if self.start.fraction() <= 0.0 {
            ctx.problems.error("people.start", "a newcomer would never begin: it must be above 0 %");
        }
        let week = calendar.hours_per_day * calendar.days_per_week;
        let (first, untended) = (ctx.hours(self.first_change), ctx.hours(self.untended));
        let eased = if self.eases > 0.0 { libm::pow(first / week, self.eases) } else { 1.0 };
        Params {
            hazard: -libm::log1p(-self.leaving.fraction().min(0.999_999)) / hours_per_year,
            distrust: self.distrust,
            duties: self.duties,
            delay: ctx.distribution("people.delay", &self.delay),
            hire_hours: self.hire_cost * DAYS_PER_MONTH * calendar.hours_per_day,
            first_change: first,
            // Below a minute nothing is left to halve.
            halvings: libm::log2(untended / first.max(1.0 / 60.0)).max(0.0),
            upkeep_hours: ctx.hours(self.upkeep),
            start: self.start.fraction().max(1e-3),
            ramp_hours: eased * ctx.hours(self.ramp),
            mentor: (eased * self.mentor.fraction()).min(1.0),
            experience: self.experience,
            known: self.known.fraction(),
            strange: self.strange,
            learn_hours: ctx.hours(self.learn),
            shown: self.shown,
            kept_a_week: libm::exp2(-week / ctx.period("people.forget", self.forget).hours()),
            documents: self.documents,
            talk: self.communication.numbers(),
            typical_size: self.typical_size,
            hours_per_year,
        }
    }
}
