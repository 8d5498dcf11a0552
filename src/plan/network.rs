//! Network, subnets, route table and next hop.

use std::net::Ipv4Addr;

use super::firewall::Rule;
use crate::diag::{At, Origin};
use crate::profile::{Cni, Profile, SubnetSpec};
use crate::value::{Addresses, Cidr, ResourceId};

/// The cluster's network.
#[derive(Debug, Clone)]
pub struct Network {
    /// Its name.
    pub name: At<String>,
    /// The ID of a network that somebody else owns: nothing of it is written, subnets are added at most.
    pub existing: Option<At<ResourceId>>,
    /// Its prefixes; none of a network that somebody else owns.
    pub address_space: Vec<At<Cidr>>,
    /// What `dhcpOptions` say: the firewall's address with DNS proxy, else the custom servers, else nothing (Azure's resolver).
    pub dns_servers: Vec<At<Ipv4Addr>>,
    /// Whether that is the address of a firewall in a hub, which is read at deployment.
    pub dns_servers_read: bool,
    /// The custom DNS servers of the profile.
    pub custom_dns: Vec<At<Ipv4Addr>>,
    /// In the order firewall, firewall management where there is one, gateway, ingress, nodes, and pods and API server
    /// where they have subnets. A hub has the first two, and a network with a hub the others. A network that somebody else
    /// owns need not have the third and the fourth.
    pub subnets: Vec<Subnet>,
    /// Where it is written.
    pub origin: Origin,
}

impl Network {
    /// The subnet of a role, where there is one.
    pub fn find(&self, role: SubnetRole) -> Option<&Subnet> {
        self.subnets.iter().find(|s| s.role == role)
    }

    /// The subnet of a role that every network has: the firewall's and the nodes'.
    pub fn subnet(&self, role: SubnetRole) -> &Subnet {
        self.find(role).unwrap_or(&self.subnets[0])
    }

    /// Subnets with their prefixes, as far as those are known.
    pub fn located(&self) -> impl Iterator<Item = (&Subnet, &At<Cidr>)> {
        self.subnets.iter().filter_map(|subnet| Some((subnet, subnet.prefix.as_ref()?)))
    }
}

/// What a subnet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubnetRole {
    /// `AzureFirewallSubnet`.
    Firewall,
    /// `AzureFirewallManagementSubnet`.
    FirewallManagement,
    /// Application gateway.
    Gateway,
    /// Internal load balancers.
    Ingress,
    /// Cluster nodes.
    Nodes,
    /// Pods, where they have a subnet of their own.
    Pods,
    /// The API server, where it is inside the network.
    ApiServer,
}

impl SubnetRole {
    /// Every role.
    pub const ALL: [SubnetRole; 7] = [
        SubnetRole::Firewall,
        SubnetRole::FirewallManagement,
        SubnetRole::Gateway,
        SubnetRole::Ingress,
        SubnetRole::Nodes,
        SubnetRole::Pods,
        SubnetRole::ApiServer,
    ];

    /// The role of a key in `[network.subnets]`.
    pub(super) fn of(word: &str) -> Option<SubnetRole> {
        SubnetRole::ALL.into_iter().find(|role| role.word() == word)
    }

    /// The role's key in `[network.subnets]`.
    pub fn word(self) -> &'static str {
        match self {
            SubnetRole::Firewall => "firewall",
            SubnetRole::FirewallManagement => "firewall-management",
            SubnetRole::Gateway => "gateway",
            SubnetRole::Ingress => "ingress",
            SubnetRole::Nodes => "nodes",
            SubnetRole::Pods => "pods",
            SubnetRole::ApiServer => "api-server",
        }
    }
}

/// One subnet.
#[derive(Debug, Clone)]
pub struct Subnet {
    /// What it is for.
    pub role: SubnetRole,
    /// Its name in Azure.
    pub name: At<String>,
    /// Its prefix. That of a subnet which is there already is read at deployment.
    pub prefix: Option<At<Cidr>>,
    /// Sorted and unique, such as `Microsoft.Storage`.
    pub service_endpoints: Vec<At<String>>,
    /// Whether the route table is attached: only where hosts live whose traffic must pass the firewall.
    pub routed: bool,
    /// Whether the table of the forced tunnel is attached: the firewall's own subnet, where there is a tunnel.
    pub tunnelled: bool,
    /// The service that puts hosts of its own into it, which nothing else may do then.
    pub delegated_to: Option<&'static str>,
    /// Where it is written.
    pub origin: Origin,
}

/// What subnets of pods and of an API server are delegated to, and those of nodes never (F1.9, A11).
const AKS: &str = "Microsoft.ContainerService/managedClusters";

impl Subnet {
    /// Whether some of the rules match every address of it as a source.
    pub fn is_covered<'a>(&self, mut rules: impl Iterator<Item = &'a Rule>) -> bool {
        match &self.prefix {
            Some(prefix) => Addresses::cover(rules.flat_map(|rule| rule.sources.iter().map(|s| s.value)), **prefix),
            None => rules
                .any(|rule| rule.source_subnets.contains(&self.role) || rule.sources.iter().any(|s| s.is_everything())),
        }
    }
}

/// A route table: the nodes', or that of the firewall's forced tunnel.
#[derive(Debug, Clone)]
pub struct RouteTable {
    /// Its name.
    pub name: At<String>,
    /// In order: default route, then, for the nodes, one per firewall address.
    pub routes: Vec<Route>,
    /// AKS writes routes of its own into the table (kubenet), so that it must not be rewritten once it exists.
    pub shared_with_aks: bool,
    /// Where it is written.
    pub origin: Origin,
}

/// One route.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// Destination and next hop.
    pub hop: NextHop,
    /// What implied it.
    pub origin: Origin,
}

/// Where a route leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextHop {
    /// `0.0.0.0/0` to the firewall's private address.
    Firewall {
        /// The computed address.
        address: Ipv4Addr,
    },
    /// `0.0.0.0/0` to the private address of a firewall in a hub, which is read at deployment.
    Hub {
        /// The address that it will have.
        expected: Ipv4Addr,
    },
    /// `0.0.0.0/0` of the firewall itself to an appliance: the forced tunnel (F2.9).
    Appliance {
        /// Its address, as written.
        address: Ipv4Addr,
    },
    /// One firewall address `/32` straight to the internet (R3), known at deployment.
    Internet {
        /// Index into the firewall's public addresses.
        public_ip: usize,
    },
}

pub(super) fn build(profile: &Profile) -> Network {
    let spec = &profile.network;
    let dns_servers =
        if *profile.firewall.dns_proxy { vec![profile.firewall.private_ip.clone()] } else { spec.dns_servers.clone() };
    Network {
        name: spec.vnet.clone(),
        existing: spec.existing.clone(),
        address_space: spec.address_space.clone(),
        dns_servers,
        dns_servers_read: *profile.firewall.dns_proxy && profile.hub.is_some(),
        custom_dns: spec.dns_servers.clone(),
        subnets: subnets(profile),
        origin: spec.origin,
    }
}

fn subnets(profile: &Profile) -> Vec<Subnet> {
    let spec = &profile.network;
    let mut list = if profile.hub.is_none() && !spec.firewall_elsewhere { of_firewall(profile) } else { Vec::new() };
    list.extend(spec.gateway.iter().map(|own| subnet(SubnetRole::Gateway, own, false)));
    list.extend(spec.ingress.iter().map(|own| subnet(SubnetRole::Ingress, own, false)));
    list.push(subnet(SubnetRole::Nodes, &spec.nodes, true));
    let delegated = |own| Subnet { delegated_to: Some(AKS), ..own };
    // Pods leave with their own addresses, so that their subnet needs the route as well.
    list.extend(spec.pods.iter().map(|own| delegated(subnet(SubnetRole::Pods, own, true))));
    list.extend(spec.api_server.iter().map(|own| delegated(subnet(SubnetRole::ApiServer, own, false))));
    list
}

/// The firewall's subnets, in whichever network.
pub(super) fn of_firewall(profile: &Profile) -> Vec<Subnet> {
    let spec = &profile.network;
    let tunnelled = profile.firewall.forced_tunnel.is_some();
    let mut list = vec![Subnet { tunnelled, ..subnet(SubnetRole::Firewall, &spec.firewall, false) }];
    list.extend(spec.firewall_management.iter().map(|own| subnet(SubnetRole::FirewallManagement, own, false)));
    list
}

fn subnet(role: SubnetRole, spec: &SubnetSpec, routed: bool) -> Subnet {
    let mut service_endpoints = spec.service_endpoints.clone();
    service_endpoints.sort_by(|a, b| a.value.cmp(&b.value));
    service_endpoints.dedup_by(|a, b| a.value == b.value);
    Subnet {
        role,
        name: spec.name.clone(),
        prefix: spec.prefix.clone(),
        service_endpoints,
        routed,
        tunnelled: false,
        delegated_to: None,
        origin: spec.origin,
    }
}

/// The firewall's own way out, where it is not the internet.
pub(super) fn tunnel(profile: &Profile) -> Option<RouteTable> {
    let firewall = &profile.firewall;
    let appliance = firewall.forced_tunnel.as_ref()?;
    let hop = NextHop::Appliance { address: **appliance };
    Some(RouteTable {
        name: firewall.name.with(format!("{}-tunnel-rt", *firewall.name)),
        routes: vec![Route { name: "default-to-tunnel".to_owned(), hop, origin: appliance.origin }],
        shared_with_aks: false,
        origin: appliance.origin,
    })
}

pub(super) fn routes(profile: &Profile) -> RouteTable {
    let firewall = &profile.firewall;
    let mut routes = vec![Route {
        name: "default-to-firewall".to_owned(),
        hop: match profile.hub {
            None => NextHop::Firewall { address: *firewall.private_ip },
            Some(_) => NextHop::Hub { expected: *firewall.private_ip },
        },
        origin: firewall.private_ip.origin,
    }];
    routes.extend((0..*firewall.public_ips as usize).map(|public_ip| Route {
        name: format!("firewall-address-{}-to-internet", public_ip + 1),
        hop: NextHop::Internet { public_ip },
        origin: firewall.public_ips.origin,
    }));
    RouteTable {
        name: match &firewall.existing {
            Some(_) => profile.name.with(format!("{}-rt", *profile.name)),
            None => firewall.name.with(format!("{}-rt", *firewall.name)),
        },
        routes,
        shared_with_aks: *profile.cni == Cni::Kubenet,
        origin: firewall.origin,
    }
}
