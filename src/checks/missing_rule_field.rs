//! Rules say of themselves what the repository wants to know.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::rules::Life;
use crate::settings::Field;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "missing-rule-field",
        severity: Severity::Error,
        title: "rule lacks a field that the repository requires",
        help: "write the field",
        docs: "`required-fields` in `aks-egress.toml` names what every rule of a profile says of itself: `why`, `owner`, \
               `ticket`, `expires`. Packs give their reasons themselves. Azure would take the rule, so that a \
               repository can lower this check.",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api"
fqdns = ["api.example.com"]
why   = "orders"

# file: aks-egress.toml
[rules]
required-fields = ["why", "owner", "ticket"]
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name   = "api"
fqdns  = ["api.example.com"]
why    = "orders"
owner  = "shop"
ticket = "NET-7"

# file: aks-egress.toml
[rules]
required-fields = ["why", "owner", "ticket"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(in_force) = facts.settings else { return };
    let required = &in_force.settings.required_fields;
    for (collection, rule) in facts.plan.firewall.rules() {
        let lacks: Vec<_> = required.iter().filter(|field| !has(&rule.life, ***field)).collect();
        let Some(first) = lacks.first().filter(|_| collection.pack.is_none() && !rule.is_dnat()) else { continue };
        let words: Vec<String> = lacks.iter().map(|field| format!("`{}`", field.word())).collect();
        findings
            .report(rule.origin, format!("rule `{}` lacks {}", *rule.name, words.join(" and ")), "says nothing of it")
            .also(in_force.place(first), "asked for here");
    }
}

fn has(life: &Life, field: Field) -> bool {
    match field {
        Field::Why => life.why.is_some(),
        Field::Owner => life.owner.is_some(),
        Field::Ticket => life.ticket.is_some(),
        Field::Expires => life.expires.is_some(),
    }
}
