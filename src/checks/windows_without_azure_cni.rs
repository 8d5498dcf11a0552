//! Windows pools have an Azure CNI.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::{Cni, Os};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "windows-without-azure-cni",
        severity: Severity::Error,
        title: "CNI plugin takes no Windows pool",
        help: "use an Azure CNI, or Linux pools",
        docs: "AKS takes Windows nodes with an Azure CNI alone: kubenet runs on Linux nodes only, and without a plugin of AKS there is none for Windows. Source: https://learn.microsoft.com/azure/aks/configure-kubenet",
        bad: &[r#"region = "westeurope"
cni    = "kubenet"

[[cluster.pools]]
name = "win1"
os   = "Windows"
"#],
        good: &[r#"region = "westeurope"
cni    = "azure-overlay"

[[cluster.pools]]
name = "win1"
os   = "Windows"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let cluster = &facts.plan.cluster;
    match *cluster.cni {
        Cni::Kubenet | Cni::None => {}
        Cni::Azure | Cni::AzureOverlay | Cni::AzurePodSubnet => return,
    }
    for pool in cluster.pools.iter().filter(|p| *p.os == Os::Windows) {
        findings
            .report(
                cluster.cni.origin,
                format!("`{}` takes no Windows nodes, as in pool `{}`", cluster.cni.word(), *pool.name),
                "Linux only",
            )
            .also(pool.os.origin, "Windows");
    }
}
