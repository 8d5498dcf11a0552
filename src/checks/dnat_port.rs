//! Inbound ports are at most 63999.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::limits::DNAT_PORT;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "dnat-port",
        severity: Severity::Error,
        title: "inbound port is one that the firewall keeps",
        help: "choose a port from 1 to 63999",
        docs: "The firewall keeps ports from 64000 on its addresses for itself; DNAT rules take ports up to 63999, on \
             both sides. Source: https://learn.microsoft.com/azure/firewall/firewall-faq",
        bad: &[
            r#"region = "westeurope"

[[inbound]]
name = "web"
port = 64000
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]
"#,
            r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.10:65000"
from = ["203.0.113.0/24"]
"#,
        ],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 63999
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for inbound in facts.plan.inbound.iter().filter(|service| !service.by_gateway) {
        for port in [&inbound.port, &inbound.to_port].into_iter().filter(|p| ***p > DNAT_PORT) {
            findings.report(
                port.origin,
                format!("port {} of inbound `{}` is above {DNAT_PORT}", **port, *inbound.name),
                "kept by the firewall",
            );
        }
    }
}
