//! What holds for any scenario at all: Little's law, conservation, causes that add up, the same bits on any
//! number of threads, the same random numbers whatever else is there, and policies that change nothing.

use orgsim::experiment::run::{ReplicationResults, RunOptions, run};
use orgsim::kernel::streams::Streams;
use orgsim::model::accounts::KindCounts;
use orgsim::model::compiled_plan::CompiledPlan;
use orgsim::model::instrument::Counter;
use orgsim::model::organisation::Organisation;
use orgsim::model::plan::Holder;
use orgsim::model::replication::Replication;
use orgsim::model::work::{CLASSES, Class, Item, Role};
use orgsim::observation::trace::Trace;
use orgsim::scenario::study::{Amendments, Study};
use orgsim::units::{Instant, PersonId, Ticks};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

mod mix;
use mix::{Mix, mixes};

fn study(text: &str) -> Study {
    let read = Study::from_text("mix.toml", text.as_bytes(), PathBuf::from("."), &Amendments::default());
    read.map_or_else(
        |refusal| panic!("{}\n{text}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
        |(study, _)| study,
    )
}

fn runs(study: &Study, numbers: &[u64], threads: usize) -> Vec<ReplicationResults> {
    run(study, numbers, &RunOptions::to_the_end(Some(threads))).expect("threads")
}

/// Everything that came out of one replication, to the bit.
fn bits(runs: &ReplicationResults, policy: usize) -> Vec<u64> {
    let outcome = runs.runs[policy].as_ref().expect("no overrun");
    let weeks = outcome.weeks.iter().flatten().map(|value| u64::from(value.to_bits()));
    outcome.values.iter().map(|value| value.to_bits()).chain(weeks).collect()
}

fn trace(study: &Study) -> (Trace, Vec<f64>) {
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, 0));
    let mut trace = Trace::default();
    replication.run_until(Instant::START + study.horizon, &mut trace).expect("no overrun");
    let open = replication.ctx.org.items.iter().filter(|(_, item)| item.role == Role::Work);
    (trace, open.map(|(_, item)| (replication.now() - item.born).hours()).collect())
}

/// Sizes drawn for the features that ended, by their keys.
fn sizes(trace: &Trace) -> BTreeMap<u64, u64> {
    let features = trace.items.iter().filter(|row| row.kind == "feature");
    features.map(|row| (row.item, row.size_hours.to_bits())).collect()
}

/// Urgent work of several kinds, in batches and alone, that takes desks at both stages that people share.
const EXPEDITED: &str = r#"
[work.expedite]
priority = 1
preempts = "restart"
size = { exponential = "4 hours" }
items = { geometric = { mean = 2 } }
arrivals = { poisson = "0.3/day" }
route = ["build", "polish", "build"]
[work.hurry]
class = "health"
priority = 3
preempts = { penalty = "1 hour" }
size = { exponential = "6 hours" }
backlog_limit = 3
arrivals = { poisson = "0.2/day" }
route = ["polish", "build"]
"#;

/// Whether somebody may start what waits, in the place of what they hold: as docs/model.md has it, read off the state.
fn may_do(
    org: &Organisation,
    plan: &CompiledPlan,
    item: &Item,
    person: PersonId,
    aside: Option<&Item>,
) -> bool {
    let state = &org.people[person.at()];
    let (team, stage) = (state.team, &plan.stages[item.stage.at()]);
    let (members, spec) = (&org.teams[team.at()], &plan.teams[team.at()].wip);
    let is_review = matches!(stage.holder, Holder::Review { .. });
    if is_review && item.author == Some(person) && members.people.len() > 1 {
        return false;
    }
    let gives_slot = aside.is_some_and(|aside| aside.slot == Some(item.stage));
    let slots = org.slots[item.stage.at()] - u32::from(gives_slot);
    if item.slot != Some(item.stage) && stage.slots.is_some_and(|most| slots >= most) {
        return false;
    }
    for (group, limit) in plan.limits.iter().enumerate() {
        let bit = 1 << group;
        let inside = org.groups[group] - u32::from(aside.is_some_and(|aside| aside.groups & bit != 0));
        if stage.groups & bit != 0 && item.groups & bit == 0 && inside >= limit.items {
            return false;
        }
    }
    let owner = |item: &Item| item.owner.filter(|owner| org.people[owner.at()].present);
    let ours = |owner: PersonId| org.people[owner.at()].team == team;
    if owner(item).is_some_and(ours)
        || item.class == Class::Unplanned
        || matches!(item.role, Role::Part { .. })
    {
        return true;
    }
    let given = aside.and_then(owner);
    let fits = item.initiative.and_then(|it| org.initiatives.get(it)).is_none_or(|it| {
        it.active
            || it.team != team
            || spec.initiatives.is_none_or(|most| members.active_initiatives < most.of(members.people.len()))
    });
    let mine = state.owned - u32::from(given == Some(person));
    let all = members.started - u32::from(given.is_some_and(ours));
    fits && spec.items.is_none_or(|most| mine < most) && spec.team.is_none_or(|most| all < most)
}

/// What breaks the rules of pulling and pre-emption at a settled instant, if anything.
fn broken_rule(org: &Organisation, plan: &CompiledPlan, shares: bool) -> Option<String> {
    let kind = |item: &Item| &plan.kinds[item.kind.at()];
    for (team, spec) in org.teams.iter().zip(&plan.teams) {
        for waiting in org.waiting_in(spec.lines.clone()) {
            let item = &org.items[waiting];
            for person in team.people.iter().copied() {
                let state = &org.people[person.at()];
                let has_room = spec.wip.active.is_none_or(|most| (state.desk.len() as u32) < most);
                let keeps_back = shares && kind(item).preempts.is_none();
                if state.duties == 0 && has_room && !keeps_back && may_do(org, plan, item, person, None) {
                    return Some(format!(
                        "{person:?} has room beside {} at {:?}",
                        kind(item).name,
                        item.stage
                    ));
                }
                if state.duties > 0 || kind(item).preempts.is_none() {
                    continue;
                }
                for aside in state.desk.iter().map(|task| &org.items[task.item]) {
                    let is_less = kind(aside).priority > kind(item).priority;
                    if is_less && may_do(org, plan, item, person, Some(aside)) {
                        let (waits, held) = (&kind(item).name, &kind(aside).name);
                        return Some(format!(
                            "{person:?} is on {held} while {waits} waits at {:?}",
                            item.stage
                        ));
                    }
                }
            }
        }
    }
    None
}

/// What breaks the rules of helping at a settled instant, if anything: who helps has an empty desk and is on no duty, helps
/// alone with what a colleague works on at that instant, and has nothing to do in the usual order.
fn broken_help(org: &Organisation, plan: &CompiledPlan) -> Option<String> {
    let mut helped = BTreeSet::new();
    for team in &org.teams {
        let helps = |person: &&PersonId| org.people[person.at()].assists.is_some();
        let helpers: Vec<PersonId> = team.people.iter().filter(helps).copied().collect();
        if helpers.len() != team.helping as usize {
            return Some(format!("{helpers:?} are {}", team.helping));
        }
        // What lies on desks and is planned, per class: what is begun in slack is charged to no share.
        let mut planned = [0.0; CLASSES];
        for task in team.people.iter().flat_map(|person| &org.people[person.at()].desk) {
            let item = &org.items[task.item];
            planned[item.class as usize] += if item.in_slack { 0.0 } else { item.remaining_work };
        }
        if planned.iter().zip(team.committed).any(|(planned, kept)| (planned - kept).abs() > 1.0) {
            return Some(format!("{planned:?} ticks on desks are planned, not {:?}", team.committed));
        }
        for helper in helpers {
            let person = &org.people[helper.at()];
            let id = person.assists.expect("a helper").item;
            let Some(item) = org.items.get(id) else { return Some(format!("{helper:?} helps with nothing")) };
            let works = item.holder.filter(|holder| org.people[holder.at()].duties == 0);
            if works.is_none_or(|holder| holder == helper || !team.people.contains(&holder)) {
                return Some(format!("{helper:?} helps where nobody works"));
            }
            let is_free = person.desk.is_empty() && person.duties == 0 && person.present;
            let is_work = matches!(plan.stages[item.stage.at()].holder, Holder::Work { .. });
            if !is_free || !is_work || !helped.insert(id.at()) {
                return Some(format!("{helper:?} may not help at {:?}", item.stage));
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        // The same cases every time: what is red on one machine is red on all.
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_101),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Reorganised into whatever else and back: nothing is lost, nothing counts twice, times still add up.
    #[test]
    fn a_reorganisation_loses_nothing(before in mixes(), after in mixes(), days in 1..90_u32) {
        let cost = "[migration]\ntakes = \"4 weeks\"\nlost = \"20%\"\n";
        let other = after.text(cost).replace("\"blue\"", "\"green\"").replace("polish", "mend");
        let (first, second) = (study(&before.text(cost)), study(&other));
        let (plan, other) = (&first.timelines[0].phases[0].1, &second.timelines[0].phases[0].1);
        let date = |days: u32| Instant::START + Ticks::from_hours(8.0 * f64::from(days));
        let mut replication = Replication::begin(plan, Streams::new(first.scenario.seed, 0));
        replication.run_until(Instant::START, &mut ()).expect("no overrun");
        let born = replication.ctx.org.in_system;
        replication.open_accounts();
        let mut trace = Trace::default();
        for (until, next) in [(date(days), Some(other)), (date(days + 20), Some(plan)), (date(130), None)] {
            replication.run_until(until, &mut trace).expect("no overrun");
            if let Some(next) = next {
                replication.change_policy(next).expect("another shape");
            }
        }
        let now = replication.now();
        let accounts = replication.ctx.org.close_accounts(now);
        let works = replication.ctx.org.items.iter().filter(|(_, item)| item.role == Role::Work);
        let open: Vec<f64> = works.map(|(_, item)| (replication.now() - item.born).hours()).collect();
        let sum = |read: &dyn Fn(&KindCounts) -> u64| -> u64 { accounts.kinds.iter().map(read).sum() };
        let ended = sum(&|kind| kind.done + kind.dropped.iter().sum::<u64>());
        prop_assert_eq!(sum(&|kind| kind.arrived) + born, ended + open.len() as u64);
        prop_assert_eq!(trace.items.len() as u64, ended);
        prop_assert_eq!(replication.ctx.org.in_system, open.len() as u64);
        let area = Ticks(sum(&|kind| kind.open)).hours();
        let times = trace.items.iter().map(|row| row.ended - row.born).chain(open).sum::<f64>();
        prop_assert!((area - times).abs() < 1e-6 * times.max(1.0), "{} {}", area, times);
        for row in trace.items.iter().filter(|row| row.end == "live") {
            let ticks = |hours: f64| (hours * 3_600_000.0).round() as u64;
            let causes: u64 = row.causes.iter().map(|hours| ticks(*hours)).sum();
            prop_assert_eq!(causes, ticks(row.ended) - ticks(row.born), "{:?}", row);
        }
        // Everybody who is there belongs to one team and is there once; nobody has more hours than there are.
        let mut members: Vec<_> = replication.ctx.org.teams.iter().flat_map(|team| team.people.clone()).collect();
        members.sort_unstable();
        members.dedup();
        let planned: u32 = plan.teams.iter().map(|team| team.engineers).sum();
        let present = replication.ctx.org.people.iter().filter(|person| person.present).count();
        prop_assert_eq!(members.len(), present);
        // Where people leave, seats are empty until somebody is found.
        let empty = before.has_culture() || after.has_culture();
        prop_assert!(present as u32 == planned || (empty && (present as u32) < planned));
        for spent in &accounts.spent {
            let hours = spent.worked.iter().sum::<f64>() + spent.on_duty;
            prop_assert!(hours <= spent.there * (1.0 + 1e-9) + 1e-3, "{:?}", spent);
        }
    }

    /// Looking moves nothing: a replication whose hours are counted from some instant on is the one that nobody looks
    /// at.
    #[test]
    fn looking_at_a_replication_moves_nothing(mix in mixes(), minutes in 1..62_000_u32) {
        let study = study(&mix.text(""));
        let plan = &study.timelines[0].phases[0].1;
        let end = Instant::START + Ticks::from_hours(8.0 * 130.0);
        let completed = |looks: bool| {
            let mut replication = Replication::begin(plan, Streams::new(study.scenario.seed, 0));
            replication.run_until(Instant::START + Ticks::from_hours(f64::from(minutes) / 60.0), &mut ())?;
            if looks {
                replication.open_accounts();
            }
            replication.run_until(end, &mut ())?;
            let owed: Vec<u64> = replication.ctx.org.teams.iter().flat_map(|team| team.owed.map(f64::to_bits)).collect();
            let desks: Vec<u64> = replication.ctx.org.people.iter().map(|person| person.progress.to_bits()).collect();
            Ok::<_, orgsim::model::replication::Overrun>((replication.events, replication.ctx.org.done, replication.ctx.org.in_system, owed, desks))
        };
        prop_assert_eq!(completed(true), completed(false));
    }

    /// At every settled instant nobody works on less urgent work while more urgent work that may pre-empt, and that
    /// they may do, waits; and nobody with room is idle beside work they may start, unless shares keep it back.
    #[test]
    fn the_rules_of_a_settled_instant_hold(mix in mixes()) {
        let study = study(&mix.text(EXPEDITED));
        let plan = &study.timelines[0].phases[0].1;
        let mut replication = Replication::begin(plan, Streams::new(study.scenario.seed, 0));
        for minutes in (0..130 * 8 * 60).step_by(17) {
            let now = Instant::START + Ticks::from_hours(f64::from(minutes) / 60.0);
            replication.run_until(now, &mut ()).expect("no overrun");
            let org = &replication.ctx.org;
            let broken = broken_rule(org, plan, mix.share.is_some()).or_else(|| broken_help(org, plan));
            prop_assert!(broken.is_none(), "at {} min: {}", minutes, broken.unwrap_or_default());
        }
        // Power: somebody has helped, where several could and little was to do.
        let helped: f64 = replication.ctx.org.teams.iter().map(|team| team.slack.helped).sum();
        let helps = plan.teams.iter().any(|team| team.slack.is_some()) && (2..4).contains(&mix.people);
        prop_assert!(helped > 0.0 || !helps || mix.load > 60, "nobody ever helped");
        // Work was set aside.
        let aside = replication.ctx.org.counters[Counter::PREEMPTIONS.at()];
        prop_assert!(aside > 0.0 || mix.people > 2 || mix.load < 60, "nothing was ever set aside");
    }

    #[test]
    fn neither_threads_nor_company_change_a_bit(mix in mixes()) {
        let study = study(&mix.text(""));
        let numbers: Vec<u64> = (0..20).collect();
        let alone = runs(&study, &numbers, 1);
        // Power: replications differ from one another.
        prop_assert_ne!(bits(&alone[16], 0), bits(&alone[17], 0));
        for threads in [2, 5] {
            for (one, other) in alone.iter().zip(&runs(&study, &numbers, threads)) {
                prop_assert_eq!(bits(one, 0), bits(other, 0));
            }
        }
        prop_assert_eq!(bits(&runs(&study, &[17], 1)[0], 0), bits(&alone[17], 0));
    }

    #[test]
    fn what_a_policy_leaves_as_it_is_stays_as_it_is(mix in mixes(), days in 1..90_u32) {
        let policies = format!(
            "[policy.same]\n\"team.*.wip.active\" = {0}\n\"team.*.order\" = \"{1}\"\n\
             [policy.later]\nafter.\"{days} days\".\"team.*.wip.active\" = {0}\n\
             [policy.other]\nafter.\"{days} days\".\"team.*.attention\" = \"60%\"\n",
            mix.active, mix.order
        );
        let text = format!("past = \"37 days\"\n{}", mix.text(&policies));
        let study = study(&text);
        let at = |name: &str| study.timelines.iter().position(|timeline| timeline.name == name).expect("a policy");
        let completed = runs(&study, &[0, 1, 2], 1);
        // Power: a policy that does change something changes an outcome, where work is left to do.
        let changed = completed.iter().any(|completed| bits(completed, at("other")) != bits(completed, 0));
        prop_assert!(changed || days > 20, "power: nothing changed after {days} days");
        for completed in &completed {
            prop_assert_eq!(bits(completed, at("same")), bits(completed, 0));
            prop_assert_eq!(bits(completed, at("later")), bits(completed, 0));
        }
    }

    #[test]
    fn what_is_added_leaves_other_draws_as_they_were(mix in mixes()) {
        let without = Mix { review: None, board: false, chain: false, ..mix.clone() };
        let with = Mix { review: Some("at-breaks"), board: true, chain: true, ..mix };
        // The rate is given, since a load would follow the work there is.
        let text = |mix: &Mix| mix.text("").replace(&format!("load = \"{}%\"", mix.load), "poisson = \"0.5/day\"");
        let (bare, full) = (trace(&study(&text(&without))).0, trace(&study(&text(&with))).0);
        let (some, others) = (sizes(&bare), sizes(&full));
        let ends = |trace: &Trace| trace.items.iter().map(|row| row.ended.to_bits()).collect::<Vec<_>>();
        // Where health work keeps everything for itself, no feature comes as far as what is added.
        let passed = full.items.iter().any(|row| row.kind == "feature" && row.end == "live");
        prop_assert!(!passed || ends(&bare) != ends(&full), "power: the clock must differ");
        let common: Vec<_> = some.iter().filter(|(key, _)| others.contains_key(key)).collect();
        // What comes is the same work; which of it ends in time is not, where limits and the order differ.
        let came = |trace: &Trace| -> BTreeSet<u64> {
            let arrived = trace.events.iter().filter(|row| row.event == "arrived");
            arrived.filter(|row| row.kind.as_deref() == Some("feature")).filter_map(|row| row.item).collect()
        };
        let (came, also) = (came(&bare), came(&full));
        let both = came.intersection(&also).count();
        prop_assert!(both * 4 >= came.len().min(also.len()) * 3, "{both} of {} and {} came", came.len(), also.len());
        for (key, size) in common {
            prop_assert_eq!(others[key], *size);
        }
        // A board, a stage and an approver that nothing uses change nothing at all.
        let unused = "[board.aaa]\nmeets = { every = \"3 days\" }\n[stage.aaa]\nboard = \"aaa\"\n";
        let idle = trace(&study(&(text(&with) + unused))).0;
        prop_assert_eq!(ends(&idle), ends(&full));
    }
}
