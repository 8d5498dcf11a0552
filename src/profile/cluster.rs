//! `[cluster]` as it is meant: the cluster, its pools and what is switched on.

use std::net::Ipv4Addr;

use crate::diag::{At, Origin};
use crate::value::Cidr;

/// `[cluster]`
#[derive(Debug, Clone)]
pub struct ClusterSpec {
    /// Whether it is made, rather than by somebody else in this network.
    pub create: At<bool>,
    /// Its name.
    pub name: At<String>,
    /// `1.x` or `1.x.y`; `None` takes the region's default.
    pub kubernetes_version: Option<At<String>>,
    /// Uptime tier.
    pub tier: At<ClusterTier>,
    /// The system pool of `[cluster]`, then those of `[[cluster.pools]]`.
    pub pools: Vec<PoolSpec>,
    /// Who the control plane is.
    pub identity: At<IdentityKind>,
    /// Where the API server is.
    pub api_server: At<ApiServer>,
    /// Who may speak to it besides the firewall's addresses; empty: everybody.
    pub authorized_ip_ranges: Vec<At<Cidr>>,
    /// What enforces network policies.
    pub network_policy: At<NetworkPolicy>,
    /// What carries the pods' packets.
    pub dataplane: At<Dataplane>,
    /// Pod addresses (overlay, kubenet).
    pub pod_cidr: At<Cidr>,
    /// Service addresses.
    pub service_cidr: At<Cidr>,
    /// Address of the cluster's DNS service.
    pub dns_service_ip: At<Ipv4Addr>,
    /// What is switched on.
    pub addons: Vec<At<Addon>>,
    /// `[cluster]`, or the file.
    pub origin: Origin,
}

/// One node pool.
#[derive(Debug, Clone)]
pub struct PoolSpec {
    /// Its name; the pool of `[cluster]` is called `system`.
    pub name: At<String>,
    /// Whether the cluster's own pods run there.
    pub mode: At<PoolMode>,
    /// Operating system of the nodes.
    pub os: At<Os>,
    /// Whether AKS installs the drivers of graphics cards.
    pub gpu: At<bool>,
    /// Whether the nodes are spare capacity that Azure takes back at any time.
    pub spot: At<bool>,
    /// How many nodes.
    pub nodes: At<NodeCount>,
    /// VM size of the nodes.
    pub node_size: At<String>,
    /// Pods per node, 10 to 250.
    pub pods_per_node: At<u32>,
    /// Surge during upgrades; a spot pool has none.
    pub max_surge: Option<At<Surge>>,
    /// Subset of 1, 2, 3.
    pub zones: Vec<At<u8>>,
    /// `[cluster]`, or the pool's header.
    pub origin: Origin,
}

/// What a pool is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolMode {
    /// Workloads alone.
    User,
    /// The cluster's own pods, too.
    System,
}

impl PoolMode {
    /// Every value, the default first.
    pub const ALL: [PoolMode; 2] = [PoolMode::User, PoolMode::System];

    /// Azure's spelling, also a profile's.
    pub fn word(self) -> &'static str {
        match self {
            PoolMode::User => "User",
            PoolMode::System => "System",
        }
    }
}

/// Operating system of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Os {
    /// Linux.
    Linux,
    /// Windows Server.
    Windows,
}

impl Os {
    /// Every value, the default first.
    pub const ALL: [Os; 2] = [Os::Linux, Os::Windows];

    /// Azure's spelling, also a profile's.
    pub fn word(self) -> &'static str {
        match self {
            Os::Linux => "Linux",
            Os::Windows => "Windows",
        }
    }
}

/// How many nodes a pool has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeCount {
    /// Always as many.
    Fixed(u32),
    /// As many as the autoscaler finds right.
    Between {
        /// Never fewer.
        min: u32,
        /// Never more.
        max: u32,
    },
}

impl NodeCount {
    /// The fewest.
    pub fn least(self) -> u32 {
        match self {
            NodeCount::Fixed(nodes) | NodeCount::Between { min: nodes, max: _ } => nodes,
        }
    }

    /// The most.
    pub fn most(self) -> u32 {
        match self {
            NodeCount::Fixed(nodes) | NodeCount::Between { min: _, max: nodes } => nodes,
        }
    }
}

impl std::fmt::Display for NodeCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NodeCount::Fixed(nodes) => nodes.fmt(f),
            NodeCount::Between { min, max } => write!(f, "{min} to {max}"),
        }
    }
}

/// Where the API server is (F1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiServer {
    /// At a public address, which nodes reach through the firewall.
    Public,
    /// At a private endpoint in the node subnet.
    Private,
    /// Inside the network: nodes reach it at an address of a subnet of its own. Its public name stays.
    VnetIntegrated,
}

impl ApiServer {
    /// Every value, the default first.
    pub const ALL: [ApiServer; 3] = [ApiServer::Public, ApiServer::Private, ApiServer::VnetIntegrated];

    /// The spelling in a profile.
    pub fn word(self) -> &'static str {
        match self {
            ApiServer::Public => "public",
            ApiServer::Private => "private",
            ApiServer::VnetIntegrated => "vnet-integrated",
        }
    }

    /// Whether nodes reach it through the firewall.
    pub fn through_firewall(self) -> bool {
        match self {
            ApiServer::Public => true,
            ApiServer::Private | ApiServer::VnetIntegrated => false,
        }
    }
}

/// What enforces network policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkPolicy {
    /// Nothing.
    None,
    /// Azure's network policy manager.
    Azure,
    /// Calico.
    Calico,
    /// The Cilium data plane.
    Cilium,
}

impl NetworkPolicy {
    /// Every value, the default first.
    pub const ALL: [NetworkPolicy; 4] =
        [NetworkPolicy::None, NetworkPolicy::Azure, NetworkPolicy::Calico, NetworkPolicy::Cilium];

    /// Azure's spelling, also a profile's.
    pub fn word(self) -> &'static str {
        match self {
            NetworkPolicy::None => "none",
            NetworkPolicy::Azure => "azure",
            NetworkPolicy::Calico => "calico",
            NetworkPolicy::Cilium => "cilium",
        }
    }
}

/// What carries the pods' packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dataplane {
    /// Azure's own.
    Azure,
    /// Cilium.
    Cilium,
}

impl Dataplane {
    /// Every value, the default first.
    pub const ALL: [Dataplane; 2] = [Dataplane::Azure, Dataplane::Cilium];

    /// Azure's spelling, also a profile's.
    pub fn word(self) -> &'static str {
        match self {
            Dataplane::Azure => "azure",
            Dataplane::Cilium => "cilium",
        }
    }
}

/// Uptime tiers of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterTier {
    /// No uptime promise.
    Free,
    /// With an uptime promise.
    Standard,
    /// With long-term support.
    Premium,
}

impl ClusterTier {
    /// Every value, the default first.
    pub const ALL: [ClusterTier; 3] = [ClusterTier::Standard, ClusterTier::Free, ClusterTier::Premium];

    /// Azure's spelling, also a profile's.
    pub fn word(self) -> &'static str {
        match self {
            ClusterTier::Free => "Free",
            ClusterTier::Standard => "Standard",
            ClusterTier::Premium => "Premium",
        }
    }
}

/// Extra nodes during an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surge {
    /// Per cent of the nodes, rounded up, at least one.
    Percent(u32),
    /// A number of nodes.
    Nodes(u32),
}

impl Surge {
    /// How many nodes that is for a pool of `nodes`.
    pub fn of(self, nodes: u32) -> u32 {
        match self {
            Surge::Percent(percent) => {
                let extra = (u64::from(nodes) * u64::from(percent)).div_ceil(100);
                u32::try_from(extra).unwrap_or(u32::MAX).max(1)
            }
            Surge::Nodes(nodes) => nodes,
        }
    }
}

impl std::fmt::Display for Surge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Surge::Percent(percent) => write!(f, "{percent}%"),
            Surge::Nodes(nodes) => nodes.fmt(f),
        }
    }
}

/// Who the control plane is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityKind {
    /// A user-assigned managed identity.
    Managed,
    /// An application with a secret.
    ServicePrincipal,
}

/// Add-ons, in the order in which artifacts name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Addon {
    /// Container Insights.
    Monitoring,
    /// Azure Policy inside the cluster.
    AzurePolicy,
    /// Defender for Containers.
    Defender,
    /// Secrets of a vault as volumes.
    KeyVaultSecrets,
    /// Tokens of Microsoft Entra for pods.
    WorkloadIdentity,
    /// GitOps: the endpoints alone, since the first configuration brings the extension.
    Flux,
    /// Costs by namespace.
    CostAnalysis,
    /// The service mesh that AKS keeps.
    Istio,
}

impl Addon {
    /// Every value, the default first.
    pub const ALL: [Addon; 8] = [
        Addon::Monitoring,
        Addon::AzurePolicy,
        Addon::Defender,
        Addon::KeyVaultSecrets,
        Addon::WorkloadIdentity,
        Addon::Flux,
        Addon::CostAnalysis,
        Addon::Istio,
    ];

    /// The spelling in a profile.
    pub fn word(self) -> &'static str {
        match self {
            Addon::Monitoring => "monitoring",
            Addon::AzurePolicy => "azure-policy",
            Addon::Defender => "defender",
            Addon::KeyVaultSecrets => "key-vault-secrets",
            Addon::WorkloadIdentity => "workload-identity",
            Addon::Flux => "flux",
            Addon::CostAnalysis => "cost-analysis",
            Addon::Istio => "istio",
        }
    }

    /// The pack with the endpoints that it needs.
    pub fn pack(self) -> &'static str {
        match self {
            Addon::Monitoring => "azure-monitor",
            Addon::AzurePolicy
            | Addon::Defender
            | Addon::KeyVaultSecrets
            | Addon::WorkloadIdentity
            | Addon::Flux
            | Addon::CostAnalysis
            | Addon::Istio => self.word(),
        }
    }
}
