//! The gateway has room to grow as far as it may.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "gateway-capacity",
        severity: Severity::Error,
        title: "gateway cannot have so many instances",
        help: "lower `capacity.max`, raise it above `capacity.min`, or give the gateway a larger subnet",
        docs: "Every instance of an application gateway has an address of its subnet; Azure keeps five and a private \
               frontend would take one. A gateway that cannot grow drops requests when many come.\n\n\
               Source: https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        bad: &[
            r#"region = "westeurope"

[network.subnets]
gateway = "10.0.2.0/28"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["*"]

[gateway]
service  = "shop"
capacity = { max = 20 }
"#,
            r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["*"]

[gateway]
service  = "shop"
capacity = { min = 5, max = 3 }
"#,
        ],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["*"]

[gateway]
service  = "shop"
capacity = { min = 3, max = 20 }
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(gateway) = &facts.plan.gateway else { return };
    if *gateway.min > *gateway.max {
        let message =
            format!("gateway `{}` has at least {} instances and at most {}", *gateway.name, *gateway.min, *gateway.max);
        findings.report(gateway.max.origin, message, "the most").also(gateway.min.origin, "the fewest");
    }
    let located = facts.plan.network.located().find(|(subnet, _)| subnet.role == SubnetRole::Gateway);
    let Some((_, prefix)) = located else { return };
    let room = prefix.size().saturating_sub(6);
    if u64::from(*gateway.max) > room {
        let message = format!(
            "gateway `{}` may have {} instances, and its subnet has room for {room}",
            *gateway.name, *gateway.max
        );
        findings
            .report(gateway.max.origin, message, format!("{} + 5 + 1 addresses", *gateway.max))
            .also(prefix.origin, format!("a /{} has {}", prefix.bits(), prefix.size()));
    }
}
