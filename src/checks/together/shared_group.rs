//! Two profiles want the same of a resource group.

use super::{Comparison, Meeting, Member, Side, groups, met, pairs};
use crate::diag::{At, Code, Severity};
use crate::rules::shown;

pub(super) static COMPARISON: Comparison = Comparison {
    code: Code {
        id: "shared-group",
        severity: Severity::Warning,
        title: "two profiles want one resource group to be different",
        help: "give one of them a resource group of its own, or both the same region and tags; if the profiles go to different \
               subscriptions, all is well",
        docs: "Two profiles of one run deploy into resource groups of the same name, and say different regions or give one tag \
             two values. A resource group has one region and carries the tags of the profile: the scripts of the first profile \
             make it, and those of the second stop, because what is there differs from what is planned. A profile does not say \
             to which subscription it goes, unless it has `network.existing`, so this is a warning. Source: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/overview",
        bad: &[
            r#"region         = "westeurope"
resource-group = "shop"

# file: other.toml
region         = "northeurope"
resource-group = "Shop"
"#,
            r#"region         = "westeurope"
resource-group = "shop"
tags           = { env = "prod" }

# file: other.toml
region         = "westeurope"
resource-group = "shop"
tags           = { env = "test" }
"#,
        ],
        good: &[r#"region         = "westeurope"
resource-group = "shop"
tags           = { env = "prod" }

# file: other.toml
region         = "westeurope"
resource-group = "shop"
tags           = { env = "prod", team = "payments" }
"#],
    },
    run,
};

/// A resource group that the scripts of a profile make.
struct Group<'a> {
    member: Member<'a>,
    name: &'a At<String>,
}

/// What it should be like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Wish<'a> {
    /// Where it is known.
    subscription: Option<&'a str>,
    region: &'a str,
    tags: Vec<(String, &'a str)>,
}

impl<'a> Wish<'a> {
    fn tag(&self, key: &str) -> &'a str {
        self.tags.iter().find(|(own, _)| own == key).map_or("", |(_, value)| value)
    }
}

/// How two wishes differ.
enum Difference<'a> {
    Regions,
    /// The tag of this name, in lower case.
    Tag(&'a str),
}

fn run(members: &[Member<'_>], meetings: &mut Vec<Meeting>) {
    let all = members.iter().flat_map(|member| {
        let hub = member.plan.hub.as_ref().map(|hub| &hub.resource_group);
        let groups = [&member.plan.resource_group].into_iter().chain(hub);
        groups.map(|name| (name.to_lowercase(), Group { member: *member, name }))
    });
    for group in groups(all) {
        let clash = |one: &Wish<'_>, other: &Wish<'_>| difference(one, other).is_some();
        pairs(&group, Group::wish, clash, |one, other| {
            // A hub beside the cluster in one group is another problem.
            if one.member.index != other.member.index {
                meetings.push(met(&COMPARISON.code, one, other, side));
            }
        });
    }
}

impl<'a> Group<'a> {
    fn wish(&self) -> Wish<'a> {
        let plan = self.member.plan;
        Wish {
            subscription: plan.network.existing.as_ref().map(|id| id.subscription.as_str()),
            region: &plan.region,
            tags: plan.tags.iter().map(|(key, value)| (key.to_lowercase(), value.as_str())).collect(),
        }
    }
}

fn difference<'w>(one: &'w Wish<'_>, other: &Wish<'_>) -> Option<Difference<'w>> {
    let apart = one.subscription.zip(other.subscription).is_some_and(|(one, other)| one != other);
    let contradicts = |(key, value): &&(String, &str)| other.tags.iter().any(|(k, v)| k == key && v != value);
    if apart {
        None
    } else if one.region != other.region {
        Some(Difference::Regions)
    } else {
        one.tags.iter().find(contradicts).map(|(key, _)| Difference::Tag(key))
    }
}

fn side(here: &Group<'_>, there: &Group<'_>) -> Side {
    let Group { member, name } = here;
    let (plan, other) = (member.plan, there.member.plan);
    let (wish, wanted) = (here.wish(), there.wish());
    let (what, own, theirs, origin) = match difference(&wish, &wanted) {
        Some(Difference::Tag(key)) => {
            let written = plan.tags.iter().find(|(own, _)| own.to_lowercase() == key);
            let origin = written.map_or(name.origin, |(_, value)| value.origin);
            let spelled = |value| format!("{} = {}", shown(key), shown(value));
            ("has the tag", spelled(wish.tag(key)), format!("`{}`", spelled(wanted.tag(key))), origin)
        }
        Some(Difference::Regions) | None => {
            ("is in", wish.region.to_owned(), format!("in `{}`", wanted.region), plan.region.origin)
        }
    };
    Side {
        index: member.index,
        origin,
        message: format!(
            "resource group `{}` {what} `{own}` here, and {theirs} for profile `{}`",
            name.value,
            other.name.as_str()
        ),
        label: format!("resource group of `{}`", plan.name.as_str()),
    }
}
