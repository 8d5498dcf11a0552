//! Authorised ranges are public.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::addresses::{Block, PRIVATE};
use crate::value::Cidr;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "authorized-range-not-public",
        severity: Severity::Error,
        title: "authorised range has no public addresses",
        help: "write the public addresses that the callers come from",
        docs: "The API server sees the public address that a caller leaves with: AKS takes public IPv4 ranges only. `0.0.0.0/32` is a word of its own that stands for the outbound addresses of a load balancer, which such a cluster has none of. The addresses of the firewall are added by themselves. Source: https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
        bad: &[
            r#"region = "westeurope"

[cluster]
authorized-ip-ranges = ["10.20.0.0/16"]
"#,
            r#"region = "westeurope"

[cluster]
authorized-ip-ranges = ["0.0.0.0/32"]
"#,
        ],
        good: &[r#"region = "westeurope"

[cluster]
authorized-ip-ranges = ["203.0.113.0/24", "198.51.100.7"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for range in &facts.plan.cluster.authorized_ip_ranges {
        let nowhere = range.base().is_unspecified() && range.bits() == 32;
        if nowhere {
            let message = "`0.0.0.0/32` stands for outbound addresses that this cluster does not have";
            findings.report(range.origin, message, "a special value");
        } else if is_private(**range) {
            findings.report(range.origin, format!("{} is no public range", **range), "private addresses");
        }
    }
}

fn is_private(range: Cidr) -> bool {
    PRIVATE.rows.iter().filter_map(Block::cidr).any(|space| space.covers(range))
}
