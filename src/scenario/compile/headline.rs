//! What headlines count: work that was asked for, as against what puts other work right.

use crate::tables::Scenario;
use model::plan::KindPlan;

/// Marks the kinds that throughput, lead times and flow are measured on: changes that return value and are nobody's
/// repair. Where no work does, they are measured on all changes.
pub fn mark(scenario: &Scenario, kinds: &mut [KindPlan]) {
    let repairs = repairs(scenario);
    let is_asked_for =
        |kind: &KindPlan| kind.is_change && kind.valued && !repairs.contains(&kind.name.as_str());
    let any = kinds.iter().any(is_asked_for);
    for kind in kinds {
        kind.is_headline = if any { is_asked_for(kind) } else { kind.is_change };
    }
}

/// The kinds by which something that was done is put right.
fn repairs(scenario: &Scenario) -> Vec<&str> {
    let mechanisms = &scenario.mechanisms;
    let all = [
        mechanisms.decisions.as_ref().map(|it| it.repair.as_str()),
        mechanisms.clarity.as_ref().map(|it| it.repair.as_str()),
        mechanisms.debt.as_ref().and_then(|it| it.repair.as_deref()),
        mechanisms.incidents.as_ref().and_then(|it| it.corrective.as_deref()),
    ];
    all.into_iter().flatten().collect()
}
