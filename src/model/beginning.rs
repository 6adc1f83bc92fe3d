//! How work begins: when it is committed to, and when it is first served.
//!
//! An item is *begun* when somebody or something first serves it: people take it up, a machine runs on it, a gate
//! hears it, a train takes it along, or one of its parts is begun. Until then it waits, may give up, and counts
//! against its kind's backlog. It is *committed to* when its initiative is begun, when it enters the first column of its
//! route, or when it is begun itself, whichever comes first.

use super::domain_event::DomainEvent;
use super::mechanism::Context;
use super::work::{ItemId, Role};

impl Context<'_> {
    /// Somebody or something serves an item, for the first time or once more.
    #[inline]
    pub fn begin_item(&mut self, id: ItemId) {
        if self.org.items[id].pulled.is_none() {
            self.begin_now(id);
        }
    }

    fn begin_now(&mut self, id: ItemId) {
        let now = self.now();
        let item = &mut self.org.items[id];
        item.pulled = Some(now);
        let role = item.role;
        self.commit(id);
        self.org.count_unbegun(id, false);
        self.emit(DomainEvent::Pulled { item: id });
        // Whoever hears an item, or makes a part of it, serves the item itself.
        if let Role::Hearing { of, .. } | Role::Part { of } = role
            && self.org.items.get(of).is_some()
        {
            self.begin_item(of);
        }
    }

    /// An item is wanted from now on: its initiative is begun, or it enters the first column of its route, or is begun.
    pub(super) fn commit(&mut self, id: ItemId) {
        let now = self.now();
        let item = &mut self.org.items[id];
        if item.committed.is_none() {
            item.committed = Some(now);
            item.ledger.commit(now);
            self.emit(DomainEvent::Committed { item: id });
        }
    }
}
