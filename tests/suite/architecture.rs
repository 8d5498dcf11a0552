//! The shape of the source: floors, one door per package, exhaustive emitters, safe templates, headings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::shared::root;

/// Every source file with its path below `src/`, without lines of comments.
fn sources() -> Vec<(String, String)> {
    let folder = root().join("src");
    files(&folder, "rs")
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (name, code.join("\n"))
        })
        .collect()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect()
}

/// The code that is shipped: the module of unit tests, which stands last, is cut off.
fn shipped(code: &str) -> &str {
    code.split("#[cfg(test)]").next().unwrap()
}

/// The module at the root that a file belongs to.
fn module(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

/// Floors as the table in `lib.rs` gives them.
fn floors() -> BTreeMap<String, usize> {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | ")).filter_map(|row| row.split_once(" | "));
    let mut floors = BTreeMap::new();
    for (floor, modules) in rows {
        let Ok(floor) = floor.parse::<usize>() else { continue };
        for name in modules.split("[`").skip(1) {
            floors.insert(name.split('`').next().unwrap().to_owned(), floor);
        }
    }
    assert!(floors.len() > 5, "the table of floors in lib.rs cannot be read");
    floors
}

/// Names right behind `crate::`, groups taken apart.
fn crate_paths(code: &str) -> Vec<String> {
    let ident = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut found = Vec::new();
    for part in code.split("crate::").skip(1) {
        match part.strip_prefix('{') {
            None => found.push(ident(part)),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            found.push(ident(&group[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

#[test]
fn groups_of_imports_are_taken_apart() {
    assert_eq!(crate_paths("use crate::diag::At;"), ["diag"]);
    assert_eq!(crate_paths("use crate::{diag::{At, Origin}, value::Cidr};"), ["diag", "value"]);
    assert_eq!(crate_paths("fn f() -> crate::plan::Plan { crate::emit::all() }"), ["plan", "emit"]);
}

#[test]
fn modules_import_from_lower_floors_only() {
    let floors = floors();
    let mut problems = Vec::new();
    for (path, code) in sources() {
        let own = module(&path);
        let Some(floor) = floors.get(own) else { continue };
        for other in crate_paths(shipped(&code)) {
            match floors.get(&other) {
                Some(below) if other == own || below < floor => {}
                // On floor 0 values are the ground that the other two stand on.
                Some(0) if *floor == 0 && matches!(other.as_str(), "value" | "nearest") => {}
                Some(above) => problems.push(format!("src/{path} (floor {floor}) uses crate::{other} (floor {above})")),
                None => problems.push(format!("src/{path} uses crate::{other}, which has no floor")),
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_module_has_a_floor() {
    let floors = floors();
    let roots: Vec<String> = sources().iter().map(|(path, _)| module(path).to_owned()).collect();
    for name in roots.iter().filter(|n| !matches!(n.as_str(), "lib" | "main" | "cli")) {
        assert!(floors.contains_key(name), "{name} is not in the table of floors in lib.rs");
    }
    for name in floors.keys() {
        assert!(roots.contains(name), "{name} is in the table of floors, but does not exist");
    }
}

/// Packages and the only places that know them.
const DOORS: &[(&str, &[&str])] = &[
    ("clap", &["cli/", "main.rs"]),
    ("clap_complete", &["cli/completions.rs"]),
    ("clap_mangen", &["cli/man.rs"]),
    ("handlebars", &["emit/review"]),
    ("ignore", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("ipnet", &["value.rs"]),
    ("jsonschema", &["emit/schema"]),
    ("miette", &["report/"]),
    ("psl", &["tables/suffixes.rs"]),
    ("rayon", &["cli/", "emit/mod.rs", "emit/review.rs"]),
    ("rustix", &["write"]),
    (
        "serde_json",
        &["emit/", "plan/json", "plan/workbook.rs", "report/gitlab.rs", "report/json.rs", "report/sarif.rs"],
    ),
    ("sha2", &["diag.rs", "emit/manifest.rs", "plan/logs.rs", "report/fingerprint.rs"]),
    ("similar", &["cli/", "write/"]),
    ("strsim", &["nearest.rs"]),
    ("terminal_size", &["cli/"]),
    ("toml", &["rules/cursor"]),
    ("walkdir", &["write"]),
];

/// Whether `code` names a package: `package::` that is not the tail of another name.
fn names_package(code: &str, package: &str) -> bool {
    let pattern = format!("{package}::");
    code.match_indices(&pattern).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '"'))
    })
}

#[test]
fn every_package_has_one_door() {
    let mut problems = Vec::new();
    for (path, code) in sources() {
        for (package, doors) in DOORS {
            if names_package(shipped(&code), package) && !doors.iter().any(|door| path.starts_with(door)) {
                problems.push(format!("src/{path} uses {package}, whose door is {}", doors.join(" or ")));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_dependency_has_a_door_that_is_used() {
    let free = ["indexmap", "serde"];
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let table = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let sources = sources();
    for line in table.lines().filter(|line| line.contains('=')) {
        let package = line.split('=').next().unwrap().trim().replace('-', "_");
        if free.contains(&package.as_str()) {
            continue;
        }
        let door = DOORS.iter().find(|(name, _)| *name == package);
        assert!(door.is_some(), "{package} has no door in this test");
        let used = sources.iter().any(|(_, code)| names_package(code, &package));
        assert!(used, "{package} is a dependency that nothing uses");
    }
}

#[test]
fn emitters_take_structs_apart_whole() {
    let mut problems = Vec::new();
    for (path, code) in sources().iter().filter(|(path, _)| path.starts_with("emit/")) {
        for (number, line) in shipped(code).lines().enumerate() {
            let line = line.trim();
            // `..` right before a closing brace leaves fields out; before a value it is a functional update.
            // To ask which variant it is takes nothing apart.
            let asks = line.contains("matches!(");
            let rest = line == ".." || line.contains(", .. }") || line.contains("{ .. }") || line.ends_with(", ..");
            if rest && !asks {
                problems.push(format!("src/{path}, code line {}: {line}", number + 1));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn templates_escape_everything() {
    let folder = root().join("templates");
    let list = files(&folder, "hbs");
    assert!(!list.is_empty(), "no templates");
    for path in list {
        let text = std::fs::read_to_string(&path).unwrap();
        for open in ["{{{", "{{&", "{{~&", "{{~{"] {
            assert!(!text.contains(open), "{} holds {open}", path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_owns() {
    for path in ["src", "tests", "benches"].iter().flat_map(|folder| files(&root().join(folder), "rs")) {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} does not open with `//!`", path.display());
    }
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    for (path, code) in sources() {
        assert!(!code.contains("#[allow(") && !code.contains("#![allow("), "src/{path} allows a lint");
        for part in code.split("#[expect(").skip(1) {
            let attribute = part.split(")]").next().unwrap();
            assert!(attribute.contains("reason"), "src/{path} expects a lint without a reason");
        }
    }
}

#[test]
fn nothing_is_left_for_later_or_in_random_order() {
    for (path, code) in sources() {
        for word in ["HashMap", "HashSet", "todo!(", "unimplemented!("] {
            assert!(!code.contains(word), "src/{path} holds {word}");
        }
    }
    for path in ["src", "tests", "benches"].iter().flat_map(|folder| files(&root().join(folder), "rs")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
        for mark in marks {
            assert!(!text.contains(mark), "{} holds {mark}", path.display());
        }
    }
}
