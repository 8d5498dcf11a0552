//! Resource groups, networks, subnets, route tables.

use serde_json::{Value, json};

use super::ensure::{Fact, Home, act, announce, ask, compare, ensure, group_id, tag_facts};
use super::shell::{Command, Query, Script, Word};
use crate::diag::At;
use crate::plan::{Layers, Network, NextHop, Plan, Route, RouteTable, RuleCollection, Subnet, SubnetRole};

/// `--tags` of a command that reads az's shorthand syntax.
pub(super) fn tagged(command: Command, tags: &[(At<String>, At<String>)]) -> Command {
    let pairs: Vec<Word> = tags.iter().map(|(key, value)| Word::shorthand_pair(key, value)).collect();
    command.list("--tags", &pairs)
}

/// `--tags` of a command that reads its options plainly.
pub(super) fn tagged_plainly(script: &mut Script, command: Command, tags: &[(At<String>, At<String>)]) -> Command {
    let pairs: Vec<Word> = tags.iter().map(|(key, value)| script.plain_pair(key, value)).collect();
    command.list("--tags", &pairs)
}

/// Location and the planned tags, which every regional resource has.
pub(super) fn regional(plan: &Plan, more: impl IntoIterator<Item = Fact>) -> Vec<Fact> {
    let mut facts = vec![Fact::known("location", "location", Word::var("location"))];
    facts.extend(more);
    facts.extend(tag_facts(&plan.tags));
    facts
}

/// The profile's resource group and, unless a layer of its own makes it, that of the hub.
pub(super) fn groups(script: &mut Script, plan: &Plan) {
    let both = plan.hub.is_some() && plan.layers != Layers::Two;
    script.section(if both { "Resource groups." } else { "Resource group." });
    group(script, plan, Home::MAIN, &plan.resource_group);
    if both {
        hub_group(script, plan);
    }
}

/// The hub's resource group. Who deploys the layer of the cluster need not be allowed to see it.
pub(super) fn group_of_layer(script: &mut Script, plan: &Plan) {
    if plan.hub.is_some() {
        script.section("Resource group of the hub.");
        hub_group(script, plan);
    }
}

fn hub_group(script: &mut Script, plan: &Plan) {
    if let Some(hub) = &plan.hub {
        group(script, plan, Home::HUB, &hub.resource_group);
    }
}

fn group(script: &mut Script, plan: &Plan, home: Home, name: &str) {
    let show = Command::new("az group show").option("--name", &home.name());
    let create =
        Command::new("az group create").option("--name", &home.name()).option("--location", &Word::var("location"));
    let create = tagged_plainly(script, create, &plan.tags);
    ensure(script, &format!("resource group {name}"), show, &regional(plan, []), create);
}

pub(super) fn network(script: &mut Script, plan: &Plan, network: &Network) {
    if network.existing.is_none() {
        whole(script, plan, network);
    }
    for subnet in &network.subnets {
        self::subnet(script, plan, network, subnet);
    }
}

fn whole(script: &mut Script, plan: &Plan, network: &Network) {
    let Network {
        name,
        existing: _,
        address_space,
        dns_servers,
        dns_servers_read,
        custom_dns: _,
        subnets: _,
        origin: _,
    } = network;
    let home = Home::of_network(plan, network);
    let space = Value::from_iter(address_space.iter().map(|prefix| prefix.value.to_string()));
    let planned = "dhcpOptions.dnsServers[0] && dhcpOptions.dnsServers";
    let (servers, list) = if *dns_servers_read {
        let read = Word::quote("[\"").and(&Word::var("next_hop")).and(&Word::quote("\"]"));
        (Fact::known("DNS servers", planned, read), vec![Word::var("next_hop")])
    } else {
        let servers = Value::from_iter(dns_servers.iter().map(|server| server.value.to_string()));
        (Fact::json("DNS servers", planned, &or_null(servers)), words(dns_servers))
    };
    let facts = regional(plan, [Fact::json("address space", "addressSpace.addressPrefixes", &space), servers]);
    let create = home
        .grouped("az network vnet create", "--name", &Word::quote(name))
        .option("--location", &Word::var("location"))
        .list("--address-prefixes", &words(address_space))
        .list("--dns-servers", &list);
    let show = home.grouped("az network vnet show", "--name", &Word::quote(name));
    ensure(script, &format!("network {}", **name), show, &facts, tagged(create, &plan.tags));
}

/// A command on a subnet, in the group of its network.
pub(super) fn in_network(plan: &Plan, network: &Network, subnet: &Subnet, words: &'static str) -> Command {
    let command = match &network.existing {
        Some(id) => Command::new(words)
            .option("--resource-group", &Word::quote(&id.group))
            .option("--vnet-name", &Word::quote(&id.name)),
        None => Home::of_network(plan, network).grouped(words, "--vnet-name", &Word::quote(&network.name)),
    };
    command.option("--name", &Word::quote(&subnet.name))
}

/// The prefixes of a subnet that is there already, as one word each.
pub(super) fn prefixes_of(role: SubnetRole) -> Word {
    Word::all(prefix_names(role).0)
}

/// The same as the inside of a list of JSON.
pub(super) fn listed_prefixes_of(role: SubnetRole) -> Word {
    Word::var(prefix_names(role).1)
}

/// The array with the prefixes of a subnet, and the variable with the text that a rule has for them.
fn prefix_names(role: SubnetRole) -> (&'static str, &'static str) {
    match role {
        SubnetRole::Firewall => ("firewall_prefixes", "firewall_listed"),
        SubnetRole::FirewallManagement => ("firewall_management_prefixes", "firewall_management_listed"),
        SubnetRole::Gateway => ("gateway_prefixes", "gateway_listed"),
        SubnetRole::Ingress => ("ingress_prefixes", "ingress_listed"),
        SubnetRole::Nodes => ("nodes_prefixes", "nodes_listed"),
        SubnetRole::Pods => ("pods_prefixes", "pods_listed"),
        SubnetRole::ApiServer => ("api_server_prefixes", "api_server_listed"),
    }
}

/// Reads the prefixes that only the owner of a subnet knows and the rules of these collections need.
pub(super) fn read_prefixes(script: &mut Script, plan: &Plan, of: impl Fn(&RuleCollection) -> bool) {
    let used = |role: SubnetRole| {
        plan.firewall.rules().any(|(collection, rule)| of(collection) && rule.source_subnets.contains(&role))
    };
    let subnets: Vec<&Subnet> = plan.network.subnets.iter().filter(|subnet| used(subnet.role)).collect();
    if !subnets.is_empty() {
        script.section("Where rules take traffic from: prefixes that the owner of the network chose.");
    }
    for subnet in subnets {
        let show = in_network(plan, &plan.network, subnet, "ask az network vnet subnet show");
        script.run(&ask(show, &Query::new(PREFIXES)));
        let (array, listed) = prefix_names(subnet.role);
        script.assign(array, &Word::bare(r#"("${found[@]}")"#));
        // printf repeats the format for every one of them, which leaves a comma too many in front.
        script.short("printf -v", &[Word::bare(listed), Word::quote(r#","%s""#), prefixes_of(subnet.role)]);
        script.assign(listed, &Word::tail(listed));
    }
}

/// The prefixes of a subnet, in the two ways in which Azure tells them: what made the subnet decides which.
pub(super) const PREFIXES: &str = "addressPrefixes[0] && addressPrefixes || [addressPrefix]";
/// The same as one text.
const ONE_TEXT: &str = "addressPrefixes[0] && addressPrefixes || [addressPrefix] | join(', ', @)";

/// An empty list and none are the same to Azure; the queries say `null` for both.
pub(super) fn or_null(list: Value) -> Value {
    if list.as_array().is_some_and(Vec::is_empty) { Value::Null } else { list }
}

/// Creates a subnet, unless it is there already and somebody else's.
fn subnet(script: &mut Script, plan: &Plan, network: &Network, subnet: &Subnet) {
    // The route table is attached later, once it exists; it is compared there.
    let Subnet { role, name, prefix, service_endpoints, routed, tunnelled, delegated_to, origin: _ } = subnet;
    let Some(prefix) = prefix else { return };
    let endpoints = Value::from_iter(service_endpoints.iter().map(|e| e.value.clone()));
    let mut facts = vec![
        Fact::text("prefix", ONE_TEXT, &prefix.to_string()),
        Fact::json("service endpoints", "serviceEndpoints[0] && sort(serviceEndpoints[].service)", &or_null(endpoints)),
        Fact::json("default outbound access", "defaultOutboundAccess", &json!(false)),
    ];
    if !routed && !tunnelled {
        facts.push(Fact::json("route table", "routeTable.id", &Value::Null));
    }
    // Nodes cannot live in a subnet that is delegated.
    if delegated_to.is_some() || *role == SubnetRole::Nodes {
        let services = Value::from_iter(delegated_to.iter().copied());
        facts.push(Fact::json("delegation", "delegations[0] && delegations[].serviceName", &or_null(services)));
    }
    let delegations: Vec<Word> = delegated_to.iter().map(|service| Word::quote(service)).collect();
    let create = in_network(plan, network, subnet, "az network vnet subnet create")
        .option("--address-prefixes", &Word::quote(&prefix.to_string()))
        .option("--default-outbound", &Word::bare("false"))
        .list("--service-endpoints", &words(service_endpoints))
        .list("--delegations", &delegations);
    ensure(
        script,
        &format!("subnet {}", **name),
        in_network(plan, network, subnet, "az network vnet subnet show"),
        &facts,
        create,
    );
}

/// The table with its routes.
pub(super) fn route_table(script: &mut Script, plan: &Plan) {
    table(script, plan, Home::MAIN, &plan.routes);
}

/// Its attachment to the subnets whose traffic must pass the firewall.
pub(super) fn attachments(script: &mut Script, plan: &Plan) {
    for subnet in plan.network.subnets.iter().filter(|subnet| subnet.routed) {
        attach(script, plan, Home::MAIN, &plan.network, subnet, &plan.routes);
    }
}

/// A template cannot attach a table to a subnet that it does not write: the table is made without routes, and attached.
pub(super) fn attached_before(script: &mut Script, plan: &Plan) {
    for (network, subnet, table) in plan.tables().filter(|(_, subnet, _)| subnet.prefix.is_none()) {
        script.section(
            "A template cannot attach a route table to somebody else's subnet; its routes come with the template.",
        );
        empty_table(script, plan, Home::MAIN, table);
        attach(script, plan, Home::MAIN, network, subnet, table);
    }
}

/// The firewall's own way out. Its subnet has to have it before the firewall comes.
pub(super) fn tunnel(script: &mut Script, plan: &Plan) {
    let Some(tunnel) = &plan.tunnel else { return };
    script.section("Forced tunnel: the firewall's own traffic goes to the appliance.");
    let (home, network) = (Home::of(&plan.firewall), plan.firewall_network());
    table(script, plan, home, tunnel);
    for subnet in network.subnets.iter().filter(|subnet| subnet.tunnelled) {
        attach(script, plan, home, network, subnet, tunnel);
    }
}

fn table(script: &mut Script, plan: &Plan, home: Home, table: &RouteTable) {
    empty_table(script, plan, home, table);
    for route in &table.routes {
        self::route(script, home, &table.name, route);
    }
}

fn empty_table(script: &mut Script, plan: &Plan, home: Home, table: &RouteTable) {
    let RouteTable { name, routes: _, shared_with_aks: _, origin: _ } = table;
    let facts = regional(plan, [Fact::json("BGP propagation off", "disableBgpRoutePropagation", &json!(true))]);
    let create = home
        .grouped("az network route-table create", "--name", &Word::quote(name))
        .option("--location", &Word::var("location"))
        .option("--disable-bgp-route-propagation", &Word::bare("true"));
    let show = home.grouped("az network route-table show", "--name", &Word::quote(name));
    ensure(script, &format!("route table {}", **name), show, &facts, tagged(create, &plan.tags));
}

fn route(script: &mut Script, home: Home, table: &str, route: &Route) {
    let Route { name, hop, origin: _ } = route;
    let in_table =
        |words| home.grouped(words, "--route-table-name", &Word::quote(table)).option("--name", &Word::quote(name));
    let create = in_table("az network route-table route create");
    let default = |create: Command, address: &Word| {
        create
            .option("--address-prefix", &Word::bare("0.0.0.0/0"))
            .option("--next-hop-type", &Word::bare("VirtualAppliance"))
            .option("--next-hop-ip-address", address)
    };
    let create = match hop {
        NextHop::Firewall { address } | NextHop::Appliance { address } => {
            default(create, &Word::quote(&address.to_string()))
        }
        NextHop::Hub { expected: _ } => default(create, &Word::var("next_hop")),
        NextHop::Internet { public_ip } => create
            .option("--address-prefix", &Word::element("addresses", *public_ip).and(&Word::bare("/32")))
            .option("--next-hop-type", &Word::bare("Internet")),
    };
    let show = in_table("az network route-table route show");
    ensure(script, &format!("route {name}"), show, &super::verify::route_facts(hop), create);
}

/// A subnet exists by now; its table may be missing, the planned one, or a foreign one.
fn attach(script: &mut Script, plan: &Plan, home: Home, network: &Network, subnet: &Subnet, table: &RouteTable) {
    let attached = Fact::known("route table", "routeTable.id", table_id(home, table));
    // az looks for a name in the group of the network.
    let reference = if network.existing.is_some() { table_id(home, table) } else { Word::quote(&table.name) };
    let what = format!("route table of subnet {}", *subnet.name);
    let query = Query::lines(std::slice::from_ref(&attached.query));
    script.gap();
    script.run(&ask(in_network(plan, network, subnet, "ask az network vnet subnet show"), &query));
    script.open(r#"if [[ "${found[0]-}" == null ]]; then"#);
    announce(script, &what);
    script.run(&act(
        in_network(plan, network, subnet, "az network vnet subnet update").option("--route-table", &reference)
    ));
    script.between("else");
    compare(script, &what, &[attached]);
    script.close("fi");
}

/// The resource ID of the nodes' table.
pub(super) fn route_table_id(plan: &Plan) -> Word {
    table_id(Home::MAIN, &plan.routes)
}

/// A table's resource ID.
pub(super) fn table_id(home: Home, table: &RouteTable) -> Word {
    home.id().and(&Word::bare("/providers/Microsoft.Network/routeTables/")).and(&Word::quote(&table.name))
}

/// A network's resource ID.
pub(super) fn network_id(home: Home, network: &Network) -> Word {
    let group = network.existing.as_ref().map(|id| group_id(&id.with(id.group.clone())));
    group
        .unwrap_or_else(|| home.id())
        .and(&Word::bare("/providers/Microsoft.Network/virtualNetworks/"))
        .and(&Word::quote(&network.name))
}

/// The resource ID of a subnet of the cluster's network.
pub(super) fn subnet_id(plan: &Plan, subnet: &Subnet) -> Word {
    network_id(Home::MAIN, &plan.network).and(&Word::bare("/subnets/")).and(&Word::quote(&subnet.name))
}

pub(super) fn words<T: std::fmt::Display>(list: &[At<T>]) -> Vec<Word> {
    list.iter().map(|item| Word::quote(&item.value.to_string())).collect()
}
