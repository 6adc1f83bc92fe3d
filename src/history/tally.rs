//! What is odd about an export, as it is counted while its items are understood.

/// What was counted while items were understood.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub copies: Vec<String>,
    pub repeated_keys: usize,
    pub left_out_kinds: usize,
    pub done_without_date: usize,
    pub dropped: usize,
    pub never_started: usize,
    pub finished_before_created: usize,
    pub started_before_created: usize,
    pub started_after_finished: usize,
    pub negative_days: usize,
    /// Items that are open again, or were after they had been done.
    pub reopened: usize,
    /// Items that went back to a status less far on.
    pub backwards: usize,
    pub instant: usize,
    pub zero_incidents: usize,
    pub in_the_future: usize,
    pub without_created: usize,
    /// Items that ended after the last day, and so were open on it.
    pub ended_later: usize,
    /// Items that were not there yet on the last day.
    pub created_later: usize,
}
