//! Looking inside TLS takes a certificate authority.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::firewall::RuleBody;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "inspection-without-certificate",
        severity: Severity::Error,
        title: "rule looks inside TLS, and the firewall has no certificate",
        help: "write `[firewall.tls-inspection]` with `secret` and `identity`",
        docs: "To see the URL of an HTTPS request, the firewall ends the TLS connection itself and signs certificates with an \
             intermediate authority of yours, which it reads from a key vault. Azure refuses such a rule without it. Source: \
             https://learn.microsoft.com/azure/firewall/premium-certificates",
        bad: &[r#"region = "westeurope"

[firewall]
tier = "Premium"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
urls = ["www.contoso.com/docs/*"]
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
urls = ["www.contoso.com/docs/*"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let firewall = &facts.plan.firewall;
    if firewall.tls_inspection.is_some() {
        return;
    }
    for (_, rule) in firewall.rules() {
        if matches!(rule.body, RuleBody::Application { inspect_tls: true, .. }) {
            findings.report(rule.origin, format!("rule `{}` looks inside TLS", *rule.name), "needs a certificate");
        }
    }
}
