//! The plan as JSON for other tools: versioned, complete, every value as it will exist.
//!
//! Keys are a profile's own where it has them. Origins stay behind: they point into texts that others do not have.

mod rules;

use serde_json::{Map, Value, json};

use super::assume::{Claim, SubnetClaim};
use super::cluster::NodePool;
use super::firewall::{IpGroup, PublicIp, PublicIpPrefix};
use super::life::{Ends, Off};
use super::logs::{ContainerInsights, Query, Workbook, Workspace};
use super::peering::Peering;
use super::{
    Assumption, Cluster, Ending, Expectation, Firewall, Gateway, Hub, Identity, Inbound, Logs, Network, NextHop,
    Override, PackUse, Plan, Probe, RoleAssignment, RoleScope, Route, RouteTable, Subnet, SwitchedOff,
};
use crate::diag::At;
use crate::profile::{
    ExistingFirewall, GatewayCertificate, NodeCount, RegistrySpec, RuleModel, TlsInspection, WaiveSpec,
};
use crate::rules::Life;
use crate::value::Plain;

/// Version of this form, raised when a key changes its meaning or goes away.
pub const FORMAT: u32 = 1;

/// The whole plan.
pub fn to_json(plan: &Plan) -> Value {
    let Plan {
        file,
        name,
        region,
        cloud,
        resource_group,
        tags,
        network: vnet,
        hub: apart,
        peering: tie,
        routes,
        tunnel,
        firewall: fw,
        logs: logging,
        identity: who,
        roles,
        cluster: aks,
        inbound: published,
        gateway: way_in,
        expectations,
        waivers,
        overrides,
        calendar,
        switched_off,
        packs,
        registries,
        api_server_addresses,
        layers,
        layers_origin: _,
        assumptions,
        origin: _,
    } = plan;
    let tags: Map<String, Value> = tags.iter().map(|(k, v)| (k.value.clone(), json!(v.value))).collect();
    json!({
        "format": FORMAT,
        "file": file,
        "name": name.value,
        "region": region.value,
        "cloud": cloud.word(),
        "resource-group": resource_group.value,
        "tags": tags,
        "layers": layers.word(),
        "network": network(vnet),
        "hub": apart.as_ref().map(hub),
        "peering": tie.as_ref().map(peering),
        "route-table": route_table(routes, fw),
        "tunnel-route-table": tunnel.as_ref().map(|table| route_table(table, fw)),
        "firewall": firewall(fw),
        "logs": logs(logging),
        "identity": identity(who),
        "roles": list(roles, role),
        "cluster": cluster(aks),
        "inbound": list(published, inbound),
        "gateway": way_in.as_ref().map(gateway),
        "expect": list(expectations, expectation),
        "waive": list(waivers, waiver),
        "overrides": list(overrides, |one| over(one, plan)),
        "calendar": list(calendar, ending),
        "switched-off": list(switched_off, off),
        "packs": list(packs, pack),
        "registries": list(registries, registry),
        "api-server-address": texts(api_server_addresses),
        "assumptions": list(assumptions, assumption),
    })
}

fn registry(registry: &RegistrySpec) -> Value {
    let RegistrySpec { name, endpoints, regions, host, origin: _ } = registry;
    json!({ "name": name.value, "host": host, "endpoints": endpoints.word(), "regions": texts(regions) })
}

fn assumption(assumption: &Assumption) -> Value {
    let Assumption { about, claim, why, origin: _ } = assumption;
    let claim = match claim {
        Claim::Region(region) => json!({ "region": region }),
        Claim::Subscription => json!({ "subscription": "deployed-to" }),
        Claim::Subnet(SubnetClaim { role, name, bits, prefixes, delegated_to, table }) => json!({
            "subnet": name,
            "role": role.word(),
            "longest-prefix": bits,
            "prefixes": prefixes.word(),
            "delegated-to": delegated_to,
            "route-table": table,
        }),
        Claim::Firewall { private_ip, policy, network } => json!({
            "private-ip": private_ip.to_string(),
            "policy": policy.to_string(),
            "network": network.as_ref().map(ToString::to_string),
        }),
        Claim::Policy { tier, dns_proxy } => json!({ "tier": tier.word(), "dns-proxy": dns_proxy }),
        Claim::FreePriority { priority, group } => json!({ "free-priority": priority, "for": group }),
        Claim::Reaches(firewall) => json!({ "reaches": firewall.to_string() }),
        Claim::OnlyPeering { with, name } => json!({ "peered-with": with.to_string(), "by": name }),
    };
    json!({ "about": about.to_string(), "claim": claim, "why": why })
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Value) -> Value {
    items.iter().map(each).collect()
}

fn texts<T: std::fmt::Display>(items: &[At<T>]) -> Value {
    items.iter().map(|item| json!(item.value.to_string())).collect()
}

fn zones(zones: &[At<u8>]) -> Value {
    zones.iter().map(|zone| json!(zone.value)).collect()
}

fn network(network: &Network) -> Value {
    let Network { name, existing, address_space, dns_servers, dns_servers_read, custom_dns, subnets, origin: _ } =
        network;
    json!({
        "vnet": name.value,
        "existing": existing.as_ref().map(|id| id.to_string()),
        "address-space": texts(address_space),
        "dns-servers": texts(dns_servers),
        "dns-servers-read": dns_servers_read,
        "custom-dns-servers": texts(custom_dns),
        "subnets": list(subnets, subnet),
    })
}

fn hub(hub: &Hub) -> Value {
    let Hub { resource_group, network: own, origin: _ } = hub;
    json!({ "resource-group": resource_group.value, "network": network(own) })
}

fn peering(peering: &Peering) -> Value {
    let Peering { to_firewall, to_cluster, back, origin: _ } = peering;
    json!({ "to-firewall": to_firewall.value, "to-cluster": to_cluster.value, "back": back })
}

fn subnet(subnet: &Subnet) -> Value {
    let Subnet { role, name, prefix, service_endpoints, routed, tunnelled, delegated_to, origin: _ } = subnet;
    json!({
        "role": role.word(),
        "name": name.value,
        "prefix": prefix.as_ref().map(|prefix| prefix.value.to_string()),
        "service-endpoints": texts(service_endpoints),
        "routed": routed,
        "tunnelled": tunnelled,
        "delegated-to": delegated_to,
    })
}

fn route_table(table: &RouteTable, firewall: &Firewall) -> Value {
    let RouteTable { name, routes, shared_with_aks, origin: _ } = table;
    json!({
        "name": name.value,
        "shared-with-aks": shared_with_aks,
        "routes": list(routes, |one| route(one, firewall)),
    })
}

fn route(route: &Route, firewall: &Firewall) -> Value {
    let Route { name, hop, origin: _ } = route;
    match hop {
        NextHop::Firewall { address } => {
            json!({ "name": name, "to": "0.0.0.0/0", "next-hop": "firewall", "address": address.to_string() })
        }
        NextHop::Hub { expected } => {
            json!({ "name": name, "to": "0.0.0.0/0", "next-hop": "hub", "expected": expected.to_string() })
        }
        NextHop::Appliance { address } => {
            json!({ "name": name, "to": "0.0.0.0/0", "next-hop": "appliance", "address": address.to_string() })
        }
        NextHop::Internet { public_ip } => json!({
            "name": name,
            "to-public-ip": firewall.address_name(*public_ip),
            "next-hop": "internet",
        }),
    }
}

fn firewall(firewall: &Firewall) -> Value {
    let Firewall {
        name,
        resource_group,
        beside,
        tier,
        rules: model,
        policy,
        parent_policy,
        existing,
        zones: in_zones,
        public_ips,
        public_ip_prefix,
        tls_inspection,
        idps,
        private_ranges,
        management,
        threat_intel,
        dns_proxy,
        dns_servers,
        private_ip,
        ip_groups,
        groups,
        origin: _,
    } = firewall;
    let (model, policy) = match model.value {
        RuleModel::Policy => ("policy", json!(policy)),
        RuleModel::Classic => ("classic", Value::Null),
    };
    json!({
        "name": name.value,
        "resource-group": resource_group.as_ref().map(|group| &group.value),
        "beside-network": beside.as_ref().map(|group| &group.value),
        "tier": tier.word(),
        "rules": model,
        "policy": policy,
        "parent-policy": parent_policy.as_ref().map(|id| id.value.to_string()),
        "existing": existing.as_ref().map(foreign),
        "zones": zones(in_zones),
        "public-ips": list(public_ips, public_ip),
        "public-ip-prefix": public_ip_prefix.as_ref().map(prefix),
        "private-ranges": texts(private_ranges),
        "management": management.as_ref().map(public_ip),
        "tls-inspection": tls_inspection.as_ref().map(inspection),
        "idps": idps.word(),
        "threat-intel": threat_intel.word(),
        "dns-proxy": dns_proxy.value,
        "dns-servers": texts(dns_servers),
        "private-ip": private_ip.value.to_string(),
        "ip-groups": list(ip_groups, ip_group),
        "groups": list(groups, |one| rules::group(one, firewall)),
    })
}

fn foreign(existing: &ExistingFirewall) -> Value {
    // Whether both sides of the peering are written, the peering says.
    let ExistingFirewall { id, policy, public_ips, priority, peer, peer_back: _, origin: _ } = existing;
    json!({
        "firewall": id.value.to_string(),
        "policy": policy.value.to_string(),
        "public-ips": texts(public_ips),
        "priority": priority.value,
        "peer": peer.as_ref().map(|id| id.value.to_string()),
    })
}

fn inspection(inspection: &TlsInspection) -> Value {
    let TlsInspection { certificate, secret, identity, origin: _ } = inspection;
    json!({ "certificate": certificate.value, "secret": secret.value, "identity": identity.value })
}

fn ip_group(group: &IpGroup) -> Value {
    let IpGroup { name, members } = group;
    json!({ "name": name.value, "members": texts(members) })
}

fn prefix(prefix: &PublicIpPrefix) -> Value {
    let PublicIpPrefix { name, length, zones } = prefix;
    json!({ "name": name, "length": length.value, "zones": zones })
}

fn public_ip(address: &PublicIp) -> Value {
    let PublicIp { name, configuration, zones, origin: _ } = address;
    json!({ "name": name, "configuration": configuration, "zones": zones })
}

fn logs(logs: &Logs) -> Value {
    let Logs {
        workspace,
        diagnostic_setting,
        categories,
        dedicated_tables,
        structured,
        legacy,
        queries,
        workbook: book,
        container_insights,
        origin: _,
    } = logs;
    let (workspace, retention_days) = match workspace {
        Workspace::Created { name, retention_days } => (json!(name.value), json!(retention_days.value)),
        Workspace::Existing { id, region } => {
            (json!({ "id": id.value.to_string(), "region": region.value }), Value::Null)
        }
    };
    json!({
        "workspace": workspace,
        "retention-days": retention_days,
        "diagnostic-setting": diagnostic_setting,
        "categories": categories,
        "dedicated-tables": dedicated_tables,
        "structured": structured,
        "legacy": legacy,
        "queries": list(queries, query),
        "workbook": book.as_ref().map(workbook),
        "container-insights": container_insights.as_ref().map(insights),
    })
}

/// The text of a query stands in its own file.
fn query(query: &Query) -> Value {
    let Query { name, title, text: _ } = query;
    json!({ "name": name, "title": title })
}

fn workbook(book: &Workbook) -> Value {
    let Workbook { guid, title, queries, origin: _ } = book;
    json!({ "name": guid, "title": title, "queries": list(queries, |one| json!(one.name)) })
}

fn insights(insights: &ContainerInsights) -> Value {
    let ContainerInsights { rule, association, origin: _ } = insights;
    json!({ "data-collection-rule": rule, "association": association })
}

fn identity(identity: &Identity) -> Value {
    match identity {
        Identity::Managed { name } => json!({ "kind": "managed", "name": name.value }),
        Identity::ServicePrincipal { name } => json!({ "kind": "service-principal", "name": name.value }),
    }
}

fn role(assignment: &RoleAssignment) -> Value {
    let RoleAssignment { role, scope, why, origin: _ } = assignment;
    let on = match scope {
        RoleScope::Subnet(role) => json!({ "subnet": role.word() }),
        RoleScope::RouteTable => json!("route-table"),
    };
    json!({ "role": role.name(), "id": role.guid(), "on": on, "why": why })
}

fn cluster(cluster: &Cluster) -> Value {
    let Cluster {
        name,
        dns_prefix,
        kubernetes_version,
        tier,
        cni,
        pools,
        api_server,
        authorized_ip_ranges,
        network_policy,
        dataplane,
        pod_cidr,
        service_cidr,
        dns_service_ip,
        addons,
        origin: _,
    } = cluster;
    json!({
        "name": name.value,
        "dns-prefix": dns_prefix,
        "kubernetes-version": kubernetes_version.as_ref().map(|version| &version.value),
        "tier": tier.word(),
        "cni": cni.word(),
        "pools": list(pools, node_pool),
        "api-server": api_server.word(),
        "authorized-ip-ranges": texts(authorized_ip_ranges),
        "network-policy": network_policy.word(),
        "dataplane": dataplane.word(),
        "pod-cidr": pod_cidr.as_ref().map(|prefix| prefix.value.to_string()),
        "service-cidr": service_cidr.value.to_string(),
        "dns-service-ip": dns_service_ip.value.to_string(),
        "addons": list(addons, |addon| json!(addon.word())),
    })
}

fn node_pool(pool: &NodePool) -> Value {
    let NodePool { name, mode, os, gpu, spot, nodes, node_size, pods_per_node, max_surge, zones: in_zones, origin: _ } =
        pool;
    let nodes = match nodes.value {
        NodeCount::Fixed(nodes) => json!(nodes),
        NodeCount::Between { min, max } => json!({ "min": min, "max": max }),
    };
    json!({
        "name": name.value,
        "mode": mode.word(),
        "os": os.word(),
        "gpu": gpu.value,
        "spot": spot.value,
        "nodes": nodes,
        "node-size": node_size.value,
        "pods-per-node": pods_per_node.value,
        "max-surge": max_surge.as_ref().map(|surge| surge.value.to_string()),
        "zones": zones(in_zones),
    })
}

fn inbound(service: &Inbound) -> Value {
    let Inbound { name, port, protocol, to, to_port, from, subnet, label, by_gateway, origin: _ } = service;
    json!({
        "name": name.value,
        "port": port.value,
        "protocol": protocol.word(),
        "to": to.value.to_string(),
        "to-port": to_port.value,
        "from": texts(from),
        "subnet": subnet,
        "label": label,
        "by": if *by_gateway { "gateway" } else { "dnat" },
    })
}

fn gateway(gateway: &Gateway) -> Value {
    let Gateway {
        name,
        policy,
        address,
        min,
        max,
        zones: in_zones,
        service,
        port,
        to,
        to_port,
        from,
        // An error says what is in there, so that nothing of it is ever emitted.
        unlocated: _,
        certificate,
        origin: _,
    } = gateway;
    let certificate = certificate
        .as_ref()
        .map(|GatewayCertificate { secret, identity }| json!({ "secret": secret.value, "identity": identity.value }));
    json!({
        "name": name.value,
        "policy": policy,
        "address": public_ip(address),
        "capacity": { "min": min.value, "max": max.value },
        "zones": zones(in_zones),
        "service": service.value,
        "port": port.value,
        "to": to.value.to_string(),
        "to-port": to_port.value,
        "from": texts(from.as_deref().unwrap_or_default()),
        "certificate": certificate,
    })
}

fn expectation(expectation: &Expectation) -> Value {
    let Expectation { from, sources, source_subnet: _, to: _, verdict, by, probe: how, origin: _ } = expectation;
    json!({
        "from": rules::source(&from.value),
        "sources": texts(sources),
        "to": expectation.target(),
        "verdict": rules::verdict(verdict.value),
        "by": by.as_ref().map(|name| &name.value),
        "probe": probe(*how),
    })
}

fn probe(probe: Probe) -> Value {
    match probe {
        Probe::Tls => json!({ "kind": "tls" }),
        Probe::Http => json!({ "kind": "http" }),
        Probe::Connect => json!({ "kind": "connect" }),
        Probe::Dns => json!({ "kind": "dns" }),
        Probe::Ntp => json!({ "kind": "ntp" }),
        Probe::Untestable(why) => json!({ "kind": "untestable", "why": why }),
    }
}

fn waiver(waiver: &WaiveSpec) -> Value {
    let WaiveSpec { check, place, reason, until, origin: _ } = waiver;
    json!({
        "check": check.value,
        "where": place.as_ref().map(|place| &place.path),
        "reason": reason.value,
        "until": until.as_ref().map(|day| day.to_string()),
    })
}

fn over(one: &Override, plan: &Plan) -> Value {
    let Override { resource, pointer, value, reason, origin: _ } = one;
    json!({
        "resource": resource.to_string(),
        "name": plan.overridden(resource).unwrap_or_default(),
        "pointer": pointer.to_string(),
        "value": plain(value),
        "reason": reason.value,
    })
}

/// A value as JSON.
pub(crate) fn plain(value: &Plain) -> Value {
    match value {
        Plain::Bool(value) => json!(value),
        Plain::Int(value) => json!(value),
        Plain::Text(text) => json!(text),
        Plain::List(items) => items.iter().map(plain).collect(),
        Plain::Table(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
        }
    }
}

fn ending(ending: &Ending) -> Value {
    let Ending { day, what, life: Life { why, owner, ticket, expires: _ }, origin: _ } = ending;
    let what = match what {
        Ends::Rule { collection, name } => json!({ "collection": collection, "rule": name }),
        Ends::Waiver { check } => json!({ "waiver": check }),
    };
    json!({ "day": day.to_string(), "what": what, "why": text(why), "owner": text(owner), "ticket": text(ticket) })
}

fn off(off: &SwitchedOff) -> Value {
    let SwitchedOff { what, life: Life { why, owner, ticket, expires }, origin: _ } = off;
    let what = match what {
        Off::Pack(pack) => json!({ "pack": pack.name }),
        Off::Rule { collection, name } => json!({ "collection": collection, "rule": name }),
    };
    let expires = expires.as_ref().map(|day| day.to_string());
    json!({ "what": what, "why": text(why), "owner": text(owner), "ticket": text(ticket), "expires": expires })
}

fn text(text: &Option<At<String>>) -> Option<&str> {
    text.as_ref().map(|text| text.as_str())
}

fn pack(used: &PackUse) -> Value {
    let PackUse { pack, origin: _ } = used;
    json!({
        "name": pack.name,
        "title": pack.title,
        "source": pack.source,
        "reviewed": pack.reviewed.to_string(),
    })
}
