//! Rules allow no name that the repository forbids.

use std::collections::BTreeSet;

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "forbidden-name",
        severity: Severity::Error,
        title: "rule allows a name that the repository forbids",
        help: "remove the name, or agree on it with those who keep `aks-egress.toml`",
        docs: "`forbidden-suffixes` in `aks-egress.toml` names domains that no rule may allow, nor any name below them. A \
               pattern that has such a name among its names is reported too. Azure would take the rule, so that a \
               repository can lower this check.",
        bad: &[
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "pages"
fqdns = ["shop.github.io"]

# file: aks-egress.toml
[rules]
forbidden-suffixes = ["github.io"]
"#,
            r#"region = "westeurope"

[egress]
packs = ["docker-hub"]

# file: aks-egress.toml
[rules]
forbidden-suffixes = ["docker.io"]
"#,
        ],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "pages"
fqdns = ["shop.example.com"]

# file: aks-egress.toml
[rules]
forbidden-suffixes = ["github.io"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(in_force) = facts.settings else { return };
    // A pack has many names below one domain, and one finding says it all.
    let mut said = BTreeSet::new();
    for (collection, rule) in facts.plan.firewall.rules().filter(|(c, _)| c.allows()) {
        for name in rule.fqdns() {
            let suffixes = &in_force.settings.forbidden_suffixes;
            let Some(suffix) = suffixes.iter().find(|suffix| name.reaches(suffix)) else { continue };
            if collection.pack.is_some() && !said.insert((collection.name.as_str(), suffix.as_str())) {
                continue;
            }
            findings
                .report(
                    name.origin,
                    format!("rule `{}` allows `{}`", *rule.name, **name),
                    "forbidden in this repository",
                )
                .also(in_force.place(suffix), "forbidden here, with all names below")
                .given(rule.origin)
                .given(collection.action.origin);
        }
    }
}
