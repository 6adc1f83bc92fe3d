//! Deployments and incidents in JSON: GitHub's deployments, releases and workflow runs, PagerDuty, Statuspage.

use super::Json;
use crate::events::succeeded;
use crate::raw::{Batch, ImportError, RawDeployment, RawIncident};

fn text(value: &Json, names: &[&str]) -> String {
    value.any(names).text()
}

/// A deployment counts when its last status says how it ended, at the time of that status.
pub fn deployments(mut batch: Batch, all: &[&Json]) -> Batch {
    let is_production = |one: &Json| one.get("environment").text().to_lowercase().starts_with("prod");
    let has_production = all.iter().any(|one| is_production(one));
    for (at, one) in all.iter().enumerate() {
        batch.counts.rows += 1;
        let number = at + 1;
        if has_production && !is_production(one) {
            batch.counts.leave_out("deployments to other environments than production");
            continue;
        }
        let own = batch.date(&text(one, &["createdAt", "created_at"]), number, "created");
        // The newest status stands first; a later "inactive" says that it had succeeded.
        let statuses = one.get("statuses").list();
        let ends = |status: &&Json| matches!(succeeded(&status.get("state").text()), Some(Some(_)));
        let last = statuses.iter().rev().find(ends).unwrap_or(one.get("latestStatus"));
        let stated = batch.date(&text(last, &["createdAt", "created_at"]), number, "status");
        let state = if last.has("state") { last.get("state").text() } else { one.get("state").text() };
        match (stated.or(own), succeeded(&state)) {
            (None, _) => batch.counts.empty_rows += 1,
            (_, None) => {
                batch.counts.leave_out("deployments that were not carried out (queued, cancelled, …)")
            }
            (Some(at), Some(succeeded)) => batch.deployments.push(RawDeployment { at, succeeded }),
        }
    }
    batch
}

/// A release is a deployment whose end nobody states.
pub fn releases(mut batch: Batch, all: &[&Json]) -> Batch {
    for (at, one) in all.iter().enumerate() {
        batch.counts.rows += 1;
        if one.any(&["isDraft", "draft"]).is_true() || one.any(&["isPrerelease", "prerelease"]).is_true() {
            batch.counts.leave_out("drafts and pre-releases");
            continue;
        }
        match batch.date(&text(one, &["publishedAt", "published_at"]), at + 1, "published") {
            Some(at) => batch.deployments.push(RawDeployment { at, succeeded: None }),
            None => batch.counts.empty_rows += 1,
        }
    }
    batch
}

/// Runs of workflows that deploy, by their names.
///
/// # Errors
/// When no workflow is named like one that deploys.
pub fn runs(mut batch: Batch, all: &[&Json]) -> Result<Batch, ImportError> {
    let deploys = |one: &Json| {
        let name = text(one, &["workflowName", "name"]).to_lowercase();
        ["deploy", "release", "publish", "prod", "ship"].iter().any(|word| name.contains(word))
    };
    let is_named = all.iter().any(|one| !text(one, &["workflowName", "name"]).is_empty());
    if is_named && !all.iter().any(|one| deploys(one)) {
        return Err(ImportError::new(
            "these are workflow runs, and no workflow has deploy, release, publish, prod or ship in its name: which of them \
             deploys? Export that one alone and without its name: gh run list --workflow NAME -L 100000 --json \
             createdAt,updatedAt,conclusion",
        ));
    }
    for (at, one) in all.iter().enumerate() {
        batch.counts.rows += 1;
        if is_named && !deploys(one) {
            batch.counts.leave_out("runs of workflows that are not named like one that deploys");
            continue;
        }
        let ended = batch.date(
            &text(one, &["updatedAt", "updated_at", "createdAt", "created_at"]),
            at + 1,
            "updated",
        );
        match (ended, succeeded(&one.get("conclusion").text())) {
            (None, _) => batch.counts.empty_rows += 1,
            (_, None | Some(None)) => {
                batch.counts.leave_out("deployments that were not carried out (queued, cancelled, …)");
            }
            (Some(at), Some(succeeded)) => batch.deployments.push(RawDeployment { at, succeeded }),
        }
    }
    Ok(batch)
}

/// Incidents of PagerDuty and Statuspage.
pub fn incidents(mut batch: Batch, all: &[&Json]) -> Batch {
    for (at, one) in all.iter().enumerate() {
        batch.counts.rows += 1;
        let number = at + 1;
        if one.get("impact").text() == "maintenance" {
            batch.counts.leave_out("scheduled maintenance");
            continue;
        }
        let started = batch.date(&text(one, &["started_at", "created_at"]), number, "started");
        let entries = one.get("log_entries").list().iter();
        let logged = entries
            .filter(|entry| entry.get("type").text().contains("resolve"))
            .map(|entry| entry.get("created_at").text());
        let updates = one.get("incident_updates").list().iter();
        let posted = updates
            .filter(|update| update.get("status").text() == "resolved")
            .map(|update| update.get("created_at").text());
        let mut ended = text(one, &["resolved_at"]);
        if ended.is_empty() {
            ended = logged.chain(posted).last().unwrap_or_default();
        }
        if ended.is_empty() && one.get("status").text() == "resolved" {
            ended = text(one, &["last_status_change_at"]);
        }
        let ended = batch.date(&ended, number, "resolved");
        match started {
            Some(started) => batch.incidents.push(RawIncident { started, ended, deployment_at: None }),
            None => batch.counts.empty_rows += 1,
        }
    }
    batch
}
