//! Tests of all charts: odd data never panics, text is never trusted, pictures have the right size.

mod made_up;

use super::*;
use crate::files::OutputFolder;
use made_up::{difference, every_chart, families, fan, waterfall};
use resvg::usvg::roxmltree::Document;

#[test]
fn odd_numbers_make_slides_that_parse_and_hold_no_odd_number() {
    for numbers in families() {
        for (kind, svg) in every_chart(&numbers) {
            let parsed =
                Document::parse(svg.as_str()).unwrap_or_else(|error| panic!("{kind} {numbers:?}: {error}"));
            let attributes = parsed.descendants().flat_map(|node| node.attributes());
            let is_odd = |value: &str| value.contains("NaN") || value.contains("inf");
            let odd = attributes.map(|attribute| attribute.value()).find(|value| is_odd(value));
            assert_eq!(odd, None, "{kind} {numbers:?}");
        }
    }
}

#[test]
fn nothing_is_drawn_outside_the_slide() {
    let (wide, high) = (f64::from(WIDTH) * canvas::FINE, f64::from(HEIGHT) * canvas::FINE);
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
    for (count, shape) in sizes.iter().flat_map(|count| shapes.iter().map(move |shape| (*count, shape))) {
        let numbers: Vec<f64> = (0..count).map(|at| shape(f64::from(at))).collect();
        for (kind, svg) in every_chart(&numbers) {
            troubles.extend(
                troubles_of(&svg).into_iter().map(|trouble| format!("{kind} {numbers:?}: {trouble}")),
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
        let met = boxes[index + 1..].iter().filter(|(_, other)| other.meets(area));
        troubles.extend(met.map(|(other, _)| format!("{text:?} meets {other:?}")));
    }
    troubles
}

#[test]
fn no_text_is_too_small_for_the_back_of_the_room() {
    for (kind, svg) in every_chart(&[3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0]) {
        let parsed = Document::parse(svg.as_str()).unwrap();
        let sizes = parsed.descendants().filter_map(|node| node.attribute("font-size"));
        for size in sizes.map(|size| size.parse::<f64>().unwrap() / canvas::FINE) {
            assert!(size > 23.9, "{kind} has text of {size} pixels");
        }
    }
}

/// Where each text of a slide lies, as far as its capital letters reach.
fn text_boxes(svg: &Svg) -> Vec<(String, canvas::Rect)> {
    let parsed = Document::parse(svg.as_str()).unwrap();
    let texts = parsed.descendants().filter(|node| node.has_tag_name("text"));
    let measured = texts.map(|node| {
        let number = |key: &str| node.attribute(key).unwrap().parse::<f64>().unwrap() / canvas::FINE;
        let words = text::clean(node.text().unwrap_or_default());
        let style = text::Type::of(number("font-size"));
        let style = if node.has_attribute("font-weight") { style.bold() } else { style };
        let (x, baseline, width) = (number("x"), number("y") + style.size * 0.76, style.width(&words) * 0.97);
        let left = match node.attribute("text-anchor") {
            Some("middle") => x - width / 2.0,
            Some("end") => x - width,
            _ => x,
        };
        (words, canvas::Rect::new(left, baseline - style.size * 0.7, left + width, baseline))
    });
    measured.collect()
}

#[test]
fn text_is_escaped_and_kept() {
    let svg = difference(&[1.0, 2.0]).draw().unwrap();
    assert!(!svg.as_str().contains("<script"));
    let parsed = Document::parse(svg.as_str()).unwrap();
    let texts: Vec<&str> = parsed.descendants().filter_map(|node| node.text()).collect();
    assert!(texts.iter().any(|text| text.contains("<script>alert('x')</script> & \"quotes\"")), "{texts:?}");
    assert!(!parsed.descendants().any(|node| node.has_tag_name("script")));
}

#[test]
fn pictures_have_the_size_of_a_slide_and_are_saved_in_pairs() {
    let place = tempfile::tempdir().unwrap();
    let folder = OutputFolder::create(place.path()).unwrap();
    let svg = fan(&[1.0, 2.0, 3.0, 2.0]).draw().unwrap();
    let paths = svg.save(&folder, "../Fan of <items>").unwrap();
    let names: Vec<_> = paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["fan-of-items.svg", "fan-of-items.png"]);
    let pixels = std::fs::read(&paths[1]).unwrap();
    let number = |at: usize| u32::from_be_bytes(pixels[at..at + 4].try_into().unwrap());
    assert_eq!((&pixels[1..4], number(16), number(20)), (&b"PNG"[..], WIDTH, HEIGHT));
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

#[test]
fn two_working_years_from_a_day_end_on_its_day_two_years_later() {
    let mut chart = made_up::fan(&[0.1, 0.2, 0.3]);
    let weeks = 504.0 / 5.0;
    chart.clock = Clock::Dates { last: weeks, first: 20_822.0, days: 365.25 / (252.0 / 5.0) };
    let svg = chart.draw().unwrap();
    let named = |day: &str| svg.as_str().contains(day);
    assert!(named("Apr 2027") && named("Oct 2028") && named("Jan 2029") && !named("Apr 2029"));
}
