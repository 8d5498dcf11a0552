//! Identity, roles, the guard before the cluster, the cluster, and what the deployment tells.

use std::rc::Rc;

use super::node::{Expr, Key, Node};
use super::parameter::{Declaration, Parameter};
use super::target::{Kind, Name, Symbol, Target};
use super::{Body, Deployment, Module, Output, OutputName, Places, Resource, network};
use crate::diag::At;
use crate::plan::cluster::NodePool;
use crate::plan::peering::CONNECTED;
use crate::plan::{Cluster, Firewall, Identity, Logs, RoleAssignment, RoleScope, SubnetRole};
use crate::profile::{Addon, ApiServer, Cni, Dataplane, NetworkPolicy, NodeCount};
use crate::value::Cidr;
use crate::value::Cloud;

/// Who the control plane is, as the tree points at it.
pub(super) enum Principal {
    /// A managed identity of the template.
    Managed(Rc<Target>),
    /// An application that is given at deployment.
    Given,
}

impl Principal {
    pub(super) fn new(cloud: Cloud, identity: &Identity) -> Principal {
        match identity {
            Identity::Managed { name } => {
                Principal::Managed(Target::new(cloud, Symbol::Identity, Kind::Identity, &**name))
            }
            Identity::ServicePrincipal { name: _ } => Principal::Given,
        }
    }

    /// What role assignments are given to.
    fn object_id(&self) -> Expr {
        match self {
            Principal::Managed(identity) => Expr::Property(Rc::clone(identity), "principalId"),
            Principal::Given => Expr::Parameter(Parameter::ObjectId),
        }
    }

    /// What stands for it in names, which have to be known when the deployment starts.
    fn known_at_start(&self) -> Expr {
        match self {
            Principal::Managed(identity) => Expr::Id(Rc::clone(identity)),
            Principal::Given => Expr::Parameter(Parameter::ObjectId),
        }
    }
}

pub(super) fn parameters(identity: &Identity) -> Vec<Declaration> {
    match identity {
        Identity::Managed { name: _ } => Vec::new(),
        Identity::ServicePrincipal { name: _ } => {
            [Parameter::ClientId, Parameter::ObjectId, Parameter::Secret].map(Declaration::open).to_vec()
        }
    }
}

pub(super) fn identity(identity: &Identity, places: &Places) -> Option<Resource> {
    match (identity, &places.principal) {
        (Identity::Managed { name: _ }, Principal::Managed(place)) => {
            let fields = vec![("properties", Node::fields([]))];
            Some(Resource::regional(place, "Identity of the cluster's control plane", fields))
        }
        (Identity::Managed { name: _ } | Identity::ServicePrincipal { name: _ }, _) => None,
    }
}

fn scope_place(scope: RoleScope, places: &Places) -> &Rc<Target> {
    match scope {
        RoleScope::Subnet(role) => places.subnet(role),
        RoleScope::RouteTable => &places.route_table,
    }
}

/// Where a role assignment is; its name is a GUID of scope, identity and role.
pub(super) fn role_place(role: &RoleAssignment, places: &Places) -> Rc<Target> {
    let scope = scope_place(role.scope, places);
    let parts = vec![Expr::Id(Rc::clone(scope)), places.principal.known_at_start(), Expr::Fixed(role.role.guid())];
    Target::extension(Symbol::Role(role.scope), Kind::RoleAssignment, scope, Name::Guid(parts))
}

pub(super) fn roles(roles: &[RoleAssignment], places: &Places) -> Vec<Resource> {
    let assignment = |(role, place): (&RoleAssignment, &Rc<Target>)| {
        let RoleAssignment { role, scope: _, why, origin: _ } = role;
        let properties = Node::object([
            ("roleDefinitionId", Node::Expr(Expr::Role(role.guid()))),
            ("principalId", Node::Expr(places.principal.object_id())),
            ("principalType", Node::text("ServicePrincipal")),
            ("description", Node::text(why)),
        ]);
        Resource::dependent(place, "What the cluster may do here, and nowhere else", vec![("properties", properties)])
    };
    roles.iter().zip(&places.roles).map(assignment).collect()
}

/// What has to be so before there is a cluster: each a deployment that accepts one value only, so that a wrong one stops it.
///
/// An address that is read from a hub cannot be wrong, and the peering with a hub is written on both sides.
pub(super) fn guards(file: &str, firewall: &Firewall, places: &Places) -> Vec<Resource> {
    let next_hop = places.guard.as_ref().map(|place| {
        let only = Declaration::only(Parameter::FirewallAddress, firewall.private_ip.value);
        let module = Module {
            file: "next-hop-guard",
            arguments: vec![(only.parameter, network::private_address(places))],
            deployment: nothing_but(file, only, "nextHop", "The address that was verified."),
        };
        Resource::new(place, "Stops here when the default route does not lead to the firewall", Body::Module(module))
    });
    let peering = places.peering.iter().zip(&places.peering_guard).map(|(peering, place)| {
        let only = Declaration::only(Parameter::PeeringState, CONNECTED);
        let module = Module {
            file: "peering-guard",
            arguments: vec![(only.parameter, Node::property(&peering.near, "peeringState"))],
            deployment: nothing_but(file, only, "peering", "The state that was verified."),
        };
        let why = "Stops here until the owner of the firewall's network has added its side of the peering";
        Resource::new(place, why, Body::Module(module))
    });
    next_hop.into_iter().chain(peering).collect()
}

/// A deployment that makes nothing and tells its parameter.
fn nothing_but(file: &str, only: Declaration, output: &'static str, why: &'static str) -> Deployment {
    let value = Node::Expr(Expr::Parameter(only.parameter));
    Deployment {
        file: file.to_owned(),
        parameters: vec![only],
        tags: None,
        resources: Vec::new(),
        outputs: vec![Output { name: OutputName::Fixed(output), why, value }],
    }
}

pub(super) fn cluster(cluster: &Cluster, places: &Places) -> Resource {
    let Cluster {
        name: _,
        dns_prefix,
        kubernetes_version,
        tier,
        cni,
        pools,
        api_server,
        authorized_ip_ranges,
        network_policy,
        dataplane,
        pod_cidr,
        service_cidr,
        dns_service_ip,
        addons,
        origin: _,
    } = cluster;
    let mut properties = vec![("dnsPrefix", Node::text(dns_prefix))];
    properties.extend(kubernetes_version.as_ref().map(|v| ("kubernetesVersion", Node::text(&v.value))));
    properties.push(("enableRBAC", Node::Bool(true)));
    let first = pools.iter().take(1).map(|pool| {
        let name = ("name", Node::text(&pool.name.value));
        Node::fields(std::iter::once(name).chain(node_pool(pool, places)))
    });
    properties.push(("agentPoolProfiles", Node::List(first.collect())));
    let mut network = plugin(cni.value);
    match network_policy.value {
        NetworkPolicy::None => {}
        policy @ (NetworkPolicy::Azure | NetworkPolicy::Calico | NetworkPolicy::Cilium) => {
            network.push(("networkPolicy", Node::text(policy.word())));
        }
    }
    match dataplane.value {
        Dataplane::Azure => {}
        Dataplane::Cilium => network.push(("networkDataplane", Node::text(dataplane.word()))),
    }
    network.push(("outboundType", Node::text("userDefinedRouting")));
    network.push(("loadBalancerSku", Node::text("standard")));
    network.extend(pod_cidr.as_ref().map(|prefix| ("podCidr", Node::text(prefix.value))));
    network.push(("serviceCidr", Node::text(service_cidr.value)));
    network.push(("dnsServiceIP", Node::text(dns_service_ip.value)));
    properties.push(("networkProfile", Node::fields(network)));
    properties.extend(access(api_server.value, authorized_ip_ranges, places));
    properties.extend(self::addons(addons, places));
    let sku = Node::object([("name", Node::text("Base")), ("tier", Node::text(tier.word()))]);
    let mut fields = vec![("sku", sku)];
    match &places.principal {
        Principal::Managed(identity) => fields.push(("identity", identity_of(identity))),
        Principal::Given => properties.push((
            "servicePrincipalProfile",
            Node::object([
                ("clientId", Node::Expr(Expr::Parameter(Parameter::ClientId))),
                ("secret", Node::Expr(Expr::Parameter(Parameter::Secret))),
            ]),
        )),
    }
    fields.push(("properties", Node::fields(properties)));
    // A subnet of somebody else does not say by itself that its table has routes by now.
    let beside = !places.subnet(SubnetRole::Nodes).inline;
    Resource::regional(&places.cluster, "The cluster", fields)
        .after(beside.then_some(&places.route_table))
        .after(places.routes.last())
        .after([places.firewall.ready()])
        .after(&places.guard)
        .after(&places.peering_guard)
        .after(places.hub.iter().flat_map(|hub| [&hub.to_firewall, &hub.peering]))
        .after(places.peering.iter().flat_map(|place| place.ready()))
        .after(&places.roles)
}

/// Who reaches the API server, and where. The firewall's addresses are known at deployment: nodes come from them.
fn access(api_server: ApiServer, ranges: &[At<Cidr>], places: &Places) -> Option<(&'static str, Node)> {
    let fields = match api_server {
        ApiServer::Public => vec![authorized(ranges, places)?],
        ApiServer::Private => vec![
            ("enablePrivateCluster", Node::Bool(true)),
            ("privateDNSZone", Node::text("system")),
            ("enablePrivateClusterPublicFQDN", Node::Bool(false)),
        ],
        ApiServer::VnetIntegrated => {
            let mut fields = vec![
                ("enableVnetIntegration", Node::Bool(true)),
                ("subnetId", Node::id(places.subnet(SubnetRole::ApiServer))),
            ];
            fields.extend(authorized(ranges, places));
            fields
        }
    };
    Some(("apiServerAccessProfile", Node::fields(fields)))
}

fn authorized(ranges: &[At<Cidr>], places: &Places) -> Option<(&'static str, Node)> {
    if ranges.is_empty() {
        return None;
    }
    let firewall = (0..network::address_count(places)).map(|index| network::single(index, places));
    let list = ranges.iter().map(|range| Node::text(range.value)).chain(firewall).collect();
    Some(("authorizedIPRanges", Node::List(list)))
}

fn identity_of(identity: &Rc<Target>) -> Node {
    let list = Node::Map(vec![(Key::Expr(Expr::Id(Rc::clone(identity))), Node::fields([]))]);
    Node::object([("type", Node::text("UserAssigned")), ("userAssignedIdentities", list)])
}

fn plugin(cni: Cni) -> Vec<(&'static str, Node)> {
    match cni {
        // The subnets of the pools tell the two apart.
        Cni::Azure | Cni::AzurePodSubnet => vec![("networkPlugin", Node::text("azure"))],
        Cni::AzureOverlay => {
            vec![("networkPlugin", Node::text("azure")), ("networkPluginMode", Node::text("overlay"))]
        }
        Cni::Kubenet => vec![("networkPlugin", Node::text("kubenet"))],
        Cni::None => vec![("networkPlugin", Node::text("none"))],
    }
}

/// Where the pools are that have to be resources of their own: all but the first, which the cluster is made with.
pub(super) fn pool_places(cluster: &Cluster, place: &Rc<Target>) -> Vec<Rc<Target>> {
    let child = |(index, pool): (usize, &NodePool)| Target::child(Symbol::Pool(index), Kind::Pool, place, &*pool.name);
    cluster.pools.iter().skip(1).enumerate().map(child).collect()
}

/// Further pools, one after another, since AKS changes one at a time.
pub(super) fn pools(cluster: &Cluster, places: &Places) -> Vec<Resource> {
    let mut before = None;
    let mut list = Vec::new();
    for (pool, place) in cluster.pools.iter().skip(1).zip(&places.pools) {
        let fields = vec![("properties", Node::fields(node_pool(pool, places)))];
        list.push(Resource::dependent(place, "More nodes of the cluster", fields).after(before));
        before = Some(place);
    }
    list
}

fn node_pool(pool: &NodePool, places: &Places) -> Vec<(&'static str, Node)> {
    let NodePool { name: _, mode, os, gpu, spot, nodes, node_size, pods_per_node, max_surge, zones, origin: _ } = pool;
    let mut fields = vec![
        ("mode", Node::text(mode.word())),
        ("type", Node::text("VirtualMachineScaleSets")),
        ("osType", Node::text(os.word())),
    ];
    match nodes.value {
        NodeCount::Fixed(nodes) => fields.push(("count", Node::Int(i64::from(nodes)))),
        NodeCount::Between { min, max } => fields.extend([
            ("count", Node::Int(i64::from(min))),
            ("enableAutoScaling", Node::Bool(true)),
            ("minCount", Node::Int(i64::from(min))),
            ("maxCount", Node::Int(i64::from(max))),
        ]),
    }
    fields.extend([
        ("vmSize", Node::text(&node_size.value)),
        ("maxPods", Node::Int(i64::from(pods_per_node.value))),
        ("vnetSubnetID", Node::id(places.subnet(SubnetRole::Nodes))),
    ]);
    fields.extend(places.find(SubnetRole::Pods).map(|subnet| ("podSubnetID", Node::id(subnet))));
    fields.push(("enableNodePublicIP", Node::Bool(false)));
    if let Some(surge) = max_surge {
        fields.push(("upgradeSettings", Node::object([("maxSurge", Node::text(surge.value))])));
    }
    if !zones.is_empty() {
        fields.push(("availabilityZones", Node::texts(zones.iter().map(|zone| zone.value))));
    }
    if spot.value {
        fields.extend([
            ("scaleSetPriority", Node::text("Spot")),
            ("scaleSetEvictionPolicy", Node::text("Delete")),
            // Whatever Azure asks for at the time.
            ("spotMaxPrice", Node::Int(-1)),
        ]);
    }
    if gpu.value {
        fields.push(("gpuProfile", Node::object([("driver", Node::text("Install"))])));
    }
    fields
}

/// Add-ons, and the features that Azure counts elsewhere.
fn addons(list: &[At<Addon>], places: &Places) -> Vec<(&'static str, Node)> {
    let enabled = || Node::object([("enabled", Node::Bool(true))]);
    let (mut profiles, mut security, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for addon in list {
        match addon.value {
            Addon::Monitoring => profiles.push(("omsagent", insights_addon(places))),
            Addon::AzurePolicy => profiles.push(("azurepolicy", enabled())),
            Addon::KeyVaultSecrets => profiles.push(("azureKeyvaultSecretsProvider", secrets_addon())),
            Addon::Defender => security.push(("defender", defender(places))),
            Addon::WorkloadIdentity => {
                rest.push(("oidcIssuerProfile", enabled()));
                security.push(("workloadIdentity", enabled()));
            }
            Addon::CostAnalysis => rest.push(("metricsProfile", Node::object([("costAnalysis", enabled())]))),
            Addon::Istio => rest.push((
                "serviceMeshProfile",
                Node::object([("mode", Node::text("Istio")), ("istio", Node::fields([]))]),
            )),
            // The first configuration brings the extension; here its endpoints are opened.
            Addon::Flux => {}
        }
    }
    for (name, fields) in [("securityProfile", security), ("addonProfiles", profiles)] {
        if !fields.is_empty() {
            rest.push((name, Node::fields(fields)));
        }
    }
    rest
}

fn secrets_addon() -> Node {
    let config = [("enableSecretRotation", Node::text("true")), ("rotationPollInterval", Node::text("2m"))];
    Node::object([("enabled", Node::Bool(true)), ("config", Node::object(config))])
}

fn defender(places: &Places) -> Node {
    Node::object([
        ("logAnalyticsWorkspaceResourceId", Node::id(&places.workspace)),
        ("securityMonitoring", Node::object([("enabled", Node::Bool(true))])),
    ])
}

fn insights_addon(places: &Places) -> Node {
    Node::object([
        ("enabled", Node::Bool(true)),
        (
            "config",
            Node::object([
                ("logAnalyticsWorkspaceResourceID", Node::id(&places.workspace)),
                ("useAADAuth", Node::text("true")),
            ]),
        ),
    ])
}

/// The cluster and what belongs to it.
pub(super) fn all(cluster: &Cluster, logs: &Logs, places: &Places) -> Vec<Resource> {
    let mut list: Vec<Resource> = super::logs::insights_rule(logs, places).into_iter().collect();
    list.push(self::cluster(cluster, places));
    list.extend(pools(cluster, places));
    list.extend(super::logs::insights_association(logs, places));
    list
}

/// What people and pipelines look up after the network is there.
pub(super) fn network_outputs(places: &Places) -> Vec<Output> {
    let addresses = (0..network::address_count(places)).map(|index| network::told_address(index, places)).collect();
    vec![
        Output {
            name: OutputName::Fixed("firewallPrivateIpAddress"),
            why: "Private address of the firewall: the next hop of the default route.",
            value: network::private_address(places),
        },
        Output {
            name: OutputName::Fixed("firewallPublicIpAddresses"),
            why: "Addresses that the traffic of the cluster comes from.",
            value: Node::List(addresses),
        },
        Output {
            name: OutputName::Fixed("workspaceId"),
            why: "Workspace with the logs.",
            value: Node::id(&places.workspace),
        },
    ]
}

/// What the template of a cluster takes as parameters of these names, unless it is told already.
pub(super) fn handed_over(given: &[(Parameter, Expr)], told: &[Output]) -> Vec<Output> {
    let output = |(parameter, expr): &(Parameter, Expr)| {
        let why = "For the cluster, which takes it as a parameter of this name.";
        let known = told.iter().any(|output| output.name.text() == parameter.name());
        match expr {
            Expr::Id(_) | Expr::Property(..) | Expr::Output(..) if !known => {
                Some(Output { name: OutputName::Of(*parameter), why, value: Node::Expr(expr.clone()) })
            }
            Expr::Id(_) | Expr::Property(..) | Expr::Output(..) | Expr::Part { of: _, kind: _, name: _ } => None,
            Expr::Parameter(_) | Expr::IsFalse(_) | Expr::Followed(..) | Expr::Role(_) | Expr::Fixed(_) => None,
            Expr::Prefixes(_) | Expr::Joined(..) => None,
        }
    };
    given.iter().filter_map(output).collect()
}

/// What people and pipelines look up after the cluster is there.
pub(super) fn outputs(cluster: &Cluster, places: &Places) -> Vec<Output> {
    let mut list = vec![
        Output { name: OutputName::Fixed("clusterId"), why: "The cluster.", value: Node::id(&places.cluster) },
        Output {
            name: OutputName::Fixed("clusterFqdn"),
            why: "Name of the cluster's API server.",
            value: Node::property(
                &places.cluster,
                match cluster.api_server.value {
                    ApiServer::Public | ApiServer::VnetIntegrated => "fqdn",
                    ApiServer::Private => "privateFQDN",
                },
            ),
        },
        Output {
            name: OutputName::Fixed("nodeResourceGroup"),
            why: "Resource group that AKS keeps for the nodes.",
            value: Node::property(&places.cluster, "nodeResourceGroup"),
        },
    ];
    if cluster.addon(Addon::WorkloadIdentity).is_some() {
        list.push(Output {
            name: OutputName::Fixed("oidcIssuerUrl"),
            why: "Issuer of the pods' tokens, for federated credentials.",
            value: Node::property(&places.cluster, "oidcIssuerProfile.issuerURL"),
        });
    }
    match &places.principal {
        Principal::Managed(_) => list.push(Output {
            name: OutputName::Fixed("kubeletIdentityObjectId"),
            why: "Object ID of the identity that pulls images, for roles on registries.",
            value: Node::property(&places.cluster, "identityProfile.kubeletidentity.objectId"),
        }),
        Principal::Given => {}
    }
    list
}
