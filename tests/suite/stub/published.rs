//! The stub's commands are those of the real CLI.

use serde_json::Value;

use super::command::{Takes, commands};
use crate::shared::outside_data;

/// The published list of commands with their options.
pub(super) fn list() -> Value {
    let path = outside_data().join("az-commands.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The names of one option among those of a published command.
fn names<'a>(command: &'a Value, name: &str) -> Option<&'a Vec<Value>> {
    let options = command["options"].as_array()?;
    options.iter().filter_map(Value::as_array).find(|names| names.iter().any(|other| other == name))
}

#[test]
#[ignore = "needs the list of commands"]
fn every_command_and_option_is_published() {
    let published = list();
    let mut problems = Vec::new();
    for command in commands() {
        let Some(known) = published["commands"].get(command.words) else {
            problems.push(format!("az {} is not published", command.words));
            continue;
        };
        for option in command.options {
            let flag = known["flags"].as_array().is_some_and(|list| {
                names(known, option.name).is_some_and(|names| names.iter().any(|name| list.contains(name)))
            });
            if names(known, option.name).is_none() {
                problems.push(format!("az {} has no {}", command.words, option.name));
            } else if flag != (option.takes == Takes::Flag) {
                problems.push(format!("az {}: {} takes {:?}", command.words, option.name, option.takes));
            }
        }
        for required in known["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let names = names(known, required).unwrap();
            if !command.options.iter().any(|option| option.required && names.iter().any(|name| name == option.name)) {
                problems.push(format!("az {} requires {required}", command.words));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
