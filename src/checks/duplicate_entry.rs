//! Lists of a rule hold each entry once.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::plan::firewall::Rule;
use std::collections::BTreeMap;
use std::fmt::Display;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "duplicate-entry",
        severity: Severity::Warning,
        title: "entry is listed twice",
        help: "remove one of them",
        docs: "The second entry has no effect; more often than not another one was meant.",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com", "API.example.com"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com", "www.example.com"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        twice(rule, rule.fqdns(), findings);
        twice(rule, rule.addresses(), findings);
        twice(rule, rule.service_tags(), findings);
        twice(rule, rule.fqdn_tags(), findings);
        twice(rule, &rule.sources, findings);
    }
}

fn twice<T: Ord + Display>(rule: &Rule, list: &[At<T>], findings: &mut Findings) {
    let mut seen: BTreeMap<&T, &At<T>> = BTreeMap::new();
    for entry in list {
        let Some(earlier) = seen.insert(&entry.value, entry) else { continue };
        findings
            .report(entry.origin, format!("rule `{}` lists `{}` twice", *rule.name, entry.value), "again")
            .also(earlier.origin, "first here")
            .given(rule.origin)
            .drop_entry(entry.origin.at, earlier.origin.at);
    }
}
