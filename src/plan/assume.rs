//! What the plan takes for granted about resources that others own: it cannot be checked offline, so the review lists it,
//! and the scripts look before anything is built.

use std::net::Ipv4Addr;

use super::logs::Workspace;
use super::{Plan, SubnetRole};
use crate::diag::{At, Origin};
use crate::profile::{Cni, ExistingFirewall, Tier};
use crate::value::{Cidr, ResourceId, ResourceType};

/// What has to be true of one resource.
#[derive(Debug, Clone)]
pub struct Assumption {
    /// Of which one.
    pub about: ResourceId,
    /// What.
    pub claim: Claim,
    /// Why it matters.
    pub why: &'static str,
    /// The key that relies on it.
    pub origin: Origin,
}

/// What may be taken for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It exists, in this region.
    Region(String),
    /// It lies in the subscription that is deployed to.
    Subscription,
    /// This network has a subnet that fits.
    Subnet(SubnetClaim),
    /// A firewall has this private address and the policy with this ID, and lies in the network that is peered with.
    Firewall {
        /// The next hop.
        private_ip: Ipv4Addr,
        /// Where its rules are.
        policy: ResourceId,
        /// Where it lies, where that is said.
        network: Option<ResourceId>,
    },
    /// A firewall policy is of this tier and, where that is wanted, answers DNS.
    Policy {
        /// What its rules may use.
        tier: Tier,
        /// Whether names in network rules and the network's DNS rely on it.
        dns_proxy: bool,
    },
    /// No other group of a firewall policy has this priority.
    FreePriority {
        /// The priority.
        priority: u32,
        /// The group that has it.
        group: String,
    },
    /// A network holds the firewall of this ID, or is peered with the network that does and takes what is forwarded there.
    Reaches(ResourceId),
    /// A network has no peering with this network but one of this name: Azure takes one.
    OnlyPeering {
        /// The other network.
        with: ResourceId,
        /// Its entry.
        name: String,
    },
}

/// What has to be true of a subnet that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetClaim {
    /// What it is used for.
    pub role: SubnetRole,
    /// Its name.
    pub name: String,
    /// The longest prefix that has room for what lives in it. One of several has to have it alone: how Azure shares out
    /// what is there among prefixes is not for a plan to know.
    pub bits: Option<u8>,
    /// What prefixes it may have.
    pub prefixes: Prefixes,
    /// The service that it has to be delegated to, `none` for nobody; nothing where that does not matter.
    pub delegated_to: Option<&'static str>,
    /// The route table that it may have: that of this ID, or none as yet; nothing means none at all.
    pub table: Option<String>,
}

/// What prefixes a subnet may have that is there already.
///
/// Azure fills several one after another, and documents that for virtual machines and scale sets alone whose interfaces
/// have one address each; subnets that are delegated are excluded, and so are those of pods. Nothing is said of firewalls,
/// gateways and load balancers (<https://learn.microsoft.com/azure/virtual-network/how-to-multiple-prefixes-subnet>, as of
/// 2025-08-29).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefixes {
    /// One.
    One,
    /// Any number, all of IPv4: rules take no other source, and the default route leads nothing else to the firewall.
    Ipv4,
}

impl Prefixes {
    /// What a subnet may have for what a plan puts there.
    fn of(role: SubnetRole, cni: Cni) -> Prefixes {
        match (role, cni) {
            (SubnetRole::Nodes, Cni::AzureOverlay | Cni::AzurePodSubnet | Cni::Kubenet) => Prefixes::Ipv4,
            // Pods get addresses of the node's interface, or nobody knows which.
            (SubnetRole::Nodes, Cni::Azure | Cni::None) => Prefixes::One,
            (SubnetRole::Firewall | SubnetRole::FirewallManagement | SubnetRole::Gateway, _) => Prefixes::One,
            (SubnetRole::Ingress | SubnetRole::Pods | SubnetRole::ApiServer, _) => Prefixes::One,
        }
    }

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Prefixes::One => "one",
            Prefixes::Ipv4 => "ipv4",
        }
    }
}

impl Assumption {
    /// One sentence.
    pub fn sentence(&self) -> String {
        let ResourceId { subscription, group, kind, name } = &self.about;
        let what = kind.words();
        let what = what.strip_prefix("a ").unwrap_or(what);
        let claim = match &self.claim {
            Claim::Region(region) => format!("exists, in the region {region}"),
            Claim::Subscription => "lies in the subscription that is deployed to".to_owned(),
            Claim::Subnet(subnet) => subnet.sentence(),
            Claim::Firewall { private_ip, policy, network } => {
                let network = network.as_ref().map(|id| format!(", lies in the network {}", id.name));
                let network = network.unwrap_or_default();
                format!("exists{network}, has the private address {private_ip} and the policy {}", policy.name)
            }
            Claim::Policy { tier, dns_proxy: false } => format!("exists and is of the tier {}", tier.word()),
            Claim::Policy { tier, dns_proxy: true } => {
                format!("exists, is of the tier {} and has its DNS proxy on", tier.word())
            }
            Claim::FreePriority { priority, group } => {
                format!("has no rule collection group of priority {priority} but {group}")
            }
            Claim::Reaches(firewall) => format!(
                "holds the firewall {}, or is peered with the network that does and takes what is forwarded there",
                firewall.name
            ),
            Claim::OnlyPeering { with, name } => {
                format!("has no peering with the network {} but {name}", with.name)
            }
        };
        format!("The {what} {name} (resource group {group}, subscription {subscription}) {claim}: {}.", self.why)
    }
}

/// A subnet that is delegated to no service.
const NOBODY: &str = "none";

impl SubnetClaim {
    fn sentence(&self) -> String {
        let SubnetClaim { role: _, name, bits, prefixes, delegated_to, table } = self;
        let mut parts = vec![match (bits, prefixes) {
            (Some(bits), Prefixes::One) => format!("has a subnet {name} of one prefix, a /{bits} or larger"),
            (Some(bits), Prefixes::Ipv4) => format!("has a subnet {name} of IPv4 prefixes, one a /{bits} or larger"),
            (None, Prefixes::One) => format!("has a subnet {name} of one prefix"),
            (None, Prefixes::Ipv4) => format!("has a subnet {name} of IPv4 prefixes"),
        }];
        match *delegated_to {
            None => {}
            Some(NOBODY) => parts.push("delegated to no service".to_owned()),
            Some(service) => parts.push(format!("delegated to {service}")),
        }
        parts.push(match table.as_ref().and_then(|id| id.rsplit('/').next()) {
            Some(table) => format!("with the route table {table} or none as yet"),
            None => "without a route table".to_owned(),
        });
        parts.join(", ")
    }
}

/// What the plan needs of a network that somebody else owns.
fn of_network(plan: &Plan, id: &At<ResourceId>) -> Vec<Assumption> {
    let about = |claim, why, origin| Assumption { about: id.value.clone(), claim, why, origin };
    let region = Claim::Region(plan.region.value.clone());
    let (same_region, same_subscription) = match &plan.firewall.existing {
        None => (
            "the firewall and the nodes have to lie in the region of their network",
            "Azure wants a firewall and its network in one subscription",
        ),
        Some(_) => (
            "the nodes and their route table have to lie in the region of their network",
            "Azure wants a route table and its network in one subscription",
        ),
    };
    let mut list =
        vec![about(region, same_region, id.origin), about(Claim::Subscription, same_subscription, id.origin)];
    for subnet in plan.network.subnets.iter().filter(|subnet| subnet.prefix.is_none()) {
        let (bits, why) = match subnet.role {
            SubnetRole::Nodes => (Cidr::bits_for(plan.cluster.addresses()), "the nodes get their addresses there"),
            SubnetRole::Firewall => (Some(26), "the firewall lies there"),
            SubnetRole::FirewallManagement => (Some(26), "Azure manages the firewall from there"),
            SubnetRole::Pods => (Cidr::bits_for(plan.cluster.pod_addresses()), "pods get their addresses there"),
            SubnetRole::ApiServer => (Some(28), "the API server lies there"),
            SubnetRole::Gateway => (None, "an application gateway lies there"),
            SubnetRole::Ingress => (None, "internal load balancers get their addresses there"),
        };
        let group = format!("/subscriptions/{}/resourceGroups/{}", id.subscription, *plan.resource_group);
        let table = plan.tables().find(|(_, other, _)| other.role == subnet.role);
        let claim = SubnetClaim {
            role: subnet.role,
            name: subnet.name.value.clone(),
            bits,
            prefixes: Prefixes::of(subnet.role, *plan.cluster.cni),
            delegated_to: subnet.delegated_to.or((subnet.role == SubnetRole::Nodes).then_some(NOBODY)),
            table: table
                .map(|(_, _, table)| format!("{group}/providers/Microsoft.Network/routeTables/{}", *table.name)),
        };
        list.push(about(Claim::Subnet(claim), why, subnet.origin));
    }
    list
}

pub(super) fn assumptions(plan: &Plan) -> Vec<Assumption> {
    let mut list = plan.network.existing.as_ref().map(|id| of_network(plan, id)).unwrap_or_default();
    if let Workspace::Existing { id, region } = &plan.logs.workspace {
        debug_assert_eq!(id.kind, ResourceType::Workspace);
        list.push(Assumption {
            about: id.value.clone(),
            claim: Claim::Region(region.value.clone()),
            why: "logs go there, and the rule that collects them lies in its region",
            origin: id.origin,
        });
    }
    if let Some(id) = &plan.firewall.parent_policy {
        list.push(Assumption {
            about: id.value.clone(),
            claim: Claim::Region(plan.region.value.clone()),
            why: "Azure takes a parent policy from the region of the policy that inherits from it only",
            origin: id.origin,
        });
    }
    list.extend(plan.firewall.existing.iter().flat_map(|existing| of_firewall(plan, existing)));
    if let (Some(network), Some(existing)) = (&plan.network.existing, &plan.firewall.existing) {
        list.extend(way(plan, network, existing));
    }
    list
}

/// The way from somebody else's network to somebody else's firewall: it is there, or the profile adds the ends of it.
fn way(plan: &Plan, network: &At<ResourceId>, existing: &ExistingFirewall) -> Vec<Assumption> {
    let (Some(peer), Some(peering)) = (&existing.peer, &plan.peering) else {
        return vec![Assumption {
            about: network.value.clone(),
            claim: Claim::Reaches(existing.id.value.clone()),
            why: "the default route leads to an address that has to be reached directly",
            origin: network.origin,
        }];
    };
    let only = |about: &ResourceId, with: &ResourceId, name: &At<String>| Assumption {
        about: about.clone(),
        claim: Claim::OnlyPeering { with: with.clone(), name: name.value.clone() },
        why: "Azure takes one peering of two networks",
        origin: peer.origin,
    };
    let mut list = vec![only(network, peer, &peering.to_firewall)];
    list.extend(peering.back.then(|| only(peer, network, &peering.to_cluster)));
    list
}

/// What is said of a firewall of somebody else.
fn of_firewall(plan: &Plan, existing: &ExistingFirewall) -> Vec<Assumption> {
    let ExistingFirewall { id, policy, public_ips: _, priority, peer, peer_back: _, origin: _ } = existing;
    let firewall = &plan.firewall;
    let of = |id: &At<ResourceId>, claim, why, origin| Assumption { about: id.value.clone(), claim, why, origin };
    let network = peer.as_ref().map(|id| id.value.clone());
    let next_hop = Claim::Firewall { private_ip: *firewall.private_ip, policy: policy.value.clone(), network };
    let mut list = vec![
        of(id, next_hop, "the default route leads there, and its rules are written into that policy", id.origin),
        of(
            policy,
            Claim::Policy { tier: *firewall.tier, dns_proxy: *firewall.dns_proxy },
            "what rules may use depends on it",
            policy.origin,
        ),
    ];
    list.extend(firewall.groups.first().map(|group| {
        let free = Claim::FreePriority { priority: group.priority, group: group.name.clone() };
        of(policy, free, "Azure does not say which of two equal ones comes first", priority.origin)
    }));
    list
}
