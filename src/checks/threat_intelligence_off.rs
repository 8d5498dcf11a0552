//! Threat intelligence is on.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::ThreatIntel;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "threat-intelligence-off",
        severity: Severity::Advice,
        title: "threat intelligence is off",
        help: "set `threat-intel = \"Alert\"` or \"Deny\"",
        docs: "The firewall knows destinations of known attacks and can log or drop traffic to them before any rule \
             is evaluated, at no extra cost. Source: https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"

[firewall]
threat-intel = "Off"
"#],
        good: &[r#"region = "westeurope"

[firewall]
threat-intel = "Deny"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let mode = &facts.plan.firewall.threat_intel;
    if mode.value == ThreatIntel::Off {
        findings.report(mode.origin, "known attackers are neither logged nor dropped", "off");
    }
}
