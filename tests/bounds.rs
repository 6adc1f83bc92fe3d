//! What would never end, or ask for more than there is, is refused with the number it implies; and what is accepted and
//! still goes on without end ends with a said reason.

use orgsim::experiment::replicate::replicate;
use orgsim::scenario::study::{Amendments, Study};
use std::fmt::Write;
use std::path::PathBuf;

const QUEUE: &str = "extends = \"bare\"\nhorizon = \"100 weeks\"\nreplications = 2\n[[team]]\nname = \"dev\"\nengineers = 2\n[work.item]\narrivals = { poisson = \"0.7/day\" }\nroute = [\"build\"]\n[stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n";

fn read(text: &str, set: &[&str]) -> Result<Study, Vec<String>> {
    let set = set.iter().map(|change| (*change).to_owned()).collect();
    let read = Study::from_text(
        "bounds.toml",
        text.as_bytes(),
        PathBuf::from("."),
        &Amendments { set, policies: Vec::new() },
    );
    read.map(|(study, _)| study)
        .map_err(|refusal| refusal.problems.iter().map(|problem| problem.message.clone()).collect())
}

/// A scenario must be refused, with these words among what is said.
fn refused(text: &str, set: &[&str], words: &str) {
    let said = read(text, set).expect_err(words);
    assert!(said.iter().any(|message| message.contains(words)), "{words}: {said:?}");
}

#[test]
fn absurd_rates_are_refused_with_the_number_they_imply() {
    for (set, words) in [
        (&["work.item.arrivals.poisson=\"1000000000/day\""][..], "implies about 5.0e11 items"),
        (&["work.item.arrivals={ gaps = \"0.001 seconds\" }"], "implies about 1.4e10 items"),
        (&["work.item.arrivals={ every = \"0.001 seconds\" }"], "implies about 1.4e10 items"),
        (&["work.item.items=1000000"], "implies about 3.5e8 items"),
        (&["stage.build.effort=\"0.001 seconds\"", "work.item.arrivals={ load = \"90%\" }"], "implies about"),
        (&["stage.build.effort=\"0.001 seconds\"", "work.item.arrivals={ endless = 2 }"], "implies about"),
        (&["stage.build.effort=\"0 hours\"", "work.item.arrivals={ endless = 10 }"], "implies about"),
        (&["stage.build.failure={ probability = \"99.9999999%\" }"], "visits of each item"),
        (&["team.dev.absence={ between = \"0.001 seconds\", lasts = \"0 hours\" }"], "absences"),
        (&["team.dev.interruptions={ between = \"0.001 seconds\", lasts = \"0 hours\" }"], "interruptions"),
    ] {
        refused(QUEUE, set, words);
    }
    let machine = QUEUE
        .replace("team = \"dev\"\neffort", "machine = { run = \"1 hour\", flaky = \"99.999%\" }\neffort");
    refused(&machine, &[], "runs for each item");
    let endless = machine.replace("99.999%", "0%").replace("poisson = \"0.7/day\"", "endless = 3");
    refused(&endless, &[], "nothing that it waits for");
    let board =
        format!("{QUEUE}[board.b]\nmeets = {{ every = \"0.001 seconds\" }}\n[stage.sign]\nboard = \"b\"\n");
    refused(&board, &[], "meetings");
    let rejects = board.replace("0.001 seconds", "1 day")
        + "[board.c]\nrejects = \"99.9999%\"\nmeets = { every = \"1 day\" }\n";
    refused(&rejects, &[], "hearings of each item");
}

#[test]
fn what_is_usual_is_not_refused() {
    for set in [
        &["stage.build.failure={ probability = \"99%\" }"][..],
        &["horizon=\"100000 days\""],
        &["work.item.arrivals={ poisson = \"200/day\" }", "team.dev.engineers=300"],
        &["work.item.arrivals={ endless = 10 }"],
        &["work.item.arrivals={ load = \"300%\" }"],
    ] {
        assert!(read(QUEUE, set).is_ok(), "{set:?}: {:?}", read(QUEUE, set).err());
    }
}

/// A part of itself; two and three kinds in a ring; and a ring through what comes after.
#[test]
fn parts_that_lead_to_themselves_are_refused_unless_they_die_out() {
    let ring = |kinds: &[&str], chance: &str| {
        let mut text = QUEUE.to_owned();
        for (at, kind) in kinds.iter().enumerate() {
            let part = kinds[(at + 1) % kinds.len()];
            let _ = write!(
                text,
                "[work.{kind}]\narrivals = {{ every = \"1 week\" }}\nroute = [\"need-{kind}\", \"build\"]\n[stage.need-{kind}]\nparts = {{ need = [{{ work = \"{part}\", team = \"own\", chance = \"{chance}\" }}] }}\n"
            );
        }
        text
    };
    for kinds in [&["a"][..], &["a", "b"], &["a", "b", "c"]] {
        refused(&ring(kinds, "100%"), &[], " end");
        assert!(read(&ring(kinds, "40%"), &[]).is_ok());
    }
    let after = format!(
        "{QUEUE}[work.a]\nroute = [\"need\"]\narrivals = {{ after = {{ work = [\"b\"], count = 1, delay = \"1 day\" }} }}\n[work.b]\nroute = [\"build\"]\n[stage.need]\nparts = {{ need = [{{ work = \"b\", team = \"own\" }}] }}\n"
    );
    refused(&after, &[], " end");
    // Fewer than one of each, though one has two parts.
    let two = ring(&["a", "b"], "40%")
        .replace("chance = \"40%\" }] }\n[work.b]", "chance = \"40%\", count = 2 }] }\n[work.b]");
    assert!(read(&two, &[]).is_ok());
    assert!(read(&two.replace("count = 2", "count = 7"), &[]).is_err());
}

#[test]
fn tables_are_only_so_long_and_names_too() {
    let stages: String =
        (0..65_536).map(|at| format!("[stage.s{at}]\nteam = \"dev\"\neffort = \"1 hour\"\n")).collect();
    refused(&format!("{QUEUE}{stages}"), &[], "stages are more than");
    let kinds: String = (0..1_500).map(|at| format!("[work.k{at}]\nroute = [\"build\"]\n")).collect();
    refused(&format!("{QUEUE}{kinds}"), &[], "kinds of work are more than");
    let boards: String =
        (0..1_500).map(|at| format!("[board.b{at}]\nmeets = {{ every = \"1 day\" }}\n")).collect();
    refused(&format!("{QUEUE}{boards}"), &[], "are more than");
    let teams: String = (0..1_500).map(|at| format!("[[team]]\nname = \"t{at}\"\nengineers = 1\n")).collect();
    refused(&format!("{QUEUE}{teams}"), &[], "teams are more than");
    let long = "x".repeat(65_536);
    refused(&QUEUE.replace("dev", &long), &[], "letters");
    refused(&QUEUE.replace("build", &long), &[], "letters");
    refused(&format!("{QUEUE}[policy.{long}]\n\"team.*.engineers\" = 3\n"), &[], "letters");
}

#[test]
fn a_chain_escalates_to_no_chain() {
    let chain = "[stage.sign]\nchain = \"line\"\n[board.b]\nmeets = { every = \"1 day\" }\n[chain.line]\nmembers = [\"b\"]\nescalation = { after = \"1 day\", to = \"line\" }\n";
    refused(&format!("{QUEUE}{chain}"), &[], "escalates to a board or an approver");
}

/// Every chance by itself is one that is simulated; together they send work round a million times at one instant.
#[test]
fn what_goes_round_at_one_instant_ends_with_a_reason() {
    let again = "[stage.one]\nmachine = { run = \"0 hours\" }\nfailure = { probability = \"99.9%\" }\n";
    let ring = format!(
        "{again}{}",
        again.replace("one", "two").replace("99.9%\" }", "99.9%\", back_to = \"one\" }")
    );
    let study =
        read(&format!("{QUEUE}{ring}"), &["work.item.route=[\"one\", \"two\"]", "population_limit=1000"]);
    let ended = replicate(&study.expect("a scenario"), 0).swap_remove(0).expect_err("it never ends");
    assert!(ended.reason().contains("at one instant"), "{ended:?}");
}

/// A drawn number of items far beyond what may be open is not made.
#[test]
fn more_than_may_be_open_is_not_made() {
    let set = ["work.item.items={ lognormal = { mean = 100, cv = 100000.0 } }", "population_limit=500"];
    let study = read(QUEUE, &set).expect("a scenario");
    for completed in replicate(&study, 1) {
        assert!(completed.err().is_none_or(|ended| ended.reason().contains("were open at once")));
    }
}
