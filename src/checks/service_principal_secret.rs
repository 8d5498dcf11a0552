//! The cluster runs without a secret.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Identity;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "service-principal-secret",
        severity: Severity::Warning,
        title: "cluster identity is an application with a secret",
        help: "use `identity = \"managed\"`, which has no secret",
        docs: "The secret of a service principal runs out, after a year unless told otherwise, and the cluster stops \
             working that day. A managed identity has none. The change from one to the other is possible, the way \
             back is not. Source: https://learn.microsoft.com/azure/aks/kubernetes-service-principal",
        bad: &[r#"region = "westeurope"

[cluster]
identity = "service-principal"
addons   = []
"#],
        good: &[r#"region = "westeurope"

[cluster]
identity = "managed"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    match &facts.plan.identity {
        Identity::ServicePrincipal { name } => {
            findings.report(name.origin, "the identity has a secret that runs out", "an application with a secret");
        }
        Identity::Managed { .. } => {}
    }
}
