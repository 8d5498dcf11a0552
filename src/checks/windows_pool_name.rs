//! Names of Windows pools are short.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::Os;
use crate::tables::limits::WINDOWS_POOL_NAME;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "windows-pool-name",
        severity: Severity::Error,
        title: "name of a Windows pool is too long",
        help: "shorten the name to 6 characters",
        docs: "The name of a Windows pool begins the names of its machines, which Windows bounds: AKS takes 6 characters, where a Linux pool has 12. Source: https://learn.microsoft.com/azure/aks/use-windows-pools",
        bad: &[r#"region = "westeurope"

[[cluster.pools]]
name = "windows1"
os   = "Windows"
"#],
        good: &[r#"region = "westeurope"

[[cluster.pools]]
name = "win1"
os   = "Windows"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for pool in facts.plan.cluster.pools.iter().filter(|p| *p.os == Os::Windows) {
        let length = pool.name.len();
        if length > WINDOWS_POOL_NAME {
            findings
                .report(
                    pool.name.origin,
                    format!("`{}` has {length} characters, a Windows pool {WINDOWS_POOL_NAME} at most", *pool.name),
                    "too long",
                )
                .also(pool.os.origin, "a Windows pool");
        }
    }
}
