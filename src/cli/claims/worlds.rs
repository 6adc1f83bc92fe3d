//! Claims over plausible organisations: draws them, lives them, and judges each claim in each.

use super::super::robust::levers;
use super::super::{Claims, Common, Failure, lives};
use crate::experiment::claims::worlds as judge;
use crate::experiment::design::{self, Method, Plea, Prior, Space};
use crate::experiment::plausible;
use crate::experiment::summary::claims::{ClaimResult, OverWorlds};
use crate::experiment::worlds::{self, Plan, World};
use crate::report::claims::same_worlds;
use crate::scenario::study::{Study, Worlds};
use std::path::Path;

/// Lives a claim's scenario in `count` plausible organisations, and once more over the middle half of every range.
pub fn over(study: &Study, file: &Path, count: u32, options: &Claims) -> Result<Vec<OverWorlds>, Failure> {
    let space = space(study);
    if space.parameters.is_empty() {
        return Ok(judge::nothing_to_draw(study));
    }
    let design =
        design::points(Method::LatinHypercube, count as usize, space.parameters.len(), study.scenario.seed);
    let design = design.map_err(Failure::Usage)?;
    let criteria = plausible::criteria(&study.scenario, &study.columns).map_err(Failure::Usage)?;
    let worlds = Worlds::of(study, file.parent().unwrap_or(Path::new(".")).to_owned());
    let number = judge::lives(study, u64::from(options.lives));
    let plan = Plan { worlds: &worlds, space: &space, lives: number, criteria: &criteria, own_luck: true };
    let priors: &[Prior] =
        if options.one_prior { &[Prior::Whole] } else { &[Prior::Whole, Prior::MiddleHalf] };
    let lived = live(study, &plan, &design, priors, &options.common)?;
    let narrow = lived.get(1).map(Vec::as_slice);
    Ok(judge::over(study, &space, number, &lived[0], narrow))
}

/// What is drawn: the evidence in play, but for what policies change and for what the claim's own file, or a study's
/// preset that it extends, puts in the place of a default. That is what the claim is about.
fn space(study: &Study) -> Space {
    let plea = Plea { levers: levers(study), keep_replaced: true, ..Plea::default() };
    let calendar = study.scenario.clock;
    let (parameters, _) = design::found(&study.document, &plea, &calendar);
    Space { parameters, calendar }
}

fn live(
    study: &Study,
    plan: &Plan<'_>,
    design: &[Vec<f64>],
    priors: &[Prior],
    common: &Common,
) -> Result<Vec<Vec<World>>, Failure> {
    let asked = design.len() * priors.len();
    let lived = lives::organisations(study, asked as u64, "organisations", common, |conduct| {
        let drawn = |prior: Prior| worlds::drawn(study, plan.space, design, prior);
        priors.iter().map(|prior| worlds::live(plan, drawn(*prior), conduct)).collect::<Result<Vec<_>, _>>()
    })?;
    let done: usize = lived.iter().map(Vec::len).sum();
    if done < asked { Err(Failure::Stopped) } else { Ok(lived) }
}

/// How what plausible organisations say of a claim differs from its record; nothing where they were not asked now.
pub fn differ(recorded: &ClaimResult, now: &ClaimResult) -> Option<String> {
    let over = now.worlds.as_ref()?;
    let Some(before) = &recorded.worlds else {
        return Some("no plausible organisations are in its record".to_owned());
    };
    let asked = |over: &OverWorlds| (over.drawn, over.lives, over.narrow.is_some());
    if asked(before) != asked(over) {
        let prior = if before.narrow.is_some() { "under both priors" } else { "with --one-prior" };
        let (drawn, lives) = (before.drawn, before.lives);
        return Some(format!(
            "its record is of {drawn} organisations with {lives} lives each {prior}: ask for as many"
        ));
    }
    (!same_worlds(recorded, now)).then(|| "what plausible organisations say has changed".to_owned())
}
