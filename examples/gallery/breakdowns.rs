//! Made-up charts that break a result down by cause, state, parameter or assumption.

use crate::made_up::*;
use orgsim::report::chart::*;

pub fn causes(policies: usize, count: usize) -> Causes {
    let names = [
        "hands-on work",
        "waiting to start",
        "waiting for review",
        "waiting for approval",
        "rework",
        "interrupted by incidents",
        "waiting for release",
    ];
    let days = [4.1, 6.8, 3.2, 5.5, 1.6, 0.9, 2.4];
    let bar = |index: usize| CauseBar {
        name: policy(index),
        parts: (0..count)
            .map(|cause| days[cause % 7] * (1.0 + 0.4 * noise(index * 31 + cause)) / (1 + cause / 7) as f64)
            .collect(),
    };
    Causes {
        heading: heading(
            "Most of the lead time is waiting: hands-on work is four days of twenty-four",
            "Mean lead time of finished items by what the time was spent on; accounting, not causation",
        ),
        x_label: "Mean lead time, working days".to_string(),
        unit: "days".to_string(),
        causes: (0..count)
            .map(|cause| if cause < 7 { names[cause].to_string() } else { format!("cause {cause}") })
            .collect(),
        bars: (0..policies).map(bar).collect(),
    }
}

pub fn waterfall(from: f64) -> Waterfall {
    let steps = [
        ("hands-on work", 0.1),
        ("waiting to start", -1.9),
        ("waiting for review", -0.8),
        ("waiting for approval", -2.9),
        ("rework and repeated testing", 0.6),
        ("interrupted by incidents", -0.2),
        ("waiting for release", 0.4),
    ];
    let sum: f64 = steps.iter().map(|step| step.1).sum();
    Waterfall {
        heading: heading(
            "Without the board for reversible decisions, time waiting for approvals falls by 2.9 days",
            "Mean lead time in working days, from the status quo to the policy, split by where the time went; 400 simulated lives",
        ),
        y_label: "Mean lead time, working days".to_string(),
        unit: "days".to_string(),
        direction: Direction::LowerIsBetter,
        from: (policy(0), from),
        steps: steps
            .iter()
            .map(|(name, change)| WaterfallStep { name: (*name).to_string(), change: *change })
            .collect(),
        to: (policy(4), from + sum - 0.3),
    }
}

pub fn flow() -> Flow {
    let layer = |name: &str, count: &dyn Fn(f64) -> f64| FlowLayer {
        name: name.to_string(),
        counts: (0..53).map(|week| count(f64::from(week)).round()).collect(),
    };
    Flow {
        heading: heading(
            "Work piles up before the board: by week 52 it waits longer for approval than it takes to build",
            "Items by state in the median simulated life under the status quo",
        ),
        y_label: "Items".to_string(),
        x_label: "Weeks after the change".to_string(),
        clock: Clock::Weeks { last: 52.0 },
        layers: vec![
            layer("done", &|week| 2.1 * week + noise(week as usize)),
            layer("waiting for release", &|week| 4.0 + 3.0 * libm::sin(week * 1.57).abs()),
            layer("waiting for approval", &|week| 3.0 + 0.45 * week),
            layer("in progress", &|week| 22.0 + 3.0 * noise(week as usize + 7)),
            layer("waiting to start", &|week| 12.0 + 0.2 * week),
        ],
    }
}

/// Thin layers, which need their labels moved apart.
pub fn flow_odd() -> Flow {
    let mut chart = flow();
    for (index, layer) in chart.layers.iter_mut().enumerate().skip(1) {
        layer.counts = (0..53).map(|week| f64::from(week % 5) * 0.6 + index as f64).collect();
    }
    chart
}

/// Names as nobody should write them, and no title.
pub fn hostile() -> Difference {
    let mut chart = difference(5);
    let names = [
        "<script>alert(1)</script> & co",
        "",
        "健康 🚀 four",
        "Pneumonoultramicroscopicsilicovolcanoconiosis-prevention-programme",
        "=1+1",
    ];
    for (row, name) in chart.rows.iter_mut().zip(names) {
        row.name = name.to_string();
    }
    chart.rows[1].difference = Estimate::new(f64::NAN, f64::NAN, f64::NAN);
    chart.rows[2].difference = Estimate::new(4.0, f64::NEG_INFINITY, f64::NAN);
    chart.heading = Heading::default();
    chart.unit = "%".to_string();
    chart.direction = Direction::LowerIsBetter;
    chart
}

pub fn sweep() -> LeverChart {
    let point = |index: usize| {
        let x = index as f64 * 2.5;
        let mean = 208.0 - (x - 22.0) * (x - 22.0) * 0.08 + noise(index * 3);
        LeverPoint {
            at: Position::Number(x),
            estimate: Estimate::new(mean, mean - 6.0, mean + 6.0),
            like_best: (15.0..=30.0).contains(&x),
        }
    };
    LeverChart {
        heading: heading(
            "Anything from 15% to 30% does about equally well",
            "Mean value over two years, with 95% intervals; 400 simulated lives per point",
        ),
        x_label: "Share of capacity for system health".to_string(),
        x_unit: "%".to_string(),
        y_label: "Value over two years, engineer-months of cost".to_string(),
        y_unit: String::new(),
        ordered: true,
        smallest: 10.0,
        baseline: None,
        points: (0..17).map(point).collect(),
        best: Some(9),
    }
}

pub fn heat(columns: usize, rows: usize, shading: Shading) -> Heat {
    let value = |row: usize, column: usize| {
        let (x, y) = (column as f64 / columns as f64 - 0.55, row as f64 / rows as f64 - 0.4);
        let base = 18.0 - 90.0 * (x * x + 0.7 * y * y) + noise(row * 97 + column);
        if row == 1 && column == 7 { f64::NAN } else { base }
    };
    Heat {
        heading: heading(
            "Health share and limit on work in progress support each other",
            "Mean difference in value from the status quo, 200 simulated lives per cell; outlined: best cell",
        ),
        x_label: "Share of capacity for system health".to_string(),
        columns: (0..columns).map(|column| format!("{}%", column * 5)).collect(),
        y_label: "Items in progress per person".to_string(),
        rows: (0..rows)
            .map(|row| if row + 1 == rows { "unlimited".to_string() } else { (row + 1).to_string() })
            .collect(),
        z_label: "Difference in value, engineer-months of cost".to_string(),
        unit: String::new(),
        cells: (0..rows).map(|row| (0..columns).map(|column| value(row, column)).collect()).collect(),
        shading,
        best: Some((rows * 2 / 5, columns * 5 / 9)),
    }
}
