//! `orgsim backtest`: how often forecasts of the past kept what they promised, beside what others would have said.

use super::files::Files;
use super::forecast::{Source, name};
use super::{Failure, screen};
use crate::forecast::ask::TEST_FUTURES;
use crate::forecast::backtest::{Question, Test, backtest as test_past, methods};
use crate::forecast::read;
use crate::forecast::record::{Record, records};
use crate::forecast::walk::missing;
use crate::report::chart::{Estimate, Heading, Ranking, RankingBar, Svg};
use crate::report::csv::{Sheet, plain, safe};
use crate::report::table::TextTable;
use clap::Args;
use rayon::prelude::*;
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

/// Tests forecasts on the past.
pub fn backtest(options: &Backtest) -> Result<(), Failure> {
    let paths = paths(&options.data)?;
    let tested: Result<Vec<Series>, String> = paths.par_iter().map(|path| series(path, options)).collect();
    let series = tested?;
    let tests: Vec<Test> = series.iter().flat_map(|series| series.tests.iter().cloned()).collect();
    let records = records(&tests);
    if records.is_empty() {
        return Err(Failure::Failed(format!(
            "{}: there is no past to test forecasts on: they begin with 60 finished items and 26 weeks, and 4 weeks must follow",
            options.data.display()
        )));
    }
    let title = name(&options.data);
    let source = &options.source;
    let target = source.target(format!("{title}-backtest"));
    let mut files = Files::open(target, &["backtest.md", "backtest.csv", "manifest.json"])?;
    let tables: Vec<TextTable> =
        Question::ALL.into_iter().map(|question| table(question, &records)).collect();
    let markdown: Vec<String> = tables.iter().map(TextTable::markdown).collect();
    let page = format!(
        "# How forecasts of {title} would have done\n\n{}\n\n{}\n{}",
        finding(&records),
        markdown.join("\n"),
        histogram(&records)
    );
    files.write("backtest", "md", page.as_bytes())?;
    files.write("backtest", "csv", &cells(&series))?;
    if !source.no_charts {
        let drawn = charts(&title, series.len(), &records)?;
        let named: Vec<(&str, &Svg)> = drawn.iter().map(|(name, svg)| (*name, svg)).collect();
        files.charts(&named)?;
    }
    let text: Vec<String> = tables.iter().map(TextTable::text).collect();
    let wrapped = crate::report::table::wrapped(&finding(&records), 100, "");
    screen::print(&format!("{}\n\n{}", wrapped.trim_end(), text.join("\n")))?;
    files.finish_plain()?;
    if !source.quiet && paths.len() == 1 {
        screen::say(&format!("next: orgsim forecast {} --items 40", options.data.display()));
    }
    Ok(())
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
            "{0} has neither items.csv nor other CSV files; `orgsim import EXPORT --out {0}` writes one",
            data.display()
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

fn finding(records: &[Record]) -> String {
    let said = Question::ALL.into_iter().filter_map(|question| {
        let record = own(records, question)?;
        let kept = (record.kept[2].share * record.n as f64).round();
        let what = match question {
            Question::HowMany => "number of items within 28 days",
            Question::When => "date",
        };
        let (low, high) = (100.0 * record.kept[2].low, 100.0 * record.kept[2].high);
        Some(format!(
            "In {} tests the 85 % {what} held {kept} times ({:.0} %; interval {low:.0} to {high:.0} %).",
            record.n,
            100.0 * record.kept[2].share
        ))
    });
    said.collect::<Vec<String>>().join(" ")
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

/// Where outcomes stood in the forecast, as a page shows it.
fn histogram(records: &[Record]) -> String {
    let mut text = "\n## Where outcomes stood in the forecast\n\nEvenly spread where a forecast is right; many at both ends where it is too sure.\n\n".to_owned();
    text.push_str("| question | 0–10 % | –20 | –30 | –40 | –50 | –60 | –70 | –80 | –90 | –100 % |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for record in Question::ALL.into_iter().filter_map(|question| own(records, question)) {
        let counts: Vec<String> = record.places.iter().map(usize::to_string).collect();
        text.push_str(&format!("| {} | {} |\n", asks(record.question), counts.join(" | ")));
    }
    text
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

fn charts(title: &str, series: usize, records: &[Record]) -> Result<Vec<(&'static str, Svg)>, Failure> {
    let of = if series == 1 { title.to_owned() } else { format!("{series} series of {title}") };
    let mut drawn = Vec::new();
    for question in Question::ALL {
        let Some(own) = own(records, question) else { continue };
        let source = format!(
            "orgsim {} · {of} · {} origins, 28 days apart · forecast from what was known then",
            env!("CARGO_PKG_VERSION"),
            own.n
        );
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
                source: source.clone(),
            },
            x_label: "Promises kept, % (85 is right)".to_owned(),
            note: "Bar: share of promises kept · line: 95 % interval · ring: the 85 % that was promised"
                .to_owned(),
            chance: 0.0,
            bars: shown.iter().map(kept).collect(),
        };
        let name = if question == Question::HowMany { "kept-how-many" } else { "kept-when" };
        drawn.push((name, chart.draw()?));
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
                source,
            },
            x_label: "Outcomes, % (10 in each row is right)".to_owned(),
            note: "Each row is a tenth of the forecast, from its lowest values to its highest · ring: 10 %, which is right".to_owned(),
            chance: 0.0,
            bars: places.collect(),
        };
        let name = if question == Question::HowMany { "places-how-many" } else { "places-when" };
        drawn.push((name, chart.draw()?));
    }
    Ok(drawn)
}
