//! Trust, hidden incidents and practices: levels and counts whose means are known exactly.

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
    live("trust", &[]).agree("trust", rest);
    // The first ten weeks from a level of 90 %: the mean of the weekly samples of an exponential approach. Blame
    // begins a day late, so it is left out.
    let pull = HEALING + GIVING + 0.2 * 0.1;
    let rest = (HEALING * 0.7 + GIVING) / pull;
    let weeks = (1..=10).map(|week| (-pull * 5.0 * f64::from(week)).exp()).sum::<f64>() / 10.0;
    let set = ["trust.blame=\"0%\"", "horizon=\"50 days\"", "warmup=\"0 days\"", "replications=4000"];
    live("trust", &set).agree("trust", rest + (0.9 - rest) * weeks);
}

/// Words take time: half an hour for every tenth item, on top of an hour each.
#[test]
fn words_take_the_time_they_are_said_to() {
    let lives = live("trust", &["incidents.people=0"]);
    lives.agree("team.dev.utilisation", (1.0 + 0.1 * 0.5) / 8.0);
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
    let lives = live("trust", &set.iter().map(String::as_str).collect::<Vec<_>>());
    let odds = 0.25 * 0.6_f64.exp();
    let hidden = 0.6 * odds / (1.0 + odds);
    lives.agree_within("hidden_incidents_per_year", 252.0 / 10.0 * hidden, 0.01);
    lives.agree_within("incidents_per_week", 0.5 * (1.0 - hidden), 0.01);
    let recovery = lives.column("recovery_time_p50_hours");
    assert!(recovery.iter().all(|hours| (hours - 8.0 * 0.15_f64.exp()).abs() < 1e-5), "{recovery:?}");
}

/// White & Christie's interruptions again, with half of the responses shortened to a quarter, two hours a week
/// for keeping that up at full coverage, and alarms for nothing that take 0.4 days each.
#[test]
fn practices_shorten_their_phase_and_take_their_hours() {
    let ownership = "incidents.ownership={ coverage = \"50%\", leaves = \"25%\", builds = \"5 days\", \
                     upkeep = \"2 hours\", false_alarms = { gaps = { exponential = \"4 days\" }, takes = \"0.4 days\" } }";
    let lives = live("incidents", &[ownership]);
    // All lie on one person, so a call while that person is away is no call: only the hours of practice wait.
    lives.agree("practice_hours_per_year", 0.5 * 2.0 * 50.4);
    lives.agree_within("false_alarms_per_year", 0.5 * 252.0 / 4.0, 0.01);
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
