//! From how cards moved to what is known of a team: a replication whose rework, waits and rhythms are known is exported as a
//! tracker would, imported, measured and fitted.

use orgsim::history::folder::Folder;
use orgsim::history::measure::Measures;
use orgsim::history::words::Check;
use program::{ends, text};
use std::path::Path;

mod program;

/// A team with time to spare, so that nothing waits but for what is waited for here: three of ten changes are sent back from their
/// review, a board hears what waits on every second Monday, and a train leaves on every fourth.
const KNOWN: &str = r#"
extends = "bare"
horizon = "2 years"
past = "8 weeks"
seed = 11

[[team]]
name = "Shop"
engineers = 12

[work.feature]
arrivals = { poisson = "1.5/day" }
size = "1 day"
route = ["build", "review", "approve", "release"]

[stage.build]
team = "own"
effort_share = "100%"

[stage.review]
review = {}
effort = "1 hour"
failure = { probability = "30%", back_to = "build", effort = { share = "50%" } }

[stage.approve]
board = "architecture"

[stage.release]
release = { train = { every = "4 weeks" } }

[board.architecture]
meets = { every = "2 weeks" }
"#;

/// The mean wait for a meeting on every second Monday at nine, in days of the calendar, of what is ready at any working hour: over
/// ten working days d with w of two weekends before, 14 − d − 2 w less the hours of the day, of which there are four on
/// average.
const WAIT: f64 = 14.0 - 4.5 - 1.0 - 4.0 / 24.0;

/// A replication of it as a tracker has it, imported.
fn imported(folder: &Path, replication: usize) -> Measures {
    std::fs::write(folder.join("known.toml"), KNOWN).expect("a scenario");
    let said = ends(
        folder,
        &format!("trace known.toml --as tracker --out shop.json --replication {replication}"),
        0,
    );
    let next =
        said.split("Next: ").nth(1).and_then(|next| next.split("orgsim ").nth(1)).expect("a next step");
    ends(folder, &format!("{} --quiet", next.trim()), 0);
    let read = |name: &str| std::fs::read_to_string(folder.join("shop").join(name)).unwrap_or_default();
    let history = Folder {
        items: read("items.csv"),
        moves: read("moves.csv"),
        deployments: read("deployments.csv"),
        incidents: read("incidents.csv"),
        people: read("people.csv"),
        settings: read("import.toml"),
    };
    Measures::of(&history.history().expect("a folder that was imported"), 100)
}

#[test]
fn what_is_known_of_a_team_lies_in_the_intervals_that_are_measured() {
    let (mut back, mut waited) = (0, 0);
    for replication in 0..10 {
        let folder = tempfile::tempdir().expect("a folder");
        let measures = imported(folder.path(), replication);
        let review = measures.sent_back.iter().find(|one| one.check == Check::Review).expect("reviews ended");
        assert!(review.share.n > 500, "{review:?}");
        back += usize::from((review.share.low..=review.share.high).contains(&0.3));
        let wait = measures.waits.iter().find(|wait| wait.status == "approve: waiting").expect("a wait");
        waited += usize::from((wait.days.low..=wait.days.high).contains(&WAIT));
        let rhythms = measures.rhythms;
        let (train, board) = (rhythms.releases.expect("a train"), rhythms.approvals.expect("a board"));
        assert_eq!((train.words(), board.words()), ("every 4th Monday".into(), "every second Monday".into()));
        assert!(rhythms.ends_live);
    }
    // Of ten intervals of 90 %, fewer than seven hold the truth once in eighty times.
    assert!(back >= 7 && waited >= 7, "{back} and {waited} of ten");
}

#[test]
fn a_fit_has_the_rhythms_that_were_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    imported(at, 0);
    let page = ends(at, "measure shop --no-charts", 0);
    let measures = text(at.join("shop/measures.csv"));
    for words in ["sent back from review,%,", "stay in “approve: waiting”,days,"] {
        assert!(measures.contains(words), "`{words}` is missing in {measures}");
    }
    for words in
        ["Releases have a rhythm: every 4th Monday.", "Approvals have a rhythm: every second Monday."]
    {
        assert!(page.contains(words), "`{words}` is missing in {page}");
    }
    let said = ends(at, "fit shop --out shop.toml -n 200 --threads 2 --no-charts", 0);
    assert!(said.contains("stage.review.failure.probability"), "{said}");
    assert!(said.contains("Not drawn: board.*.meets.every is 2 weeks (counted: "), "{said}");
    let scenario = text(at.join("shop.toml"));
    for words in [
        "[stage.release]\nrelease.train.every = \"4 weeks\"    # measured",
        "[board.architecture]\nmeets.every = \"2 weeks\"    # measured",
        "\"board.*.meets.every\" = { source = \"counted: ",
        "days with approvals lie on every second Monday or the day beside it",
        "\"stage.release.release.train.every\" = { source = \"counted: ",
    ] {
        assert!(scenario.contains(words), "`{words}` is missing in {scenario}");
    }
    ends(at, "check shop.toml", 0);
    // What was counted is in every row, so that nobody draws it.
    let draws = text(at.join("shop.posterior.csv"));
    let mut draws = csv::Reader::from_reader(draws.as_bytes());
    let head = draws.headers().expect("a head").clone();
    let column = head.iter().position(|head| head == "board.*.meets.every").expect("a column");
    assert!(draws.records().all(|row| &row.expect("a row")[column] == "2 weeks"));
}
