//! Shipped scenarios and presets, changed at random.

use super::{ARRIVALS, Dice, EFFORTS, LIMITS, Variant, failure, holder, route, share};
use orgsim::scenario::library;
use orgsim::scenario::study::{Amendments, Study};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A shipped scenario with the names in it.
struct Shipped {
    name: String,
    text: String,
    teams: Vec<String>,
    kinds: Vec<String>,
    stages: Vec<String>,
}

/// Everything in the folder of scenarios that is one, and every preset as a scenario of its own.
fn shipped() -> &'static [Shipped] {
    static SHIPPED: OnceLock<Vec<Shipped>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut found = Vec::new();
        for part in ["", "claims"] {
            let files = std::fs::read_dir(folder.join(part)).expect("a folder");
            let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
            files.sort();
            for file in files.iter().filter(|file| file.extension().is_some_and(|it| it == "toml")) {
                let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
                found.extend(with_names(name, std::fs::read_to_string(file).expect("text")));
            }
        }
        let mut presets = library::names();
        presets.sort_unstable();
        found.extend(
            presets
                .into_iter()
                .filter_map(|name| with_names(name.to_owned(), format!("extends = \"{name}\"\n"))),
        );
        found
    })
}

fn with_names(name: String, text: String) -> Option<Shipped> {
    let read = Study::from_text(&name, text.as_bytes(), PathBuf::from("."), &Amendments::default());
    let (study, _) = read.ok()?;
    let scenario = &study.scenario;
    let teams = scenario.team.iter().map(|team| team.name.clone()).collect();
    let kinds = scenario.work.keys().cloned().collect();
    let stages = scenario.stage.keys().cloned().collect();
    Some(Shipped { name, text, teams, kinds, stages })
}

/// A shipped scenario with a few stages more and a few values set, by this many throws of the dice.
pub fn amended(number: u64) -> Variant {
    let mut dice = Dice::new(number);
    let dice = &mut dice;
    let from = &shipped()[dice.below(shipped().len())];
    let mut text = from.text.clone();
    let mut stages = from.stages.clone();
    for nth in 0..dice.below(4) {
        let name = format!("zz{nth}");
        stages.push(name.clone());
        let gates = ["none".to_owned(), "zz".to_owned()];
        let held = holder(dice, &from.kinds, &from.teams, &gates);
        let _ = writeln!(text, "\n[stage.{name}]\n{held}\neffort = {}", EFFORTS[dice.below(EFFORTS.len())]);
    }
    text += "\n[board.zz]\nmeets = { every = \"2 days\" }\ninclusive = true\nattends = 1\ntakes = \"10 minutes\"\n";
    let mut set = vec!["horizon=\"4 weeks\"".to_owned(), "warmup=\"0 days\"".to_owned()];
    set.push(format!("past=\"{}\"", dice.pick(&["none", "2 weeks", "own"])));
    set.push("replications=1".to_owned());
    for _ in 0..1 + dice.below(5) {
        set.push(change(dice, from, &stages));
    }
    if dice.once_in(2) {
        set.push("population_limit=3000".to_owned());
    }
    Variant { text, name: from.name.clone(), set }
}

fn change(dice: &mut Dice, from: &Shipped, stages: &[String]) -> String {
    let (team, kind, stage) = (dice.name(&from.teams), dice.name(&from.kinds), dice.name(stages));
    match dice.below(22) {
        0..=6 => format!("work.{kind}.route={}", route(dice, stages)),
        7 => format!("stage.{stage}.slots={}", LIMITS[dice.below(LIMITS.len())]),
        8 => format!("stage.{stage}.column={}", LIMITS[dice.below(LIMITS.len())]),
        9 => format!("stage.{stage}.effort={}", EFFORTS[dice.below(EFFORTS.len())]),
        10 => format!("stage.{stage}.failure={}", failure(dice, stages)),
        11 => format!("stage.{stage}.sticky=true"),
        12 => format!("\"team.{team}.engineers\"={}", 1 + dice.below(3)).replace('"', ""),
        13 => format!(
            "team.*.wip.{}={}",
            dice.pick(&["items", "team", "initiatives", "active"]),
            LIMITS[dice.below(LIMITS.len())]
        ),
        14 => format!(
            "team.*.order=\"{}\"",
            dice.pick(&["last-come", "random", "shortest", "loudest", "first-come"])
        ),
        15 => format!("work.{kind}.arrivals={}", ARRIVALS[dice.below(ARRIVALS.len())]),
        16 => format!("work.{kind}.waits=false"),
        17 => format!(
            "work.{kind}.patience={}",
            dice.pick(&["\"0 hours\"", "{ exponential = \"1 day\" }", "\"3 days\""])
        ),
        18 => format!("work.{kind}.backlog_limit=2"),
        19 => format!("work.{kind}.preempts=\"{}\"", dice.pick(&["resume", "restart"])),
        20 => format!("work.{kind}.priority={}", dice.below(9)),
        _ => format!("team.*.share.health=\"{}\"", share(dice)),
    }
}
