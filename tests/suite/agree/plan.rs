//! What `plan.json` says will stand in Azure: bodies of resources, written down once more and from the plan alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Files;
use super::document::{Document, Read};
use crate::scripts::{owners_hub, owners_peering, owners_prefix};
use crate::stub::{group_id, kind, resource_id};

const VNET: &str = "Microsoft.Network/virtualNetworks";
pub(super) const ADDRESS: &str = "Microsoft.Network/publicIPAddresses";
const TABLE: &str = "Microsoft.Network/routeTables";

/// What stands, by ID.
pub(super) type Bodies = BTreeMap<String, Value>;

/// Reads a plan. The texts of queries are in files of their own.
pub(super) fn bodies(plan: &Value, files: &Files) -> Read<Bodies> {
    let owned = crate::scripts::what_others_own(plan).ok_or("what others own is not said in full")?;
    let mut plan = Document::new("plan", plan)?;
    plan.aside()?;
    let group = plan.text("resource-group")?;
    let mut world = World {
        firewall_group: group.clone(),
        group,
        region: plan.text("region")?,
        tags: plan.take("tags")?,
        bodies: Bodies::new(),
        ip_groups: BTreeMap::new(),
        prefixes: BTreeMap::new(),
        there: None,
    };
    world.resource_group();
    let own = world.group.clone();
    let (table, tunnel) = (plan.inner("route-table", "name")?, plan.inner("tunnel-route-table", "name").ok());
    let mut subnets = Subnets::new();
    let network = world.network(plan.document("network")?, &table, tunnel.as_deref(), &mut subnets)?;
    let mut firewall = plan.document("firewall")?;
    let apart = firewall.take("resource-group")?;
    let (mut written, mut back) = (None, None);
    match (plan.take("hub")?, plan.take("peering")?) {
        (Value::Null, Value::Null) => {}
        (Value::Null, peering) => {
            let mut peering = Document::new("plan.peering", &peering)?;
            let peer = firewall.inner("existing", "peer")?;
            let name = peering.text("to-firewall")?;
            world.peering(&network, &name, &peer);
            let to_cluster = peering.text("to-cluster")?;
            if peering.flag("back")? {
                back = Some((peer.clone(), to_cluster, network.clone()));
            }
            written = Some((peer, name));
            peering.end()?;
        }
        (hub, peering) => {
            let mut hub = Document::new("plan.hub", &hub)?;
            world.firewall_group = hub.text("resource-group")?;
            world.group.clone_from(&world.firewall_group);
            world.resource_group();
            let document = hub.document("network")?;
            let remote = world.network(document, &table, tunnel.as_deref(), &mut subnets)?;
            hub.end()?;
            world.peerings(Document::new("plan.peering", &peering)?, &network, &remote)?;
        }
    }
    if apart.as_str().unwrap_or(&own) != world.firewall_group {
        return Err(format!("the firewall is in {apart}, and its network in {}", world.firewall_group));
    }
    let (firewall, addresses) = world.firewall(firewall, &subnets)?;
    match plan.take("tunnel-route-table")? {
        Value::Null => {}
        tunnel => {
            world.routes(Document::new("plan.tunnel-route-table", &tunnel)?)?;
        }
    }
    world.group = own;
    let table = world.routes(plan.document("route-table")?)?;
    match plan.take("gateway")? {
        Value::Null => {}
        gateway => world.gateway(Document::new("plan.gateway", &gateway)?, &subnets)?,
    }
    let identity = world.identity(plan.document("identity")?)?;
    world.roles(plan.documents("roles")?, &subnets, &table, &identity)?;
    let logs = world.logs(plan.document("logs")?, &firewall, files)?;
    match (plan.text("layers")?.as_str(), plan.document("cluster")?) {
        ("one" | "network-and-cluster", cluster) => world.cluster(cluster, &subnets, &addresses, &identity, &logs)?,
        // Somebody else makes the cluster, of which the plan knows what the network needs to know.
        ("network-only", _) => {
            logs.rule.and_then(|(rule, _)| world.bodies.remove(&rule));
        }
        (other, _) => return Err(format!("plan.layers: {other}")),
    }
    // What others own is there before, and stays as it is.
    for (id, body) in owned {
        world.bodies.entry(id).or_insert(body);
    }
    let entries: Vec<Entry> =
        [written.map(|(to, name)| (network, name, to)), back.clone()].into_iter().flatten().collect();
    world.assumed(plan.documents("assumptions")?, &entries)?;
    if let Some((there, name, to)) = back {
        world.peering(&there, &name, &to);
    }
    for addition in plan.documents("overrides")? {
        world.add(addition, &subnets)?;
    }
    plan.end()?;
    Ok(world.bodies)
}

/// What subnets are for.
const ROLES: [&str; 7] = ["firewall", "firewall-management", "gateway", "ingress", "nodes", "pods", "api-server"];

/// Subnets by role: their IDs.
pub(super) type Subnets = BTreeMap<String, String>;

/// A peering: in which network, what it is called, and where it leads.
type Entry = (String, String, String);

/// What stands so far, and what every resource has.
pub(super) struct World {
    /// The one that resources go to.
    group: String,
    /// The one that the firewall and its addresses are in.
    firewall_group: String,
    pub(super) region: String,
    tags: Value,
    pub(super) bodies: Bodies,
    /// Groups of addresses: ID and members.
    pub(super) ip_groups: BTreeMap<String, (String, Vec<String>)>,
    /// Prefixes of subnets by role, where rules name them so.
    pub(super) prefixes: BTreeMap<String, String>,
    /// The ID of a network that is there already.
    there: Option<String>,
}

/// Puts a value where a pointer says; tables that both have are joined.
fn merge(place: &mut Value, pointer: &str, value: Value) {
    let inner = match pointer.strip_prefix('/') {
        Some(path) => {
            let (name, rest) =
                path.split_once('/').map_or((path, String::new()), |(name, rest)| (name, format!("/{rest}")));
            let name = name.replace("~1", "/").replace("~0", "~");
            return merge(&mut place[name], &rest, value);
        }
        None => value,
    };
    match (place, inner) {
        (Value::Object(place), Value::Object(fields)) => {
            for (name, value) in fields {
                merge(place.entry(name).or_insert(Value::Null), "", value);
            }
        }
        (place, value) => *place = value,
    }
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

    /// The group itself.
    fn resource_group(&mut self) {
        let body = self.tagged(json!({ "location": self.region }));
        self.bodies.insert(group_id(&self.group), body);
    }

    /// Both sides, each an entry of its network.
    fn peerings(&mut self, mut peering: Document, network: &str, hub: &str) -> Read<()> {
        for (side, of, remote) in [("to-firewall", network, hub), ("to-cluster", hub, network)] {
            let properties = json!({
                "remoteVirtualNetwork": { "id": remote },
                "allowVirtualNetworkAccess": true,
                "allowForwardedTraffic": true,
                "allowGatewayTransit": false,
                "useRemoteGateways": false,
            });
            let entry = json!({ "name": peering.text(side)?, "properties": properties });
            let body = self.bodies.get_mut(of).ok_or_else(|| format!("no {of}"))?;
            body["properties"]["virtualNetworkPeerings"] = json!([entry]);
        }
        if !peering.flag("back")? {
            return Err("nobody else has the network of a hub".to_owned());
        }
        peering.end()
    }

    /// What others own is there before, and stays as it is but for the route table of a subnet.
    fn assumed(&mut self, assumptions: Vec<Document>, peerings: &[Entry]) -> Read<()> {
        let mut subnets: BTreeMap<String, usize> = BTreeMap::new();
        for mut assumption in assumptions {
            assumption.aside()?;
            let (about, claim) = (assumption.text("about")?, assumption.take("claim")?);
            assumption.end()?;
            let group = about.split("/providers/").next().unwrap_or_default().to_owned();
            self.bodies.entry(group).or_insert_with(|| json!({ "location": "northeurope" }));
            if let Some(remote) = claim.get("peered-with") {
                let by = claim.get("by").ok_or("no name")?;
                if !peerings.iter().any(|(from, name, to)| *from == about && by == name && remote == to) {
                    return Err(format!("the peering is not {claim}"));
                }
            }
            let known =
                ["region", "subscription", "subnet", "private-ip", "tier", "free-priority", "reaches", "peered-with"];
            if !known.iter().any(|key| claim.get(key).is_some()) {
                return Err(format!("nothing is claimed: {claim}"));
            }
            let number = subnets.entry(about.clone()).or_default();
            let body = self.bodies.entry(about).or_insert_with(|| json!({}));
            if let Some(region) = claim.get("region") {
                body["location"] = region.clone();
            }
            if let Some(firewall) = claim.get("reaches") {
                let hub = owners_hub(firewall.as_str().ok_or("no firewall")?);
                body["properties"]["virtualNetworkPeerings"] = json!([owners_peering(&hub)]);
            }
            if let Some(name) = claim.get("subnet") {
                let role = claim["role"].as_str().filter(|role| ROLES.contains(role)).ok_or("no role")?;
                let mut properties = json!({ "addressPrefix": owners_prefix(role) });
                if let Some(table) = claim.get("route-table").ok_or("no route table, not even none")?.as_str() {
                    properties["routeTable"] = json!({ "id": table });
                }
                if let Some(service) = claim["delegated-to"].as_str().filter(|service| *service != "none") {
                    properties["delegations"] = json!([{ "name": "0", "properties": { "serviceName": service } }]);
                }
                let list = body["properties"]["subnets"].as_array_mut().ok_or("no subnets")?;
                list.insert(*number, json!({ "name": name, "properties": properties }));
                *number += 1;
            }
        }
        Ok(())
    }

    /// The ID of a group of the network, which may be somebody else's.
    pub(super) fn beside_network(&self, kind: &str, name: &str) -> String {
        match &self.there {
            Some(network) => resource_id(network.split("/providers/").next().unwrap_or_default(), kind, &[name]),
            None => self.id(kind, &[name]),
        }
    }

    /// A network with its subnets, which join those of the others.
    fn network(
        &mut self,
        mut network: Document,
        table: &str,
        tunnel: Option<&str>,
        subnets: &mut Subnets,
    ) -> Read<String> {
        let name = network.text("vnet")?;
        let mut properties = json!({
            "addressSpace": { "addressPrefixes": network.texts("address-space")? },
            "dhcpOptions": { "dnsServers": network.texts("dns-servers")? },
        });
        self.there = network.take("existing")?.as_str().map(str::to_owned);
        let id = self.there.clone().unwrap_or_else(|| self.id(VNET, &[&name]));
        if !id.ends_with(&format!("/{name}")) {
            return Err(format!("{id} is not called {name}"));
        }
        network.aside()?;
        let mut list = Vec::new();
        for mut subnet in network.documents("subnets")? {
            let own = subnet.text("name")?;
            let role = subnet.text("role")?;
            if !ROLES.contains(&role.as_str()) {
                return Err(format!("role {role}"));
            }
            subnets.insert(role.clone(), format!("{id}/subnets/{own}"));
            let endpoints = subnet.texts("service-endpoints")?;
            let prefix = subnet.take("prefix")?;
            self.prefixes.insert(role.clone(), prefix.as_str().unwrap_or(owners_prefix(&role)).to_owned());
            let mut body = json!({
                "addressPrefix": prefix,
                "defaultOutboundAccess": false,
                "serviceEndpoints": endpoints.iter().map(|it| json!({ "service": it })).collect::<Value>(),
            });
            match (subnet.flag("routed")?, subnet.flag("tunnelled")?, tunnel) {
                (false, false, _) => {}
                (true, false, _) => body["routeTable"] = json!({ "id": self.id(TABLE, &[table]) }),
                (false, true, Some(tunnel)) => body["routeTable"] = json!({ "id": self.id(TABLE, &[tunnel]) }),
                other => return Err(format!("subnet {own}: {other:?}")),
            }
            if let Value::String(service) = subnet.take("delegated-to")? {
                body["delegations"] = json!([{ "name": "0", "properties": { "serviceName": service } }]);
            }
            subnet.end()?;
            if prefix.is_null() {
                // Its owner has written it.
                continue;
            }
            list.push(json!({ "name": own, "properties": body }));
        }
        properties["subnets"] = json!(list);
        network.end()?;
        match &self.there {
            Some(network) => {
                self.bodies.insert(network.clone(), json!({ "properties": { "subnets": list } }));
            }
            None => {
                self.regional(VNET, &name, json!({ "properties": properties }));
            }
        }
        Ok(id)
    }

    /// What is added by hand.
    fn add(&mut self, mut addition: Document, subnets: &Subnets) -> Read<()> {
        addition.aside()?;
        let (resource, name) = (addition.text("resource")?, addition.text("name")?);
        let (pointer, value) = (addition.text("pointer")?, addition.take("value")?);
        addition.end()?;
        let named = |kind: &str| self.id(kind, &[&name]);
        let (id, within) = match resource.split_once('/').unwrap_or((&resource, "")) {
            ("cluster", _) => (named(super::cluster::CLUSTER), None),
            ("firewall", _) => (named("Microsoft.Network/azureFirewalls"), None),
            ("firewall-policy", _) => (named("Microsoft.Network/firewallPolicies"), None),
            ("network", _) => (named(VNET), None),
            ("workspace", _) => (named("Microsoft.OperationalInsights/workspaces"), None),
            ("subnet", role) => {
                let subnet = at(subnets, role)?;
                (subnet.split("/subnets/").next().unwrap_or_default().to_owned(), Some("/properties/subnets"))
            }
            ("node-pool", _) => {
                let end = format!("/agentPools/{name}");
                match self.bodies.keys().find(|id| id.ends_with(&end)) {
                    Some(id) => (id.clone(), None),
                    None => {
                        let cluster = self.bodies.keys().find(|id| kind(id) == super::cluster::CLUSTER);
                        (cluster.ok_or("no cluster")?.clone(), Some("/properties/agentPoolProfiles"))
                    }
                }
            }
            (other, _) => return Err(format!("an addition to {other}")),
        };
        let mut place = self.bodies.get_mut(&id).ok_or_else(|| format!("no {id}"))?;
        let mut rest = pointer.as_str();
        if let Some(list) = within {
            let list = place.pointer_mut(list).and_then(Value::as_array_mut).ok_or("no list")?;
            place = list.iter_mut().find(|one| one["name"] == name.as_str()).ok_or("no element")?;
            if place.get("properties").is_none() {
                rest = rest.strip_prefix("/properties").ok_or("not below properties")?;
            }
        }
        merge(place, rest, value);
        Ok(())
    }

    /// An address of the firewall: what Azure chooses for a name, or one that is known.
    pub(super) fn address(&self, name: &str) -> String {
        match name.parse::<std::net::Ipv4Addr>() {
            Ok(known) => known.to_string(),
            Err(_) => symbol("ipAddress", &resource_id(&group_id(&self.firewall_group), ADDRESS, &[name])),
        }
    }

    /// The cluster's side of a peering, which Azure shows inside its network.
    fn peering(&mut self, network: &str, name: &str, peer: &str) {
        let entry = json!({
            "name": name,
            "properties": {
                "remoteVirtualNetwork": { "id": peer },
                "allowVirtualNetworkAccess": true,
                "allowForwardedTraffic": true,
                "allowGatewayTransit": false,
                "useRemoteGateways": false,
            },
        });
        if let Some(body) = self.bodies.get_mut(network) {
            body["properties"]["virtualNetworkPeerings"] = json!([entry]);
        }
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
                "hub" => json!({
                    "addressPrefix": route.text("to")?,
                    "nextHopType": "VirtualAppliance",
                    "nextHopIpAddress": route.text("expected")?,
                }),
                "internet" => {
                    let address = self.address(&route.text("to-public-ip")?);
                    json!({
                        "addressPrefix": format!("{address}/32"),
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
