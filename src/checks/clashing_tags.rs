//! No two resource tags differ by case alone.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "clashing-tags",
        severity: Severity::Error,
        title: "two resource tags have the same name",
        help: "rename one of them",
        docs: "Azure compares names of tags without regard to case and refuses a resource that has one twice. Source: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources",
        bad: &[r#"region = "westeurope"

[tags]
owner = "net"
Owner = "ops"
"#],
        good: &[r#"region = "westeurope"

[tags]
owner = "net"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<String, &At<String>> = BTreeMap::new();
    for (name, _) in &facts.plan.tags {
        let Some(earlier) = seen.insert(name.to_lowercase(), name) else { continue };
        findings
            .report(name.origin, format!("tags `{}` and `{}` are one to Azure", **earlier, **name), "this one")
            .also(earlier.origin, "and this one");
    }
}
