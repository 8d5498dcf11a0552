//! The way to the API server is never looked into.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Plan;
use crate::plan::firewall::{AppTargets, RuleBody};
use crate::value::{Cloud, Fqdn};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "inspected-api-server",
        severity: Severity::Error,
        title: "TLS inspection of the way to the API server",
        help: "name the hosts that are meant, and leave the API server's out",
        docs: "Nodes reach the API server over HTTPS with a protocol extension (ALPN) that inspection breaks, and they trust \
             its certificate alone. A rule that inspects the names below `hcp` cuts the nodes off. Source: \
             https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[
            r#"region = "westeurope"

[firewall]
tier = "Premium"

[firewall.tls-inspection]
secret   = "https://contoso.vault.azure.net/secrets/firewall-ca"
identity = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.ManagedIdentity/userAssignedIdentities/firewall-ca"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
fqdns = ["*.westeurope.azmk8s.io"]
inspect-tls = true
"#,
            r#"region = "westeurope"

[firewall]
tier = "Premium"

[firewall.tls-inspection]
secret   = "https://contoso.vault.azure.net/secrets/firewall-ca"
identity = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.ManagedIdentity/userAssignedIdentities/firewall-ca"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
fqdn-tags = ["AzureKubernetesService"]
inspect-tls = true
"#,
        ],
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
fqdns = ["*.contoso.com"]
inspect-tls = true
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    for (_, rule) in plan.firewall.rules() {
        let RuleBody::Application { to, inspect_tls: true, .. } = &rule.body else { continue };
        let found = match to {
            AppTargets::Fqdns(names) => names.iter().find(|n| meets(n, plan)).map(|n| n.origin),
            AppTargets::Urls(urls) => urls.iter().find(|u| meets(u.host(), plan)).map(|u| u.origin),
            AppTargets::Tags(tags) => tags.iter().find(|t| t.value == "AzureKubernetesService").map(|t| t.origin),
            AppTargets::Categories(_) => None,
        };
        if let Some(origin) = found {
            let message = format!("rule `{}` looks inside the way to the API server", *rule.name);
            findings.report(origin, message, "holds the API server's name").given(plan.region.origin);
        }
    }
}

/// Whether a name can be that of an API server: any host below the region's domain.
fn meets(name: &Fqdn, plan: &Plan) -> bool {
    let suffix = match *plan.cloud {
        Cloud::Public => "azmk8s.io",
        Cloud::UsGov => "cx.aks.containerservice.azure.us",
        Cloud::China => "cx.prod.service.azk8s.cn",
    };
    let domain = format!(".hcp.{}.{suffix}", *plan.region);
    match name {
        Fqdn::Any => true,
        Fqdn::Host(host) => host.ends_with(&domain),
        Fqdn::SubdomainsOf(wide) => domain.ends_with(&format!(".{wide}")) || format!(".{wide}").ends_with(&domain),
        Fqdn::EndsWith(ending) => domain.ends_with(ending.as_str()) || ending.ends_with(&domain),
    }
}
