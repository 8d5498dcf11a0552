//! Checks of the profiles of one run against each other. What they find depends on who else is there, so it goes to the
//! reports and never into an artifact.

mod added_subnet_overlap;
mod created_policy_clash;
mod crowded_api_server_subnet;
mod peered_overlap;
mod shared_group;
mod shared_inbound_target;
mod shared_peering;
mod shared_policy;
mod shared_public_port;
mod shared_resource;
mod shared_subnet;
mod spoke_overlap;
mod two_firewalls;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{At, Code, Origin};
use crate::plan::{Network, Plan};
use crate::value::{Cidr, ResourceId, overlap};

/// A check of several plans.
#[derive(Debug)]
pub struct Comparison {
    /// Name, severity, page, examples: each example holds several profiles.
    pub code: Code,
    run: fn(&[Member<'_>], &mut Vec<Meeting>),
}

/// Every comparison, sorted by id.
pub static COMPARISONS: &[&Comparison] = &[
    &added_subnet_overlap::COMPARISON,
    &created_policy_clash::COMPARISON,
    &crowded_api_server_subnet::COMPARISON,
    &peered_overlap::COMPARISON,
    &shared_group::COMPARISON,
    &shared_inbound_target::COMPARISON,
    &shared_peering::COMPARISON,
    &shared_policy::COMPARISON,
    &shared_public_port::COMPARISON,
    &shared_resource::COMPARISON,
    &shared_subnet::COMPARISON,
    &spoke_overlap::COMPARISON,
    &two_firewalls::COMPARISON,
];

/// A profile of the run and its plan.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// Which one.
    pub index: usize,
    /// Its plan.
    pub plan: &'a Plan,
}

/// Two profiles get in each other's way.
#[derive(Debug)]
pub struct Meeting {
    /// What kind of problem it is.
    pub code: &'static Code,
    /// What to do, where that of the code does not fit.
    pub help: Option<&'static str>,
    /// What is said to either of them.
    pub sides: [Side; 2],
}

/// One of two profiles.
#[derive(Debug)]
pub struct Side {
    /// Which profile of the run.
    pub index: usize,
    /// Where its part stands.
    pub origin: Origin,
    /// What is wrong, seen from here.
    pub message: String,
    /// What stands here.
    pub label: String,
}

/// Compares the plans with each other.
pub fn compare(members: &[Member<'_>]) -> Vec<Meeting> {
    let mut meetings = Vec::new();
    if members.len() > 1 {
        COMPARISONS.iter().for_each(|one| (one.run)(members, &mut meetings));
    }
    meetings
}

/// What has the same key, in the order of the keys; the rest is left out.
fn groups<K: Ord, T>(items: impl IntoIterator<Item = (K, T)>) -> impl Iterator<Item = Vec<T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for (key, item) in items {
        groups.entry(key).or_default().push(item);
    }
    groups.into_values().filter(|group| group.len() > 1)
}

/// Tells every member of a group of the first one, and the first one of the others.
fn meet<T>(group: &[T], code: &'static Code, side: impl Fn(&T, &T) -> Side, meetings: &mut Vec<Meeting>) {
    pairs(group, |_| (), |_, _| true, |one, other| meetings.push(met(code, one, other, &side)));
}

/// Pairs of a group that clash, which their kinds tell: each member with the first that it clashes with, and with those that
/// would not be told of anything else. So every one is told, and not every pair.
fn pairs<'g, T, K: Ord + Clone>(
    group: &'g [T],
    kind: impl Fn(&T) -> K,
    clash: impl Fn(&K, &K) -> bool,
    mut found: impl FnMut(&'g T, &'g T),
) {
    let (mut first, mut seen): (Vec<(K, &T)>, BTreeSet<K>) = (Vec::new(), BTreeSet::new());
    let mut untold: BTreeMap<K, Vec<&'g T>> = BTreeMap::new();
    for later in group {
        let own = kind(later);
        let earlier = first.iter().find(|(kind, _)| clash(kind, &own)).map(|(_, one)| *one);
        let mut others = earlier.map_or_else(Vec::new, |one| vec![one]);
        untold.retain(|kind, list| {
            let told = clash(kind, &own);
            if told {
                others.extend(list.drain(..).filter(|one| earlier.is_none_or(|first| !std::ptr::eq(first, *one))));
            }
            !told
        });
        if others.is_empty() {
            untold.entry(own.clone()).or_default().push(later);
        }
        others.into_iter().for_each(|one| found(one, later));
        if seen.insert(own.clone()) {
            first.push((own, later));
        }
    }
}

/// Tells two of each other.
fn met<T>(code: &'static Code, one: &T, other: &T, side: impl Fn(&T, &T) -> Side) -> Meeting {
    Meeting { code, help: None, sides: [side(one, other), side(other, one)] }
}

/// Which network it is, as Azure compares names. The subscription is known where somebody wrote an ID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Which {
    group: String,
    name: String,
    subscription: Option<String>,
}

impl Which {
    fn by_id(id: &ResourceId) -> Which {
        Which { subscription: Some(id.subscription.clone()), ..Which::by_name(&id.group, &id.name) }
    }

    fn by_name(group: &str, name: &str) -> Which {
        Which { group: group.to_lowercase(), name: name.to_lowercase(), subscription: None }
    }

    /// The network of a plan's cluster.
    fn of_cluster(plan: &Plan) -> Which {
        let Network { name, existing, .. } = &plan.network;
        existing.as_ref().map_or_else(|| Which::by_name(&plan.resource_group, name), |id| Which::by_id(id))
    }

    /// The network that this one is peered with, and its name as it is written.
    fn of_peer(plan: &Plan) -> Option<(Which, &str)> {
        let hub = || {
            let hub = plan.hub.as_ref()?;
            Some((Which::by_name(&hub.resource_group, &hub.network.name), hub.network.name.as_str()))
        };
        let peer = plan.firewall.existing.as_ref().and_then(|existing| existing.peer.as_ref());
        peer.map(|peer| (Which::by_id(peer), peer.name.as_str())).or_else(hub)
    }

    /// What is the same for networks that may be one.
    fn key(&self) -> (String, String) {
        (self.group.clone(), self.name.clone())
    }

    /// Whether the two may be one network: unless something says that they are not.
    fn may_be(&self, other: &Which) -> bool {
        let apart = matches!((&self.subscription, &other.subscription), (Some(one), Some(other)) if one != other);
        self.group == other.group && self.name == other.name && !apart
    }

    /// Whether the two are one network for certain.
    fn is(&self, other: &Which) -> bool {
        self.subscription.is_some() && self == other
    }
}

/// Addresses that a profile takes.
#[derive(Debug, Clone)]
struct Taken<'a> {
    member: Member<'a>,
    prefix: &'a At<Cidr>,
    /// What they are of, in words.
    what: Cow<'static, str>,
    /// What they may overlap, and what not.
    kind: Kind,
}

/// What takes addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A network, or a subnet of one.
    Space,
    /// Addresses of pods or services, which nothing outside of their cluster sees.
    Inside,
}

/// Pods and services of a cluster.
fn inside(member: Member<'_>) -> impl Iterator<Item = Taken<'_>> {
    let cluster = &member.plan.cluster;
    let ranges = cluster.pod_cidr.iter().map(|range| ("pod range", range));
    ranges.chain([("service range", &cluster.service_cidr)]).map(move |(what, prefix)| Taken {
        member,
        prefix,
        what: what.into(),
        kind: Kind::Inside,
    })
}

/// Which of them overlap and must not, told of each other as [`overlap::overlaps`] does. What lies inside of clusters may be
/// the same.
fn overlaps<'g, T>(
    items: &'g [T],
    taken: impl Fn(&T) -> &Taken<'_>,
    clash: impl Fn(&T, &T) -> bool,
    found: impl FnMut(&'g T, &'g T),
) {
    let place = |item: &T| (taken(item).prefix.value, taken(item).kind);
    let meet = |one, other| (one, other) != (Kind::Inside, Kind::Inside);
    overlap::overlaps(items, place, meet, clash, found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_of_a_group_that_clashes_is_told() {
        for seed in 0_u32..200 {
            let items: Vec<u32> = (1..13_u32).map(|n| (seed * n * n + n * 7 + seed / 3) % 7).collect();
            let clash = |one: &u32, other: &u32| (one + other).is_multiple_of(3);
            let mut told: Vec<*const u32> = Vec::new();
            pairs(
                &items,
                |item| *item,
                clash,
                |one, other| {
                    assert!(clash(one, other));
                    told.extend([std::ptr::from_ref(one), std::ptr::from_ref(other)]);
                },
            );
            for (at, item) in items.iter().enumerate() {
                let expected = items.iter().enumerate().any(|(n, other)| n != at && clash(item, other));
                assert_eq!(told.contains(&std::ptr::from_ref(item)), expected, "seed {seed}, {at} of {items:?}");
            }
        }
    }
}
