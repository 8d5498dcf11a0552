//! Resources that az has no plain command for: the generic one writes them, from the tree that ARM and Bicep print.

use serde_json::Value;

use super::ensure::{Fact, Home, ascii, ensure as ensure_facts, tag_facts};
use super::shell::{Query, Script, Word};
use crate::emit::deployment::node::{Expr, Key, Node};
use crate::emit::deployment::parameter::Parameter;
use crate::emit::deployment::target::{Group, Name, Symbol, Target};
use crate::emit::deployment::{self, Body};
use crate::plan::Plan;

/// The resource of this symbol in a group: left alone, created, or the end of the script.
pub(super) fn ensure(script: &mut Script, plan: &Plan, home: Home, symbol: Symbol, what: &str) {
    // Of several layers and what is deployed inside them, the one that holds it.
    let layers: Vec<_> = deployment::bare(plan).into_iter().map(|layer| layer.deployment).collect();
    let inside = layers.iter().flat_map(deployment::Deployment::modules).map(|module| &module.deployment);
    let holds = |tree: &&deployment::Deployment| tree.resources.iter().any(|one| one.target.symbol == symbol);
    let Some(tree) = layers.iter().chain(inside).find(holds) else { return };
    let Some(resource) = tree.resources.iter().find(|resource| resource.target.symbol == symbol) else { return };
    let (Body::Fields(fields), Name::Text(name)) = (&resource.body, &resource.target.name) else { return };
    let mut map: Vec<(Key, Node)> = vec![(Key::Fixed("location"), Node::Expr(Expr::Parameter(Parameter::Location)))];
    let mut facts = vec![Fact::known("location", "location", Word::var("location"))];
    for (name, value) in fields {
        compare(&mut facts, &Step::root(name), value);
    }
    if let Some(tags) = tree.tags.clone().filter(|_| resource.tagged) {
        map.push((Key::Fixed("tags"), tags));
        facts.extend(tag_facts(&plan.tags));
    }
    map.extend(fields.iter().map(|(name, value)| (Key::Fixed(name), value.clone())));
    let named = |words| {
        home.grouped(words, "--name", &Word::quote(name))
            .option("--resource-type", &Word::bare(resource.target.kind.name()))
            .option("--api-version", &Word::bare(resource.target.version()))
    };
    let create = named("az resource create").flag("--is-full-object").option("--properties", &json(&Node::Map(map)));
    ensure_facts(script, what, named("az resource show"), &facts, create);
}

/// Where a value stands: how to ask for it, and what people call it.
#[derive(Clone)]
struct Step {
    query: Query,
    path: String,
}

impl Step {
    fn root(name: &'static str) -> Step {
        Step { query: Query::new(name), path: name.to_owned() }
    }

    fn field(&self, name: &'static str) -> Step {
        if name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let query = self.query.clone().then(".").then(name);
            return Step { query, path: format!("{}.{name}", self.path) };
        }
        self.key(name)
    }

    fn key(&self, name: &str) -> Step {
        Step { query: self.query.clone().then(".").key(name), path: format!("{}.{name}", self.path) }
    }

    fn index(&self, number: usize) -> Step {
        Step { query: self.query.clone().index(number), path: format!("{}[{number}]", self.path) }
    }
}

/// One fact per value; what Azure adds beside them is not asked for.
fn compare(facts: &mut Vec<Fact>, at: &Step, node: &Node) {
    let planned = match node {
        Node::Map(fields) => {
            for (key, value) in fields {
                match key {
                    Key::Fixed(name) => compare(facts, &at.field(name), value),
                    Key::Data(name) => compare(facts, &at.key(name), value),
                    // Azure writes IDs as keys in a case of its own.
                    Key::Expr(_) => {}
                }
            }
            return;
        }
        Node::List(items) => {
            items.iter().enumerate().for_each(|(number, item)| compare(facts, &at.index(number), item));
            return;
        }
        Node::Bool(value) => Word::quote(&value.to_string()),
        Node::Int(value) => Word::quote(&value.to_string()),
        Node::Str(text) => Word::quote(text),
        Node::Expr(expr) => expression(expr),
    };
    facts.push(Fact { name: at.path.clone().into(), query: at.query.clone(), planned });
}

/// A value as JSON in one argument; what Azure or the script knows stands between the pieces.
pub(super) fn json(node: &Node) -> Word {
    let mut pieces = Pieces { word: Word::bare(""), text: String::new() };
    pieces.node(node);
    pieces.finish()
}

struct Pieces {
    word: Word,
    text: String,
}

impl Pieces {
    fn node(&mut self, node: &Node) {
        match node {
            Node::Bool(value) => self.text.push_str(&value.to_string()),
            Node::Int(value) => self.text.push_str(&value.to_string()),
            Node::Str(text) => self.text.push_str(&ascii(&Value::from(text.as_str()))),
            Node::List(items) => self.list('[', items.iter(), ']', |pieces, item| pieces.node(item)),
            Node::Map(fields) => self.list('{', fields.iter(), '}', |pieces, (key, value)| {
                match key {
                    Key::Fixed(name) => pieces.text.push_str(&ascii(&Value::from(*name))),
                    Key::Data(name) => pieces.text.push_str(&ascii(&Value::from(name.as_str()))),
                    Key::Expr(expr) => pieces.known(&expression(expr)),
                }
                pieces.text.push(':');
                pieces.node(value);
            }),
            Node::Expr(expr) => self.known(&expression(expr)),
        }
    }

    fn list<T>(&mut self, open: char, items: impl Iterator<Item = T>, close: char, each: impl Fn(&mut Pieces, T)) {
        self.text.push(open);
        for (number, item) in items.enumerate() {
            if number > 0 {
                self.text.push(',');
            }
            each(self, item);
        }
        self.text.push(close);
    }

    /// A text that the script knows, between quotes.
    fn known(&mut self, value: &Word) {
        self.text.push('"');
        let before = std::mem::take(&mut self.text);
        self.word = std::mem::replace(&mut self.word, Word::bare("")).and(&Word::quote(&before)).and(value);
        self.text.push('"');
    }

    fn finish(self) -> Word {
        self.word.and(&Word::quote(&self.text))
    }
}

/// What the script knows of it. The generic command is used for nothing whose values only Azure knows.
fn expression(expr: &Expr) -> Word {
    match expr {
        Expr::Id(target) => id(target),
        Expr::Parameter(Parameter::Location) => Word::var("location"),
        Expr::Part { of, kind, name } => {
            let list = kind.rsplit('/').next().unwrap_or_default();
            id(of).and(&Word::bare("/")).and(&Word::bare(list)).and(&Word::bare("/")).and(&Word::bare(name))
        }
        Expr::Fixed(text) => Word::bare(text),
        Expr::Property(..)
        | Expr::Output(..)
        | Expr::Parameter(_)
        | Expr::IsFalse(_)
        | Expr::Followed(..)
        | Expr::Role(_)
        | Expr::Prefixes(_)
        | Expr::Joined(..) => Word::bare(""),
    }
}

/// The ID of a resource: of this group, or of the one that it names.
fn id(target: &Target) -> Word {
    let (provider, kinds) = target.kind.name().split_once('/').unwrap_or((target.kind.name(), ""));
    let mut word = group(target).and(&Word::bare("/providers/")).and(&Word::bare(provider));
    for (kind, name) in kinds.split('/').zip(target.names()) {
        let Name::Text(name) = name else { continue };
        word = word.and(&Word::bare("/")).and(&Word::bare(kind)).and(&Word::bare("/")).and(&Word::quote(name));
    }
    word
}

fn group(target: &Target) -> Word {
    let Some(Group { subscription, name }) = target.group().map(AsRef::as_ref) else { return Word::var("group_id") };
    let subscription = subscription.as_ref().map_or_else(|| Word::var("subscription"), |guid| Word::quote(guid));
    Word::bare("/subscriptions/").and(&subscription).and(&Word::bare("/resourceGroups/")).and(&Word::quote(name))
}
