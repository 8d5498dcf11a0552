//! What the plan says of the cluster, who it is, and what it may do.

use serde_json::{Value, json};

use super::document::{Document, Read};
use super::logs::Logs;
use super::plan::{Subnets, World, at, symbol, zones};
use crate::scripts::PRINCIPAL;
use crate::stub::{SUBSCRIPTION, guid};

const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
pub(super) const CLUSTER: &str = "Microsoft.ContainerService/managedClusters";

/// Who the cluster is.
pub(super) enum Who {
    Managed { id: String },
    Principal,
}

impl World {
    pub(super) fn identity(&mut self, mut identity: Document) -> Read<Who> {
        let name = identity.text("name")?;
        let who = match identity.text("kind")?.as_str() {
            "managed" => Who::Managed { id: self.regional(IDENTITY, &name, json!({})) },
            "service-principal" => Who::Principal,
            other => return Err(format!("identity {other}")),
        };
        identity.end()?;
        Ok(who)
    }

    pub(super) fn roles(&mut self, roles: Vec<Document>, subnets: &Subnets, table: &str, who: &Who) -> Read<()> {
        for mut role in roles {
            let scope = match role.take("on")? {
                Value::String(word) if word == "route-table" => table.to_owned(),
                Value::Object(on) => {
                    let role = on.get("subnet").and_then(Value::as_str).unwrap_or_default();
                    at(subnets, role)?.clone()
                }
                other => return Err(format!("role on {other}")),
            };
            role.aside()?;
            let definition = role.text("id")?;
            let (principal, named) = match who {
                Who::Managed { id } => (symbol("principalId", id), id.as_str()),
                Who::Principal => (PRINCIPAL[1].1.to_owned(), PRINCIPAL[1].1),
            };
            let id = guid(&[scope.as_str(), named, &definition]);
            let id = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{id}");
            let definition =
                format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{definition}");
            let properties = json!({
                "roleDefinitionId": definition,
                "principalId": principal,
                "principalType": "ServicePrincipal",
                "description": role.text("why")?,
            });
            role.end()?;
            self.bodies.insert(id, json!({ "properties": properties }));
        }
        Ok(())
    }

    /// `addresses` are the firewall's public ones.
    pub(super) fn cluster(
        &mut self,
        mut cluster: Document,
        subnets: &Subnets,
        addresses: &[String],
        who: &Who,
        logs: &Logs,
    ) -> Read<()> {
        let name = cluster.text("name")?;
        let cni = cluster.text("cni")?;
        let plugin = match cni.as_str() {
            "azure" | "azure-pod-subnet" => json!({ "networkPlugin": "azure" }),
            "azure-overlay" => json!({ "networkPlugin": "azure", "networkPluginMode": "overlay" }),
            "kubenet" => json!({ "networkPlugin": "kubenet" }),
            "none" => json!({ "networkPlugin": "none" }),
            other => return Err(format!("cni {other}")),
        };
        let mut network = plugin;
        network["outboundType"] = json!("userDefinedRouting");
        network["loadBalancerSku"] = json!("standard");
        network["podCidr"] = cluster.take("pod-cidr")?;
        network["serviceCidr"] = cluster.take("service-cidr")?;
        network["dnsServiceIP"] = cluster.take("dns-service-ip")?;
        match cluster.text("network-policy")?.as_str() {
            "none" => {}
            policy @ ("azure" | "calico" | "cilium") => network["networkPolicy"] = json!(policy),
            other => return Err(format!("network policy {other}")),
        }
        match cluster.text("dataplane")?.as_str() {
            "azure" => {}
            "cilium" => network["networkDataplane"] = json!("cilium"),
            other => return Err(format!("data plane {other}")),
        }
        let subnet = at(subnets, "nodes")?;
        // Pools tell by their subnets whether pods live among the nodes.
        let of_pods = if cni == "azure-pod-subnet" { Some(at(subnets, "pods")?) } else { None };
        let pools = cluster.documents("pools")?.into_iter().map(|one| pool(one, subnet, of_pods));
        let mut pools = pools.collect::<Read<Vec<_>>>()?.into_iter();
        let (first, mut first_pool) = pools.next().ok_or("no pool")?;
        first_pool["name"] = json!(first);
        let mut properties = json!({
            "dnsPrefix": cluster.take("dns-prefix")?,
            "kubernetesVersion": cluster.take("kubernetes-version")?,
            "enableRBAC": true,
            "networkProfile": network,
            "agentPoolProfiles": [first_pool],
            "apiServerAccessProfile": access(&mut cluster, addresses, subnets)?,
        });
        for addon in cluster.texts("addons")? {
            addon_of(&addon, &mut properties, &logs.workspace)?;
        }
        let mut body = json!({ "sku": { "name": "Base", "tier": cluster.take("tier")? } });
        match who {
            Who::Managed { id } => {
                body["identity"] = json!({ "type": "UserAssigned", "userAssignedIdentities": { id: {} } });
            }
            Who::Principal => {
                let profile = json!({ "clientId": PRINCIPAL[0].1, "secret": PRINCIPAL[2].1 });
                properties["servicePrincipalProfile"] = profile;
            }
        }
        body["properties"] = properties;
        cluster.end()?;
        let id = self.regional(CLUSTER, &name, body);
        for (pool, properties) in pools {
            let id = self.id("Microsoft.ContainerService/managedClusters/agentPools", &[&name, &pool]);
            self.bodies.insert(id, json!({ "properties": properties }));
        }
        if let Some((rule, association)) = &logs.rule {
            let properties =
                json!({ "description": "associates dataCollectionRule to the AKS", "dataCollectionRuleId": rule });
            let id = format!("{id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{association}");
            self.bodies.insert(id, json!({ "properties": properties }));
        }
        Ok(())
    }
}

/// Who reaches the API server, and where.
fn access(cluster: &mut Document, addresses: &[String], subnets: &Subnets) -> Read<Value> {
    let ranges = cluster.texts("authorized-ip-ranges")?;
    let firewall = addresses.iter().map(|address| format!("{address}/32"));
    let authorized = match ranges.as_slice() {
        [] => Value::Null,
        ranges => ranges.iter().cloned().chain(firewall).collect::<Value>(),
    };
    match cluster.text("api-server")?.as_str() {
        "public" => Ok(json!({ "authorizedIPRanges": authorized })),
        "vnet-integrated" => Ok(json!({
            "authorizedIPRanges": authorized,
            "enableVnetIntegration": true,
            "subnetId": at(subnets, "api-server")?,
        })),
        "private" if ranges.is_empty() => Ok(json!({
            "enablePrivateCluster": true,
            "privateDNSZone": "system",
            "enablePrivateClusterPublicFQDN": false,
        })),
        other => Err(format!("API server {other} with {ranges:?}")),
    }
}

/// What an add-on turns on.
fn addon_of(name: &str, properties: &mut Value, workspace: &str) -> Read<()> {
    match name {
        "monitoring" => {
            let config = json!({ "logAnalyticsWorkspaceResourceID": workspace, "useAADAuth": "true" });
            properties["addonProfiles"]["omsagent"] = json!({ "enabled": true, "config": config });
        }
        "azure-policy" => properties["addonProfiles"]["azurepolicy"] = json!({ "enabled": true }),
        "defender" => {
            let defender =
                json!({ "logAnalyticsWorkspaceResourceId": workspace, "securityMonitoring": { "enabled": true } });
            properties["securityProfile"]["defender"] = defender;
        }
        "key-vault-secrets" => {
            let config = json!({ "enableSecretRotation": "true", "rotationPollInterval": "2m" });
            let addon = json!({ "enabled": true, "config": config });
            properties["addonProfiles"]["azureKeyvaultSecretsProvider"] = addon;
        }
        "workload-identity" => {
            properties["oidcIssuerProfile"] = json!({ "enabled": true });
            properties["securityProfile"]["workloadIdentity"] = json!({ "enabled": true });
        }
        // An extension of the cluster, which others install; here, it opens what that needs.
        "flux" => {}
        "cost-analysis" => properties["metricsProfile"] = json!({ "costAnalysis": { "enabled": true } }),
        "istio" => properties["serviceMeshProfile"] = json!({ "mode": "Istio" }),
        other => return Err(format!("add-on {other}")),
    }
    Ok(())
}

/// A pool: its name and properties.
fn pool(mut pool: Document, subnet: &str, of_pods: Option<&String>) -> Read<(String, Value)> {
    let mut body = json!({
        "mode": pool.take("mode")?,
        "type": "VirtualMachineScaleSets",
        "osType": pool.take("os")?,
        "vmSize": pool.take("node-size")?,
        "maxPods": pool.take("pods-per-node")?,
        "vnetSubnetID": subnet,
        "podSubnetID": of_pods,
        "enableNodePublicIP": false,
        "upgradeSettings": { "maxSurge": pool.take("max-surge")? },
        "availabilityZones": zones(&pool.list("zones")?),
    });
    match pool.take("nodes")? {
        Value::Object(range) => {
            let mut range = Document::new("plan.cluster.pools.nodes", &Value::Object(range))?;
            let (min, max) = (range.take("min")?, range.take("max")?);
            range.end()?;
            body["enableAutoScaling"] = json!(true);
            body["count"] = min.clone();
            body["minCount"] = min;
            body["maxCount"] = max;
        }
        count => body["count"] = count,
    }
    if pool.flag("gpu")? {
        body["gpuProfile"] = json!({ "driver": "Install" });
    }
    if pool.flag("spot")? {
        body["scaleSetPriority"] = json!("Spot");
        body["scaleSetEvictionPolicy"] = json!("Delete");
        body["spotMaxPrice"] = json!(-1);
    }
    let name = pool.text("name")?;
    pool.end()?;
    Ok((name, body))
}
