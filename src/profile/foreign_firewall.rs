//! `firewall.existing`: a firewall that somebody else owns, and what has to be known of it.

use std::net::Ipv4Addr;

use super::codes::CONFLICTING_KEYS;
use super::raw::{RawFirewall, RawSubnets};
use super::{FirewallSpec, Idps, NetworkSpec, RuleModel, ThreatIntel, Tier, ids};
use crate::diag::{At, Origin};
use crate::rules::codes::MISSING_KEY;
use crate::rules::cursor::{Context, Slot, Table};
use crate::rules::values;
use crate::tables::limits;
use crate::value::{ResourceId, ResourceType};

/// A firewall of somebody else. Its policy receives one rule collection group.
#[derive(Debug, Clone)]
pub struct ExistingFirewall {
    /// Its ID.
    pub id: At<ResourceId>,
    /// ID of its policy.
    pub policy: At<ResourceId>,
    /// Its addresses on the internet, at least one. The first takes inbound connections.
    pub public_ips: Vec<At<Ipv4Addr>>,
    /// Priority of the group among those of the policy.
    pub priority: At<u32>,
    /// ID of its network, where a peering of the cluster's network with it is to be written.
    pub peer: Option<At<ResourceId>>,
    /// Whether the entry in that network is written, too. Else its owner adds it, before there is a cluster.
    pub peer_back: At<bool>,
    /// Its table.
    pub origin: Origin,
}

/// The table as it is written.
pub(super) struct RawExisting {
    firewall: Slot<ResourceId>,
    policy: Slot<ResourceId>,
    private_ip: Slot<Ipv4Addr>,
    public_ips: Slot<Vec<At<Ipv4Addr>>>,
    priority: Slot<u32>,
    peer: Slot<ResourceId>,
    peer_back: Slot<bool>,
    tier: Slot<Tier>,
    dns_proxy: Slot<bool>,
    pub(super) origin: Origin,
}

const KEYS: &[&str] =
    &["firewall", "policy", "private-ip", "public-ips", "priority", "peer", "peer-back", "tier", "dns-proxy"];

pub(super) fn raw(t: &Table<'_>) -> Option<RawExisting> {
    t.has("existing").then(|| {
        t.table("existing", KEYS, |t| RawExisting {
            firewall: t.required("firewall", |i| ids::resource(i, ResourceType::Firewall)),
            policy: policy(t),
            private_ip: t.required("private-ip", values::address),
            public_ips: t.required_some("public-ips", values::address),
            priority: t.required("priority", values::priority),
            peer: t.get("peer", |i| ids::resource(i, ResourceType::Network)),
            peer_back: t.get("peer-back", values::flag),
            tier: t.get("tier", |i| i.one_of(&Tier::ALL.map(|v| (v.word(), v)))),
            dns_proxy: t.get("dns-proxy", values::flag),
            origin: t.origin,
        })
    })
}

/// Without a policy there is no place for rules beside the owner's.
fn policy(t: &Table<'_>) -> Slot<ResourceId> {
    let slot = t.get("policy", |i| ids::resource(i, ResourceType::FirewallPolicy));
    if let Slot::Absent = slot {
        let message = "`policy` is missing: a firewall with rules of its own takes none beside those of its owner, \
                       whose next deployment would remove them";
        t.cx.raise(&MISSING_KEY, t.origin, message, "it belongs here").help(
            "write the ID of the firewall's policy; a firewall without one has to be given one by its owner first",
        );
        return Slot::Failed(t.origin.poison());
    }
    slot
}

/// The settings of a firewall that is there, and what contradicts them.
pub(super) fn firewall(
    cx: &Context<'_>,
    raw: RawFirewall,
    existing: RawExisting,
    network: &NetworkSpec,
) -> FirewallSpec {
    contradictions(cx, &raw, existing.origin);
    let origin = existing.origin;
    let public_ips = existing.public_ips.list();
    let dns_proxy = existing.dns_proxy.or(origin, || false);
    chosen_by_owner(cx, &dns_proxy, network);
    let peer_whole = !existing.peer.failed();
    let mut peer = existing.peer.read();
    peer.iter_mut().for_each(|peer| not_itself(cx, peer, network));
    let spec = ExistingFirewall {
        id: existing.firewall.or(origin, || ResourceId::unread(ResourceType::Firewall)),
        policy: existing.policy.or(origin, || ResourceId::unread(ResourceType::FirewallPolicy)),
        priority: existing.priority.or(origin, || *limits::PRIORITIES.start()),
        peer_back: back(cx, existing.peer_back, peer.as_ref(), peer_whole, origin),
        peer,
        public_ips,
        origin,
    };
    FirewallSpec {
        // What is named after the firewall, such as the route table, is named after the profile here.
        name: spec.id.with(spec.id.name.clone()),
        tier: existing.tier.or(origin, || Tier::Standard),
        rules: At::new(RuleModel::Policy, origin),
        public_ips: At::new(u32::try_from(spec.public_ips.len()).unwrap_or(u32::MAX), origin),
        public_ip_prefix: None,
        private_ranges: Vec::new(),
        zones: Vec::new(),
        threat_intel: At::new(ThreatIntel::Alert, origin),
        dns_proxy,
        private_ip: existing.private_ip.or(origin, || Ipv4Addr::UNSPECIFIED),
        forced_tunnel: None,
        tls_inspection: None,
        idps: At::new(Idps::Off, origin),
        parent_policy: None,
        existing: Some(spec),
        origin,
    }
}

fn place<T>(slot: &Slot<T>) -> Option<Origin> {
    match slot {
        Slot::Read(value) => Some(value.origin),
        Slot::Failed(_) | Slot::Absent => None,
    }
}

/// Keys that say how a firewall is made, or what it is like.
fn contradictions(cx: &Context<'_>, raw: &RawFirewall, existing: Origin) {
    let RawFirewall {
        name,
        tier,
        rules,
        public_ips,
        public_ip_prefix,
        private_ranges,
        zones,
        threat_intel,
        dns_proxy,
        private_ip,
        forced_tunnel,
        tls_inspection,
        idps,
        parent_policy,
        existing: _,
        origin: _,
    } = raw;
    let inside = "write it into the table `existing`, which says what the firewall is like";
    let owner = "remove it; the owner of the firewall decides it";
    let policy = "remove it: rules go into the policy of the firewall";
    let written = [
        ("name", place(name), "remove it: the ID in `existing` names the firewall"),
        ("tier", place(tier), inside),
        ("rules", place(rules), policy),
        ("public-ips", place(public_ips), inside),
        ("public-ip-prefix", place(public_ip_prefix), owner),
        ("private-ranges", place(private_ranges), owner),
        ("zones", place(zones), owner),
        ("threat-intel", place(threat_intel), owner),
        ("dns-proxy", place(dns_proxy), inside),
        ("private-ip", place(private_ip), inside),
        ("forced-tunnel", place(forced_tunnel), owner),
        ("tls-inspection", tls_inspection.as_ref().map(|own| own.origin), owner),
        ("idps", place(idps), owner),
        ("parent-policy", place(parent_policy), owner),
    ];
    for (key, origin, help) in written {
        let Some(origin) = origin else { continue };
        let message = format!("`{key}` is set for a firewall that is there already");
        cx.raise(&CONFLICTING_KEYS, origin, message, "nothing would apply this")
            .also(existing, "the firewall of somebody else")
            .help(help);
    }
}

/// The firewall's subnets are in its own network.
pub(super) fn subnets(cx: &Context<'_>, raw: &RawSubnets, existing: Origin) {
    for (role, subnet) in [("firewall", &raw.firewall), ("firewall-management", &raw.firewall_management)] {
        if subnet.written {
            let message = format!("`{role}` is a subnet for a firewall that is there already");
            cx.raise(&CONFLICTING_KEYS, subnet.origin, message, "no firewall is made in it")
                .also(existing, "the firewall of somebody else")
                .help(format!("remove `{role}`"));
        }
    }
}

/// Whether both sides of the peering are written; where neither is, there is nothing to say of it.
fn back(
    cx: &Context<'_>,
    slot: Slot<bool>,
    peer: Option<&At<ResourceId>>,
    peer_whole: bool,
    existing: Origin,
) -> At<bool> {
    if let (Slot::Read(At { value: true, origin }), None, true) = (&slot, peer, peer_whole) {
        let message = "`peer-back` asks for the other side of a peering, and none is written";
        cx.raise(&CONFLICTING_KEYS, *origin, message, "nothing would apply this")
            .also(existing, "`peer` would say with which network")
            .help("write `peer`, or remove `peer-back`");
    }
    // Of a peering that could not be read nothing is known.
    slot.or(if peer_whole { existing } else { existing.poison() }, || false)
}

/// Hosts ask the firewall, and nobody applies a list of servers for it to ask.
fn chosen_by_owner(cx: &Context<'_>, dns_proxy: &At<bool>, network: &NetworkSpec) {
    let Some(server) = network.dns_servers.first().filter(|_| **dns_proxy) else { return };
    let message = "`dns-servers` are set, and hosts ask the firewall, which asks the servers that its owner chose";
    cx.raise(&CONFLICTING_KEYS, server.origin, message, "nothing would use this")
        .also(dns_proxy.origin, "hosts ask the firewall of somebody else")
        .help("remove `dns-servers`, or remove `dns-proxy` so that hosts ask these servers");
}

/// A firewall in the cluster's network needs no peering, and no network takes one with itself.
fn not_itself(cx: &Context<'_>, peer: &mut At<ResourceId>, network: &NetworkSpec) {
    let Some(own) = network.existing.as_ref().filter(|own| ***own == **peer) else { return };
    if own.origin.poisoned || peer.origin.poisoned {
        return;
    }
    let message = format!("`peer` is the cluster's own network, `{}`, and no network is peered with itself", peer.name);
    cx.raise(&CONFLICTING_KEYS, peer.origin, message, "the network to be peered with")
        .also(own.origin, "the network of the cluster")
        .help("remove `peer`: the firewall is reached inside of the network");
    peer.origin = peer.origin.poison();
}
