//! Authorised ranges belong to a public API server.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::ApiServer;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "private-with-authorized-ranges",
        severity: Severity::Error,
        title: "private API server with authorised ranges",
        help: "remove `authorized-ip-ranges`, or make the API server public",
        docs: "Authorised ranges say which public addresses may speak to a public API server. A private one has no public address, and AKS refuses ranges beside it. Source: https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
        bad: &[r#"region = "westeurope"

[cluster]
api-server           = "private"
authorized-ip-ranges = ["203.0.113.0/24"]
"#],
        good: &[
            r#"region = "westeurope"

[cluster]
api-server = "private"
"#,
            r#"region = "westeurope"

[cluster]
authorized-ip-ranges = ["203.0.113.0/24"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let cluster = &facts.plan.cluster;
    if *cluster.api_server != ApiServer::Private {
        return;
    }
    if let Some(range) = cluster.authorized_ip_ranges.first() {
        findings
            .report(range.origin, "a private API server cannot have authorised ranges", "no public address to reach")
            .also(cluster.api_server.origin, "private");
    }
}
