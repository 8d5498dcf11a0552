//! What has to be done by those who own what the profile only names, and by whom else the estate is shared with.

use crate::plan::logs::Workspace;
use crate::plan::{Layers, Plan};
use crate::profile::ExistingFirewall;

/// A sentence for each, in the order of the work.
pub(super) fn others(plan: &Plan) -> Vec<String> {
    let mut list = of_network(plan);
    list.extend(plan.firewall.existing.iter().flat_map(|existing| of_firewall(plan, existing)));
    if let Some(policy) = &plan.firewall.parent_policy {
        list.push(format!(
            "The owner of the firewall policy {}: let those who deploy take it as a parent, and tell them of changes. Its \
             rules come first.",
            policy.name
        ));
    }
    if let Workspace::Existing { id, region: _ } = &plan.logs.workspace {
        list.push(format!(
            "The owner of the workspace {}: let those who deploy send logs to it (Log Analytics Contributor).",
            id.name
        ));
    }
    if let Some(hub) = &plan.hub {
        list.push(format!(
            "The owner of the resource group {}: let those who deploy make the hub in it (Network Contributor, Monitoring \
             Contributor).",
            *hub.resource_group
        ));
    }
    match plan.layers {
        Layers::One => {}
        Layers::Two => list.push(
            "Two teams: the first deploys the layer of the network, the second the layer of the cluster, in this order."
                .to_owned(),
        ),
        Layers::Network => list.push(
            "Whoever makes the cluster: take subnet, identity and workspace from the outputs of the deployment, and \
             userDefinedRouting as the outbound type."
                .to_owned(),
        ),
    }
    list
}

/// The owner of the cluster's network.
fn of_network(plan: &Plan) -> Vec<String> {
    let Some(id) = &plan.network.existing else { return Vec::new() };
    let owner = format!("The owner of the network {}", id.name);
    let mut list = Vec::new();
    let added: Vec<&str> =
        plan.network.subnets.iter().filter(|s| s.prefix.is_some()).map(|s| s.name.value.as_str()).collect();
    if !added.is_empty() {
        list.push(format!(
            "{owner}: let those who deploy add subnets ({}), and keep these in templates of the network: one that writes \
             all subnets of it removes those that it lacks.",
            added.join(", ")
        ));
    }
    for (_, subnet, table) in plan.tables().filter(|(_, subnet, _)| subnet.prefix.is_none()) {
        list.push(format!(
            "{owner}: let those who deploy attach the route table {} to the subnet {}, or attach it once a script has made \
             it and stopped.",
            *table.name, *subnet.name
        ));
    }
    if let Some(peering) = &plan.peering {
        list.push(format!("{owner}: let those who deploy add the peering {}.", *peering.to_firewall));
    }
    if !plan.roles.is_empty() {
        list.push(format!("{owner}: let those who deploy assign the roles above in the resource group {}.", id.group));
    }
    if *plan.firewall.dns_proxy {
        list.push(format!(
            "{owner}: name {} as the DNS server once the firewall is there, so that rules by name and nodes see the same \
             answers.",
            *plan.firewall.private_ip
        ));
    }
    list
}

/// The owner of the firewall, of its policy and of its network.
fn of_firewall(plan: &Plan, existing: &ExistingFirewall) -> Vec<String> {
    let ExistingFirewall { id: _, policy, public_ips: _, priority: _, peer, peer_back: _, origin: _ } = existing;
    let group = plan.firewall.groups.first();
    let mut list: Vec<String> = group
        .map(|group| {
            format!(
                "The owner of the firewall policy {}: keep priority {} for the rule collection group {}, let those who \
                 deploy write it, and leave it alone.",
                policy.name, group.priority, group.name
            )
        })
        .into_iter()
        .collect();
    let peered = peer.as_ref().zip(plan.peering.as_ref());
    list.extend(peered.map(|(peer, peering)| match (peering.back, plan.layers) {
        (true, _) => {
            format!("The owner of the network {}: let those who deploy add the peering {}.", peer.name, *peering.to_cluster)
        }
        (false, Layers::One) => format!(
            "The owner of the network {}: run az/peer-back.sh once the network {} has its side of the peering. Until then \
             every deployment stops before the cluster, at peering-guard or earlier, and continues when it is run again.",
            peer.name, *plan.network.name
        ),
        (false, Layers::Two) => format!(
            "The owner of the network {}: run az/peer-back.sh once the layer of the network is there. The scripts do not \
             begin with the layer of the cluster before.",
            peer.name
        ),
        (false, Layers::Network) => format!(
            "The owner of the network {}: run az/peer-back.sh once the network {} has its side of the peering, before \
             there is a cluster.",
            peer.name, *plan.network.name
        ),
    }));
    list
}
