//! Eight regions have two spellings in service tags.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::{regions, tags};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "tag-region-spelling",
        severity: Severity::Warning,
        title: "region has two spellings in service tags",
        help: "check after the first deployment that the rule has an effect; if it has none, use the other spelling",
        docs: "Microsoft's file of service tags spells eight regions differently from their programmatic names, such \
             as `centralfrance` for `francecentral`. Which of the two the firewall takes is not documented. Source: \
             https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql.francecentral"]
ports        = ["tcp:1433"]
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
    for (_, rule) in facts.plan.firewall.rules() {
        for written in rule.service_tags() {
            let Some(region) = tags::take_apart(written).region.and_then(regions::find_in_tag) else { continue };
            let Some(spelling) = region.tag_spelling else { continue };
            findings
                .report(
                    written.origin,
                    format!("`{}` may have to end in `{}` or in `{spelling}`", **written, region.name),
                    "Azure's answer is not documented",
                )
                .given(facts.plan.region.origin);
        }
    }
}
