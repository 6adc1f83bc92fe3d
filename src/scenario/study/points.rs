//! A study whose timelines are the points of a grid.

use super::organisations::is_asked;
use super::{PolicyTimeline, Refusal, Study, StudyReader, simulated, with_pasts};
use crate::tables::StopTable;
use crate::{Document, PolicyText, Rates, assignment, policies};
use kernel::units::Ticks;
use notation::Span;
use notation::diagnostic::{Diagnostic, Diagnostics, Sources};
use std::path::PathBuf;

/// One parameter's value at a point: a path and the value as written.
pub type Setting = (String, String);

impl Study {
    /// The same study with one timeline per point in place of its policies; the baseline stays first.
    ///
    /// Points change what the baseline is at the fork. As policies they share its past and its
    /// demand; as `worlds` each has a past and a demand of its own. `folder` is where files that the
    /// scenario names are looked for.
    ///
    /// # Errors
    /// When a point's path leads nowhere or its value is wrong.
    pub fn with_points(
        mut self,
        folder: PathBuf,
        points: &[Vec<Setting>],
        worlds: bool,
    ) -> Result<Study, Box<Refusal>> {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::new());
        let reader = StudyReader::beside(folder);
        let mut grid = PointGrid { reader: &reader, sources: &mut sources, problems: &mut problems };
        let timelines = grid.timelines(&self, points, worlds);
        match timelines {
            Some(timelines) if !problems.has_errors() => {
                self.timelines.truncate(1);
                self.timelines.extend(timelines);
                self.timelines = with_pasts(self.timelines);
                if worlds {
                    self.timelines[1..].iter_mut().for_each(|timeline| timeline.own_past = true);
                }
                Ok(self)
            }
            _ => Err(Refusal::new(problems, sources)),
        }
    }
}

/// The path of the number of items that ends a replication.
const STOP: &str = "stop.items";

struct PointGrid<'a> {
    reader: &'a StudyReader,
    sources: &'a mut Sources,
    problems: &'a mut Diagnostics,
}

impl PointGrid<'_> {
    fn timelines(
        &mut self,
        study: &Study,
        points: &[Vec<Setting>],
        worlds: bool,
    ) -> Option<Vec<PolicyTimeline>> {
        let base = simulated(&self.base(study)?);
        let mut rates = Rates::new();
        self.reader.plan(&base, &mut rates, self.problems)?;
        let mut timelines = Vec::with_capacity(points.len());
        for (number, point) in points.iter().enumerate() {
            let mut own = if worlds { Rates::new() } else { rates.clone() };
            let mut timeline = self.timeline(&base, (number, point), &mut own)?;
            timeline.horizon = self.horizon(study, point)?;
            timeline.stop = self.stop(point)?;
            timelines.push(timeline);
        }
        Some(timelines)
    }

    /// The document as the baseline has it at the fork.
    fn base(&mut self, study: &Study) -> Option<Document> {
        let mut document = study.document.clone();
        let texts = policies(&document, self.reader.schema, &study.scenario.clock, self.problems);
        let baseline: Option<&PolicyText> = texts.iter().find(|text| text.baseline);
        let phases = baseline.into_iter().flat_map(|text| &text.phases).filter(|phase| phase.after.is_none());
        for change in phases.flat_map(|phase| &phase.changes) {
            self.reader.apply(&mut document, change, baseline?, self.problems)?;
        }
        Some(document)
    }

    /// How long a point runs, where that is varied. What else the study asks is the same at every point.
    fn horizon(&mut self, study: &Study, point: &[Setting]) -> Option<Option<Ticks>> {
        let mut horizon = None;
        for (path, value) in point {
            if path == "horizon" {
                let span: Span = value.parse().ok()?;
                let hours = span.hours(&study.scenario.clock);
                if hours <= study.warmup.hours() {
                    let message = format!("horizon = {value}: nothing would be measured");
                    let help = "a horizon must be longer than the warm-up";
                    self.problems.push(Diagnostic::error(message).with_help(help));
                    return None;
                }
                horizon = Some(Ticks::from_hours(hours));
            } else if is_asked(path) && path != STOP {
                let message = format!("{path} is the same at every point of a sweep");
                let help = "`--set` it for all of them; of what a study asks only `horizon` and `stop.items` may vary";
                self.problems.push(Diagnostic::error(message).with_help(help));
                return None;
            }
        }
        Some(horizon)
    }

    /// After how many items a point ends, where that is varied.
    fn stop(&mut self, point: &[Setting]) -> Option<Option<StopTable>> {
        let Some((_, value)) = point.iter().find(|(path, _)| path == STOP) else { return Some(None) };
        match value.parse() {
            Ok(items) if items > 0 => Some(Some(StopTable::Items(items))),
            _ => {
                let message = format!("{STOP} = {value}: a number of items of at least 1 is required");
                self.problems.push(Diagnostic::error(message));
                None
            }
        }
    }

    fn timeline(
        &mut self,
        base: &Document,
        (number, point): (usize, &[Setting]),
        rates: &mut Rates,
    ) -> Option<PolicyTimeline> {
        let mut document = base.clone();
        let name = format!("point {number}");
        for (path, value) in point {
            let change = assignment(self.sources, &name, &format!("{path}={value}"));
            let set = change.and_then(|change| Ok((document.apply(&change, self.reader.schema)?, change)));
            match set {
                Ok((0, change)) => {
                    let problem = Diagnostic::error(format!("{path} matches nothing")).at(&change.at);
                    self.problems.push(problem);
                    return None;
                }
                Ok(_) => {}
                Err(problem) => {
                    self.problems.push(problem);
                    return None;
                }
            }
        }
        let name: Vec<String> = point.iter().map(|(path, value)| format!("{path} = {value}")).collect();
        Some(PolicyTimeline {
            name: name.join(", "),
            description: None,
            baseline: false,
            phases: vec![(Ticks::ZERO, self.reader.plan(&document, rates, self.problems)?)],
            own_past: false,
            changes: point.iter().map(|(path, value)| (None, path.clone(), value.clone())).collect(),
            horizon: None,
            stop: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Amendments;

    fn points(text: &str, path: &str, values: &[&str]) -> Result<Study, String> {
        let said = |refusal: Box<Refusal>| format!("{:?}", refusal.problems);
        let (study, _) = Study::from_text("test.toml", text.as_bytes(), ".".into(), &Amendments::default())
            .map_err(|refusal| format!("{:?}", refusal.problems))?;
        let points: Vec<Vec<Setting>> =
            values.iter().map(|value| vec![(path.to_owned(), (*value).to_owned())]).collect();
        study.with_points(".".into(), &points, false).map_err(said)
    }

    const TEAM: &str =
        "extends = \"typical\"\nwarmup = \"1 week\"\n[[team]]\nname = \"dev\"\nengineers = 5\n";

    #[test]
    fn every_point_runs_its_own_horizon_and_is_asked_the_same() {
        let study = points(TEAM, "horizon", &["4 weeks", "1 year"]).expect("points");
        let day = study.scenario.clock.hours_per_day;
        let hours: Vec<f64> =
            study.timelines.iter().filter_map(|timeline| Some(timeline.horizon?.hours() / day)).collect();
        assert_eq!(hours, [20.0, study.scenario.clock.days_per_year]);
        let stopped = format!("stop = {{ items = 5 }}\n{TEAM}");
        let study = points(&stopped, "stop.items", &["20", "40"]).expect("points");
        let stops: Vec<_> = study.timelines.iter().map(|timeline| timeline.stop).collect();
        assert_eq!(stops, [None, Some(StopTable::Items(20)), Some(StopTable::Items(40))]);
        for (path, value, said) in [
            ("seed", "3", "is the same at every point"),
            ("past", "none", "is the same at every point"),
            ("horizon", "3 days", "nothing would be measured"),
            ("horizon", "soon", "soon"),
        ] {
            let refused = points(TEAM, path, &[value]).expect_err("refused");
            assert!(refused.contains(said), "{path} = {value}: {refused}");
        }
        let policy = format!("{TEAM}[policy.now]\nbaseline = true\n[policy.long]\nhorizon = \"4 years\"\n");
        let refused = points(&policy, "seed", &[]).expect_err("refused");
        assert!(refused.contains("is the same for all policies"), "{refused}");
    }
}
