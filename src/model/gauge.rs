//! Gauges: what mechanisms keep for everyone to see, beside the work itself.
//!
//! A *stock* is a level that a team has at an instant, such as trust; it is not a number until the
//! mechanism that owns it starts. A *tally* is a sum that only grows over a life, such as hours of
//! mentoring. A mechanism declares its own with `gauges!`, in its file, and metrics tell them
//! ([`Metric`](super::metric::Metric)). Here stand those that the core counts, or that one mechanism keeps and another reads.

use super::mechanism::Registered;
use super::mechanisms;

/// A level that a team has at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock(u8);

/// A sum over a life, in the unit its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally(u8);

/// How many gauges of each sort somebody has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauges {
    pub stocks: usize,
    pub tallies: usize,
}

impl Gauges {
    pub const NONE: Gauges = Gauges { stocks: 0, tallies: 0 };

    pub(super) const fn and(self, others: Gauges) -> Gauges {
        Gauges { stocks: self.stocks + others.stocks, tallies: self.tallies + others.tallies }
    }
}

/// Declares what a mechanism keeps: a constant for each gauge, and `GAUGES`, which its `impl Mechanism` names.
macro_rules! gauges {
    (
        $mechanism:ident:
        $(stocks { $($(#[$level:meta])+ $stock:ident),+ $(,)? })?
        $(tallies { $($(#[$sum:meta])+ $tally:ident),+ $(,)? })?
    ) => {
        const GAUGES: $crate::gauge::Gauges = $crate::gauge::Gauges {
            stocks: 0 $( + [$(stringify!($stock)),+].len())?,
            tallies: 0 $( + [$(stringify!($tally)),+].len())?,
        };
        $(
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the constants are")]
            enum StockPlace { $($stock),+ }
            $($(#[$level])+ const $stock: $crate::gauge::Stock =
                $crate::gauge::Stock::of::<$mechanism>(StockPlace::$stock as usize);)+
        )?
        $(
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the constants are")]
            enum TallyPlace { $($tally),+ }
            $($(#[$sum])+ const $tally: $crate::gauge::Tally =
                $crate::gauge::Tally::of::<$mechanism>(TallyPlace::$tally as usize);)+
        )?
    };
}
pub(super) use gauges;

/// Declares what all share; these come before those of mechanisms.
macro_rules! shared {
    ($sort:ident $place:ident { $($(#[$meaning:meta])+ $name:ident),+ $(,)? }) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the constants are")]
        enum $place { $($name),+ }

        impl $sort {
            $($(#[$meaning])+ pub const $name: $sort = $sort($place::$name as u8);)+

            const SHARED: &[&str] = &[$(stringify!($name)),+];
        }
    };
}

shared! {
    Stock StockPlace {
        /// How far trust lies below what is usual; below 0 where it lies above.
        MISTRUST,
        /// Share of decisions that can be looked up.
        RECORDS,
        /// How good the team's documents are: 0.5 is usual.
        DOCUMENTS,
        /// How good the team's builds and tests are: 0.5 is usual.
        BUILDS,
    }
}

shared! {
    Tally TallyPlace {
        /// People who joined a team.
        JOINED,
        /// People who left.
        DEPARTED,
        /// What was spent on other than the presence of engineers, in engineer-hours: hiring, licences, hours that leaders
        /// keep free.
        SPENT,
        /// Hours spent on making clear what is wanted.
        CLARIFYING_HOURS,
        /// Times work was taken off a desk for more urgent work.
        SET_ASIDE,
        /// Hours by which gaps between arrivals were drawn longer than their mean.
        GAP_LUCK,
        /// Hours by which items were drawn larger than their mean.
        SIZE_LUCK,
        /// Value an hour by which items were drawn better than the mean; and the same times the hour of their coming.
        VALUE_LUCK,
        /// See `VALUE_LUCK`.
        VALUE_LUCK_BY_HOUR,
    }
}

/// Gauges before all of which mechanisms declare.
pub(super) const SHARED: Gauges = Gauges { stocks: Stock::SHARED.len(), tallies: Tally::SHARED.len() };

macro_rules! numbered {
    ($sort:ident, $count:ident, $total:ident) => {
        /// How many there are in all.
        pub const $total: usize = mechanisms::GAUGES.$count;

        impl $sort {
            pub const ALL: &[$sort] = &{
                let mut all = [$sort(0); $total];
                let mut at = 0;
                while at < $total {
                    all[at] = $sort(at as u8);
                    at += 1;
                }
                all
            };

            /// A mechanism's own, by its place among those that it declares.
            pub(super) const fn of<M: Registered>(place: usize) -> $sort {
                assert!(place < M::GAUGES.$count, "what `gauges!` declares is named in `impl Mechanism`");
                assert!($total <= u8::MAX as usize, "each has a number");
                $sort((M::FIRST.$count + place) as u8)
            }

            /// Its place among all.
            #[inline]
            pub fn at(self) -> usize {
                usize::from(self.0)
            }
        }
    };
}

numbered!(Stock, stocks, STOCKS);
numbered!(Tally, tallies, TALLIES);

/// The levels of one team.
pub type Stocks = [f64; STOCKS];
/// The sums of one life.
pub type Tallies = [f64; TALLIES];
