//! Stages: who holds work at each, what it takes, and how it may be sent back.

use super::work::stages_of;
use crate::tables::{AppliesTable, DecisionName, FailureTable, RedoTable, Scenario, StageTable, WorkTable};
use kernel::distribution::Distribution;
use kernel::streams::Key;
use kernel::units::{KindId, StageId, TeamId};
use model::compile_context::CompileContext;
use model::mechanisms::coding::Threshold;
use model::mechanisms::decisions::Decision;
use model::mechanisms::demand::ArrivalsTable;
use model::mechanisms::dependencies::Maker;
use model::mechanisms::{OnKind, OnStage, clarity, decisions};
use model::plan::{Applies, Effort, Failure, Holder, KindPlan, Redo, StagePlan, Step, TeamPlan};
use model::work::Class;
use notation::diagnostic::quoted;

/// The name by which stages and kinds that the compiler adds can be told from those written.
const INTERNAL: &str = "deploying";

pub fn compile(scenario: &Scenario, ctx: &mut CompileContext<'_>) -> Vec<StagePlan> {
    let names = ctx.names.stages.clone();
    names.iter().map(|name| stage(name, &scenario.stage[name], scenario, ctx)).collect()
}

fn stage(name: &str, table: &StageTable, scenario: &Scenario, ctx: &mut CompileContext<'_>) -> StagePlan {
    let path = format!("stage.{name}");
    let holder = holder(&path, table, ctx);
    let effort = efforts(name, &path, table, scenario, ctx);
    let people = matches!(holder, Holder::Work { .. } | Holder::Review { .. });
    if people && table.effort.is_none() && table.effort_share.is_none() {
        let passes = |work: &WorkTable| work.route.iter().any(|step| stages_of(step).contains(&name));
        let scripted = |work: &WorkTable| match &work.arrivals {
            ArrivalsTable::Trace(trace) => {
                trace.work.contains_key(name) || trace.work_columns.contains_key(name)
            }
            _ => false,
        };
        let unsaid = |(_, work): &(&String, &WorkTable)| {
            passes(work) && !work.effort.contains_key(name) && !scripted(work)
        };
        let unsaid: Vec<String> =
            scenario.work.iter().filter(unsaid).map(|(kind, _)| quoted(kind)).take(5).collect();
        if !unsaid.is_empty() {
            let message = format!("people work here on {}, but it is not said how long", unsaid.join(", "));
            ctx.problems
                .error(&path, message)
                .help("write effort = \"4 hours\", or effort_share = \"10%\" of the item's size");
        }
    }
    StagePlan {
        name: name.to_owned(),
        key: Key::of(name, 0).0,
        applies: table.applies_to.as_ref().map(|it| applies(&path, it, ctx)).unwrap_or_default(),
        effort,
        failure: table.failure.as_ref().and_then(|it| failure(name, &path, it, ctx)),
        sticky: table.sticky,
        crew: crew(&path, table, ctx),
        writes_code: table.code,
        own: own(&path, table, ctx),
        patience: table
            .patience
            .as_ref()
            .map(|distribution| ctx.distribution(&format!("{path}.patience"), distribution)),
        slots: table.column.number().or(table.slots.number()),
        column: column(&path, table, ctx),
        threshold: threshold(name, table, scenario, ctx),
        groups: 0,
        holder,
    }
}

/// A threshold, and how many may wait for it to be reached.
fn threshold(
    name: &str,
    table: &StageTable,
    scenario: &Scenario,
    ctx: &mut CompileContext<'_>,
) -> Option<Threshold> {
    let threshold = table.threshold.as_ref()?;
    let path = format!("stage.{name}.threshold");
    if table.team.is_none() {
        ctx.problems.error(&path, "only where a team works does somebody start").help("write team = \"own\"");
    }
    let most = |work: &WorkTable| {
        let endless = match work.arrivals {
            ArrivalsTable::Endless(items) => Some(items),
            _ => None,
        };
        let limit = if work.waits { work.backlog_limit.number() } else { Some(0) };
        [endless, limit].into_iter().flatten().min()
    };
    let begins_here =
        |work: &WorkTable| work.route.first().is_some_and(|step| stages_of(step).contains(&name));
    let mut kinds = scenario.work.values().filter(|work| begins_here(work)).map(most).peekable();
    let waiting = if kinds.peek().is_some() { kinds.sum::<Option<u32>>() } else { None };
    let room = [waiting, table.column.number()].into_iter().flatten().min();
    Some(threshold.compile(&path, room, ctx))
}

/// A limit of a column takes the place of one of slots.
fn column(path: &str, table: &StageTable, ctx: &mut CompileContext<'_>) -> Option<u32> {
    let column = table.column.number();
    if column.is_some() && table.slots.number().is_some() {
        ctx.problems
            .error(format!("{path}.column"), "either slots or column, not both")
            .help("slots count what is worked on and what is finished; column counts what waits here too");
    }
    column
}

/// What a stage says to mechanisms.
fn own(path: &str, table: &StageTable, ctx: &mut CompileContext<'_>) -> OnStage {
    let applies = table.applies_to.as_ref();
    let only = match applies.and_then(|applies| applies.decision) {
        Some(DecisionName::Type1) => Some(Decision::Irreversible),
        Some(DecisionName::Type2) => Some(Decision::Reversible),
        Some(DecisionName::Any | DecisionName::None) | None => None,
    };
    let fuzzier = applies.and_then(|applies| applies.fuzzier);
    OnStage {
        clarity: clarity::OnStage {
            clarifies: clarifies(path, table, ctx),
            clear_enough: table.clear_enough.map_or(0.0, |share| share.fraction() as f32),
            fuzzier: fuzzier.map(|share| share.fraction() as f32),
        },
        decisions: decisions::OnStage { only },
        ..OnStage::default()
    }
}

/// The part of an item's fuzziness that people's work at a stage takes away.
fn clarifies(path: &str, table: &StageTable, ctx: &mut CompileContext<'_>) -> f64 {
    let Some(share) = table.clarifies else { return 0.0 };
    if table.team.is_none() {
        ctx.problems
            .error(format!("{path}.clarifies"), "only a team's work makes things clear here")
            .help("a leader clarifies by `leader.NAME.clarifies`, at a stage with gate = \"NAME clarity\"");
    }
    share.fraction()
}

fn holder(path: &str, table: &StageTable, ctx: &mut CompileContext<'_>) -> Holder {
    let gate = [&table.gate, &table.board, &table.approver, &table.chain].into_iter().flatten().next();
    let sorts = usize::from(table.team.is_some())
        + usize::from(table.review.is_some())
        + usize::from(table.machine.is_some())
        + usize::from(gate.is_some())
        + usize::from(table.release.is_some())
        + usize::from(table.parts.is_some());
    if sorts != 1 {
        ctx.problems
            .error(
                path,
                format!(
                    "exactly one of team, review, machine, gate, release and parts is required, not {sorts}"
                ),
            )
            .help("write team = \"own\" for work by the item's own team");
        return Holder::Work { team: None };
    }
    if let Some(name) = gate {
        let gate = if name == "none" { None } else { ctx.gate(path, name) };
        return Holder::Gate(gate);
    }
    if let Some(machine) = &table.machine {
        return Holder::Machine(machine.compile(&format!("{path}.machine"), ctx));
    }
    if let Some(review) = &table.review {
        return Holder::Review { pick_up: review.pick_up };
    }
    if let Some(release) = &table.release {
        return Holder::Release(release.compile(&format!("{path}.release"), ctx));
    }
    if let Some(parts) = &table.parts {
        return Holder::Parts(parts.compile(&format!("{path}.parts"), ctx));
    }
    let team = table.team.as_deref().filter(|name| *name != "own");
    Holder::Work { team: team.and_then(|name| ctx.team(&format!("{path}.team"), name)) }
}

/// Parts for other teams go to those that make features; the platform and enabling teams are named where meant.
pub fn keep_makers(stages: &mut [StagePlan], teams: &[TeamPlan]) {
    for stage in stages {
        let Holder::Parts(parts) = &mut stage.holder else { continue };
        for part in &mut parts.parts {
            if let Maker::Others(others) = &mut part.maker {
                others.retain(|team| teams[team.at()].kind.is_visited(teams[team.at()].is_leader));
            }
        }
    }
}

/// Speeds of one, two, … people on an item against that of one.
fn crew(path: &str, table: &StageTable, ctx: &mut CompileContext<'_>) -> Vec<f64> {
    let Some(crew) = &table.crew else { return Vec::new() };
    let speeds: Vec<f64> = crew.speed.iter().map(notation::Ratio::fraction).collect();
    if speeds.iter().any(|speed| *speed <= 0.0) {
        ctx.problems
            .error(format!("{path}.crew.speed"), "no work would ever finish: every speed must be above 0 %");
    }
    if speeds.len() == 1 {
        ctx.problems
            .error(
                format!("{path}.crew.speed"),
                "a crew has at least two speeds: for one person, and for two together",
            )
            .help("write the speed of one and of two, such as [\"100%\", \"180%\"]");
    }
    if table.team.is_none() {
        let help = "several people work together at a stage of work: team = \"own\"";
        ctx.problems.error(format!("{path}.crew"), "only a team's stage has a crew").help(help);
    }
    speeds
}

/// Effort per kind of work: the kind's own for this stage, else the stage's.
fn efforts(
    name: &str,
    path: &str,
    table: &StageTable,
    scenario: &Scenario,
    ctx: &mut CompileContext<'_>,
) -> Vec<Effort> {
    if table.effort.is_some() && table.effort_share.is_some() {
        ctx.problems.error(path, "either effort or effort_share, not both");
    }
    let common = match (&table.effort, table.effort_share) {
        (Some(distribution), _) => Effort::Drawn(ctx.distribution(&format!("{path}.effort"), distribution)),
        (None, Some(share)) => Effort::ShareOfSize(share.fraction()),
        (None, None) => Effort::Drawn(Distribution::Constant(0.0)),
    };
    scenario
        .work
        .iter()
        .map(|(kind, work)| match work.effort.get(name) {
            Some(distribution) => {
                Effort::Drawn(ctx.distribution(&format!("work.{kind}.effort.{name}"), distribution))
            }
            None => common.clone(),
        })
        .collect()
}

fn failure(name: &str, path: &str, table: &FailureTable, ctx: &mut CompileContext<'_>) -> Option<Failure> {
    let back_to = table.back_to.as_deref().unwrap_or(name);
    let probability = table.probability.fraction();
    if probability >= 1.0 {
        ctx.problems
            .error(format!("{path}.failure.probability"), "work that always fails never gets through");
    }
    Some(Failure {
        probability,
        catches: table.catches.fraction(),
        half_effort: table.half_effort.map_or(0.0, |share| share.fraction()),
        back_to: ctx.stage(&format!("{path}.failure.back_to"), back_to)?,
        redo: match table.effort {
            RedoTable::Fresh => Redo::Fresh,
            RedoTable::Same => Redo::Same,
            RedoTable::Share(share) => Redo::Share(share.fraction() as f32),
        },
        front: table.first,
    })
}

fn applies(path: &str, table: &AppliesTable, ctx: &mut CompileContext<'_>) -> Applies {
    let kinds = table.work.as_ref().map(|names| {
        let path = format!("{path}.applies_to.work");
        names.iter().filter_map(|name| ctx.kind(&path, name)).collect()
    });
    Applies { kinds, never: table.decision == Some(DecisionName::None) }
}

/// The internal kind of work by which somebody deploys a train's batch by hand.
pub fn add_departures(
    scenario: &Scenario,
    kinds: &mut Vec<KindPlan>,
    stages: &mut Vec<StagePlan>,
    ctx: &mut CompileContext<'_>,
) {
    for at in 0..scenario.stage.len() {
        let Some(table) = scenario.stage.get(&stages[at].name) else { continue };
        if table.release.is_none() {
            continue;
        }
        let kind = KindId::new(kinds.len());
        let path = format!("stage.{}.effort", stages[at].name);
        let effort = match &table.effort {
            Some(distribution) => ctx.distribution(&path, distribution),
            None => Distribution::Constant(0.0),
        };
        let name = format!("{INTERNAL} {}", stages[at].name);
        let Holder::Release(Some(trains)) = &mut stages[at].holder else {
            add_internal(name, None, &[Effort::Drawn(effort)], kinds, stages);
            continue;
        };
        trains.departure = kind;
        let test = trains.test.is_some().then_some(Effort::ShareOfSize(1.0));
        let efforts: Vec<Effort> = test.into_iter().chain([Effort::Drawn(effort)]).collect();
        add_internal(name, None, &efforts, kinds, stages);
    }
}

/// Adds a kind of work whose whole route is one stage for each of these efforts: a leader's hearings, a train's
/// departures. The last stage has its name.
pub fn add_internal(
    name: String,
    team: Option<TeamId>,
    efforts: &[Effort],
    kinds: &mut Vec<KindPlan>,
    stages: &mut Vec<StagePlan>,
) -> KindId {
    for existing in stages.iter_mut() {
        existing.effort.push(Effort::Drawn(Distribution::Constant(0.0)));
    }
    let first = stages.len();
    for (nth, effort) in efforts.iter().enumerate() {
        let is_last = nth + 1 == efforts.len();
        let name = if is_last { name.clone() } else { format!("{name}, before it") };
        stages.push(StagePlan {
            key: Key::of(&name, 0).0,
            name,
            holder: Holder::Work { team },
            applies: Applies::default(),
            effort: vec![effort.clone(); kinds.len() + 1],
            failure: None,
            sticky: false,
            crew: Vec::new(),
            writes_code: false,
            own: OnStage::default(),
            patience: None,
            slots: None,
            column: None,
            threshold: None,
            groups: 0,
        });
    }
    kinds.push(KindPlan {
        name,
        class: Class::Unplanned,
        priority: 0,
        preempts: None,
        route: (first..stages.len()).map(|at| Step::Stage(StageId::new(at))).collect(),
        laps: Vec::new(),
        size: None,
        mean_hours: 0.0,
        script: None,
        own: OnKind::default(),
        valued: false,
        backlog_limit: None,
        displaces: false,
        patience: None,
        is_change: false,
        is_headline: false,
    });
    KindId::new(kinds.len() - 1)
}

/// The teams whose people work at each stage.
pub fn servers(stages: &[StagePlan], teams: &[TeamPlan], kinds: &[KindPlan]) -> Vec<Vec<TeamId>> {
    let own: Vec<TeamId> =
        (0..teams.len()).map(TeamId::new).filter(|team| !teams[team.at()].is_leader).collect();
    let is_scripted = |at: usize| {
        kinds.iter().filter_map(|kind| kind.script.as_ref()).any(|script| script.says_hours_at(at))
    };
    let server = |(at, stage): (usize, &StagePlan)| match stage.holder {
        Holder::Work { team: Some(team) } => vec![team],
        Holder::Work { team: None } | Holder::Review { .. } => own.clone(),
        Holder::Release(None) if takes_time(stage) || is_scripted(at) => own.clone(),
        _ => Vec::new(),
    };
    stages.iter().enumerate().map(server).collect()
}

fn takes_time(stage: &StagePlan) -> bool {
    stage.effort.iter().any(|effort| match effort {
        Effort::Drawn(distribution) => distribution.mean() > 0.0,
        Effort::ShareOfSize(share) => *share > 0.0,
    })
}
