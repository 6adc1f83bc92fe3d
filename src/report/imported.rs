//! The files of an import: items, moves, deployments, incidents, and how many people there were.

use super::csv::{Sheet, safe};
use history::history::History;
use history::when::When;

/// `items.csv`.
pub fn items(history: &History) -> Vec<u8> {
    let head =
        ["id", "kind", "team", "created", "started", "finished", "resolution", "status", "parent", "key"];
    let mut sheet = Sheet::new(head);
    let date = |when: Option<When>| when.map_or_else(String::new, |when| when.written(&history.zone));
    for item in &history.items {
        sheet.row([
            item.id.to_string(),
            safe(&item.kind),
            safe(&item.team),
            date(item.created),
            date(item.started),
            date(item.finished),
            item.outcome.word().to_owned(),
            safe(&item.status),
            item.parent.map_or_else(String::new, |parent| parent.to_string()),
            item.key.clone(),
        ]);
    }
    sheet.bytes()
}

/// `moves.csv`.
pub fn moves(history: &History) -> Vec<u8> {
    let mut sheet = Sheet::new(["id", "at", "from", "to"]);
    for one in &history.moves {
        sheet.row([one.item.to_string(), one.at.written(&history.zone), safe(&one.from), safe(&one.to)]);
    }
    sheet.bytes()
}

/// `deployments.csv`; whether it succeeded is empty where nobody says.
pub fn deployments(history: &History) -> Vec<u8> {
    let mut sheet = Sheet::new(["at", "succeeded"]);
    for one in &history.deployments {
        let succeeded = one.succeeded.map_or_else(String::new, |succeeded| succeeded.to_string());
        sheet.row([one.at.written(&history.zone), succeeded]);
    }
    sheet.bytes()
}

/// `incidents.csv`.
pub fn incidents(history: &History) -> Vec<u8> {
    let mut sheet = Sheet::new(["started", "ended", "deployment_at"]);
    let date = |when: Option<When>| when.map_or_else(String::new, |when| when.written(&history.zone));
    for one in &history.incidents {
        sheet.row([one.started.written(&history.zone), date(one.ended), date(one.deployment_at)]);
    }
    sheet.bytes()
}

/// `people.csv`: how many different people had an item that began, moved or ended in the week from this Monday.
pub fn people(history: &History) -> Vec<u8> {
    let mut sheet = Sheet::new(["week", "people"]);
    for (week, count) in &history.people {
        sheet.row([week.to_string(), count.to_string()]);
    }
    sheet.bytes()
}
