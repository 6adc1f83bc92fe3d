//! Guardrails beside a ranking, which looks at the objective alone: what the selected policy is shown to hurt.

use crate::compare::guardrails;
use crate::guarded::judged;
use crate::summary::Guarded;
use scenario::study::Study;
use statistics::seen::Seen;

/// The guardrails of a policy in one replication, and whether each lies beyond the window.
pub type GuardedRow = Vec<(f64, bool)>;

/// The guardrails of each policy beside the baseline's, in the replications that both run.
pub struct Watched {
    metrics: Vec<usize>,
    /// For each policy, its own and the baseline's.
    pairs: Vec<Vec<(GuardedRow, GuardedRow)>>,
}

impl Watched {
    pub fn of(study: &Study) -> Watched {
        Watched { metrics: guardrails(study), pairs: vec![Vec::new(); study.timelines.len()] }
    }

    /// Sees one replication of these timelines.
    pub fn see(&mut self, in_play: &[usize], row: &[&GuardedRow]) {
        let Some(baseline) = in_play.iter().position(|timeline| *timeline == 0) else { return };
        for (timeline, guarded) in in_play.iter().zip(row) {
            self.pairs[*timeline].push(((*guarded).clone(), row[baseline].clone()));
        }
    }

    /// What is known of each guardrail of a policy; nothing of the baseline's.
    pub fn judged(&self, study: &Study, policy: usize) -> Vec<Guarded> {
        if policy == 0 {
            return Vec::new();
        }
        let column = |at: usize, own: bool| -> Seen {
            let pairs = self.pairs[policy].iter();
            pairs.map(|(policy, baseline)| if own { policy[at] } else { baseline[at] }).collect()
        };
        let pairs: Vec<(Seen, Seen)> =
            (0..self.metrics.len()).map(|at| (column(at, true), column(at, false))).collect();
        judged(study, &self.metrics, &pairs, self.pairs.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::study::Amendments;
    use statistics::verdict::Guardrail;

    fn hurt(watched: &Watched, study: &Study, policy: usize) -> Vec<String> {
        let judged = watched.judged(study, policy).into_iter();
        judged.filter(|one| one.word == Guardrail::Hurt).map(|one| one.title).collect()
    }

    /// Policies `nothing` (the baseline) and others; the guardrails are lead time p85 and change failure rate.
    fn study() -> Study {
        let text = include_str!("../../../tests/fixtures/health.toml");
        let read = Study::from_text("made-up.toml", text.as_bytes(), ".".into(), &Amendments::default());
        read.unwrap_or_else(|refusal| panic!("{:?}", refusal.problems.iter().next())).0
    }

    #[test]
    fn what_is_shown_to_be_worse_by_more_than_matters_is_hurt_and_nothing_else() {
        let study = study();
        let mut watched = Watched::of(&study);
        for nth in 0..30 {
            let noise = f64::from(nth % 5) * 0.01;
            let baseline = vec![(0.2 + noise, false), (0.1 + noise, false)];
            let worse = vec![(0.26 + noise, false), (0.1 + noise, false)];
            let better = vec![(0.1 + noise, false), (0.101 + noise, false)];
            watched.see(&[0, 1, 2], &[&baseline, &worse, &better]);
            // Without the baseline there is nothing to compare with.
            watched.see(&[1, 2], &[&better, &worse]);
        }
        assert_eq!(hurt(&watched, &study, 1), ["lead time p85"]);
        assert!(hurt(&watched, &study, 2).is_empty() && hurt(&watched, &study, 0).is_empty());
    }

    #[test]
    fn what_lies_beyond_the_window_is_not_shown_where_the_least_it_can_be_does_not_show_it() {
        let study = study();
        let mut watched = Watched::of(&study);
        for nth in 0..30 {
            let noise = f64::from(nth % 5) * 0.001;
            let baseline = vec![(0.2 + noise, false), (0.1 + noise, false)];
            watched.see(&[0, 1], &[&baseline, &vec![(0.2 + noise, true), (0.1 + noise, false)]]);
        }
        assert!(hurt(&watched, &study, 1).is_empty());
    }
}
