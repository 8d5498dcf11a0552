//! No two expectations exclude each other.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "contradicting-expectations",
        severity: Severity::Error,
        title: "two expectations exclude each other",
        help: "remove one of them, or correct its source or destination",
        docs: "The same traffic cannot pass and be stopped, so that one of the two fails whatever the rules say.",
        bad: &[r#"region = "westeurope"

[[expect]]
from = "nodes"
to   = "https://mcr.microsoft.com"

[[expect]]
from    = "nodes"
to      = "https://mcr.microsoft.com"
verdict = "deny"
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
        let opposed = |other: &&crate::plan::Expectation| {
            other.from.value == expectation.from.value
                && other.to.value == expectation.to.value
                && *other.verdict != *expectation.verdict
        };
        let Some(earlier) = list[..n].iter().find(opposed) else { continue };
        let message = format!("`{}` is expected to pass and to be stopped", expectation.target());
        findings.report(expectation.origin, message, "one verdict").also(earlier.origin, "the other verdict");
    }
}
