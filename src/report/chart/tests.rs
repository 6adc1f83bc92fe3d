//! Tests of all charts: odd data never panics, text is never trusted, pictures have the right size.

use super::*;
use crate::report::files::OutputFolder;
use resvg::usvg::roxmltree::Document;

const ODD: [f64; 12] = [
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
fn families() -> Vec<Vec<f64>> {
    let mut families = vec![
        vec![],
        vec![f64::NAN; 5],
        vec![4.2],
        vec![4.2; 40],
        vec![0.0; 3],
        ODD.to_vec(),
    ];
    families.push((0..40).map(|index| f64::from(index) - 20.0).collect());
    families.push(vec![1e-9, 2e-9, 3e-9]);
    families.push(vec![1e14, 1e14 + 1.0, -1e14]);
    families.push(ODD.iter().cycle().take(400).copied().collect());
    families
}

/// Names as people and attackers write them.
fn name(index: usize) -> String {
    let names = [
        "<script>alert('x')</script> & \"quotes\"",
        "",
        "\u{0}\u{1b}[31m\u{202E}backwards\u{FFFF}",
        "健康への投資を四半期ごとに増やす 🚀",
        "a name without any break that goes on and on"
            .repeat(40)
            .leak(),
        "]]> -- <!-- ' font-family=\"sans-serif\"",
    ];
    names[index % names.len()].replace(" that ", "_")
}

fn heading() -> Heading {
    Heading {
        title: name(0),
        subtitle: name(4),
        source: name(2),
    }
}

fn estimate(numbers: &[f64], index: usize) -> Estimate {
    let at = |offset: usize| numbers[(index + offset) % numbers.len()];
    Estimate::new(at(0), at(1), at(2))
}

fn estimates(numbers: &[f64]) -> Vec<Estimate> {
    (0..numbers.len())
        .map(|index| estimate(numbers, index))
        .collect()
}

fn role(index: usize) -> Role {
    [Role::Baseline, Role::Emphasised, Role::Other][index % 3]
}

fn difference(numbers: &[f64]) -> Difference {
    let verdicts = [
        Verdict::Better,
        Verdict::Worse,
        Verdict::Same,
        Verdict::Unclear,
    ];
    let row = |(index, difference)| DifferenceRow {
        name: name(index),
        difference,
        verdict: verdicts[index % 4],
    };
    Difference {
        heading: heading(),
        x_label: name(4),
        unit: name(0),
        direction: Direction::LowerIsBetter,
        smallest: numbers.first().copied().unwrap_or(f64::NAN),
        rows: estimates(numbers)
            .into_iter()
            .enumerate()
            .map(row)
            .collect(),
    }
}

fn lever(numbers: &[f64], named: bool) -> Lever {
    let point = |(index, estimate): (usize, Estimate)| LeverPoint {
        at: if named && index % 2 == 1 {
            Position::Name(name(index))
        } else {
            Position::Number(numbers[index])
        },
        estimate,
    };
    Lever {
        heading: heading(),
        x_label: name(0),
        x_unit: "%".to_string(),
        y_label: name(4),
        y_unit: String::new(),
        ordered: true,
        points: estimates(numbers)
            .into_iter()
            .enumerate()
            .map(point)
            .collect(),
        baseline: Some(0),
        best: Some(numbers.len() / 2),
    }
}

fn fan(numbers: &[f64]) -> Fan {
    let band =
        |index: usize| [0, 1, 2, 3, 4].map(|offset| numbers[(index + offset) % numbers.len()]);
    let series = |index: usize| FanSeries {
        name: name(index),
        role: role(index),
        bands: (0..numbers.len().saturating_sub(index)).map(band).collect(),
    };
    Fan {
        heading: heading(),
        y_label: name(0),
        unit: String::new(),
        x_label: name(4),
        clock: Clock::Months,
        from_zero: false,
        series: (0..numbers.len().min(40)).map(series).collect(),
    }
}

fn cumulative(numbers: &[f64]) -> Cumulative {
    let series = |index: usize| CumulativeSeries {
        name: name(index),
        role: role(index),
        points: estimates(numbers),
    };
    Cumulative {
        heading: heading(),
        y_label: name(0),
        unit: "%".to_string(),
        x_label: name(4),
        clock: Clock::Weeks,
        series: (0..numbers.len().min(40)).map(series).collect(),
        break_even: Some(BreakEven {
            week: numbers.first().copied().unwrap_or(f64::NAN),
            label: name(4),
        }),
    }
}

fn causes(numbers: &[f64]) -> Causes {
    let bar = |index: usize| CauseBar {
        name: name(index),
        parts: numbers
            .iter()
            .cycle()
            .skip(index)
            .take(17)
            .copied()
            .collect(),
    };
    Causes {
        heading: heading(),
        x_label: name(0),
        unit: "days".to_string(),
        causes: (0..20).map(name).collect(),
        bars: (0..numbers.len()).map(bar).collect(),
    }
}

fn waterfall(numbers: &[f64]) -> Waterfall {
    let step = |(index, change): (usize, &f64)| WaterfallStep {
        name: name(index),
        change: *change,
    };
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

fn flow(numbers: &[f64]) -> Flow {
    let layer = |index: usize| FlowLayer {
        name: name(index),
        counts: numbers.iter().skip(index).copied().collect(),
    };
    Flow {
        heading: heading(),
        y_label: name(0),
        x_label: name(4),
        clock: Clock::Weeks,
        layers: (0..numbers.len().min(40)).map(layer).collect(),
    }
}

fn sweep(numbers: &[f64]) -> Sweep {
    let point = |(index, estimate): (usize, Estimate)| SweepPoint {
        x: numbers[index],
        estimate,
        like_best: index % 3 == 0,
    };
    Sweep {
        heading: heading(),
        x_label: name(0),
        x_unit: String::new(),
        y_label: name(4),
        y_unit: String::new(),
        smallest: numbers.last().copied().unwrap_or(1.0),
        points: estimates(numbers)
            .into_iter()
            .enumerate()
            .map(point)
            .collect(),
        best: Some(numbers.len() / 2),
    }
}

fn heat(numbers: &[f64], shading: Shading) -> Heat {
    Heat {
        heading: heading(),
        x_label: name(0),
        columns: (0..numbers.len() / 2).map(name).collect(),
        y_label: name(4),
        rows: (0..numbers.len()).map(name).collect(),
        z_label: name(4),
        unit: name(4),
        cells: (0..numbers.len() / 2)
            .map(|row| numbers[row..].to_vec())
            .collect(),
        shading,
        best: Some((numbers.len(), 0)),
    }
}

fn tornado(numbers: &[f64]) -> Tornado {
    let end = |index: usize| TornadoEnd {
        setting: name(index),
        value: numbers[index % numbers.len()],
    };
    let bar = |index: usize| TornadoBar {
        name: name(index),
        low: end(index),
        high: end(index + 1),
    };
    Tornado {
        heading: heading(),
        x_label: name(0),
        unit: name(0),
        centre: numbers
            .iter()
            .copied()
            .find(|number| number.is_finite())
            .unwrap_or(0.0),
        bars: (0..numbers.len()).map(bar).collect(),
    }
}

/// Every chart there is, drawn from one family of numbers.
fn every_chart(numbers: &[f64]) -> Vec<(&'static str, Svg)> {
    let drawn = [
        ("difference", difference(numbers).draw()),
        ("lever", lever(numbers, false).draw()),
        ("named lever", lever(numbers, true).draw()),
        ("fan", fan(numbers).draw()),
        ("cumulative", cumulative(numbers).draw()),
        ("causes", causes(numbers).draw()),
        ("waterfall", waterfall(numbers).draw()),
        ("flow", flow(numbers).draw()),
        ("sweep", sweep(numbers).draw()),
        ("heat", heat(numbers, Shading::Sequential).draw()),
        (
            "differences",
            heat(numbers, Shading::Diverging(Direction::LowerIsBetter)).draw(),
        ),
        ("tornado", tornado(numbers).draw()),
    ];
    drawn
        .into_iter()
        .map(|(kind, drawn)| {
            (
                kind,
                drawn.unwrap_or_else(|error| panic!("{kind}: {error}")),
            )
        })
        .collect()
}

#[test]
fn odd_numbers_make_slides_that_parse_and_hold_no_odd_number() {
    for numbers in families() {
        for (kind, svg) in every_chart(&numbers) {
            let parsed = Document::parse(svg.as_str())
                .unwrap_or_else(|error| panic!("{kind} {numbers:?}: {error}"));
            let attributes = parsed.descendants().flat_map(|node| node.attributes());
            let is_odd = |value: &str| value.contains("NaN") || value.contains("inf");
            let odd = attributes
                .map(|attribute| attribute.value())
                .find(|value| is_odd(value));
            assert_eq!(odd, None, "{kind} {numbers:?}");
        }
    }
}

#[test]
fn nothing_is_drawn_outside_the_slide() {
    let (wide, high) = (
        f64::from(WIDTH) * canvas::FINE,
        f64::from(HEIGHT) * canvas::FINE,
    );
    for numbers in families() {
        for (kind, svg) in every_chart(&numbers) {
            let parsed = Document::parse(svg.as_str()).unwrap();
            for node in parsed.descendants() {
                for (along, limit) in [("x", wide), ("y", high)] {
                    let at = node.attribute(along).and_then(|at| at.parse::<f64>().ok());
                    assert!(
                        at.is_none_or(|at| (0.0..=limit).contains(&at)),
                        "{kind} {along} {at:?} {numbers:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn no_text_runs_off_the_slide_or_over_other_text() {
    let mut troubles = Vec::new();
    let shapes: [fn(f64) -> f64; 6] = [
        |at| 10.0 + 3.0 * (at * 7.0 % 11.0),
        |at| 0.001 * (at * 7.0 % 11.0) - 0.004,
        |at| 1e5 * (at * 5.0 % 7.0) - 2.3e5,
        |at| -0.2 * at,
        |at| 90.0 + 0.3 * (at * 3.0 % 5.0),
        |_| 5.0,
    ];
    let sizes = [1, 2, 3, 6, 9, 14, 40];
    for (count, shape) in sizes
        .iter()
        .flat_map(|count| shapes.iter().map(move |shape| (*count, shape)))
    {
        let numbers: Vec<f64> = (0..count).map(|at| shape(f64::from(at))).collect();
        for (kind, svg) in every_chart(&numbers) {
            troubles.extend(
                troubles_of(&svg)
                    .into_iter()
                    .map(|trouble| format!("{kind} {numbers:?}: {trouble}")),
            );
        }
    }
    assert!(troubles.is_empty(), "{}", troubles.join("\n"));
}

fn troubles_of(svg: &Svg) -> Vec<String> {
    let boxes = text_boxes(svg);
    let mut troubles = Vec::new();
    for (index, (text, area)) in boxes.iter().enumerate() {
        if area.left < 0.0 || area.right > f64::from(WIDTH) || area.bottom > f64::from(HEIGHT) {
            troubles.push(format!("{text:?} runs off the slide"));
        }
        let met = boxes[index + 1..]
            .iter()
            .filter(|(_, other)| other.meets(area));
        troubles.extend(met.map(|(other, _)| format!("{text:?} meets {other:?}")));
    }
    troubles
}

#[test]
fn no_text_is_too_small_for_the_back_of_the_room() {
    for (kind, svg) in every_chart(&[3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0]) {
        let parsed = Document::parse(svg.as_str()).unwrap();
        let sizes = parsed
            .descendants()
            .filter_map(|node| node.attribute("font-size"));
        for size in sizes.map(|size| size.parse::<f64>().unwrap() / canvas::FINE) {
            assert!(size > 23.9, "{kind} has text of {size} pixels");
        }
    }
}

/// Where each text of a slide lies, as far as its capital letters reach.
fn text_boxes(svg: &Svg) -> Vec<(String, canvas::Rect)> {
    let parsed = Document::parse(svg.as_str()).unwrap();
    let texts = parsed
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    let measured = texts.map(|node| {
        let number =
            |key: &str| node.attribute(key).unwrap().parse::<f64>().unwrap() / canvas::FINE;
        let words = text::clean(node.text().unwrap_or_default());
        let style = text::Type::of(number("font-size"));
        let style = if node.has_attribute("font-weight") {
            style.bold()
        } else {
            style
        };
        let (x, baseline, width) = (
            number("x"),
            number("y") + style.size * 0.76,
            style.width(&words) * 0.97,
        );
        let left = match node.attribute("text-anchor") {
            Some("middle") => x - width / 2.0,
            Some("end") => x - width,
            _ => x,
        };
        (
            words,
            canvas::Rect::new(left, baseline - style.size * 0.7, left + width, baseline),
        )
    });
    measured.collect()
}

#[test]
fn text_is_escaped_and_kept() {
    let svg = difference(&[1.0, 2.0]).draw().unwrap();
    assert!(!svg.as_str().contains("<script"));
    let parsed = Document::parse(svg.as_str()).unwrap();
    let texts: Vec<&str> = parsed
        .descendants()
        .filter_map(|node| node.text())
        .collect();
    assert!(
        texts
            .iter()
            .any(|text| text.contains("<script>alert('x')</script> & \"quotes\"")),
        "{texts:?}"
    );
    assert!(!parsed.descendants().any(|node| node.has_tag_name("script")));
}

#[test]
fn pictures_have_the_size_of_a_slide_and_are_saved_in_pairs() {
    let place = tempfile::tempdir().unwrap();
    let folder = OutputFolder::create(place.path()).unwrap();
    let svg = fan(&[1.0, 2.0, 3.0, 2.0]).draw().unwrap();
    let paths = svg.save(&folder, "../Fan of <items>").unwrap();
    let names: Vec<_> = paths
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(names, ["fan-of-items.svg", "fan-of-items.png"]);
    let pixels = std::fs::read(&paths[1]).unwrap();
    let number = |at: usize| u32::from_be_bytes(pixels[at..at + 4].try_into().unwrap());
    assert_eq!(
        (&pixels[1..4], number(16), number(20)),
        (&b"PNG"[..], WIDTH, HEIGHT)
    );
}

#[test]
fn the_same_data_make_the_same_bytes() {
    let numbers = [3.0, 1.0, 4.0, 1.0, 5.0];
    for (one, other) in every_chart(&numbers).into_iter().zip(every_chart(&numbers)) {
        assert_eq!(one.1.as_str(), other.1.as_str(), "{}", one.0);
    }
}

#[test]
fn empty_charts_say_so() {
    for (kind, svg) in every_chart(&[]) {
        let said = svg.as_str().contains("nothing to show") || svg.as_str().contains("no policy");
        assert!(said || kind == "waterfall", "{kind}");
    }
}

#[test]
fn a_waterfall_adds_up_even_when_its_steps_do_not() {
    let mut chart = waterfall(&[1.0, -2.0]);
    (chart.from.1, chart.to.1) = (10.0, 12.0);
    assert!(chart.draw().unwrap().as_str().contains("unexplained"));
    chart.to.1 = 9.0;
    assert!(!chart.draw().unwrap().as_str().contains("unexplained"));
}
