//! Visits: how often an item of a kind is expected at each stage of its route, those after it was sent back included.

use super::super::work::targets;
use super::applying;
use kernel::units::{GateId, KindId, StageId};
use model::compiled_plan::CompiledPlan;
use model::mechanisms::approval::{Gate, GateSort};
use model::plan::{Holder, Redo};

/// More rounds than this change nothing that anybody could read in a table.
const MOST_ROUNDS: usize = 20_000;

/// Expected visits of an item to a stage at one step of its route.
#[derive(Clone, Debug)]
pub struct Visits {
    pub stage: StageId,
    /// Visits in all.
    pub all: f64,
    /// The same, each counted by what it takes against a first visit.
    pub weighed: f64,
}

/// A stage that a step may lead to.
struct VisitPlace {
    step: usize,
    stage: StageId,
    /// Chance that an item at this step comes here, and that a visit ends in being sent back.
    comes: f64,
    fails: f64,
    /// Where it is sent back to, and what it takes there against a first visit.
    back: Option<(usize, f64)>,
}

/// Expected visits along a kind's route, chances being independent of one another.
///
/// Per step, those who come forward and those who were sent back are told apart: only the latter take a share of the
/// effort. A round follows everybody once along the route; as long as something can pass, rounds converge.
pub fn visits(plan: &CompiledPlan, kind: KindId) -> Vec<Visits> {
    let places = places(plan, kind);
    let steps = plan.kinds[kind.at()].route.len();
    let mut returned: Vec<(f64, f64)> = vec![(0.0, 0.0); places.len()];
    let mut found: Vec<(f64, f64)> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut forward = 1.0;
        let mut sent_back: Vec<(f64, f64)> = vec![(0.0, 0.0); places.len()];
        let mut now: Vec<(f64, f64)> = vec![(0.0, 0.0); places.len()];
        for step in 0..steps {
            let here = || places.iter().enumerate().filter(|(_, place)| place.step == step);
            let mut next = forward * (1.0 - here().map(|(_, place)| place.comes).sum::<f64>()).max(0.0);
            for (at, place) in here() {
                let fresh = forward * place.comes;
                let all = fresh + returned[at].0;
                now[at] = (all, fresh + returned[at].1);
                next += all * (1.0 - place.fails);
                if let Some((back, takes)) = place.back {
                    sent_back[back].0 += all * place.fails;
                    sent_back[back].1 += all * place.fails * takes;
                }
            }
            forward = next;
        }
        let moved = now.iter().zip(&found).map(|(now, before)| (now.0 - before.0).abs()).fold(0.0, f64::max);
        let is_settled = !found.is_empty() && moved < 1e-9;
        (found, returned) = (now, sent_back);
        if is_settled {
            break;
        }
    }
    let visits =
        |(place, (all, weighed)): (&VisitPlace, (f64, f64))| Visits { stage: place.stage, all, weighed };
    places.iter().zip(found).map(visits).collect()
}

fn places(plan: &CompiledPlan, kind: KindId) -> Vec<VisitPlace> {
    let mut places = Vec::new();
    for (step, leads) in plan.kinds[kind.at()].route.iter().enumerate() {
        for (stage, chance) in targets(leads) {
            let comes = chance * applying(&plan.stages[stage.at()], kind, plan);
            places.push(VisitPlace { step, stage, comes, fails: 0.0, back: None });
        }
    }
    for at in 0..places.len() {
        let stage = &plan.stages[places[at].stage.at()];
        let rejects = match &stage.holder {
            Holder::Gate(gate) => Some(gate.map_or(0.0, |gate| rejects(plan, gate))),
            _ => None,
        };
        let Some(failure) = &stage.failure else {
            continue;
        };
        let back = (0..places.len())
            .rev()
            .find(|back| places[*back].step <= places[at].step && places[*back].stage == failure.back_to);
        // A kind that never passes the stage it would be sent back to goes on.
        let Some(back) = back else { continue };
        let takes = match failure.redo {
            Redo::Fresh | Redo::Same => 1.0,
            Redo::Share(share) => f64::from(share),
        };
        places[at].fails = rejects.unwrap_or(failure.probability);
        places[at].back = Some((back, takes));
    }
    places
}

/// The chance that a gate says no to an item.
pub fn rejects(plan: &CompiledPlan, gate: GateId) -> f64 {
    let Some(approval) = &plan.params.approval else { return 0.0 };
    let gate: &Gate = &approval.gates[gate.at()];
    let heard = match &gate.sort {
        GateSort::Board(_) | GateSort::Approver(_) => gate.rejects,
        // Where all must agree, one who does not is enough; else it takes several, which is rare.
        GateSort::Chain(chain) if chain.quorum as usize == chain.members.len() => {
            1.0 - chain.members.iter().map(|member| 1.0 - rejects(plan, *member)).product::<f64>()
        }
        GateSort::Chain(_) => 0.0,
    };
    heard * (1.0 - gate.automatic)
}
