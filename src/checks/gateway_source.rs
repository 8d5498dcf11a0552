//! Senders are written so that a web application firewall can tell them.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Addresses;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "gateway-source",
        severity: Severity::Error,
        title: "range of senders cannot be matched by a gateway",
        help: "write prefixes, such as 203.0.113.16/28",
        docs: "A web application firewall matches senders by addresses and prefixes. A range from one address to another, \
               which rules of the firewall take, is none of these.\n\n\
               Source: https://learn.microsoft.com/azure/web-application-firewall/ag/custom-waf-rules-overview",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["203.0.113.16-203.0.113.31"]

[gateway]
service = "shop"
"#],
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
    for from in gateway.from.iter().filter(|from| matches!(from.value, Addresses::Range(..))) {
        findings
            .report(from.origin, format!("gateway `{}` cannot match {}", *gateway.name, **from), "a range")
            .also(gateway.service.origin, "published by the gateway");
    }
}
