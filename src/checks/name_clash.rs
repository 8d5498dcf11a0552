//! No two things of one kind differ by case alone.

use super::{Check, Facts};
use crate::diag::At;
use crate::diag::{Code, Findings, Severity};
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "name-clash",
        severity: Severity::Error,
        title: "two names are the same to Azure",
        help: "rename one of them",
        docs: "Azure compares names without regard to case: subnets of a network, rule collections of a kind, rules \
             of a collection. Own collections share their space with those of packs. Source: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        bad: &[
            r#"region = "westeurope"

[network.subnets]
ingress = { name = "Workload", prefix = "10.0.4.0/24" }
nodes   = { name = "workload", prefix = "10.0.5.0/24" }
"#,
            r#"region = "westeurope"

[egress.collections.web]
priority = 300

[[egress.collections.web.rules]]
name  = "api"
fqdns = ["api.example.com"]

[egress.collections.Web]
priority = 301

[[egress.collections.Web.rules]]
name  = "api"
fqdns = ["api.example.org"]
"#,
        ],
        good: &[r#"region = "westeurope"

[network.subnets]
ingress = { name = "balancers", prefix = "10.0.4.0/24" }
nodes   = { name = "workload", prefix = "10.0.5.0/24" }
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    clashes("subnets", plan.network.subnets.iter().map(|s| &s.name), findings);
    for group in &plan.firewall.groups {
        let what = format!("{} collections", group.kind.word());
        clashes(&what, group.collections.iter().map(|c| &c.name), findings);
        for collection in &group.collections {
            clashes("rules", collection.rules.iter().map(|r| &r.name), findings);
        }
    }
}

fn clashes<'a>(what: &str, names: impl Iterator<Item = &'a At<String>>, findings: &mut Findings) {
    let mut seen: BTreeMap<String, &At<String>> = BTreeMap::new();
    for name in names {
        let Some(earlier) = seen.insert(name.to_lowercase(), name) else { continue };
        findings
            .report(name.origin, format!("two {what} are called `{}` and `{}`", **earlier, **name), "the same to Azure")
            .also(earlier.origin, "the other one");
    }
}
