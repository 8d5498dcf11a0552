//! Deployments of their own: resources that another team deploys. What they name outside of themselves becomes a parameter.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::node::{Expr, Key, Node};
use super::parameter::{Declaration, Parameter};
use super::target::{Group, Name, Symbol, Target};
use super::{Body, Module, Output, Resource};

/// Resources that name nothing outside of themselves, and what each of their parameters stands for.
pub(super) struct Closed {
    /// The resources, as the deployment sees them that holds them.
    pub(super) resources: Vec<Resource>,
    /// What it tells.
    pub(super) outputs: Vec<Output>,
    /// Parameters in the order of their names.
    pub(super) given: Vec<(Parameter, Expr)>,
}

/// Closes resources that lie in `group`, which is home to them, and what their deployment tells.
pub(super) fn close(resources: Vec<Resource>, outputs: Vec<Output>, group: Option<&Rc<Group>>) -> Closed {
    let inside = resources.iter().flat_map(held).collect();
    let mut closing = Closing { inside, group: group.map(Rc::clone), given: Vec::new() };
    let resources: Vec<Resource> = resources.into_iter().map(|resource| closing.resource(resource)).collect();
    let located = resources.iter().filter_map(|resource| resource.located);
    located.for_each(|parameter| closing.give(parameter, Expr::Parameter(parameter)));
    let outputs = outputs.into_iter().map(|one| Output { value: closing.node(one.value), ..one }).collect();
    closing.given.sort_by_key(|(parameter, _)| *parameter);
    Closed { resources, outputs, given: closing.given }
}

/// A resource and what a deployment inside of it holds.
fn held(resource: &Resource) -> Vec<Symbol> {
    let mut list = vec![resource.target.symbol];
    match &resource.body {
        Body::Fields(_) => {}
        Body::Module(module) => list.extend(module.deployment.resources.iter().map(|one| one.target.symbol)),
    }
    list
}

/// How a closed deployment declares its parameters: as the whole does, or open where it stands for something outside.
pub(super) fn declared(given: &[(Parameter, Expr)], whole: &[Declaration]) -> Vec<Declaration> {
    let declare = |(parameter, _): &(Parameter, Expr)| {
        let known = whole.iter().find(|declaration| declaration.parameter == *parameter);
        known.cloned().unwrap_or(Declaration::open(*parameter))
    };
    given.iter().map(declare).collect()
}

struct Closing {
    inside: BTreeSet<Symbol>,
    group: Option<Rc<Group>>,
    given: Vec<(Parameter, Expr)>,
}

impl Closing {
    fn give(&mut self, parameter: Parameter, expr: Expr) {
        if self.given.iter().all(|(other, _)| *other != parameter) {
            self.given.push((parameter, expr));
        }
    }

    /// Whether the deployment can point at a target by itself: it holds it, or it lies in the same group.
    fn is_home(&self, target: &Rc<Target>) -> bool {
        let same = |group: &Rc<Group>| self.group.as_ref().is_some_and(|own| own == group);
        self.inside.contains(&target.written_in().symbol) || target.group().is_some_and(same)
    }

    /// Whether its ID is the same wherever it is written: it names its subscription, or this goes to the group that the
    /// whole goes to, from which other groups are named.
    fn is_absolute(&self, target: &Rc<Target>) -> bool {
        target.group().is_some_and(|group| group.subscription.is_some() || self.group.is_none())
    }

    /// The target as the deployment sees it: what lies in its own group needs no word of that.
    fn home(&mut self, target: &Rc<Target>) -> Rc<Target> {
        let name = match &target.name {
            Name::Text(text) => Name::Text(text.clone()),
            Name::Guid(parts) => Name::Guid(parts.iter().map(|part| self.expr(part.clone())).collect()),
        };
        let parent = target.parent.as_ref().map(|parent| self.home(parent));
        let scope = target.scope.as_ref().map(|scope| self.home(scope));
        let Target { symbol, kind, name: _, parent: _, scope: _, inline, ref group, cloud } = **target;
        // What lies in the group that is deployed to has none to name.
        let group = group.clone().filter(|group| self.group.as_ref() != Some(group));
        Rc::new(Target { symbol, kind, name, parent, scope, inline, group, cloud })
    }

    fn resource(&mut self, resource: Resource) -> Resource {
        let after = resource.after.iter().filter(|target| self.is_home(target)).map(Rc::clone).collect::<Vec<_>>();
        let body = match resource.body {
            Body::Fields(fields) => {
                Body::Fields(fields.into_iter().map(|(name, value)| (name, self.node(value))).collect())
            }
            Body::Module(module) => {
                let arguments = module.arguments.into_iter().map(|(name, value)| (name, self.node(value))).collect();
                Body::Module(Module { arguments, ..module })
            }
        };
        Resource {
            target: self.home(&resource.target),
            condition: resource.condition.map(|condition| self.expr(condition)),
            after: after.iter().map(|target| self.home(target)).collect(),
            body,
            ..resource
        }
    }

    fn node(&mut self, node: Node) -> Node {
        match node {
            Node::Bool(_) | Node::Int(_) | Node::Str(_) => node,
            Node::List(items) => Node::List(items.into_iter().map(|item| self.node(item)).collect()),
            Node::Map(fields) => {
                Node::Map(fields.into_iter().map(|(key, value)| (self.key(key), self.node(value))).collect())
            }
            Node::Expr(expr) => Node::Expr(self.expr(expr)),
        }
    }

    fn key(&mut self, key: Key) -> Key {
        match key {
            Key::Fixed(_) | Key::Data(_) => key,
            Key::Expr(expr) => Key::Expr(self.expr(expr)),
        }
    }

    fn expr(&mut self, expr: Expr) -> Expr {
        match expr {
            Expr::Id(target) if self.is_home(&target) => Expr::Id(self.home(&target)),
            Expr::Property(target, path) if self.is_home(&target) => Expr::Property(self.home(&target), path),
            Expr::Output(target, told) if self.is_home(&target) => Expr::Output(self.home(&target), told),
            Expr::Output(target, told) => {
                let parameter = told.parameter();
                self.give(parameter, Expr::Output(target, told));
                Expr::Parameter(parameter)
            }
            Expr::Id(target) if self.is_absolute(&target) => Expr::Id(target),
            Expr::Property(target, path) if self.is_absolute(&target) => Expr::Property(target, path),
            Expr::Id(target) => {
                let parameter = Parameter::Id(target.symbol);
                self.give(parameter, Expr::Id(target));
                Expr::Parameter(parameter)
            }
            Expr::Property(target, path) => {
                let parameter = Parameter::Property(target.symbol, path);
                self.give(parameter, Expr::Property(target, path));
                Expr::Parameter(parameter)
            }
            Expr::Parameter(parameter) => {
                self.give(parameter, Expr::Parameter(parameter));
                Expr::Parameter(parameter)
            }
            Expr::IsFalse(parameter) => {
                self.give(parameter, Expr::Parameter(parameter));
                Expr::IsFalse(parameter)
            }
            // Somebody else's subnet has an ID with its subscription: it needs no parameter, wherever this is deployed.
            Expr::Prefixes(target) => Expr::Prefixes(self.home(&target)),
            Expr::Joined(known, lists) => Expr::Joined(known, lists.into_iter().map(|list| self.expr(list)).collect()),
            Expr::Followed(inner, text) => Expr::Followed(Box::new(self.expr(*inner)), text),
            Expr::Part { of, kind, name } => Expr::Part { of: self.home(&of), kind, name },
            Expr::Role(_) | Expr::Fixed(_) => expr,
        }
    }
}
