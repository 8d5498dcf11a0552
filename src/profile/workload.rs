//! `[[inbound]]`, `[[expect]]` and `[[waive]]`: what is published, what must be reachable, and what is accepted.

use std::net::Ipv4Addr;

use super::codes::BAD_KEY_PATH;
use super::egress::subnet_names;
use super::network_codes::INCOMPLETE_NETWORK;
use super::{EgressSpec, Endpoint, ExpectSpec, InboundSpec, NetworkSpec, WaiveSpec, WaivedPlace, raw, texts};
use crate::rules::codes::UNKNOWN_REFERENCE;
use crate::rules::cursor::{Item, Table, shown};
use crate::rules::path::KeyPath;
use crate::rules::read::{self, Scope};
use crate::rules::{Action, SourceSpec, packs, values};
use crate::value::{Addresses, IpProtocol};

/// Reads `[[inbound]]`.
pub(super) fn inbound(root: &Table<'_>, network: &NetworkSpec, egress: &EgressSpec) -> Vec<InboundSpec> {
    let subnets = subnet_names(network);
    let scope = Scope { subnets: &subnets, groups: &egress.groups };
    let list = root.tables("inbound", raw::INBOUND, |t| inbound_entry(t, scope));
    read::unique(root.cx, "inbound service", list.iter().map(|i| &i.name));
    if let (None, Some(id), [first, ..]) = (&network.ingress, &network.existing, list.as_slice()) {
        let message = "`ingress` is missing: in which subnet of the network the services get their addresses";
        root.cx
            .raise(
                &INCOMPLETE_NETWORK,
                first.origin,
                message,
                "published by a load balancer with an address of that subnet",
            )
            .also(id.origin, "the network of somebody else")
            .help(
                "write `ingress` into `[network.subnets]`: the name of a subnet that is there, or a prefix to add one",
            );
    }
    list
}

fn inbound_entry(t: &Table<'_>, scope: Scope<'_>) -> InboundSpec {
    let name = t.required("name", values::text).or(t.origin, || "inbound".to_owned());
    let port = t.required("port", port).or(t.origin, || 443);
    let protocols = [("tcp", IpProtocol::Tcp), ("udp", IpProtocol::Udp)];
    let protocol = t.get("protocol", |i| i.one_of(&protocols)).or(t.origin, || IpProtocol::Tcp);
    let to = t.required("to", texts::socket).or(t.origin, || (Ipv4Addr::UNSPECIFIED, 443));
    let from = t.required_some("from", |i| scope.source(i));
    let origin = t.place_if(!from.failed());
    InboundSpec {
        name,
        port,
        protocol,
        to_port: to.with(to.value.1),
        to: to.map(|(address, _)| address),
        from: from.list(),
        priority: t.get("priority", values::priority).read(),
        origin,
    }
}

fn port(item: &Item<'_>) -> Option<u16> {
    item.number(1..=65_535).and_then(|n| u16::try_from(n).ok())
}

/// Reads `[[expect]]`.
pub(super) fn expect(root: &Table<'_>, network: &NetworkSpec, egress: &EgressSpec) -> Vec<ExpectSpec> {
    let subnets = subnet_names(network);
    let scope = Scope { subnets: &subnets, groups: &[] };
    root.tables("expect", raw::EXPECT, |t| {
        let nowhere = || Endpoint::Ip { protocol: IpProtocol::Tcp, address: Ipv4Addr::UNSPECIFIED, port: 443 };
        let from = t.required("from", |i| place(i, scope));
        let to = t.required("to", texts::endpoint);
        let verdict = t.get("verdict", |i| i.one_of(read::ACTIONS));
        let by = t.get("by", |i| deciding(i, egress));
        let sound = !from.failed() && !to.failed() && !verdict.failed() && !by.failed();
        ExpectSpec {
            from: from.or(t.origin, || SourceSpec::Named("nodes".to_owned())),
            to: to.or(t.origin, nowhere),
            verdict: verdict.or(t.origin, || Action::Allow),
            by: by.read(),
            origin: t.place_if(sound),
        }
    })
}

/// A subnet or one address.
fn place(item: &Item<'_>, scope: Scope<'_>) -> Option<SourceSpec> {
    let source = scope.source(item)?;
    if matches!(source, SourceSpec::Named(_) | SourceSpec::Addresses(Addresses::One(_))) {
        return Some(source);
    }
    let message = format!("`{}` is more than one place", item.quoted_text().map_or_else(String::new, shown));
    item.refuse(&UNKNOWN_REFERENCE, message, "one subnet or one address stands here", |_| ())
}

/// The collection or rule that must decide.
fn deciding(item: &Item<'_>, egress: &EgressSpec) -> Option<String> {
    let name = item.words()?;
    let rules = egress.collections.iter().flat_map(|c| &c.rules).map(|r| r.name.as_str());
    let known = egress.collections.iter().map(|c| c.name.as_str()).chain(rules);
    if known.clone().any(|k| k == name) {
        return Some(name.to_owned());
    }
    // It may be one of those that could not be read, or a pack that something unreadable asks for.
    if !egress.names_whole || packs::find(name).is_some() && item.cx.has_errors() {
        return None;
    }
    let message = format!("`{}` is no collection and no rule", shown(name));
    item.refuse(&UNKNOWN_REFERENCE, message, "refers to nothing", |f| item.suggest(f, name, known))
}

/// Reads `[[waive]]`.
pub(super) fn waive(root: &Table<'_>) -> Vec<WaiveSpec> {
    root.tables("waive", raw::WAIVE, |t| {
        let check = t.required("check", values::text);
        let place = t.get("where", |i| waived_place(root, i));
        let reason = t.required("reason", values::text);
        let sound = !check.failed() && !place.failed();
        WaiveSpec {
            check: check.or(t.origin, String::new),
            place: place.read(),
            reason: reason.or(t.origin, String::new),
            until: t.get("until", values::date).read(),
            origin: t.place_if(sound),
        }
    })
}

fn waived_place(root: &Table<'_>, item: &Item<'_>) -> Option<WaivedPlace> {
    let text = item.words()?;
    let Some(path) = KeyPath::parse(text) else {
        let message = format!("`{}` is no key path", shown(text));
        return item.refuse(&BAD_KEY_PATH, message, "keys with dots between them stand here", |_| ());
    };
    Some(WaivedPlace::new(text.to_owned(), root.places(&path)))
}
