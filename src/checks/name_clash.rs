//! No two things of one kind differ by case alone.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::plan::RuleCollection;
use crate::plan::firewall::Rule;
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

[egress.collections.AKS]
priority = 300

[[egress.collections.AKS.rules]]
name  = "api"
fqdns = ["api.example.com"]
"#,
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
    // Equal names among own collections, and among rules as written, are found by the reader.
    for (earlier, subnet) in clashes(&plan.network.subnets, |s| &s.name) {
        report("subnets", &earlier.name, &subnet.name, findings);
    }
    for group in &plan.firewall.groups {
        let own = |c: &RuleCollection| c.pack.is_none();
        for (a, b) in clashes(&group.collections, |c| &c.name).filter(|(a, b)| own(a) != own(b)) {
            let (pack, mine) = if own(a) { (b, a) } else { (a, b) };
            report(&format!("{} collections", group.kind.word()), &pack.name, &mine.name, findings);
        }
    }
    for (_, collection) in plan.firewall.collections() {
        // A rule whose protocols have different ports becomes several, with the protocol behind its name.
        let split = |rule: &Rule| collection.rules.iter().filter(|r| r.origin == rule.origin).count() > 1;
        for (a, b) in clashes(&collection.rules, |r| &r.name).filter(|(a, b)| split(a) != split(b)) {
            report("rules", &a.name, &b.name, findings);
        }
    }
}

/// Pairs of neighbours with the same name, case aside.
fn clashes<T>(list: &[T], name: fn(&T) -> &At<String>) -> impl Iterator<Item = (&T, &T)> {
    let mut seen: BTreeMap<String, &T> = BTreeMap::new();
    list.iter().filter_map(move |item| Some((seen.insert(name(item).to_lowercase(), item)?, item)))
}

fn report(what: &str, earlier: &At<String>, name: &At<String>, findings: &mut Findings) {
    findings
        .report(name.origin, format!("two {what} are called `{}` and `{}`", **earlier, **name), "the same to Azure")
        .also(earlier.origin, "the other one");
}
