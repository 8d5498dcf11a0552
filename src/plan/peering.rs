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
    /// Whether the latter is written, too. Else the owner of that network adds it, by a script.
    pub back: bool,
    /// What asked for it.
    pub origin: Origin,
}

/// What Azure says of an entry whose other side is there. Nothing passes before.
pub const CONNECTED: &str = "Connected";

/// Names are the other network's, so that several clusters can be peered with one firewall.
pub(super) fn build(profile: &Profile) -> Option<Peering> {
    let existing = profile.firewall.existing.as_ref();
    let existing = existing.and_then(|existing| Some((existing, existing.peer.as_ref()?)));
    let (to_firewall, back, origin) = match (&profile.hub, existing) {
        (Some(hub), _) => (hub.vnet.with(format!("to-{}", *hub.vnet)), true, hub.origin),
        (None, Some((existing, peer))) => (peer.with(format!("to-{}", peer.name)), *existing.peer_back, peer.origin),
        (None, None) => return None,
    };
    Some(Peering {
        to_firewall,
        to_cluster: profile.network.vnet.with(format!("to-{}", *profile.network.vnet)),
        back,
        origin,
    })
}
