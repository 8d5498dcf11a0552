//! Networks that are peered with the network of somebody else do not overlap.

use super::{Comparison, Meeting, Member, Which, peered_overlap};
use crate::diag::{Code, Severity};

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "spoke-overlap",
        severity: Severity::Error,
        title: "two networks that are peered with the same one overlap",
        help: "give one of them other addresses, such as another `address-space`",
        docs: "Two profiles of one run name the same network to be peered with (`firewall.existing.peer`), and their own \
             networks overlap. The first peering is made; Azure refuses the second one, after everything else is there. IDs \
             name the subscription, so that this is certain. The same is told where a profile adds subnets to that network: \
             neither the network of another one nor its pods or services may have these addresses. Sources: \
             https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering, \
             https://learn.microsoft.com/azure/aks/azure-cni-overlay",
        bad: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"

# file: other.toml
region = "westeurope"

[network]
address-space = ["10.0.128.0/17"]

[network.subnets]
gateway = "10.0.128.0/24"
ingress = "10.0.129.0/24"
nodes   = "10.0.130.0/24"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/Hub/providers/Microsoft.Network/virtualNetworks/Hub-vnet"
"#],
        good: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"

# file: other.toml
region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.60.1.4"]
priority   = 2000
peer       = "/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
    },
    run,
};

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    peered_overlap::compare(members, &COMPARISON.code, Which::is, meetings);
}
