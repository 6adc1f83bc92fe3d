//! Wander: some weeks a team gets more done than in others, for reasons that nobody models.
//!
//! **How it acts.** Each week a team with `wander` has a level, with a mean of 1 and a memory of the weeks before, by which
//! the pace of all work on its desks is multiplied; whatever lies there is timed anew when the level steps. Where it is
//! below 1, what is lacking is booked as time elsewhere; above 1 the same hours hold more work. Duties and meetings take as
//! long as ever. Levels are addressed by the team's name and the week: no policy moves them.
//! **Parameters.** `team.wander`: how far, how long it remembers. How far takes effect at once, the memory at the next week.
//! **Sources.** Measured on weekly merges of six open-source projects (variance over mean 4 to 10, correlation of
//! neighbouring weeks 0.26 to 0.66); for teams of employees assumed. Alone, with work without end, weekly counts are a
//! log-normal Cox process.

use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use kernel::level::{Level, Wandering};
use kernel::streams::{Key, StreamId};
use kernel::units::TeamId;
use notation::Span;
use schemars::JsonSchema;
use serde::Deserialize;

const LEVEL: StreamId = StreamId::named("wander/level");

/// How what a team gets done wanders from week to week: a level with a mean of 1, by which the pace of its people is
/// multiplied.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// How far it wanders: the coefficient of variation of the level, which is log-normal. 0 is not at all. Takes effect at once:
    /// the same ups and downs, larger or smaller.
    #[schemars(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-plain" = "how far capacity wanders"))]
    pub cv: f64,
    /// How long it stays high or low: the time in which the correlation of the level's logarithm falls to 37 %. Takes effect at
    /// the next week.
    #[schemars(extend("x-plain" = "how long capacity stays high or low"))]
    pub memory: Span,
}

/// What teams, by name, have written.
pub fn compile<'a>(
    teams: impl Iterator<Item = (&'a str, Option<&'a Table>)>,
    ctx: &mut CompileContext<'_>,
) -> Params {
    ctx.by_team("wander", teams, |table: &Table, team, path, ctx| {
        Some(Wanders { key: Key::of(team, 0), level: ctx.level(path, table.cv, table.memory)? })
    })
}

/// A team that wanders.
#[derive(Clone, Copy, Debug)]
pub struct Wanders {
    /// The address of its levels: made of its name.
    key: Key,
    level: Level,
}

/// For each team, how it wanders; `None` does not.
///
/// The mechanism is there whether any team wanders or not, so that a policy may bring it in or leave it out.
pub type Params = Vec<Option<Wanders>>;

#[derive(Clone)]
pub struct Wander {
    /// How far each team that has ever wandered has come.
    teams: Vec<(Key, Wandering)>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

impl Mechanism for Wander {
    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Wander {
        let mut wander = Wander { teams: Vec::new() };
        wander.step(params, ctx);
        wander
    }

    fn has_weeks(params: &Params, _: &CompiledPlan) -> bool {
        params.iter().any(Option::is_some)
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.step(params, ctx);
    }

    /// A team of a name that wandered goes on; one of another name has levels of its own.
    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        self.step(params, ctx);
    }

    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.step(params, ctx);
    }
}

impl Wander {
    /// Every team has the level of this week; those that do not wander, that of 1.
    fn step(&mut self, params: &Params, ctx: &mut Context<'_>) {
        let week = ctx.now().0 / ctx.plan.week.0;
        for team in 0..ctx.org.teams.len() {
            let tempo = params.get(team).copied().flatten().map_or(1.0, |wanders| {
                let at = self.wandering(wanders.key);
                wanders.level.in_week(week, at, &ctx.streams, LEVEL, wanders.key)
            });
            ctx.set_tempo(TeamId::new(team), tempo);
        }
    }

    fn wandering(&mut self, key: Key) -> &mut Wandering {
        let place = self.teams.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.teams.push((key, Wandering::default()));
            self.teams.len() - 1
        });
        &mut self.teams[place].1
    }
}
