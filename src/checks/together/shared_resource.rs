//! Two profiles do not write the same resource.

use std::collections::BTreeSet;

use super::{Comparison, Meeting, Member, Side, groups, pairs};
use crate::diag::{Code, Origin, Severity};
use crate::plan::logs::Workspace;
use crate::plan::{Firewall, Logs, Plan};
use crate::profile::RuleModel;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-resource",
        severity: Severity::Warning,
        title: "two profiles write the same resource",
        help: "give it a name of its own, or another resource group; if the profiles go to different subscriptions, all is well",
        docs: "Two profiles of one run have a resource of the same type and name in resource groups of the same name. In one \
             subscription the second deployment replaces what the first one wrote: rules disappear, and a route table \
             that two kubenet clusters share is refused by AKS. Compared are networks, firewalls with their policies, public \
             addresses and IP groups, route tables, application gateways with theirs, workspaces, clusters and what Container \
             Insights collects. A firewall lies in the group of its network, also where that is somebody else's. Names that are \
             not given start with the name of the profile, and identities and workbooks cannot be named otherwise, so that they \
             do not meet. Where several meet for one reason, the first is told.\n\n\
             A profile with `network.existing` lies in the subscription of that network. Other profiles do not say where they \
             go, so this is a warning. \
             Sources: https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-modes, \
             https://learn.microsoft.com/azure/aks/configure-kubenet",
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

[egress]
ip-groups = true

[egress.groups]
partners = ["10.60.10.0/24"]

[egress.collections.partners]
priority = 300

[[egress.collections.partners.rules]]
name   = "partners"
groups = ["partners"]
ports  = ["tcp:443"]
why    = "Orders"

# file: other.toml
region         = "westeurope"
resource-group = "shop"

[egress]
ip-groups = true

[egress.groups]
partners = ["10.60.11.0/28"]

[egress.collections.partners]
priority = 300

[[egress.collections.partners.rules]]
name   = "partners"
groups = ["partners"]
ports  = ["tcp:443"]
why    = "Deliveries"
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
    /// Its place among those of the profile.
    order: usize,
    place: Place<'a>,
    what: &'static str,
    name: &'a str,
    origin: Origin,
}

/// A resource group.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    group: &'a str,
    /// Where it is known.
    subscription: Option<&'a str>,
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let all = members.iter().flat_map(|member| written(*member));
    let all = all.map(|one| ((one.place.group.to_lowercase(), one.what, one.name.to_lowercase()), one));
    let groups: Vec<Vec<Written<'_>>> = groups(all).collect();
    let mut met: Vec<(&Written<'_>, &Written<'_>)> = Vec::new();
    for group in &groups {
        pairs(group, Written::kind, may_meet, |one, other| met.push((one, other)));
    }
    // A policy and addresses are named after the firewall: one clash is said once, of what comes first.
    met.sort_by_key(|(one, other)| (one.member.index, other.member.index, one.order));
    let mut told = BTreeSet::new();
    met.retain(|(one, other)| {
        let sides = [one, other].map(|written| (written.member.index, written.origin.in_profile()));
        one.member.index != other.member.index && told.insert(sides)
    });
    meetings.extend(met.into_iter().map(|(one, other)| {
        let help = (one.is_hub() && other.is_hub()).then_some(ONE_HUB);
        Meeting { help, ..super::met(&COMPARISON.code, one, other, side) }
    }));
}

/// The subscription, where it is known, and for a firewall its network.
type Where<'a> = (Option<&'a str>, Option<String>);

/// Whether nothing says that the two lie in different subscriptions, and nothing more serious is said of them.
fn may_meet((one, network): &Where<'_>, (other, same): &Where<'_>) -> bool {
    // Two firewalls in one network are refused, whatever their names.
    let refused = network.is_some() && network == same;
    one.is_none_or(|one| other.is_none_or(|other| one == other)) && !refused
}

const ONE_HUB: &str =
    "let one profile make the hub; the other one names its firewall in `[firewall.existing]`, with `peer`";

impl<'a> Written<'a> {
    /// Whether it is the network of a hub.
    fn is_hub(&self) -> bool {
        let Written { member, place, what, name, .. } = self;
        let hub = member.plan.hub.as_ref();
        *what == NETWORK && hub.is_some_and(|hub| *hub.resource_group == place.group && *hub.network.name == *name)
    }

    fn kind(&self) -> Where<'a> {
        let network = self.member.plan.network.existing.as_ref().filter(|_| self.what == FIREWALL);
        (self.place.subscription, network.map(|id| id.key()))
    }
}

const NETWORK: &str = "network";
const FIREWALL: &str = "firewall";

/// Everything that a name of the profile decides, and what follows from that name.
fn written<'a>(member: Member<'a>) -> Vec<Written<'a>> {
    let Plan { resource_group, network, hub, routes, tunnel, firewall, logs, gateway, cluster, layers, .. } =
        member.plan;
    let Firewall { public_ips, management, ip_groups, policy, .. } = firewall;
    let Logs { workspace, container_insights, .. } = logs;
    let subscription = network.existing.as_ref().map(|id| id.subscription.as_str());
    let place = |group: &'a str| Place { group, subscription };
    let mut list: Vec<Written<'a>> = Vec::new();
    let mut write = |place, what, name, origin| {
        let order = list.len();
        list.push(Written { member, order, place, what, name, origin });
    };
    let own = place(resource_group);
    let around = place(firewall.resource_group.as_ref().unwrap_or(resource_group));
    for network in hub.iter().map(|hub| &hub.network) {
        write(around, NETWORK, &*network.name, network.name.origin);
    }
    if network.existing.is_none() {
        write(own, NETWORK, &network.name, network.name.origin);
    }
    if firewall.existing.is_none() {
        let beside = firewall.beside.as_ref().map_or(around, |group| place(group));
        write(beside, FIREWALL, &firewall.name, firewall.name.origin);
        if *firewall.rules == RuleModel::Policy {
            write(around, "firewall policy", policy, firewall.name.origin);
        }
        for address in public_ips.iter().chain(management) {
            write(around, "public address", &address.name, firewall.name.origin);
        }
    }
    for group in ip_groups {
        write(around, "IP group", &group.name, group.name.origin);
    }
    write(own, "route table", &routes.name, routes.name.origin);
    for table in tunnel.iter() {
        write(around, "route table", &table.name, table.name.origin);
    }
    for gateway in gateway.iter() {
        let origin = gateway.name.origin;
        write(own, "application gateway", &gateway.name, origin);
        write(own, "public address", &gateway.address.name, origin);
        write(own, "policy of an application gateway", &gateway.policy, origin);
    }
    match workspace {
        Workspace::Created { name, retention_days: _ } => write(own, "workspace", name, name.origin),
        Workspace::Existing { id: _, region: _ } => {}
    }
    if layers.has_cluster() {
        write(own, "cluster", &cluster.name, cluster.name.origin);
        for rule in container_insights.iter().map(|insights| &insights.rule) {
            // Its name is that of the cluster, cut off.
            write(own, "data collection rule", rule, cluster.name.origin);
        }
    }
    list
}

fn side(here: &Written<'_>, there: &Written<'_>) -> Side {
    let Written { member, order: _, place, what, name, origin } = here;
    let (group, other) = (place.group, there.member.plan.name.as_str());
    Side {
        index: member.index,
        origin: *origin,
        message: format!("profile `{other}` also writes the {what} `{name}` in the resource group `{group}`"),
        label: format!("{what} of `{}`", member.plan.name.as_str()),
    }
}
