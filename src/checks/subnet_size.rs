//! Subnets are between /29 and /2.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "subnet-size",
        severity: Severity::Error,
        title: "subnet size that Azure does not have",
        help: "give the subnet a prefix between /29 and /2",
        docs: "Azure keeps five addresses of every subnet and takes prefixes from /29, which leaves three, up to /2. \
             Source: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        bad: &[r#"region = "westeurope"

[network.subnets]
ingress = "10.0.4.0/30"
"#],
        good: &[r#"region = "westeurope"

[network.subnets]
ingress = "10.0.4.0/29"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, subnet, prefix) in facts.plan.located() {
        let bits = prefix.bits();
        // The firewall's subnets have a stricter bound of their own.
        let own = matches!(subnet.role, SubnetRole::Firewall | SubnetRole::FirewallManagement);
        let small = bits > 29 && !own;
        if small || bits < 2 {
            findings.report(
                prefix.origin,
                format!("subnet `{}` is a /{bits}", *subnet.name),
                if small { "smaller than /29" } else { "larger than /2" },
            );
        }
    }
}
