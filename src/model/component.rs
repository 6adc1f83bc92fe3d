//! Components: parts of the code base, and where code goes when the organisation is reorganised.

use super::column::Column;
use super::compiled_plan::CompiledPlan;
use super::mechanism::Context;
use super::mechanisms::OnComponent;
use super::migration::Migration;
use super::plan::ComponentPlan;

/// A component's state.
#[derive(Clone, Debug)]
pub struct Component {
    pub size_hours: f64,
    /// Its size and its principal per hour of size when it came into being: what builds lengthen against, whoever
    /// is hired or leaves.
    pub first_size_hours: f64,
    pub first_density: f64,
    /// Effort-hours it would take to repair its debt. It is the code's as its size is, and no mechanism's own: builds and
    /// bugs follow it, and working around an incident adds to it, whether or not anybody repays.
    pub principal_hours: f64,
    /// Items that touch it and are not begun.
    pub unbegun: u32,
    /// What each mechanism keeps of it.
    pub own: OnComponent,
}

impl Component {
    /// Principal per hour of size; 0 for an empty component.
    #[inline]
    pub fn density(&self) -> f64 {
        if self.size_hours > 0.0 { self.principal_hours / self.size_hours } else { 0.0 }
    }

    pub(super) fn new(plan: &ComponentPlan) -> Component {
        Component {
            size_hours: plan.size_hours,
            first_size_hours: plan.size_hours,
            first_density: plan.density,
            principal_hours: plan.size_hours * plan.density,
            unbegun: 0,
            own: OnComponent::default(),
        }
    }

    /// Code that was somewhere else comes to it, of this size and with this much principal when that came into being.
    fn grow_at_first(&mut self, size_hours: f64, principal_hours: f64) {
        let principal = self.first_size_hours * self.first_density + principal_hours;
        if size_hours > 0.0 {
            self.first_size_hours += size_hours;
            self.first_density = principal / self.first_size_hours;
        }
    }
    /// It is made of a share of code that has no component any more.
    fn begin_with(&mut self, share: f64, gone: &Gone) {
        (self.size_hours, self.principal_hours) = (share * gone.size_hours, share * gone.principal_hours);
        self.own.take_over(share, &gone.own);
        // What builds lengthen against follows the code, and not the people of the new plan.
        self.first_size_hours = share * gone.first_size_hours;
        self.first_density = gone.first_principal_hours / f64::max(gone.first_size_hours, 1e-9);
    }

    /// A share of code that has no component any more comes to it, beside its own.
    fn take_over(&mut self, share: f64, gone: &Gone) {
        self.size_hours += share * gone.size_hours;
        self.principal_hours += share * gone.principal_hours;
        self.own.take_over(share, &gone.own);
        self.grow_at_first(share * gone.first_size_hours, share * gone.first_principal_hours);
    }
}

/// The code of all components that are no more.
#[derive(Default)]
struct Gone {
    size_hours: f64,
    principal_hours: f64,
    first_size_hours: f64,
    first_principal_hours: f64,
    own: OnComponent,
}

impl Gone {
    fn add(&mut self, component: &Component) {
        self.size_hours += component.size_hours;
        self.principal_hours += component.principal_hours;
        self.own.take_over(1.0, &component.own);
        self.first_size_hours += component.first_size_hours;
        self.first_principal_hours += component.first_size_hours * component.first_density;
    }
}

impl Context<'_> {
    /// Code keeps its size and its debt: what has no component of its name is spread over the new ones.
    pub(super) fn move_code(&mut self, old: &CompiledPlan, migration: &mut Migration) {
        let plan = self.plan;
        let before = std::mem::take(&mut self.org.components);
        let mut after: Vec<_> = plan.components.iter().map(Component::new).collect();
        let mut is_new = vec![true; after.len()];
        let mut gone = Gone::default();
        for (at, mut component) in before.into_iter().enumerate().take(old.components.len()) {
            match migration.components[at] {
                Some(same) => {
                    component.own.follow(migration);
                    after[same.at()] = component;
                    is_new[same.at()] = false;
                }
                None => {
                    migration.spread[at] = component.size_hours;
                    gone.add(&component);
                }
            }
        }
        let everywhere = !is_new.contains(&true);
        let planned: f64 = plan
            .components
            .iter()
            .zip(&is_new)
            .filter(|(_, new)| everywhere || **new)
            .map(|(component, _)| component.size_hours)
            .sum();
        let size = gone.size_hours;
        for (at, component) in after.iter_mut().enumerate() {
            let share = plan.components[at].size_hours / planned.max(1e-9);
            if is_new[at] && size > 0.0 {
                component.begin_with(share, &gone);
            } else if everywhere {
                component.take_over(share, &gone);
            } else {
                continue;
            }
            migration.mixed[at] = share * size / component.size_hours.max(1e-9);
        }
        migration.spread.iter_mut().for_each(|share| *share /= size.max(1e-9));
        self.org.components = after;
    }
}
