//! What a file said, before it is decided what that means: the same shape for every tracker.
//!
//! Only what stands here is ever taken from a file. Titles, texts, comments, names and addresses are not: no field of
//! these types could hold them.

use crate::dates::Written;
use std::collections::BTreeMap;

/// The longest name of a status, kind or team, in letters.
const LONGEST_NAME: usize = 60;

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);

impl ImportError {
    pub(crate) fn new(text: impl Into<String>) -> ImportError {
        ImportError(text.into())
    }
}

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    JiraCsv,
    JiraJson,
    GitHub,
    GitLab,
    Linear,
    AzureDevOps,
    Trello,
    Stages,
    Plain,
    Deployments,
    GitHubDeployments,
    GitHubReleases,
    GitHubRuns,
    Incidents,
    PagerDuty,
    Statuspage,
}

impl Source {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::JiraCsv => "Jira CSV",
            Self::JiraJson => "Jira JSON with changelog",
            Self::GitHub => "GitHub issues and pull requests (JSON)",
            Self::GitLab => "GitLab CSV",
            Self::Linear => "Linear CSV",
            Self::AzureDevOps => "Azure DevOps CSV",
            Self::Trello => "Trello JSON",
            Self::Stages => "CSV with a date for each stage",
            Self::Plain => "plain CSV",
            Self::Deployments => "CSV of deployments",
            Self::GitHubDeployments => "GitHub deployments (JSON)",
            Self::GitHubReleases => "GitHub releases (JSON)",
            Self::GitHubRuns => "GitHub workflow runs (JSON)",
            Self::Incidents => "CSV of incidents",
            Self::PagerDuty => "PagerDuty JSON",
            Self::Statuspage => "Statuspage JSON",
        }
    }

    /// As it stands in `import.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::JiraCsv => "jira-csv",
            Self::JiraJson => "jira-json",
            Self::GitHub => "github",
            Self::GitLab => "gitlab-csv",
            Self::Linear => "linear-csv",
            Self::AzureDevOps => "azure-devops-csv",
            Self::Trello => "trello",
            Self::Stages => "stages-csv",
            Self::Plain => "plain-csv",
            Self::Deployments => "deployments-csv",
            Self::GitHubDeployments => "github-deployments",
            Self::GitHubReleases => "github-releases",
            Self::GitHubRuns => "github-runs",
            Self::Incidents => "incidents-csv",
            Self::PagerDuty => "pagerduty",
            Self::Statuspage => "statuspage",
        }
    }
}

/// A name of a status, kind, team or resolution: short, on one line, and nothing that looks like an address.
pub fn label(text: &str) -> String {
    if text.contains('@') || text.contains("://") {
        return "(hidden)".to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain: String = words.join(" ").chars().filter(|letter| !is_unseen(*letter)).collect();
    let mut short: String = plain.chars().take(LONGEST_NAME).collect();
    if short.len() < plain.len() {
        short.push('…');
    }
    short
}

/// Letters that move a cursor, turn what follows, or cannot be seen.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// One item as the file has it.
#[derive(Clone, Debug, Default)]
pub struct RawItem {
    /// The tracker's key, to find the same item again; written out only where it is digits or `LETTERS-123`.
    pub key: String,
    pub kind: String,
    pub team: String,
    pub status: String,
    /// Jira's category of the status, in its own words.
    pub category: String,
    pub resolution: String,
    pub created: Option<Written>,
    pub started: Option<Written>,
    pub finished: Option<Written>,
    pub dropped: Option<Written>,
    /// When the category of the status changed last.
    pub category_changed: Option<Written>,
    /// Days from creation to the end, where a file says that in place of a date.
    pub lead_days: Option<f64>,
    /// Days from the start to the end, where a file says that in place of a date.
    pub cycle_days: Option<f64>,
    pub moves: Vec<RawMove>,
    /// Whether `moves` are all that there were.
    pub has_all_moves: bool,
    /// The key of what it is part of.
    pub parent: String,
    /// A number that stands for whom it is assigned to, for counting.
    pub person: Option<u64>,
}

/// A change of status.
#[derive(Clone, Debug)]
pub struct RawMove {
    pub at: Written,
    pub from: String,
    pub to: String,
}

/// A deployment as the file has it.
#[derive(Clone, Debug)]
pub struct RawDeployment {
    pub at: Written,
    pub succeeded: Option<bool>,
}

/// An incident as the file has it.
#[derive(Clone, Debug)]
pub struct RawIncident {
    pub started: Written,
    pub ended: Option<Written>,
    pub deployment_at: Option<Written>,
}

/// All that one file said.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Its name without its folder.
    pub file: String,
    pub source: Source,
    /// The fingerprint of its content, by which a copy is known.
    pub print: u64,
    pub items: Vec<RawItem>,
    pub deployments: Vec<RawDeployment>,
    pub incidents: Vec<RawIncident>,
    /// Which column has which role.
    pub columns: BTreeMap<String, String>,
    /// Stages in their order, where each has a date of its own.
    pub stages: Vec<String>,
    /// The latest date of any white-listed cell.
    pub latest: Vec<Written>,
    /// What the cells say of the order of day and month.
    pub order: OrderEvidence,
    pub counts: Counts,
}

/// How many cells say which of two numbers is the day.
#[derive(Clone, Debug, Default)]
pub struct OrderEvidence {
    /// Cells in which only the first can be the day, and the first row of them.
    pub day_first: (usize, usize),
    /// Cells in which only the second can be the day, and the first row of them.
    pub month_first: (usize, usize),
    /// Cells in which either can.
    pub open: usize,
    /// Cells with an hour and no offset from UTC.
    pub without_offset: usize,
    /// Cells with an hour.
    pub with_hour: usize,
    /// All cells with a date.
    pub dates: usize,
}

impl OrderEvidence {
    pub fn see(&mut self, written: &Written, row: usize) {
        self.dates += 1;
        self.with_hour += usize::from(written.has_time());
        self.without_offset += usize::from(written.has_time() && !written.has_offset());
        self.open += usize::from(written.is_open());
        let side = match written.proves() {
            Some(crate::dates::Order::DayFirst) => &mut self.day_first,
            Some(crate::dates::Order::MonthFirst) => &mut self.month_first,
            None => return,
        };
        if side.0 == 0 {
            side.1 = row;
        }
        side.0 += 1;
    }
}

/// What was noticed while a file was read.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub rows: usize,
    /// Rows with more cells than the head, and with fewer.
    pub long_rows: usize,
    pub short_rows: usize,
    /// Rows that say nothing: no key, no date.
    pub empty_rows: usize,
    /// Cells that should hold a date and do not: how many, and the first few as "row 12, column Created: aa/99".
    pub unreadable: usize,
    pub unreadable_first: Vec<String>,
    /// Whether it was no UTF-8.
    pub is_recoded: bool,
    pub has_byte_order_mark: bool,
    /// Columns whose name occurs more than once.
    pub repeated_columns: usize,
    /// Items whose history is not whole.
    pub cut_histories: usize,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Whether a limit of the tracker's own seems to have cut the list.
    pub cut_list: Option<String>,
}

impl Counts {
    pub fn leave_out(&mut self, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// A cell that is no date, described without what it says.
    pub fn unreadable(&mut self, row: usize, column: &str, cell: &str) {
        self.unreadable += 1;
        if self.unreadable_first.len() < 3 {
            let shape = shape(cell);
            self.unreadable_first.push(format!("row {row}, {column}: a cell of the form “{shape}”"));
        }
    }
}

/// What a cell looks like without what it says: letters are `a`, digits are `9`.
pub fn shape(cell: &str) -> String {
    let masked = |letter: char| match letter {
        letter if letter.is_numeric() => '9',
        letter if letter.is_alphabetic() => 'a',
        '/' | '-' | '.' | ':' | ',' | ' ' => letter,
        _ => '?',
    };
    cell.chars().take(24).map(masked).collect()
}

impl Batch {
    pub fn new(file: &str, source: Source, print: u64) -> Batch {
        Batch {
            file: file.to_owned(),
            source,
            print,
            items: Vec::new(),
            deployments: Vec::new(),
            incidents: Vec::new(),
            columns: BTreeMap::new(),
            stages: Vec::new(),
            latest: Vec::new(),
            order: OrderEvidence::default(),
            counts: Counts::default(),
        }
    }

    /// Reads a date of a row, and remembers what it says of the order, and what cannot be read.
    pub fn date(&mut self, cell: &str, row: usize, column: &str) -> Option<Written> {
        let cell = cell.trim();
        if cell.is_empty() || ["null", "none", "n/a", "-", "nan"].contains(&cell.to_lowercase().as_str()) {
            return None;
        }
        let written = Written::read(cell);
        match written {
            Some(written) => {
                self.order.see(&written, row);
                self.latest.push(written);
            }
            None => self.counts.unreadable(row, column, cell),
        }
        written
    }
}

/// FNV-1a, 64 bits: the same for the same text on every machine.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_hide_addresses() {
        assert_eq!(label("  In \n Review\u{202e} "), "In Review");
        assert_eq!(label("ask ana@example.org"), "(hidden)");
        assert_eq!(label(&"x".repeat(99)).chars().count(), 61);
        assert_eq!(shape("Ana Müller, 12.3.\u{1b}"), "aaa aaaaaa, 99.9.?");
    }
}
