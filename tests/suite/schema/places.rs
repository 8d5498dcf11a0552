//! What the JSON Schema describes, taken apart: every place of a document with the forms that a value may have there,
//! and documents made of them.
//!
//! The keywords that the schema uses are understood; another one is a panic, so that nothing is passed over.

use serde_json::{Map, Value};
use toml::Value as Toml;

/// The name of an entry of a table whose keys somebody chooses.
pub(super) const CHOSEN: &str = "x";

/// Where a form notes the keys of its alternatives.
const EXCLUDED: &str = "x-excluded";

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Element,
}

/// A place in a document.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) way: Vec<Step>,
    /// What may stand there: one of these.
    pub(super) forms: Vec<Value>,
    /// The smallest document that has something there.
    around: Toml,
}

impl Place {
    /// The types that its forms have.
    pub(super) fn types(&self) -> Vec<&'static str> {
        let mut list: Vec<_> = self.forms.iter().map(kind).collect();
        list.sort_unstable();
        list.dedup();
        list
    }

    /// The smallest document that has `value` there.
    pub(super) fn holding(&self, value: Toml) -> toml::Table {
        let mut document = self.around.clone();
        let mut node = &mut document;
        for step in &self.way {
            node = match (node, step) {
                (Toml::Table(table), Step::Key(key)) => table.get_mut(key).unwrap(),
                (Toml::Array(list), Step::Element) => list.first_mut().unwrap(),
                (other, _) => panic!("{step:?} does not lead into {other}"),
            };
        }
        *node = value;
        let Toml::Table(mut table) = document else { panic!("a document is a table") };
        let path = format!("{}.", self.path());
        for (_, settings) in MEANT_WITH.iter().filter(|(key, _)| path.starts_with(key)) {
            let settings: toml::Table = settings.parse().unwrap();
            for (key, value) in settings {
                table.entry(key).or_insert(value);
            }
        }
        table
    }

    /// The way as people write it.
    pub(super) fn path(&self) -> String {
        let part = |step: &Step| match step {
            Step::Key(key) => format!(".{key}"),
            Step::Element => "[]".to_owned(),
        };
        self.way.iter().map(part).collect::<String>().trim_start_matches('.').to_owned()
    }
}

/// Keys that mean something with other settings only, beyond what the schema can say.
const MEANT_WITH: [(&str, &str); 2] = [
    ("network.subnets.pods.", "cni = 'azure-pod-subnet'"),
    ("network.subnets.api-server.", "cluster = { api-server = 'vnet-integrated' }"),
];

/// A source of decisions; when it is used up, every decision is for the smallest.
#[derive(Debug, Clone)]
pub(super) struct Choices<'c> {
    rest: &'c [u8],
}

impl<'c> Choices<'c> {
    pub(super) fn new(rest: &'c [u8]) -> Self {
        Choices { rest }
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        usize::from(*first) % n.max(1)
    }

    /// One of some.
    pub(super) fn one<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

/// The schema with what it refers to.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) root: Value,
}

impl Schema {
    pub(super) fn new(text: &str) -> Self {
        Schema { root: serde_json::from_str(text).unwrap() }
    }

    /// A node with its reference replaced by what is meant.
    fn resolved(&self, node: &Value) -> Value {
        let Some(target) = node.get("$ref").and_then(Value::as_str) else { return node.clone() };
        let mut own = node.clone();
        own.as_object_mut().unwrap().remove("$ref");
        self.over(self.root.pointer(target.trim_start_matches('#')).unwrap(), &own)
    }

    /// `below` with what `above` says besides or instead.
    fn over(&self, below: &Value, above: &Value) -> Value {
        let mut all = self.resolved(below);
        let map = all.as_object_mut().unwrap();
        if above.get("items").is_some() {
            map.remove("anyOf"); // of kinds of elements, between which this decides
        }
        for (key, value) in above.as_object().unwrap() {
            let merged = match (key.as_str(), map.get(key)) {
                ("required", Some(Value::Array(old))) => old.iter().chain(value.as_array().unwrap()).cloned().collect(),
                ("properties", Some(Value::Object(old))) => {
                    let mut properties = old.clone();
                    for (key, value) in value.as_object().unwrap() {
                        let merged = properties.get(key).map_or_else(|| value.clone(), |old| self.over(old, value));
                        properties.insert(key.clone(), merged);
                    }
                    Value::Object(properties)
                }
                ("items" | "additionalProperties", Some(old @ Value::Object(_))) => self.over(old, value),
                _ => value.clone(),
            };
            map.insert(key.clone(), merged);
        }
        all
    }

    /// The forms of a node, each without alternatives.
    pub(super) fn forms(&self, node: &Value) -> Vec<Value> {
        let node = self.resolved(node);
        for keyword in ["anyOf", "oneOf"] {
            let Some(list) = node.get(keyword).and_then(Value::as_array) else { continue };
            let mut base = node.clone();
            base.as_object_mut().unwrap().remove(keyword);
            let form = |alternative: &Value| {
                let mut form = self.over(&base, alternative);
                if keyword == "oneOf" {
                    let others = list.iter().filter(|other| *other != alternative).flat_map(required);
                    form[EXCLUDED] = others.map(Value::String).collect();
                }
                self.forms(&form)
            };
            return list.iter().flat_map(form).collect();
        }
        vec![node]
    }

    /// Every place, the whole document first.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut list = Vec::new();
        self.collect(Vec::new(), &self.root, &mut list);
        list
    }

    fn collect(&self, way: Vec<Step>, node: &Value, list: &mut Vec<Place>) {
        // With nothing there but what must be, as the smallest document has it.
        let smallest =
            |form: Value| self.with_conditions(&form, |key| required(&form).iter().any(|known| known == key));
        let mut forms: Vec<Value> = self.forms(node).into_iter().map(smallest).collect();
        if way.is_empty() {
            forms.truncate(1); // a profile that extends nothing, so that all that is required is seen
        }
        let mut below: Vec<(Step, Vec<Value>)> = Vec::new();
        for (step, node) in forms.iter().flat_map(children) {
            match below.iter_mut().find(|(known, _)| *known == step) {
                Some((_, nodes)) if nodes.contains(&node) => {}
                Some((_, nodes)) => nodes.push(node),
                None => below.push((step, vec![node])),
            }
        }
        let around = self.filled(&self.root, &way, Toml::Boolean(true));
        let endless = within_itself(&forms);
        list.push(Place { way: way.clone(), forms, around });
        // A value may hold values of its own kind without end: what holds for two of them holds for all.
        let within = |step: &Step| *step == Step::Element || *step == Step::Key(CHOSEN.to_owned());
        if way.len() > 3 && way.iter().rev().take(2).all(within) && endless {
            return;
        }
        for (step, nodes) in below {
            let node = if nodes.len() == 1 { nodes[0].clone() } else { serde_json::json!({ "anyOf": nodes }) };
            self.collect([way.clone(), vec![step]].concat(), &node, list);
        }
    }

    /// A form of a table with what follows from the keys that it has.
    fn with_conditions(&self, form: &Value, has: impl Fn(&str) -> bool) -> Value {
        let mut all = form.clone();
        let listed = form.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let own = form.get("if").map(|_| form);
        for condition in listed.chain(own) {
            let follows = if holds(&condition["if"], &has) { "then" } else { "else" };
            if let Some(more) = condition.get(follows) {
                all = self.over(&all, more);
            }
        }
        all
    }

    /// A value of a form.
    pub(super) fn instance(&self, form: &Value, choices: &mut Choices<'_>) -> Toml {
        if let Some(value) = form.get("const") {
            return plain(value);
        }
        if let Some(words) = form.get("enum").and_then(Value::as_array) {
            return plain(choices.one(words));
        }
        match kind(form) {
            "boolean" => Toml::Boolean(choices.below(2) == 1),
            "integer" => {
                let bound = |key: &str| form.get(key).and_then(Value::as_i64).unwrap();
                let (low, high) = (bound("minimum"), bound("maximum"));
                Toml::Integer(*choices.one(&[i64::midpoint(low, high), low, high]))
            }
            "string" if form["format"] == "date" => Toml::Datetime("2027-01-31".parse().unwrap()),
            "string" => Toml::String(choices.one(&samples(form)).clone()),
            "array" => {
                let least = form.get("minItems").and_then(Value::as_u64).map_or(0, |n| usize::try_from(n).unwrap());
                let count = least + choices.below(3);
                Toml::Array((0..count).map(|_| self.any(&form["items"], choices)).collect())
            }
            "object" => Toml::Table(self.table(form, None, choices)),
            other => panic!("a value of the type {other} cannot be made"),
        }
    }

    /// A value of one of a node's forms.
    pub(super) fn any(&self, node: &Value, choices: &mut Choices<'_>) -> Toml {
        let forms = self.forms(node);
        let form = choices.one(&forms).clone();
        self.instance(&form, choices)
    }

    /// A table of a form, with `forced` among its keys.
    fn table(&self, form: &Value, forced: Option<&str>, choices: &mut Choices<'_>) -> toml::Table {
        let mut keys = required(form);
        keys.extend(forced.map(str::to_owned));
        for key in form["properties"].as_object().into_iter().flat_map(Map::keys) {
            if choices.below(4) == 3 && !excluded(form, key) {
                keys.push(key.clone());
            }
        }
        if form.get("additionalProperties").is_some_and(Value::is_object) && choices.below(2) == 1 {
            keys.push(CHOSEN.to_owned());
        }
        // What must be there may follow from what is there.
        let whole = self.with_conditions(form, |key| keys.iter().any(|k| k == key));
        keys.extend(required(&whole));
        let mut table = toml::Table::new();
        for key in keys {
            if !table.contains_key(&key) {
                let value = self.any(child(&whole, &key), choices);
                table.insert(key, value);
            }
        }
        table
    }

    /// The smallest value of a node that has `value` at the end of `way`.
    fn filled(&self, node: &Value, way: &[Step], value: Toml) -> Toml {
        let Some((step, rest)) = way.split_first() else { return value };
        let forms = self.forms(node);
        let has = |form: &&Value| children(form).iter().any(|(known, _)| known == step);
        match step {
            Step::Element => {
                let form = forms.iter().find(has).unwrap();
                Toml::Array(vec![self.filled(&form["items"], rest, value)])
            }
            Step::Key(key) => {
                let asks = |form: &&Value| required(form).contains(key);
                let fits = |form: &&Value| has(form) && !excluded(form, key);
                let form = forms.iter().find(asks).or_else(|| forms.iter().find(fits)).unwrap();
                let mut table = self.table(form, Some(key), &mut Choices::new(&[]));
                let whole = self.with_conditions(form, |key| table.contains_key(key));
                table.insert(key.clone(), self.filled(child(&whole, key), rest, value));
                Toml::Table(table)
            }
        }
    }
}

/// Whether a value may hold others of its own kind.
fn within_itself(forms: &[Value]) -> bool {
    let refers = |form: &Value| form["items"]["$ref"] == "#/$defs/plain";
    forms.iter().any(refers)
}

/// The parts of a form.
fn children(form: &Value) -> Vec<(Step, Value)> {
    let properties = form.get("properties").and_then(Value::as_object).into_iter().flatten();
    let keys = properties.map(|(key, node)| (Step::Key(key.clone()), node.clone()));
    let chosen = form.get("additionalProperties").filter(|node| node.is_object());
    let items = form.get("items").map(|node| (Step::Element, node.clone()));
    keys.chain(chosen.map(|node| (Step::Key(CHOSEN.to_owned()), node.clone()))).chain(items).collect()
}

/// What a table holds at a key.
fn child<'f>(form: &'f Value, key: &str) -> &'f Value {
    form.pointer(&format!("/properties/{key}")).unwrap_or_else(|| &form["additionalProperties"])
}

/// Whether a key belongs to an alternative.
fn excluded(form: &Value, key: &str) -> bool {
    form.get(EXCLUDED).and_then(Value::as_array).is_some_and(|list| list.iter().any(|k| k == key))
}

fn required(form: &Value) -> Vec<String> {
    let list = form.get("required").and_then(Value::as_array).into_iter().flatten();
    list.map(|key| key.as_str().unwrap().to_owned()).collect()
}

/// Whether the condition of an `if` holds for a table with some keys.
fn holds(condition: &Value, has: &impl Fn(&str) -> bool) -> bool {
    condition.as_object().unwrap().iter().all(|(keyword, value)| match keyword.as_str() {
        "required" => value.as_array().unwrap().iter().all(|key| has(key.as_str().unwrap())),
        "anyOf" => value.as_array().unwrap().iter().any(|inner| holds(inner, has)),
        other => panic!("a condition with {other} is not understood"),
    })
}

/// The type of a form, where words and constants are texts or numbers.
pub(super) fn kind(form: &Value) -> &'static str {
    let of_value = |value: &Value| match value {
        Value::String(_) => "string",
        Value::Number(_) => "integer",
        other => panic!("no type for {other}"),
    };
    match form.get("type").and_then(Value::as_str) {
        Some("object") => "object",
        Some("array") => "array",
        Some("string") => "string",
        Some("integer") => "integer",
        Some("boolean") => "boolean",
        Some(other) => panic!("the type {other} is not understood"),
        None => of_value(form.get("const").unwrap_or_else(|| &form["enum"][0])),
    }
}

/// Texts of a form: its examples and default, or one that any text fits.
pub(super) fn samples(form: &Value) -> Vec<String> {
    let own = form.get("examples").and_then(Value::as_array).into_iter().flatten().chain(form.get("default"));
    let mut list: Vec<String> = own.filter_map(Value::as_str).map(str::to_owned).collect();
    if list.is_empty() {
        list.push("x".to_owned());
    }
    list
}

/// A word or a number of the schema.
fn plain(value: &Value) -> Toml {
    match value {
        Value::String(text) => Toml::String(text.clone()),
        Value::Number(number) => Toml::Integer(number.as_i64().unwrap()),
        other => panic!("no plain value: {other}"),
    }
}
