//! orgsim
