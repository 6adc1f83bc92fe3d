//! Instruments: what mechanisms keep for everyone to see, beside the work itself.
//!
//! A *gauge* is a level that a team has at an instant, such as trust; it is not a number until the
//! mechanism that owns it starts. A *counter* is a sum that only grows over a replication, such as hours of
//! mentoring. A mechanism declares its own with `instruments!`, in its file, and metrics tell them
//! ([`Metric`](super::metric::Metric)). Here stand those that the core counts, or that one mechanism keeps and another
//! reads.

use super::mechanism::Registered;
use super::mechanisms;

/// A level that a team has at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge(u8);

/// A sum over a replication, in the unit its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter(u8);

/// How many instruments of each sort somebody has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Instruments {
    pub gauges: usize,
    pub counters: usize,
}

impl Instruments {
    pub const NONE: Instruments = Instruments { gauges: 0, counters: 0 };

    pub(super) const fn and(self, others: Instruments) -> Instruments {
        Instruments { gauges: self.gauges + others.gauges, counters: self.counters + others.counters }
    }
}

/// Declares what a mechanism keeps: a constant for each instrument, and `INSTRUMENTS`, which its `impl Mechanism`
/// names.
macro_rules! instruments {
    (
        $mechanism:ident:
        $(gauges { $($(#[$level:meta])+ $gauge:ident),+ $(,)? })?
        $(counters { $($(#[$sum:meta])+ $counter:ident),+ $(,)? })?
    ) => {
        const INSTRUMENTS: $crate::instrument::Instruments = $crate::instrument::Instruments {
            gauges: 0 $( + [$(stringify!($gauge)),+].len())?,
            counters: 0 $( + [$(stringify!($counter)),+].len())?,
        };
        $(
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the constants are")]
            enum GaugePlace { $($gauge),+ }
            $($(#[$level])+ const $gauge: $crate::instrument::Gauge =
                $crate::instrument::Gauge::of::<$mechanism>(GaugePlace::$gauge as usize);)+
        )?
        $(
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the constants are")]
            enum CounterPlace { $($counter),+ }
            $($(#[$sum])+ const $counter: $crate::instrument::Counter =
                $crate::instrument::Counter::of::<$mechanism>(CounterPlace::$counter as usize);)+
        )?
    };
}
pub(super) use instruments;

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
    Gauge GaugePlace {
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
    Counter CounterPlace {
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
        PREEMPTIONS,
        /// Hours by which gaps between arrivals were drawn longer than their mean.
        GAP_DEVIATION,
        /// Hours by which items were drawn larger than their mean.
        SIZE_DEVIATION,
        /// Value an hour by which items were drawn better than the mean.
        VALUE_DEVIATION,
        /// Nominal hours of all visits to stages that take people's work.
        EFFORT_HOURS,
        /// The same of visits to a stage at which the item had been before.
        REDONE_HOURS,
        /// What items that went live were worth over their lives when they were asked for, in engineer-hours.
        ASKED_WORTH,
        /// How much of that had faded until they went live.
        FADED_WORTH,
    }
}

/// Instruments before all of which mechanisms declare.
pub(super) const SHARED: Instruments =
    Instruments { gauges: Gauge::SHARED.len(), counters: Counter::SHARED.len() };

macro_rules! numbered {
    ($sort:ident, $count:ident, $total:ident) => {
        /// How many there are in all.
        pub const $total: usize = mechanisms::INSTRUMENTS.$count;

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
                assert!(
                    place < M::INSTRUMENTS.$count,
                    "what `instruments!` declares is named in `impl Mechanism`"
                );
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

numbered!(Gauge, gauges, GAUGES);
numbered!(Counter, counters, COUNTERS);

/// The levels of one team.
pub type Gauges = [f64; GAUGES];
/// The sums of one replication.
pub type Counters = [f64; COUNTERS];
