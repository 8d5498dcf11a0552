//! A kubenet cluster has at most 400 nodes.

use super::{Check, Facts, node_subnet_size};
use crate::diag::{Code, Findings, Severity};
use crate::profile::Cni;
use crate::tables::limits::KUBENET_NODES;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "kubenet-nodes",
        severity: Severity::Error,
        title: "too many nodes for kubenet",
        help: "use `azure-overlay`, or fewer nodes",
        docs: "With kubenet AKS writes one route for each node, surge nodes included, and takes at most 400. Source: \
             https://learn.microsoft.com/azure/aks/configure-kubenet",
        bad: &[r#"region = "westeurope"
cni    = "kubenet"

[network.subnets]
nodes = "10.0.8.0/22"

[cluster]
nodes = 400
"#],
        good: &[r#"region = "westeurope"
cni    = "kubenet"

[network.subnets]
nodes = "10.0.8.0/22"

[cluster]
nodes = 200
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let cluster = &facts.plan.cluster;
    let nodes = cluster.machines();
    if *cluster.cni != Cni::Kubenet || nodes <= u64::from(KUBENET_NODES) {
        return;
    }
    let Some(largest) = cluster.pools.iter().max_by_key(|p| p.machines()) else { return };
    let sum = node_subnet_size::sum(&cluster.pools, |_| 1);
    let finding = findings.report(
        largest.nodes.origin,
        format!("{} = {nodes}, kubenet takes {KUBENET_NODES}", sum.words),
        "too many",
    );
    finding.also(cluster.cni.origin, "kubenet");
    node_subnet_size::given_pools(finding, &cluster.pools);
}
