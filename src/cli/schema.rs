//! Schema.
use super::Failure;
pub fn schema() -> Result<(), Failure> {
    Ok(())
}
