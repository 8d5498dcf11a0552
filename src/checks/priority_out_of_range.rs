//! Priorities are 100 to 65000.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::RuleKind;
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
    let firewall = &facts.plan.firewall;
    let group = firewall.existing.iter().map(|existing| &existing.priority);
    for priority in group.filter(|priority| !PRIORITIES.contains(&priority.value)) {
        findings.report(
            priority.origin,
            format!("priority {} of the rule collection group is out of range", **priority),
            if **priority < *PRIORITIES.start() { "below 100" } else { "above 65000" },
        );
    }
    for (_, collection) in firewall.collections() {
        // In a group of somebody else's policy, each kind has numbers of its own.
        let (offset, last) = match firewall.existing {
            Some(_) => (collection.kind.offset(), RuleKind::Network.offset() - 1),
            None => (0, *PRIORITIES.end()),
        };
        let priority = collection.priority.saturating_sub(offset);
        if !(*PRIORITIES.start()..=last).contains(&priority) {
            let too_low = priority < *PRIORITIES.start();
            findings.report(
                collection.priority.origin,
                format!("priority {priority} of collection `{}` is out of range", *collection.name),
                if too_low { "below 100".to_owned() } else { format!("above {last}") },
            );
        }
    }
}
