//! Checks of the profiles of one run against each other. What they find depends on who else is there, so it goes to the
//! reports and never into an artifact.

mod added_subnet_overlap;
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
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{At, Code, Origin};
use crate::plan::{Network, Plan};
use crate::value::{Cidr, ResourceId};

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

/// Which of them overlap and must not: each with the first that holds it, and with those that would not be told of anything
/// else. What lies inside of clusters may be the same.
fn overlaps<'g, T>(
    items: &'g [T],
    taken: impl Fn(&T) -> &Taken<'_>,
    clash: impl Fn(&T, &T) -> bool,
    mut found: impl FnMut(&'g T, &'g T),
) {
    let mut order: Vec<&'g T> = items.iter().collect();
    order.sort_by_key(|item| {
        let Taken { member, prefix, .. } = taken(item);
        (prefix.base(), Reverse(prefix.size()), member.index)
    });
    // Two prefixes are apart or one of them holds the other: these hold the one that is looked at, by kind.
    let mut holding: BTreeMap<Kind, Holding<'g, T>> = BTreeMap::new();
    for item in order {
        let Taken { prefix, kind, .. } = taken(item);
        let mut others: Vec<&T> = Vec::new();
        for (_, list) in holding.iter_mut().filter(|(other, _)| (**other, *kind) != (Kind::Inside, Kind::Inside)) {
            list.keep(|one| taken(one).prefix.covers(***prefix));
            list.clashing(|one| clash(one, item), &mut others);
        }
        let list = holding.entry(*kind).or_default();
        list.keep(|one| taken(one).prefix.covers(***prefix));
        list.all.push(item);
        if others.is_empty() {
            list.untold.push(item);
        }
        others.into_iter().for_each(|one| found(one, item));
    }
}

/// Prefixes that hold another one, the widest first.
#[derive(Debug)]
struct Holding<'g, T> {
    all: Vec<&'g T>,
    /// Those that were not told of anything yet.
    untold: Vec<&'g T>,
}

impl<T> Default for Holding<'_, T> {
    fn default() -> Self {
        Holding { all: Vec::new(), untold: Vec::new() }
    }
}

impl<'g, T> Holding<'g, T> {
    /// Forgets what does not hold the next one.
    fn keep(&mut self, holds: impl Fn(&T) -> bool) {
        for list in [&mut self.all, &mut self.untold] {
            while list.last().is_some_and(|last| !holds(last)) {
                list.pop();
            }
        }
    }

    /// Adds the first that clashes, and those that clash and were not told yet.
    fn clashing(&mut self, clash: impl Fn(&T) -> bool, others: &mut Vec<&'g T>) {
        let first = self.all.iter().copied().find(|one| clash(one));
        others.extend(first);
        self.untold.retain(|one| {
            let told = first.is_some() && clash(one);
            others.extend(Some(*one).filter(|one| told && first.is_none_or(|first| !std::ptr::eq(first, *one))));
            !told
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Findings, Source, SourceId, Sources, Span};

    fn plan() -> Plan {
        let (mut sources, mut findings) = (Sources::default(), Findings::default());
        let text = "region = \"westeurope\"".into();
        let source = sources.add(Source { name: "a.toml".to_owned(), text, built_in: false });
        Plan::build(&crate::profile::parse(&mut sources, source, &[], Some("a"), &mut findings).unwrap())
    }

    /// Numbers that look like chance and are the same every time.
    fn numbers(seed: u32) -> impl FnMut(u32) -> u32 {
        let mut state = seed;
        move |below| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        }
    }

    #[test]
    fn every_one_that_overlaps_is_told_and_not_every_pair() {
        let plan = plan();
        let origin = Origin::written(Span::new(SourceId::FIRST, 0..1));
        let mut met = 0;
        for seed in 0..200 {
            let mut next = numbers(seed);
            let prefixes: Vec<At<Cidr>> = (0..24)
                .map(|_| {
                    Cidr::holding(
                        [10, 0, 0, u8::try_from(next(256)).unwrap()].into(),
                        26 + u8::try_from(next(5)).unwrap(),
                    )
                })
                .map(|prefix| At::new(prefix, origin))
                .collect();
            let items: Vec<Taken<'_>> = prefixes
                .iter()
                .map(|prefix| Taken {
                    member: Member { index: next(6) as usize, plan: &plan },
                    prefix,
                    what: "network".into(),
                    kind: if next(3) == 0 { Kind::Inside } else { Kind::Space },
                })
                .collect();
            let clash = |one: &Taken<'_>, other: &Taken<'_>| one.member.index != other.member.index;
            let bad = |one: &Taken<'_>, other: &Taken<'_>| {
                let inside = (one.kind, other.kind) == (Kind::Inside, Kind::Inside);
                one.prefix.overlaps(**other.prefix) && clash(one, other) && !inside
            };
            let mut told: Vec<*const Taken<'_>> = Vec::new();
            overlaps(
                &items,
                |item| item,
                clash,
                |one, other| {
                    assert!(bad(one, other), "{one:?} {other:?}");
                    told.extend([std::ptr::from_ref(one), std::ptr::from_ref(other)]);
                },
            );
            for item in &items {
                let expected = items.iter().any(|other| bad(item, other));
                assert_eq!(told.contains(&std::ptr::from_ref(item)), expected, "seed {seed}: {item:?}");
            }
            assert!(told.len() <= 4 * items.len());
            met += told.len();
        }
        assert!(met > 1000, "{met}");
    }

    #[test]
    fn every_one_of_a_group_that_clashes_is_told() {
        for seed in 0..200 {
            let mut next = numbers(seed);
            let items: Vec<u32> = (0..12).map(|_| next(7)).collect();
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
