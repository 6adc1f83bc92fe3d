//! orgsim: a what-if laboratory for engineering organisations.
//!
//! The layers are crates of their own, below this one's `src`, so that each sees only what lies below it. From the
//! bottom up: [`kernel`] (calendar, random numbers, time), [`notation`] (quantities as people write them),
//! [`statistics`], [`history`] (what trackers recorded), [`forecast`] (from what was finished when),
//! [`fit`] (numbers of a history, and which organisations show the same), [`model`] (the organisation), [`observation`] (what is measured of it), [`scenario`] (files and
//! policies), [`experiment`] (replications and questions), [`report`] (tables, charts, files) and, here, the
//! command line.

pub use kernel::units;
pub use notation::diagnostic;
pub use scenario::reading;
pub use {
    experiment, fit, forecast, history, kernel, model, notation, observation, report, scenario, statistics,
};

pub mod cli;
