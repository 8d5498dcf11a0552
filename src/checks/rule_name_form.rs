//! Rule names are plain and at most 80 characters.

use std::collections::BTreeSet;

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity, Span};
use crate::tables::names::RULE_NAME;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "rule-name-form",
        severity: Severity::Warning,
        title: "rule name is unusual",
        help: "use letters, digits, hyphens and underscores, at most 80",
        docs: "Azure documents no pattern for names of rules. Letters, digits, `_`, `.` and `-` up to 80 characters \
             work everywhere, also in queries over the log.",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "allow network"
fqdns = ["api.example.com"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "allow-network"
fqdns = ["api.example.com"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    // One name may stand for several rules, and that of an inbound service has a stricter form of its own.
    let mut told: BTreeSet<Span> = facts.plan.inbound.iter().map(|inbound| inbound.name.origin.at).collect();
    for (_, rule) in facts.plan.firewall.rules() {
        let name = &rule.name;
        let length = name.chars().count();
        let odd = name.chars().find(|c| !c.is_ascii_alphanumeric() && !"_.-".contains(*c));
        if (length <= RULE_NAME && odd.is_none()) || !told.insert(name.origin.at) {
            continue;
        }
        match odd {
            Some(odd) if length <= RULE_NAME => {
                findings.report(name.origin, format!("rule `{}` has {odd:?} in its name", **name), "unusual in names");
            }
            Some(_) | None => {
                findings.report(name.origin, format!("the name of the rule has {length} characters"), "more than 80");
            }
        }
    }
}
