//! `[incidents]` as written, and how it compiles.

use super::Params;
use super::ambient::AmbientTable;
use super::hiding::HidingTable;
use super::practices::{PracticePlan, PracticeTable};
use super::recurrence::RecurrenceTable;
use crate::compile_context::CompileContext;
use notation::{self, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// Incidents in production.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["on-call", "on call", "pager", "duty", "outage", "alert", "monitoring"]))]
pub struct Table {
    /// From failure to notice (IN-9); nobody is kept by it. A fact, not a lever: another length costs nothing here.
    /// The lever with a cost is `incidents.alerts`.
    pub detection: notation::DurationDistribution,
    /// From notice to cause (IN-2). A fact, not a lever; the lever with a cost is `incidents.ownership`.
    pub response: notation::DurationDistribution,
    /// From cause to fix (IN-3). A fact, not a lever; the lever with a cost is `incidents.runbooks`.
    pub mitigation: notation::DurationDistribution,
    /// From fix to recovery (IN-4). A fact, not a lever; the lever with a cost is `incidents.rollback`.
    #[schemars(extend("x-said" = ["mttr", "recovery"]))]
    pub recovery: notation::DurationDistribution,
    /// People an incident keeps from response on.
    #[schemars(extend("x-said" = ["on-call", "on call", "pager", "duty", "outage"]))]
    pub people: u32,
    /// The share of what its team's live product earns that an incident takes as long as it lasts, at most 1; incidents
    /// at the same time add up to all of it at most. Most are small: a lognormal. Left out: none takes any. A fact, not
    /// a lever. Takes effect at the next incident.
    #[serde(default)]
    #[schemars(extend("x-plain" = "severity of incidents"))]
    pub severity: Option<notation::NumberDistribution>,
    /// Response and mitigation are longer by 1 + this × ln(changes in the deployment). A fact, not a lever; smaller
    /// deployments are the lever.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub diagnosis: f64,
    /// Failures that no change causes.
    #[serde(default)]
    pub ambient: Option<AmbientTable>,
    /// Chance of a postmortem. Takes effect at the next incident.
    #[schemars(extend("x-said" = ["mttr", "recovery", "postmortem"]))]
    pub postmortem: Share,
    /// People in it.
    pub postmortem_people: u32,
    /// How long it keeps them.
    pub postmortem_length: Span,
    /// The kind of corrective work that comes of it.
    #[serde(default)]
    pub corrective: Option<String>,
    /// Log-odds of failure an incident reveals on its component, until corrective work is done.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub fragility: f64,
    /// Working time in which what nobody corrects fades to a half, as code is replaced anyway.
    pub fades: Span,
    /// Share of failures an alert sees, which shortens detection.
    #[serde(default)]
    #[schemars(extend("x-said" = ["on-call", "on call", "pager", "outage", "alert", "monitoring"]))]
    pub alerts: Option<PracticeTable>,
    /// Share of incidents whose owner is known, which shortens response.
    #[serde(default)]
    pub ownership: Option<PracticeTable>,
    /// Share of incidents with a runbook, which shortens mitigation (IN-16).
    #[serde(default)]
    #[schemars(extend("x-said" = ["mttr", "recovery", "runbook"]))]
    pub runbooks: Option<PracticeTable>,
    /// Share of incidents from a change that can be rolled back, which shortens recovery; other
    /// incidents it doesn't help.
    #[serde(default)]
    pub rollback: Option<PracticeTable>,
    /// Detection is exp(this × mistrust) times as long. Takes effect at the next incident.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub unnoticed: f64,
    /// Chance that a postmortem finds what to correct. Takes effect at the next postmortem.
    #[serde(default = "all")]
    pub finds: Share,
    /// Log-odds of that which a unit of mistrust takes away.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 50.0))]
    pub reticence: f64,
    /// Incidents that come again until their cause is put right; left out, each comes once.
    #[serde(default)]
    pub recurrence: Option<RecurrenceTable>,
    /// Small incidents that nobody reports.
    #[serde(default)]
    pub hiding: Option<HidingTable>,
}

fn all() -> Share {
    Share::of(1.0).expect("a share")
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let phases = [
            ctx.distribution("incidents.detection", &self.detection),
            ctx.distribution("incidents.response", &self.response),
            ctx.distribution("incidents.mitigation", &self.mitigation),
            ctx.distribution("incidents.recovery", &self.recovery),
        ];
        let ambient = self.ambient.as_ref().map(|table| table.compile(ctx));
        let practices = self.practices(ctx);
        let hiding = self.hiding.as_ref().map(|table| table.compile(ctx));
        let recurrence = self.recurrence.as_ref().map(|table| table.compile(ctx));
        Params {
            phases,
            recurrence,
            practices,
            hiding,
            unnoticed: self.unnoticed,
            finds: self.finds.fraction(),
            reticence: self.reticence,
            people: self.people,
            severity: self.severity.as_ref().map(|it| ctx.number_distribution("incidents.severity", it)),
            diagnosis: self.diagnosis,
            ambient,
            postmortem: self.postmortem.fraction(),
            postmortem_people: self.postmortem_people,
            postmortem_hours: ctx.hours(self.postmortem_length),
            corrective: self.corrective.as_ref().and_then(|name| ctx.kind("incidents.corrective", name)),
            fragility: self.fragility,
            left_per_week: {
                let week = ctx.calendar.hours_per_day * ctx.calendar.days_per_week;
                libm::exp2(-week / ctx.period("incidents.fades", self.fades).hours())
            },
        }
    }

    fn practices(&self, ctx: &mut CompileContext<'_>) -> PracticePlan {
        let mut of = |name: &str, table: &Option<PracticeTable>| {
            table.as_ref().map(|table| table.compile(&format!("incidents.{name}"), ctx))
        };
        [
            of("alerts", &self.alerts),
            of("ownership", &self.ownership),
            of("runbooks", &self.runbooks),
            of("rollback", &self.rollback),
        ]
    }
}
