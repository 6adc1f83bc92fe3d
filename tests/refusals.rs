//! Refusals: whatever is wrong, it is said where, what to do, in our words, and without echoing what was written at length.

#[path = "acts/leaves.rs"]
#[allow(dead_code, reason = "values to try are asked for by the other test that uses it")]
mod leaves;

use leaves::leaves;
use orgsim::diagnostic::Severity;
use orgsim::scenario::render;
use orgsim::scenario::study::{Amendments, Refusal, Study, schema};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The longest refusal of one thing, drawn, in bytes.
const LONGEST: usize = 2_000;

/// What libraries say, and nobody who writes a scenario should have to read.
const THEIRS: [&str; 12] = [
    "invalid type",
    "invalid value",
    "invalid length",
    "expected a ",
    "expected an ",
    "expected one of",
    "did not match",
    "unknown field",
    "unknown variant",
    "missing field",
    "untagged enum",
    "TOML parse error",
];

fn read(text: &str) -> Result<Study, Box<Refusal>> {
    Study::from_text("s.toml", text.as_bytes(), ".".into(), &Amendments::default()).map(|(study, _)| study)
}

/// What a refusal lacks, one line for each of its findings.
fn lacks(what: &str, refusal: &Refusal) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut lack = |thing: &str, message: &str| wrong.push(format!("{what}: {thing}: {message}"));
    for problem in refusal.problems.iter().filter(|problem| problem.severity == Severity::Error) {
        if problem.place.is_none() {
            lack("no place", &problem.message);
        }
        if problem.help.as_deref().is_none_or(str::is_empty) {
            lack("no help", &problem.message);
        }
        let said = format!("{} {}", problem.message, problem.help.as_deref().unwrap_or_default());
        if let Some(theirs) = THEIRS.iter().find(|theirs| said.contains(**theirs)) {
            lack(theirs, &said);
        }
    }
    let drawn = render(&refusal.problems, &refusal.sources, false);
    if drawn.len() > LONGEST * refusal.problems.shown().len().max(1) {
        lack("too long", &format!("{} bytes", drawn.len()));
    }
    wrong
}

/// The organisation in which values are put, as a tree.
fn organisation() -> toml::Table {
    let file = format!("{}/tests/acts/product.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).expect("an organisation");
    text.parse().expect("TOML")
}

/// Puts a value at a path; `*` stands for the first that is there.
fn put(tree: &mut toml::Value, path: &[&str], value: &toml::Value) -> bool {
    let Some((step, rest)) = path.split_first() else {
        *tree = value.clone();
        return true;
    };
    match tree {
        toml::Value::Table(table) if *step == "*" => {
            table.iter_mut().next().is_some_and(|(_, inner)| put(inner, rest, value))
        }
        toml::Value::Table(table) => {
            let fresh = || toml::Value::Table(toml::Table::new());
            put(table.entry((*step).to_owned()).or_insert_with(fresh), rest, value)
        }
        toml::Value::Array(list) => list.first_mut().is_some_and(|inner| put(inner, rest, value)),
        _ => false,
    }
}

#[test]
fn every_refusal_says_where_and_what_to_do_in_our_words() {
    let all = leaves(schema());
    let nonsense = [
        "true",
        "-8000",
        "1e300",
        "nan",
        "\"nonsense\"",
        "\"-3 days\"",
        "\"250%\"",
        "\"\"",
        "[]",
        "[1, \"a\"]",
        "{}",
        "{ nonsense = 1 }",
        "{ lognormal = { mean = 3 } }",
    ];
    let long = toml::Value::String("x".repeat(1 << 20));
    let mut values: Vec<toml::Value> = nonsense
        .iter()
        .map(|text| format!("x = {text}").parse::<toml::Table>().expect("TOML")["x"].clone())
        .collect();
    values.push(long);
    let (next, wrong, refused) = (AtomicUsize::new(0), Mutex::new(Vec::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(leaf) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let path: Vec<&str> = leaf.path.split('.').collect();
                    for value in &values {
                        let mut tree = toml::Value::Table(organisation());
                        if !put(&mut tree, &path, value) {
                            continue;
                        }
                        let text = toml::to_string(&tree).expect("TOML");
                        let mut shown = value.to_string();
                        shown.truncate(40);
                        if let Err(refusal) = read(&text) {
                            refused.fetch_add(1, Ordering::Relaxed);
                            let found = lacks(&format!("{} = {shown}", leaf.path), &refusal);
                            wrong.lock().expect("a list").extend(found);
                        }
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().expect("a list");
    wrong.sort();
    assert!(refused.into_inner() > 2_000, "most nonsense is refused");
    assert!(wrong.is_empty(), "{} lacks:\n{}", wrong.len(), wrong.join("\n"));
}

/// A short scenario that is right.
const SMALL: &str = "extends = \"bare\"\n[[team]]\nname = \"dev\"\nengineers = 2\n[work.item]\n\
                     arrivals = { poisson = \"1/day\" }\nroute = [\"build\"]\n[stage.build]\nteam = \"dev\"\neffort = \"1 hour\"\n";

#[track_caller]
fn says(more: &str, words: &str) {
    let refusal = read(&format!("{SMALL}{more}")).err().unwrap_or_else(|| panic!("{more} went through"));
    let said = render(&refusal.problems, &refusal.sources, false);
    assert!(said.contains(words), "{more}: {said}");
    assert!(lacks(more, &refusal).is_empty(), "{:?}", lacks(more, &refusal));
}

#[test]
fn what_only_the_type_of_a_mechanisms_table_refuses_has_its_place() {
    let mut tree = toml::Value::Table(organisation());
    assert!(put(&mut tree, &["incidents", "people"], &toml::Value::Integer(5_000_000_000)));
    let text = toml::to_string(&tree).expect("TOML");
    let refusal = read(&text).expect_err("more than fit");
    assert_eq!(lacks("incidents.people", &refusal), Vec::<String>::new());
    let drawn = render(&refusal.problems, &refusal.sources, false);
    assert!(drawn.contains("people = 5000000000"), "{drawn}");
}

#[test]
fn broken_texts_are_refused_in_our_words() {
    for text in [
        "a = ",
        "a",
        "[a",
        "a = [1",
        "a = { b = 1",
        "a = \"x",
        "a = 1\na = 2",
        "= 1",
        "a = 1 2",
        "a = 1979-05-27",
        "a = 99999999999999999999999",
        "a = 1__0",
        "[[a]\n",
        "a.b = 1\na = 2",
        "a = '''",
        "\u{0}",
        "a = \"\\q\"",
        "]",
        "}",
    ] {
        let refusal = read(text).expect_err("refused");
        assert!(lacks(text, &refusal).is_empty(), "{:?}", lacks(text, &refusal));
    }
}

#[test]
fn tables_that_speak_of_the_scenario_are_checked_too() {
    let evidence = |more: &str| {
        format!("[evidence]\n\"team.*.engineers\" = {{ source = \"a\", tier = \"assumed\", {more} }}\n")
    };
    assert!(read(&format!("{SMALL}{}", evidence("range = [1, 5]"))).is_ok());
    says(&evidence("range = [5, 1]"), "not in order");
    says(&evidence("range = [\"a\", \"b\"]"), "cannot stand here");
    says(&evidence("range = [1, 5], draw = \"normal\""), "not one of the words");
    says(&evidence("range = [1, 2, 3]"), "two ends");
    says(&evidence("range = 3"), "a range is a list");
    says(&evidence("draw = \"choice\""), "no range");
    says(&evidence("range = [1, 5], when = { \"swiching.efficiency\" = \"none\" }"), "not a parameter");
    says(&evidence("range = [1, 5]").replace("engineers", "enginers"), "not a parameter");
    says(&evidence("range = [1, 5]").replace("assumed", "guessed"), "not one of the words");
    let log = "[evidence]\n\"failure.batch\" = { source = \"a\", tier = \"study\", range = [0.0, 1.0], draw = \"log-uniform\" }\n";
    says(log, "no 0");
    says("[plausible]\n\"flow efficiency\" = { range = [0.5, 0.1], source = \"a\" }\n", "not in order");
    says("[plausible]\n\"flow eficiency\" = { range = [0.1, 0.5], source = \"a\" }\n", "no metric");
    says("[plausible]\n\"stage.build.stays\" = { range = [0.1, 0.5], source = \"a\" }\n", "no metric");
    says("[sweep.vary]\n\"team.*.enginers\" = [1, 2]\n", "not a parameter");
    says("[sweep.vary]\n\"team.*.engineers\" = [1, \"many\"]\n", "cannot stand here");
    says("[sweep.vary]\n\"team.*.engineers\" = []\n", "no value");
    says("[sweep.vary]\nseed = [1, 2]\n", "same at every point");
    says("[best]\nbudget = -3\n[best.lever.a]\nset = { \"team.*.engineers\" = [3] }\n", "cannot be negative");
    says("[best.lever.a]\nset = { \"team.*.enginers\" = [3] }\n", "not a parameter");
    says("[best.lever.a]\nset = { \"team.*.engineers\" = [3, 4] }\ncosts = [1]\n", "1 costs for 2 positions");
    says(
        "[best.lever.a]\nset = { \"team.*.engineers\" = [3, 4], \"stage.build.effort\" = [\"1 hour\"] }\n",
        "another path",
    );
    let leader = "[leader.lead]\nclarity = 1\ndecisions = -8000\nsystems = 0\npeople = 0\ncode = 0\nhearing = \"1 hour\"\n\
                  takes = \"10%\"\nclarifies = \"50%\"\n";
    says(leader, "must lie between 0 and 40, not -8000");
}

#[test]
fn what_could_do_nothing_is_refused() {
    let profile = |arrivals: &str, profile: &str| {
        format!("[work.x]\narrivals = {arrivals}\nprofile = {profile}\nroute = [\"build\"]\n")
    };
    let season = "{ period = \"10 days\", pieces = [{ from = \"0 days\", rate = \"50%\" }] }";
    assert!(read(&format!("{SMALL}{}", profile("{ poisson = \"1/day\" }", season))).is_ok());
    for arrivals in
        ["{ every = \"1 day\" }", "{ endless = 1 }", "\"none\"", "{ trace = { times = [\"1 day\"] } }"]
    {
        says(&profile(arrivals, season), "no rate that a profile could change");
    }
    says(&profile("{ poisson = \"1/day\" }", &season.replace("\"0 days\"", "\"10 days\"")), "never comes");
    says(&profile("{ poisson = \"1/day\" }", "{ period = \"10 days\" }"), "no pieces");
    says(&profile("{ poisson = \"1/day\" }", "{}"), "changes nothing");
    let trace =
        |more: &str| format!("[work.x]\narrivals = {{ trace = {{ {more} }} }}\nroute = [\"build\"]\n");
    says(&trace("file = \"x.csv\", column = \"day\""), "has no unit");
    says(&trace("times = [\"1 day\"], unit = \"days\""), "columns of which file");
    let value = |more: &str| {
        format!(
            "[value]\npayback = \"1 year\"\ntail_sigma = 1\nvalue_error = 0\nsize_error = 0\nat_completion = \"0%\"\n{more}\n"
        )
    };
    says(&value("half_life = \"1 year\"\nharm = 4"), "incidents.severity");
    says(&value("half_life = \"never\""), "worth any amount");
    says(&value("half_life = \"0 days\""), "must be positive");
    says(&value("half_life = \"1 year\"\ndated = \"10%\""), "nothing says when");
    let debt = "[debt]\ndecisions_per_day = 1\nshortcut = \"1%\"\npush = 0\nlateness = 0\ncontagion = 0\npatience = \"1 week\"\n\
                saves = \"1 hour\"\nadds = \"1 hour\"\ninterest = 1\naging = \"1%\"\ngrowth = 0\ncorner = \"50%\"\nfriction = 1\n\
                floor = \"0%\"\nrisk = 0\ntypical = \"10%\"\nrisk_shortcut = 0\nrepair = \"item\"\nrepaid = 1\n";
    says(debt, "repays nothing");
    assert!(
        read(&format!("{}{debt}", SMALL.replace("[stage.build]\n", "[stage.build]\ncode = true\n"))).is_ok()
    );
}

/// Warnings about a scenario that is right.
fn remarks(text: &str) -> Vec<String> {
    let study =
        read(text).unwrap_or_else(|refusal| panic!("{}", render(&refusal.problems, &refusal.sources, false)));
    study.warnings.iter().map(|warning| warning.message.clone()).collect()
}

#[test]
fn what_does_nothing_here_is_remarked_on() {
    assert!(remarks(SMALL).is_empty(), "{:?}", remarks(SMALL));
    let with = |more: &str| remarks(&format!("{SMALL}{more}"));
    let work = |line: &str| remarks(&SMALL.replace("route =", &format!("{line}\nroute =")));
    for (said, words) in [
        (work("valued = true"), "without [value]"),
        (work("decides = true"), "without [decisions]"),
        (work("waits = false\npatience = \"1 day\""), "waits = false"),
        (work("waits = false\nbacklog_limit = 3"), "waits = false"),
        (with("[stage.idle]\nteam = \"dev\"\neffort = \"1 hour\"\n"), "no kind of work passes it"),
        (with("[board.b]\nmeets = { every = \"1 week\" }\n"), "no stage and no chain asks it"),
        (with("[switching]\nreturns_per_day = 3\n"), "resumption"),
        (with("[policy.a]\n[policy.a.after.\"3 years\"]\n\"team.*.engineers\" = 3\n"), "after the horizon"),
        (
            with(
                "[work.x]\narrivals = { trace = { times = [\"1 day\", \"9 years\"] } }\nroute = [\"build\"]\n",
            ),
            "1 of 2 rows come after the horizon",
        ),
        (remarks(&SMALL.replace("engineers = 2", "engineers = 2\npressure = \"20%\"")), "what pressure does"),
    ] {
        assert!(said.iter().any(|one| one.contains(words)), "{words}: {said:?}");
    }
}

/// Where a machine has a runner for everything, or a gate lets everything through, nobody waits who could give up; but
/// whoever stands before its full slots does.
#[test]
fn patience_where_nothing_waits_is_remarked_on() {
    let stage = |lines: &str| {
        remarks(&format!(
            "{}[stage.test]\npatience = \"1 day\"\n{lines}\n",
            SMALL.replace("[\"build\"]", "[\"build\", \"test\"]")
        ))
    };
    let words = "nothing ever waits at this stage";
    for idle in ["machine = { run = \"1 hour\" }", "gate = \"none\""] {
        let said = stage(idle);
        assert!(said.len() == 1 && said[0].contains(words), "{idle}: {said:?}");
    }
    let machine = "machine = { run = \"1 hour\" }";
    for acts in [
        "machine = { run = \"1 hour\", runners = 1 }",
        "team = \"dev\"\neffort = \"1 hour\"",
        &format!("{machine}\nslots = 1"),
        &format!("{machine}\ncolumn = 1"),
        &format!("{machine}\n[limit.both]\nstages = [\"build\", \"test\"]\nitems = 3"),
        &format!("{machine}\n[policy.few]\n\"stage.test.machine.runners\" = 1"),
    ] {
        assert!(stage(acts).is_empty(), "{acts}: {:?}", stage(acts));
    }
}

/// Absences keep people from work: where they never have any, and nothing calls them, an absence changes nothing.
#[test]
fn absences_of_those_who_never_work_are_remarked_on() {
    let away = "absence = { between = \"20 days\", lasts = \"5 days\" }";
    let other = |more: &str| {
        let said = remarks(&format!(
            "{}[[team]]\nname = \"other\"\nengineers = 1\n{away}\n{more}\n",
            SMALL
                .replace("engineers = 2", &format!("engineers = 2\n{away}"))
                .replace("[work.item]", "[work.item]\nteam = \"dev\"")
        ));
        said.into_iter().filter(|one| one.contains("never have any work")).count()
    };
    assert_eq!(other(""), 1, "the one team works, the other does not");
    let passed = "[work.x]\narrivals = { poisson = \"1/week\" }\nteam = \"dev\"\nroute = [\"extra\"]\n[stage.extra]\neffort = \"1 hour\"\n";
    assert_eq!(other(&format!("{passed}team = \"other\"")), 0, "a stage of theirs");
    let own = "[work.x]\narrivals = { poisson = \"1/week\" }\nteam = \"other\"\nroute = [\"extra\"]\n[stage.extra]\nteam = \"own\"\neffort = \"1 hour\"\n";
    assert_eq!(other(own), 0, "work of their own");
    let board = "[work.x]\narrivals = { poisson = \"1/week\" }\nteam = \"other\"\nroute = [\"ask\"]\n[stage.ask]\nboard = \"b\"\n\
                 [board.b]\nmeets = { every = \"1 week\" }\n";
    assert_eq!(other(board), 1, "a board to which nobody goes");
    assert_eq!(other(&format!("{board}attends = 1\ntakes = \"1 hour\"")), 0, "a board to which they go");
    let policy = "[policy.a]\n\"work.item.team\" = \"other\"";
    assert_eq!(other(policy), 0, "a policy gives them work");
}

/// A replication that is to end with more items than ever come ends at its horizon.
#[test]
fn an_end_that_never_comes_is_remarked_on() {
    let stop = |items: u32, source: &str, more: &str| {
        let text = SMALL.replace("extends", &format!("stop = {{ items = {items} }}\nextends"));
        let text = text.replace("arrivals = { poisson = \"1/day\" }", source);
        assert!(text.contains(source), "{text}");
        let said = remarks(&format!("{text}{more}"));
        said.into_iter().filter(|one| one.contains("never so many")).collect::<Vec<_>>()
    };
    let trace = "arrivals = { trace = { times = [\"1 day\", \"2 days\"] } }";
    assert!(stop(31, "backlog = 30", "")[0].contains("30"), "{:?}", stop(31, "backlog = 30", ""));
    assert_eq!(stop(30, "backlog = 30", "").len(), 0);
    assert_eq!(stop(3, trace, "").len(), 1);
    assert_eq!(stop(2, trace, "").len(), 0);
    assert_eq!(stop(5, &format!("{trace}\nitems = 2"), "").len(), 1);
    assert_eq!(stop(4, &format!("{trace}\nitems = 2"), "").len(), 0);
    assert_eq!(
        stop(9, &format!("{trace}\nitems = {{ poisson = {{ mean = 2 }} }}"), "").len(),
        0,
        "nobody knows how many"
    );
    assert_eq!(stop(1000, "arrivals = { poisson = \"1/day\" }", "").len(), 0, "it may be");
    assert_eq!(stop(31, "backlog = 30", "[policy.more]\n\"work.item.backlog\" = 40\n").len(), 0, "a policy");
    let bugs = "[work.bug]\narrivals = { after = { work = [\"item\"], count = 1, delay = \"1 day\" } }\nroute = [\"build\"]\n";
    assert_eq!(stop(31, "backlog = 30", bugs).len(), 0, "each may bring another");
}

/// What may not wait does not wait for a meeting either, which is never at the instant of its coming.
#[test]
fn what_may_not_wait_and_must_is_refused() {
    let board = "[stage.ask]\nboard = \"b\"\n[board.b]\nmeets = { every = \"1 week\" }\n";
    let train = "[stage.ask]\nrelease = { train = { every = \"1 week\" } }\n";
    let chain = format!(
        "{}[chain.c]\nmembers = [\"b\"]\n",
        board.replace("board = ", "chain = ").replace("\"b\"", "\"c\"")
    );
    let asked = |route: &str, more: &str| {
        format!("[work.x]\narrivals = {{ poisson = \"1/week\" }}\nwaits = false\nroute = {route}\n{more}")
    };
    let first = "[\"ask\", \"build\"]";
    for more in [board, train, &chain] {
        says(&asked(first, more), "all of it would be refused");
    }
    for acts in [
        asked(first, &format!("{board}inclusive = true\n")),
        asked(first, &format!("{board}automatic = \"10%\"\n")),
        asked(first, &train.replace("\"1 week\" }", "\"1 week\", inclusive = true }")),
        asked("[\"build\", \"ask\"]", board),
        asked("[{ maybe = \"ask\", probability = \"50%\" }, \"build\"]", board),
        asked(
            first,
            &board.replace("board = \"b\"", "board = \"b\"\napplies_to = { decision = \"type 1\" }"),
        ),
        asked(first, board).replace("waits = false", ""),
    ] {
        let text = format!("{SMALL}{acts}");
        assert!(
            read(&text).is_ok(),
            "{acts}: {}",
            read(&text).err().map_or(String::new(), |it| render(&it.problems, &it.sources, false))
        );
    }
}

#[test]
fn who_never_passes_a_stage_is_not_asked_for_effort_there() {
    let text = "[work.other]\narrivals = { poisson = \"1/week\" }\nroute = [\"extra\"]\neffort = { extra = \"1 hour\" }\n\
                [stage.extra]\nteam = \"dev\"\n";
    assert!(read(&format!("{SMALL}{text}")).is_ok());
    let passes = text.replace("effort = { extra = \"1 hour\" }\n", "");
    says(&passes, "on `other`, but it is not said how long");
}

#[test]
fn a_key_can_be_taken_away() {
    let set = |set: &[&str]| {
        let set = set.iter().map(|one| (*one).to_owned()).collect();
        let amendments = Amendments { set, policies: Vec::new() };
        Study::from_text("s.toml", SMALL.as_bytes(), ".".into(), &amendments).map(|(study, _)| study)
    };
    let study = set(&["work.item.patience=1 day", "work.item.patience="]).expect("as before");
    assert_eq!(study.hash, read(SMALL).expect("a scenario").hash);
    assert!(set(&["stage.build.effort="]).is_err(), "what must be written cannot be left out");
    assert!(set(&["work.item.patience="]).is_err(), "what is not there cannot be taken away");
}
