//! Shapes of the estate that exclude each other: one finding for one mistake, at a key that can be changed.

use crate::shared::compile_text;

const NETWORK: &str = r#"
[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes    = { name = "aks" }
firewall = "10.90.8.0/26"
"#;

/// The same without a firewall of its own.
const ESTATE: &str = r#"
[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes = { name = "aks" }
"#;

/// A peering of that network with itself.
const ITSELF: &str = r#"peer = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/Network/providers/Microsoft.Network/virtualNetworks/Spoke"
"#;

const FIREWALL: &str = r#"
[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
"#;

/// The network of that firewall.
const PEER: &str = "peer = \"/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet\"\n";

const HUB: &str = "\n[hub]\nvnet = \"hub-vnet\"\n";

/// Texts of profiles, each with the one thing that is said of it and the text that it points at.
fn said() -> Vec<(Vec<&'static str>, &'static str, &'static str)> {
    vec![
        (vec![NETWORK, HUB], "a hub would have to be peered with a network of somebody else", "[hub]"),
        (
            vec![NETWORK, HUB, "\n[firewall]\nprivate-ip = \"10.90.8.4\"\n"],
            "a hub would have to be peered with a network of somebody else",
            "[hub]",
        ),
        (
            vec![HUB, "\n[firewall]\nprivate-ip = \"10.0.3.4\"\n"],
            "`private-ip` is set for a firewall whose address is read from the hub",
            "\"10.0.3.4\"",
        ),
        (vec![HUB, FIREWALL], "a hub is made for a firewall that is there already", "[hub]"),
        (vec![ESTATE, HUB, FIREWALL], "a hub is made for a firewall that is there already", "[hub]"),
        (
            vec![ESTATE, FIREWALL, ITSELF],
            "`peer` is the cluster's own network, `Spoke`, and no network is peered with itself",
            "\"/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/Network/providers/Microsoft.Network/virtualNetworks/Spoke\"",
        ),
        (
            vec![FIREWALL, "peer-back = true\n[deploy]\nsplit = true\n"],
            "`peer-back` asks for the other side of a peering, and none is written",
            "true",
        ),
        (
            vec!["\n[network]\ndns-servers = [\"10.0.5.5\"]\n", FIREWALL, PEER, "dns-proxy = true\n"],
            "`dns-servers` are set, and hosts ask the firewall, which asks the servers that its owner chose",
            "\"10.0.5.5\"",
        ),
        (
            vec![FIREWALL, PEER, "\n[cluster]\nservice-cidr = \"10.1.0.0/20\"\n"],
            "the service range 10.1.0.0/20 holds 10.1.0.4, the address of a firewall in another network",
            "\"10.1.0.0/20\"",
        ),
        (
            vec![NETWORK, "ingress  = { name = \"AKS\" }\n"],
            "subnet `aks` is given for `ingress` and for `nodes`",
            "\"aks\"",
        ),
    ]
}

#[test]
fn a_contradiction_is_one_finding() {
    for (parts, message, place) in said() {
        let text = format!("region = \"westeurope\"\n{}", parts.concat());
        let built = compile_text(&text);
        let report = built.report();
        let found: Vec<_> =
            report.findings.iter().map(|f| (f.message.as_str(), report.sources.slice(f.span()))).collect();
        assert_eq!(found, [(message, place)], "{text}");
    }
}

/// A profile that names a resource by an ID.
type Written = fn(&str) -> String;

/// IDs of resources whose names Azure gives to nobody.
#[test]
fn a_name_in_an_id_is_one_that_azure_gives() {
    let id = |group: &str, kind: &str, name: &str| {
        format!("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/{group}/providers/{kind}/{name}")
    };
    let kinds: [(&str, Written); 5] =
        [
            ("Microsoft.OperationalInsights/workspaces", |id| format!("[logs.workspace]\nid = \"{id}\"\n")),
            ("Microsoft.Network/firewallPolicies", |id| format!("[firewall]\nparent-policy = \"{id}\"\n")),
            ("Microsoft.Network/azureFirewalls", |id| replaced("firewall ", id)),
            ("Microsoft.Network/firewallPolicies", |id| replaced("policy", id)),
            ("Microsoft.Network/virtualNetworks", |id| {
                NETWORK
                    .lines()
                    .map(|line| {
                        if line.starts_with("existing") {
                            format!("existing = \"{id}\"\n")
                        } else {
                            format!("{line}\n")
                        }
                    })
                    .collect()
            }),
        ];
    let long = "x".repeat(900_000);
    for (kind, text) in kinds {
        for (group, name) in
            [("rg", "a b"), ("rg", "..."), ("rg", "n\u{e4}me"), ("rg", &long), ("rg.", "name"), (&long, "name")]
        {
            let text = format!("region = \"westeurope\"\n{}", text(&id(group, kind, name)));
            let built = compile_text(&text);
            let report = built.report();
            assert_eq!(report.findings.len(), 1, "{kind} {group:.20} {name:.20}: {:?}", report.findings);
            assert!(report.sources.slice(report.findings[0].span()).starts_with("\"/subscriptions/"), "{kind}");
            assert!(report.findings[0].message.len() < 300, "{kind}: {} bytes", report.findings[0].message.len());
        }
    }
}

/// The table of a firewall of somebody else with one key changed.
fn replaced(key: &str, value: &str) -> String {
    let line = |line: &str| {
        if line.starts_with(key) { format!("{key} = \"{value}\"\n") } else { format!("{line}\n") }
    };
    FIREWALL.lines().map(line).chain(["[deploy]\nsplit = true\n".to_owned()]).collect()
}
