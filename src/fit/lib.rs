//! Fitting: which organisations show what a history shows.
//!
//! A history, real or simulated, becomes [`records`], and these become [`figures`], by one and the same code. What many
//! simulated organisations show beside the numbers that they were made of says which numbers belong to what was seen
//! ([`posterior`]): approximate Bayesian computation with regression summaries (Fearnhead & Prangle 2012) and
//! local-linear adjustment (Beaumont, Zhang & Balding 2002). Nothing here simulates, opens a file or draws a number.

pub mod figures;
pub mod posterior;
pub mod ranks;
pub mod records;
pub mod ridge;

/// The confidence level of every interval.
pub const LEVEL: f64 = 0.9;
