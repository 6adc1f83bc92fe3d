//! `orgsim forecast`: when will so many items be done, and how many by a day, from what was finished when.

use super::whatif::{self, WhatIf};
use crate::cli::answer::Answer;
use crate::cli::question::{Desk, Question};
use crate::cli::{Common, Failure, Look, Output};
use crate::forecast::ask::{self, Request};
use crate::forecast::backtest::PROMISES;
use crate::forecast::read::{self, Data};
use crate::forecast::walk::Missing;
use crate::forecast::{Date, history};
use crate::history::when::number_of;
use crate::report::chart::{ChartError, Clock, Fan, FanMark, FanSeries, Heading, Role};
use crate::report::csv::Sheet;
use crate::report::document::Document;
use crate::report::slides::Slide;
use crate::report::table::TextTable;
use crate::report::words;
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

/// What `forecast` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim forecast checkout --items 40                    when are 40 more items finished?
  orgsim forecast checkout --by 2026-12-31               how many are finished by then?
  orgsim forecast checkout --items 40 --by 2026-12-31    and how likely is that?
  orgsim forecast done.csv --items 40 --split 1..1.5 --growth 0.5 --blackout 2026-12-21..2027-01-03
  orgsim forecast checkout --items 40 --policy fewer-initiatives --scenario checkout.toml

The last is a what-if of a model, and not the forecast: organisations like yours (`orgsim fit`) go on
from what is open today, as they are and under a policy of the scenario. The forecast stands beside it.

A CSV file needs a column `finished` or `done` with a date for each item, or `date` and `count`.
`orgsim backtest` shows how often such promises were kept on the same data.")]
pub struct Forecast {
    /// A folder that `orgsim import` wrote, or a CSV file
    pub(super) data: PathBuf,
    /// When are so many more items finished?
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    items: Option<u32>,
    /// How many items are finished by the end of this day, such as 2026-12-31?
    #[arg(long, value_name = "DATE", value_parser = date)]
    by: Option<Date>,
    /// Each item becomes so many on the way: a number from 1 to 10, or a range such as 1..1.5
    #[arg(long, value_name = "FACTOR", value_parser = split, default_value = "1", requires = "items")]
    split: (f64, f64),
    /// Items a week that are added to the scope until it is done
    #[arg(long, value_name = "ITEMS", value_parser = growth, default_value = "0", requires = "items")]
    growth: f64,
    /// A day, or days from and to, on which nothing will be finished, such as 2026-12-21..2027-01-03; may be repeated
    #[arg(long, value_name = "DATE|FROM..TO", value_parser = blackout)]
    blackout: Vec<(Date, Date)>,
    #[command(flatten)]
    pub(super) whatif: WhatIf,
    #[command(flatten)]
    pub(super) source: Source,
}

/// What `forecast` and `backtest` take alike.
#[derive(Args)]
pub(super) struct Source {
    /// The last day of the data; what was finished later is left out [default: as import.toml says, or the last finish]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<Date>,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub look: Look,
}

impl Source {
    /// What of it all questions have.
    pub fn asked(&self) -> Common {
        Common { output: self.output.clone(), look: self.look.clone(), ..Common::default() }
    }
}

fn date(text: &str) -> Result<Date, String> {
    read::day(text).filter(|_| text.len() == 10).ok_or_else(|| "write a date such as 2026-12-31".to_owned())
}

fn number(text: &str, least: f64, most: f64) -> Option<f64> {
    text.trim().parse().ok().filter(|number| (least..=most).contains(number))
}

fn split(text: &str) -> Result<(f64, f64), String> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let range = number(from, 1.0, 10.0).zip(number(to, 1.0, 10.0)).filter(|(from, to)| from <= to);
    range.ok_or_else(|| "write a number from 1 to 10, or two such as 1..1.5".to_owned())
}

fn growth(text: &str) -> Result<f64, String> {
    number(text, 0.0, 100_000.0)
        .ok_or_else(|| "write how many items a week are added, such as 0.5".to_owned())
}

fn blackout(text: &str) -> Result<(Date, Date), String> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let days = (date(from)?, date(to)?);
    if days.0 <= days.1 { Ok(days) } else { Err("the first day lies after the last".to_owned()) }
}

/// The name of the data, for titles and folders.
pub(super) fn name(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = if whole.is_dir() { whole.file_name() } else { whole.file_stem() };
    name.map_or_else(|| "data".to_owned(), |name| name.to_string_lossy().into_owned())
}

impl Question for Forecast {
    fn asked(&self) -> Common {
        self.source.asked()
    }

    /// Forecasts; with a policy, asks a model the same beside it.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        if self.items.is_none() && self.by.is_none() {
            return Err(Failure::Usage(
                "say --items N (when are so many finished?), --by DATE (how many are finished by then?), or both".to_owned(),
            ));
        }
        let mut data = read::read(&self.data, self.source.as_of).map_err(|error| error.to_string())?;
        read::files(&self.data).iter().for_each(|file| desk.reads(file));
        data.calendar.blackouts.clone_from(&self.blackout);
        let last = data.history.last();
        if let Some(by) = self.by {
            let ahead = history::between(last, by);
            if ahead == 0 || ahead > ask::LONGEST {
                return Err(Failure::Usage(format!(
                    "--by {by}: write a day after {last}, the last day of the data, and at most three years later"
                )));
            }
        }
        let request = Request { items: self.items, by: self.by, split: self.split, growth: self.growth };
        let answer = ask::ask(&data, &request).map_err(|missing| too_little(&data, &missing))?;
        if let Some(policy) = &self.whatif.policy {
            return whatif::whatif(self, policy, (&data, &request, &answer), desk);
        }
        let name = name(&self.data);
        desk.open(&format!("{name}-forecast"), &["forecast.csv"])?;
        let slides = desk.slides(|| slides(&name, &data, &request, &answer))?;
        Ok(Answer::plain()
            .csv("forecast", cells(&answer))
            .page(document((&name, &self.data), &data, &request, &answer), slides))
    }
}

/// The forecast as a document.
fn document((name, path): (&str, &Path), data: &Data, request: &Request, answer: &ask::Answer) -> Document {
    let mut said = sentences(data, request, answer).into_iter();
    let finding = said.next().unwrap_or_default();
    let mut document = Document::new(format!("Forecast for {name}"), finding.trim_end_matches('.'));
    document.source = source(name, data);
    document.data = numbers(data, request, answer);
    document.answer("With what probability").tables([table(request, answer)]);
    document.answer("How far to trust it").list(said);
    document.answer("What this cannot tell").text(ASSUMES);
    let backtest = format!("orgsim backtest {}", words::path(path));
    document.answer("Next").command("How did such forecasts do on the same data?", backtest);
    document
}

/// The same as numbers.
fn numbers(data: &Data, request: &Request, answer: &ask::Answer) -> serde_json::Value {
    let day = |date: Date| date.to_string();
    let promised = |at: usize| {
        json!({
            "probability": PROMISES[at],
            "date": answer.dates.and_then(|dates| dates[at]).map(day),
            "items_at_least": answer.counts.map(|counts| counts[at]),
        })
    };
    let (tests, kept) = answer.record;
    json!({
        "items": request.items, "by": request.by.map(day), "as_of": day(data.history.last()),
        "promises": (0..PROMISES.len()).map(promised).collect::<Vec<_>>(),
        "probability_of_both": answer.chance,
        "record": { "tests": tests, "kept_85": kept },
    })
}

fn slides(
    name: &str,
    data: &Data,
    request: &Request,
    answer: &ask::Answer,
) -> Result<Vec<Slide>, ChartError> {
    Ok(vec![Slide { name: "burn-up", svg: chart(name, data, request, answer).draw()? }])
}

/// What it rests on, on one line.
fn source(name: &str, data: &Data) -> String {
    format!(
        "orgsim {} · {name} · {} finished from {} to {} · forecast from throughput alone",
        env!("CARGO_PKG_VERSION"),
        plural(data.history.items()),
        data.history.first(),
        data.history.last()
    )
}

const ASSUMES: &str = "The forecast knows only what was finished when. It assumes that the items to come are like those of the past, \
                       that as many people work on them, and that the level of throughput goes on to wander as it did. It reads no \
                       estimates, and it cannot see a reorganisation that has not happened yet.";

fn too_little(data: &Data, missing: &Missing) -> Failure {
    let has = format!(
        "{} has {} over {}",
        data.path.display(),
        words::count(data.history.items() as usize, "finished item", "finished items"),
        words::count(data.history.days().len(), "day", "days")
    );
    if (missing.items, missing.days) == (0, 0) {
        let last = data.history.last();
        return Failure::Failed(format!(
            "no forecast: {has}, but nothing was finished in the 12 weeks before {last}; if the data end earlier, say when with --as-of"
        ));
    }
    let items = words::count(missing.items as usize, "more finished item", "more finished items");
    let days = words::count(missing.days, "more day", "more days");
    let lacks = match (missing.items, missing.days) {
        (0, _) => days,
        (_, 0) => items,
        _ => format!("{items} and {days}"),
    };
    let when = missing.enough_on.map_or_else(
        || {
            "nothing was finished in the last 12 weeks, so it cannot be said when there will be enough"
                .to_owned()
        },
        |day| format!("at the pace of the last 12 weeks there will be enough on {day}"),
    );
    Failure::Failed(format!(
        "no forecast from less than 60 finished items or 26 weeks: {has}; it needs {lacks}; {when}"
    ))
}

fn plural(count: u32) -> String {
    words::count(count as usize, "item", "items")
}

/// A probability as it is told: never certain.
pub(super) fn chance(p: f64) -> String {
    match p {
        p if p > 0.95 => "more than 95 %".to_owned(),
        p if p < 0.05 => "less than 5 %".to_owned(),
        p => format!("{:.0} %", 100.0 * p),
    }
}

fn told(date: Option<Date>) -> String {
    date.map_or_else(|| "later than three years".to_owned(), |date| date.to_string())
}

/// A change of the width that is told, in per cent.
const TOLD: f64 = 5.0;

/// Where the last twelve weeks brought much more or less than a usual year: the forecast goes back to what is usual, which a
/// lasting change would not.
fn lately(history: &history::History) -> Option<String> {
    const LATELY: usize = 84;
    const YEAR: usize = 364;
    let days = history.days();
    if days.len() < 2 * LATELY {
        return None;
    }
    let weekly = |days: &[u32]| 7.0 * f64::from(days.iter().sum::<u32>()) / days.len() as f64;
    let recent = weekly(&days[days.len() - LATELY..]);
    let usual = weekly(&days[days.len().saturating_sub(YEAR)..]);
    (!(0.78..1.28).contains(&(recent / usual))).then(|| {
        format!(
            "The last twelve weeks brought {recent:.1} items a week, the year {usual:.1}: the forecast expects a return towards the \
             usual; if the change is to last, it is too {}.",
            if recent < usual { "early and too high" } else { "late and too low" }
        )
    })
}

/// The finding, the record, and what the data are, in some sentences.
fn sentences(data: &Data, request: &Request, answer: &ask::Answer) -> Vec<String> {
    let mut said = Vec::new();
    if let (Some(items), Some(dates)) = (request.items, answer.dates) {
        let when = match dates[2] {
            Some(date) => format!("are finished by {date} with 85 % probability"),
            None => {
                let nearest = [1, 0].into_iter().find_map(|at| Some((PROMISES[at], dates[at]?)));
                let instead = nearest.map_or_else(
                    || "not even with 50 %".to_owned(),
                    |(promise, date)| format!("with {:.0} %, by {date}", 100.0 * promise),
                );
                format!("cannot be promised with 85 % probability for any day within three years; {instead}")
            }
        };
        let middle = dates[2].and(dates[0]);
        let middle =
            middle.map_or_else(String::new, |date| format!("; {date} is as likely too late as too early"));
        said.push(format!("{} {when}{middle}.", plural(items).replace(' ', " more ")));
    }
    if let (Some(by), Some(counts)) = (request.by, answer.counts) {
        said.push(format!(
            "At least {} are finished by {by} with 85 % probability; the middle is {}.",
            plural(counts[2]),
            counts[0]
        ));
    }
    if let (Some(items), Some(by), Some(p)) = (request.items, request.by, answer.chance) {
        said.push(format!("That {} are finished by {by} has a probability of {}.", plural(items), chance(p)));
    }
    let what = if request.items.is_some() { "date" } else { "number" };
    said.push(match answer.record {
        (0, _) => "These data are too short to test such forecasts on their own past.".to_owned(),
        (n, kept) => format!(
            "In {} on your own past, the 85 % {what} held {}.",
            words::count(n, "test", "tests"),
            words::count(kept, "time", "times")
        ),
    });
    // A few per cent are within what the tests can tell.
    let change = if answer.record.0 == 0 { 0.0 } else { 100.0 * (answer.widening - 1.0) };
    if change >= TOLD {
        said.push(format!(
            "Because earlier forecasts missed by more than they should, this one is {change:.0} % wider."
        ));
    } else if change <= -TOLD {
        said.push(format!(
            "Because earlier forecasts were wider than they had to be, this one is {:.0} % narrower.",
            -change
        ));
    }
    let history = &data.history;
    said.extend(lately(history));
    said.push(format!(
        "It rests on {} finished from {} to {}.",
        plural(history.items()),
        history.first(),
        history.last()
    ));
    let still = history.days().iter().rev().take_while(|count| **count == 0).count();
    if still >= 28 {
        said.push(format!(
            "Nothing was finished in the last {still} days: if the data end earlier, say so with --as-of."
        ));
    }
    said
}

fn table(request: &Request, answer: &ask::Answer) -> TextTable {
    let mut head = vec!["probability".to_owned()];
    head.extend(answer.dates.map(|_| format!("{} done by", plural(request.items.unwrap_or(0)))));
    head.extend(answer.counts.and(request.by).map(|by| format!("items by {by}")));
    let mut table = TextTable { head, words: 1, ..TextTable::default() };
    for (at, promise) in PROMISES.iter().enumerate() {
        let mut row = vec![format!("{:.0} %", 100.0 * promise)];
        row.extend(answer.dates.map(|dates| told(dates[at])));
        row.extend(answer.counts.map(|counts| format!("at least {}", counts[at])));
        table.row(row);
    }
    table
}

fn cells(answer: &ask::Answer) -> Vec<u8> {
    let mut sheet = Sheet::new(["probability", "date", "items_at_least"]);
    for (at, promise) in PROMISES.iter().enumerate() {
        let date = answer.dates.and_then(|dates| dates[at]).map_or_else(String::new, |date| date.to_string());
        let count = answer.counts.map_or_else(String::new, |counts| counts[at].to_string());
        sheet.row([promise.to_string(), date, count]);
    }
    sheet.bytes()
}

fn chart(name: &str, data: &Data, request: &Request, answer: &ask::Answer) -> Fan {
    let last = data.history.last();
    let title = match (request.items, answer.dates, request.by, answer.counts) {
        (Some(items), Some(dates), _, _) => match dates[2] {
            Some(date) => format!("{} done by {date} with 85 % probability", plural(items)),
            None => format!("{}: no day within three years has 85 % probability", plural(items)),
        },
        (_, _, Some(by), Some(counts)) => {
            format!("At least {} done by {by} with 85 % probability", plural(counts[2]))
        }
        _ => "Items finished".to_owned(),
    };
    let end = history::later(last, 7 * (answer.bands.len() as i64 - 1));
    let subtitle = format!(
        "Items finished after {last}, up to {end}: the median, and where the middle half and the middle 90 % of the futures lie"
    );
    Fan {
        heading: Heading { title, subtitle, source: source(name, data) },
        y_label: "Items finished".to_owned(),
        unit: String::new(),
        x_label: String::new(),
        clock: Clock::Dates { last: answer.bands.len() as f64 - 1.0, first: number_of(last), days: 7.0 },
        from_zero: true,
        mark: mark(last, request, answer),
        signed: false,
        break_even: None,
        series: vec![FanSeries {
            name: "finished".to_owned(),
            role: Role::Emphasised,
            today: Some(0.0),
            bands: answer.bands[1..].to_vec(),
        }],
    }
}

/// Where what is promised with 85 % lies on the chart.
fn mark(last: Date, request: &Request, answer: &ask::Answer) -> Option<FanMark> {
    const SURE: usize = 2;
    let week = |date: Date| history::between(last, date) as f64 / 7.0;
    match (request.items, answer.dates, request.by, answer.counts) {
        (Some(items), Some(dates), _, _) => {
            // Where items are split or added on the way, more are finished by then than were asked for.
            let date = dates[SURE].filter(|_| request.split == (1.0, 1.0) && request.growth == 0.0)?;
            Some(FanMark {
                week: week(date),
                value: f64::from(items),
                text: format!("{items} by {date}, with 85 %"),
            })
        }
        (_, _, Some(by), Some(counts)) => {
            let items = counts[SURE];
            Some(FanMark {
                week: week(by),
                value: f64::from(items),
                text: format!("at least {items} by {by}, with 85 %"),
            })
        }
        _ => None,
    }
}
