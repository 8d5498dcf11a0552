//! Service limits (F2.4, F2.10, F3.3, F6.3) as one table.

use super::Table;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Public addresses of the firewall.
    PublicIps,
    /// Public addresses plus unique DNAT destinations.
    Dnat,
    /// Custom DNS servers.
    DnsServers,
    /// Source-destination pairs of network rules.
    NetworkPairs,
    /// Names in network rules.
    NetworkNames,
    /// Bytes of a rule collection group, as far as names, texts and addresses tell.
    GroupBytes,
    /// Classic collections of one kind.
    ClassicCollections,
    /// Routes of the table, with those that AKS adds.
    Routes,
    /// IP groups of a firewall.
    IpGroups,
    /// Addresses and prefixes of one IP group.
    IpGroupMembers,
    /// Tags of a resource.
    Tags,
    /// Node pools of a cluster.
    Pools,
    /// Nodes of a cluster, with the extra ones of an upgrade.
    Nodes,
}

/// One limit.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// What is counted.
    pub counted: Counted,
    /// In words, plural.
    pub what: &'static str,
    /// The highest value that is documented to work.
    pub most: u64,
    /// Azure refuses more. Otherwise the figure is advice, or the sources disagree.
    pub hard: bool,
}

const fn limit(counted: Counted, what: &'static str, most: u64, hard: bool) -> Limit {
    Limit { counted, what, most, hard }
}

/// The limits.
pub static LIMITS: Table<Limit> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits",
    rows: &[
        limit(Counted::PublicIps, "public addresses of a firewall", *PUBLIC_IPS.end() as u64, true),
        limit(Counted::Dnat, "public addresses and DNAT destinations of a firewall together", 250, true),
        limit(Counted::DnsServers, "custom DNS servers", 15, true),
        limit(Counted::NetworkPairs, "source-destination pairs in network rules", 20_000, true),
        limit(Counted::NetworkNames, "names in network rules", 1_000, false),
        limit(Counted::GroupBytes, "bytes of a rule collection group", 2_000_000, false),
        limit(Counted::ClassicCollections, "classic rule collections of one kind", 2_000, false),
        limit(Counted::Routes, "routes of a route table", 400, false),
        limit(Counted::IpGroups, "IP groups of a firewall", 200, true),
        limit(Counted::IpGroupMembers, "addresses and prefixes in one IP group", 5_000, true),
        limit(Counted::Tags, "tags of a resource", 50, false),
        limit(Counted::Pools, "node pools of a cluster", 100, true),
        limit(Counted::Nodes, "nodes of a cluster", 5_000, true),
    ],
};

/// First and last priority of a collection or group.
pub const PRIORITIES: std::ops::RangeInclusive<u32> = 100..=65_000;

/// First and last number of pods per node; a pool must hold at least [`PODS_PER_POOL`].
pub const PODS_PER_NODE: std::ops::RangeInclusive<u32> = 10..=250;

/// Least number of pods that a pool must have room for.
pub const PODS_PER_POOL: u64 = 30;

/// Public addresses of a firewall.
pub const PUBLIC_IPS: std::ops::RangeInclusive<u32> = 1..=250;

/// Lengths of a public IP prefix that Azure gives.
pub const PUBLIC_IP_PREFIX: std::ops::RangeInclusive<u32> = 28..=31;

/// Source ports of one public address at one instance of the firewall, and the instances that it has at least.
pub const SNAT_PORTS: u64 = 2_496;

/// Instances that a firewall has at least; Basic has never more.
pub const INSTANCES: u64 = 2;

/// Source ports that the load balancer of AKS would give each node, by the number of nodes: the measure of what they need.
pub static PORTS_PER_NODE: Table<(u64, u64)> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/aks/load-balancer-standard",
    rows: &[(50, 1_024), (100, 512), (200, 256), (400, 128), (800, 64), (u64::MAX, 32)],
};

/// Most nodes of one pool; a system pool has one at least.
pub const NODES_PER_POOL: u32 = 1_000;

/// Most characters of a pool's name, and of a Windows pool's, which begins the names of its machines (F4.6).
pub const POOL_NAME: usize = 12;
/// See [`POOL_NAME`].
pub const WINDOWS_POOL_NAME: usize = 6;

/// Length of the name of a container registry.
pub const REGISTRY_NAME: std::ops::RangeInclusive<usize> = 5..=50;

/// Longest prefix of the subnet of an API server inside the network (F1.9).
pub const API_SERVER_SUBNET_BITS: u8 = 28;

/// Addresses that an API server inside the network takes at least (F1.9).
pub const API_SERVER_ADDRESSES: u64 = 9;

/// Authorised ranges of an API server inside the network, which takes more (F4.5).
pub const AUTHORIZED_RANGES_INTEGRATED: usize = 2000;

/// Authorised ranges of an API server, with the addresses of the firewall (F4.5).
pub const AUTHORIZED_RANGES: usize = 200;

/// Nodes of a kubenet cluster: one route each.
pub const KUBENET_NODES: u32 = 400;

/// The day on which kubenet retires.
pub const KUBENET_RETIRES: &str = "2028-03-31";

/// Highest port of a DNAT rule, on both sides.
pub const DNAT_PORT: u16 = 63_999;

/// Highest port of an application rule that schema and documents agree on.
pub const APPLICATION_PORT: u16 = 64_000;

/// Days that a workspace of the current price plan can keep rows.
pub const RETENTION_DAYS: std::ops::RangeInclusive<u32> = 30..=730;

/// Instances of an application gateway of version 2 (C9).
pub const GATEWAY_INSTANCES: std::ops::RangeInclusive<u32> = 1..=125;

/// Ports on which an application gateway of version 2 listens.
pub const GATEWAY_PORTS: std::ops::RangeInclusive<u16> = 1..=64_999;
