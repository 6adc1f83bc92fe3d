//! What mechanisms declare, gathered while the program is compiled.

/// Whether two names are the same, while the program is compiled.
pub const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The nth of all that mechanisms declare, in the order of the register.
pub const fn nth<T>(lists: &'static [&'static [T]], mut nth: usize) -> Option<&'static T> {
    let mut at = 0;
    while at < lists.len() {
        if nth < lists[at].len() {
            return Some(&lists[at][nth]);
        }
        nth -= lists[at].len();
        at += 1;
    }
    None
}
