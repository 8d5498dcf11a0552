//! Zones are used where the region has some.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::regions;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "region-without-zones",
        severity: Severity::Error,
        title: "region has no availability zones",
        help: "remove `zones`, or choose a region with zones",
        docs: "Azure refuses zones in a region that has none. Source: \
             https://learn.microsoft.com/azure/reliability/regions-list",
        bad: &[r#"region = "westus"

[firewall]
zones = [1, 2, 3]
"#],
        good: &[r#"region = "westus2"

[cluster]
zones = [1, 2, 3]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let Some(region) = regions::find(&plan.region).filter(|r| !r.zones) else { return };
    let pools = plan.cluster.pools.iter().map(|pool| (format!("node pool {}", *pool.name), &pool.zones));
    let gateway = plan.gateway.iter().map(|one| ("gateway".to_owned(), &one.zones));
    for (what, zones) in std::iter::once(("firewall".to_owned(), &plan.firewall.zones)).chain(pools).chain(gateway) {
        if let Some(zone) = zones.first() {
            findings
                .report(zone.origin, format!("{} has no zones for the {what}", region.display), "zones")
                .also(plan.region.origin, "the region");
        }
    }
}
