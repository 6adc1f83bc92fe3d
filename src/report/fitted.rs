//! A fit in words, tables and pictures: the simulated year beside the real one, and how each number is known.

pub mod charts;

use super::csv::Sheet;
use super::document::Document;
use super::table::TextTable;
use super::{manifest, words};
use experiment::fitting::summary::{
    AssumedNumber, ComparedFigure, FitSummary, FittedNumber, OpenToday, Status,
};
use fit::LEVEL;
use fit::posterior::{NARROWER, NOTHING};
use serde_json::{Value as Json, json};

/// Assumed numbers that are named on the first page.
const NAMED: usize = 6;

/// What a fit came to.
pub fn document(summary: &FitSummary, next: &str) -> Document {
    let mut document = Document::new(format!("{}, fitted", summary.team), finding(summary));
    let answer = document.answer("The simulated window beside the real one");
    answer.tables([figures(summary)]);
    answer.list(agreement(summary));
    let answer = document.answer("What is known of the organisation");
    answer.tables([known(summary)]);
    answer.list(knowledge(summary));
    document.answer("Next").command("How do policies do in organisations like this one?", next);
    document.detail("Drawn and fitted together, with their ranges").tables([drawn(summary)]);
    let detail = document.detail("Assumed, with their ranges");
    detail.text(format!(
        "Numbers that are not fitted. Those marked “nothing” are ones of which the figures say nothing: a regression on them explains less \
         than {:.0} % of how far organisations differ in it, by cross-validation. The rest is told of a little, too little to be worth \
         fitting.",
        NOTHING * 100.0
    ));
    detail.tables([assumed(summary)]);
    document.detail("How it was found").list(method(summary));
    document.data = data(summary);
    document.source = format!(
        "orgsim {} · {} items in {} weeks · {} organisations · seed {} · fitted, not forecast",
        manifest::VERSION,
        summary.delivered,
        summary.weeks,
        summary.simulated,
        summary.seed
    );
    document
}

fn finding(summary: &FitSummary) -> String {
    let (all, outside) = (summary.figures.len(), summary.outside().count());
    // By chance one of ten bands leaves a figure out; of more than two of ten the model is another organisation's.
    let far = if outside * 5 > all { ": few enough to take what follows with care" } else { "" };
    format!(
        "Organisations that were fitted show {} of {all} figures of these {} weeks as they were{far}",
        all - outside,
        summary.weeks
    )
}

fn figures(summary: &FitSummary) -> TextTable {
    let mut table =
        TextTable::new("", 1, &["figure", "real", "simulated, 90 % of windows", "median", "inside?"]);
    for figure in &summary.figures {
        let [low, median, high] = figure.band.map(words::number);
        table.row(vec![
            figure.title.to_owned(),
            words::number(figure.real),
            format!("{low} to {high}"),
            median,
            said(figure).to_owned(),
        ]);
    }
    table
}

fn said(figure: &ComparedFigure) -> &'static str {
    match (figure.is_inside, figure.is_reached, figure.real < figure.band[0]) {
        (true, ..) => "yes",
        (_, false, _) => "no: out of reach",
        (_, _, true) => "no: lower",
        _ => "no: higher",
    }
}

/// What agrees, what does not, and what cannot.
fn agreement(summary: &FitSummary) -> Vec<String> {
    let all = summary.figures.len();
    let outside: Vec<&ComparedFigure> = summary.outside().collect();
    let mut said = vec![format!(
        "Each band holds 90 % of single windows of {} organisations that were fitted: with {all} figures, about {:.0} lie outside by \
         chance. {} {} here.",
        summary.windows,
        all as f64 * (1.0 - LEVEL),
        outside.len(),
        if outside.len() == 1 { "does" } else { "do" }
    )];
    if !outside.is_empty() {
        let names: Vec<&str> = outside.iter().map(|figure| figure.title).collect();
        said.push(format!("Not reproduced: {}.", names.join("; ")));
    }
    let beyond: Vec<&str> =
        outside.iter().filter(|figure| !figure.is_reached).map(|figure| figure.title).collect();
    if !beyond.is_empty() {
        said.push(format!(
            "No organisation that was drawn, likely or not, shows so little or so much of: {}. Something outside the model is at work, \
             or the tracker is kept in another way; what follows from the fit is weaker for it.",
            beyond.join("; ")
        ));
    }
    said
}

/// What the data say: numbers that were counted, and those whose interval is clearly narrower than their range.
fn known(summary: &FitSummary) -> TextTable {
    let mut table = TextTable::new("", 2, &["number", "how known", "median", "90 % interval"]);
    for number in summary.numbers.iter().filter(|number| number.status != Status::Assumed) {
        // What was counted and not drawn has no interval.
        let interval = match number.r_squared.is_nan() {
            true => String::new(),
            false => format!("{} to {}", number.low, number.high),
        };
        let how = number.status.word().to_owned();
        table.row(vec![number.path.clone(), how, number.median.clone(), interval]);
    }
    table
}

/// How each number that was drawn with the others came out.
fn drawn(summary: &FitSummary) -> TextTable {
    let mut table = TextTable::new("", 2, &["number", "how known", "range", "90 % interval", "width", "R²"]);
    for number in summary.numbers.iter().filter(|number| !number.r_squared.is_nan()) {
        table.row(vec![
            number.path.clone(),
            number.status.word().to_owned(),
            number.range.join(" to "),
            format!("{} to {}", number.low, number.high),
            words::number(number.width),
            words::number(number.r_squared.max(0.0)),
        ]);
    }
    table.note(format!(
        "Width: how wide the interval is, over what the range alone gives. A number counts as fitted up to {NARROWER}; above, the data \
         say too little, and it is assumed. R²: how much of it a regression on the figures explains, by cross-validation."
    ));
    table
}

fn knowledge(summary: &FitSummary) -> Vec<String> {
    let name = |number: &FittedNumber| number.path.clone();
    let is_counted = |number: &&FittedNumber| number.r_squared.is_nan();
    let mut said: Vec<String> = summary
        .numbers
        .iter()
        .filter(is_counted)
        .map(|number| format!("Not drawn: {} is {} ({}).", number.path, number.median, number.why))
        .collect();
    let silent: Vec<String> = summary.of_status(Status::Assumed).map(name).collect();
    if !silent.is_empty() {
        said.push(format!(
            "Not identifiable from these data: {}. They are drawn with the others, since they belong to them.",
            silent.join(", ")
        ));
    }
    said.push(
        "Size and attention are known as a ratio only: items of half the size, done in half the time, look the same in a tracker."
            .to_owned(),
    );
    let nothing: Vec<&AssumedNumber> =
        summary.assumed.iter().filter(|number| number.r_squared < NOTHING).collect();
    let some: Vec<&str> =
        ["debt.interest", "code.density", "switching.efficiency", "trust", "clarity", "review.effort_share"]
            .iter()
            .filter_map(|part| {
                nothing.iter().find(|number| number.path.contains(part)).map(|number| number.path.as_str())
            })
            .take(NAMED)
            .collect();
    said.push(format!(
        "Assumed: {} numbers more, of {} of which the data say nothing ({}{}). Each keeps its range. Comparisons draw them together with \
         what was fitted, as they go with it in organisations that show these figures, and choices each by itself.",
        summary.assumed.len(),
        nothing.len(),
        some.join(", "),
        if nothing.len() > some.len() { " and others" } else { "" }
    ));
    said
}

fn assumed(summary: &FitSummary) -> TextTable {
    let mut table = TextTable::new("", 2, &["number", "range", "told by the data", "R²"]);
    for number in &summary.assumed {
        table.row(vec![
            number.path.clone(),
            number.range.clone(),
            if number.r_squared < NOTHING { "nothing" } else { "a little" }.to_owned(),
            words::number(number.r_squared.max(0.0)),
        ]);
    }
    table
}

fn method(summary: &FitSummary) -> Vec<String> {
    vec![
        format!(
            "{} organisations were drawn from the ranges of `typical` and of what was counted; {} could be simulated, each for a past of \
             50 weeks and the window of {} weeks.",
            summary.drawn, summary.simulated, summary.weeks
        ),
        "One piece of code makes the figures of the real and of simulated windows. Days are working days.".to_owned(),
        format!(
            "Each number is regressed on all figures and their squares (ridge, cross-validated). The {} organisations whose regressions \
             say most nearly what those of the history say were kept (worth {:.0} independent ones), and the distance that is left was \
             taken away by a local-linear regression: approximate Bayesian computation, after Beaumont, Zhang & Balding 2002 and \
             Fearnhead & Prangle 2012.",
            summary.kept, summary.effective
        ),
        "What a fit does not know: whether the model is right. A number that was fitted is the one with which this model shows these \
         figures."
            .to_owned(),
    ]
}

fn data(summary: &FitSummary) -> Json {
    let number = |number: &FittedNumber| {
        json!({
            "path": number.path, "status": number.status.word(), "low": number.low, "median": number.median,
            "high": number.high, "range": number.range, "width": number.width, "r_squared": number.r_squared,
        })
    };
    let figure = |figure: &ComparedFigure| {
        json!({
            "figure": figure.title, "real": figure.real, "low": figure.band[0], "median": figure.band[1],
            "high": figure.band[2], "inside": figure.is_inside, "reached": figure.is_reached,
        })
    };
    json!({
        "weeks": summary.weeks,
        "delivered": summary.delivered,
        "numbers": summary.numbers.iter().map(number).collect::<Vec<_>>(),
        "figures": summary.figures.iter().map(figure).collect::<Vec<_>>(),
    })
}

/// The joint draws, a path each column.
pub fn posterior(head: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut sheet = Sheet::new(head);
    rows.iter().for_each(|row| sheet.row(row.iter().cloned()));
    sheet.bytes()
}

/// What is open today, an item each row.
pub fn open(items: &[OpenToday]) -> Vec<u8> {
    let mut sheet = Sheet::new(["kind", "created", "started", "initiative"]);
    for item in items {
        let started = item.started.map_or_else(String::new, super::csv::plain);
        let initiative = item.initiative.map_or_else(String::new, |number| number.to_string());
        sheet.row([item.kind.to_owned(), super::csv::plain(item.created), started, initiative]);
    }
    sheet.bytes()
}

/// The figures as a table for other programs.
pub fn figures_csv(summary: &FitSummary) -> Vec<u8> {
    let mut sheet = Sheet::new(["figure", "real", "low", "median", "high", "inside", "reached"]);
    for figure in &summary.figures {
        let mut row = vec![figure.title.to_owned(), super::csv::plain(figure.real)];
        row.extend(figure.band.map(super::csv::plain));
        row.extend([figure.is_inside, figure.is_reached].map(|is| is.to_string()));
        sheet.row(row);
    }
    sheet.bytes()
}
