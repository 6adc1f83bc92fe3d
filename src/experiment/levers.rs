//! The levers: what the pages of mechanisms call so, by path, and where each may stand.

/// A lever, and what comes with it.
pub struct Lever {
    pub path: &'static str,
    /// Where it may stand, in order; the range of its evidence where it has none here.
    pub values: &'static [&'static str],
    /// Whether its positions have an order.
    pub ordered: bool,
    /// What must be so for it to matter at all: what it is compared with has that, too.
    pub with: &'static [(&'static str, &'static str)],
    /// What it is where nobody has written it; `=PATH` is what stands there.
    pub unset: &'static str,
    /// What the organisation must have: a path that is written there.
    pub needs: &'static str,
}

/// Over the range of its evidence.
const fn ranged(path: &'static str) -> Lever {
    Lever { path, values: &[], ordered: true, with: &[], unset: "", needs: "" }
}

/// From one value to another.
const fn from(path: &'static str, values: &'static [&'static str]) -> Lever {
    Lever { path, values, ordered: true, with: &[], unset: "", needs: "" }
}

/// One of several that have no order.
const fn choice(path: &'static str, values: &'static [&'static str]) -> Lever {
    Lever { path, values, ordered: false, with: &[], unset: "", needs: "" }
}

const fn given(with: &'static [(&'static str, &'static str)], lever: Lever) -> Lever {
    Lever { with, ..lever }
}

const fn unset(value: &'static str, lever: Lever) -> Lever {
    Lever { unset: value, ..lever }
}

const fn needs(path: &'static str, lever: Lever) -> Lever {
    Lever { needs: path, ..lever }
}

const SHARES: &[&str] = &["0%", "20%", "40%", "60%", "80%", "100%"];
const TOOLS: &[&str] = &["0%", "0.3%", "0.6%", "1%", "2%", "4%"];
const HOURS: &[&str] = &["0", "2", "4", "8", "16"];
const CLARIFIED: &[(&str, &str)] = &[("stage.clarify.applies_to.decision", "any")];

pub const LEVERS: &[Lever] = &[
    // What is begun, in which order, and in which pieces.
    ranged("team.*.wip.initiatives.per_head"),
    ranged("team.*.wip.items"),
    unset("1", from("team.*.wip.active", &["1", "2", "3", "5", "unlimited"])),
    unset("unlimited", from("team.*.wip.team", &["4", "7", "10", "14", "20", "unlimited"])),
    choice("team.*.finish_first", &["false", "true"]),
    choice("team.*.order", &["first-come", "last-come", "random", "shortest", "value", "cd3", "loudest"]),
    choice(
        "team.*.when_held",
        &[
            "[\"idle\"]",
            "[\"review\", \"unblock\", \"idle\"]",
            "[\"help\", \"idle\"]",
            "[\"health\", \"idle\"]",
        ],
    ),
    ranged("work.feature.initiative.size.lognormal.mean"),
    from("work.feature.initiative.seats", &["1", "2", "3", "4", "6", "10"]),
    choice("work.feature.initiative.frees", &["built", "live"]),
    ranged("work.feature.size.lognormal.mean"),
    ranged("work.feature.backlog_limit"),
    choice("work.feature.when_full", &["refuse", "displace"]),
    from("work.feature.arrivals.load", &["50%", "70%", "85%", "100%", "130%", "200%"]),
    given(&[("priorities.kill_below", "30%")], ranged("priorities.looks_every")),
    from("priorities.kill_below", &["0%", "10%", "20%", "30%", "50%", "80%"]),
    // Where hours go.
    from("team.*.share.health", &["0%", "5%", "10%", "20%", "30%", "40%"]),
    unset("densest", choice("debt.repairs", &["densest", "busiest"])),
    ranged("debt.shortcut"),
    unset("0%", from("team.*.pressure", &["0%", "15%", "25%", "50%", "75%", "100%"])),
    ranged("team.*.attention"),
    from("meetings.base", &["0 hours", "1 hour", "3 hours", "6 hours", "10 hours"]),
    ranged("meetings.each_person"),
    ranged("meetings.each_initiative"),
    needs("stage.make.parts.need.*.chance", ranged("meetings.each_dependency")),
    unset(
        "none",
        choice(
            "team.*.interruptions",
            &[
                "{ between = { exponential = \"2 hours\" }, lasts = \"5 minutes\" }",
                "{ between = { exponential = \"30 minutes\" }, lasts = \"5 minutes\" }",
            ],
        ),
    ),
    ranged("switching.returns_per_day"),
    // People.
    ranged("team.*.engineers"),
    unset("=team.*.engineers", from("team.*.target", &["4", "5", "6", "8", "10", "14"])),
    unset("0 hours", from("team.*.sharing", &["0 hours", "1 hour", "2 hours", "4 hours", "8 hours"])),
    ranged("people.first_change"),
    ranged("people.mentor"),
    unset("0%", from("team.*.assisted", SHARES)),
    from("trust.clarifying", &["0%", "10%", "20%", "40%", "60%", "80%"]),
    from("trust.lifting", &["0%", "5%", "10%", "20%", "40%"]),
    from("trust.blame", SHARES),
    // Making clear, and writing down.
    choice("stage.clarify.applies_to.decision", &["none", "type 1", "any"]),
    given(CLARIFIED, from("stage.clarify.clear_enough", &["0%", "10%", "20%", "30%", "40%", "50%"])),
    from("communication.documents", SHARES),
    given(&[("communication.documents", "100%")], ranged("communication.documents_from")),
    from("communication.records", SHARES),
    from("communication.early_reviews", SHARES),
    // Reading, deciding, releasing.
    from("stage.review.effort_share", &["1%", "4%", "8%", "12%", "20%", "35%", "50%"]),
    ranged("stage.review.failure.catches"),
    choice("stage.review.review.pick_up", &["at-once", "at-breaks", "when-idle"]),
    choice("stage.approve.applies_to.decision", &["none", "type 1", "type 2", "any"]),
    ranged("board.*.meets.every"),
    ranged("board.*.slots"),
    ranged("board.*.attends"),
    ranged("board.*.takes"),
    unset(
        "none",
        from(
            "stage.release.release.train",
            &[
                "{ every = \"1 day\" }",
                "{ every = \"3 days\" }",
                "{ every = \"1 week\" }",
                "{ every = \"2 weeks\" }",
                "{ every = \"4 weeks\" }",
            ],
        ),
    ),
    ranged("stage.release.release.train.test.takes"),
    ranged("stage.release.release.train.test.finds"),
    ranged("stage.release.effort.lognormal.median"),
    ranged("stage.make.parts.need.*.chance"),
    choice("stage.build.sticky", &["false", "true"]),
    // Incidents.
    from("incidents.people", &["1", "2", "3", "4"]),
    from("incidents.postmortem", SHARES),
    given(&[("incidents.postmortem", "80%")], ranged("incidents.postmortem_people")),
    given(&[("incidents.postmortem", "80%")], ranged("incidents.postmortem_length")),
    from("incidents.alerts.coverage", SHARES),
    from("incidents.ownership.coverage", SHARES),
    from("incidents.runbooks.coverage", SHARES),
    from("incidents.rollback.coverage", SHARES),
    // Tools.
    from("team.*.tooling.builds", TOOLS),
    from("team.*.tooling.deployment", TOOLS),
    from("team.*.tooling.environments", TOOLS),
    from("team.*.tooling.documents", TOOLS),
    ranged("tooling.reinvest"),
    ranged("team.*.code.components"),
    // Where there is a leader.
    needs("stage.align.gate", from("stage.align.applies_to.fuzzier", &["0%", "15%", "30%", "50%", "80%"])),
    needs("leader.*.clarity", from("leader.*.clarity", HOURS)),
    needs("leader.*.clarity", from("leader.*.decisions", HOURS)),
    needs("leader.*.clarity", from("leader.*.systems", HOURS)),
    needs("leader.*.clarity", from("leader.*.people", HOURS)),
    needs("leader.*.clarity", from("leader.*.code", HOURS)),
    needs("leader.*.clarity", unset("0%", from("leader.*.automatic", SHARES))),
    needs("leader.*.clarity", unset("0%", from("leader.*.peers_decide", SHARES))),
    needs("leader.*.clarity", unset("0%", from("leader.*.peers_clarify", SHARES))),
];

/// What pages call a lever and what is not turned here, with the reason.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("stage.*.slots", "has no value in these organisations: rooms are of lines of machines"),
    ("stage.*.column", "as rooms"),
    ("limit.*.items", "needs a list of stages that a scenario names"),
    ("stage.*.threshold", "needs stages that people leave in batches"),
    ("team.*.leaves", "are dates of departure, and no range"),
    ("learning.*", "only in the preset `learning`"),
    ("complexity.ahead", "only in the preset `complexity`"),
    ("roadmap.*", "only in the preset `roadmap`"),
    ("topology.*", "only where teams are of several kinds"),
    ("architecture.*", "only in the presets of styles"),
    ("migration.*", "only where a policy reorganises"),
    ("approver.*", "none in these organisations"),
    ("chain.*", "none in these organisations"),
    ("stage.*.gate", "who is asked is how an organisation is put together"),
    ("leader.*.status", "a table that a scenario writes"),
    ("leader.*.absence", "a table that a scenario writes"),
    ("leader.*.deputy", "a name"),
    ("team.*.kind", "only where teams are of several kinds"),
    ("code.weight", "only where teams are of several kinds"),
    ("work.*.arrivals.profile", "are dates of a year"),
    ("work.*.items", "an initiative has a size in these organisations"),
    ("after", "says when, and nothing else"),
    ("organisation", "takes over another scenario"),
    ("past", "says when, and nothing else"),
];
