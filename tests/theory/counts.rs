//! Counts: items of a batch, work that work brings forth, parts. None is none, and the mean is what is written.

use super::support::{agree, refused, runs_of, written};

const DEV: &str = "extends = \"bare\"\nreplications = 40\n[[team]]\nname = \"dev\"\nengineers = 100\n";
const BUILD: &str = "[stage.build]\nteam = \"own\"\neffort = \"1 hour\"\n";

/// One initiative a day of a Poisson number of items, of mean 1: as many items as days, and as large a variance.
#[test]
fn a_batch_may_be_of_none() {
    let text = format!(
        "horizon = \"1000 days\"\n{DEV}[work.item]\narrivals = {{ every = \"1 day\" }}\nitems = {{ poisson = {{ mean = 1 }} }}\nroute = [\"build\"]\n{BUILD}"
    );
    let runs = runs_of("poisson batch", &written(&text)).swap_remove(0);
    let counts = runs.column("work.item.arrived");
    agree("items", &counts, 1000.0, 0.006);
    let squares: Vec<f64> = counts.iter().map(|count| (count - 1000.0).powi(2)).collect();
    agree("variance of items", &squares, 1000.0, 0.3);
}

/// A fraction is kept on average, whatever the distribution.
#[test]
fn a_batch_keeps_its_mean() {
    for (items, mean) in [
        ("0.3", 0.3),
        ("2.5", 2.5),
        ("{ uniform = { min = 0, max = 1 } }", 0.5),
        ("{ exponential = 0.7 }", 0.7),
        ("{ empirical = [0.25, 0.5, 3] }", 1.25),
    ] {
        let text = format!(
            "horizon = \"2000 days\"\n{DEV}[work.item]\narrivals = {{ every = \"1 day\" }}\nitems = {items}\nroute = [\"build\"]\n{BUILD}"
        );
        let runs = runs_of(items, &written(&text)).swap_remove(0);
        runs.agree_within("work.item.arrived", 2000.0 * mean, 0.01);
    }
}

/// Where a component's debt has density 20 %, work brings forth mean × (1 + 4 · 20 %) = 1.8 times its mean, whatever
/// the distribution; nobody repairs and nothing accrues here, so the density stays.
#[test]
fn bugs_keep_their_mean_and_follow_the_formula() {
    let code =
        "code = { components = 1, size_per_engineer = \"100 days\", density = \"20%\", concentration = 0 }\n";
    for (count, mean) in [
        ("0.3", 0.3),
        ("1", 1.0),
        ("{ poisson = { mean = 1 } }", 1.0),
        ("{ geometric = { mean = 2 } }", 2.0),
        ("{ uniform = { min = 0.5, max = 1.5 } }", 1.0),
        ("{ gamma = { mean = 1, cv = 2 } }", 1.0),
        ("{ empirical = [0, 0, 0.6] }", 0.2),
    ] {
        for (debt, factor) in [("0", 1.0), ("4", 1.8)] {
            let text = format!(
                "horizon = \"600 days\"\n{DEV}{code}[work.item]\narrivals = {{ every = \"1 day\" }}\nroute = [\"build\"]\n{BUILD}\
                 [work.bug]\narrivals = {{ after = {{ work = [\"item\"], count = {count}, debt = {debt}, delay = \"0 hours\" }} }}\nroute = [\"build\"]\n"
            );
            let runs = runs_of(&format!("{count} {debt}"), &written(&text)).swap_remove(0);
            let (bugs, items) = (runs.column("work.bug.arrived"), runs.column("work.item.done"));
            let each: Vec<f64> = bugs.iter().zip(&items).map(|(bugs, items)| bugs / items).collect();
            agree(&format!("{count} debt {debt}"), &each, mean * factor, 0.02);
        }
    }
}

/// Half a part on average, and none where none is drawn.
#[test]
fn parts_keep_their_mean() {
    for (count, mean) in [("0.5", 0.5), ("0", 0.0), ("{ poisson = { mean = 0.4 } }", 0.4)] {
        let text = format!(
            "horizon = \"2000 days\"\n{DEV}[work.item]\narrivals = {{ every = \"1 day\" }}\nroute = [\"need\"]\n[work.part]\nroute = [\"build\"]\n{BUILD}\
             [stage.need]\nparts = {{ need = [{{ work = \"part\", team = \"own\", count = {count} }}] }}\n"
        );
        let runs = runs_of(count, &written(&text)).swap_remove(0);
        let made = runs.column("stage.build.visits");
        if mean == 0.0 {
            assert!(made.iter().all(|parts| *parts == 0.0), "{made:?}");
        } else {
            agree(&format!("{count} parts"), &made, 2000.0 * mean, 0.02);
        }
    }
}

/// A load asks for its share of hours whatever an arrival brings.
#[test]
fn a_load_knows_how_much_an_arrival_brings() {
    let text = "extends = \"bare\"\nreplications = 40\nhorizon = \"20000 days\"\n[[team]]\nname = \"dev\"\nengineers = 1\n\
        [work.item]\narrivals = { load = \"50%\" }\nitems = { poisson = { mean = 0.5 } }\nroute = [\"build\"]\n\
        [stage.build]\nteam = \"own\"\neffort = \"1 day\"\n";
    runs_of("load", &written(text)).swap_remove(0).agree("team.dev.utilisation", 0.5);
}

/// Five machines that work for ten days on average, and one person who repairs one in two: the finite-source queue
/// M/M/1//N (Palm's machine repair; Gross and Harris 2018, 2.8). P₀ = 1/Σ N!/(N − k)! (λ/μ)ᵏ.
#[test]
fn a_finite_source_is_a_backlog_that_comes_again() {
    let text = "extends = \"bare\"\nreplications = 40\nhorizon = \"30000 days\"\nwarmup = \"500 days\"\n\
        [[team]]\nname = \"dev\"\nengineers = 1\n[work.item]\nbacklog = 5\n\
        arrivals = { after = { work = [\"item\"], count = 1, delay = { exponential = \"10 days\" } } }\nroute = [\"repair\"]\n\
        [stage.repair]\nteam = \"own\"\neffort = { exponential = \"2 days\" }\n";
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 0..5 {
        term *= f64::from(5 - k) * 0.2;
        sum += term;
    }
    let busy = 1.0 - 1.0 / sum;
    let runs = runs_of("machine repair", &written(text)).swap_remove(0);
    runs.agree("work.item.throughput_per_day", 0.5 * busy);
    runs.agree("team.dev.utilisation", busy);
}

fn circle(one: &str, other: &str, source: &str) -> String {
    format!(
        "horizon = \"100 days\"\n{DEV}{BUILD}[work.a]\nbacklog = 3\narrivals = {{ after = {{ work = [\"b\"], count = {one}, delay = \"1 day\" }} }}\nroute = [\"build\"]\n\
         [work.b]\narrivals = {{ after = {{ work = [\"a\"], count = {other}, delay = \"1 day\" }} }}\nroute = [\"build\"]\n{source}"
    )
}

/// The radius of a circle of two is the root of the product of its means.
#[test]
fn what_brings_forth_itself_dies_out_or_circles_or_is_refused() {
    let fed = "[work.c]\narrivals = { poisson = \"1/day\" }\nroute = [\"build\"]\n";
    written(&circle("0.5", "1.9", ""));
    written(&circle("0.5", "2", ""));
    written(&circle("0.5", "2", fed));
    let said = refused(&circle("0.5", "2.5", ""));
    assert!(said.contains("1.1180 times"), "{said}");
    let joined = circle("0.5", "2", fed).replace("work = [\"a\"]", "work = [\"a\", \"c\"]");
    assert!(refused(&joined).contains("comes back for ever"));
    written(&joined.replace("count = 0.5", "count = 0.4"));
    let own = |count: &str| {
        format!(
            "horizon = \"100 days\"\n{DEV}{BUILD}[work.a]\nbacklog = 1\narrivals = {{ after = {{ work = [\"a\"], count = {count}, delay = \"1 day\" }} }}\nroute = [\"build\"]\n"
        )
    };
    written(&own("1"));
    written(&own("{ poisson = { mean = 0.9 } }"));
    assert!(refused(&own("1.01")).contains("1.0100 times"));
}

/// Three of a circle of three stay three: what is done comes again after a day.
#[test]
fn a_circle_of_kinds_keeps_its_number() {
    let runs =
        runs_of("circle", &written(&circle("1", "1", "").replace("100 days", "1000 days"))).swap_remove(0);
    // Each round is a day away and an hour of work: 9 hours for each of the two kinds.
    let done = 3.0 * 1000.0 * 8.0 / 18.0;
    for kind in ["a", "b"] {
        runs.agree_to(&format!("work.{kind}.done"), done, 4.0);
    }
}

/// Work without end waits in the number written, in batches at least that many and less than a batch more.
#[test]
fn work_without_end_waits_in_the_number_written() {
    let endless = |more: &str| {
        format!(
            "extends = \"bare\"\nreplications = 40\nhorizon = \"500 days\"\n[[team]]\nname = \"dev\"\nengineers = 1\n[work.item]\narrivals = {{ endless = 4 }}\nroute = [\"build\"]\n{more}\n[stage.build]\nteam = \"own\"\neffort = {{ exponential = \"1 day\" }}\n"
        )
    };
    let batches = runs_of("batches", &written(&endless("items = 6"))).swap_remove(0);
    assert!(batches.column("in_system").iter().all(|items| (5.0..=11.0).contains(items)));
    for (more, said) in [
        ("patience = \"1 day\"", "does not give up"),
        ("waits = false", "would be refused"),
        ("backlog_limit = 3", "less than the 4"),
    ] {
        let text = refused(&endless(more));
        assert!(text.contains(said), "{text}");
    }
    assert!(refused(&endless("").replace("endless = 4", "endless = 0")).contains("between 1 and"));
    assert!(refused(&endless("items = 0")).contains("arrival of nothing"));
    let text = format!("stop = {{ items = 0 }}\n{}", endless(""));
    assert!(refused(&text).contains("nothing to measure"), "{}", refused(&text));
}
