//! Web traffic is allowed by name, not by service tag.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::plan::firewall::{NetworkRule, Rule};
use crate::value::{IpProtocol, Ports};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "service-tag-hides-names",
        severity: Severity::Warning,
        title: "service tag hides names",
        help: "use an application rule with the names of your own resources",
        docs: "A service tag holds the addresses of a service for all its customers, so that an account of a stranger \
             is as reachable as your own. Network rules are evaluated before application rules: on ports 80 and 443 \
             the tag wins, no name is checked and none is logged. Sources: \
             https://learn.microsoft.com/azure/firewall/rule-processing and \
             https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
        bad: &[r#"region = "westeurope"

[egress]
packs = ["service-tags"]
"#],
        good: &[
            r#"region = "westeurope"

[egress]
packs = ["os-updates"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql.westeurope"]
ports        = ["tcp:1433"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, collection) in facts.plan.firewall.collections().filter(|(_, c)| c.allows()) {
        let web = |n: &NetworkRule<'_>| [80, 443].iter().any(|port| n.matches(IpProtocol::Tcp, *port));
        let tags: Vec<&At<String>> = collection
            .rules
            .iter()
            // Every port is a wider problem, with a check of its own.
            .filter(|r| r.network().is_some_and(|n| web(&n) && !n.ports.contains(&Ports::ALL)))
            .flat_map(Rule::service_tags)
            .collect();
        let Some(first) = tags.first() else { continue };
        let list: Vec<String> = tags.iter().map(|t| format!("`{}`", ***t)).collect();
        findings
            .report(
                collection.origin,
                format!("collection `{}` allows web traffic by service tag: {}", *collection.name, list.join(", ")),
                "wins over every rule with names",
            )
            .given(first.origin);
    }
}
