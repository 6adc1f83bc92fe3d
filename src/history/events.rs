//! Deployments and incidents in tables.

use crate::raw::{Batch, Counts, ImportError, RawDeployment, RawIncident, Source, fingerprint};
use crate::sheet::Sheet;
use crate::table::{Chosen, columns};
use crate::words::{DEPLOYMENTS, INCIDENTS, Role, plain_head, roles, word_of};

/// Whether a table is of deployments or of incidents, by its heads and, where these leave it open, by its name.
pub fn kind(file: &str, heads: &[String]) -> Option<Source> {
    let plain: Vec<String> = heads.iter().map(|head| plain_head(head)).collect();
    let has = |names: &[&str]| plain.iter().any(|head| names.contains(&head.as_str()));
    let begins = |word: &str| plain.iter().any(|head| head.starts_with(word));
    let file = file.to_lowercase();
    let incidents = roles(INCIDENTS, heads);
    let both = [Role::Started, Role::Ended].iter().all(|role| incidents.iter().any(|(one, _)| one == role));
    let is_of_items =
        has(&["issue key", "issue type", "work item type", "kind", "type", "team", "done", "finished"]);
    let is_told = begins("incident")
        || has(&["severity", "urgency"])
        || file.contains("incident")
        || file.contains("outage");
    if both && (is_told || (has(&["ended", "ended_at", "restored_at"]) && !is_of_items)) {
        return Some(Source::Incidents);
    }
    let deployed = plain.iter().any(|head| head.contains("deploy"));
    let stated = has(&["environment", "env"]) && has(&["state", "status", "result", "conclusion"]);
    let is_named = (file.contains("deploy") || file.contains("release")) && !is_of_items;
    let has_date = roles(DEPLOYMENTS, heads).iter().any(|(role, _)| *role == Role::Finished);
    (has_date && (deployed || stated || is_named)).then_some(Source::Deployments)
}

/// What a state says of a deployment: whether it succeeded, or None where it is none (yet).
pub fn succeeded(state: &str) -> Option<Option<bool>> {
    let state = state.trim().to_lowercase();
    match state.as_str() {
        "" | "unknown" => Some(None),
        // GitHub calls a deployment inactive once another took its place.
        "success" | "succeeded" | "successful" | "ok" | "true" | "yes" | "1" | "active" | "inactive"
        | "deployed" | "finished" | "released" | "completed" | "published" | "passed" => Some(Some(true)),
        "failure" | "failed" | "error" | "false" | "no" | "0" | "rolled back" | "rolled_back"
        | "rollback" | "timed_out" | "startup_failure" => Some(Some(false)),
        _ => None,
    }
}

/// The place of a role's column, where there is one.
fn place(columns: &[(Role, usize)], role: Role) -> Option<usize> {
    columns.iter().find(|(one, _)| *one == role).map(|(_, at)| *at)
}

/// Reads deployments.
///
/// # Errors
/// When there are too many rows, or a chosen column is not there.
pub fn deployments(
    file: &str,
    bytes: &[u8],
    sheet: &Sheet<'_>,
    counts: Counts,
    chosen: Option<Chosen>,
) -> Result<Batch, ImportError> {
    let columns = columns(DEPLOYMENTS, &sheet.heads, chosen)?;
    let mut batch = begun(file, bytes, sheet, counts, Source::Deployments, &columns);
    let cell = |row: &csv::StringRecord, role| {
        place(&columns, role).and_then(|at| row.get(at)).unwrap_or_default().trim().to_lowercase()
    };
    let is_production = |environment: &str| environment.starts_with("prod") || environment == "live";
    let mut has_production = false;
    let mut aside = Counts::default();
    sheet.each(&mut aside, |_, row, _| has_production |= is_production(&cell(row, Role::Environment)))?;
    let mut counts = std::mem::take(&mut batch.counts);
    sheet.each(&mut counts, |number, row, counts| {
        std::mem::swap(&mut batch.counts, counts);
        let date = cell(row, Role::Finished);
        match (batch.date(&date, number, "at"), succeeded(&cell(row, Role::Succeeded))) {
            (None, _) => batch.counts.empty_rows += 1,
            (Some(_), _) if has_production && !is_production(&cell(row, Role::Environment)) => {
                batch.counts.leave_out("deployments to other environments than production");
            }
            (Some(_), None) => {
                batch.counts.leave_out("deployments that were not carried out (queued, cancelled, …)")
            }
            (Some(at), Some(succeeded)) => batch.deployments.push(RawDeployment { at, succeeded }),
        }
        std::mem::swap(&mut batch.counts, counts);
    })?;
    batch.counts = counts;
    Ok(batch)
}

/// Reads incidents.
///
/// # Errors
/// When there are too many rows, or a chosen column is not there.
pub fn incidents(
    file: &str,
    bytes: &[u8],
    sheet: &Sheet<'_>,
    counts: Counts,
    chosen: Option<Chosen>,
) -> Result<Batch, ImportError> {
    let columns = columns(INCIDENTS, &sheet.heads, chosen)?;
    let mut batch = begun(file, bytes, sheet, counts, Source::Incidents, &columns);
    let mut counts = std::mem::take(&mut batch.counts);
    sheet.each(&mut counts, |number, row, counts| {
        std::mem::swap(&mut batch.counts, counts);
        let mut date = |role| {
            place(&columns, role)
                .and_then(|at| batch.date(row.get(at).unwrap_or_default(), number, word_of(INCIDENTS, role)))
        };
        let (started, ended, deployment_at) =
            (date(Role::Started), date(Role::Ended), date(Role::DeploymentAt));
        match started {
            Some(started) => batch.incidents.push(RawIncident { started, ended, deployment_at }),
            None => batch.counts.empty_rows += 1,
        }
        std::mem::swap(&mut batch.counts, counts);
    })?;
    batch.counts = counts;
    Ok(batch)
}

fn begun(
    file: &str,
    bytes: &[u8],
    sheet: &Sheet<'_>,
    counts: Counts,
    source: Source,
    columns: &[(Role, usize)],
) -> Batch {
    let known = if source == Source::Incidents { INCIDENTS } else { DEPLOYMENTS };
    let mut batch = Batch::new(file, source, fingerprint(bytes));
    batch.counts = counts;
    let head = |at: usize| sheet.heads[at].chars().take(80).collect();
    batch.columns = columns.iter().map(|(role, at)| (word_of(known, *role).to_owned(), head(*at))).collect();
    batch
}
