//! A firewall whose own traffic is tunnelled translates no inbound connections.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "dnat-with-forced-tunnel",
        severity: Severity::Error,
        title: "inbound service behind a forced tunnel",
        help: "remove the inbound service or the tunnel",
        docs: "With forced tunnelling the firewall's answers would leave through the tunnel and never reach who asked. Azure \
             supports no DNAT then. Source: https://learn.microsoft.com/azure/firewall/forced-tunneling",
        bad: &[r#"region = "westeurope"

[firewall]
forced-tunnel = "10.9.0.4"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]
"#],
        good: &[r#"region = "westeurope"

[firewall]
forced-tunnel = "10.9.0.4"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(tunnel) = &facts.plan.tunnel else { return };
    for service in facts.plan.inbound.iter().filter(|service| !service.by_gateway) {
        let message = format!("`{}` is translated by the firewall, whose answers take the tunnel", *service.name);
        findings.report(service.origin, message, "needs DNAT").also(tunnel.origin, "the tunnel");
    }
}
