//! Charts turn plain numbers and names into slides of 1920 × 1080 pixels, as SVG and PNG.
//!
//! Each chart is a struct of data with one verb, `draw`. Odd data (nothing at all, NaN, infinities, hundreds
//! of rows) never panics: what cannot be drawn is left out, and the slide says so.

pub mod border;
mod canvas;
pub mod causes;
pub mod columns;
mod dates;
pub mod difference;
pub mod fan;
pub mod flow;
pub mod frontier;
pub mod heat;
mod labels;
pub mod lever;
pub mod multiples;
mod number;
mod plane;
mod png;
pub mod ranking;
mod scale;
mod sheet;
pub mod spread;
mod text;
mod theme;
pub mod timeline;
pub mod waterfall;

pub use border::{Border, BorderAxis};
pub use causes::{CauseBar, Causes};
pub use columns::{Column, Columns, Dot};
pub use difference::{Difference, DifferenceRow};
pub use fan::{BreakEven, Fan, FanMark, FanSeries};
pub use flow::{Flow, FlowLayer};
pub use frontier::{Frontier, FrontierPoint};
pub use heat::{Heat, Shading};
pub use lever::{LeverChart, LeverPoint, Position};
pub use multiples::{Multiples, Panel, PanelPoint};
pub use ranking::{Ranking, RankingBar};
pub use sheet::Svg;
pub use spread::{Spread, SpreadRow};
pub(crate) use text::{REGULAR, SEMIBOLD};
pub use timeline::{Guide, Mark, Timeline};
pub use waterfall::{Waterfall, WaterfallStep};

/// Width of every slide in pixels.
pub const WIDTH: u32 = 1920;
/// Height of every slide in pixels.
pub const HEIGHT: u32 = 1080;

/// What can go wrong between numbers and a picture.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The drawing library refused a stroke.
    #[error("cannot draw the chart: {0}")]
    Drawing(String),
    /// The finished SVG could not be turned into pixels.
    #[error("cannot turn the chart into PNG: {0}")]
    Pixels(String),
    /// The picture could not be written.
    #[error(transparent)]
    File(#[from] super::files::FileError),
}

/// The words around every chart.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// The finding, as a sentence; wraps to two lines.
    pub title: String,
    /// What is shown: what lines and bands mean, how many replications, which level; wraps to two lines.
    pub subtitle: String,
    /// Where the numbers come from, for example
    /// "orgsim 0.1.0 · scenario 9f3c2a · seed 42 · 400 simulated replications · simulation, not forecast".
    pub source: String,
}

/// A mean with its interval. A NaN mean means "no data"; a NaN end means "no interval".
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// The point estimate.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    /// Makes an estimate from mean, lower and upper end.
    pub fn new(mean: f64, low: f64, high: f64) -> Self {
        Self { mean, low, high }
    }

    fn has_mean(&self) -> bool {
        scale::usable(self.mean)
    }

    fn has_interval(&self) -> bool {
        self.has_mean() && scale::usable(self.low) && scale::usable(self.high)
    }

    /// All drawable numbers in it, for fitting an axis.
    fn values(&self) -> impl Iterator<Item = f64> + use<> {
        let whole = self.has_interval();
        let ends = [self.low, self.high].into_iter().filter(move |_| whole);
        std::iter::once(self.mean).chain(ends)
    }
}

/// The part a series plays in a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// What everything is compared with; drawn in grey.
    Baseline,
    /// The series the slide is about; drawn stronger, with its bands.
    Emphasised,
    /// Any other series.
    #[default]
    Other,
    /// One of many; drawn pale and without a name.
    Background,
}

/// The words in which a comparison ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Shown to be better by more than the smallest difference that matters.
    Better,
    /// Shown to be worse by more than the smallest difference that matters.
    Worse,
    /// Shown to differ by less than matters.
    Same,
    /// The same, and what it could change at all is too little to matter.
    CannotMatter,
    /// Too few simulated replications to say.
    Unclear,
}

impl Verdict {
    /// The word as leaders read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Same => "practically the same",
            Self::CannotMatter => "cannot matter here",
            Self::Unclear => "can’t tell yet",
        }
    }
}

/// Which way a measure ought to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better, as with value.
    HigherIsBetter,
    /// Less is better, as with lead time.
    LowerIsBetter,
}

/// Unit of the horizontal axis of a weekly series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clock {
    /// One step of the series is one unit of the axis, which ends after so many.
    Weeks { last: f64 },
    /// The axis ends after so many weeks, and counts months of so many.
    Months { last: f64, month: f64 },
    /// The axis ends after so many weeks, begins on a day since 1970, and has so many days of the calendar for each week.
    Dates { last: f64, first: f64, days: f64 },
}

impl Clock {
    /// Weeks from the beginning to the end of the axis.
    fn last(self) -> f64 {
        let (Clock::Weeks { last } | Clock::Months { last, .. } | Clock::Dates { last, .. }) = self;
        last.max(1.0)
    }

    /// When the nth of so many points of a weekly series was looked at, from 0: at the end of its week, or of its
    /// few weeks where there are less points than weeks.
    fn end_of(self, nth: usize, points: usize) -> f64 {
        let apart = (self.last() / points.max(1) as f64 + 1e-9).floor().max(1.0);
        (nth + 1) as f64 * apart
    }
}

#[cfg(test)]
mod tests;
