//! An organisation in words, for whoever has not read its scenario.

use scenario::tables::Scenario;

/// "2 teams of 6 and 7 engineers; code → review → deploy; a board (architecture, every week)".
pub fn described(scenario: &Scenario) -> String {
    let mut parts = vec![teams(scenario), work(scenario)];
    parts.extend(approvals(scenario));
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

fn teams(scenario: &Scenario) -> String {
    let mut sizes: Vec<u32> = scenario.team.iter().map(|team| team.engineers).collect();
    sizes.sort_unstable();
    match sizes.as_slice() {
        [] => String::new(),
        [one] => format!("one team of {}", people(*one)),
        [least, .., most] if least == most => format!("{} teams of {} each", sizes.len(), people(*most)),
        [least, .., most] => format!("{} teams of {least} to {}", sizes.len(), people(*most)),
    }
}

fn people(count: u32) -> String {
    if count == 1 { "1 engineer".to_owned() } else { format!("{count} engineers") }
}

fn work(scenario: &Scenario) -> String {
    let kinds: Vec<&str> = scenario.work.keys().map(String::as_str).collect();
    let stages = scenario.stage.len();
    match (kinds.len(), stages) {
        (0, _) => String::new(),
        (1, 1) => format!("one kind of work ({}) in one stage", kinds[0]),
        (1, _) => format!("one kind of work ({}) in {stages} stages", kinds[0]),
        (all, 1) => format!("{all} kinds of work ({}) in one stage", kinds.join(", ")),
        (all, _) => format!("{all} kinds of work ({}) in {stages} stages", kinds.join(", ")),
    }
}

/// Who approves: boards and approvers that a stage sends work to.
fn approvals(scenario: &Scenario) -> Option<String> {
    // "every week", and "every 2 weeks".
    let boards = scenario.board.iter().map(|(name, board)| {
        let every = board.meets.every.to_string();
        format!("{name}, every {}", every.strip_prefix("1 ").unwrap_or(&every))
    });
    let boards: Vec<String> = boards.collect();
    let approvers: Vec<String> = scenario.approver.keys().cloned().collect();
    let named = |one: &str, many: &str, names: &[String]| match names.len() {
        0 => None,
        1 => Some(format!("{one} that approves ({})", names[0])),
        all => Some(format!("{all} {many} that approve ({})", names.join(", "))),
    };
    let said: Vec<String> =
        [named("a board", "boards", &boards), named("an approver", "approvers", &approvers)]
            .into_iter()
            .flatten()
            .collect();
    (!said.is_empty()).then(|| said.join(" and "))
}
