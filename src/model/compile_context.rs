//! Assembling plans from what a scenario says: names become indices, quantities become ticks and
//! distributions, and everything that is wrong is noted with its path.

use crate::script::Files;
use kernel::distribution::{Distribution, DistributionError};
use kernel::level::Level;
use kernel::math;
use kernel::units::{GateId, KindId, LONGEST_HOURS, StageId, TeamId, Ticks};
use notation::diagnostic::{Diagnostics, advice};
use notation::{
    DistributionOf, DistributionParameter, Lognormal, Number, Phase, ScaleOf, Share, Span, Spread, Unit,
    WorkCalendar,
};

/// The names a scenario uses, in the order of their indices.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub teams: Vec<String>,
    pub kinds: Vec<String>,
    pub stages: Vec<String>,
    pub gates: Vec<String>,
}

/// What is needed to turn tables into plans.
pub struct CompileContext<'a> {
    pub calendar: WorkCalendar,
    pub names: Names,
    pub files: &'a dyn Files,
    pub problems: &'a mut Diagnostics,
}

impl CompileContext<'_> {
    pub fn hours(&self, span: Span) -> f64 {
        span.hours(&self.calendar)
    }

    pub fn ticks(&self, span: Span) -> Ticks {
        Ticks::from_hours(self.hours(span))
    }

    /// A length of time that must not be zero.
    pub fn period(&mut self, path: &str, span: Span) -> Ticks {
        let ticks = self.ticks(span);
        if ticks == Ticks::ZERO {
            self.problems.error(path, "must be positive").help("write a length such as \"1 day\"");
        }
        ticks.max(Ticks(1))
    }

    /// How long after the beginning something first happens.
    pub fn phase(&mut self, path: &str, phase: Phase) -> Ticks {
        match phase.hours(&self.calendar) {
            Ok(hours) => Ticks::from_hours(hours),
            Err(wrong) => {
                self.problems.error(path, wrong.message).help(wrong.help);
                Ticks::ZERO
            }
        }
    }

    /// How many of the clock's weeks so many hours are.
    pub fn weeks(&self, hours: f64) -> f64 {
        hours / (self.calendar.hours_per_day * self.calendar.days_per_week)
    }

    /// A level that wanders from week to week; nothing where it does not.
    pub fn level(&mut self, path: &str, cv: f64, memory: Span) -> Option<Level> {
        let memory = self.period(&format!("{path}.memory"), memory);
        (cv > 0.0).then(|| Level::new(cv, self.weeks(memory.hours())))
    }

    /// A plain number within bounds that the scenario's clock sets; what others may be stands at their fields.
    pub fn number(&mut self, path: &str, value: f64, least: f64, most: f64) -> f64 {
        if value >= least && value <= most {
            return value;
        }
        let shown = if value.abs() < 1e9 { value.to_string() } else { format!("{value:e}") };
        self.problems
            .error(path, format!("must lie between {least} and {most}, not {shown}"))
            .help(format!("write a number from {least} to {most}"));
        least
    }

    /// log(p / (1 − p)); a share of nothing or all is kept just inside.
    pub fn logit(&self, share: Share) -> f64 {
        let p = share.fraction().clamp(1e-9, 1.0 - 1e-9);
        math::ln(p / (1.0 - p))
    }

    /// A distribution of hours.
    pub fn distribution(&mut self, path: &str, written: &notation::DurationDistribution) -> Distribution {
        let calendar = self.calendar;
        self.distribution_of(path, written, &|span: Span| span.hours(&calendar), &|unit: Option<Unit>| {
            unit.map_or(1.0, |unit| unit.hours(&calendar))
        })
    }

    /// A distribution of hours between two of something, which must not be nothing on average.
    pub fn gaps(&mut self, path: &str, written: &notation::DurationDistribution) -> Distribution {
        let distribution = self.distribution(path, written);
        if distribution.mean() <= 0.0 {
            self.problems.error(path, "must be positive on average");
        }
        distribution
    }

    /// For each team, what it has written under a key, compiled from that, its name and the path; `None` for those
    /// that have written nothing.
    pub fn by_team<'t, T: 't, P>(
        &mut self,
        key: &str,
        teams: impl Iterator<Item = (&'t str, Option<&'t T>)>,
        compile: impl Fn(&T, &str, &str, &mut Self) -> Option<P>,
    ) -> Vec<Option<P>> {
        let of_team =
            |(team, table): (&str, Option<&T>)| compile(table?, team, &format!("team.{team}.{key}"), self);
        teams.map(of_team).collect()
    }

    /// What comes now and then and lasts for a while: hours between two, and hours of one.
    pub fn now_and_then(
        &mut self,
        path: &str,
        between: &notation::DurationDistribution,
        lasts: &notation::DurationDistribution,
    ) -> (Distribution, Distribution) {
        (self.gaps(&format!("{path}.between"), between), self.distribution(&format!("{path}.lasts"), lasts))
    }

    /// A distribution of plain numbers.
    pub fn number_distribution(
        &mut self,
        path: &str,
        written: &notation::NumberDistribution,
    ) -> Distribution {
        self.distribution_of(path, written, &|number: Number| number.value(), &|_| 1.0)
    }

    fn distribution_of<P: DistributionParameter + Copy>(
        &mut self,
        path: &str,
        written: &DistributionOf<P>,
        amount: &dyn Fn(P) -> f64,
        scale: &dyn Fn(Option<Unit>) -> f64,
    ) -> Distribution {
        let made = match written {
            DistributionOf::Fixed(value) => Distribution::constant(amount(*value)),
            DistributionOf::Exponential(mean) => Distribution::exponential(amount(*mean)),
            DistributionOf::Lognormal(Lognormal::Mean { mean, cv }) => {
                Distribution::lognormal_mean(amount(*mean), *cv)
            }
            DistributionOf::Lognormal(Lognormal::Median { median, sigma }) => {
                Distribution::lognormal_median(amount(*median), *sigma)
            }
            DistributionOf::Weibull { scale: ScaleOf::Mean(mean), shape } => {
                Distribution::weibull_mean(amount(*mean), *shape)
            }
            DistributionOf::Weibull { scale: ScaleOf::Scale(scale), shape } => {
                Distribution::weibull(amount(*scale), *shape)
            }
            DistributionOf::Gamma { mean, spread: Spread::Cv(cv) } => {
                Distribution::gamma(amount(*mean), 1.0 / (cv * cv))
            }
            DistributionOf::Gamma { mean, spread: Spread::Shape(shape) } => {
                Distribution::gamma(amount(*mean), *shape)
            }
            DistributionOf::Uniform { min, max } => Distribution::uniform(amount(*min), amount(*max)),
            DistributionOf::Triangular { min, mode, max } => {
                Distribution::triangular(amount(*min), amount(*mode), amount(*max))
            }
            DistributionOf::Geometric { mean } => Distribution::geometric(amount(*mean)),
            DistributionOf::Poisson { mean } => Distribution::poisson(amount(*mean)),
            DistributionOf::Empirical(values) => {
                Distribution::empirical(values.iter().map(|value| amount(*value)).collect())
            }
            DistributionOf::Mixture(parts) => {
                let distributions = parts
                    .iter()
                    .map(|part| (part.weight, self.distribution_of(path, &part.law, amount, scale)));
                let distributions: Vec<(f64, Distribution)> = distributions.collect();
                Distribution::mixture(distributions)
            }
            DistributionOf::Csv { file, column, unit } => {
                return self.distribution_from_file(path, file, column, scale(*unit));
            }
        };
        self.bounded(path, made)
    }

    fn distribution_from_file(&mut self, path: &str, file: &str, column: &str, scale: f64) -> Distribution {
        match self.files.column(file, column, scale) {
            Ok(values) => self.bounded(path, Distribution::empirical_shared(values)),
            Err(reason) => {
                self.problems.error(path, reason);
                Distribution::Constant(0.0)
            }
        }
    }

    fn bounded(&mut self, path: &str, made: Result<Distribution, DistributionError>) -> Distribution {
        match made {
            Ok(distribution) if distribution.mean() <= LONGEST_HOURS => distribution,
            Ok(_) => {
                self.problems.error(path, "its mean is longer than any replication");
                Distribution::Constant(0.0)
            }
            Err(error) => {
                self.problems.error(path, error.to_string());
                Distribution::Constant(0.0)
            }
        }
    }

    pub fn kind(&mut self, path: &str, name: &str) -> Option<KindId> {
        find(self.problems, path, "kind of work", &self.names.kinds, name).map(KindId::new)
    }

    pub fn stage(&mut self, path: &str, name: &str) -> Option<StageId> {
        find(self.problems, path, "stage", &self.names.stages, name).map(StageId::new)
    }

    pub fn team(&mut self, path: &str, name: &str) -> Option<TeamId> {
        find(self.problems, path, "team", &self.names.teams, name).map(TeamId::new)
    }

    pub fn gate(&mut self, path: &str, name: &str) -> Option<GateId> {
        find(self.problems, path, "board, approver or chain", &self.names.gates, name).map(GateId::new)
    }
}

fn find(problems: &mut Diagnostics, path: &str, sort: &str, names: &[String], name: &str) -> Option<usize> {
    let found = names.iter().position(|known| known == name);
    if found.is_none() {
        let help = advice(name, names.iter().map(String::as_str));
        problems.error(path, format!("there is no {sort} called `{name}`")).help(help);
    }
    found
}
