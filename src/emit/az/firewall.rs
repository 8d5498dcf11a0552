//! Public addresses, policy, the firewall with its rules, and the guard on the next hop.
//!
//! Changing a firewall that carries traffic takes minutes per command. So rules come first: a policy is filled before the
//! firewall that uses it, and classic rules are written before the firewall has its first address (F8.5).

use serde_json::{Value, json};

use super::ensure::{Fact, Home, act, announce, ask, compare, ensure, group_id};
use super::generic;
use super::network::{self, or_null, regional, tagged, words};
use super::rules;
use super::shell::{Command, Query, Script, Word};
use crate::emit::deployment::target::Symbol;
use crate::plan::firewall::{PublicIp, PublicIpPrefix};
use crate::plan::{Firewall, Plan};
use crate::profile::{Idps, RuleModel, TlsInspection};

pub(super) fn addresses(script: &mut Script, plan: &Plan) {
    if let Some(PublicIpPrefix { name, length: _, zones: _ }) = &plan.firewall.public_ip_prefix {
        generic::ensure(
            script,
            plan,
            Home::of(&plan.firewall),
            Symbol::PublicIpPrefix,
            &format!("prefix of public addresses {name}"),
        );
    }
    let prefix = plan.firewall.public_ip_prefix.as_ref();
    for address in &plan.firewall.public_ips {
        self::address(script, plan, Home::of(&plan.firewall), address, prefix);
    }
    if let Some(address) = &plan.firewall.management {
        self::address(script, plan, Home::of(&plan.firewall), address, None);
    }
    read_addresses(script, plan);
}

/// A public address in a group.
pub(super) fn address(
    script: &mut Script,
    plan: &Plan,
    home: Home,
    address: &PublicIp,
    prefix: Option<&PublicIpPrefix>,
) {
    let PublicIp { name, configuration: _, zones, origin: _ } = address;
    let mut facts = vec![
        Fact::text("SKU", "sku.name", "Standard"),
        Fact::text("tier", "sku.tier", "Regional"),
        Fact::text("allocation", "publicIPAllocationMethod", "Static"),
        Fact::text("version", "publicIPAddressVersion", "IPv4"),
        Fact::json("zones", "zones[0] && sort(zones)", &zone_list(zones)),
    ];
    if let Some(prefix) = prefix {
        facts.push(Fact::known("prefix", "publicIPPrefix.id || publicIpPrefix.id", prefix_id(plan, prefix)));
    }
    let facts = regional(plan, facts);
    let zones: Vec<Word> = zones.iter().map(|zone| Word::number(*zone)).collect();
    let create = home
        .grouped("az network public-ip create", "--name", &Word::quote(name))
        .option("--location", &Word::var("location"))
        .option("--sku", &Word::bare("Standard"))
        .option("--tier", &Word::bare("Regional"))
        .option("--allocation-method", &Word::bare("Static"))
        .option("--version", &Word::bare("IPv4"))
        .list("--zone", &zones);
    let create = match prefix {
        Some(prefix) => create.option("--public-ip-prefix", &prefix_id(plan, prefix)),
        None => create,
    };
    let show = home.grouped("az network public-ip show", "--name", &Word::quote(name));
    ensure(script, &format!("public address {name}"), show, &facts, tagged(create, &plan.tags));
}

/// Fills the array `addresses`, which routes and DNAT rules need.
pub(super) fn read_addresses(script: &mut Script, plan: &Plan) {
    script.gap();
    if known_addresses(script, plan) {
        return;
    }
    script.syntax("addresses=()");
    for address in &plan.firewall.public_ips {
        let show =
            Home::of(&plan.firewall).grouped("ask az network public-ip show", "--name", &Word::quote(&address.name));
        script.run(&ask(show, &Query::new("ipAddress")));
        script.syntax(r#"addresses+=("${found[0]}")"#);
    }
}

/// Fills the array with the addresses of somebody else's firewall, which the profile knows.
pub(super) fn known_addresses(script: &mut Script, plan: &Plan) -> bool {
    if let Some(existing) = &plan.firewall.existing {
        let list: Vec<String> = existing.public_ips.iter().map(|address| address.to_string()).collect();
        script.array("addresses", &list);
    }
    plan.firewall.existing.is_some()
}

fn zone_list<T: ToString>(zones: &[T]) -> Value {
    or_null(Value::from_iter(zones.iter().map(ToString::to_string)))
}

/// A command on something of the firewall's group.
pub(super) fn there(firewall: &Firewall, words: &'static str, name: &'static str, value: &Word) -> Command {
    match &firewall.beside {
        Some(group) => Command::new(words).option("--resource-group", &Word::quote(group)).option(name, value),
        None => Home::of(firewall).grouped(words, name, value),
    }
}

/// What az looks for in the firewall's group by its name, and elsewhere by its ID.
fn named(plan: &Plan, name: &str, id: Word) -> Word {
    if plan.firewall.beside.is_some() { id } else { Word::quote(name) }
}

/// Policy with all its rules, where there is one; the firewall; its own rules, where it has them.
pub(super) fn firewall(script: &mut Script, plan: &Plan) {
    if !plan.firewall.ip_groups.is_empty() {
        script.section("IP groups, one after another.");
    }
    for (index, group) in plan.firewall.ip_groups.iter().enumerate() {
        generic::ensure(
            script,
            plan,
            Home::of(&plan.firewall),
            Symbol::IpGroup(index),
            &format!("IP group {}", *group.name),
        );
    }
    network::read_prefixes(script, plan, |_| true);
    if plan.firewall.existing.is_some() {
        script.section("Rules: one group in the policy of somebody else.");
        rules::all(script, &plan.firewall);
        return;
    }
    match *plan.firewall.rules {
        RuleModel::Policy => {
            script.section("Policy and rules, before the firewall that uses them.");
            policy(script, plan);
            rules::all(script, &plan.firewall);
            script.section("Firewall.");
            body(script, plan);
        }
        RuleModel::Classic => {
            script.section("Firewall, without addresses as yet.");
            body(script, plan);
            script.section("Rules, while the firewall carries no traffic.");
            rules::all(script, &plan.firewall);
        }
    }
    script.section("Addresses of the firewall; the first names the network.");
    for (number, address) in plan.firewall.public_ips.iter().enumerate() {
        configuration(script, plan, address, number == 0);
    }
}

fn policy(script: &mut Script, plan: &Plan) {
    let firewall = &plan.firewall;
    let name = Word::quote(&firewall.policy);
    let servers = Value::from_iter(firewall.dns_servers.iter().map(|s| s.value.to_string()));
    let mut facts = vec![
        Fact::known("location", "location", Word::var("location")),
        Fact::text("tier", "sku.tier", firewall.tier.word()),
        Fact::text("threat intelligence", "threatIntelMode", firewall.threat_intel.word()),
        Fact::json("DNS proxy", "dnsSettings.enableProxy || !@", &json!(*firewall.dns_proxy)),
        Fact::json("DNS servers", "dnsSettings.servers[0] && dnsSettings.servers", &or_null(servers)),
    ];
    // Tags on a policy are a known problem of Azure, so that it has none.
    let mut create = Home::of(&plan.firewall)
        .grouped("az network firewall policy create", "--name", &name)
        .option("--location", &Word::var("location"))
        .option("--sku", &Word::bare(firewall.tier.word()))
        .option("--threat-intel-mode", &Word::bare(firewall.threat_intel.word()));
    if let Some(parent) = &firewall.parent_policy {
        let parent = Word::quote(&parent.to_string());
        facts.push(Fact::known("parent policy", "basePolicy.id", parent.clone()));
        create = create.option("--base-policy", &parent);
    }
    create = dns(create, firewall).list("--private-ranges", &words(&firewall.private_ranges));
    if !firewall.private_ranges.is_empty() {
        let ranges = Value::from_iter(firewall.private_ranges.iter().map(|range| range.value.to_string()));
        facts.push(Fact::json("private ranges", "snat.privateRanges", &ranges));
    }
    if let Some(TlsInspection { certificate, secret, identity, origin: _ }) = &firewall.tls_inspection {
        facts.push(Fact::text("certificate", "transportSecurity.certificateAuthority.name", certificate));
        facts.push(Fact::text("secret", "transportSecurity.certificateAuthority.keyVaultSecretId", secret));
        create = create
            .option("--cert-name", &Word::quote(certificate))
            .option("--key-vault-secret-id", &Word::quote(secret))
            .option("--identity", &Word::quote(identity));
    }
    if *firewall.idps != Idps::Off {
        facts.push(Fact::text("intrusion detection", "intrusionDetection.mode", firewall.idps.word()));
        create = create.option("--idps-mode", &Word::bare(firewall.idps.word()));
    }
    let show = Home::of(&plan.firewall).grouped("az network firewall policy show", "--name", &name);
    ensure(script, &format!("firewall policy {}", firewall.policy), show, &facts, create);
}

fn dns(command: Command, firewall: &Firewall) -> Command {
    let command = if *firewall.dns_proxy { command.option("--enable-dns-proxy", &Word::bare("true")) } else { command };
    command.list("--dns-servers", &words(&firewall.dns_servers))
}

fn body(script: &mut Script, plan: &Plan) {
    let Firewall {
        name,
        resource_group: _,
        beside: _,
        tier,
        rules: model,
        policy: _,
        parent_policy: _,
        existing: _,
        zones,
        public_ips,
        public_ip_prefix: _,
        tls_inspection: _,
        idps: _,
        private_ranges,
        management,
        threat_intel,
        dns_proxy,
        dns_servers,
        private_ip: _,
        ip_groups: _,
        groups: _,
        origin: _,
    } = &plan.firewall;
    let numbers: Vec<u8> = zones.iter().map(|zone| zone.value).collect();
    let mut facts = vec![
        Fact::text("SKU", "sku.name", "AZFW_VNet"),
        Fact::text("tier", "sku.tier", tier.word()),
        Fact::json("zones", "zones[0] && sort(zones)", &zone_list(&numbers)),
    ];
    let numbers: Vec<Word> = numbers.iter().map(|zone| Word::number(*zone)).collect();
    let mut create = there(&plan.firewall, "az network firewall create", "--name", &Word::quote(name))
        .option("--location", &Word::var("location"))
        .option("--sku", &Word::bare("AZFW_VNet"))
        .option("--tier", &Word::bare(tier.word()))
        .list("--zones", &numbers);
    match **model {
        RuleModel::Policy => {
            facts.push(Fact::known("policy", "firewallPolicy.id", policy_id(plan)));
            create = create.option("--firewall-policy", &named(plan, &plan.firewall.policy, policy_id(plan)));
        }
        RuleModel::Classic => {
            let servers: Vec<String> = dns_servers.iter().map(|s| s.value.to_string()).collect();
            let proxy = if **dns_proxy { json!("true") } else { Value::Null };
            let servers = if servers.is_empty() { Value::Null } else { json!(servers.join(",")) };
            facts.push(Fact::text("threat intelligence", "threatIntelMode", threat_intel.word()));
            facts.push(setting("DNS proxy", "additionalProperties.\"Network.DNS.EnableProxy\"", &proxy));
            facts.push(setting("DNS servers", "additionalProperties.\"Network.DNS.Servers\"", &servers));
            create = dns(create.option("--threat-intel-mode", &Word::bare(threat_intel.word())), &plan.firewall)
                .list("--private-ranges", &words(private_ranges));
            if !private_ranges.is_empty() {
                let list: Vec<String> = private_ranges.iter().map(|range| range.value.to_string()).collect();
                let query = "additionalProperties.\"Network.SNAT.PrivateRanges\"";
                facts.push(Fact::text("private ranges", query, &list.join(",")));
            }
        }
    }
    if let Some(management) = management {
        let id = address_id(plan, management);
        facts.push(Fact::known("management address", MANAGEMENT_ADDRESS, id));
        create = with_management(create, plan, &public_ips[0], management);
    }
    let what = format!("firewall {}", **name);
    let facts = regional(plan, facts);
    let show = there(&plan.firewall, "az network firewall show", "--name", &Word::quote(name));
    ensure(script, &what, show, &facts, tagged(create, &plan.tags));
    script.gap();
    script.comment("After an interruption the firewall may still be busy.");
    wait(script, plan);
}

/// Where `show` tells the address of the management interface; its spelling depends on the version of az.
const MANAGEMENT_ADDRESS: &str =
    "managementIpConfiguration.publicIPAddress.id || managementIpConfiguration.publicIpAddress.id";

/// The management interface comes with the firewall and its first address, or not at all.
fn with_management(create: Command, plan: &Plan, first: &PublicIp, management: &PublicIp) -> Command {
    create
        .option("--vnet-name", &Word::quote(&plan.firewall_network().name))
        .option("--conf-name", &Word::quote(&first.configuration))
        .option("--public-ip", &named(plan, &first.name, address_id(plan, first)))
        .option("--m-conf-name", &Word::quote(&management.configuration))
        .option("--m-public-ip", &named(plan, &management.name, address_id(plan, management)))
}

/// A setting of the firewall's map of texts; absent is `null`.
fn setting(name: &'static str, query: &'static str, planned: &Value) -> Fact {
    match planned.as_str() {
        Some(text) => Fact::text(name, query, text),
        None => Fact::json(name, query, planned),
    }
}

fn wait(script: &mut Script, plan: &Plan) {
    let command = there(&plan.firewall, "az network firewall wait", "--name", &Word::quote(&plan.firewall.name))
        .flag("--created");
    script.run(&act(command));
}

/// The policy's resource ID.
pub(super) fn policy_id(plan: &Plan) -> Word {
    Home::of(&plan.firewall)
        .id()
        .and(&Word::bare("/providers/Microsoft.Network/firewallPolicies/"))
        .and(&Word::quote(&plan.firewall.policy))
}

/// The firewall's resource ID.
pub(super) fn id(plan: &Plan) -> Word {
    plan.firewall
        .beside
        .as_ref()
        .map_or_else(|| Home::of(&plan.firewall).id(), group_id)
        .and(&Word::bare("/providers/Microsoft.Network/azureFirewalls/"))
        .and(&Word::quote(&plan.firewall.name))
}

fn prefix_id(plan: &Plan, prefix: &PublicIpPrefix) -> Word {
    Home::of(&plan.firewall)
        .id()
        .and(&Word::bare("/providers/Microsoft.Network/publicIPPrefixes/"))
        .and(&Word::quote(&prefix.name))
}

fn address_id(plan: &Plan, address: &PublicIp) -> Word {
    Home::of(&plan.firewall)
        .id()
        .and(&Word::bare("/providers/Microsoft.Network/publicIPAddresses/"))
        .and(&Word::quote(&address.name))
}

/// Ties an address to the firewall.
fn configuration(script: &mut Script, plan: &Plan, address: &PublicIp, first: bool) {
    let name = Word::quote(&plan.firewall.name);
    let what = format!("address {} of the firewall", address.configuration);
    let fact = Fact::known("public address", "publicIPAddress.id || publicIpAddress.id", address_id(plan, address));
    let query = Query::new("ipConfigurations[?name==")
        .literal(&address.configuration)
        .then("].to_string(publicIPAddress.id || publicIpAddress.id)");
    script.gap();
    script.run(&ask(there(&plan.firewall, "ask az network firewall show", "--name", &name), &query));
    script.open("if ((${#found[@]} == 0)); then");
    announce(script, &what);
    let mut create = there(&plan.firewall, "az network firewall ip-config create", "--firewall-name", &name)
        .option("--name", &Word::quote(&address.configuration))
        .option("--public-ip-address", &named(plan, &address.name, address_id(plan, address)));
    if first {
        create = create.option("--vnet-name", &Word::quote(&plan.firewall_network().name));
    }
    script.run(&act(create));
    script.between("else");
    compare(script, &what, &[fact]);
    script.close("fi");
}

/// The default route leads to a computed address; it has to be the real one before a cluster depends on it. With a hub,
/// the route takes the real one.
///
/// That of somebody else was looked at before everything else.
pub(super) fn guard(script: &mut Script, plan: &Plan) {
    if plan.firewall.existing.is_some() {
        return;
    }
    wait(script, plan);
    read_private_address(script, plan);
    if plan.hub.is_none() {
        let fact = Fact::text("private address", "", &plan.firewall.private_ip.to_string());
        compare(script, &format!("next hop to firewall {}", *plan.firewall.name), &[fact]);
    }
}

/// Asks for the firewall's private address; with a hub, the variable `next_hop` holds it then.
pub(super) fn read_private_address(script: &mut Script, plan: &Plan) {
    let show = there(&plan.firewall, "ask az network firewall show", "--name", &Word::quote(&plan.firewall.name));
    script.run(&ask(show, &Query::lines(&[Query::new(PRIVATE_ADDRESS)])));
    if plan.hub.is_some() {
        script.syntax(NEXT_HOP);
    }
}

/// Where `show` tells the private address.
pub(super) const PRIVATE_ADDRESS: &str = "ipConfigurations[].privateIPAddress | [0]";

/// An address that is read has to be one.
const NEXT_HOP: &str = r#"next_hop="${found[0]}"
[[ "$next_hop" == *.*.*.* ]] || stop 'the firewall has no private address'"#;
