//! Published services live in the ingress subnet.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "inbound-target-outside",
        severity: Severity::Error,
        title: "inbound target lies outside the ingress subnet",
        help: "choose an address of the ingress subnet",
        docs: "The internal load balancer of a published service takes its address from the ingress subnet; \
             Kubernetes leaves the service pending when the address lies elsewhere. Source: \
             https://learn.microsoft.com/azure/aks/internal-lb",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.9.10:443"
from = ["203.0.113.0/24"]
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
    let Some((subnet, prefix)) = facts.plan.network.located().find(|(s, _)| s.role == SubnetRole::Ingress) else {
        return;
    };
    for inbound in facts.plan.inbound.iter().filter(|i| !prefix.has(*i.to)) {
        findings
            .report(
                inbound.to.origin,
                format!("{} lies outside subnet `{}` ({})", *inbound.to, *subnet.name, **prefix),
                format!("target of `{}`", *inbound.name),
            )
            .also(prefix.origin, "the ingress subnet");
    }
}
