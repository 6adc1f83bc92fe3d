//! Waste: hours that a mechanism takes of people and that its levers could give back, declared beside the mechanism.
//!
//! A lever stands here only if hours are all that it acts by: then what a policy on it can bring is bounded by what
//! people could do with those hours. What acts by anything else (by mistakes, by waiting for somebody's decision, by what
//! people know) has no such bound: of it is said how much there is ([`Loss`]), and that decides nothing.

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
        is_below(self.levers, path)
    }
}

/// What is lost by more than hours, and how large that is: by incidents, by work that is done again, by work that waits. It bounds
/// nothing, since levers on it act in other ways besides; it says how much of it there is.
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    /// Paths of the levers that address it, as of a [`Waste`].
    pub levers: &'static [&'static str],
    /// What is lost, as a sentence goes on: "harm of incidents".
    pub text: &'static str,
    /// The metric that tells it, a share, and of what: "of gross value".
    pub share: &'static str,
    pub of: &'static str,
}

/// What incidents take.
pub const HARM: Loss =
    Loss { levers: &[], text: "harm of incidents", share: "harm_share", of: "of gross value" };
/// What is sent back.
pub const REDONE: Loss =
    Loss { levers: &[], text: "work done again", share: "redone_share", of: "of all work" };
/// What bugs, corrections and incidents take of people.
pub const UNPLANNED: Loss =
    Loss { levers: &[], text: "unplanned work", share: "unplanned_share", of: "of all hours" };
/// What waiting takes.
pub const FADED: Loss = Loss {
    levers: &[],
    text: "worth that faded while work waited",
    share: "faded_share",
    of: "of what that was worth",
};

impl Loss {
    /// The same, addressed by these levers.
    pub const fn by(self, levers: &'static [&'static str]) -> Loss {
        Loss { levers, ..self }
    }

    /// Whether a change of what stands at this path moves one of the levers.
    pub fn is_of(&self, path: &str) -> bool {
        is_below(self.levers, path)
    }
}

/// What levers of the core address: limits and orders of work, and what sends work back.
pub const OF_THE_CORE: &[Loss] = &[
    FADED.by(&[
        "team.*.wip",
        "team.*.order",
        "team.*.finish_first",
        "work.*.backlog_limit",
        "work.*.when_full",
        "stage.*.slots",
        "stage.*.column",
    ]),
    REDONE.by(&["stage.*.failure"]),
    HARM.by(&["stage.*.failure", "failure"]),
    UNPLANNED.by(&["stage.*.failure", "failure"]),
];

/// Whether a path is one of these levers, or lies below it.
fn is_below(levers: &[&str], path: &str) -> bool {
    let fits = |lever: &&str| {
        let mut steps = path.split('.');
        lever.split('.').all(|step| steps.next().is_some_and(|it| step == "*" || step == it))
    };
    levers.iter().any(fits)
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
        let loss = HARM.by(levers);
        assert!(loss.is_of("team.dev.calls.between") && !loss.is_of("talk"));
    }
}
