//! Logs are kept for 30 to 730 days.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::limits::RETENTION_DAYS;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "retention-out-of-range",
        severity: Severity::Error,
        title: "retention is out of range",
        help: "choose 30 to 730 days",
        docs: "A workspace of the current price plan keeps rows for 30 to 730 days; older plans had 7. The range is \
             that of Microsoft's own templates and of other tools; the first 31 days cost nothing extra. Source: \
             https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure",
        bad: &[r#"region = "westeurope"

[logs]
retention-days = 14
"#],
        good: &[r#"region = "westeurope"

[logs]
retention-days = 90
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let days = &facts.plan.logs.retention_days;
    if !RETENTION_DAYS.contains(&days.value) {
        findings.report(days.origin, format!("a workspace cannot keep rows for {} days", **days), "30 to 730");
    }
}
