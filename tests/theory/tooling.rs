//! Tools: a level that decays and is tended to, and the hours that takes.

use super::support::live;

/// Hours in a week and in a year, weeks in a year, as calendars have them by default.
const WEEK: f64 = 40.0;
const YEAR: f64 = 2016.0;

/// dL/dt = (1 − L)·h/S − δL has L(t) = L∞ + (L₀ − L∞)·exp(−(h/S + δ)t) with L∞ = (h/S)/(h/S + δ): a linear equation.
/// Weeks as steps and samples of weeks err by at most what one week can move. One area of four is tended to, the
/// other three decay from L₀.
fn average(share: f64, from: f64, to: f64, first: f64) -> f64 {
    let (rate, decay) = (share * 6.0 * WEEK / YEAR, 2.0_f64.ln() / (2.0 * YEAR) * WEEK);
    let mean = |rate: f64| {
        let (all, end) = (rate + decay, rate / (rate + decay));
        let gone = ((-all * from).exp() - (-all * to).exp()) / (all * (to - from));
        end + (first - end) * gone
    };
    (mean(rate) + 3.0 * mean(0.0)) / 4.0
}

#[test]
fn tools_rise_with_hours_and_decay_without() {
    for (share, from_days, to_days, start) in [
        (0.05, 4000.0, 6000.0, 0.0),
        (0.2, 4000.0, 6000.0, 0.0),
        (0.05, 0.0, 500.0, 0.8),
        (0.0, 0.0, 500.0, 0.6),
    ] {
        let set = [
            format!("team.dev.tooling.builds=\"{}%\"", share * 100.0),
            format!("horizon=\"{to_days} days\""),
            format!("warmup=\"{from_days} days\""),
            format!("tooling.start=\"{}%\"", start * 100.0),
        ];
        let runs = live("tooling", &set.each_ref().map(String::as_str));
        let theory = average(share, from_days / 5.0, to_days / 5.0, start);
        let step = share * 6.0 * WEEK / YEAR + 2.0_f64.ln() / (2.0 * YEAR) * WEEK;
        for level in runs.column("tooling") {
            println!("| tools at {share} from {start} | {theory:.5} | {level:.5} |");
            assert!((level - theory).abs() < step, "{level}, theory {theory}, a week moves {step}");
        }
        // The hours that tools take are hours without work: what is left is done. A piece of each may be under way.
        let done = (1.0 - share) * 6.0 * (to_days - from_days) * 8.0 * 4.0;
        for items in runs.column("work.item.done") {
            assert!((items - done).abs() <= 12.0 + 1e-6 * done, "{items}, theory {done}");
        }
    }
}
