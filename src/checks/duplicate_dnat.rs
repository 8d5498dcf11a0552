//! No two inbound services take the same public port.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Inbound;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "duplicate-dnat",
        severity: Severity::Error,
        title: "two inbound services take the same public port",
        help: "give one of them another port",
        docs: "A DNAT rule is chosen by public address, protocol and port; of two rules with the same three only the \
             first can ever match. Source: https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]

[[inbound]]
name = "api"
port = 443
to   = "10.0.4.11:443"
from = ["203.0.113.0/24"]
"#],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]

[[inbound]]
name = "api"
port = 8443
to   = "10.0.4.11:443"
from = ["203.0.113.0/24"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<_, &Inbound> = BTreeMap::new();
    for inbound in facts.plan.inbound.iter().filter(|service| !service.by_gateway) {
        let (protocol, port) = (*inbound.protocol, *inbound.port);
        let Some(earlier) = seen.insert((protocol, port), inbound) else { continue };
        findings
            .report(
                inbound.port.origin,
                format!("`{}` and `{}` both take public port {}:{port}", *earlier.name, *inbound.name, protocol.word()),
                format!("`{}`", *inbound.name),
            )
            .also(earlier.port.origin, format!("`{}`", *earlier.name))
            .given(inbound.protocol.origin)
            .given(earlier.protocol.origin);
    }
}
