//! Who is asked for more than there is, or nearly, under which policies.

use super::summary::overload::{Overload, Strain};
use scenario::study::{PolicyTimeline, Study};
use scenario::{Load, LoadSort, loads};

/// From this load on, waiting grows steeply with every little more.
const TIGHT: f64 = 0.9;

/// Timelines of which all are looked at; of more, the baseline stands for all.
const MOST: usize = 24;

/// Overloads of a study, one for all of whom the same is to be said.
pub fn of(study: &Study) -> Vec<Overload> {
    let timelines = if study.timelines.len() > MOST { &study.timelines[..1] } else { &study.timelines };
    let mut alike: Vec<Overload> = Vec::new();
    for one in each(study, timelines) {
        match alike.iter_mut().find(|known| known.strain == one.strain && known.under == one.under) {
            Some(known) => {
                known.names.extend(one.names);
                known.shares = (known.shares.0.min(one.shares.0), known.shares.1.max(one.shares.1));
            }
            None => alike.push(one),
        }
    }
    alike
}

/// The overload of each name by itself.
fn each(study: &Study, timelines: &[PolicyTimeline]) -> Vec<Overload> {
    let mut each: Vec<Overload> = Vec::new();
    for timeline in timelines {
        let plans = timeline.phases.iter().map(|(_, plan)| loads(plan, &study.window()));
        let strained = plans.flat_map(|loads| {
            let some_are_full = loads.iter().any(is_full);
            loads.into_iter().filter_map(move |load| Some((strain(&load, some_are_full)?, load)))
        });
        for (strain, load) in strained {
            let (name, share, under) = (named(&load), load.share(), &timeline.name);
            match each.iter_mut().find(|known| known.strain == strain && known.names[0] == name) {
                Some(known) => {
                    known.shares = (known.shares.0.min(share), known.shares.1.max(share));
                    if known.under.last() != Some(under) {
                        known.under.push(under.clone());
                    }
                }
                None => each.push(Overload {
                    strain,
                    names: vec![name],
                    shares: (share, share),
                    under: vec![under.clone()],
                }),
            }
        }
    }
    each
}

/// What a load is of: "Checkout", "board architecture".
pub fn named(load: &Load) -> String {
    let sort = match load.sort {
        LoadSort::Team => return load.name.clone(),
        LoadSort::Approver => "approver",
        LoadSort::Board => "board",
        LoadSort::Machine => "machine",
    };
    format!("{sort} {}", load.name)
}

/// Whether what does not fit is refused there, or given up.
fn is_full(load: &Load) -> bool {
    load.share() >= 1.0 && load.refused
}

/// What a full team refuses never comes to a board or a machine.
fn strain(load: &Load, some_are_full: bool) -> Option<Strain> {
    match load.share() {
        _ if is_full(load) => Some(Strain::Full),
        over if over >= 1.0 && some_are_full && load.sort != LoadSort::Team => Some(Strain::Behind),
        over if over >= 1.0 => Some(Strain::Piles),
        tight if tight >= TIGHT => Some(Strain::Tight),
        _ => None,
    }
}
