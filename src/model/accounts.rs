//! Accounts: what happens to work is counted where it happens, while a window is open.
//!
//! Counts and times are integers; how much work there was on average follows from the ages of what is over and of
//! what is still open, so nothing is kept up on the way.

use super::cause::CAUSES;
use super::compiled_plan::CompiledPlan;
use super::domain_event::{DomainEvent, Drop};
use super::initiative::Initiative;
use super::mechanisms::Mechanisms;
use super::migration::Migration;
use super::organisation::Organisation;
use super::plan::KindPlan;
use super::work::{Item, ItemId, Role};
use kernel::slab::Slab;
use kernel::units::{Instant, KindId, StageId, TeamId, Ticks};

/// The time from request to live of an item: ticks, and whether it was requested in the window. Sorted, the shortest
/// comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lead(u64);

impl Lead {
    fn of(ticks: Ticks, is_of_window: bool) -> Lead {
        Lead(ticks.0 << 1 | u64::from(is_of_window))
    }

    pub fn hours(self) -> f64 {
        Ticks(self.0 >> 1).hours()
    }

    pub fn is_of_window(self) -> bool {
        self.0 & 1 != 0
    }
}

/// Counts of the items of one kind.
#[derive(Clone, Debug, Default)]
pub struct KindCounts {
    pub arrived: u64,
    pub done: u64,
    /// Refused, gave up, killed.
    pub dropped: [u64; 3],
    /// Ticks in the window for which items were open: of those that are over, and of all once it is closed.
    pub open: u64,
    /// Of those done: by lead time, ascending, once the window is closed.
    pub leads: Vec<Lead>,
    /// Of those done that had been begun: how many, and the ticks from request to then and from then to live.
    pub begun: u64,
    pub backlog: u64,
    pub cycle: u64,
}

impl KindCounts {
    fn join(&mut self, other: &KindCounts) {
        self.arrived += other.arrived;
        self.done += other.done;
        self.open += other.open;
        self.leads.extend(&other.leads);
        self.begun += other.begun;
        self.backlog += other.backlog;
        self.cycle += other.cycle;
        for (mine, theirs) in self.dropped.iter_mut().zip(other.dropped) {
            *mine += theirs;
        }
    }
}

/// Sums over the visits to one stage, in hours.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageTimes {
    pub visits: u64,
    pub stay: f64,
    pub stay_squared: f64,
    pub waits: u64,
    pub wait: f64,
    pub wait_squared: f64,
    pub returned: u64,
}

/// What is over or still open when the window closes, in hours: true where it is open, so that only that it takes longer
/// is known.
pub type Spans = Vec<(f64, bool)>;

impl StageTimes {
    #[inline]
    fn leave(&mut self, hours: f64) {
        self.visits += 1;
        self.stay += hours;
        self.stay_squared += hours * hours;
    }

    #[inline]
    fn begin(&mut self, hours: f64) {
        self.waits += 1;
        self.wait += hours;
        self.wait_squared += hours * hours;
    }
}

/// Ticks that a team's people have spent: at their desks per class, and on duties; of a part-timer the part they give.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeSpent {
    pub worked: [f64; 3],
    pub on_duty: f64,
    /// Ticks in slack: what of those at desks was, and idle; and helping.
    pub slack: f64,
    pub helped: f64,
    /// Ticks taken from desks: in meetings.
    pub taken: f64,
    /// Ticks of membership, that people are there for.
    pub there: f64,
    /// The same, each person counted once.
    pub heads: f64,
}

impl TimeSpent {
    fn of(now: Instant, org: &Organisation, team: TeamId) -> TimeSpent {
        let state = &org.teams[team.at()];
        let (there, heads) = (state.paid_until(now), state.members_until(now));
        let (worked, on_duty) = (org.worked(team, now), org.on_duty(team, now));
        let slack = org.in_slack(team, now);
        let (taken, helped, slack) = (org.taken(team, now), slack.helped, slack.all());
        TimeSpent { worked, on_duty, slack, helped, taken, there, heads }
    }

    fn add(&mut self, other: &TimeSpent) {
        for (mine, theirs) in self.worked.iter_mut().zip(other.worked) {
            *mine += theirs;
        }
        self.on_duty += other.on_duty;
        self.slack += other.slack;
        self.helped += other.helped;
        self.taken += other.taken;
        self.there += other.there;
        self.heads += other.heads;
    }

    fn since(&self, start: &TimeSpent) -> TimeSpent {
        TimeSpent {
            worked: std::array::from_fn(|class| self.worked[class] - start.worked[class]),
            on_duty: self.on_duty - start.on_duty,
            slack: self.slack - start.slack,
            helped: self.helped - start.helped,
            taken: self.taken - start.taken,
            there: self.there - start.there,
            heads: self.heads - start.heads,
        }
    }
}

/// Everything that is counted in one window of a replication.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    pub(super) is_open: bool,
    pub start: Instant,
    pub kinds: Vec<KindCounts>,
    pub stages: Vec<StageTimes>,
    /// Ticks of each wait at a stage, by stage.
    pub waits: Vec<Vec<Ticks>>,
    /// Ticks from request to beginning of the work that was asked for and begun in the window.
    pub first_waits: Vec<Ticks>,
    /// Work that was asked for and went live, and the ticks of its lead times, by cause.
    pub headlines: u64,
    pub causes: [u64; CAUSES],
    /// Of what was asked for, what was committed to in the window, and what was refused, displaced, given up or killed in it:
    /// each initiative once where they are wanted as wholes, else each item.
    pub taken_on: u64,
    pub turned_away: u64,
    pub changes: u64,
    /// Of these, those that only one team worked on.
    pub within: u64,
    /// Ticks to going live of what did: since it was committed to, and since somebody or something first served it, of
    /// work that was asked for; since it was first coded, of all changes.
    pub since_committed: Vec<Ticks>,
    pub since_begun: Vec<Ticks>,
    pub since_coded: Vec<Ticks>,
    pub deployments: u64,
    pub failed_deployments: u64,
    pub incidents: u64,
    /// Times to recovery of incidents that recovered in the window.
    pub recoveries: Spans,
    /// The incidents that opened in the window and are not over, each with when it opened.
    pub unrecovered: Vec<(u32, Instant)>,
    /// Decisions that turned out wrong: cheap and dear ones.
    pub regretted: [u64; 2],
    pub decided: u64,
    pub decision_hours: f64,
    /// Ticks in the window for which items were begun and not over, and committed to and not over.
    pub begun: u64,
    pub committed: u64,
    /// By team, as it was when the window opened, and in the window once it is closed.
    pub spent: Vec<TimeSpent>,
    /// Work that was asked for and arrived, was begun, built and done: what was there when the window opened included.
    pub flow: [u64; 4],
    /// Incidents since somebody last asked.
    pub incidents_lately: u32,
}

impl Organisation {
    /// Opens a window on what happens from now on. At the very first instant (`is_first`) nothing is there yet: what is
    /// there then has come in the window.
    pub(super) fn open_accounts(&mut self, now: Instant, is_first: bool, plan: &CompiledPlan) {
        // The cumulative flow begins with what is open at the fork, so that its bands are real stocks.
        let asked_for = |in_state: &dyn Fn(&Item) -> bool| {
            let items = self.expected().filter(|item| is_headline(item, plan) && in_state(item));
            items.count() as u64
        };
        let flow = if is_first {
            [0; 4]
        } else {
            [
                asked_for(&|_| true),
                asked_for(&|item| item.pulled.is_some()),
                asked_for(&|item| item.coded.is_some() && !plan.stages[item.stage.at()].writes_code),
                0,
            ]
        };
        let teams = (0..plan.teams.len()).map(TeamId::new);
        self.accounts = Accounts {
            is_open: true,
            start: now,
            kinds: vec![KindCounts::default(); plan.kinds.len()],
            stages: vec![StageTimes::default(); plan.stages.len()],
            waits: vec![Vec::new(); plan.stages.len()],
            spent: teams.map(|team| TimeSpent::of(now, self, team)).collect(),
            flow,
            ..Accounts::default()
        };
    }

    /// Closes the window: what is still open is counted up to now.
    pub fn close_accounts(&mut self, now: Instant) -> Accounts {
        let mut accounts = std::mem::take(&mut self.accounts);
        for item in self.expected().filter(|item| item.role == Role::Work) {
            accounts.count_ages(item, now);
        }
        for (at, spent) in accounts.spent.iter_mut().enumerate() {
            *spent = TimeSpent::of(now, self, TeamId::new(at)).since(spent);
        }
        accounts.kinds.iter_mut().for_each(|kind| kind.leads.sort_unstable());
        accounts
    }

    /// Counts something that happens now.
    #[inline(always)] // so that each place where something happens has only its own arm
    pub(super) fn count_event(&mut self, now: Instant, event: &DomainEvent, plan: &CompiledPlan) {
        let Organisation { accounts, items, initiatives, .. } = self;
        if !accounts.is_open {
            return;
        }
        let work = |item: ItemId| Some(&items[item]).filter(|item| item.role == Role::Work);
        match *event {
            DomainEvent::Arrived { item } => {
                let kind = items[item].kind;
                accounts.arrived(&plan.kinds[kind.at()], kind);
            }
            DomainEvent::Committed { item: id } => {
                if let Some(item) = work(id).filter(|item| is_headline(item, plan)) {
                    let whole = whole_of(item, initiatives);
                    let is_first = whole.is_none_or(|whole| whole.members.first() == Some(&id));
                    accounts.taken_on += u64::from(is_first);
                }
            }
            DomainEvent::Pulled { item } => {
                if let Some(item) = Some(&items[item]).filter(|item| is_headline(item, plan)) {
                    accounts.flow[1] += 1;
                    accounts.first_waits.push(now - item.born);
                }
            }
            DomainEvent::Served { item, stage, after } if work(item).is_some() => {
                accounts.wait_ends(stage, after)
            }
            DomainEvent::Began { item, again: false, .. } => {
                let item = &items[item];
                accounts.wait_ends(item.stage, now - item.entered);
            }
            DomainEvent::Worked { item, stage, .. } if plan.stages[stage.at()].writes_code => {
                let item = &items[item];
                accounts.flow[2] += u64::from(!item.is_again() && is_headline(item, plan));
            }
            DomainEvent::Left { stage, after, .. } => accounts.stages[stage.at()].leave(after.hours()),
            DomainEvent::Returned { from, .. } => accounts.stages[from.at()].returned += 1,
            DomainEvent::Done { item } => {
                if let Some(item) = work(item) {
                    accounts.done(item, now, plan);
                }
            }
            DomainEvent::Dropped { item, why } => {
                if let Some(item) = work(item) {
                    let is_first = whole_of(item, initiatives).is_none_or(|whole| !whole.broken);
                    accounts.turned_away += u64::from(is_first && is_headline(item, plan));
                    accounts.dropped(item, why, now, plan);
                }
            }
            DomainEvent::Deployed { leads, .. } => accounts.deployments += u64::from(leads),
            DomainEvent::Failed { .. } => accounts.failed_deployments += 1,
            DomainEvent::Opened { incident, .. } => {
                accounts.incidents += 1;
                accounts.incidents_lately += 1;
                accounts.unrecovered.push((incident, now));
            }
            DomainEvent::Recovered { incident, after, .. } => {
                accounts.unrecovered.retain(|(open, _)| *open != incident);
                accounts.recoveries.push((after.hours(), false));
            }
            DomainEvent::Decided { after, .. } => {
                accounts.decided += 1;
                accounts.decision_hours += after.hours();
            }
            DomainEvent::Regretted { dear, .. } => accounts.regretted[usize::from(dear)] += 1,
            _ => {}
        }
    }
}

impl Accounts {
    /// Work of a kind arrives.
    #[inline]
    pub(super) fn arrived(&mut self, plan: &KindPlan, kind: KindId) {
        if self.is_open {
            self.kinds[kind.at()].arrived += 1;
            self.flow[0] += u64::from(plan.is_headline);
        }
    }

    /// For how long an item was open, begun and committed to in the window.
    #[inline]
    fn count_ages(&mut self, item: &Item, now: Instant) {
        let since = |then: Instant| (now - then.max(self.start)).0;
        self.kinds[item.kind.at()].open += since(item.born);
        let (begun, committed) = (item.pulled.map_or(0, since), item.committed.map_or(0, since));
        self.begun += begun;
        self.committed += committed;
    }

    #[inline]
    fn done(&mut self, item: &Item, now: Instant, plan: &CompiledPlan) {
        self.count_ages(item, now);
        let kind = &mut self.kinds[item.kind.at()];
        kind.done += 1;
        kind.leads.push(Lead::of(now - item.born, item.born >= self.start));
        if let Some(begun) = item.pulled {
            kind.begun += 1;
            kind.backlog += (begun - item.born).0;
            kind.cycle += (now - begun).0;
        }
        if is_change(item, plan) {
            self.since_coded.extend(item.coded.map(|then| now - then));
            self.changes += 1;
            self.within += u64::from(!Mechanisms::has_crossed(item));
        }
        if is_headline(item, plan) {
            self.since_committed.extend(item.committed.map(|then| now - then));
            self.since_begun.extend(item.pulled.map(|then| now - then));
            self.headlines += 1;
            self.flow[3] += 1;
            item.ledger.add_to(&mut self.causes);
        }
    }

    fn dropped(&mut self, item: &Item, why: Drop, now: Instant, plan: &CompiledPlan) {
        // What is turned away no longer counts as work that came in.
        if is_headline(item, plan) {
            self.flow[0] = self.flow[0].saturating_sub(1);
        }
        self.count_ages(item, now);
        self.kinds[item.kind.at()].dropped[why as usize] += 1;
    }

    /// So many items of a kind, all asked for at one time, are dropped before anybody began them, and are no initiative's
    /// first.
    pub(super) fn dropped_unbegun(
        &mut self,
        plan: &KindPlan,
        kind: KindId,
        (items, born): (u64, Instant),
        (why, now): (Drop, Instant),
    ) {
        if !self.is_open {
            return;
        }
        if plan.is_headline {
            self.flow[0] = self.flow[0].saturating_sub(items);
        }
        let counts = &mut self.kinds[kind.at()];
        counts.open += items * (now - born.max(self.start)).0;
        counts.dropped[why as usize] += items;
    }

    /// Somebody or a machine turns to an item at a stage, this long after it came there.
    #[inline]
    fn wait_ends(&mut self, stage: StageId, after: Ticks) {
        self.stages[stage.at()].begin(after.hours());
        self.waits[stage.at()].push(after);
    }

    /// What is counted by kind, stage and team follows a reorganisation.
    pub(super) fn follow(&mut self, migration: &Migration, plan: &CompiledPlan) {
        if !self.is_open {
            return;
        }
        let mut kinds = vec![KindCounts::default(); plan.kinds.len()];
        for (counts, kind) in self.kinds.iter().zip(&migration.kinds) {
            kinds[kind.at()].join(counts);
        }
        self.kinds = kinds;
        let mut stages = vec![StageTimes::default(); plan.stages.len()];
        let mut waits = vec![Vec::new(); plan.stages.len()];
        let before = self.stages.iter().zip(&mut self.waits);
        for ((times, waited), stage) in before.zip(&migration.stages) {
            if let Some(stage) = stage {
                stages[stage.at()] = *times;
                waits[stage.at()] = std::mem::take(waited);
            }
        }
        (self.stages, self.waits) = (stages, waits);
        let mut spent = vec![TimeSpent::default(); plan.teams.len()];
        for (before, team) in self.spent.iter().zip(&migration.teams) {
            spent[team.at()].add(before);
        }
        self.spent = spent;
    }
}

/// The initiative of an item, where it is wanted as a whole.
fn whole_of<'a>(item: &Item, initiatives: &'a Slab<Initiative>) -> Option<&'a Initiative> {
    item.initiative.and_then(|id| initiatives.get(id)).filter(|initiative| initiative.whole.is_some())
}

/// Whether an item counts as a change in the DORA metrics.
pub fn is_change(item: &Item, plan: &CompiledPlan) -> bool {
    item.role == Role::Work && plan.kinds[item.kind.at()].is_change
}

/// Whether an item counts as work that was asked for.
pub fn is_headline(item: &Item, plan: &CompiledPlan) -> bool {
    item.role == Role::Work && plan.kinds[item.kind.at()].is_headline
}
