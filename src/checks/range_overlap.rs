//! Network, pods and services have ranges of their own.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "range-overlap",
        severity: Severity::Error,
        title: "network, pod and service ranges overlap",
        help: "choose a range that the network does not use, such as 172.16.0.0/16 for services or 10.244.0.0/16 for \
             pods",
        docs: "Addresses of services and of pods must not exist in the network, or traffic to one of them goes to the \
             other. AKS refuses the cluster. The classic trap: the service range that AKS takes by default, \
             10.0.0.0/16, is also what an unnamed network gets. Source: \
             https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
        bad: &[
            r#"region = "westeurope"

[cluster]
service-cidr = "10.0.0.0/16"
"#,
            r#"region = "westeurope"
cni    = "azure-overlay"

[cluster]
pod-cidr = "172.16.0.0/14"
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
firewall = "10.90.8.0/26"
nodes    = "172.16.9.0/24"
"#,
            r#"region = "westeurope"

[network]
address-space = ["10.1.0.0/16"]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#,
        ],
        good: &[r#"region = "westeurope"

[cluster]
service-cidr = "172.20.0.0/16"
pod-cidr     = "10.244.0.0/16"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let mut ranges = plan.ranges();
    // Of a network of somebody else no more is known than the subnets that are added to it.
    let added = plan.located().filter(|(network, _, _)| network.existing.is_some());
    ranges.splice(0..0, added.map(|(_, _, prefix)| ("subnet", prefix)));
    for (n, (what, range)) in ranges.iter().enumerate() {
        // Two prefixes of the network are another check's concern.
        for (other, earlier) in ranges[..n].iter().filter(|(other, e)| other != what && e.overlaps(***range)) {
            findings
                .report(
                    range.origin,
                    format!("the {what} {} overlaps the {other} {}", ***range, ***earlier),
                    format!("{what} {}", ***range),
                )
                .also(earlier.origin, format!("{other} {}", ***earlier));
        }
        let address = &plan.firewall.private_ip;
        if plan.firewall.existing.is_some() && range.has(**address) {
            findings
                .report(
                    range.origin,
                    format!(
                        "the {what} {} holds {}, the address of a firewall in another network",
                        ***range, **address
                    ),
                    format!("{what} {}", ***range),
                )
                .help("choose a range that the network of the firewall does not use")
                .also(address.origin, "the firewall of somebody else");
        }
    }
}
