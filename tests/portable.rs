//! The same bits on every machine: nothing on the path of results calls a transcendental function of the platform, in our
//! sources or in the crates that they draw from.
//!
//! Clippy forbids the methods where it can name them (`clippy.toml`); this test reads the sources, so that it needs no
//! clippy, and the manifest, so that no crate whose arithmetic goes through the C library comes to serve results.

use std::path::{Path, PathBuf};

/// Layers whose numbers are results. Reports and commands only show them.
const LAYERS: [&str; 8] =
    ["kernel", "notation", "statistics", "history", "model", "observation", "scenario", "experiment"];

/// Methods that the standard library hands to the platform's C library. Roots are exact by IEEE 754.
const METHODS: [&str; 24] = [
    "ln", "log", "log2", "log10", "ln_1p", "exp", "exp2", "exp_m1", "powf", "sin", "cos", "tan", "sin_cos",
    "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "hypot",
];

/// Crates that compute with the standard library's functions: for tests, or for what is only shown.
const TESTS_ONLY: [&str; 2] = ["rand_distr", "statrs"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file that serves results: without its tests and without comments.
fn code(path: &Path) -> String {
    let name = path.to_string_lossy();
    if name.ends_with("tests.rs") || name.contains("/tests/") {
        return String::new();
    }
    let text = std::fs::read_to_string(path).expect("a source file is text");
    let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Methods of the platform that a piece of code calls.
fn calls(code: &str) -> Vec<&'static str> {
    let is_called =
        |method: &&&str| code.contains(&format!(".{method}(")) || code.contains(&format!("f64::{method}"));
    METHODS.iter().filter(is_called).copied().collect()
}

#[test]
fn no_result_hangs_on_the_platforms_functions() {
    let (mut files, mut read) = (Vec::new(), 0);
    for layer in LAYERS {
        sources(&root().join("src").join(layer), &mut files);
    }
    for path in &files {
        let code = code(path);
        let found = calls(&code);
        assert!(found.is_empty(), "{} calls {found:?}: take libm's", path.display());
        for name in TESTS_ONLY {
            assert!(!code.contains(&format!("{name}::")), "{} uses {name}", path.display());
        }
        read += 1;
    }
    assert!(read > 150, "{read} files");
}

/// What the manifests of all our crates name in a list.
fn named(list: &str) -> Vec<String> {
    let layers = LAYERS.iter().chain(&["report"]).map(|layer| format!("src/{layer}/Cargo.toml"));
    let manifests = layers.chain(["Cargo.toml".to_owned()]).map(|path| {
        let text = std::fs::read_to_string(root().join(path)).expect("a manifest");
        text.parse::<toml::Table>().expect("TOML")
    });
    let names = |manifest: toml::Table| manifest.get(list).and_then(toml::Value::as_table).cloned();
    manifests.filter_map(names).flatten().map(|(name, _)| name).collect()
}

#[test]
fn crates_that_use_the_platforms_functions_serve_tests_only() {
    let (serve, test) = (named("dependencies"), named("dev-dependencies"));
    assert!(serve.iter().any(|name| name == "libm"), "the manifests were read");
    for name in TESTS_ONLY.map(str::to_owned) {
        assert!(!serve.contains(&name), "{name} serves results");
        assert!(test.contains(&name), "{name} is no reference any more: take it off the list");
    }
}

/// Power: a call of the platform is found, and one of libm is not.
#[test]
fn a_call_of_the_platform_is_found() {
    assert_eq!(calls("let y = x.ln() + 2.0_f64.powf(x);"), ["ln", "powf"]);
    assert_eq!(calls("let y = values.map(f64::exp);"), ["exp"]);
    assert!(calls("let y = libm::log(x) + exp(x) + sqrt(x);").is_empty());
}
