//! Gates: boards, approvers, and chains of them.

use super::peers::Peers;
use kernel::distribution::Distribution;
use kernel::units::{GateId, KindId, TeamId, Ticks};

/// A way to approve work.
#[derive(Clone, Debug)]
pub struct Gate {
    pub name: String,
    /// The address of what is drawn before it: made of its name, so that no other gate moves it.
    pub key: u64,
    pub sort: GateSort,
    /// Chance that a hearing rejects, whatever the item.
    pub rejects: f64,
    /// Chance that a hearing sees that an item's deployment would fail.
    pub catches: f64,
    /// Chance that a hearing sees that the decision in an item is wrong.
    pub corrects: f64,
    /// Chance that an item is of a sort approved in advance.
    pub automatic: f64,
    /// The part of an item's fuzziness that a hearing takes away; what takes any is no decision.
    pub clarifies: f64,
}

#[derive(Clone, Debug)]
pub enum GateSort {
    Board(Board),
    Approver(Approver),
    Chain(Chain),
}

/// A board that meets on a rhythm.
#[derive(Clone, Debug)]
pub struct Board {
    /// Its place among meetings and trains at one instant: that of the first stage it is asked at, on routes.
    pub place: u16,
    pub period: Ticks,
    pub phase: Ticks,
    /// Petitions a meeting hears; `None` for all that wait.
    pub slots: Option<u32>,
    /// The most valuable first, rather than the oldest.
    pub dearest_first: bool,
    /// Whether what is ready at the very instant of a meeting is heard there.
    pub inclusive: bool,
    /// People each team sends when its work is heard, and hours each petition keeps them.
    pub attends: u32,
    pub hours_each: f64,
}

/// A leader who hears petitions one by one.
#[derive(Clone, Debug)]
pub struct Approver {
    pub team: TeamId,
    /// The internal kind of work whose route is this leader's desk.
    pub hearing: KindId,
    /// Hours between absences, and hours of an absence.
    pub absence: Option<(Distribution, Distribution)>,
    /// Colleagues who hear a share of petitions in the leader's place.
    pub peers: Option<Peers>,
}

/// Several gates, of which enough must agree.
#[derive(Clone, Debug)]
pub struct Chain {
    pub members: Vec<GateId>,
    pub parallel: bool,
    pub quorum: u32,
    /// After this long a petition goes to this gate instead, or through if there is none.
    pub escalation: Option<(Ticks, Option<GateId>)>,
}

/// What draws before a gate are addressed by: the gate, the members of a chain, and whom it escalates to.
pub(super) fn add_keys(gate: GateId, gates: &[Gate], found: &mut Vec<u64>) {
    let Some(gate) = gates.get(gate.at()).filter(|gate| !found.contains(&gate.key)) else { return };
    found.push(gate.key);
    if let GateSort::Chain(chain) = &gate.sort {
        chain.members.iter().for_each(|member| add_keys(*member, gates, found));
    }
    if let Some(higher) = gate.sort.escalates_to() {
        add_keys(higher, gates, found);
    }
}

impl GateSort {
    /// The gate that alone decides once a chain's deadline has passed.
    pub fn escalates_to(&self) -> Option<GateId> {
        match self {
            GateSort::Chain(chain) => chain.escalation.and_then(|(_, to)| to),
            _ => None,
        }
    }
}
