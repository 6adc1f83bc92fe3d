//! `orgsim new`: a commented scenario to start from.

use super::{Failure, New, screen};
use crate::report::files::slug;
use std::io::Write;

const STARTER: &str = include_str!("../../scenarios/starter.toml");
const BARE: &str = include_str!("../../scenarios/starter-bare.toml");

/// Writes the starter into the present folder; never over anything.
pub fn new(options: &New) -> Result<(), Failure> {
    let name = options.name.strip_suffix(".toml").unwrap_or(&options.name);
    let file = format!("{}.toml", slug(name));
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).open(&file);
    let mut opened = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Failure::Failed(format!("{file} is already there; it was not touched")));
        }
        Err(error) => return Err(Failure::Failed(format!("cannot write {file}: {error}"))),
    };
    opened
        .write_all(if options.bare { BARE } else { STARTER }.as_bytes())
        .map_err(|error| Failure::Failed(format!("cannot write {file}: {error}")))?;
    screen::print(&format!("{file} is written. Next:\n  orgsim check {file}\n  orgsim compare {file}\n"))
}
