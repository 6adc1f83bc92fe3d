//! Work that is sent back: how much of all work is done again.

use super::support::live;

/// An item is sent back p/(1 − p) times on average (a geometric law), and each time half of its eight hours are written
/// again and an hour is read again.
#[test]
fn the_share_of_work_done_again_is_that_of_a_geometric_law() {
    let times = 0.3 / 0.7;
    let again = times * (4.0 + 1.0);
    live("sent_back", &[]).agree_within("redone_share", again / (8.0 + 1.0 + again), 0.01);
    let never = live("sent_back", &["stage.review.failure.probability=\"0%\"", "replications=2"]);
    never.agree_to("redone_share", 0.0, 1e-9);
}
