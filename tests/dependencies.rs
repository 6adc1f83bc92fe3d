//! What the program is built from: licences that may be used, no version with a known fault, and nothing that is
//! unmaintained without a stated reason. It reads `tests/dependencies.toml` and what cargo knows, and no network.

use serde_json::Value as Json;
use std::process::Command;

fn rules() -> toml::Table {
    include_str!("dependencies.toml").parse().expect("TOML")
}

/// Every package of the lock file that is built on some machine, as cargo knows it.
fn packages() -> Vec<Json> {
    // Packages of other features and for other systems are not on every disk; what is built here is.
    let host = ["--filter-platform", "x86_64-unknown-linux-gnu"];
    let tries: [&[&str]; 3] = [&["--all-features"], &["--all-features", host[0], host[1]], &host];
    let found = |further: &&[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--offline", "--locked", "--format-version", "1"])
            .args(*further)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo");
        Some(read(&output.stdout)).filter(|packages| !packages.is_empty())
    };
    tries.iter().find_map(found).expect("what was built is on the disk")
}

fn read(text: &[u8]) -> Vec<Json> {
    let metadata: Json = serde_json::from_slice(text).unwrap_or_default();
    metadata["packages"].as_array().cloned().unwrap_or_default()
}

/// The packages of the lock file, for all systems: name and version.
fn locked() -> Vec<(String, String)> {
    let lock: toml::Table = include_str!("../Cargo.lock").parse().expect("TOML");
    let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let packages = lock["package"].as_array().expect("packages");
    packages.iter().map(|package| (text(package, "name"), text(package, "version"))).collect()
}

/// Whether an expression such as "MIT OR (Apache-2.0 AND BSD-3-Clause)" can be met with these licences.
fn is_met(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = any(&words, allowed);
    met && rest.is_empty()
}

fn any<'a>(words: &'a [&'a str], allowed: &[&str]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = all(words, allowed);
    while rest.first() == Some(&"OR") {
        let (other, after) = all(&rest[1..], allowed);
        (met, rest) = (met || other, after);
    }
    (met, rest)
}

fn all<'a>(words: &'a [&'a str], allowed: &[&str]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = one(words, allowed);
    while rest.first() == Some(&"AND") {
        let (other, after) = one(&rest[1..], allowed);
        (met, rest) = (met && other, after);
    }
    (met, rest)
}

fn one<'a>(words: &'a [&'a str], allowed: &[&str]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", rest @ ..] => {
            let (met, rest) = any(rest, allowed);
            (met && rest.first() == Some(&")"), rest.get(1..).unwrap_or_default())
        }
        [name, "WITH", exception, rest @ ..] => {
            (allowed.contains(&format!("{name} WITH {exception}").as_str()), rest)
        }
        [name, rest @ ..] => (allowed.contains(name), rest),
        [] => (false, words),
    }
}

#[test]
fn every_dependency_has_a_licence_that_may_be_used() {
    let rules = rules();
    let allowed: Vec<&str> = rules["licences"]["allowed"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let packages = packages();
    assert!(packages.len() > 50, "the packages were found: {}", packages.len());
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !is_met(package["license"].as_str().unwrap_or_default(), &allowed))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(
        is_met("MIT OR GPL-3.0", &["MIT"]) && !is_met("MIT AND GPL-3.0", &["MIT"]) && !is_met("", &["MIT"])
    );
    assert!(
        is_met("(MIT OR Apache-2.0) AND Zlib", &["MIT", "Zlib"]) && is_met("MIT/Apache-2.0", &["Apache-2.0"])
    );
}

/// A version as numbers, as far as they go.
fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    plain.split('.').filter_map(|part| part.parse().ok()).collect()
}

#[test]
fn no_dependency_has_a_known_fault_or_is_unmaintained_without_a_reason() {
    let rules = rules();
    let locked = locked();
    for fault in rules["fault"].as_array().expect("a list") {
        let text = |key: &str| fault[key].as_str().unwrap_or_default();
        let mended = numbers(text("mended"));
        for (name, version) in locked.iter().filter(|(name, _)| name == text("package")) {
            assert!(
                numbers(version) >= mended,
                "{name} {version} has the fault {}: take {} or later",
                text("id"),
                text("mended")
            );
        }
    }
    for package in rules["unmaintained"].as_array().expect("a list") {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let is_used = locked.iter().any(|(name, _)| name == text("package"));
        assert!(!is_used || text("reason").len() > 40, "{} is unmaintained: {}", text("package"), text("id"));
        assert!(
            is_used || text("reason").is_empty(),
            "{} is no longer used: its reason can go",
            text("package")
        );
    }
    assert!(numbers("1.10.0") > numbers("1.9.3") && numbers("0.4.0-rc.1") >= numbers("0.4.0"));
}

#[test]
fn images_are_pinned_or_say_why_not_and_jobs_end() {
    let file =
        |name: &str| std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).expect(name);
    let docker = file("deploy/kubernetes/Dockerfile");
    let mut before = String::new();
    for line in docker.lines() {
        if line.starts_with("FROM") || line.starts_with("ARG ") && line.contains("IMAGE") {
            let named = line.contains("@sha256:") || line.contains('$') || before.contains("Not by digest:");
            assert!(named, "{line}: pinned by digest, or a comment above says why not");
        }
        before = if line.starts_with('#') { before + line } else { String::new() };
    }
    assert!(file("deploy/kubernetes/job.yaml").contains("activeDeadlineSeconds:"));
    let ignored = file(".dockerignore");
    assert!(
        ["target", ".git", "output"]
            .iter()
            .all(|name| ignored.lines().any(|line| line.trim_end_matches('/') == *name))
    );
}
