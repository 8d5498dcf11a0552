//! A pool has room for 30 pods.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::limits::PODS_PER_POOL;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "too-few-pods",
        severity: Severity::Error,
        title: "pool has room for too few pods",
        help: "add nodes or pods per node",
        docs: "A pool must have room for at least 30 pods in total, because the cluster's own pods need them. Source: \
             https://learn.microsoft.com/azure/aks/quotas-skus-regions",
        bad: &[r#"region = "westeurope"

[cluster]
nodes         = 2
pods-per-node = 10
"#],
        good: &[r#"region = "westeurope"

[cluster]
nodes         = 3
pods-per-node = 10
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for pool in &facts.plan.cluster.pools {
        // A pool that may be empty is measured at its most.
        let nodes = [pool.nodes.least(), pool.nodes.most()].into_iter().find(|nodes| *nodes > 0);
        let Some(nodes) = nodes else { continue };
        let room = u64::from(nodes) * u64::from(*pool.pods_per_node);
        if room < PODS_PER_POOL {
            findings
                .report(
                    pool.pods_per_node.origin,
                    format!("pool `{}` has room for {room} pods, it needs {PODS_PER_POOL}", *pool.name),
                    format!("{nodes} nodes × {} pods = {room}", *pool.pods_per_node),
                )
                .given(pool.nodes.origin);
        }
    }
}
