//! THE REGISTER of what is measured of a part of the organisation, and from week to week: one entry each, with its
//! name, unit and definition. What is measured of the whole stands in [`metrics`](super::metrics).

use super::percentile::{Waits, mean};
use super::recorder::{Recorder, TimeSpent};
use super::stocks;
use kernel::units::Ticks;
use model::accounts::{KindCounts, StageTimes};
use model::compiled_plan::CompiledPlan;
use model::organisation::Organisation;
use statistics::interval::percentile;

/// Something that is measured; `R` reads it.
pub struct Quantity<R> {
    /// The last part of the column's name: lower case, the unit last.
    pub name: &'static str,
    pub unit: &'static str,
    pub definition: &'static str,
    pub read: R,
}

/// A kind of work, at the end of a window.
pub struct Kind<'a> {
    counts: &'a KindCounts,
    /// Hours of the items that went live from request to then, ascending, and their mean.
    lead: Vec<f64>,
    mean: f64,
    recorder: &'a Recorder,
    /// Hours of a working day.
    day: f64,
}

impl<'a> Kind<'a> {
    pub fn new(counts: &'a KindCounts, recorder: &'a Recorder, day: f64) -> Kind<'a> {
        let lead: Vec<f64> = counts.leads.iter().map(|lead| lead.hours()).collect();
        let mean = mean(&lead);
        Kind { counts, lead, mean, recorder, day }
    }

    fn days(&self, p: f64) -> f64 {
        percentile(&self.lead, p) / self.day
    }

    fn variance(&self) -> f64 {
        let squares = self.lead.iter().map(|lead| (lead - self.mean) * (lead - self.mean));
        squares.sum::<f64>() / self.lead.len() as f64
    }

    /// A sum over those that had been begun, for each of them.
    fn each_begun(&self, ticks: u64) -> f64 {
        Ticks(ticks).hours() / self.counts.begun as f64 / self.day
    }

    fn end(&self, hours: Option<&f64>) -> f64 {
        hours.map_or(f64::NAN, |hours| hours / self.day)
    }
}

/// A stage, at the end of a window.
pub struct Stage<'a> {
    pub times: &'a StageTimes,
    pub waits: &'a Waits,
    /// Hours of a working day.
    pub day: f64,
}

impl Stage<'_> {
    fn visits(&self) -> f64 {
        (self.times.visits + self.times.returned) as f64
    }

    fn variance(&self, count: u64, sum: f64, squared: f64) -> f64 {
        let mean = sum / count as f64;
        (squared / count as f64 - mean * mean) / (self.day * self.day)
    }
}

/// A replication that is looked at, at the end of a week or of several.
pub struct Look<'a> {
    pub weeks: u64,
    /// Value returned so far, in engineer-hours.
    pub value: f64,
    pub optionality: f64,
    pub org: &'a Organisation,
    pub plan: &'a CompiledPlan,
}

macro_rules! quantities {
    ($(#[$about:meta] $register:ident: $part:ty => $number:ty {
        $($name:ident, $unit:literal, $definition:literal, $read:expr;)+
    })+) => {$(
        #[$about]
        pub const $register: &[Quantity<fn(&$part) -> $number>] = &[$(Quantity {
            name: stringify!($name),
            unit: $unit,
            definition: $definition,
            read: $read,
        }),+];
    )+};
}

quantities! {
    /// Of each kind of work.
    KINDS: Kind<'_> => f64 {
        arrived, "items", "items that came in the window", |it| it.counts.arrived as f64;
        done, "items", "items that went live in the window", |it| it.counts.done as f64;
        dropped, "items", "items refused, given up or killed in the window",
            |it| it.counts.dropped.iter().sum::<u64>() as f64;
        throughput_per_day, "per working day", "items that went live a working day",
            |it| it.counts.done as f64 / (it.recorder.hours() / it.day);
        lead_time_mean_days, "working days", "request to live, mean", |it| it.mean / it.day;
        lead_time_variance_days2, "working days squared", "request to live, variance over items",
            |it| it.variance() / (it.day * it.day);
        lead_time_p50_days, "working days", "request to live, half took at most this", |it| it.days(0.5);
        lead_time_p95_days, "working days", "request to live, 95 % took at most this", |it| it.days(0.95);
        cycle_time_mean_days, "working days", "first begun with, by people or machines, to live, mean",
            |it| it.each_begun(it.counts.cycle);
        backlog_mean_days, "working days", "request to first begun with, mean", |it| it.each_begun(it.counts.backlog);
        open_mean, "items", "items open, time average", |it| it.recorder.average(it.counts.open);
        lead_time_p85_days, "working days", "request to live, 85 % took at most this", |it| it.days(0.85);
        lead_time_least_days, "working days", "request to live, the least", |it| it.end(it.lead.first());
        lead_time_greatest_days, "working days", "request to live, the greatest", |it| it.end(it.lead.last());
    }

    /// Of each stage.
    STAGES: Stage<'_> => f64 {
        visits, "visits", "visits to the stage", |it| it.visits();
        stay_mean_days, "working days", "from coming to the stage to leaving it, mean",
            |it| it.times.stay / it.times.visits as f64 / it.day;
        stay_variance_days2, "working days squared", "from coming to the stage to leaving it, variance",
            |it| it.variance(it.times.visits, it.times.stay, it.times.stay_squared);
        wait_mean_days, "working days", "from coming to the stage to the first work or run there, mean",
            |it| it.times.wait / it.times.waits as f64 / it.day;
        wait_variance_days2, "working days squared",
            "from coming to the stage to the first work or run there, variance",
            |it| it.variance(it.times.waits, it.times.wait, it.times.wait_squared);
        returned_share, "share", "visits that ended in being sent back over all visits",
            |it| it.times.returned as f64 / it.visits();
        wait_p50_days, "working days",
            "from coming to the stage to the first work or run there, half waited at most this", |it| it.waits.p50 / it.day;
        wait_p85_days, "working days",
            "from coming to the stage to the first work or run there, 85 % waited at most this", |it| it.waits.p85 / it.day;
        wait_p95_days, "working days",
            "from coming to the stage to the first work or run there, 95 % waited at most this", |it| it.waits.p95 / it.day;
        no_wait_share, "share",
            "visits in which the first work began at the instant of coming, over all in which it began",
            |it| it.waits.none;
    }

    /// Of each team.
    TEAMS: TimeSpent => f64 {
        utilisation, "share", "time people had work on the desk over all working time",
            |it| it.worked.iter().sum::<f64>() / it.there;
        duty, "share", "time people were on duties such as incidents and meetings over all working time",
            |it| it.on_duty / it.there;
        health_share, "share", "hours on paying back debt over hours on planned work",
            |it| it.worked[1] / (it.worked[0] + it.worked[1]);
        slack, "share", "time in which people could start nothing that was planned over all working time",
            |it| it.slack / it.there;
    }

    /// What the draws of the window came to above their means: 0 on average, whatever a policy does.
    LUCK: Recorder => f64 {
        gaps, "hours", "hours by which gaps between arrivals were drawn longer than their mean; 0 on average",
            |it| it.luck()[0];
        sizes, "hours", "hours by which items were drawn larger than their mean; 0 on average", |it| it.luck()[1];
        value, "engineer-hours an hour",
            "rate of earning by which items were drawn better than their mean; 0 on average", |it| it.luck()[2];
    }

    /// Of each week, or of each of several.
    SERIES: Look<'_> => f32 {
        debt_density, "share", "effort to repair all debt over effort in the code",
            |look| stocks::debt_density(look.org) as f32;
        incidents, "incidents", "incidents opened, a week",
            |look| look.org.accounts.incidents_lately as f32 / look.weeks as f32;
        build_minutes, "minutes", "minutes of a build, averaged over components",
            |look| stocks::build_minutes(look.org, look.plan) as f32;
        value, "engineer-hours", "lifetime value of what went live so far, less harm so far", |look| look.value as f32;
        arrived, "items", "work that was asked for, since the fork and open there", |look| look.org.accounts.flow[0] as f32;
        started, "items", "of these, those begun", |look| look.org.accounts.flow[1] as f32;
        built, "items", "of these, those built", |look| look.org.accounts.flow[2] as f32;
        done, "items", "of these, those that went live", |look| look.org.accounts.flow[3] as f32;
        optionality, "share", "share of work not yet begun that touches no cornered component",
            |look| look.optionality as f32;
    }
}
