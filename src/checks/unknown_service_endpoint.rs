//! Service endpoints are those that Azure has.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::nearest::nearest;
use crate::tables::endpoints::SERVICE_ENDPOINTS;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unknown-service-endpoint",
        severity: Severity::Warning,
        title: "service endpoint is not among those known",
        help: "compare it with the documentation; Azure refuses one that does not exist",
        docs: "The program carries a dated table of the services that have endpoints. Azure adds some now and then, so \
               that an unknown one is not an error, but one that does not exist stops the deployment. Source: \
               https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
        bad: &[r#"region = "westeurope"

[network.subnets]
nodes = { prefix = "10.0.5.0/24", service-endpoints = ["Microsoft.Storages"] }
"#],
        good: &[r#"region = "westeurope"

[network.subnets]
nodes = { prefix = "10.0.5.0/24", service-endpoints = ["Microsoft.Storage"] }
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let known = || SERVICE_ENDPOINTS.rows.iter().copied();
    for endpoint in facts.plan.network.subnets.iter().flat_map(|subnet| &subnet.service_endpoints) {
        if known().any(|name| name.eq_ignore_ascii_case(endpoint)) {
            continue;
        }
        let message = format!("`{}` is not a service endpoint known on {}", **endpoint, SERVICE_ENDPOINTS.as_of);
        let finding = findings.report(endpoint.origin, message, "unknown");
        if let Some(near) = nearest(endpoint, known()) {
            finding.help(format!("did you mean `{}`?", near.name));
            if near.certain {
                finding.edit(endpoint.origin.at, format!("\"{}\"", near.name));
            }
        }
    }
}
