//! Tests of all charts: odd data never panics, text is never trusted, pictures have the right size.
