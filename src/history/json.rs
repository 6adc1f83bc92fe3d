//! JSON of trackers, of which only fields on a list are ever kept in memory.

mod events;
mod github;
mod jira;
mod trello;

use crate::raw::{Batch, ImportError, Source, fingerprint};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The fields that are kept. Everything else is skipped as it is read: titles, texts, comments, names, addresses.
const FIELDS: &[&str] = &[
    "accountId",
    "actions",
    "assignee",
    "assignees",
    "author",
    "cards",
    "changelog",
    "closed",
    "closedAt",
    "closed_at",
    "conclusion",
    "created",
    "createdAt",
    "created_at",
    "card",
    "data",
    "date",
    "dateLastActivity",
    "draft",
    "environment",
    "event",
    "field",
    "fields",
    "fromString",
    "histories",
    "id",
    "idList",
    "idMembers",
    "impact",
    "incident_number",
    "incident_updates",
    "incidents",
    "isDraft",
    "isPrerelease",
    "is_bot",
    "issueType",
    "issues",
    "issuetype",
    "items",
    "key",
    "labels",
    "last_status_change_at",
    "latestStatus",
    "list",
    "listAfter",
    "listBefore",
    "lists",
    "log_entries",
    "mergedAt",
    "merged_at",
    "name",
    "number",
    "old",
    "parent",
    "prerelease",
    "project",
    "published_at",
    "publishedAt",
    "pull_request",
    "resolution",
    "resolutiondate",
    "resolved_at",
    "started_at",
    "state",
    "stateReason",
    "state_reason",
    "status",
    "statusCategory",
    "statuses",
    "tagName",
    "tag_name",
    "toString",
    "total",
    "type",
    "updated",
    "updatedAt",
    "updated_at",
    "user",
    "workflowName",
    "workflow_runs",
    "login",
];

/// The longest text that is kept of a field, in bytes.
const LONGEST: usize = 200;

/// The most values that are kept.
const MOST_VALUES: usize = 20_000_000;

/// A value of which only listed fields are left.
#[derive(Clone, Debug, Default)]
pub enum Json {
    #[default]
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

static NOTHING: Json = Json::Null;

impl Json {
    /// A field; null where it is not there.
    pub fn get(&self, name: &str) -> &Json {
        match self {
            Self::Object(fields) => {
                fields.iter().find(|(one, _)| *one == name).map_or(&NOTHING, |(_, value)| value)
            }
            _ => &NOTHING,
        }
    }

    /// The first of these fields that holds anything.
    pub fn any(&self, names: &[&str]) -> &Json {
        names.iter().map(|name| self.get(name)).find(|value| !matches!(value, Json::Null)).unwrap_or(&NOTHING)
    }

    pub fn has(&self, name: &str) -> bool {
        matches!(self, Self::Object(fields) if fields.iter().any(|(one, _)| *one == name))
    }

    /// A text, or a number as one; empty of anything else.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
            _ => String::new(),
        }
    }

    pub fn list(&self) -> &[Json] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    pub fn is_true(&self) -> bool {
        matches!(self, Self::Flag(true))
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

struct Keep<'c>(&'c mut usize);

impl<'de> DeserializeSeed<'de> for Keep<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        *self.0 += 1;
        if *self.0 > MOST_VALUES {
            return Err(serde::de::Error::custom(
                "it has more values than are read: export a shorter period",
            ));
        }
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Keep<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        Ok(Json::Text(text[..end].to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = from.next_element_seed(Keep(self.0))? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut fields: Vec<(&'static str, Json)> = Vec::new();
        while let Some(Field(name)) = from.next_key()? {
            match FIELDS.iter().find(|field| **field == name) {
                Some(field) => {
                    let value = from.next_value_seed(Keep(self.0))?;
                    fields.push((field, value));
                }
                None => {
                    from.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Json::Object(fields))
    }
}

/// The name of a field.
struct Field(String);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Field, D::Error> {
        String::deserialize(from).map(Field)
    }
}

/// All values of a text: one, or several after one another, as pages of an interface are.
fn values(text: &str) -> Result<Vec<Json>, ImportError> {
    let mut count = 0;
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        // A stream of values cannot be read by a seed, so each is cut off by reading it once.
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        let said = |error: serde_json::Error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let why = match error.classify() {
                serde_json::error::Category::Eof => {
                    "it ends too early, as a file does that was not written to its end"
                }
                serde_json::error::Category::Data => {
                    "it has more values than are read: export a shorter period"
                }
                _ => "it is not JSON there",
            };
            ImportError::new(format!("{place}: {why}"))
        };
        match stream.next() {
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(said(error)),
            None => break,
        }
        let end = stream.byte_offset();
        let mut from = serde_json::Deserializer::from_str(&rest[..end]);
        match Keep(&mut count).deserialize(&mut from).map_err(said)? {
            Json::List(list) => found.extend(list),
            value => found.push(value),
        }
        rest = rest[end..].trim_start();
    }
    Ok(found)
}

/// Reads a file of JSON.
///
/// # Errors
/// When it is no JSON, or of no tracker that is known.
pub fn read(file: &str, bytes: &[u8], text: &str) -> Result<Batch, ImportError> {
    let values = values(text)?;
    let print = fingerprint(bytes);
    let Some(first) = values.first() else {
        return Err(ImportError::new("it is an empty list: nothing was exported"));
    };
    let whole =
        |name: &str| -> Vec<&Json> { values.iter().flat_map(|value| value.get(name).list()).collect() };
    let begin = |source| Batch::new(file, source, print);
    if first.has("cards") && first.has("lists") {
        return Ok(trello::read(begin(Source::Trello), first));
    }
    if first.has("issues") || first.has("fields") {
        let issues = if first.has("issues") { whole("issues") } else { values.iter().collect() };
        return Ok(jira::read(begin(Source::JiraJson), &issues));
    }
    if first.has("workflow_runs") || first.has("conclusion") {
        let runs = if first.has("workflow_runs") { whole("workflow_runs") } else { values.iter().collect() };
        return events::runs(begin(Source::GitHubRuns), &runs);
    }
    if first.has("incidents") || first.has("incident_number") || first.has("incident_updates") {
        let all = if first.has("incidents") { whole("incidents") } else { values.iter().collect() };
        let is_pager = all.first().is_some_and(|one| one.has("incident_number"));
        let source = if is_pager { Source::PagerDuty } else { Source::Statuspage };
        return Ok(events::incidents(begin(source), &all));
    }
    let all: Vec<&Json> = values.iter().collect();
    if first.has("tag_name") || first.has("tagName") {
        return Ok(events::releases(begin(Source::GitHubReleases), &all));
    }
    if first.has("environment") {
        return Ok(events::deployments(begin(Source::GitHubDeployments), &all));
    }
    if first.has("createdAt") || first.has("created_at") || first.has("closedAt") || first.has("mergedAt") {
        return Ok(github::read(begin(Source::GitHub), &all));
    }
    Err(ImportError::new(
        "it is JSON of none of the shapes that are known: Jira (issues with fields and changelog), GitHub (gh issue list, \
         gh pr list, gh release list or gh run list with --json, or REST), Trello (a board's export), PagerDuty or Statuspage \
         (incidents)",
    ))
}
