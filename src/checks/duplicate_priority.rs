//! No two collections of one kind share a priority.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::{Firewall, RuleCollection, RuleCollectionGroup};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "duplicate-priority",
        severity: Severity::Error,
        title: "two collections have the same priority",
        help: "give one of them a free priority",
        docs: "Collections of one kind are evaluated by priority, so two of them cannot have the same. What Azure \
             answers is not documented; the portal and other tools refuse it. Network, application and inbound \
             collections count separately: the same number in two kinds is fine. Packs have priorities of their \
             own, listed by `aks-egress packs`. Source: https://learn.microsoft.com/azure/firewall/rule-processing",
        bad: &[r#"region = "westeurope"
[egress]
packs = ["os-updates"]

[egress.collections.own]
priority = 102

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
"#],
        good: &[r#"region = "westeurope"
[egress]
packs = ["os-updates"]

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for group in &facts.plan.firewall.groups {
        // Collections are sorted by priority, so that equal ones are neighbours.
        for pair in group.collections.windows(2).filter(|p| *p[0].priority == *p[1].priority) {
            clash(&facts.plan.firewall, group, &pair[0], &pair[1], findings);
        }
    }
}

fn clash(
    firewall: &Firewall,
    group: &RuleCollectionGroup,
    a: &RuleCollection,
    b: &RuleCollection,
    findings: &mut Findings,
) {
    // A profile numbers each kind by itself.
    let offset = if firewall.existing.is_some() { group.kind.offset() } else { 0 };
    // The one that its author can renumber on the spot comes first.
    let (mine, other) = if b.pack.is_some() && a.pack.is_none() { (a, b) } else { (b, a) };
    let taken = |n: &u32| group.collections.iter().any(|c| *c.priority == *n);
    let free = (*mine.priority..).find(|n| !taken(n)).unwrap_or(*mine.priority);
    findings
        .report(
            mine.priority.origin,
            format!(
                "{} collections `{}` and `{}` both have priority {}",
                group.kind.word(),
                *mine.name,
                *other.name,
                mine.priority.saturating_sub(offset)
            ),
            format!("`{}`", *mine.name),
        )
        .also(other.priority.origin, format!("`{}`", *other.name))
        .help(format!("{} is free for `{}`", free.saturating_sub(offset), *mine.name));
}
