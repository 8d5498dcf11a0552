//! Rules are not past their last day.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Ending;
use crate::plan::life::Ends;
use crate::rules::{Life, shown};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "expired-rule",
        severity: Severity::Warning,
        title: "rule is past its last day",
        help: "remove the rule, or agree on a new `expires`",
        docs: "A rule with `expires` was meant to go away. It is still written into every artifact, so that a build \
             never changes by the calendar; this finding appears in the terminal and in reports only. The review lists \
             every rule that ends, by day.",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name    = "api"
fqdns   = ["api.example.com"]
owner   = "payments"
ticket  = "NET-1042"
expires = 2020-01-31
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name    = "api"
fqdns   = ["api.example.com"]
expires = 2099-12-31
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(today) = facts.today else { return };
    for Ending { day, what, life, origin } in facts.plan.calendar.iter().take_while(|ending| ending.day.value < today) {
        let Ends::Rule { collection: _, name } = what else { continue };
        let asked = asked(life);
        findings
            .report(
                day.origin,
                format!("rule `{name}` was meant to exist until {}{asked}", **day),
                format!("today is {today}"),
            )
            .given(*origin)
            .dated();
    }
}

/// Whom to ask, as far as it is written.
fn asked(Life { why: _, owner, ticket, expires: _ }: &Life) -> String {
    let owner = owner.as_ref().map(|owner| format!("owner `{}`", shown(owner)));
    let ticket = ticket.as_ref().map(|ticket| format!("ticket `{}`", shown(ticket)));
    owner.into_iter().chain(ticket).map(|part| format!(", {part}")).collect()
}
