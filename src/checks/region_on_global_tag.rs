//! Only regional service tags carry a region.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::tags::{self, TagScope};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "region-on-global-tag",
        severity: Severity::Error,
        title: "service tag has no regional form",
        help: "remove the region",
        docs: "Tags of services without regional addresses exist once for all regions. The firewall refuses the \
             regional spelling. Source: https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["AzureActiveDirectory.westeurope"]
ports        = ["tcp:1433"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["AzureActiveDirectory"]
ports        = ["tcp:1433"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        for written in rule.service_tags() {
            let parts = tags::take_apart(written);
            let (Some(tag), Some(region)) = (parts.tag, parts.region) else { continue };
            if tag.scope != TagScope::Global || region.is_empty() {
                continue;
            }
            let finding = findings.report(
                written.origin,
                format!("service tag `{}` has no regional form", tag.name),
                format!("`.{region}` is too much"),
            );
            finding.help(format!("write `{}`", tag.name));
            if written.origin.via.is_none() {
                finding.edit(written.origin.at, format!("\"{}\"", tag.name));
            }
        }
    }
}
