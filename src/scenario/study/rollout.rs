//! A study whose timelines make the changes between two policies one after another, in different orders.

use super::{PolicyTimeline, Refusal, Study, StudyReader};
use crate::{Change, Document, PolicyText, Rates, policies};
use kernel::units::Ticks;
use notation::Span;
use notation::diagnostic::{Diagnostic, Diagnostics, Sources, advice};
use std::path::PathBuf;

/// From which policy to which, and how far apart the steps are.
#[derive(Clone, Debug)]
pub struct Rollout {
    /// `None` for the baseline.
    pub from: Option<String>,
    pub to: String,
    pub every: Span,
}

/// The changes between two policies, each a step.
#[derive(Clone, Debug)]
pub struct RolloutSteps {
    from: String,
    base: Document,
    changes: Vec<Change>,
    folder: PathBuf,
    every: Span,
}

impl RolloutSteps {
    /// The changes that lead from one policy of a study to another; `folder` is where files that the
    /// scenario names are looked for.
    ///
    /// # Errors
    /// When a policy is unknown, changes policy later on, or the two are the same.
    pub fn between(study: &Study, folder: PathBuf, way: &Rollout) -> Result<RolloutSteps, Box<Refusal>> {
        let mut problems = Diagnostics::new();
        let steps = steps(study, folder, way, &mut problems);
        match steps {
            Some(steps) if !problems.has_errors() => Ok(steps),
            _ => Err(Refusal::new(problems, Sources::default())),
        }
    }

    /// The paths that change, in the order in which the policy names them.
    pub fn paths(&self) -> Vec<String> {
        let value = |change: &Change| change.value.to_toml().to_string();
        self.changes.iter().map(|change| format!("{} = {}", change.path, value(change))).collect()
    }

    /// The study with one timeline per order in place of its policies. The first timeline stays where the
    /// way begins; an order lists steps by their places, each `every` after the one before, the first
    /// at the fork. An order need not list all.
    ///
    /// # Errors
    /// When a step cannot be made in the middle of a replication, or the scenario is wrong on the way.
    pub fn study(&self, study: &Study, orders: &[Vec<usize>]) -> Result<Study, Box<Refusal>> {
        let mut problems = Diagnostics::new();
        let reader = StudyReader::beside(self.folder.clone());
        let mut rates = Rates::new();
        let mut timelines = Vec::new();
        for order in std::iter::once(&Vec::new()).chain(orders) {
            timelines.extend(self.timeline(&reader, study, order, &mut rates, &mut problems));
        }
        if problems.has_errors() || timelines.len() <= orders.len() {
            return Err(Refusal::new(problems, Sources::default()));
        }
        timelines[0].baseline = true;
        timelines[0].name.clone_from(&self.from);
        Ok(Study { timelines, ..study.clone() })
    }

    fn timeline(
        &self,
        reader: &StudyReader,
        study: &Study,
        order: &[usize],
        rates: &mut Rates,
        problems: &mut Diagnostics,
    ) -> Option<PolicyTimeline> {
        let mut document = self.base.clone();
        let every = Ticks::from_hours(self.every.hours(&study.scenario.clock));
        let mut phases = Vec::new();
        let mut date = Ticks::ZERO;
        let mut changes = Vec::new();
        for (nth, step) in order.iter().enumerate() {
            let change = &self.changes[*step];
            apply(reader, &mut document, change, problems)?;
            phases.push((date, reader.plan(&document, rates, problems)?));
            let after = (nth > 0).then(|| format!("{nth} × {}", self.every));
            changes.push((after, change.path.to_string(), change.value.canonical()));
            date += every;
        }
        if phases.is_empty() {
            phases.push((Ticks::ZERO, reader.plan(&document, rates, problems)?));
        }
        let names: Vec<String> = order.iter().map(|step| (step + 1).to_string()).collect();
        let shape = study.timelines[0].phases[0].1.clone();
        if phases.iter().any(|(_, plan)| !plan.has_shape_of(&shape)) {
            let message = "a step changes the shape of the organisation, which cannot be done once it runs";
            let help = "compare the two as policies: `orgsim compare` gives each a past of its own";
            problems.push(Diagnostic::error(message).with_help(help));
            return None;
        }
        Some(PolicyTimeline {
            name: names.join(", then "),
            description: None,
            baseline: false,
            phases,
            own_past: false,
            changes,
            horizon: None,
            stop: None,
        })
    }
}

fn apply(
    reader: &StudyReader,
    document: &mut Document,
    change: &Change,
    problems: &mut Diagnostics,
) -> Option<()> {
    match document.apply(change, reader.schema) {
        Ok(0) => {
            problems.push(Diagnostic::error(format!("{} matches nothing here", change.path)));
            None
        }
        Ok(_) => Some(()),
        Err(problem) => {
            // The text it was written in is no longer at hand.
            problems.push(Diagnostic { place: None, ..problem });
            None
        }
    }
}

fn steps(study: &Study, folder: PathBuf, way: &Rollout, problems: &mut Diagnostics) -> Option<RolloutSteps> {
    let reader = StudyReader::beside(folder);
    let texts = policies(&study.document, reader.schema, &study.scenario.clock, problems);
    let baseline = texts.iter().find(|text| text.baseline);
    let mut base = study.document.clone();
    for change in baseline.into_iter().flat_map(at_fork) {
        apply(&reader, &mut base, change, problems)?;
    }
    let plain = base.clone();
    let from = match &way.from {
        Some(name) => Some(found(&texts, name, problems)?),
        None => baseline,
    };
    for change in from.into_iter().flat_map(at_fork) {
        apply(&reader, &mut base, change, problems)?;
    }
    let to = found(&texts, &way.to, problems)?;
    let mut changes: Vec<Change> = at_fork(to).cloned().collect();
    // What the way begins with and does not end with is undone.
    for change in from.into_iter().flat_map(at_fork) {
        let kept = changes.iter().any(|other| other.path == change.path);
        if let (false, Some((_, value))) = (kept, plain.get(&change.path).first()) {
            changes.push(Change { value: (*value).clone(), ..change.clone() });
        }
    }
    changes.retain(|change| {
        let now = base.get(&change.path);
        now.is_empty() || now.iter().any(|(_, node)| node.canonical() != change.value.canonical())
    });
    if changes.is_empty() {
        problems.push(Diagnostic::error("there is nothing to change between the two policies"));
        return None;
    }
    let name = from.map_or_else(|| study.timelines[0].name.clone(), |text| text.name.clone());
    Some(RolloutSteps { from: name, base, changes, folder: reader.folder, every: way.every })
}

/// The policy of this name, which must not change policy later on.
fn found<'a>(texts: &'a [PolicyText], name: &str, problems: &mut Diagnostics) -> Option<&'a PolicyText> {
    let Some(text) = texts.iter().find(|text| text.name == name) else {
        let help = advice(name, texts.iter().map(|text| text.name.as_str()).collect::<Vec<_>>());
        problems.push(Diagnostic::error(format!("there is no policy called `{name}`")).with_help(help));
        return None;
    };
    if text.phases.iter().any(|phase| phase.organisation.is_some()) {
        let message =
            format!("policy `{name}` takes over another organisation, which no order of steps does");
        problems.push(Diagnostic::error(message));
        return None;
    }
    if text.phases.iter().any(|phase| phase.after.is_some()) {
        let message = format!(
            "policy `{name}` changes again at a later date; a path needs two policies that stay as they are"
        );
        problems.push(Diagnostic::error(message));
        return None;
    }
    Some(text)
}

fn at_fork(text: &PolicyText) -> impl Iterator<Item = &Change> {
    text.phases.iter().filter(|phase| phase.after.is_none()).flat_map(|phase| &phase.changes)
}
