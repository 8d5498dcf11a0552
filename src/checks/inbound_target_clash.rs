//! No two published services share an address and port.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Inbound;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "inbound-target-clash",
        severity: Severity::Error,
        title: "two inbound services have the same target",
        help: "give one of them another address or port",
        docs: "Each published service is a load balancer of its own; two of them cannot listen on the same address \
             and port. Source: https://learn.microsoft.com/azure/aks/internal-lb",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]

[[inbound]]
name = "web-too"
port = 8443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]
"#],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]

[[inbound]]
name = "web-too"
port = 8443
to   = "10.0.4.11:443"
from = ["203.0.113.0/24"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<_, &Inbound> = BTreeMap::new();
    for inbound in &facts.plan.inbound {
        let key = (*inbound.to, *inbound.to_port, *inbound.protocol);
        let Some(earlier) = seen.insert(key, inbound) else { continue };
        findings
            .report(
                inbound.to.origin,
                format!("`{}` and `{}` both listen on {}:{}", *earlier.name, *inbound.name, key.0, key.1),
                format!("target of `{}`", *inbound.name),
            )
            .also(earlier.to.origin, format!("target of `{}`", *earlier.name))
            .given(inbound.to_port.origin)
            .given(earlier.to_port.origin);
    }
}
