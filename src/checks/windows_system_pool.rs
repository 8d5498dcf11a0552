//! Windows nodes are in user pools.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::{Os, PoolMode};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "windows-system-pool",
        severity: Severity::Error,
        title: "system pool runs Windows",
        help: "make it a user pool, or a Linux pool",
        docs: "The cluster's own pods are Linux containers: AKS takes Windows nodes in user pools only. Source: https://learn.microsoft.com/azure/aks/use-system-pools",
        bad: &[r#"region = "westeurope"

[[cluster.pools]]
name = "win1"
os   = "Windows"
mode = "System"
"#],
        good: &[r#"region = "westeurope"

[[cluster.pools]]
name = "win1"
os   = "Windows"
mode = "User"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for pool in facts.plan.cluster.pools.iter().filter(|p| *p.os == Os::Windows && *p.mode == PoolMode::System) {
        findings
            .report(
                pool.mode.origin,
                format!("pool `{}` is a system pool with Windows nodes", *pool.name),
                "needs Linux",
            )
            .also(pool.os.origin, "Windows");
    }
}
