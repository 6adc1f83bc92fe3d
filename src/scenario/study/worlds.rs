//! The same study in other organisations: some numbers of the scenario replaced, everything compiled anew.

use super::{Refusal, Setting, Study, StudyReader, draft};
use crate::assignment;
use notation::diagnostic::{Diagnostic, Diagnostics, Sources};
use std::path::PathBuf;

/// Builds a study's variants, all from the document that the study was read from.
pub struct ParameterDraws<'a> {
    base: &'a Study,
    reader: StudyReader,
    policies: Vec<String>,
}

impl<'a> ParameterDraws<'a> {
    /// Variants of `base`; `folder` is where files that the scenario names are looked for.
    pub fn of(base: &'a Study, folder: PathBuf) -> ParameterDraws<'a> {
        let policies = base.timelines.iter().map(|timeline| timeline.name.clone()).collect();
        ParameterDraws { base, reader: StudyReader::beside(folder), policies }
    }

    /// The study with these values, past and demand included, under the same policies and seed.
    ///
    /// # Errors
    /// Everything that is wrong with the organisation that these values make.
    pub fn with(&self, settings: &[Setting]) -> Result<Study, Box<Refusal>> {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::new());
        match self.build(settings, &mut sources, &mut problems) {
            Some(mut study) if !problems.has_errors() => {
                study.scenario.seed = self.base.scenario.seed;
                study.warnings = problems;
                Ok(study)
            }
            _ => Err(Refusal::new(problems, sources)),
        }
    }

    fn build(
        &self,
        settings: &[Setting],
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Study> {
        let mut document = self.base.document.clone();
        let mut organisations = self.base.organisations.clone();
        for (path, value) in settings {
            let change = assignment(sources, "point", &format!("{path}={value}"));
            let set = change.and_then(|change| Ok((document.apply(&change, self.reader.schema)?, change)));
            match set {
                Ok((0, change)) => {
                    let problem = Diagnostic::error(format!("{path} matches nothing")).at(&change.at);
                    problems.push(problem);
                }
                Ok((_, change)) => organisations.amend(&change, self.reader.schema),
                Err(problem) => {
                    problems.push(problem);
                }
            }
        }
        if problems.has_errors() {
            return None;
        }
        let draft = draft(&self.base.name, document, organisations, self.reader.schema, problems)?;
        self.reader.compiled(draft, &self.policies, problems)
    }
}
