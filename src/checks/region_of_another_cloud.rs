//! The region belongs to the cloud of the profile.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::plan::Plan;
use crate::tables::regions;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "region-of-another-cloud",
        severity: Severity::Error,
        title: "region belongs to another cloud",
        help: "set `cloud` to the cloud of the region",
        docs: "Azure Government and Azure operated by 21Vianet have regions, endpoints and sign-in of their own. The rules are \
             written for the cloud that the profile says, so that nodes in another one could not start. Source: \
             https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[
            r#"region = "usgovvirginia"
"#,
            r#"region = "westeurope"
cloud  = "china"
"#,
            r#"region = "westeurope"

[logs.workspace]
id     = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central"
region = "usgovvirginia"
"#,
        ],
        good: &[
            r#"region = "usgovvirginia"
cloud  = "usgov"
"#,
            r#"region = "chinanorth3"
cloud  = "china"
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    judge(plan, &plan.region, findings);
    // One that is not written is the region of the profile.
    if let Some(region) = plan.logs.workspace.place().filter(|region| region.value != plan.region.value) {
        judge(plan, region, findings);
    }
}

fn judge(plan: &Plan, region: &At<String>, findings: &mut Findings) {
    let cloud = &plan.cloud;
    let Some(home) = regions::cloud_of(region).filter(|home| *home != **cloud) else { return };
    let message = format!("`{}` is a region of {}, and the profile is for {}", **region, home.title(), cloud.title());
    let finding = findings.report(region.origin, message, home.title());
    finding.given(cloud.origin).help(format!("write `cloud = \"{}\"`", home.word()));
    // Without the key, its place is the file.
    if cloud.origin != plan.origin {
        finding.also(cloud.origin, cloud.title());
    }
}
