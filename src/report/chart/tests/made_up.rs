//! Made-up charts of every kind, with numbers and names that no careful caller would hand over.

use crate::chart::*;

pub const ODD: [f64; 12] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    1e300,
    -1e300,
    1e-300,
    -7.25,
    1e14,
    3.0,
    f64::MIN_POSITIVE,
];

/// Families of numbers as a careless caller may hand them over.
pub fn families() -> Vec<Vec<f64>> {
    let mut families = vec![vec![], vec![f64::NAN; 5], vec![4.2], vec![4.2; 40], vec![0.0; 3], ODD.to_vec()];
    families.push((0..40).map(|index| f64::from(index) - 20.0).collect());
    families.push(vec![1e-9, 2e-9, 3e-9]);
    families.push(vec![1e14, 1e14 + 1.0, -1e14]);
    families.push(ODD.iter().cycle().take(400).copied().collect());
    families
}

/// Names as people and attackers write them.
pub fn name(index: usize) -> String {
    let names = [
        "<script>alert('x')</script> & \"quotes\"",
        "",
        "\u{0}\u{1b}[31m\u{202E}backwards\u{FFFF}",
        "健康への投資を四半期ごとに増やす 🚀",
        "a name without any break that goes on and on".repeat(40).leak(),
        "]]> -- <!-- ' font-family=\"sans-serif\"",
    ];
    names[index % names.len()].replace(" that ", "_")
}

pub fn heading() -> Heading {
    Heading { title: name(0), subtitle: name(4), source: name(2) }
}

pub fn estimate(numbers: &[f64], index: usize) -> Estimate {
    let at = |offset: usize| numbers[(index + offset) % numbers.len()];
    Estimate::new(at(0), at(1), at(2))
}

pub fn estimates(numbers: &[f64]) -> Vec<Estimate> {
    (0..numbers.len()).map(|index| estimate(numbers, index)).collect()
}

pub fn role(index: usize) -> Role {
    [Role::Baseline, Role::Emphasised, Role::Other, Role::Background][index % 4]
}

pub fn difference(numbers: &[f64]) -> Difference {
    let verdicts = [Verdict::Better, Verdict::Worse, Verdict::Same, Verdict::Unclear];
    let row =
        |(index, difference)| DifferenceRow { name: name(index), difference, verdict: verdicts[index % 4] };
    Difference {
        heading: heading(),
        x_label: name(4),
        unit: name(0),
        direction: Direction::LowerIsBetter,
        smallest: numbers.first().copied().unwrap_or(f64::NAN),
        rows: estimates(numbers).into_iter().enumerate().map(row).collect(),
    }
}

pub fn lever(numbers: &[f64], named: bool) -> LeverChart {
    let point = |(index, estimate): (usize, Estimate)| LeverPoint {
        at: if named && index % 2 == 1 {
            Position::Name(name(index))
        } else {
            Position::Number(numbers[index])
        },
        estimate,
        like_best: index % 3 == 0,
    };
    LeverChart {
        heading: heading(),
        x_label: name(0),
        x_unit: "%".to_string(),
        y_label: name(4),
        y_unit: String::new(),
        ordered: true,
        smallest: numbers.last().copied().unwrap_or(1.0),
        points: estimates(numbers).into_iter().enumerate().map(point).collect(),
        baseline: Some(0),
        best: Some(numbers.len() / 2),
    }
}

pub fn fan(numbers: &[f64]) -> Fan {
    let band = |index: usize| [0, 1, 2, 3, 4].map(|offset| numbers[(index + offset) % numbers.len()]);
    let series = |index: usize| FanSeries {
        name: name(index),
        role: role(index),
        today: None,
        bands: (0..numbers.len().saturating_sub(index)).map(band).collect(),
    };
    Fan {
        mark: None,
        signed: false,
        break_even: None,
        heading: heading(),
        y_label: name(0),
        unit: String::new(),
        x_label: name(4),
        clock: Clock::Months { last: 105.0, month: 52.0 / 12.0 },
        from_zero: false,
        series: (0..numbers.len().min(40)).map(series).collect(),
    }
}

pub fn cumulative(numbers: &[f64]) -> Fan {
    let series = |index: usize| FanSeries::of_differences(name(index), role(index), &estimates(numbers));
    Fan {
        mark: None,
        signed: true,
        from_zero: true,
        heading: heading(),
        y_label: name(0),
        unit: "%".to_string(),
        x_label: name(4),
        clock: Clock::Weeks { last: 52.0 },
        series: (0..numbers.len().min(40)).map(series).collect(),
        break_even: Some(BreakEven { week: numbers.first().copied().unwrap_or(f64::NAN), label: name(4) }),
    }
}

pub fn causes(numbers: &[f64]) -> Causes {
    let bar = |index: usize| CauseBar {
        name: name(index),
        parts: numbers.iter().cycle().skip(index).take(17).copied().collect(),
    };
    Causes {
        heading: heading(),
        x_label: name(0),
        unit: "days".to_string(),
        causes: (0..20).map(name).collect(),
        bars: (0..numbers.len()).map(bar).collect(),
    }
}

pub fn waterfall(numbers: &[f64]) -> Waterfall {
    let step = |(index, change): (usize, &f64)| WaterfallStep { name: name(index), change: *change };
    Waterfall {
        heading: heading(),
        y_label: name(4),
        unit: "days".to_string(),
        direction: Direction::HigherIsBetter,
        from: (name(0), numbers.last().copied().unwrap_or(0.0)),
        steps: numbers.iter().enumerate().map(step).collect(),
        to: (name(3), numbers.first().copied().unwrap_or(0.0)),
    }
}

pub fn flow(numbers: &[f64]) -> Flow {
    let layer =
        |index: usize| FlowLayer { name: name(index), counts: numbers.iter().skip(index).copied().collect() };
    Flow {
        heading: heading(),
        y_label: name(0),
        x_label: name(4),
        clock: Clock::Weeks { last: 52.0 },
        layers: (0..numbers.len().min(40)).map(layer).collect(),
    }
}

pub fn heat(numbers: &[f64], shading: Shading) -> Heat {
    Heat {
        heading: heading(),
        x_label: name(0),
        columns: (0..numbers.len() / 2).map(name).collect(),
        y_label: name(4),
        rows: (0..numbers.len()).map(name).collect(),
        z_label: name(4),
        unit: name(4),
        cells: (0..numbers.len() / 2).map(|row| numbers[row..].to_vec()).collect(),
        shading,
        best: Some((numbers.len(), 0)),
    }
}

/// Every chart there is, drawn from one family of numbers.
const WORDS: [Verdict; 4] = [Verdict::Better, Verdict::Worse, Verdict::Same, Verdict::Unclear];

pub fn spread(numbers: &[f64]) -> Spread {
    let row = |index: usize| SpreadRow {
        name: name(index),
        count: name(index + 3),
        dots: numbers.iter().enumerate().map(|(at, number)| (*number, WORDS[at % 4])).collect(),
    };
    Spread {
        heading: heading(),
        x_label: name(4),
        unit: "%".to_string(),
        smallest: numbers.first().copied().unwrap_or(f64::NAN),
        rows: (0..numbers.len().min(12)).map(row).collect(),
    }
}

pub fn ranking(numbers: &[f64], second: bool) -> Ranking {
    let bar = |(index, strength): (usize, Estimate)| RankingBar {
        name: name(index),
        strength: if second { strength } else { Estimate::new(strength.mean, f64::NAN, f64::NAN) },
        second: if second {
            estimate(numbers, index + 1)
        } else {
            Estimate::new(f64::NAN, f64::NAN, f64::NAN)
        },
    };
    Ranking {
        heading: heading(),
        x_label: name(4),
        note: name(0),
        chance: numbers.last().copied().unwrap_or(f64::NAN),
        bars: estimates(numbers).into_iter().enumerate().map(bar).collect(),
    }
}

pub fn border(numbers: &[f64]) -> Border {
    let axis = |from: usize| BorderAxis {
        label: name(from),
        ticks: numbers.iter().enumerate().map(|(at, number)| (number / 10.0, name(at + from))).collect(),
    };
    let point = |(at, pair): (usize, &[f64])| (pair[0] / 10.0, pair[1] / 10.0, WORDS[at % 4]);
    Border {
        heading: heading(),
        x: axis(0),
        y: axis(4),
        points: numbers.windows(2).enumerate().map(point).collect(),
    }
}

pub fn frontier(numbers: &[f64]) -> Frontier {
    let point = |(index, gain): (usize, Estimate)| FrontierPoint {
        name: name(index),
        cost: numbers[(index * 3 + 1) % numbers.len()],
        gain,
        role: role(index),
    };
    Frontier {
        heading: heading(),
        x_label: name(4),
        y_label: name(0),
        unit: "%".to_string(),
        budget: numbers.last().copied().unwrap_or(f64::NAN),
        tried: numbers.windows(2).map(|pair| (pair[0], pair[1])).collect(),
        points: estimates(numbers).into_iter().enumerate().map(point).collect(),
    }
}

fn guides(numbers: &[f64]) -> Vec<Guide> {
    let guide = |value: &f64| Guide {
        name: "85 %".to_owned(),
        detail: format!("{value} days"),
        value: *value,
        days: None,
        is_strong: true,
    };
    numbers.iter().take(3).map(guide).collect()
}

fn timeline(numbers: &[f64], is_stacked: bool) -> Timeline {
    let points: Vec<(f64, f64)> =
        (0..).map(|at| 19_000.0 + 7.0 * f64::from(at)).zip(numbers.iter().copied()).collect();
    let last = points.last().map_or(19_000.0, |point| point.0);
    let marks = if is_stacked {
        let layer = |name: &str| Mark::Layer { name: name.to_owned(), points: points.clone() };
        vec![layer("delivered"), layer("in progress"), layer("not begun")]
    } else {
        let bars = points.iter().map(|point| (point.0, point.0 + 7.0, point.1)).collect();
        let line = Mark::Line { name: "delivered".to_owned(), points: points.clone() };
        vec![Mark::Bars(bars), line, Mark::Dots(points)]
    };
    let (days, most) = ((19_000.0, last + 7.0), 20.0);
    let guides = if is_stacked { Vec::new() } else { guides(numbers) };
    Timeline {
        heading: heading(),
        y_label: "Items".to_owned(),
        note: "a note".to_owned(),
        days,
        most,
        marks,
        guides,
    }
}

fn columns(numbers: &[f64]) -> Columns {
    let dot = |value: &f64| Dot { value: *value, name: "SHOP-123".to_owned(), is_late: *value > 3.0 };
    let column = |name: &str| Column {
        name: name.to_owned(),
        dots: numbers.iter().map(dot).collect(),
        level: numbers.first().copied().unwrap_or(f64::NAN),
    };
    let columns = ["In Progress", "Waiting for Review", "In Review"].map(column).to_vec();
    let (y_label, note) = ("Age in days".to_owned(), String::new());
    Columns { heading: heading(), y_label, note, columns, guides: guides(numbers) }
}

pub fn every_chart(numbers: &[f64]) -> Vec<(&'static str, Svg)> {
    let drawn = [
        ("difference", difference(numbers).draw()),
        ("lever", lever(numbers, false).draw()),
        ("named lever", lever(numbers, true).draw()),
        ("fan", fan(numbers).draw()),
        ("cumulative", cumulative(numbers).draw()),
        ("causes", causes(numbers).draw()),
        ("waterfall", waterfall(numbers).draw()),
        ("flow", flow(numbers).draw()),
        ("heat", heat(numbers, Shading::Sequential).draw()),
        ("differences", heat(numbers, Shading::Diverging(Direction::LowerIsBetter)).draw()),
        ("spread", spread(numbers).draw()),
        ("ranking", ranking(numbers, false).draw()),
        ("rankings", ranking(numbers, true).draw()),
        ("border", border(numbers).draw()),
        ("frontier", frontier(numbers).draw()),
        ("timeline", timeline(numbers, false).draw()),
        ("layers", timeline(numbers, true).draw()),
        ("columns", columns(numbers).draw()),
    ];
    drawn
        .into_iter()
        .map(|(kind, drawn)| (kind, drawn.unwrap_or_else(|error| panic!("{kind}: {error}"))))
        .collect()
}
