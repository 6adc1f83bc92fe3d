//! Sweeps that are killed, carried on, cut into shards and put together: always the files of a sweep undisturbed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const HEALTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/health.toml");
const GRID: [&str; 4] = ["--vary", "team.*.share.health=0%,20%", "--vary", "team.*.wip.items=1,unlimited"];

/// A folder in which the program is called.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
        command.args(words).current_dir(self.0.path()).stdin(Stdio::null());
        command.env_remove("SLURM_ARRAY_TASK_ID").env_remove("JOB_COMPLETION_INDEX");
        command
    }

    /// Calls the program, and checks how it ends.
    fn call(&self, words: &[&str], code: i32) -> Ended {
        Ended::of(self.command(words).output().expect("the program starts"), code)
    }

    /// A small sweep with these further words.
    fn sweep(&self, out: &str, words: &[&str], code: i32) -> Ended {
        let all = [&["sweep", HEALTH, "-n", "30", "--no-charts", "--out", out], &GRID[..], words].concat();
        self.call(&all, code)
    }

    /// Every file below a folder, with what is in it.
    fn files(&self, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(folder: &Path, below: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                match entry.path() {
                    path if path.is_dir() => walk(&path, below, files),
                    path => {
                        let name = path.strip_prefix(below).expect("below").to_owned();
                        files.push((name, std::fs::read(&path).expect("readable")));
                    }
                }
            }
        }
        let mut files = Vec::new();
        walk(&self.path(folder), &self.path(folder), &mut files);
        files.sort();
        files
    }

    #[track_caller]
    fn same(&self, one: &str, other: &str) {
        let (one, other) = (self.files(one), self.files(other));
        let names =
            |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&one), names(&other));
        for ((name, one), (_, other)) in one.iter().zip(&other) {
            assert!(one == other, "{} differs", name.display());
        }
    }
}

/// A call that has ended.
struct Ended {
    out: String,
    err: String,
}

impl Ended {
    #[track_caller]
    fn of(output: Output, code: i32) -> Ended {
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
        Ended { out, err }
    }

    #[track_caller]
    fn complains(&self, words: &str) {
        assert!(self.err.contains(words), "`{words}` is missing in\n{}", self.err);
    }
}

#[test]
fn threads_and_order_do_not_change_a_byte_and_rows_are_in_canonical_order() {
    let place = Place::new();
    place.sweep("one", &["--threads", "1"], 0);
    place.sweep("three", &["--threads", "3"], 0);
    place.same("one", "three");
    let mut reader = csv::Reader::from_path(place.path("one/sweep.csv")).expect("a table");
    let head: Vec<String> = reader.headers().expect("a head").iter().map(str::to_owned).collect();
    let keys = ["point", "team.*.share.health_share", "team.*.wip.items", "setting", "replication", "seed"];
    assert_eq!(head[..6], keys);
    let rows: Vec<(String, u64)> = reader
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| (row[0].to_owned(), row[4].parse().expect("a number")))
        .collect();
    let points = ["-1", "0", "1", "2", "3"];
    let expected: Vec<(String, u64)> =
        points.iter().flat_map(|point| (0..30).map(|number| ((*point).to_owned(), number))).collect();
    assert_eq!(rows, expected);
}

#[cfg(unix)]
#[test]
fn a_sweep_killed_at_random_moments_ends_with_the_same_bytes() {
    let place = Place::new();
    place.sweep("whole", &[], 0);
    let mut kills = 0;
    for round in 0..3_u64 {
        let out = format!("killed-{round}");
        for attempt in 0..4 {
            let words = [&["sweep", HEALTH, "-n", "30", "--no-charts", "--out", &out, "--resume"], &GRID[..]]
                .concat();
            let mut child =
                place.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
            std::thread::sleep(Duration::from_millis(40 + 97 * round + 61 * attempt));
            if child.try_wait().expect("asked").is_none() {
                child.kill().expect("killed");
                kills += 1;
            }
            child.wait().expect("ended");
        }
        place.sweep(&out, &["--resume"], 0);
        place.same("whole", &out);
    }
    assert!(kills > 0, "at least one was killed");
}

/// Stops a longer sweep by Ctrl-C as soon as its journal holds something.
#[cfg(unix)]
fn stopped(place: &Place, out: &str) {
    let words =
        [&["sweep", HEALTH, "-n", "3000", "--no-charts", "--threads", "1", "--out", out], &GRID[..]].concat();
    let mut child =
        place.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    let journal = place.path(out).join("sweep.journal");
    while std::fs::metadata(&journal).map_or(0, |file| file.len()) < 20_000 {
        assert!(child.try_wait().expect("asked").is_none(), "it must not end by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    assert_eq!(child.wait().expect("ended").code(), Some(130));
}

#[cfg(unix)]
#[test]
fn a_stopped_sweep_is_kept_and_only_its_own_command_carries_it_on() {
    let place = Place::new();
    stopped(&place, "s");
    let rows = std::fs::read_to_string(place.path("s/sweep.csv")).expect("rows are written");
    assert!(rows.lines().count() > 32 && rows.lines().count() < 15_001);
    let again = |words: &[&str]| {
        place.call(&[&["sweep", HEALTH, "--no-charts", "--out", "s"], &GRID[..], words].concat(), 2)
    };
    again(&["-n", "3000"]).complains("--resume carries it on");
    again(&["-n", "3000", "--resume", "--seed", "7"]).complains("belongs to another sweep: seed 42, here 7");
    again(&["-n", "30", "--resume"]).complains("for 3000 replications, here 30 replications");
    again(&["-n", "3000", "--resume", "--set", "team.*.engineers=9"]).complains("scenario");
    again(&["-n", "3000", "--resume", "--axis", "world"]).complains("other points");
    std::fs::write(place.path("s/sweep.journal"), "no journal").expect("written");
    again(&["-n", "3000", "--resume"]).complains("is no journal");
    place.sweep("whole", &[], 0);
    place.sweep("s", &["--restart"], 0);
    place.same("whole", "s");
    place.sweep("s", &["--resume"], 0).complains("nothing is left to carry on");
}

#[test]
fn a_torn_journal_loses_only_what_was_torn() {
    let place = Place::new();
    place.sweep("whole", &[], 0);
    let plan = [&["plan", HEALTH, "-n", "30", "--shards", "1", "--out", "plan"], &GRID[..]].concat();
    place.call(&plan, 0);
    place.call(&["shard", "run", "plan", "--index", "0"], 0);
    // The result of a plan with one shard is a journal with every block of the sweep.
    let journal = std::fs::read(place.path("plan/results/shard-00000.rows")).expect("a result");
    std::fs::create_dir(place.path("torn")).expect("a folder");
    std::fs::write(place.path("torn/sweep.journal"), &journal[..journal.len() * 2 / 3]).expect("written");
    place.sweep("torn", &["--resume"], 0).complains("were torn, and run again");
    place.same("whole", "torn");
    // Whole, it is only written out; the rows are not run again.
    std::fs::create_dir(place.path("all")).expect("a folder");
    std::fs::write(place.path("all/sweep.journal"), &journal).expect("written");
    place.sweep("all", &["--resume"], 0);
    place.same("whole", "all");
}

#[test]
fn any_row_runs_again_from_what_lies_beside_it() {
    let place = Place::new();
    std::fs::copy(HEALTH, place.path("mine.toml")).expect("copied");
    let words =
        ["sweep", "mine.toml", "-n", "9", "--no-charts", "--seed", "5", "--set", "team.*.engineers=6"];
    place.call(&[&words[..], &GRID[..], &["--axis", "world"]].concat(), 0);
    std::fs::remove_file(place.path("mine.toml")).expect("the scenario is gone");
    let row = |line: usize, code: i32| {
        place.call(&["run", "--row", &format!("output/mine-sweep/sweep.csv:{line}")], code)
    };
    for line in [2, 10, 11, 33, 46] {
        assert!(row(line, 0).out.contains("are the same to the bit"), "{line}");
    }
    row(1, 2).complains("has no row at line 1");
    row(47, 2).complains("has no row at line 47");
    place.call(&["run", "--row", "output/mine-sweep/sweep.csv"], 2).complains("FILE:LINE");
    let path = place.path("output/mine-sweep/sweep.csv");
    let text = std::fs::read_to_string(&path).expect("rows");
    let last = text.lines().last().expect("a row");
    let changed = last.replacen(",ok,none,", ",ok,none,9", 1);
    assert_ne!(last, changed);
    std::fs::write(&path, text.replace(last, &changed)).expect("written");
    row(46, 1).complains("does not agree");
}

#[test]
fn a_design_runs_its_rows_as_the_grid_of_the_same_points_does_and_may_leave_paths_alone() {
    let place = Place::new();
    place.sweep("grid", &[], 0);
    // Numbers in the units that their columns name, as tables of results have them; one path is left alone.
    let points = "team.*.share.health_share,team.*.wip.items\n0,1\n0,unlimited\n0.2,1\n0.2,inf\n,2\n";
    std::fs::write(place.path("points.csv"), points).expect("written");
    let simulate =
        ["simulate", HEALTH, "-n", "30", "--no-charts", "--design", "points.csv", "--out", "design"];
    place.call(&simulate, 0);
    let numbers = |folder: &str| {
        let mut reader = csv::Reader::from_path(place.path(&format!("{folder}/sweep.csv"))).expect("a table");
        let at = reader.headers().expect("a head").iter().position(|name| name == "status").expect("status");
        reader
            .records()
            .map(|row| row.expect("a row"))
            .filter(|row| &row[0] != "4")
            .map(|row| row.iter().skip(at).map(str::to_owned).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    let (grid, design) = (numbers("grid"), numbers("design"));
    assert_eq!((grid.len(), grid == design), (150, true));
    // Few columns, from shards, and a row of them again.
    place.call(&["plan", HEALTH, "-n", "30", "--design", "points.csv", "--shards", "2", "--out", "p"], 0);
    for index in ["0", "1"] {
        place.call(&["shard", "run", "p", "--index", index], 0);
    }
    let metrics = ["--metrics", "value_months,lead time p85"];
    place.call(&[&["merge", "p", "--no-charts", "--out", "few"], &metrics[..]].concat(), 0);
    place.call(&[&simulate[..8], &["few-again"][..], &metrics[..]].concat(), 0);
    let table = |folder: &str| std::fs::read(place.path(&format!("{folder}/sweep.csv"))).expect("a table");
    assert!(table("few") == table("few-again"));
    let head = std::fs::read_to_string(place.path("few/sweep.csv")).expect("a table");
    let head = head.lines().next().expect("a head");
    assert!(head.ends_with("reason,value_months,lead_time_p85_days"), "{head}");
    let again = place.call(&["run", "--row", "few/sweep.csv:181"], 0);
    assert!(again.out.contains("all 2 numbers are the same to the bit"), "{}", again.out);
    place.call(&[&simulate[..], &["--metrics", "value_month"]].concat(), 2).complains("value_months");
    std::fs::write(place.path("points.csv"), "team.*.share.helth_share\n0.1\n").expect("written");
    place.call(&simulate, 3).complains("helth");
}

#[test]
fn overruns_are_rows_with_their_reason_and_the_rest_goes_on() {
    let place = Place::new();
    let set =
        ["--set", "population_limit=60", "--vary", "work.feature.arrivals={load=\"40%\"},{load=\"900%\"}"];
    place.call(&[&["sweep", HEALTH, "-n", "4", "--no-charts", "--axis", "world"], &set[..]].concat(), 0);
    let mut reader = csv::Reader::from_path(place.path("output/health-sweep/sweep.csv")).expect("a table");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let drowned: Vec<_> = rows.iter().filter(|row| &row[0] == "1").collect();
    assert!(
        drowned.iter().all(|row| &row[5] == "overrun" && row[6].contains("60 items") && row[7].is_empty())
    );
    assert_eq!((drowned.len(), rows.iter().filter(|row| &row[0] == "0" && &row[5] == "ok").count()), (4, 4));
    let again = place.call(&["run", "--row", "output/health-sweep/sweep.csv:13"], 0);
    assert!(again.out.contains("overrun") && again.out.contains("60 items"));
}

#[test]
fn shards_come_to_the_sweep_whatever_their_number() {
    let place = Place::new();
    place.sweep("whole", &[], 0);
    for (shards, folder) in [("1", "p1"), ("3", "p3"), ("5", "p5")] {
        let plan = [&["plan", HEALTH, "-n", "30", "--shards", shards, "--out", folder], &GRID[..]].concat();
        place.call(&plan, 0);
        let count: usize = shards.parse().expect("a number");
        for index in (0..count).rev() {
            let index = index.to_string();
            let mut command = place.command(&["shard", "run", folder, "--quiet"]);
            let name = if index == "0" { "SLURM_ARRAY_TASK_ID" } else { "JOB_COMPLETION_INDEX" };
            Ended::of(command.env(name, &index).output().expect("starts"), 0);
        }
        assert_eq!(place.call(&["shard", "missing", folder], 0).out, "");
        let merged = format!("{folder}-merged");
        place.call(&["merge", folder, "--no-charts", "--out", &merged], 0);
        place.same("whole", &merged);
    }
    let plan = [&["plan", HEALTH, "-n", "1", "--shards", "99", "--out", "many"], &GRID[..]].concat();
    place.call(&plan, 2).complains("too many");
}

#[test]
fn merging_refuses_gaps_damage_and_strangers_in_words() {
    let place = Place::new();
    let plan = |folder: &str, further: &[&str]| {
        let words =
            [&["plan", HEALTH, "-n", "30", "--shards", "4", "--out", folder], &GRID[..], further].concat();
        place.call(&words, 0);
        for index in ["0", "1", "2", "3"] {
            place.call(&["shard", "run", folder, "--index", index, "--threads", "2"], 0);
        }
    };
    plan("a", &[]);
    plan("b", &["--seed", "9"]);
    let result = |folder: &str, index: usize| place.path(&format!("{folder}/results/shard-0000{index}.rows"));
    let whole = std::fs::read(result("a", 1)).expect("a result");
    // The same shard run again is the same bytes, and running what is there is nothing to do.
    place.call(&["shard", "run", "a", "--index", "1"], 0).complains("is there already");
    std::fs::remove_file(result("a", 1)).expect("removed");
    std::fs::remove_file(result("a", 2)).expect("removed");
    assert_eq!(place.call(&["shard", "missing", "a"], 4).out, "1-2\n");
    place.call(&["merge", "a", "--out", "m"], 4).complains("these have no result: 1-2");
    assert!(!place.path("m").exists());
    place.call(&["shard", "run", "a", "--index", "1"], 0);
    assert!(std::fs::read(result("a", 1)).expect("a result") == whole);
    std::fs::write(result("a", 2), &whole[..whole.len() - 9]).expect("written");
    place.call(&["merge", "a", "--out", "m"], 4).complains("is damaged");
    place.call(&["shard", "run", "a", "--index", "2"], 0).complains("run again");
    std::fs::copy(result("b", 3), result("a", 3)).expect("copied");
    place.call(&["merge", "a", "--out", "m"], 2).complains("belongs to another sweep: seed 9, here 42");
    place.call(&["shard", "run", "a", "--index", "3"], 2).complains("belongs to another sweep");
    let text = std::fs::read_to_string(place.path("b/plan.json")).expect("a plan");
    let older = text.replace("\"version\": \"", "\"version\": \"0.0.");
    std::fs::write(place.path("b/plan.json"), older).expect("written");
    place.call(&["merge", "b", "--out", "m"], 2).complains("version");
    place.call(&["shard", "run", "a", "--index", "4"], 2).complains("shards 0 to 3");
    place.call(&["shard", "run", "a"], 2).complains("SLURM_ARRAY_TASK_ID");
    place.call(&["shard", "run", "nowhere", "--index", "0"], 2).complains("there is no plan");
    let scenario = place.path("a/scenario/scenario.toml");
    let other =
        std::fs::read_to_string(&scenario).expect("a scenario").replace("engineers = 5", "engineers = 6");
    std::fs::write(&scenario, other).expect("written");
    place.call(&["merge", "a", "--out", "m"], 2).complains("scenario");
}

#[test]
fn data_that_a_scenario_names_goes_with_it() {
    let place = Place::new();
    let text = std::fs::read_to_string(HEALTH).expect("the fixture");
    let law = "size = { csv = { file = \"data/sizes.csv\", column = \"days\", unit = \"days\" } }";
    let text = text.replacen("size = { lognormal = { mean = \"3 days\", cv = 1.2 } }", law, 1);
    std::fs::create_dir(place.path("data")).expect("a folder");
    std::fs::write(place.path("data/sizes.csv"), "days\n1\n2\n5\n").expect("written");
    std::fs::write(place.path("s.toml"), text).expect("written");
    let grid = ["--vary", "team.*.share.health=0%,20%", "-n", "6"];
    place.call(&[&["sweep", "s.toml", "--no-charts", "--out", "one"], &grid[..]].concat(), 0);
    place
        .call(&[&["plan", "s.toml", "--shards", "2", "--out", "p"], &grid[..]].concat(), 2)
        .complains("too many");
    place.call(&[&["plan", "s.toml", "--shards", "1", "--out", "p"], &grid[..]].concat(), 0);
    std::fs::remove_dir_all(place.path("data")).expect("removed");
    place.call(&["shard", "run", "p", "--index", "0"], 0);
    place.call(&["merge", "p", "--no-charts", "--out", "merged"], 0);
    place.same("one", "merged");
    place.call(&["run", "--row", "one/sweep.csv:9"], 0);
    std::fs::write(place.path("p/scenario/data/sizes.csv"), "days\n1\n2\n6\n").expect("written");
    place.call(&["merge", "p", "--out", "m"], 2).complains("other data");
}
