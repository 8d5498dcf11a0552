//! The group that AKS makes for the nodes has a name that Azure takes.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::names::NODE_GROUP;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "node-group-name-length",
        severity: Severity::Error,
        title: "name of the node resource group is too long",
        help: "shorten the name of the resource group or of the cluster",
        docs: "AKS puts the nodes into a resource group of its own and calls it `MC_`, the resource group, the cluster \
               and the region, with underscores between them. Together these may have 80 characters. Source: \
               https://learn.microsoft.com/azure/aks/faq",
        bad: &[r#"region         = "germanywestcentral"
resource-group = "network-and-kubernetes-of-the-payments-department-production-west"
"#],
        good: &[r#"region         = "germanywestcentral"
resource-group = "payments-production"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let (group, cluster) = (&plan.resource_group, &plan.cluster.name);
    let name = format!("MC_{}_{}_{}", **group, **cluster, *plan.region);
    let length = name.chars().count();
    if length > NODE_GROUP {
        findings
            .report(group.origin, format!("`{name}` has {length} characters; {NODE_GROUP} is the most"), "the group")
            .also(cluster.origin, "the cluster")
            .given(plan.region.origin);
    }
}
