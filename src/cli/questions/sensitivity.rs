//! `orgsim sensitivity`: which parameters a result depends on.

use crate::cli::answer::Answer;
use crate::cli::points::levers;
use crate::cli::question::{Desk, Question};
use crate::cli::{Common, Failure, screen};
use crate::experiment::compare::columns;
use crate::experiment::design::{self, Parameter, Plea, Prior, Space};
use crate::experiment::sensitivity::{self, Method, SensitivityQuestion, results, summarise};
use crate::experiment::worlds::{self, DrawPlan, ParameterDraw};
use crate::report::data::Data;
use crate::report::document::WHAT_IS_ASSUMED;
use crate::report::sensitivity as words;
use crate::report::slides::sensitivity as slides;
use crate::scenario::study::{ParameterDraws, Study};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim sensitivity s.toml --method morris --points 20          screen everything with evidence
  orgsim sensitivity s.toml --method morris --policy \"25 %\"      what the gain of a policy depends on
  orgsim sensitivity s.toml --method sobol --points 256 --vary debt.interest \\
      --vary \"debt.saves=5 minutes..1 hour log\"

Morris runs N × (parameters + 1) points, Sobol N × (parameters + 2), all on the same random
numbers.")]
pub struct Sensitivity {
    /// The scenario's file
    scenario: PathBuf,
    /// Elementary effects, for many parameters; or shares of variance, for few
    #[arg(long, value_enum, default_value = "morris")]
    method: MethodName,
    /// Trajectories (Morris) or rows of the sample (Sobol)
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(2..=65_536))]
    points: u32,
    /// Replications per point
    #[arg(long, short = 'n', alias = "lives", value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    replications: u32,
    /// A parameter, or one with its range; may be repeated [default: all with evidence but for levers]
    #[arg(long, value_name = "PATH[=RANGE]")]
    vary: Vec<String>,
    /// The metric, in place of the objective
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MethodName {
    Morris,
    Sobol,
}

impl Question for Sensitivity {
    fn asked(&self) -> Common {
        self.common.clone()
    }

    /// Runs the points of a design and reads from them what decides.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let mut study = desk.study(&self.scenario)?;
        let policies = study.timelines.len();
        of_one(&mut study, &self.common.policy)?;
        let metric = self.metric.as_deref().unwrap_or(&study.scenario.objective);
        let metric = sensitivity::metric(&study, metric)
            .ok_or_else(|| Failure::Usage(format!("there is no metric called `{metric}`")))?;
        let space = Space { parameters: parameters(&study, self)?, calendar: study.scenario.clock };
        let method = if self.method == MethodName::Morris { Method::Morris } else { Method::Sobol };
        let size = self.points as usize;
        let points = sensitivity::points(method, size, space.parameters.len(), study.scenario.seed)
            .map_err(Failure::Usage)?;
        let folder = self.scenario.parent().unwrap_or(Path::new(".")).to_owned();
        let plan = DrawPlan {
            worlds: &ParameterDraws::of(&study, folder),
            space: &space,
            runs: u64::from(self.replications),
            criteria: &[],
            own_streams: false,
            judged_only: false,
        };
        let drawn = worlds::drawn(&study, &space, &points, Prior::Whole);
        let runner = desk.runner(&study, &self.scenario, &["sensitivity.csv", "points.csv"])?;
        let completed = runner.organisations(&study, points.len() as u64, "points", |run_options| {
            Ok(vec![worlds::simulate(&plan, drawn, run_options)?])
        })?;
        let completed: Vec<ParameterDraw> = completed.into_iter().flatten().collect();
        if completed.is_empty() {
            return screen::stopped_before("any point was finished");
        }
        let stopped = completed.len() < points.len();
        let timeline = usize::from(study.timelines.len() > 1);
        let question = SensitivityQuestion { method, metric, timeline, runs: plan.runs, size, stopped };
        let summary = summarise(&study, &space, &question, &points, &completed);
        let slides = desk.slides(|| slides::slides(&summary))?;
        let (what_for, command) = match policies {
            1 => (WHAT_IS_ASSUMED, "check"),
            _ => ("In how many organisations like this do policies gain?", "robust"),
        };
        let document = words::document(&summary).then(what_for, command, &self.scenario);
        let answer = Answer::of(&summary.frame, &columns(&study)[metric..=metric])
            .table("sensitivity", words::data(&summary))
            .table("points", rows(&space, &question, &completed, points.len()))
            .page(document, slides);
        Ok(match stopped {
            false => answer,
            true => answer.ending(screen::stopped("what the points finished so far say is written")),
        })
    }
}

/// Without a policy the result is the baseline's own; with one, its difference from the baseline.
fn of_one(study: &mut Study, policies: &[String]) -> Result<(), Failure> {
    match policies {
        [] => study.timelines.truncate(1),
        [_] if study.timelines.len() == 2 => {}
        _ => {
            let help = "name one policy, other than the baseline, to compare with it";
            return Err(Failure::Usage(help.to_owned()));
        }
    }
    Ok(())
}

/// Those asked for, or all with evidence but for levers of the policies at hand.
fn parameters(study: &Study, options: &Sensitivity) -> Result<Vec<Parameter>, Failure> {
    let calendar = &study.scenario.clock;
    let asked = options.vary.iter().map(|argument| design::pleaded(&study.document, argument, calendar));
    let asked: Vec<Parameter> = asked.collect::<Result<_, _>>().map_err(Failure::Usage)?;
    if !asked.is_empty() {
        return Ok(asked);
    }
    let plea = Plea { levers: levers(study), ..Plea::default() };
    let (parameters, _) = design::found(&study.document, &plea, calendar);
    if parameters.is_empty() {
        return Err(Failure::Usage(
            "the scenario states no range to vary: extend the preset typical, state [evidence], or use \
             --vary PATH=LOW..HIGH"
                .to_owned(),
        ));
    }
    Ok(parameters)
}

fn rows(space: &Space, question: &SensitivityQuestion, completed: &[ParameterDraw], points: usize) -> Data {
    let values = results(question, completed, points);
    let axes = space.columns();
    let row = |world: &ParameterDraw| {
        let (status, reason) = world.told(&[]);
        let status = if status == "judged" { "ok".to_owned() } else { format!("{status}: {reason}") };
        (design::drawn(&axes, &world.places, &space.calendar), status, values[world.number])
    };
    words::points(&axes, completed.iter().map(row))
}
