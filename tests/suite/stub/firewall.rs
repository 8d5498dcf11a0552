//! Firewalls and the rules that are a firewall's own.

use serde_json::{Value, json};

use super::args::Args;
use super::body;
use super::cloud::Cloud;
use super::command::{Answer, Command, Does, Failure, Opt, Reading, flag, many, need, needs, one};
use super::network::{ADDRESS, SUBNET, created, regional};
use super::{id, policy};

const FIREWALL: &str = "Microsoft.Network/azureFirewalls";

const NAMED: [Opt; 2] = [need("--resource-group"), need("--name")];
const DELETE: &[Opt] = &[need("--resource-group"), need("--firewall-name"), need("--collection-name")];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: "network firewall show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &NAMED,
        run: |cloud, args| cloud.show(&args.id(FIREWALL, &["--name"])?),
    },
    Command {
        words: "network firewall wait",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name"), flag("--created")],
        run: |cloud, args| cloud.show(&args.id(FIREWALL, &["--name"])?).map(|_| Value::Null),
    },
    Command {
        words: "network firewall create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--name"),
            one("--location"),
            one("--sku"),
            one("--tier"),
            many("--zones"),
            one("--firewall-policy"),
            one("--threat-intel-mode"),
            one("--enable-dns-proxy"),
            many("--dns-servers"),
            many("--private-ranges"),
            one("--vnet-name"),
            one("--conf-name"),
            one("--public-ip"),
            one("--m-conf-name"),
            one("--m-public-ip"),
            many("--tags"),
        ],
        run: create,
    },
    Command {
        words: "network firewall ip-config create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--firewall-name"),
            need("--name"),
            need("--public-ip-address"),
            one("--vnet-name"),
        ],
        run: configuration_create,
    },
    Command {
        words: "network firewall network-rule create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--firewall-name"),
            need("--collection-name"),
            need("--name"),
            one("--priority"),
            one("--action"),
            one("--description"),
            many("--source-addresses"),
            many("--source-ip-groups"),
            many("--destination-addresses"),
            many("--destination-fqdns"),
            many("--destination-ip-groups"),
            needs("--destination-ports"),
            needs("--protocols"),
        ],
        run: |cloud, args| rule_create(cloud, args, "networkRuleCollections", &["Allow", "Deny"]),
    },
    Command {
        words: "network firewall application-rule create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--firewall-name"),
            need("--collection-name"),
            need("--name"),
            one("--priority"),
            one("--action"),
            one("--description"),
            many("--source-addresses"),
            many("--source-ip-groups"),
            needs("--protocols"),
            many("--target-fqdns"),
            many("--fqdn-tags"),
        ],
        run: |cloud, args| rule_create(cloud, args, "applicationRuleCollections", &["Allow", "Deny"]),
    },
    Command {
        words: "network firewall nat-rule create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--firewall-name"),
            need("--collection-name"),
            need("--name"),
            one("--priority"),
            one("--action"),
            one("--description"),
            many("--source-addresses"),
            many("--source-ip-groups"),
            needs("--destination-addresses"),
            needs("--destination-ports"),
            needs("--protocols"),
            one("--translated-address"),
            need("--translated-port"),
        ],
        run: |cloud, args| rule_create(cloud, args, "natRuleCollections", &["Dnat", "Snat"]),
    },
    Command {
        words: "network firewall network-rule collection delete",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: DELETE,
        run: |cloud, args| collection_delete(cloud, args, "networkRuleCollections"),
    },
    Command {
        words: "network firewall application-rule collection delete",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: DELETE,
        run: |cloud, args| collection_delete(cloud, args, "applicationRuleCollections"),
    },
    Command {
        words: "network firewall nat-rule collection delete",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: DELETE,
        run: |cloud, args| collection_delete(cloud, args, "natRuleCollections"),
    },
];

/// Modes of threat intelligence.
pub(super) const INTELLIGENCE: [&str; 3] = ["Alert", "Deny", "Off"];
/// Tiers of firewalls and policies.
pub(super) const TIERS: [&str; 3] = ["Basic", "Standard", "Premium"];

fn create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = regional(args)?;
    body::set_some(&mut body, &["zones"], args.array("--zones")?);
    body::set_some(&mut body, &["properties", "sku", "name"], args.choice("--sku", &["AZFW_VNet", "AZFW_Hub"])?);
    body::set_some(&mut body, &["properties", "sku", "tier"], args.choice("--tier", &TIERS)?);
    let policy = args.reference("--firewall-policy", policy::POLICY)?;
    body::set_some(&mut body, &["properties", "firewallPolicy"], policy);
    let mode = args.choice("--threat-intel-mode", &INTELLIGENCE)?;
    body::set_some(&mut body, &["properties", "threatIntelMode"], mode);
    let proxy = args.boolean("--enable-dns-proxy")?.map(|on| if on == true { "true" } else { "false" });
    body::set_some(&mut body, &["properties", "additionalProperties", "Network.DNS.EnableProxy"], proxy);
    let servers = args.list("--dns-servers")?.map(|list| list.join(","));
    body::set_some(&mut body, &["properties", "additionalProperties", "Network.DNS.Servers"], servers);
    let ranges = args.list("--private-ranges")?.map(|list| list.join(","));
    body::set_some(&mut body, &["properties", "additionalProperties", "Network.SNAT.PrivateRanges"], ranges);
    let first = configuration(args, "--conf-name", "--public-ip", "AzureFirewallSubnet")?;
    body::set_some(&mut body, &["properties", "ipConfigurations"], first.map(|first| json!([first])));
    let management = configuration(args, "--m-conf-name", "--m-public-ip", "AzureFirewallManagementSubnet")?;
    body::set_some(&mut body, &["properties", "managementIpConfiguration"], management);
    created(cloud, args, FIREWALL, &["--name"], body)
}

/// An address configuration that comes with the firewall; its subnet is that of the network which `--vnet-name` says.
fn configuration(args: &Args, name: &str, address: &str, subnet: &str) -> Result<Option<Value>, Failure> {
    let Some(name) = args.text(name)? else { return Ok(None) };
    let network = args.must("--vnet-name")?;
    let subnet = id::resource(&args.group()?, SUBNET, &[network.as_str(), subnet]);
    let address = args.reference(address, ADDRESS)?;
    Ok(Some(json!({ "name": name, "properties": { "subnet": { "id": subnet }, "publicIPAddress": address } })))
}

fn configuration_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let firewall = args.id(FIREWALL, &["--firewall-name"])?;
    let mut entry = json!({ "name": args.must("--name")?, "properties": {} });
    if let Some(network) = args.text("--vnet-name")? {
        let subnet = id::resource(&args.group()?, SUBNET, &[network.as_str(), "AzureFirewallSubnet"]);
        body::set(&mut entry, &["properties", "subnet"], json!({ "id": subnet }));
    }
    let address = args.reference("--public-ip-address", ADDRESS)?;
    body::set_some(&mut entry, &["properties", "publicIPAddress"], address);
    cloud.edit(&firewall, |body| {
        let list = body::list(body, &["properties", "ipConfigurations"]);
        list.retain(|one| one["name"] != entry["name"]);
        list.push(entry);
        Ok(())
    })?;
    Ok(Value::Null)
}

/// The rule that the options describe; network and DNAT rules say `protocols` here.
fn rule(args: &Args) -> Result<Value, Failure> {
    let mut rule = json!({ "name": args.must("--name")? });
    body::set_some(&mut rule, &["description"], args.text("--description")?);
    for (option, name) in LISTS {
        body::set_some(&mut rule, &[name], args.array(option)?);
    }
    body::set_some(&mut rule, &["translatedAddress"], args.text("--translated-address")?);
    body::set_some(&mut rule, &["translatedPort"], args.text("--translated-port")?);
    Ok(rule)
}

/// Options with several values and the property that holds them.
pub(super) const LISTS: [(&str, &str); 10] = [
    ("--source-addresses", "sourceAddresses"),
    ("--destination-addresses", "destinationAddresses"),
    ("--destination-fqdns", "destinationFqdns"),
    ("--destination-ports", "destinationPorts"),
    ("--target-fqdns", "targetFqdns"),
    ("--fqdn-tags", "fqdnTags"),
    ("--source-ip-groups", "sourceIpGroups"),
    ("--destination-ip-groups", "destinationIpGroups"),
    ("--target-urls", "targetUrls"),
    ("--web-categories", "webCategories"),
];

/// `Http=80` as the interface has it.
pub(super) fn protocol(name: &str, port: &str) -> Result<Value, Failure> {
    let bad = || Failure::usage(format!("--protocols {name}={port}"));
    let name = ["Http", "Https", "Mssql"].into_iter().find(|one| one.eq_ignore_ascii_case(name)).ok_or_else(bad)?;
    Ok(json!({ "protocolType": name, "port": port.parse::<u16>().map_err(|_| bad())? }))
}

fn protocols(args: &Args) -> Result<Value, Failure> {
    let list = args.list("--protocols")?.unwrap_or_default();
    let read = |text: &String| {
        let (name, port) = text.split_once('=').ok_or_else(|| Failure::usage(format!("--protocols {text}")))?;
        protocol(name, port)
    };
    list.iter().map(read).collect::<Result<Vec<_>, _>>().map(Value::from)
}

/// The first rule of a collection, and it alone, says what its priority and action are.
fn rule_create(cloud: &mut Cloud, args: &Args, slot: &str, actions: &[&str]) -> Answer {
    let firewall = args.id(FIREWALL, &["--firewall-name"])?;
    let name = args.must("--collection-name")?;
    let (priority, action) = (args.number("--priority")?, args.choice("--action", actions)?);
    let mut rule = rule(args)?;
    let dotted = name.contains('.') || rule["name"].as_str().is_some_and(|name| name.contains('.'));
    let protocols = match slot {
        "applicationRuleCollections" => Some(protocols(args)?),
        _ => args.array("--protocols")?,
    };
    body::set_some(&mut rule, &["protocols"], protocols);
    cloud.edit(&firewall, |body| {
        let list = body::list(body, &["properties", slot]);
        let at = list.iter().position(|one| one["name"] == name.as_str());
        match (at, priority, action) {
            (Some(at), None, None) => body::list(&mut list[at], &["properties", "rules"]).push(rule),
            (None, Some(priority), Some(action)) => list.push(json!({
                "name": name,
                "properties": { "priority": priority, "action": { "type": action }, "rules": [rule] },
            })),
            (_, _, _) => {
                return Err(Failure::usage(
                    "priority and action belong to the first rule of a collection, and only there",
                ));
            }
        }
        Ok(())
    })?;
    // The rule is written by now, but the command looks for what it prints by a path with dots.
    if dotted {
        Err(Failure { code: 1, message: "unable to find a name with a dot...".to_owned() })
    } else {
        Ok(Value::Null)
    }
}

fn collection_delete(cloud: &mut Cloud, args: &Args, slot: &str) -> Answer {
    let name = args.must("--collection-name")?;
    cloud.edit(&args.id(FIREWALL, &["--firewall-name"])?, |body| {
        let list = body::list(body, &["properties", slot]);
        let before = list.len();
        list.retain(|one| one["name"] != name.as_str());
        if list.len() == before { Err(Failure::not_found(&name)) } else { Ok(()) }
    })?;
    Ok(Value::Null)
}
