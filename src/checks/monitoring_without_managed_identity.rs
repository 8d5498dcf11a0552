//! Container Insights runs with a managed identity.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Identity;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "monitoring-without-managed-identity",
        severity: Severity::Error,
        title: "monitoring needs a managed identity",
        help: "set `identity = \"managed\"`, or remove `monitoring` from `addons`",
        docs: "The add-on signs in with the cluster's managed identity. The older way, with a key of the workspace, \
             retires on 2026-09-30 and is not written by this program. Source: \
             https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable",
        bad: &[r#"region = "westeurope"

[cluster]
identity = "service-principal"
addons   = ["monitoring"]
"#],
        good: &[r#"region = "westeurope"

[cluster]
identity = "service-principal"
addons   = []
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    if let (Identity::ServicePrincipal { name }, Some(monitoring)) =
        (&facts.plan.identity, facts.plan.cluster.monitoring)
    {
        findings
            .report(monitoring, "monitoring cannot sign in as a service principal", "needs a managed identity")
            .also(name.origin, "the identity");
    }
}
