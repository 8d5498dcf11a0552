//! From what was written to what is meant: defaults, packs, references.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use super::codes::{BAD_NAME, CONFLICTING_KEYS, MONITORING_WITH_SERVICE_PRINCIPAL, SYNTAX, TOO_LARGE};
use super::hub::RawHub;
use super::ids::RawWorkspace;
use super::raw::{self, RawCluster, RawFirewall, RawLogs, RawNetwork, RawSubnet};
use super::{
    Addon, ApiServer, ClusterSpec, ClusterTier, Cni, Dataplane, FirewallSpec, HubSpec, IdentityKind, Idps,
    LogCategories, LogsSpec, NetworkPolicy, NetworkSpec, Profile, RuleModel, SubnetSpec, ThreatIntel, Tier,
    TlsInspection, WorkspaceSpec, bases, egress, existing, foreign_firewall, gateway, hub, overrides, pools, texts,
    workload,
};
use crate::diag::{At, Findings, Origin, SourceId, Sources, Span};
use crate::input::Base;
use crate::rules::codes::MISSING_KEY;
use crate::rules::cursor::{Context, Slot, Table, shown};
use crate::value::{Cidr, Cloud, ResourceId, ResourceType};

/// Largest text of a profile, in bytes.
const LARGEST: usize = 1 << 20;

/// Reads the profile at `source`, written over its bases. `None` when a text is no TOML or a base cannot be had.
pub(super) fn profile(
    sources: &mut Sources,
    source: SourceId,
    bases: &[Base],
    default_name: Option<&str>,
    findings: &mut Findings,
) -> Option<Profile> {
    let file = base_name(&sources.get(source).name);
    let length = sources.get(source).text.len();
    if length > LARGEST {
        let message = format!("the profile has {length} bytes, and {LARGEST} (1 MiB) is the limit");
        let start = Origin::written(Span::new(source, 0..0));
        findings.raise(&TOO_LARGE, start, message, "too large to be a profile");
        return None;
    }
    let layers = bases::layers(sources, source, bases, findings)?;
    let texts: Vec<Cow<'static, str>> = layers.iter().map(|id| sources.get(*id).text.clone()).collect();
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let cx = Context::layered(&layers.into_iter().zip(texts.iter().copied()).collect::<Vec<_>>());
    let profile = cx.documents(&texts, &SYNTAX, raw::ROOT, |t| meant(t, file, default_name, sources));
    findings.extend(cx.into_findings());
    profile.map(|(profile, packs)| {
        findings.extend(packs);
        profile
    })
}

fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

fn meant(t: &Table<'_>, file: String, default_name: Option<&str>, sources: &mut Sources) -> (Profile, Findings) {
    let head = raw::head(t);
    let name = name(t, head.name, default_name);
    let region = head.region.or(t.origin, || "westeurope".to_owned());
    let cloud = head.cloud.or(t.origin, || Cloud::Public);
    let cni = head.cni.or(t.origin, || Cni::AzureOverlay);
    let mut raw_network = raw::network(t);
    let mut raw_firewall = raw::firewall(t);
    let raw_hub = hub::raw(t).filter(|hub| hub::fits(t.cx, hub, &mut raw_network, &mut raw_firewall));
    let hub = raw_hub.as_ref().map(|raw| self::hub(raw, &name));
    let cluster = cluster(t.cx, raw::cluster(t), &cni, &name);
    let existing_firewall = raw_firewall.existing.as_ref().map(|existing| existing.origin);
    let needs = Needs {
        existing_firewall,
        firewall_management: existing_firewall.is_none()
            && managed_apart(
                match &raw_hub {
                    Some(hub) => hub.management_subnet.is_written(),
                    None => raw_network.subnets.firewall_management.written,
                },
                &raw_firewall,
            ),
        pods: &cni,
        api_server: &cluster.api_server,
    };
    let network = network(t.cx, raw_network, raw_hub.as_ref().zip(hub.as_ref()), needs, &name);
    let firewall = firewall(t.cx, raw_firewall, &network, &name);
    let logs = logs(t.cx, raw::logs(t), &name, &region);
    let (egress, packs) = egress::read(
        t,
        &Settings { region: &region, cloud: &cloud, network: &network, firewall: &firewall, cluster: &cluster },
        sources,
    );
    let inbound = workload::inbound(t, &network, &egress);
    let profile = Profile {
        file,
        resource_group: derived(head.resource_group, t.origin, &name, "rg"),
        gateway: gateway::read(t, &inbound),
        inbound,
        expect: workload::expect(t, &network, &egress),
        waive: workload::waive(t),
        overrides: overrides::read(t, &network, &cluster),
        split: split(t, &cluster),
        tags: head.tags,
        name,
        region,
        cloud,
        cni,
        network,
        hub,
        firewall,
        cluster,
        logs,
        egress,
        origin: t.origin,
    };
    egress::say_unused_groups(t.cx, &profile);
    (profile, packs)
}

/// What `[egress]` depends on.
pub(super) struct Settings<'a> {
    pub(super) region: &'a At<String>,
    pub(super) cloud: &'a At<Cloud>,
    pub(super) network: &'a NetworkSpec,
    pub(super) firewall: &'a FirewallSpec,
    pub(super) cluster: &'a ClusterSpec,
}

fn name(t: &Table<'_>, written: Slot<String>, default: Option<&str>) -> At<String> {
    let stand_in = || "profile".to_owned();
    if written.is_written() {
        return written.or(t.origin, stand_in);
    }
    let Some(stem) = default else {
        t.cx.raise(
            &MISSING_KEY,
            t.origin,
            "`name` is missing, and there is no file to take it from",
            "it belongs here",
        );
        return At::new(stand_in(), t.origin.poison());
    };
    if let Some(why) = texts::name_fault(stem) {
        let message = format!("`{}`, the file's name, cannot be the name of a profile", shown(stem));
        t.cx.raise(&BAD_NAME, t.origin, message, why).help("write `name = \"...\"`, or rename the file");
        return At::new(stand_in(), t.origin.poison());
    }
    At::new(stem.to_owned(), t.origin)
}

/// The place of a value that follows from `operand`: as doubtful as that.
pub(super) fn following(origin: Origin, operand: Origin) -> Origin {
    if operand.poisoned { origin.poison() } else { origin }
}

/// A resource name, by default `<name>-<ending>`.
fn derived(slot: Slot<String>, implied: Origin, name: &At<String>, ending: &str) -> At<String> {
    slot.or(following(implied, name.origin), || format!("{}-{ending}", name.value))
}

/// Where a subnet lies unless somebody says otherwise: so many addresses into the first address space.
#[derive(Clone, Copy)]
struct Default {
    offset: u32,
    bits: u8,
    /// Where it may be written.
    table: &'static str,
}

const FIREWALL_MANAGEMENT: Default = Default { offset: 0x100, bits: 26, table: "network.subnets" };
const GATEWAY: Default = Default { offset: 0x200, bits: 24, table: "network.subnets" };
const FIREWALL: Default = Default { offset: 0x300, bits: 24, table: "network.subnets" };
const INGRESS: Default = Default { offset: 0x400, bits: 24, table: "network.subnets" };
const NODES: Default = Default { offset: 0x500, bits: 24, table: "network.subnets" };
const HUB_FIREWALL: Default = Default { offset: 0, bits: 26, table: "hub" };
const HUB_MANAGEMENT: Default = Default { offset: 0x40, bits: 26, table: "hub" };
const PODS: Default = Default { offset: 0x1000, bits: 20, table: "network.subnets" };
const API_SERVER: Default = Default { offset: 0x140, bits: 28, table: "network.subnets" };

/// What decides whether there are subnets that not every network has.
struct Needs<'a> {
    /// The firewall has an interface for its management.
    firewall_management: bool,
    /// The firewall is somebody else's, and so is its subnet: where that is written.
    existing_firewall: Option<Origin>,
    /// Pods may have a subnet of their own.
    pods: &'a At<Cni>,
    /// The API server may have one.
    api_server: &'a At<ApiServer>,
}

/// Whether the firewall has an interface of its own for Azure's management (F2.9).
fn managed_apart(apart: bool, firewall: &RawFirewall) -> bool {
    let basic = matches!(firewall.tier, Slot::Read(At { value: Tier::Basic, .. }));
    basic || firewall.forced_tunnel.is_written() || apart
}

/// Prefixes as written, or a default.
fn space(slot: Slot<Vec<At<Cidr>>>, origin: Origin, default: impl Fn(Origin) -> At<Cidr>) -> Vec<At<Cidr>> {
    let lossy = slot.failed();
    let list = slot.list();
    match (list.is_empty(), lossy) {
        (false, _) => list,
        (true, false) => vec![default(origin)],
        (true, true) => vec![default(origin.poison())],
    }
}

fn hub(raw: &RawHub, name: &At<String>) -> HubSpec {
    HubSpec {
        resource_group: derived(raw.resource_group.clone(), raw.origin, name, "hub-rg"),
        vnet: derived(raw.vnet.clone(), raw.origin, name, "hub-vnet"),
        address_space: space(raw.address_space.clone(), raw.origin, RawHub::default_space),
        origin: raw.origin,
    }
}

fn network(
    cx: &Context<'_>,
    raw: RawNetwork,
    hub: Option<(&RawHub, &HubSpec)>,
    needs: Needs<'_>,
    name: &At<String>,
) -> NetworkSpec {
    let elsewhere = needs.existing_firewall;
    if let Some(existing) = elsewhere {
        foreign_firewall::subnets(cx, &raw.subnets, existing);
    }
    let (pods, api_server) =
        (has_pods(cx, &raw.subnets.pods, needs.pods), has_api_server(cx, &raw.subnets.api_server, needs.api_server));
    if raw.existing.is_written() {
        return existing::network(
            cx,
            raw,
            existing::Needs {
                firewall_elsewhere: elsewhere.is_some(),
                firewall_management: needs.firewall_management,
                pods,
                api_server,
            },
        );
    }
    let default = |origin| At::new(Cidr::holding(Ipv4Addr::new(10, 0, 0, 0), 16), origin);
    let address_space = space(raw.address_space, raw.origin, default);
    let first = &address_space[0];
    let subnet = |raw, role, default_name: &str, default| subnet(cx, raw, role, default_name, first, default);
    let subnets = raw.subnets;
    let managed_apart = needs.firewall_management;
    let (own, management) = ("AzureFirewallSubnet", "AzureFirewallManagementSubnet");
    let (firewall, firewall_management) = match hub {
        Some((raw, hub)) => {
            let space = &hub.address_space[0];
            let subnet = |slot, role, name, default| self::subnet(cx, raw.subnet(slot), role, name, space, default);
            (
                subnet(&raw.subnet, "subnet", own, HUB_FIREWALL),
                managed_apart.then(|| subnet(&raw.management_subnet, "management-subnet", management, HUB_MANAGEMENT)),
            )
        }
        None => (
            subnet(subnets.firewall, "firewall", own, FIREWALL),
            managed_apart
                .then(|| subnet(subnets.firewall_management, "firewall-management", management, FIREWALL_MANAGEMENT)),
        ),
    };
    NetworkSpec {
        vnet: derived(raw.vnet, raw.origin, name, "vnet"),
        firewall,
        firewall_elsewhere: elsewhere.is_some(),
        firewall_management,
        gateway: Some(subnet(subnets.gateway, "gateway", "gateway", GATEWAY)),
        ingress: Some(subnet(subnets.ingress, "ingress", "ingress", INGRESS)),
        existing: None,
        nodes: subnet(subnets.nodes, "nodes", "nodes", NODES),
        pods: pods.then(|| subnet(subnets.pods, "pods", "pods", PODS)),
        api_server: api_server.then(|| subnet(subnets.api_server, "api-server", "api-server", API_SERVER)),
        dns_servers_whole: !raw.dns_servers.failed(),
        dns_servers: raw.dns_servers.list(),
        address_space,
        origin: raw.origin,
    }
}

/// Whether pods have a subnet of their own; one that they do not use is an error.
fn has_pods(cx: &Context<'_>, raw: &RawSubnet, cni: &At<Cni>) -> bool {
    let wanted = match cni.value {
        Cni::AzurePodSubnet => true,
        Cni::AzureOverlay | Cni::Azure | Cni::Kubenet | Cni::None => false,
    };
    if raw.written && !wanted && !cni.origin.poisoned {
        let message = format!("with the CNI `{}` pods have no subnet of their own", cni.word());
        cx.raise(&CONFLICTING_KEYS, raw.origin, message, "nothing would use this subnet")
            .also(cni.origin, "the CNI")
            .help("remove `pods`, or write `cni = \"azure-pod-subnet\"`");
    }
    wanted || raw.written && cni.origin.poisoned
}

/// Whether the API server has a subnet of its own; one that it does not use is an error.
fn has_api_server(cx: &Context<'_>, raw: &RawSubnet, api_server: &At<ApiServer>) -> bool {
    let wanted = match api_server.value {
        ApiServer::VnetIntegrated => true,
        ApiServer::Public | ApiServer::Private => false,
    };
    if raw.written && !wanted && !api_server.origin.poisoned {
        let message = format!("an API server that is {} has no subnet of its own", api_server.word());
        cx.raise(&CONFLICTING_KEYS, raw.origin, message, "nothing would use this subnet")
            .also(api_server.origin, "where the API server is")
            .help("remove `api-server` here, or write `cluster.api-server = \"vnet-integrated\"`");
    }
    wanted || raw.written && api_server.origin.poisoned
}

/// A subnet, by default where `default` says.
fn subnet(cx: &Context<'_>, raw: RawSubnet, role: &str, name: &str, space: &At<Cidr>, default: Default) -> SubnetSpec {
    let implied = following(raw.origin, space.origin);
    let Default { offset, bits, table } = default;
    let prefix = match (raw.prefix, place(**space, default)) {
        (Slot::Absent, None) if !implied.poisoned => {
            let message = format!(
                "`{role}` is missing: its default, a /{bits} that lies {offset} addresses into {}, does not fit",
                **space
            );
            cx.raise(&MISSING_KEY, raw.origin, message, format!("the prefix of `{role}` belongs into `[{table}]`"))
                .also(space.origin, "the first address space");
            At::new(**space, implied.poison())
        }
        (slot, default) => slot.or(implied, || default.unwrap_or(**space)),
    };
    SubnetSpec {
        name: raw.name.or(raw.origin, || name.to_owned()),
        prefix: Some(prefix),
        service_endpoints: raw.service_endpoints.list(),
        origin: raw.origin,
    }
}

fn place(space: Cidr, default: Default) -> Option<Cidr> {
    let prefix = Cidr::holding(space.nth(default.offset)?, default.bits);
    space.covers(prefix).then_some(prefix)
}

fn firewall(cx: &Context<'_>, mut raw: RawFirewall, network: &NetworkSpec, name: &At<String>) -> FirewallSpec {
    if let Some(existing) = raw.existing.take() {
        return foreign_firewall::firewall(cx, raw, existing, network);
    }
    FirewallSpec {
        name: derived(raw.name, raw.origin, name, "fw"),
        tier: raw.tier.or(raw.origin, || Tier::Standard),
        rules: raw.rules.or(raw.origin, || RuleModel::Policy),
        public_ips: match &raw.public_ip_prefix {
            Slot::Read(length) => raw.public_ips.or(length.origin, || 1 << (32 - **length)),
            Slot::Failed(origin) => raw.public_ips.or(origin.poison(), || 1),
            Slot::Absent => raw.public_ips.or(raw.origin, || 1),
        },
        public_ip_prefix: raw.public_ip_prefix.read(),
        private_ranges: raw.private_ranges.list(),
        zones: raw.zones.list(),
        threat_intel: raw.threat_intel.or(raw.origin, || ThreatIntel::Alert),
        dns_proxy: raw.dns_proxy.or(raw.origin, || false),
        private_ip: next_hop(cx, raw.private_ip, raw.origin, network),
        forced_tunnel: raw.forced_tunnel.read(),
        tls_inspection: raw.tls_inspection.map(|raw| TlsInspection {
            certificate: derived(raw.certificate, raw.origin, name, "ca"),
            secret: raw.secret.or(raw.origin, String::new),
            identity: raw.identity.or(raw.origin, String::new),
            origin: raw.origin,
        }),
        idps: raw.idps.or(raw.origin, || Idps::Off),
        parent_policy: raw.parent_policy.read(),
        existing: None,
        origin: raw.origin,
    }
}

/// The firewall's address: as written, else the fourth one of its subnet, which only the owner of a subnet that is there
/// already could tell.
fn next_hop(cx: &Context<'_>, slot: Slot<Ipv4Addr>, implied: Origin, network: &NetworkSpec) -> At<Ipv4Addr> {
    match &network.firewall.prefix {
        Some(subnet) => slot.or(following(implied, subnet.origin), || subnet.nth(4).unwrap_or_else(|| subnet.base())),
        None => existing::next_hop(cx, slot, implied, network),
    }
}

fn cluster(cx: &Context<'_>, raw: RawCluster, cni: &At<Cni>, name: &At<String>) -> ClusterSpec {
    let identity = raw.identity.or(raw.origin, || IdentityKind::Managed);
    let service_cidr = raw.service_cidr.or(raw.origin, || Cidr::holding(Ipv4Addr::new(172, 16, 0, 0), 16));
    let dataplane = raw.dataplane.or(raw.origin, || Dataplane::Azure);
    // Cilium enforces policies by itself.
    let usual_policy = match dataplane.value {
        Dataplane::Azure => NetworkPolicy::None,
        Dataplane::Cilium => NetworkPolicy::Cilium,
    };
    no_pod_range(cx, &raw.pod_cidr, cni);
    ClusterSpec {
        create: raw.create.or(raw.origin, || true),
        name: derived(raw.name, raw.origin, name, "aks"),
        kubernetes_version: raw.kubernetes_version.read(),
        tier: raw.tier.or(raw.origin, || ClusterTier::Standard),
        pools: pools::read(cx, raw.system, raw.pools, cni),
        api_server: raw.api_server.or(raw.origin, || ApiServer::Public),
        authorized_ip_ranges: raw.authorized_ip_ranges.list(),
        network_policy: raw.network_policy.or(following(raw.origin, dataplane.origin), || usual_policy),
        dataplane,
        pod_cidr: raw.pod_cidr.or(raw.origin, || Cidr::holding(Ipv4Addr::new(10, 244, 0, 0), 16)),
        dns_service_ip: dns_service_ip(cx, raw.dns_service_ip, raw.origin, &service_cidr),
        service_cidr,
        addons: addons(cx, raw.addons, raw.origin, &identity),
        identity,
        origin: raw.origin,
    }
}

/// A pod range beside a CNI whose pods have addresses of the network, or of a plugin that others bring, would be ignored.
fn no_pod_range(cx: &Context<'_>, slot: &Slot<Cidr>, cni: &At<Cni>) {
    let without = match cni.value {
        Cni::AzureOverlay | Cni::Kubenet => return,
        Cni::Azure => "pods have addresses of the node subnet",
        Cni::AzurePodSubnet => "pods have addresses of the subnet `pods`",
        Cni::None => "the plugin that you install gives pods their addresses",
    };
    if let Slot::Read(range) = slot
        && !cni.origin.poisoned
    {
        let message = format!("`pod-cidr` is set, and with the CNI `{}` {without}", cni.word());
        cx.raise(&CONFLICTING_KEYS, range.origin, message, "nothing would use this range")
            .also(cni.origin, "the CNI")
            .help("remove `pod-cidr`, or use `azure-overlay`");
    }
}

/// Two layers need a cluster to be the second, and nothing that both of them would have to know in secret.
fn split(t: &Table<'_>, cluster: &ClusterSpec) -> At<bool> {
    let split = raw::split(t);
    if *split && !*cluster.create {
        let message = "there are two layers, and no cluster to be the second";
        t.cx.raise(&CONFLICTING_KEYS, split.origin, message, "a layer for the network and one for the cluster")
            .also(cluster.create.origin, "no cluster is created")
            .help("remove `split`: without a cluster the network is all that is written");
    }
    if *split && *cluster.identity == IdentityKind::ServicePrincipal {
        let message = "two layers would have to share the secret of a service principal";
        t.cx.raise(&CONFLICTING_KEYS, split.origin, message, "one team for the network, another for the cluster")
            .also(cluster.identity.origin, "a service principal has a secret")
            .help("use a managed identity");
    }
    split
}

fn dns_service_ip(cx: &Context<'_>, slot: Slot<Ipv4Addr>, implied: Origin, range: &At<Cidr>) -> At<Ipv4Addr> {
    let implied = following(implied, range.origin);
    let tenth = range.nth(10);
    if tenth.is_none() && !slot.is_written() && !implied.poisoned {
        let message = format!("`dns-service-ip` is missing: {} has no tenth address", range.value);
        cx.raise(&MISSING_KEY, implied, message, "it belongs here").also(range.origin, "the service range");
        return At::new(range.base(), implied.poison());
    }
    slot.or(implied, || tenth.unwrap_or_else(|| range.base()))
}

fn addons(
    cx: &Context<'_>,
    slot: Slot<Vec<At<Addon>>>,
    implied: Origin,
    identity: &At<IdentityKind>,
) -> Vec<At<Addon>> {
    let managed = identity.value == IdentityKind::Managed;
    if !slot.is_written() {
        let origin = following(implied, identity.origin);
        return if managed { vec![At::new(Addon::Monitoring, origin)] } else { Vec::new() };
    }
    let list = slot.list();
    if let Some(addon) = list.iter().find(|a| a.value == Addon::Monitoring && !managed) {
        let message = "the add-on `monitoring` needs a managed identity";
        cx.raise(&MONITORING_WITH_SERVICE_PRINCIPAL, addon.origin, message, "signs in with the cluster's identity")
            .also(identity.origin, "the cluster has a service principal");
    }
    list
}

fn logs(cx: &Context<'_>, raw: RawLogs, name: &At<String>, region: &At<String>) -> LogsSpec {
    let workspace = match raw.workspace {
        Slot::Read(At { value: RawWorkspace::Existing { id, region: own }, origin }) => {
            kept_by_its_owner(cx, &raw.retention_days, origin);
            let id = id.or(origin, || ResourceId::unread(ResourceType::Workspace));
            let own = own.or(following(origin, region.origin), || region.value.clone());
            WorkspaceSpec::Existing { id, region: own }
        }
        Slot::Read(At { value: RawWorkspace::Named(text), origin }) => WorkspaceSpec::Named(At::new(text, origin)),
        Slot::Failed(origin) => WorkspaceSpec::Named(derived(Slot::Failed(origin), raw.origin, name, "logs")),
        Slot::Absent => WorkspaceSpec::Named(derived(Slot::Absent, raw.origin, name, "logs")),
    };
    LogsSpec {
        workspace,
        retention_days: raw.retention_days.or(raw.origin, || 30),
        categories: raw.categories.or(raw.origin, || LogCategories::Structured),
        workbook: raw.workbook.or(raw.origin, || true),
        origin: raw.origin,
    }
}

/// How long rows are kept is a setting of the workspace, which the profile does not write.
fn kept_by_its_owner(cx: &Context<'_>, days: &Slot<u32>, workspace: Origin) {
    if let Slot::Read(days) = days {
        let message = "`retention-days` is set for a workspace that is there already";
        cx.raise(&CONFLICTING_KEYS, days.origin, message, "nothing would apply this")
            .also(workspace, "the workspace of somebody else")
            .help("remove `retention-days`; the owner of the workspace decides it");
    }
}
