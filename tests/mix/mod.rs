//! Small random scenarios of nearly every mechanism, for tests of what holds for any scenario.

use proptest::prelude::*;
use std::fmt::Write;

/// What a small random scenario has.
#[derive(Clone, Debug)]
pub struct Mix {
    pub people: u32,
    pub active: u32,
    pub team_limit: Option<u32>,
    pub initiatives: Option<u32>,
    pub share: Option<u32>,
    pub order: &'static str,
    pub load: u32,
    pub preempts: bool,
    pub review: Option<&'static str>,
    pub slots: Option<u32>,
    pub line: Option<u32>,
    pub board: bool,
    pub chain: bool,
    pub train: bool,
    pub machine: bool,
    pub incidents: bool,
    pub patience: bool,
    pub backlog_limit: bool,
    pub seed: u64,
}

pub fn mixes() -> impl Strategy<Value = Mix> {
    let limits = (
        prop::option::of(3..9_u32),
        prop::option::of(1..4_u32),
        prop::option::of(0..40_u32),
        prop::option::of(1..5_u32),
        prop::option::of(2..9_u32),
    );
    let orders = prop::sample::select(vec!["first-come", "last-come", "random", "shortest", "value", "cd3"]);
    let reviews = prop::option::of(prop::sample::select(vec!["at-once", "at-breaks", "when-idle"]));
    let team = (1..5_u32, 1..4_u32, 20..130_u32, orders, reviews, any::<u64>());
    let switches = prop::array::uniform8(any::<bool>());
    (team, limits, switches).prop_map(|(team, limits, on)| Mix {
        people: team.0,
        active: team.1,
        load: team.2,
        order: team.3,
        review: team.4,
        seed: team.5 >> 2,
        team_limit: limits.0,
        initiatives: limits.1,
        share: limits.2,
        slots: limits.3,
        line: limits.4,
        preempts: on[0],
        board: on[1],
        chain: on[2],
        train: on[3],
        machine: on[4],
        incidents: on[5],
        patience: on[6],
        backlog_limit: on[7],
    })
}

impl Mix {
    pub fn text(&self, extra: &str) -> String {
        let mut text = format!(
            "extends = \"bare\"\nhorizon = \"130 days\"\nseed = {}\nreplications = 20\n\
             [switching]\nefficiency = \"weinberg\"\nresumption = {{ exponential = \"20 minutes\" }}\n\
             [value]\npayback = \"1 year\"\ntail_sigma = 1.0\nvalue_error = 0.5\nsize_error = 0.3\nat_completion = \"30%\"\nhalf_life = \"1 year\"\nproduct = \"100%\"\n",
            self.seed
        );
        if self.train && self.machine {
            text += "[[team]]\nname = \"coach\"\nkind = \"enabling\"\nengineers = 1\n";
            let _ = write!(text, "order = \"{}\"\nwip.active = {}\n", self.order, self.active);
        }
        for team in ["red", "blue"] {
            let _ = write!(
                text,
                "[[team]]\nname = \"{team}\"\nengineers = {}\nattention = \"80%\"\n",
                self.people
            );
            let _ = write!(text, "order = \"{}\"\nwip.active = {}\n", self.order, self.active);
            let limit = |text: &mut String, name: &str, value: Option<u32>| {
                if let Some(value) = value {
                    let _ = writeln!(text, "wip.{name} = {value}");
                }
            };
            limit(&mut text, "team", self.team_limit);
            if self.seed.is_multiple_of(3) {
                text += "interruptions = { between = { exponential = \"3 hours\" }, lasts = { exponential = \"15 minutes\" } }\n";
            }
            if self.seed.is_multiple_of(5) {
                text += "wander = { cv = 0.6, memory = \"5 weeks\" }\n";
            }
            limit(&mut text, "initiatives", self.initiatives);
            if self.seed % 7 < 3 {
                text += "when_held = [\"review\", \"unblock\", \"help\", \"health\", \"idle\"]\nhelp = { speed = 0.6, from = \"30 minutes\" }\n";
            }
            if let Some(share) = self.share {
                let _ = writeln!(text, "share.health = \"{share}%\"");
            }
            text += "code = { components = 3, size_per_engineer = \"100 days\", density = \"15%\", concentration = 0.7 }\n";
        }
        if self.seed % 4 == 1 {
            text += "[meetings]\nbase = \"2 hours\"\neach_person = \"30 minutes\"\neach_initiative = \"1 hour\"\neach_dependency = \"1 hour\"\n";
        }
        self.work(&mut text);
        self.stages(&mut text);
        text + extra
    }

    fn work(&self, text: &mut String) {
        let mut route = vec!["build"];
        if self.has_culture() {
            route.insert(0, "align");
        }
        route.extend(self.train.then_some("need"));
        route.extend(self.review.map(|_| "read"));
        route.extend(self.machine.then_some("test"));
        route.extend(self.board.then_some("approve"));
        route.extend(self.chain.then_some("sign"));
        route.extend(["polish", "ship"]);
        let _ = write!(
            text,
            "[work.feature]\narrivals = {{ load = \"{}%\" }}\nitems = {{ geometric = {{ mean = 2 }} }}\n\
             size = {{ lognormal = {{ mean = \"2 days\", cv = 1.2 }} }}\nvalued = true\nroute = {route:?}\n",
            self.load
        );
        if !self.seed.is_multiple_of(3) {
            *text += "wander = { cv = 0.5, memory = \"8 weeks\" }\n";
        }
        if self.patience {
            *text += "patience = { exponential = \"8 days\" }\n";
        }
        if self.backlog_limit {
            *text += "backlog_limit = 5\n";
        }
        *text += "[work.bug]\nclass = \"unplanned\"\npriority = 2\nsize = { exponential = \"3 hours\" }\nroute = [\"build\", \"ship\"]\narrivals = { after = { work = [\"feature\"], count = { poisson = { mean = 0.4 } }, delay = { exponential = \"6 days\" } } }\n";
        if self.preempts {
            *text += "preempts = { penalty = \"30 minutes\" }\n";
        }
        *text +=
            "[work.repair]\nclass = \"health\"\nsize = { exponential = \"1 day\" }\nroute = [\"build\"]\n";
    }

    /// Trust, clarity and a leader, in every other mix.
    pub fn has_culture(&self) -> bool {
        self.seed.is_multiple_of(2)
    }

    fn culture(&self, text: &mut String) {
        *text += "[stage.align]\ngate = \"head clarity\"\napplies_to = { fuzzier = \"20%\" }\n[leader.head]\nteam = \"red\"\nclarity = 8\ndecisions = 4\nsystems = 2\npeople = 3\ncode = 4\nhearing = \"1 hour\"\ntakes = \"20%\"\nclarifies = \"50%\"\npeers_clarify = \"30%\"\nstatus = { gaps = { exponential = \"2 days\" }, takes = \"10 minutes\" }\nabsence = { between = { exponential = \"20 days\" }, lasts = \"4 days\" }\n";
        let _ = writeln!(text, "deputy = {}", self.seed.is_multiple_of(4));
        *text += "[work.feature.fuzziness]\nuniform = { min = 0, max = 1 }\n[clarity]\nusual = \"40%\"\ndoubt = 2\nrework = 1\nfound = \"50%\"\nmisses = \"30%\"\ndiscovery = { exponential = \"8 days\" }\nagain = \"50%\"\nrepair = \"bug\"\n[trust]\nstarts = \"60%\"\nrests = \"70%\"\nheals = \"1 quarter\"\nusual = \"60%\"\ndismissive = \"20%\"\nclarifying = \"20%\"\nlifting = \"10%\"\nhurts = \"10%\"\nclears = \"3%\"\nlifts = \"5%\"\nclarifying_takes = \"20 minutes\"\nlifting_takes = \"20 minutes\"\nsharpens = \"30%\"\nblame = \"40%\"\nblame_hurts = \"20%\"\nscares = \"40%\"\nscare_fades = \"1 month\"\nscare_slows = 0.1\nscare_saves = 0.5\n";
        if self.incidents {
            *text += "[incidents.alerts]\ncoverage = \"60%\"\nleaves = \"30%\"\nbuilds = \"5 days\"\nupkeep = \"1 hour\"\nfalse_alarms = { gaps = { exponential = \"3 days\" }, takes = \"20 minutes\" }\n[incidents.hiding]\nsmall = \"60%\"\nhidden = \"30%\"\nsilence = 3\nadds = \"2 hours\"\n";
        }
    }

    fn stages(&self, text: &mut String) {
        if self.has_culture() {
            self.culture(text);
        }
        *text += "[stage.build]\nteam = \"own\"\ncode = true\neffort_share = \"90%\"\nfailure = { probability = \"10%\", effort = \"fresh\", first = true }\n";
        if let Some(slots) = self.slots {
            let _ = writeln!(text, "slots = {slots}");
        }
        *text += "[stage.polish]\nteam = \"own\"\nsticky = true\neffort = { exponential = \"1 hour\" }\n";
        if let Some(pick_up) = self.review {
            let _ = write!(
                text,
                "[stage.read]\nreview = {{ pick_up = \"{pick_up}\" }}\neffort_share = \"10%\"\nfailure = {{ probability = \"20%\", back_to = \"build\", effort = {{ share = \"30%\" }} }}\n"
            );
        }
        if self.machine {
            *text += "[stage.test]\nmachine = { run = { exponential = \"2 hours\" }, runners = 1, flaky = \"20%\" }\nfailure = { probability = \"10%\", back_to = \"build\" }\n";
        }
        if self.board {
            *text += "[stage.approve]\nboard = \"council\"\n[board.council]\nmeets = { every = \"5 days\" }\nslots = 4\nrejects = \"20%\"\nattends = 1\ntakes = \"30 minutes\"\n";
        }
        if self.chain {
            *text += "[stage.sign]\nchain = \"line\"\nfailure = { probability = \"0%\", back_to = \"polish\" }\n[approver.near]\nhours_per_week = 10\nhearing = { exponential = \"1 hour\" }\nrejects = \"20%\"\nabsence = { between = { exponential = \"20 days\" }, lasts = \"3 days\" }\n[approver.far]\nhours_per_week = 10\nhearing = { exponential = \"1 hour\" }\n[chain.line]\nmembers = [\"near\", \"far\"]\nmode = \"parallel\"\nquorum = 1\nescalation = { after = \"4 days\", to = \"far\" }\n";
        }
        *text += if self.train {
            "[stage.ship]\neffort = \"1 hour\"\nrelease = { train = { every = \"5 days\" } }\n"
        } else {
            "[stage.ship]\neffort = \"10 minutes\"\nrelease = {}\n"
        };
        if self.train {
            *text += "[work.part]\nsize = \"1 day\"\nroute = [\"build\", \"polish\"]\n[stage.need]\nparts = { in_order = true, predecessor = \"30%\", need = [{ work = \"part\", team = \"others\", chance = \"40%\", share = \"20%\" }, { work = \"part\", team = \"own\", chance = \"20%\", count = 2 }] }\n";
            *text += "[topology]\nholds = 0.7\noverload = 0.5\nrisk = 0.5\nreread = \"20%\"\nmisread = \"30%\"\nagain = \"40%\"\nspecialist = 1.2\nenabling = { stays = \"3 weeks\", session = \"4 hours\", teaches = 0.05, forgets = \"1 quarter\", gain = 0.1, safer = 0.3 }\n[architecture]\noperating = \"2 hours\"\nblast = \"60%\"\n";
            *text += "[complexity]\nahead = 0.3\nstarts = 0.2\nweight = 1.0\nneeds = \"40%\"\nrefactor = 0.8\nforesight = \"50%\"\ncovers = 0.1\nsettles = \"20%\"\n";
        }
        if let Some(line) = self.line {
            let _ = write!(text, "[limit.line]\nstages = [\"build\", \"polish\"]\nitems = {line}\n");
        }
        *text += "[debt]\ndecisions_per_day = 4\nshortcut = \"20%\"\npush = 1\nlateness = 1\ncontagion = 2\npatience = \"60 days\"\nsaves = \"10 minutes\"\nadds = \"40 minutes\"\ninterest = 2\naging = \"5%\"\ngrowth = 0.5\ncorner = \"50%\"\nfriction = 1.5\nfloor = \"5%\"\nrisk = 2\ntypical = \"15%\"\nrisk_shortcut = 1\nrepair = \"repair\"\nrepaid = 1\n";
        if self.seed.is_multiple_of(2) {
            *text += PEOPLE_AND_TOOLS;
        }
        if self.incidents {
            *text += "[failure]\nbase = \"15%\"\n[incidents]\ndetection = { exponential = \"1 hour\" }\nresponse = { exponential = \"2 hours\" }\nmitigation = { exponential = \"2 hours\" }\nrecovery = { exponential = \"1 hour\" }\npeople = 2\npostmortem = \"50%\"\npostmortem_people = 3\npostmortem_length = \"2 hours\"\ncorrective = \"bug\"\nfragility = 0.5\nfades = \"1 quarter\"\nambient = { gaps = { exponential = \"10 days\" }, chance = \"80%\" }\n";
        }
    }
}

/// People who come and go, tools, assistants and ideas that are killed and doubled, all of it fast.
const PEOPLE_AND_TOOLS: &str = r#"
[people]
leaving = "95%"
distrust = 1
duties = 2
delay = { exponential = "10 days" }
hire_cost = 1
first_change = "1 day"
untended = "5 days"
upkeep = "30 minutes"
start = "40%"
ramp = "10 days"
mentor = "20%"
experience = 0.1
known = "50%"
strange = 0.5
learn = "5 days"
forget = "40 days"
shown = 3
documents = 0.5
communication = "square"
typical_size = 3
[tooling]
start = "40%"
raise = "5 days"
decay = "40 days"
deployment = 2
environments = 2
needed = "40%"
wait = { exponential = "2 hours" }
errors = 0.2
reinvest = "30%"
[assistance]
coding = 1.3
juniors = 0.3
unclear = "50%"
review = 1.5
risk = 0.2
licence = 0.1
[learning]
helps = "33%"
harms = "20%"
harm = 1
tail_sigma = 1
delay = { exponential = "5 days" }
noise = 2
effort = "2 hours"
every = "5 days"
kill_below = 0.5
double_above = 2.0
[defaults.team]
sharing = "1 hour"
assisted = "50%"
tooling = { builds = "1%", deployment = "1%", environments = "1%", documents = "1%" }
leaves = [{ at = "20 days", people = 1, who = "most-knowing" }]
"#;
