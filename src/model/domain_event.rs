//! The few things that happen in the life of work, which any mechanism and any metric may notice.

use super::initiative::InitiativeId;
use super::work::ItemId;
use kernel::streams::Key;
use kernel::units::{GateId, PersonId, StageId, TeamId, Ticks};

/// Why an item left without being finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Drop {
    /// The backlog was full when it came.
    Refused,
    /// It waited longer than it was willing to.
    GaveUp,
    /// It was cancelled together with its initiative.
    Killed,
}

macro_rules! domain_events {
    ($($(#[$meaning:meta])* $name:ident { $($field:ident: $type:ty),+ $(,)? }),+ $(,)?) => {
        /// Something that happened, at the event list's present instant.
        #[derive(Clone, Copy, Debug)]
        pub enum DomainEvent {
            $($(#[$meaning])* $name { $($field: $type),+ }),+
        }

        /// The sorts of domain events, without what they hold.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EventSort { $($name),+ }

        /// How many sorts of domain events there are.
        pub const SORTS: usize = [$(EventSort::$name),+].len();

        impl DomainEvent {
            #[inline]
            pub fn sort(&self) -> EventSort {
                match self { $(DomainEvent::$name { .. } => EventSort::$name),+ }
            }
        }

        impl EventSort {
            pub const ALL: [EventSort; SORTS] = [$(EventSort::$name),+];
        }
    };
}

domain_events! {
    /// An item came into being.
    Arrived {
        item: ItemId,
    },
    /// It is wanted from now on: it entered the first column of its route, or is begun at this instant.
    Committed {
        item: ItemId,
    },
    /// It is begun: somebody or something serves it for the first time.
    Pulled {
        item: ItemId,
    },
    /// Somebody began to work on it at its present stage, or (`again`) took it up once more.
    Began {
        item: ItemId,
        person: PersonId,
        again: bool,
    },
    /// It was taken off somebody's desk for more urgent work.
    Preempted {
        item: ItemId,
        person: PersonId,
    },
    /// The people's work at its present stage is done.
    Worked {
        item: ItemId,
        stage: StageId,
        person: PersonId,
    },
    /// It is sent back from a stage.
    Returned {
        item: ItemId,
        from: StageId,
    },
    /// It has left a stage, after this long.
    Left {
        item: ItemId,
        stage: StageId,
        after: Ticks,
    },
    /// A gate has heard it.
    Heard {
        item: ItemId,
        gate: GateId,
        approved: bool,
    },
    /// Its petition is closed, this long after it was opened; `round` counts those before, at the same visit, that
    /// were rejected and opened again.
    Decided {
        item: ItemId,
        gate: GateId,
        approved: bool,
        after: Ticks,
        round: u64,
    },
    /// It goes to production, as one of `batch` changes in a deployment; the first of them leads.
    Deployed {
        item: ItemId,
        batch: u32,
        leads: bool,
    },
    /// A deployment failed in production because of this change.
    Failed {
        item: ItemId,
    },
    /// It has reached the end of its route.
    Done {
        item: ItemId,
    },
    Dropped {
        item: ItemId,
        why: Drop,
    },
    /// The code of all items of an initiative is written.
    Built {
        initiative: InitiativeId,
    },
    /// The last open item of an initiative is done or dropped.
    Completed {
        initiative: InitiativeId,
    },
    /// It is a part that another item waits for from now on.
    Needed {
        item: ItemId,
    },
    /// Somebody has worked until the next interruption is due.
    Disturbed {
        person: PersonId,
    },
    /// Somebody has nothing planned to do, and turns to the team's tools.
    Spare {
        person: PersonId,
    },
    /// Somebody's last duty is over.
    BackAtDesk {
        team: TeamId,
    },
    /// Somebody new belongs to a team; whoever is there from the start did not join.
    Joined {
        person: PersonId,
    },
    /// Somebody has left the organisation for good.
    Departed {
        person: PersonId,
    },
    /// Something is wrong in production; `key` is its address, for what else is drawn about it, `severity` the share of
    /// its team's product that it hits.
    Opened {
        incident: u32,
        team: TeamId,
        key: Key,
        severity: f32,
    },
    /// Users no longer notice it; `after` counts from the failure, `key` is the address of what is
    /// drawn about it.
    Recovered {
        incident: u32,
        team: TeamId,
        after: Ticks,
        key: Key,
    },
    /// It is over, and nobody was told that it ever was.
    Hushed {
        team: TeamId,
        after: Ticks,
    },
    /// The organisation has another shape from now on.
    Reorganised {
        teams: u32,
    },
    /// Something that a team had live is taken back.
    Withdrawn {
        team: TeamId,
    },
    /// A machine begins to run for it at its present stage, to which it came this long before.
    Served {
        item: ItemId,
        stage: StageId,
        after: Ticks,
    },
    /// The decision in an item that is live turns out to have been wrong.
    Regretted {
        team: TeamId,
        dear: bool,
    },
}
