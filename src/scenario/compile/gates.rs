//! Boards, approvers and chains. An approver is a team of one with a desk of its own.

use super::stages::add_internal;
use crate::tables::Scenario;
use kernel::distribution::Distribution;
use kernel::units::{GateId, StageId, TeamId, Ticks};
use model::compile_context::CompileContext;
use model::mechanisms::approval::{Approver, Gate, GateSort, Params, Peers};
use model::plan::{Discipline, Effort, Holder, KindPlan, StagePlan, TeamPlan, Wip};
use model::staffing::Staffing;
use notation::Share;

pub fn compile(
    scenario: &Scenario,
    teams: &mut Vec<TeamPlan>,
    kinds: &mut Vec<KindPlan>,
    stages: &mut Vec<StagePlan>,
    ctx: &mut CompileContext<'_>,
) -> Params {
    one_name_each(ctx);
    let mut gates: Vec<Gate> = scenario.board.iter().map(|(name, table)| table.compile(name, ctx)).collect();
    for (name, table) in &scenario.approver {
        let team = TeamId::new(teams.len());
        let path = format!("approver.{name}.hours_per_week");
        teams.push(desk(name, table.hours_per_week, &path, ctx));
        let hearing = Effort::Drawn(ctx.distribution(&format!("approver.{name}.hearing"), &table.hearing));
        let hearing = add_internal(format!("hearing {name}"), Some(team), &[hearing], kinds, stages);
        gates.push(table.compile(name, team, hearing, ctx));
    }
    gates.extend(scenario.chain.iter().map(|(name, table)| table.compile(name, &scenario.chain, ctx)));
    place_boards(&mut gates, stages);
    gates.extend(leaders(scenario, teams, kinds, stages, ctx));
    Params { gates }
}

/// Boards that meet at one instant meet in the order in which routes come to them: stages stand in that order.
fn place_boards(gates: &mut [Gate], stages: &[StagePlan]) {
    for at in 0..gates.len() {
        let asks = |gate: &GateId| {
            let chain = if let GateSort::Chain(chain) = &gates[gate.at()].sort { Some(chain) } else { None };
            let escalated = chain.and_then(|chain| chain.escalation?.1);
            gate.at() == at
                || escalated.is_some_and(|to| to.at() == at)
                || chain.is_some_and(|chain| chain.members.iter().any(|member| member.at() == at))
        };
        // Leaders' desks are no gates yet, and no boards either.
        let known = |gate: &GateId| gate.at() < gates.len();
        let first = stages.iter().position(|stage| match &stage.holder {
            Holder::Gate(Some(gate)) => known(gate) && asks(gate),
            _ => false,
        });
        if let GateSort::Board(board) = &mut gates[at].sort {
            board.place = first.map_or(u16::MAX, |stage| StageId::new(stage).0.saturating_add(1));
        }
    }
}

/// The two desks of each leader: for decisions, and for clarity.
fn leaders(
    scenario: &Scenario,
    teams: &mut Vec<TeamPlan>,
    kinds: &mut Vec<KindPlan>,
    stages: &mut Vec<StagePlan>,
    ctx: &mut CompileContext<'_>,
) -> Vec<Gate> {
    let never = Share::of(0.0).expect("a share");
    let mut gates = Vec::new();
    for (name, table) in &scenario.leader {
        let path = format!("leader.{name}");
        let hearing = Effort::Drawn(ctx.distribution(&format!("{path}.hearing"), &table.hearing));
        let clarifying = Effort::ShareOfSize(table.takes.fraction());
        let desks = [
            (name.clone(), table.decisions, hearing, table.peers_decide),
            (clarity_desk(name), table.clarity, clarifying, table.peers_clarify),
        ];
        for (at, (name, hours, hearing, share)) in desks.into_iter().enumerate() {
            let team = TeamId::new(teams.len());
            // A desk without hours hears nothing new; what waits there already waits on.
            let there = if hours > 0.0 { hours } else { 0.01 };
            teams.push(desk(&name, there, &format!("{path}.{}", ["decisions", "clarity"][at]), ctx));
            let peers = Peers { share: share.fraction(), hearing: hearing.clone(), times: table.peers_take };
            let peers = (peers.share > 0.0).then_some(peers);
            let hearing = add_internal(format!("hearing {name}"), Some(team), &[hearing], kinds, stages);
            let sort = GateSort::Approver(Approver { team, hearing, absence: None, peers });
            let passes = if hours > 0.0 { table.automatic } else { Share::of(1.0).expect("a share") };
            let chances = match at {
                0 => [table.rejects, table.catches, table.corrects, passes],
                _ => [never, never, never, passes],
            };
            let mut gate = Gate::new(&name, sort, chances, "leader", ctx);
            gate.clarifies = if at == 0 { 0.0 } else { table.clarifies.fraction().max(1e-9) };
            gates.push(gate);
        }
    }
    gates
}

/// The name of a leader's desk for clarity.
pub fn clarity_desk(leader: &str) -> String {
    format!("{leader} clarity")
}

/// A stage names its gate by a name that boards, approvers and chains share.
fn one_name_each(ctx: &mut CompileContext<'_>) {
    let names = ctx.names.gates.clone();
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            ctx.problems.error(format!("chain.{name}"), "another board, approver or chain has this name");
        }
        if name == "none" {
            ctx.problems.error(format!("board.{name}"), "\"none\" means no gate: choose another name");
        }
    }
}

/// A leader's desk: one person, whose hours for hearings are a share of the week.
fn desk(name: &str, hours: f64, path: &str, ctx: &mut CompileContext<'_>) -> TeamPlan {
    let week = ctx.calendar.hours_per_day * ctx.calendar.days_per_week;
    let hours = ctx.number(path, hours, 0.01, week);
    let attention = hours / week;
    TeamPlan {
        name: name.to_owned(),
        engineers: 1,
        part_time: Vec::new(),
        is_leader: true,
        kind: model::plan::TeamKind::Stream,
        owns: 0.0,
        attention,
        elsewhere: -libm::log(attention),
        skill: Distribution::Constant(1.0),
        wip: Wip { active: Some(1), ..Wip::default() },
        finish_first: false,
        slack: None,
        usual: u128::MAX,
        health_share: None,
        quarter: Ticks::from_hours(ctx.calendar.days_per_quarter * ctx.calendar.hours_per_day),
        discipline: Discipline::FirstCome,
        pressure: 0.0,
        staffing: Staffing { target: 1, ..Staffing::default() },
        components: 0..0,
        lines: 0..0,
        limits_entry: false,
    }
}
