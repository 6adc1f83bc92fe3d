//! The small organisation of `organisation.toml`, written by hand as a loop over a heap: the yardstick of the machine.
//!
//! It keeps what a careful person would for these numbers and nothing else: no ledger of causes, no keyed random
//! numbers, no plan. Times are milliseconds of working time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

const HOUR: f64 = 3_600_000.0;
const PEOPLE: usize = 5;
const MEETS_EVERY: u64 = 40 * 3_600_000;

/// What one replication comes to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    /// Mean time from arrival to deployment, in hours, of the changes that were deployed.
    pub lead_hours: f64,
    pub deployed: u64,
    pub incidents: u64,
    pub preemptions: u64,
    /// Arrivals, completions and meetings; incidents come at the instant of a deployment and are no event of their own.
    pub events: u64,
}

/// A change or an incident.
#[derive(Clone, Copy)]
struct Item {
    born: u64,
    left: u64,
    urgent: bool,
}

/// What a person works on, until when, since when.
#[derive(Clone, Copy, Default)]
struct Desk {
    item: Option<Item>,
    since: u64,
    version: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Completion { person: u8, version: u32 },
    Arrival,
    Meeting,
}

struct Organisation {
    random: Random,
    now: u64,
    calendar: BinaryHeap<Reverse<(u64, Event)>>,
    desks: [Desk; PEOPLE],
    urgent: VecDeque<Item>,
    waiting: VecDeque<Item>,
    board: Vec<Item>,
    lead: u64,
    summary: Summary,
}

/// One replication of this many hours, from empty.
pub fn replicate(seed: u64, hours: u64) -> Summary {
    let mut organisation = Organisation {
        random: Random::new(seed),
        now: 0,
        calendar: BinaryHeap::new(),
        desks: [Desk::default(); PEOPLE],
        urgent: VecDeque::new(),
        waiting: VecDeque::new(),
        board: Vec::new(),
        lead: 0,
        summary: Summary::default(),
    };
    organisation.schedule_arrival();
    organisation.run_until(hours * HOUR as u64);
    let Organisation { lead, mut summary, .. } = organisation;
    summary.lead_hours = lead as f64 / HOUR / summary.deployed as f64;
    summary
}

impl Organisation {
    fn run_until(&mut self, end: u64) {
        while let Some(Reverse((time, event))) = self.calendar.pop() {
            if time >= end {
                break;
            }
            self.now = time;
            match event {
                Event::Completion { person, version } if self.desks[person as usize].version == version => {
                    self.finish(person as usize);
                }
                Event::Completion { .. } => continue,
                Event::Arrival => {
                    self.schedule_arrival();
                    let left = self.random.lognormal(7.278_367_9);
                    self.waiting.push_back(Item { born: time, left, urgent: false });
                }
                Event::Meeting => {
                    for item in std::mem::take(&mut self.board) {
                        self.deploy(item);
                    }
                }
            }
            self.summary.events += 1;
            if self.calendar.peek().is_none_or(|Reverse((next, _))| *next != time) {
                self.settle();
            }
        }
    }

    fn schedule_arrival(&mut self) {
        let gap = (self.random.exponential(4.0) * HOUR) as u64;
        self.calendar.push(Reverse((self.now + gap, Event::Arrival)));
    }

    fn finish(&mut self, person: usize) {
        let Some(item) = self.desks[person].item.take() else { return };
        if item.urgent {
            return;
        }
        if self.random.uniform() < 0.2 {
            let left = self.random.lognormal(7.278_367_9);
            return self.waiting.push_back(Item { left, ..item });
        }
        if self.random.uniform() >= 0.3 {
            return self.deploy(item);
        }
        if self.board.is_empty() {
            let next = (self.now / MEETS_EVERY + 1) * MEETS_EVERY;
            self.calendar.push(Reverse((next, Event::Meeting)));
        }
        self.board.push(item);
    }

    fn deploy(&mut self, item: Item) {
        self.lead += self.now - item.born;
        self.summary.deployed += 1;
        if self.random.uniform() < 0.2 {
            self.summary.incidents += 1;
            let left = self.random.lognormal(3.639_184);
            self.urgent.push_back(Item { born: self.now, left, urgent: true });
        }
    }

    /// Whoever is free starts what waits; then incidents that still wait take the desks of changes.
    fn settle(&mut self) {
        for person in 0..PEOPLE {
            if self.desks[person].item.is_none() {
                let Some(item) = self.urgent.pop_front().or_else(|| self.waiting.pop_front()) else { return };
                self.start(person, item);
            }
        }
        while !self.urgent.is_empty() {
            let victim = |desk: &Desk| desk.item.is_some_and(|item| !item.urgent);
            let Some(person) = self.desks.iter().position(victim) else { return };
            let Some(item) = self.urgent.pop_front() else { return };
            let desk = &mut self.desks[person];
            if let Some(mut aside) = desk.item.take() {
                aside.left -= self.now - desk.since;
                self.waiting.push_front(aside);
                self.summary.preemptions += 1;
            }
            self.start(person, item);
        }
    }

    fn start(&mut self, person: usize, item: Item) {
        let desk = &mut self.desks[person];
        desk.version += 1;
        (desk.item, desk.since) = (Some(item), self.now);
        let event = Event::Completion { person: person as u8, version: desk.version };
        self.calendar.push(Reverse((self.now + item.left, event)));
    }
}

/// SplitMix64 (Steele, Lea & Flood 2014), and what is made of it by inversion and by Box and Muller's method.
struct Random {
    state: u64,
    spare: Option<f64>,
}

impl Random {
    /// Streams of different seeds begin at far-off places of the one cycle: neighbouring places would overlap.
    fn new(seed: u64) -> Random {
        let mut random = Random { state: seed, spare: None };
        random.state = random.word();
        random
    }

    fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = self.state;
        let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// Uniform on (0, 1).
    fn uniform(&mut self) -> f64 {
        ((self.word() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(self.uniform())
    }

    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(self.uniform()));
        let (sine, cosine) = libm::sincos(std::f64::consts::TAU * self.uniform());
        self.spare = Some(radius * sine);
        radius * cosine
    }

    /// Ticks of work with this median in hours, and a standard deviation of the logarithm of 1.
    fn lognormal(&mut self, median: f64) -> u64 {
        (median * libm::exp(self.normal()) * HOUR) as u64
    }
}
