//! Tags are spelled as Azure spells them.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::nearest::nearest;
use crate::tables::tags::{self, FQDN_TAGS, SERVICE_TAGS};

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
            if tags::take_apart(tag).region == Some("") {
                findings.report(tag.origin, format!("`{}` ends with a dot", **tag), "a region belongs here");
            } else if let Some(meant) = meant_service_tag(tag) {
                report(tag, "service tag", &meant, findings);
            }
        }
        for tag in rule.fqdn_tags() {
            if let Some(meant) = meant_fqdn_tag(tag) {
                report(tag, "FQDN tag", meant, findings);
            }
        }
    }
}

/// The service tag that a text is surely meant to be, if it is none.
pub(super) fn meant_service_tag(written: &str) -> Option<String> {
    let parts = tags::take_apart(written);
    if parts.tag.is_some() {
        return None;
    }
    let meant = |text| nearest(text, SERVICE_TAGS.rows.iter().map(|t| t.name)).filter(|n| n.certain).map(|n| n.name);
    let with_region = || Some(format!("{}.{}", meant(parts.name)?, parts.region?));
    meant(written).map(str::to_owned).or_else(with_region)
}

/// The FQDN tag that a text is surely meant to be, if it is none.
pub(super) fn meant_fqdn_tag(written: &str) -> Option<&'static str> {
    let meant = || nearest(written, FQDN_TAGS.rows.iter().copied()).filter(|n| n.certain);
    if tags::is_fqdn_tag(written) { None } else { meant().map(|n| n.name) }
}

fn report(tag: &At<String>, kind: &str, meant: &str, findings: &mut Findings) {
    let finding = findings.report(tag.origin, format!("there is no {kind} `{}`", **tag), "misspelled");
    finding.help(format!("did you mean `{meant}`?"));
    if tag.origin.via.is_none() {
        finding.edit(tag.origin.at, format!("\"{meant}\""));
    }
}
