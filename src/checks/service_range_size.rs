//! The service range is smaller than a /12.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "service-range-size",
        severity: Severity::Error,
        title: "service range is too large",
        help: "give the service range a /13 or smaller prefix",
        docs: "AKS takes a service range that is smaller than a /12. Its size is fixed when the cluster is created. \
             Source: https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
        bad: &[r#"region = "westeurope"

[cluster]
service-cidr = "100.64.0.0/12"
"#],
        good: &[r#"region = "westeurope"

[cluster]
service-cidr = "100.64.0.0/13"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let range = &facts.plan.cluster.service_cidr;
    if range.bits() < 13 {
        findings.report(range.origin, format!("the service range {} is not smaller than a /12", **range), "too large");
    }
}
