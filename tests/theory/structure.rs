//! Teams: what is lost between them, what they hold in mind, and what they do for each other.

use super::support::{live, run_policies};

/// Mean time in an M/M/1 queue.
fn mm1(arrive: f64, mean: f64) -> f64 {
    1.0 / (1.0 / mean - arrive)
}

/// What leaves an M/M/1 queue is Poisson (Burke 1956), so two in a row are two of them; reading again makes the
/// second slower by its share, misunderstanding makes it an M/G/1 whose work is sometimes longer (Pollaczek and
/// Khinchine: W = λ E[S²] / 2(1 − ρ)).
#[test]
fn what_is_lost_between_teams_slows_the_second() {
    let lead = "work.item.lead_time_mean_days";
    live("silos", &[]).agree_within(lead, 2.0 * mm1(0.5, 1.0), 0.01);
    let lossy = live("silos", &["topology.reread=\"30%\""]);
    lossy.agree_within(lead, mm1(0.5, 1.0) + mm1(0.5, 1.3), 0.01);
    lossy.agree("handoffs_per_change", 1.0);
    assert!(lossy.column("within_team_share").iter().all(|share| *share == 0.0));
    let (chance, again) = (0.25, 0.8);
    let (mean, square) = (1.0 + chance * again, 2.0 * (1.0 - chance + chance * 1.8 * 1.8));
    let theory = mm1(0.5, 1.0) + mean + 0.5 * square / (2.0 * (1.0 - 0.5 * mean));
    let set = ["topology.misread=\"25%\"", "topology.again=\"80%\""];
    live("silos", &set).agree_within(lead, theory, 0.01);
}

/// One team that does it all loses nothing, whatever is lost between teams.
#[test]
fn whoever_does_it_all_crosses_no_border() {
    let set = ["stage.back.team=\"a\"", "stage.front.effort={ exponential = \"0.5 days\" }"];
    let lossy = ["topology.reread=\"50%\"", "topology.misread=\"50%\"", "topology.again=\"100%\""];
    let (plain, lossy) = (live("silos", &set), live("silos", &[&set[..], &lossy].concat()));
    assert_eq!(plain.column("lead_time_mean_days"), lossy.column("lead_time_mean_days"));
    assert!(lossy.column("within_team_share").iter().all(|share| *share == 1.0));
}

/// Four components for one person who holds two: work takes 1 + overload times as long; people of a craft are
/// as many times as fast. A platform of one person who carries one takes half of two off.
#[test]
fn load_slows_craft_speeds_and_a_platform_relieves() {
    let (lead, first) = ("work.item.lead_time_mean_days", mm1(0.5, 1.0));
    let heavy = ["topology.overload=0.4", "team.b.code.components=4"];
    live("silos", &heavy).agree_within(lead, first + mm1(0.5, 1.4), 0.01);
    // Levels are sampled weekly, which replications of thousands of weeks are not.
    let short = [heavy[0], heavy[1], "horizon=\"400 days\"", "warmup=\"0 days\""];
    live("silos", &short).agree_within("cognitive_load", 1.0, 1e-9);
    let craft = ["team.b.kind=\"function\"", "topology.specialist=1.6"];
    live("silos", &craft).agree_within(lead, first + mm1(0.5, 1.0 / 1.6), 0.01);
    let platform = [
        "topology.overload=0.4",
        "team.b.code.components=6",
        "horizon=\"40000 days\"",
        "topology.platform={ carries = 0.5, most = \"90%\", risk = 0 }",
        "team.a.kind=\"platform\"",
    ];
    // Six, less one that the platform's one person carries, over two: a load of 2.5.
    live("silos", &platform).agree_within(lead, first + mm1(0.5, 1.0 + 0.4 * 1.5), 0.01);
}

/// An hour's session each week with the one team there is: what is missing shrinks by exp(−rate · hours), and what
/// there is is forgotten by half in the stated time, so the level settles where both agree.
#[test]
fn practice_settles_where_learning_and_forgetting_agree() {
    let set = [
        "team.a.kind=\"enabling\"",
        "topology.enabling={ stays = \"1 week\", session = \"1 hour\", teaches = 0.3, forgets = \"10 weeks\", gain = 0, safer = 0 }",
        "horizon=\"2000 days\"",
        "warmup=\"1000 days\"",
        "work.item.arrivals.poisson=\"0.01/day\"",
    ];
    let (kept, missed) = (0.5f64.powf(0.1), (-0.3f64).exp());
    // x = 1 − (1 − kept·x)·missed, seen just after a session.
    let settled = (1.0 - missed) / (1.0 - kept * missed);
    let runs = live("silos", &set);
    let levels = runs.column("practice");
    let mean = levels.iter().sum::<f64>() / levels.len() as f64;
    assert!((mean - settled / 2.0).abs() < 0.01 * settled, "{mean} against {}", settled / 2.0);
}

/// Two components at three hours a week are six hours a week of somebody's time.
#[test]
fn running_takes_its_hours_every_week() {
    let runs = live("running", &[]);
    runs.agree_within("running_hours_per_year", 6.0 * 50.4, 0.002);
    runs.agree_within("utilisation", 6.0 / 40.0 + 0.001 / 8.0, 0.01);
}

/// Trust goes with the people: one who trusts at 60 % and nine who trust no more are ten at 6 %. In three teams, the
/// three people among whom the one comes are at 20 % and the others at nothing: over all heads it is 6 % again.
#[test]
fn trust_goes_with_the_people() {
    let runs = run_policies("merged", &[]);
    for policy in &runs[1..] {
        policy.agree_to("trust", 0.06, 1e-3);
    }
}
