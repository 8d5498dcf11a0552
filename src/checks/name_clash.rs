//! No two subnets of a network and no two public addresses have one name, and no rule has the name that the program gives to a part of another one.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::firewall::{Firewall, Rule};
use crate::plan::{Network, Plan, Subnet};
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "name-clash",
        severity: Severity::Error,
        title: "two names are the same to Azure",
        help: "rename one of them",
        docs: "Two subnets of one network cannot have the same name, and each subnet serves one purpose: the nodes' has a route \
             to the firewall, which that of load balancers must not have. Public addresses are named after the firewall and after \
             the gateway, so that these two need different names. A rule whose protocols have different ports becomes one rule \
             per protocol, with the protocol behind its name, such as `metrics-tcp`. Azure compares names without regard to case. Source: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        bad: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name      = "metrics"
addresses = ["10.9.0.4"]
ports     = ["tcp:4317", "udp:8125"]

[[egress.collections.own.rules]]
name      = "metrics-tcp"
addresses = ["10.9.0.5"]
ports     = ["tcp:4317"]
"#,
            r#"region = "westeurope"

[network.subnets]
ingress = { name = "shop" }
nodes   = { name = "Shop" }
"#,
            r#"region = "westeurope"

[firewall]
name = "shop"

[gateway]
name    = "Shop"
service = "web"

[[inbound]]
name = "web"
port = 80
to   = "10.0.4.10:80"
from = ["198.51.100.0/24"]
"#,
        ],
        good: &[r#"region = "westeurope"

[egress.collections.payments]
priority = 300

[[egress.collections.payments.rules]]
name  = "api"
fqdns = ["api.example.com"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    facts.plan.networks().for_each(|network| subnets(network, findings));
    addresses(facts.plan, findings);
    // Equal names of rules as they are written are found by the reader.
    for (_, collection) in facts.plan.firewall.collections() {
        // A rule whose protocols have different ports becomes several, with the protocol behind its name.
        let split = |rule: &Rule| collection.rules.iter().filter(|r| r.origin == rule.origin).count() > 1;
        let mut seen: BTreeMap<String, &Rule> = BTreeMap::new();
        for rule in &collection.rules {
            let Some(earlier) = seen.insert(rule.name.to_lowercase(), rule) else { continue };
            if split(earlier) != split(rule) {
                let message = format!("rule `{}` and a part of another one have the same name", *rule.name);
                findings
                    .report(rule.name.origin, message, "the same to Azure")
                    .also(earlier.name.origin, "the other one");
            }
        }
    }
}

fn subnets(network: &Network, findings: &mut Findings) {
    let mut seen: BTreeMap<String, &Subnet> = BTreeMap::new();
    for subnet in &network.subnets {
        let Some(earlier) = seen.insert(subnet.name.to_lowercase(), subnet) else { continue };
        let (one, other) = (earlier.role.word(), subnet.role.word());
        let finding = findings.report(
            subnet.name.origin,
            format!("subnet `{}` is given for `{one}` and for `{other}`", *subnet.name),
            format!("for `{other}`"),
        );
        finding.help("name another subnet for one of them");
        if earlier.name.origin != network.origin {
            finding.also(earlier.name.origin, format!("for `{one}`"));
        }
    }
}

/// Addresses are named after what has them.
fn addresses(plan: &Plan, findings: &mut Findings) {
    let Firewall { name, resource_group, public_ips, management, .. } = &plan.firewall;
    let Some(gateway) = plan.gateway.as_ref().filter(|_| resource_group.is_none()) else { return };
    let own = gateway.address.name.to_lowercase();
    if let Some(address) = public_ips.iter().chain(management).find(|address| address.name.to_lowercase() == own) {
        let message = format!("`{}` would be the public address of the gateway and of the firewall", address.name);
        findings
            .report(gateway.name.origin, message, "the gateway's is named after it")
            .also(name.origin, "the firewall's are named after it");
    }
}
