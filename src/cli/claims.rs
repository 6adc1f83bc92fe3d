//! `orgsim claims`: puts claims about organisations to the test, and keeps the record.

mod worlds;

use super::files::{self, Files};
use super::runner::Runner;
use super::shipped::Folder;
use super::{Claims, Common, Failure, Format, points, replications, screen};
use crate::diagnostic::{advice, quoted};
use crate::experiment::claims::{asked, results};
use crate::experiment::ends::{End, ends};
use crate::experiment::metric_rows::keep;
use crate::experiment::summary::claims::{ClaimResult, Finding};
use crate::reading::{self, MOST_TEXT};
use crate::report::claims as report;
use crate::report::files::{Hold, Inputs, OutputFolder};
use crate::report::table::{printable, wrapped};
use crate::report::words;
use crate::scenario::library::TYPICAL;
use crate::scenario::study::{Amendments, Study};
use crate::scenario::tables::ClaimTable;
use std::path::{Path, PathBuf};

/// The files by which a folder is tried before anything is simulated.
const WRITTEN: [&str; 6] =
    ["results.csv", "worlds.csv", "index.md", "index.html", "charts/.orgsim-tried", "manifest.json"];

/// What a stop leaves of a claim.
const UNRECORDED: &str = "nothing of this claim is in the record";

/// Judges the claims asked for.
pub fn claims(options: &Claims, command: &[String]) -> Result<(), Failure> {
    let folder = Folder::of(&options.folder)?;
    let all = scenarios(folder.path())?;
    let wanted = chosen(&all, &options.names, &options.common)?;
    let mut files = match options.check {
        true => None,
        false => Some(open(options, &wanted, command)?),
    };
    let recorded = files.as_ref().and_then(Files::recorded);
    let docs = match options.record {
        true => Some(docs(options, command)?),
        false => None,
    };
    let mut claims = Vec::new();
    for (at, file) in wanted.iter().enumerate() {
        if !options.common.look.quiet {
            screen::say(&format!(
                "{} of {}: {}",
                at + 1,
                wanted.len(),
                printable(&file.display().to_string())
            ));
        }
        let mut of_file = Vec::new();
        for (common, study) in on_each(file, &options.common, replications::study)? {
            let runner = Runner { common, recorded: recorded.clone() };
            of_file.extend(judge(file, study, options, &runner, all.len())?);
        }
        in_order(&mut of_file);
        // File by file: whoever is stopped later has lost no more than the file at hand.
        if let Some((docs, _hold)) = &docs {
            record(&mut of_file, options, docs)?;
        }
        claims.extend(of_file);
    }
    in_order(&mut claims);
    if options.check {
        return check(&claims, options);
    }
    if let Some(files) = files.take() {
        write(&claims, options, files)?;
    }
    show(&claims, options.common.look.format)
}

/// By their tags, E9 before E10, then by files.
fn in_order(claims: &mut [ClaimResult]) {
    let tags = |claim: &ClaimResult| {
        let (letters, digits) =
            claim.tags.split_at(claim.tags.find(|it: char| it.is_ascii_digit()).unwrap_or(0));
        (letters.to_owned(), digits.parse::<u32>().unwrap_or(u32::MAX), claim.tags.clone())
    };
    claims.sort_by_cached_key(|claim| (tags(claim), claim.file.clone(), claim.number, claim.on.clone()));
}

/// The scenarios in a folder, by name.
fn scenarios(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        let folder = folder.display();
        Failure::Usage(format!(
            "cannot read the folder {folder}: {error}; claims are named from where it lies"
        ))
    })?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    Ok(files)
}

/// The files that the words name: a file, its name, or a tag.
fn chosen(all: &[PathBuf], names: &[String], common: &Common) -> Result<Vec<PathBuf>, Failure> {
    if names.is_empty() {
        return Ok(all.to_vec());
    }
    let mut wanted: Vec<PathBuf> = Vec::new();
    for name in names {
        let by_name = all.iter().filter(|file| file.file_stem().is_some_and(|stem| stem == name.as_str()));
        let mut found: Vec<PathBuf> = by_name.cloned().collect();
        if Path::new(name).is_file() {
            found.push(PathBuf::from(name));
        }
        if found.is_empty() {
            for file in all {
                let study = replications::study_quietly(file, common)?;
                let tags = || study.scenario.claim.0.iter().flat_map(|claim| &claim.tags);
                if tags().any(|tag| tag.eq_ignore_ascii_case(name)) {
                    found.push(file.clone());
                }
            }
        }
        if found.is_empty() {
            let stems: Vec<String> = all
                .iter()
                .filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned()))
                .collect();
            return Err(Failure::Usage(format!(
                "there is no file and no tag of claims called {}: {} (`orgsim list claims` has all)",
                quoted(name),
                advice(name, stems.iter().map(String::as_str))
            )));
        }
        wanted.extend(found);
    }
    wanted.sort();
    wanted.dedup();
    Ok(wanted)
}

/// Opens the folder of the results, with what an earlier attempt at the same claims had finished.
fn open(options: &Claims, wanted: &[PathBuf], command: &[String]) -> Result<Files, Failure> {
    let mut files = Files::open(&options.common, "claims", (command.to_vec(), &Inputs::default()), &WRITTEN)?;
    let mut studies = Vec::new();
    let mut data = Inputs::default();
    for file in wanted {
        for (_, study) in on_each(file, &options.common, replications::study_quietly)? {
            studies.push((study.hash.clone(), study.scenario.seed));
            let folder = file.parent().unwrap_or(Path::new("."));
            study.named_files(folder, &[]).iter().for_each(|file| data.add(file));
        }
    }
    files.record(&studies, &data)?;
    Ok(files)
}

/// The study of a file in each typical organisation that its claims are about, or in its own, each with the options that
/// make it.
fn on_each(
    file: &Path,
    common: &Common,
    read: fn(&Path, &Common) -> Result<Study, Failure>,
) -> Result<Vec<(Common, Study)>, Failure> {
    let written = read(file, common)?;
    let own = written.typical();
    if common.on.is_some() || own.is_none() {
        return Ok(vec![(common.clone(), written)]);
    }
    let mut studies = Vec::new();
    for on in TYPICAL {
        let claims_of_file = &written.scenario.claim.0;
        if !claims_of_file.is_empty() && !claims_of_file.iter().any(|claim| claim.is_about(on)) {
            continue;
        }
        let common = Common { on: (own != Some(on)).then(|| on.to_owned()), ..common.clone() };
        let study = if own == Some(on) { written.clone() } else { read(file, &common)? };
        studies.push((common, study));
    }
    Ok(studies)
}

/// The policies that claims are about, where none picks its own: no other need be run.
fn named(claims: &[(usize, &ClaimTable)]) -> Option<Vec<String>> {
    if claims.iter().any(|(_, claim)| claim.picks()) {
        return None;
    }
    let sides =
        claims.iter().flat_map(|(_, it)| it.better.iter().chain(&it.than).chain(&it.than_sum_of).cloned());
    Some(sides.collect())
}

/// Judges those claims of a study that are about the typical organisation that it extends.
fn judge(
    file: &Path,
    mut study: Study,
    options: &Claims,
    runner: &Runner,
    files: usize,
) -> Result<Vec<ClaimResult>, Failure> {
    study.live_run_off();
    if study.scenario.claim.0.is_empty() {
        return Err(Failure::Usage(format!("{} makes no claim: write [claim]", file.display())));
    }
    let levers = points::levers(&study);
    if let Some(named) = named(&asked(&study)) {
        study.timelines.retain(|timeline| timeline.baseline || named.contains(&timeline.name));
    }
    let numbers: Vec<u64> =
        (0..u64::from(options.replications.unwrap_or(study.scenario.replications))).collect();
    let (kept, complete) = runner.simulate(&study, &numbers, keep)?;
    if !complete {
        return screen::stopped(UNRECORDED);
    }
    let mut claims = results(&study, &kept, files);
    if let Some(count) = options.worlds {
        let over = worlds::over(&study, &levers, file, count, options, runner)?;
        claims.iter_mut().zip(over).for_each(|(claim, over)| claim.worlds = Some(over));
    }
    if let Some(count) = options.turns {
        screen_ends(file, runner, &study, count, &mut claims)?;
    }
    Ok(claims)
}

/// Runs the scenario at each end of each plausible range, one at a time, and notes where findings turn.
fn screen_ends(
    file: &Path,
    runner: &Runner,
    study: &Study,
    count: u32,
    claims: &mut [ClaimResult],
) -> Result<(), Failure> {
    let mut turns: Vec<Vec<String>> = vec![Vec::new(); claims.len()];
    let mut tried = 0;
    let numbers: Vec<u64> = (0..u64::from(count)).collect();
    let common = &runner.common;
    let found = ends(&study.document);
    for (at, end) in found.iter().enumerate() {
        if !common.look.quiet {
            screen::say(&format!("  {} of {}: {}", at + 1, found.len(), printable(&end.set)));
        }
        let mut set = common.set.clone();
        set.push(end.set.clone());
        // An end that the scenario refuses, such as a distribution without its mean, is no plausible organisation.
        let amended = Amendments { set: set.clone(), policies: Vec::new() };
        let Ok((other, _)) = Study::read_on(file, common.on.as_deref(), &amended) else { continue };
        let other = replications::reseeded(other, common);
        let quiet = Runner { common: Common { set, ..common.quietly() }, recorded: runner.recorded.clone() };
        let (kept, complete) = quiet.simulate(&other, &numbers, keep)?;
        if !complete {
            return screen::stopped(UNRECORDED);
        }
        tried += 1;
        for ((claim, there), turns) in claims.iter().zip(results(&other, &kept, 1)).zip(&mut turns) {
            turns.extend(turned(claim, &there, end));
        }
    }
    for (claim, turns) in claims.iter_mut().zip(turns) {
        claim.tried = tried;
        claim.turns = turns.join("; ");
    }
    Ok(())
}

/// A finding that is another one there, and surely so.
fn turned(here: &ClaimResult, there: &ClaimResult, end: &End) -> Option<String> {
    let differs = there.finding != here.finding && there.finding != Finding::CannotTell;
    let by = words::percent(there.relative.mean);
    differs.then(|| format!("{} = {}: {} ({by})", end.path, end.value, report::word(there.finding)))
}

/// The record as it was committed; nothing where there is none yet.
fn recorded(options: &Claims) -> Result<Vec<ClaimResult>, Failure> {
    let path = |name: &str| options.docs.join("claims").join(name);
    let wrong = |name: &str, reason: String| {
        Failure::Failed(format!("cannot read {}: {reason}", path(name).display()))
    };
    let Ok(bytes) = reading::bytes(&path("results.csv"), MOST_TEXT) else { return Ok(Vec::new()) };
    let mut claims = report::read(&bytes).map_err(|reason| wrong("results.csv", reason))?;
    if let Ok(bytes) = reading::bytes(&path("worlds.csv"), MOST_TEXT) {
        report::read_worlds(&bytes, &mut claims).map_err(|reason| wrong("worlds.csv", reason))?;
    }
    Ok(claims)
}

/// Puts results into the record, and makes the page of findings from it.
fn record(claims: &mut [ClaimResult], options: &Claims, docs: &OutputFolder) -> Result<(), Failure> {
    let old = recorded(options)?;
    for claim in claims.iter_mut() {
        // What was screened of the same scenario still holds, and so does what plausible organisations said.
        let Some(before) = old.iter().find(|old| report::same(old, claim)) else { continue };
        if claim.tried == 0 {
            (claim.tried, claim.turns) = (before.tried, before.turns.clone());
        }
        if claim.worlds.is_none() {
            claim.worlds.clone_from(&before.worlds);
        }
    }
    // What a run of one typical organisation says leaves the record of the other as it is.
    let again = |old: &ClaimResult| {
        let elsewhere = options.common.on.as_ref().is_some_and(|on| *on != old.on);
        !elsewhere && claims.iter().any(|claim| claim.file == old.file)
    };
    let mut kept: Vec<ClaimResult> = old.into_iter().filter(|old| !again(old)).collect();
    kept.extend(claims.iter().cloned());
    in_order(&mut kept);
    let folder = docs.folder("claims")?;
    folder.write("results", "csv", &report::write(&kept))?;
    if kept.iter().any(|claim| claim.worlds.is_some()) {
        folder.write("worlds", "csv", &report::write_worlds(&kept))?;
    }
    docs.write("findings", "md", report::findings(&kept).as_bytes())?;
    Ok(())
}

/// Compares what came out with the record, to the bit.
fn check(claims: &[ClaimResult], options: &Claims) -> Result<(), Failure> {
    let old = recorded(options)?;
    let mut wrong = Vec::new();
    for claim in claims {
        let key = |claim: &ClaimResult| (claim.file.clone(), claim.number, claim.on.clone());
        let before = old.iter().find(|old| key(old) == key(claim));
        let what = match before {
            None => "it is not in the record".to_owned(),
            Some(before) if before.hash != claim.hash => "the scenario has changed since".to_owned(),
            Some(before) if !report::same(before, claim) => "the result has changed".to_owned(),
            Some(before) => match worlds::differ(before, claim) {
                None => continue,
                Some(what) => what,
            },
        };
        let on = if claim.on.is_empty() { String::new() } else { format!(" in {}", claim.on) };
        wrong.push(format!("{}, claim {}{on}: {what}", claim.file, claim.number));
    }
    if wrong.is_empty() {
        let same = words::count(claims.len(), "claim is", "claims are");
        return screen::print(&format!("{same} as recorded, to the bit\n"));
    }
    wrong.iter().for_each(|one| screen::say(&printable(one)));
    Err(Failure::Failed(format!("{} differ from the record", words::count(wrong.len(), "claim", "claims"))))
}

/// The charts, the index and the table as data.
fn write(claims: &[ClaimResult], options: &Claims, mut files: Files) -> Result<(), Failure> {
    files.write("results", "csv", &report::write(claims))?;
    if claims.iter().any(|claim| claim.worlds.is_some()) {
        files.write("worlds", "csv", &report::write_worlds(claims))?;
    }
    let mut charts = Vec::new();
    if !options.common.look.no_charts {
        for claim in claims {
            let drawn = report::charts(claim)?;
            let named: Vec<_> = drawn.iter().map(|(name, svg)| (name.as_str(), svg)).collect();
            files.charts(&named)?;
            charts.push(drawn.into_iter().map(|(_, svg)| svg).collect());
        }
    }
    files.write("index", "md", report::index(claims).as_bytes())?;
    files.write("index", "html", report::html(claims, &charts).as_bytes())?;
    files.close_plain()
}

/// The folder of the record, which is nobody else's until the second is dropped.
fn docs(options: &Claims, command: &[String]) -> Result<(OutputFolder, Hold), Failure> {
    let hold = files::hold(&options.docs, command)?;
    let docs = OutputFolder::create(&options.docs)?;
    docs.tidy();
    docs.try_first(&["claims/results.csv", "claims/worlds.csv", "findings.md"])?;
    Ok((docs, hold))
}

fn show(claims: &[ClaimResult], format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => {
            let text = report::compact(claims).text(screen::width());
            screen::print(&format!("{text}\n{}", wrapped("Simulation, not forecast.", 100, "")))
        }
        Format::Markdown => screen::print(&report::index(claims)),
        Format::Csv => screen::print(&String::from_utf8_lossy(&report::write(claims))),
        Format::Json => {
            let document = serde_json::json!({ "claims": report::table(claims).json() });
            screen::print(&String::from_utf8_lossy(&crate::report::manifest::pretty(&document)))
        }
    }
}
