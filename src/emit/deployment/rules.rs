//! Rule collections in the two spellings of Azure: inside a policy, and on the firewall itself (F2.2, F2.3).

use std::rc::Rc;

use super::Places;
use super::network::address_of;
use super::node::{Expr, Node};
use crate::diag::At;
use crate::plan::firewall::{AppTargets, NetworkTargets, Rule, RuleBody};
use crate::plan::{RuleCollection, RuleCollectionGroup, RuleKind};
use crate::value::{Addresses, AppProtocol, IpProtocol};

/// Where a rule is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    Policy,
    Classic,
}

type Fields = Vec<(&'static str, Node)>;

/// Properties of a rule collection group of a policy.
pub(super) fn group(group: &RuleCollectionGroup, places: &Places) -> Node {
    let RuleCollectionGroup { name: _, priority, kind: _, collections } = group;
    let list = collections.iter().map(|one| policy_collection(one, places)).collect();
    Node::object([("priority", Node::Int(i64::from(*priority))), ("ruleCollections", Node::List(list))])
}

/// The same for groups of one kind each that are one group in Azure.
pub(super) fn one_group(groups: &[RuleCollectionGroup], places: &Places) -> Node {
    let collections = groups.iter().flat_map(|group| &group.collections);
    let list = collections.map(|one| policy_collection(one, places)).collect();
    let priority = groups.first().map_or(0, |group| group.priority);
    Node::object([("priority", Node::Int(i64::from(priority))), ("ruleCollections", Node::List(list))])
}

fn policy_collection(collection: &RuleCollection, places: &Places) -> Node {
    let RuleCollection { name, kind, priority, action, rules, pack: _, origin: _ } = collection;
    let (class, action) = match kind {
        RuleKind::Dnat => ("FirewallPolicyNatRuleCollection", "DNAT"),
        RuleKind::Network | RuleKind::Application => ("FirewallPolicyFilterRuleCollection", action.azure()),
    };
    Node::object([
        ("ruleCollectionType", Node::text(class)),
        ("name", Node::text(&name.value)),
        ("priority", Node::Int(i64::from(priority.value))),
        ("action", Node::object([("type", Node::text(action))])),
        ("rules", Node::List(rules.iter().map(|one| rule(one, Home::Policy, places)).collect())),
    ])
}

/// Name of the firewall's property that holds the collections of a kind.
pub(super) fn classic_property(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Dnat => "natRuleCollections",
        RuleKind::Network => "networkRuleCollections",
        RuleKind::Application => "applicationRuleCollections",
    }
}

/// A rule collection on the firewall itself.
pub(super) fn classic_collection(collection: &RuleCollection, places: &Places) -> Node {
    let RuleCollection { name, kind, priority, action, rules, pack: _, origin: _ } = collection;
    let action = match kind {
        RuleKind::Dnat => "Dnat",
        RuleKind::Network | RuleKind::Application => action.azure(),
    };
    let properties = Node::object([
        ("priority", Node::Int(i64::from(priority.value))),
        ("action", Node::object([("type", Node::text(action))])),
        ("rules", Node::List(rules.iter().map(|one| rule(one, Home::Classic, places)).collect())),
    ]);
    Node::object([("name", Node::text(&name.value)), ("properties", properties)])
}

fn rule(rule: &Rule, home: Home, places: &Places) -> Node {
    let Rule { name, sources: _, source_subnets, single_sources, source_groups, body, description, life: _, origin: _ } =
        rule;
    let mut fields = Fields::new();
    if home == Home::Policy {
        fields.push(("ruleType", Node::text(policy_type(body))));
    }
    fields.push(("name", Node::text(&name.value)));
    if !description.is_empty() {
        fields.push(("description", Node::text(description)));
    }
    if !single_sources.is_empty() || !source_subnets.is_empty() {
        let read = source_subnets.iter().map(|role| Expr::Prefixes(Rc::clone(places.subnet(*role)))).collect();
        fields.push(("sourceAddresses", addresses(single_sources, read)));
    }
    if !source_groups.is_empty() {
        fields.push(("sourceIpGroups", ip_groups(source_groups, places)));
    }
    fields.extend(match body {
        RuleBody::Application { protocols, to, inspect_tls } => application(protocols, to, *inspect_tls),
        RuleBody::Network { protocols, to, ports } => {
            let mut fields = vec![(protocols_property(home), Node::texts(protocols.iter().map(|p| p.azure())))];
            fields.push(network_targets(to, places));
            fields.push(("destinationPorts", Node::texts(ports)));
            fields
        }
        RuleBody::Dnat { protocol, public_ip, port, to, to_port } => vec![
            (protocols_property(home), dnat_protocol(*protocol)),
            ("destinationAddresses", Node::List(vec![address_of(*public_ip, places)])),
            ("destinationPorts", Node::texts([port])),
            ("translatedAddress", Node::text(to)),
            ("translatedPort", Node::text(to_port)),
        ],
    });
    Node::fields(fields)
}

/// Addresses that are known, and lists of those that only Azure knows.
fn addresses(known: &[At<Addresses>], mut read: Vec<Expr>) -> Node {
    match (known.is_empty(), read.len()) {
        (_, 0) => Node::texts(known.iter().map(|source| source.value)),
        (true, 1) => Node::Expr(read.remove(0)),
        (_, _) => Node::Expr(Expr::Joined(known.iter().map(|source| source.value.to_string()).collect(), read)),
    }
}

fn policy_type(body: &RuleBody) -> &'static str {
    match body {
        RuleBody::Application { protocols: _, to: _, inspect_tls: _ } => "ApplicationRule",
        RuleBody::Network { protocols: _, to: _, ports: _ } => "NetworkRule",
        RuleBody::Dnat { protocol: _, public_ip: _, port: _, to: _, to_port: _ } => "NatRule",
    }
}

/// Azure's naming trap: the same list has two names.
fn protocols_property(home: Home) -> &'static str {
    match home {
        Home::Policy => "ipProtocols",
        Home::Classic => "protocols",
    }
}

fn dnat_protocol(protocol: IpProtocol) -> Node {
    Node::texts([protocol.azure()])
}

fn application(protocols: &[(AppProtocol, u16)], to: &AppTargets, inspect_tls: bool) -> Fields {
    let protocol = |(protocol, port): &(AppProtocol, u16)| {
        Node::object([("protocolType", Node::text(app_protocol(*protocol))), ("port", Node::Int(i64::from(*port)))])
    };
    let targets = match to {
        AppTargets::Fqdns(names) => ("targetFqdns", Node::texts(names.iter().map(|name| &name.value))),
        AppTargets::Tags(tags) => ("fqdnTags", Node::texts(tags.iter().map(|tag| &tag.value))),
        AppTargets::Urls(urls) => ("targetUrls", Node::texts(urls.iter().map(|url| &url.value))),
        AppTargets::Categories(names) => ("webCategories", Node::texts(names.iter().map(|name| &name.value))),
    };
    let mut fields = vec![("protocols", Node::List(protocols.iter().map(protocol).collect())), targets];
    if inspect_tls {
        fields.push(("terminateTLS", Node::Bool(true)));
    }
    fields
}

fn app_protocol(protocol: AppProtocol) -> &'static str {
    match protocol {
        AppProtocol::Http => "Http",
        AppProtocol::Https => "Https",
        AppProtocol::Mssql => "Mssql",
    }
}

/// IDs of IP groups.
fn ip_groups(groups: &[usize], places: &Places) -> Node {
    Node::List(groups.iter().filter_map(|at| places.ip_groups.get(*at)).map(Node::id).collect())
}

fn network_targets(to: &NetworkTargets, places: &Places) -> (&'static str, Node) {
    match to {
        NetworkTargets::Addresses(list) => ("destinationAddresses", Node::texts(list.iter().map(|a| a.value))),
        NetworkTargets::IpGroups { groups, members: _ } => ("destinationIpGroups", ip_groups(groups, places)),
        NetworkTargets::ServiceTags(tags) => ("destinationAddresses", Node::texts(tags.iter().map(|t| &t.value))),
        NetworkTargets::Fqdns(names) => ("destinationFqdns", Node::texts(names.iter().map(|n| &n.value))),
    }
}
