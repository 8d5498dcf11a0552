//! Resources that lie in the resource group of somebody else's network: a deployment of their own writes them there.

use std::rc::Rc;

use super::close::{self, Closed};
use super::node::Node;
use super::parameter::Declaration;
use super::target::{Group, Kind, Symbol, Target};
use super::{Body, Deployment, Module, Output, Resource};
use crate::diag::At;

/// Those of this group and, behind them, one deployment with those of the network's: nothing here waits for anything there.
/// A deployment into a third group, such as that of a firewall policy, stays what it is.
pub(super) fn gathered(
    resources: Vec<Resource>,
    network: &Rc<Target>,
    profile: &At<String>,
    parameters: &[Declaration],
    whole: &impl Fn(Vec<Resource>, Vec<Declaration>, Vec<Output>) -> Deployment,
) -> Vec<Resource> {
    let Some(group) = network.group() else { return resources };
    let (there, mut here): (Vec<_>, Vec<_>) = resources.into_iter().partition(|one| match &one.body {
        Body::Fields(_) => one.target.group() == Some(group),
        Body::Module(_) => false,
    });
    if !there.is_empty() {
        here.push(module(there, group, profile, parameters, whole));
    }
    here
}

fn module(
    mut resources: Vec<Resource>,
    group: &Rc<Group>,
    profile: &At<String>,
    parameters: &[Declaration],
    whole: &impl Fn(Vec<Resource>, Vec<Declaration>, Vec<Output>) -> Deployment,
) -> Resource {
    let cloud = resources[0].target.cloud;
    // Azure changes a network one step at a time, and a firewall is such a step, as is a peering.
    let last = resources.iter().rfind(|one| one.target.kind == Kind::Subnet).map(|one| Rc::clone(&one.target));
    for step in resources.iter_mut().filter(|one| matches!(one.target.kind, Kind::Firewall | Kind::Peering)) {
        step.after.extend(last.clone());
    }
    let inside: Vec<Symbol> = resources.iter().map(|one| one.target.symbol).collect();
    let outside = |target: &&Rc<Target>| !inside.contains(&target.symbol);
    let after: Vec<Rc<Target>> =
        resources.iter().flat_map(|one| one.after.iter().filter(outside)).map(Rc::clone).collect();
    let Closed { resources, outputs, given } = close::close(resources, Vec::new(), Some(group));
    let declared = close::declared(&given, parameters);
    let arguments = given.into_iter().map(|(parameter, expr)| (parameter, Node::Expr(expr))).collect();
    let deployment = whole(resources, declared, outputs);
    // Its name stands among the deployments of somebody else: it says whose it is.
    let name: String = profile.chars().take(50).collect();
    let target = Target::elsewhere(cloud, Symbol::ExistingNetwork, Kind::Deployment, format!("{name}-added"), group);
    let module = Module { file: "existing-network", arguments, deployment };
    Resource::new(&target, "What is added to the network of somebody else, in its group", Body::Module(module))
        .after(&after)
}
