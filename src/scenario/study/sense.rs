//! Sense: what a scenario says that can be simulated, and is still not what anybody means.

use super::Study;
use crate::diagnostic::Diagnostics;
use crate::model::mechanisms::approval::GateSort;
use crate::scenario::{Document, PolicyText};
use serde_json::Value as Json;

/// Who sees what is wrong in an item has read it: that takes somebody's time. Told of what somebody writes, with the
/// policy's name; organisations that are drawn are not asked.
pub(super) fn boards_are_attended(study: &Study, problems: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    let mut said: Vec<&str> = Vec::new();
    for course in &study.courses {
        let gates = course.phases.iter().filter_map(|(_, plan)| plan.params.approval.as_ref());
        for gate in gates.flat_map(|approval| &approval.gates) {
            let GateSort::Board(board) = &gate.sort else { continue };
            let sees = gate.corrects > 0.0 || gate.catches > 0.0;
            let is_read = board.attends > 0 && board.hours_each > 0.0;
            if !sees || is_read || said.contains(&gate.name.as_str()) {
                continue;
            }
            said.push(&gate.name);
            let chance = if gate.corrects > 0.0 { "corrects" } else { "catches" };
            let message = format!(
                "nobody reads what this board hears (policy `{}`), so it can't see what is wrong",
                course.name
            );
            found
                .error(format!("board.{}.{chance}", gate.name), message)
                .help(format!("write attends = 1 and takes = \"15 minutes\", or {chance} = \"0%\""));
        }
    }
    study.document.locate_all(&mut found);
    problems.append(found);
}

/// Warns of policies that set only what the baseline has anyway.
pub(super) fn warn_of_idle(
    document: &Document,
    texts: &[PolicyText],
    schema: &Json,
    problems: &mut Diagnostics,
) {
    let after = |text: &PolicyText| -> Option<Vec<String>> {
        let mut document = document.clone();
        let mut texts = vec![document.canonical()];
        for phase in &text.phases {
            if phase.organisation.is_some() {
                return None;
            }
            for change in &phase.changes {
                document.apply(change, schema).ok()?;
            }
            match phase.after {
                None => texts = vec![document.canonical()],
                Some(_) => texts.push(document.canonical()),
            }
        }
        texts.dedup();
        Some(texts)
    };
    let baseline = texts.iter().find(|text| text.baseline);
    let baseline = baseline.map_or(Some(vec![document.canonical()]), after);
    let others = texts.iter().filter(|text| !text.baseline && !text.own_past);
    for text in others.filter(|text| baseline.is_some() && after(text) == baseline) {
        let message = format!("policy `{}` changes nothing: the baseline has all that it sets", text.name);
        problems.warning(format!("policy.{}", text.name), message);
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
        let text = format!("{TEAM}{more}");
        let problems = match Study::from_text("test", text.as_bytes(), ".".into(), &Amendments::default()) {
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
