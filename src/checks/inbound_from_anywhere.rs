//! Inbound services name who may come.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "inbound-from-anywhere",
        severity: Severity::Warning,
        title: "inbound service is open to everybody",
        help: "list the addresses that may come, or put a web application firewall in front",
        docs: "The firewall does not inspect inbound web traffic: application rules do not apply to it. With `*` as \
             the source, connections inside the network to the same address are translated as well. Source: \
             https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.10:443"
from = ["*"]
"#],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for inbound in facts.plan.inbound.iter().filter(|service| !service.by_gateway) {
        for from in inbound.from.iter().filter(|f| f.is_everything()) {
            findings.report(
                from.origin,
                format!("`{}` is open to everybody on port {}", *inbound.name, *inbound.port),
                "any source",
            );
        }
    }
}
