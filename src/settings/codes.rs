//! Problems of the settings of a repository, and the checks that settings ask for.

use crate::diag::{Code, Severity};

/// Problems of the settings, sorted by id.
pub static CODES: &[&Code] = &[&LOWERED_ERROR, &SETTINGS_SYNTAX, &UNKNOWN_CHECK];

/// Checks of what a repository asks for. Azure would take what they report, so that their level can be lowered.
pub static POLICIES: &[&str] = &["distant-expiry", "forbidden-name", "missing-rule-field", "unlisted-registry"];

pub(super) static SETTINGS_SYNTAX: Code = Code {
    id: "settings-syntax",
    severity: Severity::Error,
    title: "settings are no TOML",
    help: "repair the line",
    docs: "The file `aks-egress.toml` cannot be read as TOML. Until it can, nothing of what the repository asks for is \
           looked at.",
    bad: &[r#"region = "westeurope"

# file: aks-egress.toml
[rules]
required-fields = [why]
"#],
    good: &[r#"region = "westeurope"

# file: aks-egress.toml
[rules]
required-fields = ["why"]
"#],
};

pub(super) static LOWERED_ERROR: Code = Code {
    id: "lowered-error",
    severity: Severity::Error,
    title: "level of an error is lowered",
    help: "remove the line",
    docs: "Errors are what Azure refuses or what cannot work. A repository can raise any check to an error, and it can \
           lower warnings, advice and the checks of its own policies, but an error of Azure stays one.",
    bad: &[r#"region = "westeurope"

# file: aks-egress.toml
[checks]
subnet-overlap = "warning"
"#],
    good: &[r#"region = "westeurope"

# file: aks-egress.toml
[checks]
plain-http = "error"
any-source = "off"
"#],
};

pub(crate) static UNKNOWN_CHECK: Code = Code {
    id: "unknown-check",
    severity: Severity::Error,
    title: "no check has this name",
    help: "write the name of a check; `aks-egress explain` lists them",
    docs: "A waiver names the check whose findings it accepts, and the settings of a repository name those whose level \
           they set, as it stands in the finding. A misspelt name would accept or set nothing.",
    bad: &[
        r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirment"
reason = "the cluster is replaced before that"
"#,
        r#"region = "westeurope"

# file: aks-egress.toml
[checks]
plain-htp = "error"
"#,
    ],
    good: &[r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirement"
reason = "the cluster is replaced before that"
"#],
};
