//! The firewall's name is at most 50 characters.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::names::{self, FIREWALL_NAME, Named};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "long-firewall-name",
        severity: Severity::Warning,
        title: "firewall name may be too long",
        help: "choose a name of at most 50 characters",
        docs: "Microsoft's pages give 50, 56 or 80 characters for the name of a firewall. Up to 50 all of them agree. \
             Source: https://learn.microsoft.com/azure/firewall/firewall-faq",
        bad: &[r#"region = "westeurope"

[firewall]
name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
"#],
        good: &[r#"region = "westeurope"

[firewall]
name = "egress-firewall"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    if facts.plan.firewall.existing.is_some() {
        return;
    }
    let name = &facts.plan.firewall.name;
    let length = name.chars().count();
    if length > FIREWALL_NAME && names::rule(Named::Firewall).fault(name).is_none() {
        findings.report(
            name.origin,
            format!("the name of the firewall has {length} characters"),
            "sources disagree above 50",
        );
    }
}
