//! What can be wrong with a network that somebody else owns.

use crate::diag::{Code, Severity};

pub(super) static INCOMPLETE_NETWORK: Code = Code {
    id: "incomplete-network",
    severity: Severity::Error,
    title: "something about the existing network is not said",
    help: "write the key",
    docs: "In a network that somebody else owns, subnets have no default places: which one is for the nodes has to be said, \
               and which one is for load balancers where a service is published. Only the owner of a subnet that is \
               there already knows its prefix, so that the firewall's address in it cannot be computed.",
    bad: &[
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
firewall = "10.90.8.0/26"
"#,
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes = { name = "aks" }
"#,
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes = { name = "aks" }
firewall = "10.90.8.0/26"

[[inbound]]
name = "shop"
port = 443
to   = "10.90.9.4:443"
from = ["203.0.113.0/24"]
"#,
    ],
    good: &[r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes   = { name = "aks" }
ingress = { name = "load-balancers" }

[firewall]
private-ip = "10.90.8.4"

[[inbound]]
name = "shop"
port = 443
to   = "10.90.9.4:443"
from = ["203.0.113.0/24"]
"#],
};
