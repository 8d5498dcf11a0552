//! A private kubenet cluster uses the DNS of Azure.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::{ApiServer, Cni};
use crate::tables::addresses::RESOLVER;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "kubenet-private-dns",
        severity: Severity::Error,
        title: "private kubenet cluster with DNS servers of its own",
        help: "use an Azure CNI, or remove the DNS servers",
        docs: "Microsoft's documentation says that a private cluster with kubenet, a route table of one's own and DNS of one's own cannot be made. Every cluster behind the firewall has such a table. Source: https://learn.microsoft.com/azure/aks/private-clusters",
        bad: &[r#"region = "westeurope"
cni    = "kubenet"

[network]
dns-servers = ["10.0.9.4"]

[cluster]
api-server = "private"
"#],
        good: &[r#"region = "westeurope"
cni    = "kubenet"

[cluster]
api-server = "private"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let cluster = &plan.cluster;
    if *cluster.api_server != ApiServer::Private || *cluster.cni != Cni::Kubenet {
        return;
    }
    if let Some(server) = plan.network.custom_dns.iter().find(|server| server.value != RESOLVER) {
        findings
            .report(cluster.cni.origin, "kubenet takes no private API server with custom DNS servers", "kubenet")
            .also(server.origin, "a custom DNS server")
            .also(cluster.api_server.origin, "private");
    }
}
