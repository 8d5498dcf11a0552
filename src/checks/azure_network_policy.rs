//! Network policies have a future.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::NetworkPolicy;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "azure-network-policy",
        severity: Severity::Warning,
        title: "network policy of Azure is being retired",
        help: "use the Cilium data plane, or Calico",
        docs: "Microsoft is retiring the Azure network policy manager and advises Cilium. The cluster works until then. Source: https://learn.microsoft.com/azure/aks/use-network-policies",
        bad: &[r#"region = "westeurope"

[cluster]
network-policy = "azure"
"#],
        good: &[r#"region = "westeurope"

[cluster]
network-policy = "calico"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let policy = &facts.plan.cluster.network_policy;
    if **policy == NetworkPolicy::Azure {
        findings.report(policy.origin, "network policies by `azure` are being retired", "on its way out");
    }
}
