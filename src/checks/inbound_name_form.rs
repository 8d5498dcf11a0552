//! Names of inbound services are names that Kubernetes takes.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "inbound-name-form",
        severity: Severity::Error,
        title: "name of an inbound service cannot be used in Kubernetes",
        help: "use lower-case letters, digits and hyphens, starting with a letter, at most 50",
        docs: "The name also becomes that of a Kubernetes service, which takes lower-case letters, digits and \
             hyphens, starts with a letter and ends with a letter or digit. Source: \
             https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
        bad: &[r#"region = "westeurope"

[[inbound]]
name = "Web_Shop"
port = 443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]
"#],
        good: &[r#"region = "westeurope"

[[inbound]]
name = "web-shop"
port = 443
to   = "10.0.4.10:443"
from = ["203.0.113.0/24"]
"#],
    },
    run,
};

/// Leaves room for what the program adds to the name.
const MOST: usize = 50;

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for inbound in &facts.plan.inbound {
        let name = inbound.name.as_str();
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let ends = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-');
        if !plain || !ends || name.len() > MOST {
            findings.report(
                inbound.name.origin,
                format!("`{name}` cannot name a Kubernetes service"),
                "not a DNS label",
            );
        }
    }
}
