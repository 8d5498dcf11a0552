//! Network rules name whole hosts.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "wildcard-in-network-rule",
        severity: Severity::Error,
        title: "network rule has a wildcard name",
        help: "name the hosts one by one, or use an application rule (`https:443`)",
        docs: "The firewall resolves the names of a network rule, and a wildcard cannot be resolved. Azure refuses \
             it. Source: https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules",
        bad: &[r#"region = "westeurope"
[firewall]
dns-proxy = true

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "git"
fqdns = ["*.example.com"]
ports = ["tcp:22"]
"#],
        good: &[r#"region = "westeurope"
[firewall]
dns-proxy = true

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "git"
fqdns = ["git.example.com"]
ports = ["tcp:22"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, network) in facts.plan.firewall.network_rules() {
        for name in network.rule.fqdns().iter().filter(|n| n.is_pattern()) {
            findings
                .report(name.origin, format!("`{}` cannot stand in a network rule", **name), "a wildcard")
                .given(network.rule.origin);
        }
    }
}
