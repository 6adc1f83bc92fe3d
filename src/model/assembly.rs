//! Assembling plans from what a scenario says: names become indices, quantities become ticks and
//! laws, and everything that is wrong is noted with its path.

use crate::script::Files;
use kernel::law::{Law, LawError};
use kernel::math;
use kernel::units::{GateId, KindId, LONGEST_HOURS, StageId, TeamId, Ticks};
use notation::diagnostic::{Diagnostics, advice};
use notation::{LawOf, LawParameter, Lognormal, Number, ScaleOf, Share, Span, Spread, Unit, WorkCalendar};

/// The names a scenario uses, in the order of their indices.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub teams: Vec<String>,
    pub kinds: Vec<String>,
    pub stages: Vec<String>,
    pub gates: Vec<String>,
}

/// What is needed to turn tables into plans.
pub struct Assembly<'a> {
    pub calendar: WorkCalendar,
    pub names: Names,
    pub files: &'a dyn Files,
    pub problems: &'a mut Diagnostics,
}

impl Assembly<'_> {
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
            self.problems.error(path, "must be longer than nothing").help("write a length such as \"1 day\"");
        }
        ticks.max(Ticks(1))
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

    /// A law of hours.
    pub fn law(&mut self, path: &str, written: &notation::Law) -> Law {
        let calendar = self.calendar;
        self.law_of(path, written, &|span: Span| span.hours(&calendar), &|unit: Option<Unit>| {
            unit.map_or(1.0, |unit| unit.hours(&calendar))
        })
    }

    /// A law of hours between two of something, which must not be nothing on average.
    pub fn gaps(&mut self, path: &str, written: &notation::Law) -> Law {
        let law = self.law(path, written);
        if law.mean() <= 0.0 {
            self.problems.error(path, "must be longer than nothing on average");
        }
        law
    }

    /// What comes now and then and lasts for a while: hours between two, and hours of one.
    pub fn now_and_then(&mut self, path: &str, between: &notation::Law, lasts: &notation::Law) -> (Law, Law) {
        (self.gaps(&format!("{path}.between"), between), self.law(&format!("{path}.lasts"), lasts))
    }

    /// A law of plain numbers.
    pub fn number_law(&mut self, path: &str, written: &notation::NumberLaw) -> Law {
        self.law_of(path, written, &|number: Number| number.value(), &|_| 1.0)
    }

    fn law_of<P: LawParameter + Copy>(
        &mut self,
        path: &str,
        written: &LawOf<P>,
        amount: &dyn Fn(P) -> f64,
        scale: &dyn Fn(Option<Unit>) -> f64,
    ) -> Law {
        let made = match written {
            LawOf::Fixed(value) => Law::constant(amount(*value)),
            LawOf::Exponential(mean) => Law::exponential(amount(*mean)),
            LawOf::Lognormal(Lognormal::Mean { mean, cv }) => Law::lognormal_mean(amount(*mean), *cv),
            LawOf::Lognormal(Lognormal::Median { median, sigma }) => {
                Law::lognormal_median(amount(*median), *sigma)
            }
            LawOf::Weibull { scale: ScaleOf::Mean(mean), shape } => Law::weibull_mean(amount(*mean), *shape),
            LawOf::Weibull { scale: ScaleOf::Scale(scale), shape } => Law::weibull(amount(*scale), *shape),
            LawOf::Gamma { mean, spread: Spread::Cv(cv) } => Law::gamma(amount(*mean), 1.0 / (cv * cv)),
            LawOf::Gamma { mean, spread: Spread::Shape(shape) } => Law::gamma(amount(*mean), *shape),
            LawOf::Uniform { min, max } => Law::uniform(amount(*min), amount(*max)),
            LawOf::Triangular { min, mode, max } => {
                Law::triangular(amount(*min), amount(*mode), amount(*max))
            }
            LawOf::Geometric { mean } => Law::geometric(amount(*mean)),
            LawOf::Poisson { mean } => Law::poisson(amount(*mean)),
            LawOf::Empirical(values) => Law::empirical(values.iter().map(|value| amount(*value)).collect()),
            LawOf::Mixture(parts) => {
                let laws =
                    parts.iter().map(|part| (part.weight, self.law_of(path, &part.law, amount, scale)));
                let laws: Vec<(f64, Law)> = laws.collect();
                Law::mixture(laws)
            }
            LawOf::Csv { file, column, unit } => return self.law_from_file(path, file, column, scale(*unit)),
        };
        self.bounded(path, made)
    }

    fn law_from_file(&mut self, path: &str, file: &str, column: &str, scale: f64) -> Law {
        match self.files.column(file, column, scale) {
            Ok(values) => self.bounded(path, Law::empirical_shared(values)),
            Err(reason) => {
                self.problems.error(path, reason);
                Law::Constant(0.0)
            }
        }
    }

    fn bounded(&mut self, path: &str, made: Result<Law, LawError>) -> Law {
        match made {
            Ok(law) if law.mean() <= LONGEST_HOURS => law,
            Ok(_) => {
                self.problems.error(path, "its mean is longer than any life");
                Law::Constant(0.0)
            }
            Err(error) => {
                self.problems.error(path, error.to_string());
                Law::Constant(0.0)
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
