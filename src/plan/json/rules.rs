//! Rule collections as JSON, in the order of evaluation.

use serde_json::{Value, json};

use super::{list, texts};
use crate::plan::firewall::{AppTargets, NetworkTargets, Rule, RuleBody};
use crate::plan::{Firewall, RuleCollection, RuleCollectionGroup};
use crate::rules::{Action, Life, SourceSpec};

pub(super) fn group(group: &RuleCollectionGroup, firewall: &Firewall) -> Value {
    let RuleCollectionGroup { name, priority, kind, collections } = group;
    json!({
        "name": name,
        "priority": priority,
        "kind": kind.word(),
        "collections": list(collections, |one| collection(one, firewall)),
    })
}

fn collection(collection: &RuleCollection, firewall: &Firewall) -> Value {
    let RuleCollection { name, kind, priority, action, rules, pack, origin: _ } = collection;
    json!({
        "name": name.value,
        "kind": kind.word(),
        "priority": priority.value,
        "action": verdict(action.value),
        "pack": pack.map(|pack| pack.name),
        "rules": list(rules, |one| rule(one, firewall)),
    })
}

/// The spelling of a profile.
pub(super) fn verdict(action: Action) -> &'static str {
    match action {
        Action::Allow => "allow",
        Action::Deny => "deny",
    }
}

pub(super) fn source(source: &SourceSpec) -> Value {
    match source {
        SourceSpec::Addresses(addresses) => json!(addresses.to_string()),
        SourceSpec::Named(name) => json!(name),
    }
}

fn rule(rule: &Rule, firewall: &Firewall) -> Value {
    let Rule { name, sources, source_subnets, single_sources: _, source_groups, body, description, life, origin: _ } =
        rule;
    let Life { why, owner, ticket, expires } = life;
    json!({
        "name": name.value,
        "from": texts(sources),
        "from-subnets": source_subnets.iter().map(|role| role.word()).collect::<Vec<_>>(),
        "from-ip-groups": source_groups.iter().filter_map(|at| firewall.ip_groups.get(*at)).map(|g| &*g.name).collect::<Vec<_>>(),
        "match": matched(body, firewall),
        "description": description,
        "why": why.as_ref().map(|text| &text.value),
        "owner": owner.as_ref().map(|text| &text.value),
        "ticket": ticket.as_ref().map(|text| &text.value),
        "expires": expires.as_ref().map(|day| day.value.to_string()),
    })
}

fn matched(body: &RuleBody, firewall: &Firewall) -> Value {
    match body {
        RuleBody::Application { protocols, to, inspect_tls } => {
            let ports: Value =
                protocols.iter().map(|(protocol, port)| json!(format!("{}:{port}", protocol.word()))).collect();
            let (key, list) = match to {
                AppTargets::Fqdns(names) => ("fqdns", texts(names)),
                AppTargets::Tags(tags) => ("fqdn-tags", texts(tags)),
                AppTargets::Urls(urls) => ("urls", texts(urls)),
                AppTargets::Categories(names) => ("web-categories", texts(names)),
            };
            json!({ key: list, "ports": ports, "inspect-tls": inspect_tls })
        }
        RuleBody::Network { protocols, to, ports } => {
            let pairs = protocols.iter().flat_map(|protocol| ports.iter().map(move |port| (protocol, port)));
            let ports: Value = pairs.map(|(protocol, port)| json!(format!("{}:{port}", protocol.word()))).collect();
            match to {
                NetworkTargets::Addresses(list) => json!({ "addresses": texts(list), "ports": ports }),
                NetworkTargets::IpGroups { groups, members } => {
                    let groups = groups.iter().filter_map(|at| firewall.ip_groups.get(*at)).map(|g| &*g.name);
                    json!({ "ip-groups": groups.collect::<Vec<_>>(), "addresses": texts(members), "ports": ports })
                }
                NetworkTargets::ServiceTags(tags) => json!({ "service-tags": texts(tags), "ports": ports }),
                NetworkTargets::Fqdns(names) => json!({ "fqdns": texts(names), "ports": ports }),
            }
        }
        RuleBody::Dnat { protocol, public_ip, port, to, to_port } => json!({
            "public-ip": firewall.address_name(*public_ip),
            "ports": [format!("{}:{port}", protocol.word())],
            "to": format!("{to}:{to_port}"),
        }),
    }
}
