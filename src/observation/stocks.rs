//! Stocks: what can be read off an organisation at an instant, such as its debt.

use kernel::units::{ComponentId, Instant};
use model::compiled_plan::CompiledPlan;
use model::instrument::Gauge;
use model::organisation::Organisation;
use model::worth::{Product, Values};

/// Principal over size, over all components; not a number without code.
pub fn debt_density(org: &Organisation) -> f64 {
    let principal: f64 = org.components.iter().map(|component| component.principal_hours).sum();
    let size: f64 = org.components.iter().map(|component| component.size_hours).sum();
    principal / size
}

/// Minutes of a build, averaged over components; not a number where builds are not modelled.
pub fn build_minutes(org: &Organisation, plan: &CompiledPlan) -> f64 {
    let Some(builds) = &plan.params.verification else { return f64::NAN };
    let components = org.components.len();
    let total: f64 = (0..components).map(|at| builds.growth(ComponentId::new(at), org, plan)).sum();
    builds.minutes * total / components as f64
}

/// Share of components so indebted that work on them takes the high-friction path.
pub fn cornered(org: &Organisation, plan: &CompiledPlan) -> f64 {
    let Some(debt) = &plan.params.debt else { return f64::NAN };
    let cornered = org.components.iter().filter(|component| component.density() >= debt.corner).count();
    cornered as f64 / org.components.len() as f64
}

/// Optionality: the share of work not yet begun that touches no cornered component.
pub fn optionality(org: &Organisation, plan: &CompiledPlan) -> f64 {
    let Some(debt) = &plan.params.debt else { return f64::NAN };
    let (mut free, mut all) = (0_u32, 0_u32);
    for component in &org.components {
        all += component.unbegun;
        free += if component.density() < debt.corner { component.unbegun } else { 0 };
    }
    if all == 0 { 1.0 } else { f64::from(free) / f64::from(all) }
}

/// A level averaged over the people of all teams that have it, leaders' desks left out; not a number where nobody
/// has it.
pub fn level(gauge: Gauge, org: &Organisation, plan: &CompiledPlan) -> f64 {
    let teams = plan.engineering_teams().map(|team| &org.teams[team.at()]);
    let teams = teams.filter(|team| !team.gauges[gauge.at()].is_nan());
    let (sum, people) = teams.fold((0.0, 0.0), |(sum, people), team| {
        let size = team.people.len() as f64;
        (sum + size * team.gauges[gauge.at()], people + size)
    });
    sum / people
}

/// Lifetime value of what went live since the first instant, and what incidents took, under the three value models, in
/// engineer-hours.
pub fn returned(now: Instant, org: &Organisation, plan: &CompiledPlan) -> [Values; 2] {
    let Some(value) = &plan.value else { return [Values::default(); 2] };
    [sum(org, Product::earned), sum(org, |product| product.harm(now, &value.worth))]
}

/// What everything live earns an hour.
pub fn earning(now: Instant, org: &Organisation, plan: &CompiledPlan) -> Values {
    let Some(value) = &plan.value else { return Values::default() };
    sum(org, |product| product.rate(now, &value.worth))
}

fn sum(org: &Organisation, of: impl Fn(&Product) -> Values) -> Values {
    let mut sum = Values::default();
    for product in &org.products {
        sum.iter_mut().zip(of(product)).for_each(|(sum, part)| *sum += part);
    }
    sum
}
