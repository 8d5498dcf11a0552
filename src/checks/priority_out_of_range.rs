//! Priorities are 100 to 65000.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::limits::PRIORITIES;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "priority-out-of-range",
        severity: Severity::Error,
        title: "priority is out of range",
        help: "choose a number from 100 to 65000",
        docs: "Azure takes priorities from 100 to 65000 for rule collections; a lower number is evaluated earlier. \
             Source: https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 50

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 100

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, collection) in facts.plan.firewall.collections() {
        let priority = *collection.priority;
        if !PRIORITIES.contains(&priority) {
            findings.report(
                collection.priority.origin,
                format!("priority {priority} of collection `{}` is out of range", *collection.name),
                if priority < *PRIORITIES.start() { "below 100" } else { "above 65000" },
            );
        }
    }
}
