//! Gauges: what mechanisms keep for everyone to see, beside the work itself.
//!
//! A *stock* is a level that a team has at an instant, such as trust; it is not a number until the
//! mechanism that owns it starts. A *tally* is a sum that only grows over a life, such as hours of
//! mentoring. Mechanisms read stocks they do not own; metrics read both.

macro_rules! gauges {
    ($(#[$about:meta])* $sort:ident { $($(#[$meaning:meta])+ $name:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $sort { $($(#[$meaning])+ $name),+ }

        impl $sort {
            pub const ALL: &[$sort] = &[$($sort::$name),+];
        }
    };
}

gauges! {
    /// A level that a team has at an instant.
    Stock {
        /// How tired pressure has made the team: 0 not at all, 1 fully.
        Tiredness,
        /// Whether people say what they see: 0 never, 1 always.
        Trust,
        /// How far trust lies below what is usual; below 0 where it lies above.
        Mistrust,
        /// How scared blame has made the team: 0 not at all, 1 fully.
        Scare,
        /// Hours of lifting words that would bring trust back to what is usual.
        CulturalDebt,
        /// Share of decisions that can be looked up.
        Records,
    }
}

gauges! {
    /// A sum over a life, in the unit its name says.
    Tally {
        /// People who joined a team.
        Joined,
        /// People who left.
        Departed,
        /// Incidents followed by blame.
        Blamed,
        /// Incidents that nobody reported.
        Hidden,
        /// Hours spent on building and keeping up practices against incidents.
        PracticeHours,
        /// Alerts that called somebody for nothing.
        FalseAlarms,
        /// Items that were live and turned out to have missed the point.
        Missed,
        /// Hours spent on making clear what is wanted.
        ClarifyingHours,
        /// Hours of code that leaders wrote.
        LeaderCode,
        /// Hours that leaders spent on teaching.
        TaughtHours,
        /// Hours spent on writing design documents.
        DocumentHours,
        /// Decisions recorded.
        Recorded,
        /// Decisions that were looked up rather than taken again.
        LookedUp,
        /// Questions about what somebody else wrote.
        Questions,
    }
}

pub const STOCKS: usize = Stock::ALL.len();
pub const TALLIES: usize = Tally::ALL.len();

/// The levels of one team.
pub type Stocks = [f64; STOCKS];
/// The sums of one life.
pub type Tallies = [f64; TALLIES];
