//! Names that become node labels are at most 63 characters.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;
use crate::profile::Cni;
use crate::tables::names::OVERLAY_NAME;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "overlay-name-length",
        severity: Severity::Error,
        title: "name is too long for overlay networking",
        help: "choose a name of at most 63 characters",
        docs: "With overlay networking the names of subnet, network and resource group become labels of nodes, which \
             Kubernetes limits to 63 characters. Source: https://learn.microsoft.com/azure/aks/azure-cni-overlay",
        bad: &[r#"region         = "westeurope"
resource-group = "gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg"
"#],
        good: &[r#"region         = "westeurope"
resource-group = "cluster-rg"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    if *plan.cluster.cni != Cni::AzureOverlay {
        return;
    }
    let subnet = &plan.network.subnet(SubnetRole::Nodes).name;
    for (what, name) in [("resource group", &plan.resource_group), ("network", &plan.network.name), ("subnet", subnet)]
    {
        let length = name.chars().count();
        if length > OVERLAY_NAME {
            findings
                .report(
                    name.origin,
                    format!("the name of the {what} has {length} characters, overlay networking takes {OVERLAY_NAME}"),
                    "becomes a label of every node",
                )
                .given(plan.cluster.cni.origin);
        }
    }
}
