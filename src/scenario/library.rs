//! Where scenarios that others extend, and files they name, come from.

use super::{LARGEST_BYTES, Library};
use crate::reading::{self, inside};
use std::path::{Path, PathBuf};

/// The built-in presets: files of the project, so that anyone can read what they say.
const PRESETS: &[(&str, &str)] = &[
    ("bare", include_str!("../../scenarios/presets/bare.toml")),
    ("complexity", include_str!("../../scenarios/presets/complexity.toml")),
    ("learning", include_str!("../../scenarios/presets/learning.toml")),
    ("typical", include_str!("../../scenarios/presets/typical.toml")),
    ("assistance-dora-2024", include_str!("../../scenarios/presets/assistance-dora-2024.toml")),
    ("assistance-dora-2025", include_str!("../../scenarios/presets/assistance-dora-2025.toml")),
    (
        "assistance-expert-brownfield",
        include_str!("../../scenarios/presets/assistance-expert-brownfield.toml"),
    ),
    ("assistance-field-rct", include_str!("../../scenarios/presets/assistance-field-rct.toml")),
    ("assistance-greenfield", include_str!("../../scenarios/presets/assistance-greenfield.toml")),
    (
        "assistance-review-bottleneck",
        include_str!("../../scenarios/presets/assistance-review-bottleneck.toml"),
    ),
    ("silos", include_str!("../../scenarios/presets/silos.toml")),
    ("stream-aligned", include_str!("../../scenarios/presets/stream-aligned.toml")),
    ("monolith", include_str!("../../scenarios/presets/monolith.toml")),
    ("modular-monolith", include_str!("../../scenarios/presets/modular-monolith.toml")),
    ("services", include_str!("../../scenarios/presets/services.toml")),
    ("platform-services", include_str!("../../scenarios/presets/platform-services.toml")),
];

/// The built-in presets, and the files beside a scenario.
pub struct Presets {
    folder: PathBuf,
}

impl Presets {
    pub fn beside(folder: &Path) -> Presets {
        Presets { folder: folder.to_owned() }
    }
}

impl Library for Presets {
    fn find(&self, name: &str) -> Result<Option<(String, String)>, String> {
        let preset = PRESETS.iter().find(|(preset, _)| *preset == name);
        if let Some((name, text)) = preset {
            return Ok(Some((format!("preset {name}"), (*text).to_owned())));
        }
        let file = inside(&self.folder, name)?;
        let file = if file.extension().is_some() { file } else { file.with_extension("toml") };
        match reading::text(&file, LARGEST_BYTES as u64) {
            Ok(text) => Ok(Some((file.display().to_string(), text))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("cannot read {}: {error}", file.display())),
        }
    }

    fn names(&self) -> Vec<String> {
        PRESETS.iter().map(|(name, _)| (*name).to_owned()).collect()
    }
}
