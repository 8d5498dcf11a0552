//! Regions of service tags are known.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::nearest::nearest;
use crate::tables::regions::{self, OTHER_CLOUDS, REGIONS};
use crate::tables::tags::{self, TagScope};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unknown-tag-region",
        severity: Severity::Warning,
        title: "region of a service tag is not known",
        help: "write the programmatic name of a region, such as `westeurope`",
        docs: "The firewall refuses a service tag for a region that does not exist. New regions appear, so that an \
             unknown one is a warning. Source: https://learn.microsoft.com/azure/virtual-network/service-tags-\
             overview",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql.westeuropa"]
ports        = ["tcp:1433"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql.WestEurope"]
ports        = ["tcp:1433"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        for written in rule.service_tags() {
            let parts = tags::take_apart(written);
            let Some(region) = parts.region.filter(|r| !r.is_empty() && parts.tag.is_some()) else { continue };
            let elsewhere = OTHER_CLOUDS.rows.iter().any(|(name, _)| name.eq_ignore_ascii_case(region));
            if parts.tag.is_some_and(|t| t.scope == TagScope::Global)
                || elsewhere
                || regions::find_in_tag(region).is_some()
            {
                continue;
            }
            let finding = findings.report(
                written.origin,
                format!("`{region}` in service tag `{}` is not a known region", **written),
                "unknown region",
            );
            finding.given(facts.plan.region.origin);
            if let Some(near) = nearest(region, REGIONS.rows.iter().map(|r| r.name)) {
                let meant = format!("{}.{}", parts.name, near.name);
                finding.help(format!("did you mean `{meant}`?"));
                if near.certain && written.origin.via.is_none() {
                    finding.edit(written.origin.at, format!("\"{meant}\""));
                }
            }
        }
    }
}
