//! A study: a scenario read, checked and compiled under each of its policies, ready to be run.

mod asked;
mod claims;
mod idle;
mod inert;
mod lint;
mod on;
mod organisations;
mod points;
mod portable;
mod rollout;
mod said;
mod worlds;

pub use points::Setting;
pub use portable::Data;
pub use rollout::{Rollout, RolloutSteps};
pub use worlds::ParameterDraws;

use organisations::{Organisations, is_asked};

use super::document::Value;
use super::files::Shelf;
use super::tables::{Past, Scenario, StopTable};
use super::{Change, Document, Library, PolicyText, Rates, assignment, check, compile, load, policies};
use kernel::units::{Instant, Ticks};
use model::compiled_plan::CompiledPlan;
use model::mechanisms::Tables;
use model::mechanisms::verification::builds_otherwise;
use notation::diagnostic::{Diagnostic, Diagnostics, Sources, advice};
use observation::outcome::{Column, columns};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::path::{Path as FilePath, PathBuf};
use std::sync::LazyLock;

/// What the command line adds to a scenario.
#[derive(Clone, Debug, Default)]
pub struct Amendments {
    /// Changes to the described organisation, past included: `path=value`.
    pub set: Vec<String>,
    /// Only these policies, and the baseline.
    pub policies: Vec<String>,
}

/// One policy's plans: the one in force at the fork, and those at later dates.
#[derive(Clone, Debug)]
pub struct PolicyTimeline {
    pub name: String,
    pub description: Option<String>,
    pub baseline: bool,
    /// Plans with the time after the fork from which they hold; the first holds from the fork.
    pub phases: Vec<(Ticks, CompiledPlan)>,
    /// Whether it runs a past of its own, because its plan has another shape.
    pub own_past: bool,
    /// What it changes, as written: (after, path, value).
    pub changes: Vec<(Option<String>, String, String)>,
    /// How long it runs from the fork, where a sweep varies that; else as long as the study says.
    pub horizon: Option<Ticks>,
    /// What ends it before that, where a sweep varies it; else what the study says.
    pub stop: Option<StopTable>,
}

/// A scenario ready to be run.
#[derive(Clone, Debug)]
pub struct Study {
    pub scenario: Scenario,
    /// The baseline first, the others in the order of the file.
    pub timelines: Vec<PolicyTimeline>,
    pub columns: Vec<Column>,
    pub past: Ticks,
    pub warmup: Ticks,
    pub horizon: Ticks,
    /// How long replications go on after the window under the baseline's settings; none unless it is asked for.
    pub run_off: Ticks,
    /// The first 16 hexadecimal digits of the SHA-256 of the merged document's canonical text.
    pub hash: String,
    /// The scenario's name: its file's, without folder and ending.
    pub name: String,
    /// The scenario's file, where it was read from one, and those that it extends or takes organisations from.
    pub files: Vec<PathBuf>,
    /// Warnings that do not prevent a run.
    pub warnings: Diagnostics,
    pub document: Document,
    organisations: Organisations,
}

/// Everything that is wrong with a scenario, and the texts to draw it over.
#[derive(Debug)]
pub struct Refusal {
    pub problems: Diagnostics,
    pub sources: Sources,
}

impl Refusal {
    /// All that was found, each with what to do about it.
    pub fn new(mut problems: Diagnostics, sources: Sources) -> Box<Refusal> {
        problems.advise();
        Box::new(Refusal { problems, sources })
    }
}

/// The JSON schema of scenarios.
pub fn schema() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(Scenario).to_value());
    &SCHEMA
}

impl Study {
    /// Reads a scenario from a file.
    ///
    /// # Errors
    /// Everything that is wrong with it, all at once.
    pub fn read(path: &FilePath, amendments: &Amendments) -> Result<(Study, Sources), Box<Refusal>> {
        Study::read_on(path, None, amendments)
    }

    /// Reads a scenario from text; `folder` is where files it names are looked for.
    ///
    /// # Errors
    /// Everything that is wrong with it, all at once.
    pub fn from_text(
        name: &str,
        bytes: &[u8],
        folder: PathBuf,
        amendments: &Amendments,
    ) -> Result<(Study, Sources), Box<Refusal>> {
        StudyReader::beside(folder).read(name, bytes, amendments)
    }

    /// The instant at which a replication begins.
    pub fn first(&self) -> Instant {
        self.baseline().phases[0].1.first()
    }

    /// The instant at which policies part.
    pub fn fork(&self) -> Instant {
        self.first() + self.past
    }

    pub fn baseline(&self) -> &PolicyTimeline {
        &self.timelines[0]
    }

    /// The stretch that is measured, in hours from the beginning.
    pub fn window(&self) -> std::ops::Range<f64> {
        (self.past + self.warmup).hours()..(self.past + self.horizon).hours()
    }

    /// Has replications go on after the window for as long as the scenario says.
    pub fn live_run_off(&mut self) {
        let clock = &self.scenario.clock;
        self.run_off = self.scenario.run_off.map_or(Ticks::ZERO, |span| Ticks::from_hours(span.hours(clock)));
    }

    /// How long a timeline runs from the fork.
    pub fn horizon_of(&self, timeline: &PolicyTimeline) -> Ticks {
        timeline.horizon.unwrap_or(self.horizon)
    }
}

/// A scenario that has been read and not yet compiled.
struct Draft {
    name: String,
    document: Document,
    scenario: Scenario,
    texts: Vec<PolicyText>,
    organisations: Organisations,
}

fn draft(
    name: &str,
    document: Document,
    organisations: Organisations,
    schema: &Json,
    problems: &mut Diagnostics,
) -> Option<Draft> {
    let scenario: Scenario = deserialize(&document, problems)?;
    let texts = policies(&document, schema, &scenario.clock, problems);
    Some(Draft { name: name.to_owned(), document, scenario, texts, organisations })
}

struct StudyReader {
    schema: &'static Json,
    folder: PathBuf,
    files: Shelf,
    /// The typical organisation in the place of the one that a scenario extends.
    on: Option<String>,
}

impl StudyReader {
    /// Reads scenarios, with files that they name looked for in this folder.
    fn beside(folder: PathBuf) -> StudyReader {
        StudyReader { schema: schema(), files: Shelf::beside(&folder), folder, on: None }
    }

    /// The study, or everything that is wrong with it.
    fn read(
        &self,
        name: &str,
        bytes: &[u8],
        amendments: &Amendments,
    ) -> Result<(Study, Sources), Box<Refusal>> {
        let mut sources = Sources::default();
        let mut problems = Diagnostics::new();
        match self.study(name, bytes, amendments, &mut sources, &mut problems) {
            Some(mut study) if !problems.has_errors() => {
                study.warnings = problems;
                Ok((study, sources))
            }
            _ => Err(Refusal::new(problems, sources)),
        }
    }

    fn study(
        &self,
        name: &str,
        bytes: &[u8],
        amendments: &Amendments,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Study> {
        let library = self.library(problems)?;
        let mut document = load(sources, name, bytes, &library as &dyn Library, self.schema, problems)?;
        self.on_is_extended(&document, problems);
        check(&document, self.schema, problems);
        for argument in &amendments.set {
            self.amend(&mut document, argument, sources, problems);
        }
        if problems.has_errors() {
            return None;
        }
        let mut draft = draft(name, document, Organisations::default(), self.schema, problems)?;
        said::check(&draft.scenario, &draft.document, self.schema, problems);
        draft.organisations =
            Organisations::read(self, &draft.texts, &amendments.set, &library, sources, problems);
        lint::warn_of_idle(&draft.document, &draft.texts, self.schema, problems);
        lint::warn_of_late(&draft.texts, problems);
        let mut study = self.compiled(draft, &amendments.policies, problems)?;
        study.files = library.found();
        lint::gates_take_time(&study, problems);
        inert::remark(&study, problems);
        Some(study)
    }

    /// Compiles a document that has been checked under the policies asked for.
    fn compiled(&self, draft: Draft, wanted: &[String], problems: &mut Diagnostics) -> Option<Study> {
        let Draft { name, document, scenario, texts, organisations } = draft;
        let scenario = asked::called_by_name(scenario);
        asked::check(&scenario, problems);
        claims::check(&scenario, problems);
        let mut timelines = self.timelines(&simulated(&document), texts, &organisations, problems)?;
        choose(&mut timelines, wanted, problems);
        document.locate_all(problems);
        if problems.has_errors() {
            return None;
        }
        let clock = scenario.clock;
        let ticks = |span: notation::Span| Ticks::from_hours(span.hours(&clock));
        let past = match &scenario.past {
            Past::None => Ticks::ZERO,
            Past::Common(span) => ticks(*span),
            Past::Own => Ticks::from_hours(clock.days_per_year * clock.hours_per_day),
        };
        if scenario.past == Past::Own {
            timelines.iter_mut().for_each(|timeline| timeline.own_past = true);
        }
        Some(Study {
            past,
            warmup: ticks(scenario.warmup),
            horizon: ticks(scenario.horizon),
            run_off: Ticks::ZERO,
            columns: columns(&timelines[0].phases[0].1),
            hash: hash(&document, &organisations),
            name: FilePath::new(&name)
                .file_stem()
                .map_or("scenario".into(), |stem| stem.to_string_lossy().into()),
            files: Vec::new(),
            scenario,
            timelines,
            warnings: Diagnostics::new(),
            document,
            organisations,
        })
    }

    fn amend(
        &self,
        document: &mut Document,
        argument: &str,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) {
        let change = assignment(sources, "--set", argument);
        match change.and_then(|change| Ok((document.apply(&change, self.schema)?, change))) {
            Ok((0, change)) => {
                problems.push(Diagnostic::error(format!("{} matches nothing", change.path)).at(&change.at));
            }
            Ok(_) => check(document, self.schema, problems),
            Err(problem) => {
                problems.push(problem);
            }
        }
    }

    /// Compiles the baseline and every policy. A scenario without policies has one timeline.
    fn timelines(
        &self,
        document: &Document,
        mut texts: Vec<PolicyText>,
        organisations: &Organisations,
        problems: &mut Diagnostics,
    ) -> Option<Vec<PolicyTimeline>> {
        texts.sort_by_key(|text| !text.baseline);
        let mut rates = Rates::new();
        if texts.first().is_none_or(|text| !text.baseline) {
            let plan = self.plan(document, &mut rates, problems)?;
            let base = PolicyTimeline {
                name: if texts.is_empty() { "scenario".into() } else { "as it is".into() },
                description: None,
                baseline: true,
                phases: vec![(Ticks::ZERO, plan)],
                own_past: false,
                changes: Vec::new(),
                horizon: None,
                stop: None,
            };
            let others: Vec<PolicyTimeline> = texts
                .iter()
                .filter_map(|text| self.timeline(document, text, organisations, &mut rates, problems))
                .collect();
            return Some(with_pasts([vec![base], others].concat()));
        }
        let timelines: Vec<PolicyTimeline> = texts
            .iter()
            .filter_map(|text| self.timeline(document, text, organisations, &mut rates, problems))
            .collect();
        (timelines.len() == texts.len()).then(|| with_pasts(timelines))
    }

    fn timeline(
        &self,
        document: &Document,
        text: &PolicyText,
        organisations: &Organisations,
        rates: &mut Rates,
        problems: &mut Diagnostics,
    ) -> Option<PolicyTimeline> {
        let mut document = document.clone();
        let mut phases = Vec::new();
        let (mut changes, mut in_force) = (Vec::new(), Vec::new());
        let calendar = deserialize(&document, problems)?.clock;
        for phase in &text.phases {
            let offset = phase.after.map_or(Ticks::ZERO, |span| Ticks::from_hours(span.hours(&calendar)));
            if offset > Ticks::ZERO && phases.is_empty() {
                phases.push((Ticks::ZERO, self.plan(&document, rates, problems)?));
            }
            let after = phase.after.map(|span| span.to_string());
            if let Some((name, _)) = &phase.organisation {
                document = organisations.take(name, &document, &in_force, self)?;
                changes.push((after.clone(), "organisation".to_owned(), name.clone()));
            }
            for change in &phase.changes {
                self.apply(&mut document, change, text, problems)?;
                in_force.push(change.clone());
                let after = after.clone();
                changes.push((after, change.path.to_string(), change.value.canonical()));
            }
            phases.push((offset, self.plan(&document, rates, problems)?));
        }
        if phases.is_empty() {
            phases.push((Ticks::ZERO, self.plan(&document, rates, problems)?));
        }
        Some(PolicyTimeline {
            name: text.name.clone(),
            description: text.description.clone(),
            baseline: text.baseline,
            phases,
            own_past: text.own_past,
            changes,
            horizon: None,
            stop: None,
        })
    }

    fn apply(
        &self,
        document: &mut Document,
        change: &Change,
        text: &PolicyText,
        problems: &mut Diagnostics,
    ) -> Option<()> {
        if is_asked(&change.path.to_string()) {
            let message = format!("policy `{}`: {} is the same for all policies", text.name, change.path);
            let help =
                "write it above the policies, or `--set` it; `sweep --vary horizon=…` varies the horizon";
            problems.push(Diagnostic::error(message).at(&change.at).with_help(help));
            return None;
        }
        match document.apply(change, self.schema) {
            Ok(0) => {
                let message = format!("policy `{}`: {} matches nothing here", text.name, change.path);
                problems.push(Diagnostic::error(message).at(&change.at));
                None
            }
            Ok(_) => Some(()),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    fn plan(
        &self,
        document: &Document,
        rates: &mut Rates,
        problems: &mut Diagnostics,
    ) -> Option<CompiledPlan> {
        let mut found = Diagnostics::new();
        check(document, self.schema, &mut found);
        let plan = if found.has_errors() {
            None
        } else {
            deserialize(document, &mut found)
                .and_then(|scenario| compile(&scenario, rates, &self.files, &mut found))
        };
        document.locate_all(&mut found);
        problems.append(found);
        plan
    }
}

/// A plan of another shape than the baseline's takes over a replication only where the scenario says what that
/// costs; else it runs a past of its own.
fn with_pasts(mut timelines: Vec<PolicyTimeline>) -> Vec<PolicyTimeline> {
    let Some((first, others)) = timelines.split_first_mut() else { return timelines };
    let shape = &first.phases[0].1;
    for timeline in others {
        let plan = &timeline.phases[0].1;
        let stays = plan.params.transition.is_none() && !plan.has_shape_of(shape);
        timeline.own_past |= stays || builds_otherwise(plan, shape);
    }
    timelines
}

fn deserialize(document: &Document, problems: &mut Diagnostics) -> Option<Scenario> {
    // Within tables that are flattened serde no longer knows where it is: read by themselves, they say it.
    let with_place = |lost| document.deserialize::<Tables>().err().unwrap_or(lost);
    match document.deserialize().map_err(with_place) {
        Ok(read) => Some(read),
        Err(found) => {
            problems.append(found);
            None
        }
    }
}

/// A document without the tables that speak about the scenario: each policy and point is compiled from a copy of its own,
/// and what nothing is compiled from, such as all the other policies, need not be copied, checked and read with each.
pub(super) fn simulated(document: &Document) -> Document {
    let mut bare = document.clone();
    if let Value::Table(root) = &mut bare.root.value {
        for key in ["policy", "evidence", "plausible", "posterior", "sweep", "best", "claim"] {
            root.remove(key);
        }
    }
    bare
}

/// Keeps the baseline and the policies asked for.
fn choose(timelines: &mut Vec<PolicyTimeline>, wanted: &[String], problems: &mut Diagnostics) {
    let names: Vec<String> = timelines.iter().map(|timeline| timeline.name.clone()).collect();
    for name in wanted.iter().filter(|name| !names.contains(name)) {
        let help = advice(name, names.iter().map(String::as_str));
        problems.push(Diagnostic::error(format!("there is no policy called `{name}`")).with_help(help));
    }
    if !wanted.is_empty() {
        timelines.retain(|timeline| timeline.baseline || wanted.contains(&timeline.name));
    }
}

fn hash(document: &Document, organisations: &Organisations) -> String {
    let text = document.canonical() + &organisations.canonical();
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
