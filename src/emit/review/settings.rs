//! How names are resolved, and the settings of firewall, gateway and cluster in words.

use super::page::{Fact, tags};
use crate::plan::cluster::NodePool;
use crate::plan::{Gateway, Identity, NextHop, Plan};
use crate::profile::{Addon, ApiServer, Cni, Dataplane, Endpoints, Idps, NetworkPolicy, RegistrySpec};
use crate::value::ResourceId;

pub(super) fn dns(plan: &Plan) -> Vec<String> {
    let join = |list: &[crate::diag::At<std::net::Ipv4Addr>]| {
        list.iter().map(|a| a.to_string()).collect::<Vec<_>>().join(", ")
    };
    let firewall = &plan.firewall;
    let upstream = match (&firewall.existing, firewall.dns_servers.as_slice()) {
        (Some(_), _) => "the servers that its owner chose".to_owned(),
        (None, []) => "Azure's resolver (168.63.129.16)".to_owned(),
        (None, list) => join(list),
    };
    let pods = format!("Pods ask the cluster's DNS service, {}, which asks", *plan.cluster.dns_service_ip);
    let proxy = format!(
        "The firewall's DNS proxy asks {upstream}, so that it and the nodes see the same answers, and logs every question."
    );
    if plan.network.existing.is_some() {
        let mut list = vec![format!("{pods} the servers that the owner of the network chose.")];
        if *firewall.dns_proxy {
            list.push(format!(
                "These have to be the firewall, {}, or to ask it: names in network rules are known from what it answered.",
                *firewall.private_ip
            ));
            list.push(proxy);
        }
        return list;
    }
    match (*firewall.dns_proxy, plan.network.custom_dns.as_slice()) {
        (true, _) => vec![format!("{pods} the firewall at {}.", *firewall.private_ip), proxy],
        (false, []) => vec![
            format!("{pods} Azure's resolver (168.63.129.16)."),
            "The platform carries these questions: they need no rule, and the firewall does not log them.".to_owned(),
        ],
        (false, servers) => {
            let mut list = vec![
                format!("{pods} {}.", join(servers)),
                "Servers outside the network are reached through the firewall by a rule.".to_owned(),
            ];
            if firewall.existing.is_none() {
                list.push(format!("The firewall itself asks {upstream}."));
            }
            list
        }
    }
}

/// What the firewall does beyond its rules, as far as it is told to.
fn of_firewall(plan: &Plan) -> Vec<Fact> {
    let firewall = &plan.firewall;
    let mut list = Vec::new();
    if let Some(management) = &firewall.management {
        let value = format!("an interface of its own with the address {}", management.name);
        list.push(Fact { label: "Management of the firewall", value });
    }
    for route in plan.tunnel.iter().flat_map(|table| &table.routes) {
        if let NextHop::Appliance { address } = route.hop {
            list.push(Fact {
                label: "Forced tunnel",
                value: format!("everything from the firewall goes to {address}"),
            });
        }
    }
    if let Some(existing) = &firewall.existing {
        list.push(Fact {
            label: "Firewall",
            value: format!("{} of somebody else, which is not changed", place_of(&existing.id)),
        });
        let priority = *existing.priority;
        let value = format!("one rule collection group of priority {priority} in {}", place_of(&existing.policy));
        list.push(Fact { label: "Rules", value });
        if let Some(peer) = &existing.peer {
            let back = plan.peering.as_ref().is_some_and(|peering| peering.back);
            let whose = if back { "both entries are written" } else { "its owner runs az/peer-back.sh" };
            let value = format!("with {}; {whose}", place_of(peer));
            list.push(Fact { label: "Peering", value });
        }
    }
    if let Some(parent) = &firewall.parent_policy {
        let value = format!(
            "{}: its rules come before those of this page, whatever their priorities, and are not shown here",
            place_of(parent)
        );
        list.push(Fact { label: "Parent policy", value });
    }
    if !firewall.private_ranges.is_empty() {
        let ranges: Vec<_> = firewall.private_ranges.iter().map(|range| range.to_string()).collect();
        list.push(Fact { label: "Destinations that see the sender", value: ranges.join(", ") });
    }
    if let Some(inspection) = &firewall.tls_inspection {
        let value = format!(
            "where a rule says so, signed by {} from {}, read by {}",
            *inspection.certificate, *inspection.secret, *inspection.identity
        );
        list.push(Fact { label: "TLS inspection", value });
    }
    if *firewall.idps != Idps::Off {
        list.push(Fact { label: "Intrusion detection", value: firewall.idps.word().to_owned() });
    }
    list
}

fn place_of(ResourceId { subscription, group, kind: _, name }: &ResourceId) -> String {
    format!("{name} (resource group {group}, subscription {subscription})")
}

/// What stands in front of a published service.
fn of_gateway(gateway: &Gateway) -> Fact {
    let tls = match &gateway.certificate {
        Some(certificate) => format!("TLS 1.2 and newer with {}", *certificate.secret),
        None => "no TLS".to_owned(),
    };
    let value = format!(
        "{}, WAF_v2 in prevention mode, {} to {} instances, {tls}; it publishes {}",
        *gateway.name, *gateway.min, *gateway.max, *gateway.service
    );
    Fact { label: "Application gateway", value }
}

pub(super) fn settings(plan: &Plan) -> Vec<Fact> {
    let cluster = &plan.cluster;
    let zones = |list: &[crate::diag::At<u8>]| match list {
        [] => "none".to_owned(),
        list => list.iter().map(|z| z.to_string()).collect::<Vec<_>>().join(", "),
    };
    let version = cluster.kubernetes_version.as_ref().map_or("the region's default".to_owned(), |v| v.value.clone());
    let pods = match (&cluster.pod_cidr, *cluster.cni) {
        (Some(prefix), _) => prefix.to_string(),
        (None, Cni::None) => "as the plugin gives them".to_owned(),
        (None, Cni::AzurePodSubnet) => "addresses of a subnet of their own".to_owned(),
        (None, Cni::Azure | Cni::AzureOverlay | Cni::Kubenet) => "addresses of the node subnet".to_owned(),
    };
    let identity = match &plan.identity {
        Identity::Managed { name } => format!("user-assigned managed identity {}", **name),
        Identity::ServicePrincipal { name } => {
            format!("service principal {}, its secret given at deployment as a secure parameter", **name)
        }
    };
    let logs = &plan.logs;
    let mut list = vec![
        Fact {
            label: "Cluster",
            value: format!("{}, {} tier, Kubernetes {version}", *cluster.name, cluster.tier.word()),
        },
        Fact { label: "Outbound type", value: "userDefinedRouting: no load balancer for outbound traffic".to_owned() },
    ];
    list.extend(
        cluster.pools.iter().map(|pool| Fact { label: "Node pool", value: node_pool(pool, &zones(&pool.zones)) }),
    );
    if plan.firewall.existing.is_some() {
        return list;
    }
    list.extend([Fact { label: "Zones of the firewall", value: zones(&plan.firewall.zones) }]);
    list.extend(of_firewall(plan));
    list.extend(plan.gateway.iter().map(of_gateway));
    list.extend(plan.registries.iter().map(|registry| Fact { label: "Registry", value: self::registry(registry) }));
    list.extend([
        Fact { label: "CNI", value: cni(plan) },
        Fact { label: "API server", value: api_server(plan) },
        Fact { label: "Pod addresses", value: pods },
        Fact {
            label: "Service addresses",
            value: format!("{}, DNS {}", *cluster.service_cidr, *cluster.dns_service_ip),
        },
        Fact { label: "Identity", value: identity },
        Fact { label: "Add-ons", value: addons(plan) },
        Fact {
            label: "Logs",
            value: format!(
                "workspace {}, {}: {}",
                logs.workspace.name(),
                logs.workspace.kept(),
                logs.categories.join(", ")
            ),
        },
        Fact { label: "Workbook", value: logs.workbook.as_ref().map_or("none".to_owned(), |w| w.title.clone()) },
        Fact { label: "Tags", value: tags(plan) },
    ]);
    list
}

fn registry(registry: &RegistrySpec) -> String {
    let RegistrySpec { name: _, endpoints, regions, host, origin: _ } = registry;
    let way = match endpoints.value {
        Endpoints::Dedicated => {
            let regions: Vec<_> = regions.iter().map(|region| region.value.as_str()).collect();
            format!("layers from its own endpoints in {}", regions.join(", "))
        }
        Endpoints::Shared => "layers from storage accounts of any name".to_owned(),
        Endpoints::PrivateLink => {
            "over a private endpoint, which others make: this network needs that and the zone of its name".to_owned()
        }
    };
    format!("{host}, {way}; the cluster's kubelet needs the role AcrPull on it")
}

fn cni(plan: &Plan) -> String {
    let cluster = &plan.cluster;
    let mut text = match *cluster.cni {
        Cni::None => "none: nodes are not ready until somebody installs a plugin".to_owned(),
        Cni::Azure | Cni::AzureOverlay | Cni::AzurePodSubnet | Cni::Kubenet => cluster.cni.word().to_owned(),
    };
    match *cluster.dataplane {
        Dataplane::Azure => {}
        Dataplane::Cilium => text.push_str(", Cilium data plane"),
    }
    match *cluster.network_policy {
        NetworkPolicy::None => text.push_str(", no network policies"),
        policy @ (NetworkPolicy::Azure | NetworkPolicy::Calico | NetworkPolicy::Cilium) => {
            text.push_str(&format!(", network policies by {}", policy.word()));
        }
    }
    text
}

fn api_server(plan: &Plan) -> String {
    let cluster = &plan.cluster;
    let ranges = &cluster.authorized_ip_ranges;
    let list: Vec<_> = ranges.iter().map(|range| range.to_string()).collect();
    match *cluster.api_server {
        ApiServer::Public if ranges.is_empty() => "public, open to every address; nodes reach it through the firewall".to_owned(),
        ApiServer::Public => {
            format!("public, open to {} and the addresses of the firewall", list.join(", "))
        }
        ApiServer::VnetIntegrated => {
            let inside = "in a subnet of this network, where nodes reach it without the firewall; its public name is open to";
            match ranges.as_slice() {
                [] => format!("{inside} every address"),
                _ => format!("{inside} {} and the addresses of the firewall", list.join(", ")),
            }
        }
        ApiServer::Private => {
            "private: an endpoint in the node subnet, its name in a private zone that AKS keeps and links to this network"
                .to_owned()
        }
    }
}

fn addons(plan: &Plan) -> String {
    let word = |addon: Addon| match addon {
        Addon::Monitoring => "monitoring (Container Insights)",
        Addon::Flux => "flux (its endpoints; the first configuration brings the extension)",
        Addon::AzurePolicy
        | Addon::Defender
        | Addon::KeyVaultSecrets
        | Addon::WorkloadIdentity
        | Addon::CostAnalysis
        | Addon::Istio => addon.word(),
    };
    match plan.cluster.addons.as_slice() {
        [] => "none".to_owned(),
        list => list.iter().map(|a| word(a.value)).collect::<Vec<_>>().join(", "),
    }
}

/// Everything about one pool in a line.
fn node_pool(pool: &NodePool, zones: &str) -> String {
    let mut text = format!(
        "{}: {} × {}, {}, {}, at most {} pods each",
        *pool.name,
        *pool.nodes,
        *pool.node_size,
        pool.mode.word(),
        pool.os.word(),
        *pool.pods_per_node
    );
    match &pool.max_surge {
        Some(surge) => text.push_str(&format!(", surge {}", **surge)),
        None => text.push_str(", no surge"),
    }
    text.push_str(&format!(", zones {zones}"));
    if *pool.spot {
        text.push_str(", spot capacity");
    }
    if *pool.gpu {
        text.push_str(", drivers of graphics cards installed by AKS");
    }
    text
}
