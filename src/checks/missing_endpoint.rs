//! Some rule allows every endpoint that a cluster needs.

use super::{Check, Facts};
use crate::diag::{Code, Finding, Findings, Severity};
use crate::plan::firewall::{AppTargets, NetworkRule, Rule, RuleBody};
use crate::plan::{Plan, Subnet, SubnetRole};
use crate::rules::Action;
use crate::tables::endpoints::{Endpoint, Need, REQUIRED};
use crate::tables::tags;
use crate::value::{Fqdn, IpProtocol};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "missing-endpoint",
        severity: Severity::Error,
        title: "no rule allows an endpoint that the cluster needs",
        help: "enable pack `aks` for the node subnet, or allow these names with `https:443`",
        docs: "Without these endpoints nodes do not become ready, or images and sign-in fail. Pack `aks` is on unless \
             it is disabled. The check compares each row of Microsoft's list with the rules: by name, by pattern, \
             by the tag `AzureKubernetesService`, by service tag, or by a network rule for every address, from the \
             whole node subnet. It does not follow deny rules. Source: \
             https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[
            r#"region = "westeurope"

[egress]
packs = [{ name = "aks", enabled = false }]
"#,
            r#"region = "westeurope"

[egress]
packs = [{ name = "aks", from = ["gateway"] }]
"#,
        ],
        good: &[
            r#"region = "westeurope"
"#,
            r#"region = "westeurope"

[egress]
aks-endpoints = "list"
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let needs = match plan.cluster.api_server.through_firewall() {
        true => [Need::ApiServer, Need::Base].as_slice(),
        false => &[Need::Base],
    };
    for message in missing(plan, needs) {
        given_rules(plan, findings.report(plan.cluster.origin, message, "the cluster needs these endpoints"));
    }
}

/// What is to be said of hosts that no rule allows: from the nodes and, where pods have addresses of their own, from them.
pub(super) fn missing(plan: &Plan, needs: &[Need]) -> Vec<String> {
    let from =
        |subnet: &Subnet| -> Vec<String> { needs.iter().flat_map(|need| missing_from(plan, *need, subnet)).collect() };
    let nodes = from(plan.network.subnet(SubnetRole::Nodes));
    let mut pods = plan.network.find(SubnetRole::Pods).map_or_else(Vec::new, from);
    pods.retain(|host| !nodes.contains(host));
    let mut list = Vec::new();
    if !nodes.is_empty() {
        list.push(format!("no rule allows {}", nodes.join(", ")));
    }
    if !pods.is_empty() {
        list.push(format!("no rule allows {} from the subnet of the pods", pods.join(", ")));
    }
    list
}

/// Mutes `finding` when a rule, the region or a subnet could not be read: then it may be no problem at all.
pub(super) fn given_rules(plan: &Plan, finding: &mut Finding) {
    finding.given(plan.region.origin).given(plan.cluster.cni.origin);
    for role in [SubnetRole::Nodes, SubnetRole::Pods] {
        if let Some(prefix) = plan.network.find(role).and_then(|subnet| subnet.prefix.as_ref()) {
            finding.given(prefix.origin);
        }
    }
    for (collection, rule) in plan.firewall.rules() {
        finding.given(collection.origin).given(rule.origin);
    }
}

/// Hosts of the required rows that no rule allows from the whole of a subnet.
fn missing_from(plan: &Plan, need: Need, subnet: &Subnet) -> Vec<String> {
    let rows = REQUIRED.rows.iter().filter(|row| row.need == need);
    let rows = rows.filter(|row| row.cloud.is_none_or(|cloud| cloud == *plan.cloud));
    let hosts = rows.map(|row| (row, row.host.replace("<location>", &plan.region)));
    let lacking = hosts.filter(|(row, host)| {
        let rules = plan.firewall.rules().filter(|(c, r)| *c.action == Action::Allow && allows(r, row, host));
        !subnet.is_covered(rules.map(|(_, rule)| rule))
    });
    lacking.map(|(_, host)| host).collect()
}

fn allows(rule: &Rule, row: &Endpoint, host: &str) -> bool {
    match &rule.body {
        RuleBody::Application { protocols, to, inspect_tls: _ } => {
            protocols.contains(&(row.protocol, row.port))
                && match to {
                    AppTargets::Fqdns(names) => names.iter().any(|n| covers(n, host)),
                    // Neither names every request to the host.
                    AppTargets::Urls(_) | AppTargets::Categories(_) => false,
                    AppTargets::Tags(tags) => {
                        row.in_aks_tag && tags.iter().any(|t| *t.value == *"AzureKubernetesService")
                    }
                }
        }
        RuleBody::Network { .. } => {
            rule.network().is_some_and(|n| n.matches(IpProtocol::Tcp, row.port) && leads_to(&n, row, host))
        }
        RuleBody::Dnat { .. } => false,
    }
}

fn leads_to(network: &NetworkRule<'_>, row: &Endpoint, host: &str) -> bool {
    let tag = |written: &str| tags::take_apart(written).tag.is_some_and(|t| row.service_tags.contains(&t.name));
    network.everywhere().is_some()
        || network.rule.fqdns().iter().any(|n| covers(n, host))
        || network.rule.service_tags().iter().any(|t| tag(t))
}

/// Whether a rule's name holds every host of `wanted`, which is a host or starts with `*.`.
fn covers(name: &Fqdn, wanted: &str) -> bool {
    match wanted.strip_prefix("*.") {
        None => name.matches(wanted),
        Some(domain) => match name {
            Fqdn::Any => true,
            Fqdn::Host(_) => false,
            Fqdn::SubdomainsOf(wide) => domain == wide || domain.ends_with(&format!(".{wide}")),
            Fqdn::EndsWith(ending) => wanted[1..].ends_with(ending.as_str()),
        },
    }
}
