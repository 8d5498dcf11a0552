//! Rules name their sources.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::RuleKind;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "any-source",
        severity: Severity::Warning,
        title: "rule applies to every source",
        help: "leave `from` out: the default is the subnets whose addresses the firewall sees",
        docs: "A rule with any source also serves whatever else comes to use the firewall, such as a network peered \
             later. Source: https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
from  = ["*"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
from  = ["nodes"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, rule) in facts.plan.firewall.rules() {
        // Inbound rules have a check of their own, and a deny for everybody is no opening.
        if collection.kind == RuleKind::Dnat || !collection.allows() {
            continue;
        }
        if let Some(source) = rule.sources.iter().find(|s| s.is_everything()) {
            findings
                .report(source.origin, format!("rule `{}` applies to every source", *rule.name), "any source")
                .given(rule.origin);
        }
    }
}
