//! Service endpoints keep traffic from the firewall's sight.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "service-endpoint-bypass",
        severity: Severity::Advice,
        title: "service endpoint bypasses the firewall",
        help: "move it to the firewall's subnet, or use a private endpoint",
        docs: "Traffic to a service with an endpoint on the node subnet leaves by Azure's backbone at once: no rule \
             applies and nothing is logged. Microsoft advises to enable such endpoints on the firewall's subnet \
             instead. Source: https://learn.microsoft.com/azure/firewall/firewall-faq",
        bad: &[r#"region = "westeurope"

[network.subnets]
nodes = { prefix = "10.0.5.0/24", service-endpoints = ["Microsoft.Storage"] }
"#],
        good: &[r#"region = "westeurope"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for subnet in facts.plan.network.subnets.iter().filter(|s| s.routed) {
        for endpoint in &subnet.service_endpoints {
            findings.report(
                endpoint.origin,
                format!("traffic to `{}` from subnet `{}` does not pass the firewall", **endpoint, *subnet.name),
                "neither filtered nor logged",
            );
        }
    }
}
