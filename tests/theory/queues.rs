//! One team, one stage: queues of the textbook, processor sharing, switching and priorities.

use super::support::{agree, live, root};

/// Erlang's C: the chance that an arrival waits in an M/M/c with offered load `a` (Kleinrock 1975, 3.5).
pub fn erlang_c(c: u32, a: f64) -> f64 {
    let mut inverse_b = 1.0;
    for n in 1..=c {
        inverse_b = 1.0 + f64::from(n) / a * inverse_b;
    }
    let b: f64 = 1.0 / inverse_b;
    let rho = a / f64::from(c);
    b / (1.0 - rho * (1.0 - b))
}

/// Mean wait in an M/M/c with mean service 1 / mu.
pub fn mmc_wait(c: u32, lambda: f64, mu: f64) -> f64 {
    erlang_c(c, lambda / mu) / (f64::from(c) * mu - lambda)
}

/// The p-quantile of the time in an M/M/c with mean service 1 (Gross & Harris 1998, 2.3): wait and service are
/// independent, so the tail is e^-t (1 + C (1 - e^-(c-a-1)t) / (c-a-1)).
fn mmc_quantile(c: u32, a: f64, p: f64) -> f64 {
    let (wait, spare) = (erlang_c(c, a), f64::from(c) - a - 1.0);
    let tail = |t: f64| (-t).exp() * (1.0 + wait * (1.0 - (-spare * t).exp()) / spare);
    root(0.0, 100.0, |t| 1.0 - p - tail(t))
}

/// Mean wait in an M/G/1 (Pollaczek-Khinchine).
pub fn mg1_wait(lambda: f64, mean: f64, second: f64) -> f64 {
    lambda * second / (2.0 * (1.0 - lambda * mean))
}

#[test]
fn one_person_is_an_mm1() {
    let (lambda, mu) = (0.7, 1.0);
    let runs = live("mm1", &[]);
    runs.agree("work.item.lead_time_mean_days", 1.0 / (mu - lambda));
    runs.agree("in_system", lambda / (mu - lambda));
    runs.agree("wip", lambda / mu);
    runs.agree("team.dev.utilisation", lambda / mu);
    runs.agree("work.item.lead_time_p50_days", 2f64.ln() / (mu - lambda));
    runs.agree_within("work.item.lead_time_p95_days", 20f64.ln() / (mu - lambda), 0.01);
    runs.agree_within("work.item.lead_time_variance_days2", (mu - lambda).powi(-2), 0.03);
}

#[test]
fn several_people_are_an_mmc() {
    for (c, lambda, days) in [(3, 2.25, 26_000), (6, 4.8, 20_500)] {
        let people = format!("team.dev.engineers={c}");
        let rate = format!("work.item.arrivals.poisson=\"{lambda}/day\"");
        let runs = live("mmc", &[&people, &rate, &format!("horizon=\"{days} days\"")]);
        let wait = mmc_wait(c, lambda, 1.0);
        runs.agree_within("stage.build.wait_mean_days", wait, 0.01);
        runs.agree("work.item.lead_time_mean_days", 1.0 + wait);
        runs.agree("work.item.lead_time_p50_days", mmc_quantile(c, lambda, 0.5));
        runs.agree_within("work.item.lead_time_p95_days", mmc_quantile(c, lambda, 0.95), 0.01);
    }
}

#[test]
fn work_of_any_distribution_follows_pollaczek_and_khinchine() {
    let runs = live("mg1", &[]);
    runs.agree_within("stage.build.wait_mean_days", mg1_wait(0.6, 1.0, 1.0 + 1.5 * 1.5), 0.01);
    let runs = live("mg1", &["stage.build.effort=\"1 day\"", "work.item.arrivals.poisson=\"0.7/day\""]);
    runs.agree("stage.build.wait_mean_days", mg1_wait(0.7, 1.0, 1.0));
}

/// The last-come wait has the first-come mean, and the variance E[W²] = λE[S³]/(3(1−ρ)²) + (λE[S²])²/(2(1−ρ)³)
/// less the mean's square (Takács 1963).
#[test]
fn last_come_changes_the_variance_and_not_the_mean() {
    let runs = live(
        "mg1",
        &[
            "stage.build.effort.exponential=\"1 day\"",
            "team.dev.order=\"last-come\"",
            "horizon=\"38000 days\"",
        ],
    );
    let (lambda, left): (f64, f64) = (0.6, 0.4);
    let mean = mg1_wait(lambda, 1.0, 2.0);
    let second = lambda * 6.0 / (3.0 * left.powi(2)) + (lambda * 2.0).powi(2) / (2.0 * left.powi(3));
    runs.agree_within("stage.build.wait_mean_days", mean, 0.01);
    runs.agree_within("stage.build.wait_variance_days2", second - mean * mean, 0.05);
}

/// The root σ of σ = A*(μ(1−σ)) gives lead times that are exponential with rate μ(1−σ) (Kleinrock 1975, 6.4).
#[test]
fn gaps_of_any_distribution_follow_the_root_equation() {
    // Gamma gaps: A*(s) = (1 + s·scale)^-shape.
    let shape: f64 = 1.0 / (1.6 * 1.6);
    let sigma = root(0.0, 0.999, |x| x - (1.0 + (1.0 - x) * 1.5 / shape).powf(-shape));
    let runs = live("gm1", &[]);
    runs.agree("work.item.lead_time_mean_days", 1.0 / (1.0 - sigma));
    runs.agree("work.item.lead_time_p50_days", 2f64.ln() / (1.0 - sigma));

    // Weibull gaps of shape 2 and mean 1.5: the transform by the midpoint rule over the quantiles.
    let scale = 1.5 / (std::f64::consts::PI.sqrt() / 2.0);
    let transform = |s: f64| {
        let at = |n: u32| (f64::from(n) + 0.5) / 20_000.0;
        (0..20_000).map(|n| (-s * scale * (-at(n).ln()).sqrt()).exp()).sum::<f64>() / 20_000.0
    };
    let sigma = root(0.0, 0.999, |x| x - transform(1.0 - x));
    let runs = live(
        "gm1",
        &[
            "work.item.arrivals.gaps={ weibull = { mean = \"1.5 days\", shape = 2.0 } }",
            "horizon=\"40000 days\"",
        ],
    );
    runs.agree("work.item.lead_time_mean_days", 1.0 / (1.0 - sigma));
}

/// Batches of three: L = λ(E[X] + E[X²]) / (2μ(1−ρ)) (Gross & Harris 1998, 3.1); batches of geometric size
/// likewise.
#[test]
fn arrivals_in_batches() {
    let time = |mean: f64, second: f64, lambda: f64| {
        let rho = lambda * mean;
        lambda * (mean + second) / (2.0 * (1.0 - rho)) / (lambda * mean)
    };
    live("batches", &[]).agree_within("work.item.lead_time_mean_days", time(3.0, 9.0, 0.2), 0.01);
    let geometric =
        live("batches", &["work.item.items={ geometric = { mean = 3 } }", "horizon=\"34000 days\""]);
    geometric.agree_within("work.item.lead_time_mean_days", time(3.0, 15.0, 0.2), 0.01);
}

#[test]
fn everything_at_once_is_processor_sharing() {
    let time = 1.0 / (1.0 - 0.6);
    let distributions = [
        ("{ exponential = \"1 day\" }", 12_000),
        ("\"1 day\"", 12_000),
        // It varies more.
        (
            "{ mixture = [{ weight = 0.9, law = { exponential = \"0.5 days\" } }, { weight = 0.1, law = { exponential = \"5.5 days\" } }] }",
            46_000,
        ),
    ];
    for (distribution, days) in distributions {
        let set = [format!("stage.build.effort={distribution}"), format!("horizon=\"{days} days\"")];
        let runs = live("sharing", &set.each_ref().map(String::as_str));
        runs.agree_within("work.item.lead_time_mean_days", time, 0.01);
        runs.agree("team.dev.utilisation", 0.6);
    }
}

/// Mean number in a birth-death chain with constant births and these deaths per state 1, 2, ...
pub fn birth_death(births: impl Fn(usize) -> f64, deaths: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    for n in 1..2_000 {
        weights.push(weights[n - 1] * births(n - 1) / deaths(n));
    }
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

pub fn mean_state(chances: &[f64]) -> f64 {
    chances.iter().enumerate().map(|(n, chance)| n as f64 * chance).sum()
}

#[test]
fn switching_with_a_limit_is_a_birth_death_chain() {
    let efficiency = [1.0, 0.8, 0.6];
    let chances = birth_death(|_| 0.4, |n| efficiency[n.min(3) - 1]);
    let runs = live("weinberg", &[]);
    runs.agree_within("in_system", mean_state(&chances), 0.01);
    let on_desk: f64 = chances.iter().enumerate().map(|(n, chance)| n.min(3) as f64 * chance).sum();
    runs.agree_within("wip", on_desk, 0.01);
    runs.agree("team.dev.utilisation", 1.0 - chances[0]);
}

/// Cobham 1954: W_k = R / ((1 − σ_{k−1})(1 − σ_k)), R the mean residual work in service.
#[test]
fn urgent_work_goes_first_as_cobham_says() {
    let (first, second) = (0.3 * 0.8, 0.4 * 1.2);
    let residual = 0.3 * 0.8 * 0.8 + 0.4 * 1.2 * 1.2;
    let runs = live("priorities", &[]);
    runs.agree("work.urgent.backlog_mean_days", residual / (1.0 - first));
    let usual = residual / ((1.0 - first) * (1.0 - first - second));
    runs.agree_within("work.usual.backlog_mean_days", usual, 0.01);
}

/// Preemptive resume (Kleinrock 1976, 3.4): T_1 is an M/M/1 of its own, T_2 = (S_2(1−σ_2) + R) / ((1−σ_1)(1−σ_2)).
#[test]
fn urgent_work_takes_the_desk_and_gives_it_back() {
    let (first, second) = (0.3 * 0.8, 0.4 * 1.2);
    let residual = 0.3 * 0.8 * 0.8 + 0.4 * 1.2 * 1.2;
    let left = 1.0 - first - second;
    let runs = live("priorities", &["work.urgent.preempts=\"resume\""]);
    runs.agree("work.urgent.lead_time_mean_days", 0.8 + 0.3 * 0.8 * 0.8 / (1.0 - first));
    let usual = (1.2 * left + residual) / ((1.0 - first) * left);
    runs.agree_within("work.usual.lead_time_mean_days", usual, 0.01);
    // A wait is counted once a visit, up to the first touch.
    let usual_wait = residual / ((1.0 - first) * left);
    runs.agree_within("work.usual.backlog_mean_days", usual_wait, 0.01);
}

/// Three people and the same exponential work for all (Kella & Yechiali 1985): urgent work sees an M/M/3 of its
/// own, all work together the M/M/3 of both.
#[test]
fn urgent_work_takes_one_of_three_desks() {
    let set = [
        "team.dev.engineers=3",
        "work.urgent.preempts=\"resume\"",
        "work.urgent.effort.build.exponential=\"1 day\"",
        "stage.build.effort.exponential=\"1 day\"",
        "work.urgent.arrivals.poisson=\"1.2/day\"",
        "work.usual.arrivals.poisson=\"1.05/day\"",
        "horizon=\"8500 days\"",
    ];
    let runs = live("priorities", &set);
    let urgent = 1.0 + mmc_wait(3, 1.2, 1.0);
    let all = 1.0 + mmc_wait(3, 2.25, 1.0);
    runs.agree("work.urgent.lead_time_mean_days", urgent);
    runs.agree_within("work.usual.lead_time_mean_days", (2.25 * all - 1.2 * urgent) / 1.05, 0.01);
    let together = runs.column("in_system");
    agree("three desks, all work", &together, 2.25 * all, 0.01);
}

/// M/M/1+M (Palm 1957): in state n the chain dies at rate μ + (n−1)θ.
#[test]
fn impatient_work_gives_up_waiting() {
    let (lambda, theta) = (0.9, 1.0 / 3.0);
    let chances = birth_death(|_| lambda, |n| 1.0 + (n as f64 - 1.0) * theta);
    let waiting: f64 = (2..chances.len()).map(|n| (n - 1) as f64 * chances[n]).sum();
    let runs = live("impatience", &[]);
    runs.agree_within("in_system", mean_state(&chances), 0.01);
    let days = 6_000.0 - 500.0;
    let gave_up: Vec<f64> = runs.column("work.item.dropped").iter().map(|count| count / days).collect();
    agree("impatience gave up", &gave_up, theta * waiting, 0.01);
}

/// M/M/1+D (Barrer 1957): the virtual wait has density P0 λ e^(λ−μ)x up to D and P0 λ e^λD e^−μx beyond.
#[test]
fn work_of_fixed_patience_gives_up_waiting() {
    let (lambda, limit): (f64, f64) = (0.9, 2.0);
    let within = lambda * (1.0 - ((lambda - 1.0) * limit).exp()) / (1.0 - lambda);
    let beyond = lambda * ((lambda - 1.0) * limit).exp();
    let share = beyond / (1.0 + within + beyond);
    let runs = live("impatience", &["work.item.patience=\"2 days\""]);
    let (dropped, arrived) = (runs.column("work.item.dropped"), runs.column("work.item.arrived"));
    let shares: Vec<f64> = dropped.iter().zip(arrived).map(|(dropped, arrived)| dropped / arrived).collect();
    agree("fixed patience, share that gave up", &shares, share, 0.01);
}

/// M/M/1/4: three may wait.
#[test]
fn a_full_backlog_refuses_work() {
    let chances = birth_death(|n| if n < 4 { 0.9 } else { 0.0 }, |_| 1.0);
    let runs = live("refused", &[]);
    runs.agree("in_system", mean_state(&chances));
    let (dropped, arrived) = (runs.column("work.item.dropped"), runs.column("work.item.arrived"));
    let shares: Vec<f64> = dropped.iter().zip(arrived).map(|(dropped, arrived)| dropped / arrived).collect();
    agree("full backlog, share refused", &shares, chances[4], 0.01);
}

/// The shortest first, not preempted: a job of size x waits λE\[S²\]/2 / (1 − λm(x))², m(x) being the work of those
/// shorter (Phipps 1956). Sizes are known without a value model, too.
#[test]
fn the_shortest_first_waits_by_size() {
    let runs = live("shortest", &[]);
    let rate = 0.7;
    let shorter = |x: f64| 1.0 - (1.0 + x) * (-x).exp();
    let wait_of = |x: f64| rate / (1.0 - rate * shorter(x)).powi(2);
    let step = 1e-4;
    let wait: f64 =
        (0..400_000).map(|k| (f64::from(k) + 0.5) * step).map(|x| wait_of(x) * (-x).exp() * step).sum();
    runs.agree_within("stage.build.wait_mean_days", wait, 0.01);
}
