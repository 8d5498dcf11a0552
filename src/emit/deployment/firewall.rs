//! The firewall with its policy and rule collection groups, or with its rules on itself.

use std::rc::Rc;

use super::close::{self, Closed};
use super::node::{Expr, Key, Node};
use super::parameter::Parameter;
use super::target::{Group, Kind, Symbol, Target};
use super::{Body, Deployment, Module, Places, Resource, rules};
use crate::diag::At;
use crate::plan::firewall::PublicIp;
use crate::plan::{Firewall, RuleCollectionGroup, RuleKind, SubnetRole};
use crate::profile::{ExistingFirewall, Idps, PrivateRange, RuleModel, TlsInspection};
use crate::value::{Cloud, ResourceId};

/// Where the firewall and its rules are.
pub(super) struct Place {
    pub(super) firewall: Rc<Target>,
    policy: Rc<Target>,
    parent: Option<Rc<Target>>,
    /// Where the rules are in the policy of somebody else.
    apart: Option<Apart>,
    groups: Vec<Rc<Target>>,
}

/// The one group of rules in the policy of somebody else, and the deployment that makes it there.
struct Apart {
    group: Rc<Group>,
    rules: Rc<Target>,
    deployment: Rc<Target>,
}

impl Place {
    /// What has to be there before a cluster is.
    pub(super) fn ready(&self) -> &Rc<Target> {
        self.apart.as_ref().map_or(&self.firewall, |apart| &apart.deployment)
    }

    /// A firewall that is there: it is named, never written.
    fn existing(cloud: Cloud, firewall: &Firewall, own: &ExistingFirewall) -> Place {
        let ExistingFirewall { id, policy, public_ips: _, priority: _, peer: _, peer_back: _, origin: _ } = own;
        let group = Group::of(policy);
        let policy = Target::elsewhere(cloud, Symbol::Policy, Kind::Policy, &policy.name, &group);
        let apart = firewall.groups.first().map(|one| {
            let name = format!("{}-rules", one.name);
            Apart {
                rules: Target::child(Symbol::OwnRules, Kind::RuleCollectionGroup, &policy, &one.name),
                deployment: Target::elsewhere(cloud, Symbol::RulesDeployment, Kind::Deployment, name, &group),
                group,
            }
        });
        let firewall = Target::foreign(cloud, Symbol::Firewall, Kind::Firewall, id);
        Place { firewall, policy, parent: None, apart, groups: Vec::new() }
    }

    /// A firewall lies in the group of its network.
    pub(super) fn new(cloud: Cloud, firewall: &Firewall, group: Option<&Rc<Group>>, network: &Rc<Target>) -> Place {
        if let Some(own) = &firewall.existing {
            return Place::existing(cloud, firewall, own);
        }
        let policy = Target::at(cloud, Symbol::Policy, Kind::Policy, &firewall.policy, group);
        let rules = |rules: &RuleCollectionGroup| {
            Target::child(Symbol::Rules(rules.kind), Kind::RuleCollectionGroup, &policy, &rules.name)
        };
        let groups = firewall.groups.iter().map(rules).collect();
        let parent = |id: &At<ResourceId>| Target::foreign(cloud, Symbol::ParentPolicy, Kind::Policy, id);
        let parent = firewall.parent_policy.as_ref().map(parent);
        let beside = firewall.beside.as_ref().and(network.group.as_ref());
        let firewall = Target::at(cloud, Symbol::Firewall, Kind::Firewall, &*firewall.name, beside.or(group));
        Place { firewall, policy, parent, apart: None, groups }
    }
}

/// Policy, groups one after another, then the firewall, so that it starts once with everything it needs.
pub(super) fn firewall(
    firewall: &Firewall,
    places: &Places,
    whole: impl Fn(Vec<Resource>, &[(Parameter, Expr)]) -> Deployment,
) -> Vec<Resource> {
    if firewall.existing.is_some() {
        return places.firewall.apart.iter().map(|apart| rules_apart(firewall, apart, places, &whole)).collect();
    }
    match firewall.rules.value {
        RuleModel::Policy => with_policy(firewall, places),
        RuleModel::Classic => vec![classic(firewall, places)],
    }
}

/// All rules as one group, in a deployment to where the policy is.
fn rules_apart(
    firewall: &Firewall,
    apart: &Apart,
    places: &Places,
    whole: &impl Fn(Vec<Resource>, &[(Parameter, Expr)]) -> Deployment,
) -> Resource {
    let fields = vec![("properties", rules::one_group(&firewall.groups, places))];
    let rules =
        Resource::dependent(&apart.rules, "Everything that the cluster may reach, and who may reach it", fields);
    let Closed { resources, outputs: _, given } = close::close(vec![rules], Vec::new(), Some(&apart.group));
    let deployment = whole(resources, &given);
    let arguments = given.into_iter().map(|(parameter, expr)| (parameter, Node::Expr(expr))).collect();
    let module = Module { file: "firewall-rules", arguments, deployment };
    Resource::new(&apart.deployment, "Rules in the policy of somebody else", Body::Module(module))
}

fn with_policy(firewall: &Firewall, places: &Places) -> Vec<Resource> {
    let Firewall {
        name: _,
        resource_group: _,
        beside: _,
        tier,
        rules: _,
        policy: _,
        parent_policy: _,
        existing: _,
        zones,
        public_ips,
        public_ip_prefix: _,
        tls_inspection,
        idps,
        private_ranges,
        management,
        threat_intel,
        dns_proxy,
        dns_servers,
        private_ip: _,
        ip_groups: _,
        groups,
        origin: _,
    } = firewall;
    let place = &places.firewall;
    let mut policy = vec![
        ("sku", Node::object([("tier", Node::text(tier.word()))])),
        ("threatIntelMode", Node::text(threat_intel.word())),
    ];
    policy.extend(place.parent.as_ref().map(|parent| ("basePolicy", Node::reference(parent))));
    if !private_ranges.is_empty() {
        let ranges = Node::texts(private_ranges.iter().map(|range| range.value));
        policy.push(("snat", Node::object([("privateRanges", ranges)])));
    }
    policy.extend(dns_settings(dns_proxy, dns_servers).map(|settings| ("dnsSettings", settings)));
    if idps.value != Idps::Off {
        policy.push(("intrusionDetection", Node::object([("mode", Node::text(idps.word()))])));
    }
    let mut fields = Vec::new();
    if let Some(inspection) = tls_inspection {
        policy.push(("transportSecurity", transport_security(inspection)));
        fields.push(("identity", existing_identity(&inspection.identity)));
    }
    fields.push(("properties", Node::fields(policy)));
    let mut list = vec![Resource::regional(&place.policy, "Holds the rules of the firewall", fields).untagged()];
    list.extend(in_turn(groups, places));
    let mut properties = vec![("sku", sku(tier.word())), ("ipConfigurations", configurations(public_ips, places))];
    properties.extend(management_configuration(management.as_ref(), places));
    properties.push(("firewallPolicy", Node::reference(&place.policy)));
    list.push(body(zones, properties, places).after(&place.groups));
    list
}

/// The certificate authority that the firewall signs with.
fn transport_security(inspection: &TlsInspection) -> Node {
    let TlsInspection { certificate, secret, identity: _, origin: _ } = inspection;
    let authority = [("name", Node::text(&certificate.value)), ("keyVaultSecretId", Node::text(&secret.value))];
    Node::object([("certificateAuthority", Node::object(authority))])
}

/// A user-assigned identity that somebody else made.
pub(super) fn existing_identity(id: &At<String>) -> Node {
    let identities = Node::Map(vec![(Key::Data(id.value.clone()), Node::fields([]))]);
    Node::object([("type", Node::text("UserAssigned")), ("userAssignedIdentities", identities)])
}

/// A policy takes one change at a time.
fn in_turn(groups: &[RuleCollectionGroup], places: &Places) -> Vec<Resource> {
    let mut before = None;
    let mut list = Vec::new();
    for (group, place) in groups.iter().zip(&places.firewall.groups) {
        let why = match group.kind {
            RuleKind::Dnat => "Rules for connections from outside",
            RuleKind::Network => "Rules by address and port",
            RuleKind::Application => "Rules by name",
        };
        let fields = vec![("properties", rules::group(group, places))];
        list.push(Resource::dependent(place, why, fields).after(before));
        before = Some(place);
    }
    list
}

fn classic(firewall: &Firewall, places: &Places) -> Resource {
    let Firewall {
        name: _,
        resource_group: _,
        beside: _,
        tier,
        rules: _,
        policy: _,
        parent_policy: _,
        existing: _,
        zones,
        public_ips,
        public_ip_prefix: _,
        // Both belong to a policy.
        tls_inspection: _,
        idps: _,
        private_ranges,
        management,
        threat_intel,
        dns_proxy,
        dns_servers,
        private_ip: _,
        ip_groups: _,
        groups,
        origin: _,
    } = firewall;
    let mut properties = vec![
        ("sku", sku(tier.word())),
        ("threatIntelMode", Node::text(threat_intel.word())),
        ("ipConfigurations", configurations(public_ips, places)),
    ];
    properties.extend(management_configuration(management.as_ref(), places));
    properties.extend(
        classic_settings(dns_proxy, dns_servers, private_ranges).map(|settings| ("additionalProperties", settings)),
    );
    for group in groups {
        let list = group.collections.iter().map(|one| rules::classic_collection(one, places)).collect();
        properties.push((rules::classic_property(group.kind), Node::List(list)));
    }
    body(zones, properties, places)
}

fn body(zones: &[At<u8>], properties: Vec<(&'static str, Node)>, places: &Places) -> Resource {
    let mut fields = Vec::new();
    if !zones.is_empty() {
        fields.push(("zones", Node::texts(zones.iter().map(|zone| zone.value))));
    }
    fields.push(("properties", Node::fields(properties)));
    Resource::regional(&places.firewall.firewall, "The way out of the cluster", fields)
}

fn sku(tier: &str) -> Node {
    Node::object([("name", Node::text("AZFW_VNet")), ("tier", Node::text(tier))])
}

/// Every address has a configuration; only the first names the subnet.
fn configurations(public_ips: &[PublicIp], places: &Places) -> Node {
    let configuration = |(index, address): (usize, &PublicIp)| {
        let mut properties = Vec::new();
        if index == 0 {
            properties.push(("subnet", Node::reference(places.subnet(SubnetRole::Firewall))));
        }
        properties.push(("publicIPAddress", Node::reference(&places.addresses[index])));
        Node::object([("name", Node::text(&address.configuration)), ("properties", Node::fields(properties))])
    };
    Node::List(public_ips.iter().enumerate().map(configuration).collect())
}

/// The interface of its own for Azure's management.
fn management_configuration(management: Option<&PublicIp>, places: &Places) -> Option<(&'static str, Node)> {
    let PublicIp { name: _, configuration, zones: _, origin: _ } = management?;
    let properties = Node::object([
        ("subnet", Node::reference(places.subnet(SubnetRole::FirewallManagement))),
        ("publicIPAddress", Node::reference(places.management_address.as_ref()?)),
    ]);
    let configuration = Node::object([("name", Node::text(configuration)), ("properties", properties)]);
    Some(("managementIpConfiguration", configuration))
}

fn dns_settings(proxy: &At<bool>, servers: &[At<std::net::Ipv4Addr>]) -> Option<Node> {
    if !proxy.value && servers.is_empty() {
        return None;
    }
    let mut settings = vec![("enableProxy", Node::Bool(proxy.value))];
    if !servers.is_empty() {
        settings.push(("servers", Node::texts(servers.iter().map(|server| server.value))));
    }
    Some(Node::fields(settings))
}

/// Settings of a firewall without policy: a map of texts (F2.11).
fn classic_settings(
    proxy: &At<bool>,
    servers: &[At<std::net::Ipv4Addr>],
    private_ranges: &[At<PrivateRange>],
) -> Option<Node> {
    let mut settings = Vec::new();
    if proxy.value {
        settings.push((Key::Fixed("Network.DNS.EnableProxy"), Node::text("true")));
    }
    if !servers.is_empty() {
        let list: Vec<String> = servers.iter().map(|server| server.value.to_string()).collect();
        settings.push((Key::Fixed("Network.DNS.Servers"), Node::text(list.join(","))));
    }
    if !private_ranges.is_empty() {
        let list: Vec<String> = private_ranges.iter().map(|range| range.value.to_string()).collect();
        settings.push((Key::Fixed("Network.SNAT.PrivateRanges"), Node::text(list.join(","))));
    }
    (!settings.is_empty()).then_some(Node::Map(settings))
}
