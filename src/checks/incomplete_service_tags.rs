//! Service tags that need each other are allowed together.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::tags::{self, TAG_NEEDS};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "incomplete-service-tags",
        severity: Severity::Warning,
        title: "service tag is of little use alone",
        help: "allow the other tag as well, or use application rules with names",
        docs: "Registries hand out the layers of images from elsewhere: `MicrosoftContainerRegistry` needs \
             `AzureFrontDoor.FirstParty`, `AzureContainerRegistry` needs `Storage` or dedicated data endpoints. \
             Source: https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "registry"
service-tags = ["MicrosoftContainerRegistry"]
ports        = ["tcp:443"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "registry"
service-tags = ["MicrosoftContainerRegistry", "AzureFrontDoor.FirstParty"]
ports        = ["tcp:443"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let allowed = || facts.plan.firewall.rules().filter(|(c, _)| c.allows());
    let name_of = |written: &str| tags::take_apart(written).tag.map(|t| t.name);
    let has = |name| allowed().flat_map(|(_, r)| r.service_tags()).any(|t| name_of(t) == Some(name));
    for (_, rule) in allowed() {
        for tag in rule.service_tags() {
            let needs = TAG_NEEDS.rows.iter().filter(|(needy, other, _)| name_of(tag) == Some(needy) && !has(other));
            for (_, other, why) in needs {
                findings
                    .report(
                        tag.origin,
                        format!("`{}` needs `{other}` as well: {why}", **tag),
                        format!("without `{other}`"),
                    )
                    .given(rule.origin);
            }
        }
    }
}
