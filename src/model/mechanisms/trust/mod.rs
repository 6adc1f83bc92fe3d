//! Trust: whether people say what they see, as small daily choices of leaders make it.
//!
//! **How it acts.** Each team has a level of trust, 0 to 1. Whenever somebody starts a piece of work
//! there is a word with a leader: dismissive, neutral, clarifying or lifting, by the leader's mix.
//! A dismissive word takes a part of the trust there is, a clarifying or lifting one gives a part
//! of what is missing, and takes minutes of the work at hand. Reported incidents are followed by
//! blame with some chance: it takes trust, and scares people for a while into slower, safer work.
//! Between such events trust goes back towards its resting level. What lies below the usual level
//! is *mistrust*, which others read: incidents are kept quiet, found later and taught by less
//! (incidents), people cut corners (debt) and ask for approval they don't need (decisions).
//! **Parameters.** `[trust]`. **Sources.** All assumed; L2 and I2 are under test.

use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::{Gauge, Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::organisation::Team;
use crate::preset::{Preset, presets};
use crate::work::{ItemId, Role};
use kernel::math;
use kernel::streams::StreamId;
use kernel::units::{Instant, PersonId, TeamId};
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const WORD: StreamId = StreamId::named("trust/word");
const BLAME: StreamId = StreamId::named("trust/blame");

/// Trust, and the words and the blame that move it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["manager", "management", "lead", "leadership", "culture", "psychological safety", "blame"]))]
pub struct Table {
    /// Trust of each team at the start of a replication.
    pub starts: Share,
    /// The level to which trust goes back when nothing happens. Takes effect at once, as all here does
    /// unless it says otherwise.
    pub rests: Share,
    /// Working time in which half of the way back to that level is gone.
    pub heals: Span,
    /// The level at which the other numbers of a scenario hold; what is missing to it is mistrust.
    pub usual: Share,
    /// Share of words that are dismissive. Takes effect at the next piece of work, as all words do. A fact of the
    /// organisation, not a lever: another share costs nothing here. What costs time is to say more clarifying and
    /// lifting words.
    pub dismissive: Share,
    /// Share of words that make the work at hand clearer.
    pub clarifying: Share,
    /// Share of words that lift whoever does the work.
    pub lifting: Share,
    /// Part of the trust there is that a dismissive word takes.
    pub hurts: Share,
    /// Part of the trust missing that a clarifying word gives.
    pub clears: Share,
    /// Part of the trust missing that a lifting word gives.
    pub lifts: Share,
    /// What a clarifying word adds to the work at hand.
    pub clarifying_takes: Span,
    /// What a lifting word adds to the work at hand.
    pub lifting_takes: Span,
    /// Part of the fuzziness of the work at hand that a clarifying word takes away.
    #[serde(default = "none")]
    pub sharpens: Share,
    /// Chance that somebody is blamed for an incident that was reported. Takes effect at the next.
    #[schemars(extend("x-plain" = "blame"))]
    pub blame: Share,
    /// Part of the trust there is that blame takes.
    pub blame_hurts: Share,
    /// Part of the way to being fully scared that blame goes.
    pub scares: Share,
    /// Working time in which half of being scared is gone.
    pub scare_fades: Span,
    /// How much longer work takes people who are fully scared: 0.1 is 10 %. Takes effect at the next stage.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub scare_slows: f64,
    /// Log-odds of failure that being fully scared takes away. Takes effect at the next stage.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub scare_saves: f64,
}

fn none() -> Share {
    Share::of(0.0).expect("a share")
}

#[derive(Clone, Debug)]
pub struct Params {
    starts: f64,
    rests: f64,
    usual: f64,
    /// Per tick of working time.
    healing: f64,
    fading: f64,
    dismissive: f64,
    clarifying: f64,
    lifting: f64,
    hurts: f64,
    clears: f64,
    lifts: f64,
    clarifying_ticks: f64,
    lifting_ticks: f64,
    lifting_hours: f64,
    sharpens: f64,
    blame: f64,
    blame_hurts: f64,
    scares: f64,
    scare_slows: f64,
    scare_saves: f64,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let words = [self.dismissive, self.clarifying, self.lifting]
            .map(|share| share.fraction())
            .iter()
            .sum::<f64>();
        if words > 1.0 + 1e-9 {
            ctx.problems
                .error("trust", "dismissive, clarifying and lifting words are more than all words")
                .help("the three shares may add up to 100 %; the rest is neutral");
        }
        let mut rate = |name: &str, half: Span| {
            std::f64::consts::LN_2 / ctx.period(&format!("trust.{name}"), half).0 as f64
        };
        let (healing, fading) = (rate("heals", self.heals), rate("scare_fades", self.scare_fades));
        Params {
            starts: self.starts.fraction(),
            rests: self.rests.fraction(),
            usual: self.usual.fraction(),
            healing,
            fading,
            dismissive: self.dismissive.fraction(),
            clarifying: self.clarifying.fraction(),
            lifting: self.lifting.fraction(),
            hurts: self.hurts.fraction(),
            clears: self.clears.fraction(),
            lifts: self.lifts.fraction(),
            clarifying_ticks: ctx.ticks(self.clarifying_takes).0 as f64,
            lifting_ticks: ctx.ticks(self.lifting_takes).0 as f64,
            lifting_hours: ctx.hours(self.lifting_takes),
            sharpens: self.sharpens.fraction(),
            blame: self.blame.fraction(),
            blame_hurts: self.blame_hurts.fraction(),
            scares: self.scares.fraction(),
            scare_slows: self.scare_slows,
            scare_saves: self.scare_saves,
        }
    }
}

/// A word with a leader about a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Dismissive,
    Neutral,
    Clarifying,
    Lifting,
}

impl Params {
    /// The word that this draw brings: fewer dismissive ones leave the others as they were.
    fn word(&self, streams: f64) -> Word {
        match streams {
            streams if streams < self.dismissive => Word::Dismissive,
            streams if streams > 1.0 - self.lifting => Word::Lifting,
            streams if streams > 1.0 - self.lifting - self.clarifying => Word::Clarifying,
            _ => Word::Neutral,
        }
    }

    /// Hours of lifting words that would bring trust up to what is usual.
    fn cultural_debt(&self, trust: f64) -> f64 {
        if trust >= self.usual {
            return 0.0;
        }
        let words = math::ln((1.0 - trust) / (1.0 - self.usual).max(1e-9));
        words / -libm::log1p(-self.lifts.min(1.0 - 1e-9)) * self.lifting_hours
    }
}

#[derive(Clone)]
pub struct Trust {
    /// Up to when each team's levels are reckoned.
    since: Vec<Instant>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

instruments! {
    Trust:
    gauges {
        /// Whether people say what they see: 0 never, 1 always.
        TRUST,
        /// How scared blame has made the team: 0 not at all, 1 fully.
        SCARE,
        /// Hours of lifting words that would bring trust back to what is usual.
        CULTURAL_DEBT,
    }
    counters {
        /// Incidents followed by blame.
        BLAMED,
    }
}

impl Mechanism for Trust {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "trust",
            title: "trust",
            unit: "share",
            better: Some(Better::Higher),
            definition: "whether people say what they see: 0 never, 1 always; weekly average",
            reads: Reads::Level(TRUST),
        },
        Metric {
            name: "cultural_debt_hours",
            title: "cultural debt",
            unit: "hours",
            better: Some(Better::Lower),
            definition: "hours of lifting words that would bring trust back to what is usual; weekly average",
            reads: Reads::Level(CULTURAL_DEBT),
        },
    ];

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Trust {
        let now = ctx.now();
        for (team, plan) in ctx.org.teams.iter_mut().zip(&ctx.plan.teams) {
            if !plan.is_leader {
                team.set_gauge(SCARE, 0.0);
                set(team, params.starts, params);
            }
        }
        Trust { since: vec![now; ctx.org.teams.len()] }
    }

    /// Trust goes with the people; a team of nobody's begins anew.
    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        self.since = vec![ctx.now(); ctx.org.teams.len()];
        for (team, plan) in ctx.org.teams.iter_mut().zip(&ctx.plan.teams) {
            if !plan.is_leader {
                let (scare, trust) = (team.gauge(SCARE, 0.0), team.gauge(TRUST, params.starts));
                team.set_gauge(SCARE, scare);
                set(team, trust, params);
            }
        }
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for team in (0..ctx.plan.teams.len()).map(TeamId::new) {
            self.shift(team, |trust| trust, params, ctx);
        }
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let team = ctx.org.people[person.at()].team;
        if ctx.plan.teams[team.at()].is_leader {
            return;
        }
        let now = ctx.now();
        let scare = self.scare(team, params, ctx);
        let item = &mut ctx.org.items[id];
        item.speed /= 1.0 + params.scare_slows * scare;
        if item.is_first_coded(now) {
            item.risk -= params.scare_saves * scare;
        }
        let starts = item.taken == Some(now) && item.touches == 1 && item.role == Role::Work;
        if starts {
            self.speak(id, team, params, ctx);
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Recovered)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        let DomainEvent::Recovered { team, key, .. } = *event else { return };
        if ctx.streams.chance(params.blame, BLAME, key) {
            ctx.org.count(BLAMED, 1.0);
            self.shift(team, |trust| trust * (1.0 - params.blame_hurts), params, ctx);
            let state = &mut ctx.org.teams[team.at()];
            let scare = state.gauge(SCARE, 0.0);
            state.set_gauge(SCARE, scare + params.scares * (1.0 - scare));
        }
    }
}

impl Trust {
    /// How scared a team is at present.
    fn scare(&self, team: TeamId, params: &Params, ctx: &Context<'_>) -> f64 {
        let level = ctx.org.teams[team.at()].gauge(SCARE, 0.0);
        if level == 0.0 {
            return 0.0;
        }
        level * math::exp(-params.fading * (ctx.now() - self.since[team.at()]).0 as f64)
    }

    /// The word with a leader when somebody starts a piece of work.
    fn speak(&mut self, id: ItemId, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let item = &mut ctx.org.items[id];
        match params.word(ctx.streams.uniform(WORD, item.key)) {
            Word::Neutral => {}
            Word::Dismissive => self.shift(team, |trust| trust * (1.0 - params.hurts), params, ctx),
            Word::Clarifying => {
                item.remaining_work += params.clarifying_ticks;
                item.own.clarity.sharpen(params.sharpens);
                self.shift(team, |trust| trust + params.clears * (1.0 - trust), params, ctx);
            }
            Word::Lifting => {
                item.remaining_work += params.lifting_ticks;
                self.shift(team, |trust| trust + params.lifts * (1.0 - trust), params, ctx);
            }
        }
    }

    /// Brings a team's levels up to now, and then moves its trust.
    fn shift(&mut self, team: TeamId, by: impl Fn(f64) -> f64, params: &Params, ctx: &mut Context<'_>) {
        let now = ctx.now();
        let scare = self.scare(team, params, ctx);
        let elapsed = (now - std::mem::replace(&mut self.since[team.at()], now)).0 as f64;
        let state = &mut ctx.org.teams[team.at()];
        let level = state.gauges[TRUST.at()];
        if level.is_nan() {
            return;
        }
        let rested = params.rests + (level - params.rests) * math::exp(-params.healing * elapsed);
        state.set_gauge(SCARE, scare);
        set(state, by(rested), params);
    }
}

/// Sets a team's trust, and what follows from it.
fn set(team: &mut Team, trust: f64, params: &Params) {
    team.set_gauge(TRUST, trust);
    team.set_gauge(Gauge::MISTRUST, params.usual - trust);
    team.set_gauge(CULTURAL_DEBT, params.cultural_debt(trust));
}
