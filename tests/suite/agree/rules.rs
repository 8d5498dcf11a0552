//! What the plan says of rules, in the two forms that Azure has for them.

use serde_json::{Value, json};

use super::document::{Document, Read};
use super::plan::World;

/// The groups of a policy, each with its body.
pub(super) fn policy(world: &World, groups: Vec<Document>) -> Read<Vec<(String, Value)>> {
    let mut list = Vec::new();
    for mut group in groups {
        let kind = group.text("kind")?;
        let collections = group.documents("collections")?.into_iter().map(|one| collection(world, one, &kind, true));
        let properties = json!({
            "priority": group.take("priority")?,
            "ruleCollections": collections.collect::<Read<Vec<_>>>()?,
        });
        list.push((group.text("name")?, json!({ "properties": properties })));
        group.end()?;
    }
    Ok(list)
}

/// The lists of collections of a firewall without policy.
pub(super) fn classic(world: &World, groups: Vec<Document>) -> Read<Vec<(&'static str, Value)>> {
    let mut lists = Vec::new();
    for mut group in groups {
        let kind = group.text("kind")?;
        let list = match kind.as_str() {
            "dnat" => "natRuleCollections",
            "network" => "networkRuleCollections",
            "application" => "applicationRuleCollections",
            other => return Err(format!("kind {other}")),
        };
        // A firewall has lists, not groups.
        group.take("name")?;
        group.take("priority")?;
        let collections = group.documents("collections")?.into_iter().map(|one| collection(world, one, &kind, false));
        lists.push((list, json!(collections.collect::<Read<Vec<_>>>()?)));
        group.end()?;
    }
    Ok(lists)
}

fn collection(world: &World, mut collection: Document, kind: &str, policy: bool) -> Read<Value> {
    collection.aside()?;
    if collection.text("kind")? != kind {
        return Err(format!("a collection of another kind than {kind}"));
    }
    let action = match (kind, collection.text("action")?.as_str(), policy) {
        ("dnat", "allow", true) => "DNAT",
        ("dnat", "allow", false) => "Dnat",
        ("network" | "application", "allow", _) => "Allow",
        ("network" | "application", "deny", _) => "Deny",
        other => return Err(format!("action {other:?}")),
    };
    let rules = collection.documents("rules")?.into_iter().map(|one| rule(world, one, kind, policy));
    let rules = rules.collect::<Read<Vec<_>>>()?;
    let (name, priority) = (collection.take("name")?, collection.take("priority")?);
    collection.end()?;
    let action = json!({ "type": action });
    if !policy {
        let properties = json!({ "priority": priority, "action": action, "rules": rules });
        return Ok(json!({ "name": name, "properties": properties }));
    }
    let form = if kind == "dnat" { "FirewallPolicyNatRuleCollection" } else { "FirewallPolicyFilterRuleCollection" };
    Ok(json!({ "ruleCollectionType": form, "name": name, "priority": priority, "action": action, "rules": rules }))
}

fn rule(world: &World, mut rule: Document, kind: &str, policy: bool) -> Read<Value> {
    rule.aside()?;
    let mut body = json!({ "name": rule.take("name")? });
    let (mut from, groups) = (rule.texts("from")?, rule.texts("from-ip-groups")?);
    for role in rule.texts("from-subnets")? {
        from.push(world.prefixes.get(&role).ok_or_else(|| format!("no prefix of {role}"))?.clone());
    }
    grouped(world, from, groups, &mut body, ["sourceAddresses", "sourceIpGroups"])?;
    let description = rule.text("description")?;
    if !description.is_empty() {
        body["description"] = json!(description);
    }
    let matched = rule.document("match")?;
    rule.end()?;
    let protocols = if policy { "ipProtocols" } else { "protocols" };
    let form = match kind {
        "application" => application(matched, &mut body).map(|()| "ApplicationRule"),
        "network" => network(world, matched, &mut body, protocols).map(|()| "NetworkRule"),
        _ => dnat(world, matched, &mut body, protocols).map(|()| "NatRule"),
    }?;
    if policy {
        body["ruleType"] = json!(form);
    }
    Ok(body)
}

/// The plan says every address; Azure has groups by their IDs, and the addresses that are in none.
fn grouped(
    world: &World,
    mut addresses: Vec<String>,
    groups: Vec<String>,
    body: &mut Value,
    [single, many]: [&str; 2],
) -> Read<()> {
    let mut ids = Vec::new();
    for name in groups {
        let (id, members) = world.ip_groups.get(&name).ok_or_else(|| format!("no group {name}"))?;
        if let Some(missing) = members.iter().find(|member| !addresses.contains(member)) {
            return Err(format!("{missing} of {name} is missing"));
        }
        addresses.retain(|address| !members.contains(address));
        ids.push(id);
    }
    body[single] = json!(addresses);
    body[many] = json!(ids);
    Ok(())
}

/// `https:443` in its two parts.
fn parts(text: &str) -> Read<(&str, &str)> {
    text.split_once(':').ok_or_else(|| format!("port {text}"))
}

fn application(mut matched: Document, body: &mut Value) -> Read<()> {
    let mut protocols = Vec::new();
    for text in matched.texts("ports")? {
        let (protocol, port) = parts(&text)?;
        let protocol = match protocol {
            "http" => "Http",
            "https" => "Https",
            "mssql" => "Mssql",
            other => return Err(format!("protocol {other}")),
        };
        let port: u16 = port.parse().map_err(|_| format!("port {port}"))?;
        protocols.push(json!({ "protocolType": protocol, "port": port }));
    }
    body["protocols"] = json!(protocols);
    if matched.flag("inspect-tls")? {
        body["terminateTLS"] = json!(true);
    }
    for (name, property) in [
        ("fqdns", "targetFqdns"),
        ("fqdn-tags", "fqdnTags"),
        ("urls", "targetUrls"),
        ("web-categories", "webCategories"),
    ] {
        if let Some(list) = matched.maybe(name) {
            body[property] = list;
        }
    }
    matched.end()
}

/// The plan says every pair of protocol and port; Azure has both lists.
fn network(world: &World, mut matched: Document, body: &mut Value, property: &str) -> Read<()> {
    let (mut protocols, mut ports) = (Vec::new(), Vec::new());
    let pairs = matched.texts("ports")?;
    for text in &pairs {
        let (protocol, port) = parts(text)?;
        let protocol = match protocol {
            "tcp" => "TCP",
            "udp" => "UDP",
            "any" => "Any",
            "icmp" => "ICMP",
            other => return Err(format!("protocol {other}")),
        };
        if !protocols.contains(&protocol) {
            protocols.push(protocol);
        }
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    if protocols.len() * ports.len() != pairs.len() {
        return Err(format!("not every protocol has every port: {pairs:?}"));
    }
    body[property] = json!(protocols);
    body["destinationPorts"] = json!(ports);
    if let Some(groups) = matched.maybe("ip-groups") {
        let groups = serde_json::from_value(groups).map_err(|e| e.to_string())?;
        grouped(world, matched.texts("addresses")?, groups, body, ["destinationAddresses", "destinationIpGroups"])?;
    }
    for (name, property) in
        [("addresses", "destinationAddresses"), ("service-tags", "destinationAddresses"), ("fqdns", "destinationFqdns")]
    {
        if let Some(list) = matched.maybe(name) {
            body[property] = list;
        }
    }
    matched.end()
}

fn dnat(world: &World, mut matched: Document, body: &mut Value, property: &str) -> Read<()> {
    body["destinationAddresses"] = json!([world.address(&matched.text("public-ip")?)]);
    let ports = matched.texts("ports")?;
    let pairs = ports.iter().map(|text| parts(text)).collect::<Read<Vec<_>>>()?;
    body[property] = pairs.iter().map(|(protocol, _)| json!(protocol.to_uppercase())).collect();
    body["destinationPorts"] = pairs.iter().map(|(_, port)| json!(port)).collect();
    let to = matched.text("to")?;
    let (address, port) = parts(&to)?;
    body["translatedAddress"] = json!(address);
    body["translatedPort"] = json!(port);
    matched.end()
}
