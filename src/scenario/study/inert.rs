//! Inert: what somebody wrote themselves, and what can do nothing in the organisation as it is, is remarked on.
//!
//! A preset says much that a scenario does not use, and means no harm; so only the scenario's own file and `--set` are
//! looked at. What a policy may bring to life is left alone: no rule speaks of a key whose company some policy
//! changes.

use super::Study;
use super::idle::{has_no_work, is_never_called, never_so_many, nothing_waits};
use crate::compile::stages_of;
use crate::document::{Document, Node};
use crate::path::Path;
use crate::tables::{EfficiencyTable, Scenario, StageTable, TeamTable};
use kernel::units::GateId;
use model::compiled_plan::CompiledPlan;
use model::mechanisms;
use model::mechanisms::approval::{Gate, GateSort};
use model::mechanisms::demand::ArrivalsTable;
use model::plan::{Discipline, Holder};
use model::slack::Meanwhile;
use notation::diagnostic::{Diagnostic, Diagnostics};

/// A key that does nothing where something else is not as it needs it.
struct Rule {
    /// The key, with `*` for named things.
    key: &'static str,
    /// What it needs, as the first step of the paths that could change that.
    company: &'static [&'static str],
    /// Whether it does nothing: of the scenario, the name that `*` stands for, and the value.
    idle: fn(&Scenario, &str, &Node) -> bool,
    why: &'static str,
    remedy: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        key: "team.*.pressure",
        company: &["pressure", "debt"],
        idle: |it, _, value| {
            it.mechanisms.pressure.is_none() && it.mechanisms.debt.is_none() && !is_nothing(value)
        },
        why: "nothing here says what pressure does",
        remedy: "write [pressure] or [debt], or extend the preset \"typical\"",
    },
    Rule {
        key: "team.*.order",
        company: &["value"],
        idle: |it, name, _| {
            let ranked = |order| matches!(order, Discipline::Value | Discipline::Cd3);
            it.value.is_none() && it.team.iter().any(|team| team.name == name && ranked(team.order))
        },
        why: "without [value] no item is believed to be worth more than another",
        remedy: "write [value], or extend the preset \"typical\"",
    },
    Rule {
        key: "team.*.help",
        company: &["team"],
        idle: |it, name, _| {
            let helps =
                |team: &TeamTable| team.when_held.as_ref().is_some_and(|it| it.contains(&Meanwhile::Help));
            it.team.iter().any(|team| team.name == name && !helps(team))
        },
        why: "nobody helps: \"help\" is not in this team's `when_held`",
        remedy: "put it into when_held, or leave `help` out",
    },
    Rule {
        key: "work.*.valued",
        company: &["value"],
        idle: |it, name, _| it.value.is_none() && it.work.get(name).is_some_and(|work| work.valued),
        why: "without [value] nothing is worth anything",
        remedy: "write [value], or extend the preset \"typical\"",
    },
    Rule {
        key: "incidents.severity",
        company: &["value"],
        idle: |it, _, _| it.value.is_none(),
        why: "without [value] nothing is worth anything",
        remedy: "write [value], or extend the preset \"typical\"",
    },
    Rule {
        key: "work.*.decides",
        company: &["decisions"],
        idle: |it, name, _| {
            it.mechanisms.decisions.is_none() && it.work.get(name).is_some_and(|work| work.decides)
        },
        why: "without [decisions] no decision can be wrong",
        remedy: "write [decisions], or extend the preset \"typical\"",
    },
    Rule {
        key: "work.*.backlog_limit",
        company: &["work"],
        idle: |it, name, _| it.work.get(name).is_some_and(|work| !work.waits),
        why: "with waits = false nothing waits that could be limited",
        remedy: "leave one of the two out",
    },
    Rule {
        key: "work.*.patience",
        company: &["work"],
        idle: |it, name, _| it.work.get(name).is_some_and(|work| !work.waits),
        why: "with waits = false nothing waits that could give up",
        remedy: "leave one of the two out",
    },
    Rule {
        key: "work.*.preempts",
        company: &["work"],
        idle: |it, name, _| {
            let Some(work) = it.work.get(name) else { return false };
            !it.work.values().any(|other| other.priority > work.priority)
        },
        why: "no kind of work is less urgent (has a larger `priority`), so there is nothing to take a desk from",
        remedy: "write a smaller priority here, or a larger one at the work that may be set aside",
    },
    Rule {
        key: "work.*.items",
        company: &["work"],
        idle: |it, name, _| {
            let never = |work: &crate::tables::WorkTable| match work.arrivals {
                ArrivalsTable::None => work.backlog == 0,
                ArrivalsTable::After(_) => true,
                _ => false,
            };
            it.work.get(name).is_some_and(never)
        },
        why: "nothing of this kind arrives that could bring several items",
        remedy: "give it arrivals, or write `count` in `arrivals.after`",
    },
    Rule {
        key: "work.*.effort.*",
        company: &["work"],
        idle: |it, name, value| {
            let Some(work) = it.work.get(name) else { return false };
            let passed = |stage: &str| work.route.iter().any(|step| stages_of(step).contains(&stage));
            value.table().is_some_and(|table| table.keys().any(|stage| !passed(stage)))
        },
        why: "a stage named here is not on its route",
        remedy: "put the stage on the route, or leave its effort out",
    },
    Rule {
        key: "stage.*.effort",
        company: &["stage"],
        idle: |it, name, _| it.stage.get(name).is_some_and(nobody_works),
        why: "nobody works at this stage whose time it could take",
        remedy: "leave it out; a machine takes `run`, an approver `hearing`, a board `takes`",
    },
    Rule {
        key: "stage.*.effort_share",
        company: &["stage"],
        idle: |it, name, _| it.stage.get(name).is_some_and(|stage| nobody_works(stage) || has_train(stage)),
        why: "nobody works at this stage on single items",
        remedy: "leave it out; a train's departure takes `effort`",
    },
    Rule {
        key: "stage.*.code",
        company: &["stage"],
        idle: |it, name, _| it.stage.get(name).is_some_and(|stage| stage.code && stage.team.is_none()),
        why: "code is written where a team works, and here none does",
        remedy: "write team = \"own\", or leave it out",
    },
    Rule {
        key: "stage.*.patience",
        company: &["stage", "limit"],
        idle: |it, name, _| it.stage.get(name).is_some_and(|stage| nothing_waits(it, name, stage)),
        why: "nothing ever waits at this stage that could give up",
        remedy: "say how many it serves at once (`runners`), or leave it out",
    },
    Rule {
        key: "team.*.absence",
        company: MOVES_WORK,
        idle: |it, name, _| has_no_work(it, name) && is_never_called(it),
        why: "these people never have any work from which they could be away",
        remedy: "put a stage of theirs on a route, or leave it out",
    },
    Rule {
        key: "team.*.interruptions",
        company: MOVES_WORK,
        idle: |it, name, _| has_no_work(it, name),
        why: "these people never have any work at which they could be interrupted",
        remedy: "put a stage of theirs on a route, or leave it out",
    },
    Rule {
        key: "team.*.wander",
        company: MOVES_WORK,
        idle: |it, name, _| has_no_work(it, name),
        why: "these people never have any work that could go faster or slower",
        remedy: "put a stage of theirs on a route, or leave it out",
    },
    Rule {
        key: "meetings.each_initiative",
        company: &["work"],
        idle: |it, _, _| it.work.values().all(|work| work.items.is_none() && work.initiative.is_none()),
        why: "no work comes as several items that belong together",
        remedy: "write `initiative` or `items` at the kind of work that does, or leave it out",
    },
    Rule {
        key: "meetings.each_dependency",
        company: &["stage"],
        idle: |it, _, _| it.stage.values().all(|stage| stage.parts.is_none()),
        why: "no stage sends for parts that another team could make",
        remedy: "write `parts` at a stage, or leave it out",
    },
    Rule {
        key: "switching.returns_per_day",
        company: &["switching"],
        idle: |it, _, _| !matches!(it.switching.efficiency, EfficiencyTable::Resumption),
        why: "only efficiency = \"resumption\" asks how often items call their owner back",
        remedy: "write efficiency = \"resumption\", or leave it out",
    },
];

/// What can bring a team work, or call its people.
const MOVES_WORK: &[&str] = &["work", "stage", "board", "approver", "leader", MECHANISMS];

/// Stands for the tables of all mechanisms that say they can.
const MECHANISMS: &str = "*";

fn is_nothing(value: &Node) -> bool {
    value.string().is_some_and(|text| text.trim().trim_end_matches('%').trim() == "0")
}

fn nobody_works(stage: &StageTable) -> bool {
    stage.machine.is_some()
        || stage.parts.is_some()
        || [&stage.gate, &stage.board, &stage.approver, &stage.chain].iter().any(|gate| gate.is_some())
}

fn has_train(stage: &StageTable) -> bool {
    stage.release.as_ref().is_some_and(|release| release.train.is_some())
}

/// Remarks on what does nothing.
pub(super) fn remark(study: &Study, problems: &mut Diagnostics) {
    let changed: Vec<&str> = study
        .timelines
        .iter()
        .flat_map(|timeline| &timeline.changes)
        .map(|(_, path, _)| path.as_str())
        .collect();
    let touched = |root: &str| {
        changed.iter().any(|path| *path == "organisation" || path.split('.').next() == Some(root))
    };
    let moved = || mechanisms::MOVES_WORK.iter().any(|(key, moves)| *moves && touched(key));
    let is_open = |root: &&str| if *root == MECHANISMS { moved() } else { touched(root) };
    for rule in RULES.iter().filter(|rule| !rule.company.iter().any(is_open)) {
        for (name, node) in written_here(&study.document, rule.key) {
            if (rule.idle)(&study.scenario, &name, node) {
                let message = format!("this does nothing: {}", rule.why);
                problems.push(Diagnostic::warning(message).at(&node.place).with_help(rule.remedy));
            }
        }
    }
    unused(study, problems);
    never_so_many(study, problems);
    unlit(study, problems);
    late(study, problems);
}

/// Policies that bring failures that no change causes where incidents are there already: their stream begins when the
/// mechanism does, so that nothing would come of it.
fn unlit(study: &Study, problems: &mut Diagnostics) {
    let has = |plan: &CompiledPlan| plan.params.incidents.as_ref().map(|it| it.ambient.is_some());
    let past = &study.timelines[0].phases[0].1;
    for timeline in study.timelines.iter().filter(|timeline| !timeline.own_past) {
        let plans = || timeline.phases.iter().map(|(_, plan)| plan);
        let mut steps = std::iter::once(past).chain(plans()).zip(plans());
        if steps.any(|(from, to)| (has(from), has(to)) == (Some(false), Some(true)) && from.leads_to(to)) {
            let message = format!(
                "`incidents.ambient` of policy `{}` has no effect: such failures come only where the scenario has them from \
                 the beginning",
                timeline.name
            );
            problems
                .warning(format!("policy.{}", timeline.name), message)
                .help("write incidents.ambient with chance = \"0%\" in the scenario, and let the policy set the chance");
        }
    }
    study.document.locate_all(problems);
}

/// Values at a key that the scenario's own file or the command line says, with the name that its `*` stands for.
fn written_here<'a>(document: &'a Document, key: &str) -> Vec<(String, &'a Node)> {
    let key = key.strip_suffix(".*").unwrap_or(key);
    let Ok(path) = key.parse::<Path>() else { return Vec::new() };
    let found = document.get(&path).into_iter().filter(|(_, node)| is_own(document, node));
    found
        .map(|(path, node)| (path.segments().get(1).map(ToString::to_string).unwrap_or_default(), node))
        .collect()
}

/// Whether a value stands in the scenario's own file or on the command line, and not in what it extends.
fn is_own(document: &Document, node: &Node) -> bool {
    let (own, other) = (document.root.place.source, node.place.source);
    other == own || other.number() > own.number() + document.extends.len()
}

/// Stages that nothing passes and gates that nothing asks, under any policy.
fn unused(study: &Study, problems: &mut Diagnostics) {
    let plans = || study.timelines.iter().flat_map(|timeline| timeline.phases.iter().map(|(_, plan)| plan));
    let mut remark = |table: &str, name: &str, why: &str, remedy: &str| {
        let path = Path::default().join(table).join(name);
        for (_, node) in
            study.document.get(&path).into_iter().filter(|(_, node)| is_own(&study.document, node))
        {
            let message = format!("`{path}` does nothing: {why}");
            problems.push(Diagnostic::warning(message).at(&node.place).with_help(remedy));
        }
    };
    for stage in study.scenario.stage.keys() {
        let named = |plan: &CompiledPlan| {
            let passed = plan.kinds.iter().flat_map(|kind| &kind.route).any(|step| {
                crate::compile::targets(step).iter().any(|(at, _)| plan.stages[at.at()].name == *stage)
            });
            let limited = study.scenario.limit.values().any(|limit| limit.stages.contains(stage));
            passed || limited
        };
        if !plans().any(named) {
            remark("stage", stage, "no kind of work passes it", "put it on a route, or leave it out");
        }
    }
    unasked(study, problems);
}

/// Gates that nothing asks, and what is approved in advance where only a chain asks.
fn unasked(study: &Study, problems: &mut Diagnostics) {
    let scenario = &study.scenario;
    let gates = [
        ("board", scenario.board.keys().collect::<Vec<_>>()),
        ("approver", scenario.approver.keys().collect()),
        ("chain", scenario.chain.keys().collect()),
    ];
    for (table, names) in gates {
        for name in names {
            let path = Path::default().join(table).join(name.as_str());
            let mut remark = |path: &Path, why: &str, remedy: &str| {
                let found = study.document.get(path).into_iter();
                for (_, node) in found.filter(|(_, node)| is_own(&study.document, node)) {
                    let message = format!("`{path}` does nothing: {why}");
                    problems.push(Diagnostic::warning(message).at(&node.place).with_help(remedy));
                }
            };
            let plans =
                || study.timelines.iter().flat_map(|timeline| timeline.phases.iter().map(|(_, plan)| plan));
            let (alone, in_chain) =
                (plans().any(|plan| asks(plan, name)), plans().any(|plan| chains(plan, name)));
            if !alone && !in_chain {
                let remedy = "name it at a stage (gate = …), or leave it out";
                remark(&path, "no stage and no chain asks it", remedy);
            } else if !alone && table != "chain" {
                let why =
                    "a member of a chain is always asked; only what the chain says is approved in advance";
                remark(&path.join("automatic"), why, "write automatic in [chain.NAME]");
            }
        }
    }
}

fn gates_of(plan: &CompiledPlan) -> &[Gate] {
    plan.params.approval.as_ref().map_or(&[], |approval| approval.gates.as_slice())
}

/// Whether a stage asks the gate of this name itself.
fn asks(plan: &CompiledPlan, name: &str) -> bool {
    let named = |at: GateId| gates_of(plan)[at.at()].name == name;
    plan.stages.iter().any(|stage| matches!(stage.holder, Holder::Gate(Some(at)) if named(at)))
}

/// Whether a chain asks it, or sends to it what has waited too long.
fn chains(plan: &CompiledPlan, name: &str) -> bool {
    let named = |at: GateId| gates_of(plan)[at.at()].name == name;
    gates_of(plan).iter().any(|gate| match &gate.sort {
        GateSort::Chain(chain) => {
            chain.members.iter().any(|at| named(*at)) || gate.sort.escalates_to().is_some_and(named)
        }
        _ => false,
    })
}

/// Dates after the horizon.
fn late(study: &Study, problems: &mut Diagnostics) {
    for timeline in &study.timelines {
        for (after, _) in timeline.phases.iter().filter(|(after, _)| *after >= study.horizon && after.0 > 0) {
            let days = after.hours() / study.scenario.clock.hours_per_day;
            let message =
                format!("a change {days:.0} days after the fork comes after the horizon, and never acts");
            let path = Path::default().join("policy").join(timeline.name.as_str()).join("after").to_string();
            problems.warning(path, message).help("date it earlier, or lengthen the horizon");
        }
    }
    for (at, team) in study.scenario.team.iter().enumerate() {
        for (nth, leave) in team.leaves.iter().enumerate() {
            if leave.at.hours(&study.scenario.clock) >= study.horizon.hours() {
                let message = format!("{} is after the horizon: nobody leaves", leave.at);
                let path = format!("team.{at}.leaves.{nth}.at");
                problems.warning(path, message).help("date it earlier, or lengthen the horizon");
            }
        }
    }
    study.document.locate_all(problems);
}
