//! A pattern without a dot stays inside one registered domain.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::suffixes;
use crate::value::Fqdn;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "over-matching-name",
        severity: Severity::Warning,
        title: "pattern matches domains of strangers",
        help: "write the domain and `*.` plus the domain",
        docs: "`*example.com` means every name that ends so: `example.com` and its sub-domains, but also `evil-\
             example.com`, which anybody can register. Where the text after `*` is already below a registered \
             domain, as in `*auth.docker.io`, the match stays inside that domain. Sources: \
             https://learn.microsoft.com/azure/firewall/firewall-faq and https://publicsuffix.org/",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["*docker.io"]
"#],
        good: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["docker.io", "*.docker.io"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["*auth.docker.io"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        for name in rule.fqdns() {
            let Fqdn::EndsWith(ending) = &name.value else { continue };
            // Nothing before the ending was registered: a longer name can be somebody else's.
            if suffixes::registrable(ending) == Some(ending.as_str()) {
                findings
                    .report(
                        name.origin,
                        format!("`{}` also matches `evil-{ending}`, which anybody can register", **name),
                        format!("no dot after `*`, and `{ending}` is a registered domain"),
                    )
                    .given(rule.origin)
                    .help(format!("write \"{ending}\" and \"*.{ending}\""));
            }
        }
    }
}
