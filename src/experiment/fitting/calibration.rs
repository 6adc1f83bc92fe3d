//! Calibration: whether fits find what is known to be so, in organisations that were made up (Talts et al. 2018).
//!
//! Organisations are drawn from the ranges of `typical`. One replication of each is looked at as a tracker's history, and
//! fitted as any history is: what was put in should lie in the 90 % intervals in nine of ten, and anywhere among the draws.

use super::answer::{LATER, Reference, posterior, posterior_points, reference};
use super::base::Base;
use super::{FITTED, Facts, Setup, simulate};
use crate::design::{Kind, Method, Parameter, points};
use crate::run::RunOptions;
use fit::LEVEL;
use fit::figures::{Figure, Known, figures, throughput};
use fit::posterior::{NARROWER, NOTHING, Posterior};
use fit::ranks::uniform;
use fit::records::Records;
use statistics::interval::quantile;

/// How a calibration is carried out.
#[derive(Clone, Copy, Debug)]
pub struct Trials {
    pub organisations: usize,
    /// Organisations that each fit simulates.
    pub draws: usize,
    /// Whether all fits look at the same ones, drawn from the ranges of `typical`; else each has its own, from ranges that are
    /// cut to its counts, as `orgsim fit` does.
    pub shared: bool,
    pub weeks: usize,
    /// Weeks after these that are held out, and predicted.
    pub held_out: usize,
    /// Organisations of the posterior by which they are predicted.
    pub windows: usize,
    pub seed: u64,
}

/// Items that a history needs to be fitted; fewer are too few for any figure.
pub const LEAST_ITEMS: usize = 60;

/// What trials found of a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub path: String,
    /// In how many the interval held the truth, of how many.
    pub held: usize,
    pub of: usize,
    /// In how many it counted as fitted.
    pub fitted: usize,
    /// Where the truth lay among the draws.
    pub ranks: Vec<f64>,
    pub widths: Vec<f64>,
}

impl Found {
    /// How often ranks that are uniform lie as unevenly.
    pub fn evenness(&self) -> f64 {
        uniform(&self.ranks)
    }
}

/// How often what was held out lay inside its 90 % band.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predicted {
    pub name: &'static str,
    pub inside: usize,
    pub of: usize,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    pub fitted: Vec<Found>,
    /// Numbers that are never fitted: in how many trials the figures were found to say nothing of each.
    pub silent: Vec<(String, usize)>,
    pub predicted: Vec<Predicted>,
    /// Trials that were fitted, and organisations that could not be, or delivered too little.
    pub trials: usize,
    pub refused: usize,
}

/// What the held-out weeks are asked for.
const HELD_OUT: [&str; 4] =
    ["planned cycle p50", "planned cycle p85", "planned cycle p95", "planned done a week"];
const WEEKLY: &str = "items delivered in each week";

/// Carries out the trials, one after another; `done` is told of each.
///
/// # Errors
/// When no threads can be had, or something cannot be drawn.
pub fn calibrate(
    trials: &Trials,
    run_options: &RunOptions<'_>,
    mut done: impl FnMut(&Calibration),
) -> Result<Calibration, String> {
    let all = Setup::around(Base::plain(), trials.weeks, Known::all(), trials.seed)?;
    let mut found = Calibration::default();
    let shared = match trials.shared {
        true => Some(reference(&all, trials.draws, run_options)?),
        false => None,
    };
    let truths = points(Method::Random, trials.organisations, all.space.parameters.len(), trials.seed)?;
    for (number, truth) in truths.into_iter().enumerate() {
        let weeks = trials.weeks + trials.held_out;
        let records = simulate(
            &all,
            weeks,
            std::slice::from_ref(&truth),
            2 * LATER + number as u64,
            run_options,
            |records| records,
        )
        .map_err(|error| error.to_string())?;
        match records.into_iter().flatten().next() {
            Some(records) => {
                let trial = Trial { trials, all: &all, shared: shared.as_ref(), number, run_options };
                trial.run(&truth, &records, &mut found)?;
            }
            None => found.refused += 1,
        }
        done(&found);
    }
    Ok(found)
}

/// One organisation that is to be found.
struct Trial<'a> {
    trials: &'a Trials,
    /// The ranges from which it was drawn.
    all: &'a Setup,
    shared: Option<&'a Reference>,
    number: usize,
    run_options: &'a RunOptions<'a>,
}

impl Trial<'_> {
    fn run(&self, truth: &[f64], whole: &Records, found: &mut Calibration) -> Result<(), String> {
        let trials = self.trials;
        let known_of = until(whole, whole.today - trials.held_out as i64 * whole.a_week);
        if throughput(&known_of, trials.weeks).iter().sum::<f64>() < LEAST_ITEMS as f64 {
            found.refused += 1;
            return Ok(());
        }
        found.trials += 1;
        if let Some(shared) = self.shared {
            let seen = figures(&known_of, trials.weeks, self.all.known);
            return self.judge(truth, whole, self.all, &posterior(self.all, shared, &seen), found);
        }
        let facts = Facts::of(known_of, trials.weeks, "Product", None);
        let setup = Setup::of(&facts, trials.seed.wrapping_add(1 + self.number as u64))?;
        let reference = reference(&setup, trials.draws, self.run_options)?;
        self.judge(truth, whole, &setup, &posterior(&setup, &reference, &facts.figures()), found)
    }

    fn judge(
        &self,
        truth: &[f64],
        whole: &Records,
        setup: &Setup,
        posterior: &Posterior,
        found: &mut Calibration,
    ) -> Result<(), String> {
        for (at, of) in setup.fitted.iter().enumerate() {
            let parameter = &setup.space.parameters[*of];
            if let Some(place) = place_in(self.all, truth, parameter) {
                found.entry(&parameter.path).add(posterior, at, place);
            }
        }
        for (parameter, told) in setup.space.parameters.iter().zip(&posterior.told) {
            if FITTED.iter().any(|(path, _)| *path == parameter.path) {
                continue;
            }
            let says_nothing = usize::from(told.r_squared < NOTHING);
            match found.silent.iter_mut().find(|(path, _)| *path == parameter.path) {
                Some((_, count)) => *count += says_nothing,
                None => found.silent.push((parameter.path.clone(), says_nothing)),
            }
        }
        if self.trials.held_out > 0 { self.predict(whole, setup, posterior, found) } else { Ok(()) }
    }

    /// Sets the weeks that were held out beside those of organisations of the posterior.
    fn predict(
        &self,
        whole: &Records,
        setup: &Setup,
        posterior: &Posterior,
        found: &mut Calibration,
    ) -> Result<(), String> {
        let weeks = self.trials.held_out;
        let points = posterior_points(setup, posterior, self.trials.windows)?;
        let window = |records: &Records| (figures(records, weeks, setup.known), throughput(records, weeks));
        let windows = simulate(setup, weeks, &points, LATER, self.run_options, |records| window(&records))
            .map_err(|error| error.to_string())?;
        let windows: Vec<Window> = windows.into_iter().flatten().collect();
        predict(&window(whole), &windows, &mut found.predicted);
        Ok(())
    }
}

impl Calibration {
    fn entry(&mut self, path: &str) -> &mut Found {
        let at = self.fitted.iter().position(|entry| entry.path == path).unwrap_or_else(|| {
            self.fitted.push(Found { path: path.to_owned(), ..Found::default() });
            self.fitted.len() - 1
        });
        &mut self.fitted[at]
    }
}

impl Found {
    fn add(&mut self, posterior: &Posterior, at: usize, place: f64) {
        let [low, _, high] = posterior.interval(at);
        self.of += 1;
        self.held += usize::from((low..=high).contains(&place));
        self.fitted += usize::from(posterior.width(at) <= NARROWER);
        self.ranks.push(posterior.rank(at, place));
        self.widths.push(posterior.width(at));
    }
}

type Window = (Vec<Figure>, Vec<f64>);

/// Counts what of the held-out weeks lay inside the bands of simulated ones.
fn predict(real: &Window, windows: &[Window], predicted: &mut Vec<Predicted>) {
    let mut count = |name: &'static str, real: f64, mut values: Vec<f64>| {
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        if !real.is_finite() || values.is_empty() {
            return;
        }
        let [low, high] = [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0].map(|p| quantile(&values, p));
        let inside = usize::from((low..=high).contains(&real));
        match predicted.iter_mut().find(|one| one.name == name) {
            Some(one) => (one.inside, one.of) = (one.inside + inside, one.of + 1),
            None => predicted.push(Predicted { name, inside, of: 1 }),
        }
    };
    for name in HELD_OUT {
        if let Some(at) = real.0.iter().position(|figure| figure.name == name) {
            count(name, real.0[at].value, windows.iter().map(|window| window.0[at].value).collect());
        }
    }
    let weeks: Vec<f64> = windows.iter().flat_map(|window| window.1.iter().copied()).collect();
    real.1.iter().for_each(|week| count(WEEKLY, *week, weeks.clone()));
}

/// Where the truth lies in another range than the one it was drawn from.
fn place_in(all: &Setup, truth: &[f64], parameter: &Parameter) -> Option<f64> {
    let of = all.space.parameters.iter().position(|one| one.path == parameter.path)?;
    let value = all.space.parameters[of].at(truth[of], &all.space.calendar).number;
    // A whole number stands for all that is rounded to it: where in there, its own place says as well as anything.
    let within = match parameter.kind {
        Kind::Number { whole: true, .. } => (truth[of] * 9_973.0).fract() - 0.5,
        _ => 0.0,
    };
    Some(parameter.place_of(value + within))
}

/// What was known of records on an earlier day.
pub fn until(records: &Records, today: i64) -> Records {
    let known = |day: Option<i64>| day.filter(|day| *day < today);
    let items = records.items.iter().filter(|item| known(item.created).is_some()).map(|item| {
        let mut item = item.clone();
        (item.started, item.ended) = (known(item.started), known(item.ended));
        item.delivered &= item.ended.is_some();
        item
    });
    Records {
        items: items.collect(),
        people: records.people.iter().copied().filter(|(day, _)| *day < today).collect(),
        today,
        a_week: records.a_week,
    }
}
