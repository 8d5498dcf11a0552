//! What the plan says of the firewall: addresses, settings, and the policy or the rules that are its own.

use serde_json::{Value, json};

use super::document::{Document, Read};
use super::plan::{ADDRESS, Subnets, World, at, zones};
use super::rules;

const FIREWALL: &str = "Microsoft.Network/azureFirewalls";
const PREFIX: &str = "Microsoft.Network/publicIPPrefixes";
const IP_GROUP: &str = "Microsoft.Network/ipGroups";
const POLICY: &str = "Microsoft.Network/firewallPolicies";
const GROUP: &str = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";

/// What a policy says where there is one, and the firewall itself otherwise.
struct Settings {
    tier: String,
    intelligence: String,
    proxy: bool,
    servers: Vec<String>,
    ranges: Vec<String>,
    idps: String,
    inspection: Value,
    parent: Value,
}

impl World {
    /// The firewall's name, and the IDs of its public addresses.
    pub(super) fn firewall(&mut self, mut firewall: Document, subnets: &Subnets) -> Read<(String, Vec<String>)> {
        firewall.aside()?;
        let name = firewall.text("name")?;
        let id = self.beside_network(FIREWALL, &name);
        let group = firewall.take("beside-network")?;
        if group.as_str().is_some_and(|group| !id.contains(&format!("/resourceGroups/{group}/"))) {
            return Err(format!("the firewall {id} does not lie in the group {group}"));
        }
        let settings = Settings {
            tier: firewall.text("tier")?,
            intelligence: firewall.text("threat-intel")?,
            proxy: firewall.flag("dns-proxy")?,
            servers: firewall.texts("dns-servers")?,
            ranges: firewall.texts("private-ranges")?,
            idps: firewall.text("idps")?,
            inspection: firewall.take("tls-inspection")?,
            parent: firewall.take("parent-policy")?,
        };
        let mut properties = json!({ "sku": { "name": "AZFW_VNet", "tier": settings.tier } });
        let prefix = self.prefix(firewall.take("public-ip-prefix")?)?;
        let (mut configurations, mut addresses) = (Vec::new(), Vec::new());
        for (number, address) in firewall.documents("public-ips")?.into_iter().enumerate() {
            let subnet = if number == 0 { Some(at(subnets, "firewall")?) } else { None };
            addresses.push(self.address(&address.peek("name")?));
            configurations.push(self.configuration(address, prefix.as_deref(), subnet)?);
        }
        properties["ipConfigurations"] = json!(configurations);
        match firewall.take("management")? {
            Value::Null => {}
            management => {
                let management = Document::new("plan.firewall.management", &management)?;
                let subnet = at(subnets, "firewall-management")?;
                properties["managementIpConfiguration"] = self.configuration(management, None, Some(subnet))?;
            }
        }
        for mut group in firewall.documents("ip-groups")? {
            let (name, members) = (group.text("name")?, group.texts("members")?);
            group.end()?;
            let id = self.regional(IP_GROUP, &name, json!({ "properties": { "ipAddresses": members } }));
            self.ip_groups.insert(name, (id, members));
        }
        let groups = firewall.documents("groups")?;
        match firewall.take("existing")? {
            Value::Null => {}
            existing => {
                let mut existing = Document::new("plan.firewall.existing", &existing)?;
                addresses = existing.list("public-ips")?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                self.rules_elsewhere(existing, groups)?;
                for settled in ["rules", "policy", "zones"] {
                    firewall.take(settled)?;
                }
                firewall.end()?;
                return Ok((name, addresses));
            }
        }
        match (firewall.text("rules")?.as_str(), firewall.take("policy")?) {
            ("policy", Value::String(policy)) => {
                properties["firewallPolicy"] = json!({ "id": self.policy(&policy, settings, groups)? });
            }
            ("classic", Value::Null) => {
                properties["threatIntelMode"] = json!(settings.intelligence);
                properties["additionalProperties"] = settings.additional()?;
                for (list, collections) in rules::classic(self, groups)? {
                    properties[list] = collections;
                }
            }
            other => return Err(format!("plan.firewall: {other:?}")),
        }
        let in_zones = zones(&firewall.list("zones")?);
        firewall.end()?;
        let body = json!({ "location": self.region, "zones": in_zones, "properties": properties });
        self.bodies.insert(id.clone(), self.tagged(body));
        Ok((id, addresses))
    }

    /// All rules as one group in the policy of somebody else.
    fn rules_elsewhere(&mut self, mut existing: Document, groups: Vec<Document>) -> Read<()> {
        let (policy, priority) = (existing.text("policy")?, existing.take("priority")?);
        for known in ["firewall", "peer"] {
            existing.take(known)?;
        }
        existing.end()?;
        let parts = rules::policy(self, groups)?;
        let name = parts.first().map(|(name, _)| name.clone()).ok_or("no rules")?;
        let mut collections = Vec::new();
        for (other, body) in &parts {
            if *other != name || body["properties"]["priority"] != priority {
                return Err(format!("{other} is not the group {name} of priority {priority}"));
            }
            collections.extend(body["properties"]["ruleCollections"].as_array().cloned().unwrap_or_default());
        }
        let body = json!({ "properties": { "priority": priority, "ruleCollections": collections } });
        self.bodies.insert(format!("{policy}/ruleCollectionGroups/{name}"), body);
        Ok(())
    }

    fn prefix(&mut self, prefix: Value) -> Read<Option<String>> {
        if prefix.is_null() {
            return Ok(None);
        }
        let mut prefix = Document::new("plan.firewall.public-ip-prefix", &prefix)?;
        let body = json!({
            "sku": { "name": "Standard", "tier": "Regional" },
            "zones": zones(&prefix.list("zones")?),
            "properties": { "publicIPAddressVersion": "IPv4", "prefixLength": prefix.take("length")? },
        });
        let name = prefix.text("name")?;
        prefix.end()?;
        Ok(Some(self.regional(PREFIX, &name, body)))
    }

    /// An address, and what ties it to the firewall.
    pub(super) fn configuration(
        &mut self,
        mut address: Document,
        prefix: Option<&str>,
        subnet: Option<&String>,
    ) -> Read<Value> {
        let mut properties = json!({ "publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4" });
        if let Some(prefix) = prefix {
            properties["publicIPPrefix"] = json!({ "id": prefix });
        }
        let body = json!({
            "sku": { "name": "Standard", "tier": "Regional" },
            "zones": zones(&address.list("zones")?),
            "properties": properties,
        });
        let id = self.regional(ADDRESS, &address.text("name")?, body);
        let mut inner = json!({ "publicIPAddress": { "id": id } });
        if let Some(subnet) = subnet {
            inner["subnet"] = json!({ "id": subnet });
        }
        let name = address.text("configuration")?;
        address.end()?;
        Ok(json!({ "name": name, "properties": inner }))
    }

    fn policy(&mut self, name: &str, settings: Settings, groups: Vec<Document>) -> Read<String> {
        let Settings { tier, intelligence, proxy, servers, ranges, idps, inspection, parent } = settings;
        let mut properties = json!({ "sku": { "tier": tier }, "threatIntelMode": intelligence });
        if !parent.is_null() {
            properties["basePolicy"] = json!({ "id": parent });
        }
        if proxy || !servers.is_empty() {
            properties["dnsSettings"] = json!({ "enableProxy": proxy, "servers": servers });
        }
        if !ranges.is_empty() {
            properties["snat"] = json!({ "privateRanges": ranges });
        }
        if idps != "Off" {
            properties["intrusionDetection"] = json!({ "mode": idps });
        }
        let mut body = json!({ "location": self.region });
        if !inspection.is_null() {
            let mut inspection = Document::new("plan.firewall.tls-inspection", &inspection)?;
            let authority =
                json!({ "name": inspection.take("certificate")?, "keyVaultSecretId": inspection.take("secret")? });
            properties["transportSecurity"] = json!({ "certificateAuthority": authority });
            let identity = inspection.text("identity")?;
            body["identity"] = json!({ "type": "UserAssigned", "userAssignedIdentities": { identity: {} } });
            inspection.end()?;
        }
        body["properties"] = properties;
        let id = self.id(POLICY, &[name]);
        // Tags on a policy are a known problem of Azure, so that it has none.
        self.bodies.insert(id.clone(), body);
        for (group, body) in rules::policy(self, groups)? {
            self.bodies.insert(self.id(GROUP, &[name, &group]), body);
        }
        Ok(id)
    }
}

impl Settings {
    /// The map of texts in which a firewall without policy keeps its settings.
    fn additional(&self) -> Read<Value> {
        if self.idps != "Off" || !self.inspection.is_null() || !self.parent.is_null() {
            return Err("a firewall without policy inspects and inherits nothing".to_owned());
        }
        let mut more = json!({});
        if self.proxy {
            more["Network.DNS.EnableProxy"] = json!("true");
        }
        for (name, list) in [("Network.DNS.Servers", &self.servers), ("Network.SNAT.PrivateRanges", &self.ranges)] {
            if !list.is_empty() {
                more[name] = json!(list.join(","));
            }
        }
        Ok(more)
    }
}
