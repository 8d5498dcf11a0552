//! Authorised ranges and firewall addresses fit together.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::ApiServer;
use crate::tables::limits::{AUTHORIZED_RANGES, AUTHORIZED_RANGES_INTEGRATED};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "too-many-authorized-ranges",
        severity: Severity::Error,
        title: "too many authorised ranges",
        help: "join ranges, or remove some",
        docs: "AKS takes 200 authorised ranges, the addresses of the firewall among them, and 2,000 for an API server inside the network. Source: https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
        bad: &[r#"region = "westeurope"

[firewall]
public-ips = 200

[cluster]
authorized-ip-ranges = ["203.0.113.0/24"]
"#],
        good: &[
            r#"region = "westeurope"

[firewall]
public-ips = 3

[cluster]
authorized-ip-ranges = ["203.0.113.0/24"]
"#,
            r#"region = "westeurope"

[firewall]
public-ips = 200

[cluster]
api-server           = "vnet-integrated"
authorized-ip-ranges = ["203.0.113.0/24"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let ranges = &plan.cluster.authorized_ip_ranges;
    let Some(last) = ranges.last() else { return };
    let (own, firewall) = (ranges.len(), plan.firewall.address_count());
    let most = match *plan.cluster.api_server {
        ApiServer::Public | ApiServer::Private => AUTHORIZED_RANGES,
        ApiServer::VnetIntegrated => AUTHORIZED_RANGES_INTEGRATED,
    };
    if own + firewall > most {
        let finding = findings.report(
            last.origin,
            format!("{own} ranges and {firewall} addresses of the firewall, AKS takes {most} together"),
            format!("{own} + {firewall} = {}", own + firewall),
        );
        if let Some(address) = plan.firewall.public_ips.first() {
            finding.also(address.origin, "addresses of the firewall");
        }
    }
}
