//! Workspace, diagnostic setting, workbook, and what the monitoring add-on leaves behind.

use crate::diag::{At, Origin};
use crate::profile::{Addon, LogCategories, Profile, WorkspaceSpec};
use crate::value::ResourceId;

/// Where the firewall's log lines go.
#[derive(Debug, Clone)]
pub struct Logs {
    /// Where they are kept.
    pub workspace: Workspace,
    /// Name of the diagnostic setting on the firewall; the logs of somebody else's firewall go where its owner sends them.
    pub diagnostic_setting: Option<String>,
    /// Log categories of the firewall, in a fixed order (F5.2).
    pub categories: Vec<&'static str>,
    /// Structured categories go to tables of their own.
    pub dedicated_tables: bool,
    /// Whether structured tables are filled, so that queries may read them.
    pub structured: bool,
    /// Whether the shared table is filled with legacy lines.
    pub legacy: bool,
    /// The queries that fit these tables, in the order of reading.
    pub queries: Vec<Query>,
    /// The workbook.
    pub workbook: Option<Workbook>,
    /// What Container Insights needs (F4.4).
    pub container_insights: Option<ContainerInsights>,
    /// Where it is written.
    pub origin: Origin,
}

/// A Log Analytics workspace.
#[derive(Debug, Clone)]
pub enum Workspace {
    /// Made with everything else.
    Created {
        /// Its name.
        name: At<String>,
        /// Days that rows are kept.
        retention_days: At<u32>,
    },
    /// Somebody else's, which is not written.
    Existing {
        /// Its ID.
        id: At<ResourceId>,
        /// Its region.
        region: At<String>,
    },
}

impl Workspace {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Workspace::Created { name, retention_days: _ } => name,
            Workspace::Existing { id, region: _ } => &id.name,
        }
    }

    /// Its region, when it is somebody else's.
    pub fn region(&self) -> Option<&str> {
        self.place().map(|region| region.value.as_str())
    }

    /// The same with the place where it is written.
    pub fn place(&self) -> Option<&At<String>> {
        match self {
            Workspace::Created { name: _, retention_days: _ } => None,
            Workspace::Existing { id: _, region } => Some(region),
        }
    }

    /// How long rows are kept, in words.
    pub fn kept(&self) -> String {
        match self {
            Workspace::Created { name: _, retention_days } if **retention_days == 1 => "rows kept 1 day".to_owned(),
            Workspace::Created { name: _, retention_days } => format!("rows kept {} days", **retention_days),
            Workspace::Existing { id: _, region: _ } => "rows kept as its owner decides".to_owned(),
        }
    }
}

/// A workbook over the firewall's logs.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// Its resource name: a GUID derived from group and profile, the same in every target.
    pub guid: String,
    /// Its title.
    pub title: String,
    /// Tabs in order.
    pub queries: Vec<Query>,
    /// What asked for it.
    pub origin: Origin,
}

/// A query of ours.
#[derive(Debug, Clone)]
pub struct Query {
    /// File name below `kql/`, without ending.
    pub name: &'static str,
    /// What it answers.
    pub title: &'static str,
    /// The text; ends with a line break.
    pub text: &'static str,
}

/// Data collection rule and association of the monitoring add-on.
#[derive(Debug, Clone)]
pub struct ContainerInsights {
    /// Name of the data collection rule.
    pub rule: String,
    /// Name of the association on the cluster.
    pub association: &'static str,
    /// The add-on's entry.
    pub origin: Origin,
}

/// Structured categories whose tables the queries read (F5.2).
const STRUCTURED: [&str; 7] = [
    "AZFWApplicationRule",
    "AZFWDnsQuery",
    "AZFWFqdnResolveFailure",
    "AZFWIdpsSignature",
    "AZFWNatRule",
    "AZFWNetworkRule",
    "AZFWThreatIntel",
];

/// Text lines in the shared table (F5.2).
const LEGACY: [&str; 3] = ["AzureFirewallApplicationRule", "AzureFirewallDnsProxy", "AzureFirewallNetworkRule"];

pub(super) fn build(profile: &Profile) -> Logs {
    let (structured, legacy) = match *profile.logs.categories {
        LogCategories::Structured => (true, false),
        LogCategories::Legacy => (false, true),
        LogCategories::Both => (true, true),
    };
    let mut categories = Vec::new();
    if structured {
        categories.extend(STRUCTURED);
    }
    if legacy {
        categories.extend(LEGACY);
    }
    let name = profile.firewall.name.value.as_str();
    let own_firewall = profile.firewall.existing.is_none();
    Logs {
        workspace: workspace(profile),
        diagnostic_setting: own_firewall.then(|| format!("{name}-logs")),
        categories,
        dedicated_tables: structured,
        structured,
        legacy,
        queries: queries(structured, legacy),
        workbook: (own_firewall && *profile.logs.workbook).then(|| workbook(profile, structured)),
        container_insights: container_insights(profile),
        origin: profile.logs.origin,
    }
}

fn workspace(profile: &Profile) -> Workspace {
    match &profile.logs.workspace {
        WorkspaceSpec::Named(name) => {
            Workspace::Created { name: name.clone(), retention_days: profile.logs.retention_days.clone() }
        }
        WorkspaceSpec::Existing { id, region } => Workspace::Existing { id: id.clone(), region: region.clone() },
    }
}

/// The structured tables come first: they are the ones to read where both are filled.
fn queries(structured: bool, legacy: bool) -> Vec<Query> {
    let mut list = Vec::new();
    if structured {
        list.extend(queries::STRUCTURED);
    }
    if legacy {
        list.extend(queries::LEGACY);
    }
    list
}

fn workbook(profile: &Profile, structured: bool) -> Workbook {
    let seed = format!("{}/{}", *profile.resource_group, *profile.name).to_ascii_lowercase();
    Workbook {
        guid: guid_of(&seed),
        title: format!("{} firewall traffic", *profile.firewall.name),
        queries: if structured { queries::STRUCTURED.to_vec() } else { queries::LEGACY.to_vec() },
        origin: profile.logs.workbook.origin,
    }
}

fn container_insights(profile: &Profile) -> Option<ContainerInsights> {
    let addon = profile.cluster.addons.iter().find(|a| a.value == Addon::Monitoring)?;
    let region = match &profile.logs.workspace {
        WorkspaceSpec::Named(_) => &profile.region,
        WorkspaceSpec::Existing { id: _, region } => region,
    };
    Some(ContainerInsights {
        rule: container_insights_rule(region, &profile.cluster.name),
        association: "ContainerInsightsExtension",
        origin: addon.origin,
    })
}

/// `MSCI-<region>-<cluster>`, cut to 64 characters as the CLI does.
fn container_insights_rule(region: &str, cluster: &str) -> String {
    let full = format!("MSCI-{region}-{cluster}");
    let cut: String = full.chars().take(64).collect();
    cut.trim_end_matches(['-', '_']).to_owned()
}

/// A version 8 UUID made of the SHA-256 of `seed`: stable without a clock or randomness.
fn guid_of(seed: &str) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(seed.as_bytes());
    let mut b = [0u8; 16];
    b.copy_from_slice(&digest[..16]);
    b[6] = (b[6] & 0x0f) | 0x80;
    b[8] = (b[8] & 0x3f) | 0x80;
    let hex: String = b.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

pub(crate) mod queries {
    //! Our own queries over the firewall's tables (F5.3, F5.4).

    use super::Query;

    /// Over tables of their own.
    pub(crate) const STRUCTURED: [Query; 8] = [
        Query { name: "denied", title: "Denied traffic", text: include_str!("kql/denied.kql") },
        Query { name: "denied-names", title: "Names that no rule allows", text: include_str!("kql/denied-names.kql") },
        Query { name: "allowed", title: "Allowed traffic", text: include_str!("kql/allowed.kql") },
        Query { name: "top-talkers", title: "Top talkers", text: include_str!("kql/top-talkers.kql") },
        Query { name: "top-destinations", title: "Top destinations", text: include_str!("kql/top-destinations.kql") },
        Query { name: "rule-hits", title: "Hits per rule", text: include_str!("kql/rule-hits.kql") },
        Query { name: "dnat", title: "Inbound connections (DNAT)", text: include_str!("kql/dnat.kql") },
        Query { name: "dns-failures", title: "DNS failures", text: include_str!("kql/dns-failures.kql") },
    ];

    /// Over the text lines of the shared table.
    pub(crate) const LEGACY: [Query; 8] = [
        Query { name: "legacy-denied", title: "Denied traffic", text: include_str!("kql/legacy-denied.kql") },
        Query {
            name: "legacy-denied-names",
            title: "Names that no rule allows",
            text: include_str!("kql/legacy-denied-names.kql"),
        },
        Query { name: "legacy-allowed", title: "Allowed traffic", text: include_str!("kql/legacy-allowed.kql") },
        Query { name: "legacy-top-talkers", title: "Top talkers", text: include_str!("kql/legacy-top-talkers.kql") },
        Query {
            name: "legacy-top-destinations",
            title: "Top destinations",
            text: include_str!("kql/legacy-top-destinations.kql"),
        },
        Query { name: "legacy-rule-hits", title: "Hits per rule", text: include_str!("kql/legacy-rule-hits.kql") },
        Query { name: "legacy-dnat", title: "Inbound connections (DNAT)", text: include_str!("kql/legacy-dnat.kql") },
        Query { name: "legacy-dns-failures", title: "DNS failures", text: include_str!("kql/legacy-dns-failures.kql") },
    ];
}
