//! Organisations in which keys are tried, values for keys that need company, and keys that move no number, with reasons.

pub const PRODUCT: usize = 0;
pub const BARE: usize = 1;
#[allow(dead_code)]
pub const LEARNING: usize = 2;

/// Their files, beside this one.
pub const WORLDS: [&str; 3] = ["product", "bare", "learning"];

/// What to set, and where, for keys whose value is a name or that need another key beside them.
pub const HINTS: &[(&str, usize, &[&str])] = &[
    ("stop", BARE, &["stop=empty"]),
    ("team.*.name", PRODUCT, &["team.dev.name=developers", "leader.lead.team=developers"]),
    ("work.*.arrivals.every", BARE, &["work.item.arrivals={ every = \"1 day\" }"]),
];

/// Keys that move no number of a row, each with the reason.
pub const SILENT: &[(&str, &str)] = &[
    ("title", "not simulated: words for whoever reads"),
    ("description", "not simulated: words for whoever reads"),
    ("extends", "not simulated: names the scenario that this one changes"),
    ("defaults", "not simulated: fills what other tables leave out"),
    ("policy", "not simulated: other organisations, each tried as such"),
    ("evidence", "not simulated: says where numbers come from; `robust` and `sensitivity` draw from it"),
    ("plausible", "not simulated: judges drawn organisations"),
    ("sweep", "not simulated: says what a sweep varies"),
    ("best", "not simulated: says what `best` mixes"),
    ("claim", "not simulated: says what is compared, and what is expected"),
    ("objective", "not simulated: which number policies are judged by"),
    ("guardrails", "not simulated: which numbers must not be hurt"),
    ("judge", "not simulated: how differences are judged"),
    ("migration", "not simulated without policies: what a change of the organisation costs"),
];
