//! A certificate for TLS inspection that no rule uses.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::firewall::RuleBody;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "inspection-unused",
        severity: Severity::Warning,
        title: "no rule looks inside TLS",
        help: "set `inspect-tls = true` at a rule, or remove the certificate",
        docs: "The firewall looks inside TLS only where a rule says so: `urls` over HTTPS always do, other rules with \
             `inspect-tls = true`. A certificate authority that nothing uses is a key to guard for nothing. Source: \
             https://learn.microsoft.com/azure/firewall/premium-features",
        bad: &[r#"region = "westeurope"

[firewall]
tier = "Premium"

[firewall.tls-inspection]
secret   = "https://contoso.vault.azure.net/secrets/firewall-ca"
identity = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.ManagedIdentity/userAssignedIdentities/firewall-ca"
"#],
        good: &[r#"region = "westeurope"

[firewall]
tier = "Premium"

[firewall.tls-inspection]
secret   = "https://contoso.vault.azure.net/secrets/firewall-ca"
identity = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.ManagedIdentity/userAssignedIdentities/firewall-ca"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
fqdns = ["www.contoso.com"]
inspect-tls = true
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let firewall = &facts.plan.firewall;
    let Some(inspection) = &firewall.tls_inspection else { return };
    let inspects = |body: &RuleBody| matches!(body, RuleBody::Application { inspect_tls: true, .. });
    let doubtful = facts.plan.firewall.rules().any(|(_, rule)| rule.origin.poisoned);
    if !doubtful && !firewall.rules().any(|(_, rule)| inspects(&rule.body)) {
        findings.report(inspection.origin, "the certificate is used by no rule", "for nothing");
    }
}
