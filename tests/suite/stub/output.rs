//! `--query` and `--output`: what the CLI prints of an answer.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use jmespath::functions::{ArgumentType, CustomFunction, Signature};
use jmespath::{Expression, Rcvar, Runtime, Variable};
use regex::Regex;
use serde_json::Value;

use super::command::Failure;

/// The printed answer.
pub(super) fn print(answer: &Value, query: Option<&str>, output: &str) -> Result<String, Failure> {
    let value = match query {
        Some(query) => search(query, answer)?,
        None => answer.clone(),
    };
    match (output, &value) {
        ("none", _) | (_, Value::Null) => Ok(String::new()),
        ("tsv", Value::Array(rows)) => Ok(rows.iter().map(row).collect()),
        ("tsv", value) => Ok(row(value)),
        ("json", value) => Ok(format!("{value:#}\n")),
        (other, _) => Err(Failure::usage(format!("--output {other}"))),
    }
}

/// What a query finds.
fn search(query: &str, answer: &Value) -> Result<Value, Failure> {
    let bad = |why: &dyn std::fmt::Display| Failure::usage(format!("--query {query}: {why}"));
    RUNTIME.with(|(runtime, known)| {
        let mut known = known.borrow_mut();
        if !known.contains_key(query) {
            sorted(query).map_err(|why| bad(&why))?;
            known.insert(query.to_owned(), runtime.compile(query).map_err(|e| bad(&e))?);
        }
        let expression = &known[query];
        let found =
            Variable::from_serializable(answer).and_then(|data| expression.search(data)).map_err(|e| bad(&e))?;
        serde_json::to_value(&*found).map_err(|e| bad(&e))
    })
}

thread_local! {
    /// The query language with the CLI's own `to_string`, and the queries that were read before.
    static RUNTIME: (&'static Runtime, RefCell<BTreeMap<String, Expression<'static>>>) = {
        let runtime = Box::leak(Box::new(Runtime::new()));
        runtime.register_builtin_functions();
        let signature = Signature::new(vec![ArgumentType::Any], None);
        let function = CustomFunction::new(signature, Box::new(|args: &[Rcvar], _: &mut _| Ok(to_string(&args[0]))));
        runtime.register_function("to_string", Box::new(function));
        (runtime, RefCell::default())
    };
}

/// The CLI's `to_string` prints text as it is, and everything else as compact JSON in ASCII.
fn to_string(value: &Rcvar) -> Rcvar {
    if value.is_string() {
        return Rcvar::clone(value);
    }
    let json = serde_json::to_value(&**value).unwrap().to_string();
    let mut ascii = String::new();
    for c in json.chars() {
        if matches!(c, ' '..='~') {
            ascii.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| ascii.push_str(&format!("\\u{unit:04x}")));
        }
    }
    Rcvar::new(Variable::String(ascii))
}

static OBJECTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{([^{}]*)\}").unwrap());
static NAMES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|,)\s*(\w+):").unwrap());

/// The CLI prints the properties of an object in the order of the query, this crate by name. Both are the same for queries
/// that are in order.
fn sorted(query: &str) -> Result<(), String> {
    for object in OBJECTS.captures_iter(query) {
        let list: Vec<&str> = NAMES.captures_iter(&object[1]).map(|name| name.get(1).unwrap().as_str()).collect();
        if !list.is_sorted() {
            return Err(format!("properties are not in order: {list:?}"));
        }
    }
    Ok(())
}

/// A line of tab-separated values.
fn row(value: &Value) -> String {
    let cells: Vec<String> = match value {
        Value::Array(items) => items.iter().map(cell).collect(),
        Value::Object(fields) => fields.values().map(cell).collect(),
        // Only a line that is a boolean by itself is printed as JSON has it.
        Value::Bool(value) => vec![value.to_string()],
        Value::Null | Value::Number(_) | Value::String(_) => vec![cell(value)],
    };
    format!("{}\n", cells.join("\t"))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.len().to_string(),
        Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prints_what_the_cli_prints() {
        let answer = json!({ "a": "x y", "b": [1, null, true], "c": { "d": "é" }, "e": null, "f": false });
        for (query, printed) in [
            ("a", "x y\n"),
            ("e", ""),
            ("f", "false\n"),
            ("b", "1\nNone\ntrue\n"),
            ("[a, c, e]", "x y\né\nNone\n"),
            ("[[a, c]]", "x y\t\n"),
            ("[[a, f, b]]", "x y\tFalse\t3\n"),
            (
                "[to_string(e), to_string(f), to_string(c), to_string(b), to_string(a)]",
                "null\nfalse\n{\"d\":\"\\u00e9\"}\n[1,null,true]\nx y\n",
            ),
        ] {
            assert_eq!(print(&answer, Some(query), "tsv").unwrap(), printed, "{query}");
        }
        assert!(print(&answer, Some("{b: b, a: a}"), "tsv").is_err());
        assert!(print(&answer, Some("a ||"), "tsv").is_err());
    }
}
