//! What is published over a gateway is encrypted.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "gateway-without-tls",
        severity: Severity::Warning,
        title: "gateway has no certificate",
        help: "write `[gateway.certificate]` with the ID of a secret in a key vault and of an identity that may read it",
        docs: "Without a certificate the gateway speaks plain HTTP: whoever is on the way reads and changes what is sent, \
               and nobody can tell that the service is the right one.\n\n\
               Source: https://learn.microsoft.com/azure/application-gateway/key-vault-certs",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 80
to   = "10.0.4.10:8080"
from = ["*"]

[gateway]
service = "shop"
"#],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "shop"
port = 443
to   = "10.0.4.10:8080"
from = ["*"]

[gateway]
service = "shop"

[gateway.certificate]
secret   = "https://shop-vault.vault.azure.net/secrets/shop"
identity = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    if let Some(gateway) = facts.plan.gateway.as_ref().filter(|gateway| gateway.certificate.is_none()) {
        let message = format!("gateway `{}` publishes `{}` over plain HTTP", *gateway.name, *gateway.service);
        findings.report(gateway.origin, message, "no certificate").given(gateway.service.origin);
    }
}
