//! The one resource tree that ARM and Bicep print: what exists, in which order, and what each resource waits for.
//!
//! The files below build the resources of one concern each. Nothing here knows a printer's syntax.

pub(crate) mod additions;
mod close;
mod cluster;
mod elsewhere;
mod firewall;
mod gateway;
mod hub;
mod logs;
mod network;
pub(crate) mod node;
pub(crate) mod parameter;
mod peering;
mod rules;
pub(crate) mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diag::At;
use crate::plan::{Layers, Plan};
use node::{Expr, Key, Node};
use parameter::{Declaration, Parameter};
use target::{Name, Symbol, Target};

/// One template: what it is given, what it creates, what it tells.
#[derive(Debug)]
pub(crate) struct Deployment {
    /// Base name of the profile's file.
    pub(crate) file: String,
    /// What is given at deployment.
    pub(crate) parameters: Vec<Declaration>,
    /// Tags of the resources that take them, when there are any.
    pub(crate) tags: Option<Node>,
    /// In an order in which nothing points forward.
    pub(crate) resources: Vec<Resource>,
    /// What it tells.
    pub(crate) outputs: Vec<Output>,
}

/// One resource.
#[derive(Debug)]
pub(crate) struct Resource {
    /// What it is called.
    pub(crate) target: Rc<Target>,
    /// What it is for, in one line.
    pub(crate) why: &'static str,
    /// It is created only when this holds.
    pub(crate) condition: Option<Expr>,
    /// The parameter that is its location.
    pub(crate) located: Option<Parameter>,
    /// Whether it carries the tags.
    pub(crate) tagged: bool,
    /// What it consists of.
    pub(crate) body: Body,
    /// What it waits for besides what it names.
    pub(crate) after: Vec<Rc<Target>>,
    /// Everything that it waits for directly, in the order of the deployment.
    pub(crate) waits_for: Vec<Rc<Target>>,
    /// Those of them that no reference implies, not even through another resource.
    pub(crate) waits_unsaid: Vec<Rc<Target>>,
}

/// What a resource consists of.
#[derive(Debug)]
pub(crate) enum Body {
    /// Its fields besides name, location, tags and dependencies.
    Fields(Vec<(&'static str, Node)>),
    /// A deployment of its own.
    Module(Module),
}

/// A deployment inside a deployment.
#[derive(Debug)]
pub(crate) struct Module {
    /// Name of its Bicep file, without ending.
    pub(crate) file: &'static str,
    /// What it is given.
    pub(crate) arguments: Vec<(Parameter, Node)>,
    /// What it holds.
    pub(crate) deployment: Deployment,
}

/// One output; never a secret.
#[derive(Debug)]
pub(crate) struct Output {
    /// Its name.
    pub(crate) name: OutputName,
    /// What it tells.
    pub(crate) why: &'static str,
    /// Text or, for a list, an array.
    pub(crate) value: Node,
}

/// What an output is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputName {
    /// A name of its own.
    Fixed(&'static str),
    /// The name of the parameter that another deployment takes it as.
    Of(Parameter),
}

impl OutputName {
    /// The name as text.
    pub(crate) fn text(self) -> String {
        match self {
            OutputName::Fixed(name) => name.to_owned(),
            OutputName::Of(parameter) => parameter.name(),
        }
    }
}

impl Resource {
    fn new(target: &Rc<Target>, why: &'static str, body: Body) -> Resource {
        Resource {
            target: Rc::clone(target),
            why,
            condition: None,
            located: None,
            tagged: false,
            body,
            after: Vec::new(),
            waits_for: Vec::new(),
            waits_unsaid: Vec::new(),
        }
    }

    /// A resource with the region and the tags.
    fn regional(target: &Rc<Target>, why: &'static str, fields: Vec<(&'static str, Node)>) -> Resource {
        Resource {
            located: Some(Parameter::Location),
            tagged: true,
            ..Resource::new(target, why, Body::Fields(fields))
        }
    }

    /// A resource that belongs to another one and has neither region nor tags.
    fn dependent(target: &Rc<Target>, why: &'static str, fields: Vec<(&'static str, Node)>) -> Resource {
        Resource::new(target, why, Body::Fields(fields))
    }

    fn after<'a>(mut self, targets: impl IntoIterator<Item = &'a Rc<Target>>) -> Resource {
        self.after.extend(targets.into_iter().map(Rc::clone));
        self
    }

    fn when(mut self, condition: Expr) -> Resource {
        self.condition = Some(condition);
        self
    }

    fn at(mut self, location: Parameter) -> Resource {
        self.located = Some(location);
        self
    }

    fn untagged(mut self) -> Resource {
        self.tagged = false;
        self
    }

    /// Calls `found` with every resource that this one names.
    pub(crate) fn targets(&self, found: &mut impl FnMut(&Rc<Target>)) {
        self.target.parent.iter().for_each(&mut *found);
        self.target.scope.iter().for_each(&mut *found);
        match &self.target.name {
            Name::Text(_) => {}
            Name::Guid(parts) => parts.iter().for_each(|part| part.targets(found)),
        }
        self.condition.iter().for_each(|condition| condition.targets(found));
        match &self.body {
            Body::Fields(fields) => fields.iter().for_each(|(_, value)| value.targets(found)),
            Body::Module(module) => module.arguments.iter().for_each(|(_, value)| value.targets(found)),
        }
    }
}

impl Deployment {
    /// The deployments inside this one.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &Module> {
        self.resources.iter().filter_map(|resource| match &resource.body {
            Body::Fields(_) => None,
            Body::Module(module) => Some(module),
        })
    }

    /// Every resource that is named but written inside another one, in the order of its symbols.
    pub(crate) fn named_parts(&self) -> Vec<Rc<Target>> {
        let mut parts = BTreeMap::new();
        let mut note = |target: &Rc<Target>| {
            if target.inline && self.holds(target.written_in()) {
                parts.insert(target.symbol, Rc::clone(target));
            }
        };
        self.resources.iter().for_each(|resource| resource.targets(&mut note));
        self.outputs.iter().for_each(|output| output.value.targets(&mut note));
        parts.into_values().collect()
    }

    /// Every resource that is named and not written here, with those that it belongs to, outermost first.
    pub(crate) fn named_outside(&self) -> Vec<Rc<Target>> {
        let mut list: Vec<Rc<Target>> = Vec::new();
        let mut note = |target: &Rc<Target>| {
            for one in target.line() {
                let known = list.iter().any(|other| other.symbol == one.symbol);
                if !known && !self.holds(one.written_in()) {
                    list.push(one);
                }
            }
        };
        self.resources.iter().for_each(|resource| resource.targets(&mut note));
        self.outputs.iter().for_each(|output| output.value.targets(&mut note));
        list
    }

    /// Subnets of somebody else whose prefixes are read here, in the order of their symbols.
    pub(crate) fn subnets_read(&self) -> BTreeMap<Symbol, Rc<Target>> {
        let mut read = BTreeMap::new();
        let mut note = |expr: &Expr| {
            read.extend(expr.subnets_read().into_iter().map(|target| (target.symbol, Rc::clone(target))));
        };
        for resource in &self.resources {
            match &resource.body {
                Body::Fields(fields) => fields.iter().for_each(|(_, value)| value.expressions(&mut note)),
                Body::Module(module) => module.arguments.iter().for_each(|(_, value)| value.expressions(&mut note)),
            }
        }
        read
    }

    fn holds(&self, target: &Rc<Target>) -> bool {
        self.resources.iter().any(|resource| resource.target.symbol == target.symbol)
    }

    /// Settles what each resource waits for. Nothing points forward, so one pass knows everything that came before.
    fn settle(&mut self) {
        let mut closures: BTreeMap<Symbol, BTreeSet<Symbol>> = BTreeMap::new();
        let mut order: Vec<Rc<Target>> = Vec::new();
        // What a module holds is there once the module is; no reference from outside says so.
        let mut held: BTreeMap<Symbol, Symbol> = BTreeMap::new();
        for resource in &mut self.resources {
            let (mut said, mut unsaid) = (BTreeSet::new(), BTreeSet::new());
            resource.targets(&mut |target| {
                let symbol = target.written_in().symbol;
                match held.get(&symbol) {
                    Some(module) => unsaid.insert(*module),
                    None => said.insert(symbol),
                };
            });
            unsaid
                .extend(resource.after.iter().map(|target| held.get(&target.symbol).copied().unwrap_or(target.symbol)));
            let direct: BTreeSet<Symbol> = said.union(&unsaid).copied().collect();
            let behind = |symbol: &Symbol| closures.get(symbol).into_iter().flatten().copied();
            let needed = |symbol: Symbol| {
                let implied = direct.iter().filter(|other| **other != symbol).flat_map(behind).any(|s| s == symbol);
                unsaid.contains(&symbol) && !said.contains(&symbol) && !implied
            };
            let known = |wanted: &dyn Fn(Symbol) -> bool| -> Vec<Rc<Target>> {
                order.iter().filter(|target| wanted(target.symbol)).map(Rc::clone).collect()
            };
            resource.waits_for = known(&|symbol| direct.contains(&symbol));
            resource.waits_unsaid = known(&needed);
            let closure = direct.iter().flat_map(behind).chain(direct.iter().copied()).collect();
            closures.insert(resource.target.symbol, closure);
            order.push(Rc::clone(&resource.target));
            if let Body::Module(module) = &resource.body {
                let inside = module.deployment.resources.iter().map(|one| one.target.symbol);
                held.extend(inside.map(|symbol| (symbol, resource.target.symbol)));
            }
        }
    }
}

/// A template with the name of its files.
#[derive(Debug)]
pub(crate) struct Layer {
    /// Name of its files, without ending.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) deployment: Deployment,
}

/// Turns a plan into templates, in the order in which they are deployed, with what people add by hand.
pub(crate) fn build(plan: &Plan) -> Vec<Layer> {
    let mut layers = bare(plan);
    plan.overrides.iter().for_each(|one| additions::add(&mut layers, one, plan));
    layers
}

/// The same without what people add by hand.
pub(crate) fn bare(plan: &Plan) -> Vec<Layer> {
    let Plan {
        file,
        name,
        region,
        // It decides the versions of the targets.
        cloud: _,
        resource_group: _,
        tags,
        network,
        hub,
        // Its names are those of the targets by now.
        peering: _,
        routes,
        tunnel,
        firewall,
        logs,
        identity,
        roles,
        cluster,
        // Inbound services are DNAT rules of the firewall by now; the manifests publish them.
        inbound: _,
        gateway,
        expectations: _,
        waivers: _,
        overrides: _,
        calendar: _,
        switched_off: _,
        packs: _,
        // Their hosts are in the rules.
        registries: _,
        api_server_addresses: _,
        layers,
        layers_origin: _,
        assumptions: _,
        origin: _,
    } = plan;
    let places = Places::new(plan);
    let mut parameters = vec![Declaration::only(Parameter::Location, &**region)];
    parameters.extend(logs::parameters(logs));
    parameters.extend(network::parameters(routes));
    parameters.extend(cluster::parameters(identity));
    let around = || hub::Around { file, tags: tag_map(tags), parameters: &parameters };
    let addresses = network::addresses(firewall, &places);
    let ip_groups = network::ip_groups(firewall, &places);
    let tunnel: Vec<_> =
        tunnel.iter().zip(&places.tunnel).map(|(table, place)| network::tunnel(table, place, &places)).collect();
    let rules_apart = |resources, given: &[(Parameter, Expr)]| {
        let (file, parameters) = (file.clone(), close::declared(given, &[]));
        let mut deployment = Deployment { file, parameters, tags: None, resources, outputs: Vec::new() };
        deployment.settle();
        deployment
    };
    let wall = firewall::firewall(firewall, &places, rules_apart).into_iter().chain(logs::of_firewall(logs, &places));
    let workspace = logs::workspace(logs, &places);
    let identity_of_cluster = cluster::identity(identity, &places);
    let mut resources = Vec::new();
    match hub.as_ref().zip(places.hub.as_ref()) {
        None => {
            resources.extend(addresses);
            resources.extend(workspace);
            resources.extend(identity_of_cluster);
            resources.extend(ip_groups);
            resources.extend(network::route_table(routes, &places));
            resources.extend(tunnel);
            resources.extend(network::of_cluster(network, &places));
            resources.extend(places.peering.iter().map(peering::Place::near));
            resources.extend(wall);
        }
        Some((hub, place)) => {
            let mut apart = addresses;
            apart.extend(ip_groups);
            apart.extend(tunnel);
            apart.push(hub::network(hub, place, &places));
            apart.extend(wall);
            resources.extend(workspace);
            resources.extend(identity_of_cluster);
            resources.push(hub::module(apart, place, &places, around()));
            resources.extend(network::route_table(routes, &places));
            resources.extend(network::of_cluster(network, &places));
            resources.extend(hub::peerings(place, &places, around()));
        }
    }
    resources.extend(logs::workbook(logs, &places));
    resources.extend(cluster::roles(roles, &places));
    let guards = cluster::guards(file, firewall, &places);
    let of_cluster = cluster::all(cluster, logs, &places);
    let whole = |resources, parameters, outputs| {
        let (file, tags) = (file.clone(), tag_map(tags));
        let mut deployment = Deployment { file, parameters, tags, resources, outputs };
        deployment.settle();
        deployment
    };
    if network.existing.is_some() {
        resources = elsewhere::gathered(resources, &places.network, name, &parameters, &whole);
    }
    resources.extend(places.peering.iter().filter_map(|place| place.back(&places, around())));
    // It may lie in a subnet that is added there.
    resources
        .extend(gateway.iter().zip(&places.gateway).flat_map(|(one, place)| gateway::gateway(one, place, &places)));
    match layers {
        Layers::One => {
            // The rule of Container Insights comes before the guards, the cluster after them.
            let (rule, rest): (Vec<_>, Vec<_>) =
                of_cluster.into_iter().partition(|resource| resource.target.symbol == Symbol::InsightsRule);
            resources.extend(rule);
            resources.extend(guards);
            resources.extend(rest);
            let outputs =
                cluster::network_outputs(&places).into_iter().chain(cluster::outputs(cluster, &places)).collect();
            vec![Layer { name: "main", deployment: whole(resources, parameters, outputs) }]
        }
        Layers::Network => {
            resources.extend(guards);
            let given = close::close(of_cluster, Vec::new(), None).given;
            vec![Layer { name: "main", deployment: network_layer(resources, &given, &parameters, &places, whole) }]
        }
        Layers::Two => {
            resources.extend(guards);
            let of_network = resources;
            let outputs = cluster::outputs(cluster, &places);
            let close::Closed { resources, outputs, given } = close::close(of_cluster, outputs, None);
            let network = network_layer(of_network, &given, &parameters, &places, whole);
            let cluster = whole(resources, close::declared(&given, &parameters), outputs);
            vec![Layer { name: "network", deployment: network }, Layer { name: "cluster", deployment: cluster }]
        }
    }
}

/// Everything but the cluster; it tells what a cluster needs to know: what that is given.
fn network_layer(
    resources: Vec<Resource>,
    to_cluster: &[(Parameter, Expr)],
    parameters: &[Declaration],
    places: &Places,
    whole: impl Fn(Vec<Resource>, Vec<Declaration>, Vec<Output>) -> Deployment,
) -> Deployment {
    let mut outputs = cluster::network_outputs(places);
    outputs.extend(cluster::handed_over(to_cluster, &outputs));
    let close::Closed { resources, outputs, given } = close::close(resources, outputs, None);
    whole(resources, close::declared(&given, parameters), outputs)
}

fn tag_map(tags: &[(At<String>, At<String>)]) -> Option<Node> {
    let tag = |(name, value): &(At<String>, At<String>)| (Key::Data(name.value.clone()), Node::text(&value.value));
    (!tags.is_empty()).then(|| Node::Map(tags.iter().map(tag).collect()))
}

/// Where everything is: made once from the plan's names, so that every part can point at every other.
struct Places {
    address_prefix: Option<Rc<Target>>,
    ip_groups: Vec<Rc<Target>>,
    addresses: Vec<Rc<Target>>,
    /// Those of a firewall of somebody else, which the profile knows.
    known_addresses: Vec<std::net::Ipv4Addr>,
    /// The peering with the network of somebody else's firewall.
    peering: Option<peering::Place>,
    management_address: Option<Rc<Target>>,
    workspace: Rc<Target>,
    principal: cluster::Principal,
    route_table: Rc<Target>,
    routes: Vec<Rc<Target>>,
    tunnel: Option<Rc<Target>>,
    network: Rc<Target>,
    hub: Option<hub::Place>,
    subnets: Vec<(crate::plan::SubnetRole, Rc<Target>)>,
    firewall: firewall::Place,
    logs: logs::Place,
    gateway: Option<gateway::Place>,
    roles: Vec<Rc<Target>>,
    guard: Option<Rc<Target>>,
    peering_guard: Option<Rc<Target>>,
    cluster: Rc<Target>,
    pools: Vec<Rc<Target>>,
}

impl Places {
    fn new(plan: &Plan) -> Places {
        use target::Kind;
        let cloud = *plan.cloud;
        let (network, mut subnets) = network::network_places(cloud, &plan.network);
        let hub = hub::Place::new(plan, &network);
        let group = hub.as_ref().map(|hub| &hub.group);
        let apart = plan.hub.iter().zip(&hub).flat_map(|(own, place)| network::parts(&own.network, &place.network));
        subnets.extend(apart);
        let route_table = Target::new(cloud, Symbol::RouteTable, Kind::RouteTable, &*plan.routes.name);
        let firewall = firewall::Place::new(cloud, &plan.firewall, group, &network);
        let cluster = Target::new(cloud, Symbol::Cluster, Kind::Cluster, &*plan.cluster.name);
        let mut places = Places {
            ip_groups: network::ip_group_places(cloud, &plan.firewall, group),
            address_prefix: network::prefix_place(cloud, &plan.firewall, group),
            addresses: network::address_places(cloud, &plan.firewall, group),
            management_address: network::management_place(cloud, &plan.firewall, group),
            known_addresses: plan
                .firewall
                .existing
                .iter()
                .flat_map(|own| own.public_ips.iter().map(|address| **address))
                .collect(),
            peering: peering::Place::new(plan, &network),
            workspace: logs::workspace_place(cloud, &plan.logs),
            principal: cluster::Principal::new(cloud, &plan.identity),
            routes: network::route_places(&plan.routes, &route_table),
            route_table,
            tunnel: plan.tunnel.as_ref().map(|t| Target::at(cloud, Symbol::Tunnel, Kind::RouteTable, &*t.name, group)),
            gateway: plan.gateway.as_ref().map(|gateway| gateway::Place::new(cloud, gateway)),
            logs: logs::Place::new(cloud, &plan.logs, &firewall.firewall, &cluster),
            network,
            subnets,
            firewall,
            roles: Vec::new(),
            guard: plan
                .hub
                .is_none()
                .then(|| Target::new(cloud, Symbol::NextHopGuard, Kind::Deployment, "next-hop-guard")),
            // Two layers are deployed one after the other, and there is time in between.
            peering_guard: plan
                .peering
                .as_ref()
                .filter(|peering| !peering.back && plan.layers == Layers::One)
                .map(|_| Target::new(cloud, Symbol::PeeringGuard, Kind::Deployment, "peering-guard")),
            hub,
            pools: cluster::pool_places(&plan.cluster, &cluster),
            cluster,
        };
        places.roles = plan.roles.iter().map(|role| cluster::role_place(role, &places)).collect();
        places
    }

    /// The subnet of a role that every network has.
    fn subnet(&self, role: crate::plan::SubnetRole) -> &Rc<Target> {
        self.find(role).unwrap_or(&self.subnets[0].1)
    }

    /// The subnet of a role, where there is one.
    fn find(&self, role: crate::plan::SubnetRole) -> Option<&Rc<Target>> {
        self.subnets.iter().find(|(r, _)| *r == role).map(|(_, target)| target)
    }
}
