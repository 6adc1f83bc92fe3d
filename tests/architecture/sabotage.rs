//! Each rule finds what it is for.

use super::*;

fn file(path: &str, text: &str) -> File {
    File::new(path, text)
}

#[test]
fn imports_that_reach_too_deep() {
    let good = [
        ("report/x.rs", "use experiment::summary::Row;\n// experiment::run\nlet s = \"experiment::run\";\n"),
        ("report/x.rs", "use crate::words;\nuse super::chart::text;"),
        ("cli/x.rs", "use crate::observation::trace::Trace;"),
        ("experiment/x.rs", "use observation::recorder::Recorder;"),
        ("report/x.rs", "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use experiment::run;\n}\n"),
    ];
    for (path, text) in good {
        assert!(too_deep(&file(path, text)).is_empty(), "{path}: {text}");
    }
    let bad = [
        ("report/x.rs", "use experiment::run::run;"),
        ("report/x.rs", "use experiment::{summary::Row, replicate::follow};"),
        ("cli/x.rs", "fn f() -> crate::model::work::Item {}"),
        ("cli/deep/x.rs", "use super::super::super::observation::recorder::Recorder;"),
        ("cli/x.rs", "use crate::units::Ticks;"),
    ];
    for (path, text) in bad {
        assert!(!too_deep(&file(path, text)).is_empty(), "{path}: {text}");
    }
}

#[test]
fn mechanisms_that_are_never_asked() {
    let mechanism =
        |body: &str| file("model/mechanisms/x/mod.rs", &format!("impl Mechanism for X {{\n{body}\n}}\n"));
    assert!(unasked(&mechanism("fn paces(a: &P) -> bool {}\nfn pace(&mut self) {}")).is_empty());
    assert!(unasked(&file("model/x.rs", "fn pace(&mut self) {}\n")).is_empty());
    for alone in [
        "fn pace(&mut self) {}",
        "fn each_week(&mut self) {}",
        "fn handle(&mut self) {}",
        "fn paces(a: &P) -> bool {}",
    ] {
        assert_eq!(unasked(&mechanism(alone)).len(), 1, "{alone}");
    }
}

#[test]
fn manifests_that_name_too_much_or_too_little() {
    let manifest = |list: &str, names: &str| format!("[package]\nname = \"x\"\n[{list}]\n{names}\n");
    let good = manifest("dependencies", "kernel.workspace = true\nlibm.workspace = true");
    assert!(misnamed("statistics", &["kernel"], &good).is_empty());
    let bad = manifest("dependencies", "kernel.workspace = true\nmodel.workspace = true");
    assert_eq!(misnamed("statistics", &["kernel"], &bad).len(), 1);
    assert_eq!(misnamed("kernel", &[], &manifest("dev-dependencies", "model.workspace = true")).len(), 1);
    assert_eq!(misnamed("statistics", &["kernel"], &manifest("dependencies", "")).len(), 1);
}

#[test]
fn a_model_that_reads_files() {
    assert!(!reaches_outside(&file("model/x.rs", "let text = std::fs::read(path);")).is_empty());
    assert!(!reaches_outside(&file("observation/x.rs", "use std::time::Instant;")).is_empty());
    assert!(reaches_outside(&file("report/x.rs", "use std::fs;")).is_empty());
}

#[test]
fn mechanisms_that_call_each_other() {
    let bad = ["use super::debt::Debt;", "use crate::mechanisms::{Event, debt};"];
    for text in bad {
        assert!(!sideways(&file("model/mechanisms/release/mod.rs", text)).is_empty(), "{text}");
    }
    let good = "use crate::mechanisms::Event;\nuse super::super::work::ItemId;";
    assert!(sideways(&file("model/mechanisms/release/mod.rs", good)).is_empty());
    assert!(sideways(&file("model/mechanisms/debt/law.rs", "use super::super::debt::Params;")).is_empty());
}

#[test]
fn a_core_that_knows_mechanisms() {
    let mechanisms = ["debt".to_owned(), "clarity".to_owned()];
    let bad = [
        "use super::mechanisms::debt::Debt;",
        "use crate::mechanisms::{Event, debt};",
        "fn f(item: &Item) -> f64 { item.own.clarity.fuzziness() }",
        "let corner = turn\n    .plan\n    .params\n    .debt\n    .corner;",
    ];
    for text in bad {
        assert_eq!(particular(&file("model/flow.rs", text), &mechanisms).len(), 1, "{text}");
        assert!(particular(&file("model/mechanisms/x/mod.rs", text), &mechanisms).is_empty(), "{text}");
        assert!(particular(&file("model/mechanisms.rs", text), &mechanisms).is_empty(), "{text}");
    }
    let good = "use super::mechanisms::{Event, Mechanisms};\nitem.own.follow(migration); // item.own.debt\n";
    assert!(particular(&file("model/flow.rs", good), &mechanisms).is_empty());
    let (told, tells) = ("use super::mechanisms::debt::Params;", "use super::mechanisms::debt::repay;");
    assert!(particular(&file("model/plan.rs", told), &mechanisms).is_empty());
    assert_eq!(particular(&file("model/plan.rs", tells), &mechanisms).len(), 1);
    assert_eq!(particular(&file("model/plan.rs", bad[2]), &mechanisms).len(), 1);
}

#[test]
fn columns_that_others_reach_into() {
    let column = |field: &str| {
        format!("pub struct OnItem {{\n    {field}: f32,\n}}\npub struct OnStage {{ pub a: u8 }}")
    };
    assert!(bared(&file("model/mechanisms/x/mod.rs", &column("doubt"))).is_empty());
    assert_eq!(bared(&file("model/mechanisms/x/mod.rs", &column("pub doubt"))).len(), 1);
}

#[test]
fn heads_that_say_nothing() {
    assert!(!unannounced(&file("x.rs", "use a;\n")).is_empty());
    let head = "//! X.\n//! **How it acts.** Y. **Parameters.** Z.\n";
    assert_eq!(headings(&file("model/mechanisms/x/mod.rs", head)).len(), 1);
    assert!(headings(&file("model/mechanisms/x/part.rs", "//! A part.\n")).is_empty());
}

#[test]
fn things_that_grow() {
    let long = format!(
        "impl X {{\n    pub(super) fn long(a: u8) {{\n{}    }}\n    fn short() {{}}\n}}\n",
        "        a();\n".repeat(80)
    );
    let found = functions(&file("x.rs", &long));
    assert_eq!((found["x.rs: long"], found["x.rs: short"]), (82, 1));
    assert_eq!(ratchet(70, &[], &found).len(), 1);
    assert_eq!(ratchet(70, &[("x.rs: long", 81)], &found).len(), 1);
    assert_eq!(ratchet(70, &[("x.rs: long", 82)], &found).len(), 0);
    assert_eq!(ratchet(90, &[("x.rs: long", 82)], &found).len(), 1);
    assert_eq!(ratchet(90, &[("x.rs: gone", 82)], &found).len(), 1);
}

#[test]
fn words_that_are_banned() {
    for text in ["todo!()", "let a = b.unwrap();", "let a: Box<dyn Fn()> = b;", "let a: Rc<u8> = b;"] {
        assert_eq!(banned(&file("model/x.rs", text)).len(), 1, "{text}");
    }
    assert!(banned(&file("model/x.rs", "let a: Arc<u8> = \"todo!\"; // dbg!")).is_empty());
    assert!(banned(&file("report/x.rs", "type Read = Box<dyn Fn()>;")).is_empty());
}

#[test]
fn stream_ids_that_coincide() {
    let one = || file("a.rs", "const A: StreamId = StreamId::named(\"a/b\");");
    assert_eq!(clashes(&[one(), one()]).len(), 1);
    // Two words whose FNV-1a tags are known to coincide.
    assert_eq!(tag("costarring"), tag("liquid"));
    let other = |name: &str| file("b.rs", &format!("StreamId::named(\"{name}\")"));
    assert_eq!(clashes(&[other("costarring"), other("liquid")]).len(), 1);
}
