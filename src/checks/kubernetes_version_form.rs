//! Versions are `1.x` or `1.x.y`.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "kubernetes-version-form",
        severity: Severity::Error,
        title: "Kubernetes version cannot be read",
        help: "write a version such as \"1.33\" or \"1.33.2\", or leave it out",
        docs: "AKS takes a minor version, of which it chooses the latest patch, or a full one. Without a version it \
             takes the default of the region. Source: https://learn.microsoft.com/azure/aks/supported-kubernetes- \
             versions",
        bad: &[
            r#"region = "westeurope"

[cluster]
kubernetes-version = "v1.33"
"#,
            r#"region = "westeurope"

[cluster]
kubernetes-version = "latest"
"#,
        ],
        good: &[r#"region = "westeurope"

[cluster]
kubernetes-version = "1.33"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(version) = &facts.plan.cluster.kubernetes_version else { return };
    let number = |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = version.split('.').collect();
    let fits = parts[0] == "1" && matches!(parts.len(), 2 | 3) && parts.iter().all(|p| number(p));
    if !fits {
        findings.report(version.origin, format!("`{}` is no Kubernetes version", **version), "not `1.x` or `1.x.y`");
    }
}
