//! The firewall in a network of its own: one deployment in the hub's resource group, and the peering of both networks.

use std::rc::Rc;

use super::close::{self, Closed};
use super::node::{Node, Told};
use super::parameter::Declaration;
use super::target::{Group, Kind, Symbol, Target};
use super::{Body, Deployment, Module, Output, OutputName, Places, Resource, network};
use crate::plan::{Hub, Plan};
use crate::value::Cloud;

/// Where the hub is.
pub(super) struct Place {
    /// Its resource group.
    pub(super) group: Rc<Group>,
    /// The deployment of it.
    pub(super) module: Rc<Target>,
    /// Its network.
    pub(super) network: Rc<Target>,
    /// The peering in the cluster's network.
    pub(super) to_firewall: Rc<Target>,
    /// The peering in the hub's network.
    to_cluster: Rc<Target>,
    /// The deployment of that.
    pub(super) peering: Rc<Target>,
}

/// The group that the firewall and everything of it is in, when that is not the one that is deployed to.
pub(super) fn group(plan: &Plan) -> Option<Rc<Group>> {
    let group = plan.firewall.resource_group.as_ref()?;
    Some(Rc::new(Group { subscription: None, name: group.value.clone() }))
}

impl Place {
    pub(super) fn new(plan: &Plan, cluster_network: &Rc<Target>) -> Option<Place> {
        let cloud: Cloud = *plan.cloud;
        let (group, hub, peering) = (group(plan)?, plan.hub.as_ref()?, plan.peering.as_ref()?);
        let deployment = |symbol, name| Target::elsewhere(cloud, symbol, Kind::Deployment, name, &group);
        let network = Target::elsewhere(cloud, Symbol::HubNetwork, Kind::Network, &*hub.network.name, &group);
        let entry = |symbol, network, name| Target::child(symbol, Kind::Peering, network, name);
        Some(Place {
            module: deployment(Symbol::Hub, "hub"),
            to_firewall: entry(Symbol::ToFirewall, cluster_network, &*peering.to_firewall),
            to_cluster: entry(Symbol::ToCluster, &network, &*peering.to_cluster),
            peering: deployment(Symbol::HubPeering, "hub-peering"),
            network,
            group,
        })
    }
}

/// The hub's network.
pub(super) fn network(hub: &Hub, place: &Place, places: &Places) -> Resource {
    let Hub { resource_group: _, network, origin: _ } = hub;
    network::network(network, &place.network, "Network of the firewall", places)
}

/// What every deployment inside has in common with the whole.
pub(super) struct Around<'a> {
    pub(super) file: &'a str,
    pub(super) tags: Option<Node>,
    pub(super) parameters: &'a [Declaration],
}

/// The firewall and everything of it, as one deployment that tells its addresses.
pub(super) fn module(resources: Vec<Resource>, place: &Place, places: &Places, around: Around<'_>) -> Resource {
    let private = Node::property(&places.firewall.firewall, "ipConfigurations[0].properties.privateIPAddress");
    let public = (0..places.addresses.len()).map(|index| network::address_of(index, places)).collect();
    let name = |told: Told| OutputName::Fixed(told.output().0);
    let outputs = vec![
        Output {
            name: name(Told::PrivateAddress),
            why: "Private address of the firewall, for routes.",
            value: private,
        },
        Output {
            name: name(Told::PublicAddress(0)),
            why: "Addresses that the traffic of the clusters comes from.",
            value: Node::List(public),
        },
    ];
    let why = "The firewall in a network and a resource group of its own";
    apart(&place.module, why, "hub", resources, outputs, &place.group, around)
}

/// Resources of another group as a deployment of their own, to which everything that they name outside is given.
pub(super) fn apart(
    target: &Rc<Target>,
    why: &'static str,
    file: &'static str,
    resources: Vec<Resource>,
    outputs: Vec<Output>,
    group: &Rc<Group>,
    around: Around<'_>,
) -> Resource {
    let Closed { resources, outputs, given } = close::close(resources, outputs, Some(group));
    let tags = around.tags.filter(|_| resources.iter().any(|resource| resource.tagged));
    let parameters = close::declared(&given, around.parameters);
    let mut deployment = Deployment { file: around.file.to_owned(), parameters, tags, resources, outputs };
    deployment.settle();
    let arguments = given.into_iter().map(|(parameter, expr)| (parameter, Node::Expr(expr))).collect();
    Resource::new(target, why, Body::Module(Module { file, arguments, deployment }))
}

/// Both sides of the peering, one after the other: Azure changes a pair of networks once at a time.
pub(super) fn peerings(place: &Place, places: &Places, around: Around<'_>) -> [Resource; 2] {
    let near = network::peering_from_cluster(&place.to_firewall, &place.network);
    let far = network::peering(&place.to_cluster, &places.network, "The way from the firewall back to the cluster");
    let why = "The other side of the peering, in the network of the firewall";
    let far = apart(&place.peering, why, "hub-peering", vec![far], Vec::new(), &place.group, around);
    [near, far.after([&place.to_firewall])]
}
