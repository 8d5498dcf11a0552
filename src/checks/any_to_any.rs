//! No rule opens every port to everywhere.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Ports;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "any-to-any",
        severity: Severity::Warning,
        title: "rule opens every port to every address",
        help: "name the addresses and the ports",
        docs: "Such a rule is the absence of a firewall. As a network rule it also wins over every application rule, \
             so that no name is checked or logged. Source: https://learn.microsoft.com/azure/firewall/rule-\
             processing",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["*"]
ports     = ["any:*"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["198.51.100.7"]
ports     = ["any:*"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, network) in facts.plan.firewall.network_rules() {
        let Some(everywhere) = network.everywhere() else { continue };
        if collection.allows() && network.ports.contains(&Ports::ALL) {
            findings
                .report(
                    everywhere.origin,
                    format!("rule `{}` opens every port to every address", *network.rule.name),
                    "everywhere",
                )
                .given(network.rule.origin);
        }
    }
}
