//! The firewall's zones have capacity.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::regions;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "zone-without-capacity",
        severity: Severity::Warning,
        title: "firewall zone is short of capacity",
        help: "leave out the zone, or ask Microsoft before the deployment",
        docs: "Azure Firewall cannot be created in some zones of some regions for lack of capacity. The list changes. \
             Source: https://learn.microsoft.com/azure/firewall/firewall-known-issues",
        bad: &[r#"region = "northeurope"

[firewall]
zones = [1, 2, 3]
"#],
        good: &[r#"region = "northeurope"

[firewall]
zones = [1, 3]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let Some(region) = regions::find(&plan.region) else { return };
    for zone in plan.firewall.zones.iter().filter(|z| region.blocked_zones.contains(z)) {
        findings
            .report(
                zone.origin,
                format!("new firewalls may be refused in zone {} of {}", **zone, region.display),
                "short of capacity",
            )
            .given(plan.region.origin);
    }
}
