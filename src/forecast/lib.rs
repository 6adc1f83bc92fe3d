//! When will it be done, and how many by then: forecasts from nothing but what was finished when.
//!
//! [`read`] makes a [`history`] of a file; [`level`] says how throughput wanders, [`futures`] where it may go,
//! [`outlook`] what that answers. [`walk`] does so at every origin of the past, with what was known then, so that
//! [`backtest`] can say how often promises were kept, beside [`peers`].

pub mod ask;
pub mod backtest;
pub mod futures;
pub mod history;
pub mod level;
pub mod outlook;
pub mod peers;
pub mod read;
pub mod record;
pub mod walk;

pub use jiff::civil::Date;
