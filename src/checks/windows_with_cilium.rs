//! Windows pools have the Azure data plane.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::{Dataplane, Os};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "windows-with-cilium",
        severity: Severity::Error,
        title: "data plane of Cilium takes no Windows pool",
        help: "use the Azure data plane, or Linux pools",
        docs: "The Cilium data plane runs on Linux nodes only. Source: https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium",
        bad: &[r#"region = "westeurope"

[cluster]
dataplane = "cilium"

[[cluster.pools]]
name = "win1"
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
    let cluster = &facts.plan.cluster;
    if *cluster.dataplane != Dataplane::Cilium {
        return;
    }
    for pool in cluster.pools.iter().filter(|p| *p.os == Os::Windows) {
        findings
            .report(
                cluster.dataplane.origin,
                format!("the Cilium data plane takes no Windows nodes, as in pool `{}`", *pool.name),
                "Linux only",
            )
            .also(pool.os.origin, "Windows");
    }
}
