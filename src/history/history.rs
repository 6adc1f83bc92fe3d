//! What happened, as far as trackers recorded it: items with their dates, moves, deployments and incidents.

use crate::when::When;
use crate::words::Meaning;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// How an item ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Open,
    /// Delivered.
    Done,
    /// Ended without being delivered.
    Dropped,
}

impl Outcome {
    /// As it stands in `items.csv`; nothing where the item is open.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }
}

/// A piece of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// A running number in the order of creation; the tracker's key is none of it.
    pub id: u32,
    pub kind: String,
    pub team: String,
    pub created: Option<When>,
    /// When work on it began; None where it did not, or nobody says.
    pub started: Option<When>,
    /// When it ended, delivered or dropped; None where it is open, or nobody says.
    pub finished: Option<When>,
    pub outcome: Outcome,
    /// The status it had last.
    pub status: String,
    /// The item that it is part of.
    pub parent: Option<u32>,
    /// The tracker's key, where it is digits or `LETTERS-123`.
    pub key: String,
}

impl Item {
    /// Whether it was delivered, and when is known.
    pub fn delivered(&self) -> Option<When> {
        self.finished.filter(|_| self.outcome == Outcome::Done)
    }

    pub fn is_open(&self) -> bool {
        self.outcome == Outcome::Open
    }
}

/// A change of status.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub item: u32,
    pub at: When,
    pub from: String,
    pub to: String,
}

/// Something went live, or was to.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    pub at: When,
    /// None where nobody says.
    pub succeeded: Option<bool>,
}

/// Something was broken for those who use it.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    pub started: When,
    /// None where it lasts, or nobody says.
    pub ended: Option<When>,
    /// The deployment that brought it about, where somebody says.
    pub deployment_at: Option<When>,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct History {
    pub items: Vec<Item>,
    pub moves: Vec<Move>,
    pub deployments: Vec<Deployment>,
    pub incidents: Vec<Incident>,
    /// How many different people had an item that began, moved or ended in the week that starts on this Monday.
    pub people: Vec<(Date, usize)>,
    /// The last day that is known of.
    pub as_of: Date,
    pub zone: TimeZone,
    pub holidays: Vec<Date>,
    pub statuses: BTreeMap<String, Meaning>,
}

impl History {
    /// The items that others are parts of.
    pub fn wholes(&self) -> BTreeSet<u32> {
        self.items.iter().filter_map(|item| item.parent).collect()
    }

    /// What has parts is no item: its parts are the work, and to count both would count it twice.
    #[must_use]
    pub fn of_parts(mut self) -> History {
        let wholes = self.wholes();
        self.items.retain(|item| !wholes.contains(&item.id));
        self.moves.retain(|one| !wholes.contains(&one.item));
        self
    }

    /// Statuses in which items were, and of which nobody has said what they mean.
    pub fn unknown_statuses(&self) -> BTreeSet<&str> {
        let of_items = self.items.iter().map(|item| item.status.as_str());
        let passed = self.moves.iter().flat_map(|one| [one.from.as_str(), one.to.as_str()]);
        of_items.chain(passed).filter(|it| !it.is_empty() && self.meaning(it) == Meaning::Unknown).collect()
    }

    /// What a status means.
    pub fn meaning(&self, status: &str) -> Meaning {
        self.statuses.get(status).copied().unwrap_or(Meaning::Unknown)
    }
}
