//! What if, beside the forecast, as a user asks it: from an export by way of a fit, from today, under a policy.

use program::{ends, orgsim, text};
use std::path::Path;
use std::sync::OnceLock;

mod program;

const SCENARIO: &str = "extends = \"typical\"\nhorizon = \"50 weeks\"\npast = \"30 weeks\"\nseed = 7\n";
/// The day on which eighty weeks from Monday 2 January 2023 end.
const AS_OF: &str = "2024-07-12";
const ASK: &str = "forecast shop --worlds 60 --quiet";

/// A folder with an export of one replication, imported and fitted once for all tests.
fn fitted() -> &'static Path {
    static FITTED: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FITTED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("s.toml"), SCENARIO).expect("a scenario");
        ends(folder.path(), "trace s.toml --as tracker --out shop.csv --quiet", 0);
        ends(folder.path(), &format!("import shop.csv --as-of {AS_OF} --out shop --quiet"), 0);
        ends(folder.path(), "fit shop --out shop.toml -n 250 --quiet --no-charts", 0);
        folder
    });
    folder.path()
}

fn rows(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// What is open in the scenario is what is open in the data, with its age, and without a word of whose it is.
#[test]
fn a_fit_writes_what_is_open_today() {
    let at = fitted();
    let open = text(at.join("shop.open.csv"));
    assert!(open.starts_with("kind,created,started,initiative\n"), "{open}");
    let scenario = text(at.join("shop.toml"));
    assert!(scenario.contains("[open]\nfile = \"shop.open.csv\""), "{scenario}");
    // Of the data: what has no end, but for what has parts.
    let items = rows(&text(at.join("shop/items.csv")));
    let wholes: Vec<&str> = items.iter().map(|item| item[8].as_str()).filter(|it| !it.is_empty()).collect();
    let is_open =
        |item: &&Vec<String>| item[5].is_empty() && item[6].is_empty() && !wholes.contains(&item[0].as_str());
    let still: Vec<&Vec<String>> = items.iter().filter(is_open).collect();
    let begun = still.iter().filter(|item| !item[4].is_empty()).count();
    let open = rows(&open);
    assert!(still.len() > 10 && begun > 2, "{} {begun}", still.len());
    assert_eq!((open.len(), open.iter().filter(|row| !row[2].is_empty()).count()), (still.len(), begun));
    for row in &open {
        let number = |at: usize| row[at].parse::<f64>().unwrap_or(f64::NAN);
        assert!(number(1) >= 0.5 && (row[2].is_empty() || number(2) <= number(1)), "{row:?}");
    }
    ends(at, "check shop.toml", 0);
}

#[test]
fn a_policy_is_asked_what_the_forecast_is_asked() {
    let at = fitted();
    let said = ends(
        at,
        &format!("{ASK} --items 40 --by 2024-09-30 --policy fewer-initiatives --scenario shop.toml"),
        0,
    );
    for words in [
        "a what-if, not the forecast",
        "When are 40 more items finished?",
        "How many are finished by 2024-09-30?",
        "Same organisation, same random numbers: the difference is",
        "This is a what-if of a model. It is not the forecast",
        "times the forecast’s time",
        "items that are open on 2024-07-12",
        "in the long run, over organisations like this one? orgsim robust shop.toml --policy fewer-initiatives",
    ] {
        assert!(said.contains(words), "`{words}` is missing in {said}");
    }
    for promise in ["50 %", "70 %", "85 %", "95 %"] {
        assert!(said.contains(promise), "{said}");
    }
    // Nothing is surer than that.
    assert!(!said.contains("100 % un") && !said.contains("99 %"), "{said}");
    // The forecast's own answers are those of the forecast without a policy.
    ends(at, "forecast shop --items 40 --by 2024-09-30 --quiet --no-charts", 0);
    let plain = rows(&text(at.join("output/shop-forecast/forecast.csv")));
    let told = rows(&text(at.join("output/shop-what-if/whatif.csv")));
    let of = |question: &str, source: &str| {
        told.iter().filter(|row| row[0] == question && row[1] == source).cloned().collect::<Vec<_>>()
    };
    let dates: Vec<String> = of("working hours", "forecast").iter().map(|row| row[6].clone()).collect();
    // On a working day; a forecast may name a weekend, which is told as the Monday after it or the Friday before.
    assert_eq!(dates.len(), plain.len());
    let counts: Vec<&str> = plain.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(of("items", "forecast").iter().map(|row| row[3].clone()).collect::<Vec<_>>(), counts);
    // Percentiles ascend by promise, and stand within their intervals.
    for source in ["as-it-is", "fewer-initiatives"] {
        let hours: Vec<f64> =
            of("working hours", source).iter().map(|row| row[3].parse().unwrap_or(f64::INFINITY)).collect();
        assert!(hours.len() == 4 && hours.is_sorted(), "{hours:?}");
        for row in of("working hours", source).iter().chain(&of("items", source)) {
            let number = |at: usize| row[at].parse::<f64>().ok();
            let is_inside = |value: f64| {
                number(4).is_none_or(|low| low <= value) && number(5).is_none_or(|high| value <= high)
            };
            assert!(number(3).is_none_or(is_inside), "{row:?}");
        }
    }
    assert!(at.join("output/shop-what-if/report.html").exists());
}

/// A policy that changes nothing differs by nothing, in each organisation: both are on the same random numbers from the same
/// open items. And whoever has nothing else to do is sooner.
#[test]
fn the_difference_is_the_policy_s() {
    let at = fitted();
    let more =
        "\n[policy.same]\n\"team.*.order\" = \"value\"\n\n[policy.free]\n\"team.*.attention\" = \"100%\"\n";
    let scenario = text(at.join("shop.toml")).replace("\n[evidence]\n", &format!("{more}\n[evidence]\n"));
    std::fs::write(at.join("more.toml"), scenario).expect("a scenario");
    let json = |policy: &str, threads: u8| -> serde_json::Value {
        let words = format!(
            "{ASK} --items 30 --policy {policy} --scenario more.toml --format json --threads {threads} --out {policy}-{threads}"
        );
        let output = orgsim(at, &words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("json")
    };
    let found = |answer: &serde_json::Value, path: &str| {
        let at = answer.pointer(&format!("/data{path}")).or(answer.pointer(path));
        at.and_then(serde_json::Value::as_f64).unwrap_or_else(|| panic!("no {path} in {answer}"))
    };
    let same = json("same", 1);
    let difference =
        ["value", "low", "high"].map(|end| found(&same, &format!("/working_hours/difference/{end}")));
    assert_eq!(difference, [0.0; 3]);
    assert_eq!(found(&same, "/working_hours/share_larger/value"), 0.0);
    let free = json("free", 2);
    assert!(found(&free, "/working_hours/difference/high") < 0.0, "{free}");
    // The same on other threads, but for where files go.
    assert_eq!(json("free", 1), free);
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_to_do() {
    let at = fitted();
    let refused = |words: &str| ends(at, &format!("forecast {words}"), 2);
    assert!(
        refused("shop --items 4 --policy x --scenario none.toml")
            .contains("begin with orgsim fit shop --out none.toml")
    );
    assert!(refused("shop --items 4 --scenario shop.toml").contains("--policy"));
    assert!(refused("shop --items 4 --policy fewer-initiatives --growth 2").contains("cannot be used with"));
    assert!(refused("shop --policy fewer-initiatives").contains("--items"));
    assert!(refused("shop --items 4 --policy as-it-is").contains("no policy to compare with the baseline"));
    assert!(
        refused("shop.csv --items 4 --policy fewer-initiatives --scenario shop.toml").contains("shop.csv")
    );
    let scenario = text(at.join("shop.toml")).replace("[open]\nfile = \"shop.open.csv\"\n", "");
    std::fs::write(at.join("long.toml"), scenario).expect("a scenario");
    let said = refused("shop --items 4 --policy fewer-initiatives --scenario long.toml");
    assert!(said.contains("does not say what is open today"), "{said}");
    // Data that have gone on since are told of.
    let open = text(at.join("shop.open.csv"));
    let fewer: Vec<&str> = open.lines().take(6).collect();
    std::fs::write(at.join("old.open.csv"), fewer.join("\n") + "\n").expect("a file");
    let scenario = text(at.join("shop.toml")).replace("shop.open.csv", "old.open.csv");
    std::fs::write(at.join("old.toml"), scenario).expect("a scenario");
    let words = "shop --items 4 --policy fewer-initiatives --scenario old.toml --worlds 60 --out old --quiet";
    let said = ends(at, &format!("forecast {words}"), 0);
    assert!(said.contains("and 5 in the scenario") && said.contains("fit again"), "{said}");
    // Too little for a forecast is too little for this.
    let rows: String = (1..=20).map(|day| format!("{day},2024-01-{day:02},2024-02-{day:02}\n")).collect();
    std::fs::write(at.join("few.csv"), format!("id,created,finished\n{rows}")).expect("a file");
    ends(at, "import few.csv --out few --quiet", 0);
    let said = ends(at, "forecast few --items 4 --policy fewer-initiatives --scenario shop.toml", 1);
    assert!(said.contains("no forecast from less than 60 finished items"), "{said}");
}
