//! The network that is peered with is the one that the firewall of somebody else lies in.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::ResourceId;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "peer-in-another-group",
        severity: Severity::Error,
        title: "firewall cannot lie in the network that is peered with",
        help: "write the ID of the network that has the firewall's subnet",
        docs: "A firewall and its network are in one resource group of one subscription. A network in another one is not \
             the network of this firewall, and a peering with it leads nowhere: no traffic reaches the next hop. Source: \
             https://learn.microsoft.com/azure/firewall/firewall-faq",
        bad: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/security/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
        good: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/security/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/Hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(existing) = &facts.plan.firewall.existing else { return };
    let Some(peer) = existing.peer.as_ref().filter(|peer| peer.group_key() != existing.id.group_key()) else { return };
    let what = if peer.subscription == existing.id.subscription { "resource group" } else { "subscription" };
    let message = format!("the network `{}` is in another {what} than the firewall `{}`", peer.name, existing.id.name);
    findings.report(peer.origin, message, place(peer)).also(existing.id.origin, place(&existing.id));
}

fn place(id: &ResourceId) -> String {
    format!("in the resource group {} of the subscription {}", id.group, id.subscription)
}
