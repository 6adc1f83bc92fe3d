//! The tables of a comparison and of a single scenario.

use super::findings::{self, named};
use super::table::TextTable;
use super::{plain, waste, words};
use experiment::summary::unit::Unit;
use experiment::summary::{Against, Policy, Summary};
use experiment::sweep::SweepSummary;
use statistics::verdict::Verdict;

/// Most policies that stand side by side; more are in the files.
const SIDE_BY_SIDE: usize = 6;

/// Metrics of flow, shown for a single scenario.
const FLOW: [&str; 20] = [
    "committed_time_p50_days",
    "committed_time_p85_days",
    "committed_time_p95_days",
    "lead_time_p50_days",
    "lead_time_p85_days",
    "cohort_lead_time_p85_days",
    "refused_share",
    "cycle_time_p50_days",
    "throughput_per_week",
    "fixes_per_week",
    "repairs_per_week",
    "wip",
    "flow_efficiency",
    "oldest_open_days",
    "unplanned_share",
    "health_share",
    "debt_density",
    "incidents_per_week",
    "build_minutes",
    "value_months",
];

/// The objective under every policy, with the family's intervals.
pub fn verdicts(summary: &Summary) -> TextTable {
    let metric = summary.objective();
    let title = format!(
        "{} ({})",
        words::title_with_unit(&metric.title, &metric.unit),
        words::direction(metric.better)
    );
    let head = ["policy", "mean", "difference", "its interval", "relative", "verdict"];
    let mut grid = TextTable::new(words::capital(&title), 1, &head);
    for policy in &summary.policies {
        let mean = words::mean(&policy.estimates[summary.objective], &metric.unit);
        let mut cells = vec![policy.name.clone(), mean];
        match &policy.against {
            None if policy.name == summary.frame.baseline => {
                cells.extend(["–", "–", "–", "baseline"].map(str::to_owned));
            }
            None => cells.extend(["–", "–", "–", "reference"].map(str::to_owned)),
            Some(against) => {
                let judged = &against.judged[0];
                let difference = &judged.difference;
                match difference.never_differs() {
                    // The same in every life: nothing to be read off an interval.
                    true => cells.extend(["none", "–", "–"].map(str::to_owned)),
                    false => cells.extend([
                        words::difference(difference, &metric.unit),
                        words::signed_interval(&difference.simultaneous, &metric.unit),
                        words::relative(difference),
                    ]),
                }
                cells.push(waste::word(summary, against).to_owned());
            }
        }
        grid.row(cells);
    }
    let mut order: Vec<(f64, usize)> = summary
        .policies
        .iter()
        .enumerate()
        .filter_map(|(at, policy)| Some((policy.against.as_ref()?.judged[0].difference.gain(), at)))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    grid.foremost = order.into_iter().map(|(_, at)| at).collect();
    grid.note(family_note(summary));
    grid
}

fn family_note(summary: &Summary) -> String {
    let compared = summary.compared().count();
    let metrics = 1 + summary.guardrails.len();
    format!(
        "Intervals of mean differences hold together at {} over the declared family of {} ({} × {}). Differences \
         below {} do not matter.",
        words::level(summary.frame.level),
        words::count(compared * metrics, "comparison", "comparisons"),
        words::count(compared, "policy", "policies"),
        words::count(metrics, "metric", "metrics"),
        words::level(summary.frame.smallest),
    )
}

/// The guardrails under every policy; nothing where none is declared.
pub fn guardrails(summary: &Summary) -> Option<TextTable> {
    if summary.guardrails.is_empty() {
        return None;
    }
    let reference = summary.baseline().name.trim();
    let head = ["policy", "guardrail", reference, "policy’s", "relative", "its interval", "finding"];
    let mut grid = TextTable::new("Guardrails: what must not get worse", 2, &head);
    for (policy, against) in summary.compared() {
        for judged in &against.judged[1..] {
            let metric = &summary.metrics[judged.metric];
            let difference = &judged.difference;
            let relative = &difference.simultaneous_relative;
            let end = |end: f64| if end.is_finite() { words::percent(end) } else { words::number(end) };
            let interval = match relative.low.is_finite() || relative.high.is_finite() {
                true => format!("{} to {}", end(relative.low), end(relative.high)),
                false => "not known".to_owned(),
            };
            grid.row(vec![
                policy.name.clone(),
                metric.title.to_owned(),
                words::mean_of(difference.baseline_mean, difference.beyond.baseline, &metric.unit),
                words::mean_of(difference.policy_mean, difference.beyond.policy, &metric.unit),
                words::relative(difference),
                interval,
                words::guardrail(judged.guardrail).to_owned(),
            ]);
        }
    }
    grid.note(
        "“Harm not ruled out” does not mean “safe”: these replications leave harm that matters possible.",
    );
    Some(grid)
}

/// Other ways to count value, where the objective is value.
pub fn readings(summary: &Summary) -> Option<TextTable> {
    if summary.readings.is_empty() {
        return None;
    }
    let mut head = vec!["policy".to_owned()];
    head.extend(summary.readings.iter().map(|at| summary.metrics[*at].title.to_owned()));
    let mut grid = TextTable {
        title: "Does the verdict hold if value is counted otherwise?".into(),
        ..TextTable::default()
    };
    grid.words = head.len();
    grid.head = head;
    for (policy, against) in summary.compared() {
        let word = |judged: &experiment::summary::Judged| {
            let by = words::by(&judged.difference, &summary.metrics[judged.metric].unit);
            format!("{} ({by})", words::verdict(judged.verdict))
        };
        grid.row(std::iter::once(policy.name.clone()).chain(against.readings.iter().map(word)).collect());
    }
    grid.note("A family of its own, with intervals that hold together at the same level.");
    Some(grid)
}

/// When policies pay back, and what they cost beside.
pub fn paybacks(summary: &Summary) -> Vec<String> {
    // When something pays back is a question only where it is shown to pay.
    let said = |(policy, against): (&Policy, &Against)| {
        let pays = against.judged[0].verdict == Verdict::Better;
        let payback = pays.then(|| findings::payback(summary, policy, against)).flatten();
        [payback, findings::cost(summary, policy, against)]
    };
    summary.compared().flat_map(said).flatten().collect()
}

/// Every metric under every policy, exploratory.
pub fn explored(summary: &Summary) -> TextTable {
    let shown = &summary.policies[..summary.policies.len().min(SIDE_BY_SIDE)];
    let mut grid = TextTable::new(
        "Everything else (exploratory: nothing is concluded from these)",
        1,
        &["mean of replications"],
    );
    grid.head.extend(shown.iter().map(|policy| policy.name.clone()));
    for (at, metric) in summary.metrics.iter().enumerate() {
        let declared = at == summary.objective || summary.guardrails.contains(&at);
        // What is not there, or 0 under every policy, takes no part in this organisation.
        let absent = |policy: &Policy| policy.estimates[at].n == 0 || policy.estimates[at].mean == 0.0;
        if declared || shown.iter().all(absent) {
            continue;
        }
        let mean = |policy: &Policy| words::mean(&policy.estimates[at], &metric.unit);
        let title = words::title_with_unit(&metric.title, &metric.unit);
        grid.row(std::iter::once(title).chain(shown.iter().map(mean)).collect());
    }
    let hidden = summary.policies.len() - shown.len();
    if hidden > 0 {
        grid.note(format!("{} more in summary.csv.", words::count(hidden, "policy", "policies")));
    }
    grid
}

/// The flow metrics of a single scenario.
pub fn flow(summary: &Summary, policy: &Policy) -> TextTable {
    let head = ["", "mean", "interval of the mean", "middle 90 %", "replications"];
    let mut grid = TextTable::new("Flow", 1, &head);
    for at in FLOW.iter().filter_map(|name| summary.metric(name)) {
        let (metric, estimate) = (&summary.metrics[at], &policy.estimates[at]);
        if estimate.n == 0 {
            continue;
        }
        let spread = &policy.outcomes[at];
        grid.row(vec![
            words::title_with_unit(&metric.title, &metric.unit),
            words::mean(estimate, &metric.unit),
            words::interval(estimate, &metric.unit),
            format!(
                "{} to {}",
                words::outcome(spread.p5, &metric.unit),
                words::outcome(spread.p95, &metric.unit)
            ),
            estimate.n.to_string(),
        ]);
    }
    grid.note(
        "All of these times end when work is live. Lead time begins with the request, lead time from commitment when its initiative is \
         begun, cycle time when somebody begins it, and change lead time (above) with its first build. A cohort also counts what is \
         still open.",
    );
    grid.note(
        "The interval of the mean shrinks with more replications; the range of single replications does not. How well its ends are \
         known is in summary.csv (p5_low to p95_high).",
    );
    grid
}

/// Mean lead time by cause.
pub fn causes(summary: &Summary, policy: &Policy) -> TextTable {
    let mut grid =
        TextTable::new("Where lead time goes (accounting, not causation)", 1, &["", "working days", "share"]);
    let mut parts: Vec<(&str, f64)> = summary
        .causes
        .iter()
        .map(|(at, words)| (words.as_str(), policy.estimates[*at].mean))
        .filter(|(_, days)| *days > 0.0)
        .collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let all: f64 = parts.iter().map(|(_, days)| days).sum();
    for (cause, days) in &parts {
        grid.row(vec![(*cause).to_owned(), words::number(*days), words::share(days / all)]);
    }
    grid.row(vec!["all together".into(), words::number(all), words::share(1.0)]);
    grid
}

/// Visits, stays and waits by stage, of the stages that anything came to.
pub fn stages(summary: &Summary, policy: &Policy) -> TextTable {
    let head = ["stage", "visits", "stay, days", "wait, days", "sent back"];
    let mut grid = TextTable::new("Stages", 1, &head);
    let visited =
        details(summary, policy, "stage.", "visits").into_iter().filter(|(_, read)| read("visits") > 0.0);
    for (name, read) in visited {
        grid.row(vec![
            name,
            words::number(read("visits")),
            words::number(read("stay_mean_days")),
            words::number(read("wait_mean_days")),
            words::value(read("returned_share"), &Unit::SHARE),
        ]);
    }
    grid.note("Stay: from coming to a stage to leaving it. Wait: until somebody or a machine began; gates have none.");
    grid
}

/// How busy teams and approvers are.
pub fn teams(summary: &Summary, policy: &Policy) -> TextTable {
    let head = ["team or approver", "busy", "on duties", "health share"];
    let mut grid = TextTable::new("Teams and approvers", 1, &head);
    for (name, read) in details(summary, policy, "team.", "utilisation") {
        grid.row(vec![
            name,
            words::value(read("utilisation"), &Unit::SHARE),
            words::value(read("duty"), &Unit::SHARE),
            words::value(read("health_share"), &Unit::SHARE),
        ]);
    }
    grid.note("Busy: share of working time with work on the desk. Duties: incidents, meetings, hearings.");
    grid
}

type Read<'a> = Box<dyn Fn(&str) -> f64 + 'a>;

/// The names under a scope such as "stage.", each with a reader of its details.
fn details<'a>(summary: &'a Summary, policy: &'a Policy, scope: &str, key: &str) -> Vec<(String, Read<'a>)> {
    let ending = format!(".{key}");
    let names = summary.columns.iter().filter_map(|column| {
        let name = column.name.strip_prefix(scope)?.strip_suffix(&ending)?;
        let prefix = format!("{scope}{name}");
        let read = move |detail: &str| {
            let at = summary.column(&format!("{prefix}.{detail}"));
            at.map_or(f64::NAN, |at| policy.estimates[at].mean)
        };
        Some((name.to_owned(), Box::new(read) as Read<'a>))
    });
    names.collect()
}

/// Names the bottleneck: what most waiting time is for, and who is busiest.
pub fn bottleneck(summary: &Summary, policy: &Policy) -> String {
    let touched = ["being worked on", "being worked on again"];
    let days = |at: usize| policy.estimates[at].mean;
    let waits =
        summary.causes.iter().filter(|(at, words)| !touched.contains(&words.as_str()) && days(*at) > 0.0);
    let longest = waits.max_by(|a, b| days(a.0).total_cmp(&days(b.0)));
    let mut busy = details(summary, policy, "team.", "utilisation")
        .into_iter()
        .map(|(name, read)| (read("utilisation") + read("duty"), name))
        .filter(|(share, _)| share.is_finite())
        .collect::<Vec<_>>();
    busy.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut stays = details(summary, policy, "stage.", "visits")
        .into_iter()
        .map(|(name, read)| (read("stay_mean_days") * read("visits"), read("stay_mean_days"), name))
        .filter(|(all, ..)| all.is_finite())
        .collect::<Vec<_>>();
    stays.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut sentences = Vec::new();
    if let Some((at, words)) = longest {
        let days = words::number(days(*at));
        sentences.push(format!("Most of the time that is not hands-on goes to “{words}”: {days} working days of the mean lead time."));
    }
    if let Some((_, each, stage)) = stays.first() {
        sentences.push(format!(
            "The stage that holds work longest is “{stage}”, {} working days a visit.",
            words::number(*each)
        ));
    }
    if let Some((share, team)) = busy.first() {
        sentences.push(format!(
            "The busiest is “{team}”: at work or called away {} of the time.",
            words::share(*share)
        ));
    }
    if sentences.is_empty() {
        format!("Nothing went live under {}.", named(policy))
    } else {
        sentences.join(" ")
    }
}

/// Points of a sweep shown on a terminal; the rest are in the files.
const POINTS: usize = 60;

/// The points of a sweep, with the objective at each.
pub fn points(sweep: &SweepSummary) -> TextTable {
    let metric = &sweep.metrics[sweep.objective];
    let mut grid =
        TextTable::new(words::capital(&words::title_with_unit(&metric.title, &metric.unit)), 0, &[]);
    let paths = sweep.plan.paths();
    grid.words = 1 + paths.len();
    grid.head =
        std::iter::once("point".to_owned()).chain(paths.iter().map(|path| plain::name(path))).collect();
    grid.head.extend(["mean", "difference", "its interval", "wins", "best?"].map(str::to_owned));
    for (at, point) in sweep.points.iter().enumerate().take(POINTS) {
        let difference = &point.difference;
        let as_it_is = || "as it is".to_owned();
        let mut cells = vec![at.to_string()];
        cells.extend(point.values.iter().map(|value| value.clone().unwrap_or_else(as_it_is)));
        cells.extend([words::mean(&point.estimates[sweep.objective], &metric.unit)]);
        match difference.never_differs() {
            true => cells.extend(["none", "–", "–"].map(str::to_owned)),
            false => cells.extend([
                words::difference(difference, &metric.unit),
                words::signed_interval(&difference.simultaneous, &metric.unit),
                words::share(difference.wins.share),
            ]),
        }
        cells.push(words::best(sweep.best == Some(at), point.like_best));
        grid.row(cells);
    }
    grid.foremost = sweep.best.into_iter().collect();
    grid.note(words::PERHAPS);
    let held = if sweep.together { "hold together" } else { "hold each for itself" };
    grid.note(format!(
        "Differences from the baseline in paired replications; intervals {held} at {}. A sweep explores: the best of many points \
         looks better than it is.",
        words::level(sweep.frame.level)
    ));
    for path in paths.into_iter().filter(|path| plain::name(path) != *path) {
        grid.note(format!("{}: {path}.", words::capital(&plain::name(path))));
    }
    if sweep.points.len() > POINTS {
        let more = words::count(sweep.points.len() - POINTS, "more point is", "more points are");
        grid.note(format!("{more} in sweep.csv."));
    }
    grid
}
