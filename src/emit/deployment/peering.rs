//! The peering with the network of somebody else's firewall: one entry in the cluster's network, and one in that.

use std::rc::Rc;

use super::target::{Group, Kind, Symbol, Target};
use super::{Places, Resource, hub, network};
use crate::plan::Plan;

/// Where both entries are.
pub(super) struct Place {
    /// The one in the cluster's network.
    pub(super) near: Rc<Target>,
    /// The firewall's network.
    remote: Rc<Target>,
    /// The one in the firewall's network, where it is written.
    back: Option<Back>,
}

/// An entry in the network of somebody else, and the deployment that makes it there.
struct Back {
    group: Rc<Group>,
    entry: Rc<Target>,
    deployment: Rc<Target>,
}

impl Place {
    pub(super) fn new(plan: &Plan, network: &Rc<Target>) -> Option<Place> {
        let (peering, peer) = (plan.peering.as_ref()?, plan.firewall.existing.as_ref()?.peer.as_ref()?);
        let cloud = *plan.cloud;
        let remote = Target::foreign(cloud, Symbol::PeerNetwork, Kind::Network, peer);
        let back = peering.back.then(|| {
            let group = Group::of(peer);
            // Its name stands among the deployments of somebody else: it says whose it is.
            let name: String = plan.name.chars().take(50).collect();
            Back {
                entry: Target::child(Symbol::ToCluster, Kind::Peering, &remote, &*peering.to_cluster),
                deployment: Target::elsewhere(
                    cloud,
                    Symbol::PeerBack,
                    Kind::Deployment,
                    format!("{name}-peering"),
                    &group,
                ),
                group,
            }
        });
        let near = Target::child(Symbol::ToFirewall, Kind::Peering, network, &*peering.to_firewall);
        Some(Place { near, remote, back })
    }

    /// What a cluster waits for: without both entries its nodes reach nothing.
    pub(super) fn ready(&self) -> impl Iterator<Item = &Rc<Target>> {
        std::iter::once(&self.near).chain(self.back.iter().map(|back| &back.deployment))
    }

    /// The entry in the cluster's network.
    pub(super) fn near(&self) -> Resource {
        network::peering_from_cluster(&self.near, &self.remote)
    }

    /// The entry in the firewall's network. It comes second: Azure changes a pair of networks once at a time.
    pub(super) fn back(&self, places: &Places, around: hub::Around<'_>) -> Option<Resource> {
        let Back { group, entry, deployment } = self.back.as_ref()?;
        let far = network::peering(entry, &places.network, "The way from the firewall back to the cluster");
        let why = "The other side of the peering, in the network of the firewall";
        let far = hub::apart(deployment, why, "firewall-peering", vec![far], Vec::new(), group, around);
        Some(far.after([&self.near]))
    }
}
