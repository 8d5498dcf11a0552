//! Public addresses, route table and network.

use std::rc::Rc;

use super::node::{Expr, Node, Told};
use super::parameter::{Declaration, Parameter};
use super::target::{Group, Kind, Symbol, Target};
use super::{Places, Resource};
use crate::plan::firewall::{IpGroup, PublicIp, PublicIpPrefix};
use crate::plan::{Firewall, Network, NextHop, Route, RouteTable, Subnet, SubnetRole};
use crate::value::{Cidr, Cloud};

pub(super) fn address_places(cloud: Cloud, firewall: &Firewall, group: Option<&Rc<Group>>) -> Vec<Rc<Target>> {
    let place = |(index, address): (usize, &PublicIp)| {
        Target::at(cloud, Symbol::PublicIp(index), Kind::PublicIp, &address.name, group)
    };
    firewall.public_ips.iter().enumerate().map(place).collect()
}

pub(super) fn prefix_place(cloud: Cloud, firewall: &Firewall, group: Option<&Rc<Group>>) -> Option<Rc<Target>> {
    let place =
        |prefix: &PublicIpPrefix| Target::at(cloud, Symbol::PublicIpPrefix, Kind::PublicIpPrefix, &prefix.name, group);
    firewall.public_ip_prefix.as_ref().map(place)
}

pub(super) fn ip_group_places(cloud: Cloud, firewall: &Firewall, group: Option<&Rc<Group>>) -> Vec<Rc<Target>> {
    let place =
        |(index, own): (usize, &IpGroup)| Target::at(cloud, Symbol::IpGroup(index), Kind::IpGroup, &*own.name, group);
    firewall.ip_groups.iter().enumerate().map(place).collect()
}

/// One after another: Azure refuses to write two at once.
pub(super) fn ip_groups(firewall: &Firewall, places: &Places) -> Vec<Resource> {
    let mut before = None;
    let mut list = Vec::new();
    for (group, place) in firewall.ip_groups.iter().zip(&places.ip_groups) {
        let IpGroup { name: _, members } = group;
        let addresses = Node::texts(members.iter().map(|member| member.value));
        let fields = vec![("properties", Node::object([("ipAddresses", addresses)]))];
        list.push(Resource::regional(place, "Addresses that rules name together", fields).after(before));
        before = Some(place);
    }
    list
}

pub(super) fn management_place(cloud: Cloud, firewall: &Firewall, group: Option<&Rc<Group>>) -> Option<Rc<Target>> {
    let place = |address: &PublicIp| Target::at(cloud, Symbol::ManagementIp, Kind::PublicIp, &address.name, group);
    firewall.management.as_ref().map(place)
}

pub(super) fn addresses(firewall: &Firewall, places: &Places) -> Vec<Resource> {
    let why = "Address of the firewall on the internet";
    let prefix = places.address_prefix.as_ref();
    let mut list: Vec<Resource> =
        firewall.public_ip_prefix.iter().zip(prefix).map(|(prefix, place)| address_prefix(prefix, place)).collect();
    let own = firewall.public_ips.iter().zip(&places.addresses);
    list.extend(own.map(|(address, place)| public_address(address, prefix, place, why)));
    let why = "Address that Azure manages the firewall through";
    let management = firewall.management.iter().zip(&places.management_address);
    list.extend(management.map(|(address, place)| public_address(address, None, place, why)));
    list
}

pub(super) fn public_address(
    address: &PublicIp,
    prefix: Option<&Rc<Target>>,
    place: &Rc<Target>,
    why: &'static str,
) -> Resource {
    let PublicIp { name: _, configuration: _, zones, origin: _ } = address;
    let mut properties =
        vec![("publicIPAllocationMethod", Node::text("Static")), ("publicIPAddressVersion", Node::text("IPv4"))];
    properties.extend(prefix.map(|prefix| ("publicIPPrefix", Node::reference(prefix))));
    Resource::regional(place, why, standard(zones, properties))
}

/// Consecutive addresses, so that partners can allow them as one prefix.
fn address_prefix(prefix: &PublicIpPrefix, place: &Rc<Target>) -> Resource {
    let PublicIpPrefix { name: _, length, zones } = prefix;
    let properties =
        vec![("prefixLength", Node::Int(i64::from(length.value))), ("publicIPAddressVersion", Node::text("IPv4"))];
    Resource::regional(place, "Consecutive addresses for the firewall", standard(zones, properties))
}

/// What addresses and their prefix have in common.
fn standard(zones: &[u8], properties: Vec<(&'static str, Node)>) -> Vec<(&'static str, Node)> {
    let mut fields = vec![("sku", Node::object([("name", Node::text("Standard")), ("tier", Node::text("Regional"))]))];
    if !zones.is_empty() {
        fields.push(("zones", Node::texts(zones)));
    }
    fields.push(("properties", Node::fields(properties)));
    fields
}

/// Where the routes are that have to be resources of their own.
pub(super) fn route_places(table: &RouteTable, place: &Rc<Target>) -> Vec<Rc<Target>> {
    if !table.shared_with_aks {
        return Vec::new();
    }
    let child = |(index, route): (usize, &Route)| Target::child(Symbol::Route(index), Kind::Route, place, &route.name);
    table.routes.iter().enumerate().map(child).collect()
}

pub(super) fn parameters(table: &RouteTable) -> Option<Declaration> {
    table.shared_with_aks.then(|| Declaration::choice(Parameter::RouteTableExists, false))
}

/// The table with its routes inside or, where AKS writes into it too, each route on its own, one after another.
pub(super) fn route_table(table: &RouteTable, places: &Places) -> Vec<Resource> {
    let RouteTable { name: _, routes, shared_with_aks, origin: _ } = table;
    let why = "Sends the traffic of the nodes to the firewall";
    let propagation = ("disableBgpRoutePropagation", Node::Bool(true));
    if !shared_with_aks {
        let list = routes.iter().map(|route| named_route(route, places)).collect();
        let properties = Node::object([propagation, ("routes", Node::List(list))]);
        return vec![Resource::regional(&places.route_table, why, vec![("properties", properties)])];
    }
    let alone = Resource::regional(&places.route_table, why, vec![("properties", Node::object([propagation]))]);
    let mut list = vec![alone.when(Expr::IsFalse(Parameter::RouteTableExists))];
    let mut before = None;
    for (route, place) in routes.iter().zip(&places.routes) {
        let fields = vec![("properties", route_properties(route, places))];
        list.push(Resource::dependent(place, "One route, since AKS keeps its own beside it", fields).after(before));
        before = Some(place);
    }
    list
}

/// The firewall's own default route.
pub(super) fn tunnel(table: &RouteTable, place: &Rc<Target>, places: &Places) -> Resource {
    let RouteTable { name: _, routes, shared_with_aks: _, origin: _ } = table;
    let list = routes.iter().map(|route| named_route(route, places)).collect();
    let properties = Node::object([("disableBgpRoutePropagation", Node::Bool(true)), ("routes", Node::List(list))]);
    Resource::regional(place, "Sends the traffic of the firewall into the tunnel", vec![("properties", properties)])
}

fn named_route(route: &Route, places: &Places) -> Node {
    Node::object([("name", Node::text(&route.name)), ("properties", route_properties(route, places))])
}

fn route_properties(route: &Route, places: &Places) -> Node {
    let Route { name: _, hop, origin: _ } = route;
    let default = |address| {
        Node::object([
            ("addressPrefix", Node::text("0.0.0.0/0")),
            ("nextHopType", Node::text("VirtualAppliance")),
            ("nextHopIpAddress", address),
        ])
    };
    match hop {
        NextHop::Firewall { address } | NextHop::Appliance { address } => default(Node::text(address)),
        NextHop::Hub { expected: _ } => default(private_address(places)),
        NextHop::Internet { public_ip } => {
            Node::object([("addressPrefix", single(*public_ip, places)), ("nextHopType", Node::text("Internet"))])
        }
    }
}

/// A public address, which Azure tells once it exists, or which the profile knows.
pub(super) fn address_of(public_ip: usize, places: &Places) -> Node {
    match places.known_addresses.get(public_ip) {
        Some(address) => Node::text(address),
        None => Node::property(&places.addresses[public_ip], "ipAddress"),
    }
}

/// How many addresses the firewall has on the internet.
pub(super) fn address_count(places: &Places) -> usize {
    places.addresses.len().max(places.known_addresses.len())
}

/// An address as a prefix, as the template of the cluster's group knows it.
pub(super) fn single(public_ip: usize, places: &Places) -> Node {
    match places.known_addresses.get(public_ip) {
        Some(address) => Node::text(format!("{address}/32")),
        None => Node::Expr(Expr::Followed(Box::new(told_expression(public_ip, places)), "/32")),
    }
}

/// One side of a peering: it lets through what the firewall forwards.
pub(super) fn peering(place: &Rc<Target>, remote: &Rc<Target>, why: &'static str) -> Resource {
    let properties = Node::object([
        ("remoteVirtualNetwork", Node::reference(remote)),
        ("allowVirtualNetworkAccess", Node::Bool(true)),
        ("allowForwardedTraffic", Node::Bool(true)),
        ("allowGatewayTransit", Node::Bool(false)),
        ("useRemoteGateways", Node::Bool(false)),
    ]);
    Resource::dependent(place, why, vec![("properties", properties)])
}

/// The cluster's side of it.
pub(super) fn peering_from_cluster(place: &Rc<Target>, remote: &Rc<Target>) -> Resource {
    peering(place, remote, "The way from the cluster to the firewall")
}

/// An address as the template of the cluster's group knows it.
pub(super) fn told_address(public_ip: usize, places: &Places) -> Node {
    match places.known_addresses.get(public_ip) {
        Some(address) => Node::text(address),
        None => Node::Expr(told_expression(public_ip, places)),
    }
}

fn told_expression(public_ip: usize, places: &Places) -> Expr {
    match &places.hub {
        None => Expr::Property(Rc::clone(&places.addresses[public_ip]), "ipAddress"),
        Some(hub) => Expr::Output(Rc::clone(&hub.module), Told::PublicAddress(public_ip)),
    }
}

/// The firewall's private address, which Azure tells once it exists.
pub(super) fn private_address(places: &Places) -> Node {
    match &places.hub {
        None => Node::property(&places.firewall.firewall, "ipConfigurations[0].properties.privateIPAddress"),
        Some(hub) => Node::Expr(Expr::Output(Rc::clone(&hub.module), Told::PrivateAddress)),
    }
}

/// Where the network and its subnets are: here, or where its owner has it.
pub(super) fn network_places(cloud: Cloud, network: &Network) -> (Rc<Target>, Vec<(SubnetRole, Rc<Target>)>) {
    let place = match &network.existing {
        Some(id) => Target::foreign(cloud, Symbol::Network, Kind::Network, id),
        None => Target::new(cloud, Symbol::Network, Kind::Network, &*network.name),
    };
    let subnets = parts(network, &place);
    (place, subnets)
}

/// The subnets of a network: inside of it, or beside those of its owner.
pub(super) fn parts(network: &Network, place: &Rc<Target>) -> Vec<(SubnetRole, Rc<Target>)> {
    let subnet = |subnet: &Subnet| {
        let symbol = Symbol::Subnet(subnet.role);
        let target = match &network.existing {
            Some(_) => Target::child(symbol, Kind::Subnet, place, &*subnet.name),
            None => Target::part(symbol, Kind::Subnet, place, &*subnet.name),
        };
        (subnet.role, target)
    };
    network.subnets.iter().map(subnet).collect()
}

/// The network or, where somebody else owns it, the subnets that are added to it, one after another.
pub(super) fn of_cluster(network: &Network, places: &Places) -> Vec<Resource> {
    if network.existing.is_none() {
        return vec![whole(network, places)];
    }
    let mut before = None;
    let mut list = Vec::new();
    for (one, prefix) in network.located() {
        let place = places.subnet(one.role);
        let fields = vec![("properties", Node::fields(subnet_properties(one, prefix.value, places)))];
        let added = Resource::dependent(place, "A subnet beside those of the network's owner", fields);
        list.push(added.after(places.routes.last()).after(before));
        before = Some(place);
    }
    list
}

fn whole(network: &Network, places: &Places) -> Resource {
    let why = match network.find(SubnetRole::Firewall) {
        Some(_) => "Network of the cluster and the firewall",
        None => "Network of the cluster",
    };
    // Azure refuses to attach a table while a route of it is being written, and a table without routes leads nowhere.
    self::network(network, &places.network, why, places).after(places.routes.last())
}

/// A network with its subnets inside.
pub(super) fn network(network: &Network, place: &Rc<Target>, why: &'static str, places: &Places) -> Resource {
    let Network {
        name: _,
        existing: _,
        address_space,
        dns_servers,
        dns_servers_read,
        custom_dns: _,
        subnets: _,
        origin: _,
    } = network;
    let prefixes = Node::texts(address_space.iter().map(|prefix| prefix.value));
    let mut properties = vec![("addressSpace", Node::object([("addressPrefixes", prefixes)]))];
    if !dns_servers.is_empty() {
        let servers = if *dns_servers_read {
            Node::List(vec![private_address(places)])
        } else {
            Node::texts(dns_servers.iter().map(|server| server.value))
        };
        properties.push(("dhcpOptions", Node::object([("dnsServers", servers)])));
    }
    let list = network.located().map(|(one, prefix)| subnet(one, prefix.value, places)).collect();
    properties.push(("subnets", Node::List(list)));
    let fields = vec![("properties", Node::fields(properties))];
    Resource::regional(place, why, fields)
}

fn subnet(subnet: &Subnet, prefix: Cidr, places: &Places) -> Node {
    let properties = Node::fields(subnet_properties(subnet, prefix, places));
    Node::object([("name", Node::text(&subnet.name.value)), ("properties", properties)])
}

fn subnet_properties(subnet: &Subnet, prefix: Cidr, places: &Places) -> Vec<(&'static str, Node)> {
    let Subnet { role: _, name: _, prefix: _, service_endpoints, routed, tunnelled, delegated_to, origin: _ } = subnet;
    let mut properties = vec![("addressPrefix", Node::text(prefix)), ("defaultOutboundAccess", Node::Bool(false))];
    if *routed {
        properties.push(("routeTable", Node::reference(&places.route_table)));
    }
    if let Some(table) = places.tunnel.as_ref().filter(|_| *tunnelled) {
        properties.push(("routeTable", Node::reference(table)));
    }
    if !service_endpoints.is_empty() {
        let endpoint = |service: &crate::diag::At<String>| Node::object([("service", Node::text(&service.value))]);
        properties.push(("serviceEndpoints", Node::List(service_endpoints.iter().map(endpoint).collect())));
    }
    if let Some(service) = delegated_to {
        // The CLI numbers delegations, and a subnet in use takes no other name for one.
        let delegation = [("serviceName", Node::text(service))];
        let delegation = Node::object([("name", Node::text("0")), ("properties", Node::object(delegation))]);
        properties.push(("delegations", Node::List(vec![delegation])));
    }
    properties
}
