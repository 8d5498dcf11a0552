//! Rules with service tags name their ports.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Ports;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "service-tag-on-every-port",
        severity: Severity::Warning,
        title: "service tag is open on every port",
        help: "name the ports, such as `tcp:443`",
        docs: "A service tag holds the addresses of a service for all its customers. On every port it is a wide way \
             out. Source: https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Storage.westeurope"]
ports        = ["any:*"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql.westeurope"]
ports        = ["tcp:1433"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, network) in facts.plan.firewall.network_rules() {
        if !collection.allows() || !network.ports.contains(&Ports::ALL) {
            continue;
        }
        if let Some(tag) = network.rule.service_tags().first() {
            findings
                .report(
                    tag.origin,
                    format!("rule `{}` opens every port to `{}`", *network.rule.name, **tag),
                    "a service tag",
                )
                .given(network.rule.origin);
        }
    }
}
