//! A what-if in words and tables: the forecast from throughput alone beside a model's baseline and its policy.

use super::chart::{ChartError, Estimate, Heading, Ranking, RankingBar};
use super::csv::{Sheet, plain};
use super::document::Document;
use super::manifest;
use super::slides::Slide;
use super::table::TextTable;
use super::words::count;
use experiment::whatif::summary::{LEVEL, PROMISES, Paired, Side, Told, WhatIfSummary};
use serde_json::{Value as Json, json};

/// A share of time by which a model's middle may lie beside the forecast's and still be called the same.
const NEAR: f64 = 0.25;

/// What the command knows besides: dates, and the forecast.
pub struct Beside<'a> {
    /// The data's name, and the last day that is known of.
    pub data: &'a str,
    pub as_of: &'a str,
    /// The day asked for.
    pub by: &'a str,
    pub hours_per_day: f64,
    /// The day on which so many working hours from today end.
    pub date: &'a dyn Fn(f64) -> String,
    /// The forecast's answers from throughput alone, by promise: in working hours from today, and in items.
    pub hours: Option<[f64; 4]>,
    pub items: Option<[f64; 4]>,
    /// "more than 95 %".
    pub chance: &'a dyn Fn(f64) -> String,
    pub forecast_chance: Option<f64>,
    /// What to type next.
    pub next: &'a str,
}

/// The whole answer.
pub fn document(summary: &WhatIfSummary, beside: &Beside<'_>) -> Document {
    let policy = summary.policies[1].trim();
    let mut document = Document::new(
        format!("What if “{policy}”, from what is open in {} today?", beside.data),
        finding(summary, beside),
    );
    let least = |items: f64| format!("at least {items:.0}");
    let whole = |items: f64| format!("{items:.0}");
    if let (Some(side), Some(items)) = (&summary.when, summary.question.items) {
        let items = count(items as usize, "item", "items").replace(' ', " more ");
        let section = document.answer(&format!("When are {items} finished?"));
        section.tables([outcomes(summary, side, beside.hours, beside.date)]);
        section.list(paired_words(&side.paired, &in_days(beside), ["sooner", "later"], summary.simulated));
    }
    if let Some(side) = &summary.many {
        let section = document.answer(&format!("How many are finished by {}?", beside.by));
        section.tables([outcomes(summary, side, beside.items, &least)]);
        section.list(paired_words(&side.paired, &in_items(), ["fewer", "more"], summary.simulated));
    }
    if let Some(chances) = summary.chances {
        document.answer("How likely is that?").text(chance_words(summary, chances, beside));
    }
    document.answer("How far to believe it").list(believe(summary, beside));
    document
        .answer("Next")
        .command("How does the policy do in the long run, over organisations like this one?", beside.next);
    let detail = document.detail("How exactly the model’s percentiles are known");
    detail.text(format!(
        "{:.0} % intervals, from order statistics of {} organisations. They say nothing of how the model differs from yours.",
        100.0 * LEVEL,
        summary.simulated
    ));
    detail.tables(summary.when.iter().map(|side| exactness(summary, side, beside.date)));
    detail.tables(summary.many.iter().map(|side| exactness(summary, side, &whole)));
    document.data = data(summary, beside);
    document.source = source(summary);
    document
}

/// A chart for each question: how long it takes, or how many there are, by the forecast and by the model's two.
pub fn slides(summary: &WhatIfSummary, beside: &Beside<'_>) -> Result<Vec<Slide>, ChartError> {
    let day = beside.hours_per_day;
    let mut slides = Vec::new();
    if let Some(side) = &summary.when {
        let title = |at: usize| (beside.date)(side.promised[at][SURE].value);
        let title =
            format!("In the model, with 85 %: {} under {}, {} as it is", title(1), named(summary), title(0));
        let x_label = format!("Working days from {}", beside.as_of);
        let drawn = chart(summary, side, beside, (title, x_label), (beside.hours, day)).draw()?;
        slides.push(Slide { name: "when", svg: drawn });
    }
    if let Some(side) = &summary.many {
        let many = |at: usize| count(side.promised[at][SURE].value as usize, "item", "items");
        let title = format!(
            "In the model, with 85 %: at least {} under {}, {} as it is",
            many(1),
            named(summary),
            many(0)
        );
        let x_label = format!("Items finished by {}", beside.by);
        let drawn = chart(summary, side, beside, (title, x_label), (beside.items, 1.0)).draw()?;
        slides.push(Slide { name: "how many", svg: drawn });
    }
    Ok(slides)
}

/// The place of the promise that people plan by.
const SURE: usize = 2;

fn named(summary: &WhatIfSummary) -> String {
    format!("“{}”", summary.policies[1].trim())
}

/// What each says with 85 %, and from 50 to 95 %; `unit` of what it says is 1 on the axis.
fn chart(
    summary: &WhatIfSummary,
    side: &Side,
    beside: &Beside<'_>,
    (title, x_label): (String, String),
    (forecast, unit): (Option<[f64; 4]>, f64),
) -> Ranking {
    let bar = |name: &str, promised: [f64; 4]| {
        let [low, _, sure, high] = promised.map(|value| value / unit);
        RankingBar {
            name: name.to_owned(),
            strength: Estimate::new(sure, low.min(high), low.max(high)),
            second: Estimate::new(f64::NAN, f64::NAN, f64::NAN),
        }
    };
    let model = |at: usize| side.promised[at].map(|told| told.value);
    let mut bars: Vec<RankingBar> =
        forecast.map(|promised| bar("forecast from throughput", promised)).into_iter().collect();
    bars.push(bar("model, as it is", model(0)));
    bars.push(bar(&format!("model, {}", named(summary)), model(1)));
    // What lies beyond three years has no end to be drawn.
    bars.retain(|bar| {
        [bar.strength.mean, bar.strength.low, bar.strength.high].into_iter().all(f64::is_finite)
    });
    Ranking {
        heading: Heading {
            title,
            subtitle: format!(
                "What is promised from what is open in {} today: {} organisations like it, and the forecast that knows no policy",
                beside.data, summary.simulated
            ),
            source: source(summary),
        },
        x_label,
        note: "Bar: with 85 % probability · line: from 50 % to 95 %".to_owned(),
        chance: 0.0,
        bars,
    }
}

fn source(summary: &WhatIfSummary) -> String {
    format!(
        "orgsim {} · {} of {} organisations · seed {} · a what-if of a model, not a forecast",
        manifest::VERSION,
        summary.simulated,
        summary.drawn,
        summary.seed
    )
}

/// What is told of the difference, in the unit that was asked for first.
fn finding(summary: &WhatIfSummary, beside: &Beside<'_>) -> String {
    let [baseline, policy] = summary.policies.each_ref().map(|name| name.trim());
    let in_model = "in a model of organisations like yours: a what-if, not the forecast";
    let (paired, words, less, more) = match (&summary.when, &summary.many) {
        (Some(side), _) => (&side.paired, in_days(beside), "sooner", "later"),
        (None, Some(side)) => (&side.paired, in_items(), "fewer", "more"),
        (None, None) => return "Nothing was asked".to_owned(),
    };
    let Paired { median, smaller, larger, unknown } = *paired;
    let shares = |first: Told, one: &str, second: Told, other: &str| {
        let (first, second) = (percent(first.value), percent(second.value));
        format!(
            "“{policy}” finishes {one} than “{baseline}” in {first} of organisations and {other} in {second}, with no difference in the \
             middle, {in_model}"
        )
    };
    let way = match () {
        () if unknown == summary.simulated => {
            return format!("neither “{policy}” nor “{baseline}” finishes within three years, {in_model}");
        }
        () if smaller.value == 0.0 && larger.value == 0.0 => {
            return format!("“{policy}” changes nothing of this {in_model}");
        }
        () if median.high < 0.0 => less,
        () if median.low > 0.0 => more,
        () if smaller.low > larger.value => return shares(smaller, less, larger, more),
        () if larger.low > smaller.value => return shares(larger, more, smaller, less),
        () => return format!("“{policy}” cannot be told from “{baseline}” {in_model}"),
    };
    let much = words(median.value.abs()).trim_start_matches('+').to_owned();
    format!("“{policy}” finishes {much} {way} than “{baseline}”, in the middle, {in_model}")
}

type Words = Box<dyn Fn(f64) -> String>;

fn in_items() -> Words {
    Box::new(|items| signed(items, "items"))
}

/// Differences of time in working days.
fn in_days(beside: &Beside<'_>) -> Words {
    let each = beside.hours_per_day;
    Box::new(move |hours| signed(hours / each, "working days"))
}

fn signed(value: f64, unit: &str) -> String {
    let number = match value {
        value if value == f64::INFINITY => return "beyond three years".to_owned(),
        value if value == f64::NEG_INFINITY => return "from beyond three years".to_owned(),
        value if value.is_nan() => return "unknown".to_owned(),
        value if value.abs() < 0.05 => "0".to_owned(),
        value if value.abs() >= 10.0 => format!("{value:+.0}"),
        value => format!("{value:+.1}"),
    };
    format!("{} {unit}", number.replace('-', "−"))
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// Which outcome has which probability: the forecast's, and the model's under each policy.
fn outcomes(
    summary: &WhatIfSummary,
    side: &Side,
    forecast: Option<[f64; 4]>,
    show: &dyn Fn(f64) -> String,
) -> TextTable {
    let [baseline, policy] = summary.policies.each_ref().map(|name| format!("model: {}", name.trim()));
    let mut table = TextTable::new("", 1, &["probability", "forecast", &baseline, &policy]);
    for (at, promise) in PROMISES.iter().enumerate() {
        let forecast = forecast.map_or("–".to_owned(), |forecast| show(forecast[at]));
        let mut row = vec![percent(*promise), forecast];
        row.extend(side.promised.iter().map(|promised| show(promised[at].value)));
        table.row(row);
    }
    table.note(
        "The forecast knows throughput alone, and is the one to promise by. Probabilities are of outcomes: which organisation it is, and \
         chance.",
    );
    table
}

/// How exactly so many organisations tell the model's percentiles.
fn exactness(summary: &WhatIfSummary, side: &Side, show: &dyn Fn(f64) -> String) -> TextTable {
    let [baseline, policy] = summary.policies.each_ref().map(|name| name.trim());
    let mut table = TextTable::new("", 1, &["probability", baseline, policy]);
    for (at, promise) in PROMISES.iter().enumerate() {
        let cell = |promised: &[Told; 4]| match promised[at] {
            Told { low, high, .. } if low.is_finite() && high.is_finite() => {
                format!("{} to {}", show(low), show(high))
            }
            _ => "not bounded by so few".to_owned(),
        };
        table.row(vec![percent(*promise), cell(&side.promised[0]), cell(&side.promised[1])]);
    }
    table
}

fn paired_words(
    paired: &Paired,
    words: &dyn Fn(f64) -> String,
    [less, more]: [&str; 2],
    simulated: usize,
) -> Vec<String> {
    let Told { value, low, high } = paired.median;
    if paired.unknown == simulated {
        return vec![
            "No organisation is finished within three years under either: nothing can be compared."
                .to_owned(),
        ];
    }
    let mut said = vec![
        format!(
            "Same organisation, same random numbers: the difference is {} in the middle ({} % interval {} to {}).",
            words(value),
            100.0 * LEVEL,
            words(low),
            words(high)
        ),
        format!(
            "{} under the policy in {} of organisations (interval {} to {}), {more} in {}.",
            super::words::capital(less),
            percent(paired.smaller.value),
            percent(paired.smaller.low),
            percent(paired.smaller.high),
            percent(paired.larger.value)
        ),
    ];
    if paired.unknown > 0 {
        said.push(format!(
            "Not finished within three years under either, so that nothing is said of a difference: {} of {simulated} organisations.",
            paired.unknown
        ));
    }
    said
}

fn chance_words(summary: &WhatIfSummary, chances: [f64; 2], beside: &Beside<'_>) -> String {
    let forecast = beside
        .forecast_chance
        .map_or(String::new(), |chance| format!("{} by the forecast; ", (beside.chance)(chance)));
    let [baseline, policy] = chances.map(|chance| (beside.chance)(chance));
    format!(
        "That {} are finished by {}: {forecast}in the model {baseline} under “{}”, {policy} under “{}”.",
        count(summary.question.items.unwrap_or(0) as usize, "item", "items"),
        beside.by,
        summary.policies[0].trim(),
        summary.policies[1].trim()
    )
}

/// What the model says as it is, over what the forecast says, in the middle: of time, or of items.
fn beside_the_forecast(summary: &WhatIfSummary, beside: &Beside<'_>) -> Option<(f64, &'static str)> {
    let ratio = |side: &Side, forecast: [f64; 4]| side.promised[0][0].value / forecast[0];
    let time = || Some((ratio(summary.when.as_ref()?, beside.hours?), "time"));
    let items = || Some((ratio(summary.many.as_ref()?, beside.items?), "items"));
    time().or_else(items).filter(|(ratio, _)| !ratio.is_nan())
}

fn believe(summary: &WhatIfSummary, beside: &Beside<'_>) -> Vec<String> {
    let mut said = vec![
        "This is a what-if of a model. It is not the forecast: what you promise stands in the first column, and comes from throughput \
         alone. What the model adds is the difference between its two columns."
            .to_owned(),
    ];
    said.push(match beside_the_forecast(summary, beside) {
        None => "The forecast and the model cannot be set beside each other here.".to_owned(),
        Some((ratio, _)) if !ratio.is_finite() => {
            "As it is, the middle of the model lies beyond three years, and the forecast’s does not: the model is not one of your \
             organisation, and its difference says little."
                .to_owned()
        }
        Some((ratio, of)) if (1.0 - NEAR..=1.0 / (1.0 - NEAR)).contains(&ratio) => format!(
            "As it is, the middle of the model is {ratio:.2} times the forecast’s {of}: they agree about as well as one may ask."
        ),
        Some((ratio, of)) => format!(
            "As it is, the middle of the model is {ratio:.2} times the forecast’s {of}: they do not agree, and the difference is worth \
             less than its interval says."
        ),
    });
    let [open, begun] = summary.open;
    said.push(format!(
        "It begins with the {} that are open on {}, {begun} of them begun.{} What comes later is drawn as the model has it.",
        count(open, "item", "items"),
        beside.as_of,
        if begun > 0 { " How much of those is left nobody recorded: any share is as likely." } else { "" }
    ));
    let lost = summary.drawn - summary.simulated;
    said.push(format!(
        "{} organisations like yours, whole rows of the joint draws with all other numbers from their ranges{}.",
        summary.simulated,
        if lost > 0 { format!("; {lost} more could not be simulated, or were overloaded") } else { String::new() }
    ));
    said
}

fn data(summary: &WhatIfSummary, beside: &Beside<'_>) -> Json {
    let told = |told: &Told| json!({ "value": told.value, "low": told.low, "high": told.high });
    let promised = |promised: &[Told; 4]| {
        let each = PROMISES.iter().zip(promised);
        each.map(|(promise, one)| json!({ "probability": promise, "told": told(one) })).collect::<Vec<_>>()
    };
    let side = |side: &Side| {
        json!({
            "baseline": promised(&side.promised[0]),
            "policy": promised(&side.promised[1]),
            "difference": told(&side.paired.median),
            "share_smaller": told(&side.paired.smaller),
            "share_larger": told(&side.paired.larger),
            "unknown": side.paired.unknown,
        })
    };
    json!({
        "is_a_forecast": false,
        "baseline": summary.policies[0],
        "policy": summary.policies[1],
        "items": summary.question.items,
        "by": if beside.by.is_empty() { Json::Null } else { beside.by.into() },
        "as_of": beside.as_of,
        "organisations": { "drawn": summary.drawn, "simulated": summary.simulated },
        "open": { "items": summary.open[0], "begun": summary.open[1] },
        "working_hours": summary.when.as_ref().map(side),
        "finished": summary.many.as_ref().map(side),
        "forecast": { "working_hours": beside.hours, "finished": beside.items },
    })
}

/// The answer as a table for other programs.
pub fn csv(summary: &WhatIfSummary, beside: &Beside<'_>) -> Vec<u8> {
    let mut sheet = Sheet::new(["question", "source", "probability", "value", "low", "high", "date"]);
    let mut rows = |question: &str, source: &str, values: [Told; 4], is_time: bool| {
        for (promise, told) in PROMISES.iter().zip(values) {
            let date = if is_time { (beside.date)(told.value) } else { String::new() };
            let [value, low, high] = [told.value, told.low, told.high].map(finite);
            sheet.row([question.to_owned(), source.to_owned(), promise.to_string(), value, low, high, date]);
        }
    };
    let exact = |value: f64| Told { value, low: f64::NAN, high: f64::NAN };
    for (question, side, forecast, is_time) in
        [("working hours", &summary.when, beside.hours, true), ("items", &summary.many, beside.items, false)]
    {
        let Some(side) = side else { continue };
        if let Some(forecast) = forecast {
            rows(question, "forecast", forecast.map(exact), is_time);
        }
        for (name, promised) in summary.policies.iter().zip(side.promised) {
            rows(question, name, promised, is_time);
        }
    }
    sheet.bytes()
}

/// What is not known, or lies beyond, is an empty cell.
fn finite(value: f64) -> String {
    if value.is_finite() { plain(value) } else { String::new() }
}
