//! The hub has a resource group of its own.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "hub-group-shared",
        severity: Severity::Error,
        title: "hub is in the cluster's resource group",
        help: "choose another name for `hub.resource-group`",
        docs: "What belongs to the hub goes to a resource group of its own by a deployment of its own: other people look \
             after it, and it stays when the cluster's group is removed. In one group both networks and their tables would \
             have to share names and rights. Where one group is meant, one network is enough: leave `[hub]` out. Source: \
             https://learn.microsoft.com/azure/architecture/networking/architecture/hub-spoke",
        bad: &[r#"region         = "westeurope"
resource-group = "shop-rg"

[hub]
resource-group = "Shop-RG"
"#],
        good: &[r#"region         = "westeurope"
resource-group = "shop-rg"

[hub]
resource-group = "connectivity-rg"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let Some(hub) = &plan.hub else { return };
    // Azure compares names without regard to case.
    if hub.resource_group.to_lowercase() == plan.resource_group.to_lowercase() {
        let message = format!("the hub is in the resource group `{}`, where the cluster is", *hub.resource_group);
        findings
            .report(hub.resource_group.origin, message, "of the hub")
            .also(plan.resource_group.origin, "of the cluster");
    }
}
