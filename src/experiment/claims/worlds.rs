//! Claims over plausible organisations: in how many of those drawn each holds, and what decides it.
//!
//! A claim is judged in every organisation by the same two sides as in its file's own, with that organisation's
//! measure as what a smallest difference is relative to.

use super::Sides;
use crate::experiment::design::Space;
use crate::experiment::robust::ground::Ground;
use crate::experiment::robust::pairs::{Pairs, gain};
use crate::experiment::robust::summary::{Gain, Word};
use crate::experiment::summary::claims::OverWorlds;
use crate::experiment::worlds::{Fate, World};
use crate::scenario::study::Study;
use crate::scenario::tables::{ClaimDirection, ClaimTable};
use crate::statistics::ignorance::{Count, count_each};
use crate::statistics::rank::chance;
use crate::statistics::resample::Resampling;

/// How many times as many lives an organisation has where a claim picks its policies: half of them pick, half judge.
const TO_PICK: u64 = 4;

/// Lives per organisation and policy, where so many were asked for.
pub fn lives(study: &Study, asked: u64) -> u64 {
    if study.scenario.claim.0.iter().any(picks) { asked * TO_PICK } else { asked }
}

fn picks(claim: &ClaimTable) -> bool {
    claim.picked_by.is_some() || claim.than_picked_by.is_some()
}

/// Judges the claims of a study over the organisations lived: the whole of every range, and where it was asked the
/// middle half.
pub fn over(
    study: &Study,
    space: &Space,
    lives: u64,
    whole: &[World],
    narrow: Option<&[World]>,
) -> Vec<OverWorlds> {
    let claims = &study.scenario.claim.0;
    let one = |claim: &ClaimTable| {
        let asked = Asked { study, space, claim };
        let mut over = asked.over(whole);
        over.lives = lives;
        over.narrow = narrow.map(|worlds| asked.over(worlds).holds);
        over
    };
    claims.iter().map(one).collect()
}

/// What is said of claims whose scenario has nothing to draw.
pub fn nothing_to_draw(study: &Study) -> Vec<OverWorlds> {
    over(study, &Space { parameters: Vec::new(), calendar: study.scenario.clock }, 0, &[], None)
}

/// One claim of a study.
struct Asked<'a> {
    study: &'a Study,
    space: &'a Space,
    claim: &'a ClaimTable,
}

impl Asked<'_> {
    fn over(&self, worlds: &[World]) -> OverWorlds {
        let judged: Vec<&World> = worlds.iter().filter(|world| world.fate == Fate::Judged).collect();
        let lived: Vec<(usize, &World)> =
            judged.iter().copied().enumerate().filter(|(_, world)| !self.drowned(world)).collect();
        let pairs: Vec<Pairs> = lived
            .iter()
            .map(|(at, world)| Pairs { world: *at, lives: self.lives(world) })
            .filter(|pairs| pairs.lives.len() >= 2)
            .collect();
        let fate = |of: fn(&Fate) -> bool| worlds.iter().filter(|world| of(&world.fate)).count();
        let [holds, opposite] = self.counts(&pairs);
        let mut effects = vec![f64::NAN; worlds.len()];
        for pairs in &pairs {
            let gain = gain(&judged, pairs, 1.0, self.margin());
            if let Some(place) = worlds.iter().position(|world| world.number == gain.world) {
                effects[place] = gain.relative;
            }
        }
        OverWorlds {
            lives: 0,
            varied: self.space.parameters.len(),
            drawn: worlds.len(),
            implausible: fate(|fate| matches!(fate, Fate::Implausible(_))),
            drowned: fate(|fate| *fate == Fate::Drowned) + judged.len() - lived.len(),
            refused: fate(|fate| matches!(fate, Fate::Refused(_))),
            missing: lived.len() - pairs.len(),
            holds,
            opposite: opposite.expected,
            narrow: None,
            effects,
            turns: self.turns(&judged, &pairs),
        }
    }

    /// Whether a policy that the claim is about drowned in one of the lives; any may, where the claim picks.
    fn drowned(&self, world: &World) -> bool {
        let named = |name: &str| {
            let claim = self.claim;
            let sides = [&claim.better, &claim.than];
            let either = sides.into_iter().flatten().any(|side| side == name);
            picks(claim) || either || claim.than_sum_of.iter().any(|part| part == name)
        };
        let about: Vec<bool> = self.study.courses.iter().map(|course| named(&course.name)).collect();
        let lost = |courses: &[Option<Vec<f64>>]| {
            courses.iter().zip(&about).any(|(lived, about)| *about && lived.is_none())
        };
        world.lives.iter().any(|(_, courses)| lost(courses))
    }

    /// The lives of an organisation in which both sides have the measure.
    fn lives(&self, world: &World) -> Vec<(f64, f64)> {
        let sides = Sides::of(self.study, &world.lives, self.claim);
        let pairs = sides.better.1.iter().copied().zip(sides.than.1.iter().copied());
        pairs.filter(|(better, than)| better.is_finite() && than.is_finite()).collect()
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
    fn turns(&self, judged: &[&World], pairs: &[Pairs]) -> String {
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
