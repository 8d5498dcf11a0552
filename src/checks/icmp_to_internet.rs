//! ICMP rules lead to private addresses.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::addresses::PRIVATE;
use crate::value::{Addresses, IpProtocol};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "icmp-to-internet",
        severity: Severity::Error,
        title: "ICMP rule leads to the internet",
        help: "remove it, or name private addresses",
        docs: "The firewall does not pass ICMP to the internet, whatever the rules say, so that the rule has no \
             effect. Source: https://learn.microsoft.com/azure/firewall/firewall-faq",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["198.51.100.7"]
ports     = ["icmp:*"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "peer"
addresses = ["10.9.0.0/16"]
ports     = ["icmp:*"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (collection, network) in facts.plan.firewall.network_rules() {
        if !collection.allows() || !network.protocols.contains(&IpProtocol::Icmp) {
            continue;
        }
        for address in network.rule.addresses().iter().filter(|a| is_public(***a)) {
            findings
                .report(address.origin, format!("ICMP to {} never passes the firewall", **address), "on the internet")
                .given(network.rule.origin);
        }
    }
}

fn is_public(addresses: Addresses) -> bool {
    !PRIVATE.rows.iter().any(|b| b.cidr().is_some_and(|b| addresses.meets(b)))
}
