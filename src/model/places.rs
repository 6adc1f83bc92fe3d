//! Places: the limits of stages, groups and teams, who is inside them, and who waits at the door.

use super::cause::Cause;
use super::line::LineSort;
use super::mechanism::{Context, Due};
use super::work::{Class, Item, ItemId, Role};
use kernel::bits::bits;
use kernel::units::{PersonId, StageId, TeamId};

impl Context<'_> {
    /// An item that is let in at a stage leaves the groups that end before it. It takes its slot where that is had on
    /// entry: in a column, and where nobody pulls.
    pub(super) fn take_place(&mut self, id: ItemId, stage: StageId) {
        let plan = &self.plan.stages[stage.at()];
        self.leave_groups(id, plan.groups);
        let is_column = plan.column.is_some();
        if is_column || self.plan.servers[stage.at()].is_empty() {
            self.occupy(id, stage);
        }
        if is_column {
            self.commit(id);
        }
    }

    /// Takes the slot of a stage, the slot before it is free again, and enters its limit groups.
    pub(super) fn occupy(&mut self, id: ItemId, stage: StageId) {
        let plan = &self.plan.stages[stage.at()];
        if self.org.items[id].slot != Some(stage) {
            self.free_slot(id);
            if plan.slots.is_some() {
                self.org.items[id].slot = Some(stage);
                self.org.slots[stage.at()] += 1;
            }
        }
        let entered = plan.groups & !self.org.items[id].groups;
        self.org.items[id].groups |= entered;
        for group in bits(entered) {
            self.org.groups[group] += 1;
        }
    }

    pub(super) fn free_slot(&mut self, id: ItemId) {
        if let Some(stage) = self.org.items[id].slot.take() {
            self.org.slots[stage.at()] -= 1;
            self.unsettle_servers(stage);
        }
    }

    /// Leaves every limit group that does not hold the stages in `inside`.
    pub(super) fn leave_groups(&mut self, id: ItemId, inside: u64) {
        let left = self.org.items[id].groups & !inside;
        if left == 0 {
            return;
        }
        self.org.items[id].groups &= inside;
        for group in bits(left) {
            self.org.groups[group] -= 1;
        }
        for stage in 0..self.plan.stages.len() {
            if self.plan.stages[stage].groups & left != 0 {
                self.unsettle_servers(StageId::new(stage));
            }
        }
    }

    fn unsettle_servers(&mut self, stage: StageId) {
        let plan = self.plan;
        for team in &plan.servers[stage.at()] {
            self.org.unsettle(*team);
        }
        self.open_door(stage);
    }

    /// Whether a stage takes an item in now. Where people pull, their pulling keeps the limits, but for those of a
    /// column; elsewhere an item that there is no room for waits at the door: it keeps its slot and its places
    /// inside limits.
    #[inline]
    pub(super) fn takes_in(&mut self, id: ItemId) -> bool {
        !self.org.has_places || self.has_room_for(id)
    }

    fn has_room_for(&mut self, id: ItemId) -> bool {
        let item = &self.org.items[id];
        let stage = item.stage;
        let plan = &self.plan.stages[stage.at()];
        let unlimited = plan.slots.is_none() && plan.groups == 0;
        let by_pulling = plan.column.is_none() && !self.plan.servers[stage.at()].is_empty();
        if unlimited || by_pulling {
            return true;
        }
        let enters = self.first_at_door(stage).is_none() && self.stage_admits(&self.org.items[id], None);
        if !enters {
            self.wait_at_door(id, stage);
        }
        enters
    }

    /// At the door of people's column the order is theirs, elsewhere it is that of coming.
    fn wait_at_door(&mut self, id: ItemId, stage: StageId) {
        let item = &self.org.items[id];
        let cause =
            if item.pulled.is_none() && item.slot.is_none() { item.unbegun() } else { Cause::Blocked };
        self.wait(id, cause);
        let item = &self.org.items[id];
        let team = self.plan.team_at(stage, item.team);
        let key = self.ranking(item, self.plan.teams[team.at()].discipline);
        let priority = self.plan.kinds[item.kind.at()].priority;
        self.give_up_ticket(id);
        let version = self.org.items[id].take_ticket();
        self.org.doors[stage.at()].join((id, version), LineSort::default(), priority, key, false);
    }

    /// Whoever is next at a stage's door; tickets of those who are gone, or about to be, are thrown away.
    fn first_at_door(&mut self, stage: StageId) -> Option<ItemId> {
        loop {
            let first = *self.org.doors[stage.at()].first()?;
            let item = self.org.items.get(first.item);
            if item.is_some_and(|item| item.version == first.version && !item.is_dropped) {
                return Some(first.item);
            }
            self.org.doors[stage.at()].take_first();
        }
    }

    /// The item at a stage's door that may come in now; `None` where nobody may.
    pub(super) fn next_at_door(&mut self, stage: StageId) -> Option<ItemId> {
        let first = self.first_at_door(stage)?;
        if !self.stage_admits(&self.org.items[first], None) {
            return None;
        }
        self.org.doors[stage.at()].take_first();
        self.give_up_ticket(first);
        Some(first)
    }

    /// Limits may have been widened: every door is tried.
    pub(super) fn open_doors(&mut self) {
        for stage in (0..self.plan.stages.len()).map(StageId::new) {
            self.open_door(stage);
        }
    }

    /// There may be room at a stage at whose door somebody waits.
    fn open_door(&mut self, stage: StageId) {
        if self.org.doors[stage.at()].first().is_some() {
            self.due.push_back(Due::Open(stage));
        }
    }

    /// Whether the limits of a stage and its groups let this item start there, in the place of `aside` where that
    /// is set aside for it.
    fn stage_admits(&self, item: &Item, aside: Option<&Item>) -> bool {
        let stage = &self.plan.stages[item.stage.at()];
        let freed = u32::from(aside.is_some_and(|aside| aside.slot == Some(item.stage)));
        let has_slot = stage.slots.is_none_or(|slots| {
            item.slot == Some(item.stage) || self.org.slots[item.stage.at()] < slots + freed
        });
        let left = aside.map_or(0, |aside| aside.groups);
        has_slot
            && bits(stage.groups & !item.groups & !left)
                .all(|group| self.org.groups[group] < self.plan.limits[group].items)
            && bits(stage.groups & !item.groups & left)
                .all(|group| self.org.groups[group] <= self.plan.limits[group].items)
    }

    /// Whether the team's limits let this person start this item, in the place of `aside` where that is set aside
    /// for it.
    pub(super) fn limits_admit(
        &self,
        item: &Item,
        team: TeamId,
        person: PersonId,
        aside: Option<&Item>,
    ) -> bool {
        if !self.stage_admits(item, aside) {
            return false;
        }
        let had = self.org.owner(item).is_some_and(|owner| self.org.people[owner.at()].team == team);
        // A part of something begun is no beginning: kept out, it would wait for what waits for it.
        if had || item.class == Class::Unplanned || matches!(item.role, Role::Part { .. }) {
            return true;
        }
        let wip = &self.plan.teams[team.at()].wip;
        let state = &self.org.teams[team.at()];
        let initiative_fits = || {
            let initiative = item.initiative.and_then(|id| self.org.initiatives.get(id));
            initiative.is_none_or(|it| it.active || it.team != team)
                || wip.initiatives.is_none_or(|limit| state.active_initiatives < limit.of(state.people.len()))
        };
        // What is set aside keeps its owner, but counts for none of the places that it makes room in.
        let owner = aside.and_then(|aside| self.org.owner(aside));
        let (mine, ours) = (
            u32::from(owner == Some(person)),
            u32::from(owner.is_some_and(|owner| self.org.people[owner.at()].team == team)),
        );
        wip.items.is_none_or(|limit| self.org.people[person.at()].owned < limit + mine)
            && wip.team.is_none_or(|limit| state.started < limit + ours)
            && (wip.initiatives.is_none() || initiative_fits())
    }
}
