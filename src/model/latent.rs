//! Latent defects: work that is live, does not do what was wanted, and will be found out and done again.

use super::birth::{admit_or_refuse, draw_sized};
use super::column::Column;
use super::mechanism::Context;
use super::mechanisms::OnItem;
use super::migration::Migration;
use super::work::Item;
use super::worth::Urgency;
use kernel::streams::Key;
use kernel::units::{ComponentId, KindId, TeamId};

/// What is known of an item that is live once nobody has it in hand any more.
#[derive(Clone, Copy, Debug)]
pub struct Latent {
    pub key: Key,
    pub team: TeamId,
    pub hours: f64,
    component: Option<ComponentId>,
    value_rates: [f32; 3],
    urgency: Urgency,
    own: OnItem,
}

impl Latent {
    pub fn of(item: &Item) -> Latent {
        Latent {
            key: item.key,
            team: item.team,
            hours: item.size_hours,
            component: item.component,
            value_rates: item.value_rates,
            urgency: item.urgency,
            own: item.own.again(),
        }
    }

    /// The organisation has been reorganised.
    pub fn follow(&mut self, migration: &Migration) {
        self.team = migration.team(self.team);
        self.component = migration.component(self.component);
        self.own.follow(migration);
    }

    /// It has been found out: work of this kind, as large as this, does it again, and is worth what it was to be worth,
    /// less what that has lost since it was first asked for.
    pub fn redo(&self, kind: KindId, key: Key, hours: f64, ctx: &mut Context<'_>) {
        let id = draw_sized(kind, self.team, key, None, Some(hours), ctx);
        let again = &mut ctx.org.items[id];
        again.component = self.component;
        again.value_rates = self.value_rates;
        again.urgency = self.urgency;
        again.own = self.own;
        admit_or_refuse(id, ctx);
    }
}
