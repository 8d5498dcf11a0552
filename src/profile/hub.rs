//! `[hub]`: the firewall in a network of its own, peered with the cluster's.

use std::net::Ipv4Addr;

use super::codes::CONFLICTING_KEYS;
use super::existing;
use super::raw::{RawFirewall, RawNetwork, RawSubnet};
use crate::diag::{At, Origin};
use crate::rules::cursor::{Context, Slot, Table};
use crate::rules::values;
use crate::value::Cidr;

const HUB: &[&str] = &["vnet", "address-space", "subnet", "management-subnet", "resource-group"];

/// The network of the firewall, where it is not the cluster's.
#[derive(Debug, Clone)]
pub struct HubSpec {
    /// Its resource group, which holds the firewall too.
    pub resource_group: At<String>,
    /// Its name.
    pub vnet: At<String>,
    /// At least one prefix.
    pub address_space: Vec<At<Cidr>>,
    /// `[hub]`
    pub origin: Origin,
}

/// `[hub]` as it is written.
pub(super) struct RawHub {
    pub(super) resource_group: Slot<String>,
    pub(super) vnet: Slot<String>,
    pub(super) address_space: Slot<Vec<At<Cidr>>>,
    pub(super) subnet: Slot<Cidr>,
    pub(super) management_subnet: Slot<Cidr>,
    pub(super) origin: Origin,
}

/// Reads `[hub]`, where there is one.
pub(super) fn raw(t: &Table<'_>) -> Option<RawHub> {
    let read = |t: &Table<'_>| RawHub {
        resource_group: t.get("resource-group", values::text),
        vnet: t.get("vnet", values::text),
        address_space: t.list_some("address-space", values::cidr),
        subnet: t.get("subnet", values::cidr),
        management_subnet: t.get("management-subnet", values::cidr),
        origin: t.origin,
    };
    t.has("hub").then(|| t.table("hub", HUB, read))
}

impl RawHub {
    /// Where the first default of the address space lies.
    pub(super) fn default_space(origin: Origin) -> At<Cidr> {
        At::new(Cidr::holding(Ipv4Addr::new(10, 1, 0, 0), 22), origin)
    }

    /// The firewall's subnets, as if they were written with the others.
    pub(super) fn subnet(&self, slot: &Slot<Cidr>) -> RawSubnet {
        let origin = match slot {
            Slot::Absent => self.origin,
            Slot::Failed(origin) => origin.poison(),
            Slot::Read(prefix) => prefix.origin,
        };
        RawSubnet {
            written: !matches!(slot, Slot::Absent),
            name: Slot::Absent,
            prefix: slot.clone(),
            service_endpoints: Slot::Absent,
            origin,
        }
    }
}

/// Whether the firewall may stand in a hub. What contradicts it is refused where it stands; beside a firewall or a network
/// of somebody else there is no hub, and nothing else is said of it.
pub(super) fn fits(cx: &Context<'_>, hub: &RawHub, network: &mut RawNetwork, firewall: &mut RawFirewall) -> bool {
    if let Some(existing) = &mut firewall.existing {
        let message = "a hub is made for a firewall that is there already";
        cx.raise(&CONFLICTING_KEYS, hub.origin, message, "a network for a firewall that is created")
            .also(existing.origin, "the firewall of somebody else")
            .help("remove `[hub]`; `firewall.existing.peer` names the network of the firewall");
        // Which of the two is meant is not known, and how the networks are peered follows from it.
        existing.origin = existing.origin.poison();
        return false;
    }
    if network.existing.is_written() {
        existing::without_hub(cx, network, hub.origin);
        return false;
    }
    let subnets = &network.subnets;
    for (subnet, key, instead) in [
        (&subnets.firewall, "firewall", "subnet"),
        (&subnets.firewall_management, "firewall-management", "management-subnet"),
    ] {
        if subnet.written {
            let message = format!("`{key}` is a subnet of the hub, not of the cluster's network");
            cx.raise(&CONFLICTING_KEYS, subnet.origin, message, "in the cluster's network")
                .also(hub.origin, "the firewall has a network of its own")
                .help(format!("remove it; `hub.{instead}` is its prefix in the hub"));
        }
    }
    if let Slot::Read(address) = &mut firewall.private_ip {
        let message = "`private-ip` is set for a firewall whose address is read from the hub";
        cx.raise(&CONFLICTING_KEYS, address.origin, message, "nothing would use this")
            .also(hub.origin, "routes lead to the address that the hub tells")
            .help("remove `private-ip`");
        // Where it lies does not matter any more.
        address.origin = address.origin.poison();
    }
    true
}
