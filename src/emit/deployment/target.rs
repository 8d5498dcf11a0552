//! What a resource is called: its type, API version, name, and the symbol that stands for it in Bicep.

use std::rc::Rc;

use super::node::Expr;
use crate::plan::{RoleScope, RuleKind, SubnetRole};
use crate::tables::api_versions;
use crate::value::{Cloud, ResourceId};

/// A resource as others point at it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Which one.
    pub(crate) symbol: Symbol,
    /// Its type.
    pub(crate) kind: Kind,
    /// Its own name, without those of its parents.
    pub(crate) name: Name,
    /// The resource that it is a child of.
    pub(crate) parent: Option<Rc<Target>>,
    /// The resource that it extends.
    pub(crate) scope: Option<Rc<Target>>,
    /// The cloud, which decides the API version.
    pub(crate) cloud: Cloud,
    /// It is written inside its parent and has no place of its own.
    pub(crate) inline: bool,
    /// The resource group that it lies in, when that is not the one that is deployed to.
    pub(crate) group: Option<Rc<Group>>,
}

/// A resource group other than the one that is deployed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// GUID of its subscription, when that is another one.
    pub(crate) subscription: Option<String>,
    /// Its name.
    pub(crate) name: String,
}

impl Group {
    /// The group that an ID names.
    pub(crate) fn of(id: &ResourceId) -> Rc<Group> {
        Rc::new(Group { subscription: Some(id.subscription.clone()), name: id.group.clone() })
    }
}

/// The name of a resource.
#[derive(Debug, Clone)]
pub(crate) enum Name {
    /// Text.
    Text(String),
    /// A GUID made of texts that are known when a deployment starts.
    Guid(Vec<Expr>),
}

impl Target {
    /// A resource of the group.
    pub(crate) fn new(cloud: Cloud, symbol: Symbol, kind: Kind, name: impl std::fmt::Display) -> Rc<Target> {
        Rc::new(Target::with_name(cloud, symbol, kind, Name::Text(name.to_string())))
    }

    /// A resource of the group, or of another one.
    pub(crate) fn at(
        cloud: Cloud,
        symbol: Symbol,
        kind: Kind,
        name: impl std::fmt::Display,
        group: Option<&Rc<Group>>,
    ) -> Rc<Target> {
        match group {
            Some(group) => Target::elsewhere(cloud, symbol, kind, name, group),
            None => Target::new(cloud, symbol, kind, name),
        }
    }

    /// A child of `parent`.
    pub(crate) fn child(symbol: Symbol, kind: Kind, parent: &Rc<Target>, name: impl std::fmt::Display) -> Rc<Target> {
        let (cloud, parent) = (parent.cloud, Some(Rc::clone(parent)));
        Rc::new(Target { parent, ..Target::with_name(cloud, symbol, kind, Name::Text(name.to_string())) })
    }

    /// A child that is written inside `parent`.
    pub(crate) fn part(symbol: Symbol, kind: Kind, parent: &Rc<Target>, name: impl std::fmt::Display) -> Rc<Target> {
        let (cloud, parent) = (parent.cloud, Some(Rc::clone(parent)));
        Rc::new(Target { parent, inline: true, ..Target::with_name(cloud, symbol, kind, Name::Text(name.to_string())) })
    }

    /// An extension of `scope`.
    pub(crate) fn extension(symbol: Symbol, kind: Kind, scope: &Rc<Target>, name: Name) -> Rc<Target> {
        Rc::new(Target { scope: Some(Rc::clone(scope)), ..Target::with_name(scope.cloud, symbol, kind, name) })
    }

    /// A resource of another group.
    pub(crate) fn elsewhere(
        cloud: Cloud,
        symbol: Symbol,
        kind: Kind,
        name: impl std::fmt::Display,
        group: &Rc<Group>,
    ) -> Rc<Target> {
        let group = Some(Rc::clone(group));
        Rc::new(Target { group, ..Target::with_name(cloud, symbol, kind, Name::Text(name.to_string())) })
    }

    /// A resource that somebody else owns.
    pub(crate) fn foreign(cloud: Cloud, symbol: Symbol, kind: Kind, id: &ResourceId) -> Rc<Target> {
        Target::elsewhere(cloud, symbol, kind, &id.name, &Group::of(id))
    }

    /// The group that it lies in, when that is not the one that is deployed to.
    pub(crate) fn group(&self) -> Option<&Rc<Group>> {
        let around = || self.parent.as_ref().or(self.scope.as_ref())?.group();
        self.group.as_ref().or_else(around)
    }

    fn with_name(cloud: Cloud, symbol: Symbol, kind: Kind, name: Name) -> Target {
        Target { symbol, kind, name, parent: None, scope: None, cloud, inline: false, group: None }
    }

    /// Its API version.
    pub(crate) fn version(&self) -> &'static str {
        self.kind.version(self.cloud)
    }

    /// Names from the outermost parent to its own.
    pub(crate) fn names(&self) -> Vec<&Name> {
        let mut names = self.parent.as_ref().map(|parent| parent.names()).unwrap_or_default();
        names.push(&self.name);
        names
    }

    /// What it belongs to, outermost first, and it.
    pub(crate) fn line(self: &Rc<Target>) -> Vec<Rc<Target>> {
        let mut line = self.parent.as_ref().or(self.scope.as_ref()).map(Target::line).unwrap_or_default();
        line.push(Rc::clone(self));
        line
    }

    /// The resource that has to exist for this one to exist: itself, or the one that it is written in.
    pub(crate) fn written_in(self: &Rc<Target>) -> &Rc<Target> {
        match &self.parent {
            Some(parent) if self.inline => parent.written_in(),
            _ => self,
        }
    }
}

/// Every resource that a deployment may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Symbol {
    /// A named set of addresses.
    IpGroup(usize),
    /// The prefix of the firewall's addresses.
    PublicIpPrefix,
    /// A frontend address of the firewall.
    PublicIp(usize),
    /// The address of the firewall's management interface.
    ManagementIp,
    /// The address of the application gateway.
    GatewayAddress,
    /// The web application firewall.
    GatewayPolicy,
    /// The application gateway.
    Gateway,
    /// The workspace.
    Workspace,
    /// The cluster's identity.
    Identity,
    /// The route table.
    RouteTable,
    /// The route table of the firewall's forced tunnel.
    Tunnel,
    /// A route that is a resource of its own.
    Route(usize),
    /// The network.
    Network,
    /// What is added to the network of somebody else.
    ExistingNetwork,
    /// A subnet.
    Subnet(SubnetRole),
    /// The deployment of the hub.
    Hub,
    /// The network of the firewall, where it is not the cluster's.
    HubNetwork,
    /// The deployment of the hub's side of the peering.
    HubPeering,
    /// The peering in the cluster's network.
    ToFirewall,
    /// The peering in the firewall's network.
    ToCluster,
    /// The network of a firewall of somebody else.
    PeerNetwork,
    /// The deployment of that network's side of the peering.
    PeerBack,
    /// The firewall policy.
    Policy,
    /// The one rule collection group in the policy of somebody else.
    OwnRules,
    /// The deployment of that.
    RulesDeployment,
    /// The policy that it inherits from.
    ParentPolicy,
    /// A rule collection group.
    Rules(RuleKind),
    /// The firewall.
    Firewall,
    /// The firewall's diagnostic setting.
    FirewallLogs,
    /// The workbook.
    Workbook,
    /// A role assignment.
    Role(RoleScope),
    /// The data collection rule of Container Insights.
    InsightsRule,
    /// The check of the next hop.
    NextHopGuard,
    /// The check of the way to the network of a firewall of somebody else.
    PeeringGuard,
    /// The cluster.
    Cluster,
    /// A node pool that is a resource of its own.
    Pool(usize),
    /// The association of the data collection rule with the cluster.
    InsightsAssociation,
}

impl Symbol {
    /// The name in Bicep: fixed text and, where there are several, a number from 1.
    pub(crate) fn identifier(self) -> (&'static str, Option<usize>) {
        let stem = match self {
            Symbol::PublicIp(index) => return ("firewallAddress", Some(index + 1)),
            Symbol::IpGroup(index) => return ("ipGroup", Some(index + 1)),
            Symbol::Route(index) => return ("route", Some(index + 1)),
            Symbol::Pool(index) => return ("nodePool", Some(index + 1)),
            Symbol::PublicIpPrefix => "firewallAddressPrefix",
            Symbol::ManagementIp => "firewallManagementAddress",
            Symbol::GatewayAddress => "gatewayAddress",
            Symbol::GatewayPolicy => "webApplicationFirewall",
            Symbol::Gateway => "applicationGateway",
            Symbol::Workspace => "workspace",
            Symbol::Identity => "clusterIdentity",
            Symbol::RouteTable => "routeTable",
            Symbol::Tunnel => "tunnelRouteTable",
            Symbol::Network => "network",
            Symbol::ExistingNetwork => "existingNetwork",
            Symbol::Subnet(SubnetRole::Firewall) => "firewallSubnet",
            Symbol::Subnet(SubnetRole::FirewallManagement) => "firewallManagementSubnet",
            Symbol::Subnet(SubnetRole::Gateway) => "gatewaySubnet",
            Symbol::Subnet(SubnetRole::Ingress) => "ingressSubnet",
            Symbol::Subnet(SubnetRole::Nodes) => "nodeSubnet",
            Symbol::Subnet(SubnetRole::Pods) => "podSubnet",
            Symbol::Subnet(SubnetRole::ApiServer) => "apiServerSubnet",
            Symbol::Hub => "hub",
            Symbol::HubNetwork => "hubNetwork",
            Symbol::HubPeering => "hubPeering",
            Symbol::ToFirewall => "peeringToFirewall",
            Symbol::ToCluster => "peeringToCluster",
            Symbol::PeerNetwork => "firewallNetwork",
            Symbol::PeerBack => "firewallPeering",
            Symbol::Policy => "firewallPolicy",
            Symbol::OwnRules => "rules",
            Symbol::RulesDeployment => "firewallRules",
            Symbol::ParentPolicy => "parentPolicy",
            Symbol::Rules(RuleKind::Dnat) => "dnatRules",
            Symbol::Rules(RuleKind::Network) => "networkRules",
            Symbol::Rules(RuleKind::Application) => "applicationRules",
            Symbol::Firewall => "firewall",
            Symbol::FirewallLogs => "firewallLogs",
            Symbol::Workbook => "workbook",
            Symbol::Role(RoleScope::RouteTable) => "routeTableRole",
            Symbol::Role(RoleScope::Subnet(SubnetRole::Firewall)) => "firewallSubnetRole",
            Symbol::Role(RoleScope::Subnet(SubnetRole::FirewallManagement)) => "firewallManagementSubnetRole",
            Symbol::Role(RoleScope::Subnet(SubnetRole::Gateway)) => "gatewaySubnetRole",
            Symbol::Role(RoleScope::Subnet(SubnetRole::Ingress)) => "ingressSubnetRole",
            Symbol::Role(RoleScope::Subnet(SubnetRole::Nodes)) => "nodeSubnetRole",
            Symbol::Role(RoleScope::Subnet(SubnetRole::Pods)) => "podSubnetRole",
            Symbol::Role(RoleScope::Subnet(SubnetRole::ApiServer)) => "apiServerSubnetRole",
            Symbol::InsightsRule => "containerInsightsRule",
            Symbol::NextHopGuard => "nextHopGuard",
            Symbol::PeeringGuard => "peeringGuard",
            Symbol::Cluster => "cluster",
            Symbol::InsightsAssociation => "containerInsightsAssociation",
        };
        (stem, None)
    }
}

/// A type of resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    PublicIp,
    PublicIpPrefix,
    IpGroup,
    WafPolicy,
    Gateway,
    Workspace,
    Identity,
    RouteTable,
    Route,
    Network,
    Subnet,
    Peering,
    Policy,
    RuleCollectionGroup,
    Firewall,
    DiagnosticSetting,
    Workbook,
    RoleAssignment,
    DataCollectionRule,
    DataCollectionRuleAssociation,
    Deployment,
    Cluster,
    Pool,
}

impl Kind {
    /// Provider and type, such as `Microsoft.Network/virtualNetworks`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::PublicIp => "Microsoft.Network/publicIPAddresses",
            Kind::IpGroup => "Microsoft.Network/ipGroups",
            Kind::WafPolicy => "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies",
            Kind::Gateway => "Microsoft.Network/applicationGateways",
            Kind::PublicIpPrefix => "Microsoft.Network/publicIPPrefixes",
            Kind::Workspace => "Microsoft.OperationalInsights/workspaces",
            Kind::Identity => "Microsoft.ManagedIdentity/userAssignedIdentities",
            Kind::RouteTable => "Microsoft.Network/routeTables",
            Kind::Route => "Microsoft.Network/routeTables/routes",
            Kind::Network => "Microsoft.Network/virtualNetworks",
            Kind::Subnet => "Microsoft.Network/virtualNetworks/subnets",
            Kind::Peering => "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
            Kind::Policy => "Microsoft.Network/firewallPolicies",
            Kind::RuleCollectionGroup => "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
            Kind::Firewall => "Microsoft.Network/azureFirewalls",
            Kind::DiagnosticSetting => "Microsoft.Insights/diagnosticSettings",
            Kind::Workbook => "Microsoft.Insights/workbooks",
            Kind::RoleAssignment => "Microsoft.Authorization/roleAssignments",
            Kind::DataCollectionRule => "Microsoft.Insights/dataCollectionRules",
            Kind::DataCollectionRuleAssociation => "Microsoft.Insights/dataCollectionRuleAssociations",
            Kind::Deployment => "Microsoft.Resources/deployments",
            Kind::Cluster => "Microsoft.ContainerService/managedClusters",
            Kind::Pool => "Microsoft.ContainerService/managedClusters/agentPools",
        }
    }

    /// API version in a cloud.
    pub(crate) fn version(self, cloud: Cloud) -> &'static str {
        api_versions::of(self.name(), cloud)
    }
}
