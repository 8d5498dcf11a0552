//! The network of the firewall, where it is not the cluster's.

use super::network::{self, Network};
use crate::diag::{At, Origin};
use crate::profile::Profile;

/// A network with nothing but the firewall, in a resource group of its own.
#[derive(Debug, Clone)]
pub struct Hub {
    /// Holds the network, the firewall and everything that belongs to it.
    pub resource_group: At<String>,
    /// Its subnets are the firewall's.
    pub network: Network,
    /// Where it is written.
    pub origin: Origin,
}

pub(super) fn build(profile: &Profile) -> Option<Hub> {
    let spec = profile.hub.as_ref()?;
    let network = Network {
        name: spec.vnet.clone(),
        existing: None,
        address_space: spec.address_space.clone(),
        // Nothing asks for names here: the firewall has servers of its own.
        dns_servers: Vec::new(),
        dns_servers_read: false,
        custom_dns: Vec::new(),
        subnets: network::of_firewall(profile),
        origin: spec.origin,
    };
    Some(Hub { resource_group: spec.resource_group.clone(), network, origin: spec.origin })
}
