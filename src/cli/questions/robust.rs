//! `orgsim robust`: in how many plausible organisations a policy is better, and what decides it.

use crate::cli::answer::Answer;
use crate::cli::points::{self, levers};
use crate::cli::question::{Desk, Question};
use crate::cli::runner::Runner;
use crate::cli::{Common, Experiment, Failure, replications, screen};
use crate::experiment::compare::columns;
use crate::experiment::design::{self, Method, Parameter, ParameterValue, Plea, Prior, Space};
use crate::experiment::metric_rows::bytes_of_organisation;
use crate::experiment::plausible;
use crate::experiment::robust::summary::RobustSummary;
use crate::experiment::robust::{Drawn, measured, summarise};
use crate::experiment::worlds::{self, DrawFate, DrawPlan, ParameterDraw};
use crate::report::data::Column;
use crate::report::document::WHAT_IS_ASSUMED;
use crate::report::files::{FileError, Growing};
use crate::report::robust as words;
use crate::report::slides::robust as slides;
use crate::report::words::count;
use crate::scenario::study::{ParameterDraws, Study};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim robust s.toml --worlds 200
  orgsim robust s.toml --worlds 64 --design sobol --replications 4
  orgsim robust s.toml --keep-written --hold \"value.*\"
  orgsim robust s.toml --vary \"debt.interest=0.6..4 log\"
  orgsim robust s.toml --design organisations.csv     values by path, one organisation a row

Every parameter with a range in [evidence] is drawn, but for those that a policy changes. Chance
within an organisation and parameter uncertainty (which organisation it is) are reported apart.")]
pub struct Robust {
    /// The scenario's file
    scenario: PathBuf,
    /// Organisations to draw
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    worlds: u32,
    /// Replications per organisation and policy
    #[arg(long, short = 'n', alias = "lives", value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    replications: u32,
    /// How organisations fill the ranges: latin, sobol, random, or a CSV file of values
    #[arg(long, value_name = "NAME|FILE", default_value = "latin")]
    design: DesignName,
    /// A path that keeps its value; may be repeated
    #[arg(long, value_name = "PATH")]
    hold: Vec<String>,
    /// A path to draw beside the evidence, or another range for one; may be repeated
    #[arg(long, value_name = "PATH=RANGE")]
    vary: Vec<String>,
    /// Keep everything that the scenario's own file says, and draw only what its presets say
    #[arg(long)]
    keep_written: bool,
    /// Leave out the check with narrower ranges, the middle half of each
    #[arg(long, alias = "one-prior")]
    no_narrower_ranges: bool,
    #[command(flatten)]
    common: Common,
    /// Whether organisations that are set aside are left at that.
    #[arg(skip)]
    judged_only: bool,
}

impl Robust {
    /// What a comparison asks beside its own organisation: two replications in each of these.
    fn around(scenario: &Path, common: &Common, worlds: u32) -> Robust {
        Robust {
            scenario: scenario.to_owned(),
            worlds,
            replications: 2,
            design: DesignName::Latin,
            hold: Vec::new(),
            vary: Vec::new(),
            keep_written: false,
            no_narrower_ranges: true,
            common: common.clone(),
            judged_only: true,
        }
    }
}

/// How the policies of a comparison do in plausible organisations around its own, against the timeline at `reference`;
/// nothing where no range is stated, or where it was stopped.
pub fn around(
    study: &Study,
    experiment: &Experiment,
    worlds: u32,
    (reference, runner): (usize, &Runner),
) -> Result<Option<RobustSummary>, Failure> {
    let options = Robust::around(&experiment.scenario, &experiment.common, worlds);
    let joint = joint(study, &options)?;
    let Ok(found) = parameters(study, &options, joint) else { return Ok(None) };
    let chosen = filled(study, found, &options)?;
    let criteria = plausible::criteria(&study.scenario, &study.columns).map_err(Failure::Usage)?;
    let (mut completed, complete) = match simulate(study, &chosen, &criteria, (&options, runner)) {
        Err(Failure::Stopped) => return Ok(None),
        other => other?,
    };
    let mut study = study.clone();
    study.timelines.swap(0, reference);
    let runs = completed.iter_mut().flat_map(|(_, worlds)| worlds).flat_map(|world| &mut world.runs);
    runs.for_each(|(_, timelines)| timelines.swap(0, reference));
    Ok(Some(summarise(&chosen.drawn(&study, &criteria, &options, complete), &completed)))
}

/// Organisations like the one that a scenario describes: the space that is drawn from, and points in it.
pub fn organisations(
    study: &Study,
    scenario: &Path,
    common: &Common,
    worlds: u32,
) -> Result<(Space, Vec<Vec<f64>>), Failure> {
    let options = Robust::around(scenario, common, worlds);
    let found = parameters(study, &options, joint(study, &options)?)?;
    let Chosen { space, points, .. } = filled(study, found, &options)?;
    match points {
        Points::Drawn(points) => Ok((space, points)),
        Points::Listed(_) => Ok((space, Vec::new())),
    }
}

/// How organisations fill the ranges.
#[derive(Clone, Debug, PartialEq)]
pub enum DesignName {
    Latin,
    Sobol,
    Random,
    File(PathBuf),
}

impl std::str::FromStr for DesignName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "latin" => Ok(Self::Latin),
            "sobol" => Ok(Self::Sobol),
            "random" => Ok(Self::Random),
            file if file.ends_with(".csv") => Ok(Self::File(file.into())),
            _ => Err("write latin, sobol, random, or the name of a file that ends in .csv".to_owned()),
        }
    }
}

impl std::fmt::Display for DesignName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Latin => f.write_str("latin"),
            Self::Sobol => f.write_str("sobol"),
            Self::Random => f.write_str("random"),
            Self::File(file) => f.write_str(&file.file_name().unwrap_or_default().to_string_lossy()),
        }
    }
}

/// Parameters that are told to be left out; more are counted.
const NOTED: usize = 3;

/// Points of a design, and what they mean: either drawn, or listed in a file.
struct Chosen {
    space: Space,
    left_out: Vec<design::LeftOut>,
    points: Points,
    words: String,
}

impl Chosen {
    /// What was run of it, for whoever summarises.
    fn drawn<'a>(
        &'a self,
        study: &'a Study,
        criteria: &'a [plausible::Criterion],
        options: &Robust,
        complete: bool,
    ) -> Drawn<'a> {
        Drawn {
            study,
            space: &self.space,
            left_out: &self.left_out,
            criteria,
            design: self.words.clone(),
            runs: u64::from(options.replications),
            stopped: !complete,
        }
    }
}

/// What was run under one prior.
type DrawnUnder = (Prior, Vec<ParameterDraw>);

enum Points {
    Drawn(Vec<Vec<f64>>),
    Listed(Vec<Vec<Option<ParameterValue>>>),
}

impl Question for Robust {
    fn asked(&self) -> Common {
        self.common.clone()
    }

    /// Draws plausible organisations and judges every policy in each.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let study = desk.study(&self.scenario)?;
        if study.timelines.len() < 2 {
            let help = "write [policy.NAME] and its changes";
            return Err(Failure::Usage(format!("there is no policy to compare with the baseline: {help}")));
        }
        let chosen = chosen(&study, self)?;
        let criteria = plausible::criteria(&study.scenario, &study.columns).map_err(Failure::Usage)?;
        if let DesignName::File(file) = &self.design {
            desk.reads(file);
        }
        let runner = desk.runner(&study, &self.scenario, &["worlds.csv", "drivers.csv"])?;
        let (completed, complete) = match simulate(&study, &chosen, &criteria, (self, &runner)) {
            Err(Failure::Stopped) => return screen::stopped_before("any organisation was finished"),
            other => other?,
        };
        if let Some(reason) = all_refused(&completed) {
            return Err(Failure::Failed(format!(
                "none of the organisations drawn could be simulated: {reason}; correct its range in [evidence], or keep its value \
                 with --hold PATH"
            )));
        }
        let summary = summarise(&chosen.drawn(&study, &criteria, self, complete), &completed);
        desk.rows("worlds", |file| rows(file, &study, &chosen.space, &criteria, &completed))?;
        let slides = desk.slides(|| slides::slides(&summary))?;
        let answer = Answer::of(&summary.frame, &columns(&study)[..measured()])
            .table("drivers", words::drivers(&summary))
            .page(words::document(&summary).then(WHAT_IS_ASSUMED, "check", &self.scenario), slides);
        Ok(match complete {
            true => answer,
            false => answer.ending(screen::stopped("the organisations finished so far are written")),
        })
    }
}

/// Why no organisation could be run, where that is so: then there is nothing to report.
fn all_refused(answers: &[DrawnUnder]) -> Option<&str> {
    let reason = |world: &'_ ParameterDraw| matches!(world.fate, DrawFate::Refused(_));
    let worlds = || answers.iter().flat_map(|(_, worlds)| worlds);
    let all = worlds().all(reason);
    worlds().find_map(|world| match &world.fate {
        DrawFate::Refused(why) if all => Some(why.as_str()),
        _ => None,
    })
}

/// The space of parameters that the options ask for, and its points.
fn chosen(study: &Study, options: &Robust) -> Result<Chosen, Failure> {
    let calendar = study.scenario.clock;
    if let DesignName::File(file) = &options.design {
        let (parameters, places) = points::organisations(file, &calendar)?;
        let space = Space { parameters, calendar };
        let words = format!("listed in {}", file.display());
        return Ok(Chosen { space, left_out: Vec::new(), points: Points::Listed(places), words });
    }
    let found = parameters(study, options, joint(study, options)?)?;
    let left_out = &found.1;
    if let Some(held) = options.hold.iter().find(|held| !left_out.iter().any(|left| left.is_held_by(held))) {
        return Err(Failure::Usage(format!("--hold {held} matches no parameter that could be drawn")));
    }
    let noted = || left_out.iter().filter(|left| !left.reason.starts_with("a policy"));
    for left in noted().take(NOTED) {
        screen::say(&format!("{} is not drawn: {}", left.path, left.reason));
    }
    if noted().count() > NOTED {
        let more = count(noted().count() - NOTED, "more parameter is", "more parameters are");
        screen::say(&format!("{more} not drawn: summary.md says which, and why"));
    }
    filled(study, found, options)
}

/// Fills the space of these parameters with as many points as the options ask for.
fn filled(
    study: &Study,
    (parameters, left_out): (Vec<Parameter>, Vec<design::LeftOut>),
    options: &Robust,
) -> Result<Chosen, Failure> {
    let (method, words) = match options.design {
        DesignName::Sobol => (Method::Sobol, "a scrambled Sobol sequence"),
        DesignName::Random => (Method::Random, "independent draws"),
        _ => (Method::LatinHypercube, "a Latin hypercube"),
    };
    let count = options.worlds as usize;
    let points =
        design::points(method, count, parameters.len(), study.scenario.seed).map_err(Failure::Usage)?;
    let points = design::tied(points, &parameters);
    let listed =
        parameters.iter().filter(|parameter| matches!(parameter.kind, design::Kind::Listed { .. })).count();
    let words = match (&study.scenario.posterior, listed) {
        (Some(posterior), 1..) => {
            format!("{words}, {listed} numbers of each together, as rows of {}", posterior.file)
        }
        _ => words.to_owned(),
    };
    let space = Space { parameters, calendar: study.scenario.clock };
    Ok(Chosen { space, left_out, points: Points::Drawn(points), words })
}

/// The numbers that were fitted together, where the scenario names a file of them: all that is neither a lever nor held.
fn joint(study: &Study, options: &Robust) -> Result<Vec<Parameter>, Failure> {
    if options.keep_written {
        return Ok(Vec::new());
    }
    let kept = levers(study).into_iter().chain(options.hold.iter().cloned());
    let kept: Vec<String> = kept.chain(options.vary.iter().map(|argument| asked_path(argument))).collect();
    points::joint(study, &options.scenario, &kept)
}

/// The path of `PATH=RANGE`.
fn asked_path(argument: &str) -> String {
    argument.split_once('=').map_or(argument, |(path, _)| path).trim().to_owned()
}

/// The evidence in play less levers, with what was fitted together in its place, and what `--vary` adds or replaces.
fn parameters(
    study: &Study,
    options: &Robust,
    joint: Vec<Parameter>,
) -> Result<(Vec<Parameter>, Vec<design::LeftOut>), Failure> {
    let plea = Plea {
        levers: levers(study),
        hold: options.hold.clone(),
        keep_written: options.keep_written,
        keep_replaced: false,
    };
    let calendar = &study.scenario.clock;
    let (mut parameters, left_out) = design::found(&study.document, &plea, calendar);
    parameters.retain(|parameter| !joint.iter().any(|one| one.path == parameter.path));
    parameters.extend(joint);
    for argument in &options.vary {
        let asked = design::pleaded(&study.document, argument, calendar).map_err(Failure::Usage)?;
        parameters.retain(|parameter| parameter.path != asked.path);
        parameters.push(asked);
    }
    if parameters.is_empty() {
        let help = "extend the preset typical, state [evidence], or use --vary PATH=LOW..HIGH";
        return Err(Failure::Usage(format!("the scenario states no range to draw from: {help}")));
    }
    Ok((parameters, left_out))
}

/// Runs the organisations with both range sets, and says whether all were run.
fn simulate(
    study: &Study,
    chosen: &Chosen,
    criteria: &[plausible::Criterion],
    (options, runner): (&Robust, &Runner),
) -> Result<(Vec<DrawnUnder>, bool), Failure> {
    let priors: &[Prior] = match (&chosen.points, options.no_narrower_ranges) {
        (Points::Drawn(_), false) => &[Prior::Whole, Prior::MiddleHalf],
        _ => &[Prior::Whole],
    };
    let folder = options.scenario.parent().unwrap_or(Path::new(".")).to_owned();
    let worlds = ParameterDraws::of(study, folder);
    let plan = DrawPlan {
        worlds: &worlds,
        space: &chosen.space,
        runs: u64::from(options.replications),
        criteria,
        own_streams: true,
        judged_only: options.judged_only,
    };
    let drawn = |prior: Prior| match &chosen.points {
        Points::Drawn(points) => worlds::drawn(study, &chosen.space, points, prior),
        Points::Listed(places) => places.clone(),
    };
    let asked: usize = priors.iter().map(|prior| drawn(*prior).len()).sum();
    let each = bytes_of_organisation(study, options.replications, chosen.space.parameters.len());
    let many = format!("{asked} organisations of {} replications each", options.replications);
    replications::fits(
        asked,
        each,
        &many,
        "ask for fewer --worlds, fewer --replications, or --no-narrower-ranges",
    )?;
    let completed = runner.organisations(study, asked as u64, "organisations", |run_options| {
        priors.iter().map(|prior| worlds::simulate(&plan, drawn(*prior), run_options)).collect()
    })?;
    let mut completed: Vec<DrawnUnder> = priors.iter().copied().zip(completed).collect();
    let done: usize = completed.iter().map(|(_, worlds)| worlds.len()).sum();
    if done == 0 {
        return Err(Failure::Stopped);
    }
    completed.retain(|(_, worlds)| !worlds.is_empty());
    Ok((completed, done == asked))
}

/// Writes worlds.csv, and says what its columns are.
fn rows(
    file: Growing,
    study: &Study,
    space: &Space,
    criteria: &[plausible::Criterion],
    completed: &[DrawnUnder],
) -> Result<Vec<Column>, FileError> {
    let axes = space.columns();
    let pasts: Vec<(&str, &str)> =
        criteria.iter().map(|criterion| (criterion.name.as_str(), criterion.unit.written())).collect();
    let metrics = &columns(study)[..measured()];
    let mut sheet = words::DrawRows::begin(file, &axes, &pasts, metrics)?;
    let policies: Vec<&str> = study.timelines.iter().map(|timeline| timeline.name.as_str()).collect();
    for (prior, worlds) in completed {
        let prior = if *prior == Prior::Whole { "whole" } else { "middle half" };
        for world in worlds {
            let (status, reason) = world.told(criteria);
            let setting = design::drawn(&axes, &world.places, &space.calendar);
            let key = words::Key { prior, world: world.number, status, reason: &reason };
            let failure = |number: u64, timeline: usize| world.failure(number, timeline);
            sheet.world(&key, &policies, &setting, &world.past, &world.runs, failure)?;
        }
    }
    let head = sheet.columns().to_vec();
    sheet.finish().map(|()| head)
}
