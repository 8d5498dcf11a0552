//! Rules as rows, in the order in which the firewall reads them, each with the place it comes from.

use serde::Serialize;

use super::page::subnet_of;
use crate::checks::Checked;
use crate::diag::{Origin, Sources, Span};
use crate::plan::firewall::{AppTargets, NetworkTargets, Rule, RuleBody};
use crate::plan::{Plan, RuleCollection, RuleCollectionGroup, RuleKind, SubnetRole};
use crate::profile::RuleModel;
use crate::rules::{Action, Life};
use crate::value::Addresses;

/// Rules of one kind.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    /// Anchor in the page.
    word: &'static str,
    title: &'static str,
    note: String,
    collections: Vec<CollectionRow>,
}

#[derive(Debug, Serialize)]
struct CollectionRow {
    priority: u32,
    name: String,
    action: &'static str,
    allows: bool,
    /// The pack's title, or nothing.
    title: String,
    why: String,
    source: String,
    reviewed: String,
    place: String,
    rules: Vec<RuleRow>,
}

#[derive(Debug, Serialize)]
struct RuleRow {
    number: usize,
    name: String,
    from: Vec<Source>,
    /// What the entries of `to` are, where it is not plain.
    to_kind: &'static str,
    /// Each in the parts between which a line may break.
    to: Vec<Vec<String>>,
    ports: Vec<String>,
    why: String,
    /// Owner, ticket and end.
    life: String,
    place: String,
}

/// An address or range, and the name of the subnet that it is.
#[derive(Debug, Serialize)]
pub(super) struct Source {
    range: String,
    subnet: String,
}

/// Lines of the profile, found by binary search.
pub(super) struct Place<'a> {
    sources: &'a Sources,
    /// For each source, where its lines begin.
    lines: Vec<Vec<u32>>,
    file: &'a str,
}

impl<'a> Place<'a> {
    /// Looks through every text once.
    pub(super) fn new(checked: &'a Checked) -> Self {
        let starts = |text: &str| {
            let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            breaks.map(|(n, _)| u32::try_from(n).unwrap_or(u32::MAX)).collect()
        };
        let lines = checked.sources.iter().map(|(_, source)| starts(&source.text)).collect();
        Place { sources: &checked.sources, lines, file: &checked.plan.file }
    }

    /// `walkthrough.toml:12`, or the pack's name.
    pub(super) fn span(&self, span: Span) -> String {
        let source = self.sources.get(span.source);
        if source.built_in {
            return source.name.clone();
        }
        let index = self.sources.iter().position(|(id, _)| id == span.source).unwrap_or(0);
        let line = self.lines.get(index).map_or(1, |starts| starts.partition_point(|start| *start < span.start) + 1);
        let name = source.name.rsplit(['/', '\\']).next().filter(|_| index > 0).unwrap_or(self.file);
        format!("{name}:{line}")
    }

    /// Where it is asked for, and the pack that answers.
    fn origin(&self, origin: Origin) -> String {
        self.span(origin.in_profile())
    }
}

/// Every rule of the plan.
pub(super) fn groups(plan: &Plan, place: &Place<'_>) -> Vec<Group> {
    let mut number = 0;
    plan.firewall.groups.iter().map(|group| one_group(plan, group, place, &mut number)).collect()
}

fn one_group(plan: &Plan, group: &RuleCollectionGroup, place: &Place<'_>, number: &mut usize) -> Group {
    let RuleCollectionGroup { name, priority, kind, collections } = group;
    let (title, note) = match kind {
        RuleKind::Dnat => ("DNAT rules", "Read first. They let connections from outside in and translate them."),
        RuleKind::Network => {
            ("Network rules", "Read next. What one of them matches never reaches an application rule.")
        }
        RuleKind::Application => {
            ("Application rules", "Read last, for HTTP, HTTPS and SQL only, by the name that the client sends.")
        }
    };
    let note = match *plan.firewall.rules {
        RuleModel::Policy => format!("{note} Rule collection group {name}, priority {priority}."),
        RuleModel::Classic => note.to_owned(),
    };
    let collections = collections.iter().map(|c| one_collection(plan, c, place, number)).collect();
    Group { word: kind.word(), title, note, collections }
}

fn one_collection(plan: &Plan, collection: &RuleCollection, place: &Place<'_>, number: &mut usize) -> CollectionRow {
    let RuleCollection { name, kind, priority, action, rules, pack, origin } = collection;
    CollectionRow {
        priority: priority.value,
        name: name.value.clone(),
        action: match (kind, action.value) {
            (RuleKind::Dnat, _) => "translate",
            (RuleKind::Network | RuleKind::Application, Action::Allow) => "allow",
            (RuleKind::Network | RuleKind::Application, Action::Deny) => "deny",
        },
        allows: action.value == Action::Allow,
        title: pack.map(|p| p.title.clone()).unwrap_or_default(),
        why: pack.map(|p| p.why.clone()).unwrap_or_default(),
        source: pack.map(|p| p.source.clone()).unwrap_or_default(),
        reviewed: pack.map(|p| p.reviewed.to_string()).unwrap_or_default(),
        place: place.origin(*origin),
        rules: rules
            .iter()
            .map(|rule| {
                *number += 1;
                one_rule(plan, rule, place, *number)
            })
            .collect(),
    }
}

fn one_rule(plan: &Plan, rule: &Rule, place: &Place<'_>, number: usize) -> RuleRow {
    let Rule { name, sources, source_subnets, single_sources: _, source_groups: _, body, description: _, life, origin } =
        rule;
    let (to_kind, to) = targets(plan, body);
    RuleRow {
        number,
        name: name.value.clone(),
        from: {
            let known = sources.iter().map(|a| source(plan, a.value));
            known.chain(source_subnets.iter().map(|role| there_already(plan, *role))).collect()
        },
        to_kind,
        to,
        ports: ports(body),
        why: life.why.as_ref().map(|w| w.value.clone()).unwrap_or_default(),
        life: rest_of(life),
        // A pack's rule stands in the pack; its collection says who asked for it.
        place: place.span(origin.at),
    }
}

/// Owner, ticket and end, as far as they are written.
fn rest_of(life: &Life) -> String {
    let Life { why: _, owner, ticket, expires } = life;
    let mut parts = Vec::new();
    parts.extend(owner.as_ref().map(|o| format!("owner {}", **o)));
    parts.extend(ticket.as_ref().map(|t| format!("ticket {}", **t)));
    parts.extend(expires.as_ref().map(|e| format!("until {}", **e)));
    parts.join(", ")
}

pub(super) fn source(plan: &Plan, addresses: Addresses) -> Source {
    let subnet = match addresses {
        Addresses::Prefix(prefix) => subnet_of(plan, prefix).unwrap_or_default(),
        Addresses::Any | Addresses::One(_) | Addresses::Range(..) => "",
    };
    Source { range: addresses.to_string(), subnet: subnet.to_owned() }
}

/// A subnet as a source whose prefix is read at deployment.
pub(super) fn there_already(plan: &Plan, role: SubnetRole) -> Source {
    let name = plan.network.find(role).map_or("", |subnet| subnet.name.as_str());
    Source { range: "its prefixes".to_owned(), subnet: name.to_owned() }
}

fn targets(plan: &Plan, body: &RuleBody) -> (&'static str, Vec<Vec<String>>) {
    match body {
        RuleBody::Application { protocols: _, to: AppTargets::Fqdns(list), inspect_tls: _ } => {
            ("", list.iter().map(|f| labels(&f.to_string())).collect())
        }
        RuleBody::Application { protocols: _, to: AppTargets::Tags(list), inspect_tls: _ } => {
            ("FQDN tag", list.iter().map(|t| labels(&t.value)).collect())
        }
        RuleBody::Application { protocols: _, to: AppTargets::Urls(list), inspect_tls: _ } => {
            ("URL", list.iter().map(|u| labels(&u.to_string())).collect())
        }
        RuleBody::Application { protocols: _, to: AppTargets::Categories(list), inspect_tls: _ } => {
            ("category", list.iter().map(|c| vec![c.value.clone()]).collect())
        }
        RuleBody::Network { protocols: _, to: NetworkTargets::Addresses(list), ports: _ } => {
            ("", list.iter().map(|a| vec![a.value.to_string()]).collect())
        }
        RuleBody::Network { protocols: _, to: NetworkTargets::IpGroups { groups, members: _ }, ports: _ } => {
            let groups = groups.iter().filter_map(|at| plan.firewall.ip_groups.get(*at));
            ("IP group", groups.map(|group| vec![group.name.value.clone()]).collect())
        }
        RuleBody::Network { protocols: _, to: NetworkTargets::ServiceTags(list), ports: _ } => {
            ("service tag", list.iter().map(|t| labels(&t.value)).collect())
        }
        RuleBody::Network { protocols: _, to: NetworkTargets::Fqdns(list), ports: _ } => {
            ("", list.iter().map(|f| labels(&f.to_string())).collect())
        }
        RuleBody::Dnat { protocol: _, public_ip, port, to, to_port } => {
            let outside = plan.firewall.address_name(*public_ip);
            ("", vec![vec![format!("{outside}:{port} "), format!("→ {to}:{to_port}")]])
        }
    }
}

/// Letters that fit into a line of the column for targets.
const LINE: usize = 36;

/// A name whole or, where it is too long for a line, as its labels, each with the dot that ends it.
fn labels(name: &str) -> Vec<String> {
    if name.len() <= LINE { vec![name.to_owned()] } else { name.split_inclusive('.').map(str::to_owned).collect() }
}

fn ports(body: &RuleBody) -> Vec<String> {
    match body {
        RuleBody::Application { protocols, to: _, inspect_tls } => {
            let inside = if *inspect_tls { ", inspected" } else { "" };
            protocols.iter().map(|(protocol, port)| format!("{}:{port}{inside}", protocol.word())).collect()
        }
        RuleBody::Network { protocols, to: _, ports } => {
            let pairs = protocols.iter().flat_map(|protocol| ports.iter().map(move |range| (protocol.word(), range)));
            pairs.map(|(word, range)| format!("{word}:{range}")).collect()
        }
        RuleBody::Dnat { protocol, public_ip: _, port, to: _, to_port: _ } => {
            vec![format!("{}:{port}", protocol.word())]
        }
    }
}
