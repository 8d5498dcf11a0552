//! Senders are written so that a web application firewall can tell them, and known when it is written.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Addresses;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "gateway-source",
        severity: Severity::Error,
        title: "senders cannot be matched by a gateway",
        help: "write prefixes, such as 203.0.113.16/28",
        docs: "A web application firewall matches senders by addresses and prefixes. A range from one address to another, \
               which rules of the firewall take, is none of these. A subnet of somebody else's network given by its name alone has a \
               prefix that is read at deployment only, and the list of senders is never left out for that.\n\n\
               Source: https://learn.microsoft.com/azure/web-application-firewall/ag/custom-waf-rules-overview",
        bad: &[
            r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["203.0.113.16-203.0.113.31"]

[gateway]
service = "shop"
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/corp/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes    = { name = "aks" }
firewall = "10.90.8.0/26"
gateway  = "10.90.10.0/24"
ingress  = "10.90.9.0/27"

[[inbound]]
name = "shop"
port = 80
to   = "10.90.9.4:8080"
from = ["nodes"]

[gateway]
service = "shop"
"#,
        ],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["203.0.113.16/28"]

[gateway]
service = "shop"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(gateway) = &facts.plan.gateway else { return };
    for role in &gateway.unlocated {
        let message = format!("gateway `{}` would have to know the prefix of subnet `{}`", *gateway.name, role.word());
        findings
            .report(role.origin, message, "read at deployment only")
            .also(gateway.service.origin, "published by the gateway")
            .help("write the prefix that the owner of the network chose");
    }
    for from in gateway.from.iter().flatten().filter(|from| matches!(from.value, Addresses::Range(..))) {
        findings
            .report(from.origin, format!("gateway `{}` cannot match {}", *gateway.name, **from), "a range")
            .also(gateway.service.origin, "published by the gateway");
    }
}
