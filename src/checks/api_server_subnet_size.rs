//! The subnet of an API server inside the network is large enough.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;
use crate::tables::limits::API_SERVER_SUBNET_BITS;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "api-server-subnet-size",
        severity: Severity::Error,
        title: "subnet of the API server is too small",
        help: "give the subnet of the API server a /28 or larger prefix",
        docs: "An API server inside the network takes at least nine addresses of its subnet, to which Azure adds five that it keeps: AKS wants a /28 or larger. Source: https://learn.microsoft.com/azure/aks/api-server-vnet-integration",
        bad: &[r#"region = "westeurope"

[network.subnets]
api-server = "10.0.1.64/29"

[cluster]
api-server = "vnet-integrated"
"#],
        good: &[r#"region = "westeurope"

[network.subnets]
api-server = "10.0.1.64/27"

[cluster]
api-server = "vnet-integrated"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(subnet) = facts.plan.network.find(SubnetRole::ApiServer) else { return };
    let Some(prefix) = &subnet.prefix else { return };
    let bits = prefix.bits();
    if bits > API_SERVER_SUBNET_BITS {
        findings
            .report(
                prefix.origin,
                format!("the subnet of the API server is a /{bits}"),
                format!("needs /{API_SERVER_SUBNET_BITS} or larger"),
            )
            .also(facts.plan.cluster.api_server.origin, "inside the network");
    }
}
