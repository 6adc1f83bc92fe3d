//! Scenarios made up from nothing.

use super::{ARRIVALS, Dice, EFFORTS, LIMITS, Variant, failure, holder, route, share};
use std::fmt::Write;

/// An organisation thrown together by this many throws of the dice.
pub fn invented(number: u64) -> Variant {
    let mut dice = Dice::new(number);
    let dice = &mut dice;
    let names = |prefix: &str, count: usize| -> Vec<String> {
        (0..count).map(|at| format!("{prefix}{at}")).collect()
    };
    let teams = names("t", 1 + dice.below(3));
    let kinds = names("k", 1 + dice.below(3));
    let stages = names("s", 2 + dice.below(5));
    let gates = names("g", dice.below(4));
    let mut text = String::from("extends = \"bare\"\nhorizon = \"5 weeks\"\nreplications = 1\n");
    let _ = writeln!(text, "population_limit = {}", dice.pick(&["2000", "20000", "100"]));
    let _ = writeln!(text, "past = \"{}\"", dice.pick(&["none", "none", "2 weeks", "own"]));
    if dice.once_in(4) {
        text += "warmup = \"1 week\"\n";
    }
    if dice.once_in(8) {
        text += dice.pick(&["stop = \"empty\"\n", "stop = { items = 5 }\n"]);
    }
    for team in &teams {
        text += &a_team(dice, team);
    }
    for gate in &gates {
        text += &a_gate(dice, gate, &gates);
    }
    let mut ways = gates.clone();
    ways.push("none".to_owned());
    for stage in &stages {
        text += &a_stage(dice, stage, &stages, &kinds, &teams, &ways);
    }
    for kind in &kinds {
        text += &a_kind(dice, kind, &stages, &kinds, &teams);
    }
    if dice.once_in(3) {
        let _ = writeln!(
            text,
            "[limit.l]\nstages = [\"{}\", \"{}\"]\nitems = {}",
            dice.name(&stages),
            dice.name(&stages),
            1 + dice.below(4)
        );
    }
    text += &some_mechanisms(dice, &kinds);
    text += &some_policies(dice, &teams, &stages, &kinds);
    Variant { text, name: "invented".to_owned(), set: Vec::new() }
}

fn a_team(dice: &mut Dice, name: &str) -> String {
    let mut text =
        format!("[[team]]\nname = \"{name}\"\nengineers = {}\n", 1 + dice.below(4) * dice.below(3));
    let order = dice.pick(&["first-come", "last-come", "random", "shortest", "value", "cd3", "loudest"]);
    let _ = writeln!(text, "order = \"{order}\"");
    for limit in ["initiatives", "items", "team", "active"] {
        if dice.once_in(3) {
            let _ = writeln!(text, "wip.{limit} = {}", LIMITS[dice.below(LIMITS.len())]);
        }
    }
    if dice.once_in(3) {
        let _ = writeln!(text, "share.health = \"{}\"", dice.pick(&["0%", "20%", "100%"]));
    }
    if dice.once_in(4) {
        let between = dice.pick(&["{ exponential = \"3 days\" }", "\"1 hour\"", "\"0.001 seconds\""]);
        let _ = writeln!(text, "absence = {{ between = {between}, lasts = \"1 day\" }}");
    }
    if dice.once_in(5) {
        let kind = dice.pick(&["platform", "enabling", "complicated-subsystem", "function"]);
        let _ = writeln!(text, "kind = \"{kind}\"");
    }
    if dice.once_in(2) {
        text += "code = { components = 2, size_per_engineer = \"50 days\", density = \"20%\", concentration = 1.0 }\n";
    }
    text
}

fn a_gate(dice: &mut Dice, name: &str, gates: &[String]) -> String {
    let rejects = share(dice);
    // A chain's members are no chains: the first is none.
    let sorts = if gates.first().is_some_and(|first| first == name) { 2 } else { 3 };
    match dice.below(sorts) {
        0 => format!(
            "[board.{name}]\nmeets = {{ every = \"{}\" }}\nslots = {}\ninclusive = {}\nattends = {}\ntakes = \"30 minutes\"\nrejects = \"{rejects}\"\n",
            if dice.once_in(20) { "0.001 seconds" } else { dice.pick(&["1 day", "1 week", "3 hours"]) },
            LIMITS[dice.below(LIMITS.len())],
            dice.once_in(2),
            dice.below(3)
        ),
        1 => format!(
            "[approver.{name}]\nhours_per_week = {}\nhearing = {}\nrejects = \"{rejects}\"\n{}",
            dice.pick(&["10", "1", "40"]),
            EFFORTS[dice.below(EFFORTS.len())],
            dice.pick(&[
                "",
                "absence = { between = \"3 days\", lasts = \"2 days\" }\n",
                "automatic = \"50%\"\n"
            ])
        ),
        _ => format!(
            "[chain.{name}]\nmembers = [\"{}\", \"{}\"]\nmode = \"{}\"\n{}",
            gates[0],
            if dice.once_in(4) { dice.name(gates) } else { &gates[0] },
            dice.pick(&["parallel", "series"]),
            match dice.below(4) {
                0 => "quorum = 1\n".to_owned(),
                1 => "escalation = { after = \"2 days\" }\n".to_owned(),
                2 => format!("escalation = {{ after = \"2 days\", to = \"{}\" }}\n", gates[0]),
                _ => String::new(),
            }
        ),
    }
}

fn a_stage(
    dice: &mut Dice,
    name: &str,
    stages: &[String],
    kinds: &[String],
    teams: &[String],
    gates: &[String],
) -> String {
    let mut text = format!("[stage.{name}]\n{}\n", holder(dice, kinds, teams, gates));
    if dice.once_in(4) {
        let _ = writeln!(text, "effort_share = \"{}\"", dice.pick(&["20%", "100%", "0%"]));
    } else {
        let _ = writeln!(text, "effort = {}", EFFORTS[dice.below(EFFORTS.len())]);
    }
    if dice.once_in(3) {
        let _ = writeln!(text, "failure = {}", failure(dice, stages));
    }
    if dice.once_in(2) {
        let key = dice.pick(&["slots", "column"]);
        let _ = writeln!(text, "{key} = {}", LIMITS[dice.below(LIMITS.len())]);
    }
    if dice.once_in(8) {
        let _ = writeln!(text, "patience = {}", dice.pick(&["{ exponential = \"1 day\" }", "\"0 hours\""]));
    }
    if dice.once_in(4) {
        text += "sticky = true\n";
    }
    if dice.once_in(3) {
        text += "code = true\n";
    }
    if dice.once_in(4) && text.contains("]\nteam =") {
        text += "crew = { speed = [\"100%\", \"180%\", \"200%\"] }\n";
    }
    if dice.once_in(8) {
        let _ = writeln!(text, "applies_to = {{ work = [\"{}\"] }}", dice.name(kinds));
    }
    text
}

fn a_kind(dice: &mut Dice, name: &str, stages: &[String], kinds: &[String], teams: &[String]) -> String {
    let mut text = format!("[work.{name}]\nroute = {}\n", route(dice, stages));
    match dice.below(6) {
        0 => {
            let count = dice.pick(&["1", "0.5", "{ poisson = { mean = 0.4 } }", "3"]);
            let delay = dice.pick(&["\"0 hours\"", "{ exponential = \"1 day\" }"]);
            let _ = writeln!(
                text,
                "arrivals = {{ after = {{ work = [\"{}\"], count = {count}, delay = {delay} }} }}",
                dice.name(kinds)
            );
        }
        _ => {
            let at = if dice.once_in(4) { dice.below(ARRIVALS.len()) } else { dice.below(8) };
            let _ = writeln!(text, "arrivals = {}", ARRIVALS[at]);
        }
    }
    let mut perhaps = |often: usize, line: &str| {
        if dice.once_in(often) {
            text += line;
            text.push('\n');
        }
    };
    perhaps(3, "items = 2");
    perhaps(6, "items = { poisson = { mean = 1.5 } }");
    perhaps(1, "size = { lognormal = { mean = \"1 day\", cv = 1.5 } }");
    perhaps(4, "backlog = 7");
    perhaps(4, "backlog_limit = 3");
    perhaps(6, "waits = false");
    perhaps(5, "patience = { exponential = \"1 day\" }");
    perhaps(8, "patience = \"0 hours\"");
    perhaps(5, "priority = 1");
    perhaps(5, "preempts = \"resume\"");
    perhaps(8, "preempts = \"restart\"");
    perhaps(4, "class = \"unplanned\"");
    perhaps(8, "class = \"health\"");
    perhaps(4, "valued = true");
    if dice.once_in(4) {
        let _ = writeln!(text, "team = \"{}\"", dice.name(teams));
    }
    // A key that is written twice would only test the loader.
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let key = |line: &str| line.split(" = ").next().map(str::to_owned);
        if !lines.iter().any(|before| key(before) == key(line)) {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

fn some_mechanisms(dice: &mut Dice, kinds: &[String]) -> String {
    let mut text = String::new();
    if dice.once_in(3) {
        let _ = writeln!(
            text,
            "[debt]\ndecisions_per_day = 4\nshortcut = \"20%\"\npush = 1\nlateness = 1\ncontagion = 2\npatience = \"60 days\"\nsaves = \"10 minutes\"\nadds = \"40 minutes\"\ninterest = 2\naging = \"5%\"\ngrowth = 0.5\ncorner = \"50%\"\nfriction = 1.5\nfloor = \"0%\"\nrisk = 2\ntypical = \"15%\"\nrisk_shortcut = 1\nrepair = \"{}\"\nrepaid = 1",
            dice.name(kinds)
        );
    }
    if dice.once_in(4) {
        text += "[failure]\nbase = \"30%\"\n[incidents]\ndetection = { exponential = \"1 hour\" }\nresponse = { exponential = \"2 hours\" }\nmitigation = { exponential = \"2 hours\" }\nrecovery = { exponential = \"1 hour\" }\npeople = 2\npostmortem = \"50%\"\npostmortem_people = 3\npostmortem_length = \"2 hours\"\nfragility = 0.5\nfades = \"1 quarter\"\n";
        let _ = writeln!(text, "corrective = \"{}\"", dice.name(kinds));
    }
    if dice.once_in(4) {
        text += "[value]\npayback = \"20 days\"\ntail_sigma = 1.0\nvalue_error = 0.5\nsize_error = 0.5\nat_completion = \"20%\"\nhalf_life = \"1 year\"\nproduct = \"80%\"\n";
    }
    if dice.once_in(4) {
        text += "[switching]\nefficiency = \"weinberg\"\nresumption = \"15 minutes\"\n";
    }
    text
}

fn some_policies(dice: &mut Dice, teams: &[String], stages: &[String], kinds: &[String]) -> String {
    let mut text = String::new();
    if dice.once_in(2) {
        text += "[migration]\ntakes = \"2 weeks\"\nlost = \"20%\"\n";
    }
    for policy in 0..dice.below(3) {
        let _ = writeln!(text, "[policy.p{policy}]");
        let after = if dice.once_in(2) { "after.\"6 days\"." } else { "" };
        let line = match dice.below(5) {
            0 | 1 => format!("{after}\"work.{}.route\" = {}", dice.name(kinds), route(dice, stages)),
            2 => format!("{after}\"team.{}.engineers\" = {}", dice.name(teams), 1 + dice.below(5)),
            3 => {
                format!("{after}\"stage.{}.slots\" = {}", dice.name(stages), LIMITS[dice.below(LIMITS.len())])
            }
            _ => format!("{after}\"team.*.wip.items\" = {}", LIMITS[dice.below(LIMITS.len())]),
        };
        let _ = writeln!(text, "{line}");
    }
    text
}
