//! The region belongs to the cloud of the profile.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
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
    let (region, cloud) = (&facts.plan.region, &facts.plan.cloud);
    let Some(home) = regions::cloud_of(region).filter(|home| *home != **cloud) else { return };
    let message = format!("`{}` is a region of {}, and the profile is for {}", **region, home.title(), cloud.title());
    let finding = findings.report(region.origin, message, home.title());
    finding.given(cloud.origin).help(format!("write `cloud = \"{}\"`", home.word()));
    // Without the key, its place is the file.
    if cloud.origin != facts.plan.origin {
        finding.also(cloud.origin, cloud.title());
    }
}
