//! Problems of a cluster's shape that only the reader of profiles raises.

use crate::diag::{Code, Severity};

pub(super) static NODE_RANGE: Code = Code {
    id: "node-range",
    severity: Severity::Error,
    title: "autoscaler has no number of nodes to choose from",
    help: "write a `min` that is not above `max`",
    docs: "With `nodes = { min, max }` the autoscaler keeps the nodes of a pool between the two. AKS refuses a range that \
               is upside down.\n\nSource: https://learn.microsoft.com/azure/aks/cluster-autoscaler",
    bad: &[r#"region = "westeurope"

[cluster]
nodes = { min = 6, max = 2 }
"#],
    good: &[r#"region = "westeurope"

[cluster]
nodes = { min = 2, max = 6 }
"#],
};

pub(super) static EMPTY_SYSTEM_POOL: Code = Code {
    id: "empty-system-pool",
    severity: Severity::Error,
    title: "system pool may have no node",
    help: "write at least 1 node, or make it a user pool",
    docs: "The cluster's own pods run on system pools, so that AKS refuses one whose number of nodes may be 0. A user pool \
               may be empty.\n\nSource: https://learn.microsoft.com/azure/aks/use-system-pools",
    bad: &[r#"region = "westeurope"

[[cluster.pools]]
name  = "infra"
mode  = "System"
nodes = { min = 0, max = 3 }
"#],
    good: &[r#"region = "westeurope"

[[cluster.pools]]
name  = "infra"
mode  = "System"
nodes = { min = 1, max = 3 }
"#],
};

pub(super) static SPOT_POOL_SURGE: Code = Code {
    id: "spot-pool-surge",
    severity: Severity::Error,
    title: "spot pool has a surge",
    help: "remove `max-surge`",
    docs: "An upgrade of a spot pool adds no nodes: it replaces them one by one. Azure refuses a surge there, also the \
               usual one, so that none is written.\n\nSource: https://learn.microsoft.com/azure/aks/spot-node-pool",
    bad: &[r#"region = "westeurope"

[[cluster.pools]]
name      = "batch"
spot      = true
max-surge = "10%"
"#],
    good: &[r#"region = "westeurope"

[[cluster.pools]]
name = "batch"
spot = true
"#],
};
