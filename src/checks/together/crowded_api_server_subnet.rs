//! A subnet that several API servers share is large enough for them.

use super::{Comparison, Meeting, Member, Side, Which, groups, met};
use crate::diag::{At, Code, Severity};
use crate::plan::{Subnet, SubnetRole};
use crate::tables::limits::API_SERVER_ADDRESSES;
use crate::value::Cidr;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "crowded-api-server-subnet",
        severity: Severity::Error,
        title: "subnet has too few addresses for the API servers of several clusters",
        help: "give the subnet a larger prefix, or name another subnet in one of them",
        docs: "Clusters of one network may share the subnet of their API servers. Each takes nine addresses or more, and Azure \
             reserves five, so that a /28 has room for one cluster, and a /27 for three at most. Of a subnet that one profile of the run \
             adds and others name, the prefix is known. Source: \
             https://learn.microsoft.com/azure/aks/api-server-vnet-integration",
        bad: &[r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes      = { name = "snet-shop" }
ingress    = { name = "snet-ingress" }
api-server = { name = "snet-api", prefix = "10.90.9.64/28" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[cluster]
api-server = "vnet-integrated"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes      = { name = "snet-other" }
ingress    = { name = "snet-ingress" }
api-server = { name = "snet-api" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[cluster]
api-server = "vnet-integrated"
"#],
        good: &[r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes      = { name = "snet-shop" }
ingress    = { name = "snet-ingress" }
api-server = { name = "snet-api", prefix = "10.90.9.64/27" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[cluster]
api-server = "vnet-integrated"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes      = { name = "snet-other" }
ingress    = { name = "snet-ingress" }
api-server = { name = "snet-api" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[cluster]
api-server = "vnet-integrated"
"#],
    },
    run,
};

/// A subnet of somebody else's network, with API servers in it.
struct Use<'a> {
    member: Member<'a>,
    subnet: &'a Subnet,
    /// As whoever adds it writes it.
    prefix: Option<&'a At<Cidr>>,
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let uses = members.iter().filter(|member| member.plan.network.existing.is_some()).filter_map(|member| {
        let subnet = member.plan.network.find(SubnetRole::ApiServer)?;
        let key = (Which::of_cluster(member.plan), subnet.name.to_lowercase());
        Some((key, Use { member: *member, subnet, prefix: subnet.prefix.as_ref() }))
    });
    for group in groups(uses) {
        let Some((owner, prefix)) = group.iter().find_map(|one| Some((one, one.prefix?))) else { continue };
        // Two that add it are another problem.
        let guests = group.iter().filter(|one| one.prefix.is_none());
        // Azure keeps five addresses of a subnet for itself.
        let room = prefix.size().saturating_sub(5) / API_SERVER_ADDRESSES;
        let crowded = guests.zip(2..).filter(|(_, servers)| *servers > room);
        meetings.extend(crowded.map(|(guest, _)| met(&COMPARISON.code, owner, guest, side)));
    }
}

fn side(here: &Use<'_>, there: &Use<'_>) -> Side {
    let Use { member, subnet, prefix } = here;
    let (name, other) = (subnet.name.as_str(), there.member.plan.name.as_str());
    let message = match (prefix, there.prefix) {
        (Some(prefix), _) => {
            format!(
                "subnet `{name}` is a /{}, which has no room for the API server of profile `{other}`",
                prefix.bits()
            )
        }
        (None, Some(prefix)) => {
            format!(
                "profile `{other}` adds the subnet `{name}` as a /{}, which has no room for this API server",
                prefix.bits()
            )
        }
        (None, None) => format!("subnet `{name}` has no room for this API server beside that of profile `{other}`"),
    };
    Side {
        index: member.index,
        origin: prefix.map_or(subnet.name.origin, |prefix| prefix.origin),
        message,
        label: format!("API server of `{}`", member.plan.name.as_str()),
    }
}
