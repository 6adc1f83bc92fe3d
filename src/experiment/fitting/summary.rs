//! What a fit came to, in plain numbers and names, for whoever writes it down.

/// How a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Somebody said it, or it was counted.
    Measured,
    /// Its interval is clearly narrower than its range.
    Fitted,
    /// The history says too little of it: its interval is about as wide as its range.
    Assumed,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Measured => "measured",
            Status::Fitted => "fitted",
            Status::Assumed => "assumed",
        }
    }
}

/// A number that a tracker could tell of.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedNumber {
    pub path: String,
    /// What of a history tells of it, or where it comes from if it was not fitted.
    pub why: String,
    pub status: Status,
    /// The interval and the median, as a scenario writes them.
    pub low: String,
    pub median: String,
    pub high: String,
    /// The range from which it was drawn: both ends, and whether on a logarithmic scale.
    pub range: [String; 2],
    pub log: bool,
    /// Whether it is a whole number.
    pub whole: bool,
    /// The other number of its distribution, which goes with it: its name and its value.
    pub beside: Option<(String, String)>,
    /// How wide its interval is, over what the range alone gives.
    pub width: f64,
    pub r_squared: f64,
}

/// A number that is not fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct AssumedNumber {
    pub path: String,
    pub range: String,
    pub r_squared: f64,
}

/// A figure of the history beside the same of organisations drawn from the posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedFigure {
    pub title: &'static str,
    pub real: f64,
    /// The 5th, 50th and 95th percentile of single simulated windows.
    pub band: [f64; 3],
    /// Whether it lies between the outer two.
    pub is_inside: bool,
    /// Whether any organisation that was drawn, likely or not, showed as much.
    pub is_reached: bool,
}

/// The share of delivered items that took at most so many working days, from 0 on: of the history, and the 5th, 25th, 50th, 75th
/// and 95th percentile over simulated windows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    pub real: Vec<f64>,
    pub bands: Vec<[f64; 5]>,
}

/// An item that is open today. Days are working days before the end of the history's last one.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenToday {
    /// A kind of work of `typical`.
    pub kind: &'static str,
    pub created: f64,
    /// Nothing where it is not begun.
    pub started: Option<f64>,
    /// What belongs together has the same number.
    pub initiative: Option<usize>,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct FitSummary {
    pub team: String,
    pub weeks: usize,
    /// Items delivered in them.
    pub delivered: usize,
    /// Organisations drawn, those that could be simulated, those kept, and as how many independent ones they count.
    pub drawn: usize,
    pub simulated: usize,
    pub kept: usize,
    pub effective: f64,
    pub seed: u64,
    pub numbers: Vec<FittedNumber>,
    pub assumed: Vec<AssumedNumber>,
    pub figures: Vec<ComparedFigure>,
    /// Simulated windows beside which the history stands.
    pub windows: usize,
    /// The paths that are drawn together, and the joint draws, as a scenario writes them, by row.
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// What is open on the last day.
    pub open: Vec<OpenToday>,
    pub times: Curve,
    pub has_starts: bool,
    /// Items delivered in each week, the oldest first, and the band of a week of a simulated window.
    pub weekly: Vec<f64>,
    pub weekly_band: [f64; 3],
}

impl FitSummary {
    /// Figures that lie outside their bands.
    pub fn outside(&self) -> impl Iterator<Item = &ComparedFigure> {
        self.figures.iter().filter(|figure| !figure.is_inside)
    }

    pub fn of_status(&self, status: Status) -> impl Iterator<Item = &FittedNumber> {
        self.numbers.iter().filter(move |number| number.status == status)
    }
}
