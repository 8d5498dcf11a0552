//! Authorised ranges know the address that nodes come from.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "authorized-ranges-behind-tunnel",
        severity: Severity::Warning,
        title: "authorised ranges behind a forced tunnel",
        help: "add the public addresses behind the tunnel to `authorized-ip-ranges`",
        docs: "With authorised ranges the addresses of the firewall are added, as nodes usually come from them. With a forced tunnel they leave through the appliance, with a public address that the profile does not know: unless that is in the list, the nodes cannot reach the API server, and the cluster fails while it is made. Sources: https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges, https://learn.microsoft.com/azure/firewall/forced-tunneling",
        bad: &[r#"region = "westeurope"

[firewall]
forced-tunnel = "10.9.0.4"

[cluster]
authorized-ip-ranges = ["203.0.113.0/24"]
"#],
        good: &[
            r#"region = "westeurope"

[firewall]
forced-tunnel = "10.9.0.4"
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
    let (Some(tunnel), Some(range)) = (&facts.plan.tunnel, facts.plan.cluster.authorized_ip_ranges.first()) else {
        return;
    };
    if !facts.plan.cluster.api_server.through_firewall() {
        return;
    }
    let message = "nodes reach the API server with the address behind the tunnel, not with the firewall's";
    findings.report(range.origin, message, "has to hold that address").also(tunnel.origin, "the tunnel");
}
