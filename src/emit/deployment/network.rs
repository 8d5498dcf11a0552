//! Public addresses, route table and network.

use std::rc::Rc;

use super::node::{Expr, Node};
use super::parameter::{Declaration, Parameter};
use super::target::{Kind, Symbol, Target};
use super::{Places, Resource};
use crate::plan::firewall::PublicIp;
use crate::plan::{Firewall, Network, NextHop, Route, RouteTable, Subnet};

pub(super) fn address_places(firewall: &Firewall) -> Vec<Rc<Target>> {
    let place =
        |(index, address): (usize, &PublicIp)| Target::new(Symbol::PublicIp(index), Kind::PublicIp, &address.name);
    firewall.public_ips.iter().enumerate().map(place).collect()
}

pub(super) fn addresses(firewall: &Firewall, places: &Places) -> Vec<Resource> {
    firewall.public_ips.iter().zip(&places.addresses).map(|(address, place)| public_address(address, place)).collect()
}

fn public_address(address: &PublicIp, place: &Rc<Target>) -> Resource {
    let PublicIp { name: _, configuration: _, zones, origin: _ } = address;
    let mut fields = vec![("sku", Node::object([("name", Node::text("Standard")), ("tier", Node::text("Regional"))]))];
    if !zones.is_empty() {
        fields.push(("zones", Node::texts(zones)));
    }
    fields.push((
        "properties",
        Node::object([
            ("publicIPAllocationMethod", Node::text("Static")),
            ("publicIPAddressVersion", Node::text("IPv4")),
        ]),
    ));
    Resource::regional(place, "Address of the firewall on the internet", fields)
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

fn named_route(route: &Route, places: &Places) -> Node {
    Node::object([("name", Node::text(&route.name)), ("properties", route_properties(route, places))])
}

fn route_properties(route: &Route, places: &Places) -> Node {
    let Route { name: _, hop, origin: _ } = route;
    match hop {
        NextHop::Firewall { address } => Node::object([
            ("addressPrefix", Node::text("0.0.0.0/0")),
            ("nextHopType", Node::text("VirtualAppliance")),
            ("nextHopIpAddress", Node::text(address)),
        ]),
        NextHop::Internet { public_ip } => Node::object([
            ("addressPrefix", Node::Expr(Expr::Followed(Box::new(address_of(*public_ip, places)), "/32"))),
            ("nextHopType", Node::text("Internet")),
        ]),
    }
}

/// A public address, which Azure tells once it exists.
pub(super) fn address_of(public_ip: usize, places: &Places) -> Expr {
    Expr::Property(Rc::clone(&places.addresses[public_ip]), "ipAddress")
}

pub(super) fn network(network: &Network, places: &Places) -> Resource {
    let Network { name: _, address_space, dns_servers, custom_dns: _, subnets, origin: _ } = network;
    let prefixes = Node::texts(address_space.iter().map(|prefix| prefix.value));
    let mut properties = vec![("addressSpace", Node::object([("addressPrefixes", prefixes)]))];
    if !dns_servers.is_empty() {
        let servers = Node::texts(dns_servers.iter().map(|server| server.value));
        properties.push(("dhcpOptions", Node::object([("dnsServers", servers)])));
    }
    let list = subnets.iter().map(|one| subnet(one, places)).collect();
    properties.push(("subnets", Node::List(list)));
    let fields = vec![("properties", Node::fields(properties))];
    Resource::regional(&places.network, "Network of the cluster and the firewall", fields)
}

fn subnet(subnet: &Subnet, places: &Places) -> Node {
    let Subnet { role: _, name, prefix, service_endpoints, routed, origin: _ } = subnet;
    let mut properties =
        vec![("addressPrefix", Node::text(prefix.value)), ("defaultOutboundAccess", Node::Bool(false))];
    if *routed {
        properties.push(("routeTable", Node::reference(&places.route_table)));
    }
    if !service_endpoints.is_empty() {
        let endpoint = |service: &crate::diag::At<String>| Node::object([("service", Node::text(&service.value))]);
        properties.push(("serviceEndpoints", Node::List(service_endpoints.iter().map(endpoint).collect())));
    }
    Node::object([("name", Node::text(&name.value)), ("properties", Node::fields(properties))])
}
