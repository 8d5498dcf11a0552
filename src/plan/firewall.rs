//! The firewall: addresses, DNS, and its rules in the order in which they are evaluated.

use std::net::Ipv4Addr;

use super::SubnetRole;
use super::collections::{groups, ip_groups};
use crate::diag::{At, Origin};
use crate::profile::{ExistingFirewall, Idps, PrivateRange, Profile, RuleModel, ThreatIntel, Tier, TlsInspection};
use crate::rules::{Action, Life, Pack};
use crate::value::{Addresses, AppProtocol, Fqdn, IpProtocol, Ports, ResourceId, Url};

/// Azure Firewall with its addresses and rules.
#[derive(Debug, Clone)]
pub struct Firewall {
    /// Its name.
    pub name: At<String>,
    /// The resource group of it and of everything that belongs to it, where that is not the profile's.
    pub resource_group: Option<At<String>>,
    /// The resource group of its network, where that is somebody else's: Azure wants both in one, and the firewall alone.
    pub beside: Option<At<String>>,
    /// Its tier; a policy has the same.
    pub tier: At<Tier>,
    /// Where the rules live.
    pub rules: At<RuleModel>,
    /// Name of the policy; used with [`RuleModel::Policy`] only.
    pub policy: String,
    /// The policy of somebody else that it inherits from: the rules of that one are evaluated first.
    pub parent_policy: Option<At<ResourceId>>,
    /// It is somebody else's, and so is the policy: one group of rules is all that is written. Then there are no addresses to
    /// create, and [`Firewall::groups`] are the parts of that one group, by kind.
    pub existing: Option<ExistingFirewall>,
    /// Availability zones, sorted.
    pub zones: Vec<At<u8>>,
    /// Frontend addresses, at least one. The first takes inbound connections.
    pub public_ips: Vec<PublicIp>,
    /// The prefix that they come from.
    pub public_ip_prefix: Option<PublicIpPrefix>,
    /// The certificate with which it looks inside TLS.
    pub tls_inspection: Option<TlsInspection>,
    /// Intrusion detection.
    pub idps: At<Idps>,
    /// Destinations that keep the sender's address; empty means Azure's own list.
    pub private_ranges: Vec<At<PrivateRange>>,
    /// The interface that Azure manages it through, where it is not the first address.
    pub management: Option<PublicIp>,
    /// Threat intelligence.
    pub threat_intel: At<ThreatIntel>,
    /// Whether it answers DNS.
    pub dns_proxy: At<bool>,
    /// Servers that it asks; empty means Azure's resolver.
    pub dns_servers: Vec<At<Ipv4Addr>>,
    /// The computed next hop.
    pub private_ip: At<Ipv4Addr>,
    /// Sets of addresses that rules refer to by name, where the profile wants them so.
    pub ip_groups: Vec<IpGroup>,
    /// DNAT, network, application: in the order of evaluation, collections by priority. Groups without collections are absent.
    pub groups: Vec<RuleCollectionGroup>,
    /// Where it is written.
    pub origin: Origin,
}

impl Firewall {
    /// How many addresses it has on the internet, whoever made them.
    pub fn address_count(&self) -> usize {
        self.existing.as_ref().map_or(self.public_ips.len(), |existing| existing.public_ips.len())
    }

    /// What an address is called: its name or, with a firewall of somebody else, the address itself.
    pub fn address_name(&self, index: usize) -> String {
        match &self.existing {
            Some(existing) => existing.public_ips.get(index).map(|ip| ip.to_string()).unwrap_or_default(),
            None => self.public_ips.get(index).map(|ip| ip.name.clone()).unwrap_or_default(),
        }
    }

    /// Every collection with its group, in the order of evaluation.
    pub fn collections(&self) -> impl Iterator<Item = (&RuleCollectionGroup, &RuleCollection)> {
        self.groups.iter().flat_map(|g| g.collections.iter().map(move |c| (g, c)))
    }

    /// Every rule with its collection, in the order of evaluation.
    pub fn rules(&self) -> impl Iterator<Item = (&RuleCollection, &Rule)> {
        self.collections().flat_map(|(_, c)| c.rules.iter().map(move |r| (c, r)))
    }

    /// Every network rule with its collection, in the order of evaluation.
    pub fn network_rules(&self) -> impl Iterator<Item = (&RuleCollection, NetworkRule<'_>)> {
        self.rules().filter_map(|(collection, rule)| Some((collection, rule.network()?)))
    }
}

/// A network rule with its body at hand.
#[derive(Debug, Clone, Copy)]
pub struct NetworkRule<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// What it matches.
    pub protocols: &'a [IpProtocol],
    /// Where to.
    pub to: &'a NetworkTargets,
    /// On which ports.
    pub ports: &'a [Ports],
}

impl NetworkRule<'_> {
    /// Whether it matches this protocol on this port.
    pub fn matches(&self, protocol: IpProtocol, port: u16) -> bool {
        let protocols = self.protocols.iter().any(|p| *p == protocol || *p == IpProtocol::Any);
        protocols && self.ports.iter().any(|p| p.has(port))
    }

    /// The entry that stands for every address, if there is one.
    pub fn everywhere(&self) -> Option<&At<Addresses>> {
        match self.to {
            NetworkTargets::Addresses(list) | NetworkTargets::IpGroups { members: list, groups: _ } => {
                list.iter().find(|a| a.is_everything())
            }
            NetworkTargets::ServiceTags(_) | NetworkTargets::Fqdns(_) => None,
        }
    }
}

/// A frontend address and the ip-configuration that carries it.
#[derive(Debug, Clone)]
pub struct PublicIp {
    /// Name of the address.
    pub name: String,
    /// Name of the firewall's ip-configuration.
    pub configuration: String,
    /// Its zones: all of the region where the firewall has zones, so that one lost zone takes no address with it.
    pub zones: Vec<u8>,
    /// What asked for it.
    pub origin: Origin,
}

/// Consecutive public addresses.
#[derive(Debug, Clone)]
pub struct PublicIpPrefix {
    /// Its name.
    pub name: String,
    /// Its length: 28 to 31.
    pub length: At<u32>,
    /// Those of the addresses.
    pub zones: Vec<u8>,
}

/// A named set of addresses that is a resource of its own.
#[derive(Debug, Clone)]
pub struct IpGroup {
    /// Its name.
    pub name: At<String>,
    /// Its members.
    pub members: Vec<At<Addresses>>,
}

/// What a collection holds. Order is the order of evaluation (F2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// Inbound translation.
    Dnat,
    /// By address and port.
    Network,
    /// By name.
    Application,
}

impl RuleKind {
    /// Name of the rule collection group, also the word in the review.
    pub fn word(self) -> &'static str {
        match self {
            RuleKind::Dnat => "dnat",
            RuleKind::Network => "network",
            RuleKind::Application => "application",
        }
    }

    /// What is added to the priorities of its collections where all kinds share one group: no two collections of a group
    /// may have the same one (F2.4), and profiles number each kind by itself.
    pub fn offset(self) -> u32 {
        match self {
            RuleKind::Dnat => 0,
            RuleKind::Network => 10_000,
            RuleKind::Application => 20_000,
        }
    }

    /// Priority of the rule collection group (F2.3).
    pub fn group_priority(self) -> u32 {
        match self {
            RuleKind::Dnat => 100,
            RuleKind::Network => 200,
            RuleKind::Application => 300,
        }
    }
}

/// A rule collection group of the policy; with classic rules only its kind and collections count.
#[derive(Debug, Clone)]
pub struct RuleCollectionGroup {
    /// Its name.
    pub name: String,
    /// 100 to 65000.
    pub priority: u32,
    /// One kind per group.
    pub kind: RuleKind,
    /// By priority.
    pub collections: Vec<RuleCollection>,
}

/// A rule collection.
#[derive(Debug, Clone)]
pub struct RuleCollection {
    /// Its name.
    pub name: At<String>,
    /// One kind per collection.
    pub kind: RuleKind,
    /// 100 to 65000 when valid.
    pub priority: At<u32>,
    /// What happens to traffic that matches; DNAT collections translate and allow.
    pub action: At<Action>,
    /// In order, enabled ones only, at least one.
    pub rules: Vec<Rule>,
    /// The pack it comes from.
    pub pack: Option<&'static Pack>,
    /// Where it is written and what asked for it.
    pub origin: Origin,
}

impl RuleCollection {
    /// Whether it says so that what matches passes. Of an action that could not be read nothing follows.
    pub fn allows(&self) -> bool {
        *self.action == Action::Allow && !self.action.origin.poisoned
    }
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name.
    pub name: At<String>,
    /// Addresses that are known, the members of IP groups included. With `source_subnets` at least one unless poisoned.
    pub sources: Vec<At<Addresses>>,
    /// Subnets whose prefixes are read at deployment, since only their owner knows them; sorted.
    pub source_subnets: Vec<SubnetRole>,
    /// Those that no IP group stands for.
    pub single_sources: Vec<At<Addresses>>,
    /// Indices into the firewall's IP groups.
    pub source_groups: Vec<usize>,
    /// What it matches.
    pub body: RuleBody,
    /// One line for Azure: why, owner, ticket and end; empty when none is written.
    pub description: String,
    /// The reason and the rest, as written.
    pub life: Life,
    /// Where it is written and what asked for it.
    pub origin: Origin,
}

impl Rule {
    /// Its body, if it is a network rule.
    pub fn network(&self) -> Option<NetworkRule<'_>> {
        match &self.body {
            RuleBody::Network { protocols, to, ports } => Some(NetworkRule { rule: self, protocols, to, ports }),
            RuleBody::Application { .. } | RuleBody::Dnat { .. } => None,
        }
    }

    /// Whether it translates inbound connections.
    pub fn is_dnat(&self) -> bool {
        matches!(self.body, RuleBody::Dnat { .. })
    }

    /// Host names and patterns, of an application or a network rule.
    pub fn fqdns(&self) -> &[At<Fqdn>] {
        match &self.body {
            RuleBody::Application { to: AppTargets::Fqdns(list), .. } => list,
            RuleBody::Network { to: NetworkTargets::Fqdns(list), .. } => list,
            RuleBody::Application { .. } | RuleBody::Network { .. } | RuleBody::Dnat { .. } => &[],
        }
    }

    /// Service tags of a network rule.
    pub fn service_tags(&self) -> &[At<String>] {
        match &self.body {
            RuleBody::Network { to: NetworkTargets::ServiceTags(list), .. } => list,
            RuleBody::Application { .. } | RuleBody::Network { .. } | RuleBody::Dnat { .. } => &[],
        }
    }

    /// FQDN tags of an application rule.
    pub fn fqdn_tags(&self) -> &[At<String>] {
        match &self.body {
            RuleBody::Application { to: AppTargets::Tags(list), .. } => list,
            RuleBody::Application { .. } | RuleBody::Network { .. } | RuleBody::Dnat { .. } => &[],
        }
    }

    /// Addresses of a network rule.
    pub fn addresses(&self) -> &[At<Addresses>] {
        match &self.body {
            RuleBody::Network { to: NetworkTargets::Addresses(list), .. } => list,
            RuleBody::Network { to: NetworkTargets::IpGroups { members, groups: _ }, .. } => members,
            RuleBody::Application { .. } | RuleBody::Network { .. } | RuleBody::Dnat { .. } => &[],
        }
    }
}

/// What a rule matches, by kind.
#[derive(Debug, Clone)]
pub enum RuleBody {
    /// By name.
    Application {
        /// Protocols with their port, sorted and unique.
        protocols: Vec<(AppProtocol, u16)>,
        /// Names, FQDN tags, URLs or categories.
        to: AppTargets,
        /// Whether the firewall looks inside TLS.
        inspect_tls: bool,
    },
    /// By address and port.
    Network {
        /// Sorted and unique.
        protocols: Vec<IpProtocol>,
        /// Addresses, tags or names.
        to: NetworkTargets,
        /// Sorted and unique.
        ports: Vec<Ports>,
    },
    /// Inbound translation.
    Dnat {
        /// TCP or UDP.
        protocol: IpProtocol,
        /// Index into the firewall's public addresses.
        public_ip: usize,
        /// Port on that address.
        port: u16,
        /// Where it goes.
        to: Ipv4Addr,
        /// Port there.
        to_port: u16,
    },
}

/// Targets of an application rule: never both kinds in one rule (F2.2).
#[derive(Debug, Clone)]
pub enum AppTargets {
    /// Host names and patterns.
    Fqdns(Vec<At<Fqdn>>),
    /// FQDN tags.
    Tags(Vec<At<String>>),
    /// URLs.
    Urls(Vec<At<Url>>),
    /// Web categories.
    Categories(Vec<At<String>>),
}

/// Targets of a network rule.
#[derive(Debug, Clone)]
pub enum NetworkTargets {
    /// Addresses.
    Addresses(Vec<At<Addresses>>),
    /// IP groups.
    IpGroups {
        /// Indices into the firewall's IP groups.
        groups: Vec<usize>,
        /// Everything that is in them.
        members: Vec<At<Addresses>>,
    },
    /// Service tags.
    ServiceTags(Vec<At<String>>),
    /// Host names; need the DNS proxy.
    Fqdns(Vec<At<Fqdn>>),
}

/// Default priority of the collection of inbound services.
pub const INBOUND_PRIORITY: u32 = 101;

pub(super) fn build(profile: &Profile) -> Firewall {
    let spec = &profile.firewall;
    let name = spec.name.value.as_str();
    let mut zones = spec.zones.clone();
    zones.sort_by_key(|z| z.value);
    zones.dedup_by_key(|z| z.value);
    Firewall {
        name: spec.name.clone(),
        resource_group: profile.hub.as_ref().map(|hub| hub.resource_group.clone()),
        beside: profile.network.existing.as_ref().map(|id| id.with(id.group.clone())),
        tier: spec.tier.clone(),
        rules: spec.rules.clone(),
        policy: match &spec.existing {
            Some(existing) => existing.policy.name.clone(),
            None => format!("{name}-policy"),
        },
        existing: spec.existing.clone(),
        parent_policy: spec.parent_policy.clone(),
        zones,
        public_ips: (1..=if spec.existing.is_none() { *spec.public_ips as usize } else { 0 })
            .map(|n| public_ip(name, n, !spec.zones.is_empty(), spec.public_ips.origin))
            .collect(),
        public_ip_prefix: spec.public_ip_prefix.as_ref().map(|length| PublicIpPrefix {
            name: format!("{name}-ip-prefix"),
            length: length.clone(),
            zones: address_zones(!spec.zones.is_empty()),
        }),
        tls_inspection: spec.tls_inspection.clone(),
        idps: spec.idps.clone(),
        private_ranges: spec.private_ranges.clone(),
        management: profile.network.firewall_management.as_ref().map(|subnet| PublicIp {
            name: format!("{name}-management-ip"),
            configuration: format!("{name}-management-config"),
            zones: address_zones(!spec.zones.is_empty()),
            origin: subnet.origin,
        }),
        threat_intel: spec.threat_intel.clone(),
        dns_proxy: spec.dns_proxy.clone(),
        // Basic resolves by Azure's own servers only (F2.8); the network's hosts keep theirs.
        dns_servers: match *spec.tier {
            Tier::Basic => Vec::new(),
            Tier::Standard | Tier::Premium => profile.network.dns_servers.clone(),
        },
        private_ip: spec.private_ip.clone(),
        ip_groups: ip_groups(profile),
        groups: groups(profile),
        origin: spec.origin,
    }
}

/// Every region with zones has these three.
const ZONES: [u8; 3] = [1, 2, 3];

fn public_ip(firewall: &str, number: usize, zonal: bool, origin: Origin) -> PublicIp {
    let name = match number {
        1 => format!("{firewall}-ip"),
        _ => format!("{firewall}-ip-{number}"),
    };
    PublicIp { name, configuration: format!("{firewall}-config-{number}"), zones: address_zones(zonal), origin }
}

/// All of the region where the firewall has zones, so that one lost zone takes no address with it.
pub(super) fn address_zones(zonal: bool) -> Vec<u8> {
    if zonal { ZONES.to_vec() } else { Vec::new() }
}
