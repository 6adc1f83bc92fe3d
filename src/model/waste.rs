//! Waste: hours that a mechanism takes of people and that its levers could give back, declared beside the mechanism.
//!
//! A lever stands here only if hours are all that it acts by: then what a policy on it can bring is bounded by what
//! people could do with those hours. What acts by anything else (by mistakes, by waiting for somebody's decision, by what
//! people know) has no such bound, and nothing is said of it.

/// Hours that some levers could give back at most, all of them together.
#[derive(Clone, Copy, Debug)]
pub struct Waste {
    /// Paths of the levers, or of tables of them; `*` stands for any name.
    pub levers: &'static [&'static str],
    /// What takes the hours, as a sentence begins: "questions".
    pub text: &'static str,
    /// The metric that tells them, in hours a year: with what it takes to resume work that was laid down for them.
    pub hours: &'static str,
}

impl Waste {
    /// Whether a change of what stands at this path moves one of the levers, and nothing beside them.
    pub fn is_of(&self, path: &str) -> bool {
        let fits = |lever: &&str| {
            let mut steps = path.split('.');
            lever.split('.').all(|step| steps.next().is_some_and(|it| step == "*" || step == it))
        };
        self.levers.iter().any(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lever_is_its_path_or_what_lies_below_it() {
        let levers = &["talk.asks", "team.*.calls"];
        let waste = Waste { levers, text: "talk", hours: "talk_hours_per_year" };
        for path in ["talk.asks", "team.*.calls", "team.dev.calls.between"] {
            assert!(waste.is_of(path), "{path}");
        }
        for path in ["talk", "talk.asks_left", "team.dev", "team.dev.attention"] {
            assert!(!waste.is_of(path), "{path}");
        }
    }
}
