//! The cluster's DNS service has a usable address of the service range.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::value::Cidr;
use std::net::Ipv4Addr;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "dns-service-ip",
        severity: Severity::Error,
        title: "address of the DNS service cannot be used",
        help: "use the tenth address of the service range, or leave `dns-service-ip` out",
        docs: "The address must lie in the service range. The first address belongs to the service `kubernetes`, and \
             the ends of the range cannot be used. Source: https://learn.microsoft.com/azure/aks/concepts-network-\
             ip-address-planning",
        bad: &[
            r#"region = "westeurope"

[cluster]
service-cidr   = "172.20.0.0/16"
dns-service-ip = "172.16.0.10"
"#,
            r#"region = "westeurope"

[cluster]
service-cidr   = "172.20.0.0/16"
dns-service-ip = "172.20.0.1"
"#,
        ],
        good: &[r#"region = "westeurope"

[cluster]
service-cidr   = "172.20.0.0/16"
dns-service-ip = "172.20.0.10"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let range = &facts.plan.cluster.service_cidr;
    let address = &facts.plan.cluster.dns_service_ip;
    if let Some(fault) = fault(**range, **address) {
        findings
            .report(address.origin, format!("the DNS service cannot have {}: {fault}", **address), fault)
            .also(range.origin, format!("the service range {}", **range));
    }
}

fn fault(range: Cidr, address: Ipv4Addr) -> Option<&'static str> {
    match address {
        _ if !range.has(address) => Some("it lies outside the service range"),
        _ if address == range.base() => Some("it is the base of the service range"),
        _ if range.nth(1) == Some(address) => Some("the service `kubernetes` has this address"),
        _ if address == range.last() => Some("it is the last address of the service range"),
        _ => None,
    }
}
