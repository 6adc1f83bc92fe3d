//! Slack: what people do of whom nothing planned may be started, and what that is not charged to.

use super::support::{PolicyRuns, live};

/// One item after another is wanted, one at a time, by one person at a time.
const ONE_AT_A_TIME: [&str; 3] = [
    "work.item.arrivals={ endless = 2 }",
    "work.item.initiative={ size = \"8 hours\", seats = 1 }",
    "team.dev.wip.initiatives=1",
];

fn with(more: &[&str]) -> PolicyRuns {
    live("slack", more)
}

/// An item of a day is written, and read for a day by a colleague who turns to it when idle: one is done every second day,
/// although health waits, which hardly any hour is held for. What may not be started keeps nobody from what may be.
#[test]
fn a_review_for_when_idle_does_not_wait_for_what_shares_hold_back() {
    let read = ["work.item.route=[\"build\", \"read\"]", "stage.read.review.pick_up=\"when-idle\""];
    let share = ["team.dev.share.health=\"0.001%\""];
    let set: Vec<&str> = ONE_AT_A_TIME.iter().chain(&read).chain(&share).copied().collect();
    for rate in with(&set).column("throughput_per_week") {
        assert!((rate - 2.5).abs() < 0.01, "{rate} a week");
    }
}
