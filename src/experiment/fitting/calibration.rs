//! Calibration: whether fits find what is known to be so, in organisations that were made up (Talts et al. 2018).
//!
//! Organisations are drawn from the ranges of `typical`. One replication of each is looked at as a tracker's history, and
//! fitted as any history is: what was put in should lie in the 90 % intervals in nine of ten, and anywhere among the draws.

use super::answer::{LATER, Reference, posterior, posterior_points, reference, values};
use super::base::Base;
use super::{Facts, Setup, records_at, simulate};
use crate::design::{Kind, Method, Parameter, points};
use crate::run::RunOptions;
use fit::LEVEL;
use fit::figures::{Figure, Known, figures, throughput};
use fit::posterior::{NARROWER, NOTHING, Posterior};
use fit::ranks::uniform;
use fit::records::{Incident, Item, Records};
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
    /// Whether deployments and incidents are known.
    pub operated: bool,
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
pub const HELD_OUT: [&str; 4] =
    ["planned cycle p50", "planned cycle p85", "planned cycle p95", "planned done a week"];
pub const WEEKLY: &str = "items delivered in each week";

/// Carries out the trials, one after another; `done` is told of each.
///
/// # Errors
/// When no threads can be had, or something cannot be drawn.
pub fn calibrate(
    trials: &Trials,
    run_options: &RunOptions<'_>,
    mut done: impl FnMut(&Calibration),
) -> Result<Calibration, String> {
    let known = if trials.operated { Known::all() } else { Known::items() };
    let all = Setup::around(Base::plain(), trials.weeks, known, trials.seed)?;
    let mut found = Calibration::default();
    let shared = match trials.shared {
        true => Some(reference(&all, trials.draws, run_options)?),
        false => None,
    };
    let truths = points(Method::Random, trials.organisations, all.space.parameters.len(), trials.seed)?;
    for (number, truth) in truths.into_iter().enumerate() {
        let weeks = trials.weeks + trials.held_out;
        match records_at(&all, weeks, &truth, 2 * LATER + number as u64) {
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
        let mut known_of = until(whole, whole.today - trials.held_out as i64 * whole.a_week);
        if !trials.operated {
            (known_of.deployments, known_of.incidents) = Default::default();
        }
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
        let others = setup.space.parameters.iter().zip(&posterior.told).enumerate();
        for (_, (parameter, told)) in others.filter(|(of, _)| !setup.fitted.contains(of)) {
            let says_nothing = usize::from(told.r_squared < NOTHING);
            match found.silent.iter_mut().find(|(path, _)| *path == parameter.path) {
                Some((_, count)) => *count += says_nothing,
                None => found.silent.push((parameter.path.clone(), says_nothing)),
            }
        }
        if self.trials.held_out > 0 {
            let (weeks, windows) = (self.trials.held_out, self.trials.windows);
            for band in held_out(setup, posterior, whole, weeks, windows, self.run_options)? {
                found.count(&band);
            }
        }
        Ok(())
    }
}

impl Calibration {
    fn count(&mut self, band: &Band) {
        let inside = usize::from(band.is_inside());
        match self.predicted.iter_mut().find(|one| one.name == band.name) {
            Some(one) => (one.inside, one.of) = (one.inside + inside, one.of + 1),
            None => self.predicted.push(Predicted { name: band.name, inside, of: 1 }),
        }
    }

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

/// Something of weeks that were held out, beside the 90 % band of those of organisations of the posterior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    pub name: &'static str,
    pub real: f64,
    pub low: f64,
    pub high: f64,
}

impl Band {
    pub fn is_inside(&self) -> bool {
        (self.low..=self.high).contains(&self.real)
    }
}

type Window = (Vec<f64>, Vec<f64>);

/// Sets the last weeks of a history, which a fit has not seen, beside those of organisations of its posterior.
///
/// # Errors
/// When no threads can be had, or there cannot be so many organisations.
pub fn held_out(
    setup: &Setup,
    posterior: &Posterior,
    whole: &Records,
    weeks: usize,
    windows: usize,
    run_options: &RunOptions<'_>,
) -> Result<Vec<Band>, String> {
    let points = posterior_points(setup, posterior, windows)?;
    let seen = |records: &Records| figures(records, weeks, setup.known);
    let window = |records: Records| (values(&seen(&records)), throughput(&records, weeks));
    let windows =
        simulate(setup, weeks, &points, LATER, run_options, window).map_err(|error| error.to_string())?;
    let windows: Vec<Window> = windows.into_iter().flatten().collect();
    Ok(bands(&seen(whole), &throughput(whole, weeks), &windows))
}

fn bands(real: &[Figure], weekly: &[f64], windows: &[Window]) -> Vec<Band> {
    let band = |name: &'static str, real: f64, mut values: Vec<f64>| {
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        let [low, high] = [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0].map(|p| quantile(&values, p));
        (real.is_finite() && !values.is_empty()).then_some(Band { name, real, low, high })
    };
    let figure = |name: &&'static str| {
        let at = real.iter().position(|figure| figure.name == *name)?;
        band(name, real[at].value, windows.iter().map(|window| window.0[at]).collect())
    };
    let weeks: Vec<f64> = windows.iter().flat_map(|window| window.1.iter().copied()).collect();
    let each = weekly.iter().filter_map(|week| band(WEEKLY, *week, weeks.clone()));
    HELD_OUT.iter().filter_map(figure).chain(each).collect()
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
    let first = |item: &Item| [item.created, item.started, item.ended].into_iter().flatten().min();
    let items = records.items.iter().filter(|item| known(first(item)).is_some()).map(|item| {
        let mut item = item.clone();
        (item.created, item.started, item.ended) =
            (known(item.created), known(item.started), known(item.ended));
        item.delivered &= item.ended.is_some();
        item.reviewed = item.reviewed.filter(|review| review.day < today);
        item
    });
    let incidents = records.incidents.iter().filter(|one| one.started.day < today);
    let before = |weeks: &[(i64, usize)]| weeks.iter().copied().filter(|(day, _)| *day < today).collect();
    Records {
        deployments: records.deployments.iter().copied().filter(|one| one.day < today).collect(),
        incidents: incidents
            .map(|one| Incident { ended: one.ended.filter(|end| end.day < today), ..*one })
            .collect(),
        has_hours: records.has_hours,
        items: items.collect(),
        people: before(&records.people),
        moving: before(&records.moving),
        has_moves: records.has_moves,
        today,
        a_week: records.a_week,
    }
}
