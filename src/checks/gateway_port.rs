//! A gateway listens where one can.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::limits::GATEWAY_PORTS;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "gateway-port",
        severity: Severity::Error,
        title: "application gateway cannot listen on the port",
        help: "choose a port up to 64999, such as 443",
        docs: "An application gateway of version 2 listens on ports 1 to 64999; Azure uses those above itself.\n\n\
               Source: https://learn.microsoft.com/azure/application-gateway/configuration-listeners",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 65200
to   = "10.0.4.10:8080"
from = ["*"]

[gateway]
service = "shop"
"#],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 64999
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
    if !GATEWAY_PORTS.contains(&*gateway.port) {
        findings
            .report(
                gateway.port.origin,
                format!("gateway `{}` cannot listen on port {}", *gateway.name, *gateway.port),
                "above 64999",
            )
            .also(gateway.service.origin, "published by the gateway");
    }
}
