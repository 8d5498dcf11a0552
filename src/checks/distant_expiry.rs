//! Rules expire as soon as the repository wants.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::Ending;
use crate::plan::life::Ends;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "distant-expiry",
        severity: Severity::Warning,
        title: "rule expires later than the repository wants",
        help: "choose an earlier day for `expires`",
        docs: "`max-expiry-days` in `aks-egress.toml` says how many days from now a rule may exist at most. With \
               `expires` among `required-fields` no rule exists for good. The finding depends on the day, so that it \
               appears in the terminal and in reports only and never decides whether artifacts are written.",
        bad: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name    = "api"
fqdns   = ["api.example.com"]
expires = 2099-12-31

# file: aks-egress.toml
[rules]
max-expiry-days = 180
"#],
        good: &[r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name    = "api"
fqdns   = ["api.example.com"]
expires = 2026-12-31

# file: aks-egress.toml
[rules]
max-expiry-days = 180
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let (Some(in_force), Some(today)) = (facts.settings, facts.today) else { return };
    let Some(most) = &in_force.settings.max_expiry_days else { return };
    for Ending { day, what, life: _, origin } in &facts.plan.calendar {
        let Ends::Rule { collection: _, name } = what else { continue };
        let days = day.days_after(today);
        if days > i64::from(most.value) {
            findings
                .report(
                    day.origin,
                    format!("rule `{name}` expires in {days} days, and {} is the most", **most),
                    format!("today is {today}"),
                )
                .also(in_force.place(most), "asked for here")
                .given(*origin)
                .dated();
        }
    }
}
