//! Jira's issues with their changelog.

use super::Json;
use crate::raw::{Batch, RawItem, RawMove, fingerprint, label};

pub fn read(mut batch: Batch, issues: &[&Json]) -> Batch {
    for (at, issue) in issues.iter().enumerate() {
        let number = at + 1;
        let fields = issue.get("fields");
        batch.counts.rows += 1;
        let name = |field: &str| label(&fields.get(field).get("name").text());
        let mut date = |field: &str| batch.date(&fields.get(field).text(), number, field);
        let assignee = fields.get("assignee").any(&["accountId", "key", "name"]).text();
        let mut item = RawItem {
            created: date("created"),
            finished: date("resolutiondate"),
            key: issue.get("key").text(),
            kind: name("issuetype"),
            team: label(&fields.get("project").get("key").text()),
            status: name("status"),
            category: label(&fields.get("status").get("statusCategory").any(&["key", "name"]).text()),
            resolution: name("resolution"),
            parent: fields.get("parent").get("key").text(),
            person: Some(assignee).filter(|who| !who.is_empty()).map(|who| fingerprint(who.as_bytes())),
            ..RawItem::default()
        };
        date("updated");
        moves(&mut batch, issue, number, &mut item);
        match item.created {
            Some(_) => batch.items.push(item),
            None => batch.counts.empty_rows += 1,
        }
    }
    batch
}

fn moves(batch: &mut Batch, issue: &Json, number: usize, item: &mut RawItem) {
    let changelog = issue.get("changelog");
    let histories = changelog.get("histories").list();
    let total = changelog.get("total").number().unwrap_or(0.0);
    let is_whole = issue.has("changelog") && total <= histories.len() as f64;
    if issue.has("changelog") && !is_whole {
        batch.counts.cut_histories += 1;
    }
    item.has_all_moves = is_whole;
    for history in histories {
        let changes =
            history.get("items").list().iter().filter(|change| change.get("field").text() == "status");
        for change in changes {
            let Some(at) = batch.date(&history.get("created").text(), number, "changelog") else { continue };
            let (from, to) = (label(&change.get("fromString").text()), label(&change.get("toString").text()));
            item.moves.push(RawMove { at, from, to });
        }
    }
}
