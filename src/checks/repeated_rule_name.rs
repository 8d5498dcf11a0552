//! Rules are told apart by their names, across collections too.

use std::collections::BTreeMap;

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::firewall::Rule;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "repeated-rule-name",
        severity: Severity::Advice,
        title: "two collections have a rule of the same name",
        help: "give each rule a name that says what it is for",
        docs: "Azure takes the name, since each collection has names of its own. In logs and queries a rule is looked for \
               by its name, and there the two cannot be told apart at a glance. Source: \
               https://learn.microsoft.com/azure/azure-monitor/reference/tables/azfwapplicationrule",
        bad: &[r#"region = "westeurope"

[egress.collections.orders]
priority = 300

[[egress.collections.orders.rules]]
name  = "api"
fqdns = ["orders.example.com"]

[egress.collections.payments]
priority = 310

[[egress.collections.payments.rules]]
name  = "api"
fqdns = ["payments.example.com"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.orders]
priority = 300

[[egress.collections.orders.rules]]
name  = "orders-api"
fqdns = ["orders.example.com"]

[egress.collections.payments]
priority = 310

[[egress.collections.payments.rules]]
name  = "payments-api"
fqdns = ["payments.example.com"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<String, (&str, &Rule)> = BTreeMap::new();
    let own = facts.plan.firewall.rules().filter(|(c, rule)| c.pack.is_none() && !rule.is_dnat());
    for (collection, rule) in own {
        let (other, earlier) = *seen.entry(rule.name.to_lowercase()).or_insert((&collection.name, rule));
        if other != collection.name.as_str() {
            let message = format!("rule `{}` has the name of a rule in `{other}`", *rule.name);
            findings
                .report(rule.name.origin, message, "again")
                .also(earlier.name.origin, "first here")
                .given(rule.origin);
        }
    }
}
