//! The best mix of levers: as a table, sentences, a page and a file.

use super::data::{Cell, Data, Kind, columns, floats};
use super::document::Document;
use super::table::TextTable;
use super::{findings, numbers, words};
use experiment::summary::best::BestSummary;
use statistics::interval::Estimate;
use statistics::paired::PairedDifference;
use statistics::verdict::Direction;

/// With fewer replications a mix, chance chooses as much as the mixes do: a difference is then known to half its spread at
/// best (Student's interval of twenty pairs).
const FEW: usize = 20;

/// The mixes that were judged, in the order of their cost.
pub fn table(found: &BestSummary) -> TextTable {
    let summary = &found.summary;
    let metric = summary.objective();
    let worth = &summary.frame.worth;
    let title = words::capital(&words::title_with_unit(&metric.title, &metric.unit));
    let mut grid = TextTable::new(title, 1, &["mix", "gain", "its interval", "cost", "its interval", ""]);
    let mut order: Vec<usize> = (1..summary.policies.len()).collect();
    order.sort_by(|a, b| found.costs[*a].mean.total_cmp(&found.costs[*b].mean));
    for at in order {
        let policy = &summary.policies[at];
        let Some(against) = &policy.against else { continue };
        let gain = gained(&against.judged[0].difference);
        let note = match at {
            at if at == found.best => "best",
            at if Some(at) == found.runner_up => "runner-up",
            _ => "",
        };
        grid.row(vec![
            policy.name.clone(),
            words::signed(gain.mean, &metric.unit),
            words::signed_interval(&gain, &metric.unit),
            words::signed(found.costs[at].mean, worth),
            words::signed_interval(&found.costs[at], worth),
            note.to_owned(),
        ]);
    }
    grid.note(format!(
        "Gain over doing nothing, in paired replications that the search has not seen; intervals of gains hold \
         together at {}, those of costs and those in sentences each alone. Costs are {} over the horizon.",
        words::level(summary.frame.level),
        worth.name(),
    ));
    grid
}

/// What was tried, and what came out.
pub fn sentences(found: &BestSummary) -> Vec<String> {
    let summary = &found.summary;
    let tried = found.tried.len() - 1;
    let levers = words::count(found.levers, "lever", "levers");
    let how = match found.all {
        true if tried == 1 => format!("The only mix of {levers} was tried"),
        true => format!("All {tried} mixes of {levers} were tried"),
        false => format!(
            "{tried} of {:.0} mixes of {levers} were tried: from the best affordable one so far each lever at each \
             position, and each swap of two, until none was better; other mixes may be",
            found.mixes - 1.0
        ),
    };
    let runs = words::count(summary.frame.completed, "replication", "replications");
    let mut said = vec![format!("{how}. What the search chose is judged by {runs} that it has not seen.")];
    if summary.frame.completed < FEW {
        said.push(format!(
            "{runs} a mix are few to choose by: what the search ends with may be chance. -n asks for more."
        ));
    }
    said.push(verdict(found));
    if !summary.frame.posterior.is_empty() {
        said.push(format!(
            "This is of one organisation, as the scenario writes it, and not of those in {}: write the mix as a policy, and `robust` \
             says in how many of them it gains.",
            summary.frame.posterior
        ));
    }
    said.extend(rival(found));
    let best = &summary.policies[found.best];
    if let Some(against) = &best.against {
        said.extend(findings::guardrails(summary, best, against));
        said.extend(findings::flips(summary, best, against));
        said.extend(findings::payback(summary, best, against));
    }
    said.push(findings::frame(summary));
    said
}

/// What the best mix gains over doing nothing, where it is not doing nothing.
fn gain(found: &BestSummary) -> Option<Estimate> {
    found.gain.as_ref().filter(|_| found.best > 0).map(gained)
}

/// The title of a slide: the best mix and what it gains.
pub fn headline(found: &BestSummary) -> String {
    let (summary, metric) = (&found.summary, found.summary.objective());
    let budget = format!("for a budget of {}", words::with_unit(found.budget, &summary.frame.worth));
    match gain(found) {
        None => format!("No mix did better than doing nothing {budget}"),
        Some(gain) => {
            let best = findings::named(&summary.policies[found.best]);
            let title = &metric.title;
            let interval = words::with_name(words::signed_interval(&gain, &metric.unit), &metric.unit);
            match gain.low > 0.0 {
                true => format!("{best} gains {title} {budget}: {interval}"),
                false => format!(
                    "No mix is shown to gain {title} {budget}: {best}, the best of the search, gains {interval}"
                ),
            }
        }
    }
}

/// The best mix, its gain and its cost.
pub fn verdict(found: &BestSummary) -> String {
    let (summary, metric) = (&found.summary, found.summary.objective());
    let Some(gain) = gain(found) else {
        return "→ No mix within the budget did better in the search than doing nothing.".to_owned();
    };
    let (cost, worth) = (&found.costs[found.best], &summary.frame.worth);
    let shown = if gain.low > 0.0 { "" } else { " It is not shown to gain." };
    let over = if cost.mean > found.budget { ", more than the budget in these replications" } else { "" };
    format!(
        "→ {}: {} of {} over doing nothing ({}), for {} ({}) of a budget of {}{over}.{shown}",
        findings::named(&summary.policies[found.best]),
        words::with_name(words::signed(gain.mean, &metric.unit), &metric.unit),
        metric.title,
        words::signed_interval(&gain, &metric.unit),
        words::with_name(words::signed(cost.mean, worth), worth),
        words::signed_interval(cost, worth),
        words::value(found.budget, worth),
    )
}

/// The runner-up, and whether it can be told from the best.
fn rival(found: &BestSummary) -> Option<String> {
    let (summary, metric) = (&found.summary, found.summary.objective());
    let rival = &summary.policies[found.runner_up?];
    let name = if found.runner_up == Some(0) { "doing nothing" } else { rival.name.as_str() };
    let ahead = gained(found.ahead.as_ref()?);
    let by = format!(
        "{} ({})",
        words::with_name(words::signed(ahead.mean, &metric.unit), &metric.unit),
        words::signed_interval(&ahead, &metric.unit)
    );
    Some(match (found.told_apart(), ahead.mean < 0.0) {
        (true, false) => format!("The runner-up, {name}, is worse: the best is ahead by {by}."),
        (true, true) => {
            format!("The runner-up, {name}, turns out better: the best of the search differs by {by}.")
        }
        (false, _) => format!("The runner-up, {name}, cannot be distinguished from it: they differ by {by}."),
    })
}

/// The answer as a document.
pub fn document(found: &BestSummary) -> Document {
    let summary = &found.summary;
    let mut document = Document::of(&summary.frame, headline(found));
    document.data = numbers::of(summary);
    document.data["budget"] = found.budget.into();
    document.data["best"] = summary.policies[found.best].name.as_str().into();
    document.data["told_apart"] = found.told_apart().into();
    document.answer("Which mix for the budget").list(sentences(found)).tables([table(found)]);
    document
}

/// One row per mix and stage: by the replications of the search, and for the last ones by others.
pub fn data(found: &BestSummary) -> Data {
    const GAIN: &str = "the objective's unit";
    const COST: &str = "engineer-months";
    let head = columns(&[
        ("mix", Kind::Text, "", "The levers of the mix and where they stand."),
        ("stage", Kind::Text, "", "search: by the replications of the search; judged: by as many others."),
        ("gain", Kind::Float, GAIN, "Mean gain over the baseline; more is better."),
        ("gain_low", Kind::Float, GAIN, "Lower end of its interval; of what was judged."),
        ("gain_high", Kind::Float, GAIN, "Upper end of its interval; of what was judged."),
        ("cost_months", Kind::Float, COST, "What the mix costs beyond the baseline."),
        ("cost_low", Kind::Float, COST, "Lower end of its interval; of what was judged."),
        ("cost_high", Kind::Float, COST, "Upper end of its interval; of what was judged."),
        ("affordable", Kind::Boolean, "", "Whether it costs no more than the budget."),
        ("place", Kind::Text, "", "best or runner-up, by what was judged."),
    ]);
    let row = |name: &str, stage: &str, numbers: [f64; 6], affordable: bool, place: &str| {
        let mut cells: Vec<Cell> = vec![name.into(), stage.into()];
        cells.extend(floats(numbers));
        cells.extend([Cell::from(affordable), place.into()]);
        cells
    };
    const NONE: f64 = f64::NAN;
    let tried = found.tried.iter().map(|tried| {
        let numbers = [tried.gain, NONE, NONE, tried.cost, NONE, NONE];
        row(&tried.name, "search", numbers, tried.affordable, "")
    });
    let judged = found.summary.policies.iter().enumerate().filter_map(|(at, policy)| {
        let gain = gained(&policy.against.as_ref()?.judged[0].difference);
        let place = match at {
            at if at == found.best => "best",
            at if Some(at) == found.runner_up => "runner-up",
            _ => "",
        };
        let ([gain, gain_low, gain_high], [cost, cost_low, cost_high]) =
            (ends(&gain), ends(&found.costs[at]));
        let numbers = [gain, gain_low, gain_high, cost, cost_low, cost_high];
        Some(row(&policy.name, "judged", numbers, found.costs[at].mean <= found.budget, place))
    });
    Data::of(head, tried.chain(judged))
}

fn ends(estimate: &Estimate) -> [f64; 3] {
    [estimate.mean, estimate.low, estimate.high]
}

/// A difference as a gain, by the family's interval: more is better.
pub fn gained(difference: &PairedDifference) -> Estimate {
    let estimate = difference.simultaneous;
    match difference.direction {
        Direction::HigherIsBetter => estimate,
        Direction::LowerIsBetter => {
            Estimate { mean: -estimate.mean, low: -estimate.high, high: -estimate.low, ..estimate }
        }
    }
}
