//! Claims over plausible organisations: draws them, runs them, and judges each claim in each.

use super::super::runner::Runner;
use super::super::{Claims, Common, Failure};
use crate::experiment::claims::worlds as judge;
use crate::experiment::design::{self, Method, Plea, Prior, Space};
use crate::experiment::plausible;
use crate::experiment::summary::claims::{ClaimResult, OverDraws};
use crate::experiment::worlds::{self, DrawPlan, ParameterDraw};
use crate::report::claims::same_worlds;
use crate::scenario::study::{ParameterDraws, Study};
use std::path::Path;

/// Runs a claim's scenario in `count` plausible organisations, and once more over the middle half of every range.
pub fn over(
    study: &Study,
    levers: &[String],
    file: &Path,
    count: u32,
    options: &Claims,
    common: &Common,
) -> Result<Vec<OverDraws>, Failure> {
    let space = space(study, levers);
    if space.parameters.is_empty() {
        return Ok(judge::nothing_to_draw(study));
    }
    let design =
        design::points(Method::LatinHypercube, count as usize, space.parameters.len(), study.scenario.seed);
    let design = design.map_err(Failure::Usage)?;
    let criteria = plausible::criteria(&study.scenario, &study.columns).map_err(Failure::Usage)?;
    let worlds = ParameterDraws::of(study, file.parent().unwrap_or(Path::new(".")).to_owned());
    let number = judge::runs(study, u64::from(options.replications_per_organisation));
    let plan = DrawPlan {
        worlds: &worlds,
        space: &space,
        runs: number,
        criteria: &criteria,
        own_streams: true,
        judged_only: true,
    };
    let priors: &[Prior] =
        if options.no_narrower_ranges { &[Prior::Whole] } else { &[Prior::Whole, Prior::MiddleHalf] };
    let completed = simulate(study, &plan, &design, priors, common)?;
    let narrow = completed.get(1).map(Vec::as_slice);
    Ok(judge::over(study, &space, number, &completed[0], narrow))
}

/// What is drawn: the evidence in play, but for what policies change and for what the claim's own file, or a study's
/// preset that it extends, puts in the place of a default. That is what the claim is about.
fn space(study: &Study, levers: &[String]) -> Space {
    let plea = Plea { levers: levers.to_vec(), keep_replaced: true, ..Plea::default() };
    let calendar = study.scenario.clock;
    let (parameters, _) = design::found(&study.document, &plea, &calendar);
    Space { parameters, calendar }
}

fn simulate(
    study: &Study,
    plan: &DrawPlan<'_>,
    design: &[Vec<f64>],
    priors: &[Prior],
    common: &Common,
) -> Result<Vec<Vec<ParameterDraw>>, Failure> {
    let asked = design.len() * priors.len();
    let completed =
        Runner::of(common).organisations(study, asked as u64, "organisations", |run_options| {
            let drawn = |prior: Prior| worlds::drawn(study, plan.space, design, prior);
            priors
                .iter()
                .map(|prior| worlds::simulate(plan, drawn(*prior), run_options))
                .collect::<Result<Vec<_>, _>>()
        })?;
    let done: usize = completed.iter().map(Vec::len).sum();
    if done < asked { Err(Failure::Stopped) } else { Ok(completed) }
}

/// How what plausible organisations say of a claim differs from its record; nothing where they were not asked now.
pub fn differ(recorded: &ClaimResult, now: &ClaimResult) -> Option<String> {
    let over = now.worlds.as_ref()?;
    let Some(before) = &recorded.worlds else {
        return Some("its record holds no plausible organisations".to_owned());
    };
    let asked = |over: &OverDraws| (over.drawn, over.runs, over.narrow.is_some());
    if asked(before) != asked(over) {
        let prior =
            if before.narrow.is_some() { "with both range sets" } else { "with --no-narrower-ranges" };
        let (drawn, runs) = (before.drawn, before.runs);
        return Some(format!(
            "its record is of {drawn} organisations with {runs} replications each {prior}: ask for as many"
        ));
    }
    (!same_worlds(recorded, now)).then(|| "what plausible organisations say has changed".to_owned())
}
