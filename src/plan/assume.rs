//! What the plan takes for granted about resources that others own: it cannot be checked offline, so the review lists it,
//! and the scripts look before anything is built.

use super::Plan;
use super::logs::Workspace;
use crate::diag::Origin;
use crate::value::{ResourceId, ResourceType};

/// What has to be true of one resource.
#[derive(Debug, Clone)]
pub struct Assumption {
    /// Of which one.
    pub about: ResourceId,
    /// What.
    pub claim: Claim,
    /// Why it matters.
    pub why: &'static str,
    /// The key that relies on it.
    pub origin: Origin,
}

/// What may be taken for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It exists, in this region.
    Region(String),
}

impl Assumption {
    /// One sentence.
    pub fn sentence(&self) -> String {
        let ResourceId { subscription, group, kind, name } = &self.about;
        let what = kind.words();
        let what = what.strip_prefix("a ").unwrap_or(what);
        let claim = match &self.claim {
            Claim::Region(region) => format!("exists, in the region {region}"),
        };
        format!("The {what} {name} (resource group {group}, subscription {subscription}) {claim}: {}.", self.why)
    }
}

pub(super) fn assumptions(plan: &Plan) -> Vec<Assumption> {
    let mut list = Vec::new();
    if let Workspace::Existing { id, region } = &plan.logs.workspace {
        debug_assert_eq!(id.kind, ResourceType::Workspace);
        list.push(Assumption {
            about: id.value.clone(),
            claim: Claim::Region(region.value.clone()),
            why: "logs go there, and the rule that collects them lies in its region",
            origin: id.origin,
        });
    }
    if let Some(id) = &plan.firewall.parent_policy {
        list.push(Assumption {
            about: id.value.clone(),
            claim: Claim::Region(plan.region.value.clone()),
            why: "Azure takes a parent policy from the region of the policy that inherits from it only",
            origin: id.origin,
        });
    }
    list
}
