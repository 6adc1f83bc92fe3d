//! Figures: what the last weeks of any records come to, for a real history and a simulated one alike.

mod flow;
mod operations;
mod rework;
mod wholes;

use crate::records::{Class, Records};
use statistics::interval;
use statistics::moments::{mean, variance};

/// How a figure is looked at by a regression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// The logarithm, once this much is added: counts may be 0, and times shorter than a day.
    Log(f64),
    Plain,
}

impl Scale {
    pub fn of(self, value: f64) -> f64 {
        match self {
            Scale::Log(added) => libm::log(value.max(0.0) + added),
            Scale::Plain => value,
        }
    }
}

/// A number of the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub name: &'static str,
    /// As people read it, with its unit.
    pub title: &'static str,
    pub scale: Scale,
    /// Not a number where there was nothing to measure.
    pub value: f64,
}

/// What of a history can be looked at: a figure that it has no column for is left out of all others too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub created: bool,
    pub started: bool,
    pub dropped: bool,
    pub open: bool,
    pub people: bool,
    pub parents: bool,
    pub unplanned: bool,
    pub upkeep: bool,
    pub deployments: bool,
    pub incidents: bool,
    /// Which deployments failed, by what incidents say or by the hours between.
    pub failures: bool,
    /// Whether incidents say which deployment brought them about.
    pub stated: bool,
    /// How long incidents took.
    pub recovery: bool,
    /// Moves between statuses.
    pub moves: bool,
    /// How first reviews ended.
    pub reviewed: bool,
}

/// So many items, or weeks of people, must have a thing for it to be looked at.
const ENOUGH: usize = 5;
/// The share of items that must have a thing.
const MOST: f64 = 0.5;
/// Counted once more a quarter, so that none is not infinitely few.
const A_WEEK: f64 = 0.08;

impl Known {
    /// What these records tell of their last weeks.
    pub fn of(records: &Records, weeks: usize) -> Known {
        let from = records.since(weeks);
        let recent: Vec<&crate::records::Item> =
            records.items.iter().filter(|item| item.ended.is_none_or(|day| day >= from)).collect();
        let count =
            |is: &dyn Fn(&crate::records::Item) -> bool| recent.iter().filter(|item| is(item)).count();
        let done = count(&|item| item.delivered);
        let most_done = |has: &dyn Fn(&crate::records::Item) -> bool| {
            let with = count(&|item| item.delivered && has(item));
            with >= ENOUGH && with as f64 >= MOST * done as f64
        };
        let known = Known {
            created: most_done(&|item| item.created.is_some()),
            started: most_done(&|item| item.started.is_some()),
            dropped: count(&|item| item.ended.is_some() && !item.delivered) > 0,
            open: count(&|item| item.ended.is_none()) > 0,
            people: records.people.iter().filter(|(day, _)| *day >= from).count() >= ENOUGH,
            parents: count(&|item| item.parent.is_some()) >= ENOUGH,
            unplanned: count(&|item| item.class == Class::Unplanned) >= ENOUGH,
            upkeep: count(&|item| item.class == Class::Upkeep) >= ENOUGH,
            moves: records.has_moves,
            ..Known::default()
        };
        known.operations(records, weeks).reviews(records, weeks)
    }

    /// Everything that a simulated tracker tells that keeps no moves, and no deployment or incident.
    pub fn items() -> Known {
        Known {
            deployments: false,
            incidents: false,
            failures: false,
            stated: false,
            recovery: false,
            moves: false,
            reviewed: false,
            ..Known::all()
        }
    }

    /// Everything that simulated tools tell.
    pub fn all() -> Known {
        Known {
            created: true,
            started: true,
            dropped: true,
            open: true,
            people: true,
            parents: true,
            unplanned: true,
            upkeep: true,
            deployments: true,
            incidents: true,
            failures: true,
            stated: true,
            recovery: true,
            moves: true,
            reviewed: true,
        }
    }

    /// The class that an item counts in: what a history does not tell apart is planned.
    fn class(&self, class: Class) -> Class {
        match class {
            Class::Unplanned if !self.unplanned => Class::Planned,
            Class::Upkeep if !self.upkeep => Class::Planned,
            class => class,
        }
    }
}

/// The last weeks of some records, as far as they are looked at.
struct View<'a> {
    records: &'a Records,
    known: Known,
    weeks: usize,
    /// The first working day of the window.
    from: i64,
}

impl<'a> View<'a> {
    fn of_last(records: &'a Records, weeks: usize, known: Known) -> View<'a> {
        View { records, known, weeks, from: records.since(weeks) }
    }

    /// The working day with which each week ends.
    fn ends(&self) -> impl Iterator<Item = i64> + '_ {
        (1..=self.weeks as i64).map(|week| self.from + week * self.records.a_week)
    }

    /// How many of these days lie in each week of the window.
    fn weekly(&self, days: impl Iterator<Item = i64>) -> Vec<f64> {
        let mut counts = vec![0.0; self.weeks];
        for day in days {
            let week = (day - self.from).div_euclid(self.records.a_week);
            if let Some(count) = usize::try_from(week).ok().and_then(|week| counts.get_mut(week)) {
                *count += 1.0;
            }
        }
        counts
    }

    fn is_in(&self, day: i64) -> bool {
        (self.from..self.records.today).contains(&day)
    }
}

/// Figures as they are collected.
#[derive(Default)]
struct Sheet(Vec<Figure>);

impl Sheet {
    fn log(&mut self, name: &'static str, title: &'static str, added: f64, value: f64) {
        self.0.push(Figure { name, title, scale: Scale::Log(added), value });
    }

    fn plain(&mut self, name: &'static str, title: &'static str, value: f64) {
        self.0.push(Figure { name, title, scale: Scale::Plain, value });
    }
}

/// All figures of the last weeks: the same ones in the same order for the same `known`.
pub fn figures(records: &Records, weeks: usize, known: Known) -> Vec<Figure> {
    let view = View::of_last(records, weeks, known);
    let mut sheet = Sheet::default();
    flow::add(&view, &mut sheet);
    wholes::add(&view, &mut sheet);
    operations::add(&view, &mut sheet);
    rework::add(&view, &mut sheet);
    sheet.0
}

/// Items delivered in each of the last weeks, for a picture.
pub fn throughput(records: &Records, weeks: usize) -> Vec<f64> {
    let view = View::of_last(records, weeks, Known::all());
    view.weekly(records.items.iter().filter(|item| item.delivered).filter_map(|item| item.ended))
}

/// Working days from start to end, or from creation where nobody knows of starts, of all items delivered in the last weeks;
/// ascending.
pub fn times(records: &Records, weeks: usize, known: Known) -> Vec<f64> {
    let from = records.since(weeks);
    let time = |item: &crate::records::Item| {
        let begun = if known.started { item.started } else { item.created }?;
        let ended = item.ended.filter(|day| item.delivered && *day >= from)?;
        Some((ended - begun).max(0) as f64)
    };
    let mut times: Vec<f64> = records.items.iter().filter_map(time).collect();
    times.sort_by(f64::total_cmp);
    times
}

/// A percentile of values in any order.
fn percentile(values: &mut [f64], p: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    interval::percentile(values, p)
}

/// The variance over the mean.
fn dispersion(values: &[f64]) -> f64 {
    variance(values) / mean(values)
}

/// The correlation of each value with the next.
fn lag_one(values: &[f64]) -> f64 {
    let mean = mean(values);
    let square: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let product: f64 = values.windows(2).map(|two| (two[0] - mean) * (two[1] - mean)).sum();
    product / square
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{Item, Reviewed};

    /// Two items a week for ten weeks, each begun on the day of its creation; one in ten is dropped, one in ten a bug.
    pub(super) fn records() -> Records {
        let item = |at: i64| Item {
            class: if at % 10 == 3 { Class::Unplanned } else { Class::Planned },
            created: Some(at * 5 / 2),
            started: Some(at * 5 / 2),
            ended: Some(at * 5 / 2 + 4).filter(|day| *day < 50),
            delivered: at % 10 != 4 && at * 5 / 2 + 4 < 50,
            parent: Some(at as u32 / 4),
            // Each of the planned is read the day before it ends, and every third is sent back.
            reviewed: (at % 10 != 3).then_some(Reviewed { day: at * 5 / 2 + 3, is_back: at % 3 == 0 }),
        };
        Records {
            items: (0..20).map(item).collect(),
            people: (0..10).map(|week| (week * 5, 3)).collect(),
            moving: (0..10).map(|week| (week * 5, 4)).collect(),
            today: 50,
            a_week: 5,
            ..Records::default()
        }
    }

    pub(super) fn value(figures: &[Figure], name: &str) -> f64 {
        figures.iter().find(|figure| figure.name == name).unwrap_or_else(|| panic!("no {name}")).value
    }

    #[test]
    fn a_steady_team_by_hand() {
        let all = figures(&records(), 10, Known::all());
        assert_eq!(value(&all, "planned created a week"), 1.8);
        // 18 planned; two of them dropped, and the last is open.
        assert_eq!(value(&all, "planned done a week"), 1.5);
        assert_eq!(value(&all, "planned cycle p50"), 4.0);
        assert_eq!(value(&all, "planned dropped a week"), 0.2);
        assert_eq!(value(&all, "people a week"), 4.0);
        assert_eq!(value(&figures(&records(), 10, Known::items()), "people a week"), 3.0);
        assert_eq!(value(&all, "items of a whole"), 4.0);
        assert_eq!(value(&all, "not begun"), 0.0);
        let names: Vec<&str> = all.iter().map(|figure| figure.name).collect();
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), names.len(), "each figure has a name of its own");
    }

    #[test]
    fn what_a_history_does_not_know_is_left_out_of_all() {
        let mut bare = records();
        bare.people.clear();
        bare.items.iter_mut().for_each(|item| (item.started, item.parent) = (None, None));
        let known = Known::of(&bare, 10);
        assert!(!known.people && !known.started && !known.parents && known.created && !known.unplanned);
        let (a, b) = (figures(&bare, 10, known), figures(&records(), 10, known));
        let names = |figures: &[Figure]| figures.iter().map(|figure| figure.name).collect::<Vec<_>>();
        assert_eq!(names(&a), names(&b));
        assert!(names(&a).iter().all(|name| !name.contains("cycle") && !name.contains("people")));
        // Bugs are planned work to those who don't tell them apart.
        assert_eq!(value(&b, "planned created a week"), 2.0);
    }

    #[test]
    fn moments_of_weeks_by_hand() {
        assert_eq!(dispersion(&[1.0, 3.0]), 1.0);
        assert!((lag_one(&[1.0, 3.0, 1.0, 3.0]) + 0.75).abs() < 1e-12);
        assert_eq!(throughput(&records(), 10).iter().sum::<f64>(), 17.0);
        assert_eq!(times(&records(), 10, Known::all()), vec![4.0; 17]);
    }
}
