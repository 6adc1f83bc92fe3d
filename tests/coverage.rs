//! The coverage table tells the truth: what it names is there, and what is missing only grows less.

use orgsim::observation::metrics;
use orgsim::scenario::study::schema;
/// The systems of `docs/coverage.md`, and U1 for what leaders ask next.
const ROWS: [&str; 41] = [
    "F1", "F2", "F3", "D1", "D2", "D3", "W1", "W2", "A1", "A2", "L1", "L2", "L3", "C1", "C2", "T1", "T2",
    "T3", "R1", "I1", "I2", "X1", "X2", "X3", "G1", "G2", "M1", "M2", "M3", "E1", "E2", "E3", "E4", "E5",
    "E6", "E7", "E8", "E9", "E10", "E11", "U1",
];

use orgsim::scenario::{Path, meaning};

const PAGE: &str = include_str!("../docs/coverage.md");

/// Cells that say "not yet". May only shrink: whoever covers more lowers it.
const NOT_YET: usize = 0;

/// The cells of the table's rows, backticks off.
fn rows(page: &str) -> Vec<Vec<String>> {
    let lines = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim().trim_matches('|');
        inner.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    };
    lines.skip(1).map(cells).collect()
}

/// What is wrong with a table, and how many cells are not covered yet.
fn faults(page: &str) -> (Vec<String>, usize) {
    let rows = rows(page);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let named: Vec<&str> = rows.iter().map(|cells| cells[0].as_str()).collect();
    if named != ROWS {
        wrong.push(format!("the rows are {named:?}"));
    }
    for cells in &rows {
        let [row, _, mechanism, lever, scenario, metric] = cells.as_slice() else {
            wrong.push(format!("{cells:?} has not six cells"));
            continue;
        };
        for file in [mechanism, scenario].into_iter().filter(|cell| *cell != "not yet") {
            if !root.join(file).is_file() {
                wrong.push(format!("{row}: {file} does not exist"));
            }
        }
        let known = |path: &str| path.parse::<Path>().is_ok_and(|path| meaning(schema(), &path).is_ok());
        if lever != "not yet" && !known(lever) {
            wrong.push(format!("{row}: the lever {lever} leads nowhere"));
        }
        if metric != "not yet" && metrics::find(metric).is_none() {
            wrong.push(format!("{row}: there is no metric {metric}"));
        }
    }
    let missing = rows.iter().flatten().filter(|cell| *cell == "not yet").count();
    (wrong, missing)
}

#[test]
fn every_row_of_the_mission_is_where_the_table_says() {
    let (wrong, missing) = faults(PAGE);
    assert!(wrong.is_empty(), "{} faults:\n  {}", wrong.len(), wrong.join("\n  "));
    assert_eq!(missing, NOT_YET, "cells that say “not yet”: lower the number here when there are fewer");
}

#[test]
fn the_check_can_fail() {
    for (right, wrong) in [
        ("| D2 |", "| D9 |"),
        ("src/model/mechanisms/debt/mod.rs", "src/model/mechanisms/dept/mod.rs"),
        ("team.*.share.health", "team.*.share.helth"),
        ("scenarios/claims/d2-health-budget.toml", "scenarios/claims/d2.toml"),
        ("health share", "health chair"),
    ] {
        assert!(PAGE.contains(right), "{right} is in the table");
        assert!(!faults(&PAGE.replacen(right, wrong, 1)).0.is_empty(), "{wrong} is found");
    }
}
