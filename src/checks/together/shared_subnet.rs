//! Two profiles do not get in each other's way in a subnet of somebody else's network.

use super::{Comparison, Meeting, Member, Side, Which, groups, pairs};
use crate::diag::{Code, Severity};
use crate::plan::{Plan, Subnet, SubnetRole};

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-subnet",
        severity: Severity::Error,
        title: "two profiles get in each other's way in one subnet",
        help: "name a subnet of its own in one of them",
        docs: "Two profiles of one run name the same network of somebody else, and a subnet of it serves both. A subnet has one \
             route table: where both attach one, the second deployment stops, or takes the first one's away and leads the \
             nodes to another firewall. A subnet that both add is written twice, and what the second profile says of it \
             replaces what the first one said. An application gateway wants a subnet with nothing else in it, and so do an API \
             server and pods, whose subnets are delegated to AKS.\n\n\
             What may be shared: a subnet that is there for load balancers, or that one of the profiles adds and the other one \
             names; one for several application gateways; one for API servers, which clusters of one network may share (each \
             takes nine addresses or more). Clusters could share a subnet of pods too, if it did not need the route table of \
             either of them. Sources: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview, \
             https://learn.microsoft.com/azure/aks/api-server-vnet-integration, \
             https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet, \
             https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        bad: &[
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes = { name = "snet-aks" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/Network-RG/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes = { name = "Snet-AKS" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shop" }
ingress = { name = "snet-ingress", prefix = "10.90.9.0/27" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-other" }
ingress = { name = "snet-ingress", prefix = "10.90.9.0/27" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shop" }
ingress = { name = "snet-shared", prefix = "10.90.9.0/24" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shared" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes      = { name = "snet-shop" }
api-server = { name = "snet-api" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[cluster]
api-server = "vnet-integrated"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-other" }
ingress = { name = "snet-api" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
"#,
        ],
        good: &[
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes      = { name = "snet-shop" }
ingress    = { name = "snet-ingress" }
api-server = { name = "snet-api" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

[cluster]
api-server = "vnet-integrated"

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes      = { name = "snet-other" }
ingress    = { name = "snet-ingress" }
api-server = { name = "snet-api" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100

[cluster]
api-server = "vnet-integrated"
"#,
            r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-shop" }
ingress = { name = "snet-ingress", prefix = "10.90.9.0/27" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000

# file: other.toml
region = "westeurope"

[network]
existing = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/network-rg/providers/Microsoft.Network/virtualNetworks/spoke-vnet"

[network.subnets]
nodes   = { name = "snet-other" }
ingress = { name = "snet-ingress" }

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2100
"#,
        ],
    },
    run,
};

/// A subnet of somebody else's network, as one profile uses it.
struct Use<'a> {
    member: Member<'a>,
    subnet: &'a Subnet,
    /// Its route table, with the resource group of that.
    table: Option<(String, &'a str)>,
}

impl<'a> Use<'a> {
    fn new(member: Member<'a>, subnet: &'a Subnet) -> Use<'a> {
        let Plan { routes, resource_group, .. } = member.plan;
        let table = subnet.routed.then(|| (resource_group.to_lowercase(), routes.name.as_str()));
        Use { member, subnet, table }
    }

    /// Whether it is written, rather than used as it is.
    fn is_added(&self) -> bool {
        self.subnet.prefix.is_some()
    }

    fn guest(&self) -> Guest {
        match self.subnet.role {
            SubnetRole::Firewall | SubnetRole::FirewallManagement | SubnetRole::Ingress | SubnetRole::Nodes => {
                Guest::Any
            }
            SubnetRole::Gateway if self.member.plan.gateway.is_none() => Guest::Nobody,
            SubnetRole::Gateway => Guest::Gateway,
            SubnetRole::Pods => Guest::Pods,
            SubnetRole::ApiServer => Guest::ApiServer,
        }
    }

    /// What lives there, in words.
    fn words(&self) -> &'static str {
        match self.subnet.role {
            SubnetRole::Firewall | SubnetRole::FirewallManagement => "a firewall",
            SubnetRole::Ingress => "load balancers",
            SubnetRole::Nodes => "nodes",
            SubnetRole::Gateway => "an application gateway",
            SubnetRole::Pods => "pods",
            SubnetRole::ApiServer => "an API server",
        }
    }

    fn kind(&self) -> Sort {
        let table = self.table.as_ref().map(|(group, name)| (group.clone(), name.to_lowercase()));
        Sort { guest: self.guest(), is_added: self.is_added(), table }
    }
}

/// All that decides whether two uses clash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Sort {
    guest: Guest,
    is_added: bool,
    /// Resource group and name.
    table: Option<(String, String)>,
}

/// What lives in a subnet: some want to be alone there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Guest {
    /// Nothing as yet.
    Nobody,
    /// Hosts and load balancers, which do not mind each other.
    Any,
    /// Application gateways.
    Gateway,
    /// Pods with addresses of their own.
    Pods,
    /// API servers.
    ApiServer,
}

/// How two uses of one subnet clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clash {
    /// One of them wants to be alone in it.
    Guests,
    /// Both write it.
    Added,
    /// The second to be deployed takes the route table of the other one away.
    Tables,
}

fn clash(one: &Sort, other: &Sort) -> Option<Clash> {
    let decides = |one: &Sort| one.is_added || one.table.is_some();
    let somebody = one.guest != Guest::Nobody && other.guest != Guest::Nobody;
    if somebody && one.guest != other.guest {
        Some(Clash::Guests)
    } else if one.table != other.table && decides(one) && decides(other) {
        Some(Clash::Tables)
    } else if one.is_added && other.is_added {
        Some(Clash::Added)
    } else {
        None
    }
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let uses = members.iter().filter(|member| member.plan.network.existing.is_some()).flat_map(|member| {
        let of_firewall = |role| matches!(role, SubnetRole::Firewall | SubnetRole::FirewallManagement);
        let subnets = member.plan.network.subnets.iter().filter(move |subnet| !of_firewall(subnet.role));
        let network = Which::of_cluster(member.plan);
        subnets.map(move |subnet| ((network.clone(), subnet.name.to_lowercase()), Use::new(*member, subnet)))
    });
    for group in groups(uses) {
        let clashes = |one: &Sort, other: &Sort| clash(one, other).is_some();
        pairs(&group, Use::kind, clashes, |one, other| {
            meetings.extend(clash(&one.kind(), &other.kind()).map(|clash| meeting(one, other, clash)));
        });
    }
}

fn meeting(one: &Use<'_>, other: &Use<'_>, clash: Clash) -> Meeting {
    let help = match clash {
        Clash::Added => Some("add it in one of them; in the other one give its name alone, without a prefix"),
        Clash::Guests | Clash::Tables => None,
    };
    Meeting { code: &COMPARISON.code, help, sides: [side(one, other, clash), side(other, one, clash)] }
}

fn side(here: &Use<'_>, there: &Use<'_>, clash: Clash) -> Side {
    let Use { member, subnet, table } = here;
    let (name, network) = (subnet.name.as_str(), member.plan.network.name.as_str());
    let other = there.member.plan.name.as_str();
    let message = match (clash, table, &there.table) {
        (Clash::Guests, _, _) => {
            format!("`{name}` is the subnet of {}, and profile `{other}` has {} in it", here.words(), there.words())
        }
        (Clash::Added, _, _) => format!("profile `{other}` also adds the subnet `{name}` to the network `{network}`"),
        (Clash::Tables, Some((_, own)), Some((_, table))) => format!(
            "subnet `{name}` of the network `{network}` gets the route table `{own}`, and `{table}` from profile `{other}`"
        ),
        (Clash::Tables, Some((_, own)), None) => format!(
            "subnet `{name}` of the network `{network}` gets the route table `{own}`, and profile `{other}` adds it without one"
        ),
        (Clash::Tables, None, _) => format!(
            "subnet `{name}` of the network `{network}` is added without a route table, and profile `{other}` attaches one"
        ),
    };
    Side {
        index: member.index,
        origin: subnet.name.origin,
        message,
        label: format!("{} of `{}`", subnet.role.word(), member.plan.name.as_str()),
    }
}
