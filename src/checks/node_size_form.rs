//! Node sizes look like names of VM sizes.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "node-size-form",
        severity: Severity::Warning,
        title: "node size does not look like a VM size",
        help: "write a size such as `Standard_D4s_v5`",
        docs: "Names of VM sizes start with a tier and an underscore, such as `Standard_D4s_v5`. Which sizes exist \
             depends on region and subscription and is not checked here.",
        bad: &[r#"region = "westeurope"

[cluster]
node-size = "D4s_v5"
"#],
        good: &[r#"region = "westeurope"

[cluster]
node-size = "Standard_D4s_v5"
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let sizes = facts.plan.cluster.pools.iter().map(|pool| &pool.node_size);
    let mut seen = std::collections::BTreeSet::new();
    // Pools take over the size of the system pool, which is said once.
    sizes.filter(|size| seen.insert((size.value.clone(), size.origin.at))).for_each(|size| form(size, findings));
}

fn form(size: &At<String>, findings: &mut Findings) {
    let rest = size.strip_prefix("Standard_").or_else(|| size.strip_prefix("Basic_"));
    if !rest.is_some_and(fits_a_size) {
        let finding = findings.report(size.origin, format!("`{}` does not look like a VM size", **size), "no VM size");
        if rest.is_none() && size.starts_with(|c: char| c.is_ascii_uppercase()) {
            finding.help(format!("did you mean `Standard_{}`?", **size));
            // The sizes of the other tier all start with an A.
            if fits_a_size(size) && !size.starts_with('A') {
                finding.edit(size.origin.at, format!("\"Standard_{}\"", **size));
            }
        }
    }
}

/// Whether a text is what follows the tier in the name of a size.
fn fits_a_size(rest: &str) -> bool {
    let first = rest.starts_with(|c: char| c.is_ascii_uppercase());
    first && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}
