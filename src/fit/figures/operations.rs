//! Figures of what is live: deployments, incidents, and which of the first bring about the second.

use super::{A_WEEK, ENOUGH, Known, Sheet, View, percentile};
use crate::records::{Incident, Moment, Records};
use history::measure::delivery;

/// Counted beside a share, so that none is not infinitely few.
const SHARE: f64 = 0.01;
/// A tenth of an hour.
const HOUR: f64 = 0.1;
/// How rarely so many would leave so much of a window empty before the first, for it to be one: lists are cut off, too.
const RARELY: f64 = 0.001;

impl Known {
    /// What deployments and incidents tell of the last weeks.
    pub(super) fn operations(self, records: &Records, weeks: usize) -> Known {
        let from = records.since(weeks);
        let recent = |day: &i64| (from..records.today).contains(day);
        let deployed = records.deployments.iter().map(|one| one.day);
        let live = deployed.clone().filter(|day| recent(day)).count();
        let began: Vec<&Incident> = records.incidents.iter().filter(|one| recent(&one.started.day)).collect();
        let days = records.today - from;
        let reaches_back = |first: Option<i64>, many: usize| {
            first.is_some_and(|first| {
                let left = 1.0 - (first - from).max(0) as f64 / days as f64;
                libm::pow(left, many as f64) >= RARELY
            })
        };
        let deployments = live >= ENOUGH && reaches_back(deployed.min(), live);
        let incidents = reaches_back(records.incidents.first().map(|one| one.started.day), began.len())
            && !began.is_empty();
        let stated = began.iter().any(|one| one.deployment.is_some());
        let over = began.iter().filter(|one| one.ended.is_some()).count();
        Known {
            deployments,
            incidents,
            stated,
            failures: deployments && incidents && (stated || records.has_hours),
            recovery: incidents && records.has_hours && over >= ENOUGH,
            ..self
        }
    }
}

pub fn add(view: &View<'_>, sheet: &mut Sheet) {
    let (known, weeks) = (view.known, view.weeks as f64);
    let live: Vec<i64> =
        view.records.deployments.iter().filter(|one| view.is_in(one.day)).map(|one| one.second).collect();
    let began = || view.records.incidents.iter().filter(|one| view.is_in(one.started.day));
    if known.deployments {
        sheet.log("deployments a week", "deployments, a week", A_WEEK, live.len() as f64 / weeks);
    }
    if known.failures {
        let brought = began().map(|one| (one.started.second, one.deployment));
        let failed = delivery::failures(&live, brought, known.stated) as f64;
        sheet.log(
            "change failures",
            "share of deployments after which an incident began",
            SHARE,
            failed / live.len() as f64,
        );
    }
    if known.incidents {
        sheet.log("incidents a week", "incidents, a week", A_WEEK, began().count() as f64 / weeks);
        if known.stated {
            let others = began().filter(|one| one.deployment.is_none()).count() as f64;
            let title = "incidents that name no deployment, a week";
            sheet.log("other incidents a week", title, A_WEEK, others / weeks);
        }
    }
    if known.recovery {
        let hours = |end: Moment, one: &Incident| (end.second - one.started.second).max(0) as f64 / 3_600.0;
        let mut took: Vec<f64> = began().filter_map(|one| Some(hours(one.ended?, one))).collect();
        sheet.log("recovery p50", "time to recovery p50, hours", HOUR, percentile(&mut took, 0.5));
        sheet.log("recovery p85", "time to recovery p85, hours", HOUR, percentile(&mut took, 0.85));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{figures, tests::value};
    use super::*;
    use crate::records::Stated;

    /// Ten weeks with a deployment each day at nine; after each tenth an incident of two hours at ten, which names it or not.
    fn records(is_stated: bool) -> Records {
        let at = |day: i64, hour: i64| Moment { day, second: day * 86_400 + hour * 3_600 };
        let incident = |day: i64| Incident {
            started: at(day, 10),
            ended: Some(at(day, 12)),
            deployment: is_stated.then(|| Stated { second: at(day, 9).second, has_hour: true }),
        };
        Records {
            deployments: (0..50).map(|day| at(day, 9)).collect(),
            incidents: (0..5).map(|tenth| incident(tenth * 10)).collect(),
            has_hours: true,
            today: 50,
            a_week: 5,
            ..Records::default()
        }
    }

    #[test]
    fn a_deployment_a_day_by_hand() {
        for is_stated in [true, false] {
            let records = records(is_stated);
            let known = Known::of(&records, 10);
            assert!(known.deployments && known.failures && known.incidents && known.recovery);
            assert_eq!(known.stated, is_stated);
            let all = figures(&records, 10, known);
            let found =
                ["deployments a week", "change failures", "incidents a week", "recovery p50", "recovery p85"]
                    .map(|name| value(&all, name));
            assert_eq!(found, [5.0, 0.1, 0.5, 2.0, 2.0]);
            let others = all.iter().find(|figure| figure.name == "other incidents a week");
            assert_eq!(others.map(|figure| figure.value), is_stated.then_some(0.0));
        }
    }

    #[test]
    fn what_nobody_wrote_down_is_left_out() {
        let mut days = records(false);
        days.has_hours = false;
        let known = Known::of(&days, 10);
        // Whether an incident began within a day of a deployment cannot be seen by days.
        assert!(known.deployments && known.incidents && !known.failures && !known.recovery);
        let mut cut = records(true);
        cut.incidents.iter_mut().for_each(|one| one.started.day = 46);
        // Five in the last days, and none before: a list that was cut off, and no rate of ten weeks.
        assert!(!Known::of(&cut, 10).incidents);
        cut.incidents.clear();
        let known = Known::of(&cut, 10);
        assert!(known.deployments && !known.incidents && !known.failures);
    }
}
