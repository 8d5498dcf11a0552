//! Tags are in the table of known ones.

use super::misspelled_tag::{meant_fqdn_tag, meant_service_tag};
use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::nearest::{Near, nearest};
use crate::tables::tags::{self, FQDN_TAGS, SERVICE_TAGS};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unknown-tag",
        severity: Severity::Warning,
        title: "tag is not among those known",
        help: "compare it with the documentation; Azure refuses a tag that does not exist",
        docs: "The program carries a dated table of tags. Azure adds tags now and then, so that an unknown one is not \
             an error, but one that does not exist stops the deployment. Sources: \
             https://learn.microsoft.com/azure/virtual-network/service-tags-overview and \
             https://learn.microsoft.com/azure/firewall/fqdn-tags",
        bad: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["QuantumForge"]
ports        = ["tcp:1433"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "updates"
fqdn-tags = ["QuantumForge"]
"#,
        ],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql"]
ports        = ["tcp:1433"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        for tag in rule.service_tags() {
            let parts = tags::take_apart(tag);
            if parts.tag.is_none() && parts.region != Some("") && meant_service_tag(tag).is_none() {
                let near = nearest(parts.name, SERVICE_TAGS.rows.iter().map(|t| t.name));
                report(tag, "a service tag", SERVICE_TAGS.as_of, near, findings);
            }
        }
        for tag in rule.fqdn_tags().iter().filter(|t| !tags::is_fqdn_tag(t) && meant_fqdn_tag(t).is_none()) {
            let near = nearest(tag, FQDN_TAGS.rows.iter().copied());
            report(tag, "an FQDN tag", FQDN_TAGS.as_of, near, findings);
        }
    }
}

fn report(tag: &At<String>, kind: &str, as_of: &str, near: Option<Near<'_>>, findings: &mut Findings) {
    let finding = findings.report(tag.origin, format!("`{}` is not {kind} known on {as_of}", **tag), "unknown");
    if let Some(near) = near {
        finding.help(format!("did you mean `{}`? Azure refuses a tag that does not exist", near.name));
    }
}
