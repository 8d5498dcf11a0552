//! Networks, subnets, public addresses, route tables, and identities.

use serde_json::{Value, json};

use super::args::Args;
use super::body;
use super::cloud::Cloud;
use super::command::{Answer, Command, Does, Failure, Reading, many, need, one};

pub(super) const VNET: &str = "Microsoft.Network/virtualNetworks";
pub(super) const SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets";
pub(super) const ADDRESS: &str = "Microsoft.Network/publicIPAddresses";
pub(super) const TABLE: &str = "Microsoft.Network/routeTables";
const PEERING: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
const ROUTE: &str = "Microsoft.Network/routeTables/routes";
const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

const IN_NETWORK: [&str; 2] = ["--vnet-name", "--name"];
const IN_TABLE: [&str; 2] = ["--route-table-name", "--name"];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: "network vnet show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(VNET, &["--name"])?),
    },
    Command {
        words: "network vnet create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--name"),
            one("--location"),
            many("--address-prefixes"),
            many("--dns-servers"),
            many("--tags"),
        ],
        run: vnet_create,
    },
    Command {
        words: "network vnet subnet show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--vnet-name"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(SUBNET, &IN_NETWORK)?),
    },
    Command {
        words: "network vnet subnet create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--vnet-name"),
            need("--name"),
            many("--address-prefixes"),
            one("--default-outbound"),
            many("--service-endpoints"),
            many("--delegations"),
            one("--route-table"),
        ],
        run: subnet_create,
    },
    Command {
        words: "network vnet subnet update",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[need("--resource-group"), need("--vnet-name"), need("--name"), one("--route-table")],
        run: subnet_update,
    },
    Command {
        words: "network vnet peering show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--vnet-name"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(PEERING, &IN_NETWORK)?),
    },
    Command {
        words: "network vnet peering list",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--vnet-name")],
        run: peering_list,
    },
    Command {
        words: "network vnet peering create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--vnet-name"),
            need("--name"),
            need("--remote-vnet"),
            one("--allow-vnet-access"),
            one("--allow-forwarded-traffic"),
            one("--allow-gateway-transit"),
            one("--use-remote-gateways"),
        ],
        run: peering_create,
    },
    Command {
        words: "network public-ip show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(ADDRESS, &["--name"])?),
    },
    Command {
        words: "network public-ip create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--name"),
            one("--location"),
            one("--sku"),
            one("--tier"),
            one("--allocation-method"),
            one("--version"),
            many("--zone"),
            one("--public-ip-prefix"),
            many("--tags"),
        ],
        run: address_create,
    },
    Command {
        words: "network route-table show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(TABLE, &["--name"])?),
    },
    Command {
        words: "network route-table create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--name"),
            one("--location"),
            one("--disable-bgp-route-propagation"),
            many("--tags"),
        ],
        run: table_create,
    },
    Command {
        words: "network route-table route show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--route-table-name"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(ROUTE, &IN_TABLE)?),
    },
    Command {
        words: "network route-table route create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--route-table-name"),
            need("--name"),
            one("--address-prefix"),
            one("--next-hop-type"),
            one("--next-hop-ip-address"),
        ],
        run: route_create,
    },
    Command {
        words: "identity show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(IDENTITY, &["--name"])?),
    },
    Command {
        words: "identity create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[need("--resource-group"), need("--name"), one("--location"), many("--tags")],
        run: |cloud, args| created(cloud, args, IDENTITY, &["--name"], regional(args)?),
    },
];

/// A body with location and tags.
pub(super) fn regional(args: &Args) -> Result<Value, Failure> {
    let mut body = json!({ "properties": {} });
    body::set_some(&mut body, &["location"], args.text("--location")?);
    body::set_some(&mut body, &["tags"], args.tags()?);
    Ok(body)
}

/// Writes a resource that options name.
pub(super) fn created(cloud: &mut Cloud, args: &Args, kind: &str, names: &[&str], body: Value) -> Answer {
    let id = args.id(kind, names)?;
    cloud.put(&id, body)?;
    cloud.show(&id)
}

fn vnet_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = regional(args)?;
    let usual = || Some(json!(["10.0.0.0/16"]));
    body::set_some(
        &mut body,
        &["properties", "addressSpace", "addressPrefixes"],
        args.array("--address-prefixes")?.or_else(usual),
    );
    body::set_some(&mut body, &["properties", "dhcpOptions", "dnsServers"], args.array("--dns-servers")?);
    created(cloud, args, VNET, &["--name"], body)
}

fn subnet_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = json!({ "properties": {} });
    match args.list("--address-prefixes")?.as_deref() {
        Some([prefix]) => body::set(&mut body, &["properties", "addressPrefix"], json!(prefix)),
        Some(prefixes) => body::set(&mut body, &["properties", "addressPrefixes"], json!(prefixes)),
        None => return Err(Failure::refused("InvalidRequestFormat", "a subnet needs a prefix")),
    }
    body::set_some(&mut body, &["properties", "defaultOutboundAccess"], args.boolean("--default-outbound")?);
    let services = args.list("--service-endpoints")?;
    let services = services.map(|list| list.iter().map(|name| json!({ "service": name })).collect::<Value>());
    body::set_some(&mut body, &["properties", "serviceEndpoints"], services);
    let delegations = args.list("--delegations")?.map(|list| {
        let entry =
            |(at, name): (usize, &String)| json!({ "name": at.to_string(), "properties": { "serviceName": name } });
        list.iter().enumerate().map(entry).collect::<Value>()
    });
    body::set_some(&mut body, &["properties", "delegations"], delegations);
    body::set_some(&mut body, &["properties", "routeTable"], args.reference("--route-table", TABLE)?);
    created(cloud, args, SUBNET, &IN_NETWORK, body)
}

fn subnet_update(cloud: &mut Cloud, args: &Args) -> Answer {
    let table = args.reference("--route-table", TABLE)?;
    let id = args.id(SUBNET, &IN_NETWORK)?;
    cloud.edit(&id, |body| {
        body::set_some(body, &["properties", "routeTable"], table);
        Ok(())
    })?;
    cloud.show(&id)
}

fn peering_list(cloud: &mut Cloud, args: &Args) -> Answer {
    let network = args.id(VNET, &["--vnet-name"])?;
    let entries = cloud.body(&network).ok_or_else(|| Failure::not_found(&network))?;
    let entries = body::get(entries, &["properties", "virtualNetworkPeerings"]).as_array().cloned().unwrap_or_default();
    let names = entries.iter().filter_map(|entry| entry["name"].as_str());
    names.map(|name| cloud.show(&format!("{network}/virtualNetworkPeerings/{name}"))).collect()
}

fn peering_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = json!({ "properties": {} });
    body::set_some(&mut body, &["properties", "remoteVirtualNetwork"], args.reference("--remote-vnet", VNET)?);
    for (option, name) in [
        ("--allow-vnet-access", "allowVirtualNetworkAccess"),
        ("--allow-forwarded-traffic", "allowForwardedTraffic"),
        ("--allow-gateway-transit", "allowGatewayTransit"),
        ("--use-remote-gateways", "useRemoteGateways"),
    ] {
        body::set_some(&mut body, &["properties", name], args.boolean(option)?);
    }
    created(cloud, args, PEERING, &IN_NETWORK, body)
}

fn address_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = regional(args)?;
    body::set_some(&mut body, &["sku", "name"], args.choice("--sku", &["Standard", "Basic"])?);
    body::set_some(&mut body, &["sku", "tier"], args.choice("--tier", &["Regional", "Global"])?);
    let method = args.choice("--allocation-method", &["Static", "Dynamic"])?;
    body::set_some(&mut body, &["properties", "publicIPAllocationMethod"], method);
    body::set_some(&mut body, &["properties", "publicIPAddressVersion"], args.choice("--version", &["IPv4", "IPv6"])?);
    body::set_some(&mut body, &["zones"], args.array("--zone")?);
    let prefix = args.reference("--public-ip-prefix", "Microsoft.Network/publicIPPrefixes")?;
    body::set_some(&mut body, &["properties", "publicIPPrefix"], prefix);
    created(cloud, args, ADDRESS, &["--name"], body)
}

fn table_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = regional(args)?;
    let off = args.boolean("--disable-bgp-route-propagation")?;
    body::set_some(&mut body, &["properties", "disableBgpRoutePropagation"], off);
    created(cloud, args, TABLE, &["--name"], body)
}

const HOPS: [&str; 5] = ["Internet", "None", "VirtualAppliance", "VirtualNetworkGateway", "VnetLocal"];

fn route_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = json!({ "properties": {} });
    body::set_some(&mut body, &["properties", "addressPrefix"], args.text("--address-prefix")?);
    body::set_some(&mut body, &["properties", "nextHopType"], args.choice("--next-hop-type", &HOPS)?);
    body::set_some(&mut body, &["properties", "nextHopIpAddress"], args.text("--next-hop-ip-address")?);
    created(cloud, args, ROUTE, &IN_TABLE, body)
}
