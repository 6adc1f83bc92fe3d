//! Sweep.
use super::{Failure, Sweep};
pub fn sweep(_: &Sweep) -> Result<(), Failure> {
    Ok(())
}
