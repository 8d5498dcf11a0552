//! Firewall policies, their groups of rule collections, and the rules in these.

use serde_json::{Value, json};

use super::args::Args;
use super::body;
use super::cloud::Cloud;
use super::command::{Answer, Command, Does, Failure, Opt, Reading, flag, many, need, needs, one};
use super::firewall::{INTELLIGENCE, LISTS, TIERS, protocol};
use super::id;
use super::network::{created, regional};

/// The type of policies.
pub(super) const POLICY: &str = "Microsoft.Network/firewallPolicies";
const GROUP: &str = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";

const NAMED: [Opt; 2] = [need("--resource-group"), need("--name")];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: "network firewall policy show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &NAMED,
        run: |cloud, args| cloud.show(&args.id(POLICY, &["--name"])?),
    },
    Command {
        words: "network firewall policy create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--name"),
            one("--location"),
            one("--sku"),
            one("--threat-intel-mode"),
            one("--base-policy"),
            one("--enable-dns-proxy"),
            many("--dns-servers"),
            many("--private-ranges"),
            one("--cert-name"),
            one("--key-vault-secret-id"),
            one("--identity"),
            one("--idps-mode"),
        ],
        run: create,
    },
    Command {
        words: "network firewall policy rule-collection-group list",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--policy-name")],
        run: group_list,
    },
    Command {
        words: "network firewall policy rule-collection-group show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--policy-name"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(GROUP, &["--policy-name", "--name"])?),
    },
    Command {
        words: "network firewall policy rule-collection-group create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[need("--resource-group"), need("--policy-name"), need("--name"), need("--priority")],
        run: |cloud, args| {
            let body = json!({ "properties": { "priority": args.number("--priority")? } });
            created(cloud, args, GROUP, &["--policy-name", "--name"], body)
        },
    },
    Command {
        words: "network firewall policy rule-collection-group delete",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[need("--resource-group"), need("--policy-name"), need("--name"), flag("--yes")],
        run: |cloud, args| {
            let id = args.id(GROUP, &["--policy-name", "--name"])?;
            if cloud.exists(&id) {
                cloud.remove(&id);
            }
            Ok(Value::Null)
        },
    },
    Command {
        words: "network firewall policy rule-collection-group collection add-filter-collection",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--policy-name"),
            need("--rule-collection-group-name"),
            need("--name"),
            need("--collection-priority"),
            one("--action"),
            one("--rule-name"),
            one("--rule-type"),
            one("--description"),
            many("--source-addresses"),
            many("--source-ip-groups"),
            many("--destination-addresses"),
            many("--destination-fqdns"),
            many("--destination-ip-groups"),
            many("--destination-ports"),
            many("--ip-protocols"),
            many("--protocols"),
            many("--target-fqdns"),
            many("--fqdn-tags"),
            many("--target-urls"),
            many("--web-categories"),
            one("--enable-tls-inspection"),
            many("--add"),
        ],
        run: filter_add,
    },
    Command {
        words: "network firewall policy rule-collection-group collection add-nat-collection",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--policy-name"),
            need("--rule-collection-group-name"),
            need("--name"),
            need("--collection-priority"),
            one("--action"),
            one("--rule-name"),
            one("--description"),
            many("--source-addresses"),
            many("--source-ip-groups"),
            many("--destination-addresses"),
            many("--destination-ports"),
            needs("--ip-protocols"),
            one("--translated-address"),
            one("--translated-port"),
        ],
        run: nat_add,
    },
    Command {
        words: "network firewall policy rule-collection-group collection rule add",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--policy-name"),
            need("--rule-collection-group-name"),
            need("--collection-name"),
            need("--name"),
            need("--rule-type"),
            one("--description"),
            many("--source-addresses"),
            many("--source-ip-groups"),
            many("--destination-addresses"),
            many("--destination-fqdns"),
            many("--destination-ip-groups"),
            many("--destination-ports"),
            many("--ip-protocols"),
            many("--protocols"),
            many("--target-fqdns"),
            many("--fqdn-tags"),
            many("--target-urls"),
            many("--web-categories"),
            one("--enable-tls-inspection"),
            many("--add"),
            one("--translated-address"),
            one("--translated-port"),
        ],
        run: rule_add,
    },
    Command {
        words: "network firewall policy rule-collection-group collection remove",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--policy-name"),
            need("--rule-collection-group-name"),
            need("--name"),
        ],
        run: collection_remove,
    },
];

const RULES: [&str; 3] = ["ApplicationRule", "NatRule", "NetworkRule"];

fn create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = regional(args)?;
    body::set_some(&mut body, &["properties", "sku", "tier"], args.choice("--sku", &TIERS)?);
    let mode = args.choice("--threat-intel-mode", &INTELLIGENCE)?;
    body::set_some(&mut body, &["properties", "threatIntelMode"], mode);
    body::set_some(&mut body, &["properties", "basePolicy", "id"], args.text("--base-policy")?);
    let servers = args.array("--dns-servers")?;
    let proxy = args.boolean("--enable-dns-proxy")?.or_else(|| servers.as_ref().map(|_| json!(false)));
    body::set_some(&mut body, &["properties", "dnsSettings", "enableProxy"], proxy);
    body::set_some(&mut body, &["properties", "dnsSettings", "servers"], servers);
    body::set_some(&mut body, &["properties", "snat", "privateRanges"], args.array("--private-ranges")?);
    let authority = ["properties", "transportSecurity", "certificateAuthority"];
    let at = |name| [authority[0], authority[1], authority[2], name];
    body::set_some(&mut body, &at("name"), args.text("--cert-name")?);
    body::set_some(&mut body, &at("keyVaultSecretId"), args.text("--key-vault-secret-id")?);
    if let Some(identity) = args.text("--identity")? {
        body::set(
            &mut body,
            &["identity"],
            json!({ "type": "UserAssigned", "userAssignedIdentities": { identity: {} } }),
        );
    }
    let mode = args.choice("--idps-mode", &INTELLIGENCE)?;
    body::set_some(&mut body, &["properties", "intrusionDetection", "mode"], mode);
    created(cloud, args, POLICY, &["--name"], body)
}

fn group_list(cloud: &mut Cloud, args: &Args) -> Answer {
    let policy = args.id(POLICY, &["--policy-name"])?;
    if !cloud.exists(&policy) {
        return Err(Failure::not_found(&policy));
    }
    let of_policy = |id: &&String| id::kind(id) == GROUP && id::parent(id).is_some_and(|it| id::same_id(&it, &policy));
    let ids: Vec<String> = cloud.resources().map(|resource| &resource.id).filter(of_policy).cloned().collect();
    ids.iter().map(|id| cloud.show(id)).collect()
}

/// The rule that the options describe.
fn rule(args: &Args, kind: &Value, name: &str) -> Result<Value, Failure> {
    let mut rule = json!({ "ruleType": kind, "name": args.must(name)? });
    body::set_some(&mut rule, &["description"], args.text("--description")?);
    for (option, name) in LISTS {
        body::set_some(&mut rule, &[name], args.array(option)?);
    }
    body::set_some(&mut rule, &["ipProtocols"], args.array("--ip-protocols")?);
    // The command has one port per protocol: a second one takes the place of the first.
    let mut ports = serde_json::Map::new();
    for (name, port) in args.pairs("--protocols")? {
        ports.insert(name, json!(port));
    }
    let list = ports.iter().map(|(name, port)| protocol(name, port.as_str().unwrap_or_default()));
    let mut list = list.collect::<Result<Vec<_>, _>>()?;
    list.extend(more(args)?);
    if *kind == "ApplicationRule" {
        body::set(&mut rule, &["protocols"], json!(list));
        let inspects = args.boolean("--enable-tls-inspection")?.unwrap_or(json!(false));
        body::set(&mut rule, &["terminateTLS"], inspects);
    }
    body::set_some(&mut rule, &["translatedAddress"], args.text("--translated-address")?);
    body::set_some(&mut rule, &["translatedPort"], args.text("--translated-port")?);
    Ok(rule)
}

/// More entries of a list of the rule that was added last.
fn more(args: &Args) -> Result<Vec<Value>, Failure> {
    let Some(values) = args.plain("--add") else { return Ok(Vec::new()) };
    let (path, entries) = values.split_first().ok_or_else(|| Failure::usage("--add"))?;
    if path != "ruleCollections[-1].rules[-1].protocols" {
        return Err(Failure::usage(format!("--add {path}")));
    }
    let read = |text: &String| serde_json::from_str(text).map_err(|e| Failure::usage(format!("--add {text}: {e}")));
    entries.iter().map(read).collect()
}

fn filter_add(cloud: &mut Cloud, args: &Args) -> Answer {
    let kind = args.choice("--rule-type", &RULES)?.ok_or_else(|| Failure::usage("--rule-type is needed"))?;
    let action = args.choice("--action", &["Allow", "Deny"])?;
    add(cloud, args, "FirewallPolicyFilterRuleCollection", action, &kind)
}

fn nat_add(cloud: &mut Cloud, args: &Args) -> Answer {
    let action = args.choice("--action", &["DNAT", "SNAT"])?;
    add(cloud, args, "FirewallPolicyNatRuleCollection", action, &json!("NatRule"))
}

/// Appends a collection with its first rule.
fn add(cloud: &mut Cloud, args: &Args, kind: &str, action: Option<Value>, rule_kind: &Value) -> Answer {
    let mut collection = json!({
        "ruleCollectionType": kind,
        "name": args.must("--name")?,
        "priority": args.number("--collection-priority")?,
        "rules": [rule(args, rule_kind, "--rule-name")?],
    });
    body::set_some(&mut collection, &["action", "type"], action);
    change(cloud, args, |list| {
        if list.iter().any(|one| one["name"] == collection["name"]) {
            return Err(Failure::refused("Conflict", format!("collection {} exists", collection["name"])));
        }
        list.push(collection);
        Ok(())
    })
}

fn rule_add(cloud: &mut Cloud, args: &Args) -> Answer {
    let kind = args.choice("--rule-type", &RULES)?.unwrap_or_default();
    let rule = rule(args, &kind, "--name")?;
    let name = args.must("--collection-name")?;
    change(cloud, args, |list| {
        let collection = list.iter_mut().find(|one| one["name"] == name.as_str());
        body::list(collection.ok_or_else(|| Failure::not_found(&name))?, &["rules"]).push(rule);
        Ok(())
    })
}

fn collection_remove(cloud: &mut Cloud, args: &Args) -> Answer {
    let name = args.must("--name")?;
    // One that is not there is no failure.
    change(cloud, args, |list| {
        list.retain(|one| one["name"] != name.as_str());
        Ok(())
    })
}

/// Changes the collections of a group.
fn change(cloud: &mut Cloud, args: &Args, change: impl FnOnce(&mut Vec<Value>) -> Result<(), Failure>) -> Answer {
    let group = args.id(GROUP, &["--policy-name", "--rule-collection-group-name"])?;
    cloud.edit(&group, |body| change(body::list(body, &["properties", "ruleCollections"])))?;
    Ok(Value::Null)
}
