//! Rules name the address of a public API server only.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "needless-api-server-address",
        severity: Severity::Warning,
        title: "address of an API server that nobody reaches through the firewall",
        help: "remove `api-server-address`",
        docs: "Nodes and pods reach an API server inside the network without passing the firewall, so that a rule for its address opens something that nobody needs. Source: https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[r#"region = "westeurope"

[cluster]
api-server = "private"

[egress]
api-server-address = "20.50.0.4"
"#],
        good: &[r#"region = "westeurope"

[egress]
api-server-address = "20.50.0.4"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let cluster = &plan.cluster;
    if cluster.api_server.through_firewall() {
        return;
    }
    if let Some(address) = plan.api_server_addresses.first() {
        findings
            .report(address.origin, "the firewall needs no rule for this API server", "opens a way that nobody takes")
            .also(cluster.api_server.origin, cluster.api_server.word());
    }
}
