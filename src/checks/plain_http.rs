//! Own rules use TLS.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::firewall::RuleBody;
use crate::value::{AppProtocol, IpProtocol, Ports};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "plain-http",
        severity: Severity::Warning,
        title: "rule allows plain HTTP",
        help: "use `https:443`, or say in `why` what protects the content",
        docs: "Plain HTTP can be read and changed on its way, and its Host header is what the client says it is. As a \
             network rule on port 80 not even that is checked. Packs that need it, such as signed packages of \
             Ubuntu, are not reported. Source: https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
ports = ["http:80"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["198.51.100.7"]
ports     = ["tcp:80"]
"#,
        ],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
ports = ["https:443"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, rule) in facts.plan.firewall.rules() {
        if !collection.allows() || collection.pack.is_some() {
            continue;
        }
        let plain = match &rule.body {
            RuleBody::Application { protocols, .. } => protocols.iter().any(|(p, _)| *p == AppProtocol::Http),
            RuleBody::Network { protocols, ports, .. } => {
                let tcp = protocols.iter().any(|p| matches!(p, IpProtocol::Tcp | IpProtocol::Any));
                tcp && ports.contains(&Ports::one(80))
            }
            RuleBody::Dnat { .. } => false,
        };
        if plain {
            findings
                .report(rule.origin, format!("rule `{}` allows plain HTTP", *rule.name), "no TLS")
                .given(collection.action.origin);
        }
    }
}
