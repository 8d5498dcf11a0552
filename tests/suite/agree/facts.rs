//! Facts: one line per property of a resource, with symbols for what Azure chooses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::stub::{Cloud, kind};

/// A set of lines, `resource: path = value`.
pub(crate) type Facts = BTreeSet<String>;

/// Properties that have this value when nothing is said, and why one of the targets says it nevertheless.
const USUAL: [(&str, &str, &str, &str); 2] = [
    (
        "Microsoft.ContainerService/managedClusters",
        "/upgradeSettings/maxSurge",
        "\"10%\"",
        "what AKS gives a new pool; the CLI has no option for it at creation, and the template says it",
    ),
    ("Microsoft.Network/firewallPolicies/ruleCollectionGroups", "/terminateTLS", "false", "the CLI always sends it"),
];

/// The facts of everything that stands.
pub(crate) fn of(cloud: &Cloud) -> Facts {
    let mut symbols: Vec<(String, String)> = cloud.symbols().into_iter().collect();
    // No value is the beginning of one that was replaced before.
    symbols.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    let resources = cloud.resources().map(|resource| (resource.id.as_str(), &resource.body));
    of_bodies(resources, &symbols)
}

/// The facts of resources by their IDs.
pub(super) fn of_bodies<'a>(
    resources: impl Iterator<Item = (&'a str, &'a Value)>,
    symbols: &[(String, String)],
) -> Facts {
    let named = |text: &str| match Cloud::CHOSEN.iter().any(|start| text.contains(start)) {
        true => symbols.iter().fold(text.to_owned(), |text, (value, symbol)| text.replace(value, symbol)),
        false => text.to_owned(),
    };
    let mut facts = Facts::new();
    for (id, body) in resources {
        let kind = kind(id);
        let name = named(id);
        facts.insert(format!("{name}: exists"));
        let mut lines = BTreeMap::new();
        flatten(body, String::new(), &mut lines);
        for (path, value) in lines {
            let usual = USUAL.iter().any(|(of, end, usual, _)| kind == *of && path.ends_with(end) && value == *usual);
            if !usual {
                facts.insert(format!("{name}: {} = {}", named(&path), named(&value)));
            }
        }
    }
    facts
}

/// Every value by its path; what is empty is nothing.
fn flatten(value: &Value, path: String, lines: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(item, format!("{path}/{at}"), lines);
            }
        }
        // An identity is listed by its ID alone.
        Value::Object(fields) if fields.is_empty() && path.contains("~1subscriptions~1") => {
            lines.insert(path, "{}".to_owned());
        }
        Value::Object(fields) => {
            for (name, inner) in fields {
                flatten(inner, format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), lines);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            lines.insert(path, value.to_string());
        }
    }
}

/// What one has and the other has not.
pub(crate) fn difference(one: (&str, &Facts), other: (&str, &Facts)) -> Vec<String> {
    let only = |(name, here): (&str, &Facts), there: &Facts| -> Vec<String> {
        here.difference(there).map(|fact| format!("only {name}: {fact}")).collect()
    };
    let mut lines = only(one, other.1);
    lines.extend(only(other, one.1));
    lines.sort_by_key(|line| line.split_once(": ").map(|(_, fact)| fact.to_owned()));
    lines.into_iter().map(shortened).collect()
}

/// The content of a workbook is one long text.
fn shortened(line: String) -> String {
    match line.char_indices().nth(2000) {
        Some((at, _)) => format!("{}… ({} characters)", &line[..at], line.chars().count()),
        None => line,
    }
}
