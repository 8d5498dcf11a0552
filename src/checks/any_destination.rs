//! Network rules name their destinations.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Ports;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "any-destination",
        severity: Severity::Warning,
        title: "rule opens a port to every address",
        help: "name the addresses, or use an application rule with names",
        docs: "A network rule for every address lets data leave to anybody who listens on that port. On ports 80 and \
             443 it also hides every application rule: no name is checked or logged. Source: \
             https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["*"]
ports     = ["tcp:443"]
"#],
        good: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["198.51.100.0/24"]
ports     = ["tcp:443"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["*"]
ports     = ["udp:53"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, network) in facts.plan.firewall.network_rules() {
        let Some(everywhere) = network.everywhere() else { continue };
        // Every port, name resolution and time have checks of their own.
        let other = network.ports.iter().any(|p| *p != Ports::one(53) && *p != Ports::one(123));
        if !collection.allows() || network.ports.contains(&Ports::ALL) || !other {
            continue;
        }
        let ports: Vec<String> = network.ports.iter().map(Ports::to_string).collect();
        findings
            .report(
                everywhere.origin,
                format!("rule `{}` opens port {} to every address", *network.rule.name, ports.join(", ")),
                "everywhere",
            )
            .given(network.rule.origin);
    }
}
