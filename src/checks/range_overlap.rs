//! Network, pods and services have ranges of their own.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "range-overlap",
        severity: Severity::Error,
        title: "network, pod and service ranges overlap",
        help: "choose a range that the network does not use, such as 172.16.0.0/16 for services or 10.244.0.0/16 for \
             pods",
        docs: "Addresses of services and of pods must not exist in the network, or traffic to one of them goes to the \
             other. AKS refuses the cluster. The classic trap: the service range that AKS takes by default, \
             10.0.0.0/16, is also what an unnamed network gets. Source: \
             https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
        bad: &[
            r#"region = "westeurope"

[cluster]
service-cidr = "10.0.0.0/16"
"#,
            r#"region = "westeurope"
cni    = "azure-overlay"

[cluster]
pod-cidr = "172.16.0.0/14"
"#,
        ],
        good: &[r#"region = "westeurope"

[cluster]
service-cidr = "172.20.0.0/16"
pod-cidr     = "10.244.0.0/16"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let ranges = facts.plan.ranges();
    for (n, (what, range)) in ranges.iter().enumerate() {
        // Two prefixes of the network are another check's concern.
        for (other, earlier) in ranges[..n].iter().filter(|(other, e)| other != what && e.overlaps(***range)) {
            findings
                .report(
                    range.origin,
                    format!("the {what} {} overlaps the {other} {}", ***range, ***earlier),
                    format!("{what} {}", ***range),
                )
                .also(earlier.origin, format!("{other} {}", ***earlier));
        }
    }
}
