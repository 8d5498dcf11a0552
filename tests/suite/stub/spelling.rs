//! The other spelling of what Azure reads in more than one: many of its services answer otherwise than they were asked.

use aks_egress::tables::regions;
use serde_json::{Map, Value, json};

/// IDs in other case, regions as people call them, and the only prefix of a subnet in a list.
pub(super) fn respell(value: &mut Value) {
    match value {
        Value::String(text) => *text = id(text),
        Value::Array(items) => items.iter_mut().for_each(respell),
        Value::Object(fields) => *fields = std::mem::take(fields).into_iter().map(field).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    if let Value::Object(fields) = value {
        listed(fields);
    }
}

fn field((name, mut value): (String, Value)) -> (String, Value) {
    match (name.as_str(), &value) {
        ("location", Value::String(region)) => value = json!(called(region)),
        (_, _) => respell(&mut value),
    }
    (id(&name), value)
}

/// Only the word in front keeps its case: scripts tell IDs by it.
fn id(text: &str) -> String {
    match text.strip_prefix("/subscriptions/") {
        Some(rest) => format!("/subscriptions/{}", rest.to_uppercase().replace("/RESOURCEGROUPS/", "/resourcegroups/")),
        None => text.to_owned(),
    }
}

fn called(region: &str) -> &str {
    regions::find(region).map_or(region, |region| region.display)
}

/// A route has a prefix too, of which there is no list.
fn listed(fields: &mut Map<String, Value>) {
    if !fields.contains_key("nextHopType")
        && let Some(prefix) = fields.shift_remove("addressPrefix")
    {
        fields.insert("addressPrefixes".to_owned(), json!([prefix]));
    }
}
