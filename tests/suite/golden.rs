//! Every example profile compiles to exactly its folder in `golden/`. `UPDATE_GOLDEN=1` rewrites the folders.

use std::collections::BTreeMap;
use std::path::Path;

use similar::TextDiff;

use crate::shared::{compile_file, profiles, root, stem};

fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            (path, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Scripts are committed as what can be run, as `compile` writes them.
#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0)
}

/// Whether a file is one that `compile` marks so.
fn is_script(path: &str) -> bool {
    path.ends_with(".sh")
}

fn compiled(profile: &Path) -> BTreeMap<String, Vec<u8>> {
    let built = compile_file(profile);
    let problems: Vec<_> = built.report().findings.iter().map(|f| format!("{}: {}", f.code.id, f.message)).collect();
    let checked = built.checked().unwrap_or_else(|| panic!("{}: {problems:#?}", profile.display()));
    let files = aks_egress::emit::all(checked).unwrap();
    assert!(files.iter().all(|(path, file)| file.executable == is_script(path)), "{}", profile.display());
    files.iter().map(|(path, file)| (path.to_owned(), file.bytes.clone())).collect()
}

fn rewrite(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    if folder.exists() {
        std::fs::remove_dir_all(folder).unwrap();
    }
    for (path, bytes) in files {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, bytes).unwrap();
        #[cfg(unix)]
        if is_script(path) {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}

fn difference(name: &str, path: &str, old: &[u8], new: &[u8]) -> String {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = TextDiff::from_lines(old.as_ref(), new.as_ref());
    diff.unified_diff().header(&format!("golden/{name}/{path}"), "compiled").to_string()
}

#[test]
fn every_profile_compiles_to_its_folder() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut problems = Vec::new();
    for profile in profiles() {
        let name = stem(&profile);
        let folder = root().join("golden").join(&name);
        let new = compiled(&profile);
        if update {
            rewrite(&folder, &new);
        }
        let old = files_below(&folder);
        problems.extend(new.keys().filter(|p| !old.contains_key(*p)).map(|p| format!("missing: golden/{name}/{p}")));
        problems.extend(old.keys().filter(|p| !new.contains_key(*p)).map(|p| format!("surplus: golden/{name}/{p}")));
        #[cfg(unix)]
        for path in new.keys().filter(|path| is_executable(&folder.join(path)) != is_script(path)) {
            problems.push(format!("another mode: golden/{name}/{path}"));
        }
        for (path, bytes) in &new {
            if let Some(other) = old.get(path).filter(|other| *other != bytes) {
                problems.push(difference(&name, path, other, bytes));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_golden_folder_has_its_profile() {
    let known: Vec<_> = profiles().iter().map(|p| stem(p)).collect();
    for entry in std::fs::read_dir(root().join("golden")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(known.contains(&name), "golden/{name} has no profile");
    }
}

#[test]
fn artifacts_are_plain_text() {
    for profile in profiles() {
        for (path, bytes) in compiled(&profile) {
            let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{path} is not UTF-8"));
            assert!(text.ends_with('\n'), "{path} does not end with a line break");
            assert!(!text.contains('\r'), "{path} has a carriage return");
            assert!(!text.starts_with('\u{feff}'), "{path} starts with a BOM");
        }
    }
}

#[test]
fn two_runs_write_the_same_bytes() {
    for profile in profiles() {
        assert_eq!(compiled(&profile), compiled(&profile), "{}", profile.display());
    }
}

/// The tool's version is in no artifact, so a new version alone changes nothing.
#[test]
fn the_library_does_not_know_its_version() {
    for entry in walkdir::WalkDir::new(root().join("src")).into_iter().filter_map(Result::ok) {
        let path = entry.path();
        let in_binary = path.starts_with(root().join("src/cli")) || path.ends_with("main.rs");
        if in_binary || path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.contains("CARGO_PKG"), "{} reads the version", path.display());
    }
}
