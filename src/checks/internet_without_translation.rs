//! Without translation nothing comes back from the internet.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "internet-without-translation",
        severity: Severity::Warning,
        title: "no sender is translated, and there is no tunnel",
        help: "list the networks that are private, or force a tunnel",
        docs: "With `0.0.0.0/0` as private range the firewall keeps the sender's private address for every network rule. The \
             internet has no way back to it, so that only application rules, which always translate, still work. Source: \
             https://learn.microsoft.com/azure/firewall/snat-private-range",
        bad: &[r#"region = "westeurope"

[firewall]
private-ranges = ["0.0.0.0/0"]
"#],
        good: &[r#"region = "westeurope"

[firewall]
private-ranges = ["0.0.0.0/0"]
forced-tunnel  = "10.9.0.4"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    if plan.tunnel.is_some() {
        return;
    }
    if let Some(range) = plan.firewall.private_ranges.iter().find(|range| range.is_everything()) {
        findings.report(range.origin, "network rules to the internet get no answers", "every destination is private");
    }
}
