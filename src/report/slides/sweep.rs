//! The slides of a sweep.
