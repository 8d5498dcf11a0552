//! Expectations are written once.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "duplicate-expectation",
        severity: Severity::Warning,
        title: "expectation is written twice",
        help: "remove one of them",
        docs: "The second one tries what the first one tries already; more often than not another source or another \
               destination was meant.",
        bad: &[r#"region = "westeurope"

[[expect]]
from = "nodes"
to   = "https://mcr.microsoft.com"

[[expect]]
from = "nodes"
to   = "https://mcr.microsoft.com:443"
"#],
        good: &[r#"region = "westeurope"

[[expect]]
from = "nodes"
to   = "https://mcr.microsoft.com"

[[expect]]
from    = "nodes"
to      = "https://example.com"
verdict = "deny"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let list = &facts.plan.expectations;
    for (n, expectation) in list.iter().enumerate() {
        let same = |other: &&crate::plan::Expectation| {
            other.from.value == expectation.from.value
                && other.to.value == expectation.to.value
                && *other.verdict == *expectation.verdict
        };
        let Some(earlier) = list[..n].iter().find(same) else { continue };
        findings
            .report(expectation.origin, format!("`{}` is expected twice", expectation.target()), "again")
            .also(earlier.origin, "first here");
    }
}
