//! Ranges lie in private space.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::addresses::{FORBIDDEN, PRIVATE};
use crate::value::Cidr;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "public-address-space",
        severity: Severity::Warning,
        title: "range is public address space",
        help: "use a range inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10",
        docs: "Hosts that own those addresses on the internet become unreachable, and the firewall translates traffic \
             between such addresses as if it went to the internet. Azure accepts it. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        bad: &[r#"region = "westeurope"

[network]
address-space = ["20.30.0.0/16"]
"#],
        good: &[r#"region = "westeurope"

[network]
address-space = ["100.64.0.0/16"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let private = |range: Cidr| PRIVATE.rows.iter().any(|b| b.cidr().is_some_and(|b| b.covers(range)));
    let taken = |range: Cidr| FORBIDDEN.rows.iter().any(|b| b.cidr().is_some_and(|b| b.overlaps(range)));
    for (what, range) in facts.plan.ranges() {
        if !private(**range) && !taken(**range) {
            findings.report(range.origin, format!("the {what} {} is public address space", **range), "not private");
        }
    }
}
