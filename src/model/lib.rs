//! The organisation: its people, its work, and the mechanisms by which it behaves.
//!
//! The model does no input or output, starts no threads and knows no clock but the event list.

pub mod accounts;
pub mod beginning;
pub mod birth;
pub mod cause;
pub mod column;
pub mod compile_context;
pub mod compiled_plan;
pub mod component;
mod counts;
mod crew;
pub mod declared;
mod desk;
pub mod domain_event;
mod duty;
mod free;
mod initiative;
pub mod instrument;
pub mod knowledge;
pub mod latent;
pub mod layout;
pub mod line;
pub mod mechanism;
pub mod mechanisms;
pub mod metric;
pub mod migration;
pub mod odds;
pub mod organisation;
pub mod overrun;
mod ownership;
pub mod people;
mod places;
pub mod plan;
mod preemption;
mod pull;
mod quality;
mod queueing;
pub mod replication;
pub mod rhythm;
pub mod route;
mod routing;
pub mod script;
pub mod staffing;
pub mod work;
pub mod worth;
