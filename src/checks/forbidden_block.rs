//! No range touches a block that no network can use.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::addresses::FORBIDDEN;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "forbidden-block",
        severity: Severity::Error,
        title: "range touches a block that no network can use",
        help: "choose a private range, such as one inside 10.0.0.0/8",
        docs: "Loopback, link-local, multicast and broadcast addresses and 168.63.129.16, where Azure's own resolver \
             answers, cannot be part of a network; services or pods with such addresses could not be reached. \
             Source: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        bad: &[r#"region = "westeurope"

[network]
address-space = ["169.254.0.0/16"]
"#],
        good: &[r#"region = "westeurope"

[network]
address-space = ["10.254.0.0/16"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (what, range) in facts.plan.ranges() {
        for block in FORBIDDEN.rows.iter().filter(|b| b.cidr().is_some_and(|b| b.overlaps(**range))) {
            findings.report(
                range.origin,
                format!("the {what} {} touches {} ({})", **range, block.prefix, block.what),
                format!("overlaps {}", block.prefix),
            );
        }
    }
}
