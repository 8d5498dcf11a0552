//! What a firewall is told to do has to be part of its tier.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Origin, Severity};
use crate::plan::Firewall;
use crate::plan::firewall::{AppTargets, RuleBody};
use crate::profile::{Idps, ThreatIntel, Tier};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "feature-above-tier",
        severity: Severity::Error,
        title: "the firewall's tier has no such feature",
        help: "raise `firewall.tier`, or remove the feature",
        docs: "Web categories need Standard; URLs, TLS inspection and intrusion detection need Premium. Basic has neither DNS proxy nor custom DNS servers, and threat intelligence only as `Alert`. Azure refuses \
             the rest minutes into the deployment. Azure's own pages contradict each other about forced tunnelling on \
             Basic, so that it is refused here. Source: https://learn.microsoft.com/azure/firewall/features-by-sku",
        bad: &[
            r#"region = "westeurope"

[firewall]
idps = "Deny"
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
urls = ["www.contoso.com/docs/*"]
ports = ["http:80"]
why = "Plain"
"#,
            r#"region = "westeurope"

[firewall]
tier = "Basic"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "own"
web-categories = ["Hacking"]
"#,
            r#"region = "westeurope"

[firewall]
tier      = "Basic"
dns-proxy = true
"#,
            r#"region = "westeurope"

[firewall]
tier         = "Basic"
threat-intel = "Deny"
"#,
            r#"region = "westeurope"

[firewall]
tier          = "Basic"
forced-tunnel = "10.9.0.4"
"#,
        ],
        good: &[
            r#"region = "westeurope"

[firewall]
tier = "Basic"
"#,
            r#"region = "westeurope"

[firewall]
tier         = "Standard"
dns-proxy    = true
threat-intel = "Deny"
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let firewall = &facts.plan.firewall;
    for (what, lowest, origin) in features(firewall, facts.plan.tunnel.as_ref().map(|t| t.origin)) {
        if *firewall.tier < lowest {
            let (has, needs) = (firewall.tier.word(), lowest.word());
            findings
                .report(origin, format!("{what} needs the tier {needs}, and the firewall has {has}"), needs)
                .also(firewall.tier.origin, has);
        }
    }
}

/// What is switched on, with the lowest tier that has it.
fn features(firewall: &Firewall, tunnel: Option<Origin>) -> Vec<(&'static str, Tier, Origin)> {
    let mut list = Vec::new();
    if *firewall.dns_proxy {
        list.push(("the DNS proxy", Tier::Standard, firewall.dns_proxy.origin));
    }
    let intel = match *firewall.threat_intel {
        ThreatIntel::Alert => None,
        ThreatIntel::Deny => Some("threat intelligence that denies"),
        ThreatIntel::Off => Some("threat intelligence that can be switched off"),
    };
    list.extend(intel.map(|what| (what, Tier::Standard, firewall.threat_intel.origin)));
    if *firewall.idps != Idps::Off {
        list.push(("intrusion detection", Tier::Premium, firewall.idps.origin));
    }
    list.extend(firewall.tls_inspection.iter().map(|own| ("TLS inspection", Tier::Premium, own.origin)));
    for (_, rule) in firewall.rules() {
        let RuleBody::Application { to, inspect_tls, .. } = &rule.body else { continue };
        list.extend(match to {
            AppTargets::Urls(_) => Some(("a rule with URLs", Tier::Premium, rule.origin)),
            AppTargets::Fqdns(_) | AppTargets::Tags(_) | AppTargets::Categories(_) if *inspect_tls => {
                Some(("a rule that inspects TLS", Tier::Premium, rule.origin))
            }
            AppTargets::Categories(_) => Some(("a rule with web categories", Tier::Standard, rule.origin)),
            AppTargets::Fqdns(_) | AppTargets::Tags(_) => None,
        });
    }
    list.extend(tunnel.map(|origin| ("a forced tunnel", Tier::Standard, origin)));
    list
}
