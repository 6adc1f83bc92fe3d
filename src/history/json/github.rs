//! GitHub's issues and pull requests: what `gh … --json` prints, and what its REST interface answers.

use super::Json;
use crate::raw::{Batch, RawItem, fingerprint, label};

/// Lengths at which lists end when nobody asked for more.
const DEFAULT_LIMITS: [usize; 3] = [30, 100, 1000];

pub fn read(mut batch: Batch, all: &[&Json]) -> Batch {
    if DEFAULT_LIMITS.contains(&all.len()) {
        batch.counts.cut_list = Some(format!(
            "the list has exactly {} entries, where GitHub stops unless asked for more: export again with `-L 100000` \
             (REST: with --paginate)",
            all.len()
        ));
    }
    for (at, one) in all.iter().enumerate() {
        batch.counts.rows += 1;
        let item = item(&mut batch, one, at + 1);
        match item.created.or(item.finished) {
            Some(_) => batch.items.push(item),
            None => batch.counts.empty_rows += 1,
        }
    }
    batch
}

fn item(batch: &mut Batch, one: &Json, number: usize) -> RawItem {
    let mut date = |value: &Json, name: &str| batch.date(&value.text(), number, name);
    let merged = match one.any(&["mergedAt", "merged_at"]) {
        Json::Null => one.get("pull_request").get("merged_at"),
        value => value,
    };
    let state = one.get("state").text().to_lowercase();
    let is_request =
        ["mergedAt", "merged_at", "pull_request", "isDraft", "draft"].iter().any(|name| one.has(name));
    let created = date(one.any(&["createdAt", "created_at"]), "created");
    let merged = date(merged, "merged");
    let closed = date(one.any(&["closedAt", "closed_at"]), "closed");
    date(one.any(&["updatedAt", "updated_at"]), "updated");
    let reason = one.any(&["stateReason", "state_reason"]).text().to_lowercase();
    let is_abandoned =
        if is_request { merged.is_none() } else { ["not_planned", "duplicate"].contains(&reason.as_str()) };
    let is_closed =
        merged.is_some() || state == "closed" || state == "merged" || (state.is_empty() && closed.is_some());
    let is_draft = one.any(&["isDraft", "draft"]).is_true();
    let status = match (is_closed, is_abandoned) {
        (true, true) if is_request => "closed unmerged",
        (true, true) => "closed as not planned",
        (true, false) if is_request => "merged",
        (true, false) => "closed",
        (false, _) if is_draft => "draft",
        (false, _) => "open",
    };
    let who = assignee(one);
    RawItem {
        key: one.get("number").text(),
        kind: kind(one, is_request),
        status: status.to_owned(),
        resolution: if is_closed { if is_abandoned { "dropped" } else { "done" } } else { "" }.to_owned(),
        created,
        finished: if is_closed && !is_abandoned { merged.or(closed) } else { None },
        dropped: if is_closed && is_abandoned { closed } else { None },
        parent: one.get("parent").get("number").text(),
        person: Some(who).filter(|who| !who.is_empty()).map(|who| fingerprint(who.as_bytes())),
        ..RawItem::default()
    }
}

/// Who works on it, for counting: an assignee, else who opened a pull request.
fn assignee(one: &Json) -> String {
    let assigned = one.get("assignees").list().first().map(|who| who.any(&["id", "login"]).text());
    assigned.unwrap_or_else(|| one.any(&["author", "user"]).any(&["id", "login"]).text())
}

fn kind(one: &Json, is_request: bool) -> String {
    let author = one.any(&["author", "user"]);
    if author.get("is_bot").is_true() || author.get("type").text() == "Bot" {
        return "bot".to_owned();
    }
    if is_request {
        return "pull request".to_owned();
    }
    let typed = label(&one.any(&["issueType", "type"]).get("name").text());
    if !typed.is_empty() {
        return typed;
    }
    // Labels are people's own words: only what is on this list is taken from them.
    let labels: Vec<String> =
        one.get("labels").list().iter().map(|label| label.get("name").text().to_lowercase()).collect();
    let known = [
        ("incident", "incident"),
        ("outage", "incident"),
        ("bug", "bug"),
        ("enhancement", "feature"),
        ("feature", "feature"),
    ];
    let found = known.iter().find(|(word, _)| labels.iter().any(|label| label.contains(word)));
    found.map_or("issue", |(_, kind)| kind).to_owned()
}
