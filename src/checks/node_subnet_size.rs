//! The node subnet has an address for every node, surge node and flat pod.

use super::{Check, Facts};
use crate::diag::{Code, Finding, Findings, Severity};
use crate::plan::SubnetRole;
use crate::plan::cluster::NodePool;
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
             (nodes + surge) × pods per node, summed over all pools. A pool with an autoscaler counts with its most nodes. Azure keeps five more. AKS refuses the cluster or an upgrade that \
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
            r#"region = "westeurope"

[network.subnets]
nodes = "10.0.5.0/27"

[[cluster.pools]]
name  = "apps"
nodes = { min = 2, max = 30 }
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
pub(super) const KEPT: u64 = 5;

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let subnet = facts.plan.network.subnet(SubnetRole::Nodes);
    let Some(prefix) = &subnet.prefix else { return };
    let cluster = &facts.plan.cluster;
    let flat = match *cluster.cni {
        Cni::Azure => true,
        Cni::AzureOverlay | Cni::AzurePodSubnet | Cni::Kubenet | Cni::None => false,
    };
    let Sum { total, words } = sum(&cluster.pools, |pool| if flat { 1 + u64::from(*pool.pods_per_node) } else { 1 });
    let needed = total.saturating_add(KEPT);
    let size = prefix.size();
    if needed <= size {
        return;
    }
    let finding = findings.report(
        prefix.origin,
        format!("subnet `{}` holds {size} addresses, the cluster needs {needed}", *subnet.name),
        format!("{words} + {KEPT} kept by Azure = {needed}"),
    );
    finding.given(cluster.cni.origin);
    show_pools(finding, &cluster.pools);
    given_pools(finding, &cluster.pools);
    if let Some(bits) = Cidr::bits_for(needed) {
        finding.help(format!("give the node subnet a /{bits} or larger prefix, or lower nodes or pods per node"));
    }
}

/// What all pools need at their most, and how that comes about.
pub(super) struct Sum {
    pub(super) total: u64,
    pub(super) words: String,
}

/// Machines of every pool, surge included, each times what it needs.
pub(super) fn sum(pools: &[NodePool], each: impl Fn(&NodePool) -> u64) -> Sum {
    let mut total: u64 = 0;
    let mut words = Vec::new();
    for pool in pools {
        let each = each(pool);
        total = total.saturating_add(pool.machines().saturating_mul(each));
        let machines = format!("{} nodes + {} surge", pool.nodes.most(), pool.surge());
        words.push(match (pools.len(), each) {
            (1, 1) => machines,
            (1, each) => format!("({machines}) × {each}"),
            (_, 1) => format!("({machines} of {})", *pool.name),
            (_, each) => format!("({machines} of {}) × {each}", *pool.name),
        });
    }
    Sum { total, words: words.join(" + ") }
}

/// Points at the numbers of nodes.
pub(super) fn show_pools(finding: &mut Finding, pools: &[NodePool]) {
    for pool in pools {
        finding.also(pool.nodes.origin, format!("{} nodes", *pool.nodes));
    }
}

/// Mutes `finding` when one of the numbers could not be read.
pub(super) fn given_pools(finding: &mut Finding, pools: &[NodePool]) {
    for pool in pools {
        finding.given(pool.nodes.origin).given(pool.pods_per_node.origin);
        if let Some(surge) = &pool.max_surge {
            finding.given(surge.origin);
        }
    }
}
