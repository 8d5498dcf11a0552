//! Networks that are peered with one hub do not overlap.

use super::{Comparison, Meeting, Member, Side};
use crate::diag::{At, Code, Severity};
use crate::plan::Plan;
use crate::value::Cidr;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "peered-overlap",
        severity: Severity::Warning,
        title: "two networks that are peered with one hub overlap",
        help: "give one of the networks another address space; if the hubs are in different subscriptions, all is well",
        docs: "Two profiles of one run are peered with a hub of the same name in resource groups of the same name, and the \
             address spaces of their networks overlap. Azure refuses the second peering, after the network is made. A profile \
             does not say to which subscription it goes, so this is a warning. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-network-troubleshoot-peering-issues",
        bad: &[r#"region         = "westeurope"
resource-group = "shop"

[hub]
resource-group = "connectivity-rg"
vnet           = "hub-vnet"

# file: other.toml
region         = "westeurope"
resource-group = "other"

[network]
address-space = ["10.0.128.0/17"]

[network.subnets]
gateway = "10.0.128.0/24"
ingress = "10.0.129.0/24"
nodes   = "10.0.130.0/24"

[hub]
resource-group = "connectivity-rg"
vnet           = "hub-vnet"
"#],
        good: &[r#"region         = "westeurope"
resource-group = "shop"

[hub]
resource-group = "connectivity-rg"
vnet           = "hub-vnet"

# file: other.toml
region         = "westeurope"
resource-group = "other"

[hub]
resource-group = "another-rg"
vnet           = "hub-vnet"
"#],
    },
    run,
};

/// The network that the cluster's is peered with, as Azure compares names.
fn hub(plan: &Plan) -> Option<(String, String)> {
    let hub = plan.hub.as_ref()?;
    Some((hub.resource_group.to_lowercase(), hub.network.name.to_lowercase()))
}

/// One prefix of a network.
struct Space<'a> {
    member: Member<'a>,
    prefix: &'a At<Cidr>,
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let spaces = members.iter().filter_map(|member| {
        let prefixes = member.plan.network.address_space.iter();
        Some((hub(member.plan)?, prefixes.map(|prefix| Space { member: *member, prefix }).collect::<Vec<_>>()))
    });
    for networks in super::groups(spaces) {
        for (at, later) in networks.iter().enumerate() {
            for earlier in &networks[..at] {
                let pairs = earlier.iter().flat_map(|one| later.iter().map(move |other| (one, other)));
                // One pair of prefixes says enough of two networks.
                if let Some((one, other)) = pairs.into_iter().find(|(one, other)| one.prefix.overlaps(**other.prefix)) {
                    let sides = [side(one, other), side(other, one)];
                    meetings.push(Meeting { code: &COMPARISON.code, sides });
                }
            }
        }
    }
}

fn side(here: &Space<'_>, there: &Space<'_>) -> Side {
    let Space { member, prefix } = here;
    let (other, name) = (**there.prefix, there.member.plan.name.as_str());
    Side {
        index: member.index,
        origin: prefix.origin,
        message: format!("{} overlaps {other} of profile `{name}`, and both are peered with one hub", prefix.value),
        label: format!("network of `{}`", member.plan.name.as_str()),
    }
}
