//! Rules do not open a port to all of Azure.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::rules::Action;
use crate::tables::tags;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "wide-service-tag",
        severity: Severity::Warning,
        title: "service tag holds the addresses of all customers",
        help: "name the service, such as `Storage.westeurope`, or use an application rule with names",
        docs: "`AzureCloud` stands for all addresses of Azure's data centres, the virtual machines of every customer \
               included. A rule that allows it is a way out for data to anybody with a subscription. Packs of the program \
               that need the tag say why. Source: https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "cloud"
service-tags = ["AzureCloud.westeurope"]
ports        = ["tcp:5671"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "bus"
service-tags = ["ServiceBus.westeurope"]
ports        = ["tcp:5671"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let own = |c: &crate::plan::RuleCollection| c.pack.is_none() && *c.action == Action::Allow;
    for (collection, rule) in facts.plan.firewall.rules().filter(|(c, _)| own(c)) {
        for tag in rule.service_tags() {
            let name = tags::take_apart(tag).name;
            if tags::WIDE_TAGS.rows.iter().any(|wide| wide.eq_ignore_ascii_case(name)) {
                let message = format!("`{}` holds the addresses of every customer of Azure", **tag);
                findings.report(tag.origin, message, "all of Azure").given(rule.origin).given(collection.action.origin);
            }
        }
    }
}
