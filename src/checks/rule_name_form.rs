//! Rule names are plain and at most 80 characters.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
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
    for (_, rule) in facts.plan.firewall.rules() {
        let name = &rule.name;
        let length = name.chars().count();
        if length > RULE_NAME {
            findings.report(name.origin, format!("the name of the rule has {length} characters"), "more than 80");
        } else if let Some(odd) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !"_.-".contains(*c)) {
            findings.report(name.origin, format!("rule `{}` has {odd:?} in its name", **name), "unusual in names");
        }
    }
}
