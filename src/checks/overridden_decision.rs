//! What the profile decides is decided there, and what the checks rely on stays as they know it.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::overridable::Say;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "overridden-decision",
        severity: Severity::Error,
        title: "override takes a decision from the profile",
        help: "remove the override: what is checked here would no longer be what is deployed",
        docs: "Addresses, priorities, rules, routes, the outbound type, identities and whatever else the profile or a \
               check decides cannot be overridden: the review would show one thing and Azure would have another. Where \
               the profile has a key, the finding names it.",
        bad: &[
            r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/networkProfile/outboundType"
value    = "loadBalancer"
reason   = "the pipeline needs the internet"
"#,
            r#"region = "westeurope"

[[override]]
resource = "firewall"
pointer  = "/properties/threatIntelMode"
value    = "Off"
reason   = "too many alerts"
"#,
            r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/securityProfile"
value    = { imageCleaner = { enabled = true }, defender = { securityMonitoring = { enabled = true } } }
reason   = "old images go away"
"#,
            r#"region = "westeurope"

[[override]]
resource = "subnet/firewall"
pointer  = "/properties/networkSecurityGroup/id"
value    = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/net/providers/Microsoft.Network/networkSecurityGroups/all"
reason   = "every subnet has one"
"#,
        ],
        good: &[r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/securityProfile"
value    = { imageCleaner = { enabled = true, intervalHours = 48 } }
reason   = "old images go away"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for one in &facts.plan.overrides {
        for (path, _) in one.leaves() {
            let (part, label, key) = match one.say(&path) {
                Some((part, Say::Decided(key))) => (part, format!("`{key}` decides it"), Some(key)),
                Some((part, Say::Relied(why))) => (part, why.to_owned(), None),
                Some((_, Say::Free | Say::Computed | Say::AtCreation)) | None => continue,
            };
            let message = format!("`/properties/{part}` of `{}` is not open to overrides", *one.resource);
            let finding = findings.report(one.pointer.origin, message, label).given(one.origin);
            if let Some(key) = key {
                finding.help(format!("say it with `{key}`"));
            }
        }
    }
}
