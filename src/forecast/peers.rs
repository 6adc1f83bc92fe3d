//! What others forecast with: days or weeks of the past drawn again, and the study's negative binomial.

use crate::futures::{gamma, poisson};
use crate::outlook::Outlook;
use kernel::streams::{Key, Stream, StreamId, Streams};

const PEER: StreamId = StreamId::named("forecast/peer");

/// How a forecast is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// So many newest days, each drawn again by itself.
    Days(usize),
    /// So many newest weeks, each drawn again as a whole.
    Weeks(usize),
    /// Negative binomial: the level of the last 12 weeks, the spread of the 28-day totals of the last year.
    NegativeBinomial,
}

impl Peer {
    /// All that a back-test sets beside the forecast.
    pub const ALL: [Peer; 5] =
        [Peer::Days(30), Peer::Days(90), Peer::Weeks(12), Peer::Weeks(52), Peer::NegativeBinomial];

    /// What it is called.
    pub fn name(self) -> String {
        match self {
            Peer::Days(days) => format!("last {days} days resampled"),
            Peer::Weeks(weeks) => format!("last {weeks} weeks resampled"),
            Peer::NegativeBinomial => "negative binomial".to_owned(),
        }
    }

    /// `n` futures after `past`, a count for each day; `shares` is what share of a usual week each coming day is.
    pub fn futures(self, past: &[u32], shares: &[f64], n: usize, streams: &Streams) -> Outlook {
        let rate = Rate::of(past);
        let path = |nth: usize| {
            let mut stream = streams.stream(PEER, Key(nth as u64));
            match self {
                Peer::Days(days) => blocks(past, 1, days, shares.len(), &mut stream),
                Peer::Weeks(weeks) => blocks(past, 7, weeks, shares.len(), &mut stream),
                Peer::NegativeBinomial => {
                    let weekly = rate.weekly * gamma(rate.squared_cv, &mut stream);
                    shares.iter().map(|share| poisson(weekly * share, &mut stream)).collect()
                }
            }
        };
        Outlook::of_daily((0..n).map(path).collect())
    }
}

/// Draws blocks of `length` days from the newest `most` of them until there are `days` days.
fn blocks(past: &[u32], length: usize, most: usize, days: usize, stream: &mut Stream) -> Vec<u32> {
    let have = (past.len() / length).min(most);
    let from = &past[past.len() - have * length..];
    let mut path = Vec::with_capacity(days + length);
    while path.len() < days {
        let at = (stream.uniform() * have as f64) as usize;
        path.extend(&from[at * length..(at + 1) * length]);
    }
    path.truncate(days);
    path
}

struct Rate {
    weekly: f64,
    squared_cv: f64,
}

impl Rate {
    fn of(past: &[u32]) -> Self {
        let total = |days: &[u32]| days.iter().map(|count| f64::from(*count)).sum::<f64>();
        let recent = &past[past.len().saturating_sub(84)..];
        let weekly = total(recent) / recent.len().max(1) as f64 * 7.0;
        let months: Vec<f64> = past.rchunks_exact(28).take(13).map(total).collect();
        let n = months.len() as f64;
        let mean = months.iter().sum::<f64>() / n;
        let variance = months.iter().map(|month| (month - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let squared_cv = (variance - mean) / (mean * mean);
        Self { weekly, squared_cv: if squared_cv.is_finite() { squared_cv.max(0.0) } else { 0.0 } }
    }
}
