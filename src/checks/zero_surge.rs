//! Upgrades have a spare node.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::Surge;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "zero-surge",
        severity: Severity::Warning,
        title: "upgrade has no spare node",
        help: "allow at least one, such as `max-surge = \"10%\"`",
        docs: "An upgrade moves pods from old nodes to extra ones. Without an extra node it must take nodes away \
             first, for which AKS has a setting of its own that is off by default. What AKS answers to a plain zero \
             is not recorded in its documentation.",
        bad: &[r#"region = "westeurope"

[cluster]
max-surge = 0
"#],
        good: &[r#"region = "westeurope"

[cluster]
max-surge = 1
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let surge = &facts.plan.cluster.pool.max_surge;
    if matches!(surge.value, Surge::Percent(0) | Surge::Nodes(0)) {
        findings.report(surge.origin, format!("a surge of {} leaves no spare node", **surge), "no extra node");
    }
}
