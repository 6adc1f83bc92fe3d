//! Starting only when enough has gathered: an M/M/1 queue whose server starts with Q waiting and goes on until nobody
//! is left has the time in system of an M/M/1 and E[Q(Q − 1)] / (2 λ E[Q]) more (Yadin and Naor 1963; Fuhrmann and
//! Cooper 1985).

use super::support::{runs_of, written};

const ARRIVALS: f64 = 0.5;

fn mean_days(threshold: &str, what: &str) -> super::support::PolicyRuns {
    let text = format!(
        "extends = \"bare\"\nhorizon = \"20000 days\"\nwarmup = \"200 days\"\nreplications = 30\n\
         [[team]]\nname = \"dev\"\nengineers = 1\n[work.item]\narrivals = {{ poisson = \"{ARRIVALS}/day\" }}\n\
         route = [\"build\"]\n[stage.build]\nteam = \"dev\"\neffort = {{ exponential = \"1 day\" }}\n{threshold}"
    );
    runs_of(what, &written(&text)).swap_remove(0)
}

#[test]
fn work_starts_when_five_have_gathered() {
    let runs = mean_days("threshold = { items = 5 }\n", "five");
    runs.agree("work.item.lead_time_mean_days", 1.0 / (1.0 - ARRIVALS) + 4.0 / (2.0 * ARRIVALS));
    // What is done is what came, whenever it is begun.
    runs.agree("team.dev.utilisation", ARRIVALS);
}

#[test]
fn or_when_the_first_has_waited_for_so_long() {
    let runs = mean_days("threshold = { items = 1000, after = \"3 days\" }\n", "three days");
    let came = ARRIVALS * 3.0;
    let more = (2.0 * came + came * came) / (2.0 * ARRIVALS * (1.0 + came));
    runs.agree("work.item.lead_time_mean_days", 1.0 / (1.0 - ARRIVALS) + more);
}

/// Three at once, held for two more: the fourth and fifth come on days 2 and 5, and one person does a day's work each.
/// With a policy that asks for three on day 3 the four that are there then begin on that day.
#[test]
fn a_lower_threshold_lets_through_what_is_held() {
    let text = "extends = \"bare\"\nhorizon = \"20 days\"\npast = \"none\"\nreplications = 2\n\
         [[team]]\nname = \"dev\"\nengineers = 1\n\
         [work.item]\narrivals = { trace = { times = [\"1 day\", \"1 day\", \"1 day\", \"2 days\", \"5 days\"] } }\n\
         route = [\"build\"]\n[stage.build]\nteam = \"dev\"\neffort = \"1 day\"\nthreshold = { items = 5 }\n\
         [policy.sooner]\nafter.\"3 days\".\"stage.build.threshold.items\" = 3\n";
    let runs = runs_of("sooner", &written(text));
    // Done on days 6 to 10: leads 5, 6, 7, 7 and 5 days.
    assert_eq!(runs[0].column("work.item.lead_time_mean_days"), [6.0, 6.0]);
    // Done on days 4 to 7, and the fifth, which comes while there is work, on day 8: leads 3, 4, 5, 5 and 3.
    assert_eq!(runs[1].column("work.item.lead_time_mean_days"), [4.0, 4.0]);
}
