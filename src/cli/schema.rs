//! `orgsim schema`: what a scenario may contain, and what `--format json` prints, for editors and other tools.

use super::{Failure, screen};
use crate::report::manifest::pretty;
use crate::scenario::{editor, study};
use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

/// The schema of answers.
const ANSWERS: &str = include_str!("../../assets/results.schema.json");

#[derive(Args)]
pub struct Options {
    /// Of what
    #[arg(long, value_enum, default_value = "scenarios")]
    of: Of,
}

/// Of what a schema is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Of {
    /// What a scenario may contain
    Scenarios,
    /// What the commands that simulate print with --format json
    Results,
}

/// Prints a JSON Schema.
pub fn schema(options: &Options) -> Result<(), Failure> {
    match options.of {
        Of::Scenarios => screen::print(&String::from_utf8_lossy(&pretty(&editor::written(whole())))),
        Of::Results => screen::print(ANSWERS),
    }
}

/// The schema of whole scenarios, with the keys that loading consumes.
pub fn whole() -> Json {
    let mut schema = study::schema().clone();
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        properties.insert(
            "extends".to_owned(),
            json!({ "type": "string", "description":
                "What this scenario builds on: a built-in preset (\"bare\", \"typical\") or a file beside this one." }),
        );
        properties.insert(
            "defaults".to_owned(),
            json!({ "type": "object", "description":
                "What named things are like unless they say otherwise: [defaults.team], [defaults.stage] and so on." }),
        );
    }
    schema
}
