//! Two profiles do not get in each other's way in the policy of somebody else.

use super::{Comparison, Meeting, Member, Side, groups, meet};
use crate::diag::{Code, Severity};
use crate::plan::firewall::Firewall;
use crate::profile::ExistingFirewall;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-policy",
        severity: Severity::Error,
        title: "two profiles have one priority in a firewall policy",
        help: "give one of them another priority",
        docs: "The rules of a profile with an existing firewall are one rule collection group in the policy of that firewall. Two \
             groups with one priority are not refused, but which comes first is undocumented, so \
             that the order of evaluation could change at any time. \
             Source: https://learn.microsoft.com/azure/firewall/policy-rule-sets",
        bad: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/Hub/providers/Microsoft.Network/firewallPolicies/Company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
"#],
        good: &[r#"region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
"#],
    },
    run,
};

/// The group of a profile in the policy of somebody else.
struct Written<'a> {
    member: Member<'a>,
    existing: &'a ExistingFirewall,
}

/// Two profiles of one name are refused before anything is compared, so that priorities remain.
fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let all = members.iter().filter_map(|member| {
        let Firewall { existing, .. } = &member.plan.firewall;
        let existing = existing.as_ref()?;
        Some(((existing.policy.key(), *existing.priority), Written { member: *member, existing }))
    });
    for group in groups(all) {
        meet(&group, &COMPARISON.code, side, meetings);
    }
}

fn side(here: &Written<'_>, there: &Written<'_>) -> Side {
    let Written { member, existing } = here;
    let (other, priority) = (there.member.plan.name.as_str(), *existing.priority);
    Side {
        index: member.index,
        origin: existing.priority.origin,
        message: format!(
            "profile `{other}` also has a rule collection group of priority {priority} in the policy `{}`",
            existing.policy.name
        ),
        label: format!("group of `{}`", member.plan.name.as_str()),
    }
}
