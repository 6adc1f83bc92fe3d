//! `orgsim schema`: what a scenario may contain, for editors and other tools.

use super::{Failure, screen};
use crate::report::manifest::pretty;
use crate::scenario::{editor, study};
use serde_json::{Value as Json, json};

/// Prints the JSON Schema of scenarios, as they are written.
pub fn schema() -> Result<(), Failure> {
    screen::print(&String::from_utf8_lossy(&pretty(&editor::written(whole()))))
}

/// The schema of whole scenarios, with the keys that loading consumes.
pub fn whole() -> Json {
    let mut schema = study::schema();
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
