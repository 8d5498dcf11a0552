//! The forced tunnel leads out of the network's own firewall.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::{NextHop, SubnetRole};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "tunnel-to-itself",
        severity: Severity::Error,
        title: "forced tunnel leads back to the firewall",
        help: "write the address of the appliance at the other end",
        docs: "The tunnel's next hop is an appliance outside the firewall, in a peered network or on premises. A next hop in \
             the firewall's own subnet, or in one whose traffic goes to the firewall, sends every packet in a circle. \
             Source: https://learn.microsoft.com/azure/firewall/forced-tunneling",
        bad: &[
            r#"region = "westeurope"

[firewall]
forced-tunnel = "10.0.3.4"
"#,
            r#"region = "westeurope"

[firewall]
forced-tunnel = "10.0.5.4"
"#,
        ],
        good: &[r#"region = "westeurope"

[firewall]
forced-tunnel = "10.9.0.4"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    for route in plan.tunnel.iter().flat_map(|table| &table.routes) {
        let NextHop::Appliance { address } = route.hop else { continue };
        let own = |role| matches!(role, SubnetRole::Firewall | SubnetRole::FirewallManagement);
        let mut subnets = plan.located().filter(|(_, s, _)| s.routed || own(s.role));
        if let Some((_, subnet, prefix)) = subnets.find(|(_, _, prefix)| prefix.has(address)) {
            let message = format!("{address} lies in subnet `{}`", *subnet.name);
            findings.report(route.origin, message, "the next hop").also(prefix.origin, "the subnet");
        }
    }
}
