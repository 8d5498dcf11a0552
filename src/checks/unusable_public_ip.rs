//! The public addresses of a firewall of somebody else are public, and each is named once.

use std::collections::BTreeMap;

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::addresses::{Block, FORBIDDEN, PRIVATE};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unusable-public-ip",
        severity: Severity::Error,
        title: "address cannot be a public address of the firewall",
        help: "write each public address of the firewall once",
        docs: "Each of `firewall.existing.public-ips` becomes a route past the firewall, straight to the internet, and the \
             first one takes inbound connections. Private addresses are nobody's there, and a table cannot hold two \
             routes of one prefix. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
        bad: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/security/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["10.1.0.5", "20.50.1.4", "20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
        good: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/security/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4", "20.50.1.5"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for address in facts.plan.firewall.existing.iter().flat_map(|existing| &existing.public_ips) {
        let mut blocks = PRIVATE.rows.iter().chain(FORBIDDEN.rows).filter_map(Block::cidr);
        if address.is_unspecified() || blocks.any(|block| block.has(**address)) {
            findings.report(address.origin, format!("{} is no public address", **address), "on the internet");
        } else if let Some(earlier) = seen.insert(**address, address.origin) {
            findings.report(address.origin, format!("{} is named twice", **address), "again").also(earlier, "first");
        }
    }
}
