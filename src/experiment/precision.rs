//! Precision: replications are added until the intervals asked about are narrow enough.

use super::compare::{alone, differences_of, objective, unit};
use super::run::ReplicationResults;
use super::summary::HalfWidth;
use super::summary::unit::Unit;
use notation::{Ratio, Span};
use observation::metrics::METRICS;
use scenario::study::Study;
use statistics::interval::Estimate;
use statistics::sequential::{self, FIRST, Width};

/// A metric whose intervals are to be narrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    pub metric: usize,
    pub width: Width,
}

/// Which intervals are asked about.
#[derive(Clone, Copy, Debug)]
pub enum Question {
    /// The mean of one timeline.
    Mean(usize),
    /// Every policy's difference from the baseline.
    Differences,
}

impl Aim {
    /// Reads `WIDTH`, which speaks of the objective, or `METRIC=WIDTH`: a percentage, a span of time, or a
    /// number in the metric's unit.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn read(argument: &str, study: &Study) -> Result<Aim, String> {
        let (metric, width) = match argument.rsplit_once('=') {
            Some((words, width)) => {
                let metric = study.scenario.measure.metric(words, &study.scenario.clock);
                (metric.ok_or_else(|| format!("there is no metric called `{}`", words.trim()))?, width)
            }
            None => (objective(study), argument),
        };
        let (unit, title) = (METRICS[metric].unit, study.scenario.measure.title(metric));
        let width = width_of(width.trim(), unit, study).filter(|width| width.asked() > 0.0);
        let help = || {
            let unit = if unit == "share" { "a share, such as 0.01" } else { &typed(unit) };
            format!(
                "`{argument}` is no width of an interval: write a percentage such as 2%, or a number in the unit of \
                 {title} ({unit})"
            )
        };
        Ok(Aim { metric, width: width.ok_or_else(help)? })
    }

    /// What is aimed at where nothing is said: half the smallest difference that matters, so that an interval
    /// is no wider than that difference.
    pub fn usual(study: &Study) -> Aim {
        let half = 0.5 * study.scenario.judge.smallest_difference.fraction();
        Aim { metric: objective(study), width: Width::Relative(half) }
    }
}

/// The unit of numbers that somebody types: that of rows, whatever reports tell amounts in.
pub(super) fn typed(unit: &'static str) -> String {
    let told = Unit::of(unit, None);
    if told.name().is_empty() { unit.to_owned() } else { told.name().to_owned() }
}

/// A width or another amount: a percentage, a number in the unit, or a span where the unit is one of time.
pub(super) fn width_of(text: &str, unit: &str, study: &Study) -> Option<Width> {
    if text.ends_with('%') {
        return text.parse::<Ratio>().ok().map(|ratio| Width::Relative(ratio.fraction()));
    }
    let calendar = &study.scenario.clock;
    let span = || {
        let hours = text.parse::<Span>().ok()?.hours(calendar);
        match unit {
            "working days" => Some(hours / calendar.hours_per_day),
            "hours" => Some(hours),
            "minutes" => Some(hours * 60.0),
            _ => None,
        }
    };
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.or_else(span).map(Width::Absolute)
}

/// The numbers of replications after which intervals are looked at.
pub fn looks(limit: usize) -> impl Iterator<Item = usize> {
    sequential::looks(FIRST, limit)
}

/// How wide the widest interval of each aim is after these replications.
pub fn reached(
    study: &Study,
    question: Question,
    aims: &[Aim],
    completed: &[ReplicationResults],
) -> Vec<HalfWidth> {
    let base = match question {
        Question::Mean(_) => "the mean",
        Question::Differences => "the baseline’s mean",
    };
    let told = |aim: &Aim| {
        let widths = match question {
            Question::Mean(timeline) => vec![aim.width.of(&alone(study, completed, timeline, aim.metric))],
            Question::Differences => differences_of(study, completed, aim.metric)
                .into_iter()
                .map(|(absolute, relative)| of_difference(aim.width, &absolute, &relative))
                .collect(),
        };
        // What is not a number is not known, however narrow others are.
        let widest = widths.into_iter().map(|width| if width.is_nan() { f64::INFINITY } else { width });
        HalfWidth {
            title: study.scenario.measure.title(aim.metric),
            unit: unit(&study.scenario, METRICS[aim.metric].unit),
            relative_to: matches!(aim.width, Width::Relative(_)).then_some(base),
            asked: aim.width.asked(),
            reached: widest.fold(0.0, f64::max),
        }
    };
    aims.iter().map(told).collect()
}

/// A difference relative to the baseline has an interval of its own.
fn of_difference(width: Width, absolute: &Estimate, relative: &Estimate) -> f64 {
    match width {
        Width::Absolute(_) => absolute.half_width(),
        Width::Relative(_) => relative.half_width(),
    }
}
