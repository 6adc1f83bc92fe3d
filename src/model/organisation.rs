//! The shared state of one simulated replication: who and what is where, at the present instant.

use super::accounts::Accounts;
use super::cause::Cause;
use super::compiled_plan::CompiledPlan;
use super::component::Component;
use super::free::PullPlace;
use super::initiative::{Initiative, InitiativeId};
use super::instrument::{COUNTERS, Counter, Counters, GAUGES, Gauge, Gauges};
use super::line::Line;
use super::mechanisms::OnTeam;
use super::outline::Places;
use super::people::{given, seat};
use super::slack::{Help, InSlack};
use super::work::{CLASSES, Item, ItemId, Role};
use super::worth::Product;
use kernel::slab::Slab;
use kernel::streams::{Key, Streams};
use kernel::units::{ComponentId, Instant, KindId, PersonId, TeamId, Ticks};
use std::collections::VecDeque;

/// A task on a desk: an item, and the personal progress at which it will be done.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    pub item: ItemId,
    pub due: f64,
    /// When it came to the desk.
    pub since: Instant,
}

/// What takes a part of somebody's week from the desk as long as they are on no duty, evenly over the week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taken {
    /// The part of a full week, less than what the person gives.
    pub of_week: f64,
    /// How many times as long work takes for it, the logarithm of that, and the cause that it is booked on.
    pub factor: f64,
    pub log: f64,
    pub cause: Cause,
}

impl Taken {
    pub const NOTHING: Taken = Taken { of_week: 0.0, factor: 1.0, log: 0.0, cause: Cause::Elsewhere };
}

/// A person: what is on the desk, and how fast it moves.
///
/// Shared attention is kept in personal progress: every item on the desk advances by the same
/// attention-ticks, so a change re-times one completion and not one per item.
#[derive(Clone, Debug)]
pub struct Person {
    /// The address of what is drawn about this person.
    pub key: Key,
    pub team: TeamId,
    /// False once the person has left the organisation.
    pub present: bool,
    /// The part of the week the person gives, above 0 and at most 1.
    pub share: f64,
    /// Speed against the nominal one of 1.
    pub skill: f64,
    /// Latest due first, so the next one to finish is last.
    pub desk: Vec<Task>,
    /// Attention-ticks each item has had since the desk was last empty, up to `since`.
    pub progress: f64,
    pub since: Instant,
    /// Attention-ticks per tick for each item: the person's attention times φ(k)/k.
    pub rate: f64,
    /// φ(k)/k, the part of the person each item has, and its negative logarithm (0 where nothing is shared).
    pub crowding: f64,
    pub crowding_log: f64,
    /// Ticks of work at the desk left until the next interruption, up to `since`; `None` where there are none.
    pub undisturbed: Option<Ticks>,
    /// Duties (incidents, meetings) that keep the person off the desk.
    pub duties: u16,
    /// Away from work altogether: hours of it are no duty.
    pub away: bool,
    /// The duty is one that the person took up in slack.
    pub tends: bool,
    /// What of the week is not for the desk.
    pub taken: Taken,
    /// The item of a colleague that the person works on, too.
    pub helps: Option<ItemId>,
    /// What the person helps a colleague with in slack: they are on no duty, and may pull.
    pub assists: Option<Help>,
    /// Items pulled and not yet live.
    pub owned: u32,
    /// Place in the team's list of people who may pull, while in it.
    pub place: Option<PullPlace>,
}

impl Person {
    /// Whether the person belongs to a team at present.
    #[inline]
    pub fn is_of(&self, team: TeamId) -> bool {
        self.present && self.team == team
    }

    /// Whether the time that passes is spent on a duty. Whoever has left and is still on one is not among those
    /// whose hours are counted.
    #[inline]
    pub fn is_on_duty(&self) -> bool {
        self.duties > 0 && self.helps.is_none() && !self.away && self.present
    }

    /// What is taken from the desk of a stretch of time, in ticks; from whoever helps at a colleague's as well.
    #[inline]
    pub fn taken_of(&self, stretch: Ticks) -> f64 {
        let is_here = self.present && (self.duties == 0 || self.helps.is_some());
        if is_here { stretch.number() * self.taken.of_week } else { 0.0 }
    }

    /// What the person gives of a stretch of time, in ticks.
    #[inline]
    pub fn given(&self, stretch: Ticks) -> f64 {
        stretch.number() * self.share
    }
}

/// A team's state.
#[derive(Clone, Debug)]
pub struct Team {
    /// Who belongs to it at present.
    pub people: Vec<PersonId>,
    /// How many it has ever had, taken on or looked for.
    pub taken_on: u64,
    /// Its people, each counted as the part of the week they give.
    pub given: f64,
    /// Person-ticks of membership up to `counted`, by heads and by the part of the week that each gives.
    pub membership: f64,
    pub paid: f64,
    pub counted: Instant,
    /// How fast its people get on at present, against 1 on average, and the negative logarithm of that where it is
    /// below 1 (else 0).
    pub tempo: f64,
    pub tempo_log: f64,
    /// Levels such as trust; not numbers where no mechanism keeps them.
    pub gauges: Gauges,
    /// People who may pull, in the order in which they do.
    pub available: VecDeque<PersonId>,
    /// Bit n set: the team's nth line may hold work.
    pub ready: u128,
    /// Bit n set: the team's nth line may hold work that pre-empts.
    pub urgent: u128,
    /// Items pulled by the team and not yet live.
    pub started: u32,
    pub active_initiatives: u32,
    /// Initiatives that were wanted of it as wholes; those that are begun or over are struck out when somebody looks.
    pub wholes: Vec<InitiativeId>,
    /// Ticks of attention that each class is owed (health against feature).
    pub owed: [f64; CLASSES],
    /// Nominal ticks of planned work on the team's desks, per class.
    pub committed: [f64; CLASSES],
    /// What of `worked` has been set off against what is owed: features, health.
    pub charged: [f64; 2],
    /// Ticks people spent at their desks, per class, and on duties: of a part-timer the part that they give. What is done in
    /// slack is not in it.
    pub worked: [f64; CLASSES],
    /// Ticks in slack, and how many people help a colleague at present.
    pub slack: InSlack,
    pub helping: u32,
    pub on_duty: f64,
    /// Ticks that were taken from the desk while people were on no duty: in meetings.
    pub taken: f64,
    pub unsettled: bool,
    /// What each mechanism keeps of it.
    pub own: OnTeam,
    /// Who was called last: duties go round.
    pub rota: u32,
}

impl Team {
    /// A level; `otherwise` where no mechanism keeps it.
    #[inline]
    pub fn gauge(&self, gauge: Gauge, otherwise: f64) -> f64 {
        let level = self.gauges[gauge.at()];
        if level.is_nan() { otherwise } else { level }
    }

    #[inline]
    pub fn set_gauge(&mut self, gauge: Gauge, level: f64) {
        self.gauges[gauge.at()] = level;
    }
}

/// Incidents that are open, hidden ones too.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outages {
    open: u32,
    /// Hours with at least one incident that was not over.
    down: f64,
    since: Instant,
}

impl Outages {
    pub fn begin(&mut self, now: Instant) {
        (self.down, self.since) = (self.down(now), now);
        self.open += 1;
    }

    pub fn end(&mut self, now: Instant) {
        (self.down, self.since) = (self.down(now), now);
        self.open -= 1;
    }

    /// Hours until now with at least one incident that was not over.
    pub fn down(&self, now: Instant) -> f64 {
        if self.open == 0 { self.down } else { self.down + (now - self.since).hours() }
    }
}

/// The shared state every mechanism acts on.
#[derive(Clone)]
pub struct Organisation {
    pub items: Slab<Item>,
    pub initiatives: Slab<Initiative>,
    /// Numbers of all items, outlined ones too.
    pub(super) places: Places,
    /// How many items are outlines only.
    pub(super) outlined: u64,
    pub people: Vec<Person>,
    pub teams: Vec<Team>,
    pub components: Vec<Component>,
    pub lines: Vec<Line>,
    /// What of each line pre-empts, a second time; none where nothing does.
    pub(super) urgent: Vec<Line>,
    /// Items that keep a slot, per stage.
    pub slots: Vec<u32>,
    /// Items inside each limit group.
    pub groups: Vec<u32>,
    /// Whether room was ever limited: else nothing holds a slot or stands in a group.
    pub(super) has_places: bool,
    /// Items that wait at the door of a full stage where nobody pulls (a machine, a gate), or of a full column, per
    /// stage.
    pub(super) doors: Vec<Line>,
    /// Runs of machines under way, per stage.
    pub runs: Vec<u32>,
    /// Items of work that are not begun, per kind and team.
    pub(super) unpulled: Vec<u32>,
    /// Items of work in being (not hearings or departures).
    pub in_system: u64,
    /// Items of work done since the replication began.
    pub done: u64,
    /// How many people, tickets and tasks were gone through, one by one, to find somebody or something or to book
    /// the hours of all on one desk.
    pub looks: u64,
    /// How often it has been reorganised.
    pub moves: u32,
    /// Sums over the replication so far.
    pub counters: Counters,
    pub outages: Outages,
    /// What each team has live.
    pub products: Vec<Product>,
    /// What is counted in a window, while one is open.
    pub accounts: Accounts,
    /// Up to when the hours that leaders keep free are booked as spent.
    pub(super) leaders_paid: Instant,
    /// Teams whose desks or lines changed at this instant.
    pub(super) unsettled: Vec<TeamId>,
    /// Items that go back to the desk of whoever had them.
    pub(super) returning: Vec<(PersonId, ItemId)>,
    /// Items that came at this instant, and are refused where too many wait once it has settled.
    pub(super) on_trial: Vec<ItemId>,
}

impl Organisation {
    /// Adds to a sum over the replication.
    #[inline]
    pub fn count(&mut self, counter: Counter, amount: f64) {
        self.counters[counter.at()] += amount;
    }

    /// Items of a kind for a team that are not begun.
    pub fn unpulled(&self, kind: KindId, team: TeamId) -> u32 {
        self.unpulled[kind.at() * self.teams.len() + team.at()]
    }

    /// An item is not begun, or (`more` is false) is so no longer.
    #[inline]
    pub(super) fn count_unbegun(&mut self, id: ItemId, more: bool) {
        let Item { kind, team, component, role, .. } = self.items[id];
        if role == Role::Work {
            self.count_unpulled(kind, team, more);
        }
        self.count_unbegun_in(component, more);
    }

    #[inline]
    pub(super) fn count_unpulled(&mut self, kind: KindId, team: TeamId, more: bool) {
        let unpulled = &mut self.unpulled[kind.at() * self.teams.len() + team.at()];
        *unpulled = if more { *unpulled + 1 } else { *unpulled - 1 };
    }

    /// Work on a component is not begun, or is so no longer.
    #[inline]
    pub(super) fn count_unbegun_in(&mut self, component: Option<ComponentId>, more: bool) {
        if let Some(component) = component {
            let unbegun = &mut self.components[component.at()].unbegun;
            *unbegun = if more { *unbegun + 1 } else { *unbegun - 1 };
        }
    }

    /// Whoever has an item in mind: nobody, once they have left.
    #[inline]
    pub fn owner(&self, item: &Item) -> Option<PersonId> {
        item.owner.filter(|owner| self.people[owner.at()].present)
    }

    /// Ticks that a team's people have been on duties, those under way included: booked are only the ones before
    /// the last change at a desk.
    pub fn on_duty(&self, team: TeamId, now: Instant) -> f64 {
        let state = &self.teams[team.at()];
        let people = state.people.iter().map(|person| &self.people[person.at()]);
        let under_way =
            people.filter(|person| person.is_on_duty()).map(|person| person.given(now - person.since));
        state.on_duty + under_way.sum::<f64>()
    }

    /// Ticks that were taken from the desks of a team's people, those under way included.
    pub fn taken(&self, team: TeamId, now: Instant) -> f64 {
        let state = &self.teams[team.at()];
        let people = state.people.iter().map(|person| &self.people[person.at()]);
        state.taken + people.map(|person| person.taken_of(now - person.since)).sum::<f64>()
    }

    /// Ticks that a team's people have spent at their desks by class, those under way included. Whoever looks at a
    /// replication reads them here and books nothing, so that looking moves nothing.
    pub fn worked(&self, team: TeamId, now: Instant) -> [f64; CLASSES] {
        let state = &self.teams[team.at()];
        let slack = &state.slack.worked;
        let mut worked: [f64; CLASSES] = std::array::from_fn(|class| state.worked[class] + slack[class]);
        for person in state.people.iter().map(|person| &self.people[person.at()]) {
            let given = person.given(now - person.since);
            match person.helps {
                Some(item) => worked[self.items[item].class as usize] += given,
                // Whoever is on a duty moves nothing on the desk.
                None if person.rate > 0.0 => {
                    let each = given / person.desk.len() as f64;
                    for task in &person.desk {
                        worked[self.items[task.item].class as usize] += each;
                    }
                }
                None => {
                    if let Some(help) = person.assists {
                        worked[self.items[help.item].class as usize] += given;
                    }
                }
            }
        }
        worked
    }

    /// Marks a team for settling at the end of the instant.
    #[inline]
    pub fn unsettle(&mut self, team: TeamId) {
        let state = &mut self.teams[team.at()];
        if !state.unsettled {
            state.unsettled = true;
            self.unsettled.push(team);
        }
    }

    pub fn initiative_mut(&mut self, id: Option<InitiativeId>) -> Option<&mut Initiative> {
        self.initiatives.get_mut(id?)
    }

    /// Live tickets of a team's lines: work that waits for its people.
    pub fn waiting_in(&self, lines: std::ops::Range<u32>) -> impl Iterator<Item = ItemId> {
        self.lines[lines.start as usize..lines.end as usize]
            .iter()
            .flat_map(Line::tickets)
            .filter(|ticket| self.items.get(ticket.item).is_some_and(|item| item.version == ticket.version))
            .map(|ticket| ticket.item)
    }
}

impl Organisation {
    /// As a plan has it at the start of a replication: nobody has anything to do yet.
    pub(super) fn new(plan: &CompiledPlan, streams: &Streams) -> Organisation {
        let mut people = Vec::new();
        let mut teams = Vec::new();
        for (at, team) in plan.teams.iter().enumerate() {
            let first = people.len();
            let id = TeamId::new(at);
            people.extend((0..u64::from(team.engineers)).map(|nth| {
                let share = team.part_time.get(nth as usize).copied().unwrap_or(1.0);
                Person::new(id, team, share, seat(team, nth), plan.first(), streams)
            }));
            let ids: Vec<PersonId> = (first..people.len()).map(PersonId::new).collect();
            teams.push(new_team(given(&ids, &people), ids, plan.first()));
        }
        Organisation {
            items: Slab::default(),
            initiatives: Slab::default(),
            places: Places::default(),
            outlined: 0,
            people,
            teams,
            components: plan.components.iter().map(Component::new).collect(),
            lines: plan.empty_lines(),
            urgent: plan.empty_urgent_lines(),
            slots: vec![0; plan.stages.len()],
            groups: vec![0; plan.limits.len()],
            has_places: plan.has_places,
            doors: doors(plan),
            runs: vec![0; plan.stages.len()],
            unpulled: vec![0; plan.kinds.len() * plan.teams.len()],
            in_system: 0,
            done: 0,
            moves: 0,
            looks: 0,
            counters: [0.0; COUNTERS],
            outages: Outages::default(),
            products: vec![Product::default(); plan.teams.len()],
            accounts: Accounts::default(),
            leaders_paid: plan.first(),
            unsettled: Vec::new(),
            returning: Vec::new(),
            on_trial: Vec::new(),
        }
    }
}

impl Organisation {
    /// Nothing is anywhere in a plan's places: what there is finds its own anew.
    pub(super) fn clear_places(&mut self, plan: &CompiledPlan) {
        self.slots = vec![0; plan.stages.len()];
        self.groups = vec![0; plan.limits.len()];
        self.doors = doors(plan);
        self.runs = vec![0; plan.stages.len()];
        self.unpulled = vec![0; plan.kinds.len() * plan.teams.len()];
        self.components.iter_mut().for_each(|component| component.unbegun = 0);
    }
}

/// Nobody waits at any stage's door.
fn doors(plan: &CompiledPlan) -> Vec<Line> {
    plan.servers.iter().map(|servers| Line::new(!servers.is_empty())).collect()
}

pub(super) fn new_team(given: f64, people: Vec<PersonId>, now: Instant) -> Team {
    Team {
        taken_on: people.len() as u64,
        people,
        given,
        membership: 0.0,
        paid: 0.0,
        counted: now,
        tempo: 1.0,
        tempo_log: 0.0,
        gauges: [f64::NAN; GAUGES],
        available: VecDeque::new(),
        ready: 0,
        urgent: 0,
        started: 0,
        active_initiatives: 0,
        wholes: Vec::new(),
        owed: [0.0; CLASSES],
        committed: [0.0; CLASSES],
        charged: [0.0; 2],
        worked: [0.0; CLASSES],
        slack: InSlack::default(),
        helping: 0,
        on_duty: 0.0,
        taken: 0.0,
        own: OnTeam::default(),
        unsettled: false,
        rota: 0,
    }
}
