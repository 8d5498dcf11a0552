//! Subnets do not take names that belong to Azure services.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::SubnetRole;
use crate::tables::addresses::SERVICE_SUBNETS;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "service-subnet-name",
        severity: Severity::Warning,
        title: "subnet has a name that belongs to an Azure service",
        help: "choose another name",
        docs: "Some services of Azure look for their subnet by a fixed name, and only they may live in it. Source: \
             https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services",
        bad: &[r#"region = "westeurope"

[network.subnets]
gateway = { name = "GatewaySubnet", prefix = "10.0.2.0/24" }
"#],
        good: &[
            r#"region = "westeurope"

[network.subnets]
gateway = { name = "app-gateway", prefix = "10.0.2.0/24" }
"#,
            r#"region = "westeurope"

[firewall]
tier = "Basic"
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    // The firewall's own subnets have their names from Azure.
    let own = |role| matches!(role, SubnetRole::Firewall | SubnetRole::FirewallManagement);
    for subnet in facts.plan.network.subnets.iter().filter(|s| !own(s.role)) {
        let taken = SERVICE_SUBNETS.rows.iter().find(|(name, _)| name.eq_ignore_ascii_case(&subnet.name));
        if let Some((name, service)) = taken {
            findings.report(subnet.name.origin, format!("the name `{name}` belongs to {service}"), "a fixed name");
        }
    }
}
