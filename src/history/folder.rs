//! Reads a folder that an import wrote.

use crate::history::{Deployment, History, Incident, Item, Move, Outcome};
use crate::raw::ImportError;
use crate::settings::DEFAULT_ZONE;
use crate::when::When;
use crate::words::Meaning;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The texts of a folder's files; empty where one is not there.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    pub items: String,
    pub moves: String,
    pub deployments: String,
    pub incidents: String,
    pub people: String,
    pub settings: String,
}

impl Folder {
    /// The history that the files tell, without items that have parts.
    ///
    /// # Errors
    /// What is wrong, in which file and row.
    pub fn history(&self) -> Result<History, ImportError> {
        let (as_of, zone, holidays, statuses) = settings(&self.settings)?;
        let items = rows("items.csv", &self.items, &["id", "created", "finished"], item)?;
        let moves = rows("moves.csv", &self.moves, &["id", "at", "from", "to"], moved)?;
        let deployments = rows("deployments.csv", &self.deployments, &["at"], |row| {
            let succeeded = match row.text("succeeded") {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            };
            Ok(Deployment { at: row.needed("at")?, succeeded })
        })?;
        let incidents = rows("incidents.csv", &self.incidents, &["started"], |row| {
            let (started, ended) = (row.needed("started")?, row.date("ended")?);
            Ok(Incident { started, ended, deployment_at: row.date("deployment_at")? })
        })?;
        let people = rows("people.csv", &self.people, &["week", "people"], |row| {
            let week: Date = row.text("week").parse().map_err(|_| "week is no date".to_owned())?;
            Ok((week, row.text("people").parse::<usize>().map_err(|_| "people is no number".to_owned())?))
        })?;
        let last = items.iter().flat_map(|item| [item.created, item.started, item.finished]).flatten();
        let last = last.map(|when| when.day(&zone)).max();
        let as_of = as_of.or(last).unwrap_or(Date::constant(1970, 1, 1));
        let history =
            History { items, moves, deployments, incidents, people, as_of, zone, holidays, statuses };
        Ok(history.of_parts())
    }
}

type Said = (Option<Date>, TimeZone, Vec<Date>, BTreeMap<String, Meaning>);

/// What `import.toml` says, guessed or corrected.
fn settings(text: &str) -> Result<Said, ImportError> {
    let wrong = |why: &str| ImportError::new(format!("import.toml: {why}"));
    let all: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(error.message()))?;
    let text = |key: &str| all.get(key).and_then(toml::Value::as_str).unwrap_or_default();
    let as_of = match text("as_of") {
        "" => None,
        date => Some(date.parse::<Date>().map_err(|_| wrong("as_of is no date such as 2026-03-31"))?),
    };
    let name = if text("zone").is_empty() { DEFAULT_ZONE } else { text("zone") };
    let zone = TimeZone::get(name).map_err(|_| wrong("zone is none such as UTC or Europe/Berlin"))?;
    let days = all.get("holidays").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let day = |day: &toml::Value| day.as_str().and_then(|day| day.parse::<Date>().ok());
    let holidays = days
        .iter()
        .map(|one| day(one).ok_or_else(|| wrong("holidays: write dates such as 2025-12-25")))
        .collect::<Result<_, _>>()?;
    let table = all.get("statuses").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    let mut statuses = BTreeMap::new();
    for (name, word) in table {
        let meaning = word
            .as_str()
            .and_then(Meaning::of)
            .ok_or_else(|| wrong("statuses: a status has no meaning that is known"))?;
        statuses.insert(name, meaning);
    }
    Ok((as_of, zone, holidays, statuses))
}

/// A row of a file whose columns are known by name.
struct Row<'a> {
    heads: &'a [String],
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        let at = self.heads.iter().position(|head| head == name);
        at.and_then(|at| self.cells.get(at)).unwrap_or_default()
    }

    /// A name, with what keeps a spreadsheet from taking it for a formula taken away.
    fn name(&self, name: &str) -> String {
        let text = self.text(name);
        let bare = text.strip_prefix('\'').filter(|bare| bare.starts_with(['=', '+', '-', '@']));
        bare.unwrap_or(text).to_owned()
    }

    fn date(&self, name: &str) -> Result<Option<When>, String> {
        match self.text(name) {
            "" => Ok(None),
            text => When::read(text)
                .map(Some)
                .ok_or_else(|| format!("{name} is no date such as 2026-03-31 or 2026-03-31T14:00:00+02:00")),
        }
    }

    fn needed(&self, name: &str) -> Result<When, String> {
        self.date(name)?.ok_or_else(|| format!("{name} is empty"))
    }

    fn number(&self, name: &str) -> Result<Option<u32>, String> {
        match self.text(name) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| format!("{name} is no whole number")),
        }
    }
}

fn rows<T>(
    file: &str,
    text: &str,
    needed: &[&str],
    read: impl Fn(&Row<'_>) -> Result<T, String>,
) -> Result<Vec<T>, ImportError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let broken = |error: csv::Error| ImportError::new(format!("{file}: {error}"));
    let heads: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(missing) = needed.iter().find(|name| !heads.iter().any(|head| head == *name)) {
        return Err(ImportError::new(format!("{file} has no column {missing}: import again")));
    }
    let mut found = Vec::new();
    for (at, cells) in reader.records().enumerate() {
        let cells = cells.map_err(broken)?;
        let row = Row { heads: &heads, cells: &cells };
        let one = read(&row).map_err(|why| ImportError::new(format!("{file}, row {}: {why}", at + 2)))?;
        found.push(one);
    }
    Ok(found)
}

fn item(row: &Row<'_>) -> Result<Item, String> {
    let finished = row.date("finished")?;
    let outcome = match row.text("resolution") {
        "done" => Outcome::Done,
        "dropped" => Outcome::Dropped,
        "" if finished.is_some() => Outcome::Done,
        "" => Outcome::Open,
        _ => return Err("resolution must be done, dropped or empty".to_owned()),
    };
    Ok(Item {
        id: row.number("id")?.ok_or("id is empty")?,
        kind: row.name("kind"),
        team: row.name("team"),
        created: row.date("created")?,
        started: row.date("started")?,
        finished,
        outcome,
        status: row.name("status"),
        parent: row.number("parent")?,
        key: row.name("key"),
    })
}

fn moved(row: &Row<'_>) -> Result<Move, String> {
    let item = row.number("id")?.ok_or("id is empty")?;
    Ok(Move { item, at: row.needed("at")?, from: row.name("from"), to: row.name("to") })
}
