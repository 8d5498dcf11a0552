//! The closed tree of values. Data enters as text; syntax enters only as typed references.

use std::fmt::Display;
use std::rc::Rc;

use super::parameter::Parameter;
use super::target::{Symbol, Target};

/// A value of a property.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text that is data, whatever it looks like. The printers quote it.
    Str(String),
    /// An array.
    List(Vec<Node>),
    /// An object, in order.
    Map(Vec<(Key, Node)>),
    /// Something that Azure computes.
    Expr(Expr),
}

/// A property's name.
#[derive(Debug, Clone)]
pub(crate) enum Key {
    /// A name that this program writes.
    Fixed(&'static str),
    /// A name that is data, such as a tag's.
    Data(String),
    /// A resource ID as a name, as identities are listed.
    Expr(Expr),
}

/// Something that Azure computes at deployment.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    /// ID of a resource.
    Id(Rc<Target>),
    /// A property that a resource has once it exists: a path below `properties`.
    Property(Rc<Target>, &'static str),
    /// What a deployment inside tells.
    Output(Rc<Target>, Told),
    /// A parameter's value.
    Parameter(Parameter),
    /// A parameter of type bool is false.
    IsFalse(Parameter),
    /// Text of an expression with fixed text behind it.
    Followed(Box<Expr>, &'static str),
    /// ID of a built-in role by its GUID.
    Role(&'static str),
    /// ID of a part of the very resource that holds it: of which one, the part's type, and its name.
    Part {
        /// The resource.
        of: Rc<Target>,
        /// The part's type.
        kind: &'static str,
        /// The part's name.
        name: &'static str,
    },
    /// Fixed text, as an argument.
    Fixed(&'static str),
    /// Every prefix of a subnet that somebody else made, as a list. Azure shows them in `addressPrefixes` or, of one alone,
    /// in `addressPrefix`, depending on what made the subnet.
    Prefixes(Rc<Target>),
    /// One list: texts that are data, and behind them the elements of other lists.
    Joined(Vec<String>, Vec<Expr>),
}

/// What the deployment of a firewall tells about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// The next hop.
    PrivateAddress,
    /// One of the addresses that the traffic comes from.
    PublicAddress(usize),
}

impl Told {
    /// The output, and the element of it where it is a list.
    pub(crate) fn output(self) -> (&'static str, Option<usize>) {
        match self {
            Told::PrivateAddress => ("firewallPrivateIpAddress", None),
            Told::PublicAddress(index) => ("firewallPublicIpAddresses", Some(index)),
        }
    }

    /// The parameter that another deployment takes it as.
    pub(super) fn parameter(self) -> Parameter {
        match self {
            Told::PrivateAddress => Parameter::FirewallAddress,
            Told::PublicAddress(index) => Parameter::Property(Symbol::PublicIp(index), "ipAddress"),
        }
    }
}

impl Node {
    /// Text that is data.
    pub(crate) fn text(value: impl Display) -> Node {
        Node::Str(value.to_string())
    }

    /// An array of texts that are data.
    pub(crate) fn texts<T: Display>(values: impl IntoIterator<Item = T>) -> Node {
        Node::List(values.into_iter().map(Node::text).collect())
    }

    /// An object with names that this program writes.
    pub(crate) fn object<const N: usize>(fields: [(&'static str, Node); N]) -> Node {
        Node::fields(fields)
    }

    /// An object with names that this program writes, where some may be left out.
    pub(crate) fn fields(fields: impl IntoIterator<Item = (&'static str, Node)>) -> Node {
        Node::Map(fields.into_iter().map(|(name, value)| (Key::Fixed(name), value)).collect())
    }

    /// `{ id: … }`, as resources refer to each other.
    pub(crate) fn reference(target: &Rc<Target>) -> Node {
        Node::object([("id", Node::id(target))])
    }

    /// ID of a resource.
    pub(crate) fn id(target: &Rc<Target>) -> Node {
        Node::Expr(Expr::Id(Rc::clone(target)))
    }

    /// A property that a resource has once it exists.
    pub(crate) fn property(target: &Rc<Target>, path: &'static str) -> Node {
        Node::Expr(Expr::Property(Rc::clone(target), path))
    }

    /// Calls `found` with every resource that the value names.
    pub(crate) fn targets(&self, found: &mut impl FnMut(&Rc<Target>)) {
        self.expressions(&mut |expr| expr.targets(found));
    }

    /// Calls `found` with every expression of the value.
    pub(crate) fn expressions(&self, found: &mut impl FnMut(&Expr)) {
        match self {
            Node::Bool(_) | Node::Int(_) | Node::Str(_) => {}
            Node::List(items) => items.iter().for_each(|item| item.expressions(found)),
            Node::Map(fields) => {
                for (key, value) in fields {
                    match key {
                        Key::Fixed(_) | Key::Data(_) => {}
                        Key::Expr(expr) => found(expr),
                    }
                    value.expressions(found);
                }
            }
            Node::Expr(expr) => found(expr),
        }
    }
}

impl Expr {
    /// Calls `found` with every resource that the expression names.
    pub(crate) fn targets(&self, found: &mut impl FnMut(&Rc<Target>)) {
        match self {
            Expr::Id(target) | Expr::Property(target, _) | Expr::Output(target, _) | Expr::Prefixes(target) => {
                found(target);
            }
            Expr::Followed(inner, _) => inner.targets(found),
            Expr::Joined(_, lists) => lists.iter().for_each(|list| list.targets(found)),
            // Nothing waits for itself.
            Expr::Part { of: _, kind: _, name: _ } => {}
            Expr::Parameter(_) | Expr::IsFalse(_) | Expr::Role(_) | Expr::Fixed(_) => {}
        }
    }

    /// Subnets of somebody else whose prefixes it is about.
    pub(crate) fn subnets_read(&self) -> Vec<&Rc<Target>> {
        match self {
            Expr::Prefixes(target) => vec![target],
            Expr::Joined(_, lists) => lists.iter().flat_map(Expr::subnets_read).collect(),
            Expr::Followed(inner, _) => inner.subnets_read(),
            Expr::Id(_) | Expr::Property(..) | Expr::Output(..) | Expr::Part { of: _, kind: _, name: _ } => Vec::new(),
            Expr::Parameter(_) | Expr::IsFalse(_) | Expr::Role(_) | Expr::Fixed(_) => Vec::new(),
        }
    }
}
