//! One form for what ARM and Bicep say, so that the two can be compared: values in which every expression is a text of
//! its own notation, and resources by their ID.

use std::collections::{BTreeMap, BTreeSet};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Canon {
    /// A literal that is no text.
    Plain(String),
    /// Literal text.
    Text(String),
    /// An expression: `id(…)`, `prop(id(…), path)`, `param(x)`, `call(name, …)`.
    Expr(String),
    /// An array.
    List(Vec<Canon>),
    /// An object; a key that is an expression starts with a NUL.
    Map(BTreeMap<String, Canon>),
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    /// Type and API version.
    pub(crate) kind: String,
    /// Everything but type, version, name, scope, parent and dependencies; those are in the ID.
    pub(crate) fields: BTreeMap<String, Canon>,
    /// What it waits for, directly.
    pub(crate) waits_for: BTreeSet<String>,
    /// The template of a deployment inside.
    pub(crate) module: Option<Template>,
}

/// One template.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Template {
    /// Name to type, allowed values and default.
    pub(crate) parameters: BTreeMap<String, (String, Option<Canon>, Option<Canon>)>,
    /// ID to resource.
    pub(crate) resources: BTreeMap<String, Resource>,
    /// IDs in the order of the file.
    pub(crate) order: Vec<String>,
    /// Name to type and value.
    pub(crate) outputs: BTreeMap<String, (String, Canon)>,
}

impl Template {
    /// Everything that a resource waits for, directly or through others.
    pub(crate) fn closure(&self, id: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![id.to_owned()];
        while let Some(next) = open.pop() {
            for other in self.resources.get(&next).map(|r| &r.waits_for).into_iter().flatten() {
                if found.insert(other.clone()) {
                    open.push(other.clone());
                }
            }
        }
        found
    }

    /// The same with every resource waiting for all that it waits for in the end.
    pub(crate) fn closed(mut self) -> Template {
        let closures: BTreeMap<String, _> = self.resources.keys().map(|id| (id.clone(), self.closure(id))).collect();
        for (id, resource) in &mut self.resources {
            resource.waits_for.clone_from(&closures[id]);
            resource.module = resource.module.take().map(Template::closed);
        }
        self
    }
}

/// `id(type, name, …)`, with what it extends in front when it extends something.
pub(crate) fn id(scope: Option<&str>, kind: &str, names: &[String]) -> String {
    let own = format!("{kind}, {}", names.join(", "));
    match scope {
        Some(scope) => format!("id({scope} + {own})"),
        None => format!("id({own})"),
    }
}

/// `group(subscription, name)` of a resource group other than the one that is deployed to; the subscription only when it
/// is given.
pub(crate) fn group(arguments: &[String]) -> Option<String> {
    (!arguments.is_empty()).then(|| format!("group({})", arguments.join(", ")))
}

impl Canon {
    /// The text inside a notation: literal text in quotes, an expression as it is, a list in brackets.
    pub(crate) fn inline(&self) -> String {
        match self {
            Canon::Text(text) => format!("'{text}'"),
            Canon::Expr(text) | Canon::Plain(text) => text.clone(),
            Canon::List(items) => format!("[{}]", items.iter().map(Canon::inline).collect::<Vec<_>>().join(", ")),
            Canon::Map(_) => panic!("no argument: {self:?}"),
        }
    }

    /// Every literal text in it, keys included.
    pub(crate) fn texts(&self, found: &mut Vec<String>) {
        match self {
            Canon::Plain(_) | Canon::Expr(_) => {}
            Canon::Text(text) => found.push(text.clone()),
            Canon::List(items) => items.iter().for_each(|item| item.texts(found)),
            Canon::Map(fields) => fields.iter().for_each(|(key, value)| {
                found.push(key.clone());
                value.texts(found);
            }),
        }
    }
}
