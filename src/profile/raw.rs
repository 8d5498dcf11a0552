//! A profile as it is written: every key of the four tables with its place, nothing filled in.

use std::net::Ipv4Addr;

use super::foreign_firewall::{self, RawExisting};
use super::ids::{self, RawWorkspace};
use super::pools::RawPool;
use super::{
    Addon, AksEndpoints, ApiServer, ClusterTier, Cni, Dataplane, IdentityKind, Idps, LogCategories, NetworkPolicy,
    PrivateRange, RuleModel, ThreatIntel, Tier, pools, texts,
};
use crate::diag::{At, Origin};
use crate::rules::cursor::{Item, Slot, Table};
use crate::rules::values;
use crate::tables::limits;
use crate::value::{Cidr, Cloud, ResourceId, ResourceType};

/// Keys of the document.
pub(super) const ROOT: &[&str] = &[
    "format",
    super::bases::KEY,
    "name",
    "region",
    "cloud",
    "cni",
    "resource-group",
    "tags",
    "network",
    "hub",
    "firewall",
    "cluster",
    "logs",
    "egress",
    "inbound",
    "expect",
    "waive",
    "override",
    "gateway",
    "deploy",
];
const NETWORK: &[&str] = &["existing", "vnet", "address-space", "dns-servers", "subnets"];
const SUBNETS: &[&str] = &["firewall", "firewall-management", "gateway", "ingress", "nodes", "pods", "api-server"];
const SUBNET: &[&str] = &["name", "prefix", "service-endpoints"];
const FIREWALL: &[&str] = &[
    "name",
    "tier",
    "rules",
    "public-ips",
    "public-ip-prefix",
    "private-ranges",
    "zones",
    "threat-intel",
    "dns-proxy",
    "private-ip",
    "forced-tunnel",
    "tls-inspection",
    "idps",
    "parent-policy",
    "existing",
];
const TLS_INSPECTION: &[&str] = &["certificate", "secret", "identity"];
const CLUSTER: &[&str] = &[
    "create",
    "name",
    "kubernetes-version",
    "tier",
    "nodes",
    "node-size",
    "pods-per-node",
    "max-surge",
    "zones",
    "pools",
    "identity",
    "api-server",
    "authorized-ip-ranges",
    "network-policy",
    "dataplane",
    "pod-cidr",
    "service-cidr",
    "dns-service-ip",
    "addons",
];
const LOGS: &[&str] = &["workspace", "retention-days", "categories", "workbook"];

/// What stands at the top of a document.
pub(super) struct RawHead {
    pub(super) name: Slot<String>,
    pub(super) region: Slot<String>,
    pub(super) cloud: Slot<Cloud>,
    pub(super) cni: Slot<Cni>,
    pub(super) resource_group: Slot<String>,
    pub(super) tags: Vec<(At<String>, At<String>)>,
}

/// `[network]`
pub(super) struct RawNetwork {
    pub(super) existing: Slot<ResourceId>,
    pub(super) vnet: Slot<String>,
    pub(super) address_space: Slot<Vec<At<Cidr>>>,
    pub(super) dns_servers: Slot<Vec<At<Ipv4Addr>>>,
    pub(super) subnets: RawSubnets,
    pub(super) origin: Origin,
}

/// `[network.subnets]`
pub(super) struct RawSubnets {
    pub(super) firewall: RawSubnet,
    pub(super) firewall_management: RawSubnet,
    pub(super) gateway: RawSubnet,
    pub(super) ingress: RawSubnet,
    pub(super) nodes: RawSubnet,
    pub(super) pods: RawSubnet,
    pub(super) api_server: RawSubnet,
}

/// A prefix, or a table with a prefix.
pub(super) struct RawSubnet {
    /// Whether anything is written for it.
    pub(super) written: bool,
    pub(super) name: Slot<String>,
    pub(super) prefix: Slot<Cidr>,
    pub(super) service_endpoints: Slot<Vec<At<String>>>,
    pub(super) origin: Origin,
}

/// `[firewall]`
pub(super) struct RawFirewall {
    pub(super) name: Slot<String>,
    pub(super) tier: Slot<Tier>,
    pub(super) rules: Slot<RuleModel>,
    pub(super) public_ips: Slot<u32>,
    pub(super) public_ip_prefix: Slot<u32>,
    pub(super) private_ranges: Slot<Vec<At<PrivateRange>>>,
    pub(super) zones: Slot<Vec<At<u8>>>,
    pub(super) threat_intel: Slot<ThreatIntel>,
    pub(super) dns_proxy: Slot<bool>,
    pub(super) private_ip: Slot<Ipv4Addr>,
    pub(super) forced_tunnel: Slot<Ipv4Addr>,
    pub(super) tls_inspection: Option<RawTlsInspection>,
    pub(super) idps: Slot<Idps>,
    pub(super) parent_policy: Slot<ResourceId>,
    pub(super) existing: Option<RawExisting>,
    pub(super) origin: Origin,
}

/// `[firewall.tls-inspection]`
pub(super) struct RawTlsInspection {
    pub(super) certificate: Slot<String>,
    pub(super) secret: Slot<String>,
    pub(super) identity: Slot<String>,
    pub(super) origin: Origin,
}

/// `[cluster]`
pub(super) struct RawCluster {
    pub(super) create: Slot<bool>,
    pub(super) name: Slot<String>,
    pub(super) kubernetes_version: Slot<String>,
    pub(super) tier: Slot<ClusterTier>,
    pub(super) system: RawPool,
    pub(super) pools: Vec<RawPool>,
    pub(super) identity: Slot<IdentityKind>,
    pub(super) api_server: Slot<ApiServer>,
    pub(super) authorized_ip_ranges: Slot<Vec<At<Cidr>>>,
    pub(super) network_policy: Slot<NetworkPolicy>,
    pub(super) dataplane: Slot<Dataplane>,
    pub(super) pod_cidr: Slot<Cidr>,
    pub(super) service_cidr: Slot<Cidr>,
    pub(super) dns_service_ip: Slot<Ipv4Addr>,
    pub(super) addons: Slot<Vec<At<Addon>>>,
    pub(super) origin: Origin,
}

/// `[logs]`
pub(super) struct RawLogs {
    pub(super) workspace: Slot<RawWorkspace>,
    pub(super) retention_days: Slot<u32>,
    pub(super) categories: Slot<LogCategories>,
    pub(super) workbook: Slot<bool>,
    pub(super) origin: Origin,
}

pub(super) fn head(t: &Table<'_>) -> RawHead {
    t.get("format", texts::format);
    RawHead {
        name: t.get("name", texts::profile_name),
        region: t.required("region", texts::region),
        cloud: t.get("cloud", |i| i.one_of(&Cloud::ALL.map(|c| (c.word(), c)))),
        cni: t.get("cni", |i| i.one_of(&Cni::ALL.map(|c| (c.word(), c)))),
        resource_group: t.get("resource-group", values::text),
        tags: t
            .entries("tags", |name, item| item.string().map(|text| (name, At::new(text.to_owned(), item.origin))))
            .into_iter()
            .flatten()
            .collect(),
    }
}

pub(super) fn network(t: &Table<'_>) -> RawNetwork {
    t.table("network", NETWORK, |t| RawNetwork {
        existing: t.get("existing", |item| ids::resource(item, ResourceType::Network)),
        vnet: t.get("vnet", values::text),
        address_space: t.list_some("address-space", values::cidr),
        dns_servers: t.list("dns-servers", values::address),
        subnets: t.table("subnets", SUBNETS, |t| RawSubnets {
            firewall: subnet(t, "firewall"),
            firewall_management: subnet(t, "firewall-management"),
            gateway: subnet(t, "gateway"),
            ingress: subnet(t, "ingress"),
            nodes: subnet(t, "nodes"),
            pods: subnet(t, "pods"),
            api_server: subnet(t, "api-server"),
        }),
        origin: t.origin,
    })
}

fn subnet(t: &Table<'_>, role: &'static str) -> RawSubnet {
    let table = |item: &Item<'_>| item.is_table().then(|| item.table(SUBNET, |t| subnet_table(t, role)));
    if let Slot::Read(At { value: Some(subnet), .. }) = t.get(role, |i| Some(table(i))) {
        return subnet;
    }
    let prefix = t.get(role, values::cidr);
    let origin = match &prefix {
        Slot::Absent => t.origin,
        Slot::Failed(origin) => origin.poison(),
        Slot::Read(prefix) => prefix.origin,
    };
    RawSubnet { written: t.has(role), name: Slot::Absent, prefix, service_endpoints: Slot::Absent, origin }
}

fn subnet_table(t: &Table<'_>, role: &str) -> RawSubnet {
    let name = match role {
        "firewall" => t.get("name", |i| texts::fixed_name(i, "AzureFirewallSubnet")),
        "firewall-management" => t.get("name", |i| texts::fixed_name(i, "AzureFirewallManagementSubnet")),
        _ => t.get("name", values::text),
    };
    RawSubnet {
        written: true,
        name,
        prefix: t.get("prefix", values::cidr),
        service_endpoints: t.list("service-endpoints", texts::service_endpoint),
        origin: t.origin,
    }
}

pub(super) fn firewall(t: &Table<'_>) -> RawFirewall {
    t.table("firewall", FIREWALL, |t| RawFirewall {
        name: t.get("name", values::text),
        tier: t.get("tier", |i| i.one_of(&Tier::ALL.map(|v| (v.word(), v)))),
        rules: t.get("rules", |i| i.one_of(&[("policy", RuleModel::Policy), ("classic", RuleModel::Classic)])),
        public_ips: t.get("public-ips", |i| i.number(limits::PUBLIC_IPS)),
        public_ip_prefix: t.get("public-ip-prefix", |i| i.number(limits::PUBLIC_IP_PREFIX)),
        private_ranges: t.list_some("private-ranges", texts::private_range),
        zones: t.list("zones", texts::zone),
        threat_intel: t.get("threat-intel", |i| i.one_of(&ThreatIntel::ALL.map(|v| (v.word(), v)))),
        dns_proxy: t.get("dns-proxy", values::flag),
        private_ip: t.get("private-ip", values::address),
        forced_tunnel: t.get("forced-tunnel", values::address),
        tls_inspection: t.has("tls-inspection").then(|| tls_inspection(t)),
        idps: t.get("idps", |i| i.one_of(&Idps::ALL.map(|v| (v.word(), v)))),
        parent_policy: t.get("parent-policy", |i| ids::resource(i, ResourceType::FirewallPolicy)),
        existing: foreign_firewall::raw(t),
        origin: t.origin,
    })
}

fn tls_inspection(t: &Table<'_>) -> RawTlsInspection {
    t.table("tls-inspection", TLS_INSPECTION, |t| RawTlsInspection {
        certificate: t.get("certificate", values::text),
        secret: t.required("secret", texts::secret_id),
        identity: t.required("identity", texts::identity_id),
        origin: t.origin,
    })
}

pub(super) fn cluster(t: &Table<'_>) -> RawCluster {
    t.table("cluster", CLUSTER, |t| RawCluster {
        create: t.get("create", values::flag),
        name: t.get("name", values::text),
        kubernetes_version: t.get("kubernetes-version", texts::kubernetes_version),
        tier: t.get("tier", |i| i.one_of(&ClusterTier::ALL.map(|v| (v.word(), v)))),
        system: pools::system(t),
        pools: t.tables("pools", pools::KEYS, pools::raw),
        identity: t.get("identity", |i| i.one_of(texts::IDENTITIES)),
        api_server: t.get("api-server", |i| i.one_of(&ApiServer::ALL.map(|v| (v.word(), v)))),
        authorized_ip_ranges: t.list("authorized-ip-ranges", texts::authorized_range),
        network_policy: t.get("network-policy", |i| i.one_of(&NetworkPolicy::ALL.map(|v| (v.word(), v)))),
        dataplane: t.get("dataplane", |i| i.one_of(&Dataplane::ALL.map(|v| (v.word(), v)))),
        pod_cidr: t.get("pod-cidr", values::cidr),
        service_cidr: t.get("service-cidr", values::cidr),
        dns_service_ip: t.get("dns-service-ip", values::address),
        addons: t.list("addons", |i| i.one_of(&Addon::ALL.map(|v| (v.word(), v)))),
        origin: t.origin,
    })
}

const DEPLOY: &[&str] = &["split"];

/// Whether there are two layers, as written in `[deploy]`.
pub(super) fn split(t: &Table<'_>) -> At<bool> {
    t.table("deploy", DEPLOY, |t| t.get("split", values::flag).or(t.origin, || false))
}

pub(super) fn logs(t: &Table<'_>) -> RawLogs {
    t.table("logs", LOGS, |t| RawLogs {
        workspace: t.get("workspace", ids::workspace),
        retention_days: t.get("retention-days", |i| i.number(limits::RETENTION_DAYS)),
        categories: t.get("categories", |i| i.one_of(texts::CATEGORIES)),
        workbook: t.get("workbook", values::flag),
        origin: t.origin,
    })
}

pub(super) const EGRESS: &[&str] =
    &["packs", "registries", "aks-endpoints", "api-server-address", "ip-groups", "groups", "collections"];
pub(super) const PACK_ENTRY: &[&str] = &["name", "priority", "from", "enabled", "fqdns"];
pub(super) const INBOUND: &[&str] = &["name", "port", "protocol", "to", "from", "priority"];
pub(super) const EXPECT: &[&str] = &["from", "to", "verdict", "by"];
pub(super) const GATEWAY: &[&str] = &["name", "service", "capacity", "zones", "certificate"];
pub(super) const GATEWAY_CAPACITY: &[&str] = &["min", "max"];
pub(super) const GATEWAY_CERTIFICATE: &[&str] = &["secret", "identity"];
pub(super) const OVERRIDE: &[&str] = &["resource", "pointer", "value", "reason"];
pub(super) const WAIVE: &[&str] = &["check", "where", "reason", "until"];

/// How the endpoints of AKS are allowed, as written in `[egress]`.
pub(super) fn aks_endpoints(t: &Table<'_>) -> At<AksEndpoints> {
    let words = [("tag", AksEndpoints::Tag), ("list", AksEndpoints::List), ("both", AksEndpoints::Both)];
    t.get("aks-endpoints", |i| i.one_of(&words)).or(t.origin, || AksEndpoints::Tag)
}

/// One address or a list of them.
pub(super) fn api_server_address(t: &Table<'_>) -> Vec<At<Ipv4Addr>> {
    let single = t.get("api-server-address", |i| Some(i.quoted_text().is_some()));
    match single {
        Slot::Absent | Slot::Failed(_) => Vec::new(),
        Slot::Read(At { value: true, .. }) => t.get("api-server-address", values::address).read().into_iter().collect(),
        Slot::Read(_) => t.list_some("api-server-address", values::address).list(),
    }
}
