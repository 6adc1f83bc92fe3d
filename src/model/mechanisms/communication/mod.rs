//! Communication: documents, records of decisions, and reviews that inform without blocking.
//!
//! **How it acts.** Larger items may get a design document: its author writes it before the code,
//! for a part of the item's size, and readers then understand the change better. Whoever takes up
//! what somebody else wrote may have a question, less often where there is a document; it keeps the
//! author, or another colleague, off the desk. Whoever writes code looks for what they need to know, and asks: writing
//! takes longer by a share, less where the item has a document or the team's documents are good. A decision that a gate has taken may be recorded, for
//! minutes of its owner's: records make up the share of later decisions that can be looked up and
//! need no hearing, and they fall out of date. An early review takes a colleague's time when work
//! begins and sees a part of the wrong decisions; nothing waits for it.
//! **Parameters.** `[communication]`. **Sources.** LD-10: no effect size is known; all assumed, but that
//! developers say how long they look for answers.

use crate::cause::Slower;
use crate::column::Column;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::{Gauge, Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::plan::Holder;
use crate::preset::{Preset, presets};
use crate::waste::Waste;
use crate::work::{Item, ItemId, Role};
use kernel::math;
use kernel::streams::StreamId;
use kernel::units::{Instant, PersonId, TICKS_PER_HOUR, TeamId, Ticks};
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const WRITTEN: StreamId = StreamId::named("communication/written");
const ASKS: StreamId = StreamId::named("communication/asks");
const RECORDED: StreamId = StreamId::named("communication/recorded");
const REVIEWED: StreamId = StreamId::named("communication/reviewed");
const SEEN: StreamId = StreamId::named("communication/seen");

/// Documents, records of decisions, and reviews that inform without blocking.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["docs", "documentation", "design document", "adr"]))]
pub struct Table {
    /// Share of large items that get a design document. Takes effect at the next start of coding.
    pub documents: Share,
    /// Size from which an item is large enough for one. Takes effect at the next start of coding.
    pub documents_from: Span,
    /// Work of writing it, as a share of the item's size.
    pub document_takes: Share,
    /// Log-odds of being sent back by a reader that a document takes away.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub understood: f64,
    /// Chance that whoever takes up another's work has a question. Takes effect at the next stage.
    pub asks: Share,
    /// Part of the questions that is left where there is a document.
    pub asks_left: Share,
    /// How long a question keeps a colleague off the desk.
    pub answer_takes: Span,
    /// Writing code takes 1 + this as long: time to look for what one needs to know and to ask, one's own and that of
    /// whoever is asked, beyond the questions above. Part of it is left, as of those, where the item has a document. A
    /// fact, not a lever. Takes effect when work is next taken up.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10.0), extend("x-plain" = "time spent searching"))]
    pub searching: f64,
    /// Documents as good as can be halve `searching` this many times; without any, it doubles as often. A fact. Takes
    /// effect when work is next taken up.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub findable: f64,
    /// Share of decisions of gates that are recorded. Takes effect at the next decision.
    pub records: Share,
    /// How long recording one keeps its owner off the desk.
    pub record_takes: Span,
    /// Part of the decisions that can't be looked up yet which one record adds to those that can.
    pub record_adds: Share,
    /// Working time in which half of what is recorded falls out of date.
    pub record_fades: Span,
    /// Share of items that get an early review. Takes effect at the next start of coding.
    pub early_reviews: Share,
    /// How long one keeps a colleague off the desk.
    pub early_takes: Span,
    /// Chance that it sees that the decision in an item is wrong.
    pub early_corrects: Share,
}

#[derive(Clone, Debug)]
pub struct Params {
    documents: f64,
    from_hours: f64,
    document_takes: f64,
    understood: f64,
    asks: f64,
    asks_left: f64,
    answer: Ticks,
    searching: f64,
    findable: f64,
    records: f64,
    record: Ticks,
    record_adds: f64,
    /// Per tick of working time.
    fading: f64,
    early: f64,
    early_takes: Ticks,
    early_corrects: f64,
}

impl Params {
    /// What a document of an item leaves of what somebody else must ask or look for.
    fn left_to_ask(&self, item: &Item) -> f64 {
        if item.own.communication.written { self.asks_left } else { 1.0 }
    }
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let half = ctx.period("communication.record_fades", self.record_fades);
        Params {
            documents: self.documents.fraction(),
            from_hours: ctx.hours(self.documents_from),
            document_takes: self.document_takes.fraction(),
            understood: self.understood,
            asks: self.asks.fraction(),
            asks_left: self.asks_left.fraction(),
            answer: ctx.ticks(self.answer_takes),
            searching: self.searching,
            findable: self.findable,
            records: self.records.fraction(),
            record: ctx.ticks(self.record_takes),
            record_adds: self.record_adds.fraction(),
            fading: std::f64::consts::LN_2 / half.0 as f64,
            early: self.early_reviews.fraction(),
            early_takes: ctx.ticks(self.early_takes),
            early_corrects: self.early_corrects.fraction(),
        }
    }
}

/// How an item is written down.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnItem {
    /// It has a design document.
    written: bool,
    /// Log-odds added to the chance that a reader sends it back.
    misread: f32,
}

impl Column for OnItem {}

#[derive(Clone)]
pub struct Communication {
    /// Up to when each team's records are reckoned.
    since: Vec<Instant>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

const SEARCHING: Slower = Slower { label: "searching", text: "slowed by looking for what one needs to know" };

instruments! {
    Communication:
    counters {
        /// Hours spent on writing design documents.
        DOCUMENT_HOURS,
        /// Decisions recorded.
        RECORDINGS,
        /// Questions about what somebody else wrote.
        QUESTIONS,
        /// Hours that answering them took, resuming what was laid down for it included.
        ANSWERED_HOURS,
    }
}

impl Mechanism for Communication {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const SLOWERS: &'static [Slower] = &[SEARCHING];
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "records",
            title: "decisions on record",
            unit: "share",
            better: None,
            definition: "share of decisions that can be looked up; weekly average",
            reads: Reads::Level(Gauge::RECORDS),
        },
        Metric {
            name: "recorded_per_year",
            title: "decisions recorded",
            unit: "per year",
            better: None,
            definition: "decisions of gates that were written down, a year",
            reads: Reads::Yearly(RECORDINGS),
        },
        Metric {
            name: "document_hours_per_year",
            title: "hours on documents",
            unit: "hours per year",
            better: None,
            definition: "hours spent on writing design documents, a year",
            reads: Reads::Yearly(DOCUMENT_HOURS),
        },
        Metric {
            name: "questions_per_year",
            title: "questions",
            unit: "per year",
            better: Some(Better::Lower),
            definition: "times that taking up another's work kept a colleague off the desk, a year",
            reads: Reads::Yearly(QUESTIONS),
        },
        Metric {
            name: "question_hours_per_year",
            title: "hours on questions",
            unit: "hours per year",
            better: Some(Better::Lower),
            definition: "hours that colleagues were kept off the desk by questions, resuming their work included, a year",
            reads: Reads::Yearly(ANSWERED_HOURS),
        },
    ];
    const WASTES: &'static [Waste] = &[Waste {
        levers: &["communication.asks", "communication.asks_left", "communication.answer_takes"],
        text: "questions",
        hours: "question_hours_per_year",
    }];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, ctx: &mut Context<'_>) -> Communication {
        for team in &mut ctx.org.teams {
            team.set_gauge(Gauge::RECORDS, 0.0);
        }
        Communication { since: vec![ctx.now(); ctx.org.teams.len()] }
    }

    /// What was written goes with the people.
    fn migrate(&mut self, _: &Migration, _: &Params, ctx: &mut Context<'_>) {
        self.since = vec![ctx.now(); ctx.org.teams.len()];
        for team in &mut ctx.org.teams {
            let records = team.gauge(Gauge::RECORDS, 0.0);
            team.set_gauge(Gauge::RECORDS, records);
        }
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for team in (0..ctx.plan.teams.len()).map(TeamId::new) {
            self.know(team, 0.0, params, ctx);
        }
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    /// The first time an item comes to a keyboard, its document is written; whoever writes looks for what they need.
    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let writes = ctx.plan.stages[item.stage.at()].writes_code;
        if item.role == Role::Work && item.touches == 1 {
            begin_to_write_or_read(id, params, ctx);
        }
        if params.searching > 0.0 && writes {
            let left = params.left_to_ask(&ctx.org.items[id]);
            let team = ctx.org.people[person.at()].team;
            let level = ctx.org.teams[team.at()].gauge(Gauge::DOCUMENTS, 0.5);
            let scattered = libm::exp2(params.findable * (1.0 - 2.0 * level));
            ctx.org.items[id].slow(const { SEARCHING.cause() }, 1.0 + params.searching * left * scattered);
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Began | EventSort::Decided)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Began { item, person, again: false } => begin(item, person, params, ctx),
            DomainEvent::Decided { item, round, .. } => self.record(item, round, params, ctx),
            _ => {}
        }
    }

    #[inline]
    fn doubts(item: &Item) -> Option<f32> {
        Some(item.own.communication.misread)
    }
}

impl Communication {
    /// A gate has decided: what it decided may be written down.
    fn record(&mut self, id: ItemId, round: u64, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let key = item.pass_key(ctx.plan.stages[item.stage.at()].key).pass(round);
        if !ctx.streams.chance(params.records, RECORDED, key) {
            return;
        }
        let (team, owner) = (item.team, ctx.org.owner(item));
        if keep(owner, team, None, params.record, ctx).is_some() {
            ctx.org.count(RECORDINGS, 1.0);
            self.know(team, params.record_adds, params, ctx);
        }
    }

    /// Brings a team's records up to now, and adds to them.
    fn know(&mut self, team: TeamId, adds: f64, params: &Params, ctx: &mut Context<'_>) {
        let now = ctx.now();
        let elapsed = (now - std::mem::replace(&mut self.since[team.at()], now)).0 as f64;
        let state = &mut ctx.org.teams[team.at()];
        let known = state.gauge(Gauge::RECORDS, 0.0) * math::exp(-params.fading * elapsed);
        state.set_gauge(Gauge::RECORDS, known + adds * (1.0 - known));
    }
}

/// An item comes for the first time to whoever writes, or to a reader.
fn begin_to_write_or_read(id: ItemId, params: &Params, ctx: &mut Context<'_>) {
    let item = &ctx.org.items[id];
    let stage = &ctx.plan.stages[item.stage.at()];
    if item.is_first_coded(ctx.now()) {
        let large = item.size_hours >= params.from_hours && item.size_hours > 0.0;
        if large && ctx.streams.chance(params.documents, WRITTEN, item.key) {
            let hours = params.document_takes * item.size_hours;
            let item = &mut ctx.org.items[id];
            item.own.communication.written = true;
            item.remaining_work += hours * TICKS_PER_HOUR as f64;
            ctx.org.count(DOCUMENT_HOURS, hours);
        }
    } else if matches!(stage.holder, Holder::Review { .. }) {
        let understood = if item.own.communication.written { params.understood } else { 0.0 };
        ctx.org.items[id].own.communication.misread = -understood as f32;
    }
}

/// Somebody begins with an item at a stage: there may be an early review, or a question.
fn begin(id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
    let item = &ctx.org.items[id];
    if item.role != Role::Work {
        return;
    }
    let stage = &ctx.plan.stages[item.stage.at()];
    let key = item.pass_key(stage.key);
    let team = ctx.org.people[person.at()].team;
    let author = item.author.filter(|author| *author != person);
    if item.is_first_coded(ctx.now()) {
        if ctx.streams.chance(params.early, REVIEWED, item.key) {
            let sees =
                item.own.decisions.is_wrong() && ctx.streams.chance(params.early_corrects, SEEN, item.key);
            if keep(None, team, Some(person), params.early_takes, ctx).is_some() && sees {
                ctx.org.items[id].own.decisions.put_right();
            }
        }
    } else if author.is_some() {
        let asks = params.asks * params.left_to_ask(item);
        if ctx.streams.chance(asks, ASKS, key)
            && let Some(answers) = keep(author, team, Some(person), params.answer, ctx)
        {
            let hours = ctx.taken_by_duty(answers, params.answer);
            ctx.org.count(QUESTIONS, 1.0);
            ctx.org.count(ANSWERED_HOURS, hours);
        }
    }
}

/// Keeps somebody off the desk for a while, and tells whom: whoever is meant if they are there, or another of the team.
fn keep(
    meant: Option<PersonId>,
    team: TeamId,
    except: Option<PersonId>,
    takes: Ticks,
    ctx: &mut Context<'_>,
) -> Option<PersonId> {
    let called = match meant {
        Some(person) if ctx.start_duty_of(person) => Some(person),
        _ => ctx.start_duty_of_colleague(team, except),
    };
    if let Some(person) = called {
        ctx.duty_lasts(person, takes);
    }
    called
}
