//! The application gateway: the way in for a service that speaks HTTP, past a web application firewall.

use std::net::Ipv4Addr;

use super::collections::{source, unlocated};
use super::firewall::{PublicIp, address_zones};
use super::network::SubnetRole;
use crate::diag::{At, Origin};
use crate::profile::{GatewayCertificate, GatewaySpec, InboundSpec, Profile};
use crate::value::Addresses;

/// An application gateway with its policy and address.
#[derive(Debug, Clone)]
pub struct Gateway {
    /// Its name.
    pub name: At<String>,
    /// Name of its policy, the web application firewall.
    pub policy: String,
    /// Its address.
    pub address: PublicIp,
    /// The fewest instances.
    pub min: At<u32>,
    /// The most instances.
    pub max: At<u32>,
    /// Availability zones, sorted.
    pub zones: Vec<At<u8>>,
    /// The service that it publishes.
    pub service: At<String>,
    /// Port on its address.
    pub port: At<u16>,
    /// The internal load balancer behind it.
    pub to: At<Ipv4Addr>,
    /// Its port.
    pub to_port: At<u16>,
    /// Who may come, and nobody else; `None` is everybody.
    pub from: Option<Vec<At<Addresses>>>,
    /// Subnets among those who may come whose prefix nobody knows before the deployment.
    pub unlocated: Vec<At<SubnetRole>>,
    /// What it shows to clients; none is plain HTTP.
    pub certificate: Option<GatewayCertificate>,
    /// Where it is written.
    pub origin: Origin,
}

impl Gateway {
    /// What clients speak.
    pub fn scheme(&self) -> &'static str {
        if self.certificate.is_some() { "https" } else { "http" }
    }
}

pub(super) fn build(profile: &Profile) -> Option<Gateway> {
    let GatewaySpec { name, service, min, max, zones, certificate, origin } = profile.gateway.as_ref()?;
    let found = profile.inbound.iter().find(|one| *one.name == **service);
    let name = name.clone().unwrap_or_else(|| profile.name.with(format!("{}-gateway", *profile.name)));
    let mut in_zones = zones.clone();
    in_zones.sort_by_key(|zone| zone.value);
    in_zones.dedup_by_key(|zone| zone.value);
    let everybody =
        |spec: &InboundSpec| spec.from.iter().flat_map(|one| source(profile, one)).any(|a| *a == Addresses::Any);
    let senders = found.map(|spec| spec.from.as_slice()).unwrap_or_default();
    let from = found
        .filter(|spec| !everybody(spec))
        .map(|spec| spec.from.iter().flat_map(|one| source(profile, one)).collect());
    let unlocated = senders.iter().filter_map(|one| Some(one.with(unlocated(profile, one)?))).collect();
    Some(Gateway {
        policy: format!("{}-waf", *name),
        address: PublicIp {
            name: format!("{}-ip", *name),
            configuration: "frontend".to_owned(),
            zones: address_zones(!zones.is_empty()),
            origin: *origin,
        },
        min: min.clone(),
        max: max.clone(),
        zones: in_zones,
        service: service.clone(),
        port: found.map_or_else(|| service.with(443), |spec| spec.port.clone()),
        to: found.map_or_else(|| service.with(Ipv4Addr::UNSPECIFIED), |spec| spec.to.clone()),
        to_port: found.map_or_else(|| service.with(80), |spec| spec.to_port.clone()),
        from,
        unlocated,
        certificate: certificate.clone(),
        name,
        origin: *origin,
    })
}
