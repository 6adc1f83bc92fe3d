//! THE REGISTER of metrics: one entry each, with its name, unit, direction and definition.
//!
//! What a mechanism keeps is told by metrics that stand in its file (`model::metric`). They come last, in the order of
//! the mechanisms' register, but for those that had their place among the others: a name alone keeps it.

mod declared;
mod window;

pub use window::Window;
use window::{survived, survived_least};

use super::percentile::{mean, median};
use kernel::units::TICKS_PER_HOUR;
use model::instrument::Counter;
use model::metric::Reads;
use statistics::verdict::Direction;

use Direction::{HigherIsBetter, LowerIsBetter};

/// What is measured of one replication's window.
#[derive(Clone, Copy)]
pub struct Metric {
    /// The column's name: lower case, the unit last.
    pub name: &'static str,
    /// The words used in tables, charts, objectives and guardrails.
    pub title: &'static str,
    pub unit: &'static str,
    /// Which way is good; `None` where neither is.
    pub better: Option<Direction>,
    pub definition: &'static str,
    read: Read,
}

#[derive(Clone, Copy)]
enum Read {
    Window(fn(&Window<'_>) -> f64),
    /// What a mechanism keeps.
    Kept(Reads),
}

impl Metric {
    /// Its value in a closed window; not a number where the window has nothing to measure.
    pub fn read(&self, window: &Window<'_>) -> f64 {
        match self.read {
            Read::Window(read) => read(window),
            Read::Kept(Reads::Level(gauge)) => window.recorder.level(gauge),
            Read::Kept(Reads::Yearly(counter)) => window.per_year(counter),
            Read::Kept(Reads::Quarterly(counter)) => window.per_year(counter) / 4.0,
            Read::Kept(Reads::EachChange(counter)) => {
                window.sum(counter) / window.recorder.accounts.changes as f64
            }
        }
    }
}

/// What metrics were called before, for scenarios and records that still do, each with its name.
const FORMER: &[(&str, &str)] = &[
    ("dear mistakes", "dear_mistakes"),
    ("undone mistakes", "cheap_mistakes"),
    ("work turned away", "dropped_per_week"),
    ("share turned away", "refused_share"),
    ("knowledge held by one", "sole_knowledge"),
    ("time observed", "observed_days"),
];

/// The metric with this name or title, whatever its letters' case.
pub fn find(words: &str) -> Option<usize> {
    let words = words.trim();
    let former = FORMER.iter().find(|(title, _)| title.eq_ignore_ascii_case(words));
    let words = former.map_or(words, |(_, name)| name);
    METRICS.iter().position(|metric| {
        metric.name.eq_ignore_ascii_case(words) || metric.title.eq_ignore_ascii_case(words)
    })
}

/// What metrics were called before; scenarios may still say so.
pub fn former_titles() -> impl Iterator<Item = &'static str> {
    FORMER.iter().map(|(title, _)| *title)
}

/// How many spans can be asked about, the share of changes done within each being a metric.
pub const MOST_SPANS: usize = 4;

/// The metric of the share done within the nth span asked about, from 0.
pub fn within(nth: usize) -> Option<usize> {
    let first = find("done_within_1_share")?;
    (nth < MOST_SPANS).then_some(first + nth)
}

/// Metrics that may lie beyond the window, where they are +∞, each with the metric that then says the least it can be.
const CENSORED: &[(&str, &str)] = &[
    ("cohort_lead_time_p85_days", "cohort_lead_time_p85_at_least_days"),
    ("recovery_time_p50_hours", "recovery_time_p50_at_least_hours"),
    ("completion_days", "completion_at_least_days"),
];

/// The metric that says the least another can be where that lies beyond the window; nothing for what never does.
pub fn least(metric: usize) -> Option<usize> {
    let (_, least) =
        CENSORED.iter().find(|(name, _)| Some(*name) == METRICS.get(metric).map(|metric| metric.name))?;
    find(least)
}

/// A place among the columns: an entry here, or the name of one that a mechanism declares.
struct ColumnPlace {
    name: &'static str,
    entry: Option<Metric>,
}

macro_rules! metrics {
    ($($name:ident $(, $title:literal, $unit:literal, $better:expr, $definition:literal, $read:expr)?;)+) => {
        /// Headline first.
        const PLACES: &[ColumnPlace] = &[$({
            let name = stringify!($name);
            let entry: &[Metric] = &[$(Metric {
                name: stringify!($name),
                title: $title,
                unit: $unit,
                better: $better,
                definition: $definition,
                read: Read::Window($read),
            })?];
            ColumnPlace { name, entry: entry.first().copied() }
        }),+];
    };
}

/// Every metric, headline first.
pub const METRICS: &[Metric] = &declared::all();

metrics! {
    value_months, "value", "engineer-months", Some(HigherIsBetter),
        "what went live in the window is worth over its whole life, later earnings discounted, less harm of incidents",
        |w| w.value(w.main_model());
    value_less_debt_months, "value less debt", "engineer-months", Some(HigherIsBetter),
        "value less the effort it would take to repair the debt left at the end",
        |w| w.value(w.main_model()) - w.months(w.recorder.end_principal.max(0.0));
    lead_time_mean_days, "lead time mean", "working days", Some(LowerIsBetter),
        "request to live, work that was asked for and went live in the window",
        |w| w.days(mean(&w.lead));
    lead_time_p50_days, "lead time p50", "working days", Some(LowerIsBetter),
        "half of the work that was asked for and went live took at most this from request to live", |w| w.lead_days(0.5);
    lead_time_p85_days, "lead time p85", "working days", Some(LowerIsBetter),
        "85 % of the work that was asked for and went live took at most this from request to live", |w| w.lead_days(0.85);
    lead_time_p95_days, "lead time p95", "working days", Some(LowerIsBetter),
        "95 % of the work that was asked for and went live took at most this from request to live", |w| w.lead_days(0.95);
    committed_time_mean_days, "lead time from commitment mean", "working days", Some(LowerIsBetter),
        "commitment to live, work that was asked for and went live in the window; committed when its initiative is begun, when it enters the first column of its route, or when it is begun itself",
        |w| w.days(w.recorder.committed.0);
    committed_time_p50_days, "lead time from commitment p50", "working days", Some(LowerIsBetter),
        "half of the work that was asked for and went live took at most this from commitment to live",
        |w| w.days(w.recorder.committed.1.p50);
    committed_time_p85_days, "lead time from commitment p85", "working days", Some(LowerIsBetter),
        "85 % of the work that was asked for and went live took at most this from commitment to live",
        |w| w.days(w.recorder.committed.1.p85);
    committed_time_p95_days, "lead time from commitment p95", "working days", Some(LowerIsBetter),
        "95 % of the work that was asked for and went live took at most this from commitment to live",
        |w| w.days(w.recorder.committed.1.p95);
    refused_share, "share refused", "share", Some(LowerIsBetter),
        "of what was asked for, what was refused, displaced, given up or killed in the window over that and what was committed to in it; initiatives that are wanted as wholes count once",
        |w| w.share_turned_away();
    cohort_lead_time_p85_days, "cohort lead time p85", "working days", Some(LowerIsBetter),
        "lead time p85 of what was asked for in the window, open ones counted as censored (Kaplan–Meier)",
        |w| w.days(survived(&w.cohort, 0.85));
    cohort_lead_time_p85_at_least_days, "cohort lead time p85, at least", "working days", None,
        "the same, and where that lies beyond the window the longest time seen: all that is known is that it is longer",
        |w| w.days(survived_least(&w.cohort, 0.85));
    lead_time_least_days, "shortest lead time", "working days", Some(LowerIsBetter),
        "the least time from request to live of the work that was asked for and went live",
        |w| w.days(w.lead.first().copied().unwrap_or(f64::NAN));
    lead_time_greatest_days, "longest lead time", "working days", Some(LowerIsBetter),
        "the greatest time from request to live of the work that was asked for and went live",
        |w| w.days(w.lead.last().copied().unwrap_or(f64::NAN));
    done_within_1_share, "share done within the 1st span", "share", Some(HigherIsBetter),
        "share of what was asked for in the window that is live within the 1st span of measure.within, open ones counted as censored (Kaplan–Meier)",
        |w| w.done_within(0);
    done_within_2_share, "share done within the 2nd span", "share", Some(HigherIsBetter),
        "the same for the 2nd span of measure.within", |w| w.done_within(1);
    done_within_3_share, "share done within the 3rd span", "share", Some(HigherIsBetter),
        "the same for the 3rd span of measure.within", |w| w.done_within(2);
    done_within_4_share, "share done within the 4th span", "share", Some(HigherIsBetter),
        "the same for the 4th span of measure.within", |w| w.done_within(3);
    completion_days, "completion date", "working days", Some(LowerIsBetter),
        "time from the end of the warm-up to what `stop` says: no work left, or so many items done; beyond the window where that is not reached",
        |w| w.days(w.completion());
    completion_at_least_days, "completion date, at least", "working days", None,
        "the same, and where that lies beyond the window the length of the window: all that is known is that it is later",
        |w| if w.completion().is_nan() { f64::NAN } else { w.days(w.recorder.hours()) };
    wait_p50_days, "wait p50", "working days", Some(LowerIsBetter),
        "half of the work that was asked for and begun in the window waited at most this from request to then",
        |w| w.days(w.recorder.first_waits.p50);
    wait_p85_days, "wait p85", "working days", Some(LowerIsBetter),
        "85 % of the work that was asked for and begun in the window waited at most this from request to then",
        |w| w.days(w.recorder.first_waits.p85);
    wait_p95_days, "wait p95", "working days", Some(LowerIsBetter),
        "95 % of the work that was asked for and begun in the window waited at most this from request to then",
        |w| w.days(w.recorder.first_waits.p95);
    no_wait_share, "share begun at once", "share", Some(HigherIsBetter),
        "share of the work that was asked for and begun in the window that was at the instant of its request",
        |w| w.recorder.first_waits.none;
    change_lead_time_p50_days, "change lead time p50", "working days", Some(LowerIsBetter),
        "DORA's lead time for changes: first build to live, all changes",
        |w| w.days(median(w.recorder.accounts.since_coded.clone()));
    cycle_time_p50_days, "cycle time p50", "working days", Some(LowerIsBetter),
        "first begun, by people or whatever else serves it, to live, work that was asked for",
        |w| w.days(median(w.recorder.accounts.since_begun.clone()));
    deployments_per_week, "deployment frequency", "per week", Some(HigherIsBetter),
        "deployments to production a week, all teams", |w| w.recorder.accounts.deployments as f64 / w.weeks();
    change_failure_rate, "change failure rate", "share", Some(LowerIsBetter),
        "deployments that failed in production over deployments",
        |w| w.recorder.accounts.failed_deployments as f64 / w.recorder.accounts.deployments as f64;
    recovery_time_p50_hours, "recovery time", "hours", Some(LowerIsBetter),
        "half of the incidents took at most this from failure to recovery, those not over counted as censored (Kaplan–Meier)",
        |w| survived(&w.recoveries, 0.5);
    recovery_time_p50_at_least_hours, "recovery time, at least", "hours", None,
        "the same, and where that lies beyond the window the longest time seen: all that is known is that it is longer",
        |w| survived_least(&w.recoveries, 0.5);
    availability, "availability", "share", Some(HigherIsBetter),
        "share of the time in which no incident was open, hidden ones counted; absent without incidents",
        |w| match w.plan.params.incidents {
            Some(_) => 1.0 - w.recorder.down / w.recorder.hours(),
            None => f64::NAN,
        };
    throughput_per_week, "throughput", "per week", Some(HigherIsBetter),
        "work that was asked for and went live a week; bug fixes and repairs stand apart",
        |w| w.recorder.accounts.headlines as f64 / w.weeks();
    fixes_per_week, "bug fixes", "per week", None,
        "other changes of unplanned work that went live a week", |w| w.beside_a_week(true);
    repairs_per_week, "repairs", "per week", None,
        "all other changes that went live a week, such as paying back debt", |w| w.beside_a_week(false);
    debt_density, "debt density", "principal over size", Some(LowerIsBetter),
        "effort to repair all debt over effort in the code, at the end", |w| w.recorder.end_density;
    incidents_per_week, "incident frequency", "per week", Some(LowerIsBetter),
        "incidents opened a week", |w| w.recorder.accounts.incidents as f64 / w.weeks();
    build_minutes, "build time", "minutes", Some(LowerIsBetter),
        "minutes of a build, averaged over components, at the end", |w| w.recorder.end_builds;
    wip, "WIP", "items", None,
        "items begun, by people or by whatever else serves them, and not live, time average", |w| w.recorder.averages()[0];
    in_system, "items in the system", "items", None,
        "items requested and not live or dropped, time average", |w| w.recorder.averages()[1];
    flow_efficiency, "flow efficiency", "share", Some(HigherIsBetter),
        "time somebody's hands were on the work over lead time, all that was asked for and went live together; machines have no hands: absent where nobody's ever were",
        |w| match w.touch() {
            0 => f64::NAN,
            touch => touch as f64 / w.recorder.accounts.causes.iter().sum::<u64>() as f64,
        };
    oldest_open_days, "oldest open work", "working days", Some(LowerIsBetter),
        "age of the oldest work that was asked for and is open at the end", |w| w.days(w.recorder.oldest_open);
    cornered_share, "cornered components", "share", Some(LowerIsBetter),
        "components above the density from which work takes the high-friction path, at the end",
        |w| w.recorder.end_cornered;
    optionality, "optionality", "share", Some(HigherIsBetter),
        "share of work not yet begun that touches no cornered component, weekly average",
        |w| w.recorder.optionality;
    utilisation, "utilisation", "share", None,
        "time people had work on the desk or were on a duty over all working time; part-timers count as the part of the week they give",
        |w| w.of_teams(|spent| spent.worked.iter().sum::<f64>() + spent.on_duty) / w.paid_ticks();
    health_share, "health share", "share", None,
        "hours on paying back debt over hours on planned work (features and health)",
        |w| w.time_share(|worked, _| worked[1], |worked, _| worked[0] + worked[1]);
    unplanned_share, "unplanned work", "share", Some(LowerIsBetter),
        "hours on unplanned work and duties over all hours worked",
        |w| w.time_share(|worked, duty| worked[2] + duty, |worked, duty| worked.iter().sum::<f64>() + duty);
    decision_days, "decision latency", "working days", Some(LowerIsBetter),
        "mean time from a request for approval to its decision, of those decided in the window",
        |w| w.days(w.recorder.accounts.decision_hours / w.recorder.accounts.decided as f64);
    dear_mistakes, "irreversible mistakes", "per year", Some(LowerIsBetter),
        "irreversible decisions that were live and found wrong, a year",
        |w| w.recorder.accounts.regretted[1] as f64 / w.years();
    cheap_mistakes, "reversed decisions", "per year", Some(LowerIsBetter),
        "reversible decisions that were live and found wrong, a year",
        |w| w.recorder.accounts.regretted[0] as f64 / w.years();
    dropped_per_week, "refused work", "per week", Some(LowerIsBetter),
        "items refused, given up or killed a week",
        |w| w.recorder.accounts.kinds.iter().map(|kind| kind.dropped.iter().sum::<u64>()).sum::<u64>() as f64 / w.weeks();
    tiredness;
    departures_per_year, "departures", "per year", None,
        "people who left a team, a year", |w| w.per_year(Counter::DEPARTED);
    trust;
    cultural_debt_hours;
    hidden_incidents_per_year;
    practice_hours_per_year;
    false_alarms_per_year;
    missed_per_year;
    clarifying_hours_per_year;
    taught_hours_per_year;
    records;
    looked_up_per_year;
    recorded_per_year;
    document_hours_per_year;
    questions_per_year;
    cognitive_load;
    practice;
    enabling_hours_per_year;
    handoffs_per_change;
    within_team_share, "changes within one team", "share", Some(HigherIsBetter),
        "changes that went live and that only one team worked on, over all that went live",
        |w| w.recorder.accounts.within as f64 / w.recorder.accounts.changes as f64;
    running_hours_per_year;
    complexity;
    refactoring_per_year;
    observed_days, "observed time", "working days", None,
        "length of the window: the horizon, or less where a replication is stopped before it", |w| w.days(w.recorder.hours());
    headcount, "head-count", "people", None,
        "people in the teams, time average",
        |w| w.of_teams(|spent| spent.heads) / TICKS_PER_HOUR as f64 / w.recorder.hours();
    hires_per_year, "hires", "per year", None,
        "people who joined a team, a year", |w| w.per_year(Counter::JOINED);
    mentoring_per_year;
    sole_knowledge;
    cost_months, "cost", "engineer-months", Some(LowerIsBetter),
        "people in the teams, hours that leaders keep free, hires, tools and licences, in engineer-months of 21 working days", |w| w.cost();
    value_per_cost, "value per cost", "engineer-months per engineer-month", Some(HigherIsBetter),
        "value over cost", |w| w.value(w.main_model()) / w.cost();
    tooling;
    tooling_per_year;
    killed_per_quarter;
    doubled_per_quarter;
    preemptions_per_week, "pre-emptions", "per week", None,
        "times work was set aside for more urgent work, a week",
        |w| w.sum(Counter::PREEMPTIONS) / w.weeks();
    value_equal_months, "value, equal per item", "engineer-months", Some(HigherIsBetter),
        "value if every item were worth the same", |w| w.value(0);
    value_effort_months, "value, in proportion to effort", "engineer-months", Some(HigherIsBetter),
        "value if items were worth their effort", |w| w.value(1);
    value_heavy_months, "value, heavy-tailed", "engineer-months", Some(HigherIsBetter),
        "value if a few items were worth most", |w| w.value(2);
    wip_committed, "WIP since commitment", "items", None,
        "items that are committed to and not live, time average",
        |w| w.recorder.averages()[2];
    meeting_share, "time in meetings", "share", None,
        "hours that meetings of `[meetings]` took over all hours that people give; those of boards and incidents are duties",
        |w| w.of_teams(|spent| spent.taken) / w.paid_ticks();
    meeting_hours_per_year, "hours in meetings", "hours per year", None,
        "hours that meetings of `[meetings]` took, a year",
        |w| w.of_teams(|spent| spent.taken) / TICKS_PER_HOUR as f64 / w.years();
    planned_hours_per_year, "hours on planned work", "hours per year", None,
        "hours that people had planned work other than on the system's health on the desk, a year",
        |w| w.of_teams(|spent| spent.worked[0]) / TICKS_PER_HOUR as f64 / w.years();
    gross_value_months, "gross value", "engineer-months", Some(HigherIsBetter),
        "what went live in the window is worth over its whole life, later earnings discounted, less what was taken back",
        |w| w.main(w.recorder.gross_value());
    harm_months, "harm of incidents", "engineer-months", Some(LowerIsBetter),
        "severity of each incident times what its team's live product earns, over the time it lasted in the window",
        |w| w.main(w.recorder.harm());
    harm_share, "harm share", "share", Some(LowerIsBetter),
        "harm of incidents over gross value",
        |w| w.main(w.recorder.harm()) / w.main(w.recorder.gross_value());
    run_rate_months_per_year, "run-rate", "engineer-months per year", Some(HigherIsBetter),
        "what is live at the end of the window earns a year, as it is then",
        |w| w.main(w.recorder.run_rate()) * w.plan.year.hours();
    run_off_value_months, "value of the run-off", "engineer-months", Some(HigherIsBetter),
        "value in the time of `run_off` after the window, in which every policy is back at the baseline's settings; simulated in the first 60 replications of compare and claims",
        |w| w.run_off(0);
    run_off_cost_months, "cost of the run-off", "engineer-months", Some(LowerIsBetter),
        "cost in the same time", |w| w.run_off(1);
    slack_share, "time in slack", "share", None,
        "time in which people could start nothing that was planned over all working time: idle, or on what `when_held` says, what was begun so included",
        |w| w.of_teams(|spent| spent.slack) / w.paid_ticks();
    helping_hours_per_year, "help", "hours per year", None,
        "hours in which people who could start nothing that was planned helped a colleague, a year",
        |w| w.of_teams(|spent| spent.helped) / TICKS_PER_HOUR as f64 / w.years();
    redone_share, "work done again", "share", None,
        "nominal work of visits to a stage at which the item had been before, sent back since, over that of all visits",
        |w| w.sum(Counter::REDONE_HOURS) / w.sum(Counter::EFFORT_HOURS);
    faded_share, "worth faded", "share", None,
        "of the worth, when it was asked for, of what went live in the window: what had faded until then, or was lost by a date",
        |w| w.sum(Counter::FADED_WORTH) / w.sum(Counter::ASKED_WORTH);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_titles_are_unique_and_found_whatever_their_case() {
        for (at, metric) in METRICS.iter().enumerate() {
            assert_eq!(find(metric.name), Some(at));
            assert_eq!(find(&metric.title.to_uppercase()), Some(at));
            assert!(!metric.definition.is_empty() && !metric.unit.is_empty());
        }
    }
}
