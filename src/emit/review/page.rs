//! What the templates of the review receive: texts and flags in reading order, nothing left to compute.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::added::{self, AddedRow};
use super::deploy::{commands, deploy_alone, has_secret};
use super::life::{EndingRow, OffRow, calendar, switched_off};
use super::others::others;
use super::rows::{Group, Place, Source, groups, source, there_already};
use super::settings::{dns, settings};
use super::{grouped, resources};
use crate::checks::Checked;
use crate::diag::{Finding, Severity};
use crate::plan::{Assumption, Layers, NextHop, Plan, Probe, RoleScope, RuleKind};
use crate::profile::{Endpoints, RegistrySpec, RuleModel, WaiveSpec};
use crate::rules::Action;

/// The whole document.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    /// Name of the profile.
    name: String,
    /// Base name of its file.
    file: String,
    /// That the file is generated, and from what.
    generated: String,
    /// What will exist, in two sentences.
    lead: String,
    /// Key facts.
    facts: Vec<Fact>,
    /// Warnings, in the order of the file.
    findings: Vec<FindingRow>,
    /// Findings that the profile accepts.
    waivers: Vec<WaiverRow>,
    /// What threat intelligence does before any rule.
    threat_intel: &'static str,
    /// Rules by kind, in the order of evaluation.
    groups: Vec<Group>,
    /// Packs in use.
    packs: Vec<PackRow>,
    /// What ends, by day.
    calendar: Vec<EndingRow>,
    /// What is switched off.
    switched_off: Vec<OffRow>,
    /// What the default deny means here.
    deny: Vec<String>,
    /// Published services.
    inbound: Vec<InboundRow>,
    /// Expectations.
    expectations: Vec<ExpectationRow>,
    /// Subnets.
    subnets: Vec<SubnetRow>,
    /// Name of the route table.
    route_table: String,
    /// Routes.
    routes: Vec<RouteRow>,
    /// How names are resolved.
    dns: Vec<String>,
    /// Cluster, identity, logs.
    settings: Vec<Fact>,
    /// Role assignments.
    roles: Vec<RoleRow>,
    /// Everything that will exist.
    resources: Vec<resources::Resource>,
    /// What people add by hand.
    added: Vec<AddedRow>,
    /// What is taken for granted about resources that others own.
    assumptions: Vec<AssumptionRow>,
    /// What other people have to do.
    others: Vec<String>,
    /// What only the deployment shows.
    unknown: Vec<String>,
    /// Files that this was made from.
    inputs: Vec<InputRow>,
    /// How to deploy the template alone, or why not.
    deploy_alone: &'static str,
    /// Whether there are two templates.
    layered: bool,
    /// Templates in the order of deployment.
    arm: Vec<&'static str>,
    /// The same in Bicep.
    bicep: Vec<&'static str>,
    /// Commands that deploy it; joined to the page without passing through a template.
    #[serde(skip)]
    pub(super) commands: Vec<String>,
}

/// A name and what it is.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
}

#[derive(Debug, Serialize)]
struct FindingRow {
    severity: String,
    id: &'static str,
    message: Vec<Words>,
    place: String,
    help: Vec<Words>,
}

/// A piece of a message: plain words, or a value that the message sets between backticks.
#[derive(Debug, PartialEq, Serialize)]
struct Words {
    code: bool,
    text: String,
}

#[derive(Debug, Serialize)]
struct WaiverRow {
    check: String,
    /// The key path, or nothing where it holds everywhere.
    path: String,
    reason: String,
    /// The last day, or nothing.
    until: String,
    place: String,
    /// What it covers.
    covers: Vec<WaivedRow>,
}

#[derive(Debug, Serialize)]
struct WaivedRow {
    message: Vec<Words>,
    place: String,
}

#[derive(Debug, Serialize)]
struct PackRow {
    name: &'static str,
    title: String,
    source: String,
    reviewed: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct InboundRow {
    name: String,
    outside: String,
    inside: String,
    from: Vec<Source>,
    manifest: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct ExpectationRow {
    from: Vec<Source>,
    to: String,
    verdict: &'static str,
    by: String,
    probe: &'static str,
    place: String,
}

#[derive(Debug, Serialize)]
struct SubnetRow {
    name: String,
    prefix: String,
    range: String,
    size: String,
    /// Where its traffic goes.
    way: &'static str,
    endpoints: Vec<String>,
    place: String,
}

#[derive(Debug, Serialize)]
struct RouteRow {
    name: String,
    to: String,
    hop: String,
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct RoleRow {
    role: &'static str,
    scope: String,
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct AssumptionRow {
    sentence: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct InputRow {
    name: String,
    sha256: String,
}

impl Page {
    /// Words for everything in a plan.
    pub(super) fn of(checked: &Checked) -> Page {
        let plan = &checked.plan;
        let place = Place::new(checked);
        let findings: Vec<_> = checked.findings.iter().filter_map(|f| finding(f, &place)).collect();
        Page {
            name: plan.name.value.clone(),
            file: plan.file.clone(),
            generated: super::generated_from(plan),
            lead: lead(plan),
            facts: facts(plan, findings.len()),
            findings,
            waivers: waivers(checked, &place),
            threat_intel: threat_intel(plan),
            groups: groups(plan, &place),
            packs: packs(plan, &place),
            calendar: calendar(plan, &place),
            switched_off: switched_off(plan, &place),
            deny: deny(plan),
            inbound: inbound(plan, &place),
            expectations: expectations(plan, &place),
            subnets: subnets(plan, &place),
            route_table: plan.routes.name.value.clone(),
            routes: routes(plan),
            dns: dns(plan),
            settings: settings(plan),
            roles: roles(plan),
            resources: resources::list(plan),
            added: added::rows(plan, &place),
            assumptions: plan.assumptions.iter().map(|one| assumption(one, &place)).collect(),
            others: others(plan),
            unknown: unknown(plan),
            inputs: inputs(checked),
            deploy_alone: deploy_alone(plan),
            layered: plan.layers == Layers::Two,
            arm: match plan.layers {
                Layers::One | Layers::Network => vec!["arm/main.json"],
                Layers::Two => vec!["arm/network.json", "arm/cluster.json"],
            },
            bicep: match plan.layers {
                Layers::One | Layers::Network => vec!["bicep/main.bicepparam"],
                Layers::Two => vec!["bicep/network.bicepparam", "bicep/cluster.bicepparam"],
            },
            commands: commands(plan),
        }
    }
}

/// `1 rule`, `2 rules`
fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        n => format!("{} {what}s", grouped(n as u64)),
    }
}

fn assumption(assumption: &Assumption, place: &Place<'_>) -> AssumptionRow {
    AssumptionRow { sentence: assumption.sentence(), place: place.span(assumption.origin.in_profile()) }
}

fn lead(plan: &Plan) -> String {
    let allowing = plan.firewall.collections().filter(|(g, c)| g.kind != RuleKind::Dnat && *c.action == Action::Allow);
    let rules = allowing.map(|(_, c)| c.rules.len()).sum();
    let inbound = match plan.inbound.len() {
        0 => String::new(),
        n => format!(" {} can be reached from outside.", count(n, "service")),
    };
    let (region, nodes) = (&*plan.region, nodes(plan));
    let made = if plan.layers.has_cluster() { "with" } else { "for" };
    let what = match (&plan.network.existing, &plan.firewall.existing) {
        (None, _) => format!("A network in {region} {made} an AKS cluster of {nodes}"),
        (Some(_), None) => {
            format!("A firewall in somebody else's network in {region} {made} an AKS cluster of {nodes}")
        }
        (Some(_), Some(_)) if plan.layers.has_cluster() => {
            format!("An AKS cluster of {nodes} in somebody else's network in {region}")
        }
        (Some(_), Some(_)) => {
            format!("Routes and rules for an AKS cluster of {nodes} in somebody else's network in {region}")
        }
    };
    let (way, denied) = match (&plan.firewall.existing, &plan.firewall.parent_policy) {
        (Some(_), _) => {
            ("a firewall of somebody else", "; what others wrote into its policy decides about everything else")
        }
        (None, Some(_)) => ("Azure Firewall", " after those of a parent policy; everything else is denied"),
        (None, None) => ("Azure Firewall", "; everything else is denied"),
    };
    let own =
        if plan.hub.is_some() { " The firewall has a network of its own, peered with the cluster's." } else { "" };
    format!(
        "{what}, whose outbound traffic leaves through {way}.{}{own} {} let traffic out{denied}.{inbound}",
        layers(plan),
        count(rules, "rule"),
    )
}

fn layers(plan: &Plan) -> &'static str {
    match plan.layers {
        Layers::One => "",
        Layers::Network => " The cluster is made by somebody else, in this network.",
        Layers::Two => " Network and cluster are two layers, which two teams may deploy.",
    }
}

/// `2 nodes`, `up to 9 nodes in 3 pools`
fn nodes(plan: &Plan) -> String {
    let pools = &plan.cluster.pools;
    let most = count(usize::try_from(plan.cluster.nodes()).unwrap_or(usize::MAX), "node");
    let fixed = pools.iter().all(|pool| pool.nodes.least() == pool.nodes.most());
    let most = if fixed { most } else { format!("up to {most}") };
    match pools.len() {
        1 => most,
        several => format!("{most} in {}", count(several, "pool")),
    }
}

fn facts(plan: &Plan, warnings: usize) -> Vec<Fact> {
    let firewall = &plan.firewall;
    let spaces: Vec<_> = plan.network.address_space.iter().map(|s| s.to_string()).collect();
    let model = match *firewall.rules {
        RuleModel::Policy if firewall.existing.is_some() => "of somebody else",
        RuleModel::Policy => "rules in a policy",
        RuleModel::Classic => "classic rules",
    };
    let collections = firewall.collections().count();
    let rules = firewall.collections().map(|(_, c)| c.rules.len()).sum();
    let mut findings = if warnings == 0 { "none".to_owned() } else { count(warnings, "warning") };
    if !plan.waivers.is_empty() {
        findings += &format!(", {}", count(plan.waivers.len(), "waiver"));
    }
    let mut list = vec![Fact { label: "Resource group", value: plan.resource_group.value.clone() }];
    if let Some(hub) = &plan.hub {
        let spaces: Vec<_> = hub.network.address_space.iter().map(|s| s.to_string()).collect();
        list.push(Fact { label: "Resource group of the hub", value: hub.resource_group.value.clone() });
        list.push(Fact { label: "Hub", value: format!("{}, {}", *hub.network.name, spaces.join(", ")) });
    }
    list.extend([
        Fact { label: "Region", value: format!("{}, {}", *plan.region, plan.cloud.title()) },
        Fact {
            label: "Network",
            value: match &plan.network.existing {
                Some(id) => format!("{}, of somebody else, in {}", *plan.network.name, id.group),
                None => format!("{}, {}", *plan.network.name, spaces.join(", ")),
            },
        },
        Fact { label: "Firewall", value: format!("{}, {}, {model}", *firewall.name, firewall.tier.word()) },
        Fact { label: "Next hop", value: firewall.private_ip.to_string() },
        Fact { label: "Public addresses", value: firewall.address_count().to_string() },
        Fact { label: "Rules", value: format!("{} in {}", count(rules, "rule"), count(collections, "collection")) },
        Fact {
            label: "Cluster",
            value: match plan.layers {
                Layers::One | Layers::Two => format!("{}, {}", *plan.cluster.name, plan.cluster.cni.word()),
                Layers::Network => format!("made by somebody else, {}", plan.cluster.cni.word()),
            },
        },
        Fact { label: "Inbound services", value: plan.inbound.len().to_string() },
        Fact { label: "Expectations", value: plan.expectations.len().to_string() },
        Fact { label: "Findings", value: findings },
    ]);
    list
}

/// Advice is said on request only, on the terminal.
fn finding(finding: &Finding, place: &Place<'_>) -> Option<FindingRow> {
    (finding.severity > Severity::Advice && finding.is_active()).then(|| FindingRow {
        severity: finding.severity.to_string(),
        id: finding.code.id,
        message: words(&finding.message),
        place: place.span(finding.span()),
        help: words(finding.help.as_deref().unwrap_or(finding.code.help)),
    })
}

/// Every waiver with what it covers; what is advice is listed too, since somebody has agreed to it.
fn waivers(checked: &Checked, place: &Place<'_>) -> Vec<WaiverRow> {
    let row = |waiver: &WaiveSpec| {
        let WaiveSpec { check, place: at, reason, until, origin } = waiver;
        let covered = checked.findings.iter().filter(|f| f.suppressed.as_ref().is_some_and(|s| s.origin == *origin));
        let waived =
            |finding: &Finding| WaivedRow { message: words(&finding.message), place: place.span(finding.span()) };
        WaiverRow {
            check: check.value.clone(),
            path: at.as_ref().map_or_else(String::new, |at| at.path.clone()),
            reason: reason.value.clone(),
            until: until.as_ref().map_or_else(String::new, |day| day.to_string()),
            place: place.span(origin.in_profile()),
            covers: covered.map(waived).collect(),
        }
    };
    checked.plan.waivers.iter().map(row).collect()
}

/// The pieces of a message. Backticks that do not pair stay what they are.
fn words(message: &str) -> Vec<Words> {
    if !message.matches('`').count().is_multiple_of(2) {
        return vec![Words { code: false, text: message.to_owned() }];
    }
    let pieces = message.split('`').enumerate();
    pieces
        .filter(|(_, text)| !text.is_empty())
        .map(|(n, text)| Words { code: n % 2 == 1, text: text.to_owned() })
        .collect()
}

fn threat_intel(plan: &Plan) -> &'static str {
    use crate::profile::ThreatIntel;
    if plan.firewall.existing.is_some() {
        return "The owner of the firewall decides what is done with destinations known to be bad, and may have rules that \
                come before these.";
    }
    match *plan.firewall.threat_intel {
        ThreatIntel::Alert => {
            "Before any rule, traffic with destinations known to be bad is logged, and then judged by the rules."
        }
        ThreatIntel::Deny => "Before any rule, traffic with destinations known to be bad is dropped and logged.",
        ThreatIntel::Off => "Threat intelligence is off: only the rules decide.",
    }
}

fn packs(plan: &Plan, place: &Place<'_>) -> Vec<PackRow> {
    let row = |used: &crate::plan::PackUse| PackRow {
        name: used.pack.name,
        title: used.pack.title.clone(),
        source: used.pack.source.clone(),
        reviewed: used.pack.reviewed.to_string(),
        place: place.span(used.origin.in_profile()),
    };
    plan.packs.iter().map(row).collect()
}

fn deny(plan: &Plan) -> Vec<String> {
    let mut list = vec![
        "A refused TLS connection is cut off before its handshake; a refused HTTP request gets the firewall's own \
         status 470; anything else gets no answer and times out. A TCP handshake alone proves nothing: the firewall answers it."
            .to_owned(),
        "Every refusal is logged; kql/denied.kql and kql/denied-names.kql list them.".to_owned(),
        "Answers to allowed connections always come back. IPv6, and ICMP to the internet, never leave.".to_owned(),
        "Traffic between subnets of the network does not pass the firewall: the network's own routes are more specific \
         than the default route."
            .to_owned(),
    ];
    let past = |registry: &&RegistrySpec| *registry.endpoints == Endpoints::PrivateLink;
    for registry in plan.registries.iter().filter(past) {
        list.push(format!(
            "Images of {} come over a private endpoint: no rule lets nodes reach its public address.",
            registry.host
        ));
    }
    for subnet in plan.network.subnets.iter().filter(|s| s.routed && !s.service_endpoints.is_empty()) {
        let services: Vec<_> = subnet.service_endpoints.iter().map(|e| e.value.as_str()).collect();
        list.push(format!(
            "Traffic from {} to {} takes the subnet's service endpoints: the firewall neither sees nor logs it.",
            *subnet.name,
            services.join(", ")
        ));
    }
    list
}

fn inbound(plan: &Plan, place: &Place<'_>) -> Vec<InboundRow> {
    let outside = plan.firewall.address_name(0);
    let row = |service: &crate::plan::Inbound| InboundRow {
        name: service.name.value.clone(),
        outside: match plan.gateway.as_ref().filter(|_| service.by_gateway) {
            Some(gateway) => format!("{} {} on {}", gateway.scheme(), *service.port, gateway.address.name),
            None => format!("{} {} on {outside}", service.protocol.word(), *service.port),
        },
        inside: format!("{}:{} in {}", *service.to, *service.to_port, service.subnet),
        from: service.from.iter().map(|a| source(plan, **a)).collect(),
        manifest: format!("k8s/inbound-{}.yaml", service.label),
        place: place.span(service.origin.in_profile()),
    };
    plan.inbound.iter().map(row).collect()
}

fn expectations(plan: &Plan, place: &Place<'_>) -> Vec<ExpectationRow> {
    let row = |e: &crate::plan::Expectation| ExpectationRow {
        from: {
            let known = e.sources.iter().map(|a| source(plan, **a));
            known.chain(e.source_subnet.iter().map(|role| there_already(plan, *role))).collect()
        },
        to: e.target(),
        verdict: match e.verdict.value {
            Action::Allow => "allow",
            Action::Deny => "deny",
        },
        by: e.by.as_ref().map(|b| b.value.clone()).unwrap_or_default(),
        probe: match e.probe {
            Probe::Tls => "TLS handshake",
            Probe::Http => "HTTP request",
            Probe::Connect => "TCP connection",
            Probe::Dns => "DNS question",
            Probe::Ntp => "NTP request",
            Probe::Untestable(reason) => reason,
        },
        place: place.span(e.origin.in_profile()),
    };
    plan.expectations.iter().map(row).collect()
}

/// What follows from a subnet's prefix, where that is known.
fn known(subnet: &crate::plan::Subnet, tell: impl Fn(crate::value::Cidr) -> String) -> String {
    subnet.prefix.as_ref().map_or_else(|| "there already".to_owned(), |prefix| tell(prefix.value))
}

fn subnets(plan: &Plan, place: &Place<'_>) -> Vec<SubnetRow> {
    let mut list: Vec<_> = plan.subnets().map(|(_, subnet)| subnet).collect();
    // Those that are there already come last; only their owner knows where they lie.
    list.sort_by_key(|s| s.prefix.as_ref().map_or((true, Ipv4Addr::UNSPECIFIED), |prefix| (false, prefix.base())));
    let row = |subnet: &&crate::plan::Subnet| SubnetRow {
        name: subnet.name.value.clone(),
        prefix: known(subnet, |prefix| prefix.to_string()),
        range: known(subnet, |prefix| format!("{} – {}", prefix.base(), prefix.last())),
        size: known(subnet, |prefix| grouped(prefix.size())),
        way: match (subnet.routed, subnet.tunnelled) {
            (true, _) => "firewall",
            (false, true) => "forced tunnel",
            (false, false) => "no route table",
        },
        endpoints: subnet.service_endpoints.iter().map(|e| e.value.clone()).collect(),
        place: place.span(subnet.origin.in_profile()),
    };
    list.iter().map(row).collect()
}

fn routes(plan: &Plan) -> Vec<RouteRow> {
    let row = |route: &crate::plan::Route| match route.hop {
        NextHop::Firewall { address } => RouteRow {
            name: route.name.clone(),
            to: "0.0.0.0/0".to_owned(),
            hop: format!("{address} (the firewall)"),
            why: "everything that has no better route passes the firewall",
        },
        NextHop::Hub { expected } => RouteRow {
            name: route.name.clone(),
            to: "0.0.0.0/0".to_owned(),
            hop: format!("the firewall's address, read from the hub ({expected} is expected)"),
            why: "everything that has no better route passes the firewall",
        },
        NextHop::Appliance { address } => RouteRow {
            name: route.name.clone(),
            to: "0.0.0.0/0".to_owned(),
            hop: format!("{address} (the appliance)"),
            why: "the firewall's own traffic takes the forced tunnel instead of the internet",
        },
        NextHop::Internet { public_ip } => RouteRow {
            name: route.name.clone(),
            to: format!("{}/32", plan.firewall.address_name(public_ip)),
            hop: "Internet".to_owned(),
            why: "answers of the control plane to the firewall's own address are not sent in a circle",
        },
    };
    plan.routes.routes.iter().chain(plan.tunnel.iter().flat_map(|table| &table.routes)).map(row).collect()
}

pub(super) fn tags(plan: &Plan) -> String {
    match plan.tags.as_slice() {
        [] => "none".to_owned(),
        list => list.iter().map(|(k, v)| format!("{} = {}", **k, **v)).collect::<Vec<_>>().join("; "),
    }
}

fn roles(plan: &Plan) -> Vec<RoleRow> {
    let row = |role: &crate::plan::RoleAssignment| RoleRow {
        role: role.role.name(),
        scope: match role.scope {
            RoleScope::Subnet(subnet) => format!("subnet {}", *plan.network.subnet(subnet).name),
            RoleScope::RouteTable => format!("route table {}", *plan.routes.name),
        },
        why: role.why,
    };
    plan.roles.iter().map(row).collect()
}

fn unknown(plan: &Plan) -> Vec<String> {
    let own = [
        "The firewall's public addresses. Rules, routes and DNAT take them by reference; give them to partners only afterwards.".to_owned(),
        match plan.hub {
            None => format!(
                "Whether Azure really gives the firewall {}, the fourth address after the base of its subnet. A guard in the template stops before the cluster when it does not.",
                *plan.firewall.private_ip
            ),
            Some(_) => format!(
                "The firewall's private address, which routes and DNS settings read from the hub. {}, the fourth address after the base of its subnet, is expected.",
                *plan.firewall.private_ip
            ),
        },
    ];
    let foreign = [
        "Whether the firewall's traffic really leaves with the public addresses that the profile names.".to_owned(),
        "The other rules of the policy. Some may come first and decide otherwise.".to_owned(),
    ];
    let mut list = if plan.firewall.existing.is_some() { foreign.to_vec() } else { own.to_vec() };
    if plan.layers.has_cluster() {
        list.push(
            "The address of the API server, and the contents of the node resource group, which AKS writes.".to_owned(),
        );
    }
    list.extend([
        "Quota, capacity of the VM size, and whether the region offers the zones.".to_owned(),
        "What Microsoft's FQDN tags and service tags contain on that day, and what names resolve to.".to_owned(),
    ]);
    if plan.layers.has_cluster() && plan.cluster.kubernetes_version.is_none() {
        list.push("The Kubernetes version: the region's default on that day.".to_owned());
    }
    if has_secret(plan) {
        list.push("The service principal's client ID, object ID and secret.".to_owned());
    }
    list
}

/// Somebody's own files; packs are part of the program.
fn inputs(checked: &Checked) -> Vec<InputRow> {
    let own = checked.sources.iter().filter(|(_, source)| !source.built_in);
    own.map(|(_, source)| InputRow { name: base_name(&source.name, &checked.plan.file), sha256: source.sha256() })
        .collect()
}

/// The last part of a path: where the files lie on somebody's disk is no part of the result.
fn base_name(path: &str, otherwise: &str) -> String {
    match path.rsplit(['/', '\\']).next() {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => otherwise.to_owned(),
    }
}

/// The subnet's word where a range is exactly one of the plan's subnets.
pub(super) fn subnet_of(plan: &Plan, prefix: crate::value::Cidr) -> Option<&str> {
    let subnets =
        [&plan.network].into_iter().chain(plan.hub.iter().map(|hub| &hub.network)).flat_map(|n| n.subnets.iter().rev());
    subnets.into_iter().find(|s| s.prefix.as_ref().is_some_and(|own| own.value == prefix)).map(|s| s.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_messages_stand_apart() {
        let shown = |message: &str| words(message).iter().map(|w| (w.code, w.text.clone())).collect::<Vec<_>>();
        assert_eq!(
            shown("`a b` is not `c`"),
            [(true, "a b".to_owned()), (false, " is not ".to_owned()), (true, "c".to_owned())]
        );
        assert_eq!(shown("one ` alone"), [(false, "one ` alone".to_owned())]);
    }
}
