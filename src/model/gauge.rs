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
        /// Share of the team's components that at most one of its people knows.
        SoleKnowledge,
        /// How good the team's documents are: 0.5 is usual.
        Documents,
        /// How good the team's builds and tests are: 0.5 is usual.
        Builds,
        /// How good all the team's tools are: 0.5 is usual.
        Tooling,
        /// What the team has to hold in mind over what its people can.
        CognitiveLoad,
        /// How far the team has what enabling teams teach: 0 not at all, 1 fully.
        Practice,
        /// Structure that nobody needs yet, over the size of the team's code.
        Complexity,
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
        /// Hours that newcomers took of their colleagues.
        Mentored,
        /// What was spent on other than the presence of engineers, in engineer-hours: hiring, licences, hours that leaders
        /// keep free.
        Spent,
        /// Ideas that were killed by what was measured of them.
        Killed,
        /// Ideas that were doubled by what was measured of them.
        Doubled,
        /// Hours that people were called for to tend to tools.
        Tended,
        /// Times work came to people of another team than had it last.
        Handoffs,
        /// Hours people of a team sat with an enabling team.
        EnabledHours,
        /// Hours it took to run what there is.
        RunningHours,
        /// Hours of refactoring for needs that nobody had foreseen.
        Refactored,
        /// Times work was taken off a desk for more urgent work.
        SetAside,
        /// Hours by which gaps between arrivals were drawn longer than their mean.
        GapLuck,
        /// Hours by which items were drawn larger than their mean.
        SizeLuck,
        /// Value an hour by which items were drawn better than the mean; and the same times the hour of their coming.
        ValueLuck,
        /// See `ValueLuck`.
        ValueLuckByHour,
    }
}

pub const STOCKS: usize = Stock::ALL.len();
pub const TALLIES: usize = Tally::ALL.len();

/// The levels of one team.
pub type Stocks = [f64; STOCKS];
/// The sums of one life.
pub type Tallies = [f64; TALLIES];
