//! Limits of Azure keep some head-room.

use super::limit_exceeded::measures;
use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "limit-near",
        severity: Severity::Warning,
        title: "close to a limit of Azure",
        help: "reduce the number before it stops a change that cannot wait",
        docs: "From 80 per cent of a limit on there is little room for the next change. For some figures Microsoft's \
             pages disagree or give advice only; above such a figure this is a warning too. Source: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-\
             limits#azure-firewall-limits",
        bad: &[r#"region = "westeurope"

[firewall]
public-ips = 210
"#],
        good: &[r#"region = "westeurope"

[firewall]
public-ips = 100
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (limit, count, origin) in measures(facts.plan) {
        let refused = limit.hard && count > limit.most;
        if refused || count * 5 < limit.most * 4 {
            continue;
        }
        let bound = if limit.hard { "Azure takes" } else { "the documented figure is" };
        findings.report(
            origin,
            format!("{count} {}, {bound} {}", limit.what, limit.most),
            format!("{count} of {}", limit.most),
        );
    }
}
