//! The firewall's subnets are a /26 or larger.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "firewall-subnet-size",
        severity: Severity::Error,
        title: "firewall subnet is too small",
        help: "give the subnet a /26 or larger prefix",
        docs: "Azure Firewall refuses a subnet smaller than /26 minutes into the deployment. A /26 is enough for \
             every instance that it scales out to. The subnet of its management interface has the same bound. Source: https://learn.microsoft.com/azure/firewall/firewall-faq",
        bad: &[
            r#"region = "westeurope"

[network.subnets]
firewall = "10.0.3.0/27"
"#,
            r#"region = "westeurope"

[firewall]
tier = "Basic"

[network.subnets]
firewall-management = "10.0.1.0/27"
"#,
        ],
        good: &[r#"region = "westeurope"

[network.subnets]
firewall = "10.0.3.0/26"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let own = |role| matches!(role, SubnetRole::Firewall | SubnetRole::FirewallManagement);
    for (_, _, prefix) in facts.plan.located().filter(|(_, subnet, _)| own(subnet.role)) {
        let bits = prefix.bits();
        if bits > 26 {
            findings.report(
                prefix.origin,
                format!("{} holds {} addresses, the firewall needs 64", **prefix, prefix.size()),
                format!("a /{bits}"),
            );
        }
    }
}
