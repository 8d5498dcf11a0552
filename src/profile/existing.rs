//! A network that somebody else owns: what may be written beside it, and which of its subnets are used or added.

use std::net::Ipv4Addr;

use super::codes::CONFLICTING_KEYS;
use super::network_codes::INCOMPLETE_NETWORK;
use super::raw::{RawNetwork, RawSubnet};
use super::{NetworkSpec, SubnetSpec};
use crate::diag::{At, Origin};
use crate::rules::cursor::{Context, Slot};
use crate::value::{Cidr, ResourceId, ResourceType};

/// Subnets that other settings ask for.
pub(super) struct Needs {
    /// The firewall is somebody else's: none is made in the network.
    pub(super) firewall_elsewhere: bool,
    /// Of the firewall's interface for Azure's management.
    pub(super) firewall_management: bool,
    /// Of the pods.
    pub(super) pods: bool,
    /// Of the API server.
    pub(super) api_server: bool,
}

/// The network with the subnets that are written; those of the firewall have fixed names and need not be.
pub(super) fn network(cx: &Context<'_>, raw: RawNetwork, needs: Needs) -> NetworkSpec {
    let id = raw.existing.or(raw.origin, || ResourceId::unread(ResourceType::Network));
    let RawNetwork { existing: _, vnet, address_space, dns_servers, subnets, origin } = raw;
    owners(cx, "vnet", &vnet, id.origin, "the ID names it");
    owners(cx, "address-space", &address_space, id.origin, "its owner gave it one");
    owners(cx, "dns-servers", &dns_servers, id.origin, "its owner decides which servers its hosts ask");
    for (role, needed, raw) in [
        ("nodes", true, &subnets.nodes),
        ("pods", needs.pods, &subnets.pods),
        ("api-server", needs.api_server, &subnets.api_server),
    ] {
        if needed && !raw.written && !id.origin.poisoned {
            let message = format!("`{role}` is missing: which subnet of the network is that");
            cx.raise(&INCOMPLETE_NETWORK, raw.origin, message, format!("`{role}` belongs into `[network.subnets]`"))
                .also(id.origin, "the network of somebody else")
                .help(format!(
                    "write `{role} = {{ name = \"...\" }}` for one that is there, or the prefix of one to add"
                ));
        }
    }
    let subnet = |raw: RawSubnet, name: &str| subnet(cx, raw, name, id.origin);
    let optional = |raw: RawSubnet, name: &str| raw.written.then(|| subnet(raw, name));
    NetworkSpec {
        firewall_elsewhere: needs.firewall_elsewhere,
        vnet: id.with(id.name.clone()),
        firewall: subnet(subnets.firewall, "AzureFirewallSubnet"),
        firewall_management: needs
            .firewall_management
            .then(|| subnet(subnets.firewall_management, "AzureFirewallManagementSubnet")),
        gateway: optional(subnets.gateway, "gateway"),
        ingress: optional(subnets.ingress, "ingress"),
        nodes: subnet(subnets.nodes, "nodes"),
        pods: needs.pods.then(|| subnet(subnets.pods, "pods")),
        api_server: needs.api_server.then(|| subnet(subnets.api_server, "api-server")),
        dns_servers_whole: !dns_servers.failed(),
        dns_servers: Vec::new(),
        address_space: Vec::new(),
        existing: Some(id),
        origin,
    }
}

/// A hub beside a network of somebody else: the peering would be an entry of that network, too.
pub(super) fn without_hub(cx: &Context<'_>, raw: &mut RawNetwork, hub: Origin) {
    if let Slot::Read(id) = &mut raw.existing {
        let message = "a hub would have to be peered with a network of somebody else";
        cx.raise(&CONFLICTING_KEYS, hub, message, "nothing would write the peering of that network")
            .also(id.origin, "the network of somebody else")
            .help("remove `[hub]`, or remove `existing` to create both networks");
        // Which of the two is meant is not known: what either of them would need is not asked for.
        id.origin = id.origin.poison();
    }
}

/// Refuses a key that says how to make a network.
fn owners<T>(cx: &Context<'_>, key: &'static str, slot: &Slot<T>, network: Origin, why: &'static str) {
    if let Slot::Read(value) = slot {
        let message = format!("`{key}` is set for a network that is there already");
        cx.raise(&CONFLICTING_KEYS, value.origin, message, "nothing would apply this")
            .also(network, format!("the network of somebody else: {why}"))
            .help(format!("remove `{key}`, or remove `existing` to create a network"));
    }
}

/// With a prefix it is added; without one it is there already, and nothing of it can be set.
fn subnet(cx: &Context<'_>, raw: RawSubnet, name: &str, network: Origin) -> SubnetSpec {
    let RawSubnet { written: _, name: own, prefix, service_endpoints, origin } = raw;
    let prefix = match prefix {
        Slot::Absent => None,
        failed @ Slot::Failed(_) => Some(failed.or(origin, || Cidr::holding(Ipv4Addr::new(10, 0, 0, 0), 16))),
        Slot::Read(prefix) => Some(prefix),
    };
    if let (None, Slot::Read(endpoints)) = (&prefix, &service_endpoints) {
        let message = "`service-endpoints` are set for a subnet that is there already";
        cx.raise(&CONFLICTING_KEYS, endpoints.origin, message, "nothing would apply this")
            .also(network, "without a prefix it is a subnet of this network, and its owner's")
            .help("remove `service-endpoints`, or give the subnet a prefix to add it");
    }
    SubnetSpec { name: own.or(origin, || name.to_owned()), prefix, service_endpoints: service_endpoints.list(), origin }
}

/// The firewall's address in a subnet whose prefix only its owner knows.
pub(super) fn next_hop(cx: &Context<'_>, slot: Slot<Ipv4Addr>, implied: Origin, network: &NetworkSpec) -> At<Ipv4Addr> {
    let unknown = network.existing.as_ref().map_or(implied, |id| id.origin);
    if !slot.is_written() && !unknown.poisoned {
        let message =
            "`private-ip` is missing: the firewall's subnet is there already, and only its owner knows its prefix";
        cx.raise(&INCOMPLETE_NETWORK, implied, message, "the fourth address after the base of the subnet belongs here")
            .also(unknown, "the network of somebody else")
            .help("write `private-ip`, or give `firewall` in `[network.subnets]` a prefix to add the subnet");
    }
    slot.or(implied.poison(), || Ipv4Addr::UNSPECIFIED)
}
