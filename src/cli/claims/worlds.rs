//! Claims over plausible organisations: draws them, runs them, and judges each claim in each.

use super::super::points;
use super::super::runner::Runner;
use super::super::{Claims, Failure};
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
    runner: &Runner,
) -> Result<Vec<OverDraws>, Failure> {
    let (space, design) = drawn(study, levers, file, count)?;
    if space.parameters.is_empty() {
        return Ok(judge::nothing_to_draw(study));
    }
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
    let completed = simulate(study, &plan, &design, priors, runner)?;
    let narrow = completed.get(1).map(Vec::as_slice);
    Ok(judge::over(study, &space, number, &completed[0], narrow))
}

/// What is drawn, and the points at which it is.
fn drawn(
    study: &Study,
    levers: &[String],
    file: &Path,
    count: u32,
) -> Result<(Space, Vec<Vec<f64>>), Failure> {
    let space = space(study, levers, file)?;
    if space.parameters.is_empty() {
        return Ok((space, Vec::new()));
    }
    let design =
        design::points(Method::LatinHypercube, count as usize, space.parameters.len(), study.scenario.seed);
    let design = design::tied(design.map_err(Failure::Usage)?, &space.parameters);
    Ok((space, design))
}

/// What is drawn: the evidence in play, but for what policies change and for what the claim's own file, or a study's
/// preset that it extends, puts in the place of a default. That is what the claim is about. What was fitted together is drawn in
/// whole rows, as in a comparison.
fn space(study: &Study, levers: &[String], file: &Path) -> Result<Space, Failure> {
    let plea = Plea { levers: levers.to_vec(), keep_replaced: true, ..Plea::default() };
    let calendar = study.scenario.clock;
    let (mut parameters, _) = design::found(&study.document, &plea, &calendar);
    let joint = points::joint(study, file, levers)?;
    parameters.retain(|parameter| !joint.iter().any(|one| one.path == parameter.path));
    parameters.extend(joint);
    Ok(Space { parameters, calendar })
}

fn simulate(
    study: &Study,
    plan: &DrawPlan<'_>,
    design: &[Vec<f64>],
    priors: &[Prior],
    runner: &Runner,
) -> Result<Vec<Vec<ParameterDraw>>, Failure> {
    let asked = design.len() * priors.len();
    let completed = runner.organisations(study, asked as u64, "organisations", |run_options| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::study::Amendments;

    #[test]
    fn what_was_fitted_together_is_drawn_in_whole_rows() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, draws) = (folder.path().join("s.toml"), folder.path().join("s.posterior.csv"));
        let rows = [("70%", "20 days"), ("80%", "40 days"), ("90%", "60 days")];
        let lines: String = rows.iter().map(|(one, other)| format!("{one},{other}\n")).collect();
        let heads = "team.*.attention,work.feature.initiative.size.lognormal.mean";
        std::fs::write(&draws, format!("{heads}\n{lines}")).expect("written");
        let text =
            "extends = \"typical\"\n[posterior]\nfile = \"s.posterior.csv\"\n[policy.a]\nbaseline = true\n";
        std::fs::write(&file, text).expect("written");
        let (study, _) = Study::read(&file, &Amendments::default()).expect("a right scenario");
        let (space, design) = drawn(&study, &[], &file, 40).unwrap_or_else(|_| panic!("nothing is drawn"));
        let at = |path: &str| space.parameters.iter().position(|one| one.path == path).expect("it is drawn");
        let (one, other) = (at("team.*.attention"), at("work.feature.initiative.size.lognormal.mean"));
        for prior in [Prior::Whole, Prior::MiddleHalf] {
            let mut met = [0; 3];
            for places in worlds::drawn(&study, &space, &design, prior) {
                let text = |of: usize| places[of].as_ref().map_or("", |place| place.text.as_str());
                let row = rows.iter().position(|row| *row == (text(one), text(other)));
                met[row.expect("it is a row of the file")] += 1;
            }
            assert!(met.iter().all(|count| *count >= 10), "{met:?}");
        }
        // What a policy changes is not drawn.
        let (space, _) =
            drawn(&study, &["team.*.attention".to_owned()], &file, 4).unwrap_or_else(|_| panic!("nothing"));
        assert!(space.parameters.iter().all(|one| one.path != "team.*.attention"));
    }
}
