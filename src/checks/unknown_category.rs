//! Web categories are those of Azure Firewall.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::nearest::nearest;
use crate::plan::firewall::{AppTargets, RuleBody};
use crate::tables::categories::CATEGORIES;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unknown-category",
        severity: Severity::Warning,
        title: "web category that Azure does not list",
        help: "write a category of Azure Firewall",
        docs: "Azure Firewall sorts sites into about sixty categories. Azure's page gives their names in words; how rules spell \
             the longer ones is not documented, so that an unknown one is a warning. Source: \
             https://learn.microsoft.com/azure/firewall/web-categories",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
web-categories = ["Gambeling"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
web-categories = ["Gambling"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        let RuleBody::Application { to: AppTargets::Categories(names), .. } = &rule.body else { continue };
        for name in names {
            if CATEGORIES.rows.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                continue;
            }
            let finding = findings.report(name.origin, format!("`{}` is no known web category", **name), "not listed");
            if let Some(near) = nearest(name, CATEGORIES.rows.iter().copied()) {
                finding.help(format!("did you mean `{}`?", near.name));
            }
        }
    }
}
