//! Overloads as plain data.

/// How much too much is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strain {
    /// More than there is, and what does not fit is refused.
    Full,
    /// More than there is, and all of it waits.
    Piles,
    /// More than there is, if all of it came there; but what comes before is full, and refuses.
    Behind,
    /// Nearly all there is.
    Tight,
}

/// Some who are asked for too much, under the same policies.
#[derive(Clone, Debug, PartialEq)]
pub struct Overload {
    pub strain: Strain,
    pub names: Vec<String>,
    /// The least and the greatest load, 1 being all there is.
    pub shares: (f64, f64),
    /// The names of the policies.
    pub under: Vec<String>,
}
