//! The next hop is the address that a new firewall gets.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "next-hop-unusual",
        severity: Severity::Warning,
        title: "next hop is not the address that a new firewall gets",
        help: "leave `firewall.private-ip` out",
        docs: "A new firewall takes the first usable address of its empty subnet, four after the base. Azure does not \
             document this, so the deployment compares both and stops before the cluster when they differ. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq for the addresses that Azure \
             keeps; the choice of the first free one is observed.",
        bad: &[r#"region = "westeurope"

[firewall]
private-ip = "10.0.3.10"
"#],
        good: &[r#"region = "westeurope"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let found = facts.plan.subnets().find(|(_, subnet)| subnet.role == SubnetRole::Firewall);
    // The network of somebody else's firewall is not known.
    let Some(subnet) = found.and_then(|(_, subnet)| subnet.prefix.as_ref()) else { return };
    let prefix = **subnet;
    let address = &facts.plan.firewall.private_ip;
    let usable = prefix.has(**address) && (4..).map_while(|n| prefix.nth(n)).take(1).any(|first| **address > first);
    if usable && **address != prefix.last() {
        findings
            .report(address.origin, format!("a new firewall does not get {}", **address), "next hop of every node")
            .also(subnet.origin, "the firewall takes the fourth address after the base");
    }
}
