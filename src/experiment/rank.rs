//! Ranking: which of many policies is best, with replications spent on those that may still be it.

mod watched;

use super::compare::{RunInfo, frame, guardrails, level, mean, metric_text, objective};
use super::lost::Lost;
use super::metric_rows::of_row;
use super::precision::{typed, width_of};
use super::run::ReplicationResults;
use super::summary::rank::{Ending, RankSummary, Ranked};
use notation::Ratio;
use observation::metrics::{self, METRICS};
use scenario::study::Study;
use serde::{Deserialize, Serialize};
use statistics::interval::Estimate;
use statistics::moments;
use statistics::selection::{PolicyFate, Selection, Terms, in_two_stages, select};
use statistics::sequential::Width;
use watched::{GuardedRow, Watched};

/// Replications between two screenings. Fixed, so that results don't depend on threads.
const BLOCK: usize = 10;

/// What is asked of a ranking.
#[derive(Clone, Debug)]
pub struct Request {
    pub confidence: f64,
    pub indifference: Width,
    /// Replications of every policy before any is out, and the most of any.
    pub first: usize,
    pub limit: usize,
    /// 1 where more of the objective is good, −1 where less is.
    sign: f64,
}

/// What is looked at of one replication under one policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// The objective, of which more is better.
    objective: f64,
    /// The metrics that must not get worse, in the scenario's order; beside each whether it lies beyond the window, where
    /// the number is the least it can be.
    guarded: GuardedRow,
}

/// The same under each policy asked about.
pub type ShownRow = Vec<Shown>;

impl Request {
    /// Reads what was written; what was not is the scenario's.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn read(
        study: &Study,
        confidence: Option<&str>,
        indifference: Option<&str>,
        (first, limit): (usize, usize),
    ) -> Result<Request, String> {
        let metric = &METRICS[objective(study)];
        let better = metric.better.ok_or_else(|| {
            format!("neither more nor less {} is better, so no policy is best by it", metric.title)
        })?;
        let judge = &study.scenario.judge;
        let confidence = confidence
            .map_or(Some(level(study)), |text| text.parse::<Ratio>().ok().map(|ratio| ratio.fraction()));
        let confidence = confidence
            .filter(|share| *share > 0.5 && *share < 1.0)
            .ok_or("--confidence is a percentage between 50% and 100%, such as 95%")?;
        let usual = Width::Relative(judge.smallest_difference.fraction());
        let indifference = indifference.map_or(Some(usual), |text| width_of(text, metric.unit, study));
        let indifference = indifference.filter(|width| width.asked() > 0.0).ok_or_else(|| {
            format!(
                "--indifference is a percentage such as 5%, or a number above 0 in {}",
                typed(metric.unit)
            )
        })?;
        if limit < first {
            return Err(format!("--limit {limit} leaves no room for a first stage of {first}"));
        }
        Ok(Request { confidence, indifference, first, limit, sign: better.sign() })
    }

    /// What of a replication is looked at; one that drowned in work is worse than any, what lies beyond the window is ∞, of
    /// which no mean is known either, and where the program failed nothing was measured.
    pub fn shown(&self, study: &Study) -> impl Fn(ReplicationResults) -> ShownRow + Sync + use<> {
        let (metric, sign) = (objective(study), self.sign);
        let guardrails: Vec<(usize, Option<usize>)> =
            guardrails(study).into_iter().map(|at| (at, metrics::least(at))).collect();
        let least = metrics::least(metric);
        move |replication| {
            let none =
                |objective: f64| Shown { objective, guarded: vec![(f64::NAN, false); guardrails.len()] };
            let one = |completed: super::replicate::RunResult| match completed {
                Ok(outcome) => Shown {
                    objective: match of_row(&outcome.values, metric, least) {
                        (_, true) => f64::INFINITY,
                        (value, false) => sign * value,
                    },
                    guarded: guardrails
                        .iter()
                        .map(|(at, least)| of_row(&outcome.values, *at, *least))
                        .collect(),
                },
                Err(Lost::Overrun(_)) => none(f64::NEG_INFINITY),
                Err(Lost::Failed(_)) => none(f64::NAN),
            };
            replication.runs.into_iter().map(one).collect()
        }
    }

    /// The terms in the objective's unit, from the first stage.
    ///
    /// # Errors
    /// When the first stage has no variance, or no mean to take a share of.
    fn terms(&self, first: &[Vec<f64>]) -> Result<Terms, String> {
        let measured = first.first().map_or(0, Vec::len);
        if measured < 2 {
            return Err(format!(
                "the objective could be measured under every policy in {measured} of {} replications: lengthen the \
                 horizon, or choose another objective",
                self.first
            ));
        }
        let indifference = match self.indifference {
            Width::Absolute(amount) => amount,
            Width::Relative(share) => share * moments::mean(&first[0]).abs(),
        };
        if indifference.is_finite() && indifference > 0.0 {
            return Ok(Terms { confidence: self.confidence, indifference });
        }
        if first[0].contains(&f64::INFINITY) {
            return Err("the baseline’s objective lies beyond the window in a replication, so that no share of its mean can be \
                        taken: lengthen the horizon, or write --indifference as an amount"
                .to_owned());
        }
        Err("the baseline has no mean to take a share of: write --indifference as an amount".to_owned())
    }
}

/// Why a ranking ended before anybody was selected.
enum Halt<E> {
    Limit,
    Stopped,
    Failed(E),
}

/// Ranks the policies of a study from their first stage on. `simulate` runs these replications of these timelines, and
/// gives nothing when it was stopped.
///
/// # Errors
/// What `simulate` failed with, or why there is nothing to rank.
pub fn rank<E: From<String>>(
    study: &Study,
    request: &Request,
    first: &[ShownRow],
    mut simulate: impl FnMut(&[u64], &[usize]) -> Result<Option<Vec<ShownRow>>, E>,
) -> Result<RankSummary, E> {
    let policies = study.timelines.len();
    let stage = columns(first, policies);
    let terms = request.terms(&stage)?;
    let two_stages = in_two_stages(&stage, &terms);
    let mut unmeasured = first.len() - stage[0].len();
    let all: Vec<usize> = (0..policies).collect();
    let mut watched = Watched::of(study);
    first.iter().for_each(|row| watched.see(&all, &guarded(row)));
    let mut completed = request.first;
    let mut spent = vec![completed; policies];
    let mut selection = select(stage, &terms, |in_play| {
        let upto = (completed + BLOCK).min(request.limit);
        let numbers: Vec<u64> = (completed as u64..upto as u64).collect();
        if numbers.is_empty() {
            return Err(Halt::Limit);
        }
        let rows = simulate(&numbers, in_play).map_err(Halt::Failed)?.ok_or(Halt::Stopped)?;
        in_play.iter().for_each(|at| spent[*at] = upto);
        completed = upto;
        rows.iter().for_each(|row| watched.see(in_play, &guarded(row)));
        let block = columns(&rows, in_play.len());
        unmeasured += rows.len() - block[0].len();
        Ok(block)
    });
    let outcome = match selection.halted.take() {
        Some(Halt::Failed(failure)) => return Err(failure),
        Some(Halt::Limit) => Ending::Limit(in_play(&selection)),
        Some(Halt::Stopped) => Ending::Stopped,
        None if selection.best.is_none() => Ending::NoMean,
        None => Ending::Selected,
    };
    let stopped = outcome == Ending::Stopped;
    Ok(RankSummary {
        frame: frame(study, completed, RunInfo::fixed(completed, stopped)),
        objective: metric_text(study, objective(study)),
        policies: ranked(study, request, &selection, &spent),
        outcome,
        confidence: terms.confidence,
        indifference: terms.indifference,
        share: match request.indifference {
            Width::Relative(share) => Some(share),
            Width::Absolute(_) => None,
        },
        first: request.first,
        rounds: selection.rounds,
        two_stages,
        unmeasured,
        guarded: selection.best.map_or_else(Vec::new, |best| watched.judged(study, best)),
    })
}

fn guarded(row: &ShownRow) -> Vec<&GuardedRow> {
    row.iter().map(|shown| &shown.guarded).collect()
}

/// Replications as columns by policy, without those in which somebody had nothing to measure.
fn columns(rows: &[ShownRow], policies: usize) -> Vec<Vec<f64>> {
    let measured: Vec<&ShownRow> =
        rows.iter().filter(|row| row.iter().all(|shown| !shown.objective.is_nan())).collect();
    (0..policies).map(|at| measured.iter().map(|row| row[at].objective).collect()).collect()
}

fn in_play<E>(selection: &Selection<E>) -> usize {
    selection.fates.iter().filter(|fate| **fate == PolicyFate::InPlay).count()
}

/// The policies, the best first.
fn ranked<E>(study: &Study, request: &Request, selection: &Selection<E>, spent: &[usize]) -> Vec<Ranked> {
    let means: Vec<f64> = selection.values.iter().map(|values| moments::mean(values)).collect();
    let last = |at: usize| match selection.fates[at] {
        PolicyFate::InPlay => usize::MAX,
        PolicyFate::Behind(round) => round + 1,
        PolicyFate::NoMean(_) => 0,
    };
    let mut order: Vec<usize> = (0..means.len()).collect();
    // The sort is stable, so that of equals the first stays first.
    order.sort_by(|a, b| last(*b).cmp(&last(*a)).then(means[*b].total_cmp(&means[*a])));
    let turned = |values: &mut dyn Iterator<Item = f64>| -> Estimate {
        let values: Vec<f64> = values.map(|value| request.sign * value).collect();
        match values.iter().all(|value| value.is_finite()) {
            true => mean(study, &values),
            false => Estimate::unbounded(f64::NAN, level(study)),
        }
    };
    let one = |at: usize| {
        let own = &selection.values[at];
        let best = selection.best.filter(|best| *best != at).map(|best| &selection.values[best]);
        Ranked {
            name: study.timelines[at].name.clone(),
            mean: turned(&mut own.iter().copied()),
            difference: best.map(|best| turned(&mut own.iter().zip(best).map(|(own, best)| own - best))),
            runs: spent[at],
            beyond: own.contains(&f64::INFINITY),
            fate: selection.fates[at],
        }
    };
    order.into_iter().map(one).collect()
}
