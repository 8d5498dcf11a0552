//! Something enforces the network policies.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::{Cni, Dataplane, NetworkPolicy};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "network-policy-unsupported",
        severity: Severity::Error,
        title: "nothing can enforce this network policy",
        help: "choose another `network-policy`, CNI or data plane",
        docs: "Azure's network policies need an Azure CNI, Calico an Azure CNI or kubenet, and Cilium the Cilium data plane, which in turn enforces policies alone. With `cni = \"none\"` the plugin that you bring does it. Source: https://learn.microsoft.com/azure/aks/use-network-policies",
        bad: &[
            r#"region = "westeurope"
cni    = "kubenet"

[cluster]
network-policy = "azure"
"#,
            r#"region = "westeurope"

[cluster]
network-policy = "cilium"
"#,
            r#"region = "westeurope"

[cluster]
dataplane      = "cilium"
network-policy = "calico"
"#,
            r#"region = "westeurope"
cni    = "none"

[cluster]
network-policy = "calico"
"#,
        ],
        good: &[
            r#"region = "westeurope"
cni    = "kubenet"

[cluster]
network-policy = "calico"
"#,
            r#"region = "westeurope"

[cluster]
dataplane = "cilium"
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let cluster = &facts.plan.cluster;
    let (policy, cni, dataplane) = (*cluster.network_policy, *cluster.cni, *cluster.dataplane);
    let azure = match cni {
        Cni::Azure | Cni::AzureOverlay | Cni::AzurePodSubnet => true,
        Cni::Kubenet | Cni::None => false,
    };
    let needs = match policy {
        NetworkPolicy::None => return,
        NetworkPolicy::Cilium if dataplane == Dataplane::Cilium => return,
        NetworkPolicy::Cilium => "the Cilium data plane",
        NetworkPolicy::Azure | NetworkPolicy::Calico if dataplane == Dataplane::Cilium => "the Azure data plane",
        NetworkPolicy::Azure if azure => return,
        NetworkPolicy::Azure => "an Azure CNI",
        NetworkPolicy::Calico if azure || cni == Cni::Kubenet => return,
        NetworkPolicy::Calico => "an Azure CNI or kubenet",
    };
    findings
        .report(
            cluster.network_policy.origin,
            format!("network policy `{}` needs {needs}", policy.word()),
            format!("`{}` with the {} data plane", cni.word(), dataplane.word()),
        )
        .given(cluster.cni.origin)
        .given(cluster.dataplane.origin);
}
