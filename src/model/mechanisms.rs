//! THE REGISTER: the mechanisms of the model, in the order in which they handle domain events.
//!
//! A mechanism is one folder and one line here. Where it owns a table of the scenario, the line goes on with that
//! table's key; and with what it has a column on, where it has any ([`Column`]).

use super::cause::Slower;
use super::column::{Column, column, gather};
use super::compile_context::CompileContext;
use super::compiled_plan::CompiledPlan;
use super::component::Component;
use super::domain_event::{DomainEvent, EventSort, SORTS};
use super::instrument::{Instruments, SHARED};
use super::mechanism::{Context, Mechanism, Registered, SortMask};
use super::metric::Metric;
use super::migration::Migration;
use super::plan::{Holder, StagePlan};
use super::preset::Preset;
use super::waste::{Loss, Waste};
use super::work::{Item, ItemId};
use kernel::event_list::EventPriority;
use kernel::units::PersonId;
use schemars::JsonSchema;
use serde::Deserialize;

/// Writes what a careful person would: the modules, the tables of a scenario, the event and parameter types, and the
/// dispatch.
macro_rules! register {
    ($($module:ident => $name:ident $([$key:ident])? $(on $($on:ident)+)?),+ $(,)?) => {
        $(pub mod $module;)+

        gather! {
            /// What mechanisms keep of an item.
            OnItem: item { $($module [$($($on)+)?])+ }
        }

        gather! {
            /// What mechanisms keep of an initiative.
            OnInitiative: initiative { $($module [$($($on)+)?])+ }
        }

        gather! {
            /// What mechanisms keep of a component.
            OnComponent: component { $($module [$($($on)+)?])+ }
        }

        gather! {
            /// What mechanisms keep of a team, besides instruments.
            OnTeam: team { $($module [$($($on)+)?])+ }
        }

        /// What a kind of work says to mechanisms.
        #[derive(Clone, Debug, Default)]
        pub struct OnKind {
            $(pub $module: column!($module kind $($($on)+)?),)+
        }

        /// What a stage says to mechanisms.
        #[derive(Clone, Debug, Default)]
        pub struct OnStage {
            $(pub $module: column!($module stage $($($on)+)?),)+
        }

        /// The tables that mechanisms own, as a scenario writes them; what each means stands in its mechanism.
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        pub struct Tables {
            $($(
                #[serde(default)]
                pub $key: Option<$module::Table>,
            )?)+
        }

        impl Tables {
            /// What the tables that are there compile to; what has none of its own is the caller's to fill in.
            pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
                let mut params = Params::default();
                $($(
                    params.$module = self.$key.as_ref().and_then(|table| table.compile(ctx).into());
                )?)+
                params
            }

            /// The keys of the tables that are there.
            pub fn written(&self) -> impl Iterator<Item = &'static str> {
                let keys = [$($((stringify!($key), self.$key.is_some()),)?)+];
                keys.into_iter().filter(|(_, is_there)| *is_there).map(|(key, _)| key)
            }
        }

        /// Something that will happen: a desk's next completion, the end of a duty or a week, or a mechanism's own
        /// future.
        #[derive(Clone, Copy, Debug)]
        pub enum Event {
            Desk { person: PersonId },
            DutyEnds { person: PersonId },
            /// A week is over, for those whose weeks began together.
            Week { members: Members },
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

        impl Params {
            /// The mechanisms that a scenario has.
            pub(super) fn members(&self) -> Members {
                let mut members = 0;
                $(if self.$module.is_some() {
                    members |= 1 << RegisterPlace::$module as u32;
                })+
                members
            }
        }

        /// The mechanisms present in one replication.
        #[derive(Clone)]
        pub(super) struct Mechanisms {
            $($module: Option<$module::$name>,)+
            /// Those whose weeks come round.
            weekly: Members,
        }

        /// The mechanisms' places in the register.
        #[allow(non_camel_case_types, reason = "named as the fields are")]
        enum RegisterPlace { $($module),+ }

        /// What each mechanism keeps.
        const KEPT: &[Instruments] = &[$(<$module::$name as Mechanism>::INSTRUMENTS),+];

        $(impl Registered for $module::$name {
            const FIRST: Instruments = before(RegisterPlace::$module as usize);
        })+

        /// The metrics that mechanisms declare.
        pub const METRICS: &[&[Metric]] = &[$(<$module::$name as Mechanism>::METRICS),+];

        /// The presets that mechanisms bring, or parts of them, by the mechanism's name.
        pub const PRESETS: &[(&str, &[Preset])] =
            &[$((stringify!($module), <$module::$name as Mechanism>::PRESETS)),+];

        /// The tables that mechanisms own, each with whether its mechanism can bring a team work or call its people.
        pub const MOVES_WORK: &[(&str, bool)] =
            &[$($((stringify!($key), <$module::$name as Mechanism>::MOVES_WORK),)?)+];

        /// The causes that mechanisms declare.
        pub(super) const SLOWERS: &[&[Slower]] = &[$(<$module::$name as Mechanism>::SLOWERS),+];

        /// What mechanisms take of people that their levers could give back.
        pub const WASTES: &[&[Waste]] = &[$(<$module::$name as Mechanism>::WASTES),+];

        /// What is lost otherwise that their levers address.
        pub const LOSSES: &[&[Loss]] = &[$(<$module::$name as Mechanism>::LOSSES),+];

        impl Mechanisms {
            pub fn start(ctx: &mut Context<'_>) -> Mechanisms {
                let params = &ctx.plan.params;
                let mut mechanisms = Mechanisms {
                    $($module: params.$module.as_ref().map(|params| $module::$name::start(params, ctx)),)+
                    weekly: 0,
                };
                mechanisms.begin_weeks(ctx);
                mechanisms
            }

            /// Hands an event to its mechanism; false where it was stale.
            #[inline]
            pub fn on(&mut self, event: Event, ctx: &mut Context<'_>) -> bool {
                let params = &ctx.plan.params;
                match event {
                    Event::Desk { .. } | Event::DutyEnds { .. } | Event::Week { .. } => false,
                    $(Event::$name(event) => {
                        let is_live = $module::$name::is_live(event, ctx);
                        if let Some(person) = $module::$name::frees(event) {
                            ctx.end_duty(person);
                        }
                        if let (true, Some(mechanism), Some(params)) =
                            (is_live, &mut self.$module, &params.$module)
                        {
                            mechanism.on(event, params, ctx);
                        }
                        is_live
                    })+
                }
            }

            /// What is open today comes.
            pub fn bring_today(&mut self, ctx: &mut Context<'_>) {
                let params = &ctx.plan.params;
                $(if let (Some(mechanism), Some(params)) = (&mut self.$module, &params.$module) {
                    mechanism.bring_today(params, ctx);
                })+
            }

            /// Hands the end of a week to the mechanism at a place.
            pub fn each_week(&mut self, place: usize, ctx: &mut Context<'_>) {
                let params = &ctx.plan.params;
                $(if place == RegisterPlace::$module as usize
                    && let (Some(mechanism), Some(params)) = (&mut self.$module, &params.$module)
                {
                    mechanism.each_week(params, ctx);
                })+
            }

            /// Which mechanisms have something to do each week under a plan.
            pub fn weekly(plan: &CompiledPlan) -> Members {
                let mut weekly = 0;
                $(if let Some(params) = &plan.params.$module
                    && $module::$name::has_weeks(params, plan)
                {
                    weekly |= 1 << RegisterPlace::$module as u32;
                })+
                weekly
            }

            /// Which mechanisms have a say in the pace of work under a plan.
            pub fn pacing(plan: &CompiledPlan) -> Members {
                let mut pacing = 0;
                $(if let Some(params) = &plan.params.$module
                    && $module::$name::paces(params, plan)
                {
                    pacing |= 1 << RegisterPlace::$module as u32;
                })+
                pacing
            }

            /// Which mechanisms subscribe to each sort of domain event under a plan.
            pub fn subscriptions(plan: &CompiledPlan) -> Subscriptions {
                Subscriptions(EventSort::ALL.map(|sort| {
                    let mut subscriptions = 0;
                    $(if let Some(params) = &plan.params.$module
                        && $module::$name::subscribes_to(sort, params, plan)
                    {
                        subscriptions |= 1 << RegisterPlace::$module as u32;
                    })+
                    subscriptions
                }))
            }

            #[inline]
            pub fn handle(&mut self, event: &DomainEvent, ctx: &mut Context<'_>) {
                let subscriptions = ctx.plan.subscriptions.of(event.sort());
                if subscriptions != 0 {
                    self.notify(subscriptions, event, ctx);
                }
            }

            fn notify(&mut self, subscriptions: u32, event: &DomainEvent, ctx: &mut Context<'_>) {
                let params = &ctx.plan.params;
                $(if subscriptions & 1 << RegisterPlace::$module as u32 != 0
                    && let (Some(mechanism), Some(params)) = (&mut self.$module, &params.$module)
                {
                    mechanism.handle(event, params, ctx);
                })+
            }

            pub fn pace(&mut self, item: ItemId, person: PersonId, ctx: &mut Context<'_>) {
                let (pacing, params) = (ctx.plan.pacing, &ctx.plan.params);
                $(if pacing & 1 << RegisterPlace::$module as u32 != 0
                    && let (Some(mechanism), Some(params)) = (&mut self.$module, &params.$module)
                {
                    mechanism.pace(item, person, params, ctx);
                })+
            }

            #[inline]
            pub fn spoils(item: &Item) -> bool {
                $($module::$name::spoils(item))||+
            }

            #[inline]
            pub fn passes_by(item: &Item, stage: &StagePlan) -> bool {
                $($module::$name::passes_by(item, stage))||+
            }

            #[inline]
            pub fn stretches(item: &Item, stage: &StagePlan) -> f64 {
                let mut times = 1.0;
                $(if let Some(more) = $module::$name::stretches(item, stage) {
                    times *= more;
                })+
                times
            }

            #[inline]
            pub fn doubts(item: &Item) -> f32 {
                let mut doubt = 0.0;
                $(if let Some(more) = $module::$name::doubts(item) {
                    doubt += more;
                })+
                doubt
            }

            #[inline]
            pub fn endangers(component: &Component) -> f64 {
                let mut fragility = 0.0;
                $(if let Some(more) = $module::$name::endangers(component) {
                    fragility += more;
                })+
                fragility
            }

            #[inline]
            pub fn has_crossed(item: &Item) -> bool {
                $($module::$name::has_crossed(item))||+
            }

            #[inline]
            pub fn comes(item: ItemId, stage: &StagePlan, ctx: &mut Context<'_>) {
                $($module::$name::comes(item, stage, ctx);)+
            }

            pub fn seeks_people(params: &Params) -> bool {
                $(params.$module.as_ref().is_some_and($module::$name::seeks_people))||+
            }

            pub fn counts_each_drop(params: &Params) -> bool {
                $(params.$module.as_ref().is_some_and($module::$name::counts_each_drop))||+
            }

            pub fn draws_by(stage: &StagePlan, params: &Params, found: &mut Vec<u64>) {
                $(if let Some(params) = &params.$module {
                    $module::$name::draws_by(stage, params, found);
                })+
            }

            /// Pending events find their counterparts in another plan: desks are timed anew, duties are over, and weeks
            /// go on.
            pub fn translate(event: Event, migration: &Migration, old: &Params, new: &Params) -> Option<Event> {
                match event {
                    Event::Desk { .. } | Event::DutyEnds { .. } => None,
                    Event::Week { members } => {
                        let members = members & new.members();
                        (members != 0).then_some(Event::Week { members })
                    }
                    $(Event::$name(event) if $module::$name::frees(event).is_some() => None,
                    Event::$name(event) => {
                        let (old, new) = (old.$module.as_ref()?, new.$module.as_ref()?);
                        $module::$name::translate(event, migration, old, new).map(Event::$name)
                    })+
                }
            }

            /// Every mechanism follows a reorganisation; one that the new plan leaves out is gone.
            pub fn migrate(&mut self, migration: &Migration, ctx: &mut Context<'_>) {
                let params = &ctx.plan.params;
                $(match (&mut self.$module, &params.$module) {
                    (Some(mechanism), Some(params)) => mechanism.migrate(migration, params, ctx),
                    (absent @ None, Some(params)) => *absent = Some($module::$name::start(params, ctx)),
                    (present, None) => *present = None,
                })+
                self.weekly &= params.members();
                self.begin_weeks(ctx);
            }

            /// Where mechanisms keep something by place in a list of their parameters: what stands there.
            pub fn shape(params: &Params) -> Vec<u64> {
                let mut shape = Vec::new();
                $(if let Some(params) = &params.$module {
                    shape.extend($module::$name::shape(params));
                })+
                shape
            }

            /// A mechanism that the new plan brings in starts now. Where it leaves one out, the organisation is
            /// reorganised instead: whoever is on a duty of that mechanism is free again, and it begins anew should it
            /// come back.
            pub fn change_policy(&mut self, ctx: &mut Context<'_>) {
                let params = &ctx.plan.params;
                $(match (&mut self.$module, &params.$module) {
                    (Some(mechanism), Some(params)) => mechanism.change_policy(params, ctx),
                    (absent @ None, Some(params)) => *absent = Some($module::$name::start(params, ctx)),
                    (_, None) => {}
                })+
                self.begin_weeks(ctx);
            }
        }
    };
}

register! {
    demand => Demand,
    coding => Coding,
    review => Review,
    verification => Verification [builds],
    approval => Approval,
    release => Release,
    decisions => Decisions [decisions] on item stage,
    incidents => Incidents [incidents] on component,
    debt => Debt [debt] on item,
    pressure => Pressure [pressure],
    priorities => Priorities [priorities],
    absence => Absence,
    interruptions => Interruptions,
    meetings => Meetings [meetings],
    dependencies => Dependencies,
    topology => Topology [topology] on item,
    architecture => Architecture [architecture],
    transition => Transition [migration],
    trust => Trust [trust],
    clarity => Clarity [clarity] on item kind stage,
    leadership => Leadership,
    communication => Communication [communication] on item,
    people => People [people],
    tooling => Tooling [tooling] on team,
    assistance => Assistance [assistance],
    learning => Learning [learning] on item initiative,
    complexity => Complexity [complexity] on component,
    wander => Wander,
    roadmap => Roadmap [roadmap],
    juggling => Juggling on item initiative kind,
}

/// All instruments there are.
pub(super) const INSTRUMENTS: Instruments = before(KEPT.len());

/// The instruments before those of the mechanism at a place.
const fn before(place: usize) -> Instruments {
    let (mut sum, mut at) = (SHARED, 0);
    while at < place {
        sum = sum.and(KEPT[at]);
        at += 1;
    }
    sum
}

/// Some of the mechanisms: a bit for each, in the order of the register.
pub type Members = u32;

impl Mechanisms {
    /// Those who have something to do each week from now on begin their weeks, together.
    fn begin_weeks(&mut self, ctx: &mut Context<'_>) {
        self.begin_week(ctx.plan.weekly & !self.weekly, ctx);
    }

    /// A week begins for some mechanisms, all of which the plan has.
    pub fn begin_week(&mut self, members: Members, ctx: &mut Context<'_>) {
        self.weekly |= members;
        if members != 0 {
            ctx.after(ctx.plan.week, EventPriority::Housekeeping, Event::Week { members });
        }
    }
}

/// For each sort of domain event, who subscribes to it: a bit for each mechanism.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions([u32; SORTS]);

impl Subscriptions {
    #[inline]
    fn of(&self, sort: EventSort) -> u32 {
        self.0[sort as usize]
    }

    /// The sorts that somebody subscribes to.
    pub(super) fn subscribed(&self) -> SortMask {
        let subscribed = self.0.iter().enumerate().filter(|(_, subscriptions)| **subscriptions != 0);
        subscribed.map(|(sort, _)| 1 << sort).sum()
    }
}

/// Hands an item to the mechanism that holds a sort of stage.
macro_rules! holders {
    ($verb:ident($($argument:ident: $type:ty),*)) => {
        #[inline]
        pub fn $verb(&mut self, item: ItemId, $($argument: $type,)* ctx: &mut Context<'_>) {
            let params = &ctx.plan.params;
            macro_rules! hand_to {
                ($module:ident) => {
                    if let (Some(mechanism), Some(params)) = (&mut self.$module, &params.$module) {
                        mechanism.$verb(item, $($argument,)* params, ctx);
                    }
                };
            }
            let stage = ctx.org.items[item].stage;
            match ctx.plan.stages[stage.at()].holder {
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
