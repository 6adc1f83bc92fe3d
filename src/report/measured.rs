//! Where an organisation stands, by what its tracker recorded: tables, sentences and a page.

pub mod charts;

use super::csv::{Sheet, plain, safe};
use super::document::Document;
use super::table::TextTable;
use super::{manifest, words};
use history::history::History;
use history::measure::delivery::{Delivery, Span, WITHIN_HOURS};
use history::measure::rate::Rate;
use history::measure::rework::SentBack;
use history::measure::rhythm::Rhythm;
use history::measure::times::{Percentile, Times};
use history::measure::{LEVEL, Measures};
use history::when::day_of;
use serde_json::json;

/// A line of the table of measures.
pub struct Line {
    pub measure: String,
    pub unit: &'static str,
    /// NaN where it is not known; ∞ where it is only known to be longer than what was seen.
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// What one gets who looks at ended items only; NaN where that is no question.
    pub finished_only: f64,
    pub of: String,
}

/// All measures, one a line.
pub fn lines(measures: &Measures) -> Vec<Line> {
    let mut lines = Vec::new();
    rate(&mut lines, "throughput", "items a week", &measures.throughput);
    if measures.lead.n() > 0 {
        rate(&mut lines, "arrivals", "items a week", &measures.arrivals);
    }
    if !measures.has_no_starts() {
        if measures.has_open {
            let of = format!("today {}", measures.ageing.items.len());
            rate(&mut lines, "work in progress", "items", &measures.in_progress);
            lines.last_mut().into_iter().for_each(|line| line.of = format!("{}; {of}", line.of));
        }
        times(&mut lines, "cycle time", &measures.cycle);
    }
    times(&mut lines, "lead time", &measures.lead);
    if let Some(flow) = &measures.efficiency {
        let of = words::count(flow.n, "item", "items");
        lines.push(share("flow efficiency", [flow.share, flow.low, flow.high], of));
    }
    for wait in &measures.waits {
        rate(&mut lines, &format!("stay in “{}”", wait.status), "days", &wait.days);
        lines
            .last_mut()
            .into_iter()
            .for_each(|line| line.of = words::count(wait.days.weeks, "stay", "stays"));
    }
    for SentBack { check, share: back } in &measures.sent_back {
        let of = format!("{} first visits", back.n);
        let back = [back.share, back.low, back.high];
        lines.push(share(&format!("sent back from {}", check.name()), back, of));
    }
    if let Some(delivery) = &measures.delivery {
        dora(&mut lines, delivery);
    }
    lines.retain(|line| !line.value.is_nan());
    lines
}

/// A share and the ends of its interval, in per cent.
fn share(measure: &str, shares: [f64; 3], of: String) -> Line {
    let [value, low, high] = shares.map(|share| share * 100.0);
    Line { measure: measure.to_owned(), unit: "%", value, low, high, finished_only: f64::NAN, of }
}

fn rate(lines: &mut Vec<Line>, measure: &str, unit: &'static str, rate: &Rate) {
    lines.push(Line {
        measure: measure.to_owned(),
        unit,
        value: rate.mean,
        low: rate.low,
        high: rate.high,
        finished_only: f64::NAN,
        of: words::count(rate.weeks, "week", "weeks"),
    });
}

fn times(lines: &mut Vec<Line>, measure: &str, times: &Times) {
    if times.n() == 0 {
        return;
    }
    for one in &times.percentiles {
        let Percentile { share, days, low, high, finished_only } = *one;
        lines.push(Line {
            measure: format!("{measure} p{:.0}", share * 100.0),
            unit: "days",
            value: days.unwrap_or(f64::INFINITY),
            low,
            high,
            finished_only,
            of: of_times(times),
        });
    }
}

/// "212 items, 18 of them open".
fn of_times(times: &Times) -> String {
    let open = if times.open > 0 { format!(", {} of them open", times.open) } else { String::new() };
    format!("{}{open}", words::count(times.n(), "item", "items"))
}

fn dora(lines: &mut Vec<Line>, delivery: &Delivery) {
    if let Some(frequency) = &delivery.frequency {
        rate(lines, "deployments", "a week", frequency);
    }
    let mut span = |measure: &str, unit, scale: f64, span: &Span, what: &str| {
        lines.push(Line {
            measure: measure.to_owned(),
            unit,
            value: span.days.unwrap_or(f64::INFINITY) * scale,
            low: span.low * scale,
            high: span.high * scale,
            finished_only: f64::NAN,
            of: format!("{} {what}", span.n),
        });
    };
    if let Some(lead) = &delivery.lead {
        let from = if delivery.lead_is_from_start { "start" } else { "creation" };
        span(&format!("{from} to live p50"), "days", 1.0, lead, "items");
    }
    if let Some([median, most]) = &delivery.recovery {
        span("time to recovery p50", "hours", 24.0, median, "incidents");
        span("time to recovery p85", "hours", 24.0, most, "incidents");
    }
    if let Some(failure) = &delivery.change_failure {
        let of = words::count(failure.n, "deployment", "deployments");
        lines.push(share("change failure rate", [failure.share, failure.low, failure.high], of));
    }
}

/// A number as the table has it.
fn cell(value: f64, longest: Option<f64>) -> String {
    match longest {
        Some(longest) if value.is_infinite() => format!("> {}", plainly(longest)),
        _ => plainly(value),
    }
}

/// A number without decimals where it has none, as whole days and counts have.
pub fn plainly(value: f64) -> String {
    let is_whole = value.fract() == 0.0 && value.abs() < 1000.0;
    if is_whole { format!("{value:.0}") } else { words::number(value) }
}

/// "1 day", "2.5 days".
pub fn in_days(days: f64) -> String {
    match plainly(days).as_str() {
        "1" => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// The main table.
pub fn table(measures: &Measures) -> TextTable {
    let interval = format!("{} interval", words::level(LEVEL));
    let mut table = TextTable::new("", 2, &["measure", "of", "value", &interval, "ended only"]);
    for line in lines(measures) {
        let longest = match () {
            () if line.measure.starts_with("cycle") => Some(measures.cycle.survival.longest),
            () if line.measure.starts_with("lead") => Some(measures.lead.survival.longest),
            () => None,
        };
        let value = match line.unit {
            "%" => format!("{} %", words::number(line.value)),
            unit => format!("{} {unit}", cell(line.value, longest)),
        };
        let interval = match (line.low, line.high) {
            (low, high) if low.is_nan() || (low <= 0.0 && high.is_infinite()) => "not known".to_owned(),
            (low, high) if high.is_infinite() => format!("above {}", plainly(low)),
            (low, high) => format!("{} to {}", plainly(low), plainly(high)),
        };
        let only = if line.finished_only.is_nan() { String::new() } else { plainly(line.finished_only) };
        table.row(vec![line.measure, line.of, value, interval, only]);
    }
    table
}

/// What a leader should know of the numbers, one sentence each.
pub fn sentences(measures: &Measures) -> Vec<String> {
    let mut said = Vec::new();
    let rate = &measures.throughput;
    if rate.dispersion > 1.5 || rate.lag_one > 0.3 {
        let next = match rate.lag_one {
            lag if lag > 0.1 => {
                format!(", and a week resembles the next: a correlation of {}", words::number(lag))
            }
            _ => String::new(),
        };
        said.push(format!(
            "Weeks of throughput are not independent draws at a constant rate: their variance is {} times their mean (1 if they \
             were){next}. A forecast that shuffles past weeks promises too much here.",
            words::number(rate.dispersion)
        ));
    }
    if !measures.has_open && !measures.weeks.is_empty() {
        said.push(
            "The export has ended items only. Work in progress cannot be measured, and times are too short if slow work is still \
             open: export open items too."
                .to_owned(),
        );
    }
    let times = if measures.has_no_starts() { ("lead", &measures.lead) } else { ("cycle", &measures.cycle) };
    if let Some(last) = times.1.percentiles.last().filter(|one| one.finished_only.is_finite()) {
        let known = last.days.unwrap_or(times.1.survival.longest);
        if known > 1.15 * last.finished_only {
            said.push(format!(
                "Whoever looks at ended items only sees a {} time p95 of {}; with the open ones counted it is {}{}.",
                times.0,
                in_days(last.finished_only),
                if last.days.is_none() { "more than " } else { "" },
                in_days(known)
            ));
        }
    }
    if measures.has_no_starts() {
        said.push(
            "Nobody says when work on items began, so there is no cycle time, and work in progress is all that is open: export the \
             changelog (Jira JSON), or a column Started."
                .to_owned(),
        );
    }
    said.extend(ageing(measures));
    said.push(levels(measures));
    if let Some(delivery) = &measures.delivery {
        said.extend(delivery_words(delivery));
    }
    if let Some(flow) = &measures.efficiency {
        let longest =
            flow.by_status.iter().find(|(_, meaning, _)| *meaning == history::words::Meaning::Waiting);
        if let Some((status, _, days)) = longest {
            said.push(format!(
                "The longest wait is “{status}”: {} days an item. Flow efficiency is an upper bound: within a status of work \
                 nobody need be working.",
                words::number(*days)
            ));
        }
    }
    let rhythms = &measures.rhythms;
    let seen = [("Releases have", rhythms.releases), ("Approvals have", rhythms.approvals)];
    said.extend(seen.into_iter().filter_map(|(what, rhythm)| Some(rhythm_words(what, &rhythm?))));
    said
}

/// "Releases have a rhythm: every second Wednesday. …"
fn rhythm_words(what: &str, rhythm: &Rhythm) -> String {
    let on_time = (rhythm.on_time.share * rhythm.on_time.n as f64).round();
    format!(
        "{what} a rhythm: {}. {on_time} of the {} days on which there were any are that day or one beside it, and {} of {} such dates \
         were kept.",
        rhythm.words(),
        rhythm.on_time.n,
        rhythm.kept,
        rhythm.dates
    )
}

fn ageing(measures: &Measures) -> Option<String> {
    let (all, old) = (measures.ageing.items.len(), measures.ageing.older_than(0.85));
    let oldest = measures.ageing.items.first()?;
    let what = if measures.has_no_starts() { "open items" } else { "items in progress" };
    let named = if oldest.key.is_empty() { format!("item {}", oldest.id) } else { oldest.key.clone() };
    let verb = if old == 1 { "is" } else { "are" };
    Some(format!(
        "{old} of {all} {what} {verb} older than 85 % of past work was when it ended; the oldest, {named}, is {} old.",
        in_days(oldest.days.round())
    ))
}

fn levels(measures: &Measures) -> String {
    match measures.levels.as_slice() {
        [] | [_] => "No lasting change of the level of throughput stands out.".to_owned(),
        [.., before, last] => format!(
            "Throughput changed its level {} in the week of {}, from {} to {} items a week. What was before says \
             little of what comes.",
            match measures.levels.len() - 1 {
                1 => "once,".to_owned(),
                2 => "twice, the last time".to_owned(),
                more => format!("{more} times, the last time"),
            },
            measures.weeks.monday(last.from),
            words::number(before.mean),
            words::number(last.mean)
        ),
    }
}

fn delivery_words(delivery: &Delivery) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(failure) = &delivery.change_failure {
        said.push(if delivery.is_stated {
            "The change failure rate counts deployments that incidents name, each once.".to_owned()
        } else {
            format!(
                "The change failure rate counts deployments after which an incident began within {WITHIN_HOURS:.0} hours, each \
                 once. By chance alone that would be {} of them, so read {} as an upper bound, or name the deployment of each incident.",
                words::share(delivery.by_chance),
                words::share(failure.share)
            )
        });
    }
    if delivery.failed > 0 {
        said.push(format!(
            "{} failed themselves; nothing went live with them, so they count neither as deployments nor as change failures.",
            words::count(delivery.failed, "deployment", "deployments")
        ));
    }
    said
}

/// `measures.csv`.
pub fn measures_csv(measures: &Measures) -> Vec<u8> {
    let mut sheet = Sheet::new(["measure", "unit", "value", "low", "high", "level", "ended_only", "of"]);
    let finite = |value: f64| if value.is_finite() { plain(value) } else { String::new() };
    for line in lines(measures) {
        sheet.row([
            line.measure,
            line.unit.to_owned(),
            finite(line.value),
            finite(line.low),
            finite(line.high),
            plain(LEVEL),
            finite(line.finished_only),
            line.of,
        ]);
    }
    sheet.bytes()
}

/// `weeks.csv`.
pub fn weeks_csv(measures: &Measures) -> Vec<u8> {
    let mut sheet = Sheet::new(["week", "arrived", "finished", "dropped", "in_progress", "open"]);
    let weeks = &measures.weeks;
    for week in 0..weeks.len() {
        let counts = [&weeks.arrived, &weeks.finished, &weeks.dropped, &weeks.in_progress, &weeks.open];
        sheet.row(
            std::iter::once(weeks.monday(week).to_string()).chain(counts.map(|counts| plain(counts[week]))),
        );
    }
    sheet.bytes()
}

/// `ageing.csv`: what is in progress, the oldest first.
pub fn ageing_csv(measures: &Measures) -> Vec<u8> {
    let mut sheet =
        Sheet::new(["id", "key", "kind", "team", "status", "age_days", "share_of_past_ended_by_then"]);
    for item in &measures.ageing.items {
        let rounded = |value: f64| plain((value * 1000.0).round() / 1000.0);
        sheet.row([
            item.id.to_string(),
            item.key.clone(),
            safe(&item.kind),
            safe(&item.team),
            safe(&item.status),
            rounded(item.days),
            rounded(item.past),
        ]);
    }
    sheet.bytes()
}

/// Of which weeks the numbers are.
pub fn period(measures: &Measures, history: &History) -> String {
    if measures.window == 0 {
        return format!("state of {}", history.as_of);
    }
    let from = measures.weeks.begin_of(measures.weeks.len() - measures.window);
    let until = measures.weeks.begin_of(measures.weeks.len()) - 1.0;
    format!(
        "the {} from {} to {}; times, stays, shares and failures also of the days since; state of {}",
        words::count(measures.window, "week", "weeks"),
        day_of(from),
        day_of(until),
        history.as_of
    )
}

/// What can be asked of the same data next.
pub enum Next {
    /// The command that forecasts.
    Forecast(String),
    /// Why nothing can be forecast yet.
    TooLittle(String),
}

/// Where an organisation stands, as a document.
pub fn document(measures: &Measures, history: &History, next: &Next) -> Document {
    let mut document = Document::new("Where we stand", finding(measures));
    document.source =
        format!("orgsim {} · {} · measured, not simulated", manifest::VERSION, period(measures, history));
    document.data =
        json!({ "as_of": history.as_of.to_string(), "level": LEVEL, "measures": numbers(measures) });
    let period = words::capital(&period(measures, history));
    document.answer("What is measured").text(format!("{period}.")).tables([table(measures)]);
    document.answer("What to know of it").list(unknown(history).into_iter().chain(sentences(measures)));
    match next {
        Next::Forecast(typed) => document.answer("Next").command("When will more of it be finished?", typed),
        Next::TooLittle(said) => document.answer("Next").text(said),
    };
    document.detail("The oldest work in progress").tables([oldest(measures, 15)]);
    if let Some(flow) = &measures.efficiency {
        let mut table = TextTable::new("", 2, &["status", "meaning", "mean days an item"]);
        for (status, meaning, days) in &flow.by_status {
            table.row(vec![status.clone(), meaning.word().to_owned(), words::number(*days)]);
        }
        document.detail("Where the time in progress goes").tables([table]);
    }
    document.detail("How it is counted").list(METHODS.map(str::to_owned));
    document
}

/// What cannot be trusted, where the meaning of a status is not known.
fn unknown(history: &History) -> Option<String> {
    let unknown: Vec<String> = history.unknown_statuses().iter().map(|name| format!("“{name}”")).collect();
    (!unknown.is_empty()).then(|| {
        format!(
            "Nobody has said what {} {}: when work began, flow efficiency and what is sent back may be wrong. Write it into import.toml \
             and import again.",
            words::list(&unknown),
            if unknown.len() == 1 { "means" } else { "mean" }
        )
    })
}

/// How much is finished, and how long it takes: in one sentence, as far as that is known.
fn finding(measures: &Measures) -> String {
    let (what, times) = match measures.has_no_starts() {
        true => ("created", &measures.lead),
        false => ("begun", &measures.cycle),
    };
    let most = times.percentiles.iter().find(|one| (one.share - 0.85).abs() < 1e-9);
    let soon =
        most.and_then(|one| Some(format!("85 % are done within {} of being {what}", in_days(one.days?))));
    let rate = measures.throughput.mean;
    let many = rate.is_finite().then(|| format!("{} items a week are finished", words::number(rate)));
    match (many, soon) {
        (Some(many), Some(soon)) => format!("{many}, and {soon}"),
        (Some(one), None) | (None, Some(one)) => words::capital(&one),
        (None, None) => "No rate and no time of work can be told from what was imported".to_owned(),
    }
}

/// The measures as numbers; what is only known to be longer than what was seen has none.
fn numbers(measures: &Measures) -> Vec<serde_json::Value> {
    let finite = |value: f64| value.is_finite().then_some(value);
    let one = |line: Line| {
        json!({
            "measure": line.measure, "unit": line.unit, "value": finite(line.value), "low": finite(line.low),
            "high": finite(line.high), "ended_only": finite(line.finished_only), "of": line.of,
        })
    };
    lines(measures).into_iter().map(one).collect()
}

/// The oldest items in progress.
pub fn oldest(measures: &Measures, most: usize) -> TextTable {
    let mut table = TextTable::new("", 2, &["item", "status", "age in days", "past work ended by then"]);
    for item in measures.ageing.items.iter().take(most) {
        let named = if item.key.is_empty() { item.id.to_string() } else { item.key.clone() };
        table.row(vec![named, item.status.clone(), plainly(item.days.round()), words::share(item.past)]);
    }
    table
}

const METHODS: [&str; 4] = [
    "Weeks run from Monday to Sunday; days are days of the calendar. Only delivered items are throughput.",
    "Intervals of weekly means know that weeks resemble one another (Newey & West). Those of times are Brookmeyer and \
     Crowley's where items are open (Greenwood's variance on the log-log scale), and binomial where none is.",
    "Times are of the items that began (or were created) in these weeks. An open item counts as having lasted until today, a \
     dropped one until it was dropped (Kaplan–Meier); “ended only” leaves both out, as most tools do.",
    "A change of level is kept where it explains more than chance would (binary segmentation with a penalty).",
];
