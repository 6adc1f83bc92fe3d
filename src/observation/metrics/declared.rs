//! The metrics that mechanisms declare, put at their places among the others while the program is compiled.

use super::{ColumnPlace, Metric, PLACES, Read};
use model::declared::{is_same, nth as of};
use model::mechanisms::METRICS;
use model::metric::{self, Better};
use statistics::verdict::Direction;

/// Metrics in all: a name that stands among the places is one and the same.
const COUNT: usize = {
    let (mut count, mut nth) = (PLACES.len(), 0);
    while let Some(metric) = of(METRICS, nth) {
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
    while let Some(metric) = of(METRICS, nth) {
        if !has_place(metric.name) {
            all[count] = told(metric);
            count += 1;
        }
        nth += 1;
    }
    all
}

const fn at_place(place: &ColumnPlace) -> Metric {
    if let Some(entry) = place.entry {
        return entry;
    }
    let mut nth = 0;
    while let Some(metric) = of(METRICS, nth) {
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
            assert!(PLACES[at].entry.is_none(), "a mechanism's metric has the name of another");
            return true;
        }
        at += 1;
    }
    false
}
