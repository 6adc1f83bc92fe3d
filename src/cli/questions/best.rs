//! `orgsim best`: the best mix of levers for a given cost.

use crate::cli::answer::Answer;
use crate::cli::compared::{self, compared};
use crate::cli::question::{Desk, Question};
use crate::cli::runner::Runner;
use crate::cli::{Common, Experiment, Failure, replications, screen};
use crate::experiment::best::{Mix, MixLever, Search, finish, measured, study};
use crate::experiment::metric_rows::keep;
use crate::experiment::recorded::Recordable;
use crate::experiment::run::ReplicationResults;
use crate::report::best as report;
use crate::report::slides::best::slides;
use crate::scenario::study::Study;
use clap::Args;
use std::path::{Path, PathBuf};

/// What a search takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim best s.toml                 the levers and the budget of the scenario's [best] table
  orgsim best s.toml --budget 12 --vary \"team.*.share.health=20%,30%\" --vary \"team.*.target=8,9\"

The search runs each mix on the same random numbers; what it ends with is judged by as many
replications that it has not seen. Costs are what the metric “cost” counts beyond the baseline, and
what the scenario states beside it.")]
pub struct Best {
    #[command(flatten)]
    experiment: Experiment,
    /// What a mix may cost beyond the baseline over the horizon, in engineer-months of cost
    #[arg(long, value_name = "MONTHS", allow_negative_numbers = true)]
    budget: Option<f64>,
    /// A lever and its positions beside today's, in place of the scenario's; may be repeated
    #[arg(long, value_name = "PATH=VALUES")]
    vary: Vec<String>,
}

impl Question for Best {
    fn asked(&self) -> Common {
        self.experiment.common.clone()
    }

    /// Searches, and judges what was found by other replications.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let experiment = &self.experiment;
        if experiment.only_replication.is_some() {
            return Err(Failure::Usage(
                "a search needs several replications: leave out --only-replication".to_owned(),
            ));
        }
        let whole = desk.study(&experiment.scenario)?;
        let levers = levers(&whole, &self.vary).map_err(Failure::Usage)?;
        let budget = self.budget(&whole)?;
        let numbers = replications::numbers(&whole, experiment)?;
        let tables = [&compared::TABLES[..], &["best.csv"]].concat();
        let runner = desk.runner(&whole, &experiment.scenario, &tables)?;
        let folder = experiment.scenario.parent().unwrap_or(Path::new(".")).to_owned();
        let question = MixQuestion { budget, whole, levers, folder, numbers, runner };
        let search = question.search()?;
        let (study, completed) = question.judge(&search)?;
        let found = finish(&study, &question.levers, &search, &completed);
        let (answer, is_known) = compared(desk, &study, &found.summary, &completed)?;
        if !is_known {
            return Ok(answer);
        }
        let (data, slides) = (report::data(&found), desk.slides(|| slides(&found))?);
        let printed = data.bytes.clone();
        let document = report::document(&found);
        let document = match found.best {
            0 => document,
            _ => document.then(
                "Written as a policy into the scenario, in how many organisations like this does the mix gain?",
                "robust",
                &experiment.scenario,
            ),
        };
        Ok(answer.table("best", data).printing(printed).page(document, slides))
    }
}

impl Best {
    /// What a mix may cost, by the command line or the scenario.
    fn budget(&self, study: &Study) -> Result<f64, Failure> {
        let written = study.scenario.best.as_ref().and_then(|table| table.budget);
        let budget = self.budget.or(written).filter(|budget| budget.is_finite());
        if budget.is_some_and(|budget| budget < 0.0) {
            return Err(Failure::Usage("a budget is 0 engineer-months of cost or more".to_owned()));
        }
        budget.ok_or_else(|| {
            Failure::Usage(
                "say what a mix may cost: --budget in engineer-months of cost, or budget in [best]"
                    .to_owned(),
            )
        })
    }
}

/// What is asked.
struct MixQuestion {
    budget: f64,
    whole: Study,
    levers: Vec<MixLever>,
    folder: PathBuf,
    /// The replications of the search; as many later ones judge.
    numbers: Vec<u64>,
    runner: Runner,
}

impl MixQuestion {
    fn search(&self) -> Result<Search, Failure> {
        let positions = self.levers.iter().map(|lever| lever.positions.len()).collect();
        let mut search = Search::new(positions, self.budget);
        loop {
            let mixes = search.next();
            if mixes.is_empty() {
                return Ok(search);
            }
            let study = self.study(&mixes)?;
            let kept = self.simulate(&study, &self.numbers, keep)?;
            search.learn(measured(&study, &self.levers, &mixes, &kept));
        }
    }

    /// Runs what the search ended with, on random numbers that it has not seen.
    fn judge(&self, search: &Search) -> Result<(Study, Vec<ReplicationResults>), Failure> {
        let last = search.last();
        if last.is_empty() {
            let why = "under each, a replication was stopped with more work than the simulator holds";
            return Err(Failure::Failed(format!("no mix could be judged: {why}")));
        }
        let study = self.study(&last)?;
        let count = self.numbers.len() as u64;
        replications::room(&study, self.numbers.len())?;
        let fresh: Vec<u64> = self.numbers.iter().map(|number| number + count).collect();
        let completed = self.simulate(&study, &fresh, |completed| completed)?;
        Ok((study, completed))
    }

    fn study(&self, mixes: &[Mix]) -> Result<Study, Failure> {
        Ok(study(&self.whole, &self.folder, &self.levers, mixes)?)
    }

    fn simulate<T: Send + Recordable>(
        &self,
        study: &Study,
        numbers: &[u64],
        keep: impl Fn(ReplicationResults) -> T + Sync,
    ) -> Result<Vec<T>, Failure> {
        let (completed, complete) = self.runner.simulate(study, numbers, keep)?;
        if !complete {
            return screen::stopped(
                "a mix is only as good as the ones it is compared with; nothing was written",
            );
        }
        Ok(completed)
    }
}

/// The levers of the command line, or else of the scenario; no two of them set the same path.
fn levers(study: &Study, vary: &[String]) -> Result<Vec<MixLever>, String> {
    let table = study.scenario.best.as_ref().map(|best| &best.lever);
    let levers: Result<Vec<MixLever>, String> = match vary {
        [] => table.into_iter().flatten().map(|(name, lever)| MixLever::written(name, lever)).collect(),
        vary => vary.iter().map(|argument| MixLever::read(argument)).collect(),
    };
    let levers = levers?;
    if levers.is_empty() {
        return Err(
            "there are no levers: write --vary PATH=VALUES, or [best.lever] in the scenario".to_owned()
        );
    }
    let mut paths: Vec<&str> = Vec::new();
    for (path, _) in levers.iter().flat_map(|lever| &lever.positions[0].settings) {
        if paths.contains(&path.as_str()) {
            return Err(format!("two levers set {path}"));
        }
        paths.push(path);
    }
    Ok(levers)
}
