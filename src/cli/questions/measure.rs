//! `orgsim measure`: where an organisation stands, by what its tracker recorded.

use crate::cli::answer::Answer;
use crate::cli::question::{Desk, Question};
use crate::cli::{Common, Failure, Look, Output};
use crate::forecast::walk::LEAST_ITEMS;
use crate::history::folder::Folder;
use crate::history::measure::{Measures, USUAL_WEEKS};
use crate::reading;
use crate::report::measured::{self, Next, charts};
use crate::report::table::printable;
use crate::report::words;
use clap::Args;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const MEASURES: &str = "\
Examples:
  orgsim measure checkout               the last year, or as much of it as there is
  orgsim measure checkout --weeks 26    the last half year

Writes into the folder: report.html, summary.md, measures.csv, weeks.csv, ageing.csv, and charts.";

#[derive(Args)]
#[command(after_help = MEASURES)]
pub struct Measure {
    /// A folder that `orgsim import` wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The last whole weeks that rates and times are of
    #[arg(long, value_name = "N", default_value_t = USUAL_WEEKS as u16, value_parser = clap::value_parser!(u16).range(1..=5000))]
    weeks: u16,
    #[command(flatten)]
    look: Look,
}

impl Question for Measure {
    fn asked(&self) -> Common {
        let output = Output { out: Some(self.folder.clone()), force: false };
        Common { output, look: self.look.clone(), ..Common::default() }
    }

    /// Measures, and writes beside what was imported.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let shown = printable(&self.folder.display().to_string());
        let folder = folder(&self.folder, desk)?;
        let history = folder.history().map_err(|error| Failure::Failed(format!("{shown}: {error}")))?;
        if history.items.is_empty() && history.deployments.is_empty() && history.incidents.is_empty() {
            return Err(Failure::Failed(format!(
                "{shown} has nothing to measure: import into it first, orgsim import FILE --out {}",
                words::path(&self.folder)
            )));
        }
        let measures = Measures::of(&history, usize::from(self.weeks));
        desk.open("measure", &["measures.csv", "weeks.csv", "ageing.csv"])?;
        let slides = desk.slides(|| charts::slides(&measures, &history))?;
        let finished = history.items.iter().filter(|item| item.finished.is_some()).count();
        let next = match finished >= LEAST_ITEMS as usize {
            true => Next::Forecast(format!("orgsim forecast {} --items 40", words::path(&self.folder))),
            false => Next::TooLittle(format!(
                "A forecast needs {LEAST_ITEMS} finished items and 26 weeks: export a longer past, and import again."
            )),
        };
        Ok(Answer::plain()
            .csv("measures", measured::measures_csv(&measures))
            .csv("weeks", measured::weeks_csv(&measures))
            .csv("ageing", measured::ageing_csv(&measures))
            .page(measured::document(&measures, &history, &next), slides))
    }
}

/// What an import wrote there, which the desk's question is then about.
pub fn folder(path: &Path, desk: &mut Desk) -> Result<Folder, Failure> {
    if !path.join("import.toml").exists() {
        let shown = path.display();
        return Err(Failure::Usage(format!(
            "{shown} is no folder that orgsim import wrote: begin with orgsim import FILE --out {}",
            words::path(path)
        )));
    }
    let mut text = |name: &str| {
        let file = path.join(name);
        desk.reads(&file);
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
