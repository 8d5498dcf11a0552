//! Two profiles do not write one peering for two networks.

use super::{Comparison, Meeting, Member, Side, Which, groups, met, pairs};
use crate::diag::{Code, Origin, Severity};
use crate::plan::Network;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-peering",
        severity: Severity::Error,
        title: "two profiles write one peering, for two networks",
        help: "give one of the networks another name; where it is somebody else's, leave out `peer` and have its owner add the peering",
        docs: "An entry of a peering has the name of the network at its other end, such as `to-spoke-vnet`. Two networks of one \
             name, in two resource groups, that are peered with the same network would be one entry there. Azure does not let an \
             entry lead to another network: the script of the second profile stops before it, and nothing passes between these \
             two networks. Source: https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering",
        bad: &[r#"region         = "westeurope"
resource-group = "shop-rg"

[network]
vnet          = "spoke-vnet"
address-space = ["10.20.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"

# file: other.toml
region         = "westeurope"
resource-group = "other-rg"

[network]
vnet          = "Spoke-vnet"
address-space = ["10.30.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
        good: &[r#"region         = "westeurope"
resource-group = "shop-rg"

[network]
vnet          = "shop-vnet"
address-space = ["10.20.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"

# file: other.toml
region         = "westeurope"
resource-group = "other-rg"

[network]
vnet          = "other-vnet"
address-space = ["10.30.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
    },
    run,
};

/// One entry of a peering.
struct Entry<'a> {
    member: Member<'a>,
    name: &'a str,
    /// The network that has it, as the profile calls it.
    of: &'a str,
    to: Which,
    origin: Origin,
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let entries = members.iter().flat_map(|member| entries(*member));
    for group in groups(entries) {
        // Those that lead to one network are one entry that several profiles want alike.
        let clash = |one: &Which, other: &Which| !one.may_be(other);
        pairs(
            &group,
            |entry| entry.to.clone(),
            clash,
            |one, other| {
                meetings.push(met(&COMPARISON.code, one, other, side));
            },
        );
    }
}

/// Those in networks that are known by their IDs. In one that a profile makes, two profiles would write the network itself.
fn entries(member: Member<'_>) -> Vec<((Which, String), Entry<'_>)> {
    let plan = member.plan;
    let (Some(peering), Some((peer, peer_name))) = (&plan.peering, Which::of_peer(plan)) else { return Vec::new() };
    let Network { name, .. } = &plan.network;
    let own = Which::of_cluster(plan);
    let entry = |of: (&Which, _), name, to: &Which, origin| {
        let key = (of.0.clone(), str::to_lowercase(name));
        (key, Entry { member, name, of: of.1, to: to.clone(), origin })
    };
    let near = entry((&own, name.as_str()), peering.to_firewall.as_str(), &peer, peering.to_firewall.origin);
    let far = entry((&peer, peer_name), peering.to_cluster.as_str(), &own, peering.to_cluster.origin);
    [near, far].into_iter().filter(|((network, _), _)| network.subscription.is_some()).collect()
}

fn side(here: &Entry<'_>, there: &Entry<'_>) -> Side {
    let Entry { member, name, of, to: _, origin } = here;
    let other = there.member.plan.name.as_str();
    Side {
        index: member.index,
        origin: *origin,
        message: format!(
            "profile `{other}` also peers the network `{of}` under the name `{name}`, with another network"
        ),
        label: format!("network of `{}`", member.plan.name.as_str()),
    }
}
