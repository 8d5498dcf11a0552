//! Load balancers of two clusters have addresses of their own.

use super::{Comparison, Meeting, Member, Side, Which, groups, meet};
use crate::diag::{Code, Severity};
use crate::plan::Inbound;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-inbound-target",
        severity: Severity::Error,
        title: "two clusters want one address for their load balancers",
        help: "give one of them another address of the subnet",
        docs: "Two profiles of one run name the same network of somebody else, and a service of each has the same private \
             address (`to` in `[[inbound]]`). An address of a network belongs to one load balancer, and each cluster has its \
             own: the service of the second cluster gets no address and stays pending, while the firewall sends its senders to \
             the first. Source: https://learn.microsoft.com/azure/aks/internal-lb",
        bad: &[r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shop" }
ingress = { name = "snet-ingress" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[[inbound]]
name = "web"
port = 443
to   = "10.90.9.4:443"
from = ["198.51.100.0/24"]

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-other" }
ingress = { name = "snet-ingress" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[[inbound]]
name = "web"
port = 8080
to   = "10.90.9.4:8080"
from = ["198.51.100.0/24"]
"#],
        good: &[r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shop" }
ingress = { name = "snet-ingress" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[[inbound]]
name = "web"
port = 443
to   = "10.90.9.4:443"
from = ["198.51.100.0/24"]

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-other" }
ingress = { name = "snet-ingress" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[[inbound]]
name = "web"
port = 8080
to   = "10.90.9.5:8080"
from = ["198.51.100.0/24"]
"#],
    },
    run,
};

/// A service with an address of somebody else's network.
struct Target<'a> {
    member: Member<'a>,
    inbound: &'a Inbound,
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let all = members.iter().filter(|member| member.plan.network.existing.is_some()).flat_map(|member| {
        let network = Which::of_cluster(member.plan);
        // Several services of one cluster may share an address.
        let mut own: Vec<&Inbound> = Vec::new();
        for inbound in &member.plan.inbound {
            if own.iter().all(|one| *one.to != *inbound.to) {
                own.push(inbound);
            }
        }
        own.into_iter().map(move |inbound| ((network.clone(), *inbound.to), Target { member: *member, inbound }))
    });
    for group in groups(all) {
        meet(&group, &COMPARISON.code, side, meetings);
    }
}

fn side(here: &Target<'_>, there: &Target<'_>) -> Side {
    let Target { member, inbound } = here;
    let other = there.member.plan.name.as_str();
    Side {
        index: member.index,
        origin: inbound.to.origin,
        message: format!(
            "{} is also the address of `{}` of profile `{other}`, whose cluster is in the same network",
            inbound.to.value, *there.inbound.name
        ),
        label: format!("`{}` of `{}`", *inbound.name, member.plan.name.as_str()),
    }
}
