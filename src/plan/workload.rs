//! What runs behind the firewall: published services, expectations, and the packs that explain the rules.

use std::net::Ipv4Addr;

use super::SubnetRole;
use super::firewall::{Firewall, RuleBody};
use crate::diag::{At, Origin};
use crate::profile::{Endpoint, Profile};
use crate::rules::{Action, Pack, SourceSpec};
use crate::value::{Addresses, AppProtocol, IpProtocol};

impl super::Plan {
    /// An address that a published service could have: the first in the subnet of internal load balancers that Azure
    /// leaves free. Only the owner of a subnet that is there already could tell one.
    pub fn example_inbound(&self) -> Option<Ipv4Addr> {
        let prefix = self.network.find(super::SubnetRole::Ingress)?.prefix.as_ref()?;
        Some(prefix.nth(4).unwrap_or(prefix.base()))
    }
}

/// A service published by DNAT.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// Its name.
    pub name: At<String>,
    /// Port on the firewall's first public address.
    pub port: At<u16>,
    /// TCP or UDP.
    pub protocol: At<IpProtocol>,
    /// Fixed address of the internal load balancer.
    pub to: At<Ipv4Addr>,
    /// Its port.
    pub to_port: At<u16>,
    /// Who may come.
    pub from: Vec<At<Addresses>>,
    /// Name of the subnet that holds the address.
    pub subnet: String,
    /// Its name in Kubernetes and of its manifest: a DNS label, unique among the services.
    pub label: String,
    /// Whether the application gateway publishes it; else a DNAT rule does.
    pub by_gateway: bool,
    /// Where it is written.
    pub origin: Origin,
}

/// What must, or must not, be reachable.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// As written: a subnet or an address.
    pub from: At<SourceSpec>,
    /// The addresses that this means, as far as they are known.
    pub sources: Vec<At<Addresses>>,
    /// The subnet that this means, where its prefix is read at deployment.
    pub source_subnet: Option<SubnetRole>,
    /// Where to.
    pub to: At<Endpoint>,
    /// Whether it must pass.
    pub verdict: At<Action>,
    /// The collection or rule that must decide.
    pub by: Option<At<String>>,
    /// How a pod on a node tries it.
    pub probe: Probe,
    /// Where it is written.
    pub origin: Origin,
}

impl Expectation {
    /// The target as a profile writes it, its port always shown.
    pub fn target(&self) -> String {
        match &self.to.value {
            Endpoint::Web { tls: true, host, port } => format!("https://{host}:{port}"),
            Endpoint::Web { tls: false, host, port } => format!("http://{host}:{port}"),
            Endpoint::Ip { protocol, address, port } => format!("{}://{address}:{port}", protocol.word()),
        }
    }
}

/// How an expectation is tried from a pod. The firewall's proxy answers TCP handshakes itself, so that a connection
/// proves nothing on a port that an application rule may handle (F2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// A completed TLS handshake.
    Tls,
    /// An HTTP status other than the firewall's own.
    Http,
    /// A TCP connection.
    Connect,
    /// An answer to a DNS question.
    Dns,
    /// An answer to an NTP request.
    Ntp,
    /// Nothing that a pod does would tell; the reason.
    Untestable(&'static str),
}

/// A pack in use and what asked for it.
#[derive(Debug, Clone)]
pub struct PackUse {
    /// The pack.
    pub pack: &'static Pack,
    /// The entry, or the setting that implies it.
    pub origin: Origin,
}

pub(super) fn inbound(profile: &Profile) -> Vec<Inbound> {
    let mut labels = Vec::new();
    profile
        .inbound
        .iter()
        .map(|spec| Inbound {
            name: spec.name.clone(),
            port: spec.port.clone(),
            protocol: spec.protocol.clone(),
            to: spec.to.clone(),
            to_port: spec.to_port.clone(),
            from: spec.from.iter().flat_map(|s| super::collections::source(profile, s)).collect(),
            subnet: profile.network.ingress.as_ref().map_or_else(String::new, |subnet| subnet.name.value.clone()),
            label: label(&spec.name, &mut labels),
            by_gateway: profile.gateway.as_ref().is_some_and(|one| *one.service == *spec.name),
            origin: spec.origin,
        })
        .collect()
}

/// `name` as a DNS label that is not yet in `taken`; 50 characters leave room for what Kubernetes appends.
fn label(name: &str, taken: &mut Vec<String>) -> String {
    let kept: String =
        name.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(46).collect();
    let base = match kept.trim_matches('-') {
        "" => "service".to_owned(),
        // A service's name starts with a letter.
        word if word.starts_with(|c: char| c.is_ascii_digit()) => format!("s-{word}"),
        word => word.to_owned(),
    };
    let mut label = base.clone();
    let mut number = 1;
    while taken.contains(&label) {
        number += 1;
        label = format!("{base}-{number}");
    }
    taken.push(label.clone());
    label
}

pub(super) fn expectations(profile: &Profile, firewall: &Firewall) -> Vec<Expectation> {
    profile
        .expect
        .iter()
        .map(|spec| {
            let sources = super::collections::source(profile, &spec.from);
            let source_subnet = super::collections::unlocated(profile, &spec.from);
            Expectation {
                probe: probe(profile, firewall, (&sources, source_subnet), &spec.to),
                from: spec.from.clone(),
                sources,
                source_subnet,
                to: spec.to.clone(),
                verdict: spec.verdict.clone(),
                by: spec.by.clone(),
                origin: spec.origin,
            }
        })
        .collect()
}

/// A pod's traffic leaves with an address of the node subnet, whichever node it lands on, or of the pods' own.
fn probe(
    profile: &Profile,
    firewall: &Firewall,
    (sources, subnet): (&[At<Addresses>], Option<SubnetRole>),
    to: &Endpoint,
) -> Probe {
    let (role, own) = match &profile.network.pods {
        Some(pods) => (SubnetRole::Pods, pods),
        None => (SubnetRole::Nodes, &profile.network.nodes),
    };
    let covered = match &own.prefix {
        Some(prefix) => {
            let (first, last) = Addresses::Prefix(**prefix).bounds();
            sources.iter().any(|s| s.bounds().0 <= first && last <= s.bounds().1)
        }
        None => subnet == Some(role),
    };
    if !covered {
        return Probe::Untestable("a pod cannot send from these addresses");
    }
    match to {
        Endpoint::Web { tls: true, .. } => Probe::Tls,
        Endpoint::Web { tls: false, .. } => Probe::Http,
        Endpoint::Ip { protocol: IpProtocol::Tcp, port, .. } => tcp_probe(firewall, *port),
        Endpoint::Ip { protocol: IpProtocol::Udp, port: 53, .. } => Probe::Dns,
        Endpoint::Ip { protocol: IpProtocol::Udp, port: 123, .. } => Probe::Ntp,
        Endpoint::Ip { protocol: IpProtocol::Udp, .. } => {
            Probe::Untestable("nothing answers UDP on this port for sure")
        }
        Endpoint::Ip { protocol: IpProtocol::Icmp | IpProtocol::Any, .. } => Probe::Untestable("neither TCP nor UDP"),
    }
}

/// Ports on which the firewall's proxy listens need more than a connection.
fn tcp_probe(firewall: &Firewall, port: u16) -> Probe {
    let handled = firewall.collections().flat_map(|(_, c)| &c.rules).find_map(|rule| match &rule.body {
        RuleBody::Application { protocols, to: _, inspect_tls: _ } => {
            protocols.iter().find(|(_, p)| *p == port).map(|(app, _)| *app)
        }
        RuleBody::Network { .. } | RuleBody::Dnat { .. } => None,
    });
    match (handled, port) {
        (Some(AppProtocol::Http), _) | (None, 80) => Probe::Http,
        (Some(AppProtocol::Https), _) | (None, 443) => Probe::Tls,
        (Some(AppProtocol::Mssql), _) => Probe::Untestable("the firewall's proxy answers for SQL servers"),
        (None, _) => Probe::Connect,
    }
}

pub(super) fn packs(profile: &Profile) -> Vec<PackUse> {
    let mut list: Vec<PackUse> = profile
        .egress
        .collections
        .iter()
        .filter_map(|c| c.pack.map(|pack| PackUse { pack, origin: c.origin }))
        .collect();
    list.sort_by_key(|p| p.pack.name);
    list.dedup_by_key(|p| p.pack.name);
    list
}
