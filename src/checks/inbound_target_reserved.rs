//! Published services do not take an address that Azure keeps.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "inbound-target-reserved",
        severity: Severity::Error,
        title: "inbound target is an address that Azure keeps",
        help: "choose an address between the fifth and the one before the last of the subnet",
        docs: "Azure keeps the first four addresses and the last one of every subnet. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.3:443"
from = ["203.0.113.0/24"]
"#],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "web"
port = 443
to   = "10.0.4.4:443"
from = ["203.0.113.0/24"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some((subnet, prefix)) = facts.plan.network.located().find(|(s, _)| s.role == SubnetRole::Ingress) else {
        return;
    };
    let kept = |address| (0..4).any(|n| prefix.nth(n) == Some(address)) || address == prefix.last();
    for inbound in facts.plan.inbound.iter().filter(|i| kept(*i.to)) {
        findings
            .report(
                inbound.to.origin,
                format!("Azure keeps {} of subnet `{}`", *inbound.to, *subnet.name),
                "one of the first four addresses or the last",
            )
            .given(prefix.origin);
    }
}
