//! kubenet goes away.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::Cni;
use crate::tables::limits::KUBENET_RETIRES;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "kubenet-retirement",
        severity: Severity::Warning,
        title: "kubenet retires on 2028-03-31",
        help: "use `azure-overlay`, which needs no more addresses",
        docs: "Microsoft retires kubenet on 2028-03-31. Overlay networking gives pods addresses of their own in the \
             same way, without routes that AKS writes into the table. Source: \
             https://learn.microsoft.com/azure/aks/configure-kubenet",
        bad: &[r#"region = "westeurope"
cni    = "kubenet"
"#],
        good: &[r#"region = "westeurope"
cni    = "azure-overlay"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let cni = &facts.plan.cluster.cni;
    if cni.value == Cni::Kubenet {
        findings.report(cni.origin, format!("kubenet retires on {KUBENET_RETIRES}"), "on its way out");
    }
}
