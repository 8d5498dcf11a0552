//! Tags are spelled as Azure spells them.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::tables::tags::{self, FQDN_TAGS, SERVICE_TAGS};
use crate::value::nearest;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "misspelled-tag",
        severity: Severity::Error,
        title: "tag is misspelled",
        help: "write the tag as Azure spells it",
        docs: "Azure refuses a rule with a tag that it does not know. The error of the firewall is about an invalid \
             address, range or tag. Case does not matter in a service tag. Sources: \
             https://learn.microsoft.com/azure/virtual-network/service-tags-overview and \
             https://learn.microsoft.com/azure/firewall/fqdn-tags",
        bad: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["AzureContainerRegistri"]
ports        = ["tcp:1433"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql."]
ports        = ["tcp:1433"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "updates"
fqdn-tags = ["WindowsUpdates"]
"#,
        ],
        good: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name         = "service"
service-tags = ["Sql.westeurope"]
ports        = ["tcp:1433"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "updates"
fqdn-tags = ["WindowsUpdate"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, rule) in facts.plan.firewall.rules() {
        for tag in rule.service_tags() {
            service_tag(tag, findings);
        }
        for tag in rule.fqdn_tags().iter().filter(|t| !tags::is_fqdn_tag(t)) {
            if let Some(near) = nearest(tag, FQDN_TAGS.rows.iter().copied()) {
                report(tag, "FQDN tag", near, findings);
            }
        }
    }
}

fn service_tag(tag: &At<String>, findings: &mut Findings) {
    let written = tags::take_apart(tag);
    if written.region == Some("") {
        findings.report(tag.origin, format!("`{}` ends with a dot", **tag), "a region belongs here");
        return;
    }
    if written.tag.is_some() {
        return;
    }
    let known = || SERVICE_TAGS.rows.iter().map(|t| t.name);
    if let Some(near) = nearest(tag, known()) {
        report(tag, "service tag", near, findings);
    } else if let (Some(near), Some(region)) = (nearest(written.name, known()), written.region) {
        report(tag, "service tag", &format!("{near}.{region}"), findings);
    }
}

fn report(tag: &At<String>, kind: &str, near: &str, findings: &mut Findings) {
    let finding = findings.report(tag.origin, format!("there is no {kind} `{}`", **tag), "misspelled");
    finding.help(format!("did you mean `{near}`?"));
    if tag.origin.via.is_none() {
        finding.edit(tag.origin.at, format!("\"{near}\""));
    }
}
