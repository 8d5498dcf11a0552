//! Two profiles do not create a firewall in one network.

use super::{Comparison, Meeting, Member, Side, Which, groups, meet};
use crate::diag::{Code, Origin, Severity};

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "two-firewalls",
        severity: Severity::Error,
        title: "two profiles create a firewall in one network",
        help: "create the firewall in one of them, and use it in the other one: `[firewall.existing]`",
        docs: "Two profiles of one run name the same network of somebody else, and each creates a firewall in it. A firewall lies \
             in the subnet `AzureFirewallSubnet`, which a network has once and which holds nothing else, so that Azure refuses \
             the second one, after its addresses and its policy are made. One firewall can serve both clusters: the rules of the \
             second profile become a group in the policy of the first. Source: \
             https://learn.microsoft.com/azure/firewall/firewall-faq",
        bad: &[r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes    = { name = "snet-shop" }
firewall = "10.90.8.0/26"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/Spoke-vnet"

[network.subnets]
nodes = { name = "snet-other" }

[firewall]
private-ip = "10.90.8.4"
"#],
        good: &[
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes    = { name = "snet-shop" }
firewall = "10.90.8.0/26"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/other-vnet"

[network.subnets]
nodes    = { name = "snet-other" }
firewall = "10.91.8.0/26"
"#,
            r#"region = "westeurope"
resource-group = "shop-rg"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes    = { name = "snet-shop" }
firewall = "10.90.8.0/26"

[firewall]
name = "shop-fw"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes = { name = "snet-other" }

[firewall.existing]
firewall   = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/azureFirewalls/shop-fw"
policy     = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/shop-rg/providers/Microsoft.Network/firewallPolicies/shop-fw-policy"
private-ip = "10.90.8.4"
public-ips = ["20.50.1.4"]
priority   = 2000
"#,
        ],
    },
    run,
};

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let created = members.iter().filter_map(|member| {
        let id = member.plan.network.existing.as_ref().filter(|_| member.plan.firewall.existing.is_none())?;
        Some((Which::by_id(id), (*member, id.origin)))
    });
    for group in groups(created) {
        meet(&group, &COMPARISON.code, side, meetings);
    }
}

fn side((member, origin): &(Member<'_>, Origin), (there, _): &(Member<'_>, Origin)) -> Side {
    let (network, other) = (member.plan.network.name.as_str(), there.plan.name.as_str());
    Side {
        index: member.index,
        origin: *origin,
        message: format!("profile `{other}` also creates a firewall in the network `{network}`"),
        label: format!("network of `{}`", member.plan.name.as_str()),
    }
}
