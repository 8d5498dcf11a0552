//! Two profiles do not get in each other's way in one firewall policy.

use super::{Comparison, Meeting, Member, Side, Which, groups, pairs};
use crate::diag::{Code, Origin, Severity};
use crate::plan::Plan;
use crate::profile::RuleModel;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-policy",
        severity: Severity::Error,
        title: "two profiles get in each other's way in a firewall policy",
        help: "give one of them another priority",
        docs: "The rules of a profile with an existing firewall are one rule collection group in the policy of that firewall, with \
             the name of the profile. Two groups with one priority are not refused, but which comes first is undocumented, so \
             that the order of evaluation could change at any time. A policy that another profile of the run creates has groups \
             of the priorities 100, 200 and 300, named `dnat`, `network` and `application`: a group of the same name would be \
             replaced. Source: https://learn.microsoft.com/azure/firewall/policy-rule-sets",
        bad: &[
            r#"region = "westeurope"

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
"#,
            r#"region         = "westeurope"
resource-group = "shop-rg"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes    = { name = "snet-shop" }
firewall = "10.90.8.0/26"

[firewall]
name = "shop-fw"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes = { name = "snet-other" }

[firewall.existing]
firewall   = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/azureFirewalls/shop-fw"
policy     = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/shop-rg/providers/Microsoft.Network/firewallPolicies/shop-fw-policy"
private-ip = "10.90.8.4"
public-ips = ["20.50.1.4"]
priority   = 300
"#,
        ],
        good: &[
            r#"region = "westeurope"

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
"#,
            r#"region         = "westeurope"
resource-group = "shop-rg"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes    = { name = "snet-shop" }
firewall = "10.90.8.0/26"

[firewall]
name = "shop-fw"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes = { name = "snet-other" }

[firewall.existing]
firewall   = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/azureFirewalls/shop-fw"
policy     = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/shop-rg/providers/Microsoft.Network/firewallPolicies/shop-fw-policy"
private-ip = "10.90.8.4"
public-ips = ["20.50.1.4"]
priority   = 400
"#,
        ],
    },
    run,
};

/// A rule collection group of a profile.
struct Written<'a> {
    member: Member<'a>,
    policy: Which,
    /// Name of the policy, as the profile writes it.
    called: &'a str,
    /// Whether the profile creates the policy.
    created: bool,
    name: &'a str,
    priority: u32,
    origin: Origin,
}

/// What two groups must not have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Alike {
    Priority(u32),
    Name(String),
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    compare(members, &COMPARISON.code, Which::is, meetings);
}

/// Tells of groups that meet in those policies that are the same in the way that is `wanted`.
pub(super) fn compare(
    members: &[Member<'_>],
    code: &'static Code,
    wanted: impl Fn(&Which, &Which) -> bool,
    meetings: &mut Vec<Meeting>,
) {
    let written: Vec<Written<'_>> = members.iter().flat_map(|member| written(*member)).collect();
    let alike = |one: &Written<'_>| [Alike::Priority(one.priority), Alike::Name(one.name.to_lowercase())];
    let all = written.iter().flat_map(|one| alike(one).map(|alike| ((one.policy.key(), alike.clone()), (one, alike))));
    for group in groups(all) {
        // A policy that two create is another problem.
        let clash = |one: &(Which, bool), other: &(Which, bool)| wanted(&one.0, &other.0) && !(one.1 && other.1);
        let kind = |(one, _): &(&Written<'_>, Alike)| (one.policy.clone(), one.created);
        pairs(&group, kind, clash, |(one, alike), (other, _)| {
            let help = (one.created || other.created).then_some(match alike {
                Alike::Priority(_) => "give the profile with `[firewall.existing]` another `priority`",
                Alike::Name(_) => "give the profile with `[firewall.existing]` another `name`",
            });
            let sides = [side(one, other, alike), side(other, one, alike)];
            meetings.push(Meeting { code, help, sides });
        });
    }
}

/// The one group in a policy of somebody else, or those of a created policy.
fn written(member: Member<'_>) -> Vec<Written<'_>> {
    let Plan { name, resource_group, network, firewall, .. } = member.plan;
    if let Some(existing) = &firewall.existing {
        let (policy, origin) = (&existing.policy, existing.priority.origin);
        return vec![Written {
            member,
            policy: Which::by_id(policy),
            called: &policy.name,
            created: false,
            name,
            priority: *existing.priority,
            origin,
        }];
    }
    if *firewall.rules != RuleModel::Policy {
        return Vec::new();
    }
    let around = firewall.resource_group.as_ref().unwrap_or(resource_group);
    let subscription = network.existing.as_ref().map(|id| id.subscription.clone());
    let policy = Which { subscription, ..Which::by_name(around, &firewall.policy) };
    let written = firewall.groups.iter().map(|group| Written {
        member,
        policy: policy.clone(),
        called: &firewall.policy,
        created: true,
        name: &group.name,
        priority: group.priority,
        origin: firewall.name.origin,
    });
    written.collect()
}

fn side(here: &Written<'_>, there: &Written<'_>, alike: &Alike) -> Side {
    let Written { member, called, name, priority, origin, .. } = here;
    let other = there.member.plan.name.as_str();
    let what = match alike {
        Alike::Priority(_) => format!("of priority {priority}"),
        Alike::Name(_) => format!("with the name `{name}`"),
    };
    Side {
        index: member.index,
        origin: match (alike, here.created) {
            (Alike::Name(_), false) => member.plan.name.origin,
            (Alike::Name(_), true) | (Alike::Priority(_), _) => *origin,
        },
        message: format!("profile `{other}` also has a rule collection group {what} in the policy `{called}`"),
        label: format!("group of `{}`", member.plan.name.as_str()),
    }
}
