//! Arrivals of work as written, and how they compile.

use super::{Aftermath, Arrivals, Profile};
use crate::compile_context::CompileContext;
use crate::script::{DateOrder, Script};
use kernel::distribution::Distribution as Compiled;
use kernel::units::KindId;
use notation::{DurationDistribution, NumberDistribution, Rate, Ratio, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// When work comes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ArrivalsTable {
    /// Never, but for the backlog it starts with and what other mechanisms make.
    #[default]
    None,
    /// At random, at this rate.
    Poisson(Rate),
    /// At a fixed interval.
    Every(Span),
    /// After gaps drawn from this distribution.
    Gaps(DurationDistribution),
    /// At random, so that it asks for this share of its team's hours.
    #[schemars(extend("x-plain" = "demand"))]
    Load(Ratio),
    /// Without end: at least this many always wait to be started.
    Endless(u32),
    /// At scripted times.
    Trace(TraceTable),
    /// After other work has gone live.
    After(AfterTable),
}

/// Scripted arrivals: times from the beginning, in the scenario or in a CSV file. A row is a row: its time, size, kind
/// and work stay together in whatever order rows are written. Takes effect at the next arrival.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TraceTable {
    /// The times themselves.
    pub times: Vec<Span>,
    /// The size of each item, in the order of the times; for everybody in place of the one that would be drawn.
    pub sizes: Vec<Span>,
    /// Work of each item at a stage, in the order of the times: { build = ["2 hours", …] }. In place of the effort
    /// there, at every visit; when sent back for a share, a share of it.
    pub work: BTreeMap<String, Vec<Span>>,
    /// A CSV file with a column of times, beside the scenario. An empty cell of another column is drawn.
    pub file: Option<String>,
    /// Its column of times.
    pub column: Option<String>,
    /// The unit of that column; not for dates.
    pub unit: Option<String>,
    /// That the column holds dates, such as 2024-03-31 or 2024-03-31T14:30, and in which order they are written. A week
    /// has the clock's working days, from Monday on, and a working day begins at 9:00.
    pub dates: Option<DateOrder>,
    /// The date at which time begins; left out, the day of the file's first, of whatever kind.
    pub begins: Option<String>,
    /// The column of sizes.
    pub size_column: Option<String>,
    /// For stages, the column of work there: { build = "coding hours" }.
    pub work_columns: BTreeMap<String, String>,
    /// The unit of the columns of sizes and work; left out, that of the times.
    pub size_unit: Option<String>,
    /// The column that says what kind a row is.
    pub kind_column: Option<String>,
    /// What stands there in rows of this kind; the others are somebody else's.
    pub kinds: Vec<String>,
    /// What separates columns: "," unless said otherwise; such as ";" or "tab".
    pub delimiter: Option<String>,
    /// What separates whole numbers from fractions: "." unless said otherwise, or ",".
    pub decimal: Option<String>,
}

/// Work that live work brings forth.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterTable {
    /// The kinds that bring it forth.
    pub work: Vec<String>,
    /// How many each brings: 0 is none, and a fraction is rounded at random, so that the mean is kept. A kind may bring
    /// forth itself: on average less than one, or exactly one where only a backlog feeds it (a finite source).
    pub count: NumberDistribution,
    /// The mean is multiplied by 1 + this × the debt density of its component.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub debt: f64,
    /// How long after going live.
    pub delay: DurationDistribution,
}

/// How a rate changes with time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileTable {
    /// From a time on, a factor: { from = "6 months", rate = "150%" }.
    pub pieces: Vec<PieceTable>,
    /// After which the pieces come round again: a season.
    pub period: Option<Span>,
    /// Growth a year, compounded, up to the horizon.
    pub growth: Option<Ratio>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PieceTable {
    /// From when on, from the beginning or from that of the period.
    pub from: Span,
    /// How many times as much comes then: 150% is half as much again.
    pub rate: Ratio,
}

/// How long a replication goes on, in hours from its beginning, the past included: to the horizon, and at most.
#[derive(Clone, Copy, Debug)]
pub struct RunLength {
    pub to_horizon: f64,
    pub at_most: f64,
}

impl ArrivalsTable {
    /// `path` is that of the kind of work, `script` what its trace has been read to be, and `rate` says how many an hour
    /// make a load.
    pub fn compile(
        &self,
        path: &str,
        (profile, length): (Option<&ProfileTable>, RunLength),
        script: Option<&Arc<Script>>,
        rate: impl FnOnce(f64, &mut CompileContext<'_>) -> f64,
        ctx: &mut CompileContext<'_>,
    ) -> Arrivals {
        let at = format!("{path}.arrivals");
        let at_random = |per_hour: f64| Compiled::exponential(1.0 / per_hour).ok();
        let gaps = match self {
            ArrivalsTable::None | ArrivalsTable::After(_) => return Arrivals::Nothing,
            ArrivalsTable::Endless(waiting) => return Arrivals::Endless(*waiting),
            ArrivalsTable::Trace(_) => return script.cloned().map_or(Arrivals::Nothing, Arrivals::Trace),
            ArrivalsTable::Every(span) => {
                return Arrivals::Gaps(Compiled::Constant(ctx.period(&at, *span).hours()));
            }
            ArrivalsTable::Poisson(rate) => at_random(rate.per_hour(&ctx.calendar)),
            ArrivalsTable::Load(load) => at_random(rate(load.fraction(), ctx)),
            ArrivalsTable::Gaps(distribution) => Some(ctx.distribution(&at, distribution)),
        };
        let Some(gaps) = gaps else { return Arrivals::Nothing };
        if gaps.mean() <= 0.0 {
            ctx.problems.error(at, "gaps must be positive on average");
            return Arrivals::Nothing;
        }
        match profile {
            None => Arrivals::Gaps(gaps),
            Some(table) => {
                let profile = table.compile(&format!("{path}.profile"), length, ctx);
                Arrivals::Profile { gaps: gaps.scaled(1.0 / profile.greatest), profile }
            }
        }
    }
}

impl ProfileTable {
    fn compile(&self, path: &str, length: RunLength, ctx: &mut CompileContext<'_>) -> Profile {
        let mut pieces: Vec<(f64, f64)> =
            self.pieces.iter().map(|piece| (ctx.hours(piece.from), piece.rate.fraction())).collect();
        pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
        let year = ctx.calendar.days_per_year * ctx.calendar.hours_per_day;
        let growth = self.growth.map_or(0.0, |growth| libm::log1p(growth.fraction()) / year);
        for (at, piece) in self.pieces.iter().enumerate().filter(|_| self.period.is_none()) {
            if ctx.hours(piece.from) >= length.to_horizon {
                let message = format!("{} is after the horizon: this piece never comes", piece.from);
                let place = format!("{path}.pieces.{at}.from");
                ctx.problems.warning(place, message).help("begin it earlier, or lengthen the horizon");
            }
        }
        let highest = pieces.iter().map(|(_, rate)| *rate).fold(0.0, f64::max).max(1.0);
        let greatest = highest * libm::exp(growth * length.at_most);
        if pieces.iter().all(|(_, rate)| *rate <= 0.0) && !pieces.is_empty() {
            ctx.problems.error(path, "every rate is zero: nothing would ever come");
        }
        let period_hours = self.period.map(|span| ctx.hours(span).max(1e-3));
        Profile { pieces, period_hours, growth, greatest }
    }
}

impl AfterTable {
    /// What a kind of work, by name and number, brings forth.
    pub fn compile(&self, name: &str, kind: KindId, ctx: &mut CompileContext<'_>) -> Aftermath {
        let path = format!("work.{name}.arrivals.after");
        let after = self.work.iter().filter_map(|name| ctx.kind(&format!("{path}.work"), name)).collect();
        let count = ctx.number_distribution(&format!("{path}.count"), &self.count);
        Aftermath {
            kind,
            after,
            count,
            debt: self.debt,
            delay: ctx.distribution(&format!("{path}.delay"), &self.delay),
        }
    }
}
