//! From a tracker's export to organisations like it, through the program: what is written can be read, what was put in is
//! found, and comparisons draw what was fitted.

use orgsim::experiment::fitting::calibration::{HELD_OUT, Trials, calibrate};
use orgsim::experiment::fitting::records;
use orgsim::experiment::replicate::{Watched, follow};
use orgsim::experiment::run::RunOptions;
use orgsim::fit::figures::{Figure, Known, figures};
use orgsim::fit::records::Records;
use orgsim::history::folder::Folder;
use orgsim::history::history::{History, Outcome};
use orgsim::observation::tracker::{End, Tracked, Tracker};
use orgsim::scenario::study::{Amendments, Study};
use program::{ends, text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

mod program;

const SCENARIO: &str = "extends = \"typical\"\nhorizon = \"40 weeks\"\npast = \"30 weeks\"\nseed = 7\n";
/// The day on which seventy weeks from Monday 2 January 2023 end.
const AS_OF: &str = "2024-05-03";
const WEEKS: usize = 40;

/// A folder with an export of one replication, imported.
fn imported() -> tempfile::TempDir {
    imported_from("csv")
}

/// The same, from a table of items, or from issues with their changelog.
fn imported_from(ending: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("s.toml"), SCENARIO).expect("a scenario");
    let said = ends(folder.path(), &format!("trace s.toml --as tracker --out shop.{ending}"), 0);
    let all = format!("shop.{ending} ./shop-deployments.csv ./shop-incidents.csv");
    assert!(said.contains(&format!("Next: orgsim import ./{all} --as-of {AS_OF}")), "{said}");
    ends(folder.path(), &format!("import {all} --as-of {AS_OF} --out shop --quiet"), 0);
    folder
}

fn history(folder: &Path) -> History {
    let read = |name: &str| std::fs::read_to_string(folder.join("shop").join(name)).unwrap_or_default();
    let folder = Folder {
        items: read("items.csv"),
        moves: read("moves.csv"),
        deployments: read("deployments.csv"),
        incidents: read("incidents.csv"),
        people: read("people.csv"),
        settings: read("import.toml"),
    };
    folder.history().expect("a folder that was imported")
}

/// The same replication, looked at without a file in between.
fn lived() -> (Study, Tracked) {
    let (study, _) = Study::from_text("s.toml", SCENARIO.as_bytes(), PathBuf::new(), &Amendments::default())
        .unwrap_or_else(|refusal| panic!("{:?}", refusal.problems));
    let mut tracker = Tracker::default();
    follow(Watched::All, &study, study.baseline(), 0, &mut tracker).expect("a replication");
    (study, tracker.tracked())
}

/// Counts by kind and end, and seconds from start to end, ascending.
type Told = (BTreeMap<(String, &'static str), usize>, Vec<i64>);

#[test]
fn a_tracker_export_is_read_back_as_it_was() {
    // A table tells no moves; a changelog does, and with it how reviews ended.
    read_back("csv", Known { moves: false, reviewed: false, ..Known::all() });
    read_back("json", Known::all());
}

fn read_back(ending: &str, all: Known) {
    let folder = imported_from(ending);
    let history = history(folder.path());
    let (study, tracked) = lived();
    let items = &tracked.items;
    let clock = study.scenario.clock;
    let hours = (study.past + study.horizon).hours();

    // Item by item: how many of which kind ended how, and how long each took.
    let mut real: Told = Default::default();
    for item in history.items.iter().filter(|item| item.kind != "Epic") {
        *real.0.entry((item.kind.clone(), item.outcome.word())).or_default() += 1;
        if let (Some(started), Some(ended)) = (item.started, item.delivered()) {
            real.1
                .push(((ended.days(&history.zone) - started.days(&history.zone)) * 86_400.0).round() as i64);
        }
    }
    let mut simulated: Told = Default::default();
    for item in items {
        let end = match item.ended {
            Some((_, End::Done)) => Outcome::Done.word(),
            Some((_, End::Dropped)) => Outcome::Dropped.word(),
            None => Outcome::Open.word(),
        };
        *simulated.0.entry((item.kind.clone(), end)).or_default() += 1;
        if let (Some(started), Some((ended, End::Done))) = (item.started, item.ended) {
            // The clock of a day: nine o'clock and eight hours; nights and weekends lie between.
            let second = |hours: f64| {
                let day = (hours / 8.0).floor();
                let calendar = day + 2.0 * (day / 5.0).floor();
                (calendar * 86_400.0 + (9.0 + hours - day * 8.0) * 3_600.0).floor() as i64
            };
            simulated.1.push(second(ended) - second(started));
        }
    }
    real.1.sort_unstable();
    simulated.1.sort_unstable();
    assert!(simulated.1.len() > 300, "{}", simulated.1.len());
    assert_eq!(real.0, simulated.0);
    // Seconds are cut off at both ends.
    let is_same = |(real, simulated): (&i64, &i64)| real.abs_diff(*simulated) <= 1;
    assert_eq!(real.1.len(), simulated.1.len());
    assert!(real.1.iter().zip(&simulated.1).all(is_same));

    // Deployments and incidents to the second: one that lasts has no end, and one that a change brought about names it.
    let seconds = |records: &Records| {
        let moments = |one: &orgsim::fit::records::Incident| {
            let ended = one.ended.map(|end| end.second - one.started.second);
            (ended, one.deployment.map(|stated| stated.second - one.started.second))
        };
        records.incidents.iter().map(moments).collect::<Vec<_>>()
    };
    let (seen, known) = (Records::of(&history, None), records(&tracked, &clock, hours));
    assert_eq!(seconds(&seen), seconds(&known));
    assert!(known.incidents.len() >= 20 && known.deployments.len() >= 300, "{:?}", known.incidents);
    assert!(known.incidents.iter().any(|one| one.deployment.is_some()));
    assert!(known.incidents.iter().any(|one| one.deployment.is_none()));

    // And what a fit looks at is the same to the bit, whether incidents name their deployments or not.
    for stated in [true, false] {
        let look = |records: &Records| figures(records, WEEKS, Known { stated, ..all });
        same(&look(&seen), &look(&known));
    }
    assert!(Known::of(&seen, WEEKS) == all, "{:?}", Known::of(&seen, WEEKS));
}

#[track_caller]
fn same(seen: &[Figure], known: &[Figure]) {
    assert_eq!(seen.len(), known.len());
    for (seen, known) in seen.iter().zip(known) {
        assert_eq!(
            seen.value.to_bits(),
            known.value.to_bits(),
            "{}: {} {}",
            seen.name,
            seen.value,
            known.value
        );
    }
}

/// With epics in the export or without them, the same is measured and forecast.
#[test]
fn what_has_parts_is_no_item() {
    let folder = imported();
    let at = folder.path();
    let export = text(at.join("shop.csv"));
    let without: Vec<&str> = export.lines().filter(|line| !line.starts_with("EPIC-")).collect();
    assert!(without.len() + 10 < export.lines().count(), "there are epics");
    let other = at.join("without");
    std::fs::create_dir(&other).expect("a folder");
    std::fs::write(other.join("shop.csv"), without.join("\n")).expect("written");
    ends(&other, &format!("import shop.csv --as-of {AS_OF} --out shop --quiet"), 0);
    ends(at, &format!("import shop.csv --as-of {AS_OF} --out shop --quiet"), 0);
    assert!(text(at.join("shop/items.csv")).contains("Epic"), "import keeps them");
    let said = |folder: &Path| {
        ends(folder, "measure shop --no-charts --quiet", 0);
        let files = ["measures.csv", "weeks.csv"].map(|name| text(folder.join("shop").join(name)));
        (files, ends(folder, "forecast shop --items 40 --no-charts --quiet", 0))
    };
    assert_eq!(said(at), said(&other));
    assert!(text(at.join("shop/quality.md")).contains("what is below them is the work"));
}

#[test]
fn a_fit_becomes_a_scenario_that_is_compared() {
    let folder = imported();
    let at = folder.path();
    let said = ends(at, "fit shop --out shop.toml -n 200 --threads 2", 0);
    for words in [
        "fitted",
        "Not identifiable",
        "Assumed:",
        "inside?",
        "organisations like this one? orgsim compare shop.toml",
    ] {
        assert!(said.contains(words), "`{words}` is missing in {said}");
    }
    let scenario = text(at.join("shop.toml"));
    assert!(scenario.contains("tier = \"fitted\"") && scenario.contains("[posterior]"), "{scenario}");
    ends(at, "check shop.toml", 0);
    // Deployments and incidents are looked at, and numbers of which they tell are fitted with the others.
    let figures = text(at.join("output/shop-fit/figures.csv"));
    for words in
        ["deployments, a week", "share of deployments after", "incidents, a week", "time to recovery p85"]
    {
        assert!(figures.contains(words), "`{words}` is missing in {figures}");
    }
    let page = text(at.join("output/shop-fit/report.html"));
    let drawn = page.split("Drawn and fitted together").nth(1).expect("what was drawn is on the page");
    let drawn = drawn.split("</table>").next().expect("a table");
    let of_base = drawn.split("failure.base</th>").nth(1).expect("it is among them");
    let how = of_base.split("</td>").next().expect("a cell");
    assert!(how.ends_with("assumed") || how.ends_with("fitted"), "{how}");
    // The same on one thread, to the byte, and what is there is not written over.
    ends(at, "fit shop --out again.toml -n 200 --threads 1 --quiet --no-charts", 0);
    let draws = text(at.join("shop.posterior.csv"));
    assert_eq!(draws, text(at.join("again.posterior.csv")));
    assert_eq!(text(at.join("shop.open.csv")), text(at.join("again.open.csv")));
    let renamed = scenario.replace("shop.posterior", "again.posterior").replace("shop.open", "again.open");
    assert_eq!(renamed, text(at.join("again.toml")));
    assert!(ends(at, "fit shop --out shop.toml", 1).contains("it was not touched"));

    // Organisations of a comparison have rows of the draws, all else from ranges.
    ends(at, "robust shop.toml --worlds 12 -n 2 --policy fewer-initiatives --quiet --no-charts", 0);
    let mut drawn = csv::Reader::from_reader(draws.as_bytes());
    let heads = drawn.headers().expect("a head").clone();
    let column = heads.iter().position(|head| head == "work.feature.patience").expect("patience is drawn");
    let attention = heads.iter().position(|head| head == "team.*.attention").expect("attention is drawn");
    let pairs: Vec<(String, String)> = drawn
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| (row[column].to_owned(), row[attention].to_owned()))
        .collect();
    assert_eq!(pairs.len(), 500);
    let worlds = text(at.join("output/shop-robust/worlds.csv"));
    let mut worlds = csv::Reader::from_reader(worlds.as_bytes());
    let heads = worlds.headers().expect("a head").clone();
    let of = |name: &str| heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("no {name}"));
    let (patience, share) = (of("work.feature.patience_hours"), of("team.*.attention_share"));
    let hours = |text: &str| {
        text.parse::<orgsim::notation::Span>()
            .expect("a span")
            .hours(&orgsim::notation::WorkCalendar::default())
    };
    let known: Vec<(f64, f64)> = pairs
        .iter()
        .map(|(patience, share)| {
            (hours(patience), share.trim_end_matches('%').parse::<f64>().expect("a share") / 100.0)
        })
        .collect();
    let mut rows = 0;
    for world in worlds.records().map(|row| row.expect("a row")) {
        let number = |at: usize| world[at].parse::<f64>().expect("a number");
        let is = |pair: &&(f64, f64)| {
            (pair.0 - number(patience)).abs() < 1e-6 && (pair.1 - number(share)).abs() < 1e-9
        };
        assert!(known.iter().find(is).is_some(), "{} and {} are of no row", &world[patience], &world[share]);
        rows += 1;
    }
    assert!(rows >= 12);
    // What moves numbers one by one, or is of one organisation, says that it leaves the draws aside.
    let said = ends(
        at,
        "sensitivity shop.toml --points 2 -n 1 --vary team.*.attention --vary failure.base --quiet --no-charts",
        0,
    );
    assert!(said.contains("so the joint draws of shop.posterior.csv are not drawn"), "{said}");
    ends(at, "best shop.toml -n 4 --budget 50 --vary team.*.share.health=20% --quiet --no-charts", 0);
    let page = text(at.join("output/shop-best/summary.md"));
    assert!(
        page.contains("one organisation, as the scenario writes it, and not of those in shop.posterior.csv")
    );
    // A lever is not drawn, and a file that is not there is an error with its place.
    assert!(!heads.iter().any(|head| head.contains("wip.initiatives")));
    let lost = format!("team.Nobody.attention,{draws}").replace('\n', "\n82%,");
    std::fs::write(at.join("shop.posterior.csv"), lost.trim_end_matches("82%,")).expect("written");
    let said = ends(at, "check shop.toml", 3);
    for words in ["it has a column team.Nobody.attention", "shop.toml:", "fit again, or take the table away"]
    {
        assert!(said.contains(words), "`{words}` is missing in {said}");
    }
    std::fs::remove_file(at.join("shop.posterior.csv")).expect("it was there");
    let said = ends(at, "check shop.toml", 3);
    assert!(said.contains("[posterior] file") && said.contains("shop.toml:"), "{said}");
    let said = ends(at, "robust shop.toml --worlds 2 -n 2 --quiet --no-charts", 1);
    assert!(said.contains("[posterior] file = \"shop.posterior.csv\": "), "{said}");
}

#[test]
fn too_little_is_not_fitted() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let rows: String =
        (1..=20).map(|day| format!("{day},2024-01-{day:02},2024-01-{day:02},2024-02-{day:02}\n")).collect();
    std::fs::write(at.join("few.csv"), format!("id,created,started,finished\n{rows}")).expect("a file");
    ends(at, "import few.csv --out few --quiet", 0);
    let said = ends(at, "fit few", 1);
    assert!(
        said.contains("no fit: few has 20 items delivered in 7 weeks; a fit needs 60 items and 26 weeks"),
        "{said}"
    );
    assert!(!at.join("few.toml").exists());
    assert!(ends(at, "fit few --out Few.toml", 2).contains("name a file such as few.toml"));
    assert!(ends(at, "fit nothing", 2).contains("begin with orgsim import FILE"));
}

/// A short version of `examples/calibrate_fit`, whose results docs/own-data.md has: intervals hold the truth, engineers are
/// found, of what nobody could see nothing is said, and the weeks after lie in their bands.
#[test]
fn fits_find_what_was_put_in() {
    let trials = Trials {
        organisations: 30,
        draws: 400,
        shared: true,
        weeks: 52,
        held_out: 13,
        windows: 20,
        operated: true,
        seed: 11,
    };
    let run_options = RunOptions::to_the_end(None);
    let found = calibrate(&trials, &run_options, |_| ()).unwrap_or_else(|why| panic!("{why}"));
    let (held, of) = found.fitted.iter().fold((0, 0), |(held, of), one| (held + one.held, of + one.of));
    assert!(found.trials >= 22, "{} trials", found.trials);
    // Of 308 and more at 90 %, 83 to 97 % are four standard deviations on both sides, if they were independent; they have
    // some in common.
    assert!((of * 83..=of * 97).contains(&(held * 100)), "{held} of {of}");
    // Weeks that were held out lie in their bands: of 100 and more at 90 %, 80 % are three standard deviations below.
    let times = found.predicted.iter().filter(|one| HELD_OUT.contains(&one.name));
    let (inside, of) = times.fold((0, 0), |(inside, of), one| (inside + one.inside, of + one.of));
    assert!(of >= 88 && inside * 100 >= of * 80, "{inside} of {of}: {:?}", found.predicted);
    let width = |path: &str| {
        let one = found.fitted.iter().find(|one| one.path == path).unwrap_or_else(|| panic!("no {path}"));
        one.widths.iter().sum::<f64>() / one.widths.len() as f64
    };
    assert!(width("team.*.engineers") < 0.6 && width("team.*.attention") > 0.85, "{:?}", found.fitted);
    let silent = found.silent.iter().find(|(path, _)| path == "debt.interest").map_or(0, |(_, count)| *count);
    assert!(silent * 10 >= found.trials * 8, "{silent} of {}", found.trials);
}
