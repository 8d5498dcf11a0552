//! Some rule allows every endpoint that the add-ons need.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::endpoints::Need;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "missing-addon-endpoint",
        severity: Severity::Warning,
        title: "no rule allows an endpoint that an add-on needs",
        help: "enable pack `azure-monitor`, or remove the add-on",
        docs: "An add-on whose endpoints are denied starts and stays silent. Its pack is on unless it is disabled. \
             Source: https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[r#"region = "westeurope"

[egress]
packs = [{ name = "azure-monitor", enabled = false }]
"#],
        good: &[
            r#"region = "westeurope"
"#,
            r#"region = "westeurope"

[cluster]
addons = []

[egress]
packs = [{ name = "azure-monitor", enabled = false }]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let missing = super::missing_endpoint::missing(facts.plan, Need::Monitoring);
    let Some(monitoring) = facts.plan.cluster.monitoring.filter(|_| !missing.is_empty()) else { return };
    let finding = findings.report(
        monitoring,
        format!("no rule allows {}", missing.join(", ")),
        "the add-on sends logs and metrics there",
    );
    super::missing_endpoint::given_rules(facts.plan, finding);
}
