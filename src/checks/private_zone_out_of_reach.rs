//! Nodes can resolve the name of a private API server.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::{ApiServer, Cni};
use crate::tables::addresses::RESOLVER;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "private-zone-out-of-reach",
        severity: Severity::Error,
        title: "DNS servers cannot see the zone of the private API server",
        help: "use DNS servers inside the network, or none; with a hub, `dns-proxy = false` or `api-server = \"vnet-integrated\"`",
        docs: "The name of a private API server stands in a private zone that AKS makes and links to the network of the cluster. Servers outside that network do not see it, so that no node becomes ready; neither does the firewall of a hub, which asks for the hub's network. Servers inside the network see it when they forward to 168.63.129.16. Source: https://learn.microsoft.com/azure/aks/private-clusters",
        bad: &[
            r#"region = "westeurope"

[network]
dns-servers = ["10.60.0.4"]

[egress]
packs = ["dns"]

[cluster]
api-server = "private"
"#,
            r#"region = "westeurope"

[hub]

[firewall]
dns-proxy = true

[cluster]
api-server = "private"
"#,
        ],
        good: &[
            r#"region = "westeurope"

[network]
dns-servers = ["10.0.9.4"]

[cluster]
api-server = "private"
"#,
            r#"region = "westeurope"

[firewall]
dns-proxy = true

[cluster]
api-server = "private"
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let cluster = &plan.cluster;
    if *cluster.api_server != ApiServer::Private {
        return;
    }
    let proxy = &plan.firewall.dns_proxy;
    if let Some(hub) = plan.hub.as_ref().filter(|_| proxy.value && plan.network.custom_dns.is_empty()) {
        let message = "the firewall answers DNS in the hub and cannot see the zone of the API server";
        findings
            .report(proxy.origin, message, "asks from another network")
            .also(hub.origin, "the hub")
            .also(cluster.api_server.origin, "private");
    }
    // Another check says that kubenet takes no custom servers then.
    if *cluster.cni == Cni::Kubenet {
        return;
    }
    let inside = |address| plan.network.address_space.iter().any(|space| space.has(address)) || address == RESOLVER;
    if let Some(server) = plan.network.custom_dns.iter().find(|server| !inside(server.value)) {
        let finding = findings.report(
            server.origin,
            format!("{} lies outside the network and cannot see the zone of the API server", **server),
            "outside the network",
        );
        finding.also(cluster.api_server.origin, "private");
        for space in &plan.network.address_space {
            finding.given(space.origin);
        }
    }
}
