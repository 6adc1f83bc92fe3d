//! The metrics that mechanisms declare, put at their places among the others while the program is compiled.

use super::{Metric, PLACES, Place, Read};
use model::mechanisms::METRICS;
use model::metric::{self, Better};
use statistics::verdict::Direction;

/// Metrics in all: a name that stands among the places is one and the same.
const COUNT: usize = {
    let (mut count, mut nth) = (PLACES.len(), 0);
    while let Some(metric) = declared(nth) {
        count += !has_place(metric.name) as usize;
        nth += 1;
    }
    count
};

pub(super) const fn all() -> [Metric; COUNT] {
    let mut all = [at_place(&PLACES[0]); COUNT];
    let mut count = 0;
    while count < PLACES.len() {
        all[count] = at_place(&PLACES[count]);
        count += 1;
    }
    let mut nth = 0;
    while let Some(metric) = declared(nth) {
        if !has_place(metric.name) {
            all[count] = told(metric);
            count += 1;
        }
        nth += 1;
    }
    all
}

/// The nth of all that mechanisms declare.
const fn declared(mut nth: usize) -> Option<&'static metric::Metric> {
    let mut at = 0;
    while at < METRICS.len() {
        if nth < METRICS[at].len() {
            return Some(&METRICS[at][nth]);
        }
        nth -= METRICS[at].len();
        at += 1;
    }
    None
}

const fn at_place(place: &Place) -> Metric {
    if let Some(entry) = place.entry {
        return entry;
    }
    let mut nth = 0;
    while let Some(metric) = declared(nth) {
        if is_same(metric.name, place.name) {
            return told(metric);
        }
        nth += 1;
    }
    panic!("no mechanism declares a metric whose place is kept")
}

const fn told(metric: &metric::Metric) -> Metric {
    Metric {
        name: metric.name,
        title: metric.title,
        unit: metric.unit,
        better: match metric.better {
            Some(Better::Higher) => Some(Direction::HigherIsBetter),
            Some(Better::Lower) => Some(Direction::LowerIsBetter),
            None => None,
        },
        definition: metric.definition,
        read: Read::Kept(metric.reads),
    }
}

const fn has_place(name: &str) -> bool {
    let mut at = 0;
    while at < PLACES.len() {
        if is_same(PLACES[at].name, name) {
            return true;
        }
        at += 1;
    }
    false
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}
