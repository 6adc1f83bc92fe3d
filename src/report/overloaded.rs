//! Who is asked for more than there is, in words.

use super::words;
use experiment::summary::Frame;
use experiment::summary::overload::{Overload, Strain};

/// A sentence without its full stop on an overload, in a study of so many policies.
pub fn sentence(one: &Overload, policies: usize) -> String {
    let (are, they) = if one.names.len() == 1 { ("is", "it") } else { ("are", "they") };
    let what = match one.strain {
        Strain::Full => format!(": {they} {are} always full, and what does not fit is refused or given up"),
        Strain::Piles => ": work piles up for ever, and a replication is stopped once there is more of it than the simulator holds"
            .to_owned(),
        Strain::Behind => ", if all of it came there; but teams are full before, and refuse work or give it up".to_owned(),
        Strain::Tight => format!(" before incidents and debt: {they} will hardly keep up"),
    };
    asked(one, policies) + &what
}

/// What whoever reads an answer has to know first, where more is asked for than can ever be done.
pub fn warning(frame: &Frame) -> Option<String> {
    let piles = frame.overloads.iter().filter(|one| one.strain == Strain::Piles);
    let said: Vec<String> = piles.map(|one| asked(one, frame.policies)).collect();
    (!said.is_empty()).then(|| {
        format!(
            "Overloaded: {}. Open work grows without end there, so every figure holds for {} only, and would be worse later.",
            said.join("; "),
            frame.horizon
        )
    })
}

/// "under “x”, Checkout and Search are asked for 110 % to 130 % of what they have".
fn asked(one: &Overload, policies: usize) -> String {
    let under = match one.under.len() {
        all if all == policies => String::new(),
        _ => {
            let named: Vec<String> = one.under.iter().map(|name| format!("“{}”", name.trim())).collect();
            format!("under {}, ", words::list(&named))
        }
    };
    let (least, greatest) = (words::share(one.shares.0), words::share(one.shares.1));
    let share = if least == greatest { least } else { format!("{least} to {greatest}") };
    let (are, have) = if one.names.len() == 1 { ("is", "it has") } else { ("are", "they have") };
    format!("{under}{} {are} asked for {share} of what {have}", words::list(&one.names))
}
