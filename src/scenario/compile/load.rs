//! Load: what a plan asks of each team, machine, approver and board, on average over the time that is measured.

mod visits;

use super::work::targets;
use kernel::distribution::Distribution;
use kernel::streams::{Key, StreamId, Streams};
use kernel::units::{GateId, KindId, TeamId};
use model::compiled_plan::CompiledPlan;
use model::mechanisms::approval::{Gate, GateSort};
use model::mechanisms::decisions::Decision;
use model::mechanisms::demand::{Aftermath, Arrivals, Params, Profile};
use model::mechanisms::dependencies::Maker;
use model::plan::{Effort, Holder, KindPlan, StagePlan, Step, TeamPlan};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use visits::visits;

/// What is asked of one team, machine, approver or board.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    pub name: String,
    pub sort: LoadSort,
    /// Asked for in a week: nominal hours of work, hours of runs, or items for a board.
    pub asked: f64,
    /// There in a week: hours, or places for a board; infinite where there is no limit.
    pub there: f64,
    /// Work without end comes too, and takes whatever is left.
    pub endless: bool,
    /// Some of what asks for it is refused when the backlog is full, or gives up waiting.
    pub refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadSort {
    Team,
    Approver,
    Board,
    Machine,
}

impl Load {
    /// Asked for over there is; above 1 work piles up for ever.
    pub fn share(&self) -> f64 {
        self.asked / self.there
    }
}

/// The loads a plan implies over a stretch of hours from the beginning: demand as its profile, traces and batches bring
/// it, what is sent back included, against the hours that people are there and in no standing meeting. Incidents, debt's
/// interest, slow builds, switching and meetings about what is under way come on top.
pub fn loads(plan: &CompiledPlan, window: &Range<f64>) -> Vec<Load> {
    let mut sums = Sums::of(plan);
    if let Some(demand) = &plan.params.demand {
        for stream in streams(demand, plan, window) {
            sums.ask(&stream);
        }
    }
    sums.depart();
    let idle = |load: &Load| load.sort == LoadSort::Machine && load.asked == 0.0 && !load.endless;
    sums.loads.retain(|load| !idle(load));
    sums.loads
}

/// Loads being summed up: teams first, then boards, then the machine of each stage that has one.
struct Sums<'a> {
    plan: &'a CompiledPlan,
    loads: Vec<Load>,
    /// Where the load of each gate that is a board, and of each stage that is a machine, is summed up.
    boards: Vec<Option<usize>>,
    machines: Vec<Option<usize>>,
    /// What comes to the trains of each stage and team in a week.
    trains: Vec<f64>,
}

impl<'a> Sums<'a> {
    fn of(plan: &'a CompiledPlan) -> Sums<'a> {
        let trains = vec![0.0; plan.stages.len() * plan.teams.len()];
        let mut sums = Sums { plan, loads: Vec::new(), boards: Vec::new(), machines: Vec::new(), trains };
        let week = plan.week.hours();
        for (at, team) in plan.teams.iter().enumerate() {
            let sort = if team.is_leader { LoadSort::Approver } else { LoadSort::Team };
            let hours = (team.full_time() - met(plan, team)) * team.attention * team.skill.mean() * week;
            sums.add(
                &team.name,
                sort,
                hours * present(plan, TeamId::new(at)) * undisturbed(plan, TeamId::new(at)),
            );
        }
        for gate in gates(plan) {
            let at = match &gate.sort {
                GateSort::Board(board) => {
                    let meetings = plan.week.0 as f64 / board.period.0 as f64;
                    let places = board.slots.map_or(f64::INFINITY, |slots| f64::from(slots) * meetings);
                    Some(sums.add(&gate.name, LoadSort::Board, places))
                }
                _ => None,
            };
            sums.boards.push(at);
        }
        for stage in &plan.stages {
            let at = match &stage.holder {
                Holder::Machine(machine) => {
                    let hours = machine.runners.map_or(f64::INFINITY, |runners| f64::from(runners) * week);
                    Some(sums.add(&stage.name, LoadSort::Machine, hours))
                }
                _ => None,
            };
            sums.machines.push(at);
        }
        sums
    }

    fn add(&mut self, name: &str, sort: LoadSort, there: f64) -> usize {
        let name = name.to_owned();
        self.loads.push(Load { name, sort, asked: 0.0, there, endless: false, refused: false });
        self.loads.len() - 1
    }

    /// Adds the hands that trains take, each where at least one item has come since the last (by chance, as if at random).
    fn depart(&mut self) {
        let plan = self.plan;
        for (at, coming) in self.trains.iter().enumerate() {
            let (stage, team) = (&plan.stages[at / plan.teams.len()], at % plan.teams.len());
            let Holder::Release(Some(trains)) = &stage.holder else { continue };
            let periods = plan.week.0 as f64 / trains.period.0 as f64;
            let full = -libm::expm1(-coming / periods);
            // Changes on a train, where there is one at all; what the test finds and sends back comes on top.
            let changes = if full > 0.0 { coming / (periods * full) } else { 0.0 };
            let size = trains.test.as_ref().map_or(0.0, |test| test.takes_hours + test.each_hours * changes);
            for step in &plan.kinds[trains.departure.at()].route {
                let Step::Stage(hands) = step else { continue };
                let hours = nominal_of(size, trains.departure, &plan.stages[hands.at()]);
                add(&mut self.loads[team], periods * full, hours);
            }
        }
    }

    /// Adds what a stream of items asks of whoever holds them on their route.
    fn ask(&mut self, stream: &ArrivalStream) {
        let plan = self.plan;
        let per_week = stream.per_hour * plan.week.hours();
        let (kind, team) = (stream.kind, stream.team);
        let work = &plan.kinds[kind.at()];
        let refused = work.backlog_limit.is_some() || work.patience.is_some();
        for visits in visits(plan, kind) {
            let stage = &plan.stages[visits.stage.at()];
            let (all, weighed) = (visits.all * per_week, visits.weighed * per_week);
            // Making clear takes in proportion to what is unclear.
            let clarity = &stage.own.clarity;
            let above = clarity.fuzzier.map_or(0.0, f64::from);
            let fuzziness = unclear(plan, kind, above.max(f64::from(clarity.clear_enough)));
            let passed = clarity.fuzzier.map_or(1.0, |above| unclear(plan, kind, f64::from(above)).0);
            let part = fuzziness.0 * fuzziness.1 / passed.max(1e-9);
            let unclear = if clarity.clarifies > 0.0 { part } else { 1.0 };
            let scripted = stream.work.iter().find(|(name, _)| *name == stage.name).map(|(_, hours)| *hours);
            let sized = || nominal_of(stream.mean_size(plan), kind, stage);
            let hours = scripted.unwrap_or_else(sized) * unclear;
            match &stage.holder {
                Holder::Work { team: named } => {
                    let load = &mut self.loads[named.unwrap_or(team).at()];
                    load.refused |= refused;
                    add(load, weighed, hours);
                }
                Holder::Review { .. } | Holder::Release(None) => {
                    add(&mut self.loads[team.at()], weighed, hours);
                }
                Holder::Machine(machine) => {
                    if let Some(at) = self.machines[visits.stage.at()] {
                        add(&mut self.loads[at], all, machine.run.mean() / (1.0 - machine.flaky).max(1e-9));
                    }
                }
                Holder::Gate(Some(gate)) => {
                    // What is rejected with nowhere to go back to is heard again.
                    let again = if stage.failure.is_some() { 0.0 } else { visits::rejects(plan, *gate) };
                    let clarifies = gates(plan)[gate.at()].clarifies > 0.0;
                    let size = stream.mean_size(plan) * if clarifies { fuzziness.1 } else { 1.0 };
                    self.hear(*gate, team, size, all / (1.0 - again).max(1e-9));
                }
                Holder::Release(Some(_)) => {
                    self.trains[visits.stage.at() * plan.teams.len() + team.at()] += all;
                }
                _ => {}
            }
        }
    }

    /// Adds hearings: places at a board and the hours of those who go there, hours of an approver or of a colleague in
    /// the approver's place, each member of a chain.
    fn hear(&mut self, gate: GateId, team: TeamId, size: f64, passing: f64) {
        let plan = self.plan;
        let found = &gates(plan)[gate.at()];
        let passing = passing * (1.0 - found.automatic);
        match &found.sort {
            GateSort::Board(board) => {
                if let Some(at) = self.boards[gate.at()] {
                    add(&mut self.loads[at], passing, 1.0);
                }
                // Whoever sits there is away whole hours, of which attention and part-time would have left a part.
                let attention = left_of_an_hour(&plan.teams[team.at()]);
                add(
                    &mut self.loads[team.at()],
                    passing,
                    f64::from(board.attends) * board.hours_each * attention,
                );
            }
            GateSort::Approver(approver) => {
                let kind = &plan.kinds[approver.hearing.at()];
                let hours = |(stage, chance): (kernel::units::StageId, f64)| {
                    chance * nominal_of(size, approver.hearing, &plan.stages[stage.at()])
                };
                let hours: f64 = kind.route.iter().flat_map(targets).map(hours).sum();
                let peers = approver.peers.as_ref().map_or((0.0, 0.0), |peers| (peers.share, peers.times));
                add(&mut self.loads[approver.team.at()], passing * (1.0 - peers.0), hours);
                let attention = left_of_an_hour(&plan.teams[team.at()]);
                add(&mut self.loads[team.at()], passing * peers.0, hours * peers.1 * attention);
            }
            GateSort::Chain(chain) => {
                chain.members.iter().for_each(|member| self.hear(*member, team, size, passing));
            }
        }
    }
}

fn gates(plan: &CompiledPlan) -> &[Gate] {
    plan.params.approval.as_ref().map_or(&[], |approval| approval.gates.as_slice())
}

/// What is left for work of an hour by the clock, of one of a team's people.
fn left_of_an_hour(team: &TeamPlan) -> f64 {
    team.attention * (team.full_time() / f64::from(team.engineers))
}

/// How many full weeks a week meetings take from a team's people while nothing is under way.
fn met(plan: &CompiledPlan, team: &TeamPlan) -> f64 {
    let Some(meetings) = plan.params.meetings.filter(|_| !team.is_leader) else { return 0.0 };
    let all_week = (team.engineers as usize).saturating_sub(team.part_time.len());
    let shares = team.part_time.iter().copied().chain(std::iter::repeat_n(1.0, all_week));
    shares.map(|share| meetings.standing(team.engineers, share, plan.week)).sum()
}

/// The share of working time that a team's people, or an approver, are not absent.
fn present(plan: &CompiledPlan, team: TeamId) -> f64 {
    let own = plan.params.absence.as_ref().and_then(|teams| teams.get(team.at())?.as_ref());
    let approver = gates(plan).iter().find_map(|gate| match &gate.sort {
        GateSort::Approver(approver) if approver.team == team => approver.absence.as_ref(),
        _ => None,
    });
    own.or(approver).map_or(1.0, |(between, lasts)| between.mean() / (between.mean() + lasts.mean()))
}

/// The share of the time with work to do in which nobody interrupts a team's people: a stretch of work out of that and
/// the interruption it ends with.
fn undisturbed(plan: &CompiledPlan, team: TeamId) -> f64 {
    let distributions = plan.params.interruptions.as_ref().and_then(|teams| teams.get(team.at())?.as_ref());
    distributions.map_or(1.0, |(between, lasts)| between.mean() / (between.mean() + lasts.mean()))
}

/// Items of a kind that come to a team.
#[derive(Clone, Debug)]
struct ArrivalStream {
    kind: KindId,
    team: TeamId,
    /// Infinite for work without end.
    per_hour: f64,
    /// The mean size, where it is not that of the kind.
    size: Option<f64>,
    /// Mean hours of work at stages, where a script says them.
    work: Vec<(String, f64)>,
}

impl ArrivalStream {
    fn mean_size(&self, plan: &CompiledPlan) -> f64 {
        self.size.unwrap_or_else(|| plan.kinds[self.kind.at()].size.as_ref().map_or(0.0, Distribution::mean))
    }
}

/// Every stream of work over a stretch of time.
fn streams(demand: &Params, plan: &CompiledPlan, window: &Range<f64>) -> Vec<ArrivalStream> {
    let mut streams: Vec<ArrivalStream> = demand
        .sources
        .iter()
        .filter_map(|source| {
            let items = source.brings.mean_items();
            let (mut size, mut work) = (None, Vec::new());
            let per_hour = match &source.arrivals {
                Arrivals::Gaps(gaps) => items / gaps.mean(),
                Arrivals::Profile { gaps, profile } => items * mean_chance(profile, window) / gaps.mean(),
                Arrivals::Endless(_) => f64::INFINITY,
                Arrivals::Trace(script) => {
                    let from = script.times.partition_point(|time| time.hours() < window.start);
                    let to = script.times.partition_point(|time| time.hours() < window.end);
                    size = mean_of(script.sizes.get(from..to.min(script.sizes.len())).unwrap_or_default());
                    let of_stage = |(stage, hours): &(String, Vec<f64>)| {
                        Some((stage.clone(), mean_of(hours.get(from..to).unwrap_or_default())?))
                    };
                    work = script.work.iter().filter_map(of_stage).collect();
                    items * (to - from) as f64 / (window.end - window.start).max(1e-9)
                }
                Arrivals::Nothing => return None,
            };
            Some(ArrivalStream { kind: source.kind, team: source.team, per_hour, size, work })
        })
        .collect();
    // Work brought forth may bring forth more: a few rounds reach all but the last trickle.
    let mut fresh = streams.clone();
    for _ in 0..MOST_GENERATIONS {
        let after = demand.aftermaths.iter().flat_map(|aftermath| brought(&fresh, aftermath, plan));
        let brought: Vec<ArrivalStream> = after.chain(parts_of(&fresh, plan)).collect();
        fresh = together(brought);
        fresh.retain(|stream| stream.per_hour > 1e-12);
        if fresh.is_empty() {
            break;
        }
        streams.extend(fresh.iter().cloned());
    }
    streams
}

/// Streams of the same kind for the same team are one, of their mean size: where parts fan out, paths are beyond count.
fn together(streams: Vec<ArrivalStream>) -> Vec<ArrivalStream> {
    let mut found: BTreeMap<(KindId, TeamId, bool), ArrivalStream> = BTreeMap::new();
    for stream in streams {
        let key = (stream.kind, stream.team, stream.size.is_some());
        match found.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(stream);
            }
            Entry::Occupied(mut entry) => {
                let one = entry.get_mut();
                let sum = one.per_hour + stream.per_hour;
                if let (Some(mine), Some(other)) = (one.size, stream.size)
                    && sum > 0.0
                {
                    one.size = Some((mine * one.per_hour + other * stream.per_hour) / sum);
                }
                one.per_hour = sum;
            }
        }
    }
    found.into_values().collect()
}

/// Items of each kind an hour, on average over a stretch of time; work without end is left out.
pub(super) fn items_an_hour(plan: &CompiledPlan, window: &Range<f64>) -> BTreeMap<KindId, f64> {
    let mut items: BTreeMap<KindId, f64> = BTreeMap::new();
    let streams = plan.params.demand.iter().flat_map(|demand| streams(demand, plan, window));
    for stream in streams.filter(|stream| stream.per_hour.is_finite()) {
        *items.entry(stream.kind).or_default() += stream.per_hour;
    }
    items
}

/// Whether an item is begun as soon as it comes: nothing in its first stage that is not passed makes it wait.
pub(super) fn begins_at_once(kind: &KindPlan, plan: &CompiledPlan) -> bool {
    for (stage, _) in kind.route.iter().flat_map(targets) {
        let stage_plan = &plan.stages[stage.at()];
        if stage_plan.slots.is_some() || stage_plan.groups != 0 {
            return false;
        }
        match &stage_plan.holder {
            Holder::Gate(None) => {}
            Holder::Machine(machine) => return machine.runners.is_none(),
            Holder::Release(None) => return plan.servers[stage.at()].is_empty(),
            _ => return false,
        }
    }
    true
}

/// The mean of what is known of some rows; nothing where nothing is.
fn mean_of(rows: &[f64]) -> Option<f64> {
    let known: Vec<f64> = rows.iter().copied().filter(|hours| !hours.is_nan()).collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

/// Generations of work brought forth that are counted.
const MOST_GENERATIONS: usize = 24;

/// Parts of a stretch of time at which a profile is looked at.
const MOMENTS: usize = 10_000;

/// The mean over a stretch of time of the chance that an arrival is let through.
fn mean_chance(profile: &Profile, window: &Range<f64>) -> f64 {
    let moment = |at: usize| window.start + (window.end - window.start) * (at as f64 + 0.5) / MOMENTS as f64;
    (0..MOMENTS).map(|at| profile.chance(moment(at))).sum::<f64>() / MOMENTS as f64
}

/// What live items bring forth, by the debt that there is at the start.
fn brought(streams: &[ArrivalStream], aftermath: &Aftermath, plan: &CompiledPlan) -> Vec<ArrivalStream> {
    let causes = streams.iter().filter(|it| aftermath.after.contains(&it.kind) && it.per_hour.is_finite());
    let child = |cause: &ArrivalStream| {
        let mean = aftermath.mean(&plan.kinds[cause.kind.at()], &plan.failure);
        let each = mean * (1.0 + aftermath.debt * density(plan, cause.team));
        ArrivalStream {
            kind: aftermath.kind,
            team: cause.team,
            per_hour: cause.per_hour * each,
            size: None,
            work: Vec::new(),
        }
    };
    causes.map(child).collect()
}

/// The density of debt that an item of a team meets at the start.
fn density(plan: &CompiledPlan, team: TeamId) -> f64 {
    let mut before = 0.0;
    let own = plan.components.iter().filter(|component| component.team == team);
    own.map(|component| {
        component.density * (component.reached - std::mem::replace(&mut before, component.reached))
    })
    .sum()
}

/// The parts that streams of items send for.
fn parts_of(streams: &[ArrivalStream], plan: &CompiledPlan) -> Vec<ArrivalStream> {
    let mut found = Vec::new();
    for stream in streams.iter().filter(|stream| stream.per_hour.is_finite()) {
        for passing in visits(plan, stream.kind) {
            let Holder::Parts(parts) = &plan.stages[passing.stage.at()].holder else { continue };
            for part in &parts.parts {
                let rate = stream.per_hour * passing.all * part.chance * part.count.mean();
                let makers: Vec<TeamId> = match &part.maker {
                    Maker::Team(maker) => vec![*maker],
                    Maker::Own => vec![stream.team],
                    Maker::Others(teams) => {
                        teams.iter().copied().filter(|other| *other != stream.team).collect()
                    }
                };
                let size = part.share.map(|share| share * stream.mean_size(plan));
                let each = rate / makers.len() as f64;
                found.extend(makers.iter().map(|maker| ArrivalStream {
                    kind: part.kind,
                    team: *maker,
                    per_hour: each,
                    size,
                    work: Vec::new(),
                }));
            }
        }
    }
    found
}

/// The share of a kind's items that a stage applies to.
pub(super) fn applying(stage: &StagePlan, kind: KindId, plan: &CompiledPlan) -> f64 {
    let (applies, own) = (&stage.applies, &stage.own);
    if applies.never || applies.kinds.as_ref().is_some_and(|kinds| !kinds.contains(&kind)) {
        return 0.0;
    }
    let (irreversible, misjudged) =
        plan.params.decisions.as_ref().map_or((0.0, 0.0), |it| (it.irreversible, it.misjudged));
    let judged = irreversible * (1.0 - misjudged) + (1.0 - irreversible) * misjudged;
    let decided = match own.decisions.only {
        None => 1.0,
        Some(Decision::Irreversible) => judged,
        Some(Decision::Reversible) => 1.0 - judged,
    };
    decided * own.clarity.fuzzier.map_or(1.0, |above| unclear(plan, kind, f64::from(above)).0)
}

/// Draws by which a share of unclear items is told.
const DRAWS: u64 = 2_000;

const FUZZINESS: StreamId = StreamId::named("load/fuzziness");

/// The share of a kind's items that are fuzzier than this, and the mean fuzziness of those.
fn unclear(plan: &CompiledPlan, kind: KindId, above: f64) -> (f64, f64) {
    let Some(distribution) = &plan.kinds[kind.at()].own.clarity.fuzziness else { return (0.0, 0.0) };
    let streams = Streams::new(0, 0);
    let draws =
        (0..DRAWS).map(|nth| distribution.draw(&streams, FUZZINESS, Key::of("load", nth)).clamp(0.0, 1.0));
    let (count, sum) =
        draws.filter(|fuzziness| *fuzziness > above).fold((0.0, 0.0), |(n, sum), it| (n + 1.0, sum + it));
    (count / DRAWS as f64, if count > 0.0 { sum / count } else { 0.0 })
}

/// Expected nominal hours at a stage for an item of this size.
fn nominal_of(size: f64, kind: KindId, stage: &StagePlan) -> f64 {
    match &stage.effort[kind.at()] {
        Effort::Drawn(distribution) => distribution.mean(),
        Effort::ShareOfSize(share) => share * size,
    }
}

fn add(load: &mut Load, passing: f64, each: f64) {
    // Endless work of which nothing passes here is nothing, and not an unknown part of infinity.
    if passing.is_nan() {
        return;
    }
    if passing.is_infinite() {
        load.endless = load.endless || each > 0.0;
    } else {
        load.asked += passing * each;
    }
}
