//! Assistance: people write code with an assistant, which moves work from writing to reading.
//!
//! **How it acts.** A share of a team's people writes code with an assistant, at speed × coding · skill^(−juniors),
//! so that the less skilled gain more; of the gain, a part is lost where it is unclear what is wanted. What they
//! write takes others longer to read, and fails more or less often. Each of them costs a licence.
//! **Parameters.** Below, with units; of a team: the share of people. Presets `assistance-*` hold what each study
//! found; they contradict each other. **Sources.** AI-1 to AI-4, AI-8 to AI-14.

use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::instrument::Counter;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use crate::plan::Holder;
use crate::preset::{Preset, presets};
use crate::work::ItemId;
use kernel::math;
use kernel::streams::StreamId;
use kernel::units::{DAYS_PER_MONTH, PersonId};
use notation::Share;
use schemars::JsonSchema;
use serde::Deserialize;

const USES: StreamId = StreamId::named("assistance/uses");

#[derive(Clone, Debug)]
pub struct Params {
    /// The logarithm of the speed of somebody of skill 1 over that without an assistant.
    pub coding: f64,
    pub juniors: f64,
    /// The part of the gain that is lost where nobody knows what is wanted.
    pub unclear: f64,
    /// Time to read what was written with an assistant over that without.
    pub review: f64,
    /// Log-odds of failure added.
    pub risk: f64,
    /// Engineer-hours of money a week for each who has one.
    pub licence_hours: f64,
}

/// What writing code with an assistant does.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["ai", "copilot", "llm"]))]
pub struct Table {
    /// Speed of writing code with an assistant over that without, for somebody of skill 1 (AI-1 to AI-3).
    /// Takes effect at the next stage of work, as all here does.
    #[schemars(range(min = 0.05, max = 20.0))]
    pub coding: f64,
    /// That speed is multiplied by skill^(−this): above 0 the less skilled gain more (AI-2).
    #[schemars(range(min = -2.0, max = 2.0))]
    pub juniors: f64,
    /// The share of the gain that is lost on work of which nobody knows what is wanted (AI-10, AI-14).
    pub unclear: Share,
    /// Time to read a change written with an assistant over that without (AI-8, AI-11).
    #[schemars(range(min = 0.05, max = 20.0))]
    pub review: f64,
    /// Log-odds of failure added to a change written with an assistant (AI-9, AI-11, AI-12).
    #[schemars(range(min = -10.0, max = 10.0))]
    pub risk: f64,
    /// What a licence costs, in engineer-months of cost a year. Takes effect at the next week.
    #[schemars(range(min = 0.0, max = 1e3))]
    pub licence: f64,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let calendar = ctx.calendar;
        let month = DAYS_PER_MONTH * calendar.hours_per_day;
        let weeks = calendar.days_per_year / calendar.days_per_week;
        Params {
            coding: math::ln(self.coding),
            juniors: self.juniors,
            unclear: self.unclear.fraction(),
            review: self.review,
            risk: self.risk,
            licence_hours: self.licence * month / weeks,
        }
    }
}

#[derive(Clone)]
pub struct Assistance;

#[derive(Clone, Copy, Debug)]
pub enum Event {}

impl Mechanism for Assistance {
    const PRESETS: &'static [Preset] = presets![
        "typical",
        "assistance-dora-2024",
        "assistance-dora-2025",
        "assistance-expert-brownfield",
        "assistance-field-rct",
        "assistance-greenfield",
        "assistance-review-bottleneck",
    ];

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, _: &mut Context<'_>) -> Assistance {
        Assistance
    }

    fn migrate(&mut self, _: &Migration, _: &Params, _: &mut Context<'_>) {}

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        let assisted = (0..ctx.org.people.len()).map(PersonId::new);
        let users = assisted.filter(|at| ctx.org.people[at.at()].present && has_one(*at, ctx)).count();
        ctx.org.count(Counter::SPENT, params.licence_hours * users as f64);
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let stage = &ctx.plan.stages[item.stage.at()];
        if stage.writes_code {
            if !has_one(person, ctx) {
                return;
            }
            let skill = ctx.org.people[person.at()].skill;
            let clear = 1.0 - params.unclear * item.own.clarity.fuzziness();
            let now = ctx.now();
            let item = &mut ctx.org.items[id];
            item.speed *= math::exp(params.coding * clear - params.juniors * math::ln(skill));
            if item.is_first_coded(now) {
                item.risk += params.risk;
            }
        } else if matches!(stage.holder, Holder::Review { .. })
            && item.touches == 1
            && item.author.is_some_and(|author| has_one(author, ctx))
        {
            ctx.org.items[id].remaining_work *= params.review;
        }
    }
}

/// Whether somebody writes with an assistant: who does at a small share does at a larger one.
fn has_one(person: PersonId, ctx: &Context<'_>) -> bool {
    let state = &ctx.org.people[person.at()];
    let share = ctx.plan.teams[state.team.at()].staffing.assisted;
    share > 0.0 && ctx.streams.once_more().uniform(USES, state.key) < share
}
