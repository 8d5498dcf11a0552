//! Service tags can be used in the firewall.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::tags::{self, TagScope};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unusable-service-tag",
        severity: Severity::Error,
        title: "service tag cannot be used in the firewall",
        help: "write the addresses, or another tag",
        docs: "Some service tags exist for network security groups only; the firewall refuses them. Source: \
             https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Internet"]
ports        = ["tcp:1433"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql"]
ports        = ["tcp:1433"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        for written in rule.service_tags() {
            let tag = tags::take_apart(written).tag;
            if tag.is_some_and(|t| t.scope == TagScope::Unusable) {
                findings.report(
                    written.origin,
                    format!("the firewall does not take service tag `{}`", **written),
                    "for network security groups only",
                );
            }
        }
    }
}
