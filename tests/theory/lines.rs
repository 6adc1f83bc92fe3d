//! Several stages: Jackson networks, Burke's theorem, closed lines and blocking.

use super::support::{agree, estimate, live};

/// Visits: v_analyse = λ + 0.2 v_check, v_build = v_analyse + 0.1 v_build, v_check = 0.9 v_build. Stations are
/// independent M/M/1 and M/M/2 queues at these rates (Jackson 1957).
#[test]
fn a_network_with_rework_is_jacksons() {
    let runs = live("jackson", &[]);
    let analyse: f64 = 0.5 / 0.8;
    let build = analyse / 0.9;
    let days = 17_000.0 - 1_000.0;
    runs.agree("work.item.throughput_per_day", 0.5);
    let single = |rho: f64| rho / (1.0 - rho);
    let check = 2.0 * (super::queues::mmc_wait(2, analyse, 0.5) + 2.0) * analyse / 2.0;
    for (stage, rate, number) in [
        ("analyse", analyse, single(analyse)),
        ("build", build, single(build * 0.8)),
        ("check", analyse, check),
    ] {
        let (visits, stay) = (format!("stage.{stage}.visits"), format!("stage.{stage}.stay_mean_days"));
        let rates: Vec<f64> = runs.column(&visits).iter().map(|visits| visits / days).collect();
        agree(&format!("jackson visits to {stage} a day"), &rates, rate, 0.005);
        agree(&format!("jackson number at {stage}"), &runs.product(&visits, &stay, 1.0 / days), number, 0.01);
    }
}

/// Burke 1956: the second station is an M/M/1 by itself, and the departures of the first are Poisson: counts of
/// successive weeks have a variance equal to their mean and are not correlated.
#[test]
fn what_leaves_an_mm1_is_poisson() {
    let runs = live("burke", &[]);
    runs.agree_within("stage.test.wait_mean_days", 0.72 * 1.2 / (1.0 - 0.72), 0.01);
    runs.agree_within("stage.build.wait_mean_days", 0.6 / 0.4, 0.01);

    let runs = live("mm1", &["horizon=\"11000 days\"", "work.item.arrivals.poisson=\"0.6/day\""]);
    let weekly = |outcome: &orgsim::observation::outcome::Outcome| -> Vec<f64> {
        {
            // The series counts from the beginning of the window.
            outcome.weeks.windows(2).map(|pair| f64::from(pair[1][7] - pair[0][7])).collect()
        }
    };
    let (mut dispersion, mut lagged) = (Vec::new(), Vec::new());
    for counts in runs.outcomes.iter().map(weekly) {
        let (mean, error) = estimate(&counts);
        let variance = error * error * counts.len() as f64;
        dispersion.push(variance / mean);
        let pairs = counts.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean));
        lagged.push(1.0 + pairs.sum::<f64>() / counts.len() as f64 / variance);
    }
    agree("departures a week, variance over mean", &dispersion, 1.0, 0.01);
    agree("departures a week, one plus correlation", &lagged, 1.0, 0.01);
}

/// Throughput and mean number at the first station, by exact mean value analysis of a closed line of single servers (Reiser & Lavenberg 1980).
fn closed(services: &[f64], items: u32) -> (f64, f64) {
    let mut queues = vec![0.0; services.len()];
    let mut rate = 0.0;
    for n in 1..=items {
        let times: Vec<f64> =
            services.iter().zip(&queues).map(|(service, queue)| service * (1.0 + queue)).collect();
        rate = f64::from(n) / times.iter().sum::<f64>();
        queues = times.iter().map(|time| rate * time).collect();
    }
    (rate, queues[0])
}

#[test]
fn a_limited_line_follows_mean_value_analysis() {
    for (file, services) in [("conwip", &[0.7, 1.0, 0.5][..]), ("conwip2", &[1.0, 0.8])] {
        for items in [1, 2, 6] {
            let (rate, first) = closed(services, items);
            // Whatever waits at the first station has not been pulled: it is room in the line.
            let begun = f64::from(items) - (first - rate * services[0]);
            let runs = live(file, &[&format!("limit.line.items={items}")]);
            runs.agree("work.item.throughput_per_day", rate);
            runs.agree("work.item.cycle_time_mean_days", begun / rate);
            runs.agree("wip", begun);
        }
    }
}

/// A limit of the team's own items closes the line in the same way, where one team owns all.
#[test]
fn a_limit_per_team_closes_the_line_of_its_machines() {
    let set = [
        "team.a.wip.team=3",
        "team.a.wip.active=\"unlimited\"",
        "stage.test.machine={ run = { exponential = \"0.8 days\" }, runners = 1 }",
        "limit.line.items=100",
    ];
    let runs = live("closed", &set);
    runs.agree("work.item.throughput_per_day", closed(&[1.0, 0.8], 3).0);
}

/// Two stations, work without end, blocking after service: what the first has finished and the second has not
/// is at most slots + 1, a birth-death chain (Hunt 1956; Altiok 1997, 4.2).
#[test]
fn a_full_stage_blocks_the_one_before() {
    for slots in [1, 2, 4] {
        let ratio: f64 = 0.8;
        let sum: f64 = (0..=slots + 1).map(|n| ratio.powi(n)).sum();
        let runs = live("blocking", &[&format!("stage.build.slots={slots}")]);
        runs.agree("work.item.throughput_per_day", (1.0 - 1.0 / sum) / 0.8);
    }
}
