//! Application rules use ports up to 64000.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::firewall::RuleBody;
use crate::tables::limits::APPLICATION_PORT;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "high-application-port",
        severity: Severity::Warning,
        title: "application port above 64000",
        help: "use a port up to 64000, or a network rule",
        docs: "Microsoft's schema takes ports of application rules up to 64000, the documentation speaks of 65535. \
             Source: https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-\
             service-limits#azure-firewall-limits",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
ports = ["https:64443"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
ports = ["https:8443"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        let RuleBody::Application { protocols, .. } = &rule.body else { continue };
        for (protocol, port) in protocols.iter().filter(|(_, port)| *port > APPLICATION_PORT) {
            findings.report(
                rule.origin,
                format!("rule `{}` uses {}:{port}, above 64000", *rule.name, protocol.word()),
                "sources disagree about such ports",
            );
        }
    }
}
