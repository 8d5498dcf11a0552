//! A profile as it is meant: defaults filled in, packs expanded, every value with its origin.

mod bases;
pub mod cluster;
mod cluster_codes;
mod codes;
mod egress;
mod existing;
mod foreign_firewall;
mod gateway;
mod hub;
mod ids;
mod network_codes;
mod overrides;
mod pools;
mod raw;
pub mod registries;
mod resolve;
mod sniff;
mod texts;
mod workload;

use std::net::Ipv4Addr;

use crate::diag::{At, Origin, Span};
use crate::rules::{Collection, Group};
use crate::value::{Cidr, Cloud, Date, IpProtocol, ResourceId};

pub use bases::bases;
pub use cluster::{
    Addon, ApiServer, ClusterSpec, ClusterTier, Dataplane, IdentityKind, NetworkPolicy, NodeCount, Os, PoolMode,
    PoolSpec, Surge,
};
pub use codes::CODES;
pub use foreign_firewall::ExistingFirewall;
pub use gateway::{GatewayCertificate, GatewaySpec};
pub use hub::HubSpec;
pub use overrides::{OverrideSpec, OverrideTarget, Pointer};
pub use registries::{Endpoints, RegistrySpec};
pub use sniff::is_meant;

/// One profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Base name of its file, or `<stdin>`.
    pub file: String,
    /// Prefix of resource names.
    pub name: At<String>,
    /// Programmatic name, lower case without blanks.
    pub region: At<String>,
    /// The cloud.
    pub cloud: At<Cloud>,
    /// The container network interface.
    pub cni: At<Cni>,
    /// For the scripts and the review.
    pub resource_group: At<String>,
    /// On every resource that takes them, in the order of writing.
    pub tags: Vec<(At<String>, At<String>)>,
    /// `[network]`
    pub network: NetworkSpec,
    /// `[hub]`: the network of the firewall, where it is not the cluster's.
    pub hub: Option<HubSpec>,
    /// `[firewall]`
    pub firewall: FirewallSpec,
    /// `[cluster]`
    pub cluster: ClusterSpec,
    /// `[logs]`
    pub logs: LogsSpec,
    /// `[egress]`
    pub egress: EgressSpec,
    /// `[[inbound]]`
    pub inbound: Vec<InboundSpec>,
    /// `[gateway]`
    pub gateway: Option<GatewaySpec>,
    /// `[[expect]]`
    pub expect: Vec<ExpectSpec>,
    /// `[[waive]]`
    pub waive: Vec<WaiveSpec>,
    /// `[[override]]`
    pub overrides: Vec<OverrideSpec>,
    /// `deploy.split`: network and cluster are layers of their own.
    pub split: At<bool>,
    /// The whole file, for facts that stand nowhere.
    pub origin: Origin,
}

/// CNI plugins (F3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cni {
    /// Azure CNI Overlay: pods have addresses of `pod-cidr`, the firewall sees node addresses.
    AzureOverlay,
    /// Azure CNI node subnet: pods have addresses of the node subnet.
    Azure,
    /// Azure CNI Pod Subnet: pods have addresses of a subnet of their own.
    AzurePodSubnet,
    /// kubenet: AKS writes one route per node into the route table.
    Kubenet,
    /// None: somebody else brings a plugin, and until then no node is ready.
    None,
}

impl Cni {
    /// Every value, the default first.
    pub const ALL: [Cni; 5] = [Cni::AzureOverlay, Cni::Azure, Cni::AzurePodSubnet, Cni::Kubenet, Cni::None];

    /// The spelling in a profile.
    pub fn word(self) -> &'static str {
        match self {
            Cni::AzureOverlay => "azure-overlay",
            Cni::Azure => "azure",
            Cni::AzurePodSubnet => "azure-pod-subnet",
            Cni::Kubenet => "kubenet",
            Cni::None => "none",
        }
    }
}

/// `[network]`
#[derive(Debug, Clone)]
pub struct NetworkSpec {
    /// Name of the network.
    pub vnet: At<String>,
    /// The network of somebody else, instead of one that is created.
    pub existing: Option<At<ResourceId>>,
    /// At least one prefix; none of a network of somebody else, who decides it.
    pub address_space: Vec<At<Cidr>>,
    /// Custom DNS servers.
    pub dns_servers: Vec<At<Ipv4Addr>>,
    /// Whether every one of them could be read.
    pub dns_servers_whole: bool,
    /// `AzureFirewallSubnet`; with a hub, it lies there.
    pub firewall: SubnetSpec,
    /// The firewall is somebody else's, and so is its subnet.
    pub firewall_elsewhere: bool,
    /// `AzureFirewallManagementSubnet`, where the firewall has a management interface; with a hub, it lies there.
    pub firewall_management: Option<SubnetSpec>,
    /// For an application gateway. A network of somebody else need not have one.
    pub gateway: Option<SubnetSpec>,
    /// For internal load balancers. A network of somebody else need not have one.
    pub ingress: Option<SubnetSpec>,
    /// For cluster nodes.
    pub nodes: SubnetSpec,
    /// For pods, where the CNI gives them a subnet of their own.
    pub pods: Option<SubnetSpec>,
    /// For an API server inside the network.
    pub api_server: Option<SubnetSpec>,
    /// `[network]`, or the file.
    pub origin: Origin,
}

impl NetworkSpec {
    /// Every subnet with its role.
    pub fn subnets(&self) -> Vec<(&'static str, &SubnetSpec)> {
        let mut list = Vec::new();
        if !self.firewall_elsewhere {
            list.push(("firewall", &self.firewall));
        }
        list.extend(self.firewall_management.iter().map(|subnet| ("firewall-management", subnet)));
        list.extend(self.gateway.iter().map(|subnet| ("gateway", subnet)));
        list.extend(self.ingress.iter().map(|subnet| ("ingress", subnet)));
        list.push(("nodes", &self.nodes));
        list.extend(self.pods.iter().map(|subnet| ("pods", subnet)));
        list.extend(self.api_server.iter().map(|subnet| ("api-server", subnet)));
        list
    }
}

/// One subnet.
#[derive(Debug, Clone)]
pub struct SubnetSpec {
    /// Its name in Azure.
    pub name: At<String>,
    /// Its prefix. Only its owner knows that of a subnet which is there already.
    pub prefix: Option<At<Cidr>>,
    /// Such as `Microsoft.Storage`.
    pub service_endpoints: Vec<At<String>>,
    /// Its key, or the table that implied it.
    pub origin: Origin,
}

/// `[firewall]`
#[derive(Debug, Clone)]
pub struct FirewallSpec {
    /// Its name.
    pub name: At<String>,
    /// What it can do and costs.
    pub tier: At<Tier>,
    /// Where its rules live.
    pub rules: At<RuleModel>,
    /// How many frontend addresses.
    pub public_ips: At<u32>,
    /// Length of the prefix that they come from.
    pub public_ip_prefix: Option<At<u32>>,
    /// Destinations that keep the sender's address; empty means Azure's own list.
    pub private_ranges: Vec<At<PrivateRange>>,
    /// Subset of 1, 2, 3.
    pub zones: Vec<At<u8>>,
    /// The certificate with which it looks inside TLS.
    pub tls_inspection: Option<TlsInspection>,
    /// Intrusion detection.
    pub idps: At<Idps>,
    /// The policy whose rules come first.
    pub parent_policy: Option<At<ResourceId>>,
    /// The firewall of somebody else, instead of one that is created.
    pub existing: Option<ExistingFirewall>,
    /// What is done with known-bad destinations.
    pub threat_intel: At<ThreatIntel>,
    /// Whether it answers DNS on its private address.
    pub dns_proxy: At<bool>,
    /// The next hop.
    pub private_ip: At<Ipv4Addr>,
    /// The appliance that the firewall itself sends everything to, instead of the internet.
    pub forced_tunnel: Option<At<Ipv4Addr>>,
    /// `[firewall]`, or the file.
    pub origin: Origin,
}

/// `[firewall.tls-inspection]`
#[derive(Debug, Clone)]
pub struct TlsInspection {
    /// What the policy calls the certificate.
    pub certificate: At<String>,
    /// ID of the secret in a key vault that holds an intermediate certificate authority with its key.
    pub secret: At<String>,
    /// ID of the user-assigned identity that may read it.
    pub identity: At<String>,
    /// Its header.
    pub origin: Origin,
}

/// Intrusion detection and prevention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idps {
    /// Nothing.
    Off,
    /// Log.
    Alert,
    /// Log and drop.
    Deny,
}

impl Idps {
    /// Every value, the default first.
    pub const ALL: [Idps; 3] = [Idps::Off, Idps::Alert, Idps::Deny];

    /// Azure's spelling, also a profile's.
    pub fn word(self) -> &'static str {
        match self {
            Idps::Off => "Off",
            Idps::Alert => "Alert",
            Idps::Deny => "Deny",
        }
    }
}

/// An entry of `private-ranges` (F2.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateRange {
    /// `IANAPrivateRanges`: RFC 1918 and RFC 6598.
    Iana,
    /// A prefix. `0.0.0.0/0` stands for every destination, `255.255.255.255/32` for none.
    Prefix(Cidr),
}

impl PrivateRange {
    /// The word for Azure's own list.
    pub const IANA: &'static str = "IANAPrivateRanges";

    /// Whether no destination is left out.
    pub fn is_everything(self) -> bool {
        matches!(self, PrivateRange::Prefix(prefix) if prefix.bits() == 0)
    }

    /// Whether it stands for no destination at all.
    pub fn is_nothing(self) -> bool {
        matches!(self, PrivateRange::Prefix(prefix) if prefix.base() == Ipv4Addr::BROADCAST)
    }
}

impl std::fmt::Display for PrivateRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PrivateRange::Iana => f.write_str(PrivateRange::IANA),
            PrivateRange::Prefix(prefix) => prefix.fmt(f),
        }
    }
}

/// Firewall tiers (F2.8), each with everything of the ones before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Rules by address and by the name in HTTP and TLS; two instances, never more.
    Basic,
    /// FQDN filtering, DNS proxy.
    Standard,
    /// Adds TLS inspection, IDPS, URLs.
    Premium,
}

impl Tier {
    /// Every value, the default first.
    pub const ALL: [Tier; 3] = [Tier::Standard, Tier::Basic, Tier::Premium];

    /// Azure's spelling, also a profile's.
    pub fn word(self) -> &'static str {
        match self {
            Tier::Basic => "Basic",
            Tier::Standard => "Standard",
            Tier::Premium => "Premium",
        }
    }
}

/// Where the rules live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleModel {
    /// A firewall policy with rule collection groups.
    Policy,
    /// Rule collections on the firewall itself.
    Classic,
}

/// Threat intelligence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreatIntel {
    /// Log only.
    Alert,
    /// Drop.
    Deny,
    /// Nothing.
    Off,
}

impl ThreatIntel {
    /// Every value, the default first.
    pub const ALL: [ThreatIntel; 3] = [ThreatIntel::Alert, ThreatIntel::Deny, ThreatIntel::Off];

    /// Azure's spelling, also a profile's.
    pub fn word(self) -> &'static str {
        match self {
            ThreatIntel::Alert => "Alert",
            ThreatIntel::Deny => "Deny",
            ThreatIntel::Off => "Off",
        }
    }
}

/// `[logs]`
#[derive(Debug, Clone)]
pub struct LogsSpec {
    /// Where the lines go.
    pub workspace: WorkspaceSpec,
    /// Days that rows are kept in a workspace that is created.
    pub retention_days: At<u32>,
    /// Which tables.
    pub categories: At<LogCategories>,
    /// Whether a workbook is made.
    pub workbook: At<bool>,
    /// `[logs]`, or the file.
    pub origin: Origin,
}

/// `logs.workspace`
#[derive(Debug, Clone)]
pub enum WorkspaceSpec {
    /// One of this name is created.
    Named(At<String>),
    /// One that is there, perhaps in another group, region or subscription.
    Existing {
        /// Its ID.
        id: At<ResourceId>,
        /// Its region: that of the profile unless written.
        region: At<String>,
    },
}

/// Families of firewall log categories (F5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogCategories {
    /// One table per kind.
    Structured,
    /// Text lines in the shared table.
    Legacy,
    /// Both; doubles ingestion.
    Both,
}

/// `[egress]`
#[derive(Debug, Clone)]
pub struct EgressSpec {
    /// Packs (implied and asked for) and own collections; order is settled by the plan. Disabled packs are absent.
    pub collections: Vec<Collection>,
    /// Packs that are named to be left out.
    pub packs_off: Vec<At<&'static crate::rules::Pack>>,
    /// Named sets.
    pub groups: Vec<Group>,
    /// Whether sets of addresses become IP groups.
    pub ip_groups: At<bool>,
    /// Container registries of one's own.
    pub registries: Vec<RegistrySpec>,
    /// Known addresses of the API server.
    pub api_server_address: Vec<At<Ipv4Addr>>,
    /// Tag, explicit list or both.
    pub aks_endpoints: At<AksEndpoints>,
    /// Whether the names of all collections and rules are known.
    pub names_whole: bool,
    /// `[egress]`, or the file.
    pub origin: Origin,
}

/// How the endpoints of AKS are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AksEndpoints {
    /// By the FQDN tag.
    Tag,
    /// By the dated list.
    List,
    /// By both.
    Both,
}

/// `[[inbound]]`
#[derive(Debug, Clone)]
pub struct InboundSpec {
    /// Its name.
    pub name: At<String>,
    /// Port on the firewall's public address.
    pub port: At<u16>,
    /// TCP or UDP.
    pub protocol: At<IpProtocol>,
    /// Address in the ingress subnet.
    pub to: At<Ipv4Addr>,
    /// Port at that address.
    pub to_port: At<u16>,
    /// Who may come.
    pub from: Vec<At<crate::rules::SourceSpec>>,
    /// Of its rule collection: the first one written counts for the shared collection.
    pub priority: Option<At<u32>>,
    /// Its header.
    pub origin: Origin,
}

/// `[[expect]]`
#[derive(Debug, Clone)]
pub struct ExpectSpec {
    /// A subnet (by role or by its name) or an address.
    pub from: At<crate::rules::SourceSpec>,
    /// Where to.
    pub to: At<Endpoint>,
    /// Whether it must pass.
    pub verdict: At<crate::rules::Action>,
    /// The collection or rule that must decide.
    pub by: Option<At<String>>,
    /// Its header.
    pub origin: Origin,
}

/// `[[waive]]`: findings that somebody accepts.
#[derive(Debug, Clone)]
pub struct WaiveSpec {
    /// The check whose findings are accepted, as written.
    pub check: At<String>,
    /// Where they stand; `None` accepts them everywhere.
    pub place: Option<At<WaivedPlace>>,
    /// Why they are accepted.
    pub reason: At<String>,
    /// The last day on which they are.
    pub until: Option<At<Date>>,
    /// Its header.
    pub origin: Origin,
}

/// A part of a profile, named by a key path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaivedPlace {
    /// The path, as written.
    pub path: String,
    /// What is written there, sorted, no two of them overlapping; empty when nothing is.
    spans: Vec<Span>,
}

impl WaivedPlace {
    /// The place at `path`, where `spans` are written; one may lie in another.
    pub(crate) fn new(path: String, mut spans: Vec<Span>) -> WaivedPlace {
        spans.sort_by_key(|span| (span.source, span.start, std::cmp::Reverse(span.end)));
        spans.dedup_by(|inner, outer| inner.source == outer.source && inner.end <= outer.end);
        WaivedPlace { path, spans }
    }

    /// Whether something is written there.
    pub fn is_written(&self) -> bool {
        !self.spans.is_empty()
    }

    /// Whether `span` lies there.
    pub fn holds(&self, span: Span) -> bool {
        let after = self.spans.partition_point(|s| (s.source, s.start) <= (span.source, span.start));
        let before = after.checked_sub(1).map(|n| self.spans[n]);
        // What stands nowhere, such as the default of a table that is not written, lies at no place.
        !span.is_empty() && before.is_some_and(|s| s.source == span.source && span.end <= s.end)
    }
}

/// What an expectation tries to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// `https://host[:port]` or `http://host[:port]`.
    Web {
        /// TLS or plain.
        tls: bool,
        /// Lower case.
        host: String,
        /// 443 or 80 unless written.
        port: u16,
    },
    /// `tcp://ip:port` or `udp://ip:port`.
    Ip {
        /// TCP or UDP.
        protocol: IpProtocol,
        /// The address.
        address: Ipv4Addr,
        /// The port.
        port: u16,
    },
}

/// The JSON Schema of a profile, for editors.
pub const fn schema() -> &'static str {
    include_str!("schema.json")
}

/// A commented profile to begin with.
pub const fn starter() -> &'static str {
    include_str!("starter.toml")
}

/// Reads a profile: all that the parser and the readers can say goes to `findings`.
///
/// The profile's text is already in `sources`; its bases and the packs in use are added to them. `default_name` is the
/// file's stem. `None` when a text is no TOML or a base cannot be had: then only that is reported.
pub fn parse(
    sources: &mut crate::diag::Sources,
    source: crate::diag::SourceId,
    bases: &[crate::input::Base],
    default_name: Option<&str>,
    findings: &mut crate::diag::Findings,
) -> Option<Profile> {
    resolve::profile(sources, source, bases, default_name, findings)
}
