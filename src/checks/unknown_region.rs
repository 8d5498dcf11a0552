//! The region is a known region of the public cloud.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::nearest::nearest;
use crate::tables::regions::{self, REGIONS};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unknown-region",
        severity: Severity::Warning,
        title: "region is not known",
        help: "write the programmatic name of a region, such as `westeurope`",
        docs: "The program carries a dated table of regions. New regions appear, so that an unknown name is a warning. Source: https://learn.microsoft.com/azure/reliability/regions-list",
        bad: &[
            r#"region = "westeuropa"
"#,
            r#"region = "westeurope"

[[egress.registries]]
name    = "contoso"
regions = ["westeurope", "northeuropa"]
"#,
        ],
        good: &[r#"region = "westeurope"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    judge(&plan.region, findings);
    let others = plan.registries.iter().flat_map(|registry| &registry.regions);
    for region in others.chain(plan.logs.workspace.place()).filter(|region| region.value != plan.region.value) {
        judge(region, findings);
    }
}

fn judge(region: &At<String>, findings: &mut Findings) {
    if regions::cloud_of(region).is_some() {
        return;
    }
    let message = format!("`{}` is not a region known on {}", **region, REGIONS.as_of);
    let finding = findings.report(region.origin, message, "unknown");
    if let Some(near) = nearest(region, regions::names()) {
        finding.help(format!("did you mean `{}`?", near.name));
        if near.certain {
            finding.edit(region.origin.at, format!("\"{}\"", near.name));
        }
    }
}
