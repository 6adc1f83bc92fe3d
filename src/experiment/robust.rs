//! Robustness: in how many of the plausible organisations drawn a policy beats the baseline, and which of them not.
//!
//! Two kinds of not knowing are kept apart throughout: noise within an organisation, and ignorance of which
//! organisation it is. No interval mixes the two.

pub mod ground;
pub mod pairs;
pub mod summary;

use super::compare::{RunInfo, frame, metric_text};
use super::design::{Kind, LeftOut, Prior, Space};
use super::metric_rows::of_row;
use super::plausible::Criterion;
use super::worlds::{DrawFate, ParameterDraw};
use ground::Ground;
use observation::metrics::{self, METRICS};
use pairs::{Pairs, gain, known};
use scenario::study::Study;
use statistics::ignorance::{components, count_above_zero, count_either};
use statistics::rank::chance;
use statistics::resample::Resampling;
use statistics::verdict::Direction;
use std::collections::BTreeMap;
use summary::{Driver, Gain, Map, Opinion, PolicyOver, RangeAxis, RobustSummary, Word};

/// What was drawn and run.
pub struct Drawn<'a> {
    pub study: &'a Study,
    pub space: &'a Space,
    pub left_out: &'a [LeftOut],
    pub criteria: &'a [Criterion],
    pub design: String,
    pub runs: u64,
    /// Whether the run was stopped before all were run.
    pub stopped: bool,
}

/// Summarises what was run under each prior.
pub fn summarise(drawn: &Drawn<'_>, completed: &[(Prior, Vec<ParameterDraw>)]) -> RobustSummary {
    let study = drawn.study;
    let runs: usize = completed.iter().flat_map(|(_, worlds)| worlds).map(|world| world.runs.len()).sum();
    let calendar = &drawn.space.calendar;
    let range = |criterion: &Criterion| {
        format!("{} {}", criterion.name, criterion.told(&[criterion.low, criterion.high]))
    };
    RobustSummary {
        frame: frame(study, runs, RunInfo::fixed(runs, drawn.stopped)),
        objective: metric_text(study, objective(study)),
        design: drawn.design.clone(),
        runs: drawn.runs,
        drawn: drawn
            .space
            .parameters
            .iter()
            .map(|parameter| (parameter.path.clone(), parameter.range(calendar)))
            .collect(),
        left_out: drawn.left_out.iter().map(|left| (left.path.clone(), left.reason.to_owned())).collect(),
        criteria: drawn.criteria.iter().map(range).collect(),
        opinions: completed.iter().map(|(prior, worlds)| opinion(drawn, *prior, worlds)).collect(),
        baseline: study.timelines[0].name.clone(),
    }
}

/// How many columns of a row are kept of each replication: the metrics.
pub fn measured() -> usize {
    METRICS.len()
}

pub(super) fn objective(study: &Study) -> usize {
    metrics::find(&study.scenario.objective).expect("the scenario's metrics were checked")
}

fn opinion(drawn: &Drawn<'_>, prior: Prior, worlds: &[ParameterDraw]) -> Opinion {
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let (mut drowned, mut implausible) = (0, 0);
    for world in worlds {
        match &world.fate {
            DrawFate::Judged => {}
            DrawFate::Drowned => drowned += 1,
            DrawFate::Failed(reason) => *refused.entry(format!("failed: {reason}")).or_default() += 1,
            DrawFate::Refused(reason) => *refused.entry(reason.clone()).or_default() += 1,
            DrawFate::Implausible(outside) => {
                implausible += 1;
                for (at, above) in outside {
                    *left.entry(reason(&drawn.criteria[*at], *above)).or_default() += 1;
                }
            }
        }
    }
    let judged: Vec<&ParameterDraw> = worlds.iter().filter(|world| world.fate == DrawFate::Judged).collect();
    let mut left: Vec<(String, usize)> = left.into_iter().collect();
    left.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let over = |at: usize| Over { drawn, worlds: &judged, timeline: at }.policy();
    Opinion {
        prior: match prior {
            Prior::Whole => "the whole of every range",
            Prior::MiddleHalf => "the middle half of every range",
        },
        drawn: worlds.len(),
        judged: judged.len(),
        refused: refused.into_iter().collect(),
        drowned,
        implausible,
        left,
        policies: (1..drawn.study.timelines.len()).map(over).collect(),
    }
}

/// "flow efficiency below 0.005 share".
pub fn reason(criterion: &Criterion, above: bool) -> String {
    let (side, end) = if above { ("above", criterion.high) } else { ("below", criterion.low) };
    format!("{} {side} {}", criterion.name, criterion.told(&[end]))
}

/// One timeline over the judged worlds.
struct Over<'a> {
    drawn: &'a Drawn<'a>,
    worlds: &'a [&'a ParameterDraw],
    timeline: usize,
}

impl Over<'_> {
    /// The comparable replications of a metric, for each world that has at least two.
    ///
    /// Where what is compared lies beyond the window, a world is among them only if what is known decides.
    fn pairs(&self, metric: usize) -> Vec<Pairs> {
        let worlds = self.worlds.iter().enumerate().filter(|(_, world)| !self.drowned(world));
        worlds
            .filter_map(|(at, world)| Some(Pairs { world: at, runs: self.known(world, metric)? }))
            .filter(|pairs| pairs.runs.len() >= 2)
            .collect()
    }

    fn known(&self, world: &ParameterDraw, metric: usize) -> Option<Vec<(f64, f64)>> {
        let least = metrics::least(metric);
        let pair = |timelines: &Vec<Option<Vec<f64>>>| {
            let side = |timeline: usize| Some(of_row(timelines[timeline].as_ref()?, metric, least));
            Some((side(self.timeline)?, side(0)?))
        };
        let margin = self.drawn.study.scenario.judge.smallest_difference.fraction();
        known(world.runs.iter().filter_map(|(_, timelines)| pair(timelines)), margin)
    }

    fn drowned(&self, world: &ParameterDraw) -> bool {
        let lost = |number: u64| world.failure(number, self.timeline).is_none();
        world.runs.iter().any(|(number, timelines)| timelines[self.timeline].is_none() && lost(*number))
    }

    fn policy(&self) -> PolicyOver {
        let study = self.drawn.study;
        let (level, margin) =
            (study.scenario.judge.level.fraction(), study.scenario.judge.smallest_difference.fraction());
        let resampling = Resampling::seeded(study.scenario.seed);
        let metric = objective(study);
        let sign = METRICS[metric].better.unwrap_or(Direction::HigherIsBetter).sign();
        let pairs = self.pairs(metric);
        let count = |pairs: &[Pairs], sign: f64| {
            let effects: Vec<Vec<f64>> = pairs.iter().map(|pairs| pairs.beyond(sign, margin)).collect();
            count_above_zero(&effects, level, resampling)
        };
        let differences: Vec<Vec<f64>> = pairs.iter().map(|pairs| pairs.differences(sign)).collect();
        let gains: Vec<Gain> = pairs.iter().map(|pairs| gain(self.worlds, pairs, sign, margin)).collect();
        let ground = Ground::of(self.drawn.space, self.worlds, &pairs);
        let drivers = ground.drivers(&gains.iter().map(|gain| gain.relative).collect::<Vec<_>>());
        // Every policy is asked about, so all of them are one family.
        let asked = study.timelines.len() - 1;
        let chance = chance(drivers.len() * asked, gains.len(), level);
        let drowned = self.worlds.iter().filter(|world| self.drowned(world)).count();
        let alpha = (1.0 - level) / (2 * asked) as f64;
        let where_ = |word: Word| {
            let happens: Vec<bool> = gains.iter().map(|gain| gain.word == word).collect();
            ground.sentence(&happens, alpha, resampling)
        };
        let effects = |sign: f64| pairs.iter().map(|pairs| pairs.beyond(sign, margin)).collect::<Vec<_>>();
        let [better, worse] = count_either(&effects(sign), &effects(-sign), level, resampling);
        let open = |world: &&&ParameterDraw| !self.drowned(world) && self.known(world, metric).is_none();
        let beyond = self.worlds.iter().filter(open).count();
        PolicyOver {
            name: study.timelines[self.timeline].name.clone(),
            better,
            worse,
            drowned,
            missing: self.worlds.len() - drowned - pairs.len() - beyond,
            beyond,
            components: components(&differences, level, resampling),
            map: self.map(&drivers, &gains, chance),
            beats_where: where_(Word::Better),
            loses_where: where_(Word::Worse),
            gains,
            drivers,
            chance,
            hurt: self.hurt(|metric, direction| count(&self.pairs(metric), -direction.sign())),
        }
    }

    /// In how many organisations each guardrail is hurt.
    fn hurt(
        &self,
        count: impl Fn(usize, Direction) -> statistics::ignorance::Count,
    ) -> Vec<(String, statistics::ignorance::Count)> {
        let guardrails = self.drawn.study.scenario.guardrails.iter().filter_map(|name| metrics::find(name));
        guardrails
            .filter_map(|at| {
                Some((self.drawn.study.scenario.measure.title(at), count(at, METRICS[at].better?)))
            })
            .collect()
    }

    /// The map over the two strongest parameters; nothing when not even the strongest is beyond chance.
    fn map(&self, drivers: &[Driver], gains: &[Gain], chance: f64) -> Option<Map> {
        if drivers.first()?.correlation.abs() < chance {
            return None;
        }
        let mut chosen: Vec<usize> = Vec::new();
        for driver in drivers {
            let path = driver.name.split(" = ").next().unwrap_or_default();
            let at = self.drawn.space.parameters.iter().position(|parameter| parameter.path == path)?;
            if !chosen.contains(&at) {
                chosen.push(at);
            }
        }
        let [x, y] = *chosen.get(..2)? else { return None };
        let place = |gain: &Gain, of: usize| {
            let place = self.judged(gain.world)?.places[of].as_ref()?;
            Some(self.drawn.space.parameters[of].place_of(place.number).clamp(0.0, 1.0))
        };
        let point = |gain: &Gain| Some((place(gain, x)?, place(gain, y)?, gain.word));
        Some(Map { x: self.axis(x), y: self.axis(y), points: gains.iter().filter_map(point).collect() })
    }

    fn judged(&self, number: usize) -> Option<&ParameterDraw> {
        self.worlds.iter().find(|world| world.number == number).copied()
    }

    fn axis(&self, of: usize) -> RangeAxis {
        let (parameter, calendar) = (&self.drawn.space.parameters[of], &self.drawn.space.calendar);
        let ticks = match &parameter.kind {
            Kind::Choice(values) => {
                let each = values.iter().enumerate();
                each.map(|(at, value)| (parameter.place_of(at as f64), value.clone())).collect()
            }
            Kind::Number { .. } | Kind::Listed { .. } => {
                let mut ticks: Vec<(f64, String)> = [0.0, 0.25, 0.5, 0.75, 1.0]
                    .iter()
                    .map(|at| (*at, parameter.short(parameter.between(*at, calendar), calendar)))
                    .collect();
                ticks.dedup_by(|a, b| a.1 == b.1);
                ticks
            }
        };
        RangeAxis { name: parameter.path.clone(), ticks }
    }
}
