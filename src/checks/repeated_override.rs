//! Two overrides do not speak about the same value.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Override;
use crate::rules::shown;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "repeated-override",
        severity: Severity::Error,
        title: "two overrides set the same value",
        help: "remove one of them, or write both parts into one",
        docs: "Only one value can stand in a place, and none beside a value that has no parts. Azure does not tell \
               properties apart by case.",
        bad: &[
            r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/autoUpgradeProfile/upgradeChannel"
value    = "patch"
reason   = "patches come every week"

[[override]]
resource = "cluster"
pointer  = "/properties/autoUpgradeProfile"
value    = { upgradechannel = "stable" }
reason   = "new versions come by themselves"
"#,
            r#"region = "westeurope"

[[override]]
resource = "node-pool/system"
pointer  = "/properties/nodeLabels"
value    = { team = "platform", Team = "apps" }
reason   = "reports by team"
"#,
        ],
        good: &[r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/autoUpgradeProfile/upgradeChannel"
value    = "patch"
reason   = "patches come every week"

[[override]]
resource = "cluster"
pointer  = "/properties/autoUpgradeProfile"
value    = { nodeOSUpgradeChannel = "NodeImage" }
reason   = "so do images of nodes"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let mut seen: Vec<(&Override, Vec<&str>)> = Vec::new();
    for one in &facts.plan.overrides {
        for (path, _) in one.leaves() {
            let first =
                seen.iter().find(|(other, before)| other.resource.value == one.resource.value && meet(before, &path));
            if let Some((first, _)) = first {
                let message = format!("`/properties/{}` of `{}` is set twice", shown(&path.join("/")), *one.resource);
                let finding = findings.report(one.pointer.origin, message, "set here");
                finding.given(one.origin).given(first.origin);
                if first.pointer.origin != one.pointer.origin {
                    finding.also(first.pointer.origin, "and here");
                }
            }
            seen.push((one, path));
        }
    }
}

/// Whether one leads to the other, or to something in it.
fn meet(one: &[&str], other: &[&str]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.eq_ignore_ascii_case(b))
}
