//! Names that become node labels are at most 63 characters.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;
use crate::profile::Cni;
use crate::tables::names::{self, Named, OVERLAY_NAME};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "overlay-name-length",
        severity: Severity::Error,
        title: "name is too long for overlay networking",
        help: "choose a name of at most 63 characters",
        docs: "With overlay networking the names of subnet, network and resource group of the network become labels of \
             nodes, which Kubernetes limits to 63 characters. Source: https://learn.microsoft.com/azure/aks/azure-cni-overlay",
        bad: &[
            r#"region         = "westeurope"
resource-group = "gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg"
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes    = { name = "aks" }
firewall = "10.90.8.0/26"
"#,
        ],
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
    let network = &plan.network;
    // It is the group of the network that becomes a label.
    let group = match &network.existing {
        Some(id) => id.with(id.group.clone()),
        None => plan.resource_group.clone(),
    };
    let subnet = &network.subnet(SubnetRole::Nodes).name;
    for (what, named, name) in [
        ("resource group", Named::ResourceGroup, &group),
        ("network", Named::Vnet, &network.name),
        ("subnet", Named::Subnet, subnet),
    ] {
        let length = name.chars().count();
        // One that no resource of its kind takes is another check's concern.
        if length > OVERLAY_NAME && names::rule(named).fault(name).is_none() {
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
