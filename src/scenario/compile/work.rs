//! Kinds of work, their routes, and the sources that bring them.

use super::{Rates, trace};
use crate::tables::{Past, PreemptionTable, Scenario, StepTable, WhenFull, WorkTable};
use kernel::distribution::Distribution;
use kernel::streams::Key;
use kernel::units::{KindId, StageId, TeamId};
use model::compile_context::CompileContext;
use model::mechanisms::demand::{Arrivals, ArrivalsTable, Brings, Params, RunLength, Source};
use model::mechanisms::dependencies::Part;
use model::mechanisms::{OnKind, clarity, juggling};
use model::plan::{Effort, Holder, KindPlan, Preemption, StagePlan, Step, TeamPlan};
use model::work::ROUTE_STEPS;

/// How many parts of parts are counted when a load is worked out.
const DEEPEST_PARTS: u8 = 4;

/// The stages a step may lead to.
pub fn stages_of(step: &StepTable) -> Vec<&str> {
    match step {
        StepTable::Stage(stage) | StepTable::Maybe { stage, .. } => vec![stage],
        StepTable::OneOf(choices) => choices.keys().map(String::as_str).collect(),
    }
}

pub fn kinds(scenario: &Scenario, stages: &[StagePlan], ctx: &mut CompileContext<'_>) -> Vec<KindPlan> {
    scenario.work.iter().map(|(name, table)| kind(name, table, stages, ctx)).collect()
}

fn kind(name: &str, table: &WorkTable, stages: &[StagePlan], ctx: &mut CompileContext<'_>) -> KindPlan {
    let path = format!("work.{name}");
    if table.route.is_empty() {
        ctx.problems.error(format!("{path}.route"), "a route needs at least one stage");
    }
    if table.route.len() > ROUTE_STEPS {
        ctx.problems.error(format!("{path}.route"), format!("a route has at most {ROUTE_STEPS} steps"));
    }
    for stage in table.effort.keys() {
        ctx.stage(&format!("{path}.effort"), stage);
    }
    let route: Vec<Step> = table.route.iter().filter_map(|it| step(&path, it, ctx)).collect();
    let size =
        table.size.as_ref().map(|distribution| ctx.distribution(&format!("{path}.size"), distribution));
    let script = match &table.arrivals {
        ArrivalsTable::Trace(trace) => trace.read(&format!("{path}.arrivals.trace"), ctx),
        _ => None,
    };
    // Whatever else there is of a kind whose rows all have a size is as large as one of them.
    let of_rows = || Distribution::empirical_shared(script.as_ref()?.sizes_sorted.clone()).ok();
    let size = size.or_else(of_rows);
    // Where rows could not be read, or lack some sizes, that is said, or asked for, first.
    let is_scripted = matches!(&table.arrivals, ArrivalsTable::Trace(trace) if trace.size_column.is_some());
    let takes_shares = size.is_none() && takes_shares(&route, stages, &ctx.names.kinds, name);
    if takes_shares && is_scripted && script.is_some() {
        ctx
            .problems
            .error(format!("{path}.arrivals.trace"), "a row has no size, and the kind has none to draw one from")
            .help("fill the empty cells of the size column, or write size = { lognormal = { mean = \"2 days\", cv = 1.5 } }");
    } else if takes_shares && !is_scripted {
        ctx.problems
            .error(&path, "a stage takes a share of its size, but it has no size")
            .help("write size = { lognormal = { mean = \"2 days\", cv = 1.5 } }");
    }
    KindPlan {
        name: name.to_owned(),
        class: table.class,
        priority: table.priority,
        preempts: table.preempts.map(|it| preemption(it, ctx)),
        route,
        laps: Vec::new(),
        mean_hours: size.as_ref().map_or(0.0, Distribution::mean),
        size,
        script: script.map(|script| trace::at_stages(script, stages)),
        own: own(&path, table, ctx),
        valued: table.valued,
        backlog_limit: if table.waits { table.backlog_limit.number() } else { Some(0) },
        displaces: table.when_full == WhenFull::Displace,
        patience: table
            .patience
            .as_ref()
            .map(|distribution| ctx.distribution(&format!("{path}.patience"), distribution)),
        is_change: table.change,
        is_headline: false,
    }
}

/// What a kind of work says to mechanisms.
fn own(path: &str, table: &WorkTable, ctx: &mut CompileContext<'_>) -> OnKind {
    let fuzziness = table.fuzziness.as_ref();
    let fuzziness =
        fuzziness.map(|distribution| ctx.number_distribution(&format!("{path}.fuzziness"), distribution));
    let whole = table.initiative.as_ref();
    let quarter = ctx.calendar.hours_per_day * ctx.calendar.days_per_quarter;
    OnKind {
        clarity: clarity::OnKind { fuzziness },
        juggling: juggling::OnKind {
            drift_per_hour: whole.map_or(0.0, |whole| whole.drift.fraction()) / quarter,
        },
        ..OnKind::default()
    }
}

fn takes_shares(route: &[Step], stages: &[StagePlan], kinds: &[String], name: &str) -> bool {
    let Some(kind) = kinds.iter().position(|kind| kind == name) else { return false };
    route
        .iter()
        .flat_map(targets)
        .any(|(stage, _)| matches!(stages[stage.at()].effort[kind], Effort::ShareOfSize(_)))
}

fn preemption(table: PreemptionTable, ctx: &CompileContext<'_>) -> Preemption {
    match table {
        PreemptionTable::Resume => Preemption::Resume,
        PreemptionTable::Restart => Preemption::Restart,
        PreemptionTable::Penalty(span) => Preemption::Penalty(ctx.hours(span)),
    }
}

fn step(path: &str, table: &StepTable, ctx: &mut CompileContext<'_>) -> Option<Step> {
    let path = format!("{path}.route");
    match table {
        StepTable::Stage(stage) => Some(Step::Stage(ctx.stage(&path, stage)?)),
        StepTable::Maybe { stage, probability } => {
            Some(Step::Maybe(ctx.stage(&path, stage)?, probability.fraction()))
        }
        StepTable::OneOf(choices) => {
            let total: f64 = choices.values().sum();
            if !(total > 0.0 && total.is_finite() && choices.values().all(|weight| *weight >= 0.0)) {
                ctx.problems.error(&path, "weights must be zero or more, and not all zero");
                return None;
            }
            let mut reached = 0.0;
            let mut steps = Vec::new();
            for (stage, weight) in choices {
                reached += weight / total;
                steps.push((reached, ctx.stage(&path, stage)?));
            }
            Some(Step::OneOf(steps))
        }
    }
}

/// Where a step leads, with the chance of each.
pub fn targets(step: &Step) -> Vec<(StageId, f64)> {
    match step {
        Step::Stage(stage) => vec![(*stage, 1.0)],
        Step::Maybe(stage, chance) => vec![(*stage, *chance)],
        Step::OneOf(choices) => {
            let mut before = 0.0;
            choices
                .iter()
                .map(|(reached, stage)| (*stage, reached - std::mem::replace(&mut before, *reached)))
                .collect()
        }
    }
}

/// Every source of work, and the work that other work brings forth.
pub fn demand(
    scenario: &Scenario,
    teams: &[TeamPlan],
    kinds: &[KindPlan],
    stages: &[StagePlan],
    rates: &mut Rates,
    ctx: &mut CompileContext<'_>,
) -> Params {
    let mut params = Params::default();
    for (at, (name, table)) in scenario.work.iter().enumerate() {
        let kind = KindId::new(at);
        if let ArrivalsTable::After(after) = &table.arrivals {
            params.aftermaths.push(after.compile(name, kind, ctx));
            if table.backlog == 0 {
                continue;
            }
        }
        endless_waits(name, table, scenario, ctx);
        if let Some(script) = &kinds[at].script {
            trace::check(name, table, &script.script, (&kinds[at], stages), scenario, ctx);
        }
        let receivers = receivers(name, table, kind, teams, kinds, stages, ctx);
        let parts = parted(name, &receivers, teams, rates);
        for (nth, team) in receivers.into_iter().enumerate() {
            let rate = parts.as_ref().map(|parts| parts[nth]);
            let mut maker = SourceMaker { name, table, kind, team, rate, teams, kinds, stages, rates };
            let source = maker.source(scenario, ctx);
            params.has_endless |= matches!(source.arrivals, Arrivals::Endless(_));
            params.sources.push(source);
        }
    }
    params
}

/// A name in an address, so that no two pairs of names make the same.
fn spelt(name: &str) -> String {
    name.replace('\\', "\\\\").replace('/', "\\/")
}

/// The most items that may wait when a replication begins, or always.
const MOST_WAITING: u32 = 1_000_000;

/// Work without end is replaced when it is started: it must be let wait until then.
fn endless_waits(name: &str, table: &WorkTable, scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    let problems = &mut ctx.problems;
    if table.backlog > MOST_WAITING {
        let message = format!("more than the {MOST_WAITING} that fit");
        problems.error(format!("work.{name}.backlog"), message);
    }
    let ArrivalsTable::Endless(waiting) = table.arrivals else { return };
    if !(1..=MOST_WAITING).contains(&waiting) {
        let message = format!("between 1 and {MOST_WAITING} always wait, not {waiting}");
        problems.error(format!("work.{name}.arrivals"), message);
    }
    if table.patience.is_some() {
        problems
            .error(
                format!("work.{name}.patience"),
                "work without end does not give up: at once there would be more of it",
            )
            .help("leave `patience` out, or write arrivals = { poisson = \"5/day\" }");
    }
    // At the stage where it begins it would give up as soon as it came, and come again.
    let first = table.route.first().map(stages_of).unwrap_or_default();
    let gives_up = |stage: &&str| scenario.stage.get(*stage).is_some_and(|stage| stage.patience.is_some());
    if let Some(stage) = first.into_iter().find(gives_up) {
        problems
            .error(
                format!("stage.{stage}.patience"),
                format!("work without end (`work.{name}`) does not give up where it begins: at once there would be more of it"),
            )
            .help("leave `patience` out, or write arrivals = { poisson = \"5/day\" }");
    }
    if !table.waits {
        problems
            .error(format!("work.{name}.waits"), "work without end always waits: all of it would be refused")
            .help("leave `waits` out, or write arrivals = { poisson = \"5/day\" }");
    } else if table.backlog_limit.number().is_some_and(|limit| limit < waiting) {
        problems
            .error(
                format!("work.{name}.backlog_limit"),
                format!("is less than the {waiting} that always wait"),
            )
            .help("raise it, or lower `endless`");
    }
}

/// The teams a kind of work comes to: the one named, or each that works on its own, or the first. To platform and
/// enabling teams comes what names them.
fn receivers(
    name: &str,
    table: &WorkTable,
    kind: KindId,
    teams: &[TeamPlan],
    kinds: &[KindPlan],
    stages: &[StagePlan],
    ctx: &mut CompileContext<'_>,
) -> Vec<TeamId> {
    if let Some(team) = &table.team {
        return ctx.team(&format!("work.{name}.team"), team).into_iter().collect();
    }
    let own = kinds[kind.at()].route.iter().flat_map(targets).any(|(stage, _)| {
        matches!(stages[stage.at()].holder, Holder::Work { team: None } | Holder::Review { .. })
    });
    let gets_work = |team: &TeamId| teams[team.at()].kind.is_visited(teams[team.at()].is_leader);
    let all = (0..teams.len()).map(TeamId::new).filter(gets_work);
    if own { all.collect() } else { all.take(1).collect() }
}

/// The baseline's demand for a kind, parted among the teams of another organisation in proportion to their
/// people: organising differently must not change what is asked. Nothing where the teams are the same.
fn parted(name: &str, receivers: &[TeamId], teams: &[TeamPlan], rates: &Rates) -> Option<Vec<f64>> {
    let known: Vec<(&str, f64)> = rates
        .iter()
        .filter(|((kind, _), _)| kind == name)
        .map(|((_, team), rate)| (team.as_str(), *rate))
        .collect();
    let is_same = known.len() == receivers.len()
        && receivers.iter().all(|team| known.iter().any(|(name, _)| *name == teams[team.at()].name));
    if known.is_empty() || is_same {
        return None;
    }
    let total: f64 = known.iter().map(|(_, rate)| rate).sum();
    let people: f64 = receivers.iter().map(|team| teams[team.at()].full_time()).sum();
    Some(receivers.iter().map(|team| total * teams[team.at()].full_time() / people).collect())
}

struct SourceMaker<'a> {
    name: &'a str,
    table: &'a WorkTable,
    kind: KindId,
    team: TeamId,
    /// Its rate at a load of 1, where the baseline's demand is parted anew.
    rate: Option<f64>,
    teams: &'a [TeamPlan],
    kinds: &'a [KindPlan],
    stages: &'a [StagePlan],
    rates: &'a mut Rates,
}

impl SourceMaker<'_> {
    fn source(&mut self, scenario: &Scenario, ctx: &mut CompileContext<'_>) -> Source {
        let path = format!("work.{}", self.name);
        let brings = self.brings(&path, ctx);
        let (table, kinds) = (self.table, self.kinds);
        let profile = (table.profile.as_ref(), run_length(scenario, ctx));
        let script = kinds[self.kind.at()].script.as_ref().map(|script| &script.script);
        let rate = |load: f64, ctx: &mut CompileContext<'_>| self.rate_for_load(load, &brings, ctx);
        let arrivals = table.arrivals.compile(&path, profile, script, rate, ctx);
        let team = &self.teams[self.team.at()].name;
        let mean_gap = match &arrivals {
            Arrivals::Gaps(gaps) | Arrivals::Profile { gaps, .. } => gaps.mean(),
            _ => 0.0,
        };
        let stretch =
            table.wander.and_then(|wander| wander.compile(&format!("{path}.wander"), profile.1.at_most, ctx));
        Source {
            key: Key::of(&format!("{}/{}", spelt(self.name), spelt(team)), 0),
            kind: self.kind,
            team: self.team,
            arrivals,
            mean_gap,
            stretch,
            backlog: self.table.backlog,
            brings,
        }
    }

    /// What an arrival brings.
    fn brings(&self, path: &str, ctx: &mut CompileContext<'_>) -> Brings {
        match (&self.table.initiative, &self.table.items) {
            (None, None) => Brings::OneItem,
            (Some(whole), None) => {
                Brings::Whole(whole.compile(path, self.kinds[self.kind.at()].mean_hours, ctx))
            }
            (None, Some(items)) => {
                let items = ctx.number_distribution(&format!("{path}.items"), items);
                if items.mean() <= 0.0 {
                    let message = "an arrival of nothing: on average it must bring something";
                    ctx.problems.error(format!("{path}.items"), message);
                }
                Brings::Items(items)
            }
            (Some(_), Some(_)) => {
                ctx.problems
                    .error(format!("{path}.items"), "an initiative says by its size how many items it has")
                    .help("leave one of `items` and `initiative` out");
                Brings::OneItem
            }
        }
    }

    /// The baseline's rate for a load, or the rate that makes it.
    fn rate_for_load(&mut self, load: f64, brings: &Brings, ctx: &mut CompileContext<'_>) -> f64 {
        if let Some(rate) = self.rate {
            return load * rate;
        }
        let team = &self.teams[self.team.at()];
        let work = work_hours(self.kind, self.kinds, self.stages, None, 0) * brings.mean_items();
        if work <= 0.0 {
            ctx.problems.error(
                format!("work.{}.arrivals", self.name),
                "a load needs work that takes its team's time",
            );
            return 0.0;
        }
        let hours = team.full_time() * team.attention;
        let key = (self.name.to_owned(), team.name.clone());
        // Keyed without the load, so that a policy may still change it.
        load * *self.rates.entry(key).or_insert(hours / work)
    }
}

/// Expected nominal hours of people's work on an item, parts that others make included, without rework. `size` is
/// its mean size where that is not its kind's.
pub(super) fn work_hours(
    at: KindId,
    kinds: &[KindPlan],
    stages: &[StagePlan],
    size: Option<f64>,
    depth: u8,
) -> f64 {
    let kind = &kinds[at.at()];
    let size = size.or_else(|| Some(kind.size.as_ref()?.mean())).unwrap_or(0.0);
    let hours = |(stage, chance): (StageId, f64)| {
        let stage = &stages[stage.at()];
        let each = match (&stage.holder, &stage.effort[at.at()]) {
            (Holder::Parts(parts), _) if depth < DEEPEST_PARTS => {
                let part = |part: &Part| {
                    let share = part.share.map(|share| share * size);
                    let hours = work_hours(part.kind, kinds, stages, share, depth + 1);
                    part.chance * part.count.mean() * hours
                };
                parts.parts.iter().map(part).sum()
            }
            // Making work clear comes on top, as rework does.
            _ if stage.own.clarity.clarifies > 0.0 => 0.0,
            (Holder::Work { .. } | Holder::Review { .. } | Holder::Release(None), effort) => match effort {
                Effort::Drawn(distribution) => distribution.mean(),
                Effort::ShareOfSize(share) => share * size,
            },
            _ => 0.0,
        };
        chance * each
    };
    kind.route.iter().flat_map(targets).map(hours).sum()
}

/// How long a replication goes on. The most is a bound on a rate, not the rate: where there is no past, a year more
/// does no harm.
fn run_length(scenario: &Scenario, ctx: &CompileContext<'_>) -> RunLength {
    let year = ctx.calendar.days_per_year * ctx.calendar.hours_per_day;
    let (past, more) = match scenario.past {
        Past::None => (0.0, year),
        Past::Common(span) => (ctx.hours(span), 0.0),
        Past::Own => (year, 0.0),
    };
    let to_horizon = past + ctx.hours(scenario.horizon);
    RunLength { to_horizon, at_most: to_horizon + more }
}
