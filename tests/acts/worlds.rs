//! Organisations in which keys are tried, values for keys that need company, and keys that move no number, with reasons.

pub const PRODUCT: usize = 0;
pub const BARE: usize = 1;
#[allow(dead_code)]
pub const LEARNING: usize = 2;

/// Their files, beside this one.
pub const WORLDS: [&str; 3] = ["product", "bare", "learning"];

/// What is rare needs time to happen.
const LONGER: &str = "horizon=2 years";
/// Where the first change takes a week, what eases the ramp changes nothing.
const QUICK: &str = "people.first_change=1 day";

/// For keys whose value is a name, or that need company: where, and two lists of settings that differ in the key alone.
pub const HINTS: &[(&str, usize, &[&str], &[&str])] = &[
    ("stop", BARE, &[], &["stop=empty"]),
    ("run_off", PRODUCT, &[], &["run_off=1 quarter"]),
    ("stop.items", BARE, &[], &["stop.items=20"]),
    ("open.file", BARE, &["open.file=open.csv"], &["open.file=open-more.csv"]),
    ("team.*.name", PRODUCT, &[], &["team.dev.name=developers", "leader.lead.team=developers"]),
    (
        "communication.early_corrects",
        PRODUCT,
        &[WRONG, EARLY],
        &[WRONG, EARLY, "communication.early_corrects=100%"],
    ),
    ("team.*.interruptions.between", PRODUCT, &[ASKED], &[ASKED, "team.dev.interruptions.between=2 hours"]),
    ("team.*.interruptions.lasts", PRODUCT, &[ASKED], &[ASKED, "team.dev.interruptions.lasts=1 hour"]),
    ("team.*.wander.cv", PRODUCT, &[LULLS], &[LULLS, "team.dev.wander.cv=0.8"]),
    ("team.*.wander.memory", PRODUCT, &[LULLS], &[LULLS, "team.dev.wander.memory=1 quarter"]),
    ("work.*.wander.cv", PRODUCT, &[WAVES], &[WAVES, "work.feature.wander.cv=0.8"]),
    ("work.*.wander.memory", PRODUCT, &[WAVES], &[WAVES, "work.feature.wander.memory=1 quarter"]),
    (
        "team.*.when_held.*",
        PRODUCT,
        &[ALONE, LIMITED, HELP, HELD],
        &[ALONE, LIMITED, HELP, "team.dev.when_held=[\"health\", \"help\"]"],
    ),
    (
        "team.*.help.speed",
        PRODUCT,
        &[ALONE, LIMITED, HELP, HELD],
        &[ALONE, LIMITED, HELP, HELD, "team.dev.help.speed=0.1"],
    ),
    (
        "team.*.help.from",
        PRODUCT,
        &[ALONE, LIMITED, HELP, HELD],
        &[ALONE, LIMITED, HELP, HELD, "team.dev.help.from=2 days"],
    ),
    ("leader.*.corrects", PRODUCT, &[WRONG], &[WRONG, "leader.lead.corrects=95%"]),
    ("decisions.repair", PRODUCT, &[WRONG], &[WRONG, "decisions.repair=correction"]),
    ("leader.*.catches", PRODUCT, &[LONGER, "leader.lead.catches=0%"], &[LONGER, "leader.lead.catches=100%"]),
    ("people.eases", PRODUCT, &[LONGER, QUICK], &[LONGER, QUICK, "people.eases=0.6"]),
    (
        "approver.*.corrects",
        PRODUCT,
        &[LONGER, WRONG, NOES],
        &[LONGER, WRONG, NOES, "approver.chief.corrects=90%"],
    ),
    ("people.shown", PRODUCT, &[LONGER, SHOWN, FREE], &[LONGER, SHOWN, FREE, "people.shown=40"]),
    ("roadmap.every", PRODUCT, &[LONGER], &[LONGER, PLANS]),
    ("roadmap.fill", PRODUCT, &[LONGER, YEARLY], &[LONGER, YEARLY, "roadmap.fill=600%"]),
    ("roadmap.takes", PRODUCT, &[LONGER, PLANS], &[LONGER, PLANS, "roadmap.takes=1 day"]),
    ("priorities.error_left", PRODUCT, &[LONGER, KILLS], &[LONGER, KILLS, "priorities.error_left=100%"]),
    ("debt.friction", PRODUCT, &["debt.corner=5%"], &["debt.corner=5%", "debt.friction=3"]),
    ("debt.surplus", PRODUCT, &[LONG], &[LONG, "debt.surplus=given-back"]),
    ("work.*.arrivals.trace.file", BARE, &[TRACE], &[TRACE, "work.sometimes.arrivals.trace.file=later.csv"]),
    ("work.*.arrivals.trace.column", BARE, &[TRACE], &[TRACE, "work.sometimes.arrivals.trace.column=hours"]),
    ("work.*.arrivals.trace.unit", BARE, &[TRACE], &[TRACE, "work.sometimes.arrivals.trace.unit=weeks"]),
    ("work.*.arrivals.trace.work", BARE, &[TIMES], &[WORKED]),
    (
        "work.*.arrivals.endless",
        BARE,
        &[r#"work.urgent.arrivals={ endless = 2 }"#],
        &[r#"work.urgent.arrivals={ endless = 3 }"#],
    ),
    ("chain.*.members", PRODUCT, &[], &["chain.all.members=[\"chief\"]"]),
    ("work.*.arrivals.trace.dates", BARE, &[TRACE], &[DATES]),
    (
        "work.*.arrivals.trace.begins",
        BARE,
        &[DATES],
        &[DATES, "work.sometimes.arrivals.trace.begins=\"2023-12-20\""],
    ),
    ("work.*.arrivals.trace.size_column", BARE, &[TRACE], &[SIZED]),
    (
        "work.*.arrivals.trace.size_unit",
        BARE,
        &[SIZED],
        &[SIZED, "work.sometimes.arrivals.trace.size_unit=hours"],
    ),
    (
        "work.*.arrivals.trace.work_columns",
        BARE,
        &[TRACE],
        &[TRACE, "work.sometimes.arrivals.trace.work_columns={ share = \"made\" }"],
    ),
    ("work.*.arrivals.trace.kind_column", BARE, &[TRACE], &[KINDS]),
    ("work.*.arrivals.trace.kinds", BARE, &[KINDS], &[KINDS, "work.sometimes.arrivals.trace.kinds=[\"b\"]"]),
    ("work.*.arrivals.trace.delimiter", BARE, &[TRACE], &[SEMICOLONS]),
    ("work.*.arrivals.trace.decimal", BARE, &[SEMICOLONS], &[COMMAS]),
    (
        "debt.interest_at.density.*",
        PRODUCT,
        &[INTEREST],
        &[INTEREST, "debt.interest_at.density=[\"0%\", \"90%\"]"],
    ),
    ("debt.interest_at.factor.*", PRODUCT, &[INTEREST], &[INTEREST, "debt.interest_at.factor=[1.0, 2.0]"]),
    ("people.communication.law.one", PRODUCT, &[TALK], &[TALK, "people.communication.law.one=2%"]),
    ("people.communication.law.exponent", PRODUCT, &[TALK], &[TALK, "people.communication.law.exponent=0.5"]),
    ("chain.*.escalation.to", PRODUCT, &[], &["chain.all.escalation.to="]),
    ("stage.*.approver", PRODUCT, &[SIGN, "stage.sign.gate=none"], &[]),
    ("stage.*.board", PRODUCT, &[], &[SIGN, "stage.sign.board=architecture"]),
    ("stage.*.chain", PRODUCT, &[], &[SIGN, "stage.sign.chain=all"]),
    ("stage.*.applies_to.work.*", PRODUCT, &[], &["stage.review.applies_to.work=[\"urgent\"]"]),
    (
        "board.*.inclusive",
        PRODUCT,
        &[DAILY, SIGN, BOARD, MANY],
        &[DAILY, SIGN, BOARD, MANY, "board.architecture.inclusive=true"],
    ),
    (
        "stage.*.release.train.inclusive",
        BARE,
        &[ON_TIME],
        &[ON_TIME, "stage.ship.release.train.inclusive=true"],
    ),
    ("stage.*.release.train.test.back_to", PRODUCT, &[], &["stage.release.release.train.test.back_to=make"]),
    ("stage.*.threshold", PRODUCT, &[], &["stage.build.threshold={ items = 3, after = \"1 week\" }"]),
    (
        "stage.*.threshold.after",
        PRODUCT,
        &["stage.build.threshold={ items = 30, after = \"1 week\" }"],
        &["stage.build.threshold={ items = 30, after = \"1 day\" }"],
    ),
    (
        "incidents.ownership.false_alarms",
        PRODUCT,
        &[],
        &["incidents.ownership.false_alarms={ gaps = \"3 days\", takes = \"1 hour\" }"],
    ),
    (
        "incidents.rollback.false_alarms",
        PRODUCT,
        &[],
        &["incidents.rollback.false_alarms={ gaps = \"3 days\", takes = \"1 hour\" }"],
    ),
    (
        "incidents.runbooks.false_alarms",
        PRODUCT,
        &[],
        &["incidents.runbooks.false_alarms={ gaps = \"3 days\", takes = \"1 hour\" }"],
    ),
];

const PLANS: &str = "roadmap={ every = \"4 weeks\", fill = \"200%\" }";
const YEARLY: &str = "roadmap={ every = \"1 year\", fill = \"10%\" }";
const KILLS: &str = "priorities={ looks_every = \"1 week\", kill_below = \"90%\", error_left = \"0%\" }";
const NOES: &str = "board.architecture.rejects=90%";
const SHOWN: &str = "team.dev.sharing=8 hours";
/// Whoever tends to tools at the turn of the week shows nobody anything.
const FREE: &str = "team.dev.when_held=[\"idle\"]";
const ASKED: &str = "team.dev.interruptions={ between = \"1 hour\", lasts = \"10 minutes\" }";
const LULLS: &str = "team.dev.wander={ cv = 0.5, memory = \"5 weeks\" }";
const WAVES: &str = "work.feature.wander={ cv = 0.5, memory = \"8 weeks\" }";
const ALONE: &str = "stage.build.crew=";
const LIMITED: &str = "team.dev.wip.initiatives=1";
const HELP: &str = "team.dev.help={ speed = 0.5, from = \"2 hours\" }";
const HELD: &str = "team.dev.when_held=[\"help\", \"health\"]";
const WRONG: &str = "decisions.wrong=60%";
const EARLY: &str = "communication.early_reviews=100%";
const LONG: &str = "work.health.size=10 weeks";
const TRACE: &str =
    "work.sometimes.arrivals={ trace = { file = \"arrivals.csv\", column = \"day\", unit = \"days\" } }";
const TIMES: &str = "work.sometimes.arrivals={ trace = { times = [\"3 days\", \"20 days\", \"40 days\"] } }";
const DATES: &str = "work.sometimes.arrivals={ trace = { file = \"arrivals.csv\", column = \"date\", dates = \"year-month-day\" } }";
const SIZED: &str = "work.sometimes.arrivals={ trace = { file = \"arrivals.csv\", column = \"day\", unit = \"days\", size_column = \"size\", size_unit = \"days\" } }";
const KINDS: &str = "work.sometimes.arrivals={ trace = { file = \"arrivals.csv\", column = \"day\", unit = \"days\", kind_column = \"kind\", kinds = [\"a\"] } }";
const SEMICOLONS: &str = "work.sometimes.arrivals={ trace = { file = \"semicolons.csv\", column = \"day\", unit = \"days\", delimiter = \";\" } }";
const COMMAS: &str = "work.sometimes.arrivals={ trace = { file = \"commas.csv\", column = \"day\", unit = \"days\", delimiter = \";\", decimal = \",\" } }";
const WORKED: &str = "work.sometimes.arrivals={ trace = { times = [\"3 days\", \"20 days\", \"40 days\"], work = { share = [\"2 days\", \"1 day\", \"5 days\"] } } }";
const MANY: &str = "board.architecture.slots=50";
const INTEREST: &str = "debt.interest_at={ density = [\"0%\", \"50%\"], factor = [1.0, 4.0] }";
const TALK: &str = "people.communication={ law = { one = \"5%\", exponent = 1.0 } }";
const SIGN: &str = "stage.sign.approver=";
const BOARD: &str = "stage.sign.board=architecture";
const DAILY: &str = "work.urgent={ arrivals = { every = \"1 day\" }, route = [\"sign\"] }";
const ON_TIME: &str = "work.urgent={ arrivals = { every = \"1 day\" }, route = [\"ship\"] }";

/// Keys that move no number of a row, each with the reason.
pub const SILENT: &[(&str, &str)] = &[
    ("title", "not simulated: words for whoever reads"),
    ("start", "not simulated: dates on the axes of charts"),
    ("description", "not simulated: words for whoever reads"),
    ("extends", "not simulated: names the scenario that this one changes"),
    ("defaults", "not simulated: fills what other tables leave out"),
    ("policy", "not simulated: other organisations, each tried as such"),
    ("evidence", "not simulated: says where numbers come from; `robust` and `sensitivity` draw from it"),
    ("plausible", "not simulated: judges drawn organisations"),
    ("posterior", "not simulated: draws organisations"),
    ("sweep", "not simulated: says what a sweep varies"),
    ("best", "not simulated: says what `best` mixes"),
    ("claim", "not simulated: says what is compared, and what is expected"),
    ("objective", "not simulated: which number policies are judged by"),
    ("guardrails", "not simulated: which numbers must not be hurt"),
    ("judge", "not simulated: how differences are judged"),
    ("measure.dora", "not simulated: the levels that the four DORA metrics are sorted into, in words"),
    ("value.engineer_month", "a row holds engineer-months; reports tell them in money"),
    ("value.currency", "a row holds engineer-months; reports tell them in money"),
];
