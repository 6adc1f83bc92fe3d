//! A roadmap: what is promised goes first, and what a date takes.

use super::support::{live, refused, study};
use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::units::{Instant, Ticks};

/// When what is done by some hour had come, in tenths of an hour, in the order in which it was done.
fn done(set: &[&str], until: u32) -> Vec<u64> {
    let study = study("roadmap", set);
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, 0));
    let came = |replication: &Replication<'_>| -> Vec<u64> {
        let items = replication.ctx.org.items.iter();
        items.map(|(_, item)| (item.born.hours() * 10.0).round() as u64).collect()
    };
    let (mut done, mut before) = (Vec::new(), Vec::new());
    for hour in 1..=until {
        let now = Instant::START + Ticks::from_hours(f64::from(hour) + 0.95);
        replication.run_until(now, &mut ()).expect("no overrun");
        let open = came(&replication);
        done.extend(before.iter().filter(|item| !open.contains(item)));
        before = open;
    }
    done
}

/// Worked out by hand. The first is begun as it comes, the others from the last backwards, since nothing was there to be promised.
/// At the date, after 40 hours, four are written, the fifth is half done. A fill of f leaves 32 f - 8 hours for the oldest of
/// equals, one after the other until they are full, and what is promised comes before what comes at 42 hours, which would be next.
#[test]
fn what_is_promised_comes_before_all_else() {
    let first = [10, 19, 18, 17, 16];
    for (fill, next) in [
        ("25%", [15, 420, 14, 13, 12, 11]),
        ("50%", [11, 420, 15, 14, 13, 12]),
        ("100%", [13, 12, 11, 420, 15, 14]),
        ("300%", [15, 14, 13, 12, 11, 420]),
    ] {
        let fill = format!("roadmap.fill=\"{fill}\"");
        assert_eq!(done(&[&fill], 90), [&first[..], &next].concat(), "{fill}");
    }
    // Without dates, or without a roadmap, the last to come goes first.
    for set in ["roadmap=", "roadmap.every=\"1 year\""] {
        assert_eq!(done(&[set], 90), [&first[..], &[15, 420, 14, 13, 12, 11]].concat(), "{set}");
    }
    // First come, first served: what comes later is last in any case.
    let fair = done(&["team.dev.order=\"first-come\""], 90);
    assert_eq!(fair, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 420]);
}

/// Of 252 days of a year, four are dates: everybody sits for the time that one takes.
#[test]
fn a_date_takes_its_hours_of_everybody() {
    for (people, hours) in [(1, 4.0), (6, 1.5), (3, 0.0)] {
        let (people_are, takes) =
            (format!("team.dev.engineers={people}"), format!("roadmap.takes=\"{hours} hours\""));
        let set = [
            people_are.as_str(),
            &takes,
            "roadmap.every=\"1 quarter\"",
            "work.item.arrivals={ endless = 3 }",
            "horizon=\"262 days\"",
            "warmup=\"10 days\"",
        ];
        let runs = live("roadmap", &set);
        runs.agree_to("roadmap_hours_per_year", 4.0 * hours * f64::from(people), 1e-9);
    }
}

#[test]
fn a_roadmap_that_could_promise_nothing_is_refused() {
    let text = |order: &str, whole: &str| {
        format!(
            "extends = \"bare\"\nhorizon = \"10 days\"\n[[team]]\nname = \"dev\"\nengineers = 2\norder = \"{order}\"\n\
             [work.item]\narrivals = {{ poisson = \"1/day\" }}\nsize = \"1 day\"\nroute = [\"build\"]\n{whole}\n\
             [stage.build]\nteam = \"dev\"\neffort_share = \"100%\"\ncode = true\n[roadmap]\nevery = \"1 quarter\"\n"
        )
    };
    let whole = "initiative = { size = \"5 days\" }";
    for (order, whole, said) in
        [("random", whole, "cannot keep promises"), ("value", "", "nothing to promise")]
    {
        let why = refused(&text(order, whole));
        assert!(why.contains(said), "{why}");
    }
}
