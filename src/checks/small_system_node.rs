//! System pools have nodes that are large enough.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::PoolMode;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "small-system-node",
        severity: Severity::Error,
        title: "node size is too small for a system pool",
        help: "choose a size with at least 2 vCPUs and 4 GB, such as `Standard_D4s_v5`",
        docs: "AKS asks for at least 2 vCPUs and 4 GB of memory on the nodes of a system pool. The number in the name of a \
               size is that of its vCPUs; sizes with one are refused. Memory and availability of a size are not \
               checked here. Source: https://learn.microsoft.com/azure/aks/use-system-pools",
        bad: &[r#"region = "westeurope"

[cluster]
node-size = "Standard_B1ms"
"#],
        good: &[r#"region = "westeurope"

[cluster]
node-size = "Standard_B2ms"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for pool in facts.plan.cluster.pools.iter().filter(|pool| *pool.mode == PoolMode::System) {
        let size = &pool.node_size;
        if vcpus(size) == Some(1) {
            let message = format!("`{}` has 1 vCPU, and nodes of a system pool need 2", **size);
            findings.report(size.origin, message, "too small").given(pool.origin);
        }
    }
}

/// The number of vCPUs that the name of a size says: the first number behind its family.
fn vcpus(size: &str) -> Option<u32> {
    let rest = size.split_once('_')?.1.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
    digits.parse().ok()
}
