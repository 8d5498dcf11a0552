//! The region is a known region of the public cloud.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::nearest::nearest;
use crate::tables::regions::{self, OTHER_CLOUDS, REGIONS};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unknown-region",
        severity: Severity::Warning,
        title: "region is not known",
        help: "write the programmatic name of a region, such as `westeurope`",
        docs: "The program carries a dated table of the regions of the public cloud. New regions appear, so that an \
             unknown name is a warning. Regions of other clouds have other endpoints, which the rules would not \
             allow. Source: https://learn.microsoft.com/azure/reliability/regions-list",
        bad: &[
            r#"region = "westeuropa"
"#,
            r#"region = "usgovvirginia"
"#,
        ],
        good: &[r#"region = "westeurope"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let region = &facts.plan.region;
    if regions::find(region).is_some() {
        return;
    }
    if let Some((_, cloud)) = OTHER_CLOUDS.rows.iter().find(|(name, _)| **name == **region) {
        let message = format!("`{}` is a region of {cloud}", **region);
        findings.report(region.origin, message, "endpoints and rules are those of the public cloud");
        return;
    }
    let message = format!("`{}` is not a region known on {}", **region, REGIONS.as_of);
    let finding = findings.report(region.origin, message, "unknown");
    if let Some(near) = nearest(region, REGIONS.rows.iter().map(|r| r.name)) {
        finding.help(format!("did you mean `{}`?", near.name));
        if near.certain {
            finding.edit(region.origin.at, format!("\"{}\"", near.name));
        }
    }
}
