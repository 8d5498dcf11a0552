//! Name resolution leads to known servers.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Ports;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "dns-to-anywhere",
        severity: Severity::Warning,
        title: "DNS is open to every address",
        help: "remove the rule: Azure's own resolver needs none; with servers of your own, list them in `network.dns-\
             servers`",
        docs: "Port 53 to anywhere is the classic tunnel out of a closed network. Azure's resolver, 168.63.129.16, is \
             not reached through the firewall, so that only custom servers need a rule. Source: \
             https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[
            r#"region = "westeurope"

[egress]
packs = ["dns"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["*"]
ports     = ["any:53"]
"#,
        ],
        good: &[r#"region = "westeurope"

[network]
dns-servers = ["10.9.0.4"]

[egress]
packs = ["dns"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, network) in facts.plan.firewall.network_rules() {
        let Some(everywhere) = network.everywhere() else { continue };
        if collection.allows() && network.ports.contains(&Ports::one(53)) {
            findings
                .report(
                    everywhere.origin,
                    format!("rule `{}` opens DNS to every address", *network.rule.name),
                    "Azure's own resolver needs no rule",
                )
                .given(network.rule.origin);
        }
    }
}
