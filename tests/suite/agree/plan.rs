//! What `plan.json` says will stand in Azure: bodies of resources, written down once more and from the plan alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Files;
use super::document::{Document, Read};
use crate::stub::{group_id, resource_id};

const VNET: &str = "Microsoft.Network/virtualNetworks";
pub(super) const ADDRESS: &str = "Microsoft.Network/publicIPAddresses";
const TABLE: &str = "Microsoft.Network/routeTables";

/// What stands, by ID.
pub(super) type Bodies = BTreeMap<String, Value>;

/// Reads a plan. The texts of queries are in files of their own.
pub(super) fn bodies(plan: &Value, files: &Files) -> Read<Bodies> {
    let mut plan = Document::new("plan", plan)?;
    plan.aside()?;
    let mut world = World {
        group: plan.text("resource-group")?,
        region: plan.text("region")?,
        tags: plan.take("tags")?,
        bodies: Bodies::new(),
        ip_groups: BTreeMap::new(),
    };
    let group = world.tagged(json!({ "location": world.region }));
    world.bodies.insert(group_id(&world.group), group);
    let tunnel = plan.inner("tunnel-route-table", "name").ok();
    let subnets = world.network(plan.document("network")?, &plan.inner("route-table", "name")?, tunnel.as_deref())?;
    let firewall = plan.document("firewall")?;
    let firewall_name = world.firewall(firewall, &subnets)?;
    let table = world.routes(plan.document("route-table")?)?;
    match plan.take("tunnel-route-table")? {
        Value::Null => {}
        tunnel => {
            world.routes(Document::new("plan.tunnel-route-table", &tunnel)?)?;
        }
    }
    let identity = world.identity(plan.document("identity")?)?;
    world.roles(plan.documents("roles")?, &subnets, &table, &identity)?;
    let logs = world.logs(plan.document("logs")?, &firewall_name, files)?;
    match (plan.text("layers")?.as_str(), plan.document("cluster")?) {
        ("one" | "network-and-cluster", cluster) => world.cluster(cluster, &subnets, &identity, &logs)?,
        // Somebody else makes the cluster, of which the plan knows what the network needs to know.
        ("network-only", _) => {
            logs.rule.and_then(|(rule, _)| world.bodies.remove(&rule));
        }
        (other, _) => return Err(format!("plan.layers: {other}")),
    }
    for mut assumption in plan.documents("assumptions")? {
        assumption.aside()?;
        let (about, claim) = (assumption.text("about")?, assumption.take("claim")?);
        assumption.end()?;
        // What others own is there before, and stays as it is.
        let group = about.split("/providers/").next().unwrap_or_default().to_owned();
        world.bodies.insert(group, json!({ "location": "northeurope" }));
        world.bodies.insert(about, json!({ "location": claim.get("region") }));
    }
    plan.end()?;
    Ok(world.bodies)
}

/// Subnets by role: their IDs.
pub(super) type Subnets = BTreeMap<String, String>;

/// What stands so far, and what every resource has.
pub(super) struct World {
    group: String,
    pub(super) region: String,
    tags: Value,
    pub(super) bodies: Bodies,
    /// Groups of addresses: ID and members.
    pub(super) ip_groups: BTreeMap<String, (String, Vec<String>)>,
}

/// A symbol for what Azure chooses.
pub(super) fn symbol(property: &str, id: &str) -> String {
    format!("<{property} of {id}>")
}

pub(super) fn at<'a>(subnets: &'a Subnets, role: &str) -> Read<&'a String> {
    subnets.get(role).ok_or_else(|| format!("no subnet {role}"))
}

/// Numbers as Azure writes zones.
pub(super) fn zones(list: &[Value]) -> Value {
    list.iter().map(|zone| json!(zone.to_string())).collect()
}

impl World {
    pub(super) fn id(&self, kind: &str, names: &[&str]) -> String {
        resource_id(&group_id(&self.group), kind, names)
    }

    pub(super) fn tagged(&self, mut body: Value) -> Value {
        body["tags"] = self.tags.clone();
        body
    }

    /// Stores a resource that has a place and tags.
    pub(super) fn regional(&mut self, kind: &str, name: &str, mut body: Value) -> String {
        body["location"] = json!(self.region);
        let id = self.id(kind, &[name]);
        self.bodies.insert(id.clone(), self.tagged(body));
        id
    }

    fn network(&mut self, mut network: Document, table: &str, tunnel: Option<&str>) -> Read<Subnets> {
        let name = network.text("vnet")?;
        let mut properties = json!({
            "addressSpace": { "addressPrefixes": network.texts("address-space")? },
            "dhcpOptions": { "dnsServers": network.texts("dns-servers")? },
        });
        network.aside()?;
        let mut subnets = Subnets::new();
        let mut list = Vec::new();
        for mut subnet in network.documents("subnets")? {
            let own = subnet.text("name")?;
            let role = subnet.text("role")?;
            if !["firewall", "firewall-management", "gateway", "ingress", "nodes"].contains(&role.as_str()) {
                return Err(format!("role {role}"));
            }
            subnets.insert(role, self.id("Microsoft.Network/virtualNetworks/subnets", &[&name, &own]));
            let endpoints = subnet.texts("service-endpoints")?;
            let mut body = json!({
                "addressPrefix": subnet.text("prefix")?,
                "defaultOutboundAccess": false,
                "serviceEndpoints": endpoints.iter().map(|it| json!({ "service": it })).collect::<Value>(),
            });
            match (subnet.flag("routed")?, subnet.flag("tunnelled")?, tunnel) {
                (false, false, _) => {}
                (true, false, _) => body["routeTable"] = json!({ "id": self.id(TABLE, &[table]) }),
                (false, true, Some(tunnel)) => body["routeTable"] = json!({ "id": self.id(TABLE, &[tunnel]) }),
                other => return Err(format!("subnet {own}: {other:?}")),
            }
            subnet.end()?;
            list.push(json!({ "name": own, "properties": body }));
        }
        properties["subnets"] = json!(list);
        network.end()?;
        self.regional(VNET, &name, json!({ "properties": properties }));
        Ok(subnets)
    }

    fn routes(&mut self, mut table: Document) -> Read<String> {
        table.aside()?;
        let mut routes = Vec::new();
        for mut route in table.documents("routes")? {
            let name = route.text("name")?;
            let body = match route.text("next-hop")?.as_str() {
                "firewall" | "appliance" => json!({
                    "addressPrefix": route.text("to")?,
                    "nextHopType": "VirtualAppliance",
                    "nextHopIpAddress": route.text("address")?,
                }),
                "internet" => {
                    let address = self.id(ADDRESS, &[&route.text("to-public-ip")?]);
                    json!({
                        "addressPrefix": format!("{}/32", symbol("ipAddress", &address)),
                        "nextHopType": "Internet",
                    })
                }
                other => return Err(format!("route to {other}")),
            };
            route.end()?;
            routes.push(json!({ "name": name, "properties": body }));
        }
        let name = table.text("name")?;
        table.end()?;
        let properties = json!({ "disableBgpRoutePropagation": true, "routes": routes });
        Ok(self.regional(TABLE, &name, json!({ "properties": properties })))
    }
}
