//! `0.0.0.0/0` and `255.255.255.255/32` stand alone among the private ranges.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "mixed-private-ranges",
        severity: Severity::Error,
        title: "private ranges that cancel each other",
        help: "keep one entry, or remove the one that stands for everything or nothing",
        docs: "`0.0.0.0/0` among the private ranges means that no sender is ever translated, `255.255.255.255/32` that every one \
             is. Beside either, no other entry means anything. Source: \
             https://learn.microsoft.com/azure/firewall/snat-private-range",
        bad: &[r#"region = "westeurope"

[firewall]
private-ranges = ["IANAPrivateRanges", "255.255.255.255/32"]
"#],
        good: &[r#"region = "westeurope"

[firewall]
private-ranges = ["255.255.255.255/32"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let ranges = &facts.plan.firewall.private_ranges;
    let Some(alone) = ranges.iter().find(|r| r.is_everything() || r.is_nothing()) else { return };
    if let Some(other) = ranges.iter().find(|r| r.origin != alone.origin) {
        let means = if alone.is_everything() { "everything" } else { "nothing" };
        findings
            .report(alone.origin, format!("`{}` stands beside other ranges", **alone), format!("stands for {means}"))
            .also(other.origin, "means nothing then");
    }
}
