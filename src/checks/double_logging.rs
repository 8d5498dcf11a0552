//! Each log line is written once.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "double-logging",
        severity: Severity::Warning,
        title: "logs are written twice",
        help: "choose `structured`, or `legacy` for queries that cannot be changed",
        docs: "With both families each decision of the firewall is stored twice, once as a row of its own table and \
             once as a text, and both are paid for. Source: https://learn.microsoft.com/azure/firewall/monitor-\
             firewall-reference",
        bad: &[r#"region = "westeurope"

[logs]
categories = "both"
"#],
        good: &[r#"region = "westeurope"

[logs]
categories = "structured"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let logs = &facts.plan.logs;
    if logs.structured && logs.legacy {
        findings.report(logs.origin, "structured and legacy log lines are both on", "ingestion is doubled");
    }
}
