//! Names are names that Azure takes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Origin, Severity, Span};
use crate::plan::logs::Workspace;
use crate::plan::{Identity, Plan};
use crate::profile::RuleModel;
use crate::rules::cursor::shown;
use crate::tables::names::{self, Named};
use crate::value::ResourceType;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "invalid-name",
        severity: Severity::Error,
        title: "name that Azure does not take",
        help: "write a name within the length and characters of the resource",
        docs: "Every kind of resource has its own length and characters. Names that the program derives, such as \
             those of the route table or the policy, count as well, and so do those in the ID of a resource of somebody \
             else: nothing of such a name exists. Source: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        bad: &[
            r#"region = "westeurope"

[network]
vnet = "my network"
"#,
            r#"region = "westeurope"

[logs]
workspace = "abc"
"#,
            r#"region = "westeurope"

[cluster]
name = "cluster-"
"#,
            r#"region = "westeurope"

[logs.workspace]
id = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/all.logs"
"#,
            r#"region = "westeurope"

[firewall]
parent-policy = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rules./providers/Microsoft.Network/firewallPolicies/company"
"#,
        ],
        good: &[r#"region = "westeurope"

[network]
vnet = "my-network"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    // Several names may come from one place, where one of them says enough.
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for (named, name, origin) in names(facts.plan) {
        if let Some(fault) = names::rule(named).fault(&name).filter(|_| told.insert(origin.at)) {
            findings.report(origin, format!("`{}` {fault}", shown(&name)), "the name comes from here");
        }
    }
}

fn names(plan: &Plan) -> Vec<(Named, Cow<'_, str>, Origin)> {
    fn given(named: Named, name: &At<String>) -> (Named, Cow<'_, str>, Origin) {
        (named, Cow::from(name.value.as_str()), name.origin)
    }
    let firewall = &plan.firewall;
    // Those of somebody else first: what is wrong with an ID is not said again of what is named after it.
    let mut list: Vec<_> = plan
        .foreign()
        .flat_map(|id| {
            let named = match id.kind {
                ResourceType::Network => Named::Vnet,
                ResourceType::Firewall => Named::Firewall,
                ResourceType::FirewallPolicy => Named::NetworkResource,
                ResourceType::Workspace => Named::Workspace,
            };
            [(Named::ResourceGroup, &id.group), (named, &id.name)]
                .map(|(named, name)| (named, Cow::from(name.as_str()), id.origin))
        })
        .collect();
    list.extend([
        given(Named::ResourceGroup, &plan.resource_group),
        given(Named::Firewall, &firewall.name),
        given(Named::Cluster, &plan.cluster.name),
        given(Named::NetworkResource, &plan.routes.name),
    ]);
    let setting = plan.logs.diagnostic_setting.as_deref();
    list.extend(setting.map(|name| (Named::DiagnosticSetting, Cow::from(name), firewall.name.origin)));
    list.extend(plan.networks().map(|network| given(Named::Vnet, &network.name)));
    list.extend(plan.hub.iter().map(|hub| given(Named::ResourceGroup, &hub.resource_group)));
    list.extend(plan.peering.iter().flat_map(|peering| {
        [&peering.to_firewall, &peering.to_cluster].map(|name| given(Named::NetworkResource, name))
    }));
    list.extend(plan.subnets().map(|(_, s)| given(Named::Subnet, &s.name)));
    list.extend(firewall.collections().map(|(_, c)| given(Named::Collection, &c.name)));
    // The last address has the longest name.
    let addresses = firewall.public_ips.last().into_iter().chain(&firewall.management);
    list.extend(addresses.map(|ip| (Named::NetworkResource, Cow::from(&*ip.name), firewall.name.origin)));
    list.extend(firewall.ip_groups.iter().map(|group| given(Named::NetworkResource, &group.name)));
    list.extend(plan.tunnel.iter().map(|table| given(Named::NetworkResource, &table.name)));
    if let Some(gateway) = &plan.gateway {
        list.push(given(Named::NetworkResource, &gateway.name));
        // The longest of the names that follow from it.
        list.push((Named::NetworkResource, Cow::from(gateway.policy.as_str()), gateway.name.origin));
    }
    if let Workspace::Created { name, retention_days: _ } = &plan.logs.workspace {
        list.push(given(Named::Workspace, name));
    }
    if let Identity::Managed { name } = &plan.identity {
        // It is derived from the name of the profile.
        list.push((Named::Identity, Cow::from(name.value.as_str()), plan.name.origin));
    }
    if *firewall.rules == RuleModel::Policy && firewall.existing.is_none() {
        list.push((Named::NetworkResource, Cow::from(firewall.policy.as_str()), firewall.name.origin));
    }
    list
}
