//! Checks of the profiles of one run against each other. What they find depends on who else is there, so it goes to the
//! reports and never into an artifact.

mod peered_overlap;
mod shared_policy;
mod shared_resource;

use std::collections::BTreeMap;

use crate::diag::{Code, Origin};
use crate::plan::Plan;

/// A check of several plans.
#[derive(Debug)]
pub struct Comparison {
    /// Name, severity, page, examples: each example holds several profiles.
    pub code: Code,
    run: fn(&[Member<'_>], &mut Vec<Meeting>),
}

/// Every comparison, sorted by id.
pub static COMPARISONS: &[&Comparison] =
    &[&peered_overlap::COMPARISON, &shared_policy::COMPARISON, &shared_resource::COMPARISON];

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

/// Tells every member of a group of the first one, and the first one of the second.
fn meet<T>(group: &[T], code: &'static Code, side: impl Fn(&T, &T) -> Side, meetings: &mut Vec<Meeting>) {
    let Some((first, rest)) = group.split_first() else { return };
    meetings.extend(rest.iter().map(|other| Meeting { code, sides: [side(first, other), side(other, first)] }));
}
