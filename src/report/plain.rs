//! Plain names of the levers that charts and headlines speak of; a path is what a file says, not what people say.

/// Paths with the words for them; `*` stands for any name.
const NAMES: &[(&str, &str)] = &[
    ("team.*.engineers", "engineers per team"),
    ("team.*.target", "people a team is to have"),
    ("team.*.share.health", "share of capacity for system health"),
    ("team.*.wip.initiatives", "initiatives a team works on at once"),
    ("team.*.wip.items", "items a person has in progress"),
    ("team.*.wip.team", "items a team has in progress"),
    ("team.*.wip.active", "items on a desk"),
    ("team.*.order", "order of work"),
    ("team.*.pressure", "pressure"),
    ("team.*.sharing", "time for sharing knowledge"),
    ("team.*.skill", "skill"),
    ("team.*.leaves", "people who leave"),
    ("team.*.assisted", "people who write code with an assistant"),
    ("team.*.tooling.builds", "time for build tools"),
    ("team.*.tooling.deployment", "time for deployment tools"),
    ("team.*.tooling.environments", "time for environments"),
    ("team.*.tooling.documents", "time for documents"),
    ("team.*.code.weight", "weight of the code"),
    ("team.*.code.components", "components a team owns"),
    ("board.*.meets.every", "time between meetings of the board"),
    ("board.*.slots", "items a board hears in a meeting"),
    ("approver.*.hours_per_week", "hours a week for approval"),
    ("work.*.arrivals.load", "demand"),
    ("work.*.items", "items per initiative"),
    ("work.*.backlog_limit", "size of the backlog"),
    ("limit.*.items", "limit on work in progress"),
    ("stage.*.release.train.every", "time between releases"),
    ("stage.*.clear_enough", "fuzziness that is clear enough"),
    ("builds.length", "length of a build"),
    ("debt.interest", "interest on debt"),
    ("priorities.kill_below", "promise below which work is stopped"),
    ("complexity.ahead", "hours built ahead"),
    ("trust.blame", "blame"),
];

/// The words for a path, with the name of the one thing that it speaks of, if it speaks of one: "pressure
/// (Checkout)". A path without words is itself.
pub fn name(path: &str) -> String {
    let steps: Vec<&str> = path.split('.').collect();
    let known = |(pattern, _): &&(&str, &str)| {
        let pattern: Vec<&str> = pattern.split('.').collect();
        pattern.len() == steps.len()
            && pattern.iter().zip(&steps).all(|(known, step)| *known == "*" || known == step)
    };
    let Some((pattern, words)) = NAMES.iter().find(known) else { return path.to_owned() };
    let of = pattern.split('.').zip(&steps).find(|(known, step)| *known == "*" && **step != "*");
    match of {
        Some((_, thing)) => format!("{words} ({})", thing.trim_matches('"')),
        None => (*words).to_owned(),
    }
}

/// The words with the path behind them, for an axis: whoever reads it may want to try another value.
pub fn axis(path: &str) -> String {
    match name(path) {
        words if words == path => words,
        words => format!("{}: {path}", super::words::capital(&words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_called_what_people_call_them() {
        assert_eq!(name("team.*.share.health"), "share of capacity for system health");
        assert_eq!(name("team.Checkout.pressure"), "pressure (Checkout)");
        assert_eq!(name("team.*.none.such"), "team.*.none.such");
        assert_eq!(axis("builds.length"), "Length of a build: builds.length");
        assert_eq!(axis("a.b"), "a.b");
    }

    #[test]
    fn every_named_path_is_one_of_a_scenario() {
        let schema = scenario::study::schema();
        for (path, _) in NAMES {
            let path: scenario::Path = path.parse().expect("a path");
            assert!(scenario::meaning(&schema, &path).is_ok(), "{path}");
        }
    }
}
