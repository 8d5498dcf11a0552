//! The cluster, its identity and what that identity may do.

use std::net::Ipv4Addr;

use super::network::SubnetRole;
use crate::diag::{At, Origin};
use crate::profile::{
    Addon, ApiServer, ClusterTier, Cni, Dataplane, IdentityKind, NetworkPolicy, NodeCount, Os, PoolMode, PoolSpec,
    Profile, Surge,
};
use crate::value::Cidr;

/// The managed cluster.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Its name.
    pub name: At<String>,
    /// Prefix of the API server's name: letters, digits and hyphens, at most 54 (F4.6).
    pub dns_prefix: String,
    /// `None` takes the region's default.
    pub kubernetes_version: Option<At<String>>,
    /// Uptime tier.
    pub tier: At<ClusterTier>,
    /// CNI plugin.
    pub cni: At<Cni>,
    /// At least one; the system pool that the cluster is made with is the first.
    pub pools: Vec<NodePool>,
    /// Where the API server is.
    pub api_server: At<ApiServer>,
    /// Who may speak to it; every address of the firewall comes on top unless this is empty.
    pub authorized_ip_ranges: Vec<At<Cidr>>,
    /// What enforces network policies.
    pub network_policy: At<NetworkPolicy>,
    /// What carries the pods' packets.
    pub dataplane: At<Dataplane>,
    /// Pod addresses; absent with a flat network.
    pub pod_cidr: Option<At<Cidr>>,
    /// Service addresses.
    pub service_cidr: At<Cidr>,
    /// Address of the cluster's DNS service.
    pub dns_service_ip: At<Ipv4Addr>,
    /// What is switched on, each once, in the order of their declaration.
    pub addons: Vec<At<Addon>>,
    /// Where it is written.
    pub origin: Origin,
}

impl Cluster {
    /// Machines of all pools at their most, with the extra ones of an upgrade of every pool.
    pub fn machines(&self) -> u64 {
        self.pools.iter().map(NodePool::machines).sum()
    }

    /// Where an add-on is switched on.
    pub fn addon(&self, addon: Addon) -> Option<Origin> {
        self.addons.iter().find(|a| a.value == addon).map(|a| a.origin)
    }

    /// Nodes of all pools at their most.
    pub fn nodes(&self) -> u64 {
        self.pools.iter().map(|p| u64::from(p.nodes.most())).sum()
    }
}

/// A node pool.
#[derive(Debug, Clone)]
pub struct NodePool {
    /// Its name.
    pub name: At<String>,
    /// Whether the cluster's own pods run there.
    pub mode: At<PoolMode>,
    /// Operating system of the nodes.
    pub os: At<Os>,
    /// Whether AKS installs the drivers of graphics cards.
    pub gpu: At<bool>,
    /// Whether Azure may take the nodes back at any time.
    pub spot: At<bool>,
    /// How many nodes.
    pub nodes: At<NodeCount>,
    /// Their VM size.
    pub node_size: At<String>,
    /// Pods per node.
    pub pods_per_node: At<u32>,
    /// Extra nodes during an upgrade; a spot pool has none.
    pub max_surge: Option<At<Surge>>,
    /// Availability zones, sorted.
    pub zones: Vec<At<u8>>,
    /// Where it is written.
    pub origin: Origin,
}

impl NodePool {
    /// Extra nodes during an upgrade of the pool at its most.
    pub fn surge(&self) -> u32 {
        self.max_surge.as_ref().map_or(0, |surge| surge.of(self.nodes.most()))
    }

    /// Machines that the pool can have at once.
    pub fn machines(&self) -> u64 {
        u64::from(self.nodes.most()) + u64::from(self.surge())
    }
}

impl Cluster {
    /// Addresses that the node subnet needs: of every machine that there can be at once, with its pods where they have
    /// addresses of the subnet, and the five that Azure keeps.
    pub fn addresses(&self) -> u64 {
        let each = |pool: &NodePool| match *self.cni {
            Cni::Azure => 1 + u64::from(*pool.pods_per_node),
            Cni::AzureOverlay | Cni::AzurePodSubnet | Cni::Kubenet | Cni::None => 1,
        };
        let total = self.pools.iter().map(|pool| pool.machines().saturating_mul(each(pool)));
        total.fold(5, u64::saturating_add)
    }

    /// The same for pods that have a subnet of their own, which a node takes in blocks of 16.
    pub fn pod_addresses(&self) -> u64 {
        let of_node = |pool: &NodePool| u64::from(*pool.pods_per_node).div_ceil(16) * 16;
        let pods = self.pools.iter().map(|pool| pool.machines().saturating_mul(of_node(pool)));
        pods.fold(5, u64::saturating_add)
    }
}

/// Who the control plane is.
#[derive(Debug, Clone)]
pub enum Identity {
    /// A user-assigned managed identity of this name.
    Managed {
        /// Its name.
        name: At<String>,
    },
    /// An application with a secret; all three values are given at deployment.
    ServicePrincipal {
        /// Display name for `create-service-principal.sh`.
        name: At<String>,
    },
}

/// A built-in role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Network Contributor.
    NetworkContributor,
}

impl Role {
    /// Azure's name.
    pub fn name(self) -> &'static str {
        match self {
            Role::NetworkContributor => "Network Contributor",
        }
    }

    /// GUID of the role definition (F4.3).
    pub fn guid(self) -> &'static str {
        match self {
            Role::NetworkContributor => "4d97b98b-1d4f-4787-a291-c67834d212e7",
        }
    }
}

/// One role on one resource.
#[derive(Debug, Clone)]
pub struct RoleAssignment {
    /// What it allows.
    pub role: Role,
    /// On what.
    pub scope: RoleScope,
    /// Why.
    pub why: &'static str,
    /// What asked for it.
    pub origin: Origin,
}

/// On what a role is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleScope {
    /// A subnet.
    Subnet(SubnetRole),
    /// The route table.
    RouteTable,
}

pub(super) fn build(profile: &Profile) -> Cluster {
    let spec = &profile.cluster;
    Cluster {
        name: spec.name.clone(),
        dns_prefix: dns_prefix(&spec.name),
        kubernetes_version: spec.kubernetes_version.clone(),
        tier: spec.tier.clone(),
        cni: profile.cni.clone(),
        pools: spec.pools.iter().map(pool).collect(),
        api_server: spec.api_server.clone(),
        authorized_ip_ranges: spec.authorized_ip_ranges.clone(),
        network_policy: spec.network_policy.clone(),
        dataplane: spec.dataplane.clone(),
        pod_cidr: match *profile.cni {
            Cni::AzureOverlay | Cni::Kubenet => Some(spec.pod_cidr.clone()),
            Cni::Azure | Cni::AzurePodSubnet | Cni::None => None,
        },
        service_cidr: spec.service_cidr.clone(),
        dns_service_ip: spec.dns_service_ip.clone(),
        addons: addons(&spec.addons),
        origin: spec.origin,
    }
}

fn addons(spec: &[At<Addon>]) -> Vec<At<Addon>> {
    let mut list = spec.to_vec();
    list.sort_by_key(|addon| addon.value);
    list.dedup_by_key(|addon| addon.value);
    list
}

fn pool(spec: &PoolSpec) -> NodePool {
    let mut zones = spec.zones.clone();
    zones.sort_by_key(|z| z.value);
    zones.dedup_by_key(|z| z.value);
    NodePool {
        name: spec.name.clone(),
        mode: spec.mode.clone(),
        os: spec.os.clone(),
        gpu: spec.gpu.clone(),
        spot: spec.spot.clone(),
        nodes: spec.nodes.clone(),
        node_size: spec.node_size.clone(),
        pods_per_node: spec.pods_per_node.clone(),
        max_surge: spec.max_surge.clone(),
        zones,
        origin: spec.origin,
    }
}

/// The cluster's name with what a DNS label cannot hold replaced, cut to 54.
fn dns_prefix(name: &str) -> String {
    let label: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(54).collect();
    label.trim_matches('-').to_owned()
}

pub(super) fn identity(profile: &Profile, name: &str) -> Identity {
    let kind = &profile.cluster.identity;
    match kind.value {
        IdentityKind::Managed => Identity::Managed { name: kind.with(format!("{name}-identity")) },
        IdentityKind::ServicePrincipal => Identity::ServicePrincipal { name: kind.with(format!("{name}-sp")) },
    }
}

pub(super) fn roles(profile: &Profile) -> Vec<RoleAssignment> {
    let on = |scope, why| RoleAssignment {
        role: Role::NetworkContributor,
        scope,
        why,
        origin: profile.cluster.identity.origin,
    };
    let mut list = vec![on(RoleScope::Subnet(SubnetRole::Nodes), "joins nodes to the subnet")];
    if profile.network.ingress.is_some() {
        list.push(on(RoleScope::Subnet(SubnetRole::Ingress), "places internal load balancers"));
    }
    if profile.network.pods.is_some() {
        list.push(on(RoleScope::Subnet(SubnetRole::Pods), "gives pods addresses of the subnet"));
    }
    if profile.network.api_server.is_some() {
        list.push(on(RoleScope::Subnet(SubnetRole::ApiServer), "places the API server"));
    }
    if *profile.cni == Cni::Kubenet {
        list.push(on(RoleScope::RouteTable, "writes one route per node (kubenet)"));
    }
    list
}
