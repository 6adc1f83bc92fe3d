//! Reorganising: a life goes over to a plan of another shape, and its work in flight goes with it.
//!
//! Everything that has a name in both plans is the same thing in both. People stay in the team of their
//! name as far as it has room; the others fill the teams that lack people, in order; whoever is too many leaves.
//! As many as the new plan has more than the old one are hired at once; a seat that was vacant is vacant still,
//! where somebody looks for people. A team that is no more hands its work to the team where the first of its
//! people went; levels such as trust go with all of them. Work goes on at the stage of the same name if its new
//! route passes it, else at the beginning of its route; work in hand is laid down half done and waits first in
//! line. Runs of machines, petitions, trains and parts begin again. Code keeps its size, its debt and its complexity.

use super::blueprint::Blueprint;
use super::cause::Cause;
use super::column::Column;
use super::gauge::Tally;
use super::life::Life;
use super::mechanism::{Due, Turn};
use super::mechanisms::{Mechanisms, OnComponent};
use super::moment::Moment;
use super::organisation::{Team, doors, new_component, new_team};
use super::people::given;
use super::plan::{Holder, TeamPlan};
use super::route;
use super::work::{ItemId, Role};
use kernel::units::{ComponentId, KindId, PersonId, StageId, TeamId};

/// Which part of the new plan each part of the old one has become.
#[derive(Clone, Debug)]
pub struct Migration {
    pub teams: Vec<TeamId>,
    pub kinds: Vec<KindId>,
    pub stages: Vec<Option<StageId>>,
    pub components: Vec<Option<ComponentId>>,
    /// From which team to which, for everybody who stays.
    moves: Vec<(TeamId, TeamId)>,
    /// Of the code that has no component of its name any more, the share that each old component had.
    pub spread: Vec<f64>,
    /// The part of each new component that is made of such code.
    pub mixed: Vec<f64>,
}

impl Migration {
    /// By name; a kind that is no more becomes the first of its class. Teams are set once people have moved.
    fn between(old: &Blueprint, new: &Blueprint) -> Migration {
        let kind = |at: &super::plan::KindPlan| {
            let same = new.kinds.iter().position(|kind| kind.name == at.name);
            let alike = || new.kinds.iter().position(|kind| kind.class == at.class);
            KindId::new(same.or_else(alike).unwrap_or(0))
        };
        let stage = |at: &super::plan::StagePlan| {
            new.stages.iter().position(|stage| stage.name == at.name).map(StageId::new)
        };
        let component = |at: &super::plan::ComponentPlan| {
            new.components.iter().position(|it| it.name == at.name).map(ComponentId::new)
        };
        Migration {
            teams: old.teams.iter().map(|team| named(&team.name, new).unwrap_or(TeamId(0))).collect(),
            kinds: old.kinds.iter().map(kind).collect(),
            stages: old.stages.iter().map(stage).collect(),
            components: old.components.iter().map(component).collect(),
            moves: Vec::new(),
            spread: vec![0.0; old.components.len()],
            mixed: vec![0.0; new.components.len()],
        }
    }

    /// What a level of the old teams is in a new one: the mean over the people who came, or over the teams whose
    /// work it took over where nobody came; not a number where there is none.
    pub fn level(&self, team: TeamId, before: impl Fn(TeamId) -> f64) -> f64 {
        let came = self.moves.iter().filter(|(_, to)| *to == team).map(|(from, _)| before(*from));
        let level = mean(came);
        if !level.is_nan() {
            return level;
        }
        let taken_over = self.teams.iter().enumerate().filter(|(_, to)| **to == team);
        mean(taken_over.map(|(from, _)| before(TeamId::new(from))))
    }

    pub fn team(&self, old: TeamId) -> TeamId {
        self.teams[old.at()]
    }

    pub fn kind(&self, old: KindId) -> KindId {
        self.kinds[old.at()]
    }

    /// The component, where it is still there.
    pub fn component(&self, old: Option<ComponentId>) -> Option<ComponentId> {
        self.components[old?.at()]
    }
}

/// The mean of those that are numbers; of equal numbers, that very number.
fn mean(levels: impl Iterator<Item = f64>) -> f64 {
    let numbers = levels.filter(|level| !level.is_nan()).zip(1_u32..);
    numbers.fold(f64::NAN, |mean, (level, count)| match count {
        1 => level,
        _ => mean + (level - mean) / f64::from(count),
    })
}

/// The people a team has at the start or is meant to have, whichever are more.
fn size(team: &TeamPlan) -> u32 {
    team.engineers.max(team.staffing.target)
}

fn named(name: &str, plan: &Blueprint) -> Option<TeamId> {
    plan.teams.iter().position(|team| team.name == name).map(TeamId::new)
}

impl<'p> Life<'p> {
    /// Goes over to a plan of another shape.
    pub(super) fn reorganise(&mut self, plan: &'p Blueprint) -> Migration {
        self.balance();
        self.org.moves += 1;
        self.org.has_places |= plan.has_places;
        let old = self.plan;
        let mut migration = Migration::between(old, plan);
        self.translate_events(&migration, plan);
        let mut turn = self.turn();
        turn.lay_everything_down();
        turn.plan = plan;
        turn.move_people(old, &mut migration);
        turn.move_code(old, &mut migration);
        let again = turn.move_work(old, &migration);
        for id in again {
            turn.due.push_back(Due::Return(id));
        }
        for person in (0..turn.org.people.len()).map(PersonId::new) {
            turn.re_time(person);
        }
        turn.tell(Moment::Reorganised { teams: plan.teams.len() as u32 });
        self.plan = plan;
        self.migrate_mechanisms(&migration);
        self.org.accounts.follow(&migration, plan);
        migration
    }
}

impl Turn<'_> {
    /// Every desk is cleared and every duty is over; mechanisms that go on with theirs call people again.
    fn lay_everything_down(&mut self) {
        let now = self.now();
        for at in 0..self.org.people.len() {
            let person = &mut self.org.people[at];
            (person.duties, person.away, person.helps, person.place) = (0, false, None, None);
            person.owned = 0; // counted anew as work finds its place: what is not work finds none
            let (progress, desk) = (person.progress, std::mem::take(&mut person.desk));
            for task in desk {
                let item = &mut self.org.items[task.item];
                item.leave_off((task.due - progress).max(0.0));
                item.need = item.need.max(1.0);
                item.holder = None;
                item.front = true;
                item.ledger.turn_to(Cause::Queue, now);
            }
        }
        self.org.returning.clear();
    }

    /// People go to the teams of the new plan.
    fn move_people(&mut self, old: &Blueprint, migration: &mut Migration) {
        let now = self.now();
        let plan = self.plan;
        let old_teams = std::mem::take(&mut self.org.teams);
        let mut teams: Vec<Team> = plan.teams.iter().map(|_| new_team(0.0, Vec::new(), now)).collect();
        let mut spare: Vec<(usize, PersonId)> = Vec::new();
        for (at, before) in old_teams.iter().enumerate() {
            let home = named(&old.teams[at].name, plan);
            let room = home.map_or(0, |home| size(&plan.teams[home.at()]) as usize);
            for (nth, person) in before.people.iter().enumerate() {
                match home {
                    Some(home) if nth < room => {
                        teams[home.at()].people.push(*person);
                        migration.moves.push((TeamId::new(at), home));
                    }
                    _ => spare.push((at, *person)),
                }
            }
        }
        spare.reverse();
        let mut went = vec![None; old.teams.len()];
        // Seats of the start are filled before those that somebody is looked for.
        for room in [|team: &TeamPlan| team.engineers, size] {
            for (at, team) in teams.iter_mut().enumerate() {
                let is_desk =
                    |person: &(usize, PersonId)| old.teams[person.0].is_leader == plan.teams[at].is_leader;
                while team.people.len() < room(&plan.teams[at]) as usize {
                    let Some(place) = spare.iter().rposition(is_desk) else { break };
                    let (from, person) = spare.remove(place);
                    went[from].get_or_insert(TeamId::new(at));
                    team.people.push(person);
                    migration.moves.push((TeamId::new(from), TeamId::new(at)));
                }
            }
        }
        for (at, team) in old.teams.iter().enumerate() {
            if named(&team.name, plan).is_none() {
                migration.teams[at] = went[at].unwrap_or(TeamId(0));
            }
        }
        for (at, before) in old_teams.iter().enumerate() {
            take_over(&mut teams[migration.teams[at].at()], before, now);
        }
        if self.org.moves > 1 {
            // A team of this plan may have had people under the plan before the last, and been forgotten since.
            let most = old_teams.iter().map(|team| team.taken_on).max().unwrap_or(0);
            teams.iter_mut().for_each(|team| team.taken_on = team.taken_on.max(most));
        }
        for (at, team) in teams.iter_mut().enumerate() {
            team.given = given(&team.people, &self.org.people);
            team.stocks = std::array::from_fn(|stock| {
                migration.level(TeamId::new(at), |before| old_teams[before.at()].stocks[stock])
            });
        }
        self.org.teams = teams;
        // Also those who left long ago: what is still asked of them finds a team.
        for person in &mut self.org.people {
            person.team = migration.team(person.team);
        }
        self.settle_in(old, spare);
    }

    /// Everybody knows their team; whom the new plan has more is hired, who is too many leaves.
    fn settle_in(&mut self, old: &Blueprint, spare: Vec<(usize, PersonId)>) {
        for (_, person) in spare {
            self.org.people[person.at()].present = false;
            self.org.count(Tally::DEPARTED, 1.0);
            self.tell(Moment::Departed { person });
        }
        let mut more = [false, true].map(|leaders| self.more_people(old, leaders));
        for at in 0..self.org.teams.len() {
            let team = TeamId::new(at);
            for place in 0..self.org.teams[at].people.len() {
                let person = self.org.teams[at].people[place];
                self.org.people[person.at()].team = team;
            }
            let more = &mut more[usize::from(self.plan.teams[at].is_leader)];
            while *more > 0 && self.org.teams[at].people.len() < self.plan.teams[at].engineers as usize {
                *more -= 1;
                self.hire_next(team);
            }
        }
        self.org.unsettled.clear();
        for at in 0..self.org.teams.len() {
            self.org.teams[at].unsettled = false;
            self.org.unsettle(TeamId::new(at));
        }
    }

    /// How many more people the new plan has than the old one was meant to have, among engineers or leaders. Without
    /// anybody who looks for people it has as many as it says.
    fn more_people(&self, old: &Blueprint, leaders: bool) -> u32 {
        if !Mechanisms::seek_people(&self.plan.params) {
            return u32::MAX;
        }
        let people = |plan: &Blueprint, count: fn(&TeamPlan) -> u32| -> u32 {
            plan.teams.iter().filter(|team| team.is_leader == leaders).map(count).sum()
        };
        people(self.plan, |team| team.engineers).saturating_sub(people(old, size))
    }

    /// Code keeps its size and its debt: what has no component of its name is spread over the new ones.
    fn move_code(&mut self, old: &Blueprint, migration: &mut Migration) {
        let plan = self.plan;
        let before = std::mem::take(&mut self.org.components);
        let mut after: Vec<_> = plan.components.iter().map(new_component).collect();
        let mut is_new = vec![true; after.len()];
        let (mut size, mut principal, mut own) = (0.0, 0.0, OnComponent::default());
        let (mut first_size, mut first_principal) = (0.0, 0.0);
        for (at, component) in before.into_iter().enumerate().take(old.components.len()) {
            match migration.components[at] {
                Some(same) => {
                    after[same.at()] = component;
                    after[same.at()].own.follow(migration);
                    is_new[same.at()] = false;
                }
                None => {
                    migration.spread[at] = component.size_hours;
                    size += component.size_hours;
                    principal += component.principal_hours;
                    own.take_over(1.0, &component.own);
                    first_size += component.first_size_hours;
                    first_principal += component.first_size_hours * component.first_density;
                }
            }
        }
        let everywhere = !is_new.contains(&true);
        let planned: f64 = plan
            .components
            .iter()
            .zip(&is_new)
            .filter(|(_, new)| everywhere || **new)
            .map(|(component, _)| component.size_hours)
            .sum();
        for (at, component) in after.iter_mut().enumerate() {
            let share = plan.components[at].size_hours / planned.max(1e-9);
            if is_new[at] && size > 0.0 {
                (component.size_hours, component.principal_hours) = (share * size, share * principal);
                component.own.take_over(share, &own);
                // What builds lengthen against follows the code, and not the people of the new plan.
                component.first_size_hours = share * first_size;
                component.first_density = first_principal / f64::max(first_size, 1e-9);
            } else if everywhere {
                component.size_hours += share * size;
                component.principal_hours += share * principal;
                component.own.take_over(share, &own);
                component.grow_at_first(share * first_size, share * first_principal);
            } else {
                continue;
            }
            migration.mixed[at] = share * size / component.size_hours.max(1e-9);
        }
        migration.spread.iter_mut().for_each(|share| *share /= size.max(1e-9));
        self.org.components = after;
    }

    /// Work finds its place in the new plan. Returns what must come to its stage anew.
    fn move_work(&mut self, old: &Blueprint, migration: &Migration) -> Vec<ItemId> {
        let plan = self.plan;
        self.clear_lines();
        self.org.slots = vec![0; plan.stages.len()];
        self.org.groups = vec![0; plan.limits.len()];
        self.org.doors = doors(plan);
        self.org.runs = vec![0; plan.stages.len()];
        self.org.unpulled = vec![0; plan.kinds.len() * plan.teams.len()];
        let initiatives: Vec<_> = self.org.initiatives.iter().map(|(id, _)| id).collect();
        for id in initiatives {
            let Some(initiative) = self.org.initiatives.get_mut(id) else { continue };
            initiative.team = migration.team(initiative.team);
            initiative.own.follow(migration);
            let team = initiative.team;
            self.org.teams[team.at()].active_initiatives += u32::from(initiative.active);
        }
        let mut waiting: Vec<(bool, bool, ItemId)> =
            self.org.items.iter().map(|(id, item)| (!item.front, item.pulled.is_none(), id)).collect();
        waiting.sort_by_key(|(back, unpulled, id)| (*back, *unpulled, self.org.items[*id].entered, id.at()));
        // Each that joins at the front passes those before it, so the last of them goes first.
        let fronts = waiting.partition_point(|(back, _, _)| !back);
        waiting[..fronts].reverse();
        let kinds = old.kinds.iter().zip(&migration.kinds);
        let ways: Vec<_> =
            kinds.map(|(was, now)| route::ways((was, old), (&plan.kinds[now.at()], plan))).collect();
        let mut again = Vec::new();
        for (_, _, id) in waiting {
            if self.org.items[id].role != Role::Work {
                self.org.items.discard(id);
            } else if self.place(id, old, &ways, migration) {
                again.push(id);
            }
        }
        again
    }

    /// Gives an item its place; true where it must come to its stage anew.
    fn place(
        &mut self,
        id: ItemId,
        old: &Blueprint,
        ways: &[Vec<Vec<usize>>],
        migration: &Migration,
    ) -> bool {
        let plan = self.plan;
        let item = &mut self.org.items[id];
        let ways = &ways[item.kind.at()];
        let name = &old.kinds[item.kind.at()].name;
        item.kind = migration.kind(item.kind);
        item.row = item.row.filter(|_| plan.kinds[item.kind.at()].name == *name);
        item.team = migration.team(item.team);
        item.component = migration.component(item.component).or_else(|| {
            let own = plan.teams[item.team.at()].components.clone();
            (!own.is_empty()).then(|| ComponentId(own.start + (id.at() as u32) % (own.end - own.start)))
        });
        (item.slot, item.groups) = (None, 0);
        item.give_up_ticket();
        item.own.follow(migration);
        let stayed = route::follow(item, &old.stages[item.stage.at()].name, ways, item.kind, plan);
        let team = plan.team_at(item.stage, item.team);
        let serves = plan.serves(team, item.stage);
        if !serves && let Some(first) = plan.servers[item.stage.at()].first() {
            item.team = *first;
        }
        let (kind, home, pulled, owner) = (item.kind, item.team, item.pulled.is_some(), item.owner.take());
        *self.org.unpulled_mut(kind, home) += u32::from(!pulled);
        if let Some(owner) = owner {
            self.keep_owner(id, owner);
        }
        let people = matches!(
            plan.stages[self.org.items[id].stage.at()].holder,
            Holder::Work { .. } | Holder::Review { .. }
        );
        if stayed && people && serves && self.org.items[id].need > 0.0 {
            let had_before = self.org.items[id].owner.is_some();
            let stage = self.org.items[id].stage;
            if plan.stages[stage.at()].column.is_some() {
                self.occupy(id, stage);
            }
            self.join_line(id, team, had_before);
            return false;
        }
        // What was drawn at this stage is drawn anew.
        let item = &mut self.org.items[id];
        item.count_visit(usize::from(item.step), false);
        item.front = false;
        true
    }

    /// Whoever had an item in mind and is still there keeps it.
    fn keep_owner(&mut self, id: ItemId, owner: PersonId) {
        self.org.items[id].is_aside = false;
        let person = &mut self.org.people[owner.at()];
        if person.present {
            person.owned += 1;
            let team = person.team;
            self.org.teams[team.at()].started += 1;
            self.org.items[id].owner = Some(owner);
        }
    }
}

/// A team goes on with the debts of hours and sums of one it takes over.
fn take_over(team: &mut Team, before: &Team, now: kernel::units::Instant) {
    for at in 0..team.worked.len() {
        team.worked[at] += before.worked[at];
        team.owed[at] += before.owed[at];
    }
    for at in 0..team.charged.len() {
        team.charged[at] += before.charged[at];
    }
    team.on_duty += before.on_duty;
    team.own.take_over(1.0, &before.own);
    team.taken_on += before.taken_on;
    team.membership += before.members_until(now);
    team.paid += before.paid_until(now);
}
