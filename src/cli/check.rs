//! Check.
use super::{Failure, Check};
pub fn check(_: &Check) -> Result<(), Failure> { Ok(()) }
