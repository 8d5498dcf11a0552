//! The application gateway, its web application firewall and its address.

use std::rc::Rc;

use super::node::{Expr, Node};
use super::target::{Kind, Symbol, Target};
use super::{Places, Resource, firewall, network};
use crate::diag::At;
use crate::plan::{Gateway, SubnetRole};
use crate::profile::GatewayCertificate;
use crate::value::{Addresses, Cloud};

/// Where the gateway and what belongs to it are.
pub(super) struct Place {
    address: Rc<Target>,
    policy: Rc<Target>,
    gateway: Rc<Target>,
}

impl Place {
    pub(super) fn new(cloud: Cloud, gateway: &Gateway) -> Place {
        Place {
            address: Target::new(cloud, Symbol::GatewayAddress, Kind::PublicIp, &gateway.address.name),
            policy: Target::new(cloud, Symbol::GatewayPolicy, Kind::WafPolicy, &gateway.policy),
            gateway: Target::new(cloud, Symbol::Gateway, Kind::Gateway, &*gateway.name),
        }
    }
}

/// Address, policy, gateway.
pub(super) fn gateway(gateway: &Gateway, place: &Place, places: &Places) -> Vec<Resource> {
    let why = "Address at which the service is published";
    let policy = vec![("properties", policy(gateway))];
    vec![
        network::public_address(&gateway.address, None, &place.address, why),
        Resource::regional(&place.policy, "Refuses attacks on the published service", policy),
        Resource::regional(&place.gateway, "Publishes the service", fields(gateway, place, places)),
    ]
}

/// What is refused before the service sees it.
fn policy(gateway: &Gateway) -> Node {
    let rules =
        Node::object([("ruleSetType", Node::text("Microsoft_DefaultRuleSet")), ("ruleSetVersion", Node::text("2.1"))]);
    let settings = Node::object([
        ("state", Node::text("Enabled")),
        ("mode", Node::text("Prevention")),
        ("requestBodyCheck", Node::Bool(true)),
        ("maxRequestBodySizeInKb", Node::Int(128)),
        ("fileUploadLimitInMb", Node::Int(100)),
    ]);
    let mut fields = vec![("policySettings", settings)];
    if let Some(from) = &gateway.from {
        fields.push(("customRules", Node::List(vec![strangers(from)])));
    }
    fields.push(("managedRules", Node::object([("managedRuleSets", Node::List(vec![rules]))])));
    Node::fields(fields)
}

/// Who is not named is refused. The property's name is misspelt in Azure itself.
fn strangers(from: &[At<Addresses>]) -> Node {
    let sender = Node::object([("variableName", Node::text("RemoteAddr"))]);
    let condition = Node::object([
        ("matchVariables", Node::List(vec![sender])),
        ("operator", Node::text("IPMatch")),
        ("negationConditon", Node::Bool(true)),
        ("matchValues", Node::texts(from.iter().map(|addresses| addresses.value))),
    ]);
    Node::object([
        ("name", Node::text("OnlyKnownSenders")),
        ("priority", Node::Int(10)),
        ("state", Node::text("Enabled")),
        ("ruleType", Node::text("MatchRule")),
        ("action", Node::text("Block")),
        ("matchConditions", Node::List(vec![condition])),
    ])
}

fn fields(gateway: &Gateway, place: &Place, places: &Places) -> Vec<(&'static str, Node)> {
    let Gateway {
        name: _,
        policy: _,
        address: _,
        min,
        max,
        zones,
        service: _,
        port,
        to,
        to_port,
        // The policy refuses the others.
        from: _,
        unlocated: _,
        certificate,
        origin: _,
    } = gateway;
    let own = |kind, name| Node::object([("id", Node::Expr(Expr::Part { of: Rc::clone(&place.gateway), kind, name }))]);
    let one = |name: &'static str, properties: Vec<(&'static str, Node)>| {
        Node::List(vec![Node::object([("name", Node::text(name)), ("properties", Node::fields(properties))])])
    };
    let protocol = if certificate.is_some() { "Https" } else { "Http" };
    let mut listener = vec![
        ("frontendIPConfiguration", own(FRONTENDS, "frontend")),
        ("frontendPort", own(PORTS, "port")),
        ("protocol", Node::text(protocol)),
    ];
    let mut properties = vec![
        ("sku", Node::object([("name", Node::text("WAF_v2")), ("tier", Node::text("WAF_v2"))])),
        (
            "autoscaleConfiguration",
            Node::object([
                ("minCapacity", Node::Int(i64::from(min.value))),
                ("maxCapacity", Node::Int(i64::from(max.value))),
            ]),
        ),
        (
            "gatewayIPConfigurations",
            one("subnet", vec![("subnet", Node::reference(places.subnet(SubnetRole::Gateway)))]),
        ),
    ];
    let mut list = Vec::new();
    if !zones.is_empty() {
        list.push(("zones", Node::texts(zones.iter().map(|zone| zone.value))));
    }
    if let Some(GatewayCertificate { secret, identity }) = certificate {
        list.push(("identity", firewall::existing_identity(identity)));
        // TLS 1.2 and newer.
        let policy = [("policyType", Node::text("Predefined")), ("policyName", Node::text("AppGwSslPolicy20220101"))];
        properties.push(("sslPolicy", Node::object(policy)));
        properties.push(("sslCertificates", one("certificate", vec![("keyVaultSecretId", Node::text(&secret.value))])));
        listener.push(("sslCertificate", own(CERTIFICATES, "certificate")));
    }
    let backend = Node::List(vec![Node::object([("ipAddress", Node::text(to.value))])]);
    properties.extend([
        ("frontendIPConfigurations", one("frontend", vec![("publicIPAddress", Node::reference(&place.address))])),
        ("frontendPorts", one("port", vec![("port", Node::Int(i64::from(port.value)))])),
        ("backendAddressPools", one("service", vec![("backendAddresses", backend)])),
        (
            "backendHttpSettingsCollection",
            one(
                "service",
                vec![
                    ("port", Node::Int(i64::from(to_port.value))),
                    ("protocol", Node::text("Http")),
                    ("cookieBasedAffinity", Node::text("Disabled")),
                    ("requestTimeout", Node::Int(30)),
                ],
            ),
        ),
        ("httpListeners", one("listener", listener)),
        (
            "requestRoutingRules",
            one(
                "service",
                vec![
                    ("ruleType", Node::text("Basic")),
                    ("priority", Node::Int(100)),
                    ("httpListener", own(LISTENERS, "listener")),
                    ("backendAddressPool", own(POOLS, "service")),
                    ("backendHttpSettings", own(SETTINGS, "service")),
                ],
            ),
        ),
        ("firewallPolicy", Node::reference(&place.policy)),
    ]);
    list.push(("properties", Node::fields(properties)));
    list
}

const FRONTENDS: &str = "Microsoft.Network/applicationGateways/frontendIPConfigurations";
const PORTS: &str = "Microsoft.Network/applicationGateways/frontendPorts";
const CERTIFICATES: &str = "Microsoft.Network/applicationGateways/sslCertificates";
const LISTENERS: &str = "Microsoft.Network/applicationGateways/httpListeners";
const POOLS: &str = "Microsoft.Network/applicationGateways/backendAddressPools";
const SETTINGS: &str = "Microsoft.Network/applicationGateways/backendHttpSettingsCollection";
