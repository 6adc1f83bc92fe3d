//! The cumulative chart shows what a policy has gained or cost so far, compared with the baseline.

use super::canvas::{Canvas, Rect};
use super::labels::{self, EndLabel};
use super::number::Numbers;
use super::plane::{Across, Axes, Plane};
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::text::Type;
use super::theme::{Colour, INK, series_colours};
use super::{ChartError, Clock, Estimate, Heading, Role};

/// One policy's difference from the baseline so far, week by week.
#[derive(Clone, Debug)]
pub struct CumulativeSeries {
    /// The policy.
    pub name: String,
    /// Emphasised series get a band for their interval.
    pub role: Role,
    /// The cumulative difference, per week from the start.
    pub points: Vec<Estimate>,
}

/// When the emphasised policy has earned back what it cost.
#[derive(Clone, Debug)]
pub struct BreakEven {
    /// Weeks after the start; fractions are welcome.
    pub week: f64,
    /// What to write there: "breaks even in week 31 (24 to 40)".
    pub label: String,
}

/// Cumulative differences from the baseline over time.
#[derive(Clone, Debug)]
pub struct Cumulative {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// What is accumulated, with its unit.
    pub y_label: String,
    /// A short unit written after values, or nothing.
    pub unit: String,
    /// What the horizontal axis counts.
    pub x_label: String,
    /// Weeks or months.
    pub clock: Clock,
    /// The policies, without the baseline, which is the zero line.
    pub series: Vec<CumulativeSeries>,
    /// Break-even of the emphasised policy, if it does.
    pub break_even: Option<BreakEven>,
}

impl Cumulative {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| match self.extent() {
            None => canvas.nothing(area, "There is nothing to show: the series holds no numbers."),
            Some(extent) => self.plot(canvas, area, extent),
        })
    }

    fn extent(&self) -> Option<(f64, f64)> {
        let means = self.series.iter().flat_map(|series| series.points.iter().map(|point| point.mean));
        let emphasised = self.series.iter().filter(|series| series.role == Role::Emphasised);
        let ends = emphasised.flat_map(|series| series.points.iter().flat_map(Estimate::values));
        extent(means.clone())?;
        extent(means.chain(ends).chain([0.0]))
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, extent: (f64, f64)) {
        let numbers = Numbers::for_values([extent.0, extent.1]).with_unit(&self.unit);
        let details: Vec<String> = self.series.iter().map(|series| detail(series, &numbers)).collect();
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
        for role in [Role::Background, Role::Baseline, Role::Other, Role::Emphasised] {
            self.lines(canvas, &plane, &colours, role);
        }
        plane.zero_line(canvas);
        self.mark(canvas, &plane);
        labels::draw(canvas, plane.area, self.labels(&plane, &colours, &details));
    }

    fn lines(&self, canvas: &mut Canvas<'_>, plane: &Plane, colours: &[Colour], role: Role) {
        for (series, colour) in self.series.iter().zip(colours).filter(|(series, _)| series.role == role) {
            if role == Role::Emphasised {
                let band: Vec<_> =
                    self.weekly(series).map(|(week, point)| (week, point.low, point.high)).collect();
                plane.band(canvas, &band, colour.faint(0.2));
            }
            // Nothing differs at the beginning.
            let line = self.weekly(series).map(|(week, point)| (week, point.mean));
            let line: Vec<_> = std::iter::once((0.0, 0.0)).chain(line).collect();
            let width = match role {
                Role::Emphasised => 6.0,
                Role::Background => 2.0,
                Role::Baseline | Role::Other => 3.5,
            };
            plane.line(canvas, &line, *colour, width);
            if let Some((week, point)) = self.last(series).filter(|_| role != Role::Background) {
                canvas.dot(plane.at(week, point.mean), 7.0, *colour);
            }
        }
    }

    /// Marks break-even on the zero line, with its words above the data.
    fn mark(&self, canvas: &mut Canvas<'_>, plane: &Plane) {
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

    /// The points of a series at the ends of their weeks.
    fn weekly<'a>(
        &self,
        series: &'a CumulativeSeries,
    ) -> impl Iterator<Item = (f64, &'a Estimate)> + use<'a> {
        let (clock, points) = (self.clock, series.points.len());
        series.points.iter().enumerate().map(move |(nth, point)| (clock.end_of(nth, points), point))
    }

    fn last<'a>(&self, series: &'a CumulativeSeries) -> Option<(f64, &'a Estimate)> {
        self.weekly(series).filter(|(_, point)| usable(point.mean)).last()
    }

    fn labels(&self, plane: &Plane, colours: &[Colour], details: &[String]) -> Vec<EndLabel> {
        let all = self.series.iter().zip(colours).zip(details);
        let named = all.filter(|((series, _), _)| series.role != Role::Background);
        named
            .filter_map(|((series, colour), detail)| {
                let (week, point) = self.last(series)?;
                Some(EndLabel {
                    at: plane.at(week, point.mean).1,
                    name: series.name.clone(),
                    detail: detail.clone(),
                    colour: *colour,
                    important: series.role == Role::Emphasised,
                })
            })
            .collect()
    }
}

fn detail(series: &CumulativeSeries, numbers: &Numbers) -> String {
    let last = series.points.iter().rfind(|point| usable(point.mean));
    last.map_or(String::new(), |point| numbers.signed(point.mean))
}
