//! The series: what of three public data sets are items, read as `orgsim import` reads any table.

use orgsim::fit::records::Records;
use orgsim::history::interpret::interpret;
use orgsim::history::read;
use orgsim::history::settings::Settings;
use std::collections::BTreeMap;
use std::path::Path;

/// A team's items.
pub struct Series {
    pub name: String,
    pub records: Records,
}

/// A data set: its file, what its teams are told apart by, and which of its columns say what. Dates of start are what the
/// source calls the begin of its cycle time: a pull request's opening, an issue's creation.
struct Source {
    file: &'static str,
    by: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

const SOURCES: [Source; 3] = [
    Source {
        file: "github_merged_prs_2019_2024.csv",
        by: "repo",
        columns: &[("id", "pr_number"), ("finished", "merged_at"), ("cycle_days", "age_days")],
    },
    Source {
        file: "rueedlinger_jira_cycle_times.csv",
        by: "grp",
        columns: &[("id", "id"), ("started", "created_date"), ("cycle_days", "cycle_time_days")],
    },
    Source {
        file: "laukkanen2017_issues.csv",
        by: "type",
        columns: &[("kind", "type"), ("finished", "resolved_timestamp")],
    },
];

/// All series of a folder.
///
/// # Errors
/// What is missing, or cannot be read.
pub fn all(folder: &Path) -> Result<Vec<Series>, String> {
    let mut found = Vec::new();
    for source in &SOURCES {
        for (name, table) in tables(folder, source)? {
            let first = source.file.split(['_', '2']).next().unwrap_or_default();
            let name = if source.by == "repo" { name } else { format!("{first} {name}") };
            found.push(Series { records: records(&table).map_err(|why| format!("{name}: {why}"))?, name });
        }
    }
    Ok(found)
}

/// The table of each team, with the heads that an import knows.
fn tables(folder: &Path, source: &Source) -> Result<BTreeMap<String, String>, String> {
    let path = folder.join(source.file);
    let said = |error: csv::Error| format!("{}: {error}", source.file);
    let mut reader = csv::Reader::from_path(&path).map_err(said)?;
    let heads = reader.headers().map_err(said)?.clone();
    let place = |name: &str| {
        let at = heads.iter().position(|head| head == name);
        at.ok_or_else(|| format!("{} has no column {name}", source.file))
    };
    let by = place(source.by)?;
    let columns = source.columns.iter().map(|(_, name)| place(name)).collect::<Result<Vec<_>, _>>()?;
    let head: Vec<&str> = source.columns.iter().map(|(head, _)| *head).collect();
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    for row in reader.records() {
        let row = row.map_err(said)?;
        let table = tables.entry(row[by].to_owned()).or_insert_with(|| format!("{}\n", head.join(",")));
        let cells: Vec<&str> = columns.iter().map(|at| &row[*at]).collect();
        table.push_str(&format!("{}\n", cells.join(",")));
    }
    Ok(tables)
}

fn records(table: &str) -> Result<Records, String> {
    let settings = Settings::default();
    let batch = read("series.csv", table.as_bytes(), &settings).map_err(|error| error.to_string())?;
    let today = jiff::civil::date(2026, 1, 1);
    let imported = interpret(vec![batch], &settings, today).map_err(|error| error.to_string())?;
    Ok(Records::of(&imported.history, None))
}
