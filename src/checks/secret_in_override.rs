//! No secret is written into a profile.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::rules::shown;
use crate::value::Plain;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "secret-in-override",
        severity: Severity::Error,
        title: "override holds a secret",
        help: "remove the override and set the value outside of the profile; change the secret if the file was shared",
        docs: "A profile and everything that is made from it is meant to be committed and reviewed. A password or a key \
               in it is known to everybody who can read the repository, for good.",
        bad: &[r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/windowsProfile/adminPassword"
value    = "P@ssw0rd-2026"
reason   = "the same everywhere"
"#],
        good: &[r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/windowsProfile/licenseType"
value    = "Windows_Server"
reason   = "licences that we have"
"#],
    },
    run,
};

/// How the names of properties end that hold secrets.
const ENDINGS: [&str; 5] = ["password", "secret", "accesskey", "sharedkey", "connectionstring"];

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for one in &facts.plan.overrides {
        for (path, value) in one.leaves() {
            let Some(name) = path.last().filter(|_| matches!(value, Plain::Text(_))) else { continue };
            let folded = name.to_ascii_lowercase();
            if ENDINGS.iter().any(|ending| folded.ends_with(ending)) {
                let message = format!("`{}` of `{}` is a secret", shown(name), *one.resource);
                findings.report(one.value.origin, message, "readable by everybody").given(one.origin);
            }
        }
    }
}
