//! The audit: where lead time goes by team, who holds work up, and what one more of something would gain.

use super::compare::{RunInfo, frame, metric_text};
use super::metric_rows::{MetricRow, column};
use super::replicate::{Watched, follow};
use super::run::{RunOptions, each};
use super::summary::audit::{Audit, Gain, GateTime, TeamTime};
use kernel::units::{DAYS_PER_MONTH, Ticks};
use model::cause::{CAUSES, Cause};
use model::mechanisms::approval::Gate;
use observation::ledger::Ledger;
use observation::metrics::{self, METRICS};
use scenario::study::{Setting, Study};
use scenario::{Document, Node, Path, loads};
use statistics::paired::{Comparison, PairedDifference, compare};
use statistics::resample::Resampling;
use statistics::seen::Seen;
use statistics::verdict::Direction;

/// Replications whose ledgers are read, at most.
const LEDGERS: usize = 40;

/// A small change that the audit tries.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub what: String,
    pub settings: Vec<Setting>,
    /// Engineer-months a year.
    pub cost: Option<f64>,
}

/// What can be tried in this organisation: an engineer more for each team, a point more for health,
/// an hour more for each approver, an approval less at each stage, a voice less in each chain.
pub fn candidates(study: &Study) -> Vec<Candidate> {
    let mut found = Vec::new();
    let scenario = &study.scenario;
    for team in &scenario.team {
        let path = Path::default().join("team").join(team.name.as_str()).join("engineers");
        found.push(Candidate {
            what: format!("one more engineer in {}", team.name),
            settings: vec![(path.to_string(), (team.engineers + 1).to_string())],
            cost: Some(12.0),
        });
    }
    let point = |team: &scenario::tables::TeamTable| {
        let share = team.share.health?.fraction() + 0.01;
        let path = Path::default().join("team").join(team.name.as_str()).join("share").join("health");
        (share <= 1.0).then(|| (path.to_string(), format!("\"{:.6}%\"", share * 100.0)))
    };
    let points: Vec<Setting> = scenario.team.iter().filter_map(point).collect();
    if !points.is_empty() {
        let what = "one more percentage point of capacity for health".to_owned();
        found.push(Candidate { what, settings: points, cost: None });
    }
    let gates: Vec<(String, String)> = gates(&study.document);
    for (stage, gate) in &gates {
        let path = Path::default().join("stage").join(stage.as_str()).join("applies_to");
        found.push(Candidate {
            what: format!("no approval by {gate} at “{stage}”"),
            settings: vec![(path.to_string(), "{ decision = \"none\" }".to_owned())],
            cost: None,
        });
    }
    let mut heard: Vec<String> = gates.into_iter().map(|(_, gate)| gate).collect();
    for (name, chain) in scenario.chain.iter().filter(|(name, _)| heard.contains(name)).collect::<Vec<_>>() {
        heard.extend(chain.members.iter().cloned());
        for out in chain.members.iter().filter(|_| chain.members.len() > 1) {
            let left: Vec<String> = chain
                .members
                .iter()
                .filter(|member| *member != out)
                .map(|member| format!("{member:?}"))
                .collect();
            let path = Path::default().join("chain").join(name.as_str()).join("members");
            found.push(Candidate {
                what: format!("{out} no longer asked in {name}"),
                settings: vec![(path.to_string(), format!("[{}]", left.join(", ")))],
                cost: None,
            });
        }
    }
    for (name, approver) in scenario.approver.iter().filter(|(name, _)| heard.contains(name)) {
        let path = Path::default().join("approver").join(name.as_str()).join("hours_per_week");
        found.push(Candidate {
            what: format!("one more hour a week of {name} for approvals"),
            settings: vec![(path.to_string(), format!("{:?}", approver.hours_per_week + 1.0))],
            cost: Some(hours_as_months(study)),
        });
    }
    found
}

/// An hour a week over a year, in engineer-months.
fn hours_as_months(study: &Study) -> f64 {
    let clock = &study.scenario.clock;
    let weeks = clock.days_per_year / clock.days_per_week;
    weeks / (DAYS_PER_MONTH * clock.hours_per_day)
}

/// The stages with a gate, and who keeps it.
fn gates(document: &Document) -> Vec<(String, String)> {
    let stages = document.root.get("stage").and_then(Node::table);
    let gate = |node: &Node| {
        let keys = ["gate", "board", "approver", "chain"];
        keys.iter().find_map(|key| node.get(key)?.string().map(str::to_owned))
    };
    let stages = stages.into_iter().flatten();
    stages.filter_map(|(name, entry)| Some((name.clone(), gate(&entry.node)?))).collect()
}

/// The study in which each candidate is a timeline of its own; those that the scenario refuses (such as
/// “no approval” where nothing decides) are left out.
pub fn study(
    of: &Study,
    folder: &std::path::Path,
    candidates: Vec<Candidate>,
) -> Option<(Study, Vec<Candidate>)> {
    let right = |candidate: &Candidate| {
        let point = vec![candidate.settings.clone()];
        of.clone().with_points(folder.to_owned(), &point, false).is_ok()
    };
    let kept: Vec<Candidate> = candidates.into_iter().filter(right).collect();
    let points: Vec<Vec<Setting>> = kept.iter().map(|candidate| candidate.settings.clone()).collect();
    let study = of.clone().with_points(folder.to_owned(), &points, false).ok()?;
    (!kept.is_empty()).then_some((study, kept))
}

/// What was seen in replications that were followed to the end.
#[derive(Clone, Debug)]
pub struct Followed {
    pub ledger: Ledger,
    pub runs: usize,
    /// How long they were watched, all together.
    pub watched: Ticks,
}

/// Follows some replications under the baseline and sums their ledgers, as far as they are measured.
///
/// # Errors
/// When no threads can be had.
pub fn ledgers(
    study: &Study,
    numbers: &[u64],
    run_options: &RunOptions<'_>,
) -> Result<Followed, rayon::ThreadPoolBuildError> {
    let plan = &study.baseline().phases[0].1;
    let numbers = &numbers[..numbers.len().min(LEDGERS)];
    let completed = each(numbers.to_vec(), run_options, |number| {
        let mut ledger = Ledger::of(plan);
        let watched = follow(Watched::Measured, study, study.baseline(), number, &mut ledger).ok()?;
        Some((ledger, watched))
    })?;
    let mut sum = Followed { ledger: Ledger::of(plan), runs: 0, watched: Ticks::ZERO };
    for (ledger, watched) in completed.into_iter().flatten() {
        sum.ledger.add(&ledger);
        sum.runs += 1;
        sum.watched += watched;
    }
    Ok(sum)
}

/// Sums up ledgers and paired replications.
pub fn summarise(study: &Study, candidates: &[Candidate], kept: &[MetricRow], followed: &Followed) -> Audit {
    let objective = metrics::find(&study.scenario.objective).expect("the scenario's metrics were checked");
    let lead = metrics::find("lead_time_p85_days").expect("a metric of the register");
    let years =
        study.horizon.hours() / (study.scenario.clock.days_per_year * study.scenario.clock.hours_per_day);
    let (values, leads) = (differences(study, kept, objective), differences(study, kept, lead));
    let gain = |((at, candidate), (difference, lead)): (
        (usize, &Candidate),
        (PairedDifference, PairedDifference),
    )| Gain {
        what: candidate.what.clone(),
        cost_months: candidate.cost.map(|cost| cost * years),
        difference,
        lead,
        own_past: study.timelines[at + 1].own_past,
    };
    let mut gains: Vec<Gain> =
        candidates.iter().enumerate().zip(values.into_iter().zip(leads)).map(gain).collect();
    // What has no gain that is known comes last.
    let worth =
        |gain: &Gain| Some(gain.difference.gain()).filter(|gain| !gain.is_nan()).unwrap_or(f64::NEG_INFINITY);
    gains.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    Audit {
        frame: frame(study, kept.len(), RunInfo::fixed(kept.len(), false)),
        objective: metric_text(study, objective),
        lead: metric_text(study, lead),
        runs: kept.len(),
        teams: teams(study, followed),
        gates: gate_times(study, followed),
        gains,
    }
}

fn differences(study: &Study, kept: &[MetricRow], metric: usize) -> Vec<PairedDifference> {
    let columns: Vec<Seen> =
        (0..study.timelines.len()).map(|timeline| column(kept, timeline, metric)).collect();
    let direction = METRICS[metric].better.unwrap_or(Direction::HigherIsBetter);
    let others = columns[1..].iter();
    let family: Vec<Comparison<'_>> =
        others.map(|policy| Comparison { policy, baseline: &columns[0], direction }).collect();
    let level = study.scenario.judge.level.fraction();
    compare(&family, level, Resampling::seeded(study.scenario.seed))
}

fn teams(study: &Study, followed: &Followed) -> Vec<TeamTime> {
    let plan = &study.baseline().phases[0].1;
    let day = plan.day.hours();
    let time = |name: &str, done: u64, hours: &[f64; CAUSES]| {
        let days = |at: usize| hours[at] / day / done as f64;
        let mut causes: Vec<(String, f64)> =
            Cause::ALL.iter().enumerate().map(|(at, cause)| (cause.text().to_owned(), days(at))).collect();
        causes.retain(|(_, days)| *days > 0.0);
        causes.sort_by(|a, b| b.1.total_cmp(&a.1));
        TeamTime { name: name.to_owned(), changes: done as f64 / followed.runs as f64, causes }
    };
    let teams = plan.teams.iter().zip(&followed.ledger.teams).filter(|(_, (done, _))| *done > 0);
    teams.map(|(team, (done, hours))| time(&team.name, *done, hours)).collect()
}

fn gate_times(study: &Study, followed: &Followed) -> Vec<GateTime> {
    let plan = &study.baseline().phases[0].1;
    let loads = loads(plan, &study.window());
    let weeks = followed.watched.hours() / plan.week.hours();
    let gates = plan.params.approval.as_ref().map_or(&[][..], |approval| approval.gates.as_slice());
    let gate = |(gate, (closed, hours)): (&Gate, &(u64, f64))| GateTime {
        name: gate.name.clone(),
        verdicts_per_week: *closed as f64 / weeks,
        days: hours / plan.day.hours() / *closed as f64,
        load: loads
            .iter()
            .find(|load| load.name == gate.name)
            .map(|load| load.share())
            .filter(|load| load.is_finite()),
    };
    let mut times: Vec<GateTime> = gates
        .iter()
        .zip(&followed.ledger.gates)
        .map(gate)
        .filter(|time| time.verdicts_per_week > 0.0 || time.load > Some(0.0))
        .collect();
    let weight =
        |time: &GateTime| if time.days.is_finite() { time.days * time.verdicts_per_week } else { 0.0 };
    times.sort_by(|a, b| {
        weight(b).total_cmp(&weight(a)).then(b.load.unwrap_or(0.0).total_cmp(&a.load.unwrap_or(0.0)))
    });
    times
}
