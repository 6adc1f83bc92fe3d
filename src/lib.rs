//! orgsim asks what would change in an engineering organisation if it worked differently.

pub mod diagnostic;
pub mod notation;
pub mod scenario;
