//! The old tunnel ports stay closed.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Plan;
use crate::plan::firewall::{NetworkRule, Rule};
use crate::tables::hosts::OBSOLETE_TUNNEL;
use crate::value::Cloud;
use crate::value::{Addresses, Cidr, IpProtocol, Ports};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "obsolete-tunnel",
        severity: Severity::Warning,
        title: "rule opens the old tunnel to the control plane",
        help: "remove the rule, unless the cluster is older than konnectivity",
        docs: "Clusters once reached their control plane by UDP 1194 and TCP 9000. Today the tunnel is konnectivity, \
             over HTTPS to the API server's name, which every cluster may reach anyway. Microsoft's documentation \
             does not give the day of the change for public clusters. Source: \
             https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[r#"region = "westeurope"

[egress]
packs = ["api-tunnel"]
"#],
        good: &[r#"region = "westeurope"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    // Konnectivity is documented for the public cloud.
    if *facts.plan.cloud != Cloud::Public {
        return;
    }
    for (_, collection) in facts.plan.firewall.collections().filter(|(_, c)| c.allows()) {
        let opened: Vec<_> =
            collection.rules.iter().filter_map(Rule::network).filter(|n| leads_there(facts.plan, n)).collect();
        let open = |(protocol, port): &&(IpProtocol, u16)| {
            opened.iter().any(|n| n.ports.contains(&Ports::one(*port)) && n.matches(*protocol, *port))
        };
        let ports: Vec<String> = OBSOLETE_TUNNEL
            .rows
            .iter()
            .filter(open)
            .map(|(protocol, port)| format!("{}:{port}", protocol.word()))
            .collect();
        if !ports.is_empty() {
            findings.report(
                collection.origin,
                format!("collection `{}` opens {}, which konnectivity replaced", *collection.name, ports.join(" and ")),
                "nobody needs this any more",
            );
        }
    }
}

/// Whether the rule can reach a control plane, rather than a service that happens to use the same port.
fn leads_there(plan: &Plan, network: &NetworkRule<'_>) -> bool {
    let cloud = network.rule.service_tags().iter().any(|t| t.to_ascii_lowercase().starts_with("azurecloud"));
    let known = |a: &Addresses| plan.api_server_addresses.iter().any(|s| a.meets(Cidr::holding(s.value, 32)));
    cloud || network.rule.addresses().iter().any(|a| known(a))
}
