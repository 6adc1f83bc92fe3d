//! Findings: the sentences that results add up to, made from the numbers alone.

use super::{waste, words};
use experiment::summary::unit::Unit;
use experiment::summary::{Against, HalfWidth, Judged, Policy, Precision, Summary};
use statistics::breakeven::Trajectory;
use statistics::interval::Estimate;
use statistics::verdict::{Guardrail, Verdict};

pub use super::headline::headline;

/// A policy's name as it stands in a sentence.
pub fn named(policy: &Policy) -> String {
    format!("“{}”", policy.name.trim())
}

/// "raises value by 12 % (+14.2 engineer-months of cost)".
pub fn effect(summary: &Summary, judged: &Judged) -> String {
    let metric = &summary.metrics[judged.metric];
    let difference = &judged.difference;
    let amount = words::signed(difference.difference.mean, &metric.unit);
    let amount = words::with_name(amount, &metric.unit);
    let relative = difference.relative.mean;
    // Relative to a mean near zero every difference is huge and says nothing.
    let by = if relative.abs() <= 2.0 && difference.at_least.is_none() {
        format!("{} ({amount})", size(relative))
    } else {
        amount.trim_start_matches(['+', '−']).to_owned()
    };
    // Where one side lies beyond the window, the difference is at least as large as what is known of it.
    let least = if difference.beyond.any() { "at least " } else { "" };
    format!("{} {} by {least}{by}", words::verb(difference.difference.mean), metric.title)
}

fn size(relative: f64) -> String {
    words::percent(relative.abs()).trim_start_matches(['+', '−']).to_owned()
}

/// A sentence on one policy's objective, with its interval and its wins.
pub fn verdict(summary: &Summary, policy: &Policy, against: &Against) -> String {
    let judged = &against.judged[0];
    let metric = &summary.metrics[judged.metric];
    let difference = &judged.difference;
    if difference.n == 0 {
        return format!("{}: no replication has {} to compare.", named(policy), metric.title);
    }
    if let Some(said) = beyond(summary, policy, judged) {
        return said;
    }
    let interval = words::signed_interval(&difference.simultaneous, &metric.unit);
    let unit = if metric.unit.is_share() { "" } else { metric.unit.name() };
    let known = difference.simultaneous.low.is_finite() || difference.simultaneous.high.is_finite();
    let lies = match known {
        true => format!("the mean difference lies between {} {unit}", interval.replace(" to ", " and ")),
        false => "too few replications differ to say how sure that is".to_owned(),
    };
    format!(
        "{} — {}. It {}; {lies}. It does better in {} of {} paired replications.",
        named(policy),
        waste::word(summary, against),
        effect(summary, judged),
        words::share(difference.wins.share),
        difference.n,
    )
    .replace(" .", ".")
}

/// What is said of a comparison whose sides lie beyond the window in some replications; nothing where none does.
fn beyond(summary: &Summary, policy: &Policy, judged: &Judged) -> Option<String> {
    let (metric, difference) = (&summary.metrics[judged.metric], &judged.difference);
    let (here, there) = (difference.beyond.policy, difference.beyond.baseline);
    if here + there == 0 {
        return None;
    }
    let runs = format!(
        "{} lies beyond the window in {here} of {} under it and in {there} under {}",
        words::capital(&metric.title),
        words::count(difference.n, "replication", "replications"),
        named(summary.baseline())
    );
    let word = words::verdict(judged.verdict);
    Some(match judged.verdict {
        Verdict::Better | Verdict::Worse => {
            format!(
                "{} — {word}. It {}. {runs}, so that more than that cannot be known.",
                named(policy),
                effect(summary, judged)
            )
        }
        _ => format!("{} — {word}: watch longer. {runs}.", named(policy)),
    })
}

/// What is said of a policy's guardrails, worst first; nothing without guardrails.
pub fn guardrails(summary: &Summary, policy: &Policy, against: &Against) -> Vec<String> {
    let mut judged: Vec<&Judged> = against.judged[1..].iter().collect();
    judged.sort_by_key(|judged| match judged.guardrail {
        Guardrail::Hurt => 0,
        Guardrail::NotShownUnhurt | Guardrail::BeyondWindow => 1,
        Guardrail::Unhurt => 2,
    });
    judged
        .into_iter()
        .map(|judged| {
            let metric = &summary.metrics[judged.metric];
            let word = words::guardrail(judged.guardrail);
            let by = words::by(&judged.difference, &metric.unit);
            format!("{} under {}: {word} ({by}).", metric.title, named(policy))
        })
        .collect()
}

/// Where other ways to count value end in another word than the objective does.
pub fn flips(summary: &Summary, policy: &Policy, against: &Against) -> Option<String> {
    let main = against.judged[0].verdict;
    let other = |judged: &&Judged| judged.verdict != main;
    let flips: Vec<String> = against
        .readings
        .iter()
        .filter(other)
        .map(|judged| {
            let title = &summary.metrics[judged.metric].title;
            format!("{} by {title}", words::verdict(judged.verdict))
        })
        .collect();
    let word = words::verdict(main);
    let objective = &summary.objective().title;
    (!flips.is_empty()).then(|| {
        format!(
            "How value is counted matters for {}: {word} by {objective}, but {}.",
            named(policy),
            words::list(&flips)
        )
    })
}

/// Whether a course is never behind by as much as a fiftieth of where it ends: there is then
/// nothing to pay back.
pub fn is_ahead_throughout(trajectory: &Trajectory) -> bool {
    let end = trajectory.mean.last().map_or(0.0, |week| week.mean);
    trajectory.week.value.is_finite() && end > 0.0 && -trajectory.dip.value <= end / 50.0
}

/// Whether value is to the week what it is under the baseline, on average.
pub fn never_differs(trajectory: &Trajectory) -> bool {
    trajectory.mean.iter().all(|week| week.mean == 0.0 && week.low == 0.0 && week.high == 0.0)
}

/// When a policy has paid back what it cost, and how deep it dipped.
pub fn payback(summary: &Summary, policy: &Policy, against: &Against) -> Option<String> {
    let trajectory = against.trajectory.as_ref()?;
    let time = |weeks: f64| words::time(weeks, &summary.frame);
    let name = named(policy);
    if trajectory.week.value.is_nan() {
        return None;
    }
    if trajectory.week.value.is_infinite() {
        let unpaid = words::share(trajectory.never);
        return Some(format!(
            "{name} is behind at the horizon (in {unpaid} of resampled sets of replications)."
        ));
    }
    let worth = &summary.frame.worth;
    if never_differs(trajectory) {
        return Some(format!("{name} never differs in value from {}.", named(summary.baseline())));
    }
    let dip = words::value(-trajectory.dip.value, worth);
    if is_ahead_throughout(trajectory) {
        return Some(format!("{name} is ahead in cumulative value from the start."));
    }
    let until = match trajectory.week.high {
        high if high.is_finite() => format!("{} to {}", time(trajectory.week.low), time(high)),
        _ => format!("{} to beyond the horizon", time(trajectory.week.low)),
    };
    Some(format!(
        "{name} is behind by up to {dip} {} ({} to {}) and breaks even in value after {} (interval {until}).",
        worth.name(),
        words::value(-trajectory.dip.high, worth),
        words::value(-trajectory.dip.low, worth),
        time(trajectory.week.value),
    ))
}

/// What a policy costs beside what it brings, where that is shown to differ: value does not count it.
pub fn cost(summary: &Summary, policy: &Policy, against: &Against) -> Option<String> {
    let at = summary.metrics.iter().position(|metric| metric.title == "cost")?;
    let worth = &summary.frame.worth;
    let difference = &against.explored[at].difference;
    let differs = difference.low > 0.0 || difference.high < 0.0;
    (differs && difference.mean.abs() >= 0.005 * summary.baseline().estimates[at].mean).then(|| {
        format!(
            "{} costs {} {} {} ({} to {}), which value does not count{}.",
            named(policy),
            words::value(difference.mean.abs(), worth),
            worth.name(),
            if difference.mean > 0.0 { "more" } else { "less" },
            words::signed(difference.low, worth),
            words::signed(difference.high, worth),
            against.per_added_cost.as_ref().map_or_else(String::new, added),
        )
    })
}

/// "; value changes by +2.10 times as much (+1.20 to +3.30)".
fn added(ratio: &Estimate) -> String {
    let (times, interval) =
        (words::signed(ratio.mean, &Unit::NONE), words::signed_interval(ratio, &Unit::NONE));
    format!("; value changes by {times} times as much ({interval})")
}

/// A word of warning where percentages are of next to nothing.
pub fn near_zero(summary: &Summary) -> Option<String> {
    let objective = &summary.baseline().estimates[summary.objective];
    let metric = summary.objective();
    // One replication has no interval, and says nothing of it.
    (objective.low <= 0.0 && objective.low.is_finite() && !summary.policies.is_empty() && !metric.unit.is_share()).then(|| {
        format!(
            "{} under {} is {} (interval {} to {}): next to nothing or less. Percentages of it, and “{} matters”, \
             mean little; read the differences themselves.",
            words::capital(&metric.title),
            named(summary.baseline()),
            words::with_unit(objective.mean, &metric.unit),
            words::value(objective.low, &metric.unit),
            words::value(objective.high, &metric.unit),
            words::level(summary.frame.smallest),
        )
    })
}

/// What was still moving when policies parted.
pub fn trends(summary: &Summary) -> Vec<String> {
    let moving = summary.trends.iter().filter(|trend| trend.moves);
    moving
        .map(|trend| {
            format!(
                "Not in balance at the fork: under the baseline, {} {} by {} {} in the first {} (interval {} to {}).",
                trend.what,
                if trend.change.mean < 0.0 { "fell" } else { "grew" },
                size(trend.change.mean),
                trend.against,
                words::count(trend.weeks, "week", "weeks"),
                words::percent(trend.change.low),
                words::percent(trend.change.high),
            )
        })
        .collect()
}

/// What every page ends with.
pub fn frame(summary: &Summary) -> String {
    let assumptions = &summary.assumptions;
    let in_play = match assumptions.in_play {
        0 => "the scenario states no evidence, so every number in it is an assumption".to_owned(),
        all => format!("{} of the {all} parameters in play are assumptions", assumptions.assumed),
    };
    let worth = worth(summary).map_or_else(String::new, |sentence| format!("{sentence} "));
    format!("{worth}In this assumed organisation; {in_play}. Simulation, not forecast.")
}

/// What an amount of value is, where there is any: what an engineer-month costs, or that it is one of cost.
fn worth(summary: &Summary) -> Option<String> {
    let worth = &summary.frame.worth;
    summary.frame.has_value.then(|| match worth.is_money() {
        true => format!("An engineer-month costs {}.", words::with_unit(1.0, worth)),
        false => {
            "An engineer-month of cost is what one engineer costs in a month; value and harm are told in the same."
                .to_owned()
        }
    })
}

/// The assumptions with the widest ranges, and on what ground they were picked.
pub fn widest(summary: &Summary) -> Option<String> {
    let named: Vec<String> = summary
        .assumptions
        .widest
        .iter()
        .map(|one| format!("{} (here {}, plausibly {})", one.path, one.value, one.range))
        .collect();
    (!named.is_empty()).then(|| {
        format!(
            "The assumptions with the widest plausible ranges are {}. They were picked for the width of their \
             ranges; which of them sway the verdict takes varying each.",
            words::list(&named)
        )
    })
}

/// Whether intervals came out as narrow as asked, and after how many replications.
fn precision(summary: &Summary, precision: &Precision) -> String {
    let told = |amount: f64, width: &HalfWidth| match width.relative_to {
        _ if amount.is_infinite() => "not known".to_owned(),
        Some(_) => format!("± {}", words::value(amount, &Unit::SHARE)),
        None => format!("± {}", words::signed(amount, &width.unit).trim_start_matches('+')),
    };
    let one = |width: &HalfWidth| {
        let unit = match width.relative_to {
            Some(base) => format!(" of {base}"),
            None => words::with_name(String::new(), &width.unit),
        };
        format!("{} {}{unit} ({} asked)", width.title, told(width.reached, width), told(width.asked, width))
    };
    let widths = words::list(&precision.widths.iter().map(one).collect::<Vec<_>>());
    let runs = words::whole(summary.frame.completed);
    match precision.is_reached() {
        true => {
            format!("Replications were added until the intervals were narrow enough: {runs}. {widths}.")
        }
        false => format!(
            "The intervals are wider than asked after {runs} replications, of at most {}: {widths}.",
            words::whole(precision.limit)
        ),
    }
}

/// Of what was asked for, nearly nothing is done: then what comes in is many times what these teams can do.
const HARDLY_ANY: f64 = 0.95;

/// Whether the organisation is asked for far more than it can do, so that policies choose among demand and never meet it.
pub fn overfull(summary: &Summary) -> Option<String> {
    let at = summary.metric("refused_share")?;
    let refused = summary.baseline().estimates[at].mean;
    (refused >= HARDLY_ANY).then(|| {
        format!(
            "Under {}, {} of what was asked for is turned away: far more comes in than these teams can do (`orgsim check` shows \
             the load of each). No policy here meets that demand; they only choose among it.",
            named(summary.baseline()),
            words::with_unit(refused, &summary.metrics[at].unit),
        )
    })
}

/// How many replications there are, and where some are missing.
pub fn runs(summary: &Summary) -> Vec<String> {
    let frame = &summary.frame;
    let mut lines = Vec::new();
    if frame.stopped {
        lines.push(format!("Stopped early: {} finished.", words::were(frame.completed, frame.asked)));
    }
    if frame.weeks_apart > 1 {
        lines.push(format!(
            "The window has {} weeks: the weekly series have a point every {} weeks, and nothing is said of when a policy \
             breaks even.",
            words::whole(frame.weeks as usize),
            frame.weeks_apart
        ));
    }
    lines.extend(frame.precision.iter().map(|asked| precision(summary, asked)));
    for policy in summary.policies.iter().filter(|policy| policy.overran > 0) {
        lines.push(format!(
            "Under {}, {} stopped with more work than the simulator holds, and left out.",
            named(policy),
            words::were(policy.overran, policy.overran + policy.completed + policy.failed)
        ));
    }
    for policy in summary.policies.iter().filter(|policy| policy.failed > 0) {
        lines.push(format!(
            "Under {}, {} left out, having failed by a fault in orgsim; replications.csv has the reasons.",
            named(policy),
            words::were(policy.failed, policy.overran + policy.completed + policy.failed)
        ));
    }
    let reference = summary.baseline();
    if reference.own_past {
        lines.push(format!(
            "{} has a past of its own: every difference from it holds what came of that past as well.",
            named(reference)
        ));
    }
    for (policy, against) in summary.compared() {
        for judged in &against.judged {
            let title = &summary.metrics[judged.metric].title;
            let (kept, dropped) = (judged.difference.n, judged.difference.dropped);
            if dropped > 0 {
                let name = named(policy);
                lines.push(format!(
                    "{title} under {name}: {kept} paired replications count, {dropped} had nothing to measure."
                ));
            }
            if judged.difference.pairing_raised_variance() {
                let name = named(policy);
                lines.push(format!(
                    "{title} under {name}: the same random numbers made this comparison less sure, not more."
                ));
            }
        }
        if policy.own_past {
            lines.push(format!(
                "{} has a past of its own: it changes what cannot be changed once an organisation runs.",
                named(policy)
            ));
        }
    }
    lines
}
