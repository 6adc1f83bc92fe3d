//! The recorder: looks at one replication at the end of each week, and keeps what metrics need once its window is
//! closed.

use super::percentile::Waits;
use super::quantities::{Look, SERIES};
use super::stocks;
use kernel::units::Instant;
use model::accounts::{Accounts, is_headline};
pub use model::accounts::{Lead, Spans, TimeSpent};
use model::compiled_plan::CompiledPlan;
use model::instrument::{Counter, Counters, GAUGES, Gauge, Gauges};
use model::organisation::Organisation;
use model::worth::Values;

/// One point of each weekly series, in the order of their register.
pub type Week = [f32; SERIES.len()];

/// Everything kept of one replication's window.
#[derive(Clone, Debug)]
pub struct Recorder {
    pub start: Instant,
    pub end: Instant,
    /// What was counted, once the window is closed.
    pub accounts: Accounts,
    /// Times to recovery: of incidents that recovered in the window, and of those that opened in it and are not over.
    pub recoveries: Spans,
    /// Ages, in hours, of work that was asked for in the window and is open at its end.
    pub open_ages: Vec<f64>,
    /// Waits at each stage, once the window is closed.
    pub waits: Vec<Waits>,
    /// From request to beginning, of the work that was asked for and begun in the window, once it is closed.
    pub first_waits: Waits,
    /// From commitment to going live, of the work that was asked for and went live: hours on average, and percentiles.
    pub committed: (f64, Waits),
    pub oldest_open: f64,
    /// Hours in which at least one incident was not over: before the window, and in it once it is closed.
    pub down: f64,
    /// Whether what was to end the replication before its horizon was reached; nothing where nothing was to.
    pub reached: Option<bool>,
    /// Value of what went live and what incidents took, since the first instant and, once the window is closed, in it.
    earned: Values,
    harm: Values,
    /// What is live earns this much an hour at the end.
    rate: Values,
    /// Value and cost of the time after the window, in engineer-months, where it was lived on.
    pub run_off: Option<[f64; 2]>,
    pub weeks: Vec<Week>,
    pub end_density: f64,
    pub end_principal: f64,
    pub end_builds: f64,
    pub end_cornered: f64,
    pub optionality: f64,
    /// Levels, summed over the samples that had them, and how many had; see [`Recorder::level`].
    levels: Gauges,
    levelled: [u32; GAUGES],
    samples: u32,
    /// What was counted in the window.
    pub counters: Counters,
}

impl Recorder {
    /// Begins to look at a replication whose accounts are open.
    pub fn begin(org: &Organisation, plan: &CompiledPlan) -> Recorder {
        let start = org.accounts.start;
        let [earned, harm] = stocks::returned(start, org, plan);
        Recorder {
            start,
            end: start,
            accounts: Accounts::default(),
            recoveries: Vec::new(),
            open_ages: Vec::new(),
            waits: Vec::new(),
            first_waits: Waits::of(&mut []),
            committed: (f64::NAN, Waits::of(&mut [])),
            oldest_open: 0.0,
            down: org.outages.down(start),
            reached: None,
            earned,
            harm,
            rate: Values::default(),
            run_off: None,
            weeks: Vec::new(),
            end_density: f64::NAN,
            end_principal: f64::NAN,
            end_builds: f64::NAN,
            end_cornered: f64::NAN,
            optionality: 0.0,
            levels: [0.0; GAUGES],
            levelled: [0; GAUGES],
            samples: 0,
            counters: org.counters,
        }
    }

    /// Notes the stocks at the end of a week, or of several weeks; what happened in them is told a week.
    pub fn sample(&mut self, now: Instant, weeks: u64, org: &mut Organisation, plan: &CompiledPlan) {
        let model = plan.value.as_ref().map_or(0, |value| value.model);
        let optionality = stocks::optionality(org, plan);
        self.optionality += optionality;
        self.samples += 1;
        for gauge in Gauge::ALL {
            let level = stocks::level(*gauge, org, plan);
            if !level.is_nan() {
                self.levels[gauge.at()] += level;
                self.levelled[gauge.at()] += 1;
            }
        }
        let [earned, harm] = self.returned_until(now, org, plan);
        let value = earned[model] - harm[model];
        let look = Look { weeks, value, optionality, org, plan };
        self.weeks.push(std::array::from_fn(|at| (SERIES[at].read)(&look)));
        org.accounts.incidents_lately = 0;
    }

    /// Closes the window: what is still open is censored, and the last stocks are read.
    pub fn close(&mut self, now: Instant, org: &mut Organisation, plan: &CompiledPlan) {
        self.end = now;
        [self.earned, self.harm] = self.returned_until(now, org, plan);
        self.rate = stocks::earning(now, org, plan);
        let mut accounts = org.close_accounts(now);
        self.down = org.outages.down(now) - self.down;
        self.recoveries = std::mem::take(&mut accounts.recoveries);
        self.recoveries.extend(accounts.unrecovered.iter().map(|(_, since)| ((now - *since).hours(), true)));
        for item in org.expected().filter(|item| is_headline(item, plan)) {
            let age = (now - item.born).hours();
            self.oldest_open = self.oldest_open.max(age);
            if item.born >= self.start {
                self.open_ages.push(age);
            }
        }
        for (counter, end) in self.counters.iter_mut().zip(org.counters) {
            *counter = end - *counter;
        }
        self.waits = accounts.waits.iter_mut().map(|waits| Waits::of(waits)).collect();
        self.first_waits = Waits::of(&mut accounts.first_waits);
        let committed = &mut accounts.since_committed;
        let hours = committed.iter().map(|span| span.hours()).sum::<f64>() / committed.len() as f64;
        self.committed = (hours, Waits::of(committed));
        self.accounts = accounts;
        self.end_density = stocks::debt_density(org);
        self.end_principal = org.components.iter().map(|component| component.principal_hours).sum();
        self.end_builds = stocks::build_minutes(org, plan);
        self.end_cornered = stocks::cornered(org, plan);
        self.optionality /= f64::from(self.samples);
    }

    /// The average over samples of a level over the people of all teams; not a number where nothing keeps it.
    pub fn level(&self, gauge: Gauge) -> f64 {
        self.levels[gauge.at()] / f64::from(self.levelled[gauge.at()])
    }

    /// What gaps, sizes and values an hour drawn in the window came to above their means.
    pub fn luck(&self) -> [f64; 3] {
        [Counter::GAP_DEVIATION, Counter::SIZE_DEVIATION, Counter::VALUE_DEVIATION]
            .map(|counter| self.counters[counter.at()])
    }

    /// Hours the window has lasted.
    pub fn hours(&self) -> f64 {
        (self.end - self.start).hours()
    }

    /// Of the closed window, under the three value models: lifetime value of what went live less what was taken back,
    /// and what incidents took, in engineer-hours; and what is live earns an hour at its end.
    pub fn gross_value(&self) -> Values {
        self.earned
    }

    pub fn harm(&self) -> Values {
        self.harm
    }

    pub fn run_rate(&self) -> Values {
        self.rate
    }

    /// What went live and what incidents took in the window until now.
    fn returned_until(&self, now: Instant, org: &Organisation, plan: &CompiledPlan) -> [Values; 2] {
        let [earned, harm] = stocks::returned(now, org, plan);
        let less = |sum: Values, before: Values| std::array::from_fn(|at| sum[at] - before[at]);
        [less(earned, self.earned), less(harm, self.harm)]
    }

    /// Time averages of items not live: those started, those in the system, and those committed to.
    pub fn averages(&self) -> [f64; 3] {
        let open = self.accounts.kinds.iter().map(|kind| kind.open).sum();
        [self.accounts.begun, open, self.accounts.committed].map(|ticks| self.average(ticks))
    }

    /// How many were there on average, of whom each was there for its part of these ticks.
    pub fn average(&self, ticks: u64) -> f64 {
        ticks as f64 / (self.end - self.start).0 as f64
    }
}
