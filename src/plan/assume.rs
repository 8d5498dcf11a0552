//! What the plan takes for granted about resources that others own: it cannot be checked offline, so the review lists it,
//! and the scripts look before anything is built.

use super::logs::Workspace;
use super::{Plan, SubnetRole};
use crate::diag::{At, Origin};
use crate::value::{Cidr, ResourceId, ResourceType};

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
    /// It lies in the subscription that is deployed to.
    Subscription,
    /// This network has a subnet that fits.
    Subnet(SubnetClaim),
}

/// What has to be true of a subnet that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetClaim {
    /// What it is used for.
    pub role: SubnetRole,
    /// Its name.
    pub name: String,
    /// The longest prefix that has room for what lives in it.
    pub bits: Option<u8>,
    /// The service that it has to be delegated to, `none` for nobody; nothing where that does not matter.
    pub delegated_to: Option<&'static str>,
    /// The route table that it may have: that of this ID, or none as yet; nothing means none at all.
    pub table: Option<String>,
}

impl Assumption {
    /// One sentence.
    pub fn sentence(&self) -> String {
        let ResourceId { subscription, group, kind, name } = &self.about;
        let what = kind.words();
        let what = what.strip_prefix("a ").unwrap_or(what);
        let claim = match &self.claim {
            Claim::Region(region) => format!("exists, in the region {region}"),
            Claim::Subscription => "lies in the subscription that is deployed to".to_owned(),
            Claim::Subnet(subnet) => subnet.sentence(),
        };
        format!("The {what} {name} (resource group {group}, subscription {subscription}) {claim}: {}.", self.why)
    }
}

/// A subnet that is delegated to no service.
const NOBODY: &str = "none";

impl SubnetClaim {
    fn sentence(&self) -> String {
        let SubnetClaim { role: _, name, bits, delegated_to, table } = self;
        let mut parts = vec![match bits {
            Some(bits) => format!("has a subnet {name} of a /{bits} or larger prefix"),
            None => format!("has a subnet {name}"),
        }];
        match *delegated_to {
            None => {}
            Some(NOBODY) => parts.push("delegated to no service".to_owned()),
            Some(service) => parts.push(format!("delegated to {service}")),
        }
        parts.push(match table.as_ref().and_then(|id| id.rsplit('/').next()) {
            Some(table) => format!("with the route table {table} or none as yet"),
            None => "without a route table".to_owned(),
        });
        parts.join(", ")
    }
}

/// What the plan needs of a network that somebody else owns.
fn of_network(plan: &Plan, id: &At<ResourceId>) -> Vec<Assumption> {
    let about = |claim, why, origin| Assumption { about: id.value.clone(), claim, why, origin };
    let region = Claim::Region(plan.region.value.clone());
    let mut list = vec![
        about(region, "the firewall and the nodes have to lie in the region of their network", id.origin),
        about(Claim::Subscription, "Azure wants a firewall and its network in one subscription", id.origin),
    ];
    for subnet in plan.network.subnets.iter().filter(|subnet| subnet.prefix.is_none()) {
        let (bits, why) = match subnet.role {
            SubnetRole::Nodes => (Cidr::bits_for(plan.cluster.addresses()), "the nodes get their addresses there"),
            SubnetRole::Firewall => (Some(26), "the firewall lies there"),
            SubnetRole::FirewallManagement => (Some(26), "Azure manages the firewall from there"),
            SubnetRole::Pods => (Cidr::bits_for(plan.cluster.pod_addresses()), "pods get their addresses there"),
            SubnetRole::ApiServer => (Some(28), "the API server lies there"),
            SubnetRole::Gateway => (None, "an application gateway lies there"),
            SubnetRole::Ingress => (None, "internal load balancers get their addresses there"),
        };
        let group = format!("/subscriptions/{}/resourceGroups/{}", id.subscription, *plan.resource_group);
        let table = plan.tables().find(|(_, other, _)| other.role == subnet.role);
        let claim = SubnetClaim {
            role: subnet.role,
            name: subnet.name.value.clone(),
            bits,
            delegated_to: subnet.delegated_to.or((subnet.role == SubnetRole::Nodes).then_some(NOBODY)),
            table: table
                .map(|(_, _, table)| format!("{group}/providers/Microsoft.Network/routeTables/{}", *table.name)),
        };
        list.push(about(Claim::Subnet(claim), why, subnet.origin));
    }
    list
}

pub(super) fn assumptions(plan: &Plan) -> Vec<Assumption> {
    let mut list = plan.network.existing.as_ref().map(|id| of_network(plan, id)).unwrap_or_default();
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
