//! The node subnet has an address for every node, surge node and flat pod.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;
use crate::profile::Cni;
use crate::value::Cidr;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "node-subnet-size",
        severity: Severity::Error,
        title: "node subnet is too small",
        help: "widen the node subnet, or lower the number of nodes or of pods per node",
        docs: "Every node takes an address of the node subnet, also the extra nodes of an upgrade (`max-surge`). With \
             `cni = \"azure\"` every possible pod takes one as well, whether it runs or not: (nodes + surge) + \
             (nodes + surge) × pods per node. Azure keeps five more. AKS refuses the cluster or an upgrade that \
             does not fit. Source: https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
        bad: &[
            r#"region = "westeurope"
cni    = "azure"

[network.subnets]
nodes = "10.0.5.0/24"

[cluster]
nodes         = 10
pods-per-node = 30
"#,
            r#"region = "westeurope"
cni    = "azure-overlay"

[network.subnets]
nodes = "10.0.5.0/28"

[cluster]
nodes = 12
"#,
        ],
        good: &[r#"region = "westeurope"
cni    = "azure"

[network.subnets]
nodes = "10.0.8.0/22"

[cluster]
nodes         = 10
pods-per-node = 30
"#],
    },
    run,
};

/// Addresses that Azure keeps in every subnet.
const KEPT: u64 = 5;

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let subnet = facts.plan.network.subnet(SubnetRole::Nodes);
    let cluster = &facts.plan.cluster;
    let pool = &cluster.pool;
    let surge = pool.max_surge.of(*pool.nodes);
    let machines = u64::from(*pool.nodes) + u64::from(surge);
    let flat = match *cluster.cni {
        Cni::Azure => u64::from(*pool.pods_per_node),
        Cni::AzureOverlay | Cni::Kubenet => 0,
    };
    let needed = machines.saturating_add(machines.saturating_mul(flat)).saturating_add(KEPT);
    let size = subnet.prefix.size();
    if needed <= size {
        return;
    }
    let pods = if flat == 0 { String::new() } else { format!(" + {machines} × {flat} pods") };
    let finding = findings.report(
        subnet.prefix.origin,
        format!("subnet `{}` holds {size} addresses, the cluster needs {needed}", *subnet.name),
        format!("{} nodes + {surge} surge{pods} + {KEPT} kept by Azure = {needed}", *pool.nodes),
    );
    finding
        .also(pool.nodes.origin, format!("{} nodes", *pool.nodes))
        .given(pool.max_surge.origin)
        .given(pool.pods_per_node.origin)
        .given(cluster.cni.origin);
    if let Some(bits) = Cidr::bits_for(needed) {
        finding.help(format!("give the node subnet a /{bits} or larger prefix, or lower nodes or pods per node"));
    }
}
