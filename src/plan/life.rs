//! How long what a profile says is meant to last: the days on which something ends, and what is switched off.
//!
//! One entry is one thing as it is written, however many rules of Azure it becomes. Today's date is no part of it.

use crate::diag::{At, Origin};
use crate::profile::{Profile, WaiveSpec};
use crate::rules::{Collection, Life, Pack, Rule};
use crate::value::Date;

/// Something with a last day.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The last day.
    pub day: At<Date>,
    /// What ends then.
    pub what: Ends,
    /// Why it is there, who answers for it, and where it was asked for.
    pub life: Life,
    /// Where it is written.
    pub origin: Origin,
}

/// What has a last day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ends {
    /// A rule.
    Rule {
        /// Its collection.
        collection: String,
        /// Its name.
        name: String,
    },
    /// The acceptance of findings.
    Waiver {
        /// The check whose findings are accepted.
        check: String,
    },
}

/// Something that a profile names and does not want now.
#[derive(Debug, Clone)]
pub struct SwitchedOff {
    /// What.
    pub what: Off,
    /// What is known about it.
    pub life: Life,
    /// Where it is written.
    pub origin: Origin,
}

/// What can be switched off.
#[derive(Debug, Clone)]
pub enum Off {
    /// A pack.
    Pack(&'static Pack),
    /// A rule.
    Rule {
        /// Its collection.
        collection: String,
        /// Its name.
        name: String,
    },
}

/// Everything in force that ends, by day.
pub(super) fn calendar(profile: &Profile) -> Vec<Ending> {
    let rules = rules(profile).filter(|(_, rule)| rule.enabled).filter_map(|(collection, rule)| {
        Some(Ending {
            day: rule.life.expires.clone()?,
            what: Ends::Rule { collection: collection.name.value.clone(), name: rule.name.value.clone() },
            life: rule.life.clone(),
            origin: rule.origin,
        })
    });
    let mut list: Vec<Ending> = rules.chain(profile.waive.iter().filter_map(waiver)).collect();
    list.sort_by(|a, b| (&a.day.value, &a.what).cmp(&(&b.day.value, &b.what)));
    list
}

fn waiver(WaiveSpec { check, place: _, reason, until, origin }: &WaiveSpec) -> Option<Ending> {
    let day = until.clone()?;
    let life = Life { why: Some(reason.clone()), expires: Some(day.clone()), ..Life::default() };
    Some(Ending { day, what: Ends::Waiver { check: check.value.clone() }, life, origin: *origin })
}

/// Packs and rules that are switched off, in the order of the profile.
pub(super) fn switched_off(profile: &Profile) -> Vec<SwitchedOff> {
    let pack = |pack: &At<&'static Pack>| SwitchedOff {
        what: Off::Pack(pack.value),
        life: Life::default(),
        origin: pack.origin,
    };
    let rule = |(collection, rule): (&Collection, &Rule)| SwitchedOff {
        what: Off::Rule { collection: collection.name.value.clone(), name: rule.name.value.clone() },
        life: rule.life.clone(),
        origin: rule.origin,
    };
    let rules = rules(profile).filter(|(_, rule)| !rule.enabled).map(rule);
    profile.egress.packs_off.iter().map(pack).chain(rules).collect()
}

/// Every rule as it is written, with its collection.
fn rules(profile: &Profile) -> impl Iterator<Item = (&Collection, &Rule)> {
    profile.egress.collections.iter().flat_map(|collection| collection.rules.iter().map(move |rule| (collection, rule)))
}
