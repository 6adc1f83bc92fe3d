//! Clarity: work arrives fuzzy to a degree, and what stays fuzzy is found out late.
//!
//! **How it acts.** An item of a kind that says so draws how unclear it is what is wanted. A stage
//! that clarifies, or a leader's hearing, takes hours in proportion to size and fuzziness and takes
//! a part of the fuzziness away. What is left makes readers send work back more often, and for
//! more; each time a part of the misunderstanding is found. What is still fuzzy when code is
//! written may miss the point: it goes live, returns nothing, is found out after a delay, and is
//! done again for a share of its effort.
//! **Parameters.** `[clarity]`, `work.*.fuzziness`, `stage.*.clarifies`. **Sources.** RW-4 (avoidable
//! rework), RW-5 against RW-6 (late fixes), RW-7 (what is found late costs more); sizes assumed.

use crate::assembly::Assembly;
use crate::birth::{admit_or_refuse, draw_sized};
use crate::blueprint::Blueprint;
use crate::gauge::{Gauges, Tally, gauges};
use crate::mechanism::{Mechanism, Turn};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::moment::{Moment, Sort};
use crate::plan::Holder;
use crate::work::ItemId;
use kernel::calendar::Rank;
use kernel::law::Law;
use kernel::luck::{Key, Purpose};
use kernel::units::{ComponentId, KindId, PersonId, StageId, TeamId, Ticks};
use notation::{self, Share};
use schemars::JsonSchema;
use serde::Deserialize;

const DEGREE: Purpose = Purpose::named("clarity/degree");
const MISSES: Purpose = Purpose::named("clarity/misses");
const DISCOVERY: Purpose = Purpose::named("clarity/discovery");
const AGAIN: Purpose = Purpose::named("clarity/again");

/// What becomes of work of which it isn't clear what is wanted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The fuzziness at which the chances of being sent back hold as written. Bites at the next
    /// stage, as all here does.
    pub usual: Share,
    /// Log-odds of being sent back by a reader, per unit of fuzziness above the usual.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub doubt: f64,
    /// What is sent back by a reader takes 1 + this × fuzziness times as long to put right.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub rework: f64,
    /// Part of the fuzziness that is gone once a reader has sent work back.
    pub found: Share,
    /// Chance that work of which nothing is clear misses the point; in proportion to fuzziness.
    pub misses: Share,
    /// Working time from going live until it is found that work missed the point.
    pub discovery: notation::Law,
    /// Effort of doing it again, as a share of its size.
    pub again: Share,
    /// The kind of work that does it again.
    pub repair: String,
}

#[derive(Clone, Debug)]
pub struct Params {
    usual: f64,
    doubt: f64,
    rework: f64,
    found: f64,
    misses: f64,
    discovery: Law,
    again: f64,
    repair: KindId,
}

impl Table {
    pub fn compile(&self, assembly: &mut Assembly<'_>) -> Option<Params> {
        Some(Params {
            usual: self.usual.fraction(),
            doubt: self.doubt,
            rework: self.rework,
            found: self.found.fraction(),
            misses: self.misses.fraction(),
            discovery: assembly.law("clarity.discovery", &self.discovery),
            again: self.again.fraction(),
            repair: assembly.kind("clarity.repair", &self.repair)?,
        })
    }
}

/// Work that missed the point, live and not yet found out.
#[derive(Clone, Debug)]
struct Missed {
    key: Key,
    team: TeamId,
    component: Option<ComponentId>,
    hours: f64,
    value_rates: [f32; 3],
    idea: Option<u32>,
}

#[derive(Clone)]
pub struct Clarity {
    /// A found-out one's place is used again.
    live: Vec<Option<Missed>>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    FoundOut { at: u32 },
}

gauges! {
    Clarity:
    tallies {
        /// Items that were live and turned out to have missed the point.
        MISSED,
    }
}

impl Mechanism for Clarity {
    const GAUGES: Gauges = GAUGES;
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "missed_per_year",
            title: "work that missed the point",
            unit: "per year",
            better: Some(Better::Lower),
            definition: "items that were live, returned nothing because it was not clear what was wanted, and were found out, a year",
            reads: Reads::Yearly(MISSED),
        },
        Metric {
            name: "clarifying_hours_per_year",
            title: "hours on clarifying",
            unit: "hours per year",
            better: None,
            definition: "hours spent on making clear what is wanted, a year",
            reads: Reads::Yearly(Tally::CLARIFYING_HOURS),
        },
    ];

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, _: &mut Turn<'_>) -> Clarity {
        Clarity { live: Vec::new() }
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        Some(event)
    }

    fn migrate(&mut self, migration: &Migration, _: &Params, _: &mut Turn<'_>) {
        for missed in self.live.iter_mut().flatten() {
            missed.team = migration.team(missed.team);
            missed.component = migration.component(missed.component);
        }
    }

    #[inline]
    fn hears(sort: Sort, _: &Self::Params, _: &Blueprint) -> bool {
        matches!(sort, Sort::Arrived | Sort::Worked | Sort::Returned | Sort::Done)
    }

    fn notice(&mut self, moment: &Moment, params: &Params, turn: &mut Turn<'_>) {
        match *moment {
            Moment::Arrived { item } => draw(item, turn),
            Moment::Worked { item, stage, .. } => clarify(item, stage, turn),
            Moment::Returned { item, from } => put_right(item, from, params, turn),
            Moment::Done { item } if turn.org.items[item].missed => self.goes_live(item, params, turn),
            _ => {}
        }
    }

    fn pace(&mut self, id: ItemId, _: PersonId, params: &Params, turn: &mut Turn<'_>) {
        let item = &turn.org.items[id];
        if turn.plan.kinds[item.kind.at()].fuzziness.is_none() {
            return;
        }
        let fuzziness = f64::from(item.fuzziness);
        let stage = &turn.plan.stages[item.stage.at()];
        let reads = matches!(stage.holder, Holder::Review { .. });
        if stage.writes_code {
            let missed = turn.luck.once_more().chance(params.misses * fuzziness, MISSES, item.key);
            turn.org.items[id].missed = missed;
        } else if reads {
            turn.org.items[id].doubt = (params.doubt * (fuzziness - params.usual)) as f32;
        }
    }

    fn on(&mut self, Event::FoundOut { at }: Event, params: &Params, turn: &mut Turn<'_>) {
        let Some(missed) = self.live[at as usize].take() else { return };
        turn.org.count(MISSED, 1.0);
        let (key, hours) = (missed.key.child(AGAIN, 0), missed.hours * params.again);
        let id = draw_sized(params.repair, missed.team, key, None, Some(hours), turn);
        let again = &mut turn.org.items[id];
        again.component = missed.component;
        again.value_rates = missed.value_rates;
        again.idea = missed.idea;
        admit_or_refuse(id, turn);
    }
}

impl Clarity {
    fn goes_live(&mut self, id: ItemId, params: &Params, turn: &mut Turn<'_>) {
        let item = &turn.org.items[id];
        if item.wrong {
            return; // a wrong decision is found out and put right as such
        }
        let missed = Missed {
            key: item.key,
            team: item.team,
            component: item.component,
            hours: item.size_hours,
            value_rates: item.value_rates,
            idea: item.idea,
        };
        let hours = params.discovery.draw(&turn.luck, DISCOVERY, item.key);
        let at = self.live.iter().position(Option::is_none).unwrap_or(self.live.len());
        if at == self.live.len() {
            self.live.push(None);
        }
        self.live[at] = Some(missed);
        turn.after(Ticks::from_hours(hours), Rank::Arrival, Event::FoundOut { at: at as u32 });
    }
}

/// How fuzzy an item is that has just arrived.
fn draw(id: ItemId, turn: &mut Turn<'_>) {
    let item = &mut turn.org.items[id];
    if let Some(law) = &turn.plan.kinds[item.kind.at()].fuzziness {
        item.fuzziness = law.draw(&turn.luck, DEGREE, item.key).clamp(0.0, 1.0) as f32;
    }
}

/// Somebody has made clear what is wanted.
fn clarify(id: ItemId, stage: StageId, turn: &mut Turn<'_>) {
    let plan = &turn.plan.stages[stage.at()];
    let item = &mut turn.org.items[id];
    if plan.clarifies > 0.0 && item.fuzziness > plan.clear_enough {
        item.fuzziness *= 1.0 - plan.clarifies as f32;
        let hours = item.asked / kernel::units::TICKS_PER_HOUR as f64;
        turn.org.count(Tally::CLARIFYING_HOURS, hours);
    }
}

/// A reader has sent work back: the fuzzier it was the more there is to do, and part of it is clear now.
fn put_right(id: ItemId, from: StageId, params: &Params, turn: &mut Turn<'_>) {
    let reads = matches!(turn.plan.stages[from.at()].holder, Holder::Review { .. });
    let item = &mut turn.org.items[id];
    if !reads || item.fuzziness <= 0.0 {
        return;
    }
    if let Some(share) = &mut item.redo {
        *share *= 1.0 + params.rework as f32 * item.fuzziness;
    }
    item.fuzziness *= 1.0 - params.found as f32;
}
