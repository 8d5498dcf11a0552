//! The list of our files that `plan.json` carries: read back from a folder, and completed when only some targets were
//! written.

use std::collections::BTreeMap;

use serde_json::Value;

/// Path of the file that carries the list.
pub const PATH: &str = "plan.json";

/// Path to SHA-256 of every file that a `plan.json` lists; `None` when the text is not one of ours.
pub fn files(plan_json: &[u8]) -> Option<BTreeMap<String, String>> {
    let document: Value = serde_json::from_slice(plan_json).ok()?;
    document.get("format")?.as_u64()?;
    let files = document.get("files")?.as_object()?;
    files.iter().map(|(path, hash)| Some((path.clone(), hash.as_str()?.to_owned()))).collect()
}

/// `plan_json` with `kept` added to its list: files of an earlier run that stay because their target was not asked for.
pub fn with(plan_json: &[u8], kept: &BTreeMap<String, String>) -> Vec<u8> {
    let (Some(mut listed), Ok(mut document)) = (files(plan_json), serde_json::from_slice::<Value>(plan_json)) else {
        return plan_json.to_vec();
    };
    if kept.is_empty() {
        return plan_json.to_vec();
    }
    listed.extend(kept.iter().map(|(path, hash)| (path.clone(), hash.clone())));
    document["files"] = listed.into_iter().map(|(path, hash)| (path, Value::String(hash))).collect();
    format!("{document:#}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "{\n  \"format\": 1,\n  \"files\": {\n    \"arm/main.json\": \"aa\"\n  }\n}\n";

    #[test]
    fn reads_its_own_list_and_nothing_else() {
        assert_eq!(files(PLAN.as_bytes()).unwrap().len(), 1);
        for other in ["", "{}", "[]", "{\"format\": 1}", "{\"format\": 1, \"files\": {\"a\": 1}}", "{\"files\": {}}"] {
            assert_eq!(files(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn kept_files_join_the_list_in_order_and_spelling() {
        let kept = [("review.md", "cc"), ("api/x", "bb")].map(|(p, h)| (p.to_owned(), h.to_owned()));
        let made = String::from_utf8(with(PLAN.as_bytes(), &kept.into())).unwrap();
        let want = PLAN
            .replace("    \"arm", "    \"api/x\": \"bb\",\n    \"arm")
            .replace("\"aa\"", "\"aa\",\n    \"review.md\": \"cc\"");
        assert_eq!(made, want);
        assert_eq!(with(PLAN.as_bytes(), &BTreeMap::new()), PLAN.as_bytes());
    }
}
