//! A node takes 10 to 250 pods.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::limits::PODS_PER_NODE;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "pods-per-node",
        severity: Severity::Error,
        title: "number of pods per node is out of range",
        help: "choose 10 to 250 pods per node",
        docs: "AKS takes 10 to 250 pods per node. Source: https://learn.microsoft.com/azure/aks/quotas-skus-regions",
        bad: &[
            r#"region = "westeurope"

[cluster]
pods-per-node = 5
"#,
            r#"region = "westeurope"

[cluster]
pods-per-node = 300
"#,
        ],
        good: &[r#"region = "westeurope"

[cluster]
pods-per-node = 110
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let pods = &facts.plan.cluster.pool.pods_per_node;
    if !PODS_PER_NODE.contains(&pods.value) {
        findings.report(pods.origin, format!("a node cannot take {} pods", **pods), "10 to 250");
    }
}
