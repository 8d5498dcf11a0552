//! Nodes need no NTP.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Ports;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "obsolete-time",
        severity: Severity::Advice,
        title: "NTP is no longer needed",
        help: "remove the rule once every node pool was made after March 2021",
        docs: "Nodes made after March 2021 take the time from their host. Source: \
             https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[r#"region = "westeurope"

[firewall]
dns-proxy = true

[egress]
packs = ["time"]
"#],
        good: &[r#"region = "westeurope"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, network) in facts.plan.firewall.network_rules() {
        let time = network.ports == [Ports::one(123)] && network.everywhere().is_none();
        if time && collection.allows() {
            findings.report(
                network.rule.origin,
                format!("rule `{}` allows NTP, which only old nodes need", *network.rule.name),
                "nodes take the time from their host",
            );
        }
    }
}
