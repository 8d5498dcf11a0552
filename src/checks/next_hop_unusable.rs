//! The next hop is a usable address of the firewall's subnet.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;
use crate::tables::addresses::FORBIDDEN;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "next-hop-unusable",
        severity: Severity::Error,
        title: "next hop cannot be the firewall's address",
        help: "leave `firewall.private-ip` out: the address is computed",
        docs: "All traffic of the nodes goes to this address. It must be one that Azure can give to the firewall: in \
             its subnet, not among the first four and not the last. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        bad: &[
            r#"region = "westeurope"

[firewall]
private-ip = "10.0.5.4"
"#,
            r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "0.0.0.0"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#,
        ],
        good: &[r#"region = "westeurope"

[firewall]
private-ip = "10.0.3.4"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let address = &facts.plan.firewall.private_ip;
    if facts.plan.firewall.existing.is_some() {
        // Its network is not known, but no network has such an address.
        let block = FORBIDDEN.rows.iter().find(|block| block.cidr().is_some_and(|block| block.has(**address)));
        if let Some(what) = if address.is_unspecified() { Some("no address") } else { block.map(|block| block.what) } {
            findings
                .report(address.origin, format!("the next hop {} is in no network", **address), what)
                .help("write the private address of the firewall");
        }
        return;
    }
    let found = facts.plan.subnets().find(|(_, subnet)| subnet.role == SubnetRole::Firewall);
    let Some(subnet) = found.and_then(|(_, subnet)| subnet.prefix.as_ref()) else { return };
    let prefix = **subnet;
    let fault = match **address {
        a if !prefix.has(a) => "lies outside the firewall's subnet",
        a if (0..4).any(|n| prefix.nth(n) == Some(a)) => "is one of the first four addresses, which Azure keeps",
        a if a == prefix.last() => "is the last address of the subnet, which Azure keeps",
        _ => return,
    };
    findings
        .report(address.origin, format!("the next hop {} {fault}", **address), "next hop of every node")
        .also(subnet.origin, format!("the firewall's subnet {prefix}"));
}
