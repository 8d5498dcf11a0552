//! Two profiles do not publish a service at one port of a firewall.

use super::{Comparison, Meeting, Member, Side, groups, met, pairs};
use crate::diag::{Code, Severity};
use crate::plan::Inbound;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-public-port",
        severity: Severity::Error,
        title: "two profiles publish a service at one port of a firewall",
        help: "give one of them another `port`, or write another public address of the firewall first in its `public-ips`",
        docs: "Two profiles of one run write DNAT rules into the policy of one firewall, for the same public address, protocol \
             and port, and some senders may come to both. They reach the service of the group that comes first, and the other \
             one never. Services with no sender in common can share a port. Source: \
             https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"

[network]
address-space = ["10.20.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[[inbound]]
name = "web"
port = 443
to   = "10.20.4.10:443"
from = ["198.51.100.0/24"]

# file: other.toml
region = "westeurope"

[network]
address-space = ["10.30.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[[inbound]]
name = "web"
port = 443
to   = "10.30.4.10:8443"
from = ["198.51.100.7"]
"#],
        good: &[
            r#"region = "westeurope"

[network]
address-space = ["10.20.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[[inbound]]
name = "web"
port = 443
to   = "10.20.4.10:443"
from = ["198.51.100.0/24"]

# file: other.toml
region = "westeurope"

[network]
address-space = ["10.30.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[[inbound]]
name = "web"
port = 8443
to   = "10.30.4.10:8443"
from = ["198.51.100.7"]
"#,
            r#"region = "westeurope"

[network]
address-space = ["10.20.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[[inbound]]
name = "web"
port = 443
to   = "10.20.4.10:443"
from = ["198.51.100.0/24"]

# file: other.toml
region = "westeurope"

[network]
address-space = ["10.30.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[[inbound]]
name = "web"
port = 443
to   = "10.30.4.10:8443"
from = ["203.0.113.7"]
"#,
        ],
    },
    run,
};

/// A service at a public address of a firewall.
struct Published<'a> {
    member: Member<'a>,
    inbound: &'a Inbound,
}

/// First and last of the addresses that may come.
type Senders = Vec<(u32, u32)>;

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let all = members.iter().flat_map(|member| {
        let first =
            member.plan.firewall.existing.as_ref().and_then(|own| Some((own.policy.key(), **own.public_ips.first()?)));
        let services = member.plan.inbound.iter().filter(|inbound| !inbound.by_gateway);
        first.into_iter().flat_map(move |(policy, address)| {
            services.clone().map(move |inbound| {
                let key = (policy.clone(), address, *inbound.protocol, *inbound.port);
                (key, Published { member: *member, inbound })
            })
        })
    });
    let senders = |one: &Published<'_>| one.inbound.from.iter().map(|from| from.bounds()).collect();
    let clash = |one: &Senders, other: &Senders| {
        one.iter().any(|(first, last)| other.iter().any(|(begin, end)| first <= end && begin <= last))
    };
    for group in groups(all) {
        pairs(&group, senders, clash, |one, other| meetings.push(met(&COMPARISON.code, one, other, side)));
    }
}

fn side(here: &Published<'_>, there: &Published<'_>) -> Side {
    let Published { member, inbound } = here;
    let Inbound { name, protocol, port, .. } = inbound;
    let (other, address) = (there.member.plan.name.as_str(), member.plan.firewall.address_name(0));
    Side {
        index: member.index,
        origin: port.origin,
        message: format!(
            "profile `{other}` also publishes a service at {}:{} of {address}, `{}`",
            protocol.word(),
            port.value,
            *there.inbound.name
        ),
        label: format!("`{}` of `{}`", **name, member.plan.name.as_str()),
    }
}
