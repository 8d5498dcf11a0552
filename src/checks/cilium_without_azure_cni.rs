//! The Cilium data plane has an Azure CNI below it.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::{Cni, Dataplane};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "cilium-without-azure-cni",
        severity: Severity::Error,
        title: "data plane of Cilium needs an Azure CNI",
        help: "use an Azure CNI, or remove `dataplane`",
        docs: "AKS runs the Cilium data plane on top of an Azure CNI. With `cni = \"none\"` you can install Cilium yourself. Source: https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium",
        bad: &[r#"region = "westeurope"
cni    = "kubenet"

[cluster]
dataplane = "cilium"
"#],
        good: &[r#"region = "westeurope"
cni    = "azure-overlay"

[cluster]
dataplane = "cilium"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let cluster = &facts.plan.cluster;
    match (*cluster.dataplane, *cluster.cni) {
        (Dataplane::Azure, _) | (Dataplane::Cilium, Cni::Azure | Cni::AzureOverlay | Cni::AzurePodSubnet) => {}
        (Dataplane::Cilium, Cni::Kubenet | Cni::None) => {
            findings
                .report(
                    cluster.dataplane.origin,
                    format!("the Cilium data plane cannot run with `{}`", cluster.cni.word()),
                    "needs an Azure CNI",
                )
                .also(cluster.cni.origin, "the CNI");
        }
    }
}
