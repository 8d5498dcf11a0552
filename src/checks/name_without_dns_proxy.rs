//! Network rules name hosts only with the DNS proxy.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "name-without-dns-proxy",
        severity: Severity::Error,
        title: "network rule names a host without DNS proxy",
        help: "use an application rule (`https:443`), or set `firewall.dns-proxy = true`, which the tier Basic has not",
        docs: "A network rule compares addresses. It can name hosts only when the firewall resolves them for its \
             clients as well, so that both see the same answer: that is the DNS proxy. Azure refuses such a rule \
             without it. Source: https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "git"
fqdns = ["git.example.com"]
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
    let firewall = &facts.plan.firewall;
    if *firewall.dns_proxy {
        return;
    }
    for (_, network) in firewall.network_rules() {
        if let Some(name) = network.rule.fqdns().first() {
            findings
                .report(
                    name.origin,
                    format!("network rule `{}` names `{}`, but the DNS proxy is off", *network.rule.name, **name),
                    "a name in a network rule",
                )
                .given(firewall.dns_proxy.origin)
                .given(network.rule.origin);
        }
    }
}
