//! Networks that are peered, or that are peered with one hub, do not overlap, as far as names tell.

use std::collections::BTreeSet;

use super::{Comparison, Kind, Meeting, Member, Side, Taken, Which, groups, inside, met, overlaps};
use crate::diag::{Code, Severity};
use crate::plan::Network;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "peered-overlap",
        severity: Severity::Warning,
        title: "two networks that are peered with one hub overlap",
        help: "give one of them other addresses, such as another `address-space`; if the hubs are in different subscriptions, all is well",
        docs: "Two profiles of one run are peered with a hub of the same name in resource groups of the same name, and the \
             address spaces of their networks overlap; or one of them makes the network that the other one is peered with, and \
             its addresses are taken there. Azure refuses a peering of networks that overlap, and the second peering of the \
             hub, after the networks are made. Pods and services must not have addresses of a peered network either: their \
             cluster would not find it. A profile does not say to which subscription it goes, so this is a warning; where both \
             give the ID of the hub, it is an error: `spoke-overlap`. Sources: \
             https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering, \
             https://learn.microsoft.com/azure/aks/azure-cni-overlay",
        bad: &[
            r#"region         = "westeurope"
resource-group = "shop"

[hub]
resource-group = "connectivity-rg"
vnet           = "hub-vnet"

# file: other.toml
region         = "westeurope"
resource-group = "other"

[network]
address-space = ["10.0.128.0/17"]

[network.subnets]
gateway = "10.0.128.0/24"
ingress = "10.0.129.0/24"
nodes   = "10.0.130.0/24"

[hub]
resource-group = "connectivity-rg"
vnet           = "hub-vnet"
"#,
            r#"region         = "westeurope"
resource-group = "connectivity-rg"

[network]
vnet = "hub-vnet"

# file: other.toml
region = "westeurope"

[network]
address-space = ["10.0.128.0/17"]

[network.subnets]
gateway = "10.0.128.0/24"
ingress = "10.0.129.0/24"
nodes   = "10.0.130.0/24"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/azureFirewalls/example-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/firewallPolicies/example-fw-policy"
private-ip = "10.0.3.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/connectivity-rg/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#,
        ],
        good: &[r#"region         = "westeurope"
resource-group = "shop"

[hub]
resource-group = "connectivity-rg"
vnet           = "hub-vnet"

# file: other.toml
region         = "westeurope"
resource-group = "other"

[hub]
resource-group = "another-rg"
vnet           = "hub-vnet"
"#],
    },
    run,
};

/// Addresses in a network, and the network that this one is peered with, or is.
struct Claim<'a> {
    taken: Taken<'a>,
    own: Which,
    with: Which,
    /// What the profile calls the latter.
    name: &'a str,
}

impl Claim<'_> {
    /// Whether it is the network that others are peered with.
    fn is_middle(&self) -> bool {
        self.taken.kind == Kind::Space && self.own == self.with
    }
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    compare(members, &COMPARISON.code, |one, other| !one.is(other), meetings);
}

/// Tells of overlaps round those networks that are the same in the way that is `wanted`.
pub(super) fn compare(
    members: &[Member<'_>],
    code: &'static Code,
    wanted: impl Fn(&Which, &Which) -> bool,
    meetings: &mut Vec<Meeting>,
) {
    let claims = members.iter().flat_map(|member| claims(*member)).map(|claim| (claim.with.key(), claim));
    let clash = |one: &Claim<'_>, other: &Claim<'_>| {
        let kinds = match (one.taken.kind, other.taken.kind) {
            (Kind::Space, Kind::Space) => true,
            // Nobody sees what lies inside of a cluster, but the cluster has to see the network that it is peered with.
            (Kind::Space, Kind::Inside) => one.is_middle(),
            (Kind::Inside, Kind::Space) => other.is_middle(),
            (Kind::Inside, Kind::Inside) => false,
        };
        kinds
            && one.taken.member.index != other.taken.member.index
            && one.with.may_be(&other.with)
            && wanted(&one.with, &other.with)
            // One network that two profiles write is another problem.
            && !one.own.may_be(&other.own)
    };
    for group in groups(claims) {
        // One pair of prefixes says enough of two networks.
        let mut told = BTreeSet::new();
        overlaps(
            &group,
            |claim| &claim.taken,
            clash,
            |one, other| {
                let place = |claim: &Claim<'_>| (claim.taken.member.index, claim.taken.what.clone());
                if told.insert((place(one), place(other))) {
                    meetings.push(met(code, one, other, side));
                }
            },
        );
    }
}

fn claims(member: Member<'_>) -> Vec<Claim<'_>> {
    let plan = member.plan;
    let own = Which::of_cluster(plan);
    let spaces = |network, what| spaces(member, network, what);
    let mut list = Vec::new();
    let mut claim = |taken, own: &Which, with: &Which, name| {
        list.push(Claim { taken, own: own.clone(), with: with.clone(), name });
    };
    spaces(&plan.network, "network").for_each(|taken| claim(taken, &own, &own, &*plan.network.name));
    if let Some(hub) = &plan.hub {
        let which = Which::by_name(&hub.resource_group, &hub.network.name);
        spaces(&hub.network, "hub's network").for_each(|taken| claim(taken, &which, &which, &*hub.network.name));
    }
    if let Some((with, name)) = Which::of_peer(plan) {
        let taken = spaces(&plan.network, "network").chain(inside(member));
        taken.for_each(|taken| claim(taken, &own, &with, name));
    }
    list
}

/// What is known of the addresses of a network: of somebody else's those that are added.
fn spaces<'a>(member: Member<'a>, network: &'a Network, what: &'static str) -> impl Iterator<Item = Taken<'a>> {
    let whole = network.address_space.iter().map(move |prefix| (what.into(), prefix));
    let added = network.existing.iter().flat_map(|_| network.located());
    let added = added.map(|(subnet, prefix)| (format!("subnet `{}`", *subnet.name).into(), prefix));
    whole.chain(added).map(move |(what, prefix)| Taken { member, prefix, what, kind: Kind::Space })
}

fn side(here: &Claim<'_>, there: &Claim<'_>) -> Side {
    let Taken { member, prefix, what, kind: _ } = &here.taken;
    let (other, name) = (&there.taken, there.taken.member.plan.name.as_str());
    let why = match here.is_middle() || there.is_middle() {
        true => "the two networks are peered".to_owned(),
        false => format!("both networks are peered with `{}`", here.name),
    };
    Side {
        index: member.index,
        origin: prefix.origin,
        message: format!(
            "the {what} {} overlaps the {} {} of profile `{name}`, and {why}",
            prefix.value, other.what, **other.prefix
        ),
        label: format!("{what} of `{}`", member.plan.name.as_str()),
    }
}
