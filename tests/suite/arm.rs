//! Reader of ARM templates: JSON with expressions in brackets becomes the common form.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::canon::{Canon, Resource, Template, group, id};

/// Reads a template.
pub(crate) fn read(template: &Value) -> Template {
    let mut result = Template::default();
    for (name, declared) in template["parameters"].as_object().unwrap() {
        let kind = declared["type"].as_str().unwrap().to_owned();
        let part = |key: &str| declared.get(key).map(value);
        result.parameters.insert(name.clone(), (kind, part("allowedValues"), part("defaultValue")));
    }
    for one in template["resources"].as_array().unwrap() {
        let (id, resource) = resource(one);
        result.order.push(id.clone());
        assert!(result.resources.insert(id.clone(), resource).is_none(), "{id} twice");
    }
    for (name, output) in template["outputs"].as_object().unwrap() {
        result.outputs.insert(name.clone(), (output["type"].as_str().unwrap().to_owned(), value(&output["value"])));
    }
    result
}

fn resource(resource: &Value) -> (String, Resource) {
    let kind = resource["type"].as_str().unwrap();
    let names = match value(&resource["name"]) {
        Canon::Text(name) => name.split('/').map(|part| format!("'{part}'")).collect(),
        Canon::Expr(name) => vec![name],
        other => panic!("{other:?}"),
    };
    assert_eq!(names.len(), kind.split('/').count() - 1, "{kind} {names:?}");
    let part = |key: &str| resource.get(key).map(|part| value(part).inline());
    let elsewhere: Vec<String> = part("subscriptionId").into_iter().chain(part("resourceGroup")).collect();
    let scope = part("scope").or(group(&elsewhere));
    let waits: BTreeSet<String> =
        resource.get("dependsOn").and_then(Value::as_array).into_iter().flatten().map(|d| value(d).inline()).collect();
    let mut fields = BTreeMap::new();
    for (key, inner) in resource.as_object().unwrap() {
        if !matches!(
            key.as_str(),
            "type" | "apiVersion" | "name" | "scope" | "dependsOn" | "subscriptionId" | "resourceGroup"
        ) {
            fields.insert(key.clone(), value(inner));
        }
    }
    let mut module = None;
    if kind == "Microsoft.Resources/deployments" {
        let properties = &resource["properties"];
        assert_eq!(properties["expressionEvaluationOptions"]["scope"], "Inner");
        assert_eq!(properties["mode"], "Incremental");
        module = Some(read(&properties["template"]));
        let given = properties["parameters"].as_object().unwrap();
        let given = given.iter().map(|(name, argument)| (name.clone(), value(&argument["value"]))).collect();
        fields = BTreeMap::from([("params".to_owned(), Canon::Map(given))]);
    }
    let version = resource["apiVersion"].as_str().unwrap();
    let own = id(scope.as_deref(), kind, &names);
    (own, Resource { kind: format!("{kind}@{version}"), fields, waits_for: waits, module })
}

/// A value with its strings read as the deployment engine reads them.
pub(crate) fn value(json: &Value) -> Canon {
    match json {
        Value::Null | Value::Bool(_) | Value::Number(_) => Canon::Plain(json.to_string()),
        Value::String(text) => string(text),
        Value::Array(items) => Canon::List(items.iter().map(value).collect()),
        Value::Object(fields) => Canon::Map(fields.iter().map(|(key, inner)| (name(key), value(inner))).collect()),
    }
}

fn name(key: &str) -> String {
    match string(key) {
        Canon::Text(text) => text,
        other => format!("\0{}", other.inline()),
    }
}

fn string(text: &str) -> Canon {
    match read_text(text) {
        Text::Literal(text) => Canon::Text(text),
        Text::Expression(node) => Canon::Expr(canonical(&node).inline()),
    }
}

/// A string of a template.
#[derive(Debug)]
pub(crate) enum Text {
    /// Text.
    Literal(String),
    /// Something to evaluate.
    Expression(Node),
}

/// Reads a string as the deployment engine does.
pub(crate) fn read_text(text: &str) -> Text {
    let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return Text::Literal(text.to_owned());
    };
    // One bracket more than needed makes it literal.
    if inner.starts_with('[') {
        return Text::Literal(text[1..].to_owned());
    }
    let mut parser = Parser { rest: inner };
    let expression = parser.expression();
    assert_eq!(parser.rest, "", "after the expression in {text}");
    Text::Expression(expression)
}

/// A part of an expression.
#[derive(Debug)]
pub(crate) enum Node {
    /// Text in quotes.
    Text(String),
    /// A function with its arguments.
    Call(String, Vec<Node>),
    /// Names and indexes behind something.
    Path(Box<Node>, String),
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expression(&mut self) -> Node {
        let first = if self.take("'") { Node::Text(self.quoted()) } else { self.call() };
        let end = self.rest.find([',', ')', ' ']).unwrap_or(self.rest.len());
        let (path, rest) = self.rest.split_at(end);
        self.rest = rest;
        match path.strip_prefix('.') {
            Some(path) => Node::Path(Box::new(first), path.to_owned()),
            None => {
                assert_eq!(path, "");
                first
            }
        }
    }

    fn quoted(&mut self) -> String {
        let mut text = String::new();
        loop {
            let end = self.rest.find('\'').expect("a closing quote");
            text.push_str(&self.rest[..end]);
            self.rest = &self.rest[end + 1..];
            if !self.take("'") {
                return text;
            }
            text.push('\'');
        }
    }

    fn call(&mut self) -> Node {
        let end = self.rest.find('(').unwrap_or_else(|| panic!("no call: {}", self.rest));
        let name = self.rest[..end].to_owned();
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric()), "no function: {name}");
        self.rest = &self.rest[end + 1..];
        let mut arguments = Vec::new();
        while !self.take(")") {
            arguments.push(self.expression());
            let _ = self.take(", ");
        }
        Node::Call(name, arguments)
    }
}

fn canonical(node: &Node) -> Canon {
    let all = |nodes: &[Node]| -> Vec<String> { nodes.iter().map(|n| canonical(n).inline()).collect() };
    match node {
        Node::Text(text) => Canon::Text(text.clone()),
        Node::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
            ("resourceId", arguments) => {
                // Subscription and group stand before the type, which is the first with a slash.
                let is_type = |node: &Node| matches!(node, Node::Text(text) if text.contains('/'));
                let at = arguments.iter().position(is_type).expect("a type");
                let Node::Text(kind) = &arguments[at] else { unreachable!() };
                let group = group(&all(&arguments[..at]));
                Canon::Expr(id(group.as_deref(), kind, &all(&arguments[at + 1..])))
            }
            ("extensionResourceId", [scope, Node::Text(kind), names @ ..]) => {
                Canon::Expr(id(Some(&canonical(scope).inline()), kind, &all(names)))
            }
            ("parameters", [Node::Text(name)]) => Canon::Expr(format!("param({name})")),
            ("not", [inner]) => Canon::Expr(format!("not({})", canonical(inner).inline())),
            ("createArray", items) => Canon::List(items.iter().map(canonical).collect()),
            ("tryGet", [Node::Call(name, target), Node::Text(property)]) if name == "reference" => {
                Canon::Expr(format!("maybe({}, {property})", canonical(&target[0]).inline()))
            }
            ("concat" | "empty" | "guid" | "if" | "subscriptionResourceId", arguments) => {
                Canon::Expr(format!("{name}({})", all(arguments).join(", ")))
            }
            other => panic!("unexpected {other:?}"),
        },
        Node::Path(inner, path) => match inner.as_ref() {
            Node::Call(name, arguments) if name == "reference" => {
                let [target, Node::Text(_version)] = arguments.as_slice() else { panic!("{arguments:?}") };
                Canon::Expr(format!("prop({}, {path})", canonical(target).inline()))
            }
            other => panic!("unexpected {other:?}"),
        },
    }
}

/// Every ID and parameter that a value names.
pub(crate) fn named(canon: &Canon, found: &mut BTreeSet<String>) {
    match canon {
        Canon::Plain(_) | Canon::Text(_) => {}
        Canon::Expr(text) => named_in(text, found),
        Canon::List(items) => items.iter().for_each(|item| named(item, found)),
        Canon::Map(fields) => {
            for (key, value) in fields {
                key.strip_prefix('\0').into_iter().for_each(|expression| named_in(expression, found));
                named(value, found);
            }
        }
    }
}

fn named_in(text: &str, found: &mut BTreeSet<String>) {
    for word in ["id(", "param("] {
        for (at, _) in text.match_indices(word) {
            // The end of a longer word, such as `guid(`.
            if text[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
                continue;
            }
            let tail = &text[at..];
            found.insert(tail[..=closing(tail)].to_owned());
        }
    }
}

/// Where the bracket closes that opens first.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    panic!("open bracket in {text}");
}
