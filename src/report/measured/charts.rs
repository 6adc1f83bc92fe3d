//! The pictures that people expect of flow tools: cycle times, ageing work, cumulative flow, throughput and burn-up.

use crate::chart::{ChartError, Column, Columns, Dot, Guide, Heading, Mark, Timeline};
use crate::measured::in_days;
use crate::slides::Slide;
use crate::{manifest, words};
use history::history::History;
use history::measure::Measures;
use history::measure::times::Times;
use history::when::number_of;

/// Most weeks of which bars and layers are shown.
const MOST_WEEKS: usize = 156;

/// All that there is something to draw of.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn slides(measures: &Measures, history: &History) -> Result<Vec<Slide>, ChartError> {
    let charts = Charts { measures, history };
    let mut slides = Vec::new();
    if measures.weeks.is_empty() {
        return Ok(slides);
    }
    let name = if measures.has_no_starts() { "lead-time" } else { "cycle-time" };
    slides.push(Slide { name, svg: charts.scatter().draw()? });
    if !measures.ageing.items.is_empty() {
        slides.push(Slide { name: "ageing", svg: charts.ageing().draw()? });
    }
    slides.push(Slide { name: "cumulative-flow", svg: charts.flow().draw()? });
    slides.push(Slide { name: "throughput", svg: charts.throughput().draw()? });
    slides.push(Slide { name: "burn-up", svg: charts.burn_up().draw()? });
    Ok(slides)
}

struct Charts<'a> {
    measures: &'a Measures,
    history: &'a History,
}

impl Charts<'_> {
    fn heading(&self, title: String, subtitle: String) -> Heading {
        let items = words::count(self.history.items.len(), "item", "items");
        let source = format!(
            "orgsim {} · {items} · state of {} · measured, not simulated",
            manifest::VERSION,
            self.history.as_of
        );
        Heading { title, subtitle, source }
    }

    /// The times that the chart of single items is of: from the start where it is known.
    fn times(&self) -> (&Times, &'static str, &'static str) {
        match self.measures.has_no_starts() {
            true => (&self.measures.lead, "created", "creation"),
            false => (&self.measures.cycle, "begun", "start"),
        }
    }

    fn guides(&self, times: &Times) -> Vec<Guide> {
        let known = times.percentiles.iter().filter_map(|one| Some((one.share, one.days?)));
        let guide = |(share, days): (f64, f64)| Guide {
            name: format!("{:.0} %", share * 100.0),
            detail: in_days(days),
            value: days,
            days: None,
            is_strong: true,
        };
        known.map(guide).collect()
    }

    /// The days of the window.
    fn window(&self) -> (f64, f64) {
        let weeks = &self.measures.weeks;
        (weeks.begin_of(weeks.len() - self.measures.window), number_of(self.history.as_of) + 1.0)
    }

    fn scatter(&self) -> Timeline {
        let (times, verb, begin) = self.times();
        let days = self.window();
        let zone = &self.history.zone;
        let dot = |item: &history::history::Item| {
            let finished = item.delivered()?.days(zone);
            let first = if begin == "start" { item.started } else { item.created };
            Some((finished, (finished - first?.days(zone)).max(0.0))).filter(|dot| dot.0 >= days.0)
        };
        let dots: Vec<(f64, f64)> = self.history.items.iter().filter_map(dot).collect();
        let guides = self.guides(times);
        let longest = dots.iter().map(|dot| dot.1).fold(0.0, f64::max);
        // A few that took for ever would press all others to the floor.
        let most = guides.last().map_or(longest, |guide| guide.value * 1.6).max(1.0);
        let above = dots.iter().filter(|dot| dot.1 > most).count();
        let title = match guides.as_slice() {
            [half, most, ..] => {
                format!("Half of the work takes at most {}, 85 % at most {}", half.detail, most.detail)
            }
            [half] => format!(
                "Half of the work takes at most {}; how long 85 % takes is not known yet",
                half.detail
            ),
            [] => "Too little has ended to say how long work takes".to_owned(),
        };
        let subtitle = format!(
            "Each dot is an item that was delivered: the day of its end, and days since its {begin}. Dashed: percentiles of what was \
             {verb} in the last {}, with what is still open counted (Kaplan–Meier)",
            words::count(self.measures.window, "week", "weeks")
        );
        Timeline {
            heading: self.heading(title, subtitle),
            y_label: format!("Days from {begin} to end"),
            note: if above > 0 {
                "rings at the top: these took longer than shown".to_owned()
            } else {
                String::new()
            },
            days,
            most,
            marks: vec![Mark::Dots(dots)],
            guides,
        }
    }

    fn ageing(&self) -> Columns {
        let (times, _, begin) = self.times();
        let ageing = &self.measures.ageing;
        let guides = self.guides(times);
        let column = |status: &String| Column {
            name: if status.is_empty() { "open".to_owned() } else { status.clone() },
            dots: ageing
                .items
                .iter()
                .filter(|item| item.status == *status)
                .map(|item| Dot {
                    value: item.days,
                    name: if item.key.is_empty() { format!("item {}", item.id) } else { item.key.clone() },
                    is_late: item.past >= 0.85,
                })
                .collect(),
            level: ageing
                .paces
                .iter()
                .find(|pace| pace.status == *status)
                .map_or(f64::NAN, |pace| pace.days[1]),
        };
        let columns: Vec<Column> = ageing.statuses.iter().map(column).collect();
        let late = ageing.older_than(0.85);
        let what = if self.measures.has_no_starts() { "open items" } else { "items in progress" };
        let title = match late {
            0 => format!(
                "None of {} {what} is older than 85 % of past work was at its end",
                ageing.items.len()
            ),
            late => format!(
                "{late} of {} {what} {} older than 85 % of past work was at its end",
                ageing.items.len(),
                if late == 1 { "is" } else { "are" }
            ),
        };
        let paces = columns.iter().any(|column| column.level.is_finite());
        let subtitle = format!(
            "Each dot is an open item: its status and its days since {begin}; those in orange are the old ones. Dashed: the ages by \
             which 50, 85 and 95 % of past work had ended{}",
            if paces { ". Grey bars: the age at which 85 % of past work had left that status" } else { "" }
        );
        Columns {
            heading: self.heading(title, subtitle),
            y_label: format!("Age in days since {begin}"),
            note: String::new(),
            columns,
            guides,
        }
    }

    /// The weeks that are shown.
    fn shown(&self) -> std::ops::Range<usize> {
        let n = self.measures.weeks.len();
        n.saturating_sub(MOST_WEEKS)..n
    }

    fn series(&self, values: &[f64], range: std::ops::Range<usize>) -> Vec<(f64, f64)> {
        range.map(|week| (self.measures.weeks.begin_of(week + 1), values[week])).collect()
    }

    fn flow(&self) -> Timeline {
        let weeks = &self.measures.weeks;
        let n = weeks.len();
        let range = n - self.measures.window.max(1).min(n)..n;
        let before = range.start.checked_sub(1).map_or(0.0, |week| weeks.delivered[week]);
        let done: Vec<f64> = weeks.delivered.iter().map(|count| (count - before).max(0.0)).collect();
        let waiting: Vec<f64> =
            weeks.open.iter().zip(&weeks.in_progress).map(|(open, begun)| (open - begun).max(0.0)).collect();
        let layer = |name: &str, values: &[f64]| Mark::Layer {
            name: name.to_owned(),
            points: self.series(values, range.clone()),
        };
        let mut marks = vec![layer("delivered", &done)];
        if self.measures.has_no_starts() {
            marks.push(layer("open", &weeks.open));
        } else {
            marks.push(layer("in progress", &weeks.in_progress));
            marks.push(layer("not begun", &waiting));
        }
        let (first, last) = (weeks.open[range.start], weeks.open[n - 1]);
        let title = format!(
            "Open work went from {} to {} in {}",
            words::whole(first as usize),
            words::count(last as usize, "item", "items"),
            words::count(range.len(), "week", "weeks")
        );
        let subtitle =
            "Items by how far they had come, at the end of each week; delivered counts from the left edge on"
                .to_owned();
        Timeline {
            heading: self.heading(title, subtitle),
            y_label: "Items".to_owned(),
            note: String::new(),
            days: (weeks.begin_of(range.start + 1), weeks.begin_of(n)),
            most: f64::NAN,
            marks,
            guides: Vec::new(),
        }
    }

    fn throughput(&self) -> Timeline {
        let weeks = &self.measures.weeks;
        let range = self.shown();
        let bar = |week: usize| (weeks.begin_of(week), weeks.begin_of(week + 1), weeks.finished[week]);
        let rate = &self.measures.throughput;
        let levels = self.measures.levels.iter().filter(|level| level.until > range.start);
        let mut guides: Vec<Guide> = levels
            .map(|level| Guide {
                name: String::new(),
                detail: String::new(),
                value: level.mean,
                days: Some((weeks.begin_of(level.from.max(range.start)), weeks.begin_of(level.until))),
                is_strong: true,
            })
            .collect();
        // Only the last level is named: its end is the right edge.
        if let Some(last) = guides.last_mut() {
            last.name = format!("{} a week", words::number(last.value));
            last.detail = "present level".to_owned();
        }
        let title = match self.measures.levels.as_slice() {
            [.., before, last] if before.until > range.start => format!(
                "Throughput went from {} to {} items a week in the week of {}",
                words::number(before.mean),
                words::number(last.mean),
                weeks.monday(last.from)
            ),
            _ => format!(
                "{} items a week, between {} and {} in the long run",
                words::number(rate.mean),
                words::number(rate.low),
                words::number(rate.high)
            ),
        };
        let subtitle = format!(
            "Items delivered in each week; the line is the level between changes. Over the last {} the variance is {} times the \
             mean, the correlation with the next week {}",
            words::count(rate.weeks, "week", "weeks"),
            words::number(rate.dispersion),
            words::number(rate.lag_one)
        );
        Timeline {
            heading: self.heading(title, subtitle),
            y_label: "Items delivered in the week".to_owned(),
            note: String::new(),
            days: (weeks.begin_of(range.start), weeks.begin_of(range.end)),
            most: f64::NAN,
            marks: vec![Mark::Bars(range.map(bar).collect())],
            guides: guides.into_iter().filter(|guide| guide.value.is_finite()).collect(),
        }
    }

    fn burn_up(&self) -> Timeline {
        let weeks = &self.measures.weeks;
        let range = self.shown();
        let scope: Vec<f64> =
            weeks.delivered.iter().zip(&weeks.open).map(|(done, open)| done + open).collect();
        let line = |name: &str, values: &[f64]| Mark::Line {
            name: name.to_owned(),
            points: self.series(values, range.clone()),
        };
        let gap = |week: usize| scope[week] - weeks.delivered[week];
        let (first, last) = (gap(range.start), gap(range.end - 1));
        let open = format!("open items went from {first:.0} to {last:.0}");
        let title = match last - first {
            more if more > 0.1 * first.max(10.0) => format!("More was asked for than delivered: {open}"),
            less if less < -0.1 * first.max(10.0) => format!("More was delivered than asked for: {open}"),
            _ => "About as much was delivered as was asked for".to_owned(),
        };
        let subtitle = "Items delivered so far, and all that were asked for so far and not dropped; between the lines lies what is open".to_owned();
        Timeline {
            heading: self.heading(title, subtitle),
            y_label: "Items".to_owned(),
            note: String::new(),
            days: (weeks.begin_of(range.start + 1), weeks.begin_of(range.end)),
            most: f64::NAN,
            marks: vec![line("delivered", &weeks.delivered), line("asked for", &scope)],
            guides: Vec::new(),
        }
    }
}
