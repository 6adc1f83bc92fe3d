//! A single scenario under one policy as a document.

use super::document::Document;
use super::table::TextTable;
use super::{audit, dora, findings, numbers, tables};
use experiment::summary::audit::Audit;
use experiment::summary::{Policy, Summary};

/// Where work gets stuck, what is measured, and what a little more or less of something would change.
pub fn document(summary: &Summary, policy: &Policy, audited: Option<&Audit>) -> Document {
    let finding = tables::bottleneck(summary, policy);
    let mut document = Document::of(&summary.frame, finding.trim_end_matches('.'));
    document.data = numbers::of(summary);
    document.answer("Delivery").tables([four(summary, policy), tables::flow(summary, policy)]);
    document.answer("Where time goes").tables([
        tables::causes(summary, policy),
        tables::stages(summary, policy),
        tables::teams(summary, policy),
    ]);
    if let Some(audited) = audited {
        document
            .answer("What a little more or less would change")
            .list(audit::sentences(audited))
            .tables(audit::tables(audited));
    }
    let known = document.answer("What this cannot tell");
    known.list(findings::trends(summary)).list(findings::runs(summary)).list([findings::frame(summary)]);
    document.detail("What is assumed").list(findings::widest(summary));
    document
}

fn four(summary: &Summary, policy: &Policy) -> TextTable {
    let mut four = dora::four(summary, policy);
    // A scenario without policies has nothing to tell apart.
    if policy.name != "scenario" {
        four.title = format!("{}, under {}", four.title, findings::named(policy));
    }
    four
}
