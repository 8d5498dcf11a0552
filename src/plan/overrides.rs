//! What people add to resources by hand, and what is known about the places where they do.

use super::{Plan, SubnetRole};
use crate::diag::{At, Origin};
use crate::plan::logs::Workspace;
use crate::profile::{OverrideSpec, OverrideTarget, Pointer, Profile, RuleModel};
use crate::tables::overridable::{self, Say};
use crate::value::Plain;

/// A property that is added by hand.
#[derive(Debug, Clone)]
pub struct Override {
    /// What it reaches into, as written.
    pub resource: At<OverrideTarget>,
    /// The property.
    pub pointer: At<Pointer>,
    /// What stands there.
    pub value: At<Plain>,
    /// Why.
    pub reason: At<String>,
    /// Where it is written.
    pub origin: Origin,
}

impl Override {
    /// Every value in it that is no table of others, with the names that lead to it from `properties`.
    pub fn leaves(&self) -> Vec<(Vec<&str>, &Plain)> {
        let names = || self.pointer.names.iter().map(String::as_str);
        self.value.leaves().into_iter().map(|(path, leaf)| (names().chain(path).collect(), leaf)).collect()
    }

    /// What is known about a path in its resource: which part of it, and whether it may be added.
    pub fn say(&self, path: &[&str]) -> Option<(&'static str, Say)> {
        let of_firewall =
            |role: &str| role == SubnetRole::Firewall.word() || role == SubnetRole::FirewallManagement.word();
        match (&self.resource.value, path.first()) {
            (OverrideTarget::Subnet(role), Some(&"networkSecurityGroup")) if of_firewall(role) => {
                Some(("networkSecurityGroup", Say::Relied("Azure keeps rules of its own there and refuses others")))
            }
            _ => overridable::say(self.resource.kind(), path),
        }
    }
}

impl Plan {
    /// The name of the resource that an override reaches into, or why there is none.
    ///
    /// # Errors
    /// Why the profile makes no such resource.
    pub fn overridden<'p>(&'p self, target: &'p OverrideTarget) -> Result<&'p str, &'static str> {
        let cluster = || match self.layers.has_cluster() {
            true => Ok(()),
            false => Err("the cluster is made by somebody else"),
        };
        let own_firewall = || match self.firewall.existing {
            None => Ok(()),
            Some(_) => Err("the firewall belongs to somebody else, and so does its policy"),
        };
        match target {
            OverrideTarget::Cluster => cluster().map(|()| self.cluster.name.as_str()),
            OverrideTarget::NodePool(name) => cluster().map(|()| name.as_str()),
            OverrideTarget::Firewall => own_firewall().map(|()| self.firewall.name.as_str()),
            OverrideTarget::FirewallPolicy => match *self.firewall.rules {
                RuleModel::Policy => own_firewall().map(|()| self.firewall.policy.as_str()),
                RuleModel::Classic => Err("classic rules stand on the firewall itself, and there is no policy"),
            },
            OverrideTarget::Network if self.network.existing.is_some() => Err("the network belongs to somebody else"),
            OverrideTarget::Network => Ok(&self.network.name),
            OverrideTarget::Workspace => match &self.logs.workspace {
                Workspace::Created { name, retention_days: _ } => Ok(name),
                Workspace::Existing { id: _, region: _ } => Err("the workspace belongs to somebody else"),
            },
            OverrideTarget::Subnet(role) => {
                let subnet = self.network.subnets.iter().find(|subnet| subnet.role.word() == role);
                match subnet {
                    Some(subnet) if subnet.prefix.is_none() => Err("the subnet belongs to somebody else"),
                    Some(subnet) => Ok(&subnet.name),
                    None => Err("there is no such subnet"),
                }
            }
        }
    }
}

pub(super) fn build(profile: &Profile) -> Vec<Override> {
    let one = |spec: &OverrideSpec| {
        let OverrideSpec { resource, pointer, value, reason, origin } = spec.clone();
        Override { resource, pointer, value, reason, origin }
    };
    profile.overrides.iter().map(one).collect()
}
