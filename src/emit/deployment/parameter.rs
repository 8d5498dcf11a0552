//! What is given at deployment: secrets and true choices of that moment, nothing that was checked.

use super::target::Symbol;
use crate::plan::SubnetRole;

/// A parameter of a template or module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Parameter {
    /// The region.
    Location,
    /// Whether the route table is there already (kubenet).
    RouteTableExists,
    /// Application ID of the service principal.
    ClientId,
    /// Object ID of the service principal, for role assignments.
    ObjectId,
    /// Secret of the service principal.
    Secret,
    /// The firewall's real address, for the guard.
    FirewallAddress,
    /// The state of the peering with the firewall's network, for the guard.
    PeeringState,
    /// Region of a workspace that is there already.
    WorkspaceLocation,
    /// ID of a resource that lies outside of the template.
    Id(Symbol),
    /// Property of a resource that lies outside of the template.
    Property(Symbol, &'static str),
}

/// Type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterType {
    /// Text.
    Text,
    /// Text that is never logged.
    SecureText,
    /// A choice.
    Bool,
}

/// A parameter as a template declares it.
#[derive(Debug, Clone)]
pub(crate) struct Declaration {
    /// Which one.
    pub(crate) parameter: Parameter,
    /// The only value that it may have.
    pub(crate) only: Option<String>,
    /// What it is when nothing is given.
    pub(crate) default: Option<bool>,
}

impl Parameter {
    /// Its name: fixed text and, for one resource of several, a number and more text.
    pub(crate) fn identifier(self) -> (&'static str, Option<usize>, &'static str) {
        let stem = match self {
            Parameter::Location => "location",
            Parameter::RouteTableExists => "routeTableExists",
            Parameter::ClientId => "servicePrincipalClientId",
            Parameter::ObjectId => "servicePrincipalObjectId",
            Parameter::Secret => "servicePrincipalSecret",
            Parameter::FirewallAddress => "firewallPrivateIpAddress",
            Parameter::PeeringState => "peeringState",
            Parameter::WorkspaceLocation => "workspaceLocation",
            Parameter::Id(symbol) => {
                let (stem, number) = symbol.identifier();
                return (stem, number, "Id");
            }
            Parameter::Property(symbol, path) => {
                let (stem, number) = symbol.identifier();
                return (stem, number, ending(path));
            }
        };
        (stem, None, "")
    }

    /// Its name.
    pub(crate) fn name(self) -> String {
        let (stem, number, ending) = self.identifier();
        format!("{stem}{}{ending}", number.map_or(String::new(), |number| number.to_string()))
    }

    /// What it means, for people who deploy.
    pub(crate) fn why(self) -> &'static str {
        match self {
            Parameter::Location => "Region of every resource. The profile was checked for this one only.",
            Parameter::RouteTableExists => {
                "Whether the route table is there already. AKS writes routes of its own into it, which writing the table again would remove."
            }
            Parameter::ClientId => "Application (client) ID of the cluster's service principal.",
            Parameter::ObjectId => "Object ID of the cluster's service principal, which receives the roles.",
            Parameter::Secret => "Secret of the cluster's service principal.",
            Parameter::WorkspaceLocation => "Region of the workspace. Rules that fill it lie there too.",
            Parameter::Id(_) => "Resource ID of what the name says, which lies outside of this template.",
            Parameter::Property(..) => "Property of a resource that lies outside of this template.",
            Parameter::FirewallAddress => {
                "Private address that the firewall really has. It must be the next hop of the default route, or no traffic of the cluster would arrive."
            }
            Parameter::PeeringState => {
                "State of the peering with the network of the firewall. It is connected once the owner of that network has added its side: az/peer-back.sh."
            }
        }
    }

    /// Its type.
    pub(crate) fn kind(self) -> ParameterType {
        match self {
            Parameter::Location
            | Parameter::WorkspaceLocation
            | Parameter::ClientId
            | Parameter::ObjectId
            | Parameter::FirewallAddress
            | Parameter::PeeringState
            | Parameter::Id(_)
            | Parameter::Property(..) => ParameterType::Text,
            Parameter::Secret => ParameterType::SecureText,
            Parameter::RouteTableExists => ParameterType::Bool,
        }
    }

    /// The variable of the environment that a Bicep parameter file reads it from, when it belongs in no file.
    /// Some are numbered.
    pub(crate) fn variable(self) -> Option<(&'static str, Option<usize>)> {
        let variable = match self {
            Parameter::ClientId => "SERVICE_PRINCIPAL_CLIENT_ID",
            Parameter::ObjectId => "SERVICE_PRINCIPAL_OBJECT_ID",
            Parameter::Secret => "SERVICE_PRINCIPAL_SECRET",
            Parameter::Id(Symbol::Identity) => "CLUSTER_IDENTITY_ID",
            Parameter::Id(Symbol::Workspace) => "WORKSPACE_ID",
            Parameter::Id(Symbol::Subnet(SubnetRole::Nodes)) => "NODE_SUBNET_ID",
            Parameter::Id(Symbol::Subnet(SubnetRole::Pods)) => "POD_SUBNET_ID",
            Parameter::Id(Symbol::Subnet(SubnetRole::ApiServer)) => "API_SERVER_SUBNET_ID",
            Parameter::Property(Symbol::PublicIp(index), _) => return Some(("FIREWALL_ADDRESS_", Some(index + 1))),
            Parameter::Location
            | Parameter::WorkspaceLocation
            | Parameter::RouteTableExists
            | Parameter::FirewallAddress
            | Parameter::PeeringState
            | Parameter::Id(_)
            | Parameter::Property(..) => return None,
        };
        Some((variable, None))
    }
}

/// What a path of a property is called in names.
fn ending(path: &str) -> &'static str {
    match path {
        "principalId" => "PrincipalId",
        "ipAddress" => "Address",
        _ => "Property",
    }
}

impl Declaration {
    /// A parameter without default whose value is any.
    pub(crate) fn open(parameter: Parameter) -> Self {
        Declaration { parameter, only: None, default: None }
    }

    /// A parameter that may have one value only.
    pub(crate) fn only(parameter: Parameter, value: impl std::fmt::Display) -> Self {
        Declaration { parameter, only: Some(value.to_string()), default: None }
    }

    /// A choice with a default.
    pub(crate) fn choice(parameter: Parameter, default: bool) -> Self {
        Declaration { parameter, only: None, default: Some(default) }
    }
}
