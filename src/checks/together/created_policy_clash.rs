//! A profile does not get in the way of the policy that another one creates, as far as names tell.

use super::{Comparison, Meeting, Member, Which, shared_policy};
use crate::diag::{Code, Severity};

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "created-policy-clash",
        severity: Severity::Warning,
        title: "a group of rules meets those of a policy that another profile creates",
        help: "give one of them another priority",
        docs: "A profile with `[firewall.existing]` names a policy, and another profile of the run creates one of this name in a \
             resource group of this name, such as that of its hub. A created policy has the groups `dnat`, `network` and \
             `application` with the priorities 100, 200 and 300. Of two groups with one priority it is undocumented which comes \
             first, and a group of the same name would be replaced. The profile that creates the policy does not say to which \
             subscription it goes, so this is a warning; where it has `network.existing`, it is the error `shared-policy`. \
             Source: https://learn.microsoft.com/azure/firewall/policy-rule-sets",
        bad: &[r#"region = "westeurope"

[network]
address-space = ["10.20.0.0/16"]

[hub]
resource-group = "connectivity-rg"
vnet           = "hub-vnet"

[firewall]
name = "hub-fw"

# file: other.toml
region = "westeurope"

[network]
address-space = ["10.30.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/firewallPolicies/hub-fw-policy"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 300
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
        good: &[r#"region = "westeurope"

[network]
address-space = ["10.20.0.0/16"]

[hub]
resource-group = "connectivity-rg"
vnet           = "hub-vnet"

[firewall]
name = "hub-fw"

# file: other.toml
region = "westeurope"

[network]
address-space = ["10.30.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/firewallPolicies/hub-fw-policy"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 400
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
    },
    run,
};

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let perhaps = |one: &Which, other: &Which| one.may_be(other) && !one.is(other);
    shared_policy::compare(members, &COMPARISON.code, perhaps, meetings);
}
