//! Bodies of resources: reaching into JSON by a path of names.

use serde_json::{Map, Value, json};

/// Sets what stands at a path of names, making objects on the way.
pub(super) fn set(body: &mut Value, path: &[&str], value: Value) {
    let mut place = body;
    for name in path {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = place.as_object_mut().unwrap().entry((*name).to_owned()).or_insert(Value::Null);
    }
    *place = value;
}

/// Sets it unless there is nothing to set.
pub(super) fn set_some(body: &mut Value, path: &[&str], value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        set(body, path, value.into());
    }
}

/// Reads what stands at a path of names; nothing is null.
pub(super) fn get<'a>(body: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(body, |value, name| &value[*name])
}

/// The list at a path of names, made when it is not there.
pub(super) fn list<'a>(body: &'a mut Value, path: &[&str]) -> &'a mut Vec<Value> {
    if !get(body, path).is_array() {
        set(body, path, json!([]));
    }
    let mut place = body;
    for name in path {
        place = &mut place[*name];
    }
    place.as_array_mut().unwrap()
}

/// `properties` one level up, everywhere, as the CLI prints resources.
pub(super) fn flatten(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut flat = Map::new();
            for (name, inner) in fields {
                match (name.as_str(), inner) {
                    ("properties", Value::Object(_)) => {
                        let Value::Object(inner) = flatten(inner) else { unreachable!("an object stays one") };
                        flat.extend(inner);
                    }
                    (_, _) => {
                        flat.insert(name.clone(), flatten(inner));
                    }
                }
            }
            Value::Object(flat)
        }
        Value::Array(items) => items.iter().map(flatten).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Calls `found` with every text in a value, names of objects included.
pub(super) fn texts(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => found(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| {
            found(name);
            texts(inner, found);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
