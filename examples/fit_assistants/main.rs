//! Finds the inputs of the presets `assistance-*` that bring about what their studies found.
//!
//! Run with `cargo run --release --example fit_assistants [REPLICATIONS [PRESET…]]`: 120 replications of all, if nothing else
//! is asked for, a few minutes. It prints the inputs, what comes of them, and the inputs at the ends of each study's interval,
//! which are the ranges in the preset's evidence. Each input is bisected with the others held, until all have settled; all
//! replications share their random numbers, so that a difference between two inputs is theirs.

mod studies;

use studies::{Effect, TRIALS, Trial};
use toml::{Table, Value};

/// Times that all inputs are gone through, where there are several.
const ROUNDS: usize = 4;
const STEPS: usize = 9;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let replications =
        arguments.next().map_or(120, |number| number.parse().expect("a number of replications"));
    let wanted: Vec<String> = arguments.collect();
    for trial in
        TRIALS.iter().filter(|trial| wanted.is_empty() || wanted.iter().any(|name| name == trial.preset))
    {
        let fitted = fit(trial, replications, |effect| effect.study);
        println!("{}", trial.preset);
        for (effect, found) in trial.outcomes.iter().zip(trial.found(&fitted, replications)) {
            let (input, what, study) = (&fitted[effect.input], effect.what, effect.study);
            println!(
                "  {} = {input}: {what} {:+.4} ± {:.4}, study {study:+.4}",
                effect.input, found.change, found.error
            );
        }
        if trial.outcomes.iter().any(|effect| effect.interval.0 < effect.interval.1) {
            for (end, target) in [("low", low as fn(&Effect) -> f64), ("high", high)] {
                println!("  at the {end} end of the interval: {:?}", fit(trial, replications, target));
            }
        }
    }
}

fn low(effect: &Effect) -> f64 {
    effect.interval.0
}

fn high(effect: &Effect) -> f64 {
    effect.interval.1
}

/// The inputs at which every effect is what is aimed at.
fn fit(trial: &Trial, replications: u32, target: impl Fn(&Effect) -> f64) -> Table {
    let mut inputs = trial.inputs();
    let rounds = if trial.outcomes.len() == 1 { 1 } else { ROUNDS };
    for round in 0..rounds {
        for (at, effect) in trial.outcomes.iter().enumerate() {
            let change = |input: f64, inputs: &Table| {
                let mut inputs = inputs.clone();
                inputs.insert(effect.input.to_owned(), Value::Float(input));
                trial.found(&inputs, replications)[at].change
            };
            let (mut low, mut high) = effect.between;
            if round > 0 {
                // Not far from where it was.
                let last = inputs[effect.input].as_float().expect("a number");
                let near = (effect.between.1 - effect.between.0) / 2.0_f64.powi(2 * round as i32);
                (low, high) = ((last - near).max(low), (last + near).min(high));
            }
            let rises = change(high, &inputs) > change(low, &inputs);
            for _ in 0..STEPS {
                let middle = (low + high) / 2.0;
                if (change(middle, &inputs) < target(effect)) == rises { low = middle } else { high = middle }
            }
            let rounded = ((low + high) / 2.0 * 1e3).round() / 1e3;
            inputs.insert(effect.input.to_owned(), Value::Float(rounded));
        }
    }
    inputs
}
