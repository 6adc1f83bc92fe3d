//! Forecasts of series whose truth is known, and of odd ones.

use forecast::ask::{Answer, Request, ask};
use forecast::backtest::{Question, backtest};
use forecast::history::{Calendar, History, later};
use forecast::read::Data;
use forecast::record::records;
use forecast::walk::missing;
use kernel::distribution::Distribution;
use kernel::math::exp;
use kernel::normal::inverse_normal;
use kernel::streams::{Key, StreamId, Streams};

fn first() -> forecast::Date {
    forecast::read::day("2020-01-06").expect("a date")
}

fn history(days: &[u32]) -> History {
    let counts = days.iter().enumerate().map(|(at, count)| (later(first(), at as i64), *count));
    History::of(counts, later(first(), days.len() as i64 - 1)).expect("something was finished")
}

/// A series of `weeks` weeks: mean `level` items a week, gamma noise about it, and a log-level that wanders.
fn series(nth: u64, weeks: usize, level: f64, noise: f64, drift: f64, memory: f64) -> Vec<u32> {
    let mut stream = Streams::new(nth, 0).stream(StreamId::named("forecast/truth"), Key(nth));
    let mut log = 0.0;
    let mut days = Vec::new();
    for _ in 0..weeks {
        log = memory * log + drift * inverse_normal(stream.uniform());
        let gamma =
            Distribution::gamma(1.0, 1.0 / noise.max(1e-6)).expect("a distribution").sample(&mut stream);
        for day in 0..7 {
            let share = if day < 5 { 0.2 } else { 0.0 };
            let mean = level * exp(log) * gamma * share;
            days.push(Distribution::poisson(mean).expect("a distribution").sample(&mut stream) as u32);
        }
    }
    days
}

/// Over some series of known truth, promises hold at least as often as binomial variation allows, and not all too often:
/// what is not known of the spread makes a short history's forecast somewhat wider than the truth.
fn holds(noise: f64, drift: f64, memory: f64) {
    let mut tests = Vec::new();
    for nth in 0..10 {
        let days = series(nth, 140, 8.0, noise, drift, memory);
        tests.extend(backtest(&history(&days), &Calendar::default(), 300, false));
    }
    for record in records(&tests) {
        let n = record.n as f64;
        for (at, promise) in [(2, 0.85_f64), (3, 0.95)] {
            let error = (promise * (1.0 - promise) / n).sqrt();
            let share = record.kept[at].share;
            let (least, most) = (promise - 3.0 * error, (promise + 3.0 * error + 0.06).min(1.0));
            assert!((least..=most).contains(&share), "{:?} {promise}: {share} of {n}", record.question);
        }
    }
}

#[test]
fn promises_hold_where_items_come_by_chance_alone() {
    holds(0.0, 0.0, 1.0);
}

#[test]
fn promises_hold_where_weeks_differ() {
    holds(0.3, 0.0, 1.0);
}

#[test]
fn promises_hold_where_the_level_wanders() {
    holds(0.1, 0.15, 0.95);
}

fn data(days: &[u32]) -> Data {
    let history = history(days);
    Data { path: "here".into(), history, calendar: Calendar::default(), open: 0, dropped: 0 }
}

fn when(data: &Data, items: u32, growth: f64, split: f64) -> Answer {
    let by = Some(later(data.history.last(), 56));
    ask(data, &Request { items: Some(items), by, split: (split, split), growth }).expect("enough data")
}

#[test]
fn dates_are_those_of_a_steady_team() {
    // One item on each of five days a week, always: 40 items are eight weeks.
    let week = [1, 1, 1, 1, 1, 0, 0];
    let data = data(&week.repeat(104));
    let answer = when(&data, 40, 0.0, 1.0);
    let days = answer
        .dates
        .expect("asked")
        .map(|date| forecast::history::between(data.history.last(), date.expect("within three years")));
    assert!((50..=60).contains(&days[0]), "the middle is near eight weeks: {days:?}");
    assert!(days.is_sorted() && days[3] < 100, "{days:?}");
    assert!(answer.counts.expect("asked").is_sorted_by(|a, b| a >= b));
    let more = when(&data, 40, 1.0, 1.0).dates.expect("asked")[0].expect("a date");
    let parts = when(&data, 40, 0.0, 1.25).dates.expect("asked")[0].expect("a date");
    let plain = answer.dates.expect("asked")[0].expect("a date");
    // Growth by one of five items a week and a split into 1.25 both make ten weeks of eight.
    for later in [more, parts] {
        let after = forecast::history::between(plain, later);
        assert!((9..=20).contains(&after), "two weeks later: {after} days");
    }
    assert_eq!(answer.dates, when(&data, 40, 0.0, 1.0).dates, "the same question has the same answer");
}

#[test]
fn nothing_is_finished_on_days_off() {
    let week = [2, 2, 2, 2, 2, 0, 0];
    let mut data = data(&week.repeat(60));
    let last = data.history.last();
    let before = when(&data, 20, 0.0, 1.0).dates.expect("asked")[0].expect("a date");
    data.calendar.blackouts.push((later(last, 1), later(last, 14)));
    let after = when(&data, 20, 0.0, 1.0).dates.expect("asked")[0].expect("a date");
    let waited = forecast::history::between(before, after);
    assert!((11..=17).contains(&waited), "two weeks off are two weeks later: {waited}");
}

#[test]
fn odd_series_are_answered() {
    let week = [1, 2, 1, 0, 2, 0, 0];
    let usual = week.repeat(60);
    let mut gap = usual.clone();
    gap[100..200].fill(0);
    let mut huge = usual.clone();
    huge[300] = 5_000;
    let mut stops = usual.clone();
    stops[250..].fill(0);
    for (name, days) in [("gap", gap), ("huge", huge), ("stops", stops.clone())] {
        let answer = (name != "stops").then(|| when(&data(&days), 30, 0.0, 1.0));
        assert!(
            answer.is_none_or(|answer| answer.bands.iter().flatten().all(|value| value.is_finite())),
            "{name}"
        );
        let tests = backtest(&history(&days), &Calendar::default(), 100, true);
        assert!(
            tests.iter().all(|test| test.crps.is_finite() && (0.0..=1.0).contains(&test.place)),
            "{name}"
        );
    }
    let stopped = missing(&history(&stops)).expect("no forecast of a team that stopped");
    assert_eq!((stopped.items, stopped.days, stopped.enough_on), (0, 0, None));
}

#[test]
fn too_little_says_what_is_missing() {
    let week = [1, 0, 0, 0, 1, 0, 0];
    let short = missing(&history(&week.repeat(20))).expect("too little");
    assert_eq!((short.items, short.days), (20, 42));
    let enough = short.enough_on.expect("a pace");
    // Twenty items at two a week are ten weeks.
    assert_eq!(forecast::history::between(history(&week.repeat(20)).last(), enough), 70);
    assert!(missing(&history(&week.repeat(30))).is_none());
    let mut still = week.repeat(10);
    still.extend([0; 100]);
    assert_eq!(missing(&history(&still)).expect("too little").enough_on, None);
    assert!(
        ask(&data(&week.repeat(20)), &Request { items: Some(1), by: None, split: (1.0, 1.0), growth: 0.0 })
            .is_err()
    );
}

/// The short version of what `orgsim backtest tests/forecast` does; docs/own-data.md has the whole.
#[test]
fn promises_hold_on_real_series() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/forecast");
    let entries =
        std::fs::read_dir(folder).expect("the series are there").flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|kind| kind == "csv")).collect();
    files.sort();
    assert!(files.len() >= 8);
    let mut tests = Vec::new();
    for file in &files {
        let data = forecast::read::read(file, None).expect("a series");
        tests.extend(backtest(&data.history, &data.calendar, 200, true));
    }
    let records = records(&tests);
    for question in Question::ALL {
        let of = |name: &str| {
            records
                .iter()
                .find(|record| record.question == question && record.method.contains(name))
                .expect("a record")
        };
        let own = of("this forecast");
        assert!(own.n >= 250);
        assert!((0.8..=0.9).contains(&own.kept[2].share), "{question:?} 85 %: {}", own.kept[2].share);
        assert!((0.91..=0.98).contains(&own.kept[3].share), "{question:?} 95 %: {}", own.kept[3].share);
        assert!(own.crps < of("last 90 days").crps, "{question:?}");
        assert!(own.crps < 1.03 * of("negative binomial").crps, "{question:?}");
    }
}
