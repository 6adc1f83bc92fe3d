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
        /// What the team has to hold in mind over what its people can.
        CognitiveLoad,
        /// How far the team has what enabling teams teach: 0 not at all, 1 fully.
        Practice,
    }
}

gauges! {
    /// A sum over a life, in the unit its name says.
    Tally {
        /// People who joined a team.
        Joined,
        /// People who left.
        Departed,
        /// Times work came to people of another team than had it last.
        Handoffs,
        /// Hours people of a team sat with an enabling team.
        TaughtHours,
        /// Hours it took to run what there is.
        RunningHours,
    }
}

pub const STOCKS: usize = Stock::ALL.len();
pub const TALLIES: usize = Tally::ALL.len();

/// The levels of one team.
pub type Stocks = [f64; STOCKS];
/// The sums of one life.
pub type Tallies = [f64; TALLIES];
