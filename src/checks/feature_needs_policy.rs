//! Some features exist in a firewall policy only.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Origin, Severity};
use crate::plan::Firewall;
use crate::plan::firewall::{AppTargets, RuleBody};
use crate::profile::{Idps, RuleModel};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "feature-needs-policy",
        severity: Severity::Error,
        title: "classic rules have no such feature",
        help: "set `firewall.rules = \"policy\"`",
        docs: "URLs, web categories, TLS inspection, intrusion detection and a parent are properties of a firewall policy. A firewall \
             with rules of its own has no place for them. Source: https://learn.microsoft.com/azure/firewall/premium-features",
        bad: &[
            r#"region = "westeurope"

[firewall]
tier  = "Premium"
rules = "classic"
idps  = "Alert"
"#,
            r#"region = "westeurope"

[firewall]
rules = "classic"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
web-categories = ["Hacking"]
"#,
            r#"region = "westeurope"

[firewall]
rules = "classic"
parent-policy = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/security/providers/Microsoft.Network/firewallPolicies/company"
"#,
        ],
        good: &[r#"region = "westeurope"

[firewall]
tier = "Premium"
idps = "Alert"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let firewall = &facts.plan.firewall;
    match *firewall.rules {
        RuleModel::Policy => return,
        RuleModel::Classic => {}
    }
    for (what, origin) in features(firewall) {
        findings
            .report(origin, format!("{what} needs a firewall policy"), "is a property of a policy")
            .also(firewall.rules.origin, "rules live on the firewall itself");
    }
}

fn features(firewall: &Firewall) -> Vec<(&'static str, Origin)> {
    let mut list = Vec::new();
    if *firewall.idps != Idps::Off {
        list.push(("intrusion detection", firewall.idps.origin));
    }
    list.extend(firewall.parent_policy.iter().map(|id| ("a parent policy", id.origin)));
    list.extend(firewall.tls_inspection.iter().map(|own| ("TLS inspection", own.origin)));
    for (_, rule) in firewall.rules() {
        let RuleBody::Application { to, inspect_tls, .. } = &rule.body else { continue };
        list.extend(match to {
            AppTargets::Urls(_) => Some(("a rule with URLs", rule.origin)),
            AppTargets::Categories(_) => Some(("a rule with web categories", rule.origin)),
            AppTargets::Fqdns(_) | AppTargets::Tags(_) => {
                inspect_tls.then_some(("a rule that inspects TLS", rule.origin))
            }
        });
    }
    list
}
