//! Being away now and then: what teams, approvers and leaders write of it.

use crate::compile_context::CompileContext;
use kernel::distribution::Distribution;
use notation::DurationDistribution;
use schemars::JsonSchema;
use serde::Deserialize;

/// Absences of somebody.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AwayTable {
    /// Working time from a return to the next absence. Takes effect at the next return.
    pub between: DurationDistribution,
    /// Working time of an absence. Takes effect at the next.
    pub lasts: DurationDistribution,
}

impl AwayTable {
    /// Hours between two absences, and hours of one.
    pub fn compile(&self, path: &str, ctx: &mut CompileContext<'_>) -> (Distribution, Distribution) {
        ctx.now_and_then(path, &self.between, &self.lasts)
    }
}
