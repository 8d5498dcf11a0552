//! A pool has 1 to 1000 nodes.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::limits::NODES_PER_POOL;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "node-count",
        severity: Severity::Error,
        title: "number of nodes is out of range",
        help: "choose 1 to 1000 nodes",
        docs: "A node pool has at most 1000 nodes, and the system pool at least one. Source: \
             https://learn.microsoft.com/azure/aks/quotas-skus-regions",
        bad: &[
            r#"region = "westeurope"

[cluster]
nodes = 0
"#,
            r#"region = "westeurope"

[cluster]
nodes = 1001
"#,
        ],
        good: &[r#"region = "westeurope"

[cluster]
nodes = 3
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let nodes = &facts.plan.cluster.pool.nodes;
    if !NODES_PER_POOL.contains(&nodes.value) {
        findings.report(nodes.origin, format!("a system pool cannot have {} nodes", **nodes), "1 to 1000");
    }
}
