//! `[gateway]`: an application gateway with a web application firewall in front of one published service.

use super::codes::CONFLICTING_KEYS;
use super::{InboundSpec, raw, texts};
use crate::diag::{At, Origin};
use crate::rules::codes::UNKNOWN_REFERENCE;
use crate::rules::cursor::{Item, Table, shown};
use crate::rules::values;
use crate::tables::limits;
use crate::value::IpProtocol;

/// `[gateway]`
#[derive(Debug, Clone)]
pub struct GatewaySpec {
    /// Its name; `None` follows from the profile's.
    pub name: Option<At<String>>,
    /// The service of `[[inbound]]` that it publishes.
    pub service: At<String>,
    /// The fewest instances.
    pub min: At<u32>,
    /// The most instances.
    pub max: At<u32>,
    /// Availability zones.
    pub zones: Vec<At<u8>>,
    /// What it shows to clients; none is plain HTTP.
    pub certificate: Option<GatewayCertificate>,
    /// Its header.
    pub origin: Origin,
}

/// A certificate in a key vault, and the identity that reads it.
#[derive(Debug, Clone)]
pub struct GatewayCertificate {
    /// The secret's ID.
    pub secret: At<String>,
    /// ID of a user-assigned identity that somebody made.
    pub identity: At<String>,
}

/// Reads `[gateway]`, when it is written.
pub(super) fn read(root: &Table<'_>, inbound: &[InboundSpec]) -> Option<GatewaySpec> {
    if !root.has("gateway") {
        return None;
    }
    let gateway = root.table("gateway", raw::GATEWAY, |t| {
        let service = t.required("service", |item| published(item, inbound));
        let name = t.get("name", values::text);
        let zones = t.list("zones", texts::zone);
        let certificate = t.has("certificate").then(|| certificate(t));
        let (min, max) = t.table("capacity", raw::GATEWAY_CAPACITY, |t| {
            let number = |item: &Item<'_>| item.number(limits::GATEWAY_INSTANCES);
            (t.get("min", number).or(t.origin, || 2), t.get("max", number).or(t.origin, || 10))
        });
        let sound = !service.failed() && !zones.failed();
        GatewaySpec {
            name: name.read(),
            service: service.or(t.origin, String::new),
            min,
            max,
            zones: zones.list(),
            certificate,
            origin: t.place_if(sound),
        }
    });
    speaks_http(root, &gateway, inbound);
    Some(gateway)
}

fn certificate(t: &Table<'_>) -> GatewayCertificate {
    t.table("certificate", raw::GATEWAY_CERTIFICATE, |t| GatewayCertificate {
        secret: t.required("secret", texts::secret_id).or(t.origin, String::new),
        identity: t.required("identity", texts::identity_id).or(t.origin, String::new),
    })
}

fn published(item: &Item<'_>, inbound: &[InboundSpec]) -> Option<String> {
    let name = item.words()?;
    if inbound.iter().any(|service| *service.name == name) {
        return Some(name.to_owned());
    }
    // It may be one of those that could not be read.
    if inbound.iter().any(|service| service.name.origin.poisoned) {
        return Some(name.to_owned());
    }
    let known = inbound.iter().map(|service| service.name.as_str());
    let message = format!("`{}` is no service of `[[inbound]]`", shown(name));
    item.refuse(&UNKNOWN_REFERENCE, message, "refers to nothing", |f| item.suggest(f, name, known))
}

/// What belongs to DNAT alone says nothing about a service that a gateway publishes.
fn speaks_http(root: &Table<'_>, gateway: &GatewaySpec, inbound: &[InboundSpec]) {
    let Some(service) = inbound.iter().find(|service| *service.name == *gateway.service) else { return };
    if *service.protocol == IpProtocol::Udp {
        let message = format!("service `{}` is UDP, and an application gateway speaks HTTP", shown(&service.name));
        root.cx
            .raise(&CONFLICTING_KEYS, service.protocol.origin, message, "not over a gateway")
            .also(gateway.service.origin, "published by the gateway")
            .help("publish it without the gateway, or as tcp");
    }
    if let Some(priority) = &service.priority {
        let message = format!("service `{}` has a priority among DNAT rules, and no such rule", shown(&service.name));
        root.cx
            .raise(&CONFLICTING_KEYS, priority.origin, message, "nothing would apply this")
            .also(gateway.service.origin, "published by the gateway")
            .help("remove `priority`");
    }
}
