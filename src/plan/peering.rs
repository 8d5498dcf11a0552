//! What ties the cluster's network to that of the firewall, where these are two: one entry in each of them.

use crate::diag::{At, Origin};
use crate::profile::Profile;

/// Both entries. Each lets through what the firewall forwards, and neither a gateway.
#[derive(Debug, Clone)]
pub struct Peering {
    /// Name of the entry in the cluster's network.
    pub to_firewall: At<String>,
    /// Name of the entry in the firewall's network.
    pub to_cluster: At<String>,
    /// What asked for it.
    pub origin: Origin,
}

/// Names are the other network's, so that several clusters can be peered with one firewall.
pub(super) fn build(profile: &Profile) -> Option<Peering> {
    let hub = profile.hub.as_ref()?;
    Some(Peering {
        to_firewall: hub.vnet.with(format!("to-{}", *hub.vnet)),
        to_cluster: profile.network.vnet.with(format!("to-{}", *profile.network.vnet)),
        origin: hub.origin,
    })
}
