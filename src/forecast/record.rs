//! What many tests come to: how often promises were kept, with intervals, and scores.

use crate::backtest::{PROMISES, Question, Test, methods};
use statistics::interval::Share;

/// How one method did at one question.
#[derive(Clone, Debug)]
pub struct Record {
    /// What was asked.
    pub question: Question,
    /// What the method is called; this program's own comes first.
    pub method: String,
    /// Tests.
    pub n: usize,
    /// For each of [`PROMISES`], how often it was kept, with Wilson's 95 % interval. Tests of one series overlap in what
    /// they know, so the interval is rather too narrow.
    pub kept: [Share; 4],
    /// Mean score over the tests, each divided by its scale; 0 is perfect, NaN of no tests.
    pub crps: f64,
    /// How many outcomes stood in each tenth of the forecast, from far below to far above; evenly where it is right.
    pub places: [usize; 10],
}

/// The records of all methods at both questions; those without a test are left out.
pub fn records(tests: &[Test]) -> Vec<Record> {
    let names = methods();
    let each =
        Question::ALL.into_iter().flat_map(|question| (0..names.len()).map(move |method| (question, method)));
    let records = each.filter_map(|(question, method)| {
        let tests: Vec<&Test> =
            tests.iter().filter(|test| test.question == question && test.method == method).collect();
        (!tests.is_empty()).then(|| record(question, &names[method], &tests))
    });
    records.collect()
}

fn record(question: Question, method: &str, tests: &[&Test]) -> Record {
    let n = tests.len();
    let kept = |at: usize| Share::wilson(tests.iter().filter(|test| test.kept[at]).count(), n, 0.95);
    let mut places = [0; 10];
    tests.iter().for_each(|test| places[((test.place * 10.0) as usize).min(9)] += 1);
    Record {
        question,
        method: method.to_owned(),
        n,
        kept: std::array::from_fn::<Share, { PROMISES.len() }, _>(kept),
        crps: tests.iter().map(|test| test.crps / test.scale).sum::<f64>() / n as f64,
        places,
    }
}
