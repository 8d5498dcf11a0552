//! Pools with graphics cards say so.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "gpu-size",
        severity: Severity::Warning,
        title: "VM size and `gpu` do not fit together",
        help: "set `gpu` for sizes of the N series, and for no other",
        docs: "Sizes of the N series have graphics cards. With `gpu = true` AKS installs their drivers, which needs the hosts of pack `gpu`; without it the nodes stay without drivers or fail to fetch them. The check knows the series by its letter. Source: https://learn.microsoft.com/azure/aks/use-nvidia-gpu",
        bad: &[
            r#"region = "westeurope"

[[cluster.pools]]
name      = "gpu1"
node-size = "Standard_NC4as_T4_v3"
"#,
            r#"region = "westeurope"

[[cluster.pools]]
name      = "gpu1"
node-size = "Standard_D4s_v5"
gpu       = true
"#,
        ],
        good: &[r#"region = "westeurope"

[[cluster.pools]]
name      = "gpu1"
node-size = "Standard_NC4as_T4_v3"
gpu       = true
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for pool in &facts.plan.cluster.pools {
        let cards = pool.node_size.starts_with("Standard_N");
        if cards == *pool.gpu {
            continue;
        }
        let message = if cards {
            format!("`{}` has graphics cards, but pool `{}` does not set `gpu`", *pool.node_size, *pool.name)
        } else {
            format!("`{}` has no graphics cards, but pool `{}` sets `gpu`", *pool.node_size, *pool.name)
        };
        findings.report(pool.node_size.origin, message, "the size").also(pool.gpu.origin, "`gpu`");
    }
}
