//! Time comes from known servers.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Ports;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "ntp-to-anywhere",
        severity: Severity::Warning,
        title: "NTP is open to every address",
        help: "remove the rule: nodes take the time from their host; for old pools set `firewall.dns-proxy = true`, \
             so that only `ntp.ubuntu.com` is allowed",
        docs: "Only nodes made before March 2021 need NTP; newer ones take the time from their host. Without the DNS \
             proxy a network rule cannot name the server. Source: https://learn.microsoft.com/azure/aks/outbound-\
             rules-control-egress",
        bad: &[r#"region = "westeurope"

[egress]
packs = ["time"]
"#],
        good: &[r#"region = "westeurope"

[firewall]
dns-proxy = true

[egress]
packs = ["time"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, network) in facts.plan.firewall.network_rules() {
        let Some(everywhere) = network.everywhere() else { continue };
        if collection.allows() && network.ports.contains(&Ports::one(123)) {
            findings
                .report(
                    everywhere.origin,
                    format!("rule `{}` opens NTP to every address", *network.rule.name),
                    "nodes take the time from their host",
                )
                .given(network.rule.origin);
        }
    }
}
