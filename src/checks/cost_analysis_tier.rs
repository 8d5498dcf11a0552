//! Cost analysis has a tier that offers it.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::{Addon, ClusterTier};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "cost-analysis-tier",
        severity: Severity::Error,
        title: "cost analysis needs a paid tier",
        help: "use the tier `Standard` or `Premium`, or remove the add-on",
        docs: "AKS takes cost analysis in the tiers Standard and Premium only. Source: https://learn.microsoft.com/azure/aks/cost-analysis",
        bad: &[r#"region = "westeurope"

[cluster]
tier   = "Free"
addons = ["cost-analysis"]
"#],
        good: &[r#"region = "westeurope"

[cluster]
tier   = "Standard"
addons = ["cost-analysis"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let cluster = &facts.plan.cluster;
    let Some(addon) = cluster.addon(Addon::CostAnalysis) else { return };
    if *cluster.tier == ClusterTier::Free {
        findings
            .report(cluster.tier.origin, "the tier `Free` has no cost analysis", "needs Standard or Premium")
            .also(addon, "the add-on");
    }
}
