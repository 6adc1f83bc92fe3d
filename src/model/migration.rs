//! Reorganising: a replication goes over to a plan of another shape, and its work in flight goes with it.
//!
//! Everything that has a name in both plans is the same thing in both. People stay in the team of their
//! name as far as it has room; the others fill the teams that lack people, in order; whoever is too many leaves.
//! As many as the new plan has more than the old one are hired at once; a seat that was vacant is vacant still,
//! where somebody looks for people. A team that is no more hands its work to the team where the first of its
//! people went; levels such as trust go with all of them. Work goes on at the stage of the same name if its new
//! route passes it, else at the beginning of its route; work in hand is laid down half done and waits first in
//! line. Runs of machines, petitions, trains and parts begin again. Code keeps its size, its debt and its complexity.
//!
//! Here stand what has become of what, and the order of it all. How each owner of state follows stands with the owner:
//! people and teams in `people`, code in `component`, items and initiatives in `work`, their visits in `route`, places and
//! lines in `organisation` and `preemption`, what mechanisms keep in their columns.

use super::compiled_plan::CompiledPlan;
use super::domain_event::DomainEvent;
use super::mechanism::{Context, Due};
use super::plan::Holder;
use super::replication::Replication;
use super::route;
use super::work::{ItemId, Role};
use super::worth::Product;
use kernel::units::{ComponentId, KindId, PersonId, StageId, TeamId};

/// Which part of the new plan each part of the old one has become.
#[derive(Clone, Debug)]
pub struct Migration {
    pub teams: Vec<TeamId>,
    pub kinds: Vec<KindId>,
    pub stages: Vec<Option<StageId>>,
    pub components: Vec<Option<ComponentId>>,
    /// From which team to which, for everybody who stays.
    pub(super) moves: Vec<(TeamId, TeamId)>,
    /// Of the code that has no component of its name any more, the share that each old component had.
    pub spread: Vec<f64>,
    /// The part of each new component that is made of such code.
    pub mixed: Vec<f64>,
}

impl Migration {
    /// By name; a kind that is no more becomes the first of its class. Teams are set once people have moved.
    fn between(old: &CompiledPlan, new: &CompiledPlan) -> Migration {
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

pub(super) fn named(name: &str, plan: &CompiledPlan) -> Option<TeamId> {
    plan.teams.iter().position(|team| team.name == name).map(TeamId::new)
}

impl<'p> Replication<'p> {
    /// Goes over to a plan of another shape.
    pub(super) fn reorganise(&mut self, plan: &'p CompiledPlan) -> Migration {
        self.balance();
        self.ctx.org.moves += 1;
        self.ctx.org.has_places |= plan.has_places;
        let old = self.ctx.plan;
        self.ctx.flesh_out_all();
        let mut migration = Migration::between(old, plan);
        self.translate_events(&migration, plan);
        let ctx = &mut self.ctx;
        ctx.lay_everything_down();
        ctx.plan = plan;
        ctx.move_people(old, &mut migration);
        ctx.move_code(old, &mut migration);
        ctx.move_products(&migration);
        let again = ctx.move_work(old, &migration);
        for id in again {
            ctx.due.push_back(Due::Return(id));
        }
        for person in (0..ctx.org.people.len()).map(PersonId::new) {
            ctx.re_time(person);
        }
        ctx.emit(DomainEvent::Reorganised { teams: plan.teams.len() as u32 });
        self.migrate_mechanisms(&migration);
        self.ctx.org.accounts.follow(&migration, plan);
        migration
    }
}

impl Context<'_> {
    /// Every desk is cleared and every duty is over; mechanisms that go on with theirs call people again.
    fn lay_everything_down(&mut self) {
        let now = self.now();
        for at in 0..self.org.people.len() {
            let (progress, desk) = self.org.people[at].lay_down();
            for task in desk {
                self.org.items[task.item].lay_down(task.due - progress, now);
            }
        }
        self.org.returning.clear();
    }

    /// What a team has live goes where its work goes. What incidents hit, whoever goes on with them says anew.
    fn move_products(&mut self, migration: &Migration) {
        let (now, plan) = (self.now(), self.plan);
        let before = std::mem::replace(&mut self.org.products, vec![Product::default(); plan.teams.len()]);
        let Some(value) = &plan.value else { return };
        for (product, team) in before.into_iter().zip(&migration.teams) {
            self.org.products[team.at()].take_over(product, now, &value.worth);
        }
    }

    /// Work finds its place in the new plan. Returns what must come to its stage anew.
    fn move_work(&mut self, old: &CompiledPlan, migration: &Migration) -> Vec<ItemId> {
        let plan = self.plan;
        self.clear_lines();
        self.org.clear_places(plan);
        for initiative in self.org.initiatives.values_mut() {
            initiative.follow(migration);
            self.org.teams[initiative.team.at()].active_initiatives += u32::from(initiative.counts);
        }
        for (id, initiative) in self.org.initiatives.iter().filter(|(_, it)| it.whole.is_some()) {
            self.org.teams[initiative.team.at()].wholes.push(id);
        }
        let mut waiting: Vec<(bool, bool, ItemId)> =
            self.org.items.iter().map(|(id, item)| (!item.front, item.pulled.is_none(), id)).collect();
        waiting.sort_by_key(|(back, unpulled, id)| {
            (*back, *unpulled, self.org.items[*id].entered, self.org.items[*id].place)
        });
        // Each that joins at the front passes those before it, so the last of them goes first.
        let fronts = waiting.partition_point(|(back, _, _)| !back);
        waiting[..fronts].reverse();
        let kinds = old.kinds.iter().zip(&migration.kinds);
        let ways: Vec<_> =
            kinds.map(|(was, now)| route::ways((was, old), (&plan.kinds[now.at()], plan))).collect();
        let mut again = Vec::new();
        for (_, _, id) in waiting {
            if self.org.items[id].role != Role::Work {
                self.org.forget(id);
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
        old: &CompiledPlan,
        ways: &[Vec<Vec<usize>>],
        migration: &Migration,
    ) -> bool {
        let plan = self.plan;
        let item = &mut self.org.items[id];
        let ways = &ways[item.kind.at()];
        item.follow(migration, old, plan);
        let stayed = route::follow(item, &old.stages[item.stage.at()].name, ways, item.kind, plan);
        let team = plan.team_at(item.stage, item.team);
        let serves = plan.serves(team, item.stage);
        if !serves && let Some(first) = plan.servers[item.stage.at()].first() {
            item.team = *first;
        }
        let (pulled, owner) = (item.pulled.is_some(), item.owner.take());
        if !pulled {
            self.org.count_unbegun(id, true);
        }
        if let Some(owner) = owner {
            self.keep_owner(id, owner);
        }
        let people = matches!(
            plan.stages[self.org.items[id].stage.at()].holder,
            Holder::Work { .. } | Holder::Review { .. }
        );
        if stayed && people && serves && self.org.items[id].remaining_work > 0.0 {
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
