//! `orgsim measure`: where an organisation stands, by what its tracker recorded.

use super::{Failure, files, screen};
use crate::history::folder::Folder;
use crate::history::measure::{Measures, USUAL_WEEKS};
use crate::reading;
use crate::report::chart::Svg;
use crate::report::files::OutputFolder;
use crate::report::measured::{self, charts};
use crate::report::slides::Slide;
use crate::report::table::{printable, wrapped};
use crate::report::words::capital;
use clap::Args;
use rayon::prelude::*;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const MEASURES: &str = "\
Examples:
  orgsim measure checkout               the last year, or as much of it as there is
  orgsim measure checkout --weeks 26    the last half year

Writes into the folder: measure.md, measures.csv, weeks.csv, ageing.csv, and charts.";

#[derive(Args)]
#[command(after_help = MEASURES)]
pub struct Measure {
    /// A folder that `orgsim import` wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The last whole weeks that rates and times are of
    #[arg(long, value_name = "N", default_value_t = USUAL_WEEKS as u16, value_parser = clap::value_parser!(u16).range(1..=5000))]
    weeks: u16,
    /// Write no charts
    #[arg(long)]
    no_charts: bool,
    /// Print the table and problems, nothing else
    #[arg(long, short)]
    quiet: bool,
}

/// Measures, prints the main table, and writes the page, tables and charts.
pub fn measure(options: &Measure) -> Result<(), Failure> {
    let shown = printable(&options.folder.display().to_string());
    let folder = folder(&options.folder)?;
    let history = folder.history().map_err(|error| Failure::Failed(format!("{shown}: {error}")))?;
    if history.items.is_empty() && history.deployments.is_empty() && history.incidents.is_empty() {
        return Err(Failure::Failed(format!(
            "{shown} has nothing to measure: import into it first, orgsim import FILE --out {shown}"
        )));
    }
    let measures = Measures::of(&history, usize::from(options.weeks));
    let command = ["orgsim".to_owned(), "measure".to_owned()];
    let _hold = files::hold(&options.folder, &command)?;
    let out = OutputFolder::create(&options.folder)?;
    out.tidy();
    out.try_first(&["measure.md", "measures.csv", "weeks.csv", "ageing.csv", "charts/.orgsim-tried"])?;
    let slides = if options.no_charts { Vec::new() } else { charts::slides(&measures, &history)? };
    save(&out, &slides)?;
    let next = format!("orgsim forecast {shown} --items 40");
    let names: Vec<&str> = slides.iter().map(|slide| slide.name).collect();
    out.write("measures", "csv", &measured::measures_csv(&measures))?;
    out.write("weeks", "csv", &measured::weeks_csv(&measures))?;
    out.write("ageing", "csv", &measured::ageing_csv(&measures))?;
    out.write("measure", "md", measured::page(&measures, &history, &names, &next).as_bytes())?;
    let mut text = format!(
        "{}\n{}\n",
        capital(&measured::period(&measures, &history)),
        measured::table(&measures).text()
    );
    if !options.quiet {
        for sentence in measured::sentences(&measures) {
            text.push_str(&wrapped(&format!("- {}", printable(&sentence)), 100, "  "));
        }
        let charts = if slides.is_empty() { String::new() } else { format!(" and {} charts", slides.len()) };
        text.push_str(&format!(
            "\n{shown}/measure.md has all of it, with tables{charts} beside it. Next:\n  {next}\n"
        ));
    }
    screen::print(&text)
}

/// Draws side by side: pictures take longer to paint than all else together.
fn save(out: &OutputFolder, slides: &[Slide]) -> Result<(), Failure> {
    if slides.is_empty() {
        return Ok(());
    }
    let charts = out.folder("charts")?;
    let drawn: Vec<(&str, &Svg)> = slides.iter().map(|slide| (slide.name, &slide.svg)).collect();
    let saved: Vec<_> = drawn.par_iter().map(|(name, svg)| svg.save(&charts, name)).collect();
    for saved in saved {
        saved?;
    }
    Ok(())
}

/// What an import wrote there.
pub(super) fn folder(path: &Path) -> Result<Folder, Failure> {
    if !path.join("import.toml").exists() {
        let shown = path.display();
        return Err(Failure::Usage(format!(
            "{shown} is no folder that orgsim import wrote: begin with orgsim import FILE --out {shown}"
        )));
    }
    let text = |name: &str| {
        let file = path.join(name);
        match reading::text(&file, reading::MOST_DATA) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(Failure::Failed(format!("cannot read {}: {error}", file.display()))),
        }
    };
    Ok(Folder {
        items: text("items.csv")?,
        moves: text("moves.csv")?,
        deployments: text("deployments.csv")?,
        incidents: text("incidents.csv")?,
        people: text("people.csv")?,
        settings: text("import.toml")?,
    })
}
