//! Who knows which part of the code: for each person and component of their team, 0 (strange) to 1 (well known).

use super::migration::Migration;
use super::organisation::Organisation;
use kernel::math;
use kernel::units::{ComponentId, PersonId, TeamId};
use std::ops::Range;

/// From here on somebody counts as knowing a component.
const KNOWS: f64 = 0.5;

/// What everybody knows; rows lie end to end, in the order in which people came.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    known: Vec<f32>,
    rows: Vec<Row>,
}

/// Where the row of a person begins, and the components of their team that it is about.
#[derive(Clone, Debug)]
struct Row {
    begins: usize,
    own: Range<u32>,
}

impl Row {
    fn place(&self, component: ComponentId) -> Option<usize> {
        self.own.contains(&component.0).then(|| self.begins + (component.0 - self.own.start) as usize)
    }
}

impl Knowledge {
    /// A row for the next person, by what they know of each of their team's `own` components.
    pub fn add(&mut self, own: &Range<u32>, known: impl Fn(u32) -> f64) {
        self.rows.push(Row { begins: self.known.len(), own: own.clone() });
        self.known.extend((0..own.len() as u32).map(|nth| known(nth) as f32));
    }

    /// Knowledge goes with the people and with the code: rows over the components that are each person's `own` in
    /// the plan of a reorganisation. Code that somebody's team did not own they do not know.
    pub fn follow<'a>(&mut self, own: impl Iterator<Item = &'a Range<u32>>, migration: &Migration) {
        let before = std::mem::take(self);
        for (row, own) in before.rows.iter().zip(own) {
            let knew =
                |at: usize| row.place(ComponentId::new(at)).map_or(0.0, |at| f64::from(before.known[at]));
            let spread: f64 = migration.spread.iter().enumerate().map(|(at, share)| share * knew(at)).sum();
            self.add(own, |nth| {
                let component = ComponentId(own.start + nth);
                let same = migration.components.iter().position(|it| *it == Some(component));
                let mixed = migration.mixed[component.at()];
                (1.0 - mixed) * same.map_or(0.0, knew) + mixed * spread
            });
        }
    }

    fn place(&self, person: PersonId, component: ComponentId) -> Option<usize> {
        self.rows.get(person.at())?.place(component)
    }

    /// How well somebody knows a component; 1 for code that is not their team's, which this does not judge.
    #[inline]
    pub fn of(&self, person: PersonId, component: ComponentId) -> f64 {
        self.place(person, component).map_or(1.0, |at| f64::from(self.known[at]))
    }

    /// Hours spent on a component leave exp(−hours / needed) of what was not known.
    pub fn learn(&mut self, person: PersonId, component: ComponentId, hours: f64, needed: f64) {
        let Some(at) = self.place(person, component) else { return };
        let left = if needed > 0.0 { math::exp(-hours / needed) } else { 0.0 };
        self.known[at] = 1.0 - (1.0 - self.known[at]) * left as f32;
    }

    /// This part of what everybody knows is left.
    pub fn fade(&mut self, left: f64) {
        self.known.iter_mut().for_each(|known| *known *= left as f32);
    }

    /// How much of a team's code somebody knows, in components.
    pub fn sum(&self, person: PersonId, own: &Range<u32>) -> f64 {
        own.clone().map(|at| self.of(person, ComponentId(at))).sum()
    }

    fn knowers(&self, org: &Organisation, at: TeamId, component: ComponentId) -> usize {
        let people = &org.teams[at.at()].people;
        people.iter().filter(|person| self.of(**person, component) >= KNOWS).count()
    }

    /// The share of a team's components that at most one of its people knows.
    pub fn sole(&self, org: &Organisation, at: TeamId, own: &Range<u32>) -> f64 {
        let sole = |component: &u32| self.knowers(org, at, ComponentId(*component)) <= 1;
        let components = own.len();
        own.clone().filter(sole).count() as f64 / components.max(1) as f64
    }

    /// What is worth showing: the component that fewest know, whoever knows it best, and whoever knows it least.
    pub fn lesson(
        &self,
        org: &Organisation,
        at: TeamId,
        own: &Range<u32>,
    ) -> Option<(ComponentId, PersonId, PersonId)> {
        let people = &org.teams[at.at()].people;
        let component = own.clone().map(ComponentId).min_by_key(|it| self.knowers(org, at, *it))?;
        let known = |person: &PersonId| self.of(*person, component);
        let teacher = *people.iter().max_by(|a, b| known(a).total_cmp(&known(b)).then(b.cmp(a)))?;
        let pupils = people.iter().filter(|person| **person != teacher);
        let pupil = *pupils.min_by(|a, b| known(a).total_cmp(&known(b)).then(a.cmp(b)))?;
        Some((component, teacher, pupil))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_learnt_in_two_sittings_is_what_is_learnt_in_one() {
        let own = 3..5;
        let mut knowledge = Knowledge::default();
        knowledge.add(&own, |_| 0.2);
        knowledge.add(&own, |_| 0.2);
        let (one, other) = (PersonId(0), PersonId(1));
        knowledge.learn(one, ComponentId(4), 30.0, 80.0);
        for _ in 0..3 {
            knowledge.learn(other, ComponentId(4), 10.0, 80.0);
        }
        let known = |person| knowledge.of(person, ComponentId(4));
        // 1 − 0.8·exp(−30/80), by the law of learning.
        assert!((known(one) - (1.0 - 0.8 * math::exp(-0.375))).abs() < 1e-6);
        assert!((known(one) - known(other)).abs() < 1e-6);
        assert!((knowledge.of(one, ComponentId(3)) - 0.2).abs() < 1e-6);
        assert!((knowledge.of(one, ComponentId(7)) - 1.0).abs() < 1e-12, "another team's code");
    }
}
