//! Bounds: what would hardly ever end, or ask for more memory than there is, is refused with the number it implies.

use super::load::{begins_at_once, items_an_hour};
use super::work::{stages_of, targets, work_hours};
use crate::tables::{Past, Scenario};
use kernel::units::LONGEST_HOURS;
use model::compile_context::CompileContext;
use model::compiled_plan::CompiledPlan;
use model::mechanisms::approval::GateSort;
use model::mechanisms::demand::Arrivals;
use model::mechanisms::verification::Machine;
use model::plan::Holder;

/// The most things of one sort that may happen in a replication, on average.
const MOST: f64 = 1e7;
/// The most visits of an item to one stage, on average.
const MOST_VISITS: f64 = 1_000.0;
/// The most of each sort of named things. Their numbers fit any index, with those that are added to them.
const MOST_NAMES: usize = 1_000;
const MOST_COMPONENTS: u64 = 100_000;

/// Whether there are no more teams, kinds, stages, gates and components than can be numbered.
pub fn counts_fit(scenario: &Scenario, ctx: &mut CompileContext<'_>) -> bool {
    let gates = scenario.board.len() + scenario.approver.len() + scenario.chain.len() + scenario.leader.len();
    let named = [
        ("team", scenario.team.len(), "teams"),
        ("work", scenario.work.len(), "kinds of work"),
        ("stage", scenario.stage.len(), "stages"),
        ("board", gates, "boards, approvers, chains and leaders"),
    ];
    for (path, count, what) in named {
        if count > MOST_NAMES {
            let message = format!("{count} {what} are more than the {MOST_NAMES} that fit");
            ctx.problems.error(path, message);
        }
    }
    let components = scenario.team.iter().filter_map(|team| Some(u64::from(team.code.as_ref()?.components)));
    let components: u64 = components.sum();
    if components > MOST_COMPONENTS {
        let message = format!("{components} components are more than the {MOST_COMPONENTS} that fit");
        ctx.problems.error("team", message);
    }
    for (name, chain) in scenario.chain.iter().filter(|(_, chain)| chain.members.len() > MOST_NAMES) {
        let count = chain.members.len();
        let message = format!("{count} members are more than the {MOST_NAMES} that fit");
        ctx.problems.error(format!("chain.{name}.members"), message);
    }
    for (name, work) in scenario.work.iter().filter(|(_, work)| work.route.len() <= MOST_NAMES) {
        if work.route.iter().any(|step| stages_of(step).len() > MOST_NAMES) {
            ctx.problems.error(format!("work.{name}.route"), "a step has far too many stages to choose from");
        }
    }
    !ctx.problems.has_errors()
}

/// Says what of a plan happens far too often in one replication.
pub fn check(plan: &CompiledPlan, scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    let year = ctx.calendar.days_per_year * ctx.calendar.hours_per_day;
    let past = match scenario.past {
        Past::None => 0.0,
        Past::Common(span) => ctx.hours(span),
        Past::Own => year,
    };
    let hours = (past + ctx.hours(scenario.horizon) + scenario.run_off.map_or(0.0, |span| ctx.hours(span)))
        .min(LONGEST_HOURS);
    let mut bounds = Bounds { plan, hours, ctx };
    bounds.often("horizon", plan.week.hours(), "weeks");
    bounds.arrivals();
    bounds.endless();
    bounds.rework();
    bounds.rhythms();
    bounds.absences(scenario);
    super::nesting::check(plan, bounds.ctx);
}

struct Bounds<'a, 'b> {
    plan: &'a CompiledPlan,
    /// How long a replication lasts.
    hours: f64,
    ctx: &'a mut CompileContext<'b>,
}

impl Bounds<'_, '_> {
    fn refuse(&mut self, path: impl Into<String>, number: f64, what: &str) {
        let message = format!(
            "this implies about {} {what} in one replication, more than the {} that are simulated",
            round(number),
            round(MOST)
        );
        self.ctx.problems.error(path.into(), message).help("check the unit, or shorten the horizon");
    }

    /// Refuses what comes round after so many hours.
    fn often(&mut self, path: impl Into<String>, every_hours: f64, what: &str) {
        let number = self.hours / every_hours.max(1e-12);
        if number > MOST {
            self.refuse(path, number, what);
        }
    }

    /// Work that comes by itself, is brought forth, or is made as a part.
    fn arrivals(&mut self) {
        let Some(demand) = &self.plan.params.demand else { return };
        let mut items = items_an_hour(self.plan, &(0.0..self.hours));
        items.values_mut().for_each(|items| *items *= self.hours);
        for source in &demand.sources {
            let each = source.brings.mean_items().max(1.0);
            *items.entry(source.kind).or_default() += each * f64::from(source.backlog);
        }
        for (kind, number) in items {
            if number > MOST {
                let path = format!("work.{}.arrivals", self.plan.kinds[kind.at()].name);
                self.refuse(path, number, "items");
            }
        }
    }

    /// Work without end is brought as fast as it is begun: that takes time.
    fn endless(&mut self) {
        let Some(demand) = &self.plan.params.demand else { return };
        let people: f64 = self.plan.teams.iter().map(model::plan::TeamPlan::full_time).sum();
        for source in demand.sources.iter().filter(|source| matches!(source.arrivals, Arrivals::Endless(_))) {
            let kind = &self.plan.kinds[source.kind.at()];
            let path = format!("work.{}.arrivals", kind.name);
            if begins_at_once(kind, self.plan) {
                self.ctx
                    .problems
                    .error(
                        path,
                        "work without end, and nothing that it waits for: it would come without end at once",
                    )
                    .help("its first stage needs people, a machine with a number of runners, or a column");
                continue;
            }
            let hours = work_hours(source.kind, &self.plan.kinds, &self.plan.stages, None, 0);
            let (mut least, mut waits) = (0.0_f64, false);
            for (stage, _) in kind.route.iter().flat_map(targets) {
                match &self.plan.stages[stage.at()].holder {
                    Holder::Machine(Machine { run, runners: Some(runners), .. }) => {
                        least = least.max(run.mean() / f64::from(*runners));
                    }
                    Holder::Gate(Some(_)) | Holder::Release(Some(_)) | Holder::Parts(_) => waits = true,
                    _ => {}
                }
            }
            let each = least.max(hours / people);
            if !waits && self.hours / each.max(1e-12) > MOST {
                self.refuse(path, self.hours / each, "items");
            }
        }
    }

    /// Work that is sent back, and runs that are repeated.
    fn rework(&mut self) {
        for stage in &self.plan.stages {
            let path = format!("stage.{}", stage.name);
            if let Some(failure) = &stage.failure {
                self.again(format!("{path}.failure.probability"), failure.probability, "visits of each item");
            }
            if let Holder::Machine(machine) = &stage.holder {
                self.again(format!("{path}.machine.flaky"), machine.flaky, "runs for each item");
            }
        }
        for gate in self.plan.params.approval.iter().flat_map(|approval| &approval.gates) {
            self.again(
                format!("{}.rejects", table_of(&gate.name, &gate.sort)),
                gate.rejects,
                "hearings of each item",
            );
        }
    }

    fn again(&mut self, path: String, chance: f64, what: &str) {
        let number = 1.0 / (1.0 - chance).max(1e-12);
        if number > MOST_VISITS * (1.0 + 1e-9) {
            let message = format!(
                "this implies about {} {what}, more than the {} that are simulated",
                round(number),
                round(MOST_VISITS)
            );
            self.ctx.problems.error(path, message).help("write \"99.9%\" or less");
        }
    }

    /// Meetings, trains and looks.
    fn rhythms(&mut self) {
        let params = &self.plan.params;
        for gate in params.approval.iter().flat_map(|approval| &approval.gates) {
            match &gate.sort {
                GateSort::Board(board) => {
                    self.often(format!("board.{}.meets.every", gate.name), board.period.hours(), "meetings");
                }
                GateSort::Approver(approver) => {
                    if let Some((between, lasts)) = &approver.absence {
                        let path = format!("approver.{}.absence.between", gate.name);
                        self.often(path, between.mean() + lasts.mean(), "absences");
                    }
                }
                GateSort::Chain(_) => {}
            }
        }
        for stage in &self.plan.stages {
            if let Holder::Release(Some(trains)) = &stage.holder {
                self.often(
                    format!("stage.{}.release.train.every", stage.name),
                    trains.period.hours(),
                    "departures",
                );
            }
        }
        if let Some(every) = params.priorities.as_ref().and_then(|priorities| priorities.every) {
            self.often("priorities.looks_every", every.hours(), "looks");
        }
        if let Some(learning) = &params.learning {
            self.often("learning.every", learning.every.hours(), "looks");
        }
        if let Some(ambient) = params.incidents.as_ref().and_then(|incidents| incidents.ambient.as_ref()) {
            self.often("incidents.ambient.gaps", ambient.gaps.mean(), "failures of each team");
        }
    }

    /// What keeps each person away, and what leaders ask of people.
    fn absences(&mut self, scenario: &Scenario) {
        let plan = self.plan;
        for (team, distributions) in plan.teams.iter().zip(plan.params.absence.iter().flatten()) {
            if let Some((between, lasts)) = distributions {
                let each = (between.mean() + lasts.mean()) / f64::from(team.engineers);
                self.often(format!("team.{}.absence.between", team.name), each, "absences");
            }
        }
        for (team, distributions) in plan.teams.iter().zip(plan.params.interruptions.iter().flatten()) {
            if let Some((between, lasts)) = distributions {
                let each = (between.mean() + lasts.mean()) / f64::from(team.engineers);
                self.often(format!("team.{}.interruptions.between", team.name), each, "interruptions");
            }
        }
        for (name, leader) in &scenario.leader {
            if let Some(status) = &leader.status {
                let path = format!("leader.{name}.status.gaps");
                let gaps = self.ctx.distribution(&path, &status.gaps).mean();
                self.often(path, gaps, "questions");
            }
            if let Some(away) = &leader.absence {
                let path = format!("leader.{name}.absence.between");
                let between = self.ctx.distribution(&path, &away.between).mean();
                let lasts =
                    self.ctx.distribution(&format!("leader.{name}.absence.lasts"), &away.lasts).mean();
                self.often(path, between + lasts, "absences");
            }
        }
    }
}

fn table_of(name: &str, sort: &GateSort) -> String {
    let table = match sort {
        GateSort::Board(_) => "board",
        GateSort::Approver(_) => "approver",
        GateSort::Chain(_) => "chain",
    };
    format!("{table}.{name}")
}

/// A number that nobody reads to the last digit.
fn round(number: f64) -> String {
    if number < 1e6 { format!("{number:.0}") } else { format!("{number:.1e}") }
}
