//! Boards, approvers and chains. An approver is a team of one with a desk of its own.

use super::stages::add_internal;
use crate::tables::{BoardOrder, BoardTable, ChainMode, ChainTable, Scenario};
use kernel::law::Law;
use kernel::luck::Key;
use kernel::units::{GateId, StageId, TeamId, Ticks};
use model::assembly::Assembly;
use model::mechanisms::approval::{Approver, Board, Chain, Gate, GateSort, Params, Peers};
use model::plan::{Discipline, Effort, Holder, KindPlan, StagePlan, TeamPlan, Wip};
use model::staffing::Staffing;
use notation::Share;

pub fn compile(
    scenario: &Scenario,
    teams: &mut Vec<TeamPlan>,
    kinds: &mut Vec<KindPlan>,
    stages: &mut Vec<StagePlan>,
    assembly: &mut Assembly<'_>,
) -> Params {
    one_name_each(assembly);
    let mut gates: Vec<Gate> =
        scenario.board.iter().map(|(name, table)| board(name, table, assembly)).collect();
    for (name, table) in &scenario.approver {
        let team = TeamId::new(teams.len());
        let path = format!("approver.{name}.hours_per_week");
        teams.push(desk(name, table.hours_per_week, &path, assembly));
        let hearing = assembly.law(&format!("approver.{name}.hearing"), &table.hearing);
        let hearing =
            add_internal(format!("hearing {name}"), Some(team), Effort::Drawn(hearing), kinds, stages);
        let path = format!("approver.{name}.absence");
        let absence = table.absence.as_ref().map(|it| {
            (
                assembly.law(&format!("{path}.between"), &it.between),
                assembly.law(&format!("{path}.lasts"), &it.lasts),
            )
        });
        if absence.as_ref().is_some_and(|(between, _): &(Law, Law)| between.mean() <= 0.0) {
            assembly.problems.error(format!("{path}.between"), "must be longer than nothing on average");
        }
        let sort = GateSort::Approver(Approver { team, hearing, absence, peers: None });
        gates.push(gate(
            name,
            sort,
            [table.rejects, table.catches, table.corrects, table.automatic],
            "approver",
            assembly,
        ));
    }
    for (name, table) in &scenario.chain {
        let chain = chain(name, table, scenario, assembly);
        let never = Share::of(0.0).unwrap_or(table.automatic);
        gates.push(gate(
            name,
            GateSort::Chain(chain),
            [never, never, never, table.automatic],
            "chain",
            assembly,
        ));
    }
    place_boards(&mut gates, stages);
    gates.extend(leaders(scenario, teams, kinds, stages, assembly));
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
    assembly: &mut Assembly<'_>,
) -> Vec<Gate> {
    let never = Share::of(0.0).expect("a share");
    let mut gates = Vec::new();
    for (name, table) in &scenario.leader {
        let path = format!("leader.{name}");
        let hearing = Effort::Drawn(assembly.law(&format!("{path}.hearing"), &table.hearing));
        let clarifying = Effort::ShareOfSize(table.takes.fraction());
        let times = assembly.number(&format!("{path}.peers_take"), table.peers_take, 0.0, 1000.0);
        let desks = [
            (name.clone(), table.decisions, hearing, table.peers_decide),
            (clarity_desk(name), table.clarity, clarifying, table.peers_clarify),
        ];
        for (at, (name, hours, hearing, share)) in desks.into_iter().enumerate() {
            let team = TeamId::new(teams.len());
            // A desk without hours hears nothing new; what waits there already waits on.
            let there = if hours > 0.0 { hours } else { 0.01 };
            teams.push(desk(&name, there, &format!("{path}.{}", ["decisions", "clarity"][at]), assembly));
            let peers = Peers { share: share.fraction(), hearing: hearing.clone(), times };
            let peers = (peers.share > 0.0).then_some(peers);
            let hearing = add_internal(format!("hearing {name}"), Some(team), hearing, kinds, stages);
            let sort = GateSort::Approver(Approver { team, hearing, absence: None, peers });
            let passes = if hours > 0.0 { table.automatic } else { Share::of(1.0).expect("a share") };
            let chances = match at {
                0 => [table.rejects, table.catches, table.corrects, passes],
                _ => [never, never, never, passes],
            };
            let mut gate = gate(&name, sort, chances, "leader", assembly);
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
fn one_name_each(assembly: &mut Assembly<'_>) {
    let names = assembly.names.gates.clone();
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            assembly
                .problems
                .error(format!("chain.{name}"), "another board, approver or chain has this name");
        }
        if name == "none" {
            assembly.problems.error(format!("board.{name}"), "\"none\" means no gate: choose another name");
        }
    }
}

fn gate(name: &str, sort: GateSort, chances: [Share; 4], table: &str, assembly: &mut Assembly<'_>) -> Gate {
    let [rejects, catches, corrects, automatic] = chances.map(|share| share.fraction());
    if rejects >= 1.0 {
        assembly
            .problems
            .error(format!("{table}.{name}.rejects"), "what is always rejected never gets through");
    }
    let key = Key::of(name, 0).0;
    Gate { name: name.to_owned(), key, sort, rejects, catches, corrects, automatic, clarifies: 0.0 }
}

fn board(name: &str, table: &BoardTable, assembly: &mut Assembly<'_>) -> Gate {
    let period = assembly.period(&format!("board.{name}.meets.every"), table.meets.every);
    let board = Board {
        place: 0,
        period,
        phase: table.meets.at.map_or(period, |at| assembly.ticks(at)),
        slots: table.slots.number(),
        dearest_first: table.order == BoardOrder::Dearest,
        inclusive: table.inclusive,
        attends: table.attends,
        hours_each: table.takes.map_or(0.0, |span| assembly.hours(span)),
    };
    gate(
        name,
        GateSort::Board(board),
        [table.rejects, table.catches, table.corrects, table.automatic],
        "board",
        assembly,
    )
}

/// A leader's desk: one person, whose hours for hearings are a share of the week.
fn desk(name: &str, hours: f64, path: &str, assembly: &mut Assembly<'_>) -> TeamPlan {
    let week = assembly.calendar.hours_per_day * assembly.calendar.days_per_week;
    let hours = assembly.number(path, hours, 0.01, week);
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
        skill: Law::Constant(1.0),
        wip: Wip { active: Some(1), ..Wip::default() },
        health_share: None,
        quarter: Ticks::from_hours(assembly.calendar.days_per_quarter * assembly.calendar.hours_per_day),
        discipline: Discipline::FirstCome,
        pressure: 0.0,
        staffing: Staffing { target: 1, ..Staffing::default() },
        components: 0..0,
        lines: 0..0,
        limits_entry: false,
    }
}

fn chain(name: &str, table: &ChainTable, scenario: &Scenario, assembly: &mut Assembly<'_>) -> Chain {
    let path = format!("chain.{name}");
    for member in table.members.iter().filter(|member| scenario.chain.contains_key(*member)) {
        assembly.problems.error(
            format!("{path}.members"),
            format!("`{member}` is a chain; a chain's members are boards and approvers"),
        );
    }
    if let Some((_, twice)) =
        table.members.iter().enumerate().find(|(at, member)| table.members[..*at].contains(member))
    {
        let message = format!("`{twice}` is a member twice, and is heard once");
        assembly.problems.error(format!("{path}.members"), message).help("name each member once");
    }
    let members: Vec<_> =
        table.members.iter().filter_map(|member| assembly.gate(&format!("{path}.members"), member)).collect();
    let count = table.members.len() as u32;
    let quorum = table.quorum.unwrap_or(count);
    if count == 0 {
        assembly.problems.error(format!("{path}.members"), "a chain needs at least one member");
    } else if quorum == 0 || quorum > count {
        assembly
            .problems
            .error(format!("{path}.quorum"), format!("must lie between 1 and the {count} members"));
    }
    let escalation = table.escalation.as_ref().map(|it| {
        let after = assembly.period(&format!("{path}.escalation.after"), it.after);
        let to = it.to.as_ref().and_then(|to| assembly.gate(&format!("{path}.escalation.to"), to));
        if let Some(chain) = it.to.as_ref().filter(|to| scenario.chain.contains_key(*to)) {
            let message = format!("`{chain}` is a chain; a petition escalates to a board or an approver");
            assembly.problems.error(format!("{path}.escalation.to"), message);
        }
        (after, to)
    });
    Chain { members, parallel: table.mode == ChainMode::Parallel, quorum, escalation }
}
