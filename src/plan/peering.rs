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

/// What Azure says of an entry whose other side is there. Nothing passes before.
pub const CONNECTED: &str = "Connected";

/// Names are the other network's, so that several clusters can be peered with one firewall.
pub(super) fn build(profile: &Profile) -> Option<Peering> {
    let existing = profile.firewall.existing.as_ref().and_then(|existing| existing.peer.as_ref());
    let (to_firewall, origin) = match (&profile.hub, existing) {
        (Some(hub), _) => (hub.vnet.with(format!("to-{}", *hub.vnet)), hub.origin),
        (None, Some(peer)) => (peer.with(format!("to-{}", peer.name)), peer.origin),
        (None, None) => return None,
    };
    Some(Peering {
        to_firewall,
        to_cluster: profile.network.vnet.with(format!("to-{}", *profile.network.vnet)),
        origin,
    })
}
