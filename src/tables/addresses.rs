//! Address blocks that Azure refuses, that AKS keeps for itself, and that are meant for private networks (F3.1, F3.2).

use super::Table;
use crate::value::Cidr;

/// A block and what it is.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// `a.b.c.d/n`
    pub prefix: &'static str,
    /// What it is, in a few words.
    pub what: &'static str,
}

impl Block {
    /// The prefix as a value.
    pub fn cidr(&self) -> Option<Cidr> {
        Cidr::parse(self.prefix).ok()
    }
}

const fn block(prefix: &'static str, what: &'static str) -> Block {
    Block { prefix, what }
}

/// Not usable in any virtual network (C4).
pub static FORBIDDEN: Table<Block> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
    rows: &[
        block("127.0.0.0/8", "loopback"),
        block("168.63.129.16/32", "Azure's own resolver and health probes"),
        block("169.254.0.0/16", "link local"),
        block("224.0.0.0/4", "multicast"),
        block("255.255.255.255/32", "broadcast"),
    ],
};

/// Kept by AKS: no network, pod or service range may touch them (A1). `169.254.0.0/16` is forbidden anyway.
pub static RESERVED_BY_AKS: Table<Block> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
    rows: &[
        block("172.30.0.0/16", "kept by AKS"),
        block("172.31.0.0/16", "kept by AKS"),
        block("192.0.2.0/24", "kept by AKS"),
    ],
};

/// Recommended for private networks (C5).
pub static PRIVATE: Table<Block> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
    rows: &[
        block("10.0.0.0/8", "RFC 1918"),
        block("100.64.0.0/10", "RFC 6598"),
        block("172.16.0.0/12", "RFC 1918"),
        block("192.168.0.0/16", "RFC 1918"),
    ],
};

/// Subnet names that other Azure services expect for themselves, and the service (C8).
pub static SERVICE_SUBNETS: Table<(&str, &str)> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services",
    rows: &[
        ("AzureBastionSubnet", "Azure Bastion"),
        ("AzureFirewallManagementSubnet", "the management side of Azure Firewall"),
        ("AzureFirewallSubnet", "Azure Firewall"),
        ("GatewaySubnet", "the virtual network gateway"),
        ("RouteServerSubnet", "Route Server"),
    ],
};

/// Azure's own resolver, the same in every network.
pub const RESOLVER: std::net::Ipv4Addr = std::net::Ipv4Addr::new(168, 63, 129, 16);
