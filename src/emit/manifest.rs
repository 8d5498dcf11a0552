//! `plan.json`: the plan, what it was made from, and every file that was written, with hashes.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{ARTIFACT_FORMAT, FileSet};
use crate::checks::Checked;
use crate::diag::Sources;
use crate::plan::json::to_json;

/// Writes `plan.json` about the files that are there.
pub(super) fn emit(checked: &Checked, files: &mut FileSet) {
    let mut root = Map::new();
    let mut plan = match to_json(&checked.plan) {
        Value::Object(plan) => plan,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    };
    root.extend(plan.shift_remove_entry("format"));
    root.insert("artifact-format".into(), json!(ARTIFACT_FORMAT));
    root.insert("inputs".into(), inputs(&checked.sources));
    root.extend(plan);
    let hashes: Map<String, Value> =
        files.iter().map(|(path, file)| (path.to_owned(), json!(sha256(&file.bytes)))).collect();
    root.insert("files".into(), Value::Object(hashes));
    files.text("plan.json", format!("{:#}\n", Value::Object(root)));
}

/// Somebody's files by their base name, so that a checkout elsewhere gives the same bytes. Packs are part of the program.
fn inputs(sources: &Sources) -> Value {
    let own = sources.iter().map(|(_, source)| source).filter(|source| !source.built_in);
    own.map(|source| json!({ "file": base_name(&source.name), "sha256": sha256(canonical(&source.text).as_bytes()) }))
        .collect()
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A text without what editors and checkouts change: no BOM, LF only.
fn canonical(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_and_checkouts_do_not_change_a_hash() {
        assert_eq!(canonical("\u{feff}a\r\nb\r\n"), "a\nb\n");
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn paths_are_reduced_to_base_names() {
        for (path, name) in [("a/b/c.toml", "c.toml"), ("C:\\x\\c.toml", "c.toml"), ("<stdin>", "<stdin>")] {
            assert_eq!(base_name(path), name);
        }
    }
}
