//! What is known of one person, and how one team stands.

use super::{Event, Params};
use crate::mechanism::Context;
use crate::staffing::Leave;
use kernel::event_list::EventPriority;
use kernel::math;
use kernel::streams::Key;
use kernel::units::{Instant, TeamId};

/// How far somebody has come since the first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Onboarding {
    /// They were there from the start: nothing is lacking.
    Done,
    /// Off the desk until the first change can be made.
    SettingUp,
    /// At work since then, slowly at first.
    Since(Instant),
}

/// What is known of one person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub onboarding: Onboarding,
    /// When they would have come, counted in hours; those of the start came before it.
    pub since_hours: f64,
    /// What is left of the accumulated hazard at which they go.
    pub left: f64,
    /// Speed by experience.
    pub speed: f64,
}

impl Record {
    /// The part of full speed that a newcomer still lacks.
    #[inline]
    pub fn lacks(&self, now: Instant, params: &Params) -> f64 {
        let Onboarding::Since(began) = self.onboarding else { return 0.0 };
        if params.ramp_hours <= 0.0 {
            return 0.0;
        }
        (1.0 - params.start) * math::exp(-(now - began).hours() / params.ramp_hours)
    }
}

/// Somebody who is on the way to a vacancy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coming {
    pub key: Key,
    pub at: Instant,
}

/// How one team stands.
#[derive(Clone, Debug)]
pub(super) struct Staff {
    pub coming: Vec<Coming>,
    /// Its people's hazard of leaving this week, per hour.
    pub hazard: f64,
    /// Ticks on duties and of membership a week ago.
    pub duty: f64,
    pub membership: f64,
    /// Speed left by talking.
    pub talk: f64,
    /// Dated departures that stand in the event list, and how often they were changed.
    pub leaves: Vec<Leave>,
    pub version: u32,
}

impl Default for Staff {
    fn default() -> Staff {
        Staff {
            coming: Vec::new(),
            hazard: 0.0,
            duty: 0.0,
            membership: 0.0,
            talk: 1.0,
            leaves: Vec::new(),
            version: 0,
        }
    }
}

impl Staff {
    /// Somebody will come.
    pub fn expect(&mut self, coming: Coming, team: TeamId, ctx: &mut Context<'_>) {
        self.coming.push(coming);
        ctx.after(coming.at - ctx.now(), EventPriority::Housekeeping, Event::Comes { team, key: coming.key });
    }
}
