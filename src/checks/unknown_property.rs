//! What is added by hand has a name that Azure knows.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::nearest::nearest;
use crate::rules::shown;
use crate::tables::overridable;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unknown-property",
        severity: Severity::Error,
        title: "resource has no such property",
        help: "look the property up in the reference of the resource type, in the API version that the template has",
        docs: "Azure refuses a property that the API version of a type does not have, or drops it without a word. The \
               first name behind `/properties` is compared with a dated table; `compile --arm-schemas` asks Microsoft's \
               schemas about the rest.\n\nSource: https://learn.microsoft.com/azure/templates/",
        bad: &[r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/autoUpgradProfile/upgradeChannel"
value    = "patch"
reason   = "patches come every week"
"#],
        good: &[r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/autoUpgradeProfile/upgradeChannel"
value    = "patch"
reason   = "patches come every week"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for one in &facts.plan.overrides {
        let Some(first) = one.pointer.names.first() else { continue };
        let kind = one.resource.kind();
        if overridable::names(kind).any(|name| name == first) {
            continue;
        }
        let message = format!("`{}` has no property `{}`", *one.resource, shown(first));
        let finding = findings.report(one.pointer.origin, message, "not known").given(one.resource.origin);
        if let Some(near) = nearest(first, overridable::names(kind)) {
            finding.help(format!("did you mean `/properties/{}`?", near.name));
        }
    }
}
