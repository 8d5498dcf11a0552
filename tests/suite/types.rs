//! Reader of the published resource types, which are indented text: one property per line.

use std::collections::BTreeMap;

use crate::shared::outside_data;

/// What a property is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    /// It can be written.
    Writable,
    /// Azure fills it.
    ReadOnly,
    /// Anything may stand there and below.
    Anything,
}

/// One type at one API version.
#[derive(Debug)]
pub(crate) struct TypeFile {
    /// Its API version.
    pub(crate) version: String,
    flags: BTreeMap<Vec<String>, Flag>,
}

impl TypeFile {
    /// The names right below a path.
    pub(crate) fn names(&self, below: &[String]) -> Vec<String> {
        let deep = below.len() + 1;
        let inside = |key: &&Vec<String>| key.len() == deep && key.starts_with(below);
        self.flags.keys().filter(inside).map(|key| key[deep - 1].clone()).collect()
    }

    /// The file of a type.
    pub(crate) fn of(kind: &str) -> TypeFile {
        let path = outside_data().join("arm-types").join(format!("{}.txt", kind.replace('/', ".")));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let head = text.lines().next().unwrap();
        let version = head.split(['@', ' ']).nth(1).unwrap().to_owned();
        let mut stack: Vec<(usize, Option<String>)> = Vec::new();
        let mut flags = BTreeMap::new();
        for line in text.lines().skip(1).filter(|line| !line.trim().is_empty()) {
            let indent = line.len() - line.trim_start().len();
            while stack.last().is_some_and(|(depth, _)| *depth >= indent) {
                stack.pop();
            }
            let line = line.trim();
            if line.starts_with("when ") {
                // Alternatives by a discriminator are merged: their names do not contradict each other.
                stack.push((indent, None));
                continue;
            }
            let (name, rest) = match line.strip_prefix("[] of") {
                Some(rest) => ("[]", rest),
                None => line.split_once(": ").unwrap_or_else(|| panic!("{}: {line}", path.display())),
            };
            stack.push((indent, Some(name.to_owned())));
            let flag = if rest.contains("(read-only)") {
                Flag::ReadOnly
            } else if rest.trim() == "any" || rest.starts_with("any ") {
                Flag::Anything
            } else {
                Flag::Writable
            };
            let key: Vec<String> = stack.iter().filter_map(|(_, name)| name.clone()).collect();
            flags.insert(key, flag);
        }
        TypeFile { version, flags }
    }

    /// What the property at a path is; names of a map match `<any name>`.
    pub(crate) fn flag(&self, path: &[String]) -> Option<Flag> {
        let fits = |key: &&Vec<String>| {
            key.len() == path.len() && key.iter().zip(path).all(|(known, name)| known == name || known == "<any name>")
        };
        self.flags.get(path).or_else(|| self.flags.iter().find(|(key, _)| fits(key)).map(|(_, flag)| flag)).copied()
    }
}
