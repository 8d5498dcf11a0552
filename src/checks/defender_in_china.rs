//! Defender is offered in the cloud.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::Addon;
use crate::value::Cloud;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "defender-in-china",
        severity: Severity::Warning,
        title: "add-on is retired in this cloud",
        help: "remove the add-on",
        docs: "Microsoft retired Defender for Cloud in the cloud of China, so that the pack has no endpoints there. Source: https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[r#"region = "chinanorth3"
cloud  = "china"

[cluster]
addons = ["defender"]
"#],
        good: &[r#"region = "chinanorth3"
cloud  = "china"

[cluster]
addons = ["azure-policy"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let Some(addon) = plan.cluster.addon(Addon::Defender) else { return };
    if *plan.cloud == Cloud::China {
        findings
            .report(addon, "Defender for Cloud is retired in the cloud `china`", "no longer offered")
            .also(plan.cloud.origin, "the cloud");
    }
}
