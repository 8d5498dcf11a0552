//! The plan: every name, address, priority and order decided. Emitters spell it and decide nothing.
//!
//! `Plan::build` is total: a value that could not be read was replaced by its default and its origin poisoned.

pub mod assume;
pub mod cluster;
mod collections;
pub mod firewall;
pub mod gateway;
pub mod hub;
pub mod json;
pub mod life;
pub mod logs;
pub mod network;
pub mod overrides;
pub mod peering;
mod workbook;
pub mod workload;

use crate::diag::{At, Origin};
use crate::profile::{Profile, RegistrySpec, WaiveSpec};
use crate::value::{Cidr, Cloud, ResourceId};

pub use assume::Assumption;
pub use cluster::{Cluster, Identity, Role, RoleAssignment, RoleScope};
pub use firewall::{Firewall, RuleCollection, RuleCollectionGroup, RuleKind};
pub use gateway::Gateway;
pub use hub::Hub;
pub use life::{Ending, SwitchedOff};
pub use logs::Logs;
pub use network::{Network, NextHop, Route, RouteTable, Subnet, SubnetRole};
pub use overrides::Override;
pub use peering::Peering;
pub use workload::{Expectation, Inbound, PackUse, Probe};

/// Everything that will exist, with every value decided.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Base name of the profile's file.
    pub file: String,
    /// Name of the profile: the folder of its artifacts.
    pub name: At<String>,
    /// Programmatic name of the region.
    pub region: At<String>,
    /// The cloud.
    pub cloud: At<Cloud>,
    /// Resource group of everything.
    pub resource_group: At<String>,
    /// On everything but firewall policies, in the order of writing.
    pub tags: Vec<(At<String>, At<String>)>,
    /// Network and subnets.
    pub network: Network,
    /// The network of the firewall, where it is not the cluster's.
    pub hub: Option<Hub>,
    /// What ties the two together.
    pub peering: Option<peering::Peering>,
    /// Route table and routes.
    pub routes: RouteTable,
    /// Route table of the firewall's own subnet, with a forced tunnel.
    pub tunnel: Option<RouteTable>,
    /// Firewall, its addresses and rules.
    pub firewall: Firewall,
    /// Workspace, diagnostics and workbook.
    pub logs: Logs,
    /// Who the control plane is.
    pub identity: Identity,
    /// What that identity may do.
    pub roles: Vec<RoleAssignment>,
    /// The cluster.
    pub cluster: Cluster,
    /// Published services.
    pub inbound: Vec<Inbound>,
    /// The application gateway in front of one of them.
    pub gateway: Option<Gateway>,
    /// What must be reachable and what must not.
    pub expectations: Vec<Expectation>,
    /// Findings that are accepted, in the order of writing.
    pub waivers: Vec<WaiveSpec>,
    /// Properties that are added by hand, in the order of writing.
    pub overrides: Vec<Override>,
    /// What has a last day, by day.
    pub calendar: Vec<Ending>,
    /// Packs and rules that the profile names and leaves out.
    pub switched_off: Vec<SwitchedOff>,
    /// Packs in use, by name.
    pub packs: Vec<PackUse>,
    /// Container registries of one's own.
    pub registries: Vec<RegistrySpec>,
    /// Known addresses of the API server, for `narrow-api-server.sh`.
    pub api_server_addresses: Vec<At<std::net::Ipv4Addr>>,
    /// In how many steps it is deployed, and by whom.
    pub layers: Layers,
    /// Where that is written, or would be.
    pub layers_origin: Origin,
    /// What it takes for granted about resources that others own.
    pub assumptions: Vec<Assumption>,
    /// The whole file.
    pub origin: Origin,
}

/// How a plan is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layers {
    /// All at once.
    One,
    /// The network and what belongs to it; the cluster is somebody else's.
    Network,
    /// The network first, then the cluster, perhaps by two teams.
    Two,
}

impl Layers {
    fn of(profile: &Profile) -> Layers {
        match (*profile.cluster.create, *profile.split) {
            (true, false) => Layers::One,
            (true, true) => Layers::Two,
            (false, _) => Layers::Network,
        }
    }

    /// As doubtful as either of the two keys that decide it.
    fn origin(profile: &Profile) -> Origin {
        let (split, create) = (profile.split.origin, profile.cluster.create.origin);
        if create.poisoned { split.poison() } else { split }
    }

    /// The word in `plan.json`.
    pub fn word(self) -> &'static str {
        match self {
            Layers::One => "one",
            Layers::Network => "network-only",
            Layers::Two => "network-and-cluster",
        }
    }

    /// Whether the cluster is made.
    pub fn has_cluster(self) -> bool {
        match self {
            Layers::One | Layers::Two => true,
            Layers::Network => false,
        }
    }
}

impl Plan {
    /// Address ranges of the network, the pods and the services, each with the word for it.
    pub fn ranges(&self) -> Vec<(&'static str, &At<Cidr>)> {
        let mut list: Vec<_> =
            self.hub.iter().flat_map(|hub| &hub.network.address_space).map(|p| ("hub's network", p)).collect();
        list.extend(self.network.address_space.iter().map(|p| ("network", p)));
        list.extend(self.cluster.pod_cidr.iter().map(|p| ("pod range", p)));
        list.push(("service range", &self.cluster.service_cidr));
        list
    }

    /// The networks that are made: the hub where there is one, and the cluster's.
    pub fn networks(&self) -> impl Iterator<Item = &Network> {
        self.hub.iter().map(|hub| &hub.network).chain([&self.network])
    }

    /// Everything of somebody else that the profile names by its ID.
    pub fn foreign(&self) -> impl Iterator<Item = &At<ResourceId>> {
        let workspace = match &self.logs.workspace {
            logs::Workspace::Created { name: _, retention_days: _ } => None,
            logs::Workspace::Existing { id, region: _ } => Some(id),
        };
        let firewall = self.firewall.existing.iter();
        let firewall = firewall.flat_map(|one| [&one.id, &one.policy].into_iter().chain(&one.peer));
        let network = self.network.existing.iter();
        network.chain(firewall).chain(&self.firewall.parent_policy).chain(workspace)
    }

    /// The network that the firewall is in.
    pub fn firewall_network(&self) -> &Network {
        self.hub.as_ref().map_or(&self.network, |hub| &hub.network)
    }

    /// Every subnet with its network.
    pub fn subnets(&self) -> impl Iterator<Item = (&Network, &Subnet)> {
        self.networks().flat_map(|network| network.subnets.iter().map(move |subnet| (network, subnet)))
    }

    /// The subnet of a role. Every role exists once, [`SubnetRole::FirewallManagement`] where the firewall has that
    /// interface.
    pub fn subnet(&self, role: SubnetRole) -> &Subnet {
        match role {
            SubnetRole::Firewall | SubnetRole::FirewallManagement => self.firewall_network().subnet(role),
            SubnetRole::Gateway
            | SubnetRole::Ingress
            | SubnetRole::Nodes
            | SubnetRole::Pods
            | SubnetRole::ApiServer => self.network.subnet(role),
        }
    }

    /// Every subnet with its network and its prefix, as far as that is known.
    pub fn located(&self) -> impl Iterator<Item = (&Network, &Subnet, &At<Cidr>)> {
        self.subnets().filter_map(|(network, subnet)| Some((network, subnet, subnet.prefix.as_ref()?)))
    }

    /// Every subnet that has a route table, with that table.
    pub fn tables(&self) -> impl Iterator<Item = (&Network, &Subnet, &RouteTable)> {
        self.subnets().filter_map(|(network, subnet)| match &self.tunnel {
            Some(tunnel) if subnet.tunnelled => Some((network, subnet, tunnel)),
            _ if subnet.routed => Some((network, subnet, &self.routes)),
            _ => None,
        })
    }

    /// Decides everything that a profile leaves open. Never fails; what is wrong with the outcome, the checks say.
    pub fn build(profile: &Profile) -> Plan {
        let name = profile.name.value.as_str();
        let firewall = firewall::build(profile);
        let mut plan = Plan {
            file: profile.file.clone(),
            name: profile.name.clone(),
            region: profile.region.clone(),
            cloud: profile.cloud.clone(),
            resource_group: profile.resource_group.clone(),
            tags: profile.tags.clone(),
            network: network::build(profile),
            hub: hub::build(profile),
            peering: peering::build(profile),
            routes: network::routes(profile),
            tunnel: network::tunnel(profile),
            logs: logs::build(profile),
            identity: cluster::identity(profile, name),
            roles: cluster::roles(profile),
            cluster: cluster::build(profile),
            inbound: workload::inbound(profile),
            gateway: gateway::build(profile),
            expectations: workload::expectations(profile, &firewall),
            waivers: profile.waive.clone(),
            overrides: overrides::build(profile),
            calendar: life::calendar(profile),
            switched_off: life::switched_off(profile),
            packs: workload::packs(profile),
            registries: profile.egress.registries.clone(),
            api_server_addresses: profile.egress.api_server_address.clone(),
            firewall,
            layers: Layers::of(profile),
            layers_origin: Layers::origin(profile),
            assumptions: Vec::new(),
            origin: profile.origin,
        };
        plan.assumptions = assume::assumptions(&plan);
        plan
    }
}
