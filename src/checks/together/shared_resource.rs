//! Two profiles do not write the same resource.

use super::{Comparison, Meeting, Member, Side, groups, meet};
use crate::diag::{Code, Origin, Severity};
use crate::plan::logs::Workspace;
use crate::plan::{Identity, Plan};
use crate::profile::RuleModel;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-resource",
        severity: Severity::Warning,
        title: "two profiles write the same resource",
        help: "give it a name of its own, or another resource group; if the profiles go to different subscriptions, all is well",
        docs: "Two profiles of one run have a resource of the same type and name in resource groups of the same name. In one \
             subscription the second deployment replaces what the first one wrote: rules disappear, and a route table \
             that two kubenet clusters share is refused by AKS. Names that are not given start with the name of the \
             profile and cannot meet. A profile does not say to which subscription it goes, so this is a warning. \
             Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-modes",
        bad: &[
            r#"region         = "westeurope"
resource-group = "shop"

[firewall]
name = "shop-fw"

# file: other.toml
region         = "westeurope"
resource-group = "Shop"

[firewall]
name = "shop-fw"
"#,
            r#"region         = "westeurope"
resource-group = "shop"

[network]
address-space = ["10.20.0.0/16"]

[hub]
resource-group = "connectivity"
vnet           = "hub"

# file: other.toml
region         = "westeurope"
resource-group = "other"

[network]
address-space = ["10.30.0.0/16"]

[hub]
resource-group = "connectivity"
vnet           = "hub"
"#,
        ],
        good: &[r#"region         = "westeurope"
resource-group = "shop"

[firewall]
name = "shop-fw"

# file: other.toml
region         = "westeurope"
resource-group = "shop"

[firewall]
name = "other-fw"
"#],
    },
    run,
};

/// A resource that a profile writes.
struct Written<'a> {
    member: Member<'a>,
    group: &'a str,
    what: &'static str,
    name: &'a str,
    origin: Origin,
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let all = members.iter().flat_map(|member| written(*member));
    let all = all.map(|one| ((one.group.to_lowercase(), one.what, one.name.to_lowercase()), one));
    for group in groups(all) {
        meet(&group, &COMPARISON.code, side, meetings);
    }
}

/// What the names of a profile decide; addresses, policies and settings are named after these.
fn written(member: Member<'_>) -> Vec<Written<'_>> {
    let Plan { resource_group, network, hub, routes, firewall, logs, identity, cluster, layers, .. } = member.plan;
    let one = |what, name, origin| Written { member, group: resource_group, what, name, origin };
    let group = firewall.resource_group.as_ref().unwrap_or(resource_group);
    let of_firewall = |what, name, origin| Written { member, group, what, name, origin };
    let own = network.existing.is_none();
    let mut list: Vec<_> =
        own.then(|| one("network", network.name.as_str(), network.name.origin)).into_iter().collect();
    list.extend([one("route table", routes.name.as_str(), routes.name.origin)]);
    list.extend(hub.iter().map(|hub| of_firewall("network", hub.network.name.as_str(), hub.network.name.origin)));
    if layers.has_cluster() {
        list.push(one("cluster", cluster.name.as_str(), cluster.name.origin));
    }
    let created = firewall.existing.is_none();
    if created {
        list.insert(1, of_firewall("firewall", firewall.name.as_str(), firewall.name.origin));
    }
    if created && *firewall.rules == RuleModel::Policy {
        list.push(of_firewall("firewall policy", &firewall.policy, firewall.name.origin));
    }
    match &logs.workspace {
        Workspace::Created { name, retention_days: _ } => list.push(one("workspace", name.as_str(), name.origin)),
        Workspace::Existing { id: _, region: _ } => {}
    }
    match identity {
        Identity::Managed { name } => list.push(one("identity", name.as_str(), name.origin)),
        Identity::ServicePrincipal { name: _ } => {}
    }
    // A policy and a table are named after the firewall: one clash is said once.
    let mut seen = Vec::new();
    list.retain(|one| {
        let first = !seen.contains(&(one.origin, one.group));
        seen.push((one.origin, one.group));
        first
    });
    list
}

fn side(here: &Written<'_>, there: &Written<'_>) -> Side {
    let Written { member, group, what, name, origin } = here;
    let other = there.member.plan.name.as_str();
    Side {
        index: member.index,
        origin: *origin,
        message: format!("profile `{other}` also writes the {what} `{name}` in the resource group `{group}`"),
        label: format!("{what} of `{}`", member.plan.name.as_str()),
    }
}
