//! The firewall's addresses fit into their prefix.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "public-prefix-too-small",
        severity: Severity::Error,
        title: "more public addresses than the prefix holds",
        help: "lower `public-ips`, or shorten the prefix",
        docs: "A public IP prefix of length n holds 2^(32-n) addresses, and every one of them can be used. \
             Source: https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-address-prefix",
        bad: &[r#"region = "westeurope"

[firewall]
public-ips       = 5
public-ip-prefix = 30
"#],
        good: &[r#"region = "westeurope"

[firewall]
public-ips       = 4
public-ip-prefix = 30
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let firewall = &facts.plan.firewall;
    let Some(prefix) = &firewall.public_ip_prefix else { return };
    let held = 1_usize << 32_u32.saturating_sub(*prefix.length).min(16);
    // All addresses have one origin: the key that counts them.
    let Some(last) = firewall.public_ips.last().filter(|_| firewall.public_ips.len() > held) else { return };
    let message =
        format!("a /{} holds {held} addresses, and the firewall has {}", *prefix.length, firewall.public_ips.len());
    findings.report(last.origin, message, "addresses").also(prefix.length.origin, "the prefix");
}
