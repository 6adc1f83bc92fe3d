//! `[measure]`: what a study asks to be measured beside what always is.

use notation::{Share, Span, WorkCalendar};
use observation::metrics;
use schemars::JsonSchema;
use serde::Deserialize;

/// How the share done within one of the spans is called, before the span.
const WITHIN: &str = "share done within ";

/// `[measure]` in a scenario.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MeasureTable {
    /// Spans, four at most, within which it is asked what share of changes is done: "5 days", or ["5 days", "2 weeks"].
    /// Each is a metric, called "share done within 5 days" in objective and guardrails.
    pub within: Spans,
    /// Levels of your own for the four DORA metrics, told beside those of the published clusters.
    pub dora: DoraTable,
}

/// `[measure.dora]`: for a metric the last value that is elite, high and medium, the best first; beyond them is low.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DoraTable {
    /// Deployments a week, all teams.
    pub deployments_per_week: Option<[f64; 3]>,
    /// Lead time for changes, in working time.
    pub lead_time: Option<[Span; 3]>,
    /// Change failure rate.
    pub failure_rate: Option<[Share; 3]>,
    /// Recovery time, in working time.
    pub recovery_time: Option<[Span; 3]>,
}

impl DoraTable {
    /// Each metric's levels in its unit (a week, working days, share, hours), in DORA's order; nothing where none are
    /// stated.
    pub fn levels(&self, clock: &WorkCalendar) -> [Option<[f64; 3]>; 4] {
        let hours =
            |spans: &Option<[Span; 3]>| spans.as_ref().map(|spans| spans.map(|span| span.hours(clock)));
        [
            self.deployments_per_week,
            hours(&self.lead_time).map(|levels| levels.map(|hours| hours / clock.hours_per_day)),
            self.failure_rate.map(|levels| levels.map(|share| share.fraction())),
            hours(&self.recovery_time),
        ]
    }
}

/// One span or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Spans {
    One(Span),
    Several(Vec<Span>),
}

impl Default for Spans {
    fn default() -> Spans {
        Spans::Several(Vec::new())
    }
}

impl Spans {
    /// The spans in their order.
    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        match self {
            Spans::One(span) => std::slice::from_ref(span).iter(),
            Spans::Several(spans) => spans.iter(),
        }
    }
}

impl MeasureTable {
    /// The metric with this name or title, those of the spans asked about included.
    pub fn metric(&self, words: &str, clock: &WorkCalendar) -> Option<usize> {
        metrics::find(words).or_else(|| {
            let words = words.trim();
            let (begin, rest) = (words.get(..WITHIN.len())?, words.get(WITHIN.len()..)?);
            let hours =
                rest.parse::<Span>().ok().filter(|_| begin.eq_ignore_ascii_case(WITHIN))?.hours(clock);
            metrics::within(self.within.spans().position(|span| span.hours(clock) == hours)?)
        })
    }

    /// What a metric is called here.
    pub fn title(&self, metric: usize) -> String {
        let mut spans = self.within.spans().enumerate();
        match spans.find(|(nth, _)| metrics::within(*nth) == Some(metric)) {
            Some((_, span)) => format!("{WITHIN}{span}"),
            None => metrics::METRICS[metric].title.to_owned(),
        }
    }
}
