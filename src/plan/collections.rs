//! Rule collections as the firewall has them, made of those of the profile, its packs and its published services.

use super::SubnetRole;
use super::firewall::{
    AppTargets, INBOUND_PRIORITY, IpGroup, NetworkTargets, Rule, RuleBody, RuleCollection, RuleCollectionGroup,
    RuleKind,
};
use crate::diag::{At, Origin};
use crate::profile::{Cni, InboundSpec, Profile, SubnetSpec};
use crate::rules::{self, Action, GroupMembers, Life, PortSpec, SourceSpec, Targets};
use crate::value::{Addresses, AppProtocol, Fqdn, IpProtocol, Ports};

/// Sets of addresses as resources, where the profile wants them so.
pub(super) fn ip_groups(profile: &Profile) -> Vec<IpGroup> {
    if !*profile.egress.ip_groups {
        return Vec::new();
    }
    let of_addresses = |group: &rules::Group| match &group.members {
        GroupMembers::Addresses(members) => Some(IpGroup { name: group.name.clone(), members: members.clone() }),
        GroupMembers::Fqdns(_) => None,
    };
    profile.egress.groups.iter().filter_map(of_addresses).collect()
}

/// The place of an IP group among the others.
fn ip_group(profile: &Profile, name: &str) -> Option<usize> {
    ip_groups(profile).iter().position(|group| *group.name == name)
}

pub(super) fn groups(profile: &Profile) -> Vec<RuleCollectionGroup> {
    let mut collections: Vec<RuleCollection> =
        profile.egress.collections.iter().filter_map(|c| collection(profile, c)).collect();
    collections.extend(inbound_collections(&profile.inbound, profile));
    let existing = profile.firewall.existing.as_ref();
    [RuleKind::Dnat, RuleKind::Network, RuleKind::Application]
        .into_iter()
        .filter_map(|kind| {
            let mut collections: Vec<_> = collections.iter().filter(|c| c.kind == kind).cloned().collect();
            if existing.is_some() {
                collections.iter_mut().for_each(|c| c.priority.value = c.priority.value.saturating_add(kind.offset()));
            }
            // The sort is stable: equal priorities are an error elsewhere, here they keep the order of writing.
            collections.sort_by_key(|c| c.priority.value);
            (!collections.is_empty()).then(|| RuleCollectionGroup {
                name: existing.map_or_else(|| kind.word().to_owned(), |_| profile.name.value.clone()),
                priority: existing.map_or_else(|| kind.group_priority(), |own| *own.priority),
                kind,
                collections,
            })
        })
        .collect()
}

fn collection(profile: &Profile, spec: &rules::Collection) -> Option<RuleCollection> {
    let rules: Vec<Rule> = spec.rules.iter().filter(|r| r.enabled).flat_map(|r| rule(profile, spec, r)).collect();
    let kind = match rules.first()?.body {
        RuleBody::Application { .. } => RuleKind::Application,
        RuleBody::Network { .. } => RuleKind::Network,
        RuleBody::Dnat { .. } => RuleKind::Dnat,
    };
    Some(RuleCollection {
        name: spec.name.clone(),
        kind,
        priority: spec.priority.clone(),
        action: spec.action.clone(),
        rules,
        pack: spec.pack,
        origin: spec.origin,
    })
}

/// One rule of the profile is one rule of Azure, or several: one per set of ports that its network protocols share, and one
/// per further port of the same application protocol, since the CLI cannot write two into one rule of a policy.
fn rule(profile: &Profile, collection: &rules::Collection, spec: &rules::Rule) -> Vec<Rule> {
    let written = spec.from.as_ref().or(collection.from.as_ref());
    let from = written.cloned().unwrap_or_else(|| seen_by_firewall(profile, spec.origin));
    let sources: Vec<_> = from.iter().flat_map(|one| source(profile, one)).collect();
    let source_subnets = unlocated_of(profile, &from);
    let (single_sources, source_groups) = by_group(profile, &from);
    let make = |name: At<String>, body: RuleBody| Rule {
        name,
        sources: sources.clone(),
        source_subnets: source_subnets.clone(),
        single_sources: single_sources.clone(),
        source_groups: source_groups.clone(),
        body,
        description: description(&spec.life),
        life: spec.life.clone(),
        origin: spec.origin,
    };
    let app = app_protocols(&spec.ports);
    if !app.is_empty() {
        return by_repetition(&app)
            .into_iter()
            .enumerate()
            .map(|(number, protocols)| {
                let name = match number {
                    0 => spec.name.clone(),
                    _ => spec.name.with(format!("{}-{}", *spec.name, number + 1)),
                };
                make(name, {
                    let inspect_tls = spec.inspect_tls;
                    RuleBody::Application { protocols, to: app_targets(profile, &spec.to), inspect_tls }
                })
            })
            .collect();
    }
    let to = network_targets(profile, &spec.to);
    let by_ports = network_ports(&spec.ports);
    let split = by_ports.len() > 1;
    by_ports
        .into_iter()
        .map(|(protocols, ports)| {
            let name = match protocols.first() {
                Some(protocol) if split => spec.name.with(format!("{}-{}", *spec.name, protocol.word())),
                _ => spec.name.clone(),
            };
            make(name, RuleBody::Network { protocols, to: to.clone(), ports })
        })
        .collect()
}

fn app_protocols(ports: &[At<PortSpec>]) -> Vec<(AppProtocol, u16)> {
    let mut list: Vec<_> = ports
        .iter()
        .filter_map(|p| match p.value {
            PortSpec::App(protocol, port) => Some((protocol, port)),
            PortSpec::Ip(..) => None,
        })
        .collect();
    list.sort_unstable();
    list.dedup();
    list
}

/// The first port of every protocol, then the second ports, and so on; order within each is kept.
fn by_repetition(protocols: &[(AppProtocol, u16)]) -> Vec<Vec<(AppProtocol, u16)>> {
    let mut rules: Vec<Vec<(AppProtocol, u16)>> = Vec::new();
    for entry in protocols {
        match rules.iter_mut().find(|rule| rule.iter().all(|(protocol, _)| *protocol != entry.0)) {
            Some(rule) => rule.push(*entry),
            None => rules.push(vec![*entry]),
        }
    }
    rules
}

/// Protocols that share the same ports, so that no rule opens more than was written.
fn network_ports(ports: &[At<PortSpec>]) -> Vec<(Vec<IpProtocol>, Vec<Ports>)> {
    let mut by_protocol: Vec<(IpProtocol, Vec<Ports>)> = Vec::new();
    for port in ports {
        let PortSpec::Ip(protocol, range) = port.value else { continue };
        match by_protocol.iter_mut().find(|(p, _)| *p == protocol) {
            Some((_, list)) => list.push(range),
            None => by_protocol.push((protocol, vec![range])),
        }
    }
    by_protocol.sort_by_key(|(protocol, _)| *protocol);
    let mut merged: Vec<(Vec<IpProtocol>, Vec<Ports>)> = Vec::new();
    for (protocol, mut list) in by_protocol {
        list.sort_unstable();
        list.dedup();
        match merged.iter_mut().find(|(_, other)| *other == list) {
            Some((protocols, _)) => protocols.push(protocol),
            None => merged.push((vec![protocol], list)),
        }
    }
    merged
}

fn app_targets(profile: &Profile, to: &Targets) -> AppTargets {
    match to {
        Targets::Fqdns(list) => AppTargets::Fqdns(list.clone()),
        Targets::FqdnTags(list) => AppTargets::Tags(list.clone()),
        Targets::Urls(list) => AppTargets::Urls(list.clone()),
        Targets::Categories(list) => AppTargets::Categories(list.clone()),
        Targets::Groups(names) => AppTargets::Fqdns(group_fqdns(profile, names)),
        // An address under `https:` is an error of form; the plan stays total.
        Targets::Addresses(_) | Targets::ServiceTags(_) => AppTargets::Fqdns(Vec::new()),
    }
}

fn network_targets(profile: &Profile, to: &Targets) -> NetworkTargets {
    match to {
        Targets::Fqdns(list) => NetworkTargets::Fqdns(list.clone()),
        Targets::Addresses(list) => NetworkTargets::Addresses(list.clone()),
        Targets::ServiceTags(list) => NetworkTargets::ServiceTags(list.clone()),
        Targets::Groups(names) => {
            let fqdns = group_fqdns(profile, names);
            if fqdns.is_empty() {
                let members = names.iter().flat_map(|n| group_addresses(profile, n)).collect();
                match names.iter().map(|name| ip_group(profile, name)).collect::<Option<Vec<_>>>() {
                    Some(groups) => NetworkTargets::IpGroups { groups, members },
                    None => NetworkTargets::Addresses(members),
                }
            } else {
                NetworkTargets::Fqdns(fqdns)
            }
        }
        // With network ports these are an error of form; the plan stays total.
        Targets::FqdnTags(_) | Targets::Urls(_) | Targets::Categories(_) => NetworkTargets::Fqdns(Vec::new()),
    }
}

fn group_fqdns(profile: &Profile, names: &[At<String>]) -> Vec<At<Fqdn>> {
    let mut list = Vec::new();
    for name in names {
        let Some(group) = profile.egress.groups.iter().find(|g| *g.name == name.value) else { continue };
        if let GroupMembers::Fqdns(members) = &group.members {
            list.extend(members.iter().map(|m| At::new(m.value.clone(), m.origin)));
        }
    }
    list
}

fn group_addresses(profile: &Profile, name: &At<String>) -> Vec<At<Addresses>> {
    match profile.egress.groups.iter().find(|g| *g.name == name.value).map(|g| &g.members) {
        Some(GroupMembers::Addresses(members)) => members.clone(),
        Some(GroupMembers::Fqdns(_)) | None => Vec::new(),
    }
}

/// Subnets whose addresses the firewall sees as sources under this CNI (F3.3): where rules come from unless they say so.
fn seen_by_firewall(profile: &Profile, origin: Origin) -> Vec<At<SourceSpec>> {
    let named = |role: SubnetRole| At::new(SourceSpec::Named(role.word().to_owned()), origin);
    match *profile.cni {
        // Overlay and kubenet translate pod addresses to the node's; flat pods live in the node subnet. So do most plugins
        // that somebody brings.
        Cni::AzureOverlay | Cni::Kubenet | Cni::Azure | Cni::None => vec![named(SubnetRole::Nodes)],
        // Pods leave with addresses of their own, nodes with theirs.
        Cni::AzurePodSubnet => vec![named(SubnetRole::Nodes), named(SubnetRole::Pods)],
    }
}

/// Sources that no IP group stands for, and the IP groups.
fn by_group(profile: &Profile, list: &[At<SourceSpec>]) -> (Vec<At<Addresses>>, Vec<usize>) {
    let (mut single, mut groups) = (Vec::new(), Vec::new());
    for spec in list {
        let group = match &spec.value {
            SourceSpec::Named(name) if subnet(profile, name).is_none() => ip_group(profile, name),
            SourceSpec::Named(_) | SourceSpec::Addresses(_) => None,
        };
        match group {
            Some(group) => groups.push(group),
            None => single.extend(source(profile, spec)),
        }
    }
    groups.sort_unstable();
    groups.dedup();
    (single, groups)
}

pub(super) fn source(profile: &Profile, spec: &At<SourceSpec>) -> Vec<At<Addresses>> {
    match &spec.value {
        SourceSpec::Addresses(addresses) => vec![spec.with(*addresses)],
        SourceSpec::Named(name) => match subnet(profile, name) {
            Some((_, subnet)) => subnet.prefix.iter().map(|prefix| spec.with(Addresses::Prefix(**prefix))).collect(),
            None => group_addresses(profile, &spec.with(name.clone()))
                .into_iter()
                .map(|a| At::new(a.value, spec.origin))
                .collect(),
        },
    }
}

/// The subnet that a source names, where its prefix is read at deployment.
pub(super) fn unlocated(profile: &Profile, spec: &SourceSpec) -> Option<SubnetRole> {
    match spec {
        SourceSpec::Addresses(_) => None,
        SourceSpec::Named(name) => subnet(profile, name)
            .filter(|(_, subnet)| subnet.prefix.is_none())
            .and_then(|(role, _)| SubnetRole::of(role)),
    }
}

fn unlocated_of(profile: &Profile, list: &[At<SourceSpec>]) -> Vec<SubnetRole> {
    let mut roles: Vec<_> = list.iter().filter_map(|spec| unlocated(profile, spec)).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// A subnet by its role or by its name in Azure, with its role.
pub(crate) fn subnet<'a>(profile: &'a Profile, name: &str) -> Option<(&'static str, &'a SubnetSpec)> {
    let all = profile.network.subnets();
    let by_role = all.iter().find(|(role, _)| *role == name);
    by_role.or_else(|| all.iter().find(|(_, s)| s.name.eq_ignore_ascii_case(name))).copied()
}

fn description(life: &Life) -> String {
    let mut parts = Vec::new();
    parts.extend(life.why.as_ref().map(|w| w.value.clone()));
    parts.extend(life.owner.as_ref().map(|o| format!("owner: {}", o.value)));
    parts.extend(life.ticket.as_ref().map(|t| format!("ticket: {}", t.value)));
    parts.extend(life.expires.as_ref().map(|e| format!("until {}", e.value)));
    parts.join("; ")
}

fn inbound_collections(inbound: &[InboundSpec], profile: &Profile) -> Vec<RuleCollection> {
    let mut list: Vec<RuleCollection> = Vec::new();
    // What the gateway publishes needs no rule: nobody else comes in there.
    let by_gateway = |spec: &&InboundSpec| profile.gateway.as_ref().is_some_and(|one| *one.service == *spec.name);
    for spec in inbound.iter().filter(|spec| !by_gateway(spec)) {
        let priority = spec.priority.clone().unwrap_or_else(|| spec.name.with(INBOUND_PRIORITY));
        let (single_sources, source_groups) = by_group(profile, &spec.from);
        let rule = Rule {
            name: spec.name.clone(),
            source_subnets: unlocated_of(profile, &spec.from),
            single_sources,
            source_groups,
            sources: spec.from.iter().flat_map(|s| source(profile, s)).collect(),
            body: RuleBody::Dnat {
                protocol: *spec.protocol,
                public_ip: 0,
                port: *spec.port,
                to: *spec.to,
                to_port: *spec.to_port,
            },
            description: String::new(),
            life: Life::default(),
            origin: spec.origin,
        };
        match list.iter_mut().find(|c| c.priority.value == priority.value) {
            Some(collection) => collection.rules.push(rule),
            None => list.push(RuleCollection {
                name: spec.name.with(match priority.value {
                    INBOUND_PRIORITY => "inbound".to_owned(),
                    other => format!("inbound-{other}"),
                }),
                kind: RuleKind::Dnat,
                priority,
                action: At::new(Action::Allow, spec.origin),
                rules: vec![rule],
                pack: None,
                origin: spec.origin,
            }),
        }
    }
    list
}
