//! Trust, hidden incidents and practices: levels and counts whose means are known exactly.

use super::queues::mg1_wait;
use super::support::{agree, live};

/// Rates a day in the scenario: healing, giving and taking.
const HEALING: f64 = std::f64::consts::LN_2 / 100.0;
const GIVING: f64 = 0.3 * 0.02 + 0.1 * 0.08;
const TAKING: f64 = 0.2 * 0.1 + 0.1 * 0.4 * 0.25;

/// Between Poisson events the level x decays to r at rate α; an event at rate λᵢ takes it to x + aᵢ·(bᵢ − x).
/// Its drift is affine, so its mean obeys m' = α(r − m) + Σ λᵢ aᵢ (bᵢ − m) exactly (Cox & Isham, Point Processes,
/// 1980, section 5.6: shot noise), whatever the higher moments do.
#[test]
fn trust_is_a_shot_noise() {
    let pull = HEALING + GIVING + TAKING;
    let rest = (HEALING * 0.7 + GIVING) / pull;
    live("trust", &["replications=40"]).agree("trust", rest);
    // The first ten weeks from a level of 90 %: the mean of the weekly samples of an exponential approach. Blame
    // begins a day late, so it is left out.
    let pull = HEALING + GIVING + 0.2 * 0.1;
    let rest = (HEALING * 0.7 + GIVING) / pull;
    let weeks = (1..=10).map(|week| (-pull * 5.0 * f64::from(week)).exp()).sum::<f64>() / 10.0;
    let set = ["trust.blame=\"0%\"", "horizon=\"50 days\"", "warmup=\"0 days\"", "replications=1000"];
    live("trust", &set).agree("trust", rest + (0.9 - rest) * weeks);
}

/// Words take time: half an hour for every tenth item, on top of an hour each.
#[test]
fn words_take_the_time_they_are_said_to() {
    let runs = live("trust", &["incidents.people=0", "replications=40"]);
    runs.agree("team.dev.utilisation", (1.0 + 0.1 * 0.5) / 8.0);
}

/// Trust held at 30 % leaves a mistrust of 0.3: log-odds of hiding grow by 0.6, detection by exp(0.15).
#[test]
fn mistrust_hides_and_delays() {
    let held = ["starts", "rests"].map(|level| format!("trust.{level}=\"30%\""));
    let quiet = ["dismissive", "clarifying", "lifting", "blame"].map(|word| format!("trust.{word}=\"0%\""));
    let hiding =
        "incidents.hiding={ small = \"60%\", hidden = \"20%\", silence = 2, adds = \"1 hour\" }".to_owned();
    let set: Vec<String> =
        held.into_iter().chain(quiet).chain([hiding, "incidents.unnoticed=0.5".to_owned()]).collect();
    let runs = live("trust", &set.iter().map(String::as_str).collect::<Vec<_>>());
    let odds = 0.25 * 0.6_f64.exp();
    let hidden = 0.6 * odds / (1.0 + odds);
    runs.agree_within("hidden_incidents_per_year", 252.0 / 10.0 * hidden, 0.01);
    runs.agree_within("incidents_per_week", 0.5 * (1.0 - hidden), 0.01);
    let recovery = runs.column("recovery_time_p50_hours");
    assert!(recovery.iter().all(|hours| (hours - 8.0 * 0.15_f64.exp()).abs() < 1e-5), "{recovery:?}");
}

/// White & Christie's interruptions again, with half of the responses shortened to a quarter, two hours a week
/// for keeping that up at full coverage, and alarms for nothing that take 0.4 days each.
#[test]
fn practices_shorten_their_phase_and_take_their_hours() {
    let ownership = "incidents.ownership={ coverage = \"50%\", leaves = \"25%\", builds = \"5 days\", \
                     upkeep = \"2 hours\", false_alarms = { gaps = { exponential = \"4 days\" }, takes = \"0.4 days\" } }";
    let runs = live("incidents", &[ownership]);
    // All lie on one person, so a call while that person is away is no call: only the hours of practice wait.
    runs.agree("practice_hours_per_year", 0.5 * 2.0 * 50.4);
    runs.agree_within("false_alarms_per_year", 0.5 * 252.0 / 4.0, 0.01);
    let alone = live(
        "incidents",
        &[
            "incidents.ownership={ coverage = \"50%\", leaves = \"25%\", builds = \"5 days\", upkeep = \"0 hours\" }",
        ],
    );
    agree(
        "duty with half the responses shortened",
        &alone.column("team.dev.duty"),
        0.2 * (0.6 + 0.4 * 0.625),
        0.005,
    );
}

/// Making clear takes half of size × fuzziness: an M/G/1 (Pollaczek & Khinchine) whose service is X·F/2 days, X
/// exponential and F uniform. What is left of fuzziness, 0.4·F, misses the point with half its size as the chance.
#[test]
fn making_clear_takes_time_and_saves_what_misses_the_point() {
    let (mean, second) = (0.5 * 0.5, 0.25 * 2.0 / 3.0);
    let wait = 2.0 * second / (2.0 * (1.0 - 2.0 * mean));
    let runs = live("clarity", &[]);
    runs.agree_within("stage.clarify.stay_mean_days", mean + wait, 0.01);
    runs.agree_within("missed_per_year", 252.0 * 2.0 * 0.5 * 0.4 * 0.5, 0.01);
    runs.agree("clarifying_hours_per_year", 252.0 * 2.0 * mean * 8.0);
    // Only what is fuzzier than a half is made clear: the rest keeps its F, of mean 1/4.
    let some = live("clarity", &["stage.clarify.clear_enough=\"50%\""]);
    let left = 0.5 * 0.25 + 0.5 * 0.75 * 0.4;
    some.agree_within("missed_per_year", 252.0 * 2.0 * 0.5 * left, 0.01);
}

/// A reader sends work of fuzziness 0.2 back with log-odds lower by 2·(0.3 − 0.2); each return takes half of the
/// writing again, and 1 + 3·0.2 times that, as nothing becomes clear by it.
#[test]
fn readers_send_fuzzy_work_back_for_more() {
    let set = ["work.item.fuzziness=0.5", "clarity.doubt=2", "clarity.rework=3"];
    let runs = live("clarity", &set);
    let odds = 0.25 * (-0.2_f64).exp();
    let back = odds / (1.0 + odds);
    runs.agree_within("stage.read.returned_share", back, 0.01);
    let visits = runs.column("stage.build.visits");
    let done = runs.column("work.item.done");
    let again = runs.column("work.again.done");
    let each: Vec<f64> =
        visits.iter().zip(done).zip(again).map(|((visits, done), again)| (visits - again) / done).collect();
    agree("visits to the keyboard an item", &each, 1.0 / (1.0 - back), 0.01);
    // With one item at a time the hours on desks are hours of work: a tenth of a day, a return half of it times 1.6,
    // and half a tenth for what missed the point.
    let one = live("clarity", &[&set[..], &["team.dev.engineers=3", "team.dev.wip.active=1"]].concat());
    let each = 0.1 * (1.0 + odds * 0.5 * (1.0 + 3.0 * 0.2) + 0.5 * 0.2 * 0.5);
    one.agree("team.dev.utilisation", 2.0 * each / 3.0);
}

/// A leader's desk is an M/G/1; made clear, an item of 4 hours takes half of that times its fuzziness.
#[test]
fn a_leader_alone_is_a_slow_server() {
    let second = 0.25 * (1.0 + 1.2 * 1.2);
    let runs = live("leader", &[]);
    runs.agree_within("stage.approve.stay_mean_days", 0.5 + mg1_wait(1.2, 0.5, second), 0.01);
    runs.agree_within("decision_days", 0.5 + mg1_wait(1.2, 0.5, second), 0.01);
    let clear = live("leader", &["stage.approve.gate=\"head clarity\""]);
    clear.agree_within("stage.approve.stay_mean_days", 0.5 + mg1_wait(1.2, 0.5, 0.25), 0.01);
    clear.agree("clarifying_hours_per_year", 252.0 * 1.2);
}

/// The hours that a leader keeps free are paid for beside the engineer's presence, whether anybody comes or not: a
/// share of a week of forty.
#[test]
fn hours_that_a_leader_keeps_free_are_a_cost() {
    for (hours, week) in [(10.0, [10.0, 10.0, 0.0]), (30.0, [10.0, 30.0, 0.0]), (10.0, [10.0, 10.0, 5.0])] {
        let set = [
            format!("leader.head.decisions={hours}"),
            format!("leader.head.systems={}", week[2]),
            "horizon=\"3000 days\"".to_owned(),
        ];
        let runs = live("leader", &set.each_ref().map(String::as_str));
        let paid = 1.0 + week.iter().sum::<f64>() / 40.0;
        runs.agree_within("cost_months", 2_000.0 / 21.0 * paid, 0.001);
    }
    // What was kept free before the window is no cost of it.
    let past = live("leader", &["past=\"1 year\"", "warmup=\"0 days\"", "horizon=\"2000 days\""]);
    past.agree_within("cost_months", 2_000.0 / 21.0 * 1.5, 0.001);
}

/// A server that breaks down at rate f while it is up, for R days, busy or idle (Avi-Itzhak & Naor 1963): a service
/// S takes C = S + its breakdowns, and whoever comes to an idle system may find it down for D more (Welch 1964).
#[test]
fn a_leader_who_is_away_is_a_server_that_breaks_down() {
    let (rate, service, up, down): (f64, f64, f64, f64) = (0.8, 0.5, 40.0, 5.0);
    let away = format!(
        "leader.head.absence={{ between = {{ exponential = \"{up} days\" }}, lasts = \"{down} days\" }}"
    );
    let runs = live("leader", &[&away, &format!("work.item.arrivals.poisson=\"{rate}/day\"")]);
    let f = 1.0 / up;
    let second = service * service * (1.0 + 1.2 * 1.2);
    let stretch = 1.0 + f * down;
    let completion = service * stretch;
    let completion_second = second * stretch * stretch + service * f * down * down;
    let found = f / (rate + f * (1.0 - (-rate * down).exp()));
    let gone = (1.0 - (-rate * down).exp()) / rate;
    let delay = found * (down - gone);
    let delay_second = found * (down * down - 2.0 * down / rate + 2.0 * gone / rate);
    let wait = rate * completion_second / (2.0 * (1.0 - rate * completion))
        + (2.0 * delay + rate * delay_second) / (2.0 * (1.0 + rate * delay));
    runs.agree_within("stage.approve.stay_mean_days", completion + wait, 0.02);
    // A deputy keeps the desk going, and the one of the team is away instead, an eighth as often as not.
    let deputy = live("leader", &[&away, "leader.head.deputy=true"]);
    deputy.agree_within("stage.approve.stay_mean_days", 0.5 + mg1_wait(1.2, 0.5, second), 0.01);
    deputy.agree_within("team.dev.duty", down / (up + down), 0.02);
}

/// Colleagues hear 40 % in the leader's place: what is left is an M/G/1 of its own, and their hours are taken.
#[test]
fn colleagues_take_from_the_queue_and_pay_with_their_hours() {
    let set = ["leader.head.peers_decide=\"40%\"", "leader.head.peers_take=1.5", "team.dev.engineers=20"];
    let runs = live("leader", &set);
    let rate = 1.2 * 0.6;
    let led = 0.5 + mg1_wait(rate, 0.5, 0.25 * (1.0 + 1.2 * 1.2));
    runs.agree_within("stage.approve.stay_mean_days", 0.6 * led + 0.4 * 1.5 / 8.0, 0.01);
    runs.agree("team.dev.duty", 1.2 * 0.4 * 1.5 / 8.0 / 20.0);
}

/// Working days in a year.
const YEAR: f64 = 252.0;

/// A record makes everything known, and what is known fades by exp(−δt): the next decision comes with hazard
/// λ(1 − exp(−δt)), so after ∫ exp(−λ(t − (1 − exp(−δt))/δ)) dt on average (a renewal process).
#[test]
fn what_is_on_record_is_looked_up() {
    let (rate, fading) = (0.5, std::f64::consts::LN_2 / 20.0);
    let survival = |t: f64| (-rate * (t - (1.0 - (-fading * t).exp()) / fading)).exp();
    // Simpson's rule up to where nothing is left.
    let (steps, step) = (40_000, 0.005);
    let between: f64 = (0..=steps)
        .map(|at| {
            let weight = if at == 0 || at == steps { 1.0 } else { 2.0 + 2.0 * f64::from(at % 2) };
            weight * survival(f64::from(at) * step) * step / 3.0
        })
        .sum();
    let runs = live("communication", &["communication.records=\"100%\"", "team.dev.engineers=20"]);
    runs.agree("recorded_per_year", YEAR / between);
    runs.agree("looked_up_per_year", YEAR * (rate - 1.0 / between));
    // Each keeps one of twenty for two hours; where all were taken, nothing would be recorded.
    runs.agree_within("team.dev.duty", 0.25 / between / 20.0, 0.01);
}

/// Writing a fifth of each item's day; a document takes 1 off the log-odds of 20 % to be sent back for half of
/// half a day; half of the readers still ask, for an hour, and of twenty somebody is there.
#[test]
fn documents_take_hours_and_save_returns() {
    let on = ["communication.documents=\"100%\"", "communication.asks=\"100%\"", "team.dev.engineers=20"];
    let runs = live("communication", &on);
    let odds = 0.25 * (-1.0_f64).exp();
    runs.agree("document_hours_per_year", YEAR * 0.5 * 0.2 * 8.0);
    runs.agree_within("stage.read.returned_share", odds / (1.0 + odds), 0.015);
    runs.agree("team.dev.utilisation", 0.5 * (0.2 + 0.5 * (1.0 + 0.5 * odds)) / 20.0);
    runs.agree_within("questions_per_year", YEAR * 0.5 * 0.5 * (1.0 + odds), 0.01);
    // Only items of more than a day: exp(−1) of them, of two days on average.
    let some = live(
        "communication",
        &["communication.documents=\"100%\"", "communication.documents_from=\"1 day\""],
    );
    some.agree_within("document_hours_per_year", YEAR * 0.5 * 0.2 * 16.0 * (-1.0_f64).exp(), 0.01);
}
