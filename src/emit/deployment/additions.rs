//! What people add to resources by hand, put into the tree where ARM and Bicep find it.

use super::node::{Key, Node};
use super::target::Symbol;
use super::{Body, Deployment, Layer};
use crate::plan::{Override, Plan};
use crate::profile::OverrideTarget;
use crate::value::Plain;

/// The properties of a resource.
type Fields = Vec<(Key, Node)>;

/// Puts every value where its pointer says. The checks see to it that nothing is there already.
pub(super) fn add(layers: &mut [Layer], addition: &Override, plan: &Plan) {
    let Override { resource, pointer: _, value: _, reason: _, origin: _ } = addition;
    if let Some(fields) = properties(layers, plan, resource) {
        addition.leaves().into_iter().for_each(|(path, leaf)| put(fields, &path, leaf));
    }
}

/// What a resource has below `properties`, wherever it is written.
pub(crate) fn properties<'l>(layers: &'l mut [Layer], plan: &Plan, target: &OverrideTarget) -> Option<&'l mut Fields> {
    let place = Place::of(plan, target);
    layers.iter_mut().find_map(|layer| place.look(&mut layer.deployment))
}

/// Where the properties of a resource stand.
struct Place<'p> {
    /// The resource that holds them.
    symbol: Symbol,
    /// The list of that resource, and the name of the element.
    element: Option<(&'static str, &'p str)>,
}

impl<'p> Place<'p> {
    fn of(plan: &'p Plan, target: &'p OverrideTarget) -> Place<'p> {
        let whole = |symbol| Place { symbol, element: None };
        match target {
            OverrideTarget::Cluster => whole(Symbol::Cluster),
            OverrideTarget::Firewall => whole(Symbol::Firewall),
            OverrideTarget::FirewallPolicy => whole(Symbol::Policy),
            OverrideTarget::Network => whole(Symbol::Network),
            OverrideTarget::Workspace => whole(Symbol::Workspace),
            OverrideTarget::NodePool(name) => {
                let number = plan.cluster.pools.iter().position(|pool| *pool.name == *name).unwrap_or(0);
                match number.checked_sub(1) {
                    Some(further) => whole(Symbol::Pool(further)),
                    // The cluster is made with its first pool.
                    None => Place { symbol: Symbol::Cluster, element: Some(("agentPoolProfiles", name)) },
                }
            }
            // One that is added to somebody else's network is a resource of its own.
            OverrideTarget::Subnet(role) if plan.network.existing.is_some() => {
                let subnet = plan.network.subnets.iter().find(|subnet| subnet.role.word() == role);
                whole(subnet.map_or(Symbol::Network, |subnet| Symbol::Subnet(subnet.role)))
            }
            OverrideTarget::Subnet(_) => {
                let name = plan.overridden(target).unwrap_or_default();
                Place { symbol: Symbol::Network, element: Some(("subnets", name)) }
            }
        }
    }

    fn look<'d>(&self, deployment: &'d mut Deployment) -> Option<&'d mut Fields> {
        deployment.resources.iter_mut().find_map(|resource| match &mut resource.body {
            Body::Fields(fields) if resource.target.symbol == self.symbol => {
                let (_, properties) = fields.iter_mut().find(|(name, _)| *name == "properties")?;
                self.inside(map(properties)?)
            }
            Body::Fields(_) => None,
            Body::Module(module) => self.look(&mut module.deployment),
        })
    }

    fn inside<'d>(&self, fields: &'d mut Fields) -> Option<&'d mut Fields> {
        let Some((list, name)) = self.element else { return Some(fields) };
        let Node::List(items) = field(fields, list)? else { return None };
        let fields = items.iter_mut().filter_map(map).find(|fields| is_called(fields, name))?;
        // A subnet has its own below `properties`; a pool of a cluster has them beside its name.
        let below = fields.iter().any(|(key, _)| is(key, "properties"));
        if below { map(field(fields, "properties")?) } else { Some(fields) }
    }
}

fn map(node: &mut Node) -> Option<&mut Fields> {
    match node {
        Node::Map(fields) => Some(fields),
        Node::Bool(_) | Node::Int(_) | Node::Str(_) | Node::List(_) | Node::Expr(_) => None,
    }
}

fn is_called(fields: &Fields, wanted: &str) -> bool {
    fields.iter().any(|(key, value)| is(key, "name") && matches!(value, Node::Str(name) if name == wanted))
}

/// Azure does not tell properties apart by case.
fn is(key: &Key, wanted: &str) -> bool {
    match key {
        Key::Fixed(name) => name.eq_ignore_ascii_case(wanted),
        Key::Data(name) => name.eq_ignore_ascii_case(wanted),
        Key::Expr(_) => false,
    }
}

fn field<'d>(fields: &'d mut Fields, name: &str) -> Option<&'d mut Node> {
    fields.iter_mut().find(|(key, _)| is(key, name)).map(|(_, value)| value)
}

fn put(fields: &mut Fields, path: &[&str], value: &Plain) {
    let Some((name, rest)) = path.split_first() else { return };
    if let Some(at) = fields.iter().position(|(key, _)| is(key, name)) {
        if let Some(inner) = map(&mut fields[at].1) {
            put(inner, rest, value);
        }
        return;
    }
    let mut node = self::node(value);
    for name in rest.iter().rev() {
        node = Node::Map(vec![(Key::Data((*name).to_owned()), node)]);
    }
    fields.push((Key::Data((*name).to_owned()), node));
}

/// A value of a profile is data, whatever it looks like.
pub(crate) fn node(value: &Plain) -> Node {
    match value {
        Plain::Bool(value) => Node::Bool(*value),
        Plain::Int(value) => Node::Int(*value),
        Plain::Text(text) => Node::text(text),
        Plain::List(items) => Node::List(items.iter().map(node).collect()),
        Plain::Table(fields) => {
            Node::Map(fields.iter().map(|(name, value)| (Key::Data(name.clone()), node(value))).collect())
        }
    }
}
