//! What is added by hand is added to something.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "override-without-resource",
        severity: Severity::Error,
        title: "override reaches into a resource that the profile does not make",
        help: "remove the override, or ask whoever makes the resource",
        docs: "An override is written into the template of a resource that the profile makes. A cluster of \
               somebody else, a workspace that is there already, and the policy of a firewall with classic rules have none.",
        bad: &[
            r#"region = "westeurope"

[firewall]
rules = "classic"

[[override]]
resource = "firewall-policy"
pointer  = "/properties/sql/allowSqlRedirect"
value    = true
reason   = "redirected connections stay inside the region"
"#,
            r#"region = "westeurope"

[cluster]
create = false

[[override]]
resource = "cluster"
pointer  = "/properties/disableLocalAccounts"
value    = true
reason   = "people sign in with Microsoft Entra"
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes    = { name = "aks" }
firewall = "10.90.8.0/26"

[[override]]
resource = "network"
pointer  = "/properties/flowTimeoutInMinutes"
value    = 10
reason   = "idle connections end sooner"
"#,
        ],
        good: &[r#"region = "westeurope"

[[override]]
resource = "firewall-policy"
pointer  = "/properties/sql/allowSqlRedirect"
value    = true
reason   = "redirected connections stay inside the region"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for one in &facts.plan.overrides {
        if let Err(why) = facts.plan.overridden(&one.resource) {
            let message = format!("there is no `{}` to add something to", *one.resource);
            findings.report(one.resource.origin, message, why).given(one.origin);
        }
    }
}
