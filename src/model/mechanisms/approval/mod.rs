//! Approval: an item waits until a gate has heard it.
//!
//! **How it acts.** A stage with a gate opens a petition for each item (unless it is pre-approved).
//! A *board* meets on a rhythm, hears so many petitions, and takes an hour from the teams whose
//! work it hears. An *approver* is a leader with finite hours, before whom petitions queue. A
//! *chain* asks several gates, one after another or all at once, and needs a quorum; a petition
//! that waits too long escalates. A gate rejects with a chance of its own, and catches a share of
//! what is wrong or would fail. What is rejected goes back where the stage says, or is heard again.
//! **Parameters.** Of a board: period, phase, slots, order, rejection, attendance. Of an approver:
//! hours a week, hours a hearing. Of a chain: members, order, quorum, deadline.
//! **Sources.** AP-1 to AP-6 say that approval waits; how long boards keep work is assumed.

mod away;
mod gate;
mod peers;
mod table;

pub use gate::{Approver, Board, Chain, Gate, GateSort};
pub use peers::Peers;
pub use table::{ApproverTable, BoardOrder, BoardTable, ChainMode, ChainTable, EscalationTable, RhythmTable};

use crate::cause::Cause;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, Drop, EventSort};
use crate::instrument::{Counter, Gauge, Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Metric, Reads};
use crate::plan::{Holder, StagePlan};
use crate::rhythm::until_next;
use crate::waste::{FADED, Loss};
use crate::work::{Class, Item, ItemId, Role};
use gate::add_keys;
use kernel::event_list::EventPriority;
use kernel::streams::{Key, StreamId};
use kernel::units::{GateId, Instant, PersonId, TICKS_PER_HOUR, TeamId, Ticks};
use peers::ask_peer;
use std::collections::VecDeque;

const VERDICT: StreamId = StreamId::named("approval/verdict");
const CORRECT: StreamId = StreamId::named("approval/correct");
const CATCH: StreamId = StreamId::named("approval/catch");
const AUTOMATIC: StreamId = StreamId::named("approval/automatic");
const HEARING: StreamId = StreamId::named("approval/hearing");
const LOOKED_UP: StreamId = StreamId::named("approval/looked up");

#[derive(Clone, Debug, Default)]
pub struct Params {
    pub gates: Vec<Gate>,
}

/// An item's case before a gate.
#[derive(Clone, Debug)]
struct Petition {
    item: ItemId,
    gate: GateId,
    /// In a chain: the next member to ask.
    step: u32,
    approvals: u32,
    rejections: u32,
    escalated: bool,
    opened: Instant,
    /// Its number: voices on an earlier petition of the same item don't count.
    case: u32,
    /// How often the item was sent back to the beginning; each gate is heard once a round.
    round: u64,
    /// Hearings that approvers were asked for: once nothing hangs on them, they are dropped.
    asked: Vec<ItemId>,
}

impl Petition {
    /// The address of a gate's hearing of it, among all hearings of its item by this gate (`key`): by pass of the
    /// stage and round, and apart from the others where it escalates to a member who may have heard it already.
    fn hearing(&self, key: Key, gate: GateId, item: &Item, params: &Params) -> Key {
        let twice = self.escalated
            && matches!(&params.gates[self.gate.at()].sort, GateSort::Chain(chain) if chain.members.contains(&gate));
        let lap = u64::from(item.lap) << 1 | u64::from(twice);
        key.nth(item.visit()).nth(self.round).pass(lap)
    }
}

/// A petition that waits for a board, since when.
#[derive(Clone, Copy, Debug)]
struct Case {
    item: ItemId,
    case: u32,
    since: Instant,
}

#[derive(Clone)]
pub struct Approval {
    /// The open petition of the item at each place of the item slab.
    petitions: Vec<Option<Petition>>,
    waiting: Vec<VecDeque<Case>>,
    /// Whether a board's next meeting is on the event list, and when it last met.
    meeting: Vec<bool>,
    met: Vec<Option<Instant>>,
    cases: u32,
    /// People at a meeting, until the given instant's event.
    absences: Vec<u64>,
    /// Whether an approver's next absence is planned, or under way.
    planned: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Meeting { gate: GateId },
    PeerHeard { person: PersonId, item: ItemId, gate: GateId, case: u32 },
    Deadline { item: ItemId, case: u32 },
    Leaves { gate: GateId },
    Returns { gate: GateId, person: PersonId },
}

instruments! {
    Approval:
    counters {
        /// Decisions that were looked up rather than taken again.
        LOOKUPS,
    }
}

impl Mechanism for Approval {
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const LOSSES: &'static [Loss] = &[FADED.by(&[
        "board",
        "approver",
        "chain",
        "stage.*.gate",
        "stage.*.board",
        "stage.*.approver",
        "stage.*.chain",
    ])];
    const METRICS: &'static [Metric] = &[Metric {
        name: "looked_up_per_year",
        title: "decisions looked up",
        unit: "per year",
        better: None,
        definition: "decisions that were looked up rather than taken again, a year",
        reads: Reads::Yearly(LOOKUPS),
    }];

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Approval {
        let gates = params.gates.len();
        let mut approval = Approval {
            petitions: Vec::new(),
            waiting: vec![VecDeque::new(); gates],
            meeting: vec![false; gates],
            met: vec![None; gates],
            cases: 0,
            absences: vec![ctx.first_number(); gates],
            planned: vec![false; gates],
        };
        for gate in (0..gates).map(GateId::new) {
            approval.plan_absence(gate, params, ctx);
        }
        approval
    }

    fn shape(params: &Params) -> Vec<u64> {
        params.gates.iter().map(|gate| gate.key).collect()
    }

    /// Approvers who are to be away from now on plan it; those who are no longer come back, and stay.
    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for gate in (0..params.gates.len()).map(GateId::new) {
            if !self.planned[gate.at()] {
                self.plan_absence(gate, params, ctx);
            }
        }
    }

    fn admit(&mut self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let Holder::Gate(Some(gate)) = ctx.plan.stages[item.stage.at()].holder else {
            return ctx.leave(id);
        };
        let plan = &params.gates[gate.at()];
        if ctx.streams.once_more().chance(plan.automatic, AUTOMATIC, item.key.nth(plan.key)) {
            return ctx.leave(id);
        }
        let question = item.key.nth(plan.key).pass(item.pass());
        let records = ctx.org.teams[item.team.at()].gauge(Gauge::RECORDS, 0.0);
        if plan.clarifies == 0.0 && ctx.streams.chance(records, LOOKED_UP, question) {
            ctx.org.count(LOOKUPS, 1.0);
            return ctx.leave(id);
        }
        ctx.wait(id, if plan.clarifies > 0.0 { Cause::Clarifying } else { Cause::Approval });
        self.open(id, gate, ctx.now());
        self.set_deadline(id, &plan.sort, ctx);
        self.ask(id, gate, params, ctx);
    }

    fn frees(event: Event) -> Option<PersonId> {
        match event {
            Event::PeerHeard { person, .. } | Event::Returns { person, .. } => Some(person),
            _ => None,
        }
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Meeting { gate } => self.meet(gate, params, ctx),
            Event::PeerHeard { item, gate, case, .. } => self.hear(item, gate, case, params, ctx),
            Event::Deadline { item, case } => self.escalate(item, case, params, ctx),
            Event::Leaves { gate } => self.approver_leaves(gate, params, ctx),
            Event::Returns { gate, .. } => self.plan_absence(gate, params, ctx),
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, params: &Self::Params, _: &CompiledPlan) -> bool {
        !params.gates.is_empty() && matches!(sort, EventSort::Done | EventSort::Dropped)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Done { item } => {
                let heard = &ctx.org.items[item];
                if let Role::Hearing { of, gate, case } = heard.role {
                    if params.gates[gate.at()].clarifies > 0.0 {
                        let hours = heard.service_demand / TICKS_PER_HOUR as f64;
                        ctx.org.count(Counter::CLARIFYING_HOURS, hours);
                    }
                    if let Some(petition) = self.petition(of) {
                        petition.asked.retain(|asked| *asked != item);
                    }
                    self.hear(of, gate, case, params, ctx);
                }
            }
            DomainEvent::Dropped { item, .. } => {
                let petition = self.petitions.get_mut(item.at());
                if let Some(mut petition) =
                    petition.and_then(|petition| petition.take_if(|petition| petition.item == item))
                {
                    withdraw(&mut petition.asked, ctx);
                }
            }
            _ => {}
        }
    }

    fn draws_by(stage: &StagePlan, params: &Params, found: &mut Vec<u64>) {
        if let Holder::Gate(Some(gate)) = stage.holder {
            add_keys(gate, &params.gates, found);
        }
    }
}

impl Approval {
    fn open(&mut self, item: ItemId, gate: GateId, now: Instant) {
        if self.petitions.len() <= item.at() {
            self.petitions.resize_with(item.at() + 1, || None);
        }
        self.cases += 1;
        self.petitions[item.at()] = Some(Petition {
            item,
            gate,
            step: 0,
            approvals: 0,
            rejections: 0,
            escalated: false,
            opened: now,
            case: self.cases,
            round: 0,
            asked: Vec::new(),
        });
    }

    fn petition(&mut self, item: ItemId) -> Option<&mut Petition> {
        self.petitions.get_mut(item.at())?.as_mut().filter(|petition| petition.item == item)
    }

    /// A chain that waits too long escalates.
    fn set_deadline(&mut self, id: ItemId, sort: &GateSort, ctx: &mut Context<'_>) {
        if let (GateSort::Chain(Chain { escalation: Some((deadline, _)), .. }), Some(petition)) =
            (sort, self.petition(id))
        {
            let case = petition.case;
            ctx.after(*deadline, EventPriority::Housekeeping, Event::Deadline { item: id, case });
        }
    }

    /// Puts a petition before a gate.
    fn ask(&mut self, id: ItemId, gate: GateId, params: &Params, ctx: &mut Context<'_>) {
        match &params.gates[gate.at()].sort {
            GateSort::Board(board) => {
                let Some(case) = self.petition(id).map(|petition| petition.case) else { return };
                self.waiting[gate.at()].push_back(Case { item: id, case, since: ctx.now() });
                self.call_meeting(gate, board, ctx);
            }
            GateSort::Approver(approver) => {
                let Some(petition) = self.petition(id) else { return };
                let plan = &params.gates[gate.at()];
                let item = &ctx.org.items[id];
                let case = petition.case;
                let key = petition.hearing(item.key.child(HEARING, plan.key), gate, item, params);
                let unclear = if plan.clarifies > 0.0 { item.own.clarity.fuzziness() } else { 1.0 };
                let size_hours = unclear * item.size_hours;
                if let Some(peers) = &approver.peers
                    && let Some((person, hours)) = ask_peer(id, key, peers, size_hours, ctx)
                {
                    if plan.clarifies > 0.0 {
                        ctx.org.count(Counter::CLARIFYING_HOURS, hours);
                    }
                    ctx.begin_item(id);
                    let heard = Event::PeerHeard { person, item: id, gate, case };
                    return ctx.after(Ticks::from_hours(hours), EventPriority::Completion, heard);
                }
                let mut hearing =
                    Item::new(key, approver.hearing, Class::Unplanned, approver.team, ctx.now());
                hearing.role = Role::Hearing { of: id, gate, case };
                hearing.size_hours = size_hours;
                let hearing = ctx.org.add_item(|| hearing);
                if let Some(petition) = self.petition(id) {
                    petition.asked.push(hearing);
                }
                ctx.enter(hearing);
            }
            GateSort::Chain(chain) if chain.parallel => {
                for member in &chain.members {
                    self.ask(id, *member, params, ctx);
                }
            }
            GateSort::Chain(chain) => {
                let Some(petition) = self.petition(id) else { return };
                let member = chain.members[petition.step as usize];
                self.ask(id, member, params, ctx);
            }
        }
    }

    /// Schedules the next meeting on the rhythm, if one is not already due.
    fn call_meeting(&mut self, gate: GateId, board: &Board, ctx: &mut Context<'_>) {
        if std::mem::replace(&mut self.meeting[gate.at()], true) {
            return;
        }
        // It meets once an instant, however soon what it sends back is there again.
        let inclusive = board.inclusive && self.met[gate.at()] != Some(ctx.now());
        let delay = until_next(ctx.now(), board.period, board.phase, inclusive);
        ctx.after_in_place(delay, EventPriority::Meeting, board.place, Event::Meeting { gate });
    }

    fn meet(&mut self, gate: GateId, params: &Params, ctx: &mut Context<'_>) {
        let GateSort::Board(board) = &params.gates[gate.at()].sort else { return };
        let now = ctx.now();
        self.met[gate.at()] = Some(now);
        let mut waiting = std::mem::take(&mut self.waiting[gate.at()]);
        waiting.retain(|waiter| self.petition(waiter.item).is_some_and(|it| it.case == waiter.case));
        // What comes at this instant has come last.
        let in_time = waiting.partition_point(|waiter| board.inclusive || waiter.since < now);
        if board.dearest_first {
            let worth = |waiter: &Case| ctx.org.items[waiter.item].estimated_rate;
            waiting.make_contiguous()[..in_time].sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        }
        let heard = board.slots.map_or(in_time, |slots| in_time.min(slots as usize));
        self.waiting[gate.at()] = waiting.split_off(heard);
        let mut agenda = waiting;
        attend(board, &agenda, ctx);
        for waiter in &agenda {
            self.hear(waiter.item, gate, waiter.case, params, ctx);
        }
        // Until here the meeting counted as called, so that what it rejected could not call another.
        self.meeting[gate.at()] = false;
        if self.waiting[gate.at()].is_empty() {
            agenda.clear();
            self.waiting[gate.at()] = agenda; // its memory is kept
        } else {
            self.call_meeting(gate, board, ctx);
        }
    }

    /// A gate hears a petition and says yes or no.
    fn hear(&mut self, id: ItemId, gate: GateId, case: u32, params: &Params, ctx: &mut Context<'_>) {
        let Some(petition) = self.petition(id).filter(|petition| petition.case == case) else { return };
        if petition.escalated && params.gates[petition.gate.at()].sort.escalates_to() != Some(gate) {
            return;
        }
        ctx.begin_item(id);
        let item = &ctx.org.items[id];
        let plan = &params.gates[gate.at()];
        let key = petition.hearing(item.key.nth(plan.key), gate, item, params);
        let top = petition.gate;
        let faults = if plan.catches > 0.0 { ctx.faults(item, 1) } else { 0 };
        let found = ctx.detect(faults, plan.catches, CATCH, item.seen_by(plan.key, 0));
        let corrected = item.own.decisions.is_wrong() && ctx.streams.chance(plan.corrects, CORRECT, key);
        let caught = corrected || found != 0;
        let approved = !caught && !ctx.streams.chance(plan.rejects, VERDICT, key);
        ctx.emit(DomainEvent::Heard { item: id, gate, approved });
        if approved && plan.clarifies > 0.0 {
            ctx.org.items[id].own.clarity.sharpen(plan.clarifies);
        }
        if caught {
            // What the hearing saw is put right before the item comes back.
            let item = &mut ctx.org.items[id];
            if corrected {
                item.own.decisions.put_right();
            }
            item.fixed |= found;
        }
        match &params.gates[top.at()].sort {
            GateSort::Chain(chain) => self.count(id, chain, approved, params, ctx),
            _ => self.conclude(id, approved, params, ctx),
        }
    }

    /// One more voice in a chain.
    fn count(&mut self, id: ItemId, chain: &Chain, approved: bool, params: &Params, ctx: &mut Context<'_>) {
        let Some(petition) = self.petition(id) else { return };
        let members = chain.members.len() as u32;
        petition.approvals += u32::from(approved);
        petition.rejections += u32::from(!approved);
        petition.step += 1;
        if petition.escalated || petition.approvals >= chain.quorum {
            self.conclude(id, approved, params, ctx);
        } else if petition.rejections > members - chain.quorum {
            self.conclude(id, false, params, ctx);
        } else if !chain.parallel {
            let gate = petition.gate;
            self.ask(id, gate, params, ctx);
        }
    }

    /// The petition is closed: the item goes on, or back, or is heard again.
    fn conclude(&mut self, id: ItemId, approved: bool, params: &Params, ctx: &mut Context<'_>) {
        let Some(mut petition) = self.petitions.get_mut(id.at()).and_then(Option::take) else { return };
        withdraw(&mut petition.asked, ctx);
        if params.gates[petition.gate.at()].clarifies == 0.0 {
            let after = ctx.now() - petition.opened;
            let (gate, round) = (petition.gate, petition.round);
            ctx.emit(DomainEvent::Decided { item: id, gate, approved, after, round });
        }
        if approved {
            return ctx.leave(id);
        }
        let stage = ctx.org.items[id].stage;
        match &ctx.plan.stages[stage.at()].failure {
            Some(failure) => ctx.send_back(id, failure.back_to, failure.redo, failure.front),
            None => {
                let gate = petition.gate;
                self.open(id, gate, petition.opened);
                if let Some(reopened) = self.petition(id) {
                    reopened.round = petition.round + 1;
                }
                self.set_deadline(id, &params.gates[gate.at()].sort, ctx);
                self.ask(id, gate, params, ctx);
            }
        }
    }

    /// A petition has waited too long: it goes to a higher gate, or through.
    fn escalate(&mut self, id: ItemId, case: u32, params: &Params, ctx: &mut Context<'_>) {
        let Some(petition) = self.petition(id).filter(|petition| petition.case == case) else { return };
        petition.escalated = true;
        withdraw(&mut petition.asked, ctx);
        match params.gates[petition.gate.at()].sort.escalates_to() {
            Some(gate) => self.ask(id, gate, params, ctx),
            None => self.conclude(id, true, params, ctx),
        }
    }
}

/// Nothing hangs on these hearings any more: they leave lines and desks.
fn withdraw(asked: &mut Vec<ItemId>, ctx: &mut Context<'_>) {
    for hearing in asked.drain(..) {
        if ctx.org.items.get(hearing).is_some() {
            ctx.drop_item(hearing, Drop::Killed);
        }
    }
}

/// Takes people from the teams whose work is heard, for as long as it is heard.
fn attend(board: &Board, agenda: &VecDeque<Case>, ctx: &mut Context<'_>) {
    if board.attends == 0 || board.hours_each <= 0.0 {
        return;
    }
    let mut teams: Vec<TeamId> = agenda.iter().map(|waiter| ctx.org.items[waiter.item].team).collect();
    teams.sort_unstable();
    for cases in teams.chunk_by(|a, b| a == b) {
        let length = Ticks::from_hours(board.hours_each * cases.len() as f64);
        ctx.start_duty_for(cases[0], board.attends, length);
    }
}
