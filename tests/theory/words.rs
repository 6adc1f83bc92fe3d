//! What a scenario can say about people, room and ends, each against the formula it must reproduce.

use super::support::{agree, live, runs_of, written};

/// Two stations, work without end, a machine with room for `slots`: a birth-death chain of slots + 2 states.
#[test]
fn a_full_machine_blocks_the_people_before_it() {
    for slots in [1, 3] {
        let ratio: f64 = 0.8;
        let sum: f64 = (0..=slots + 1).map(|n| ratio.powi(n)).sum();
        let runs = live("door", &[&format!("stage.test.slots={slots}")]);
        runs.agree("work.item.throughput_per_day", (1.0 - 1.0 / sum) / 0.8);
    }
}

/// Erlang's B formula: (aᶜ/c!) / Σ aᵏ/k!.
#[test]
fn without_a_backlog_it_is_erlangs_loss_system() {
    let terms: Vec<f64> = (1..=3).fold(vec![1.0], |mut terms, k| {
        terms.push(terms[terms.len() - 1] * 2.0 / f64::from(k));
        terms
    });
    let lost = terms[3] / terms.iter().sum::<f64>();
    let runs = live("loss", &[]);
    let shares: Vec<f64> = runs
        .column("work.item.dropped")
        .iter()
        .zip(runs.column("work.item.arrived"))
        .map(|(lost, all)| lost / all)
        .collect();
    agree("share lost", &shares, lost, 0.005);
    runs.agree("in_system", 2.0 * (1.0 - lost));
}

/// A server that is away for Exp(r) after being there for Exp(f), busy or not: L = λ((f + r)² + μf) /
/// ((f + r)(μr − λ(f + r))) (Mitrany and Avi-Itzhak 1968, one server).
#[test]
fn people_who_are_away_are_servers_that_break_down() {
    let (arrive, serve, fail, repair): (f64, f64, f64, f64) = (0.4, 1.0, 0.2, 0.5);
    let both = fail + repair;
    let open = arrive * (both * both + serve * fail) / (both * (serve * repair - arrive * both));
    let away =
        "team.dev.absence={ between = { exponential = \"5 days\" }, lasts = { exponential = \"2 days\" } }";
    let runs = live("mm1", &["work.item.arrivals.poisson=\"0.4/day\"", away, "horizon=\"22000 days\""]);
    runs.agree_within("in_system", open, 0.01);
    runs.agree_within("work.item.lead_time_mean_days", open / arrive, 0.01);
}

/// Somebody there for a part of the week is a server of that part of the speed.
#[test]
fn part_time_people_are_slower_servers() {
    let set = [
        "work.item.arrivals.poisson=\"0.35/day\"",
        "team.dev.part_time=[{ people = 1, share = \"50%\" }]",
        "horizon=\"48000 days\"",
    ];
    live("mm1", &set).agree_within("work.item.lead_time_mean_days", 1.0 / (0.5 - 0.35), 0.01);
}

/// By hand: two people, of whom one gives half the week, ten days of 8 hours: 120 hours are paid. The one item takes 4
/// hours of whoever takes it up, the one who gives half of the week 8 by the clock. They cost 15 working days of 21 a month.
/// A week of tools at 10 % takes a tenth of what is given, whoever is called.
#[test]
fn a_part_timer_counts_as_the_hours_they_give() {
    for part_timers in [1, 2] {
        let text = format!(
            "extends = \"bare\"\nhorizon = \"10 days\"\nreplications = 2\n\
             [[team]]\nname = \"dev\"\nengineers = 2\npart_time = [{{ people = {part_timers}, share = \"50%\" }}]\n\
             [work.item]\narrivals = {{ trace = {{ times = [\"1 day\"] }} }}\nroute = [\"build\"]\n\
             [stage.build]\nteam = \"dev\"\neffort = \"4 hours\"\n"
        );
        let given = 2.0 - 0.5 * f64::from(part_timers);
        let runs = runs_of(&text, &written(&text)).swap_remove(0);
        for column in ["utilisation", "team.dev.utilisation"] {
            runs.agree_to(column, 4.0 / (80.0 * given), 1e-12);
        }
        runs.agree_to("cost_months", 10.0 * given / 21.0, 1e-12);
        runs.agree_to("headcount", 2.0, 1e-12);
    }
    // One who gives half: 4 hours by the clock of the 40 of a week, of which 2 are given, of 20.
    let set = ["team.dev.engineers=1", "team.dev.part_time=[{ people = 1, share = \"50%\" }]"];
    let half = live("tooling", &[&set[..], &["team.dev.tooling.builds=\"10%\""]].concat());
    half.agree_to("team.dev.duty", 0.1, 1e-3);
    half.agree_to("tooling_per_year", 2.0 * 2016.0 / 40.0, 0.5);
    // Tools rise with the hours that are given: as with half the hours of somebody who gives all.
    let whole = live("tooling", &["team.dev.engineers=1", "team.dev.tooling.builds=\"5%\""]);
    half.agree_to("tooling", whole.column("tooling")[0], 1e-3);
}

/// n people on every item at n times the speed are an M/M/1 queue; at less, one that is slower.
#[test]
fn a_crew_on_every_item_is_one_server() {
    live("crew", &[]).agree_within("work.item.lead_time_mean_days", 1.0 / (2.0 - 1.4), 0.01);
    let set = ["work.item.arrivals.poisson=\"1/day\"", "stage.build.crew.speed=[\"100%\", \"150%\"]"];
    let runs = live("crew", &set);
    runs.agree_within("work.item.lead_time_mean_days", 1.0 / (1.5 - 1.0), 0.01);
    runs.agree("utilisation", 1.0 / 1.5);
}

/// A backlog of n is worked off in the sum of n services, and so are n items of one without end.
#[test]
fn a_replication_ends_when_it_is_told_to() {
    live("makespan", &["stop=\"empty\""]).agree("observed_days", 60.0);
    live("makespan", &["stop={ items = 30 }"]).agree("observed_days", 30.0);
}

/// Debt alone, repaid by everybody: in proportion to what is left it decays as an exponential; given back, not
/// an hour more is spent than there is debt.
#[test]
fn repayment_can_depend_on_what_is_left() {
    let alone = "team.dev.share.health=\"100%\"";
    let runs = live(
        "debt",
        &[alone, "debt.shortcut=\"0%\"", "debt.repays=\"left\"", "debt.typical=\"50%\"", "replications=2"],
    );
    for weeks in [10, 20, 60] {
        let theory = 0.2 * (-4.0 * 5.0 * weeks as f64 / (800.0 * 0.5)).exp();
        let seen = f64::from(runs.outcomes[0].weeks[weeks - 1][0]);
        assert!((seen - theory).abs() < 0.02 * theory, "after {weeks} weeks {seen}, theory {theory}");
    }
    let neat = "debt.shortcut=\"0%\"";
    let large = "work.repair.size=\"300 hours\"";
    let hours = |surplus: &str| {
        let runs =
            live("debt", &[alone, neat, large, &format!("debt.surplus=\"{surplus}\""), "replications=2"]);
        runs.column("team.dev.health_share")[0] * 4.0 * 500.0 * 8.0
    };
    let principal = 0.2 * 800.0 * 8.0;
    assert!((hours("given-back") - principal).abs() < 0.01, "{}", hours("given-back"));
    assert!((hours("wasted") - 1500.0).abs() < 0.01, "{}", hours("wasted"));
}

/// Two parts side by side at two teams: Flatto and Hahn 1984, T = (12 − ρ)/8 · 1/(μ − λ). One after the other:
/// two M/M/1 queues in tandem (Burke 1956). By lot, one part each: half the arrivals at each team.
#[test]
fn parts_of_other_teams_are_a_fork_and_join() {
    live("parts", &[]).agree_within("work.item.lead_time_mean_days", (12.0 - 0.6) / 8.0 / 0.4, 0.01);
    let tandem = live("parts", &["stage.need.parts.in_order=true"]);
    tandem.agree_within("work.item.lead_time_mean_days", 2.0 / (1.0 - 0.6), 0.01);
    let lot = "stage.need.parts.need=[{ work = \"part\", team = \"b\", chance = \"50%\" }]";
    live("parts", &[lot]).agree_within("work.item.lead_time_mean_days", 0.5 / (1.0 - 0.3), 0.01);
}

/// The largest of k exponential parts nobody waits for: H(k) = 1 + 1/2 + … + 1/k.
#[test]
fn parts_without_waiting_take_as_long_as_the_longest() {
    let need = "stage.need.parts.need=[{ work = \"part\", team = \"b\", count = 4 }]";
    let set = [
        need,
        "team.b.engineers=60",
        "work.item.arrivals.poisson=\"1/day\"",
        "horizon=\"900 days\"",
        "warmup=\"100 days\"",
    ];
    let runs = live("parts", &set);
    runs.agree("work.item.lead_time_mean_days", 1.0 + 1.0 / 2.0 + 1.0 / 3.0 + 1.0 / 4.0);
    // The last part hands its time over: all of it is work, none of it waiting.
    runs.agree("lead_time_work_days", 1.0 + 1.0 / 2.0 + 1.0 / 3.0 + 1.0 / 4.0);
}

/// Each item waits for the one before it. Of T days an item that is live after k has T − k in which its initiative may
/// come, so the last of a few initiatives are not in the mean.
#[test]
fn items_of_an_initiative_can_wait_for_each_other() {
    const DAYS: f64 = 4_000.0;
    let (days, items) =
        [1.0, 2.0, 3.0].iter().fold((0.0, 0.0), |(days, items), k| (days + k * (DAYS - k), items + DAYS - k));
    live("links", &[]).agree("work.item.lead_time_mean_days", days / items);
}
