//! What two profiles add to one network of somebody else has addresses of its own.

use super::{Comparison, Kind, Meeting, Member, Side, Taken, Which, groups, inside, met, overlaps};
use crate::diag::{Code, Severity};
use crate::plan::{Network, Subnet, SubnetRole};

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "added-subnet-overlap",
        severity: Severity::Error,
        title: "a subnet that one profile adds overlaps what another one has in that network",
        help: "give one of them other addresses",
        docs: "Two profiles of one run name the same network of somebody else. Subnets of a network do not overlap: Azure refuses \
             the second one. Pods and services of a cluster must not have the addresses of any subnet of its network, whoever \
             adds it: AKS refuses to create or to upgrade a cluster whose service range overlaps one, and pods do not find what \
             has addresses of theirs. The pods and the services of two clusters may have the same addresses. Sources: \
             https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet, \
             https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/error-code-servicecidroverlapexistingsubnetscidr, \
             https://learn.microsoft.com/azure/aks/azure-cni-overlay",
        bad: &[
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shop" }
ingress = { name = "snet-shop-ingress", prefix = "10.90.9.0/24" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-other" }
ingress = { name = "snet-other-ingress", prefix = "10.90.9.64/27" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shop" }
ingress = { name = "snet-ingress", prefix = "10.90.9.0/24" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes = { name = "snet-other" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[cluster]
service-cidr = "10.90.8.0/22"
"#,
        ],
        good: &[r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shop" }
ingress = { name = "snet-shop-ingress", prefix = "10.90.9.0/27" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-other" }
ingress = { name = "snet-other-ingress", prefix = "10.90.9.32/27" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
"#],
    },
    run,
};

/// Addresses in somebody else's network, with the subnet that is added.
struct Claim<'a> {
    taken: Taken<'a>,
    subnet: Option<&'a Subnet>,
}

impl Claim<'_> {
    fn is_of_firewall(&self) -> bool {
        self.subnet.is_some_and(|one| matches!(one.role, SubnetRole::Firewall | SubnetRole::FirewallManagement))
    }
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let all = members.iter().filter(|member| member.plan.network.existing.is_some()).flat_map(|member| {
        let network = Which::of_cluster(member.plan);
        claims(*member).into_iter().map(move |claim| (network.clone(), claim))
    });
    let clash = |one: &Claim<'_>, other: &Claim<'_>| {
        let name = |claim: &Claim<'_>| claim.subnet.map(|subnet| subnet.name.to_lowercase());
        // One subnet that both add, and a firewall of each, are other problems.
        let same = one.subnet.is_some() && name(one) == name(other);
        let firewalls = one.is_of_firewall() && other.is_of_firewall();
        one.taken.member.index != other.taken.member.index && !same && !firewalls
    };
    for group in groups(all) {
        overlaps(
            &group,
            |claim| &claim.taken,
            clash,
            |one, other| {
                meetings.push(met(&COMPARISON.code, one, other, side));
            },
        );
    }
}

fn claims(member: Member<'_>) -> Vec<Claim<'_>> {
    let Network { subnets, .. } = &member.plan.network;
    let mut list: Vec<Claim<'_>> = inside(member).map(|taken| Claim { taken, subnet: None }).collect();
    list.extend(subnets.iter().filter_map(|subnet| {
        let (prefix, what) = (subnet.prefix.as_ref()?, format!("subnet `{}`", *subnet.name));
        let taken = Taken { member, prefix, what: what.into(), kind: Kind::Space };
        Some(Claim { taken, subnet: Some(subnet) })
    }));
    list
}

fn side(here: &Claim<'_>, there: &Claim<'_>) -> Side {
    let Taken { member, prefix, what, kind: _ } = &here.taken;
    let (network, other) = (member.plan.network.name.as_str(), there.taken.member.plan.name.as_str());
    Side {
        index: member.index,
        origin: prefix.origin,
        message: format!(
            "the {what} {} overlaps the {} {} of profile `{other}` in the network `{network}`",
            prefix.value, there.taken.what, **there.taken.prefix
        ),
        label: format!("{what} of `{}`", member.plan.name.as_str()),
    }
}
