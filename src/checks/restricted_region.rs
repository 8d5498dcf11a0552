//! The region is open to every subscription.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::regions;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "restricted-region",
        severity: Severity::Warning,
        title: "region needs approval",
        help: "ask Microsoft for access, or use the region that it is paired with",
        docs: "Some regions are meant for recovery and are open to approved subscriptions only. Without approval the \
             first resource fails. Source: https://learn.microsoft.com/azure/reliability/regions-list",
        bad: &[r#"region = "norwaywest"
"#],
        good: &[r#"region = "norwayeast"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let region = &facts.plan.region;
    if let Some(known) = regions::find(region).filter(|r| r.restricted) {
        findings.report(
            region.origin,
            format!("{} is open to approved subscriptions only", known.display),
            "restricted access",
        );
    }
}
