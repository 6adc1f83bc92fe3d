//! A closed window on a replication: what the register of metrics reads.

use super::super::recorder::{Lead, Recorder, TimeSpent};
use kernel::units::{DAYS_PER_MONTH, TICKS_PER_HOUR};
use model::cause::Cause;
use model::compiled_plan::CompiledPlan;
use model::instrument::Counter;
use model::work::Class;
use model::worth::Values;
use statistics::interval;
use statistics::survival::Survival;

/// A closed window on a replication, ready to be measured.
pub struct Window<'a> {
    pub(super) recorder: &'a Recorder,
    pub(super) plan: &'a CompiledPlan,
    /// Hours of the work that was asked for and went live: request to live, ascending.
    pub(super) lead: Vec<f64>,
    /// Lead times of what was requested in the window; true where still open at its end.
    pub(super) cohort: Survival,
    /// Times to recovery; true where the incident is not over at its end.
    pub(super) recoveries: Survival,
}

impl<'a> Window<'a> {
    pub fn new(recorder: &'a Recorder, plan: &'a CompiledPlan) -> Window<'a> {
        let kinds = recorder.accounts.kinds.iter().zip(&plan.kinds).filter(|(_, kind)| kind.is_headline);
        let mut leads: Vec<Lead> = kinds.flat_map(|(kind, _)| kind.leads.iter().copied()).collect();
        leads.sort(); // which is quick where it is in order, or in order but for some joins
        let lead = leads.iter().map(|lead| lead.hours()).collect();
        let of_window = leads.iter().filter(|lead| lead.is_of_window());
        let mut cohort: Vec<(f64, bool)> = of_window.map(|lead| (lead.hours(), false)).collect();
        cohort.extend(recorder.open_ages.iter().map(|age| (*age, true)));
        let (cohort, recoveries) = (Survival::of(cohort), Survival::of(recorder.recoveries.clone()));
        Window { recorder, plan, lead, cohort, recoveries }
    }

    /// Hours as working days.
    pub(super) fn days(&self, hours: f64) -> f64 {
        hours / self.plan.day.hours()
    }

    /// What was turned away over that and what was committed to.
    pub(super) fn share_turned_away(&self) -> f64 {
        let accounts = &self.recorder.accounts;
        accounts.turned_away as f64 / (accounts.turned_away + accounts.taken_on) as f64
    }

    pub(super) fn years(&self) -> f64 {
        self.recorder.hours() / self.plan.year.hours()
    }

    pub(super) fn weeks(&self) -> f64 {
        self.recorder.hours() / self.plan.week.hours()
    }

    pub(super) fn lead_days(&self, p: f64) -> f64 {
        self.days(interval::percentile(&self.lead, p))
    }

    /// Changes of a class, or of all others, that went live a week, beside the work that was asked for.
    pub(super) fn beside_a_week(&self, unplanned: bool) -> f64 {
        let kinds = self.recorder.accounts.kinds.iter().zip(&self.plan.kinds);
        let beside = kinds.filter(|(_, kind)| kind.is_change && !kind.is_headline);
        let of_class = beside.filter(|(_, kind)| (kind.class == Class::Unplanned) == unplanned);
        of_class.map(|(counts, _)| counts.done).sum::<u64>() as f64 / self.weeks()
    }

    /// Value under a value model, in engineer-months.
    pub(super) fn value(&self, model: usize) -> f64 {
        self.months(self.recorder.gross_value()[model] - self.recorder.harm()[model])
    }

    /// Of something under the value model that policies are judged by, its engineer-months.
    pub(super) fn main(&self, values: Values) -> f64 {
        self.months(values[self.main_model()])
    }

    /// Engineer-hours as engineer-months of 21 working days.
    pub(super) fn months(&self, hours: f64) -> f64 {
        self.days(hours) / DAYS_PER_MONTH
    }

    pub(super) fn main_model(&self) -> usize {
        self.plan.value.as_ref().map_or(0, |value| value.model)
    }

    /// Time in the window until what was to end the replication; ∞ where that was not reached, not a number where
    /// nothing was to.
    pub(super) fn completion(&self) -> f64 {
        match self.recorder.reached {
            None => f64::NAN,
            Some(true) => self.recorder.hours(),
            Some(false) => f64::INFINITY,
        }
    }

    /// The share of the changes requested in the window that are live within one of the spans asked about; not a number
    /// where too little was seen to tell.
    pub(super) fn done_within(&self, nth: usize) -> f64 {
        let Some(hours) = self.plan.within.get(nth).copied() else { return f64::NAN };
        let cohort = &self.cohort;
        let all_done = cohort.steps.last().is_some_and(|(_, open)| *open <= 1e-12);
        // Where none of those that came early enough is still open, the curve goes on as it was last seen.
        let came_early = self.recorder.hours() >= hours && cohort.finished > 0;
        let is_known = cohort.longest >= hours || all_done || came_early;
        if is_known { 1.0 - cohort.open_after(hours) } else { f64::NAN }
    }

    pub(super) fn time_share(
        &self,
        part: impl Fn([f64; 3], f64) -> f64,
        of: impl Fn([f64; 3], f64) -> f64,
    ) -> f64 {
        let spent = |read: &dyn Fn([f64; 3], f64) -> f64| -> f64 {
            self.recorder
                .accounts
                .spent
                .iter()
                .zip(&self.plan.teams)
                .filter(|(_, team)| !team.is_leader)
                .map(|(spent, _)| read(spent.worked, spent.on_duty))
                .sum()
        };
        spent(&part) / spent(&of)
    }

    /// Ticks that people are there for, leaders left out.
    pub(super) fn paid_ticks(&self) -> f64 {
        self.of_teams(|spent| spent.there)
    }

    pub(super) fn of_teams(&self, read: impl Fn(&TimeSpent) -> f64) -> f64 {
        let teams = self.recorder.accounts.spent.iter().zip(&self.plan.teams);
        teams.filter(|(_, team)| !team.is_leader).map(|(spent, _)| read(spent)).sum()
    }

    /// What people and money spent on other things come to, in engineer-months.
    pub(super) fn cost(&self) -> f64 {
        let present = self.paid_ticks() / TICKS_PER_HOUR as f64;
        self.months(present + self.sum(Counter::SPENT))
    }

    /// Value or cost of the time after the window, in engineer-months.
    pub(super) fn run_off(&self, nth: usize) -> f64 {
        self.recorder.run_off.map_or(f64::NAN, |months| months[nth])
    }

    /// What a policy is judged by in a window: its value and its cost, in engineer-months.
    pub fn returns(&self) -> [f64; 2] {
        [self.value(self.main_model()), self.cost()]
    }

    /// Ticks for which somebody's hands were on what was asked for and went live.
    pub(super) fn touch(&self) -> u64 {
        let touched = Cause::ALL.iter().filter(|cause| cause.is_touch());
        touched.map(|cause| self.recorder.accounts.causes[cause.at()]).sum()
    }

    pub(super) fn sum(&self, counter: Counter) -> f64 {
        self.recorder.counters[counter.at()]
    }

    /// A counter as a number a year.
    pub(super) fn per_year(&self, counter: Counter) -> f64 {
        self.sum(counter) / self.years()
    }
}

/// A percentile of times of which some are not over. Where it lies among those, all that is known is that it is longer
/// than the longest time seen: then it is ∞.
pub(super) fn survived(times: &Survival, p: f64) -> f64 {
    let nothing = times.finished + times.censored == 0;
    if nothing { f64::NAN } else { times.quantile(p).unwrap_or(f64::INFINITY) }
}

/// The same, and where it is ∞ the least it can be.
pub(super) fn survived_least(times: &Survival, p: f64) -> f64 {
    let value = survived(times, p);
    if value == f64::INFINITY { times.longest } else { value }
}
