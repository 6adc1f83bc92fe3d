//! Claims, audit, path and best as people use them: the record renders, and one small claim runs from end to end.

use orgsim::report::claims::{findings, html, read, read_worlds, same, same_worlds, write, write_worlds};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const HEALTH: &str = include_str!("fixtures/health.toml");

const CLAIMS: &str = r#"
[policy."no repair"]
"team.*.share.health" = "0%"

[[claim]]
tags = ["D2"]
source = "advice"
statement = "A share for health <b>lowers</b> | *debt*."
better = "quarter"
than = "nothing"
measure = "debt density"
direction = "lower"
inputs = ["TD-1"]

[[claim]]
tags = ["D2"]
source = "advice"
statement = "What changes nothing is no different."
better = "no repair"
than = "nothing"
measure = "debt density"
direction = "none"

[[claim]]
tags = ["F2"]
source = "advice"
statement = "Hands are on the work for more than all of the time."
better = "nothing"
than_value = 1.0
measure = "flow efficiency"
direction = "higher"

[[claim]]
tags = ["F3"]
source = "advice"
statement = "What debt density picks has less debt than what value picks."
picked_by = "debt density"
than_picked_by = "debt density"
measure = "debt density"
direction = "lower"
"#;

fn orgsim(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
    command.current_dir(folder).stdin(Stdio::null()).args(words).output().expect("the program starts")
}

/// A folder with one file of claims on a small scenario.
fn laboratory(claims: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("scenarios/claims")).expect("a folder");
    std::fs::write(folder.path().join("scenarios/claims/small.toml"), format!("{HEALTH}\n{claims}"))
        .expect("a file");
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_small_claim_runs_from_end_to_end_and_is_checked_to_the_bit() {
    let folder = laboratory(CLAIMS);
    let run = |words: &[&str]| orgsim(folder.path(), &[&["claims", "-n", "12", "-q"], words].concat());
    let ended = run(&["--record"]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    let results = std::fs::read(folder.path().join("docs/claims/results.csv")).expect("the record");
    let claims = read(&results).expect("a record");
    let words: Vec<&str> = claims.iter().map(|claim| orgsim::report::claims::word(claim.finding)).collect();
    // By their tags: the two of D2, F2, then F3.
    assert_eq!(words, ["supported", "supported", "refuted", "practically the same"]);
    assert_eq!(write(&claims), results, "what is read is written again to the bit");
    let page = std::fs::read_to_string(folder.path().join("output/claims/index.html")).expect("a page");
    assert!(
        page.contains("&lt;b&gt;lowers&lt;/b&gt;") && !page.contains("<b>lowers") && page.contains("<svg")
    );
    for file in ["index.md", "results.csv", "charts/small-1.svg", "charts/small-4.png"] {
        assert!(folder.path().join("output/claims").join(file).is_file(), "{file}");
    }
    let ended = run(&["--check", "D2"]);
    assert!(ended.status.success() && text(&ended.stdout).contains("4 claims are as recorded"));
    let told = text(&results).replacen("supported", "refuted", 1);
    std::fs::write(folder.path().join("docs/claims/results.csv"), told).expect("a forged record");
    let ended = run(&["--check"]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(text(&ended.stderr).contains("the result has changed"), "{}", text(&ended.stderr));
}

#[test]
fn claims_over_plausible_organisations_are_recorded_and_checked_to_the_bit() {
    let folder = laboratory(CLAIMS);
    let run = |words: &[&str]| {
        orgsim(folder.path(), &[&["claims", "-n", "8", "-q", "--no-charts"], words].concat())
    };
    let ended = run(&["--worlds", "6", "--record"]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    assert!(text(&ended.stdout).contains("of 6"), "{}", text(&ended.stdout));
    let file = |name: &str| std::fs::read(folder.path().join("docs").join(name)).expect("a file");
    let results = file("claims/results.csv");
    let mut claims = read(&results).expect("a record");
    let worlds = file("claims/worlds.csv");
    read_worlds(&worlds, &mut claims).expect("a record of organisations");
    assert_eq!(write_worlds(&claims), worlds, "what is read is written again to the bit");
    // "No repair" changes nothing wherever it is tried, and hands are never on the work for all of the time.
    let over = |statement: &str| {
        let claim = claims.iter().find(|claim| claim.statement.starts_with(statement)).expect("a claim");
        let over = claim.worlds.as_ref().expect("organisations were asked");
        (over.holds.seen, over.holds.organisations, over.runs)
    };
    assert_eq!(over("What changes nothing"), (6, 6, 8), "the file picks, so it has four times as many lives");
    assert_eq!(over("Hands are on the work").0, 0);
    let page = text(&file("findings.md"));
    assert!(
        page == findings(&claims) && page.contains("Over plausible organisations, of 4 claims"),
        "{page}"
    );
    let ended = run(&["--check", "--worlds", "6"]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    let ended = run(&["--check", "--worlds", "5"]);
    assert!(text(&ended.stderr).contains("its record is of 6 organisations with 8 replications each"));
    let forged = text(&worlds).replacen("no border found", "somewhere", 1);
    std::fs::write(folder.path().join("docs/claims/worlds.csv"), forged).expect("a forged record");
    let ended = run(&["--check", "--worlds", "6"]);
    assert!(text(&ended.stderr).contains("what plausible organisations say has changed"));
    std::fs::write(folder.path().join("docs/claims/worlds.csv"), &worlds).expect("the record");
    // Recorded again without them, what they said of the same result is kept.
    assert!(run(&["--record"]).status.success());
    assert_eq!(file("claims/worlds.csv"), worlds);
    assert!(claims.iter().all(|claim| same_worlds(claim, claim)));
}

#[test]
fn a_scenario_without_ranges_says_that_it_cannot_be_asked() {
    let folder = laboratory(CLAIMS);
    let file = folder.path().join("scenarios/claims/small.toml");
    let all = std::fs::read_to_string(&file).expect("a file");
    let (before, after) = all.split_once("[evidence]").expect("ranges");
    let rest = after.find("[policy.\"no repair\"]").expect("a policy");
    std::fs::write(&file, format!("{before}{}", &after[rest..])).expect("a file");
    let ended = orgsim(folder.path(), &["claims", "-n", "2", "-q", "--no-charts", "--worlds", "4"]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    let index = std::fs::read_to_string(folder.path().join("output/claims/index.md")).expect("a page");
    assert!(index.contains("its scenario states no range") && index.contains("nothing to draw"), "{index}");
    let ended = orgsim(folder.path(), &["claims", "-q", "--lives", "4"]);
    assert_eq!(ended.status.code(), Some(2), "lives of organisations without organisations");
}

/// A file that extends a typical organisation is asked of both, one that names one of that one, and one that extends none of
/// its own.
#[test]
fn claims_are_judged_in_the_typical_organisations_that_they_are_about() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("scenarios/claims")).expect("a folder");
    let file = |name: &str, on: &str| {
        let text = format!(
            "extends = \"typical\"\nhorizon = \"1 month\"\npast = \"none\"\nreplications = 4\n[policy.none]\nbaseline = true\n\
             [policy.quarter]\n\"team.*.share.health\" = \"25%\"\n[claim]\ntags = [\"D2\"]\nsource = \"e\"\nstatement = \"More health.\"\n\
             better = \"quarter\"\nthan = \"none\"\nmeasure = \"health share\"\ndirection = \"higher\"\nfollows_from = \"what it is\"\n{on}"
        );
        std::fs::write(folder.path().join("scenarios/claims").join(name), text).expect("a file");
    };
    file("both.toml", "");
    file("one.toml", "on = [\"typical\"]\n");
    std::fs::write(folder.path().join("scenarios/claims/own.toml"), format!("{HEALTH}\n{CLAIMS}"))
        .expect("a file");
    let run = |words: &[&str]| {
        orgsim(folder.path(), &[&["claims", "-n", "4", "-q", "--no-charts"], words].concat())
    };
    let judged = || {
        let record = std::fs::read(folder.path().join("docs/claims/results.csv")).expect("the record");
        let claims = read(&record).expect("a record");
        claims
            .iter()
            .map(|claim| (claim.file.clone(), claim.on.clone()))
            .collect::<std::collections::BTreeSet<_>>()
    };
    let ended = run(&["--record"]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    let pair = |file: &str, on: &str| (file.to_owned(), on.to_owned());
    let all =
        [pair("both", "typical"), pair("both", "typical-medium"), pair("one", "typical"), pair("own", "")];
    assert_eq!(judged(), all.into());
    let page = std::fs::read_to_string(folder.path().join("docs/findings.md")).expect("the page");
    assert!(page.contains("judged in both typical organisations") && page.contains("what it is"), "{page}");
    assert!(run(&["--check", "both", "one", "own"]).status.success());
    // One of them again leaves the other's rows as they are.
    assert!(run(&["both", "--on", "typical-medium", "--record"]).status.success());
    assert_eq!(judged().len(), 4);
    let ended = run(&["both", "--on", "typcal"]);
    assert_eq!(ended.status.code(), Some(3));
    assert!(text(&ended.stderr).contains("did you mean `typical`"), "{}", text(&ended.stderr));
    let ended = run(&["own", "--on", "typical"]);
    assert!(text(&ended.stderr).contains("extends no typical organisation"), "{}", text(&ended.stderr));
    file("wrong.toml", "on = [\"typical-medum\"]\n");
    assert!(text(&run(&["wrong"]).stderr).contains("did you mean `typical-medium`"));
}

/// Without a policy no hours go into health: a gain is half of twice itself, and as much as itself and nothing.
#[test]
fn a_claim_compares_a_policy_with_gains_that_add_up() {
    let claim = |parts: &str, direction: &str| {
        format!(
            "[[claim]]\ntags = [\"E5\"]\nsource = \"advice\"\nstatement = \"It adds up.\"\nbetter = \"quarter\"\n\
             than_sum_of = {parts}\nmeasure = \"health share\"\ndirection = \"{direction}\"\n"
        )
    };
    let claims = claim("[\"quarter\", \"quarter\"]", "higher") + &claim("[\"quarter\", \"nothing\"]", "none");
    let folder = laboratory(&claims);
    let ended = orgsim(folder.path(), &["claims", "-n", "12", "-q", "--no-charts"]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    let results = std::fs::read(folder.path().join("output/claims/results.csv")).expect("the results");
    let found = read(&results).expect("a record");
    let words: Vec<&str> = found.iter().map(|claim| orgsim::report::claims::word(claim.finding)).collect();
    assert_eq!(words, ["refuted", "supported"]);
    assert_eq!(found[1].than, "the gains of quarter, nothing added up");
    assert!(
        (found[0].than_mean - 2.0 * found[0].better_mean).abs() < 1e-9 && found[1].relative.mean.abs() < 1e-9
    );
}

#[test]
fn claims_that_name_what_is_not_there_are_refused_at_their_place() {
    for (right, wrong, told) in [
        ("better = \"quarter\"", "better = \"quartr\"", "did you mean `quarter`"),
        ("measure = \"flow efficiency\"", "measure = \"flow\"", "there is no metric called `flow`"),
        ("than_value = 1.0", "", "say what it is compared with"),
        ("than_value = 1.0", "than_sum_of = [\"quarter\", \"nothin\"]", "did you mean `nothing`"),
        ("than_value = 1.0", "than_sum_of = [\"quarter\"]", "a sum has several parts"),
        ("than_value = 1.0", "than_value = 1.0\nthan_sum_of = [\"quarter\", \"nothing\"]", "once"),
        ("direction = \"none\"", "direction = \"up\"", "lower"),
    ] {
        let folder = laboratory(&CLAIMS.replacen(right, wrong, 1));
        let ended = orgsim(folder.path(), &["claims", "-q", "-n", "2"]);
        assert_eq!(ended.status.code(), Some(3), "{wrong}");
        assert!(text(&ended.stderr).contains(told), "{told}: {}", text(&ended.stderr));
    }
    let folder = laboratory(CLAIMS);
    assert_eq!(orgsim(folder.path(), &["claims", "Z9"]).status.code(), Some(2));
}

#[test]
fn the_page_of_findings_is_made_from_the_record() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let record = std::fs::read(root.join("docs/claims/results.csv")).expect("the record is committed");
    let mut claims = read(&record).expect("a record");
    if let Ok(worlds) = std::fs::read(root.join("docs/claims/worlds.csv")) {
        read_worlds(&worlds, &mut claims).expect("a record of plausible organisations");
        assert_eq!(write_worlds(&claims), worlds, "every row is of a claim that is recorded");
    }
    assert!(!claims.is_empty() && claims.iter().all(|claim| same(claim, claim)));
    if std::env::var("ORGSIM_PAGES").is_ok_and(|words| words == "write") {
        std::fs::write(root.join("docs/findings.md"), findings(&claims)).expect("the page can be written");
    }
    let page = std::fs::read_to_string(root.join("docs/findings.md")).expect("the page");
    assert!(page == findings(&claims), "write it again: orgsim claims --record, or ORGSIM_PAGES=write");
    assert!(html(&claims, &[]).contains("</html>"));
    for claim in &claims {
        let file = root.join("scenarios/claims").join(format!("{}.toml", claim.file));
        let scenario =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(scenario.contains(&claim.statement), "{}: {}", claim.file, claim.statement);
    }
}

#[test]
fn the_audit_tries_what_there_is_and_can_be_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("s.toml"), HEALTH).expect("a file");
    let run = |words: &[&str]| {
        let ended = orgsim(folder.path(), &[&["run", "s.toml", "-n", "9", "-q"], words].concat());
        assert!(ended.status.success(), "{}", text(&ended.stderr));
        text(&ended.stdout)
    };
    let said = run(&["--threads", "1"]);
    // Longer names are broken over lines of the table.
    for words in ["one more", "engineer in", "Audit: who approves"] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    assert!(folder.path().join("output/s-run/charts/2-audit.svg").is_file());
    assert_eq!(said, run(&["--threads", "2"]), "threads change nothing");
    assert!(!run(&["--no-audit", "--no-charts"]).contains("Audit"));
}

#[test]
fn a_way_tries_every_order_of_its_steps() {
    let folder = tempfile::tempdir().expect("a folder");
    let both = "\n[policy.both]\n\"team.*.share.health\" = \"25%\"\n\"team.*.wip.items\" = 2\n";
    std::fs::write(folder.path().join("s.toml"), format!("{HEALTH}{both}")).expect("a file");
    let run = |words: &[&str]| {
        orgsim(folder.path(), &[&["path", "s.toml", "-n", "4", "-q", "--no-charts"], words].concat())
    };
    let ended = run(&["--to", "both", "--every", "1 month"]);
    let said = text(&ended.stdout);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    assert!(
        said.contains("All 2 orders were tried") && said.contains("1, then 2") && said.contains("2, then 1"),
        "{said}"
    );
    assert!(folder.path().join("output/s-path/report.html").is_file());
    assert_eq!(run(&["--to", "bth"]).status.code(), Some(3));
    assert_eq!(run(&["--to", "both", "--every", "often"]).status.code(), Some(2));
    assert!(run(&["--from", "quarter", "--to", "both"]).status.success());
}

const LEVERS: &str = r#"
[best]
budget = 1

[best.lever.health]
set = { "team.*.share.health" = ["10%", "25%"] }
costs = [0.1, 30]

[best.lever.items]
set = { "team.*.wip.items" = "1,2" }
"#;

#[test]
fn the_best_mix_is_within_the_budget_and_judged_by_other_replications() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("s.toml"), format!("{HEALTH}{LEVERS}")).expect("a file");
    let run = |words: &[&str]| orgsim(folder.path(), &[&["best", "s.toml", "-n", "6", "-q"], words].concat());
    let ended = run(&["--threads", "1"]);
    let said = text(&ended.stdout);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    assert!(said.contains("All 8 mixes of 2 levers were tried") && said.contains("not seen"), "{said}");
    assert_eq!(
        said,
        text(&run(&["--threads", "2", "--no-charts", "--out", "other"]).stdout),
        "threads change nothing"
    );
    let output = folder.path().join("output/s-best");
    for file in ["best.csv", "report.html", "manifest.json", "charts/frontier.svg", "charts/frontier.png"] {
        assert!(output.join(file).is_file(), "{file}");
    }
    let rows = std::fs::read_to_string(output.join("best.csv")).expect("the mixes");
    let best = rows.lines().find(|row| row.ends_with(",best")).unwrap_or("nothing");
    assert!(!best.contains("25%"), "30 months are beyond the budget: {best}");
    assert_eq!(rows.lines().filter(|row| row.contains(",search,")).count(), 9);
    let runs = std::fs::read_to_string(output.join("replications.csv")).expect("the lives");
    let numbers = runs.lines().skip(1).filter_map(|row| row.split(',').nth(1)?.parse::<u64>().ok());
    assert!(numbers.into_iter().all(|number| (6..12).contains(&number)), "other lives than the search's");
}

#[test]
fn levers_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |levers: &str, words: &[&str]| {
        std::fs::write(folder.path().join("s.toml"), format!("{HEALTH}{levers}")).expect("a file");
        let ended =
            orgsim(folder.path(), &[&["best", "s.toml", "-n", "2", "-q", "--no-charts"], words].concat());
        (ended.status.code(), text(&ended.stderr))
    };
    for (right, wrong, code, told) in [
        ("budget = 1", "", 2, "say what a mix may cost"),
        ("budget = 1", "budgt = 1", 3, "did you mean `budget`"),
        ("[0.1, 30]", "[0.1]", 3, "write one cost for each position"),
        ("share.health\" =", "share.helth\" =", 3, "helth"),
        ("\"25%\"", "\"250%\"", 3, "250%"),
        ("wip.items\" = \"1,2\"", "share.health\" = [\"30%\"]", 2, "two levers set"),
    ] {
        let (status, said) = run(&LEVERS.replacen(right, wrong, 1), &[]);
        assert_eq!(status, Some(code), "{wrong}: {said}");
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(run("", &["--budget", "1"]).0, Some(2), "no levers");
    assert_eq!(run("", &["--budget", "1", "--vary", "team.*.wip.items=1"]).0, Some(0));
    assert_eq!(run(LEVERS, &["--only-replication", "1"]).0, Some(2));
}
