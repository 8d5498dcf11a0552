//! The gateway stands in a subnet of its own.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "gateway-without-subnet",
        severity: Severity::Error,
        title: "network has no subnet for the gateway",
        help: "name the subnet as `network.subnets.gateway`, or give it a prefix so that it is added",
        docs: "An application gateway needs a subnet in which nothing else stands. In a network that somebody else owns \
               there is none unless the profile names one.\n\n\
               Source: https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        bad: &[r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/company"

[network.subnets]
firewall = "10.0.3.0/24"
ingress  = "10.0.4.0/24"
nodes    = "10.0.5.0/24"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["*"]

[gateway]
service = "shop"
"#],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["*"]

[gateway]
service = "shop"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(gateway) = &facts.plan.gateway else { return };
    if facts.plan.network.find(SubnetRole::Gateway).is_none() {
        let message = format!("there is no subnet for gateway `{}`", *gateway.name);
        findings.report(gateway.origin, message, "needs `network.subnets.gateway`").given(facts.plan.network.origin);
    }
}
