//! The region can place API servers in a network.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::ApiServer;
use crate::tables::regions::{self, WITHOUT_INTEGRATION};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "region-without-integration",
        severity: Severity::Error,
        title: "region places no API servers in a network",
        help: "use another region, or `api-server = \"private\"`",
        docs: "API servers inside a network (API Server VNet Integration) exist in every region of AKS but the ones listed in its documentation. Source: https://learn.microsoft.com/azure/aks/api-server-vnet-integration",
        bad: &[r#"region = "qatarcentral"

[cluster]
api-server = "vnet-integrated"
"#],
        good: &[
            r#"region = "westeurope"

[cluster]
api-server = "vnet-integrated"
"#,
            r#"region = "qatarcentral"

[cluster]
api-server = "private"
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let server = &plan.cluster.api_server;
    let integrated = match server.value {
        ApiServer::VnetIntegrated => true,
        ApiServer::Public | ApiServer::Private => false,
    };
    if integrated && WITHOUT_INTEGRATION.rows.contains(&plan.region.as_str()) {
        let name = regions::find(&plan.region).map_or(plan.region.as_str(), |region| region.display);
        let message = format!("{name} places no API servers in a network");
        findings.report(server.origin, message, "inside the network").also(plan.region.origin, "the region");
    }
}
