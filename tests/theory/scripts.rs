//! Scripts: rows of a table stay rows, what they say replaces what would be drawn for everybody, and the first instant
//! belongs to what is measured.

use super::support::{refused, runs_of, written};
use orgsim::experiment::replicate::{Watched, follow};
use orgsim::model::mechanisms::demand::Arrivals;
use orgsim::observation::trace::{ItemRow, Trace};
use orgsim::scenario::study::{Amendments, Study};
use std::sync::Arc;

const DEV: &str =
    "extends = \"bare\"\nhorizon = \"100 days\"\nreplications = 1\n[[team]]\nname = \"dev\"\nengineers = 9\n";

fn scenario(trace: &str, more: &str) -> String {
    format!(
        "{DEV}[work.item]\narrivals = {{ trace = {{ {trace} }} }}\nroute = [\"build\"]\n{more}\n\
         [stage.build]\nteam = \"own\"\neffort_share = \"100%\"\n"
    )
}

fn rows(study: &Study) -> Vec<ItemRow> {
    let mut trace = Trace::default();
    follow(Watched::FromFork, study, &study.timelines[0], 0, &mut trace).expect("no overrun");
    trace.items
}

/// Days of arrival and of work of the items that ended, nine people at hand, by arrival.
fn spans(study: &Study) -> Vec<(f64, f64)> {
    let mut spans: Vec<(f64, f64)> =
        rows(study).iter().map(|row| (row.born / 8.0, (row.ended - row.born) / 8.0)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    spans
}

#[test]
fn a_row_stays_a_row_in_whatever_order_it_is_written() {
    let trace =
        "times = [\"30 days\", \"20 days\", \"10 days\"], sizes = [\"1 day\", \"2 days\", \"8 days\"]";
    assert_eq!(spans(&written(&scenario(trace, ""))), [(10.0, 8.0), (20.0, 2.0), (30.0, 1.0)]);
}

/// Work at stages in place of what is drawn there; sent back for half, half of it.
#[test]
fn a_row_says_what_it_takes_at_a_stage() {
    let text = format!(
        "{DEV}[work.item]\narrivals = {{ trace = {{ times = [\"3 days\", \"1 day\"], work = {{ build = [\"4 hours\", \"2 days\"], test = [\"1 day\", \"3 days\"] }} }} }}\n\
         route = [\"build\", \"test\", \"build\"]\n[stage.build]\nteam = \"own\"\neffort = {{ exponential = \"50 days\" }}\n[stage.test]\nteam = \"own\"\n"
    );
    assert_eq!(spans(&written(&text)), [(1.0, 7.0), (3.0, 2.0)]);
}

#[test]
fn columns_that_do_not_fit_or_do_nothing_are_refused() {
    for (trace, more, said) in [
        ("times = [\"1 day\", \"2 days\"], sizes = [\"1 day\"]", "", "1 of them for 2 times"),
        ("times = [\"1 day\"], sizes = [\"1 day\", \"1 day\"]", "", "2 of them for 1 times"),
        ("times = [\"1 day\"], sizes = [\"1 day\"]", "items = 2", "a row brings several items"),
        ("times = [\"1 day\"], sizes = [\"1 day\"], work = { tset = [\"1 day\"] }", "", "no stage called"),
        ("times = [\"1 day\"], unit = \"days\"", "size = \"1 day\"", "which file"),
        ("times = []", "size = \"1 day\"", "no times"),
        ("file = \"x.csv\", column = \"t\"", "size = \"1 day\"", "no unit"),
        ("times = [\"1 day\"]", "", "it has no size"),
    ] {
        let said_here = refused(&scenario(trace, more));
        assert!(said_here.contains(said), "{trace} {more}: {said_here}");
    }
    let fixed = scenario("times = [\"1 day\"], sizes = [\"1 day\"]", "")
        .replace("effort_share = \"100%\"", "effort = \"1 day\"");
    assert!(refused(&fixed).contains("nothing else asks"), "{}", refused(&fixed));
}

/// Where value is in proportion to effort, an item of eight days earns eight times what one of a day does: both are
/// live an hour after they came, and earn until the end.
#[test]
fn a_scripted_size_is_everybodys() {
    let value = |size: &str| {
        let text = scenario(
            &format!("times = [\"1 day\"], sizes = [\"{size}\"]"),
            "size = { exponential = \"3 days\" }\nvalued = true",
        )
        .replace("effort_share = \"100%\"", "effort = \"1 hour\"")
            + "[value]\nmodel = \"effort\"\npayback = \"1 year\"\ntail_sigma = 1\nvalue_error = 0\nsize_error = 0\nat_completion = \"0%\"\nhalf_life = \"3 years\"\n";
        runs_of(size, &written(&text)).swap_remove(0).column("value_months")[0]
    };
    let (small, large) = (value("1 day"), value("8 days"));
    assert!(small > 0.0 && (large / small - 8.0).abs() < 1e-5, "{small} {large}");
}

/// Two items at the first instant and one person, a day each: both have arrived, one has waited for a day, and the log
/// begins with them.
#[test]
fn the_first_instant_is_measured() {
    let text = scenario("times = [\"0 days\", \"0 days\"]", "size = \"1 day\"")
        .replace("engineers = 9", "engineers = 1");
    let study = written(&text);
    let runs = runs_of("first instant", &study).swap_remove(0);
    assert_eq!(runs.column("work.item.arrived"), [2.0]);
    assert_eq!(runs.column("stage.build.wait_mean_days"), [0.5]);
    runs.agree_to("work.item.lead_time_mean_days", 1.5, 1e-9);
    // One item for two days and the other for one, of a hundred.
    runs.agree_to("work.item.open_mean", 0.03, 1e-9);
    runs.agree_to("in_system", 0.03, 1e-9);
    let mut trace = Trace::default();
    follow(Watched::FromFork, &study, &study.timelines[0], 0, &mut trace).expect("no overrun");
    let first: Vec<&str> = trace.events.iter().filter(|row| row.hours == 0.0).map(|row| row.event).collect();
    assert_eq!(first.iter().filter(|event| **event == "arrived").count(), 2);
    // What the first instant leaves open is open for every policy.
    let both = written(&(text + "[policy.more]\n\"team.dev.engineers\" = 2\n"));
    for runs in runs_of("first instant", &both) {
        assert_eq!(runs.column("work.item.arrived"), [2.0]);
    }
}

/// A tracker's export: semicolons, decimal commas, dates of the day first, two kinds in one file, work by stage.
#[test]
fn a_csv_file_has_columns_of_kind_size_date_and_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = "Type;Created;Estimate;Coding;Testing\n\
        Bug;05.03.2024;0,5;2,0;1,0\n\
        Story;08.03.2024 13:00;2,5;8,0;4,0\n\
        Story;04.03.2024;1;16,0;\n\
        Bug;09.03.2024;1;4;2\n";
    std::fs::write(folder.path().join("export.csv"), csv).expect("written");
    let kind = |name: &str, word: &str| {
        format!(
            "[work.{name}]\nroute = [\"build\", \"test\"]\narrivals = {{ trace = {{ file = \"export.csv\", column = \"Created\", dates = \"day-month-year\", delimiter = \";\", decimal = \",\", \
             kind_column = \"Type\", kinds = [\"{word}\"], work_columns = {{ build = \"Coding\", test = \"Testing\" }}, size_column = \"Estimate\", size_unit = \"hours\" }} }}\nvalued = true\n"
        )
    };
    let text = format!(
        "{DEV}{}{}[stage.build]\nteam = \"own\"\neffort = \"50 days\"\n[stage.test]\nteam = \"own\"\neffort = \"3 hours\"\n\
         [value]\nmodel = \"effort\"\npayback = \"1 year\"\ntail_sigma = 1\nvalue_error = 0\nsize_error = 0\nat_completion = \"0%\"\nhalf_life = \"3 years\"\n",
        kind("story", "Story"),
        kind("bug", "Bug")
    );
    let path = folder.path().join("s.toml");
    std::fs::write(&path, &text).expect("written");
    let read = |text: &str| {
        std::fs::write(&path, text).expect("written");
        Study::read(&path, &Amendments::default())
    };
    let (study, _) = read(&text).unwrap_or_else(|refusal| panic!("{:?}", refusal.problems));
    let mut found: Vec<(String, f64, f64, f64)> = rows(&study)
        .into_iter()
        .map(|row| (row.kind, row.born, row.ended - row.born, row.size_hours))
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    // Monday the 4th is the beginning; a Friday at 13:00 is four days and four hours later, a Saturday the next Monday.
    // Where a cell is empty the stage's own three hours hold.
    let expected = [
        ("story", 0.0, 19.0, 1.0),
        ("bug", 8.0, 3.0, 0.5),
        ("story", 36.0, 12.0, 2.5),
        ("bug", 40.0, 6.0, 1.0),
    ];
    assert_eq!(found, expected.map(|(kind, born, took, size)| (kind.to_owned(), born, took, size)));
    for (from, to, said) in [
        ("delimiter = \";\", ", "", "no column `Created`"),
        ("decimal = \",\", ", "", "is not a number"),
        ("\"Story\"", "\"Epic\"", "no row with `Epic`"),
        ("day-month-year", "year-month-day", "is not a date"),
        ("\"Estimate\"", "\"Points\"", "no column `Points`"),
        (
            "dates = \"day-month-year\", ",
            "dates = \"day-month-year\", begins = \"05.03.2024\", ",
            "before `begins`",
        ),
        ("size_unit = \"hours\"", "unit = \"days\"", "one or the other"),
    ] {
        let refusal = read(&text.replace(from, to)).expect_err(said);
        let found = refusal.problems.iter().any(|problem| problem.message.contains(said));
        assert!(found, "{said}: {:?}", refusal.problems);
    }
}

/// A trace is read once, however many policies name it, and every one of them holds the same rows.
#[test]
fn a_trace_is_held_once_for_all_policies() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv: String = "t\n".to_owned() + &(0..1000).map(|nth| format!("{nth}\n")).collect::<String>();
    std::fs::write(folder.path().join("t.csv"), csv).expect("written");
    let mut text = scenario(
        "file = \"t.csv\", column = \"t\", unit = \"hours\"",
        "size = { csv = { file = \"t.csv\", column = \"t\", unit = \"minutes\" } }",
    );
    for policy in 1..10 {
        text += &format!("[policy.p{policy}]\n\"team.dev.engineers\" = {}\n", 10 + policy);
    }
    let path = folder.path().join("s.toml");
    std::fs::write(&path, text).expect("written");
    let (study, _) =
        Study::read(&path, &Amendments::default()).unwrap_or_else(|refusal| panic!("{:?}", refusal.problems));
    let script = |at: usize| {
        let demand = study.timelines[at].phases[0].1.params.demand.as_ref().expect("demand");
        match &demand.sources[0].arrivals {
            Arrivals::Trace(script) => script.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(study.timelines.len(), 10);
    assert!((1..10).all(|at| Arc::ptr_eq(&script(0), &script(at))));
}
