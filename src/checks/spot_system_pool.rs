//! Spot capacity is in user pools.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::PoolMode;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "spot-system-pool",
        severity: Severity::Error,
        title: "system pool is spot capacity",
        help: "make it a user pool, or remove `spot`",
        docs: "Azure may take spot nodes back at any time, and the cluster's own pods with them: AKS takes spot capacity in user pools only. Source: https://learn.microsoft.com/azure/aks/spot-node-pool",
        bad: &[r#"region = "westeurope"

[[cluster.pools]]
name = "infra"
mode = "System"
spot = true
"#],
        good: &[r#"region = "westeurope"

[[cluster.pools]]
name = "batch"
spot = true
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for pool in facts.plan.cluster.pools.iter().filter(|p| *p.spot && *p.mode == PoolMode::System) {
        findings
            .report(pool.spot.origin, format!("system pool `{}` is spot capacity", *pool.name), "can vanish")
            .also(pool.mode.origin, "a system pool");
    }
}
