//! A network that is created is peered with that of the firewall before it holds a cluster.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Layers;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unpeered-network",
        severity: Severity::Warning,
        title: "nothing peers a new network with that of the firewall",
        help: "write `peer`, the ID of the firewall's network; or `deploy.split = true`, so that others can peer the networks before \
               the cluster comes",
        docs: "The network is created, and the firewall lies in somebody else's. Without `peer` no peering is written, and one that \
             others make can only come once the network exists. One deployment that makes network and cluster leaves \
             no time for that: the nodes reach nothing, and AKS gives up. It works where something peers every new \
             network by itself, such as Azure Virtual Network Manager. Source: \
             https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
"#],
        good: &[
            r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#,
            r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[deploy]
split = true
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let Some(existing) = &plan.firewall.existing else { return };
    if plan.peering.is_some() || plan.network.existing.is_some() || plan.layers != Layers::One {
        return;
    }
    let message = format!(
        "nothing peers the new network `{}` with that of the firewall `{}`",
        *plan.network.name, existing.id.name
    );
    findings
        .report(existing.peer_back.origin, message, "`peer` would say which network that is")
        .also(existing.id.origin, "the firewall")
        .also(plan.layers_origin, "network and cluster are created at once");
}
