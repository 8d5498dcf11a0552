//! Patterns do not cover hosts of every customer of a service.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::suffixes;
use crate::value::Fqdn;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "multi-tenant-suffix",
        severity: Severity::Warning,
        title: "pattern matches hosts of every customer of a service",
        help: "name the hosts that are yours, such as `account.blob.core.windows.net`",
        docs: "Below names such as `blob.core.windows.net`, `azurewebsites.net` or `github.io` everybody can have a \
             host. A pattern over them is a way out for data: an account of a stranger is as reachable as your own. \
             Packs of the program that need such a pattern say why. Source: https://publicsuffix.org/ and the table \
             of shared suffixes",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["*.blob.core.windows.net"]
"#],
        good: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["images.blob.core.windows.net"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["*.westeurope.data.azurecr.io"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, rule) in facts.plan.firewall.rules() {
        if !collection.allows() || collection.pack.is_some() {
            continue;
        }
        for name in rule.fqdns() {
            let (Fqdn::SubdomainsOf(tail) | Fqdn::EndsWith(tail)) = &name.value else { continue };
            if let Some(who) = suffixes::shared_by(tail) {
                findings
                    .report(
                        name.origin,
                        format!("`{}` matches hosts of every customer: {who}", **name),
                        "shared by many",
                    )
                    .given(rule.origin);
            }
        }
    }
}
