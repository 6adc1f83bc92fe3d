//! Demand and capacity that wander, against the log-normal Cox process.
//!
//! A source of rate m a week whose level in week k is Lₖ = exp(σzₖ − σ²/2), z a stationary autoregression of correlation
//! φ, brings Nₖ items in that week. Given the levels, the numbers of a Poisson source are independent and Poisson of means
//! mLₖ: gaps that are exponential in operational time make a Poisson process in it, and week k holds mLₖ of it. So by the
//! laws of total variance and covariance, with E[Lⱼ Lₖ] = exp(σ² φ^|j−k|) and e^(σ²) = 1 + cv²,
//!
//! * E[Nₖ] = m,
//! * Var[Nₖ] = E[mL] + Var[mL] = m + m²cv², so that variance over mean is 1 + m·cv²,
//! * Cov[Nₖ, Nₖ₊ⱼ] = m²(e^(σ²φʲ) − 1), an autocorrelation of m(e^(σ²φʲ) − 1)/(1 + m·cv²).
//!
//! With batches of B the first part is mE[B²] for a rate of m batches. Where all gaps are equal, Nₖ = ⌊Sₖ⌋ − ⌊Sₖ₋₁⌋ with S
//! the operational time in gaps: Nₖ = mLₖ + Uₖ₋₁ − Uₖ, whose fractional parts U are uniform and independent of the levels
//! once these have spread over many gaps: Var[Nₖ] = m²cv² + 2/12, and Cov[Nₖ, Nₖ₊₁] = m²(e^(σ²φ) − 1) − 1/12.
//! The work that people do who are never idle is such a process, too.

use super::support::{agree, refused, runs_of, written};
use orgsim::kernel::streams::Streams;
use orgsim::model::cause::Cause;
use orgsim::model::compiled_plan::CompiledPlan;
use orgsim::model::domain_event::DomainEvent;
use orgsim::model::organisation::Organisation;
use orgsim::model::replication::{Observer, Replication};
use orgsim::scenario::loads;
use orgsim::scenario::study::Study;
use orgsim::units::{Instant, Ticks};

const CV: f64 = 0.5;
const MEMORY: f64 = 4.0;
const WANDER: &str = "wander = { cv = 0.5, memory = \"4 weeks\" }\n";
/// The largest relative standard error of a variance or a covariance: an error of a tenth lies five of them out. Leaving
/// the wandering out would make the variance a third of what it is, or less.
const POWER: f64 = 0.02;
const REPLICATIONS: u64 = 48;

/// What came and what was done in each week, and how long what was done had been held up elsewhere.
#[derive(Default)]
struct Weeks {
    came: Vec<f64>,
    done: Vec<f64>,
    elsewhere: f64,
}

impl Observer for Weeks {
    fn on_event(&mut self, now: Instant, event: &DomainEvent, org: &Organisation, plan: &CompiledPlan) {
        let week = (now.0 / plan.week.0) as usize;
        let counts = match *event {
            DomainEvent::Arrived { .. } => &mut self.came,
            DomainEvent::Done { item } => {
                self.elsewhere += org.items[item].ledger.spent(Cause::Elsewhere).hours();
                &mut self.done
            }
            _ => return,
        };
        counts.resize(counts.len().max(week + 1), 0.0);
        counts[week] += 1.0;
    }
}

fn weeks_of(study: &Study) -> Vec<Weeks> {
    let plan = &study.timelines[0].phases[0].1;
    let one = |number| {
        let mut weeks = Weeks::default();
        let mut replication = Replication::begin(plan, Streams::new(study.scenario.seed, number));
        replication.run_until(Instant::START + study.horizon, &mut weeks).expect("no overrun");
        let whole = (study.horizon.0 / plan.week.0) as usize;
        for counts in [&mut weeks.came, &mut weeks.done] {
            counts.resize(whole, 0.0);
        }
        weeks
    };
    (0..REPLICATIONS).map(one).collect()
}

/// e^(σ²φʲ) − 1.
fn covariance(lag: i32) -> f64 {
    let phi = (-1.0 / MEMORY).exp();
    ((CV * CV).ln_1p() * phi.powi(lag)).exp_m1()
}

/// Weekly counts have this mean, variance and autocovariances.
fn agree_weekly(what: &str, counts: &[&[f64]], mean: f64, variance: f64, covariances: &[(usize, f64)]) {
    let average = |lag: Option<usize>| -> Vec<f64> {
        let of = |counts: &&[f64]| {
            let lag = lag.unwrap_or(0);
            let pairs = counts.iter().zip(&counts[lag..]);
            pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / (counts.len() - lag) as f64
        };
        counts.iter().map(of).collect()
    };
    let means: Vec<f64> =
        counts.iter().map(|counts| counts.iter().sum::<f64>() / counts.len() as f64).collect();
    agree(&format!("{what}: mean"), &means, mean, 0.005);
    let over_mean = |values: Vec<f64>| values.iter().map(|value| value / mean).collect::<Vec<_>>();
    agree(&format!("{what}: variance over mean"), &over_mean(average(None)), variance / mean, POWER);
    for (lag, covariance) in covariances {
        let products = average(Some(*lag));
        agree(&format!("{what}: covariance at lag {lag}"), &products, *covariance, 1.5 * POWER);
    }
}

fn came(weeks: &[Weeks]) -> Vec<&[f64]> {
    weeks.iter().map(|weeks| weeks.came.as_slice()).collect()
}

fn done(weeks: &[Weeks]) -> Vec<&[f64]> {
    weeks.iter().map(|weeks| weeks.done.as_slice()).collect()
}

fn demand(arrivals: &str, more: &str) -> Study {
    written(&format!(
        "extends = \"bare\"\nhorizon = \"3000 weeks\"\n[[team]]\nname = \"dev\"\nengineers = 1\n\
         [work.item]\narrivals = {arrivals}\n{WANDER}{more}route = [\"build\"]\n[stage.build]\nteam = \"own\"\neffort = \"1 minute\"\n"
    ))
}

#[test]
fn poisson_demand_that_wanders_is_a_cox_process() {
    let m = 10.0;
    let weeks = weeks_of(&demand("{ poisson = \"2/day\" }", ""));
    let covariances = [1, 3].map(|lag| (lag, m * m * covariance(lag as i32)));
    agree_weekly("poisson", &came(&weeks), m, m + m * m * CV * CV, &covariances);
    // Power: an autocorrelation without memory, or with that of the next lag, is another by more than what would be seen.
    assert!(covariances[0].1 > 1.2 * m * m * covariance(2));
}

#[test]
fn batches_and_profiles_wander_too() {
    let m = 10.0;
    let weeks = weeks_of(&demand("{ poisson = \"2/day\" }", "items = 3\n"));
    agree_weekly("batches", &came(&weeks), 3.0 * m, 9.0 * (m + m * m * CV * CV), &[]);
    // Half of the candidates are let through, whatever their level.
    let half = "profile = { pieces = [{ from = \"0 days\", rate = \"50%\" }] }\n";
    let weeks = weeks_of(&demand("{ poisson = \"4/day\" }", half));
    agree_weekly("profile", &came(&weeks), m, m + m * m * CV * CV, &[(1, m * m * covariance(1))]);
}

#[test]
fn equal_gaps_leave_the_level_and_a_rounding() {
    let m = 10.0;
    let weeks = weeks_of(&demand("{ every = \"4 hours\" }", ""));
    let lag = m * m * covariance(1) - 1.0 / 12.0;
    agree_weekly("every", &came(&weeks), m, m * m * CV * CV + 1.0 / 6.0, &[(1, lag)]);
}

fn capacity(engineers: u32, effort: &str) -> Study {
    written(&format!(
        "extends = \"bare\"\nhorizon = \"3000 weeks\"\n[[team]]\nname = \"dev\"\nengineers = {engineers}\n{WANDER}\
         [work.item]\narrivals = {{ endless = 2 }}\nroute = [\"build\"]\n[stage.build]\nteam = \"own\"\neffort = {effort}\n"
    ))
}

#[test]
fn what_three_people_do_without_end_is_a_cox_process() {
    let m = 3.0 * 40.0 / 8.0;
    let weeks = weeks_of(&capacity(3, "{ exponential = \"8 hours\" }"));
    let covariances = [1, 3].map(|lag| (lag, m * m * covariance(lag as i32)));
    agree_weekly("work without end", &done(&weeks), m, m + m * m * CV * CV, &covariances);
}

/// Equal work leaves the level and a rounding. In a week of a level below 1, 1 − L of it is time elsewhere: of the hours of
/// an item, E[(1 − L)⁺] = 2Φ(σ/2) − 1 = erf(σ/√8) (the value of a put at the money; Black 1976).
#[test]
fn equal_work_without_end_shows_the_level_itself() {
    let m = 40.0 / 4.0;
    let weeks = weeks_of(&capacity(1, "\"4 hours\""));
    let lag = m * m * covariance(1) - 1.0 / 12.0;
    agree_weekly("equal work", &done(&weeks), m, m * m * CV * CV + 1.0 / 6.0, &[(1, lag)]);
    let sigma = (CV * CV).ln_1p().sqrt();
    let elsewhere: Vec<f64> =
        weeks.iter().map(|weeks| weeks.elsewhere / (40.0 * weeks.done.len() as f64)).collect();
    agree("time elsewhere", &elsewhere, libm::erf(sigma / 8f64.sqrt()), 0.01);
}

/// What does not wander is what it was: every number of every replication, to the bit, and every event.
#[test]
fn a_spread_of_nothing_is_as_if_nothing_were_written() {
    let text = |work: &str, team: &str| {
        format!(
            "extends = \"bare\"\nhorizon = \"40 weeks\"\nwarmup = \"0 weeks\"\nreplications = 4\n[[team]]\nname = \"dev\"\nengineers = 3\n{team}\
             [work.feature]\narrivals = {{ poisson = \"2/day\" }}\nroute = [\"build\"]\n{work}\n[stage.build]\nteam = \"dev\"\neffort = {{ exponential = \"1 day\" }}\n"
        )
    };
    let nothing = "wander = { cv = 0, memory = \"8 weeks\" }\n";
    let rows = |text: &str| -> Vec<(Vec<u64>, u64)> {
        let runs = runs_of("bits", &written(text)).swap_remove(0);
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect();
        runs.outcomes.iter().map(|outcome| (bits(&outcome.values), outcome.events)).collect()
    };
    let without = rows(&text("", ""));
    assert_eq!(without, rows(&text(nothing, nothing)));
    // Power: a little is seen.
    let little = nothing.replace("cv = 0", "cv = 0.01");
    assert_ne!(without, rows(&text(&little, "")));
    assert_ne!(without, rows(&text("", &little)));
}

const POLICIES: &str = r#"
extends = "bare"
horizon = "60 weeks"
[[team]]
name = "dev"
engineers = 3
wander = { cv = 0.5, memory = "4 weeks" }
[[team]]
name = "ops"
engineers = 1
wander = { cv = 0.5, memory = "4 weeks" }
[work.item]
arrivals = { poisson = "2/day" }
wander = { cv = 0.5, memory = "4 weeks" }
team = "dev"
route = ["build", "run"]
[stage.build]
team = "dev"
effort = { exponential = "6 hours" }
[stage.run]
team = "ops"
effort = { exponential = "2 hours" }
[stage.look]
team = "dev"
effort = "1 hour"
[policy.more]
"team.dev.engineers" = 5
[policy.slower]
"team.dev.attention" = "70%"
[policy.steady]
"team.dev.wander.cv" = 0
[policy.wilder]
"team.dev.wander.cv" = 0.9
[policy.shaped]
"work.item.route" = ["build", "look", "run"]
"#;

/// The levels of both teams in the middle of each week, and when work came, where the plan changes at these dates.
fn course(study: &Study, phases: &[(f64, &str)]) -> (Vec<[f64; 2]>, Vec<u64>) {
    struct Came(Vec<u64>);
    impl Observer for Came {
        fn on_event(&mut self, now: Instant, event: &DomainEvent, _: &Organisation, _: &CompiledPlan) {
            if matches!(event, DomainEvent::Arrived { .. }) {
                self.0.push(now.0);
            }
        }
    }
    let plan = |name: &str| {
        let timeline = study.timelines.iter().find(|timeline| timeline.name == name);
        &timeline.unwrap_or_else(|| panic!("no policy {name}")).phases.last().expect("a plan").1
    };
    let mut replication = Replication::begin(plan(phases[0].1), Streams::new(11, 5));
    let week = |weeks: f64| Instant::START + Ticks::from_hours(40.0 * weeks);
    let (mut came, mut levels, mut next) = (Came(Vec::new()), Vec::new(), 1);
    for middle in (0..60).map(|nth| f64::from(nth) + 0.5) {
        while let Some((from, name)) = phases.get(next).filter(|(from, _)| *from < middle) {
            replication.run_until(week(*from), &mut came).expect("no overrun");
            replication.change_policy(plan(name));
            next += 1;
        }
        replication.run_until(week(middle), &mut came).expect("no overrun");
        levels.push([0, 1].map(|team| replication.ctx.org.teams[team].tempo));
    }
    (levels, came.0)
}

/// Levels of demand and capacity are those of the week, to the bit, whatever a policy does, and whenever it begins to wander;
/// how far it wanders scales the same ups and downs.
#[test]
fn no_policy_moves_a_level() {
    let study = written(POLICIES);
    let baseline = &study.timelines[0].name;
    let (levels, came) = course(&study, &[(0.0, baseline)]);
    assert!(levels.iter().all(|[dev, ops]| dev != ops), "each team has levels of its own");
    assert!(levels.windows(2).all(|pair| pair[0][0] != pair[1][0]), "each week has its own");
    for policy in ["more", "slower", "shaped"] {
        assert!(course(&study, &[(0.0, policy)]) == (levels.clone(), came.clone()), "{policy}");
        let there_and_back = [(0.0, baseline.as_str()), (10.3, policy), (20.7, baseline), (31.2, policy)];
        assert!(
            course(&study, &there_and_back) == (levels.clone(), came.clone()),
            "{policy}, there and back"
        );
    }
    let (steady, same) = course(&study, &[(0.0, "steady"), (12.3, baseline), (40.2, "steady")]);
    assert_eq!(same, came);
    for (week, (found, wandered)) in steady.iter().zip(&levels).enumerate() {
        let expected = if (12..40).contains(&week) { wandered[0] } else { 1.0 };
        assert_eq!(found[0].to_bits(), expected.to_bits(), "week {week}");
        assert_eq!(found[1].to_bits(), wandered[1].to_bits(), "week {week}");
    }
    let z = |level: f64, cv: f64| {
        let variance = (cv * cv).ln_1p();
        (level.ln() + 0.5 * variance) / variance.sqrt()
    };
    let (wilder, _) = course(&study, &[(0.0, baseline), (7.4, "wilder")]);
    for (wild, [dev, _]) in wilder.iter().zip(&levels).skip(7) {
        assert!((z(wild[0], 0.9) - z(*dev, 0.5)).abs() < 1e-9 && wild[0] != *dev);
    }
}

/// On average a level is 1: the loads that `check` tells are those without any.
#[test]
fn loads_do_not_wander() {
    let share = |text: &str| {
        let study = written(text);
        let loads = loads(&study.baseline().phases[0].1, &study.window());
        loads.iter().map(|load| load.share()).collect::<Vec<_>>()
    };
    let without: String =
        POLICIES.lines().filter(|line| !line.contains("wander")).map(|line| format!("{line}\n")).collect();
    let without = without.replace("[policy.steady]\n[policy.wilder]\n", "");
    assert_eq!(share(POLICIES), share(&without));
    // And they are what people are then busy for.
    let text = format!(
        "extends = \"bare\"\nhorizon = \"3000 weeks\"\nreplications = 40\n[[team]]\nname = \"dev\"\nengineers = 1\n\
         [work.item]\narrivals = {{ load = \"40%\" }}\n{WANDER}route = [\"build\"]\n[stage.build]\nteam = \"own\"\neffort = \"4 hours\"\n"
    );
    let runs = runs_of("load", &written(&text)).swap_remove(0);
    runs.agree_within("team.dev.utilisation", 0.4, 0.01);
}

#[test]
fn what_has_no_gaps_cannot_wander() {
    let text = |arrivals: &str, memory: &str| {
        format!(
            "extends = \"bare\"\nhorizon = \"10 weeks\"\n[[team]]\nname = \"dev\"\nengineers = 1\n[work.item]\narrivals = {arrivals}\n\
             wander = {{ cv = 0.5, memory = \"{memory}\" }}\nroute = [\"build\"]\n[stage.build]\nteam = \"own\"\neffort = \"1 hour\"\n"
        )
    };
    for (arrivals, memory, said) in [
        ("{ endless = 2 }", "4 weeks", "no rate that could wander"),
        ("{ trace = { times = [\"1 day\"] } }", "4 weeks", "no rate that could wander"),
        ("{ poisson = \"1/day\" }", "0 weeks", "must be positive"),
    ] {
        let found = refused(&text(arrivals, memory));
        assert!(found.contains(said), "{arrivals}: {found}");
    }
}
