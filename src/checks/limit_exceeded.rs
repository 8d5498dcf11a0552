//! Nothing is above a limit of Azure.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Origin, Severity};
use crate::plan::firewall::Rule;
use crate::plan::{Firewall, Plan, RuleCollectionGroup, RuleKind};
use crate::profile::RuleModel;
use crate::tables::limits::{Counted, KUBENET_NODES, LIMITS, Limit};
use crate::value::Addresses;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "limit-exceeded",
        severity: Severity::Error,
        title: "more than Azure takes",
        help: "reduce the number, or split the workload over two firewalls",
        docs: "Service limits are kept in one dated table of the program. Azure refuses a deployment that is above \
             one of them. Source: https://learn.microsoft.com/azure/azure-resource-manager/management/azure-\
             subscription-service-limits#azure-firewall-limits",
        bad: &[r#"region = "westeurope"

[network]
dns-servers = [
  "10.0.4.10",
  "10.0.4.11",
  "10.0.4.12",
  "10.0.4.13",
  "10.0.4.14",
  "10.0.4.15",
  "10.0.4.16",
  "10.0.4.17",
  "10.0.4.18",
  "10.0.4.19",
  "10.0.4.20",
  "10.0.4.21",
  "10.0.4.22",
  "10.0.4.23",
  "10.0.4.24",
  "10.0.4.25",
]
"#],
        good: &[
            r#"region = "westeurope"

[firewall]
public-ips = 100
"#,
            r#"region = "westeurope"

[network]
dns-servers = [
  "10.0.4.10",
  "10.0.4.11",
  "10.0.4.12",
]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (limit, count, origin) in measures(facts.plan) {
        if limit.hard && count > limit.most {
            findings.report(
                origin,
                format!("{count} {}, Azure takes {}", limit.what, limit.most),
                format!("{count} of {}", limit.most),
            );
        }
    }
}

/// Every limit with what the plan counts against it and where that is written.
pub(super) fn measures(plan: &Plan) -> Vec<(&'static Limit, u64, Origin)> {
    LIMITS
        .rows
        .iter()
        .filter_map(|limit| {
            let (count, origin) = count(plan, limit.counted)?;
            Some((limit, count as u64, origin))
        })
        .collect()
}

fn count(plan: &Plan, counted: Counted) -> Option<(usize, Origin)> {
    let firewall = &plan.firewall;
    let ips = firewall.public_ips.len();
    let last = |kind| firewall.collections().filter(|(g, _)| g.kind == kind).last().map(|(_, c)| c.origin);
    Some(match counted {
        Counted::PublicIps => (ips, firewall.public_ips.first()?.origin),
        Counted::Dnat => (ips + plan.inbound.len(), plan.inbound.last()?.origin),
        Counted::DnsServers => (plan.network.custom_dns.len(), plan.network.custom_dns.last()?.origin),
        Counted::NetworkPairs => (pairs(firewall), last(RuleKind::Network)?),
        Counted::NetworkNames => {
            let names: BTreeSet<_> =
                firewall.network_rules().flat_map(|(_, n)| n.rule.fqdns()).map(|n| &n.value).collect();
            (names.len(), last(RuleKind::Network)?)
        }
        Counted::GroupBytes => {
            let policy = *firewall.rules == RuleModel::Policy;
            let groups = firewall.groups.iter().filter(|_| policy).map(|group| (bytes(group), group));
            let (bytes, largest) = groups.max_by_key(|(bytes, _)| *bytes)?;
            (bytes, largest.collections.last()?.origin)
        }
        Counted::ClassicCollections => {
            let most = firewall.groups.iter().max_by_key(|g| g.collections.len())?;
            let classic = *firewall.rules == RuleModel::Classic;
            (if classic { most.collections.len() } else { 0 }, last(most.kind)?)
        }
        Counted::Routes if plan.routes.shared_with_aks => {
            // Too many nodes are a problem of their own, which another check reports.
            let nodes = Some(plan.cluster.machines()).filter(|nodes| *nodes <= u64::from(KUBENET_NODES))?;
            (plan.routes.routes.len() + usize::try_from(nodes).ok()?, plan.cluster.pools.last()?.nodes.origin)
        }
        Counted::Routes => (plan.routes.routes.len(), plan.routes.origin),
        Counted::Pools => (plan.cluster.pools.len(), plan.cluster.pools.last()?.origin),
        Counted::Nodes => (usize::try_from(plan.cluster.machines()).ok()?, plan.cluster.pools.last()?.nodes.origin),
        Counted::IpGroups => (firewall.ip_groups.len(), firewall.ip_groups.last()?.name.origin),
        Counted::IpGroupMembers => {
            let largest = firewall.ip_groups.iter().max_by_key(|group| group.members.len())?;
            (largest.members.len(), largest.name.origin)
        }
        Counted::Tags => (plan.tags.len(), plan.tags.last()?.0.origin),
    })
}

/// Unique pairs of source and destination over all network rules.
fn pairs(firewall: &Firewall) -> usize {
    let mut pairs: BTreeSet<(Addresses, String)> = BTreeSet::new();
    for (_, network) in firewall.network_rules() {
        for source in &network.rule.sources {
            let names = network.rule.fqdns().iter().map(|n| n.to_string());
            let addresses = network.rule.addresses().iter().map(|a| a.to_string());
            let tags = network.rule.service_tags().iter().map(|t| t.value.clone());
            pairs.extend(names.chain(addresses).chain(tags).map(|to| (source.value, to)));
        }
    }
    pairs.len()
}

/// How long a group is in a template, give or take what its form adds: Azure measures the whole of it.
fn bytes(group: &RuleCollectionGroup) -> usize {
    /// Names of properties, quotes, brackets and identifiers around the texts of one rule.
    const FORM: usize = 250;
    let texts = |list: &mut dyn Iterator<Item = usize>| list.map(|length| length + 4).sum::<usize>();
    let rule = |rule: &Rule| {
        FORM + rule.name.len()
            + rule.description.len()
            + texts(&mut rule.sources.iter().map(|source| source.to_string().len()))
            + texts(&mut rule.fqdns().iter().map(|name| name.to_string().len()))
            + texts(&mut rule.addresses().iter().map(|address| address.to_string().len()))
            + texts(&mut rule.service_tags().iter().chain(rule.fqdn_tags()).map(|tag| tag.len()))
    };
    group.collections.iter().map(|c| FORM + c.name.len() + c.rules.iter().map(rule).sum::<usize>()).sum()
}
