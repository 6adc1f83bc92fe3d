//! Start from today: what is open in a real history takes the place of all work of the simulated past, with its age.

use orgsim::experiment::lost::Lost;
use orgsim::experiment::replicate::{Watched, follow, replicate};
use orgsim::experiment::rows::Status;
use orgsim::kernel::streams::Streams;
use orgsim::model::compiled_plan::CompiledPlan;
use orgsim::model::domain_event::DomainEvent;
use orgsim::model::organisation::Organisation;
use orgsim::model::replication::{Observer, Replication};
use orgsim::model::work::Role;
use orgsim::scenario::study::{Amendments, Study};
use orgsim::units::Instant;
use std::fmt::Write as _;
use std::path::Path;
use variants::{Variant, amended, invented};

mod variants;

/// One engineer, who does one thing after the other, a day each; nothing comes.
const ALONE: &str = "extends = \"bare\"\nhorizon = \"400 days\"\nreplications = 1\n\n[[team]]\nname = \"dev\"\nengineers = 1\n\n\
                     [work.item]\nroute = [\"build\"]\nsize = \"1 day\"\n\n[work.other]\narrivals = { every = \"3 days\" }\nroute = \
                     [\"build\"]\nsize = \"1 hour\"\n\n[stage.build]\nteam = \"dev\"\neffort_share = \"100%\"\ncode = true\n\n[open]\n\
                     file = \"open.csv\"\n";

/// A scenario with a file of what is open beside it.
fn read(scenario: &str, open: &str, set: &[&str]) -> Result<Study, String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("open.csv"), open).expect("a file");
    let set = set.iter().map(|one| (*one).to_owned()).collect();
    let amendments = Amendments { set, policies: Vec::new() };
    let read = Study::from_text("s.toml", scenario.as_bytes(), folder.path().to_owned(), &amendments);
    read.map(|(study, _)| study)
        .map_err(|refusal| orgsim::scenario::render(&refusal.problems, &refusal.sources, false))
}

fn study(scenario: &str, open: &str, set: &[&str]) -> Study {
    read(scenario, open, set).unwrap_or_else(|why| panic!("{why}"))
}

/// A replication at the fork, as it stands today.
fn today(study: &Study, number: u64) -> Replication<'_> {
    let streams = Streams::new(study.scenario.seed, number);
    let mut replication = Replication::begin(&study.baseline().phases[0].1, streams);
    replication.run_until(study.fork(), &mut ()).expect("it holds");
    replication.stand_today(&mut ());
    replication
}

/// What was finished, in its order: kind, days since it was created, days since it was begun, days since the fork.
struct Done {
    fork: Instant,
    items: Vec<(String, [f64; 3])>,
}

impl Observer for Done {
    fn on_event(&mut self, now: Instant, event: &DomainEvent, org: &Organisation, plan: &CompiledPlan) {
        let DomainEvent::Done { item } = *event else { return };
        let item = &org.items[item];
        if item.role != Role::Work {
            return;
        }
        assert_eq!(item.ledger.total(), now - item.born, "every tick of its life has a cause");
        let days = |since: Instant| (now - since).hours() / 8.0;
        let times = [days(item.born), item.pulled.map_or(f64::NAN, days), days(self.fork)];
        self.items.push((plan.kinds[item.kind.at()].name.clone(), times));
    }
}

fn done(study: &Study, number: u64) -> Vec<(String, [f64; 3])> {
    let mut done = Done { fork: study.fork(), items: Vec::new() };
    follow(Watched::FromFork, study, study.baseline(), number, &mut done).expect("it ends");
    done.items
}

/// Of four items of a day the first is turned to at once, and the others wait for one, two and three days: 1.5 on average.
#[test]
fn whoever_is_turned_to_at_the_fork_has_not_waited() {
    let open = "kind,created,started\nitem,9,\nitem,8,\nitem,7,\nitem,6,\n";
    let study = study(ALONE, open, &["work.other.arrivals={ every = \"3 years\" }", "past=\"20 days\""]);
    let outcome = replicate(&study, 0).remove(0).expect("it ends");
    let of = |name: &str| {
        let at = study.columns.iter().position(|column| column.name == name);
        outcome.values[at.unwrap_or_else(|| panic!("no column {name}"))]
    };
    assert_eq!((of("stage.build.wait_mean_days"), of("stage.build.stay_mean_days")), (1.5, 2.5));
}

/// One server with a day for each: the oldest is done after a day, the next after two; and each is as old as it was, and that.
#[test]
fn what_is_not_begun_waits_with_its_age() {
    let open = "kind,created,started\nitem,12.5,\nitem,1900,\nitem,3,\nitem,30.25,\n";
    let quiet = ["work.other.arrivals={ every = \"3 years\" }"];
    for past in ["none", "60 days"] {
        let past = format!("past=\"{past}\"");
        let study = study(ALONE, open, &[quiet[0], past.as_str()]);
        let done = done(&study, 0);
        let times: Vec<[f64; 3]> =
            done.iter().filter(|(kind, _)| kind == "item").map(|(_, times)| *times).collect();
        let due = [[1901.0, 1.0, 1.0], [32.25, 1.0, 2.0], [15.5, 1.0, 3.0], [7.0, 1.0, 4.0]];
        assert_eq!(times, due, "{past}");
    }
}

/// Work of the past is gone, whatever it was, and what is open today is there: as many, begun and not, as there are rows.
#[test]
fn what_is_open_takes_the_place_of_the_past() {
    let open = "kind,created,started\nitem,5,2\nitem,50,40\nother,5,\nitem,9,\n";
    let set = ["past=\"1 year\"", "work.other.arrivals={ poisson = \"16/day\" }"];
    let busy = ALONE.replace("\n[open]\nfile = \"open.csv\"\n", "");
    let before = study(&busy, open, &set);
    let mut drowned = Replication::begin(&before.baseline().phases[0].1, Streams::new(1, 0));
    drowned.run_until(before.fork(), &mut ()).expect("it holds");
    let study = study(ALONE, open, &set);
    for number in 0..20 {
        let replication = today(&study, number);
        let org = &replication.ctx.org;
        let begun = org.items.iter().filter(|(_, item)| item.pulled.is_some()).count();
        assert_eq!((org.in_system, org.population(), begun), (4, 4, 2));
        let now = replication.now();
        let mut ages: Vec<f64> = org.items.iter().map(|(_, item)| (now - item.born).hours() / 8.0).collect();
        ages.sort_by(f64::total_cmp);
        assert_eq!(ages, [5.0, 5.0, 9.0, 50.0]);
    }
    assert!(drowned.ctx.org.in_system > 100, "there was work to be put away");
}

/// Of a constant size any share is as likely to be left: m items that are begun take m/2 days, whatever their age. Of an
/// exponential size, what is met in progress has as much left as a new one (the inspection paradox): m items take m days.
#[test]
fn what_is_begun_has_left_what_work_in_progress_has() {
    let mut open = "kind,created,started\n".to_owned();
    (1..=50).for_each(|day| writeln!(open, "item,{},{day}", day + 1).expect("text"));
    let quiet = "work.other.arrivals={ every = \"3 years\" }";
    for (size, mean, variance) in
        [("\"1 day\"", 25.0, 50.0 / 12.0), ("{ exponential = \"1 day\" }", 50.0, 50.0)]
    {
        let size = format!("work.item.size={size}");
        let study = study(ALONE, &open, &[quiet, size.as_str()]);
        let runs = 200;
        let last = |number: u64| {
            let done = done(&study, number);
            let items = done.iter().filter(|(kind, _)| kind == "item");
            let items: Vec<&[f64; 3]> = items.map(|(_, times)| times).collect();
            assert_eq!(items.len(), 50);
            // The time in progress goes on from what it was: 1 to 50 days, and until it is done.
            let before: f64 = items.iter().map(|times| times[1] - times[2]).sum();
            assert!((before - 1275.0).abs() < 1e-6, "{before}");
            items.iter().map(|times| times[2]).fold(0.0, f64::max)
        };
        let found = (0..runs).map(last).sum::<f64>() / runs as f64;
        // Alpha is 6e-5.
        let error = 4.0 * (variance / runs as f64).sqrt();
        assert!((found - mean).abs() < error, "{size}: {found} days, {mean} ± {error}");
    }
}

/// Rows of one number are one initiative: of one seat, ten of them take ten days, though ten people could; and it is under way.
#[test]
fn rows_that_belong_together_are_an_initiative() {
    let whole = "work.item.initiative={ size = \"10 days\", seats = 1 }";
    let set = ["work.other.arrivals={ every = \"3 years\" }", whole, "team.dev.engineers=10"];
    let rows = |number: &str| format!("item,8,,{number}\n").repeat(9) + &format!("item,8,4,{number}\n");
    let head = "kind,created,started,initiative\n";
    let last = |open: &str| {
        let study = study(ALONE, open, &set);
        let begun = today(&study, 0).ctx.org.teams[0].active_initiatives;
        let items = done(&study, 0);
        let items = items.iter().filter(|(kind, times)| kind == "item" && times[0] > times[2]);
        (begun, items.map(|(_, times)| times[2]).fold(0.0, f64::max))
    };
    let (begun, days) = last(&(head.to_owned() + &rows("7")));
    assert!(begun == 1 && days > 9.0 && days <= 10.0, "{begun} {days}");
    // Two of them go on side by side.
    let (begun, days) = last(&(head.to_owned() + &rows("7") + &rows("8")));
    assert!(begun == 2 && days > 9.0 && days <= 10.0, "{begun} {days}");
    // What the file leaves by itself is put together as initiatives are, of ten items each.
    let (begun, days) = last(&(head.to_owned() + &rows("")));
    assert!(begun == 1 && days > 9.0 && days <= 10.0, "{begun} {days}");
}

/// Patience of thirty days: what has waited for twenty gives up in ten, and what has waited for longer than anybody does begins
/// to wait today.
#[test]
fn patience_is_what_is_left_of_it() {
    let open = "kind,created,started\nother,20,\nother,100,\n";
    let set = [
        "work.other.patience=\"30 days\"",
        "work.other.arrivals={ every = \"3 years\" }",
        "work.item.arrivals={ every = \"200 days\" }",
        "work.item.priority=1",
        "work.item.size=\"900 days\"",
    ];
    let study = study(ALONE, &(open.to_owned() + "item,1,1\n"), &set);
    let mut replication = today(&study, 0);
    let open = |replication: &Replication<'_>| {
        replication.ctx.org.items.iter().filter(|(_, item)| item.pulled.is_none()).count()
    };
    let day = |day: f64| study.fork() + orgsim::units::Ticks::from_hours(8.0 * day);
    for (at, left) in [(9.9, 2), (10.1, 1), (29.9, 1), (30.1, 0)] {
        replication.run_until(day(at), &mut ()).expect("it holds");
        assert_eq!(open(&replication), left, "after {at} days");
    }
}

#[test]
fn a_file_that_cannot_be_understood_is_refused_with_its_line() {
    for (open, says) in [
        ("kind,created\nitem,3\n", "has no column `started`"),
        ("kind,created,started\nitem,3,\ntask,3,\n", "line 3: there is no kind of work `task`"),
        ("kind,created,started\ntask,3,\nitem,3,\nitem,1,2\n", "line 4: begun before it was created"),
        ("kind,created,started\na,3,\nb,3,\nc,3,\nd,3,\ne,3,\nf,3,\ng,3,\n", "2 more rows are wrong"),
        ("kind,created,started\nitem,3,4\n", "line 2: begun before it was created"),
        ("kind,created,started\nitem,-3,\n", "is not a number of days before today"),
        ("kind,created,started\nitem,,\n", "how many days ago was it created?"),
        ("kind,created,started,team\nitem,1,,ops\n", "there is no team `ops`"),
        ("kind,created,started,initiative\nitem,1,,SHOP-7\n", "is not a whole number"),
    ] {
        let why = read(ALONE, open, &[]).expect_err(open);
        assert!(why.contains(says), "{open}: {why}");
    }
    let missing = ALONE.replace("open.csv", "none.csv");
    assert!(read(&missing, "", &[]).expect_err("no file").contains("none.csv"));
    let policy = format!("{ALONE}\n[policy.other]\n\"open.file\" = \"open.csv\"\n");
    assert!(read(&policy, "kind,created,started\n", &[]).expect_err("asked").contains("open"));
}

/// Any organisation that can be run can be put away in the middle of its work, and goes on from another's.
#[test]
fn whatever_is_under_way_can_be_put_away() {
    let (mut lived, mut begun) = (0, 0);
    let variants = (0..120).map(invented).chain((0..60).map(amended));
    for (number, variant) in variants.enumerate() {
        let Some(study) = with_open(&variant) else { continue };
        lived += 1;
        let broken = |lost: &Lost| lost.status() == Status::Failed;
        let lost = replicate(&study, 0).into_iter().filter_map(Result::err).find(broken);
        assert!(lost.is_none(), "{number} {}: {lost:?}\n{}\n{:#?}", variant.name, variant.text, variant.set);
        begun += u32::from(study.past.0 > 0);
    }
    println!("{lived} lived, {begun} of them with a past");
    assert!(lived > 60 && begun > 20, "{lived} {begun}");
}

/// A variant with some of each kind of work for each of its teams, begun and not; nothing where it is refused.
fn with_open(variant: &Variant) -> Option<Study> {
    let amendments = |more: &[&str]| Amendments {
        set: variant.set.iter().cloned().chain(more.iter().map(|one| (*one).to_owned())).collect(),
        policies: Vec::new(),
    };
    let read = |folder: &Path, more: &[&str]| {
        Study::from_text(&variant.name, variant.text.as_bytes(), folder.to_owned(), &amendments(more)).ok()
    };
    let (plain, _) = read(Path::new("."), &[])?;
    let plan = &plain.baseline().phases[0].1;
    let mut open = "kind,team,created,started,initiative\n".to_owned();
    for kind in plain.scenario.work.keys() {
        for team in plan.engineering_teams() {
            let team = &plan.teams[team.at()].name;
            write!(open, "{kind},{team},40,,\n{kind},{team},30,3,1\n{kind},{team},20,,1\n").expect("text");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("open.csv"), open).expect("a file");
    let past = if plain.past.0 == 0 { "past=\"10 weeks\"" } else { "seed=3" };
    Some(read(folder.path(), &["open.file=open.csv", past])?.0)
}
