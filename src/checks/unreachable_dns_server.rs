//! Custom DNS servers outside the network are allowed.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::{Plan, Subnet, SubnetRole};
use crate::rules::Action;
use crate::tables::addresses::RESOLVER;
use crate::value::{Cidr, IpProtocol};
use std::net::Ipv4Addr;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unreachable-dns-server",
        severity: Severity::Warning,
        title: "no rule allows a custom DNS server",
        help: "add pack `dns`, or set `firewall.dns-proxy = true`",
        docs: "Nodes that cannot resolve names do not become ready. A server outside the network is reached through \
             the firewall, unless a peering leads to it. With the DNS proxy nodes ask the firewall instead, which \
             needs no rule. Source: https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[r#"region = "westeurope"

[network]
dns-servers = ["198.51.100.53"]
"#],
        good: &[
            r#"region = "westeurope"

[network]
dns-servers = ["198.51.100.53"]

[egress]
packs = ["dns"]
"#,
            r#"region = "westeurope"

[network]
dns-servers = ["10.0.4.53"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    if *plan.firewall.dns_proxy {
        return;
    }
    let outside = |address: Ipv4Addr| !plan.network.address_space.iter().any(|s| s.has(address)) && address != RESOLVER;
    for server in plan.network.custom_dns.iter().filter(|s| outside(s.value)) {
        let askers = [("nodes", SubnetRole::Nodes), ("pods", SubnetRole::Pods)].into_iter();
        let mut askers = askers.filter_map(|(who, role)| Some((who, plan.network.find(role)?)));
        let Some((who, _)) = askers.find(|(_, subnet)| !allowed(plan, subnet, server.value)) else { continue };
        let message = format!("no rule allows DNS to {} from the {who}", **server);
        let finding = findings.report(server.origin, message, "lies outside the network");
        finding.given(plan.firewall.dns_proxy.origin);
        for space in &plan.network.address_space {
            finding.given(space.origin);
        }
    }
}

fn allowed(plan: &Plan, from: &Subnet, server: Ipv4Addr) -> bool {
    let server = Cidr::holding(server, 32);
    let rules = plan.firewall.network_rules().filter(|(collection, network)| {
        *collection.action == Action::Allow
            && network.matches(IpProtocol::Udp, 53)
            && network.rule.addresses().iter().any(|a| a.meets(server))
    });
    from.is_covered(rules.map(|(_, network)| network.rule))
}
