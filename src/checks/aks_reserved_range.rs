//! No range touches the blocks that AKS keeps.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::addresses::RESERVED_BY_AKS;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "aks-reserved-range",
        severity: Severity::Error,
        title: "range touches a block that AKS keeps",
        help: "choose a range that leaves 172.30.0.0/16, 172.31.0.0/16 and 192.0.2.0/24 alone",
        docs: "AKS uses 172.30.0.0/16, 172.31.0.0/16 and 192.0.2.0/24 itself and refuses a cluster whose network, pod \
             or service range touches one of them. A large range such as 172.16.0.0/12 touches two of them. Source: \
             https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
        bad: &[r#"region = "westeurope"

[cluster]
service-cidr = "172.30.0.0/16"
"#],
        good: &[r#"region = "westeurope"

[cluster]
service-cidr = "172.29.0.0/16"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (what, range) in facts.plan.ranges() {
        for block in RESERVED_BY_AKS.rows.iter().filter(|b| b.cidr().is_some_and(|b| b.overlaps(**range))) {
            findings.report(
                range.origin,
                format!("the {what} {} touches {}, which AKS keeps for itself", **range, block.prefix),
                format!("overlaps {}", block.prefix),
            );
        }
    }
}
