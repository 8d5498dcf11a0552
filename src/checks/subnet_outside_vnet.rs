//! Subnets lie inside the network.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "subnet-outside-vnet",
        severity: Severity::Error,
        title: "subnet lies outside the network",
        help: "move the subnet into the address space, or widen `network.address-space`",
        docs: "Azure refuses a subnet whose prefix is not inside one prefix of its network. Subnet defaults follow \
             the first prefix of `network.address-space`, so that a subnet given by hand is the usual culprit. \
             Source: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        bad: &[r#"region = "westeurope"

[network]
address-space = ["10.20.0.0/16"]

[network.subnets]
nodes = "10.21.5.0/24"
"#],
        good: &[r#"region = "westeurope"

[network]
address-space = ["10.20.0.0/16"]

[network.subnets]
nodes = "10.20.5.0/24"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (network, subnet, at) in facts.plan.located() {
        if network.existing.is_some() {
            // Only its owner knows what it holds.
            continue;
        }
        let prefix = **at;
        if network.address_space.iter().any(|space| space.covers(prefix)) {
            continue;
        }
        let finding = findings.report(
            at.origin,
            format!("subnet `{}` ({prefix}) lies outside the network", *subnet.name),
            "outside the address space",
        );
        for space in &network.address_space {
            finding.also(space.origin, format!("the network holds {}", **space));
        }
    }
}
