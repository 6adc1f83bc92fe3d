//! Ticks of a calendar: weeks, months, quarters or years, whichever fit.

use super::canvas::{Canvas, Rect};
use super::scale::Scale;
use super::text::Type;
use super::theme::QUIET;
use history::when::{day_of, number_of};
use jiff::civil::Date;

/// The most ticks that stand below a plot.
const MOST: usize = 9;

const NAMES: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Draws ticks and their names below a plot whose horizontal scale is in days since 1970.
pub fn below(canvas: &mut Canvas<'_>, plot: Rect, scale: &Scale) {
    let style = Type::small().middle();
    let mut end = f64::NEG_INFINITY;
    for (day, name) in ticks(scale.low, scale.high) {
        let x = scale.at(day);
        canvas.line((x, plot.bottom), (x, plot.bottom + 8.0), QUIET, 2.0);
        let half = style.width(&name) / 2.0;
        if x - half > end + 12.0 {
            canvas.text((x, plot.bottom + 38.0), &name, style);
            end = x + half;
        }
    }
}

/// Days with their names, at the beginnings of months that lie evenly apart, or of weeks in a short time.
fn ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    // What is no date of a calendar has no ticks.
    if !(low.abs() < 80_000.0 && high.abs() < 80_000.0 && high > low) {
        return Vec::new();
    }
    let first = day_of(low);
    let months = |step: i32| {
        let begin = i32::from(first.year()) * 12 + i32::from(first.month()) - 1;
        let begin = begin.div_euclid(step) * step;
        let dates = (0..).map(move |nth| begin + nth * step).map(|month| {
            let year = i16::try_from(month.div_euclid(12)).unwrap_or(i16::MAX);
            Date::new(year, month.rem_euclid(12) as i8 + 1, 1).unwrap_or(Date::MAX)
        });
        let days = dates.map(|date| (number_of(date), named(date, step)));
        days.take_while(|(day, _)| *day <= high).filter(|(day, _)| *day >= low).collect::<Vec<_>>()
    };
    if high - low < 75.0 {
        let step = if high - low < 30.0 { 7.0 } else { 14.0 };
        let begin = history::measure::weeks::monday(low + 6.0);
        let days = (0..20).map(f64::from).map(|nth| begin + nth * step).take_while(|day| *day <= high);
        return days.map(|day| (day, format!("{} {}", day_of(day).day(), month(day_of(day))))).collect();
    }
    let all = [1, 2, 3, 6, 12, 24, 60, 120, 240].into_iter().map(months);
    all.into_iter().find(|ticks| ticks.len() <= MOST).unwrap_or_default()
}

fn month(date: Date) -> &'static str {
    NAMES[(date.month() - 1).clamp(0, 11) as usize]
}

fn named(date: Date, step: i32) -> String {
    if step >= 12 { date.year().to_string() } else { format!("{} {}", month(date), date.year()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_fall_on_dates_that_people_plan_by() {
        let day = |year, month, day| number_of(Date::constant(year, month, day));
        let names = |from, until| ticks(from, until).into_iter().map(|tick| tick.1).collect::<Vec<_>>();
        assert_eq!(names(day(2024, 1, 15), day(2024, 12, 31))[..2], ["Mar 2024", "May 2024"]);
        assert_eq!(names(day(2019, 6, 1), day(2024, 6, 1)), ["2020", "2021", "2022", "2023", "2024"]);
        assert!(names(f64::NAN, 3.0).is_empty() && !names(day(2024, 1, 1), day(2024, 2, 1)).is_empty());
    }
}
