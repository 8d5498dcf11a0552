//! The network's own prefixes are disjoint.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "address-space-overlap",
        severity: Severity::Error,
        title: "prefixes of the network overlap",
        help: "remove the prefix that the other one already holds",
        docs: "Azure refuses a network whose address space holds an address twice. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        bad: &[r#"region = "westeurope"

[network]
address-space = ["10.0.0.0/16", "10.0.128.0/17"]
"#],
        good: &[r#"region = "westeurope"

[network]
address-space = ["10.0.0.0/16", "10.1.128.0/17"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for spaces in facts.plan.networks().map(|network| &network.address_space) {
        for (n, space) in spaces.iter().enumerate() {
            for earlier in spaces[..n].iter().filter(|e| e.overlaps(**space)) {
                findings
                    .report(space.origin, format!("{} overlaps {}", **space, **earlier), "this prefix")
                    .also(earlier.origin, "and this one");
            }
        }
    }
}
