//! Rules do not name hosts of outdated guides.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::hosts::OBSOLETE_HOSTS;
use crate::value::Fqdn;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "obsolete-host",
        severity: Severity::Warning,
        title: "host is no longer needed",
        help: "remove it",
        docs: "Older guides list hosts that AKS or Docker Hub no longer use, or that were never documented. Every \
             name that is allowed without need is a way out. Source: \
             https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["motd.ubuntu.com"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["*cloudflare.docker.io"]
"#,
        ],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["security.ubuntu.com"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, rule) in facts.plan.firewall.rules() {
        if !collection.allows() {
            continue;
        }
        for name in rule.fqdns() {
            let text = match &name.value {
                Fqdn::Host(host) | Fqdn::EndsWith(host) => host,
                Fqdn::Any | Fqdn::SubdomainsOf(_) => continue,
            };
            for (_, why) in OBSOLETE_HOSTS.rows.iter().filter(|(host, _)| host == text) {
                findings
                    .report(name.origin, format!("`{}` is not needed: {why}", **name), "obsolete")
                    .given(rule.origin);
            }
        }
    }
}
