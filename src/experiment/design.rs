//! Designs: which points of a space of parameters are run, and what each point means as written values.
//!
//! A design is a list of points in the open unit cube, made without knowing the parameters; a [`Space`] turns a
//! point into settings such as `debt.interest = 1.8`. The grid of a sweep is in [`super::plan`].

mod columns;
mod cube;
mod evidence;
mod listed;
mod morris;
mod saltelli;
mod space;

pub use columns::{column, drawn, setting};
pub use cube::{Method, points};
pub use evidence::{LeftOut, Plea, found, overlap, pleaded};
pub use listed::{DesignRows, Listed, joint, listed, rows, tied};
pub use morris::trajectories;
pub use saltelli::{MOST_PARAMETERS, matrices};
pub use space::{Condition, Form, Kind, Parameter, ParameterValue, Space};

/// Which numbers a prior makes likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prior {
    /// The whole of every range.
    Whole,
    /// The middle half of every range: a second opinion on how wide ignorance is.
    MiddleHalf,
}

impl Prior {
    /// Where a point of the unit interval goes.
    pub fn place(self, at: f64) -> f64 {
        match self {
            Prior::Whole => at,
            Prior::MiddleHalf => 0.25 + 0.5 * at,
        }
    }
}
