//! The review in a real browser: nothing is asked of the network, nothing is logged as wrong, and everything can be read
//! in both colour schemes, on a wide screen and on a narrow one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::shared::{compile_text, examples, files_of};

/// What measures.
const SCRIPT: &str = include_str!("browser.js");

/// Widths in pixels: a desk and a telephone.
const WIDTHS: [u32; 2] = [1280, 400];

/// Chromium without a window, in a profile of its own, that finds no host of any name.
fn chromium(folder: &Path, extra: &[&str], page: &str) -> Output {
    let own = folder.join("chromium");
    Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-extensions"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--allow-file-access-from-files", "--window-size=1400,2000"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=60000"])
        .arg(format!("--user-data-dir={}", own.display()))
        .args(extra)
        .arg(format!("file://{}", folder.join(page).display()))
        .env("HOME", folder)
        .output()
        .expect("chromium runs")
}

/// Lines that pages wrote to the console.
fn console(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect()
}

/// Writes the page that measures `pages`, and runs it.
fn measure(folder: &Path, pages: &[String], dark: bool, extra: &[&str]) -> (Vec<Value>, Vec<String>) {
    let list: Vec<Value> =
        pages.iter().flat_map(|page| WIDTHS.map(|width| serde_json::json!({ "page": page, "width": width }))).collect();
    let list = serde_json::to_string(&list).unwrap();
    let harness = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>measuring</title><body><script>const PAGES = {list};\n{SCRIPT}</script></body></html>"
    );
    std::fs::write(folder.join("measure.html"), harness).unwrap();
    // 0 is dark and 1 is light.
    let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!dark));
    let output = chromium(folder, &[&["--dump-dom", &scheme], extra].concat(), "measure.html");
    let dom = scraper::Html::parse_document(&String::from_utf8_lossy(&output.stdout));
    let selector = scraper::Selector::parse("#result").unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let result = dom.select(&selector).next().unwrap_or_else(|| panic!("no result:\n{said}"));
    (serde_json::from_str(&result.text().collect::<String>()).unwrap(), console(&output))
}

/// The review of a profile whose texts, names and lists are as long as they may be.
const CROWDED: &str = include_str!("browser.toml");

/// Every review as a file in `folder`; returns their names.
fn put(folder: &Path) -> Vec<String> {
    let mut reviews: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (name, files) in examples() {
        reviews.insert(name, files["review.html"].clone());
    }
    reviews.insert("crowded".to_owned(), files_of(&compile_text(CROWDED))["review.html"].clone());
    let write = |(name, bytes): (String, Vec<u8>)| {
        let page = format!("{name}.html");
        std::fs::write(folder.join(&page), bytes).unwrap();
        page
    };
    reviews.into_iter().map(write).collect()
}

#[test]
#[ignore = "needs chromium"]
fn everything_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let pages = put(folder.path());
    for dark in [false, true] {
        let (results, console) = measure(folder.path(), &pages, dark, &[]);
        assert_eq!(console, Vec::<String>::new());
        assert_eq!(results.len(), pages.len() * WIDTHS.len());
        let mut wrong = Vec::new();
        for result in &results {
            let at = format!("{} at {} ({})", result["page"], result["width"], if dark { "dark" } else { "light" });
            assert_eq!(result["dark"], dark, "{at}: the colour scheme is not the one asked for");
            assert_eq!(result["innerWidth"], result["width"], "{at}");
            assert!(result["seen"].as_u64().unwrap() > 150, "{at}: {} texts", result["seen"]);
            wrong.extend(result["wrong"].as_array().unwrap().iter().map(|w| format!("{at}: {w}")));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// The measuring itself sees what it is there to see.
#[test]
#[ignore = "needs chromium"]
fn what_cannot_be_read_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<!doctype html><html lang=\"en\"><meta name=\"viewport\" content=\"width=device-width\"><title>t</title>\
        <body style=\"background:#fff;color:#000\"><p style=\"color:#999\">pale</p><p style=\"font-size:8px\">tiny</p>\
        <div style=\"width:2000px\">broad</div><svg viewBox=\"0 0 100 40\" width=\"100\" height=\"40\">\
        <rect width=\"90\" height=\"40\" fill=\"#000\"/><text x=\"2\" y=\"20\" font-size=\"12\" fill=\"#222\">sunk in the dark</text>\
        <text x=\"4\" y=\"21\" font-size=\"12\" fill=\"#fff\">above</text></svg><p>good</p></body></html>";
    std::fs::write(folder.path().join("bad.html"), page).unwrap();
    let (results, _) = measure(folder.path(), &["bad.html".to_owned()], false, &[]);
    let wrong: Vec<&str> = results[1]["wrong"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    let about = |word: &str| wrong.iter().filter(|w| w.contains(word)).count();
    assert_eq!(about("p \"pale\" has a contrast of 2."), 1, "{wrong:#?}");
    assert_eq!(about("p \"tiny\" is 8.0 pixels high"), 1, "{wrong:#?}");
    assert_eq!(about("the page is 20"), 1, "{wrong:#?}");
    assert_eq!(about("text \"sunk in the dark\" has a contrast of 1."), 1, "{wrong:#?}");
    assert_eq!(about("\"sunk in the dark\" leaves its box"), 1, "{wrong:#?}");
    assert_eq!(about("\"sunk in the dark\" covers \"above\""), 1, "{wrong:#?}");
    assert_eq!(about("good"), 0, "{wrong:#?}");
}

/// Addresses that a page asked for, according to the browser's own log of its network.
fn asked_for(log: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(log).unwrap();
    let log: Value = serde_json::from_str(&text).unwrap_or_else(|_| {
        // The browser ends without closing the list.
        serde_json::from_str(&format!("{}]}}", text.trim_end().trim_end_matches(','))).unwrap()
    });
    let events = log["events"].as_array().unwrap();
    // The browser asks for things of its own accord too; what a page wants carries the page's site.
    let by_page = events
        .iter()
        .filter(|event| event["params"]["site_for_cookies"].as_str().is_some_and(|site| site.contains("site=file://")));
    by_page.filter_map(|event| event["params"]["url"].as_str()).map(str::to_owned).collect()
}

#[test]
#[ignore = "needs chromium"]
fn nothing_is_asked_of_the_network() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = "http://tracker.invalid/x.png";
    let foreign = format!("<!doctype html><html lang=\"en\"><title>t</title><img src=\"{wanted}\" alt=\"\"></html>");
    std::fs::write(folder.path().join("foreign.html"), foreign).unwrap();
    let mut pages = put(folder.path());
    pages.push("foreign.html".to_owned());
    let log = folder.path().join("net.json");
    measure(folder.path(), &pages, false, &[&format!("--log-net-log={}", log.display())]);
    let outside: BTreeSet<String> = asked_for(&log).into_iter().filter(|url| url.starts_with("http")).collect();
    assert_eq!(outside, BTreeSet::from([wanted.to_owned()]), "only the page that wants something asks for it");
}
