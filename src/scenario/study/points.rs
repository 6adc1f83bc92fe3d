//! A study whose courses are the points of a grid.

use super::{Course, Reader, Refusal, Study, schema, with_pasts};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::scenario::{Document, PolicyText, Rates, assignment, policies};
use crate::units::Ticks;
use std::path::PathBuf;

/// One parameter's value at a point: a path and the value as written.
pub type Setting = (String, String);

impl Study {
    /// The same study with one course per point in place of its policies; the baseline stays first.
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
        let reader = Reader { schema: schema(), folder };
        let mut grid = Grid { reader: &reader, sources: &mut sources, problems: &mut problems };
        let courses = grid.courses(&self, points, worlds);
        match courses {
            Some(courses) if !problems.has_errors() => {
                self.courses.truncate(1);
                self.courses.extend(courses);
                self.courses = with_pasts(self.courses);
                if worlds {
                    self.courses[1..].iter_mut().for_each(|course| course.own_past = true);
                }
                Ok(self)
            }
            _ => Err(Box::new(Refusal { problems, sources })),
        }
    }
}

struct Grid<'a> {
    reader: &'a Reader,
    sources: &'a mut Sources,
    problems: &'a mut Diagnostics,
}

impl Grid<'_> {
    fn courses(&mut self, study: &Study, points: &[Vec<Setting>], worlds: bool) -> Option<Vec<Course>> {
        let base = self.base(study)?;
        let mut rates = Rates::new();
        self.reader.plan(&base, &mut rates, self.problems)?;
        let mut courses = Vec::with_capacity(points.len());
        for point in points {
            let mut own = if worlds { Rates::new() } else { rates.clone() };
            courses.push(self.course(&base, point, &mut own)?);
        }
        Some(courses)
    }

    /// The document as the baseline has it at the fork.
    fn base(&mut self, study: &Study) -> Option<Document> {
        let mut document = study.document.clone();
        let texts = policies(&document, &self.reader.schema, &study.scenario.clock, self.problems);
        let baseline: Option<&PolicyText> = texts.iter().find(|text| text.baseline);
        let phases = baseline.into_iter().flat_map(|text| &text.phases).filter(|phase| phase.after.is_none());
        for change in phases.flat_map(|phase| &phase.changes) {
            self.reader.apply(&mut document, change, baseline?, self.problems)?;
        }
        Some(document)
    }

    fn course(&mut self, base: &Document, point: &[Setting], rates: &mut Rates) -> Option<Course> {
        let mut document = base.clone();
        for (path, value) in point {
            let change = assignment(self.sources, "--vary", &format!("{path}={value}"));
            let set = change.and_then(|change| Ok((document.apply(&change, &self.reader.schema)?, change)));
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
        Some(Course {
            name: name.join(", "),
            description: None,
            baseline: false,
            phases: vec![(Ticks::ZERO, self.reader.plan(&document, rates, self.problems)?)],
            own_past: false,
            changes: point.iter().map(|(path, value)| (None, path.clone(), value.clone())).collect(),
        })
    }
}
