//! Made-up policies, and charts that compare them or follow them over time.

use orgsim::report::chart::*;

pub const SOURCE: &str =
    "orgsim 0.1.0 · scenario 9f3c2a · seed 42 · 400 simulated lives · simulation, not forecast";
pub const POLICIES: [&str; 7] = [
    "Status quo",
    "A quarter of capacity for system health",
    "30% for health, then 15% after two quarters",
    "Limit work in progress to 2 per person",
    "Drop the architecture board for reversible decisions",
    "Nudge reviewers after one working day",
    "Freeze changes every December and at each quarter’s end, including hot fixes",
];

/// A repeatable stand-in for noise, between −1 and 1.
pub fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

pub fn heading(title: &str, subtitle: &str) -> Heading {
    Heading { title: title.to_string(), subtitle: subtitle.to_string(), source: SOURCE.to_string() }
}

pub fn policy(index: usize) -> String {
    POLICIES.get(index).map_or(format!("Variant {index} of the health share"), |name| (*name).to_string())
}

pub fn difference(count: usize) -> Difference {
    let means = [14.2, 9.1, 1.0, 3.4, 0.2, -11.8];
    let verdicts =
        [Verdict::Better, Verdict::Better, Verdict::Same, Verdict::Unclear, Verdict::Same, Verdict::Worse];
    let row = |index: usize| {
        let mean = means.get(index).copied().unwrap_or(20.0 * noise(index));
        let half = if index == 3 { 8.0 } else { 3.0 + noise(index) };
        DifferenceRow {
            name: policy(index + 1),
            difference: Estimate::new(mean, mean - half, mean + half),
            verdict: verdicts[index % 6],
        }
    };
    Difference {
        heading: heading(
            "A quarter of capacity for system health raises value by 14 engineer-months of cost within two years; freezing changes costs 12",
            "Difference from the status quo in paired lives: mean and simultaneous 95% interval over 6 comparisons, 400 simulated lives each",
        ),
        x_label: "Difference in value from the status quo over two years, engineer-months of cost"
            .to_string(),
        unit: String::new(),
        direction: Direction::HigherIsBetter,
        smallest: 5.0,
        rows: (0..count).map(row).collect(),
    }
}

pub fn lever_numeric() -> LeverChart {
    let point = |index: usize| {
        let share = index as f64 * 5.0;
        let mean = 212.0 - (share - 24.0) * (share - 24.0) * 0.09 + noise(index) * 2.0;
        let mean = if index == 7 { f64::NAN } else { mean };
        LeverPoint {
            at: Position::Number(share),
            estimate: Estimate::new(mean, mean - 7.0, mean + 7.0),
            like_best: false,
        }
    };
    LeverChart {
        heading: heading(
            "Value peaks near a quarter of capacity for system health",
            "Mean value over two years with 95% intervals; 400 simulated lives per share",
        ),
        x_label: "Share of capacity for system health".to_string(),
        x_unit: "%".to_string(),
        y_label: "Value over two years, engineer-months of cost".to_string(),
        y_unit: String::new(),
        ordered: true,
        smallest: 0.0,
        points: (0..9).map(point).collect(),
        baseline: Some(1),
        best: Some(5),
    }
}

pub fn lever_names() -> LeverChart {
    let names = ["1", "2", "3", "5", "unlimited"];
    let means = [19.0, 14.1, 14.1, 18.2, 26.0];
    let point = |(name, mean): (&str, f64)| LeverPoint {
        at: name.parse().map_or(Position::Name(name.to_string()), Position::Number),
        estimate: Estimate::new(mean, mean - 1.4, mean + 1.6),
        like_best: false,
    };
    LeverChart {
        heading: heading(
            "Two or three items per person: tied, and nearly half of today’s lead time",
            "Mean lead time with 95% intervals; 400 simulated lives per limit",
        ),
        x_label: "Items in progress per person".to_string(),
        x_unit: String::new(),
        y_label: "Lead time, working days".to_string(),
        y_unit: "days".to_string(),
        ordered: true,
        smallest: 0.0,
        points: names.into_iter().zip(means).map(point).collect(),
        baseline: Some(4),
        best: Some(1),
    }
}

pub fn fan(count: usize, weeks: usize) -> Fan {
    let series = |index: usize| {
        let slope = 3.0 + 0.35 * noise(index * 7);
        let band = |week: usize| {
            let week_f = week as f64;
            let median = slope * week_f + 2.0 * noise(week + 1000 * index);
            let spread = 1.8 * week_f.sqrt() + 0.18 * week_f;
            [-1.6, -0.7, 0.0, 0.7, 1.6].map(|score| (median + score * spread).max(0.0))
        };
        FanSeries {
            name: policy(index),
            role: match index {
                0 => Role::Baseline,
                2 => Role::Emphasised,
                _ => Role::Other,
            },
            today: None,
            bands: (0..weeks).map(band).collect(),
        }
    };
    let mut series: Vec<FanSeries> = (0..count).map(series).collect();
    if count == 2 {
        series[1].role = Role::Emphasised;
        series[1].bands[9][2] = f64::NAN;
    }
    Fan {
        mark: None,
        signed: false,
        break_even: None,
        heading: heading(
            "Spending on health first and easing off later delivers a tenth more by the year’s end",
            "Items delivered so far. Lines: median life; bands (status quo and highlighted policy): middle 50% and 90% of 400 simulated lives",
        ),
        y_label: "Items delivered since the change".to_string(),
        unit: String::new(),
        x_label: if weeks > 100 { "Months after the change" } else { "Weeks after the change" }.to_string(),
        clock: match weeks as f64 {
            last if last > 100.0 => Clock::Months { last, month: 52.0 / 12.0 },
            last => Clock::Weeks { last },
        },
        from_zero: true,
        series,
    }
}

pub fn cumulative(count: usize) -> Fan {
    let series = |index: usize| {
        let point = |week: usize| {
            let time = week as f64;
            let mean =
                -0.45 * time * (1.0 + 0.2 * noise(index)) + (0.0075 - 0.002 * index as f64) * time * time;
            let half = 0.35 * time.sqrt() + 0.06 * time;
            Estimate::new(mean, mean - half, mean + half)
        };
        let role = if index == 0 { Role::Emphasised } else { Role::Other };
        FanSeries::of_differences(policy(index + 1), role, &(0..105).map(point).collect::<Vec<_>>())
    };
    Fan {
        mark: None,
        signed: true,
        from_zero: true,
        heading: heading(
            "A quarter for health costs value for a year and has paid it back after 16 months",
            "Value so far less that of the status quo in the same lives: mean, and 95% interval of the highlighted policy; 400 simulated lives",
        ),
        y_label: "Cumulative difference in value, engineer-months of cost".to_string(),
        unit: String::new(),
        x_label: "Months after the change".to_string(),
        clock: Clock::Months { last: 104.0, month: 52.0 / 12.0 },
        series: (0..count).map(series).collect(),
        break_even: Some(BreakEven { week: 67.0, label: "breaks even in month 16 (12 to 19)".to_string() }),
    }
}
