//! Items in tables: Jira, GitLab, Linear, Azure DevOps, flow tools with a date for each stage, and plain ones.

use crate::dates::Written;
use crate::raw::{Batch, Counts, ImportError, RawItem, RawMove, Source, fingerprint, label};
use crate::sheet::Sheet;
use crate::words::{Known, ROLES, Role, plain_head, roles, word_of};
use std::collections::BTreeMap;

/// Columns that a person chose: for each role's word the head.
pub type Chosen = BTreeMap<String, String>;

/// Which tracker's heads these are; None where they are of no tracker that is known.
pub fn tracker(heads: &[String]) -> Option<Source> {
    let plain: Vec<String> = heads.iter().map(|head| plain_head(head)).collect();
    let has = |name: &str| plain.iter().any(|head| head == name);
    let jira_keys = [
        "issue key",
        "vorgangsschlussel",
        "clave de incidencia",
        "cle de ticket",
        "cle du ticket",
        "cle de la demande",
    ];
    let jira_kinds = ["issue type", "vorgangstyp", "tipo de incidencia", "type de ticket", "type de demande"];
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    if any(&jira_keys) || (any(&jira_kinds) && any(&["schlussel", "clave", "cle", "key"])) {
        return Some(Source::JiraCsv);
    }
    if has("work item type") {
        return Some(Source::AzureDevOps);
    }
    if has("issue id") && plain.iter().any(|head| head == "created at") && has("state") {
        return Some(Source::GitLab);
    }
    if has("id") && has("team") && has("completed") && has("canceled") {
        return Some(Source::Linear);
    }
    None
}

/// Reads items.
///
/// # Errors
/// When no column says when anything was created, started or finished, or a chosen column is not there.
pub fn items(
    file: &str,
    bytes: &[u8],
    sheet: &Sheet<'_>,
    counts: Counts,
    chosen: &dyn Fn(Source) -> Option<Chosen>,
) -> Result<Batch, ImportError> {
    let known = tracker(&sheet.heads);
    let stages = if known.is_none() { stages(sheet)? } else { Vec::new() };
    let source = known.unwrap_or(if stages.is_empty() { Source::Plain } else { Source::Stages });
    let mut batch = Batch::new(file, source, fingerprint(bytes));
    batch.counts = counts;
    let mut columns = columns(ROLES, &sheet.heads, chosen(source))?;
    columns.retain(|(_, at)| !stages.contains(at));
    let is_dated =
        columns.iter().any(|(role, _)| matches!(role, Role::Created | Role::Started | Role::Finished));
    if !is_dated && stages.is_empty() {
        return Err(ImportError::new(
            "none of its columns is known to say when an item was created, started or finished. A plain table needs \
             at least one of the columns created, started, finished (and may have id, kind, team, status, resolution), with \
             their names in the first line",
        ));
    }
    batch.columns = columns
        .iter()
        .map(|(role, at)| (word_of(ROLES, *role).to_owned(), sheet.heads[*at].chars().take(80).collect()))
        .collect();
    batch.stages = stages.iter().map(|at| label(&sheet.heads[*at])).collect();
    batch.counts.repeated_columns = repeated(&sheet.heads);
    let mut counts = std::mem::take(&mut batch.counts);
    let reading = Reading { columns, stages };
    sheet.each(&mut counts, |number, row, counts| {
        std::mem::swap(&mut batch.counts, counts);
        reading.row(&mut batch, number, row);
        std::mem::swap(&mut batch.counts, counts);
    })?;
    batch.counts = counts;
    Ok(batch)
}

/// Names that stand above more than one column.
fn repeated(heads: &[String]) -> usize {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    heads.iter().for_each(|head| *seen.entry(head).or_default() += 1);
    seen.values().filter(|count| **count > 1).count()
}

/// Which column has which role: those that a person named go before the guessed ones.
///
/// # Errors
/// When a person named a role or a column that is not there.
pub fn columns(
    known: &[Known],
    heads: &[String],
    chosen: Option<Chosen>,
) -> Result<Vec<(Role, usize)>, ImportError> {
    let mut columns = roles(known, heads);
    for (word, head) in &chosen.unwrap_or_default() {
        let Some((role, ..)) = known.iter().find(|(_, one, _)| one == word) else {
            return Err(ImportError::new(format!(
                "import.toml names columns for “{}”, which is none of: {}",
                label(word),
                known.iter().map(|(_, word, _)| *word).collect::<Vec<_>>().join(", ")
            )));
        };
        columns.retain(|(one, _)| one != role);
        if head.is_empty() {
            continue;
        }
        let Some(at) = heads.iter().position(|one| one == head) else {
            return Err(ImportError::new(format!(
                "import.toml says that the column “{}” holds {word}, and the file has no such column: correct the name there, \
                 or take the line away to have it guessed again",
                label(head)
            )));
        };
        columns.retain(|(_, one)| *one != at);
        columns.push((*role, at));
    }
    columns.sort();
    Ok(columns)
}

/// Rows that are looked at to find columns of dates.
const LOOKED_AT: usize = 300;

/// The columns of stages, where a table has a date for each.
fn stages(sheet: &Sheet<'_>) -> Result<Vec<usize>, ImportError> {
    let width = sheet.heads.len();
    let (mut dates, mut others) = (vec![0_usize; width], vec![0_usize; width]);
    let mut seen = 0;
    // Counted on the side: these rows are read again.
    let mut aside = Counts::default();
    sheet.each(&mut aside, |_, row, _| {
        seen += 1;
        if seen > LOOKED_AT {
            return;
        }
        for (at, cell) in row.iter().enumerate().take(width).filter(|(_, cell)| !cell.trim().is_empty()) {
            let side = if Written::read(cell.trim()).is_some() { &mut dates } else { &mut others };
            side[at] += 1;
        }
    })?;
    let found = roles(ROLES, &sheet.heads);
    let role = |at: usize| found.iter().find(|(_, one)| *one == at).map(|(role, _)| *role);
    let is_aside = |at: usize| {
        let head = plain_head(&sheet.heads[at]);
        role(at) == Some(Role::Updated)
            || ["due", "target", "freeze"].iter().any(|word| head.contains(word))
            || head.is_empty()
            || Written::read(&head).is_some()
    };
    let is_date = |at: &usize| dates[*at] > 0 && others[*at] == 0 && !is_aside(*at);
    let all: Vec<usize> = (0..width).filter(is_date).collect();
    let own = all.iter().filter(|at| role(**at).is_none()).count();
    let plain: Vec<String> = sheet.heads.iter().map(|head| plain_head(head)).collect();
    let is_flow_tool = plain.iter().any(|head| head == "link") && plain.iter().any(|head| head == "name");
    // A table that says when items were created has other dates besides, such as those of sprints.
    let has_created = found.iter().any(|(role, _)| *role == Role::Created);
    Ok(if (own >= 2 && !has_created) || (own >= 1 && is_flow_tool) { all } else { Vec::new() })
}

struct Reading {
    columns: Vec<(Role, usize)>,
    stages: Vec<usize>,
}

impl Reading {
    fn cell<'r>(&self, row: &'r csv::StringRecord, role: Role) -> &'r str {
        let at = self.columns.iter().find(|(one, _)| *one == role).map(|(_, at)| *at);
        at.and_then(|at| row.get(at)).unwrap_or_default().trim()
    }

    fn row(&self, batch: &mut Batch, number: usize, row: &csv::StringRecord) {
        let text = |role| label(self.cell(row, role));
        let key: String = self.cell(row, Role::Key).chars().take(80).collect();
        let mut date = |role| batch.date(self.cell(row, role), number, word_of(ROLES, role));
        let mut item = RawItem {
            created: date(Role::Created),
            started: date(Role::Started),
            finished: date(Role::Finished),
            dropped: date(Role::Dropped),
            category_changed: date(Role::CategoryChanged),
            key,
            kind: text(Role::Kind),
            team: text(Role::Team),
            status: text(Role::Status),
            category: text(Role::Category),
            resolution: text(Role::Resolution),
            lead_days: days(self.cell(row, Role::LeadDays)),
            cycle_days: days(self.cell(row, Role::CycleDays)),
            parent: self.cell(row, Role::Parent).chars().take(80).collect(),
            person: Some(self.cell(row, Role::Person))
                .filter(|who| !who.is_empty())
                .map(|who| fingerprint(who.as_bytes())),
            ..RawItem::default()
        };
        // The time of the last change is not kept, but it says how far the export goes.
        date(Role::Updated);
        if ["1", "true", "yes"].contains(&self.cell(row, Role::Bot).to_lowercase().as_str()) {
            item.kind = "bot".to_owned();
        }
        self.stages_of(batch, number, row, &mut item);
        let says_nothing = item.created.is_none()
            && item.started.is_none()
            && item.finished.is_none()
            && item.dropped.is_none()
            && item.moves.is_empty();
        if says_nothing {
            batch.counts.empty_rows += 1;
            return;
        }
        batch.items.push(item);
    }

    /// A date for each stage is a move into it; a stage without one was skipped.
    fn stages_of(&self, batch: &mut Batch, number: usize, row: &csv::StringRecord, item: &mut RawItem) {
        for (place, at) in self.stages.iter().enumerate() {
            let name = batch.stages[place].clone();
            let Some(written) = batch.date(row.get(*at).unwrap_or_default(), number, &name) else { continue };
            let from = item.moves.last().map(|one| one.to.clone()).unwrap_or_default();
            item.created.get_or_insert(written);
            item.status.clone_from(&name);
            item.moves.push(RawMove { at: written, from, to: name });
        }
        item.has_all_moves = !self.stages.is_empty();
    }
}

/// A number of days; None where it is none.
fn days(cell: &str) -> Option<f64> {
    let number: f64 = cell.replace(',', ".").parse().ok()?;
    (number.is_finite() && number.abs() <= 36_525.0).then_some(number)
}
