//! Today: where policies part, what is open in a real history takes the place of what is open in the simulated past.
//!
//! The past is simulated as ever, so that people, code and habits are as they would be; then all work that is open in it is
//! gone, and the items of the history stand there with their age. A history knows when an item was created and begun, and
//! not where on its route it is: what is begun stands at the first stage that writes code (the first stage, where none does),
//! with part of that stage's work done. Its time in progress is booked as waiting for someone to continue.

use super::cause::{Cause, Ledger};
use super::domain_event::{DomainEvent, Drop};
use super::initiative::InitiativeId;
use super::mechanism::{Context, Due};
use super::plan::Step;
use super::replication::{Observer, Replication};
use super::work::{Item, ItemId, Role};
use kernel::units::{Instant, KindId, TeamId, Ticks};

/// An item that is open today, as a file says it.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenRow {
    pub line: u64,
    pub kind: String,
    /// Empty where the file does not say it.
    pub team: String,
    /// Days before today.
    pub created: f64,
    /// The same; nothing where it is not begun.
    pub started: Option<f64>,
    /// Rows with the same number belong together.
    pub initiative: Option<u32>,
}

/// An item that is open today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenItem {
    pub kind: KindId,
    pub team: TeamId,
    /// How long ago it was created.
    pub created: Ticks,
    /// How long ago it was begun, where it is.
    pub started: Option<Ticks>,
    pub initiative: Option<u32>,
}

/// All that is open today: what is begun first, the oldest first among each.
#[derive(Clone, Debug, Default)]
pub struct Today {
    pub items: Vec<OpenItem>,
    /// How long before its past a replication's clock begins, so that whatever is open was created after that.
    pub reaches: Ticks,
}

impl Today {
    /// Puts items into their order; `week` is the least that a clock begins before a past.
    pub fn of(mut items: Vec<OpenItem>, week: Ticks) -> Today {
        let oldest = items.iter().map(|item| item.created).max().unwrap_or_default();
        // Stable: what is of one age stands as it was written.
        items.sort_by_key(|item| (item.started.is_none(), std::cmp::Reverse(item.created)));
        // Whole weeks, so that weeks begin as they would.
        let weeks = oldest.0.div_ceil(week.0.max(1)).max(1);
        Today { items, reaches: Ticks(weeks * week.0) }
    }
}

/// Since when an item stands where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    pub born: Instant,
    /// When its initiative was begun, where it is.
    pub wanted: Option<Instant>,
    /// When it was begun, and the share of its first stage's work that is left.
    pub begun: Option<(Instant, f64)>,
}

impl Context<'_> {
    /// All work that is open is gone.
    fn drop_all_work(&mut self) {
        self.flesh_out_all();
        let is_open = |item: &Item| item.role == Role::Work && !item.is_dropped;
        let mut open: Vec<ItemId> =
            self.org.items.iter().filter(|(_, item)| is_open(item)).map(|(id, _)| id).collect();
        self.org.by_place(&mut open);
        open.into_iter().for_each(|id| self.drop_item(id, Drop::Killed));
    }

    /// A drawn item comes, and has been there for a while. Nobody refuses it, however much waits.
    pub fn stand(&mut self, id: ItemId, since: Since) {
        let item = &mut self.org.items[id];
        item.born = since.born;
        item.urgency.requested = since.born;
        item.ledger = Ledger::open(since.born);
        if let Some(at) = since.begun.map(|(at, _)| at).or(since.wanted.map(|at| at.max(since.born))) {
            item.committed = Some(at);
            item.ledger.commit(at);
        }
        self.join_initiative(self.org.items[id].initiative, id, since.begun.is_some());
        let Some((at, left)) = since.begun else { return self.enter(id) };
        let item = &mut self.org.items[id];
        item.ledger.turn_to(Cause::Queue, at);
        (item.pulled, item.taken) = (Some(at), Some(at));
        (item.redo, item.goes_on) = (Some(left as f32), true);
        item.step = u8::MAX;
        self.org.count_in(id);
        self.org.count_unbegun(id, false);
        for event in [
            DomainEvent::Arrived { item: id },
            DomainEvent::Committed { item: id },
            DomainEvent::Pulled { item: id },
        ] {
            self.emit(event);
        }
        self.go_on_at_work(id, at);
    }

    fn join_initiative(&mut self, initiative: Option<InitiativeId>, id: ItemId, is_begun: bool) {
        let Some(state) = self.org.initiative_mut(initiative) else { return };
        let nth = state.members.len() as u32;
        state.members.push(id);
        if !is_begun {
            state.waiting.push(id);
        }
        self.org.items[id].nth = nth;
    }

    /// What is begun goes to the stage at which it stands.
    fn go_on_at_work(&mut self, id: ItemId, begun: Instant) {
        let plan = self.plan;
        let route = &plan.kinds[self.org.items[id].kind.at()].route;
        let codes = |step: &Step| matches!(step, Step::Stage(stage) if plan.stages[stage.at()].writes_code);
        let is_coded = route.iter().any(codes);
        while let Some(stage) = self.next_step(id) {
            let writes_code = plan.stages[stage.at()].writes_code;
            if writes_code || !is_coded {
                self.org.items[id].coded = writes_code.then_some(begun);
                return self.due.push_back(Due::Return(id));
            }
        }
        self.due.push_back(Due::Finish(id));
    }
}

impl Replication<'_> {
    /// What is open today stands there from now on, where the plan says what that is.
    pub fn stand_today<O: Observer>(&mut self, observer: &mut O) {
        if self.ctx.plan.today.is_some() {
            self.ctx.drop_all_work();
            self.drain(observer);
            self.bring_today();
            self.drain(observer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_begun_comes_first_and_the_clock_begins_whole_weeks_before() {
        let item = |created: u64, started: Option<u64>| OpenItem {
            kind: KindId(0),
            team: TeamId(0),
            created: Ticks(created),
            started: started.map(Ticks),
            initiative: None,
        };
        let today =
            Today::of(vec![item(25, None), item(3, Some(1)), item(7, Some(7)), item(9, None)], Ticks(10));
        let ages: Vec<u64> = today.items.iter().map(|item| item.created.0).collect();
        assert_eq!((ages, today.reaches), (vec![7, 3, 25, 9], Ticks(30)));
        assert_eq!(Today::of(Vec::new(), Ticks(10)).reaches, Ticks(10));
    }
}
