//! What Azure refuses when a resource is written, and what it computes for one that exists.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::cloud::Cloud;
use super::command::Failure;
use super::{body, id};

/// What Azure keeps of a body: something that extends a resource has no place of its own.
pub(super) fn kept(id: &str, mut body: Value) -> Value {
    if id::kind(id) == "Microsoft.Insights/dataCollectionRuleAssociations"
        && let Some(fields) = body.as_object_mut()
    {
        fields.shift_remove("location");
    }
    body
}

/// Refuses what Azure would refuse: something that belongs nowhere, names what does not exist, or cannot work.
pub(super) fn check(cloud: &Cloud, id: &str, body: &Value) -> Result<(), Failure> {
    if id::kind(id) != id::GROUP_TYPE {
        let group = id::group_of(id).ok_or_else(|| Failure::refused("InvalidResourceId", id))?;
        if !cloud.exists(&group) {
            return Err(Failure { code: 3, message: format!("(ResourceGroupNotFound) {group}") });
        }
    }
    if let Some(parent) = id::parent(id).filter(|parent| !cloud.exists(parent)) {
        return Err(Failure { code: 3, message: format!("(ParentResourceNotFound) {parent}") });
    }
    let mut missing = None;
    body::texts(body, &mut |text| {
        let known = id::kind(text) == "Microsoft.Authorization/roleDefinitions" || cloud.exists(text);
        // What belongs to somebody else is not ours to know.
        // A gateway names its own parts.
        let own = text.strip_prefix(id).is_some_and(|rest| rest.starts_with('/'));
        if text.starts_with(&id::subscription()) && !known && !own {
            missing = Some(text.to_owned());
        }
    });
    if let Some(missing) = missing {
        return Err(Failure::refused(
            "InvalidResourceReference",
            format!("{id} refers to {missing}, which is not there"),
        ));
    }
    match id::kind(id).as_str() {
        "Microsoft.Network/azureFirewalls" => firewall(id, body),
        "Microsoft.Network/applicationGateways" => gateway(id, body),
        "Microsoft.ContainerService/managedClusters" => cluster(cloud, id, body),
        "Microsoft.Authorization/roleAssignments" => role(cloud, id, body),
        _ => Ok(()),
    }
}

const CLASSIC: [&str; 3] = ["natRuleCollections", "networkRuleCollections", "applicationRuleCollections"];

fn firewall(id: &str, body: &Value) -> Result<(), Failure> {
    let refused = |why: &str| Err(Failure::refused("AzureFirewallRefused", format!("{id}: {why}")));
    let properties = &body["properties"];
    let own = CLASSIC.iter().any(|list| properties[*list].as_array().is_some_and(|list| !list.is_empty()));
    if !properties["firewallPolicy"].is_null() && (own || !properties["additionalProperties"].is_null()) {
        return refused("a firewall with a policy has no rules or DNS settings of its own");
    }
    for (at, configuration) in properties["ipConfigurations"].as_array().into_iter().flatten().enumerate() {
        let subnet = configuration["properties"]["subnet"]["id"].as_str();
        if subnet.is_some() != (at == 0) {
            return refused("the first address configuration, and no other, names the subnet");
        }
        if subnet.is_some_and(|subnet| id::name_of(subnet) != "AzureFirewallSubnet") {
            return refused("the subnet is not AzureFirewallSubnet");
        }
    }
    Ok(())
}

/// A gateway of this kind has a policy, a subnet without a route of its own, and names parts that it has.
fn gateway(id: &str, body: &Value) -> Result<(), Failure> {
    let refused = |why: String| Err(Failure::refused("ApplicationGatewayRefused", format!("{id}: {why}")));
    let properties = &body["properties"];
    if properties["firewallPolicy"]["id"].is_null() {
        return refused("no policy".to_owned());
    }
    let mut missing = None;
    body::texts(properties, &mut |text| {
        let Some(rest) = text.strip_prefix(id).and_then(|rest| rest.strip_prefix('/')) else { return };
        let (list, name) = rest.split_once('/').unwrap_or((rest, ""));
        let parts = properties[list].as_array();
        if !parts.is_some_and(|parts| parts.iter().any(|part| part["name"] == name)) {
            missing = Some(rest.to_owned());
        }
    });
    match missing {
        Some(part) => refused(format!("no {part}")),
        None => Ok(()),
    }
}

/// A cluster whose nodes use a route of their own needs that route, and rights on what it changes, before it exists.
fn cluster(cloud: &Cloud, id: &str, body: &Value) -> Result<(), Failure> {
    let properties = &body["properties"];
    let principal = principal(cloud, body).ok_or_else(|| Failure::refused("ServicePrincipalNotFound", id))?;
    for pool in properties["agentPoolProfiles"].as_array().into_iter().flatten() {
        let Some(subnet) = pool["vnetSubnetID"].as_str() else { continue };
        let missing = |what: &str| Err(Failure::refused("InvalidParameter", format!("{id}: {subnet} {what}")));
        let routes = table_of(cloud, subnet);
        if delegated(cloud, subnet) {
            return missing("is delegated: no node can live there");
        }
        let pods = pool["podSubnetID"].as_str();
        if pods.is_some_and(|pods| table_of(cloud, pods) != routes) {
            return missing("and the subnet of the pods have different route tables");
        }
        if properties["networkProfile"]["outboundType"] == "userDefinedRouting" {
            let table = routes.and_then(|table| cloud.body(table));
            let list = table.and_then(|table| table["properties"]["routes"].as_array());
            let leads = |route: &Value| {
                route["properties"]["addressPrefix"] == "0.0.0.0/0" && route["properties"]["nextHopType"] != "Internet"
            };
            if !list.is_some_and(|list| list.iter().any(leads)) {
                return missing("has no default route to an appliance");
            }
        }
        let kubenet = properties["networkProfile"]["networkPlugin"] == "kubenet";
        let server = properties["apiServerAccessProfile"]["subnetId"].as_str();
        if let Some(foreign) = [pods, server].into_iter().flatten().find(|subnet| !delegated(cloud, subnet)) {
            return Err(Failure::refused("SubnetMissingRequiredDelegation", format!("{id}: {foreign}")));
        }
        let changed = [Some(subnet), routes.filter(|_| kubenet), pods, server];
        if let Some(scope) = changed.into_iter().flatten().find(|scope| !assigned(cloud, scope, &principal)) {
            return Err(Failure::refused("AuthorizationFailed", format!("{principal} has no role on {scope}")));
        }
    }
    Ok(())
}

fn table_of<'a>(cloud: &'a Cloud, subnet: &str) -> Option<&'a str> {
    cloud.body(subnet).and_then(|subnet| subnet["properties"]["routeTable"]["id"].as_str())
}

/// Whether AKS may put hosts of its own into a subnet.
fn delegated(cloud: &Cloud, subnet: &str) -> bool {
    let delegations = cloud.body(subnet).and_then(|subnet| subnet["properties"]["delegations"].as_array());
    let mut services = delegations.into_iter().flatten().map(|one| &one["properties"]["serviceName"]);
    services.any(|service| service == "Microsoft.ContainerService/managedClusters")
}

/// There is one assignment of a role to somebody on something, whatever its name is.
fn role(cloud: &Cloud, id: &str, body: &Value) -> Result<(), Failure> {
    if !id::is_guid(id::name_of(id)) {
        return Err(Failure::refused("InvalidRoleAssignmentId", id));
    }
    let same = |name: &str, other: &Value| other["properties"][name] == body["properties"][name];
    let other = cloud.resources().find(|other| {
        !id::same_id(&other.id, id)
            && id::kind(&other.id) == "Microsoft.Authorization/roleAssignments"
            && id::parent(&other.id) == id::parent(id)
            && same("principalId", &other.body)
            && same("roleDefinitionId", &other.body)
    });
    match other {
        Some(other) => Err(Failure::refused("RoleAssignmentExists", format!("{id}: there is {}", other.id))),
        None => Ok(()),
    }
}

/// Object ID of who a cluster is.
fn principal(cloud: &Cloud, body: &Value) -> Option<String> {
    let identities = body["identity"]["userAssignedIdentities"].as_object();
    match identities.and_then(|identities| identities.keys().next()) {
        Some(identity) => Some(cloud.stored(identity)?.assigned["principalId"].clone()),
        None => {
            let client = body["properties"]["servicePrincipalProfile"]["clientId"].as_str()?;
            cloud.principals.iter().find(|one| one[1] == client).map(|one| one[2].clone())
        }
    }
}

fn assigned(cloud: &Cloud, scope: &str, principal: &str) -> bool {
    cloud.resources().any(|resource| {
        id::kind(&resource.id) == "Microsoft.Authorization/roleAssignments"
            && id::parent(&resource.id).is_some_and(|parent| id::same_id(&parent, scope))
            && resource.body["properties"]["principalId"] == principal
    })
}

/// Values that Azure chooses for a new resource.
pub(super) fn assign(cloud: &mut Cloud, id: &str) -> BTreeMap<&'static str, String> {
    let number = cloud.number();
    let [address, person] = Cloud::CHOSEN;
    let guid = |kind: usize| format!("{person}4000-8{kind:03}-{number:012}");
    match id::kind(id).as_str() {
        "Microsoft.Network/publicIPAddresses" => BTreeMap::from([("ipAddress", format!("{address}{number}"))]),
        "Microsoft.ManagedIdentity/userAssignedIdentities" => {
            BTreeMap::from([("principalId", guid(1)), ("clientId", guid(2))])
        }
        "Microsoft.ContainerService/managedClusters" => {
            let name = id::name_of(id);
            BTreeMap::from([("fqdn", format!("{name}-{number}.hcp.example.azmk8s.io")), ("kubelet", guid(3))])
        }
        _ => BTreeMap::new(),
    }
}

/// A resource as Azure's interface shows it.
pub(super) fn rendered(cloud: &Cloud, id: &str) -> Option<Value> {
    let written = cloud.body(id)?;
    let mut shown = json!({
        "id": id,
        "name": id::name_of(id),
        "type": id::kind(id),
        "etag": "W/\"1\"",
    });
    shown.as_object_mut().unwrap().extend(written.as_object().cloned().unwrap_or_default());
    body::set(&mut shown, &["properties", "provisioningState"], json!("Succeeded"));
    let assigned = cloud.stored(id).map(|resource| resource.assigned.clone()).unwrap_or_default();
    match id::kind(id).as_str() {
        "Microsoft.Network/azureFirewalls" => private_addresses(cloud, &mut shown),
        "Microsoft.Network/virtualNetworks/virtualNetworkPeerings" => {
            let state = if is_returned(cloud, id, &shown) { "Connected" } else { "Initiated" };
            body::set(&mut shown, &["properties", "peeringState"], json!(state));
        }
        "Microsoft.ContainerService/managedClusters" => running(cloud, &mut shown, &assigned),
        _ => {
            for (name, value) in assigned {
                body::set(&mut shown, &["properties", name], json!(value));
            }
        }
    }
    Some(shown)
}

/// Whether the other network of a peering leads back. Owners of networks in other subscriptions are quick, unless they
/// are waited for.
fn is_returned(cloud: &Cloud, id: &str, peering: &Value) -> bool {
    let own = id::parent(id).unwrap_or_default();
    let remote = peering["properties"]["remoteVirtualNetwork"]["id"].as_str();
    if remote.is_some_and(|remote| !remote.contains(id::SUBSCRIPTION)) && !cloud.trouble.slow_owners {
        return true;
    }
    let remote = remote.and_then(|remote| cloud.body(remote));
    let entries = remote.and_then(|remote| remote["properties"]["virtualNetworkPeerings"].as_array());
    let leads = |entry: &Value| {
        entry["properties"]["remoteVirtualNetwork"]["id"].as_str().is_some_and(|id| id::same_id(id, &own))
    };
    entries.is_some_and(|entries| entries.iter().any(leads))
}

/// Azure Firewall gets the first address that is free in its subnet, which is the fifth.
fn private_addresses(cloud: &Cloud, firewall: &mut Value) {
    for configuration in body::list(firewall, &["properties", "ipConfigurations"]) {
        let Some(subnet) = configuration["properties"]["subnet"]["id"].as_str() else { continue };
        let Some(subnet) = cloud.body(subnet) else { continue };
        let properties = &subnet["properties"];
        let prefix = properties["addressPrefixes"][0].as_str().or(properties["addressPrefix"].as_str());
        let prefix = prefix.unwrap_or_default();
        let base: Ipv4Addr = prefix.split('/').next().unwrap_or_default().parse().unwrap_or(Ipv4Addr::UNSPECIFIED);
        let usual = Ipv4Addr::from(u32::from(base) + 4).to_string();
        let address = cloud.trouble.private_address.clone().unwrap_or(usual);
        body::set(configuration, &["properties", "privateIPAddress"], json!(address));
    }
}

/// What a cluster that runs tells about itself.
fn running(cloud: &Cloud, cluster: &mut Value, assigned: &BTreeMap<&'static str, String>) {
    // Without a public name, a private cluster has the private one alone.
    let private = body::get(cluster, &["properties", "apiServerAccessProfile", "enablePrivateCluster"]) == &json!(true);
    body::set(cluster, &["properties", if private { "privateFQDN" } else { "fqdn" }], json!(assigned["fqdn"]));
    if body::get(cluster, &["properties", "oidcIssuerProfile", "enabled"]) == &json!(true) {
        let issuer = format!("https://{}/", assigned["fqdn"]);
        body::set(cluster, &["properties", "oidcIssuerProfile", "issuerURL"], json!(issuer));
    }
    body::set(cluster, &["properties", "nodeResourceGroup"], json!(format!("MC_{}", assigned["fqdn"])));
    body::set(cluster, &["properties", "identityProfile", "kubeletidentity", "objectId"], json!(assigned["kubelet"]));
    if cluster["properties"]["powerState"].is_null() {
        body::set(cluster, &["properties", "powerState", "code"], json!("Running"));
    }
    match cluster["properties"]["kubernetesVersion"].as_str() {
        None => body::set(cluster, &["properties", "kubernetesVersion"], json!("1.33.2")),
        // The patch is Azure's choice.
        Some(version) if version.matches('.').count() == 1 => {
            let version = json!(format!("{version}.4"));
            body::set(cluster, &["properties", "kubernetesVersion"], version);
        }
        Some(_) => {}
    }
    let identities = cluster["identity"]["userAssignedIdentities"].as_object().cloned().unwrap_or_default();
    for identity in identities.keys() {
        let principal = cloud.stored(identity).map(|resource| resource.assigned["principalId"].clone());
        body::set(cluster, &["identity", "userAssignedIdentities", identity, "principalId"], json!(principal));
    }
}
