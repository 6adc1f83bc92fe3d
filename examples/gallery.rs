//! Draws every chart with made-up numbers, odd ones included, so that changes of layout can be looked at.
//!
//! Run with `cargo run --release --example gallery FOLDER`.

use orgsim::report::chart::*;
use orgsim::report::files::OutputFolder;
use std::error::Error;

const SOURCE: &str =
    "orgsim 0.1.0 · scenario 9f3c2a · seed 42 · 400 simulated lives · simulation, not forecast";
const POLICIES: [&str; 7] = [
    "Status quo",
    "A quarter of capacity for system health",
    "30% for health, then 15% after two quarters",
    "Limit work in progress to 2 per person",
    "Drop the architecture board for reversible decisions",
    "Nudge reviewers after one working day",
    "Freeze changes every December and at each quarter’s end, including hot fixes",
];

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "output/gallery".to_string());
    let folder = OutputFolder::create(path)?;
    let slides: Vec<(&str, Result<Svg, ChartError>)> = vec![
        ("difference", difference(6).draw()),
        ("difference one", difference(1).draw()),
        ("difference none", difference(0).draw()),
        ("difference many", difference(40).draw()),
        ("lever", lever_numeric().draw()),
        ("lever names", lever_names().draw()),
        ("fan", fan(7, 53).draw()),
        ("fan two", fan(2, 27).draw()),
        ("fan many", fan(40, 105).draw()),
        ("cumulative", cumulative(6).draw()),
        ("cumulative one", cumulative(1).draw()),
        ("causes", causes(7, 7).draw()),
        ("causes many", causes(20, 14).draw()),
        ("waterfall", waterfall(24.0).draw()),
        ("waterfall high", waterfall(90.0).draw()),
        ("flow", flow().draw()),
        ("flow odd", flow_odd().draw()),
        ("sweep", sweep().draw()),
        ("difference hostile", hostile().draw()),
        ("heat", heat(9, 6, Shading::Sequential).draw()),
        (
            "heat difference",
            heat(9, 6, Shading::Diverging(Direction::HigherIsBetter)).draw(),
        ),
        ("heat large", heat(60, 45, Shading::Sequential).draw()),
        ("tornado", tornado(9).draw()),
        ("tornado many", tornado(30).draw()),
    ];
    for (name, slide) in slides {
        let paths = slide?.save(&folder, name)?;
        println!("{}", paths[1].display());
    }
    Ok(())
}

/// A repeatable stand-in for noise, between −1 and 1.
fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

fn heading(title: &str, subtitle: &str) -> Heading {
    Heading {
        title: title.to_string(),
        subtitle: subtitle.to_string(),
        source: SOURCE.to_string(),
    }
}

fn policy(index: usize) -> String {
    POLICIES
        .get(index)
        .map_or(format!("Variant {index} of the health share"), |name| {
            (*name).to_string()
        })
}

fn difference(count: usize) -> Difference {
    let means = [14.2, 9.1, 1.0, 3.4, 0.2, -11.8];
    let verdicts = [
        Verdict::Better,
        Verdict::Better,
        Verdict::Same,
        Verdict::Unclear,
        Verdict::Same,
        Verdict::Worse,
    ];
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
            "A quarter of capacity for system health adds 14 engineer-months of value within two years; freezing changes costs 12",
            "Difference from the status quo in paired lives: mean and simultaneous 95% interval over 6 comparisons, 400 simulated lives each",
        ),
        x_label: "Difference in value from the status quo over two years, engineer-months"
            .to_string(),
        unit: String::new(),
        direction: Direction::HigherIsBetter,
        smallest: 5.0,
        rows: (0..count).map(row).collect(),
    }
}

fn lever_numeric() -> Lever {
    let point = |index: usize| {
        let share = index as f64 * 5.0;
        let mean = 212.0 - (share - 24.0) * (share - 24.0) * 0.09 + noise(index) * 2.0;
        let mean = if index == 7 { f64::NAN } else { mean };
        LeverPoint {
            at: Position::Number(share),
            estimate: Estimate::new(mean, mean - 7.0, mean + 7.0),
        }
    };
    Lever {
        heading: heading(
            "Value peaks near a quarter of capacity for system health",
            "Mean value over two years with 95% intervals; 400 simulated lives per share",
        ),
        x_label: "Share of capacity for system health".to_string(),
        x_unit: "%".to_string(),
        y_label: "Value over two years, engineer-months".to_string(),
        y_unit: String::new(),
        ordered: true,
        points: (0..9).map(point).collect(),
        baseline: Some(1),
        best: Some(5),
    }
}

fn lever_names() -> Lever {
    let names = ["1", "2", "3", "5", "unlimited"];
    let means = [19.0, 14.1, 14.1, 18.2, 26.0];
    let point = |(name, mean): (&str, f64)| LeverPoint {
        at: name
            .parse()
            .map_or(Position::Name(name.to_string()), Position::Number),
        estimate: Estimate::new(mean, mean - 1.4, mean + 1.6),
    };
    Lever {
        heading: heading(
            "Two or three items per person: tied, and nearly half of today’s lead time",
            "Mean lead time with 95% intervals; 400 simulated lives per limit",
        ),
        x_label: "Items in progress per person".to_string(),
        x_unit: String::new(),
        y_label: "Lead time, working days".to_string(),
        y_unit: "days".to_string(),
        ordered: true,
        points: names.into_iter().zip(means).map(point).collect(),
        baseline: Some(4),
        best: Some(1),
    }
}

fn fan(count: usize, weeks: usize) -> Fan {
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
            bands: (0..weeks).map(band).collect(),
        }
    };
    let mut series: Vec<FanSeries> = (0..count).map(series).collect();
    if count == 2 {
        series[1].role = Role::Emphasised;
        series[1].bands[9][2] = f64::NAN;
    }
    Fan {
        heading: heading(
            "Spending on health first and easing off later delivers a tenth more by the year’s end",
            "Items delivered so far. Lines: median life; bands (status quo and highlighted policy): middle 50% and 90% of 400 simulated lives",
        ),
        y_label: "Items delivered since the change".to_string(),
        unit: String::new(),
        x_label: if weeks > 100 {
            "Months after the change"
        } else {
            "Weeks after the change"
        }
        .to_string(),
        clock: if weeks > 100 {
            Clock::Months
        } else {
            Clock::Weeks
        },
        from_zero: true,
        series,
    }
}

fn cumulative(count: usize) -> Cumulative {
    let series = |index: usize| {
        let point = |week: usize| {
            let time = week as f64;
            let mean = -0.45 * time * (1.0 + 0.2 * noise(index))
                + (0.0075 - 0.002 * index as f64) * time * time;
            let half = 0.35 * time.sqrt() + 0.06 * time;
            Estimate::new(mean, mean - half, mean + half)
        };
        CumulativeSeries {
            name: policy(index + 1),
            role: if index == 0 {
                Role::Emphasised
            } else {
                Role::Other
            },
            points: (0..105).map(point).collect(),
        }
    };
    Cumulative {
        heading: heading(
            "A quarter for health costs value for a year and has paid it back after 16 months",
            "Value so far less that of the status quo in the same lives: mean, and 95% interval of the highlighted policy; 400 simulated lives",
        ),
        y_label: "Cumulative difference in value, engineer-months".to_string(),
        unit: String::new(),
        x_label: "Months after the change".to_string(),
        clock: Clock::Months,
        series: (0..count).map(series).collect(),
        break_even: Some(BreakEven {
            week: 67.0,
            label: "breaks even in month 16 (12 to 19)".to_string(),
        }),
    }
}

fn causes(policies: usize, count: usize) -> Causes {
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
            .map(|cause| {
                days[cause % 7] * (1.0 + 0.4 * noise(index * 31 + cause)) / (1 + cause / 7) as f64
            })
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
            .map(|cause| {
                if cause < 7 {
                    names[cause].to_string()
                } else {
                    format!("cause {cause}")
                }
            })
            .collect(),
        bars: (0..policies).map(bar).collect(),
    }
}

fn waterfall(from: f64) -> Waterfall {
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
            .map(|(name, change)| WaterfallStep {
                name: (*name).to_string(),
                change: *change,
            })
            .collect(),
        to: (policy(4), from + sum - 0.3),
    }
}

fn flow() -> Flow {
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
        clock: Clock::Weeks,
        layers: vec![
            layer("done", &|week| 2.1 * week + noise(week as usize)),
            layer("waiting for release", &|week| {
                4.0 + 3.0 * (week * 1.57).sin().abs()
            }),
            layer("waiting for approval", &|week| 3.0 + 0.45 * week),
            layer("in progress", &|week| 22.0 + 3.0 * noise(week as usize + 7)),
            layer("waiting to start", &|week| 12.0 + 0.2 * week),
        ],
    }
}

/// Thin layers, which need their labels moved apart.
fn flow_odd() -> Flow {
    let mut chart = flow();
    for (index, layer) in chart.layers.iter_mut().enumerate().skip(1) {
        layer.counts = (0..53)
            .map(|week| f64::from(week % 5) * 0.6 + index as f64)
            .collect();
    }
    chart
}

/// Names as nobody should write them, and no title.
fn hostile() -> Difference {
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

fn sweep() -> Sweep {
    let point = |index: usize| {
        let x = index as f64 * 2.5;
        let mean = 208.0 - (x - 22.0) * (x - 22.0) * 0.08 + noise(index * 3);
        SweepPoint {
            x,
            estimate: Estimate::new(mean, mean - 6.0, mean + 6.0),
            like_best: (15.0..=30.0).contains(&x),
        }
    };
    Sweep {
        heading: heading(
            "Anything from 15% to 30% does about equally well",
            "Mean value over two years, with 95% intervals; 400 simulated lives per point",
        ),
        x_label: "Share of capacity for system health".to_string(),
        x_unit: "%".to_string(),
        y_label: "Value over two years, engineer-months".to_string(),
        y_unit: String::new(),
        smallest: 10.0,
        points: (0..17).map(point).collect(),
        best: Some(9),
    }
}

fn heat(columns: usize, rows: usize, shading: Shading) -> Heat {
    let value = |row: usize, column: usize| {
        let (x, y) = (
            column as f64 / columns as f64 - 0.55,
            row as f64 / rows as f64 - 0.4,
        );
        let base = 18.0 - 90.0 * (x * x + 0.7 * y * y) + noise(row * 97 + column);
        if row == 1 && column == 7 {
            f64::NAN
        } else {
            base
        }
    };
    Heat {
        heading: heading(
            "Health share and limit on work in progress support each other",
            "Mean difference in value from the status quo, 200 simulated lives per cell; outlined: best cell",
        ),
        x_label: "Share of capacity for system health".to_string(),
        columns: (0..columns)
            .map(|column| format!("{}%", column * 5))
            .collect(),
        y_label: "Items in progress per person".to_string(),
        rows: (0..rows)
            .map(|row| {
                if row + 1 == rows {
                    "unlimited".to_string()
                } else {
                    (row + 1).to_string()
                }
            })
            .collect(),
        z_label: "Difference in value, engineer-months".to_string(),
        unit: String::new(),
        cells: (0..rows)
            .map(|row| (0..columns).map(|column| value(row, column)).collect())
            .collect(),
        shading,
        best: Some((rows * 2 / 5, columns * 5 / 9)),
    }
}

fn tornado(count: usize) -> Tornado {
    let names = [
        "Interest on debt",
        "Demand against capacity",
        "Share of failed deployments",
        "Cost of switching between tasks",
        "Time until a reviewer looks, counting only working hours of that reviewer",
        "Effort of an item",
        "Days between boards",
        "Time to learn the code base",
        "Share of decisions that can be undone",
    ];
    let bar = |index: usize| {
        let reach = 12.0 / (1.0 + index as f64);
        let turned = if index % 3 == 1 { -1.0 } else { 1.0 };
        TornadoBar {
            name: names
                .get(index)
                .map_or(format!("Assumption {index}"), |name| (*name).to_string()),
            low: TornadoEnd {
                setting: "0.6".to_string(),
                value: 14.2 - turned * reach,
            },
            high: TornadoEnd {
                setting: "4.0".to_string(),
                value: 14.2 + turned * reach * (0.7 + 0.4 * noise(index)),
            },
        }
    };
    Tornado {
        heading: heading(
            "The gain from a quarter for health hangs mostly on how fast debt slows work down",
            "Difference in value with one assumption at a time moved to the ends of its plausible range",
        ),
        x_label: "Difference in value from the status quo, engineer-months".to_string(),
        unit: String::new(),
        centre: 14.2,
        bars: (0..count).rev().map(bar).collect(),
    }
}
