//! The fan chart follows a measure week by week, with its spread over simulated replications or the interval of its mean.

use super::canvas::{Canvas, Rect};
use super::labels::{self, EndLabel};
use super::number::Numbers;
use super::plane::{Across, Axes, Plane};
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::text::Type;
use super::theme::{Colour, INK, series_colours};
use super::{ChartError, Clock, Estimate, Heading, Role};

/// One policy's series.
#[derive(Clone, Debug)]
pub struct FanSeries {
    /// The policy.
    pub name: String,
    /// Bands are drawn for the first baseline and the first emphasised series only.
    pub role: Role,
    /// What it is today, where that is known: the line begins there, and not at the end of the first week.
    pub today: Option<f64>,
    /// The 5th, 25th, 50th, 75th and 95th percentile over simulated replications, per week from the start.
    pub bands: Vec<[f64; 5]>,
}

/// When the emphasised policy has earned back what it cost.
#[derive(Clone, Debug)]
pub struct BreakEven {
    /// Weeks after the start; fractions are welcome.
    pub week: f64,
    /// What to write there: "breaks even in week 31 (24 to 40)".
    pub label: String,
}

/// A weekly measure, cumulative or not, per policy.
#[derive(Clone, Debug)]
pub struct Fan {
    /// Title, subtitle (it should say what lines and bands are) and source.
    pub heading: Heading,
    /// The measure with its unit.
    pub y_label: String,
    /// A short unit written after values, or nothing.
    pub unit: String,
    /// What the horizontal axis counts: "Weeks after the change".
    pub x_label: String,
    /// Weeks or months.
    pub clock: Clock,
    /// Whether the vertical axis has to begin at zero.
    pub from_zero: bool,
    /// The policies.
    pub series: Vec<FanSeries>,
    /// What the title speaks of, where that is a point.
    pub mark: Option<FanMark>,
    /// Whether values are differences, and are written with their sign.
    pub signed: bool,
    /// Break-even of the emphasised policy, if it does.
    pub break_even: Option<BreakEven>,
}

impl FanSeries {
    /// A difference that grows from nothing, with the interval of its mean as its only band.
    pub fn of_differences(name: String, role: Role, points: &[Estimate]) -> FanSeries {
        let band = |point: &Estimate| [point.low, f64::NAN, point.mean, f64::NAN, point.high];
        FanSeries { name, role, today: Some(0.0), bands: points.iter().map(band).collect() }
    }
}

/// A point of the plane that is told of: so much by then.
#[derive(Clone, Debug)]
pub struct FanMark {
    /// When, on the axis.
    pub week: f64,
    /// How much.
    pub value: f64,
    /// What is written beside it.
    pub text: String,
}

impl Fan {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| match self.extent() {
            None => canvas.nothing(area, "There is nothing to show: the series holds no numbers."),
            Some(extent) => self.plot(canvas, area, extent),
        })
    }

    fn extent(&self) -> Option<(f64, f64)> {
        let medians = self.series.iter().flat_map(|series| series.bands.iter().map(|band| band[2]));
        let banded = self.banded();
        let bands = banded.into_iter().flat_map(|index| self.series[index].bands.iter().flatten().copied());
        let zero = self.from_zero.then_some(0.0);
        extent(medians.clone())?;
        extent(medians.chain(bands).chain(zero))
    }

    /// The at most two series whose bands are drawn; more overlap to mud.
    fn banded(&self) -> Vec<usize> {
        let first = |role| self.series.iter().position(|series| series.role == role);
        let chosen: Vec<usize> =
            [first(Role::Baseline), first(Role::Emphasised)].into_iter().flatten().collect();
        if chosen.is_empty() && self.series.len() <= 2 {
            return (0..self.series.len()).collect();
        }
        chosen
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, extent: (f64, f64)) {
        let numbers = Numbers::for_values([extent.0, extent.1]).with_unit(&self.unit);
        let details: Vec<String> = self.series.iter().map(|series| self.detail(series, &numbers)).collect();
        let names = self.series.iter().zip(&details).filter(|(series, _)| series.role != Role::Background);
        let right =
            labels::column_width(names.map(|(series, detail)| (series.name.as_str(), detail.as_str())));
        let axes = Axes {
            across: Across::Weeks(self.clock),
            x_label: self.x_label.clone(),
            extent,
            y_label: self.y_label.clone(),
            unit: self.unit.clone(),
            note: String::new(),
            right,
        };
        let plane = Plane::new(canvas, area, &axes);
        let colours = series_colours(self.series.iter().map(|series| series.role));
        for index in self.banded() {
            self.bands(canvas, &plane, &self.series[index], colours[index]);
        }
        plane.zero_line(canvas);
        self.medians(canvas, &plane, &colours);
        if let Some(mark) = &self.mark {
            let point = plane.at(mark.week, mark.value);
            canvas.dashes((plane.area.left, point.1), point, INK, 2.5);
            canvas.dashes(point, (point.0, plane.area.bottom), INK, 2.5);
            canvas.text((plane.area.left + 14.0, point.1 - 12.0), &mark.text, Type::small().colour(INK));
        }
        self.break_even(canvas, &plane);
        labels::draw(canvas, plane.area, self.labels(&plane, &colours, &details));
    }

    /// Medians, the baseline's and the emphasised one's on top.
    fn medians(&self, canvas: &mut Canvas<'_>, plane: &Plane, colours: &[Colour]) {
        let mut order: Vec<usize> = (0..self.series.len()).collect();
        order.sort_by_key(|index| match self.series[*index].role {
            Role::Background => 0,
            Role::Other => 1,
            Role::Baseline => 2,
            Role::Emphasised => 3,
        });
        for index in order {
            let series = &self.series[index];
            let points: Vec<(f64, f64)> =
                weekly(self.clock, series).map(|(week, band)| (week, band[2])).collect();
            let width = match series.role {
                Role::Emphasised => 6.0,
                Role::Background => 2.0,
                Role::Baseline | Role::Other => 3.5,
            };
            plane.line(canvas, &points, colours[index], width);
            if let Some((week, band)) = self.last(series).filter(|_| series.role != Role::Background) {
                canvas.dot(plane.at(week, band[2]), 7.0, colours[index]);
            }
        }
    }

    /// Marks break-even on the zero line, with its words above the data.
    fn break_even(&self, canvas: &mut Canvas<'_>, plane: &Plane) {
        let within = |mark: &&BreakEven| (0.0..=self.clock.last()).contains(&mark.week);
        let Some(mark) = self.break_even.as_ref().filter(within) else {
            return;
        };
        let at = plane.at(mark.week, 0.0);
        canvas.dashes((at.0, plane.area.top + 24.0), at, INK, 2.5);
        canvas.dot(at, 11.0, INK);
        let style = Type::body().bold();
        let (before, after) = (at.0 - plane.area.left, plane.area.right - at.0);
        let words = style.fit(&mark.label, before.max(after) - 24.0);
        let height = plane.area.top + 24.0;
        if style.width(&words) + 24.0 <= before {
            canvas.tag((at.0 - 16.0, height), &words, style.right());
        } else {
            canvas.tag((at.0 + 16.0, height), &words, style);
        }
    }

    /// The last week that has a median.
    fn last(&self, series: &FanSeries) -> Option<(f64, [f64; 5])> {
        weekly(self.clock, series).filter(|(_, band)| usable(band[2])).last()
    }

    fn bands(&self, canvas: &mut Canvas<'_>, plane: &Plane, series: &FanSeries, colour: Colour) {
        for (low, high, alpha) in [(0, 4, 0.14), (1, 3, 0.24)] {
            let band: Vec<(f64, f64, f64)> =
                weekly(self.clock, series).map(|(week, band)| (week, band[low], band[high])).collect();
            plane.band(canvas, &band, colour.faint(alpha));
        }
    }

    fn labels(&self, plane: &Plane, colours: &[Colour], details: &[String]) -> Vec<EndLabel> {
        let all = self.series.iter().zip(colours).zip(details);
        let named = all.filter(|((series, _), _)| series.role != Role::Background);
        named
            .filter_map(|((series, colour), detail)| {
                let (week, band) = self.last(series)?;
                Some(EndLabel {
                    at: plane.at(week, band[2]).1,
                    name: series.name.clone(),
                    detail: detail.clone(),
                    colour: *colour,
                    important: series.role != Role::Other,
                })
            })
            .collect()
    }

    fn detail(&self, series: &FanSeries, numbers: &Numbers) -> String {
        let write = |value: f64| if self.signed { numbers.signed(value) } else { numbers.plain(value) };
        series.bands.iter().rfind(|band| usable(band[2])).map_or(String::new(), |band| write(band[2]))
    }
}

/// The points of a series: today's, and those at the ends of their weeks.
fn weekly(clock: Clock, series: &FanSeries) -> impl Iterator<Item = (f64, [f64; 5])> + use<'_> {
    let points = series.bands.len();
    let weeks = series.bands.iter().enumerate().map(move |(nth, band)| (clock.end_of(nth, points), *band));
    series.today.map(|today| (0.0, [today; 5])).into_iter().chain(weeks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_today_stands_before_the_first_week() {
        let mut series =
            FanSeries { name: String::new(), role: Role::Other, today: None, bands: vec![[2.0; 5]; 2] };
        let clock = Clock::Weeks { last: 2.0 };
        let points = |series: &FanSeries| {
            weekly(clock, series).map(|(week, band)| (week, band[2])).collect::<Vec<_>>()
        };
        assert_eq!(points(&series), [(1.0, 2.0), (2.0, 2.0)]);
        series.today = Some(0.0);
        assert_eq!(points(&series), [(0.0, 0.0), (1.0, 2.0), (2.0, 2.0)]);
    }
}
