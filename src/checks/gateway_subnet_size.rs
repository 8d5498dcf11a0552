//! The gateway subnet has room for a scaled-out application gateway.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "gateway-subnet-size",
        severity: Severity::Warning,
        title: "gateway subnet is small for an application gateway",
        help: "give the subnet a /24",
        docs: "An application gateway of the second generation grows to 125 instances, each with an address, beside \
             its frontend and the five addresses that Azure keeps. The subnet cannot be resized while a gateway \
             lives in it. Source: https://learn.microsoft.com/azure/application-gateway/configuration-\
             infrastructure",
        bad: &[r#"region = "westeurope"

[network.subnets]
gateway = "10.0.2.0/26"
"#],
        good: &[r#"region = "westeurope"

[network.subnets]
gateway = "10.0.2.0/24"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some((subnet, prefix)) = facts.plan.network.located().find(|(s, _)| s.role == SubnetRole::Gateway) else {
        return;
    };
    let bits = prefix.bits();
    if (25..=29).contains(&bits) {
        let free = prefix.size() - 5;
        findings.report(
            prefix.origin,
            format!("subnet `{}` has room for {} instances of a gateway, it may need 125", *subnet.name, free - 1),
            format!("a /{bits}"),
        );
    }
}
