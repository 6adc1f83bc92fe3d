//! Routes and addresses: which passes of an item draw from the same place, within a route and across a reorganisation.
//!
//! What is drawn about an item at a step is addressed by a stage, a gate, or its parts, and by the visit of the step. Two
//! steps that share one of these must not share an address: the later is another *lap*. After a reorganisation visits
//! follow the stages they were made to, so that nothing that was drawn is drawn again.

use super::compiled_plan::CompiledPlan;
use super::mechanisms::Mechanisms;
use super::plan::{KindPlan, Step};
use super::work::Item;
use kernel::units::{KindId, StageId};

/// For each step of a route, how many earlier ones share a stage, a gate or the waiting for parts with it.
pub fn laps(route: &[Step], plan: &CompiledPlan) -> Vec<u32> {
    let places: Vec<Vec<u64>> = route.iter().map(|step| places(step, plan)).collect();
    let earlier = |at: usize| places[..at].iter().filter(|before| share(before, &places[at])).count();
    (0..route.len()).map(|at| earlier(at) as u32).collect()
}

/// For each step of a kind's new route, the steps of its old one that drew where it draws.
pub fn ways(
    (was, old): (&KindPlan, &CompiledPlan),
    (now, new): (&KindPlan, &CompiledPlan),
) -> Vec<Vec<usize>> {
    let before: Vec<Vec<u64>> = was.route.iter().map(|step| places(step, old)).collect();
    let drew_there = |at: usize, places: &[u64]| -> Vec<usize> {
        let is_same = |from: &usize| was.laps[*from] == now.laps[at] && share(&before[*from], places);
        (0..before.len()).filter(is_same).collect()
    };
    now.route.iter().enumerate().map(|(at, step)| drew_there(at, &places(step, new))).collect()
}

/// The place of the stage of this name on the new route, else its beginning; true where the item stays at its stage.
/// `ways` say whence the visits of each new step come.
pub fn follow(item: &mut Item, name: &str, ways: &[Vec<usize>], kind: KindId, plan: &CompiledPlan) -> bool {
    let KindPlan { route, laps, .. } = &plan.kinds[kind.at()];
    let step = usize::from(item.step).min(item.visits.len() - 1);
    let found = route.iter().enumerate().find_map(|(at, step)| Some((at, leads_to(step, name, plan)?)));
    if found.is_none() {
        // What was drawn at the stage that it leaves for good is drawn.
        item.count_visit(step, false);
    }
    let (visits, held, here) = (item.visits, item.held, item.is_held_at(step));
    (item.visits, item.held) = Default::default();
    for (at, from) in ways.iter().enumerate() {
        for before in from {
            item.visits[at] = item.visits[at].max(visits[*before]);
            item.held |= (held >> before & 1) << at;
        }
    }
    item.moves += 1;
    let (at, stage) = found.unwrap_or_else(|| (0, first_stage(&route[0])));
    item.stand_at(at, laps);
    item.stage = stage;
    if found.is_some() {
        item.visits[at] = item.visits[at].max(visits[step]);
        item.held = item.held & !(1 << at) | u16::from(here) << at;
    } else {
        item.redo = None;
    }
    found.is_some()
}

/// What draws at a step are addressed by: its stages, and what mechanisms draw by there.
fn places(step: &Step, plan: &CompiledPlan) -> Vec<u64> {
    let mut found = Vec::new();
    let stages: Vec<StageId> = match step {
        Step::Stage(stage) | Step::Maybe(stage, _) => vec![*stage],
        Step::OneOf(choices) => choices.iter().map(|(_, stage)| *stage).collect(),
    };
    for stage in stages.into_iter().map(|stage| &plan.stages[stage.at()]) {
        found.push(stage.key);
        Mechanisms::draws_by(stage, &plan.params, &mut found);
    }
    found
}

fn share(one: &[u64], other: &[u64]) -> bool {
    one.iter().any(|place| other.contains(place))
}

/// The stage of this name that a step may lead to.
fn leads_to(step: &Step, name: &str, plan: &CompiledPlan) -> Option<StageId> {
    let is_named = |stage: &StageId| plan.stages[stage.at()].name == name;
    match step {
        Step::Stage(stage) | Step::Maybe(stage, _) => Some(*stage).filter(is_named),
        Step::OneOf(choices) => choices.iter().map(|(_, stage)| *stage).find(is_named),
    }
}

fn first_stage(step: &Step) -> StageId {
    match step {
        Step::Stage(stage) | Step::Maybe(stage, _) => *stage,
        Step::OneOf(choices) => choices.first().map_or(StageId(0), |(_, stage)| *stage),
    }
}
