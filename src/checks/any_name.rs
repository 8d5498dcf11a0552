//! Application rules name their hosts.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Fqdn;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "any-name",
        severity: Severity::Warning,
        title: "rule allows every host name",
        help: "list the hosts, or deny those that are not wanted before it",
        docs: "An application rule for `*` lets web traffic leave to everybody. The firewall still logs the names. \
             Source: https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "web"
fqdns = ["*"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, rule) in facts.plan.firewall.rules() {
        if !collection.allows() {
            continue;
        }
        for name in rule.fqdns().iter().filter(|n| n.value == Fqdn::Any) {
            findings
                .report(name.origin, format!("rule `{}` allows every host name", *rule.name), "every name")
                .given(rule.origin);
        }
    }
}
