//! THE REGISTER: the mechanisms of the model, in the order in which they notice moments.
//!
//! A mechanism is one file and one line here (with its `mod`, so that rustfmt sees the file).

pub mod absence;
pub mod approval;
pub mod architecture;
pub mod assistance;
pub mod clarity;
pub mod coding;
pub mod communication;
pub mod complexity;
pub mod debt;
pub mod decisions;
pub mod demand;
pub mod dependencies;
pub mod incidents;
pub mod interruptions;
pub mod leadership;
pub mod learning;
pub mod people;
pub mod pressure;
pub mod priorities;
pub mod release;
pub mod review;
pub mod tooling;
pub mod topology;
pub mod transition;
pub mod trust;
pub mod verification;

use super::mechanism::{Mechanism, Turn};
use super::migration::Migration;
use super::moment::{Moment, SORTS};
use super::plan::Holder;
use super::work::ItemId;
use kernel::units::PersonId;

/// Writes what a careful person would: the event and parameter types, and the dispatch.
macro_rules! register {
    ($($module:ident => $name:ident),+ $(,)?) => {
        /// Something that will happen: a desk's next completion, or a mechanism's own future.
        #[derive(Clone, Copy, Debug)]
        pub enum Event {
            Desk { person: PersonId, shift: u32 },
            $($name(<$module::$name as Mechanism>::Event)),+
        }

        $(impl From<$module::Event> for Event {
            #[inline]
            fn from(event: $module::Event) -> Event {
                Event::$name(event)
            }
        })+

        /// What each mechanism's tables compile to; `None` where a scenario does without it.
        #[derive(Clone, Debug, Default)]
        pub struct Params {
            $(pub $module: Option<<$module::$name as Mechanism>::Params>),+
        }

        /// The mechanisms present in one life.
        #[derive(Clone)]
        pub(super) struct Mechanisms {
            $($module: Option<$module::$name>,)+
            hearers: Hearers,
        }

        /// The mechanisms' places in the register.
        #[allow(non_camel_case_types, reason = "named as the fields are")]
        enum Place { $($module),+ }

        impl Mechanisms {
            pub fn start(turn: &mut Turn<'_>) -> Mechanisms {
                let params = &turn.plan.params;
                Mechanisms {
                    $($module: params.$module.as_ref().map(|params| $module::$name::start(params, turn)),)+
                    hearers: Hearers::default(),
                }
            }

            /// Hands an event to its mechanism; false where it was stale.
            #[inline]
            pub fn on(&mut self, event: Event, turn: &mut Turn<'_>) -> bool {
                let params = &turn.plan.params;
                match event {
                    Event::Desk { .. } => false,
                    $(Event::$name(event) => {
                        let is_live = $module::$name::is_live(event, turn);
                        if let (true, Some(mechanism), Some(params)) =
                            (is_live, &mut self.$module, &params.$module)
                        {
                            mechanism.on(event, params, turn);
                        }
                        is_live
                    })+
                }
            }

            #[inline]
            pub fn notice(&mut self, moment: &Moment, turn: &mut Turn<'_>) {
                let hearers = match self.hearers.of(moment) {
                    Some(hearers) => hearers,
                    None => self.find_hearers(moment),
                };
                if hearers != 0 {
                    self.notify(hearers, moment, turn);
                }
            }

            /// Finds out, once for each sort of moment, which mechanisms notice it.
            #[cold]
            fn find_hearers(&mut self, moment: &Moment) -> u64 {
                let mut hearers = 0;
                $(if self.$module.is_some() && $module::$name::hears(moment) {
                    hearers |= 1 << Place::$module as u64;
                })+
                self.hearers.remember(moment, hearers);
                hearers
            }

            fn notify(&mut self, hearers: u64, moment: &Moment, turn: &mut Turn<'_>) {
                let params = &turn.plan.params;
                $(if hearers & 1 << Place::$module as u64 != 0
                    && let (Some(mechanism), Some(params)) = (&mut self.$module, &params.$module)
                {
                    mechanism.notice(moment, params, turn);
                })+
            }

            #[inline]
            pub fn pace(&mut self, item: ItemId, person: PersonId, turn: &mut Turn<'_>) {
                let params = &turn.plan.params;
                $(if let (Some(mechanism), Some(params)) = (&mut self.$module, &params.$module) {
                    mechanism.pace(item, person, params, turn);
                })+
            }

            /// Pending events find their counterparts in another plan; desks are timed anew.
            pub fn translate(event: Event, migration: &Migration, old: &Params, new: &Params) -> Option<Event> {
                match event {
                    Event::Desk { .. } => None,
                    $(Event::$name(event) => {
                        let (old, new) = (old.$module.as_ref()?, new.$module.as_ref()?);
                        $module::$name::translate(event, migration, old, new).map(Event::$name)
                    })+
                }
            }

            /// Every mechanism follows a reorganisation; one that the new plan leaves out is gone.
            pub fn migrate(&mut self, migration: &Migration, turn: &mut Turn<'_>) {
                self.hearers = Hearers::default();
                let params = &turn.plan.params;
                $(match (&mut self.$module, &params.$module) {
                    (Some(mechanism), Some(params)) => mechanism.migrate(migration, params, turn),
                    (absent @ None, Some(params)) => *absent = Some($module::$name::start(params, turn)),
                    (present, None) => *present = None,
                })+
            }

            /// A mechanism that the new plan brings in starts now; one it leaves out stays silent.
            pub fn change_course(&mut self, turn: &mut Turn<'_>) {
                self.hearers = Hearers::default();
                let params = &turn.plan.params;
                $(match (&mut self.$module, &params.$module) {
                    (Some(mechanism), Some(params)) => mechanism.change_course(params, turn),
                    (absent @ None, Some(params)) => *absent = Some($module::$name::start(params, turn)),
                    (_, None) => {}
                })+
            }
        }
    };
}

register! {
    demand => Demand,
    coding => Coding,
    review => Review,
    verification => Verification,
    approval => Approval,
    release => Release,
    decisions => Decisions,
    incidents => Incidents,
    debt => Debt,
    pressure => Pressure,
    priorities => Priorities,
    absence => Absence,
    interruptions => Interruptions,
    dependencies => Dependencies,
    topology => Topology,
    architecture => Architecture,
    transition => Transition,
    trust => Trust,
    clarity => Clarity,
    leadership => Leadership,
    communication => Communication,
    people => People,
    tooling => Tooling,
    assistance => Assistance,
    learning => Learning,
    complexity => Complexity,
}

/// For each sort of moment, who notices it: a bit for each mechanism, once it is known.
#[derive(Clone)]
struct Hearers([Option<u64>; SORTS]);

impl Default for Hearers {
    fn default() -> Self {
        Hearers([None; SORTS])
    }
}

impl Hearers {
    #[inline]
    fn of(&self, moment: &Moment) -> Option<u64> {
        self.0[moment.sort()]
    }

    fn remember(&mut self, moment: &Moment, hearers: u64) {
        self.0[moment.sort()] = Some(hearers);
    }
}

/// Hands an item to the mechanism that holds a sort of stage.
macro_rules! holders {
    ($verb:ident($($argument:ident: $type:ty),*)) => {
        #[inline]
        pub fn $verb(&mut self, item: ItemId, $($argument: $type,)* turn: &mut Turn<'_>) {
            let params = &turn.plan.params;
            macro_rules! hand_to {
                ($module:ident) => {
                    if let (Some(mechanism), Some(params)) = (&mut self.$module, &params.$module) {
                        mechanism.$verb(item, $($argument,)* params, turn);
                    }
                };
            }
            let stage = turn.org.items[item].stage;
            match turn.plan.stages[stage.at()].holder {
                Holder::Work { .. } => hand_to!(coding),
                Holder::Review { .. } => hand_to!(review),
                Holder::Machine(_) => hand_to!(verification),
                Holder::Gate(_) => hand_to!(approval),
                Holder::Release(_) => hand_to!(release),
                Holder::Parts(_) => hand_to!(dependencies),
            }
        }
    };
}

impl Mechanisms {
    holders!(admit());
    holders!(worked(person: PersonId));
}
