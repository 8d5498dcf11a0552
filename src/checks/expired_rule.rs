//! Rules are not past their last day.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "expired-rule",
        severity: Severity::Warning,
        title: "rule is past its last day",
        help: "remove the rule, or agree on a new `expires`",
        docs: "A rule with `expires` was meant to go away. It is still written into every artifact, so that a build \
             never changes by the calendar; this finding appears in the terminal and in reports only.",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
expires = 2020-01-31
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
expires = 2099-12-31
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(today) = facts.today else { return };
    for (_, rule) in facts.plan.firewall.rules() {
        let Some(last) = rule.life.expires.as_ref().filter(|e| e.value < today) else { continue };
        findings
            .report(
                last.origin,
                format!("rule `{}` was meant to exist until {}", *rule.name, **last),
                format!("today is {today}"),
            )
            .given(rule.origin)
            .dated();
    }
}
