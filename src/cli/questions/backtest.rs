//! `orgsim backtest`: how often forecasts of the past kept what they promised, beside what others would have said.

use super::forecast::{Source, name};
use crate::cli::answer::Answer;
use crate::cli::question::{self, Desk};
use crate::cli::{Common, Failure, screen};
use crate::forecast::ask::TEST_FUTURES;
use crate::forecast::backtest::{PROMISES, Question, Test, backtest as test_past, methods};
use crate::forecast::read;
use crate::forecast::record::{Record, records};
use crate::forecast::walk::missing;
use crate::report::chart::{ChartError, Estimate, Heading, Ranking, RankingBar};
use crate::report::csv::{Sheet, plain, safe};
use crate::report::document::Document;
use crate::report::slides::Slide;
use crate::report::table::TextTable;
use crate::report::words;
use clap::Args;
use rayon::prelude::*;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

/// What `backtest` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim backtest checkout          every month of the past, forecast from what was known then
  orgsim backtest tests/forecast    a folder of CSV files: all of these series together

Two questions are put at each origin, 28 days apart: how many items within 28 days, and when as many are
finished as 28 days brought in the mean of the last 12 weeks. A promise of 85 % is kept well when about
85 % of such dates and numbers held. CRPS is the mean error of a whole forecast, as a share of a month.")]
pub struct Backtest {
    /// A folder that `orgsim import` wrote, a CSV file, or a folder of CSV files
    data: PathBuf,
    #[command(flatten)]
    source: Source,
}

struct Series {
    name: String,
    tests: Vec<Test>,
}

impl question::Question for Backtest {
    fn asked(&self) -> Common {
        self.source.asked()
    }

    /// Tests forecasts on the past.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let paths = paths(&self.data)?;
        let tested: Result<Vec<Series>, String> = paths.par_iter().map(|path| series(path, self)).collect();
        let series = tested?;
        let tests: Vec<Test> = series.iter().flat_map(|series| series.tests.iter().cloned()).collect();
        let records = records(&tests);
        if records.is_empty() {
            return Err(Failure::Failed(format!(
                "{}: there is no past to test forecasts on: they begin with 60 finished items and 26 weeks, and 4 weeks must follow",
                self.data.display()
            )));
        }
        let title = name(&self.data);
        paths.iter().flat_map(|path| read::files(path)).for_each(|file| desk.reads(&file));
        desk.open(&format!("{title}-backtest"), &["backtest.csv"])?;
        let of =
            if series.len() == 1 { title.clone() } else { format!("{} series of {title}", series.len()) };
        let slides = desk.slides(|| slides(&of, &records))?;
        let mut document = document(&title, &of, &records);
        let next = format!("orgsim forecast {} --items 40", words::path(&self.data));
        document.answer("Next").command("When are 40 more items finished?", next);
        let answer = Answer::plain().csv("backtest", cells(&series)).page(document, slides);
        Ok(answer)
    }
}

/// What came out as a document.
fn document(title: &str, of: &str, records: &[Record]) -> Document {
    let mut found = findings(records).into_iter();
    let finding = found.next().unwrap_or_default();
    let title = format!("How forecasts of {title} would have done");
    let mut document = Document::new(title, finding.trim_end_matches('.'));
    document.source = source(of, records.first().map_or(0, |record| record.n));
    document.data = json!({ "records": records.iter().map(numbers).collect::<Vec<_>>() });
    let tables = Question::ALL.into_iter().map(|question| table(question, records));
    document.answer("How often promises were kept").list(found).tables(tables);
    document.answer("How to read it").list(READ.map(str::to_owned)).list(better(records));
    document.detail("Where outcomes stood in the forecast").tables([places(records)]);
    document
}

const READ: [&str; 2] = [
    "A promise of 85 % is kept well when about 85 % of such dates and numbers held: fewer, and it is too sure; many more, and it is \
     too wide. Few tests leave wide intervals.",
    "CRPS is the mean error of a whole forecast as a share of a month: less is better.",
];

/// Where another method did better by its whole forecast.
fn better(records: &[Record]) -> Vec<String> {
    let said = Question::ALL.into_iter().filter_map(|question| {
        let ours = own(records, question)?;
        let others = records.iter().filter(|record| record.question == question && record.crps < ours.crps);
        let best = others.min_by(|a, b| a.crps.total_cmp(&b.crps))?;
        Some(format!(
            "{} On these data “{}” has the smaller error: {:.3}, where {} has {:.3}.",
            asks(question),
            best.method,
            best.crps,
            ours.method,
            ours.crps
        ))
    });
    said.collect()
}

/// The record of a method as numbers.
fn numbers(record: &Record) -> Json {
    let kept = |at: usize| {
        let share = &record.kept[at];
        json!({ "promise": PROMISES[at], "kept": share.share, "low": share.low, "high": share.high })
    };
    json!({
        "question": asks(record.question), "method": record.method, "tests": record.n, "crps": record.crps,
        "kept": (0..PROMISES.len()).map(kept).collect::<Vec<_>>(),
        "places": record.places,
    })
}

/// The data themselves, or the CSV files of a folder that is none of an import.
fn paths(data: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !data.is_dir() || data.join("items.csv").exists() {
        return Ok(vec![data.to_owned()]);
    }
    let entries =
        std::fs::read_dir(data).map_err(|error| format!("cannot read {}: {error}", data.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    paths.sort();
    if paths.is_empty() {
        return Err(Failure::Failed(format!(
            "{} has neither items.csv nor other CSV files; `orgsim import EXPORT --out {}` writes one",
            data.display(),
            words::path(data)
        )));
    }
    Ok(paths)
}

fn series(path: &Path, options: &Backtest) -> Result<Series, String> {
    let data = read::read(path, options.source.as_of).map_err(|error| error.to_string())?;
    if missing(&data.history).is_some() {
        screen::warn(&format!(
            "{} is left out: it has less than 60 finished items or 26 weeks",
            path.display()
        ));
    }
    Ok(Series { name: name(path), tests: test_past(&data.history, &data.calendar, TEST_FUTURES, true) })
}

/// The record of the forecast itself.
fn own(records: &[Record], question: Question) -> Option<&Record> {
    records.iter().find(|record| record.question == question)
}

fn findings(records: &[Record]) -> Vec<String> {
    let said = Question::ALL.into_iter().filter_map(|question| {
        let record = own(records, question)?;
        let kept = (record.kept[2].share * record.n as f64).round();
        let what = match question {
            Question::HowMany => "number of items within 28 days",
            Question::When => "date",
        };
        let (low, high) = (100.0 * record.kept[2].low, 100.0 * record.kept[2].high);
        Some(format!(
            "In {} the 85 % {what} held {} ({:.0} %; interval {low:.0} to {high:.0} %).",
            words::count(record.n, "test", "tests"),
            words::count(kept as usize, "time", "times"),
            100.0 * record.kept[2].share
        ))
    });
    said.collect()
}

fn asks(question: Question) -> &'static str {
    match question {
        Question::HowMany => "How many within 28 days?",
        Question::When => "When are the items of 28 days done?",
    }
}

fn table(question: Question, records: &[Record]) -> TextTable {
    let head = [
        "method",
        "tests",
        "50 % kept",
        "70 % kept",
        "85 % kept",
        "interval",
        "95 % kept",
        "interval",
        "CRPS",
    ];
    let mut table =
        TextTable::new(format!("{} How often each promise was kept, in per cent", asks(question)), 1, &head);
    for record in records.iter().filter(|record| record.question == question) {
        let share = |at: usize| format!("{:.1}", 100.0 * record.kept[at].share);
        let interval =
            |at: usize| format!("{:.0} to {:.0}", 100.0 * record.kept[at].low, 100.0 * record.kept[at].high);
        let mut row = vec![record.method.clone(), record.n.to_string()];
        row.extend([
            share(0),
            share(1),
            share(2),
            interval(2),
            share(3),
            interval(3),
            format!("{:.3}", record.crps),
        ]);
        table.row(row);
    }
    table
}

/// How many outcomes lay in each tenth of their forecast.
fn places(records: &[Record]) -> TextTable {
    let head = ["question", "0–10 %", "–20", "–30", "–40", "–50", "–60", "–70", "–80", "–90", "–100 %"];
    let title = "Outcomes in each tenth of the forecast: evenly spread where it is right, many at both ends where it is too sure";
    let mut table = TextTable::new(title.to_owned(), 1, &head);
    for record in Question::ALL.into_iter().filter_map(|question| own(records, question)) {
        let counts = record.places.iter().map(usize::to_string);
        table.row(std::iter::once(asks(record.question).to_owned()).chain(counts).collect());
    }
    table
}

/// What it rests on, on one line.
fn source(of: &str, origins: usize) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let origins = words::count(origins, "origin", "origins");
    format!("orgsim {version} · {of} · {origins}, 28 days apart · forecast from what was known then")
}

fn cells(series: &[Series]) -> Vec<u8> {
    let mut sheet = Sheet::new([
        "series",
        "origin",
        "question",
        "method",
        "kept_50",
        "kept_70",
        "kept_85",
        "kept_95",
        "place",
        "crps_scaled",
        "came",
    ]);
    let names = methods();
    for (name, test) in series.iter().flat_map(|series| series.tests.iter().map(|test| (&series.name, test)))
    {
        let question = match test.question {
            Question::HowMany => "how many",
            Question::When => "when",
        };
        let mut row =
            vec![safe(name), test.origin.to_string(), question.to_owned(), names[test.method].clone()];
        row.extend(test.kept.map(|kept| if kept { "yes" } else { "no" }.to_owned()));
        let came = if test.came.is_finite() { plain(test.came) } else { String::new() };
        row.extend([format!("{:.4}", test.place), format!("{:.5}", test.crps / test.scale), came]);
        sheet.row(row);
    }
    sheet.bytes()
}

fn slides(of: &str, records: &[Record]) -> Result<Vec<Slide>, ChartError> {
    let mut drawn = Vec::new();
    for question in Question::ALL {
        let Some(own) = own(records, question) else { continue };
        let share = |share: f64| format!("{:.0} %", 100.0 * share);
        let kept = |record: &&Record| {
            let share = record.kept[2];
            RankingBar {
                name: record.method.clone(),
                strength: Estimate::new(100.0 * share.share, 100.0 * share.low, 100.0 * share.high),
                second: Estimate::new(85.0, f64::NAN, f64::NAN),
            }
        };
        let shown: Vec<&Record> = records.iter().filter(|record| record.question == question).collect();
        let chart = Ranking {
            heading: Heading {
                title: format!("The 85 % promise was kept {} of the time", share(own.kept[2].share)),
                subtitle: format!(
                    "{} How often what was promised with 85 % probability held, in per cent, with 95 % intervals",
                    asks(question)
                ),
                source: source(of, own.n),
            },
            x_label: "Promises kept, % (85 is right)".to_owned(),
            note: "Bar: share of promises kept · line: 95 % interval · ring: the 85 % that was promised"
                .to_owned(),
            chance: 0.0,
            bars: shown.iter().map(kept).collect(),
        };
        let name = if question == Question::HowMany { "kept-how-many" } else { "kept-when" };
        drawn.push(Slide { name, svg: chart.draw()? });
        let places = own.places.iter().enumerate().map(|(at, count)| RankingBar {
            name: format!("{} to {} %", 10 * at, 10 * at + 10),
            strength: Estimate::new(100.0 * *count as f64 / own.n as f64, f64::NAN, f64::NAN),
            second: Estimate::new(10.0, f64::NAN, f64::NAN),
        });
        let chart = Ranking {
            heading: Heading {
                title: "Where outcomes stood in the forecast".to_owned(),
                subtitle: format!(
                    "{} Ten per cent in each row is right; many at both ends is too sure, many in the middle too wide",
                    asks(question)
                ),
                source: source(of, own.n),
            },
            x_label: "Outcomes, % (10 in each row is right)".to_owned(),
            note: "Each row is a tenth of the forecast, from its lowest values to its highest · ring: 10 %, which is right".to_owned(),
            chance: 0.0,
            bars: places.collect(),
        };
        let name = if question == Question::HowMany { "places-how-many" } else { "places-when" };
        drawn.push(Slide { name, svg: chart.draw()? });
    }
    Ok(drawn)
}
