//! The packs: what must be reachable, as dated data. A pack's text is parsed when somebody asks for the pack.

use std::sync::OnceLock;

use super::codes::BROKEN_PACK;
use super::cursor::{Context, Slot, Table};
use super::read::{self, Scope};
use super::{Pack, Rule, Variables, values};
use crate::diag::{Findings, Origin, SourceId, Span};
use crate::value::{Cloud, Date};

/// Keys at the head of a pack.
const PACK: &[&str] = &["title", "why", "source", "reviewed", "priority", "rules"];

/// Keys of a pack's rule: those of a profile's, and the condition under which it is used.
const RULE: &[&str] = &[
    "name",
    "fqdns",
    "fqdn-tags",
    "addresses",
    "service-tags",
    "groups",
    "urls",
    "web-categories",
    "ports",
    "from",
    "why",
    "owner",
    "ticket",
    "expires",
    "enabled",
    "inspect-tls",
    "when",
    "clouds",
];

struct Entry {
    name: &'static str,
    text: &'static str,
    head: OnceLock<Pack>,
}

const fn entry(name: &'static str, text: &'static str) -> Entry {
    Entry { name, text, head: OnceLock::new() }
}

/// Sorted by name.
static ENTRIES: [Entry; 22] = [
    entry("aks", include_str!("packs/aks.toml")),
    entry("api-server", include_str!("packs/api-server.toml")),
    entry("api-server-region", include_str!("packs/api-server-region.toml")),
    entry("api-tunnel", include_str!("packs/api-tunnel.toml")),
    entry("azure-monitor", include_str!("packs/azure-monitor.toml")),
    entry("azure-policy", include_str!("packs/azure-policy.toml")),
    entry("cost-analysis", include_str!("packs/cost-analysis.toml")),
    entry("defender", include_str!("packs/defender.toml")),
    entry("dns", include_str!("packs/dns.toml")),
    entry("docker-hub", include_str!("packs/docker-hub.toml")),
    entry("flux", include_str!("packs/flux.toml")),
    entry("ghcr", include_str!("packs/ghcr.toml")),
    entry("github", include_str!("packs/github.toml")),
    entry("gpu", include_str!("packs/gpu.toml")),
    entry("istio", include_str!("packs/istio.toml")),
    entry("key-vault-secrets", include_str!("packs/key-vault-secrets.toml")),
    entry("os-updates", include_str!("packs/os-updates.toml")),
    entry("quay", include_str!("packs/quay.toml")),
    entry("service-tags", include_str!("packs/service-tags.toml")),
    entry("time", include_str!("packs/time.toml")),
    entry("windows", include_str!("packs/windows.toml")),
    entry("workload-identity", include_str!("packs/workload-identity.toml")),
];

/// Every pack, sorted by name.
pub fn all() -> impl Iterator<Item = &'static Pack> {
    ENTRIES.iter().map(head)
}

/// The pack of this name.
pub fn find(name: &str) -> Option<&'static Pack> {
    ENTRIES.iter().find(|e| e.name == name).map(head)
}

/// The names of all packs, sorted.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    ENTRIES.iter().map(|e| e.name)
}

fn head(entry: &'static Entry) -> &'static Pack {
    entry.head.get_or_init(|| {
        let cx = Context::profile(SourceId::NONE);
        let read = |t: &Table<'_>| read_head(entry, t);
        // The texts are part of the program, and a test reads every one of them.
        cx.document(entry.text, &BROKEN_PACK, PACK, read).unwrap_or_else(|| blank(entry))
    })
}

fn blank(entry: &Entry) -> Pack {
    let reviewed = Date { year: 0, month: 1, day: 1 };
    let text = String::new;
    Pack { name: entry.name, title: text(), why: text(), source: text(), reviewed, priority: 0, text: entry.text }
}

fn read_head(entry: &Entry, t: &Table<'_>) -> Pack {
    let blank = blank(entry);
    let text = |key| t.required(key, values::text).or(t.origin, String::new).value;
    Pack {
        title: text("title"),
        why: text("why"),
        source: text("source"),
        reviewed: t.required("reviewed", values::date).or(t.origin, || blank.reviewed).value,
        priority: t.required("priority", |i| i.number(crate::tables::limits::PRIORITIES)).or(t.origin, || 0).value,
        ..blank
    }
}

/// What decides which rules of a pack are used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conditions {
    /// The cloud.
    pub(crate) cloud: Cloud,
    /// The endpoints of AKS are allowed by the FQDN tag.
    pub(crate) aks_tag: bool,
    /// The endpoints of AKS are allowed by the dated list.
    pub(crate) aks_list: bool,
    /// The firewall answers DNS, so that network rules may hold names.
    pub(crate) dns_proxy: bool,
    /// Nodes reach the API server through the firewall.
    pub(crate) through_firewall: bool,
    /// Addresses of the API server are known.
    pub(crate) api_server: bool,
}

impl Conditions {
    fn words(self) -> [(&'static str, bool); 7] {
        [
            ("aks-tag", self.aks_tag),
            ("aks-list", self.aks_list),
            ("aks-list-public", self.aks_list && self.through_firewall),
            ("dns-proxy", self.dns_proxy),
            ("no-dns-proxy", !self.dns_proxy),
            ("api-server-known", self.api_server),
            ("api-server-unknown", !self.api_server),
        ]
    }

    /// Whether a rule with this condition is used; one without always is.
    fn hold(self, t: &Table<'_>) -> bool {
        let clouds = t.list("clouds", |i| i.one_of(&Cloud::ALL.map(|cloud| (cloud.word(), cloud))));
        if clouds.is_written() && !clouds.list().iter().any(|cloud| **cloud == self.cloud) {
            // Whatever the condition is, it is read.
            t.get("when", |i| i.one_of(&self.words()));
            return false;
        }
        match t.get("when", |i| i.one_of(&self.words())) {
            Slot::Read(holds) => *holds,
            Slot::Absent => true,
            Slot::Failed(_) => false,
        }
    }
}

/// A pack as one profile uses it.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The rules whose conditions hold.
    pub(crate) rules: Vec<Rule>,
    /// The head of the pack, asked for by the profile.
    pub(crate) origin: Origin,
    /// What is wrong, such as a variable without a value.
    pub(crate) findings: Findings,
}

/// Reads the rules of `pack`, whose text stands at `source`, as asked for at `via`.
pub(crate) fn open(pack: &Pack, source: SourceId, via: Span, variables: &Variables, conditions: Conditions) -> Opened {
    let cx = Context::pack(source, via, variables);
    let scope = Scope { subnets: &[], groups: &[] };
    let read = cx.document(pack.text, &BROKEN_PACK, PACK, |t| {
        let (rules, whole) = read::rules(t, RULE, scope, |t| conditions.hold(t));
        (rules, if whole { t.origin } else { t.origin.poison() })
    });
    let (rules, origin) = read.unwrap_or_else(|| (Vec::new(), cx.origin(0..0).poison()));
    Opened { rules, origin, findings: cx.into_findings() }
}

/// One rule of a pack as it is written, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Why it is there; empty when the pack's own reason says it.
    pub why: String,
    /// Under which setting it is used; empty when always.
    pub when: String,
    /// Hosts, tags or addresses, variables included.
    pub to: Vec<String>,
    /// Protocols with ports.
    pub ports: Vec<String>,
}

/// The rules of a pack as they are written.
pub fn rows(pack: &Pack) -> Vec<Row> {
    let cx = Context::profile(SourceId::NONE);
    let read = |t: &Table<'_>| t.tables("rules", RULE, row);
    cx.document(pack.text, &BROKEN_PACK, PACK, read).unwrap_or_default()
}

fn row(t: &Table<'_>) -> Row {
    let text = |key| t.get(key, values::text).or(t.origin, String::new).value;
    let list = |key| t.list(key, values::text).list().into_iter().map(|at| at.value);
    let targets = ["fqdns", "fqdn-tags", "addresses", "service-tags"];
    Row {
        name: text("name"),
        why: text("why"),
        when: [text("when"), list("clouds").collect::<Vec<_>>().join(", ")]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join("; "),
        to: targets.into_iter().flat_map(list).collect(),
        ports: list("ports").collect(),
    }
}
