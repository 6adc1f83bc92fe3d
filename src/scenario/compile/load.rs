//! Load: what a plan asks of each team, approver and board, on average and before anything goes wrong.

use super::work::{nominal, targets};
use crate::kernel::law::Law;
use crate::model::blueprint::Blueprint;
use crate::model::mechanisms::approval::GateSort;
use crate::model::mechanisms::demand::{Arrivals, Params};
use crate::model::plan::{Applies, Holder, KindPlan, Maker};
use crate::model::work::Decision;
use crate::units::{GateId, KindId, TeamId};
use std::collections::BTreeMap;

/// What is asked of one team, approver or board.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    pub name: String,
    pub sort: LoadSort,
    /// Asked for in a week: nominal hours of work, or items for a board.
    pub asked: f64,
    /// There in a week: hours, or places for a board; infinite where there is no limit.
    pub there: f64,
    /// Work without end comes too, and takes whatever is left.
    pub endless: bool,
    /// Some of what asks for it is refused when the backlog is full, or gives up waiting.
    pub refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadSort {
    Team,
    Approver,
    Board,
}

impl Load {
    /// Asked for over there is; above 1 work piles up for ever.
    pub fn share(&self) -> f64 {
        self.asked / self.there
    }
}

/// The loads a plan implies. Rework, incidents, debt and slow builds come on top.
pub fn loads(plan: &Blueprint) -> Vec<Load> {
    let week = plan.week.hours();
    let mut loads: Vec<Load> = plan
        .teams
        .iter()
        .map(|team| Load {
            name: team.name.clone(),
            sort: if team.is_leader { LoadSort::Approver } else { LoadSort::Team },
            asked: 0.0,
            there: team.full_time() * team.attention * week,
            endless: false,
            refused: false,
        })
        .collect();
    let boards = loads.len();
    let gates = plan.params.approval.as_ref().map_or(&[][..], |approval| approval.gates.as_slice());
    for gate in gates {
        let GateSort::Board(board) = &gate.sort else { continue };
        let meetings = plan.week.0 as f64 / board.period.0 as f64;
        loads.push(Load {
            name: gate.name.clone(),
            sort: LoadSort::Board,
            asked: 0.0,
            there: board.slots.map_or(f64::INFINITY, |slots| f64::from(slots) * meetings),
            endless: false,
            refused: false,
        });
    }
    let Some(demand) = &plan.params.demand else { return loads };
    for (kind, team, per_hour) in streams(demand, plan) {
        ask(plan, kind, team, per_hour * week, &mut loads, boards);
    }
    loads
}

/// Every stream of work: its kind, its team, and items an hour; infinite for work without end.
pub(super) fn streams(demand: &Params, plan: &Blueprint) -> Vec<(KindId, TeamId, f64)> {
    let mut streams: Vec<(KindId, TeamId, f64)> = demand
        .sources
        .iter()
        .filter_map(|source| {
            let items = source.items.as_ref().map_or(1.0, Law::mean);
            let per_hour = match &source.arrivals {
                Arrivals::Gaps(gaps) => items / gaps.mean(),
                Arrivals::Profile { gaps, profile } => items / (gaps.mean() * profile.greatest),
                Arrivals::Endless(_) => f64::INFINITY,
                _ => return None,
            };
            Some((source.kind, source.team, per_hour))
        })
        .collect();
    // Work brought forth may bring forth more: a few rounds reach all but the last trickle.
    let mut fresh = streams.clone();
    for _ in 0..plan.kinds.len().min(8) {
        let brought: Vec<(KindId, TeamId, f64)> = demand
            .aftermaths
            .iter()
            .flat_map(|aftermath| {
                let causes =
                    fresh.iter().filter(|(kind, _, rate)| aftermath.after.contains(kind) && rate.is_finite());
                causes.map(|(_, team, rate)| (aftermath.kind, *team, rate * aftermath.count.mean()))
            })
            .collect();
        fresh = together(&[brought, parts_of(&fresh, plan)].concat());
        streams.extend(&fresh);
    }
    streams
}

/// Streams of the same kind for the same team are one.
fn together(streams: &[(KindId, TeamId, f64)]) -> Vec<(KindId, TeamId, f64)> {
    let mut sums: BTreeMap<(KindId, TeamId), f64> = BTreeMap::new();
    for (kind, team, rate) in streams {
        *sums.entry((*kind, *team)).or_default() += rate;
    }
    sums.into_iter().map(|((kind, team), rate)| (kind, team, rate)).collect()
}

/// Whether an item is begun as soon as it comes: nothing in its first stage that is not passed makes it wait.
pub(super) fn begins_at_once(kind: &KindPlan, plan: &Blueprint) -> bool {
    for (stage, _) in kind.route.iter().flat_map(targets) {
        let stage_plan = &plan.stages[stage.at()];
        if stage_plan.slots.is_some() || stage_plan.groups != 0 {
            return false;
        }
        match &stage_plan.holder {
            Holder::Gate(None) => {}
            Holder::Machine(machine) => return machine.runners.is_none(),
            Holder::Release(None) => return plan.servers[stage.at()].is_empty(),
            _ => return false,
        }
    }
    true
}

/// The parts that streams of items send for.
fn parts_of(streams: &[(KindId, TeamId, f64)], plan: &Blueprint) -> Vec<(KindId, TeamId, f64)> {
    let mut found = Vec::new();
    for (kind, team, rate) in streams.iter().filter(|(_, _, rate)| rate.is_finite()) {
        for (stage, passing) in plan.kinds[kind.at()].route.iter().flat_map(targets) {
            let Holder::Parts(parts) = &plan.stages[stage.at()].holder else { continue };
            for part in &parts.parts {
                let rate = rate * passing * part.chance * part.count.mean();
                let makers: Vec<TeamId> = match &part.maker {
                    Maker::Team(maker) => vec![*maker],
                    Maker::Own => vec![*team],
                    Maker::Others(teams) => teams.iter().copied().filter(|other| other != team).collect(),
                };
                found.extend(makers.iter().map(|maker| (part.kind, *maker, rate / makers.len() as f64)));
            }
        }
    }
    found
}

/// Adds what a stream of items asks of whoever holds them on their route.
fn ask(plan: &Blueprint, kind: KindId, team: TeamId, per_week: f64, loads: &mut [Load], boards: usize) {
    let work = &plan.kinds[kind.at()];
    let refused = work.backlog_limit.is_some() || work.patience.is_some();
    for (stage, chance) in work.route.iter().flat_map(targets) {
        let hours = nominal(work, kind, &plan.stages[stage.at()]);
        let passing = chance * per_week * applying(&plan.stages[stage.at()].applies, kind, plan);
        match &plan.stages[stage.at()].holder {
            Holder::Work { team: named } => {
                let load = &mut loads[named.unwrap_or(team).at()];
                load.refused |= refused;
                add(load, passing, hours);
            }
            Holder::Review { .. } | Holder::Release(None) => add(&mut loads[team.at()], passing, hours),
            Holder::Gate(Some(gate)) => hear(plan, *gate, passing, loads, boards),
            _ => {}
        }
    }
}

/// The share of a kind's items that a stage applies to; what is only told by fuzziness counts in full.
fn applying(applies: &Applies, kind: KindId, plan: &Blueprint) -> f64 {
    if applies.never || applies.kinds.as_ref().is_some_and(|kinds| !kinds.contains(&kind)) {
        return 0.0;
    }
    let (irreversible, misjudged) =
        plan.params.decisions.as_ref().map_or((0.0, 0.0), |it| (it.irreversible, it.misjudged));
    let judged = irreversible * (1.0 - misjudged) + (1.0 - irreversible) * misjudged;
    match applies.decision {
        None => 1.0,
        Some(Decision::Irreversible) => judged,
        Some(Decision::Reversible) => 1.0 - judged,
    }
}

/// Adds hearings: places at a board, hours of an approver, each member of a chain.
fn hear(plan: &Blueprint, gate: GateId, passing: f64, loads: &mut [Load], boards: usize) {
    let Some(approval) = &plan.params.approval else { return };
    let passing = passing * (1.0 - approval.gates[gate.at()].automatic);
    match &approval.gates[gate.at()].sort {
        GateSort::Board(_) => {
            let is_board =
                |gate: &&crate::model::mechanisms::approval::Gate| matches!(gate.sort, GateSort::Board(_));
            let at = approval.gates[..gate.at()].iter().filter(is_board).count();
            add(&mut loads[boards + at], passing, 1.0);
        }
        GateSort::Approver(approver) => {
            let kind = &plan.kinds[approver.hearing.at()];
            let hours: f64 = kind
                .route
                .iter()
                .flat_map(targets)
                .map(|(stage, chance)| chance * nominal(kind, approver.hearing, &plan.stages[stage.at()]))
                .sum();
            add(&mut loads[approver.team.at()], passing, hours);
        }
        GateSort::Chain(chain) => {
            chain.members.iter().for_each(|member| hear(plan, *member, passing, loads, boards));
        }
    }
}

fn add(load: &mut Load, passing: f64, each: f64) {
    if passing.is_infinite() {
        load.endless = load.endless || each > 0.0;
    } else {
        load.asked += passing * each;
    }
}
