//! Columns: what a mechanism keeps of its own in each item, initiative, component or team, and in the plan of each stage
//! or kind of work.
//!
//! A mechanism declares a type (`OnItem`, `OnInitiative`, `OnComponent`, `OnTeam`, `OnStage`, `OnKind`) in its file and
//! names what it stands on in the register's line. The register gathers all that stand on one owner into one struct,
//! which lies in the owner as `own`. The core carries it along and never looks inside: what it must know of it, it asks
//! by a question of [`Mechanism`](super::mechanism::Mechanism) (whether an item returns its value, how much longer a stage
//! takes). Fields are private to their mechanism; what others may ask of them, or do to them, are its methods.

use super::migration::Migration;
use std::fmt::Debug;

/// A column in what there is: an item, an initiative, a component or a team.
pub trait Column: Copy + Default + Debug {
    /// Its owner has gone over to another plan: what it says by team or component follows.
    fn follow(&mut self, _migration: &Migration) {}

    /// Its owner takes over this share of what another had that is no more; nothing of it, unless it says so.
    fn take_over(&mut self, _share: f64, _gone: &Self) {}

    /// What of it an item has that does this one's work again; nothing, unless it says so.
    fn again(&self) -> Self {
        Self::default()
    }
}

/// A mechanism that keeps nothing.
impl Column for () {}

/// The type of a mechanism's column: `()` unless the owner is among those that its line names.
macro_rules! column {
    ($module:ident $owner:ident) => { () };
    ($module:ident item item $($more:ident)*) => { $module::OnItem };
    ($module:ident initiative initiative $($more:ident)*) => { $module::OnInitiative };
    ($module:ident component component $($more:ident)*) => { $module::OnComponent };
    ($module:ident team team $($more:ident)*) => { $module::OnTeam };
    ($module:ident kind kind $($more:ident)*) => { $module::OnKind };
    ($module:ident stage stage $($more:ident)*) => { $module::OnStage };
    ($module:ident $owner:ident $other:ident $($more:ident)*) => { column!($module $owner $($more)*) };
}
pub(super) use column;

/// Gathers the columns of all mechanisms on one owner; what becomes of the whole becomes of each.
macro_rules! gather {
    ($(#[$meaning:meta])* $name:ident: $owner:ident { $($module:ident [$($on:ident)*])+ }) => {
        $(#[$meaning])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name {
            $(pub $module: column!($module $owner $($on)*),)+
        }

        impl Column for $name {
            fn follow(&mut self, migration: &Migration) {
                $(self.$module.follow(migration);)+
            }

            fn take_over(&mut self, share: f64, gone: &$name) {
                $(self.$module.take_over(share, &gone.$module);)+
            }

            fn again(&self) -> $name {
                $name { $($module: self.$module.again(),)+ }
            }
        }
    };
}
pub(super) use gather;
