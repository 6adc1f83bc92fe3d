//! Claims over plausible organisations: in how many of those drawn each holds, and what decides it.
//!
//! A claim is judged in every organisation by the same two sides as in its file's own, with that organisation's
//! measure as what a smallest difference is relative to.

use super::{Sides, asked};
use crate::design::Space;
use crate::robust::ground::Ground;
use crate::robust::pairs::{Pairs, gain, known};
use crate::robust::summary::{Gain, Word};
use crate::summary::claims::OverDraws;
use crate::worlds::{DrawFate, ParameterDraw};
use scenario::study::Study;
use scenario::tables::{ClaimDirection, ClaimTable};
use statistics::ignorance::{Count, count_each};
use statistics::rank::chance;
use statistics::resample::Resampling;
use statistics::seen::Seen;

/// How many times as many replications an organisation has where a claim picks its policies: half of them pick, half
/// judge.
const TO_PICK: u64 = 4;

/// Replications per organisation and policy, where so many were asked for.
pub fn runs(study: &Study, asked: u64) -> u64 {
    if super::asked(study).iter().any(|(_, claim)| claim.picks()) { asked * TO_PICK } else { asked }
}

/// Judges the claims of a study over the organisations run: the whole of every range, and where it was asked the
/// middle half.
pub fn over(
    study: &Study,
    space: &Space,
    runs: u64,
    whole: &[ParameterDraw],
    narrow: Option<&[ParameterDraw]>,
) -> Vec<OverDraws> {
    let one = |claim: &ClaimTable| {
        let asked = AskedClaim { study, space, claim };
        let mut over = asked.over(whole);
        over.runs = runs;
        over.narrow = narrow.map(|worlds| asked.over(worlds).holds);
        over
    };
    asked(study).into_iter().map(|(_, claim)| one(claim)).collect()
}

/// What is said of claims whose scenario has nothing to draw.
pub fn nothing_to_draw(study: &Study) -> Vec<OverDraws> {
    over(study, &Space { parameters: Vec::new(), calendar: study.scenario.clock }, 0, &[], None)
}

/// One claim of a study.
struct AskedClaim<'a> {
    study: &'a Study,
    space: &'a Space,
    claim: &'a ClaimTable,
}

impl AskedClaim<'_> {
    fn over(&self, worlds: &[ParameterDraw]) -> OverDraws {
        let judged: Vec<&ParameterDraw> =
            worlds.iter().filter(|world| world.fate == DrawFate::Judged).collect();
        let completed: Vec<(usize, &ParameterDraw)> =
            judged.iter().copied().enumerate().filter(|(_, world)| !self.drowned(world)).collect();
        let pairs: Vec<Pairs> = completed
            .iter()
            .map(|(at, world)| Pairs { world: *at, runs: self.runs(world) })
            .filter(|pairs| pairs.runs.len() >= 2)
            .collect();
        let fate = |of: fn(&DrawFate) -> bool| worlds.iter().filter(|world| of(&world.fate)).count();
        let [holds, opposite] = self.counts(&pairs);
        let mut effects = vec![f64::NAN; worlds.len()];
        for pairs in &pairs {
            let gain = gain(&judged, pairs, 1.0, self.margin());
            if let Some(place) = worlds.iter().position(|world| world.number == gain.world) {
                effects[place] = gain.relative;
            }
        }
        OverDraws {
            runs: 0,
            varied: self.space.parameters.len(),
            drawn: worlds.len(),
            implausible: fate(|fate| matches!(fate, DrawFate::Implausible(_))),
            drowned: fate(|fate| *fate == DrawFate::Drowned) + judged.len() - completed.len(),
            refused: fate(|fate| matches!(fate, DrawFate::Refused(_) | DrawFate::Failed(_))),
            missing: completed.len() - pairs.len(),
            holds,
            opposite: opposite.expected,
            narrow: None,
            effects,
            turns: self.turns(&judged, &pairs),
        }
    }

    /// Whether a policy that the claim is about drowned in one of the replications; any may, where the claim picks.
    fn drowned(&self, world: &ParameterDraw) -> bool {
        let named = |name: &str| {
            let claim = self.claim;
            let sides = [&claim.better, &claim.than];
            let either = sides.into_iter().flatten().any(|side| side == name);
            claim.picks() || either || claim.than_sum_of.iter().any(|part| part == name)
        };
        let about: Vec<bool> = self.study.timelines.iter().map(|timeline| named(&timeline.name)).collect();
        // Where the program failed, there is nothing to compare; it says nothing of the organisation.
        let lost = |number: u64, timelines: &[Option<Vec<f64>>]| {
            let timelines = timelines.iter().zip(&about).enumerate();
            let mut lost = timelines.filter(|(_, (completed, about))| **about && completed.is_none());
            lost.any(|(timeline, _)| world.failure(number, timeline).is_none())
        };
        world.runs.iter().any(|(number, timelines)| lost(*number, timelines))
    }

    /// The replications of an organisation in which both sides have the measure.
    ///
    /// None where some lie beyond the window and what is known does not decide.
    fn runs(&self, world: &ParameterDraw) -> Vec<(f64, f64)> {
        let sides = Sides::of(self.study, &world.runs, self.claim);
        let side =
            |seen: &Seen| seen.values.iter().copied().zip(seen.beyond.iter().copied()).collect::<Vec<_>>();
        let (better, than) = (side(&sides.better.1), side(&sides.than.1));
        known(better.into_iter().zip(than), self.margin()).unwrap_or_default()
    }

    /// +1 where the claim expects more, −1 where it expects less.
    fn sign(&self) -> f64 {
        if self.claim.direction == ClaimDirection::Lower { -1.0 } else { 1.0 }
    }

    fn margin(&self) -> f64 {
        self.claim.smallest_difference.fraction()
    }

    fn level(&self) -> f64 {
        self.study.scenario.judge.level.fraction()
    }

    fn resampling(&self) -> Resampling {
        Resampling::seeded(self.study.scenario.seed)
    }

    /// In how many it holds, and in how many the opposite does.
    fn counts(&self, pairs: &[Pairs]) -> [Count; 2] {
        let beyond = |sign: f64| -> Vec<Vec<f64>> {
            pairs.iter().map(|pairs| pairs.beyond(sign, self.margin())).collect()
        };
        let (towards, against) = (beyond(self.sign()), beyond(-self.sign()));
        let [as_claimed, other_way, neither] =
            count_each(&towards, &against, self.level(), self.resampling());
        match self.claim.direction {
            ClaimDirection::None => {
                let differs = as_claimed.expected + other_way.expected;
                [neither, Count { expected: differs, ..neither }]
            }
            _ => [as_claimed, other_way],
        }
    }

    /// What decides whether the claim holds: a short rule, or else the parameter that goes with it most.
    fn turns(&self, judged: &[&ParameterDraw], pairs: &[Pairs]) -> String {
        let gains: Vec<Gain> =
            pairs.iter().map(|pairs| gain(judged, pairs, self.sign(), self.margin())).collect();
        let (as_claimed, nearness): (Word, fn(&Gain) -> f64) = match self.claim.direction {
            ClaimDirection::None => (Word::Same, |gain| -gain.relative.abs()),
            _ => (Word::Better, |gain| gain.relative),
        };
        let holds: Vec<bool> = gains.iter().map(|gain| gain.word == as_claimed).collect();
        let often = holds.iter().filter(|holds| **holds).count();
        if gains.is_empty() {
            return String::new();
        }
        if often == 0 || often == gains.len() {
            return "no border found".to_owned();
        }
        // All claims of a file are asked, so they are one family.
        let asked = self.study.scenario.claim.0.len();
        let ground = Ground::of(self.space, judged, pairs);
        let mostly = 2 * often > gains.len();
        let rare: Vec<bool> = holds.iter().map(|holds| *holds != mostly).collect();
        let alpha = (1.0 - self.level()) / asked as f64;
        if let Some(rule) = ground.sentence(&rare, alpha, self.resampling()) {
            let verb = if mostly { "fails" } else { "holds" };
            return format!(
                "{verb} where {} ({} of {} there, {} of {} elsewhere)",
                rule.conditions, rule.hits, rule.inside, rule.misses, rule.outside
            );
        }
        let drivers = ground.drivers(&gains.iter().map(nearness).collect::<Vec<_>>());
        let chance = chance(drivers.len() * asked, gains.len(), self.level());
        match drivers.first() {
            Some(first) if first.correlation.abs() > chance => {
                let way = if first.correlation > 0.0 { "more" } else { "less" };
                let size = first.correlation.abs();
                format!("goes with {way} {} (rank correlation {size:.2})", first.name)
            }
            _ => "no parameter stands out".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Form, Kind, Parameter, ParameterValue};
    use crate::summary::claims::Standing;
    use observation::metrics::{self, METRICS};
    use scenario::study::Amendments;

    const HEALTH: &str = include_str!("../../../tests/fixtures/health.toml");

    /// The scenario of the tests with one claim on its policies `nothing`, `tenth`, `quarter` and `most`, in this order.
    fn study(sides: &str, direction: &str) -> Study {
        let claim = format!(
            "[claim]\ntags = [\"D2\"]\nsource = \"none\"\nstatement = \"It is made up.\"\n{sides}\nmeasure = \"value\"\n\
             direction = \"{direction}\"\n"
        );
        let text = format!("{HEALTH}\n{claim}");
        let read = Study::from_text("made-up.toml", text.as_bytes(), ".".into(), &Amendments::default());
        read.unwrap_or_else(|refusal| panic!("{:?}", refusal.problems.iter().next())).0
    }

    fn space() -> Space {
        let kind = Kind::Number { low: 0.0, high: 1.0, log: false, whole: false, form: Form::Plain };
        let parameter = Parameter::alone("debt.interest", kind);
        Space { parameters: vec![parameter], calendar: notation::WorkCalendar::default() }
    }

    /// Forty organisations with the parameter at their place from 0 to 1; `values` are of the four policies there,
    /// and noise moves all of a replication by the same.
    fn made(runs: u64, values: impl Fn(f64) -> [Option<f64>; 4]) -> Vec<ParameterDraw> {
        let value = metrics::find("value").expect("a metric");
        let world = |number: usize| {
            let place = number as f64 / 40.0;
            let timeline = |streams: f64, of: Option<f64>| {
                let mut metrics = vec![f64::NAN; METRICS.len()];
                metrics[value] = of? + streams;
                Some(metrics)
            };
            let replication = |nth: u64| {
                let streams = if nth.is_multiple_of(2) { 1.0 } else { -1.0 };
                (number as u64 * runs + nth, values(place).map(|of| timeline(streams, of)).to_vec())
            };
            ParameterDraw {
                number,
                places: vec![Some(ParameterValue { text: place.to_string(), number: place })],
                fate: DrawFate::Judged,
                past: Vec::new(),
                runs: (0..runs).map(replication).collect(),
                failed: Vec::new(),
            }
        };
        (0..40).map(world).collect()
    }

    fn asked(study: &Study, worlds: &[ParameterDraw]) -> OverDraws {
        let all = over(study, &space(), 2, worlds, None);
        all.into_iter().next().expect("one claim")
    }

    const SIDES: &str = "better = \"quarter\"\nthan = \"nothing\"";

    #[test]
    fn a_known_share_is_counted_and_what_decides_is_named() {
        // Above a quarter of the range the policy brings a tenth more: in 30 of 40; below, a tenth less.
        let gain = |place: f64| if place >= 0.25 { 110.0 } else { 90.0 };
        let worlds = made(2, |place| [Some(100.0), None, Some(gain(place)), None]);
        let higher = asked(&study(SIDES, "higher"), &worlds);
        assert_eq!((higher.holds.seen, higher.holds.expected, higher.opposite), (30, 30.0, 10.0));
        assert!(higher.holds.low < 28.0 && higher.holds.high > 32.0, "{:?}", higher.holds);
        assert_eq!((higher.standing(), higher.open()), (Some(Standing::Depends), vec![]));
        assert_eq!(higher.turns, "fails where debt.interest < 0.24 (10 of 10 there, 0 of 30 elsewhere)");
        assert!((higher.effects[39] - 0.1).abs() < 1e-12 && (higher.effects[0] + 0.1).abs() < 1e-12);
        let lower = asked(&study(SIDES, "lower"), &worlds);
        assert_eq!((lower.holds.expected, lower.opposite), (10.0, 30.0));
        assert_eq!(lower.turns, "holds where debt.interest < 0.24 (10 of 10 there, 0 of 30 elsewhere)");
        let none = asked(&study(SIDES, "none"), &worlds);
        assert_eq!(
            (none.holds.expected, none.opposite, none.standing()),
            (0.0, 40.0, Some(Standing::Refuted))
        );
    }

    #[test]
    fn a_claim_that_holds_nowhere_is_refuted_and_one_that_holds_everywhere_supported() {
        let worlds = made(2, |_| [Some(100.0), None, Some(102.0), None]);
        let too_small = asked(&study(SIDES, "higher"), &worlds);
        assert_eq!((too_small.holds.expected, too_small.opposite), (0.0, 0.0));
        assert_eq!((too_small.standing(), too_small.open()), (Some(Standing::Refuted), vec![]));
        assert_eq!(too_small.turns, "no border found");
        let none = asked(&study(SIDES, "none"), &worlds);
        assert_eq!((none.holds.expected, none.standing()), (40.0, Some(Standing::Supported)));
        let sum = "better = \"quarter\"\nthan_sum_of = [\"tenth\", \"most\"]";
        let worlds = made(2, |_| [Some(100.0), Some(105.0), Some(120.0), Some(106.0)]);
        let sum = asked(&study(sum, "higher"), &worlds);
        assert_eq!((sum.holds.expected, sum.standing()), (40.0, Some(Standing::Supported)));
        let value = asked(&study("better = \"quarter\"\nthan_value = 150.0", "higher"), &worlds);
        assert_eq!((value.holds.expected, value.opposite), (0.0, 40.0));
    }

    #[test]
    fn an_organisation_is_judged_by_the_mean_of_its_replications() {
        // Half of the replications of an organisation gain a tenth and a little, half lose a tenth: by the mean nothing
        // matters.
        let mut worlds = made(2, |_| [Some(100.0), None, Some(110.5), None]);
        let value = metrics::find("value").expect("a metric");
        for world in &mut worlds {
            let lost = world.runs[1].1[2].as_mut().expect("a life");
            lost[value] -= 20.0;
        }
        let found = asked(&study(SIDES, "higher"), &worlds);
        assert_eq!((found.holds.seen, found.holds.expected), (0, 0.0));
        assert_eq!(asked(&study(SIDES, "none"), &worlds).holds.seen, 40);
    }

    #[test]
    fn organisations_that_do_not_count_are_told_by_what_became_of_them() {
        let mut worlds =
            made(2, |place| [Some(100.0), None, if place < 0.1 { None } else { Some(120.0) }, None]);
        worlds[39].fate = DrawFate::Implausible(vec![(0, true)]);
        worlds[38].fate = DrawFate::Refused("no".into());
        worlds[37].fate = DrawFate::Drowned;
        let value = metrics::find("value").expect("a metric");
        worlds[36].runs[0].1[2].as_mut().expect("a life")[value] = f64::NAN;
        let found = asked(&study(SIDES, "higher"), &worlds);
        let aside = (found.implausible, found.refused, found.drowned, found.missing);
        assert_eq!(aside, (1, 1, 5, 1), "four drown under the policy, one before");
        assert_eq!((found.holds.organisations, found.drawn, found.holds.expected), (32, 40, 32.0));
        assert_eq!(found.effects.iter().filter(|effect| effect.is_nan()).count(), 8);
        // `most` has drowned everywhere, but no claim is about it; a claim that may pick it has no organisation.
        let picking = "picked_by = \"value\"\nthan = \"nothing\"";
        assert_eq!(asked(&study(picking, "higher"), &worlds).standing(), None);
    }

    #[test]
    fn a_claim_that_picks_is_picked_in_each_organisation_by_half_of_its_replications() {
        let study = study("picked_by = \"value\"\nthan = \"nothing\"", "higher");
        assert_eq!((runs(&study, 2), runs(&self::study(SIDES, "higher"), 2)), (8, 2));
        // Which policy is best changes from one organisation to another; one of them always gains a fifth.
        let best = |place: f64| [Some(100.0), Some(if place < 0.5 { 120.0 } else { 80.0 })];
        let worlds = made(8, |place| {
            let [nothing, tenth] = best(place);
            [nothing, tenth, tenth.map(|value| 200.0 - value), Some(100.0)]
        });
        let found = asked(&study, &worlds);
        assert_eq!((found.holds.expected, found.holds.organisations), (40.0, 40));
    }

    #[test]
    fn a_scenario_without_ranges_has_nothing_to_say() {
        let found = nothing_to_draw(&study(SIDES, "higher"));
        assert_eq!((found.len(), found[0].varied, found[0].standing()), (1, 0, None));
    }
}
