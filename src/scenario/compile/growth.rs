//! Growth: work that brings forth work, of its own kind or in a loop of kinds, must not do so without end.
//!
//! Each item brings forth so many others on average, as bugs or as parts: a matrix of means, whose spectral radius over a
//! loop of kinds says what becomes of it (a multitype branching process; Harris 1963). Below 1 whatever comes in dies
//! out. Above 1 it grows without end, and is refused. At 1 it neither grows nor ends: a finite source, such as machines
//! that fail again after each repair, as long as only a backlog feeds it.

use super::work::targets;
use model::compile_context::CompileContext;
use model::mechanisms::demand::{Arrivals, Params};
use model::plan::{Holder, KindPlan, StagePlan};
use model::risk::FailurePlan;

/// How near to 1 a radius counts as 1.
const NEAR: f64 = 1e-9;

/// Mean items of other kinds, by number, that one of a kind brings forth.
type Offspring = Vec<Vec<(usize, f64)>>;

pub fn check(
    params: &Params,
    failure: &FailurePlan,
    kinds: &[KindPlan],
    stages: &[StagePlan],
    ctx: &mut CompileContext<'_>,
) {
    let offspring = offspring(params, failure, kinds, stages);
    let reach: Vec<Vec<bool>> = (0..kinds.len()).map(|kind| reached(kind, &offspring)).collect();
    let mut fed: Vec<bool> = vec![false; kinds.len()];
    for source in &params.sources {
        let ends = matches!(source.arrivals, Arrivals::Nothing | Arrivals::Trace(_));
        fed[source.kind.at()] |= !ends;
    }
    let mut seen = vec![false; kinds.len()];
    for kind in 0..kinds.len() {
        if seen[kind] || !reach[kind][kind] {
            continue;
        }
        let circle: Vec<usize> =
            (0..kinds.len()).filter(|other| reach[kind][*other] && reach[*other][kind]).collect();
        circle.iter().for_each(|member| seen[*member] = true);
        let radius = radius(&circle, &offspring);
        let names: Vec<&str> = circle.iter().map(|member| kinds[*member].name.as_str()).collect();
        let names = names.join(", ");
        let path = format!("work.{}", kinds[kind].name);
        if radius > 1.0 + NEAR {
            let message = format!(
                "each round of {names} brings forth {radius:.4} times as much: that grows without end"
            );
            let help = "on average an item may bring forth at most one of its own, by whatever way round";
            ctx.problems.error(path, message).help(help);
        } else if radius >= 1.0 - NEAR
            && (0..kinds.len()).any(|from| fed[from] && (reach[from][kind] || from == kind))
        {
            let message = format!(
                "what comes to {names} comes back for ever, and more keeps coming: that grows without end"
            );
            let help =
                "write a `backlog` in place of arrivals, for a finite source, or bring forth less than one";
            ctx.problems.error(path, message).help(help);
        }
    }
}

fn offspring(params: &Params, failure: &FailurePlan, kinds: &[KindPlan], stages: &[StagePlan]) -> Offspring {
    let mut offspring: Offspring = vec![Vec::new(); kinds.len()];
    for aftermath in &params.aftermaths {
        for cause in &aftermath.after {
            offspring[cause.at()].push((aftermath.kind.at(), aftermath.mean(&kinds[cause.at()], failure)));
        }
    }
    for (kind, mine) in kinds.iter().zip(&mut offspring) {
        for (stage, passing) in kind.route.iter().flat_map(targets) {
            if let Holder::Parts(parts) = &stages[stage.at()].holder {
                let mean =
                    |part: &model::mechanisms::dependencies::Part| passing * part.chance * part.count.mean();
                mine.extend(parts.parts.iter().map(|part| (part.kind.at(), mean(part))));
            }
        }
        mine.retain(|(_, mean)| *mean > 0.0);
    }
    offspring
}

/// The kinds that come of a kind, sooner or later.
fn reached(from: usize, offspring: &Offspring) -> Vec<bool> {
    let mut reached = vec![false; offspring.len()];
    let mut ahead = vec![from];
    while let Some(kind) = ahead.pop() {
        for (child, _) in &offspring[kind] {
            if !std::mem::replace(&mut reached[*child], true) {
                ahead.push(*child);
            }
        }
    }
    reached
}

/// The spectral radius of the means within a loop of kinds: powers of the matrix plus one (which has no period) between
/// the bounds of Collatz and Wielandt.
fn radius(circle: &[usize], offspring: &Offspring) -> f64 {
    let place = |kind: usize| circle.iter().position(|member| *member == kind);
    let rows: Vec<Vec<(usize, f64)>> = circle
        .iter()
        .map(|kind| {
            offspring[*kind].iter().filter_map(|(child, mean)| Some((place(*child)?, *mean))).collect()
        })
        .collect();
    let mut weights = vec![1.0; circle.len()];
    for _ in 0..100_000 {
        let next: Vec<f64> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                weights[at] + row.iter().map(|(child, mean)| mean * weights[*child]).sum::<f64>()
            })
            .collect();
        let ratios = next.iter().zip(&weights).map(|(next, before)| next / before);
        let (low, high) =
            ratios.fold((f64::INFINITY, 0.0_f64), |(low, high), ratio| (low.min(ratio), high.max(ratio)));
        let largest = next.iter().copied().fold(0.0, f64::max);
        weights = next.iter().map(|weight| weight / largest).collect();
        if high - low < NEAR / 10.0 {
            return (low + high) / 2.0 - 1.0;
        }
    }
    weights.iter().copied().fold(0.0, f64::max)
}
