//! Pages in a real browser: nothing is wider than the window, and nothing complains. Where there is no Chromium, each test
//! says that it is skipped: Debian's package is `chromium`.

mod program;

use program::{ends, text};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names by which Chromium goes.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Pixels across: a phone and a desktop. A headless window is no narrower than 500 by itself, so pages are looked at in frames.
const WIDTHS: [u32; 2] = [390, 1280];

/// The browser, if there is one that can read a page in a temporary folder: one in a sandbox of its own may not.
fn browser() -> Option<&'static str> {
    let place = tempfile::tempdir().expect("a folder");
    let page = place.path().join("page.html");
    std::fs::write(&page, "<!DOCTYPE html><p>it is read</p>").expect("a page");
    let reads = |name: &&str| {
        let is_there = Command::new(name).arg("--version").output().is_ok();
        is_there && run(name, place.path(), &["--dump-dom"], &page).0.contains("it is read")
    };
    let found = NAMES.into_iter().find(reads);
    if found.is_none() {
        eprintln!("skipped: there is no Chromium that can look at pages");
    }
    found
}

/// Runs the browser on a page, and gives what it prints and what it complains of.
fn run(browser: &str, folder: &Path, options: &[&str], page: &Path) -> (String, String) {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let usual = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--allow-file-access-from-files",
        "--enable-logging=stderr",
    ];
    let mut command = Command::new(browser);
    command.args(usual).arg(profile).args(options).arg(format!("file://{}", page.display()));
    let output = command.output().expect("the browser starts");
    let of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (of(&output.stdout), of(&output.stderr))
}

/// What a page is asked in a frame of a width: how wide it is there, how large its smallest letters in charts are, and by
/// how much a text in a chart passes its edge.
fn measured(browser: &str, folder: &Path, page: &Path, width: u32) -> [f64; 3] {
    let asks = folder.join(format!("asks-{width}.html"));
    let script = "const page = frame.contentDocument;
        page.querySelectorAll('details').forEach(one => one.open = true);
        const texts = [...page.querySelectorAll('svg text')].map(one => [one, one.getBoundingClientRect()]);
        const shown = texts.filter(([one, box]) => box.height > 0);
        const letters = Math.min(...shown.map(([one, box]) => box.height), 99);
        const edge = one => one.closest('svg').getBoundingClientRect().right;
        const beyond = Math.max(...shown.map(([one, box]) => box.right - edge(one)), -99);
        document.title = [page.documentElement.scrollWidth, letters, beyond].join(' ');";
    let asked = format!(
        "<!DOCTYPE html><title>none</title><iframe id=frame style='width:{width}px;height:900px;border:0' src='file://{}' \
         onload=\"{script}\"></iframe>",
        page.display()
    );
    std::fs::write(&asks, asked).expect("a page that asks");
    let (printed, complained) = run(browser, folder, &["--dump-dom", "--virtual-time-budget=5000"], &asks);
    assert!(!complained.contains(":CONSOLE"), "{}: {complained}", page.display());
    let title = printed.split("<title>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
    let numbers: Vec<f64> = title.split(' ').filter_map(|word| word.parse().ok()).collect();
    numbers.try_into().unwrap_or_else(|_| panic!("{}: the page was not measured: {title}", page.display()))
}

/// A page of each sort: long tables, wide tables, charts, hostile words.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/health.toml");
    std::fs::copy(scenario, folder.join("health.toml")).expect("a scenario");
    ends(folder, "compare health.toml -n 20 --worlds 4 --out compare --quiet", 0);
    ends(folder, "rank health.toml --limit 40 --out rank --quiet", 0);
    ends(folder, "run health.toml -n 4 --out run --quiet", 0);
    ends(folder, "import --demo --out demo", 0);
    ends(folder, "measure demo --quiet", 0);
    ends(folder, "forecast demo --items 40 --out forecast --quiet", 0);
    let folders = ["compare", "rank", "run", "demo", "forecast"];
    folders.map(|name| folder.join(name).join("report.html")).to_vec()
}

#[test]
fn no_page_is_wider_than_its_window_and_letters_in_charts_can_be_read() {
    let Some(browser) = browser() else { return };
    let place = tempfile::tempdir().expect("a folder");
    for page in pages(place.path()) {
        for width in WIDTHS {
            let [across, letters, beyond] = measured(browser, place.path(), &page, width);
            assert!(across <= f64::from(width), "{}: {across} pixels in a window of {width}", page.display());
            assert!(letters >= 7.0, "{}: letters of {letters} pixels in a window of {width}", page.display());
            assert!(
                beyond <= 1.0,
                "{}: a text passes the edge of its chart by {beyond} pixels",
                page.display()
            );
        }
    }
    // A check that has never been red proves nothing.
    let wide = place.path().join("wide.html");
    let chart = "<svg width=100><text font-size=4>x</text><text x=90 y=20>beyond</text></svg>";
    std::fs::write(&wide, format!("<!DOCTYPE html><div style='width:600px'>wide</div>{chart}"))
        .expect("a page");
    let [across, letters, beyond] = measured(browser, place.path(), &wide, WIDTHS[0]);
    assert!(across >= 600.0 && letters < 7.0 && beyond > 20.0, "{across} {letters} {beyond}");
}

#[test]
fn what_is_folded_is_printed() {
    let Some(browser) = browser() else { return };
    let place = tempfile::tempdir().expect("a folder");
    let page = pages(place.path()).remove(0);
    let pdf = place.path().join("page.pdf");
    let option = format!("--print-to-pdf={}", pdf.display());
    run(browser, place.path(), &[&option], &page);
    let printed = std::fs::read(&pdf).expect("a printed page").len();
    let folded = place.path().join("folded.html");
    let answer = text(page).split("<details>").next().unwrap_or_default().to_owned();
    std::fs::write(&folded, answer + "</main></body></html>").expect("a page");
    run(browser, place.path(), &[&option], &folded);
    let answer = std::fs::read(&pdf).expect("a printed page").len();
    assert!(printed > answer + answer / 4, "with what is folded {printed} bytes, the answer alone {answer}");
}
