//! What is added by hand can be written, also to a resource that is there.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::overridable::Say;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unwritable-property",
        severity: Severity::Error,
        title: "property cannot be set by an override",
        help: "remove the override",
        docs: "Azure computes some properties, and takes others when a resource is created and never afterwards. An \
               override is an update of a resource that is there: Azure refuses it in both cases, and the way by \
               commands and the way by template would end differently.\n\nSource: https://learn.microsoft.com/azure/templates/",
        bad: &[
            r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/fqdn"
value    = "api.contoso.com"
reason   = "an own name"
"#,
            r#"region = "westeurope"

[[override]]
resource = "node-pool/system"
pointer  = "/properties/osDiskType"
value    = "Ephemeral"
reason   = "faster disks"
"#,
        ],
        good: &[r#"region = "westeurope"

[[override]]
resource = "node-pool/system"
pointer  = "/properties/nodeLabels/team"
value    = "platform"
reason   = "reports by team"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for one in &facts.plan.overrides {
        for (path, _) in one.leaves() {
            let (part, label) = match one.say(&path) {
                Some((part, Say::Computed)) => (part, "Azure computes it"),
                Some((part, Say::AtCreation)) => (part, "Azure takes it at creation only"),
                Some((_, Say::Free | Say::Decided(_) | Say::Relied(_))) | None => continue,
            };
            let message = format!("`/properties/{part}` of `{}` cannot be updated", *one.resource);
            findings.report(one.pointer.origin, message, label).given(one.origin);
        }
    }
}
