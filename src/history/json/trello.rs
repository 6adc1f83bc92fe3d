//! A Trello board: cards, lists, and the newest thousand actions.

use super::Json;
use crate::dates::Written;
use crate::raw::{Batch, RawItem, RawMove, fingerprint, label};
use crate::words::{Meaning, meaning_of};
use std::collections::BTreeMap;

/// Trello exports no more actions than these.
const MOST_ACTIONS: usize = 1000;

pub fn read(mut batch: Batch, board: &Json) -> Batch {
    let lists: BTreeMap<String, String> = board
        .get("lists")
        .list()
        .iter()
        .map(|list| (list.get("id").text(), label(&list.get("name").text())))
        .collect();
    let actions = board.get("actions").list();
    let is_cut = actions.len() >= MOST_ACTIONS;
    if is_cut {
        batch.counts.cut_list = Some(format!(
            "the export has {} actions, and Trello gives only the newest {MOST_ACTIONS}: earlier moves are unknown",
            actions.len()
        ));
    }
    let mut moves: BTreeMap<String, Vec<RawMove>> = BTreeMap::new();
    let mut archived: BTreeMap<String, Written> = BTreeMap::new();
    for (at, action) in actions.iter().enumerate() {
        let Some(date) = batch.date(&action.get("date").text(), at + 1, "action") else { continue };
        let data = action.get("data");
        let card = data.get("card").get("id").text();
        let name = |field: &str| label(&data.get(field).get("name").text());
        if data.has("listAfter") {
            moves.entry(card).or_default().push(RawMove {
                at: date,
                from: name("listBefore"),
                to: name("listAfter"),
            });
        } else if data.get("old").has("closed") && data.get("card").get("closed").is_true() {
            archived.insert(card, date);
        }
    }
    for (at, card) in board.get("cards").list().iter().enumerate() {
        batch.counts.rows += 1;
        let id = card.get("id").text();
        let Some(created) = created(&id).and_then(|date| batch.date(&date, at + 1, "id")) else {
            batch.counts.empty_rows += 1;
            continue;
        };
        let status = lists.get(&card.get("idList").text()).cloned().unwrap_or_default();
        let is_archived = card.get("closed").is_true() && meaning_of(&status) != Meaning::Done;
        batch.date(&card.get("dateLastActivity").text(), at + 1, "dateLastActivity");
        let who = card.get("idMembers").list().first().map(Json::text).filter(|who| !who.is_empty());
        let own = moves.remove(&id).unwrap_or_default();
        batch.items.push(RawItem {
            created: Some(created),
            dropped: archived.get(&id).copied().filter(|_| is_archived),
            resolution: if is_archived { "dropped" } else { "" }.to_owned(),
            status: if is_archived { "archived".to_owned() } else { status },
            moves: own,
            has_all_moves: !is_cut,
            key: id,
            person: who.map(|who| fingerprint(who.as_bytes())),
            ..RawItem::default()
        });
    }
    batch
}

/// A card's identifier begins with the second in which it was made, in hexadecimal.
fn created(id: &str) -> Option<String> {
    let seconds = i64::from_str_radix(id.get(..8)?, 16).ok()?;
    let at = jiff::Timestamp::from_second(seconds).ok()?;
    Some(at.to_string())
}
