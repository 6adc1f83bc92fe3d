//! The commands as people use them: through the program itself, on a small complete scenario.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const HEALTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/health.toml");

/// One call of the program, in a folder of its own.
struct Call {
    command: Command,
    folder: tempfile::TempDir,
}

fn orgsim(words: &[&str]) -> Call {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
    command.args(words).current_dir(folder.path()).stdin(Stdio::null());
    Call { command, folder }
}

impl Call {
    fn with(mut self, words: &[&str]) -> Call {
        self.command.args(words);
        self
    }

    /// The scenario is written into the folder first, under this name.
    fn on(mut self, name: &str, text: &str) -> Call {
        std::fs::write(self.folder.path().join(name), text).expect("a scenario");
        self.command.arg(name);
        self
    }

    fn ends_with(mut self, code: i32) -> Ended {
        let output = self.command.output().expect("the program starts");
        let ended = Ended { output, folder: self.folder };
        assert_eq!(ended.output.status.code(), Some(code), "{}\n{}", ended.out(), ended.err());
        ended
    }
}

/// A call that has ended.
struct Ended {
    output: Output,
    folder: tempfile::TempDir,
}

impl Ended {
    fn out(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).expect("text")
    }

    fn err(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    fn says(self, words: &str) -> Ended {
        // Sentences are wrapped, so a line may end anywhere.
        let out = self.out().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out.contains(words), "`{words}` is missing in\n{}", self.out());
        self
    }

    fn complains(self, words: &str) -> Ended {
        assert!(self.err().contains(words), "`{words}` is missing in\n{}", self.err());
        self
    }

    fn file(&self, path: &str) -> Vec<u8> {
        let path = self.folder.path().join(path);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.file(path)).expect("text")
    }

    fn rows(&self, path: &str) -> Vec<csv::StringRecord> {
        let bytes = self.file(path);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let mut rows = vec![reader.headers().expect("a head").clone()];
        rows.extend(reader.records().map(|row| row.expect("a row as long as the head")));
        rows
    }
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => files.extend(files_of(&path)),
            path => files.push(path),
        }
    }
    files.sort();
    files
}

fn health() -> String {
    std::fs::read_to_string(HEALTH).expect("the fixture")
}

#[test]
fn compare_says_who_is_better_and_writes_everything() {
    let ended = orgsim(&["compare", HEALTH, "-n", "12", "--quiet"]).ends_with(0);
    let ended = ended.says("verdict").says("What got worse").says("not forecast").says("parameters in play");
    let rows = ended.rows("output/health/replications.csv");
    assert_eq!(rows.len(), 1 + 4 * 12);
    assert_eq!((&rows[0][0], &rows[1][0], &rows[1][3]), ("policy", "nothing", "ok"));
    assert!(ended.rows("output/health/weekly.csv").len() > 4 * 50);
    let summary = ended.rows("output/health/summary.csv");
    let verdict = summary[0].iter().position(|name| name == "verdict").expect("a column");
    assert!(summary.iter().any(|row| ["better", "worse", "can't tell yet", "practically the same"].contains(&&row[verdict])));
    let page = ended.text("output/health/summary.md");
    for words in ["# How much capacity", "not forecast", "parameters in play are assumptions"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("lives"), "a replication has one word");
    assert!(page.lines().count() <= 60, "a screen, not a book:\n{page}");
    let whole = ended.text("output/health/report.html");
    for words in [
        "<h1>How much capacity",
        "exploratory",
        "What was simulated",
        "Guardrails",
        "<svg ",
        "What the words mean",
    ] {
        assert!(whole.contains(words), "{words}");
    }
    let manifest: serde_json::Value =
        serde_json::from_slice(&ended.file("output/health/manifest.json")).expect("JSON");
    let listed: Vec<&str> =
        manifest["files"].as_array().expect("a list").iter().filter_map(|file| file.as_str()).collect();
    assert_eq!(listed.len(), files_of(&ended.folder.path().join("output/health")).len());
    for file in listed {
        assert!(!ended.file(&format!("output/health/{file}")).is_empty());
    }
    let png = ended.file("output/health/charts/1-difference.png");
    assert_eq!((&png[1..4], &png[16..24]), (b"PNG".as_slice(), [0, 0, 7, 128, 0, 0, 4, 56].as_slice()));
}

#[test]
fn run_shows_the_four_metrics_and_the_bottleneck() {
    let ended = orgsim(&["run", HEALTH, "-n", "6", "--no-charts"]).ends_with(0);
    let ended = ended.says("tier 2019").says("Where lead time goes").says("The busiest is “Checkout”");
    assert_eq!(ended.rows("output/health-run/replications.csv").len(), 7);
    let json = orgsim(&["run", HEALTH, "-n", "4", "--no-charts", "--format", "json"]).ends_with(0).out();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["data"]["replications"], 4);
    orgsim(&["run", HEALTH, "-n", "4", "--no-charts", "--policy", "quarter"]).ends_with(0);
}

/// Runs that stop at a number of items are of different lengths; what is told of each week ends with the shortest,
/// and the audit speaks of the same window as the table.
#[test]
fn replications_of_different_lengths_are_told_together() {
    let text = "extends = \"bare\"\nhorizon = \"1000 days\"\nstop = { items = 50 }\nreplications = 10\n\
                [[team]]\nname = \"dev\"\nengineers = 1\n[approver.head]\nhours_per_week = 10\nhearing = \"1 hour\"\n\
                [work.item]\narrivals = { poisson = \"0.5/day\" }\nroute = [\"ask\", \"build\"]\n\
                [stage.ask]\napprover = \"head\"\n[stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n";
    let ended = orgsim(&["run", "--quiet"]).on("stop.toml", text).ends_with(0);
    let out = ended.out();
    // Fifty items at half a day⁻¹ are asked for at 2.5 a week, in a window of about a hundred days.
    let row = out.lines().map(str::trim).find(|line| line.starts_with("head ") && line.ends_with('%'));
    let verdicts = row.and_then(|row| row.split_whitespace().nth(1)?.parse::<f64>().ok());
    assert!(verdicts.is_some_and(|a_week| (2.0..3.0).contains(&a_week)), "{out}");
}

#[test]
fn replications_are_added_until_intervals_are_narrow_whatever_the_threads() {
    let asked = ["--precision", "4%", "--precision", "lead time p85=2 days", "--no-charts", "--quiet"];
    let with = |threads: &str| {
        orgsim(&["run", HEALTH, "--no-audit", "--threads", threads]).with(&asked).ends_with(0)
    };
    let (one, two) = (with("1").says("narrow enough"), with("2"));
    assert_eq!(one.out(), two.out());
    let rows = one.rows("output/health-run/replications.csv");
    assert_eq!(rows, two.rows("output/health-run/replications.csv"));
    let manifest: serde_json::Value =
        serde_json::from_slice(&one.file("output/health-run/manifest.json")).expect("JSON");
    assert_eq!(manifest["replications"]["completed"], rows.len() - 1);
    assert_eq!(manifest["precision"]["reached"], true);
    let widths = manifest["precision"]["half_widths"].as_array().expect("a list");
    assert!(widths.iter().all(|width| width["reached"].as_f64() <= width["asked"].as_f64()));
    assert_eq!((widths.len(), &widths[1]["of"]), (2, &serde_json::json!("working days")));
    // A ceiling is kept and said; and what cannot be meant is refused.
    let few = ["--precision", "0.1%", "--limit", "9", "--no-charts"];
    let ended = orgsim(&["compare", HEALTH]).with(&few).ends_with(0).says("wider than asked after 9");
    assert_eq!(ended.complains("the most allowed").rows("output/health/replications.csv").len(), 1 + 4 * 9);
    orgsim(&["compare", HEALTH, "-n", "auto", "--limit", "5", "--no-charts"])
        .ends_with(0)
        .says("2.50 % asked");
    orgsim(&["run", HEALTH, "--precision", "2%", "-n", "9"]).ends_with(2).complains("not both");
    orgsim(&["run", HEALTH, "--precision", "lead time=2%"]).ends_with(2).complains("no metric");
    orgsim(&["run", HEALTH, "--precision", "value=2 days"]).ends_with(2).complains("is no width");
    orgsim(&["run", HEALTH, "--limit", "9"]).ends_with(2).complains("--limit goes with");
    orgsim(&["sweep", HEALTH, "-n", "auto", "--vary", "team.*.wip.items=1,2"]).ends_with(2).complains("auto");
}

#[test]
fn rank_selects_the_best_and_says_what_it_saved() {
    let rank = |threads: &str| orgsim(&["rank", HEALTH, "--threads", threads, "--quiet"]).ends_with(0);
    let (one, two) = (rank("1").says("is selected as the best of 4 policies by value"), rank("2"));
    assert_eq!(one.out(), two.out());
    assert_eq!(one.file("output/health-rank/rank.csv"), two.file("output/health-rank/rank.csv"));
    assert_eq!(one.file("output/health-rank/manifest.json"), two.file("output/health-rank/manifest.json"));
    let one = one.says("with probability 95 % or more").says("Nelson & Matejcik").says("not forecast");
    let rows = one.rows("output/health-rank/rank.csv");
    let runs: Vec<usize> = rows[1..].iter().map(|row| row[4].parse().expect("a number")).collect();
    assert_eq!((rows.len(), &rows[1][2], &rows[1][3]), (5, "selected", "-1"));
    assert!(runs.is_sorted_by(|a, b| a >= b) && runs[3] == 20, "{runs:?}");
    let manifest: serde_json::Value =
        serde_json::from_slice(&one.file("output/health-rank/manifest.json")).expect("JSON");
    assert_eq!(manifest["rank"]["selected"], rows[1][1]);
    assert_eq!(manifest["rank"]["replications"], runs.iter().sum::<usize>());
    // Everybody's replications are those of a comparison.
    let whole = orgsim(&["compare", HEALTH, "-n", "20", "--no-charts"]).ends_with(0);
    let last = &rows[4];
    let table = whole.rows("output/health/summary.csv");
    let same = table.iter().find(|row| row[0] == last[1] && &row[1] == "value_months").expect("a row");
    assert_eq!((&same[4], &same[5]), (&last[7], &last[8]));
}

#[test]
fn rank_that_cannot_select_says_so() {
    let hard = ["--indifference", "0.01", "--limit", "31", "--policy", "tenth"];
    let ended =
        orgsim(&["rank", HEALTH]).with(&hard).ends_with(0).says("No policy is selected: 2 of 2 are left");
    ended.says("after 31 replications each, the most allowed").says("Nothing is promised");
    let json = orgsim(&["rank", HEALTH, "--format", "json", "--confidence", "90%"]).ends_with(0).out();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["data"]["confidence"], 0.9);
    orgsim(&["rank", HEALTH, "--confidence", "40%"]).ends_with(2).complains("between 50% and 100%");
    orgsim(&["rank", HEALTH, "--indifference", "2 days"]).ends_with(2).complains("engineer-months");
    orgsim(&["rank", HEALTH, "--limit", "9"]).ends_with(2).complains("no room for a first stage");
    let alone = health().split("[policy.nothing]").next().expect("the first part").to_owned();
    orgsim(&["rank"]).on("alone.toml", &alone).ends_with(2).complains("no policy to rank");
    let much = health().replace("load = \"52%\"", "load = \"400%\"").replacen(
        "horizon",
        "population_limit = 60\nhorizon",
        1,
    );
    orgsim(&["rank"]).on("much.toml", &much).ends_with(1).complains("no mean to take a share of");
    orgsim(&["rank", "--indifference", "1"])
        .on("much.toml", &much)
        .ends_with(1)
        .complains("under every policy");
}

#[test]
fn every_format_can_be_read_back() {
    let compare = |format: &str| {
        orgsim(&["compare", HEALTH, "-n", "5", "--no-charts", "--quiet", "--format", format]).ends_with(0)
    };
    let json: serde_json::Value = serde_json::from_str(&compare("json").out()).expect("JSON");
    let policies = json["data"]["policies"].as_array().expect("a list");
    assert_eq!(policies.len(), 4);
    let of = |number: &serde_json::Value| number.as_f64().expect("a number");
    let mean = &policies[1]["means"]["value_months"];
    assert!(of(&mean["low"]) < of(&mean["mean"]) && mean["n"] == 5 && of(&mean["level"]) == 0.95, "{mean}");
    let difference = &policies[1]["against_reference"]["objective"];
    assert!(of(&difference["simultaneous"]["low"]) < of(&difference["difference"]["low"]), "{difference}");
    assert_eq!(json["schema"], 1);
    let csv = compare("csv");
    assert_eq!(csv.out().into_bytes(), csv.file("output/health/summary.csv"));
    let page = compare("markdown");
    assert!(page.out().contains("## Everything measured"), "all of it");
}

#[test]
fn one_replication_alone_is_the_row_of_the_whole_run() {
    let whole = orgsim(&["compare", HEALTH, "-n", "10", "--no-charts"]).ends_with(0);
    let alone = orgsim(&["compare", HEALTH, "--only-replication", "7", "--no-charts"]).ends_with(0);
    let whole = whole.rows("output/health/replications.csv");
    let alone = alone.rows("output/health/replications.csv");
    let expected: Vec<_> =
        whole.into_iter().filter(|row| &row[1] == "7" || &row[1] == "replication").collect();
    assert_eq!(alone, expected);
}

#[test]
fn threads_do_not_change_a_single_byte() {
    let with = |threads: &str| orgsim(&["compare", HEALTH, "-n", "8", "--threads", threads]).ends_with(0);
    let (one, two) = (with("1"), with("2"));
    assert_eq!(one.out(), two.out());
    let files = files_of(&one.folder.path().join("output"));
    assert!(files.len() > 15);
    for file in files {
        let name = file.strip_prefix(one.folder.path()).expect("inside").display().to_string();
        assert!(one.file(&name) == two.file(&name), "{name}");
    }
}

#[test]
fn sweep_runs_a_grid_on_the_same_random_numbers() {
    let vary = "team.*.share.health=0%..20%:10%";
    let ended = orgsim(&["sweep", HEALTH, "-n", "5", "--vary", vary]).ends_with(0).says("best?");
    let rows = ended.rows("output/health-sweep/sweep.csv");
    assert_eq!(rows.len(), 1 + 4 * 5);
    let runs = |point: &str| -> Vec<String> {
        rows.iter().filter(|row| &row[0] == point).map(|row| row[7].to_owned()).collect()
    };
    assert_eq!(runs("-1"), runs("0"), "the point that changes nothing is the baseline");
    assert_ne!(runs("1"), runs("2"));
    ended.file("output/health-sweep/charts/sweep.png");
    let two =
        ["--vary", "team.*.share.health=0%,20%", "--vary", "team.*.wip.items=1,unlimited", "--axis", "world"];
    let ended = orgsim(&["sweep", HEALTH, "-n", "3"]).with(&two).ends_with(0);
    ended.file("output/health-sweep/charts/sweep.png");
    orgsim(&["sweep", HEALTH]).ends_with(2).complains("nothing to vary");
    orgsim(&["sweep", HEALTH, "--vary", "a=0..20000:1"]).ends_with(2).complains("10000");
    orgsim(&["sweep", HEALTH, "--vary", "team.*.wip.itms=1,2"])
        .ends_with(3)
        .complains("did you mean `items`");
}

#[test]
fn robust_counts_organisations_and_never_speaks_of_probability() {
    let vary = ["--vary", "team.*.engineers=3..9", "--vary", "team.*.attention=50%..90%"];
    let ended = orgsim(&["robust", HEALTH, "--worlds", "6"]).with(&vary).ends_with(0);
    let ended = ended.says("of 6 organisations drawn from these ranges").says("middle half of every range");
    assert!(ended.out().contains("no probability"));
    let rows = ended.rows("output/health-robust/worlds.csv");
    let policies =
        rows.iter().skip(1).map(|row| row[4].to_owned()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(rows.len(), 1 + 2 * 6 * 2 * policies.len(), "priors, organisations, lives, policies");
    ended.file("output/health-robust/charts/1-organisations.png");
    ended.file("output/health-robust/drivers.csv");
    // The same by `compare`, one organisation a row of a file, and what cannot be.
    let design = "team.*.engineers,team.*.attention\n3,60%\n4,70%\n99,300%\n5,65%\n";
    std::fs::write(ended.folder.path().join("listed.csv"), design).expect("a design");
    let listed = ended.folder.path().join("listed.csv").display().to_string();
    let told = orgsim(&["robust", HEALTH, "--design", &listed]).ends_with(0);
    told.says("4 organisations drawn").says("3 judged").says("1 could not be simulated");
    // The fixture's last table is its evidence.
    let drawn = "\"team.*.engineers\" = { range = [3, 9], source = \"x\", tier = \"assumed\" }";
    let with = format!("{}\n{drawn}\n", health());
    orgsim(&["compare", "--worlds", "3", "-n", "2"])
        .on("drawn.toml", &with)
        .ends_with(0)
        .says("Where it holds")
        .says("plausible organisations");
    let (without, _) = with.split_once("[evidence]").expect("the fixture has evidence");
    let bare = orgsim(&["robust"]).on("bare.toml", without);
    bare.ends_with(2).complains("no range to draw from");
    orgsim(&["robust", HEALTH, "--vary", "team.*.engineers=9..3"]).ends_with(2).complains("is no range");
}

#[test]
fn sensitivity_ranks_parameters_by_either_method() {
    let vary = ["--vary", "team.*.engineers=3..9", "--vary", "team.*.attention=50%..90%"];
    let morris =
        orgsim(&["sensitivity", HEALTH, "--points", "3", "--replications", "1"]).with(&vary).ends_with(0);
    assert_eq!(morris.rows("output/health-sensitivity/points.csv").len(), 1 + 3 * 3);
    assert_eq!(morris.rows("output/health-sensitivity/sensitivity.csv").len(), 1 + 2);
    morris.file("output/health-sensitivity/charts/sensitivity.png");
    let sobol = ["--method", "sobol", "--metric", "throughput", "--points", "4", "--lives", "1"];
    let sobol = orgsim(&["sensitivity", HEALTH]).with(&vary).with(&sobol).ends_with(0);
    assert_eq!(sobol.rows("output/health-sensitivity/points.csv").len(), 1 + 4 * 4);
    orgsim(&["sensitivity", HEALTH, "--metric", "luck"]).with(&vary).ends_with(2).complains("no metric");
    orgsim(&["sensitivity", HEALTH, "--vary", "team.*.enginers"]).ends_with(2).complains("no value at");
}

#[test]
fn check_says_what_a_scenario_implies() {
    orgsim(&["check", HEALTH]).ends_with(0).says("Checkout").says("56 %").says("Expected bottleneck");
    let drowning = health().replace("load = \"52%\"", "load = \"140%\"");
    orgsim(&["check"]).on("much.toml", &drowning).ends_with(0).complains("piles up for ever");
    let medium = "extends = \"typical-medium\"\nteam = [{ name = \"Checkout\", engineers = 7 }, { name = \"Fraud\", engineers = 5 }]\n";
    orgsim(&["check"]).on("medium.toml", medium).ends_with(0).says("teams are not merged");
}

#[test]
fn of_many_warnings_the_first_are_told_and_the_rest_are_counted() {
    let idle: String =
        (0..5).map(|at| format!("[stage.idle-{at}]\nteam = \"own\"\neffort = \"1 hour\"\n")).collect();
    let idle = format!("{}\n{idle}", health());
    let told = |verb: &'static str, words: &[&'static str]| {
        let ended = orgsim(&[&[verb], words].concat()).on("idle.toml", &idle).ends_with(0);
        ended.err().matches("does nothing").count()
    };
    assert_eq!((told("check", &[]), told("compare", &["-n", "2", "--no-charts"])), (5, 3));
    let ended = orgsim(&["compare", "-n", "2", "--no-charts"]).on("idle.toml", &idle).ends_with(0);
    ended.complains("2 more warnings of this scenario: `orgsim check idle.toml` shows all");
}

#[test]
fn explain_new_schema_and_trace() {
    orgsim(&["explain"]).ends_with(0).says("debt");
    orgsim(&["explain", "debt"]).ends_with(0).says("interest");
    orgsim(&["explain", "debt.interest"]).ends_with(0).says("stretched by");
    orgsim(&["explain", "debt.intrest"]).ends_with(2).complains("did you mean `interest`");
    orgsim(&["explain", "lognormal"]).ends_with(0).says("sigma");
    orgsim(&["explain", "policy.quarter"]).ends_with(0).says("includes");
    // What pages and tables say is no path: a metric by either of its names, and a term.
    orgsim(&["explain", "cycle time p50"]).ends_with(0).says("list metrics");
    orgsim(&["explain", "cycle_time_p50_days"]).ends_with(0).says("cycle time p50, a metric in working days");
    orgsim(&["explain", "Cycle time"]).ends_with(0).says("until it is done");
    orgsim(&["explain", "value"]).ends_with(0).says("at_completion");
    orgsim(&["explain", "on-call"]).ends_with(2).complains("incidents.people");
    orgsim(&["compare", HEALTH, "-n", "-5"]).ends_with(2).complains("a whole number from 1");
    let schema: serde_json::Value =
        serde_json::from_str(&orgsim(&["schema"]).ends_with(0).out()).expect("JSON");
    assert!(schema["properties"]["extends"].is_object() && schema["properties"]["team"].is_object());
    let ended = orgsim(&["trace", HEALTH, "--replication", "2", "--policy", "quarter"]).ends_with(0);
    assert!(ended.rows("output/health-trace/items.csv").len() > 50);
    assert!(ended.rows("output/health-trace/events.csv").len() > 500);
    // Items are told apart, and those of the events are the same ones.
    let numbers = |file: &str, column: usize| -> Vec<i64> {
        ended.rows(file).iter().skip(1).map(|row| row[column].parse().expect("a number")).collect()
    };
    // Every tick between coming and end has its cause, of what was dropped too.
    let rows = ended.rows("output/health-trace/items.csv");
    let column = |name: &str| rows[0].iter().position(|head| head == name).expect(name);
    let (born, end, last) = (column("born_hours"), column("ended_hours"), column("measured"));
    let hours = |row: &csv::StringRecord, at: usize| row[at].parse::<f64>().expect("hours");
    for row in &rows[1..] {
        let causes: f64 = (column("backlog_hours")..last).map(|at| hours(row, at)).sum();
        assert!((causes - (hours(row, end) - hours(row, born))).abs() < 1e-6, "{row:?}");
    }
    let (items, happened) =
        (numbers("output/health-trace/items.csv", 0), numbers("output/health-trace/events.csv", 2));
    let named: std::collections::BTreeSet<i64> = items.iter().copied().collect();
    assert!(named.len() == items.len() && items.iter().all(|item| happened.contains(item)));
}

#[test]
fn lists_completions_pages_and_the_version_say_what_there_is() {
    let root = ["--folder", concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")];
    orgsim(&["list"]).with(&root).ends_with(0).says("metrics").says("orgsim list NAME");
    // Without the source, the program lists and tries those that it brings.
    orgsim(&["list", "scenarios"]).ends_with(0).says("wip-limits.toml").says("orgsim new mine --from");
    orgsim(&["list", "claims", "--format", "csv"]).ends_with(0).says("d2-health-budget");
    orgsim(&["list", "claims", "--folder", "nowhere"]).ends_with(2).complains("There is no folder nowhere");
    orgsim(&["claims", "d1-debt-curve-short", "-n", "2", "--no-charts"]).ends_with(0).says("D1");
    let copy = orgsim(&["new", "mine", "--from", "wip-limits"]).ends_with(0).text("mine.toml");
    assert_eq!(copy, include_str!("../scenarios/wip-limits.toml"));
    orgsim(&["new", "mine", "--from", "wip-limit"]).ends_with(2).complains("did you mean `wip-limits`?");
    orgsim(&["list", "scenarios"]).with(&root).ends_with(0).says("health-budget.toml");
    orgsim(&["list", "presets"]).ends_with(0).says("typical-medium");
    orgsim(&["list", "levers"]).ends_with(0).says("team.*.share.health");
    let metrics: serde_json::Value =
        serde_json::from_str(&orgsim(&["list", "metrics", "--format", "json"]).ends_with(0).out())
            .expect("JSON");
    let metric = &metrics["rows"][0];
    assert_eq!((&metric["metric"], &metric["column"]), (&"value".into(), &"value_months".into()));
    orgsim(&["list", "claims", "--format", "csv"]).with(&root).ends_with(0).says("d2-health-budget");
    for (shell, words) in
        [("bash", "complete -F"), ("zsh", "#compdef orgsim"), ("fish", "complete -c orgsim")]
    {
        orgsim(&["completions", shell]).ends_with(0).says(words).says("sensitivity");
    }
    orgsim(&["man"]).ends_with(0).says(".TH orgsim 1");
    let pages = orgsim(&["man", "--out", "pages"]).ends_with(0);
    assert!(pages.text("pages/orgsim-shard-run.1").contains("SLURM_ARRAY_TASK_ID"));
    orgsim(&["--version"]).ends_with(0).says(concat!("orgsim ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn new_writes_a_scenario_that_compares_and_never_overwrites() {
    let ended = orgsim(&["new", "../../my teams"]).ends_with(0);
    let starter = ended.text("my-teams.toml");
    orgsim(&["check"]).on("s.toml", &starter).ends_with(0).says("Checkout");
    orgsim(&["compare"]).on("s.toml", &starter).with(&["-n", "3", "--no-charts"]).ends_with(0);
    let bare = orgsim(&["new", "all", "--bare"]).ends_with(0).text("all.toml");
    orgsim(&["compare"]).on("s.toml", &bare).with(&["-n", "3", "--no-charts"]).ends_with(0);
    assert!(starter.contains("extends = \"typical\"") && bare.contains("extends = \"bare\""));
    let words = ["new", "mine", "--team", "Check\"out=5", "--team", "Search=8", "--approvals", "all"];
    let mine = orgsim(&words)
        .with(&["--board", "tuesday 10:00", "--unplanned", "20%"])
        .ends_with(0)
        .text("mine.toml");
    let checked = orgsim(&["check"]).on("s.toml", &mine).ends_with(0).says("Search").says("6 kinds of work");
    orgsim(&["compare"])
        .on("s.toml", &mine)
        .with(&["-n", "2", "--no-charts", "--worlds", "0"])
        .ends_with(0)
        .says("no-approval");
    drop(checked);
    assert!(!mine.contains("# [stage.approve]") && !mine.contains("# [board.architecture]"), "{mine}");
    for words in ["name = 'Check\"out'", "at = \"Tuesday 10:00\"", "decision = \"any\"", "load = \"20%\""] {
        assert!(mine.contains(words), "{words} is missing in\n{mine}");
    }
    for (wrong, said) in [
        (["--team", "Five"], "NAME=ENGINEERS"),
        (["--board", "Tuesay"], "did you mean"),
        (["--unplanned", "2"], "%"),
        (["--board", "Sunday"], "no working day"),
    ] {
        orgsim(&["new", "wrong"]).with(&wrong).ends_with(2).complains(said);
    }
    orgsim(&["new", "wrong", "--bare", "--approvals", "all"]).ends_with(2);
    let mut again = orgsim(&["new", "x"]);
    std::fs::write(again.folder.path().join("x.toml"), "mine").expect("a file");
    again = again.with(&[]);
    let ended = again.ends_with(1).complains("already there");
    assert_eq!(ended.text("x.toml"), "mine");
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let typo = health().replace("interest = 3.0", "intrest = 3.0");
    let ended = orgsim(&["check"]).on("typo.toml", &typo).ends_with(3);
    let ended = ended.complains("typo.toml:").complains("^").complains("interest");
    assert!(!ended.err().contains('\u{1b}'), "no colour off a terminal");
    orgsim(&["run", "nowhere.toml"]).ends_with(3).complains("nowhere.toml");
    orgsim(&["compare", HEALTH, "--policy", "quartr"]).ends_with(3).complains("did you mean `quarter`");
    orgsim(&["compare", HEALTH, "--set", "team.*.engineer=9"]).ends_with(3).complains("engineers");
    orgsim(&["compare", HEALTH, "--replications", "0"]).ends_with(2);
    orgsim(&["frobnicate"]).ends_with(2);
    let alone = health().split("[policy.nothing]").next().expect("the first part").to_owned();
    orgsim(&["compare"]).on("alone.toml", &alone).ends_with(2).complains("no policy to compare");
}

/// What is asked of one person for two people's work has no mean in the long run, which whoever reads an answer has to know first.
#[test]
fn an_organisation_that_drowns_is_said_to_at_the_top() {
    let one = "extends = \"bare\"\nhorizon = \"100 days\"\nreplications = 6\n[[team]]\nname = \"dev\"\nengineers = 1\n\
               [work.item]\narrivals = { poisson = \"RATE/day\" }\nroute = [\"build\"]\n\
               [stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n\
               [policy.more]\n\"team.*.engineers\" = 4\n";
    let head = |command: &str, rate: &str| {
        let ended =
            orgsim(&[command]).on("s.toml", &one.replace("RATE", rate)).with(&["--no-charts"]).ends_with(0);
        let said = ended.out().split_whitespace().collect::<Vec<_>>().join(" ");
        said.split("The organisation:").next().expect("the top").to_owned()
    };
    let told = "Overloaded: dev is asked for 200 % of what it has. Open work grows without end there, so every figure holds for 100 days only";
    let run = head("run", "2");
    assert!(run.contains(told), "{run}");
    let compare = head("compare", "2");
    assert!(
        compare.contains("Overloaded: under “as it is”, dev is asked for 200 % of what it has."),
        "{compare}"
    );
    assert!(!head("run", "0.5").contains("Overloaded") && !head("compare", "0.5").contains("Overloaded"));
    // A board is asked for more than it hears, but what its full teams refuse never comes there.
    let approvals = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/approvals.toml");
    let behind = orgsim(&["check", approvals]).ends_with(0);
    behind.complains("board weekly").complains("if all of it came there");
    let run = ["run", approvals, "-n", "2", "--no-charts", "--no-audit"];
    assert!(!orgsim(&run).ends_with(0).out().contains("Overloaded"));
}

/// The same numbers as in the table, so that whoever reads only the summary has them.
#[test]
fn a_summary_has_the_numbers_that_carry_the_answer() {
    let ended = orgsim(&["compare", HEALTH, "-n", "12", "--quiet", "--no-charts"]).ends_with(0);
    let page = ended.text("output/health/summary.md");
    let lines: Vec<&str> = page.lines().filter(|line| line.contains("its interval")).collect();
    assert_eq!(lines.len(), 3, "each policy once:\n{page}");
    let table = ended.out();
    for line in lines {
        let numbers = line.split([':', ';']).filter_map(|part| part.trim().split_once("its interval "));
        let (_, interval) = numbers.into_iter().next().expect("an interval");
        assert!(table.contains(interval), "{interval} is not in\n{table}");
    }
    assert!(page.contains("baseline"), "what they are compared with is there, too:\n{page}");
    let run = orgsim(&["run", HEALTH, "-n", "4", "--quiet", "--no-charts", "--no-audit"]).ends_with(0);
    let page = run.text("output/health-run/summary.md");
    assert!(page.contains("- deployment frequency") && page.lines().count() <= 60, "{page}");
}

/// Sentences and files speak of points by their numbers.
#[test]
fn a_sweep_numbers_its_points() {
    let vary = ["--vary", "team.*.share.health=0%,20%", "--vary", "team.*.wip.items=1,2"];
    orgsim(&["sweep", HEALTH, "--policy", "quarter"])
        .with(&vary)
        .ends_with(2)
        .complains("in place of policies");
    let ended = orgsim(&["sweep", HEALTH, "-n", "4", "--no-charts"]).with(&vary).ends_with(0);
    let table = ended.out();
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| {
            line.contains('%') && line.contains("    ") && line.trim_start().starts_with(char::is_numeric)
        })
        .collect();
    let first = |row: &&str| row.split_whitespace().next().map(str::to_owned);
    assert_eq!(rows.iter().filter_map(first).collect::<Vec<_>>(), ["0", "1", "2", "3"], "{table}");
    assert!(table.contains("point") && table.lines().all(|line| line.chars().count() <= 80), "{table}");
}

/// One of something is not called many, wherever it is said.
#[test]
fn one_of_something_is_one() {
    let one = ["--policy", "tenth", "--no-charts"];
    let vary = ["--vary", "team.*.share.health=10%", "-n", "1", "--no-charts"];
    let screen = ["--points", "2", "--replications", "1", "--vary", "debt.interest", "--no-charts"];
    let calls = [
        orgsim(&["run", HEALTH, "-n", "1", "--no-audit"]).with(&one),
        orgsim(&["compare", HEALTH, "--only-replication", "0"]).with(&one),
        orgsim(&["sweep", HEALTH]).with(&vary),
        orgsim(&["sensitivity", HEALTH]).with(&screen),
        orgsim(&["trace", HEALTH]),
        orgsim(&["check", HEALTH]),
    ];
    for call in calls {
        let ended = call.ends_with(0);
        let mut said = vec![ended.out(), ended.err()];
        let pages = files_of(ended.folder.path())
            .into_iter()
            .filter(|file| file.extension().is_some_and(|kind| kind == "md"));
        said.extend(pages.map(|page| std::fs::read_to_string(page).expect("text")));
        for text in said {
            // Cells that stand beside one another are no sentence.
            let sentences = text.lines().filter(|line| !line.trim().contains("   "));
            let words: Vec<&str> = sentences.flat_map(str::split_whitespace).collect();
            let many = words
                .windows(2)
                .find(|pair| pair[0] == "1" && pair[1].trim_end_matches(['.', ',', ';', ':']).ends_with('s'));
            assert!(many.is_none_or(|pair| ["is", "was", "has"].contains(&pair[1])), "{many:?} in\n{text}");
        }
    }
}

#[test]
fn hostile_names_stay_names() {
    let hostile = health().replace("[policy.tenth]", "[policy.\"=cmd|' /C calc'!A0 <b>*x*</b>\"]");
    let ended = orgsim(&["compare"]).on("...toml", &hostile).with(&["-n", "3"]).ends_with(0);
    let files = files_of(ended.folder.path());
    assert!(
        files
            .iter()
            .all(|file| file.starts_with(ended.folder.path().join("output")) || file.ends_with("...toml"))
    );
    let folder =
        std::fs::read_dir(ended.folder.path().join("output")).expect("output").flatten().next().expect("one");
    let name = format!("output/{}", folder.file_name().to_string_lossy());
    assert!(ended.rows(&format!("{name}/replications.csv")).iter().any(|row| row[0].starts_with("'=cmd")));
    assert!(!ended.text(&format!("{name}/summary.md")).contains("<b>"));
}

#[test]
fn drowning_is_told_in_words() {
    let much = health().replace("load = \"52%\"", "load = \"400%\"").replacen(
        "horizon",
        "population_limit = 60\nhorizon",
        1,
    );
    let ended = orgsim(&["compare"]).on("much.toml", &much).with(&["-n", "3", "--no-charts"]).ends_with(1);
    let ended = ended.complains("every replication was stopped");
    assert!(ended.rows("output/much/replications.csv").iter().skip(1).all(|row| &row[3] == "overrun"));
}

#[test]
fn a_reader_that_goes_away_hurts_nobody() {
    let mut call = orgsim(&["schema"]);
    let mut child = call.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_finished() {
    let mut call = orgsim(&["compare", HEALTH, "-n", "100000", "--no-charts", "--threads", "1"]);
    let mut child = call.command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    std::thread::sleep(Duration::from_millis(1500));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let began = Instant::now();
    let status = child.wait().expect("ends");
    assert_eq!(status.code(), Some(130));
    assert!(began.elapsed() < Duration::from_secs(30));
    let rows =
        std::fs::read_to_string(call.folder.path().join("output/health/replications.csv")).expect("rows");
    let lines = rows.lines().count() - 1;
    assert!(lines >= 4 && lines.is_multiple_of(4), "{lines} rows");
}

/// Against another policy every difference is the other way round, and the baseline is one of those compared.
#[test]
fn policies_are_compared_with_each_other_when_asked() {
    let json = |words: &[&str]| {
        let ended = orgsim(&["compare", HEALTH, "-n", "8", "--no-charts", "--format", "json"])
            .with(words)
            .ends_with(0);
        serde_json::from_str::<serde_json::Value>(&ended.out()).expect("JSON")["data"].clone()
    };
    let of = |data: &serde_json::Value, name: &str| {
        let policies = data["policies"].as_array().expect("a list");
        let policy = policies.iter().find(|policy| policy["name"] == name).expect("the policy");
        policy["against_reference"]["objective"]["difference"]["mean"].as_f64()
    };
    let (forward, back) = (json(&[]), json(&["--against", "quarter"]));
    let (forth, again) = (of(&forward, "quarter"), of(&back, "nothing"));
    assert_eq!(of(&back, "quarter"), None, "the reference is compared with nothing");
    let sum = forth.expect("a difference") + again.expect("a difference");
    assert!(sum.abs() < 1e-9, "{forth:?} and {again:?}");
    orgsim(&["compare", HEALTH, "--against", "quartr"]).ends_with(2).complains("did you mean `quarter`");
}
