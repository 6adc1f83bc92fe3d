//! The pictures of a fit: how long items take, and how many are delivered a week, really and simulated.

use crate::chart::{ChartError, Clock, Fan, FanSeries, Guide, Heading, Mark, Role, Timeline};
use crate::slides::Slide;
use crate::{manifest, words};
use experiment::fitting::summary::FitSummary;

/// Days of a week of the calendar.
const WEEK: f64 = 7.0;

/// Both pictures; `today` is the day after the last that is known, counted since 1970.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn slides(summary: &FitSummary, today: f64) -> Result<Vec<Slide>, ChartError> {
    let mut slides = Vec::new();
    if summary.times.real.len() > 2 {
        slides.push(Slide { name: "times", svg: times(summary).draw()? });
    }
    slides.push(Slide { name: "throughput", svg: throughput(summary, today).draw()? });
    Ok(slides)
}

fn heading(summary: &FitSummary, title: String, subtitle: String) -> Heading {
    let source = format!(
        "orgsim {} · {} items in {} weeks · {} simulated windows · seed {} · fitted, not forecast",
        manifest::VERSION,
        words::whole(summary.delivered),
        summary.weeks,
        summary.windows,
        summary.seed
    );
    Heading { title, subtitle, source }
}

fn times(summary: &FitSummary) -> Fan {
    let curve = &summary.times;
    let inside =
        curve.real.iter().zip(&curve.bands).filter(|(real, band)| (band[0]..=band[4]).contains(*real));
    let share = 100 * inside.count() / curve.real.len();
    let what = if summary.has_starts { "start" } else { "creation" };
    let title = match share {
        90.. => "How long real items take lies among what 90 % of simulated windows show".to_owned(),
        _ => format!("{} % of the real curve lies outside what 90 % of simulated windows show", 100 - share),
    };
    let subtitle = format!(
        "Share of delivered items that took at most so many working days from their {what}. Bands hold 90 % and 50 % of the windows of \
         organisations that were fitted"
    );
    // The first point of a fan is one step from its beginning: a day.
    Fan {
        mark: None,
        signed: false,
        break_even: None,
        heading: heading(summary, title, subtitle),
        y_label: "Share of delivered items".to_owned(),
        unit: "%".to_owned(),
        x_label: format!("Working days since the {what}"),
        clock: Clock::Weeks { last: curve.real.len() as f64 - 1.0 },
        from_zero: true,
        series: vec![
            FanSeries {
                name: "simulated".to_owned(),
                role: Role::Baseline,
                today: None,
                bands: curve.bands[1..].to_vec(),
            },
            FanSeries {
                name: "real".to_owned(),
                role: Role::Emphasised,
                today: None,
                bands: curve.real[1..].iter().map(|share| [*share; 5]).collect(),
            },
        ],
    }
}

fn throughput(summary: &FitSummary, today: f64) -> Timeline {
    let weeks = summary.weekly.len() as f64;
    let begin = today - weeks * WEEK;
    let bar =
        |(week, count): (usize, &f64)| (begin + week as f64 * WEEK, begin + (week + 1) as f64 * WEEK, *count);
    let [low, median, high] = summary.weekly_band;
    let inside = summary.weekly.iter().filter(|count| (low..=high).contains(*count)).count();
    let guide = |value: f64, name: &str, is_strong: bool| Guide {
        name: words::whole(value as usize),
        detail: name.to_owned(),
        value,
        days: None,
        is_strong,
    };
    let title = format!(
        "{inside} of {} weeks lie where 90 % of simulated ones do, {} to {} items",
        summary.weekly.len(),
        words::whole(low as usize),
        words::whole(high as usize)
    );
    let subtitle = "Bars: items delivered in each week. Lines: the 5th, 50th and 95th percentile of single weeks of organisations that were \
                    fitted"
        .to_owned();
    Timeline {
        heading: heading(summary, title, subtitle),
        y_label: "Items delivered in the week".to_owned(),
        note: String::new(),
        days: (begin, today),
        most: f64::NAN,
        marks: vec![Mark::Bars(summary.weekly.iter().enumerate().map(bar).collect())],
        guides: vec![
            guide(low, "5 % of weeks", false),
            guide(median, "half of weeks", true),
            guide(high, "95 % of weeks", false),
        ],
    }
}
