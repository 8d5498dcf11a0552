//! The network is at most a /8.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "network-too-large",
        severity: Severity::Error,
        title: "network is larger than AKS takes",
        help: "give the network a /8 or a smaller prefix",
        docs: "AKS takes a network of at most a /8. Source: https://learn.microsoft.com/azure/aks/concepts-network-\
             ip-address-planning",
        bad: &[r#"region = "westeurope"

[network]
address-space = ["8.0.0.0/6"]
"#],
        good: &[r#"region = "westeurope"

[network]
address-space = ["10.0.0.0/8"]

[cluster]
pod-cidr = "192.168.0.0/16"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for space in facts.plan.networks().flat_map(|network| &network.address_space).filter(|s| s.bits() < 8) {
        findings.report(
            space.origin,
            format!("the network {} is larger than a /8", **space),
            format!("a /{} holds {} addresses", space.bits(), space.size()),
        );
    }
}
