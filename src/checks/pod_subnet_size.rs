//! The pod subnet has an address for every pod of every node.

use super::node_subnet_size::{KEPT, Sum, given_pools, show_pools, sum};
use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;
use crate::plan::cluster::NodePool;
use crate::value::Cidr;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "pod-subnet-size",
        severity: Severity::Error,
        title: "pod subnet is too small",
        help: "widen the pod subnet, or lower the number of nodes or of pods per node",
        docs: "With `cni = \"azure-pod-subnet\"` every node takes addresses of the pod subnet in blocks of 16, as many blocks as its pods per node fill: 16 × ⌈pods per node / 16⌉ × (nodes + surge), summed over all pools, and five more that Azure keeps. A pool with an autoscaler counts with its most nodes. When the subnet is full, new nodes get no addresses for their pods. Source: https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet",
        bad: &[
            r#"region = "westeurope"
cni    = "azure-pod-subnet"

[network.subnets]
pods = "10.0.16.0/24"
"#,
            r#"region = "westeurope"
cni    = "azure-pod-subnet"

[network.subnets]
pods = "10.0.16.0/22"

[cluster]
nodes         = 3
pods-per-node = 30

[[cluster.pools]]
name          = "apps"
nodes         = { min = 2, max = 30 }
pods-per-node = 40
"#,
        ],
        good: &[r#"region = "westeurope"
cni    = "azure-pod-subnet"

[cluster]
nodes         = 20
pods-per-node = 110
"#],
    },
    run,
};

/// Addresses that a node takes at a time.
const BLOCK: u64 = 16;

/// Addresses that the pods of one node can take.
fn of_node(pool: &NodePool) -> u64 {
    u64::from(*pool.pods_per_node).div_ceil(BLOCK) * BLOCK
}

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(subnet) = facts.plan.network.find(SubnetRole::Pods) else { return };
    let pools = &facts.plan.cluster.pools;
    let Sum { total, words } = sum(pools, of_node);
    let needed = total.saturating_add(KEPT);
    let Some(prefix) = &subnet.prefix else { return };
    let size = prefix.size();
    if needed <= size {
        return;
    }
    let finding = findings.report(
        prefix.origin,
        format!("subnet `{}` holds {size} addresses, the pods need {needed}", *subnet.name),
        format!("{words} + {KEPT} kept by Azure = {needed}"),
    );
    show_pools(finding, pools);
    given_pools(finding, pools);
    if let Some(bits) = Cidr::bits_for(needed) {
        finding.help(format!("give the pod subnet a /{bits} or larger prefix, or lower nodes or pods per node"));
    }
}
