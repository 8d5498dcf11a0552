//! The list of everything that will exist, in the order of creation.

use serde::Serialize;

use crate::plan::logs::Workspace;
use crate::plan::{Identity, Plan, RoleScope};
use crate::profile::RuleModel;

/// One resource.
#[derive(Debug, Serialize)]
pub(super) struct Resource {
    /// Its type in Azure.
    kind: &'static str,
    name: String,
    note: String,
}

fn one(kind: &'static str, name: impl Into<String>, note: impl Into<String>) -> Resource {
    Resource { kind, name: name.into(), note: note.into() }
}

/// Resources in the order of the template; those of a network (subnets) and of a table (routes) are part of it.
pub(super) fn list(plan: &Plan) -> Vec<Resource> {
    let mut list = Vec::new();
    let firewall = &plan.firewall;
    if let Some(prefix) = &firewall.public_ip_prefix {
        list.push(one("Microsoft.Network/publicIPPrefixes", &prefix.name, format!("/{}", *prefix.length)));
    }
    for ip in &firewall.public_ips {
        list.push(one("Microsoft.Network/publicIPAddresses", &ip.name, "Standard, static"));
    }
    if let Some(ip) = &firewall.management {
        let note = "Standard, static; for Azure's management of the firewall";
        list.push(one("Microsoft.Network/publicIPAddresses", &ip.name, note));
    }
    if let Workspace::Created { name, retention_days: _ } = &plan.logs.workspace {
        list.push(one("Microsoft.OperationalInsights/workspaces", name.value.clone(), plan.logs.workspace.kept()));
    }
    if let Identity::Managed { name } = &plan.identity {
        list.push(one(
            "Microsoft.ManagedIdentity/userAssignedIdentities",
            name.value.clone(),
            "the cluster's control plane",
        ));
    }
    for group in &firewall.ip_groups {
        let note = format!("{} entries", group.members.len());
        list.push(one("Microsoft.Network/ipGroups", group.name.value.clone(), note));
    }
    let routes = format!("{} routes; BGP propagation off", plan.routes.routes.len());
    list.push(one("Microsoft.Network/routeTables", plan.routes.name.value.clone(), routes));
    if let Some(tunnel) = &plan.tunnel {
        list.push(one("Microsoft.Network/routeTables", tunnel.name.value.clone(), "the firewall's own default route"));
    }
    if plan.network.existing.is_some() {
        list.extend(plan.network.located().map(|(subnet, prefix)| {
            let name = format!("{}/{}", *plan.network.name, *subnet.name);
            one("Microsoft.Network/virtualNetworks/subnets", name, format!("{}, added", **prefix))
        }));
    }
    for network in plan.networks().filter(|network| network.existing.is_none()) {
        let subnets: Vec<_> = network.subnets.iter().map(|s| s.name.as_str()).collect();
        let name = network.name.value.clone();
        list.push(one("Microsoft.Network/virtualNetworks", name, format!("subnets {}", subnets.join(", "))));
    }
    if let (Some(hub), Some(peering)) = (&plan.hub, &plan.peering) {
        for (own, other, entry) in
            [(&plan.network, &hub.network, &peering.to_firewall), (&hub.network, &plan.network, &peering.to_cluster)]
        {
            let (name, note) = (format!("{}/{}", *own.name, **entry), format!("to {}", *other.name));
            list.push(one("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", name, note));
        }
    } else if let Some(peering) = &plan.peering {
        let name = format!("{}/{}", *plan.network.name, *peering.to_firewall);
        let kind = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
        let note = match peering.back {
            true => "to the firewall's network",
            false => "to the firewall's network, whose owner adds the other side",
        };
        list.push(one(kind, name, note));
        if let Some(peer) = firewall.existing.as_ref().and_then(|own| own.peer.as_ref()).filter(|_| peering.back) {
            let note = format!("from there to {}", *plan.network.name);
            list.push(one(kind, format!("{}/{}", peer.name, *peering.to_cluster), note));
        }
    }
    match *firewall.rules {
        RuleModel::Policy if firewall.existing.is_some() => {
            if let Some(group) = firewall.groups.first() {
                let note = format!("priority {}, {} collections", group.priority, firewall.collections().count());
                let name = format!("{}/{}", firewall.policy, group.name);
                list.push(one("Microsoft.Network/firewallPolicies/ruleCollectionGroups", name, note));
            }
        }
        RuleModel::Policy => {
            list.push(one("Microsoft.Network/firewallPolicies", &firewall.policy, firewall.tier.word()));
            for group in &firewall.groups {
                let note = format!("priority {}, {} collections", group.priority, group.collections.len());
                let name = format!("{}/{}", firewall.policy, group.name);
                list.push(one("Microsoft.Network/firewallPolicies/ruleCollectionGroups", name, note));
            }
            list.push(one("Microsoft.Network/azureFirewalls", firewall.name.value.clone(), firewall.tier.word()));
        }
        RuleModel::Classic => {
            let note = format!("{}, {} rule collections", firewall.tier.word(), firewall.collections().count());
            list.push(one("Microsoft.Network/azureFirewalls", firewall.name.value.clone(), note));
        }
    }
    let note = format!("{} of the firewall to the workspace", plan.logs.categories.len());
    let setting = plan.logs.diagnostic_setting.iter();
    list.extend(
        setting.map(|name| one("Microsoft.Insights/diagnosticSettings", name, format!("log categories: {note}"))),
    );
    if let Some(workbook) = &plan.logs.workbook {
        list.push(one("Microsoft.Insights/workbooks", &workbook.guid, workbook.title.clone()));
    }
    if let Some(gateway) = &plan.gateway {
        list.push(one("Microsoft.Network/publicIPAddresses", &gateway.address.name, "Standard, static; the gateway's"));
        let waf = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies";
        list.push(one(waf, &gateway.policy, "prevention mode"));
        let note = format!("WAF_v2, in front of {}", *gateway.service);
        list.push(one("Microsoft.Network/applicationGateways", gateway.name.value.clone(), note));
    }
    for role in &plan.roles {
        let scope = match role.scope {
            RoleScope::Subnet(subnet) => format!("on subnet {}", *plan.network.subnet(subnet).name),
            RoleScope::RouteTable => format!("on route table {}", *plan.routes.name),
        };
        list.push(one("Microsoft.Authorization/roleAssignments", role.role.name(), scope));
    }
    if !plan.layers.has_cluster() {
        return list;
    }
    if let Some(insights) = &plan.logs.container_insights {
        list.push(one("Microsoft.Insights/dataCollectionRules", &insights.rule, "Container Insights"));
    }
    let nodes = |pool: &crate::plan::cluster::NodePool| format!("{} nodes", *pool.nodes);
    let cluster = &plan.cluster;
    let first = cluster.pools.first().map(nodes).unwrap_or_default();
    list.push(one("Microsoft.ContainerService/managedClusters", cluster.name.value.clone(), first));
    list.extend(cluster.pools.iter().skip(1).map(|pool| {
        let name = format!("{}/{}", *cluster.name, *pool.name);
        one("Microsoft.ContainerService/managedClusters/agentPools", name, nodes(pool))
    }));
    if let Some(insights) = &plan.logs.container_insights {
        list.push(one("Microsoft.Insights/dataCollectionRuleAssociations", insights.association, "on the cluster"));
    }
    list
}
