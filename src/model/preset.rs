//! Presets' values that a mechanism brings, beside it: text that the model does not read.

/// What a mechanism has to say in a preset: its tables, and their `[evidence]` last.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// The preset that it is a part of, or all of.
    pub name: &'static str,
    /// TOML, of `NAME.toml` in the mechanism's folder.
    pub text: &'static str,
}

/// The files of presets that lie beside a mechanism, by the presets' names.
macro_rules! presets {
    ($($name:literal),+ $(,)?) => {
        &[$($crate::preset::Preset { name: $name, text: include_str!(concat!($name, ".toml")) }),+]
    };
}
pub(crate) use presets;
