//! Patterns stay inside one registered domain.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::suffixes;
use crate::value::Fqdn;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "whole-registry",
        severity: Severity::Warning,
        title: "pattern matches a whole top-level domain",
        help: "name the domains that are meant",
        docs: "`*.com` or `*.co.uk` allows every domain that a registry hands out. Sources: \
             https://learn.microsoft.com/azure/firewall/firewall-faq and https://publicsuffix.org/",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["*.co.uk"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["*.example.co.uk"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, rule) in facts.plan.firewall.rules() {
        // To deny a top-level domain is a policy like any other.
        if !collection.allows() {
            continue;
        }
        for name in rule.fqdns() {
            let (Fqdn::SubdomainsOf(tail) | Fqdn::EndsWith(tail)) = &name.value else { continue };
            if suffixes::registrable(tail).is_none() {
                findings
                    .report(
                        name.origin,
                        format!("`{}` matches every domain below `{tail}`", **name),
                        "a whole registry",
                    )
                    .given(rule.origin);
            }
        }
    }
}
