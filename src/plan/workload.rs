//! What runs behind the firewall: published services, expectations, and the packs that explain the rules.

use std::net::Ipv4Addr;

use crate::diag::{At, Origin};
use crate::profile::{Endpoint, Profile};
use crate::rules::{Action, Pack, SourceSpec};
use crate::value::{Addresses, IpProtocol};

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
    /// Where it is written.
    pub origin: Origin,
}

/// What must, or must not, be reachable.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// As written: a subnet or an address.
    pub from: At<SourceSpec>,
    /// The addresses that this means.
    pub sources: Vec<At<Addresses>>,
    /// Where to.
    pub to: At<Endpoint>,
    /// Whether it must pass.
    pub verdict: At<Action>,
    /// The collection or rule that must decide.
    pub by: Option<At<String>>,
    /// Where it is written.
    pub origin: Origin,
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
    profile
        .inbound
        .iter()
        .map(|spec| Inbound {
            name: spec.name.clone(),
            port: spec.port.clone(),
            protocol: spec.protocol.clone(),
            to: spec.to.clone(),
            to_port: spec.to_port.clone(),
            from: spec.from.iter().flat_map(|s| super::firewall::source(profile, s)).collect(),
            subnet: profile.network.ingress.name.value.clone(),
            origin: spec.origin,
        })
        .collect()
}

pub(super) fn expectations(profile: &Profile) -> Vec<Expectation> {
    profile
        .expect
        .iter()
        .map(|spec| Expectation {
            from: spec.from.clone(),
            sources: super::firewall::source(profile, &spec.from),
            to: spec.to.clone(),
            verdict: spec.verdict.clone(),
            by: spec.by.clone(),
            origin: spec.origin,
        })
        .collect()
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
