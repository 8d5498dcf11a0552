//! Sources are addresses that the firewall sees.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::RuleKind;
use crate::value::Addresses;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unseen-source",
        severity: Severity::Warning,
        title: "firewall never sees this source",
        help: "use `from = [\"nodes\"]`, or leave `from` out",
        docs: "With overlay networking and with kubenet a node puts its own address on what its pods send, so that \
             the firewall never sees a pod's address. Subnets without the route to the firewall do not reach it at \
             all. Such a rule matches nothing. Source: https://learn.microsoft.com/azure/aks/concepts-network-\
             azure-cni-overlay",
        bad: &[
            r#"region = "westeurope"
cni    = "azure-overlay"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
from  = ["10.244.0.0/16"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
from  = ["gateway"]
"#,
        ],
        good: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
from  = ["nodes"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
from  = ["10.0.5.128/25"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let unseen = |source: Addresses| {
        let pods = plan.cluster.pod_cidr.iter().filter(|p| source.within(***p));
        let pods = pods.map(|p| (p.origin, "pods leave with the address of their node".to_owned()));
        let routed = plan.network.located().any(|(s, prefix)| s.routed && source.meets(**prefix));
        let subnets = plan.located().filter(|(_, s, p)| !routed && !s.routed && source.within(***p));
        let subnets = subnets.map(|(_, s, p)| (p.origin, format!("subnet `{}` has no route to the firewall", *s.name)));
        pods.chain(subnets).next()
    };
    for (collection, rule) in plan.firewall.rules().filter(|(c, _)| c.kind != RuleKind::Dnat) {
        for source in &rule.sources {
            let Some((place, why)) = unseen(**source) else { continue };
            findings
                .report(
                    source.origin,
                    format!("rule `{}` of `{}` names {}: {why}", *rule.name, *collection.name, **source),
                    "never seen",
                )
                .also(place, why)
                .given(plan.cluster.cni.origin)
                .given(rule.origin);
        }
    }
}
