//! The pod range has a /24 for every node.

use super::node_subnet_size::{self, Sum};
use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Cidr;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "pod-range-size",
        severity: Severity::Error,
        title: "pod range is too small",
        help: "widen `pod-cidr`, or lower the number of nodes",
        docs: "With overlay networking and with kubenet every node takes a fixed /24 of the pod range, so that a /16 \
             is enough for 256 nodes. Nodes of an upgrade count. Source: \
             https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
        bad: &[r#"region = "westeurope"
cni    = "azure-overlay"

[cluster]
nodes    = 10
pod-cidr = "10.244.0.0/21"
"#],
        good: &[r#"region = "westeurope"
cni    = "azure-overlay"

[cluster]
nodes    = 10
pod-cidr = "10.244.0.0/20"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let pools = &facts.plan.cluster.pools;
    let Some(range) = &facts.plan.cluster.pod_cidr else { return };
    let Sum { total: needed, words } = node_subnet_size::sum(pools, |_| 1);
    let room = range.size() / 256;
    if needed > room {
        let finding = findings.report(
            range.origin,
            format!("the pod range {} has room for {room} nodes, the cluster needs {needed}", **range),
            format!("{words} = {needed} blocks of /24"),
        );
        node_subnet_size::show_pools(finding, pools);
        node_subnet_size::given_pools(finding, pools);
        if let Some(bits) = Cidr::bits_for(needed.saturating_mul(256)) {
            finding.help(format!("give `pod-cidr` a /{bits} or larger prefix"));
        }
    }
}
