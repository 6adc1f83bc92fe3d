//! The ledger of one replication: where the lead time of what was asked of each team went, and how long gates kept work.

use kernel::units::Instant;
use model::cause::{CAUSES, Cause};
use model::compiled_plan::CompiledPlan;
use model::domain_event::DomainEvent;
use model::organisation::Organisation;
use model::replication::Observer;
use model::work::Role;

/// Sums over one replication, by team and by gate in the plan's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Work of the team that was asked for and went live, and the hours each cause held them.
    pub teams: Vec<(u64, [f64; CAUSES])>,
    /// Petitions that a gate closed, and the hours from petition to verdict.
    pub gates: Vec<(u64, f64)>,
}

impl Ledger {
    pub fn of(plan: &CompiledPlan) -> Ledger {
        let gates = plan.params.approval.as_ref().map_or(0, |approval| approval.gates.len());
        Ledger { teams: vec![(0, [0.0; CAUSES]); plan.teams.len()], gates: vec![(0, 0.0); gates] }
    }

    /// Adds another replication's.
    pub fn add(&mut self, other: &Ledger) {
        for (sum, part) in self.teams.iter_mut().zip(&other.teams) {
            sum.0 += part.0;
            sum.1.iter_mut().zip(part.1).for_each(|(sum, part)| *sum += part);
        }
        for (sum, part) in self.gates.iter_mut().zip(&other.gates) {
            *sum = (sum.0 + part.0, sum.1 + part.1);
        }
    }
}

impl Observer for Ledger {
    fn on_event(&mut self, _: Instant, event: &DomainEvent, org: &Organisation, plan: &CompiledPlan) {
        match *event {
            DomainEvent::Done { item } => {
                let item = &org.items[item];
                if item.role == Role::Work && plan.kinds[item.kind.at()].is_headline {
                    let (done, causes) = &mut self.teams[item.team.at()];
                    *done += 1;
                    for (sum, cause) in causes.iter_mut().zip(Cause::ALL) {
                        *sum += item.ledger.spent(*cause).hours();
                    }
                }
            }
            DomainEvent::Decided { gate, after, .. } => {
                let (closed, hours) = &mut self.gates[gate.at()];
                *closed += 1;
                *hours += after.hours();
            }
            _ => {}
        }
    }
}
