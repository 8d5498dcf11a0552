//! What the plan says of the cluster, who it is, and what it may do.

use serde_json::{Value, json};

use super::document::{Document, Read};
use super::logs::Logs;
use super::plan::{Subnets, World, at, symbol, zones};
use crate::scripts::PRINCIPAL;
use crate::stub::SUBSCRIPTION;

const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
const CLUSTER: &str = "Microsoft.ContainerService/managedClusters";

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
        for (number, mut role) in roles.into_iter().enumerate() {
            let scope = match role.take("on")? {
                Value::String(word) if word == "route-table" => table.to_owned(),
                Value::Object(on) => {
                    let role = on.get("subnet").and_then(Value::as_str).unwrap_or_default();
                    at(subnets, role)?.clone()
                },
                other => return Err(format!("role on {other}")),
            };
            role.aside()?;
            let definition = format!(
                "/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{}",
                role.text("id")?
            );
            let principal = match who {
                Who::Managed { id } => symbol("principalId", id),
                Who::Principal => PRINCIPAL[1].1.to_owned(),
            };
            let properties = json!({
                "roleDefinitionId": definition,
                "principalId": principal,
                "principalType": "ServicePrincipal",
                "description": role.text("why")?,
            });
            role.end()?;
            let id = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{number}");
            self.bodies.insert(id, json!({ "properties": properties }));
        }
        Ok(())
    }

    pub(super) fn cluster(&mut self, mut cluster: Document, subnets: &Subnets, who: &Who, logs: &Logs) -> Read<()> {
        let name = cluster.text("name")?;
        let plugin = match cluster.text("cni")?.as_str() {
            "azure" => json!({ "networkPlugin": "azure" }),
            "azure-overlay" => json!({ "networkPlugin": "azure", "networkPluginMode": "overlay" }),
            "kubenet" => json!({ "networkPlugin": "kubenet" }),
            other => return Err(format!("cni {other}")),
        };
        let mut network = plugin;
        network["outboundType"] = json!("userDefinedRouting");
        network["loadBalancerSku"] = json!("standard");
        network["podCidr"] = cluster.take("pod-cidr")?;
        network["serviceCidr"] = cluster.take("service-cidr")?;
        network["dnsServiceIP"] = cluster.take("dns-service-ip")?;
        let pools = cluster.documents("pools")?;
        let pools = pools.into_iter().enumerate().map(|(number, pool)| self.pool(pool, number, at(subnets, "nodes")?));
        let mut properties = json!({
            "dnsPrefix": cluster.take("dns-prefix")?,
            "kubernetesVersion": cluster.take("kubernetes-version")?,
            "enableRBAC": true,
            "networkProfile": network,
            "agentPoolProfiles": pools.collect::<Read<Vec<Value>>>()?,
        });
        if cluster.flag("monitoring")? {
            let config = json!({ "logAnalyticsWorkspaceResourceID": logs.workspace, "useAADAuth": "true" });
            properties["addonProfiles"] = json!({ "omsagent": { "enabled": true, "config": config } });
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
        if let Some((rule, association)) = &logs.rule {
            let properties =
                json!({ "description": "associates dataCollectionRule to the AKS", "dataCollectionRuleId": rule });
            let id = format!("{id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{association}");
            self.bodies.insert(id, json!({ "properties": properties }));
        }
        Ok(())
    }

    fn pool(&self, mut pool: Document, number: usize, subnet: &str) -> Read<Value> {
        if number > 0 {
            return Err("more than one pool".to_owned());
        }
        let body = json!({
            "name": pool.take("name")?,
            "mode": "System",
            "type": "VirtualMachineScaleSets",
            "osType": "Linux",
            "count": pool.take("nodes")?,
            "vmSize": pool.take("node-size")?,
            "maxPods": pool.take("pods-per-node")?,
            "vnetSubnetID": subnet,
            "enableNodePublicIP": false,
            "upgradeSettings": { "maxSurge": pool.take("max-surge")? },
            "availabilityZones": zones(&pool.list("zones")?),
        });
        pool.end()?;
        Ok(body)
    }
}
