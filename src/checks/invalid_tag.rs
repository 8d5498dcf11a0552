//! Resource tags have names and values that Azure takes.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::names::TAG;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "invalid-tag",
        severity: Severity::Error,
        title: "resource tag that Azure does not take",
        help: "shorten it, or use other characters",
        docs: "A tag's name has at most 512 characters and none of `< > % & \\ ? /`, its value at most 256. An `=` in a \
             name is refused here too: the az CLI splits its options for tags at the first one, so that the scripts \
             could not give the tag that the template gives. Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        bad: &[
            r#"region = "westeurope"

[tags]
"cost/center" = "4711"
"#,
            r#"region = "westeurope"

[tags]
"cost=center" = "4711"
"#,
        ],
        good: &[r#"region = "westeurope"

[tags]
cost-center = "4711"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let (most_name, most_value, refused) = TAG;
    for (name, value) in &facts.plan.tags {
        let (length, size) = (name.chars().count(), value.chars().count());
        if let Some(odd) = name.chars().find(|c| refused.contains(*c) || *c == '=') {
            findings.report(
                name.origin,
                format!("the name of tag `{}` holds {odd:?}", **name),
                "not taken in names of tags",
            );
        } else if length > most_name || length == 0 {
            findings.report(name.origin, format!("the name of a tag has {length} characters"), "1 to 512");
        }
        if size > most_value {
            findings.report(
                value.origin,
                format!("the value of tag `{}` has {size} characters", **name),
                "at most 256",
            );
        }
    }
}
