//! No two subnets share an address.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "subnet-overlap",
        severity: Severity::Error,
        title: "subnets overlap",
        help: "give each subnet a prefix of its own",
        docs: "Azure refuses a subnet that shares an address with another subnet of the same network. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        bad: &[r#"region = "westeurope"

[network.subnets]
ingress = "10.0.4.0/23"
nodes   = "10.0.5.0/24"
"#],
        good: &[r#"region = "westeurope"

[network.subnets]
ingress = "10.0.6.0/23"
nodes   = "10.0.5.0/24"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let subnets: Vec<_> = facts.plan.located().map(|(_, subnet, prefix)| (subnet, prefix)).collect();
    for (n, (subnet, prefix)) in subnets.iter().enumerate() {
        for (earlier, other) in subnets[..n].iter().filter(|(_, other)| other.overlaps(***prefix)) {
            findings
                .report(
                    prefix.origin,
                    format!("subnets `{}` and `{}` overlap", *earlier.name, *subnet.name),
                    format!("`{}` is {}", *subnet.name, ***prefix),
                )
                .also(other.origin, format!("`{}` is {}", *earlier.name, ***other));
        }
    }
}
