//! Rule collections: on the firewall itself (classic) or in groups of a policy.
//!
//! One `firewall show` or group `show` tells which rules are there; the rest is appended in order, since an interruption
//! can only leave a prefix of the planned rules.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ensure::{Fact, Home, act_in, announce, ascii, ask, ask_in, ensure_in};
use super::firewall::there;
use super::network::{listed_prefixes_of, prefixes_of};
use super::shell::{Command, Query, Script, Word};
use crate::plan::firewall::{AppTargets, IpGroup, NetworkTargets, Rule, RuleBody};
use crate::plan::{Firewall, RuleCollection, RuleCollectionGroup, RuleKind};
use crate::profile::RuleModel;
use crate::value::AppProtocol;

/// Every rule of the firewall, in the order of evaluation. Groups and collections that the plan lacks stop the script.
pub(super) fn all(script: &mut Script, firewall: &Firewall) {
    // The other groups in a policy of somebody else are not ours to judge.
    if firewall.existing.is_none() {
        strangers(script, firewall);
    }
    for (number, group) in firewall.groups.iter().enumerate() {
        match *firewall.rules {
            RuleModel::Policy if number == 0 || firewall.existing.is_none() => self::group(script, firewall, group),
            RuleModel::Policy | RuleModel::Classic => {}
        }
        for collection in &group.collections {
            self::collection(script, firewall, group, collection);
        }
    }
}

/// A command on something of the policy, wherever that is.
pub(super) fn of_policy(firewall: &Firewall, words: &'static str) -> Command {
    let group = match &firewall.existing {
        Some(own) => Word::quote(&own.policy.group),
        None => Home::of(firewall).name(),
    };
    Command::new(words).option("--resource-group", &group).option("--policy-name", &Word::quote(&firewall.policy))
}

/// The subscription of the policy.
pub(super) fn subscription_of_policy(firewall: &Firewall) -> Word {
    match &firewall.existing {
        Some(own) => Word::quote(&own.policy.subscription),
        None => Word::var("subscription"),
    }
}

/// Asks for the names of all groups, or of all collections of a firewall without policy.
fn strangers(script: &mut Script, firewall: &Firewall) {
    let (list, query, what) = match *firewall.rules {
        RuleModel::Policy => (
            of_policy(firewall, "ask az network firewall policy rule-collection-group list"),
            Query::new("[].name"),
            format!("groups of policy {}", firewall.policy),
        ),
        RuleModel::Classic => (
            there(firewall, "ask az network firewall show", "--name", &Word::quote(&firewall.name)),
            Query::new(
                "[natRuleCollections[].join(' ', ['dnat', name]), networkRuleCollections[].join(' ', ['network', name]), \
                 applicationRuleCollections[].join(' ', ['application', name])][] | [?@]",
            ),
            format!("collections of firewall {}", *firewall.name),
        ),
    };
    script.gap();
    script.run(&ask(list, &query));
    let mut only = Command::new("only").word(&Word::quote(&what));
    for group in &firewall.groups {
        match *firewall.rules {
            RuleModel::Policy => only = only.word(&Word::quote(&group.name)),
            RuleModel::Classic => {
                for collection in &group.collections {
                    only = only.word(&Word::quote(&format!("{} {}", group.kind.word(), *collection.name)));
                }
            }
        }
    }
    script.run(&only);
}

/// The group of a kind, where there is a policy.
pub(super) fn group(script: &mut Script, firewall: &Firewall, group: &RuleCollectionGroup) {
    let RuleCollectionGroup { name, priority, kind: _, collections: _ } = group;
    let what = format!("rule collection group {name}");
    let in_policy = |words| of_policy(firewall, words).option("--name", &Word::quote(name));
    let subscription = subscription_of_policy(firewall);
    ensure_in(
        script,
        &what,
        in_policy("az network firewall policy rule-collection-group show"),
        &[Fact::json("priority", "priority", &json!(priority))],
        in_policy("az network firewall policy rule-collection-group create")
            .option("--priority", &Word::number(*priority)),
        &subscription,
    );
    let list = in_policy("ask az network firewall policy rule-collection-group show");
    script.run(&ask_in(list, &Query::new("ruleCollections[].name"), &subscription));
    let mut only = Command::new("only").word(&Word::quote(&what));
    // All kinds are in one group of somebody else's policy, else each has a group of its own.
    let same = firewall.groups.iter().filter(|other| other.name == *name);
    for collection in same.flat_map(|group| &group.collections) {
        only = only.word(&Word::quote(&collection.name));
    }
    script.run(&only);
}

/// Creates a collection, or what is missing at its end.
pub(super) fn collection(
    script: &mut Script,
    firewall: &Firewall,
    group: &RuleCollectionGroup,
    collection: &RuleCollection,
) {
    let what = what(collection);
    script.gap();
    script.run(&look(firewall, group, collection));
    script.run(&compared("same_rules", firewall, collection));
    for (number, rule) in collection.rules.iter().enumerate() {
        // The first line that was compared is the collection's head.
        script.open_around("if ((kept < ", &Word::number(number as u64 + 2), ")); then");
        announce(script, &format!("rule {} of {what}", *rule.name));
        append(script, firewall, group, collection, number, rule);
        script.close("fi");
    }
}

/// What messages call a collection.
pub(super) fn what(collection: &RuleCollection) -> String {
    format!("{} collection {}", collection.kind.word(), *collection.name)
}

/// Asks for a collection's head and rules.
pub(super) fn look(firewall: &Firewall, group: &RuleCollectionGroup, collection: &RuleCollection) -> Command {
    let show = match *firewall.rules {
        RuleModel::Classic => there(firewall, "ask az network firewall show", "--name", &Word::quote(&firewall.name)),
        RuleModel::Policy => of_policy(firewall, "ask az network firewall policy rule-collection-group show")
            .option("--name", &Word::quote(&group.name)),
    };
    let list = match (*firewall.rules, collection.kind) {
        (RuleModel::Policy, _) => "ruleCollections[?name==",
        (RuleModel::Classic, RuleKind::Dnat) => "natRuleCollections[?name==",
        (RuleModel::Classic, RuleKind::Network) => "networkRuleCollections[?name==",
        (RuleModel::Classic, RuleKind::Application) => "applicationRuleCollections[?name==",
    };
    let lines = match (*firewall.rules, collection.kind) {
        (RuleModel::Classic, RuleKind::Dnat) => CLASSIC_DNAT,
        (RuleModel::Classic, RuleKind::Network) => CLASSIC_NETWORK,
        (RuleModel::Policy, RuleKind::Dnat) => POLICY_DNAT,
        (RuleModel::Policy, RuleKind::Network) => POLICY_NETWORK,
        (RuleModel::Classic | RuleModel::Policy, RuleKind::Application) => APPLICATION,
    };
    ask_in(show, &Query::new(list).literal(&collection.name).then(lines), &subscription_of_policy(firewall))
}

/// The comparison of a collection's head and rules with what was found; `function` is one of the fixed part.
pub(super) fn compared(function: &'static str, firewall: &Firewall, collection: &RuleCollection) -> Command {
    let head = json!({ "action": action(firewall, collection), "priority": collection.priority.value });
    let mut command = Command::new(function).word(&Word::quote(&what(collection))).word(&Word::quote(&ascii(&head)));
    for rule in &collection.rules {
        command = command.word(&line(firewall, rule));
    }
    command
}

const APPLICATION: &str = "].[to_string({action: action.type, priority: priority}), rules[].to_string({\
description: description || '', \
fqdnTags: fqdnTags || '', \
name: name, \
protocols: protocols[].{port: port, protocolType: protocolType}, \
sourceAddresses: sourceAddresses || '', \
sourceIpGroups: sourceIpGroups || '', \
targetFqdns: targetFqdns || '', \
targetUrls: targetUrls || '', \
terminateTLS: terminateTLS || '', \
webCategories: webCategories || ''})][][]";

const CLASSIC_NETWORK: &str = "].[to_string({action: action.type, priority: priority}), rules[].to_string({\
description: description || '', \
destinationAddresses: destinationAddresses || '', \
destinationFqdns: destinationFqdns || '', \
destinationIpGroups: destinationIpGroups || '', \
destinationPorts: destinationPorts, \
name: name, \
protocols: protocols, \
sourceAddresses: sourceAddresses || '', \
sourceIpGroups: sourceIpGroups || ''})][][]";

const POLICY_NETWORK: &str = "].[to_string({action: action.type, priority: priority}), rules[].to_string({\
description: description || '', \
destinationAddresses: destinationAddresses || '', \
destinationFqdns: destinationFqdns || '', \
destinationIpGroups: destinationIpGroups || '', \
destinationPorts: destinationPorts, \
ipProtocols: ipProtocols, \
name: name, \
sourceAddresses: sourceAddresses || '', \
sourceIpGroups: sourceIpGroups || ''})][][]";

const CLASSIC_DNAT: &str = "].[to_string({action: action.type, priority: priority}), rules[].to_string({\
description: description || '', \
destinationAddresses: destinationAddresses, \
destinationPorts: destinationPorts, \
name: name, \
protocols: protocols, \
sourceAddresses: sourceAddresses || '', \
sourceIpGroups: sourceIpGroups || '', \
translatedAddress: translatedAddress, \
translatedPort: translatedPort})][][]";

const POLICY_DNAT: &str = "].[to_string({action: action.type, priority: priority}), rules[].to_string({\
description: description || '', \
destinationAddresses: destinationAddresses, \
destinationPorts: destinationPorts, \
ipProtocols: ipProtocols, \
name: name, \
sourceAddresses: sourceAddresses || '', \
sourceIpGroups: sourceIpGroups || '', \
translatedAddress: translatedAddress, \
translatedPort: translatedPort})][][]";

/// What happens to matching traffic, in the spelling of the rule model (F2.2).
fn action(firewall: &Firewall, collection: &RuleCollection) -> &'static str {
    match (collection.kind, *firewall.rules) {
        (RuleKind::Dnat, RuleModel::Classic) => "Dnat",
        (RuleKind::Dnat, RuleModel::Policy) => "DNAT",
        (RuleKind::Network | RuleKind::Application, _) => collection.action.azure(),
    }
}

/// A value of a rule: known now, or the address of a public IP, known when the script runs.
enum Field {
    Json(Value),
    Address(usize),
    /// Texts that the script knows.
    Words(Vec<Word>),
    /// Texts that are known now, and behind them texts that the script has as the inside of lists.
    Joined(Vec<String>, Vec<Word>),
}

/// IDs of IP groups; none at all is nothing, as the queries say.
fn groups_field(firewall: &Firewall, groups: &[usize]) -> Field {
    if groups.is_empty() { Field::Json(json!("")) } else { Field::Words(group_ids(firewall, groups)) }
}

fn group_ids(firewall: &Firewall, groups: &[usize]) -> Vec<Word> {
    let id = |group: &IpGroup| {
        Home::of(firewall)
            .id()
            .and(&Word::bare("/providers/Microsoft.Network/ipGroups/"))
            .and(&Word::quote(&group.name))
    };
    groups.iter().filter_map(|at| firewall.ip_groups.get(*at)).map(id).collect()
}

/// Addresses that are known, and prefixes that the script has read.
fn source_words(rule: &Rule) -> Vec<Word> {
    words(&rule.single_sources).into_iter().chain(rule.source_subnets.iter().map(|role| prefixes_of(*role))).collect()
}

/// The same as a value of the rule; none at all is nothing, as the queries say.
fn sources_field(rule: &Rule) -> Field {
    let known = &rule.single_sources;
    match (known.is_empty(), rule.source_subnets.is_empty()) {
        (true, true) => Field::Json(json!("")),
        (false, true) => Field::Json(texts(known)),
        (_, false) => {
            let read = rule.source_subnets.iter().map(|role| listed_prefixes_of(*role)).collect();
            Field::Joined(known.iter().map(|source| source.value.to_string()).collect(), read)
        }
    }
}

/// A rule as the query prints it: its properties sorted, in one line of JSON.
fn line(firewall: &Firewall, rule: &Rule) -> Word {
    let mut fields = fields(firewall, rule);
    let Rule {
        name,
        sources: _,
        source_subnets: _,
        single_sources: _,
        source_groups,
        body: _,
        description,
        life: _,
        origin: _,
    } = rule;
    fields.insert("name", Field::Json(json!(name.value)));
    fields.insert("description", Field::Json(json!(description)));
    fields.insert("sourceAddresses", sources_field(rule));
    fields.insert("sourceIpGroups", groups_field(firewall, source_groups));
    let mut word = Word::bare("");
    let mut text = String::from("{");
    for (number, (key, field)) in fields.into_iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        text.push_str(&format!("{comma}\"{key}\":"));
        match field {
            Field::Json(value) => text.push_str(&ascii(&value)),
            Field::Address(index) => {
                text.push_str("[\"");
                word = word.and(&Word::quote(&text)).and(&Word::element("addresses", index));
                text = String::from("\"]");
            }
            Field::Words(ids) => {
                text.push('[');
                for (number, id) in ids.iter().enumerate() {
                    text.push_str(if number == 0 { "\"" } else { ",\"" });
                    word = word.and(&Word::quote(&text)).and(id);
                    text = String::from("\"");
                }
                text.push(']');
            }
            Field::Joined(known, lists) => {
                text.push('[');
                let known: Vec<String> = known.iter().map(|one| ascii(&json!(one))).collect();
                text.push_str(&known.join(","));
                for (number, list) in lists.iter().enumerate() {
                    text.push_str(if number == 0 && known.is_empty() { "" } else { "," });
                    word = word.and(&Word::quote(&text)).and(list);
                    text.clear();
                }
                text.push(']');
            }
        }
    }
    text.push('}');
    word.and(&Word::quote(&text))
}

fn fields(firewall: &Firewall, rule: &Rule) -> BTreeMap<&'static str, Field> {
    let protocols = match *firewall.rules {
        RuleModel::Classic => "protocols",
        RuleModel::Policy => "ipProtocols",
    };
    match &rule.body {
        RuleBody::Application { protocols, to, inspect_tls } => {
            let list: Vec<Value> =
                protocols.iter().map(|(p, port)| json!({ "port": port, "protocolType": app_protocol(*p) })).collect();
            let none = || json!("");
            let (names, tags, urls, categories) = match to {
                AppTargets::Fqdns(names) => (texts(names), none(), none(), none()),
                AppTargets::Tags(tags) => (none(), texts(tags), none(), none()),
                AppTargets::Urls(urls) => (none(), none(), texts(urls), none()),
                AppTargets::Categories(names) => (none(), none(), none(), texts(names)),
            };
            let inspected = if *inspect_tls { json!(true) } else { none() };
            BTreeMap::from([
                ("protocols", Field::Json(json!(list))),
                ("targetFqdns", Field::Json(names)),
                ("fqdnTags", Field::Json(tags)),
                ("targetUrls", Field::Json(urls)),
                ("terminateTLS", Field::Json(inspected)),
                ("webCategories", Field::Json(categories)),
            ])
        }
        RuleBody::Network { protocols: list, to, ports } => {
            let none: &[usize] = &[];
            let (addresses, names, groups) = match to {
                NetworkTargets::Addresses(list) => (texts(list), json!(""), none),
                NetworkTargets::ServiceTags(list) => (texts(list), json!(""), none),
                NetworkTargets::Fqdns(list) => (json!(""), texts(list), none),
                NetworkTargets::IpGroups { groups, members: _ } => (json!(""), json!(""), groups.as_slice()),
            };
            let list: Vec<&str> = list.iter().map(|p| p.azure()).collect();
            BTreeMap::from([
                (protocols, Field::Json(json!(list))),
                ("destinationAddresses", Field::Json(addresses)),
                ("destinationFqdns", Field::Json(names)),
                ("destinationIpGroups", groups_field(firewall, groups)),
                ("destinationPorts", Field::Json(Value::from_iter(ports.iter().map(ToString::to_string)))),
            ])
        }
        RuleBody::Dnat { protocol, public_ip, port, to, to_port } => BTreeMap::from([
            (protocols, Field::Json(json!([protocol.azure()]))),
            ("destinationAddresses", Field::Address(*public_ip)),
            ("destinationPorts", Field::Json(json!([port.to_string()]))),
            ("translatedAddress", Field::Json(json!(to.to_string()))),
            ("translatedPort", Field::Json(json!(to_port.to_string()))),
        ]),
    }
}

fn texts<T: std::fmt::Display>(list: &[crate::diag::At<T>]) -> Value {
    Value::from_iter(list.iter().map(|item| item.value.to_string()))
}

/// Azure's spelling.
fn app_protocol(protocol: AppProtocol) -> &'static str {
    match protocol {
        AppProtocol::Http => "Http",
        AppProtocol::Https => "Https",
        AppProtocol::Mssql => "Mssql",
    }
}

/// Appends one rule. The first of a collection makes the collection: it alone carries priority and action (F8.2).
fn append(
    script: &mut Script,
    firewall: &Firewall,
    group: &RuleCollectionGroup,
    collection: &RuleCollection,
    number: usize,
    rule: &Rule,
) {
    let command = match *firewall.rules {
        RuleModel::Classic => classic(script, firewall, collection, number, rule),
        RuleModel::Policy => policy(firewall, group, collection, number, rule),
    };
    script.run(&act_in(command, &subscription_of_policy(firewall)));
}

fn classic(
    script: &mut Script,
    firewall: &Firewall,
    collection: &RuleCollection,
    number: usize,
    rule: &Rule,
) -> Command {
    let words = match collection.kind {
        RuleKind::Dnat => "az network firewall nat-rule create",
        RuleKind::Network => "az network firewall network-rule create",
        RuleKind::Application => "az network firewall application-rule create",
    };
    let mut command = there(firewall, words, "--firewall-name", &Word::quote(&firewall.name))
        .option("--collection-name", &Word::quote(&collection.name));
    if number == 0 {
        command = command
            .option("--priority", &Word::number(collection.priority.value))
            .option("--action", &Word::bare(action(firewall, collection)));
    }
    command = command.joined("--name", &script.plain(&rule.name));
    if !rule.description.is_empty() {
        command = command.joined("--description", &script.plain(&rule.description));
    }
    matching(firewall, command, rule, "--protocols")
}

fn policy(
    firewall: &Firewall,
    group: &RuleCollectionGroup,
    collection: &RuleCollection,
    number: usize,
    rule: &Rule,
) -> Command {
    let in_group = |words| of_policy(firewall, words).option("--rule-collection-group-name", &Word::quote(&group.name));
    let kind = match collection.kind {
        RuleKind::Dnat => "NatRule",
        RuleKind::Network => "NetworkRule",
        RuleKind::Application => "ApplicationRule",
    };
    let mut command = if number == 0 {
        let words = match collection.kind {
            RuleKind::Dnat => "az network firewall policy rule-collection-group collection add-nat-collection",
            RuleKind::Network | RuleKind::Application => {
                "az network firewall policy rule-collection-group collection add-filter-collection"
            }
        };
        let command = in_group(words)
            .option("--name", &Word::quote(&collection.name))
            .option("--collection-priority", &Word::number(collection.priority.value))
            .option("--action", &Word::bare(action(firewall, collection)))
            .joined("--rule-name", &Word::shorthand(&rule.name));
        match collection.kind {
            RuleKind::Dnat => command,
            RuleKind::Network | RuleKind::Application => command.option("--rule-type", &Word::bare(kind)),
        }
    } else {
        in_group("az network firewall policy rule-collection-group collection rule add")
            .option("--collection-name", &Word::quote(&collection.name))
            .joined("--name", &Word::shorthand(&rule.name))
            .option("--rule-type", &Word::bare(kind))
    };
    if !rule.description.is_empty() {
        command = command.joined("--description", &Word::shorthand(&rule.description));
    }
    matching(firewall, command, rule, "--ip-protocols")
}

/// The options that say what a rule matches; `ip` is the option of network and DNAT rules for their protocols.
fn matching(firewall: &Firewall, command: Command, rule: &Rule, ip: &'static str) -> Command {
    let command = command
        .list("--source-addresses", &source_words(rule))
        .list("--source-ip-groups", &group_ids(firewall, &rule.source_groups));
    match &rule.body {
        RuleBody::Application { protocols, to, inspect_tls } => {
            let pairs: Vec<Word> =
                protocols.iter().map(|(p, port)| Word::quote(&format!("{}={port}", app_protocol(*p)))).collect();
            let command = command.list("--protocols", &pairs);
            let command = match to {
                AppTargets::Fqdns(names) => command.list("--target-fqdns", &words(names)),
                AppTargets::Tags(tags) => command.list("--fqdn-tags", &words(tags)),
                AppTargets::Urls(urls) => command.list("--target-urls", &words(urls)),
                AppTargets::Categories(names) => command.list("--web-categories", &words(names)),
            };
            if *inspect_tls { command.option("--enable-tls-inspection", &Word::bare("true")) } else { command }
        }
        RuleBody::Network { protocols, to, ports } => {
            let protocols: Vec<Word> = protocols.iter().map(|p| Word::bare(p.azure())).collect();
            let ports: Vec<Word> = ports.iter().map(|p| Word::quote(&p.to_string())).collect();
            let command = command.list(ip, &protocols);
            match to {
                NetworkTargets::Addresses(list) => command.list("--destination-addresses", &words(list)),
                NetworkTargets::IpGroups { groups, members: _ } => {
                    command.list("--destination-ip-groups", &group_ids(firewall, groups))
                }
                NetworkTargets::ServiceTags(list) => command.list("--destination-addresses", &words(list)),
                NetworkTargets::Fqdns(list) => command.list("--destination-fqdns", &words(list)),
            }
            .list("--destination-ports", &ports)
        }
        RuleBody::Dnat { protocol, public_ip, port, to, to_port } => command
            .option(ip, &Word::bare(protocol.azure()))
            .option("--destination-addresses", &Word::element("addresses", *public_ip))
            .option("--destination-ports", &Word::number(*port))
            .option("--translated-address", &Word::quote(&to.to_string()))
            .option("--translated-port", &Word::number(*to_port)),
    }
}

fn words<T: std::fmt::Display>(list: &[crate::diag::At<T>]) -> Vec<Word> {
    list.iter().map(|item| Word::quote(&item.value.to_string())).collect()
}
