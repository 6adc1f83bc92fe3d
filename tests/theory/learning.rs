//! What measuring and killing bring, against the closed form of a threshold rule.

use super::support::{agree, live};
use statrs::distribution::{ContinuousCDF, Normal};

const HELPS: f64 = 0.4;
const HARMS: f64 = 0.2;
const HARM: f64 = 1.0;

/// An idea is worth g with chance h, −d with chance a, else nothing; h·g − a·d = 1. It is measured once, with normal
/// noise of deviation s, and killed when the best linear estimate (1/τ² + m/s²)/(1/τ² + 1/s²), with τ² its variance,
/// lies below a bar: when m < t. What is kept is worth h·g·(1 − Φ((t − g)/s)) − a·d·(1 − Φ((t + d)/s)) an idea, and a
/// share h·Φ((t − g)/s) + a·Φ((t + d)/s) + (1 − h − a)·Φ(t/s) is killed. Ideas come all the time, so that value is in
/// proportion to what one is worth; the hour until an idea is looked at is a part in a hundred thousand of its time.
#[test]
fn a_threshold_keeps_what_its_closed_form_says() {
    let gain = (1.0 + HARMS * HARM) / HELPS;
    let spread = HELPS * gain * gain + HARMS * HARM * HARM - 1.0;
    let phi = |x: f64| Normal::standard().cdf(x);
    let all = live("learning", &[]).column("value_months");
    for (noise, bar) in [(2.0, 0.5), (0.5, 0.5), (4.0, 1.0), (1.0, -0.5)] {
        let runs =
            live("learning", &[&format!("learning.noise={noise}"), &format!("learning.kill_below={bar:.1}")]);
        let (weight, each) = (1.0 / spread, 1.0 / (noise * noise));
        let t = (bar * (weight + each) - weight) / each;
        let kept =
            HELPS * gain * (1.0 - phi((t - gain) / noise)) - HARMS * HARM * (1.0 - phi((t + HARM) / noise));
        let killed = HELPS * phi((t - gain) / noise)
            + HARMS * phi((t + HARM) / noise)
            + (1.0 - HELPS - HARMS) * phi(t / noise);
        let ratios: Vec<f64> =
            runs.column("value_months").iter().zip(&all).map(|(kept, all)| kept / all).collect();
        agree(&format!("value kept at noise {noise}, bar {bar}"), &ratios, kept, 0.01);
        // One idea a day, of 252 in a year of four quarters.
        runs.agree_within("killed_per_quarter", killed * 63.0, 0.01);
    }
}
