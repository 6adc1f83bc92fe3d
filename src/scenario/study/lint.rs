//! Sense: what a scenario says that can be simulated, and is still not what anybody means.

use super::{Study, simulated};
use crate::path::Segment;
use crate::{Document, PolicyText};
use kernel::units::KindId;
use model::compiled_plan::CompiledPlan;
use model::mechanisms::approval::{Gate, GateSort};
use model::plan::{Effort, Step};
use notation::diagnostic::Diagnostics;
use serde_json::Value as Json;
use std::hash::{Hash, Hasher};

/// Who sees what is wrong in an item has read it: that takes somebody's time. Told of what somebody writes, with the
/// policy's name; organisations that are drawn are not asked.
pub(super) fn gates_take_time(study: &Study, problems: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    let mut said: Vec<&str> = Vec::new();
    for timeline in &study.timelines {
        for plan in timeline.phases.iter().map(|(_, plan)| plan) {
            let gates = plan.params.approval.iter().flat_map(|approval| &approval.gates);
            for gate in gates.filter(|gate| gate.corrects > 0.0 || gate.catches > 0.0) {
                let Some((table, message, remedy)) = unread(gate, plan, study) else { continue };
                if said.contains(&gate.name.as_str()) {
                    continue;
                }
                said.push(&gate.name);
                let chance = if gate.corrects > 0.0 { "corrects" } else { "catches" };
                let message =
                    format!("{message} (policy `{}`), so it cannot see what is wrong", timeline.name);
                found
                    .error(format!("{table}.{}.{chance}", gate.name), message)
                    .help(format!("write {remedy}, or {chance} = \"0%\""));
            }
        }
    }
    study.document.locate_all(&mut found);
    problems.append(found);
}

/// The table of a gate before which nothing is read, with what is wrong and what to write.
fn unread(
    gate: &Gate,
    plan: &CompiledPlan,
    study: &Study,
) -> Option<(&'static str, &'static str, &'static str)> {
    match &gate.sort {
        GateSort::Board(board) if board.attends == 0 || board.hours_each <= 0.0 => {
            Some(("board", "nobody reads what this board hears", "attends = 1 and takes = \"15 minutes\""))
        }
        GateSort::Approver(approver) if takes_no_time(approver.hearing, plan) => {
            let table = if study.scenario.leader.contains_key(&gate.name) { "leader" } else { "approver" };
            Some((table, "a hearing here takes no time", "hearing = \"15 minutes\""))
        }
        _ => None,
    }
}

/// Whether no stage of a hearing's route asks for any work.
fn takes_no_time(hearing: KindId, plan: &CompiledPlan) -> bool {
    plan.kinds[hearing.at()].route.iter().all(|step| match step {
        Step::Stage(stage) => match &plan.stages[stage.at()].effort[hearing.at()] {
            Effort::Drawn(distribution) => distribution.mean() <= 0.0,
            Effort::ShareOfSize(share) => *share <= 0.0,
        },
        Step::Maybe(..) | Step::OneOf(_) => false,
    })
}

/// A number that is the same for documents that say the same; thousands of dates need not each keep a whole text.
fn print(document: &Document) -> u64 {
    let mut hasher = std::collections::hash_map::DefaultHasher::new();
    document.canonical().hash(&mut hasher);
    hasher.finish()
}

/// Warns of policies that set only what the baseline has anyway.
pub(super) fn warn_of_idle(
    document: &Document,
    texts: &[PolicyText],
    schema: &Json,
    problems: &mut Diagnostics,
) {
    let document = &simulated(document);
    let after = |text: &PolicyText| -> Option<Vec<u64>> {
        let mut document = document.clone();
        let mut texts = vec![print(&document)];
        for phase in &text.phases {
            if phase.organisation.is_some() {
                return None;
            }
            for change in &phase.changes {
                document.apply(change, schema).ok()?;
            }
            match phase.after {
                None => texts = vec![print(&document)],
                Some(_) => texts.push(print(&document)),
            }
        }
        texts.dedup();
        Some(texts)
    };
    let baseline = texts.iter().find(|text| text.baseline);
    let baseline = baseline.map_or(Some(vec![print(document)]), after);
    let others = texts.iter().filter(|text| !text.baseline && !text.own_past);
    for text in others.filter(|text| baseline.is_some() && after(text) == baseline) {
        let message = format!("policy `{}` changes nothing: the baseline has all that it sets", text.name);
        problems.warning(format!("policy.{}", text.name), message);
    }
}

/// What of a team is settled when somebody is taken on: people who are there already keep it.
const OF_PEOPLE: [&str; 2] = ["part_time", "skill"];

/// Warns of policies that change what people are at a time when most are there already.
pub(super) fn warn_of_late(texts: &[PolicyText], problems: &mut Diagnostics) {
    for text in texts.iter().filter(|text| !text.baseline && !text.own_past) {
        let changes = text.phases.iter().flat_map(|phase| &phase.changes);
        for change in changes {
            let [Segment::Name(table), _, Segment::Name(key), ..] = change.path.segments() else { continue };
            if table == "team" && OF_PEOPLE.contains(&key.as_str()) {
                let message = format!(
                    "policy `{}` sets {key} of people, which those who are there at the fork keep: only who joins later has it",
                    text.name
                );
                problems
                    .warning(format!("policy.{}", text.name), message)
                    .help("write past = \"own\" in the policy, so that its people are so from the start");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Amendments;
    use super::*;

    const TEAM: &str =
        "extends = \"typical\"\nhorizon = \"4 weeks\"\n[[team]]\nname = \"dev\"\nengineers = 5\n";

    /// What is said of a scenario, errors and warnings.
    fn said(more: &str) -> Vec<String> {
        said_with(&[], more)
    }

    /// The same with these changes of the command line.
    fn said_with(set: &[&str], more: &str) -> Vec<String> {
        let text = format!("{TEAM}{more}");
        let amendments = Amendments {
            set: set.iter().map(|change| (*change).to_owned()).collect(),
            ..Amendments::default()
        };
        let problems = match Study::from_text("test", text.as_bytes(), ".".into(), &amendments) {
            Ok((study, _)) => study.warnings,
            Err(refusal) => refusal.problems,
        };
        problems.iter().map(|problem| problem.message.clone()).collect()
    }

    #[test]
    fn a_board_that_nobody_attends_sees_nothing() {
        for unread in ["attends = 0", "takes = \"0 minutes\""] {
            let said = said(&format!("[board.architecture]\n{unread}\n"));
            assert!(said.len() == 1 && said[0].contains("nobody reads"), "{said:?}");
        }
        assert!(said("[board.architecture]\nattends = 0\ncorrects = \"0%\"\n").is_empty());
        let policy = said("[policy.a]\n\"board.architecture.attends\" = 0\n");
        assert!(policy.len() == 1 && policy[0].contains("`a`"), "{policy:?}");
    }

    #[test]
    fn an_approver_who_takes_no_time_sees_nothing() {
        let approver = |hearing: &str, sees: &str| {
            let table =
                format!("[approver.head]\nhours_per_week = 10\nhearing = {hearing}\n{sees} = \"50%\"\n");
            said(&format!("{table}[stage.approve]\ngate = \"head\"\n"))
        };
        for sees in ["catches", "corrects"] {
            let said = approver("\"0 hours\"", sees);
            assert!(said.len() == 1 && said[0].contains("takes no time"), "{said:?}");
        }
        assert!(approver("\"1 hour\"", "catches").is_empty());
    }

    #[test]
    fn failures_need_incidents() {
        let bare = TEAM.replace("typical", "bare");
        let text = format!(
            "{bare}[work.x]\narrivals = {{ poisson = \"1/day\" }}\nroute = [\"b\"]\n[stage.b]\nteam = \"dev\"\neffort = \"1 hour\"\n[failure]\nbase = \"5%\"\n"
        );
        let read = Study::from_text("test", text.as_bytes(), ".".into(), &Amendments::default());
        let problems = read.expect_err("refused").problems;
        assert!(problems.iter().any(|problem| problem.message.contains("no [incidents]")));
    }

    #[test]
    fn a_policy_that_comes_too_late_for_people_is_remarked_on() {
        let policy = |past: &str, key: &str| said(&format!("[policy.then]\n{past}\"team.dev.{key}\n"));
        for key in ["part_time\" = []", "skill\" = 2"] {
            let late = policy("", key);
            assert!(late.iter().any(|said| said.contains("there at the fork")), "{key}: {late:?}");
            let early = policy("past = \"own\"\n", key);
            assert!(!early.iter().any(|said| said.contains("there at the fork")), "{key}: {early:?}");
        }
        assert!(policy("", "order\" = \"value\"").iter().all(|said| !said.contains("at the fork")));
    }

    #[test]
    fn failures_that_a_policy_brings_where_incidents_are_there_already_are_remarked_on() {
        let ambient = "{ gaps = { exponential = \"5 days\" }, chance = \"50%\", debt = 0 }\n";
        let policy = |set: &[&str], past: &str| {
            said_with(set, &format!("[policy.then]\n{past}\"incidents.ambient\" = {ambient}"))
        };
        let without = ["incidents.ambient="];
        let idle = policy(&without, "");
        assert!(idle.len() == 1 && idle[0].contains("of policy `then` has no effect"), "{idle:?}");
        assert!(policy(&without, "past = \"own\"\n").is_empty(), "with a past of its own they begin with it");
        assert!(policy(&[], "").is_empty(), "the preset has them from the beginning");
    }

    #[test]
    fn a_policy_that_sets_what_the_baseline_has_is_remarked_on() {
        let order = |order: &str| format!("\"team.*.order\" = \"{order}\"\n");
        let two = |base: &str, other: &str| {
            said(&format!("[policy.now]\nbaseline = true\n{}[policy.then]\n{}", order(base), order(other)))
        };
        let idle = two("cd3", "cd3");
        assert!(idle.len() == 1 && idle[0].contains("`then` changes nothing"), "{idle:?}");
        assert!(two("first-come", "value").is_empty());
        assert!(said(&format!("[policy.then]\n{}", order("first-come"))).is_empty());
        assert_eq!(said(&format!("[policy.then]\n{}", order("value"))).len(), 1, "the preset's own order");
        let later = "[policy.then]\nafter.\"2 weeks\".\"team.*.order\" = \"cd3\"\n";
        assert!(said(later).is_empty());
    }
}
