//! Networks of somebody else: used as they are, added to, and never rewritten.

use serde_json::{Value, json};

use super::{acts, clean, owners_peering, owners_prefix, stub_with};
use crate::agree::facts;
use crate::shared::{compile_text, files_of};
use crate::stub::{Does, SUBSCRIPTION, Stub};

const STEPS: &str = "az/deploy-steps.sh";
const TEMPLATE: &str = "az/deploy-template.sh";

fn network() -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/corp/providers/Microsoft.Network/virtualNetworks/spoke")
}

/// A profile of a network of somebody else: what stands at the top, its subnets, and the rest.
fn profile(top: &str, subnets: &str, rest: &str) -> String {
    format!(
        "region = \"westeurope\"\n{top}\n[network]\nexisting = \"{}\"\n[network.subnets]\n{subnets}\n{rest}",
        network()
    )
}

const THERE: &str = "nodes = { name = \"snet-aks\" }\ningress = { name = \"snet-lb\" }";
const AT: &str = "[firewall]\nprivate-ip = \"10.90.0.4\"";

/// The subscription of the firewall.
const OTHERS: &str = "22222222-2222-4222-8222-222222222222";

/// A firewall of somebody else in another subscription; its policy is in the group of the network or beside it.
fn elsewhere(group: &str, more: &str) -> String {
    let subscription = if group == "hub" { OTHERS } else { SUBSCRIPTION };
    let of = |subscription: &str, group: &str, kind: &str, name: &str| {
        format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/{kind}/{name}")
    };
    format!(
        "[firewall.existing]\nfirewall = \"{}\"\npolicy = \"{}\"\nprivate-ip = \"10.1.0.4\"\n\
         public-ips = [\"20.50.1.4\", \"20.50.1.5\"]\npriority = 500\n{more}\n",
        of(OTHERS, "hub", "azureFirewalls", "hub-fw"),
        of(subscription, group, "firewallPolicies", "company"),
    )
}

/// The network of that firewall.
fn hub() -> String {
    format!("/subscriptions/{OTHERS}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet")
}

/// The shapes that a network of somebody else may take whose firewall is somebody else's as well.
fn estates() -> Vec<(&'static str, String)> {
    let added = "nodes = \"10.90.16.0/22\"\ningress = \"10.90.9.0/24\"\ngateway = \"10.90.10.0/24\"";
    let peer = format!("peer = \"{}\"", hub());
    let published = "[[inbound]]\nname = \"web\"\nport = 443\nto = \"10.90.9.4:443\"\nfrom = [\"203.0.113.0/24\"]\n";
    let names = "[egress.collections.own]\npriority = 300\n[[egress.collections.own.rules]]\nname = \"one\"\n\
                 fqdns = [\"db.example.com\"]\nports = [\"tcp:5432\"]\nfrom = [\"nodes\", \"ingress\"]\n";
    let cluster = "[cluster]\nauthorized-ip-ranges = [\"203.0.113.0/24\"]\n[deploy]\nsplit = true\n";
    let inside = format!("{THERE}\npods = {{ name = \"snet-pods\" }}\napi-server = \"10.90.20.0/28\"");
    vec![
        ("both are there", profile("", THERE, &elsewhere("hub", ""))),
        ("the policy beside the network", profile("", THERE, &elsewhere("corp", ""))),
        ("the policy beside the network, peered", profile("", added, &elsewhere("Corp", &peer))),
        ("subnets and a peering are added", profile("", added, &format!("{}{published}", elsewhere("hub", &peer)))),
        ("names in network rules", profile("", THERE, &format!("{}{names}", elsewhere("hub", "dns-proxy = true")))),
        ("kubenet", profile("cni = \"kubenet\"", THERE, &elsewhere("hub", ""))),
        ("two layers", profile("", THERE, &format!("{}{cluster}", elsewhere("hub", "")))),
        ("two layers, peered", profile("", added, &format!("{}{cluster}", elsewhere("hub", &peer)))),
        (
            "two layers, peered on both sides",
            profile("", added, &format!("{}{cluster}", elsewhere("hub", &format!("{peer}\npeer-back = true")))),
        ),
        ("no cluster", profile("", added, &format!("{}[cluster]\ncreate = false", elsewhere("hub", &peer)))),
        (
            "a service principal",
            profile("", THERE, &format!("{}[cluster]\nidentity = \"service-principal\"", elsewhere("hub", &peer))),
        ),
        (
            "pods and API server inside",
            profile(
                "cni = \"azure-pod-subnet\"",
                &inside,
                &format!("{}[cluster]\napi-server = \"vnet-integrated\"", elsewhere("hub", "")),
            ),
        ),
    ]
}

/// The shapes that a network of somebody else may take.
fn shapes() -> Vec<(&'static str, String)> {
    let added = "nodes = \"10.90.16.0/22\"\nfirewall = \"10.90.8.0/26\"\ngateway = \"10.90.9.0/24\"";
    let rule = "[egress.collections.own]\npriority = 300\n[[egress.collections.own.rules]]\nname = \"one\"\n\
                addresses = [\"10.1.2.3\"]\nports = [\"tcp:5432\"]\nfrom = [\"nodes\", \"ingress\", \"10.2.0.0/16\"]\n";
    let by_hand = "[[override]]\nresource = \"firewall\"\npointer = \"/properties/autoscaleConfiguration/minCapacity\"\n\
                   value = 3\nreason = \"x\"\n[[override]]\nresource = \"subnet/gateway\"\n\
                   pointer = \"/properties/privateEndpointNetworkPolicies\"\nvalue = \"Enabled\"\nreason = \"x\"\n";
    let published = "[gateway]\nservice = \"web\"\n[gateway.certificate]\n\
                     secret = \"https://v.vault.azure.net/secrets/shop\"\n\
                     identity = \"/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway\"\n\
                     [[inbound]]\nname = \"web\"\nport = 443\nto = \"10.90.12.4:443\"\nfrom = [\"203.0.113.0/24\"]\n";
    vec![
        ("a gateway in an added subnet", profile("", &format!("{added}\ningress = \"10.90.12.0/24\""), published)),
        ("additions by hand", profile("", added, by_hand)),
        ("everything is there", profile("", THERE, &format!("{AT}\n{rule}"))),
        ("everything is added", profile("", added, "")),
        ("classic rules", profile("", THERE, &format!("{AT}\nrules = \"classic\"\n{rule}"))),
        ("kubenet", profile("cni = \"kubenet\"", THERE, AT)),
        ("kubenet, added", profile("cni = \"kubenet\"", added, "")),
        ("two layers", profile("", THERE, &format!("{AT}\n[deploy]\nsplit = true"))),
        ("no cluster", profile("", THERE, &format!("{AT}\n[cluster]\ncreate = false"))),
        ("a service principal", profile("", THERE, &format!("{AT}\n[cluster]\nidentity = \"service-principal\""))),
        (
            "pods and API server inside",
            profile(
                "cni = \"azure-pod-subnet\"",
                &format!("{THERE}\npods = {{ name = \"snet-pods\" }}\napi-server = {{ name = \"snet-api\" }}"),
                &format!("{AT}\n[cluster]\napi-server = \"vnet-integrated\""),
            ),
        ),
        ("a forced tunnel", profile("", THERE, &format!("{AT}\nforced-tunnel = \"10.99.0.4\""))),
        (
            "the Basic tier, added",
            profile("", &format!("{added}\nfirewall-management = \"10.90.8.64/26\""), "[firewall]\ntier = \"Basic\""),
        ),
    ]
}

/// Both scripts make the same, and a second run of either changes nothing.
#[test]
fn both_ways_lead_to_the_same() {
    for (name, text) in shapes().into_iter().chain(estates()) {
        let built = compile_text(&text);
        assert!(built.checked().is_some(), "{name}: {:#?}", built.report().findings);
        let files = files_of(&built);
        let mut steps = stub_with(&files);
        let ran = steps.run(STEPS);
        clean(&steps, name, &ran);
        let made = facts::of(&steps.cloud);
        steps.cloud.forget();
        let ran = steps.run(STEPS);
        clean(&steps, name, &ran);
        assert_eq!(acts(&steps.cloud.forget()), Vec::<String>::new(), "{name}");
        let mut template = stub_with(&files);
        for _ in 0..2 {
            let ran = template.run(TEMPLATE);
            clean(&template, name, &ran);
            let lines = facts::difference(("script", &made), ("template", &facts::of(&template.cloud)));
            assert!(lines.is_empty(), "{name}\n{}", lines.join("\n"));
        }
    }
}

/// Of what the owner has, nothing is written but the route table of a subnet.
#[test]
fn nothing_of_the_owner_is_rewritten() {
    let written = |call: &str| call.contains("--resource-group corp ") && !call.contains("firewall");
    let files = files_of(&compile_text(&profile("", THERE, AT)));
    let mut stub = stub_with(&files);
    let ran = stub.run(STEPS);
    clean(&stub, STEPS, &ran);
    let all = acts(&stub.cloud.forget());
    let there: Vec<&String> = all.iter().filter(|call| written(call)).collect();
    assert_eq!(there.len(), 1, "{there:#?}");
    assert!(there[0].starts_with("network vnet subnet update") && there[0].contains("--name snet-aks"), "{there:#?}");
    let scopes: Vec<&String> = all.iter().filter(|call| call.starts_with("role assignment create")).collect();
    assert_eq!(scopes.len(), 2, "{scopes:#?}");
    for subnet in ["snet-aks", "snet-lb"] {
        let scope = format!("--scope {}/subnets/{subnet} ", network());
        assert!(scopes.iter().any(|call| call.contains(&scope)), "{scope}: {scopes:#?}");
    }
}

/// A rule never falls back to every source: the prefix that the owner chose is read.
#[test]
fn rules_take_the_prefix_that_is_there() {
    let files = files_of(&compile_text(&profile("", THERE, AT)));
    let mut stub = stub_with(&files);
    let ran = stub.run(STEPS);
    clean(&stub, STEPS, &ran);
    let mut seen = 0;
    for group in stub.cloud.resources().filter(|one| one.id.contains("ruleCollectionGroups")) {
        for collection in group.body["properties"]["ruleCollections"].as_array().unwrap() {
            for rule in collection["rules"].as_array().unwrap() {
                assert_eq!(rule["sourceAddresses"], json!([owners_prefix("nodes")]), "{rule}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

/// What made a subnet decides how Azure shows its prefixes.
const SPELLINGS: [&str; 4] = [
    r#"{"addressPrefix": "10.90.4.0/22"}"#,
    r#"{"addressPrefix": "10.90.4.0/22", "addressPrefixes": []}"#,
    r#"{"addressPrefixes": ["10.90.4.0/22"]}"#,
    r#"{"addressPrefix": null, "addressPrefixes": ["10.90.16.0/24", "10.90.4.0/22"]}"#,
];

/// However Azure shows the prefixes of a subnet, and however many there are, rules take all of them: by either script, in
/// a policy and on the firewall itself, alone and beside other sources.
#[test]
fn rules_take_every_prefix_in_either_spelling() {
    let shapes: Vec<_> = shapes().into_iter().filter(|(name, _)| SOURCES.contains(name)).collect();
    assert_eq!(shapes.len(), SOURCES.len());
    for (name, text) in &shapes {
        crate::bicep::same_as_arm(&files_of(&compile_text(text)), name);
    }
    for (spelling, (name, text)) in SPELLINGS.into_iter().flat_map(|one| shapes.iter().map(move |shape| (one, shape))) {
        let files = files_of(&compile_text(text));
        let place = format!("{name} {spelling}");
        let shown: Value = serde_json::from_str(spelling).unwrap();
        let mut states = Vec::new();
        for script in [STEPS, TEMPLATE] {
            let mut stub = stub_with(&files);
            show(&mut stub, &shown);
            let ran = stub.run(script);
            clean(&stub, &place, &ran);
            stub.cloud.forget();
            let ran = stub.run(script);
            clean(&stub, &place, &ran);
            if script == STEPS {
                assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{place}");
            }
            states.push(facts::of(&stub.cloud));
            let listed = shown["addressPrefixes"].as_array().filter(|list| !list.is_empty());
            let prefixes = listed.cloned().unwrap_or_else(|| vec![shown["addressPrefix"].clone()]);
            let all = sources(&stub);
            assert!(!all.is_empty(), "{place}");
            for list in all {
                let at = list.iter().position(|one| *one == prefixes[0]).unwrap_or_else(|| panic!("{place}: {list:?}"));
                assert_eq!(list[at..at + prefixes.len()], prefixes, "{place}");
            }
        }
        let lines = facts::difference(("script", &states[0]), ("template", &states[1]));
        assert!(lines.is_empty(), "{place}\n{}", lines.join("\n"));
    }
}

/// Shapes whose rules come from subnets that are there already.
const SOURCES: [&str; 2] = ["everything is there", "classic rules"];

/// Shows the subnet of the nodes otherwise.
fn show(stub: &mut Stub, prefixes: &Value) {
    let id = format!("{}/subnets/snet-aks", network());
    let mut body = stub.cloud.body(&id).unwrap().clone();
    let properties = body["properties"].as_object_mut().unwrap();
    properties.shift_remove("addressPrefix");
    properties.extend(prefixes.as_object().unwrap().clone());
    stub.cloud.put(&id, body).unwrap();
}

/// The sources of every rule, wherever it is.
fn sources(stub: &Stub) -> Vec<Vec<Value>> {
    fn look(value: &Value, found: &mut Vec<Vec<Value>>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, inner)| match inner.as_array() {
                Some(list) if name == "sourceAddresses" => found.push(list.clone()),
                Some(_) | None => look(inner, found),
            }),
            Value::Array(items) => items.iter().for_each(|item| look(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    stub.cloud.resources().for_each(|one| look(&one.body, &mut found));
    found
}

fn change(stub: &mut Stub, path: &str, value: &Value) {
    let network = stub.cloud.resources_mut().find(|one| one.id == network()).unwrap();
    let place = network.body.pointer_mut(path.rsplit_once('/').unwrap().0).unwrap();
    place[path.rsplit_once('/').unwrap().1] = value.clone();
}

/// What is taken for granted is looked at before anything is built, in every script, and the finding names it.
#[test]
fn what_is_not_so_stops_before_anything_is_built() {
    let files = files_of(&compile_text(&profile("", THERE, AT)));
    let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    let claims = plan["assumptions"].as_array().unwrap();
    let nodes = claims.iter().filter(|one| one["claim"].get("subnet").is_some());
    let at = nodes.clone().position(|one| one["claim"]["role"] == "nodes").unwrap();
    let other = nodes.clone().position(|one| one["claim"]["role"] == "firewall").unwrap();
    let subnet = format!("/properties/subnets/{at}/properties");
    let rows = [
        ("/location".to_owned(), json!("northeurope"), "planned westeurope, found northeurope"),
        (format!("/properties/subnets/{at}/name"), json!("other"), "snet-aks"),
        (format!("{subnet}/addressPrefix"), json!("10.90.4.0/30"), "a /29 or larger"),
        (
            format!("{subnet}/addressPrefixes"),
            json!(["10.90.4.0/30", "10.90.5.0/30"]),
            "a /29 or larger: planned large enough, found 10.90.4.0/30, 10.90.5.0/30",
        ),
        (
            format!("{subnet}/addressPrefixes"),
            json!(["10.90.4.0/22", "fd00:db8::/64"]),
            "IPv6 prefix: planned none, found fd00:db8::/64",
        ),
        (
            format!("/properties/subnets/{other}/properties/addressPrefixes"),
            json!(["10.90.0.0/26", "10.90.2.0/26"]),
            "number of prefixes: planned one, found 10.90.0.0/26, 10.90.2.0/26",
        ),
        (
            format!("{subnet}/delegations"),
            json!([{ "name": "d", "properties": { "serviceName": "Microsoft.Web/serverFarms" } }]),
            "planned none, found Microsoft.Web/serverFarms",
        ),
        (format!("{subnet}/routeTable"), json!({ "id": format!("{}x", network()) }), "route table: planned"),
    ];
    for (path, value, said) in rows {
        for script in [STEPS, TEMPLATE] {
            let mut stub = stub_with(&files);
            change(&mut stub, &path, &value);
            let ran = stub.run(script);
            assert_eq!(ran.code, 1, "{script} {path}: {}\n{}", ran.out, ran.err);
            assert!(ran.err.contains(said), "{script} {path}: {}", ran.err);
            let extension = |call: &String| !call.starts_with("extension add");
            assert_eq!(acts(&stub.cloud.forget()).into_iter().filter(extension).count(), 0, "{script} {path}");
        }
        let mut stub = stub_with(&files);
        change(&mut stub, &path, &value);
        let ran = stub.run_with("az/verify.sh", &["--subscription", SUBSCRIPTION, "--before"]);
        assert_eq!(ran.code, 1, "{path}: {}\n{}", ran.out, ran.err);
        assert!(ran.out.lines().any(|line| line.starts_with("fail")), "{path}: {}", ran.out);
    }
    let mut stub = stub_with(&files);
    let ran = stub.run_with("az/verify.sh", &["--subscription", SUBSCRIPTION, "--before"]);
    clean(&stub, "verify.sh --before", &ran);
    assert!(stub.cloud.forget().iter().all(|call| call.does == Does::Ask || call.words[0] == "extension"));
}

/// Several prefixes are for nodes that have one address each: where pods get addresses of the node's interface, Azure says
/// nothing of them.
#[test]
fn nodes_with_addresses_for_their_pods_have_one_prefix() {
    for (cni, code) in [("azure", 1), ("azure-overlay", 0), ("kubenet", 0)] {
        let files = files_of(&compile_text(&profile(&format!("cni = \"{cni}\""), THERE, AT)));
        let mut stub = stub_with(&files);
        show(&mut stub, &json!({ "addressPrefixes": ["10.90.16.0/20", "10.90.4.0/22"] }));
        let ran = stub.run_with("az/verify.sh", &["--subscription", SUBSCRIPTION, "--before"]);
        assert_eq!(ran.code, code, "{cni}: {}\n{}", ran.out, ran.err);
        assert_eq!(ran.out.contains("planned one, found 10.90.16.0/20, 10.90.4.0/22"), code == 1, "{cni}: {}", ran.out);
    }
}

/// A network of another subscription is refused: Azure wants it beside its firewall.
#[test]
fn another_subscription_stops_the_scripts() {
    let text = profile("", THERE, AT).replace(SUBSCRIPTION, "99999999-2222-4333-8444-555555555555");
    let files = files_of(&compile_text(&text));
    for script in [STEPS, TEMPLATE] {
        let mut stub = stub_with(&files);
        let ran = stub.run(script);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(ran.err.contains("subscription: planned 99999999-"), "{}", ran.err);
    }
}

/// What is done to a peering.
type Altered = Box<dyn Fn(&mut Value)>;

/// Both scripts stop at the way to the firewall before anything is built.
#[test]
fn a_missing_way_to_the_firewall_stops_before_anything_is_built() {
    let there = profile("", THERE, &elsewhere("hub", ""));
    let added = profile("", THERE, &elsewhere("hub", &format!("peer = \"{}\"", hub())));
    let flag = |name: &'static str| move |entry: &mut Value| entry["properties"][name] = json!(false);
    let lost = |entry: &mut Value| entry["properties"]["remoteVirtualNetwork"]["id"] = json!(network());
    let rows: [(&str, &str, Altered, &str); 4] = [
        ("no forwarded traffic", &there, Box::new(flag("allowForwardedTraffic")), "nor reaches its network"),
        ("no access", &there, Box::new(flag("allowVirtualNetworkAccess")), "nor reaches its network"),
        ("leads elsewhere", &there, Box::new(lost), "nor reaches its network"),
        ("peered by another name", &added, Box::new(|_| {}), "is peered with hub-vnet already"),
    ];
    for (what, text, change, said) in &rows {
        let files = files_of(&compile_text(text));
        let changed = || {
            let mut stub = stub_with(&files);
            let own = stub.cloud.resources_mut().find(|one| one.id == network()).unwrap();
            let list = own.body["properties"]["virtualNetworkPeerings"].as_array_mut();
            match list.and_then(|list| list.first_mut()) {
                Some(entry) => change(entry),
                None => own.body["properties"]["virtualNetworkPeerings"] = json!([owners_peering(&hub())]),
            }
            stub
        };
        for script in [STEPS, TEMPLATE] {
            let mut stub = changed();
            let ran = stub.run(script);
            assert_eq!(ran.code, 1, "{script}, {what}: {}\n{}", ran.out, ran.err);
            assert!(ran.err.contains(said), "{script}, {what}: {}", ran.err);
            let extension = |call: &String| !call.starts_with("extension add");
            assert_eq!(acts(&stub.cloud.forget()).into_iter().filter(extension).count(), 0, "{script}, {what}");
        }
        let ran = changed().run_with("az/verify.sh", &["--subscription", SUBSCRIPTION, "--before"]);
        assert_eq!(ran.code, 1, "{what}: {}\n{}", ran.out, ran.err);
        assert_eq!(ran.out.lines().filter(|line| line.starts_with("fail")).count(), 1, "{what}: {}", ran.out);
    }
}

/// The firewall's side of the peering is missing until its owner adds it.
#[test]
fn a_way_of_which_one_end_is_missing_is_no_way() {
    let files = files_of(&compile_text(&profile("", THERE, &elsewhere("hub", ""))));
    let mut stub = stub_with(&files);
    stub.cloud.trouble.slow_owners = true;
    let other = stub.cloud.resources_mut().find(|one| one.id.ends_with("/of-hub-fw")).unwrap();
    other.body["properties"]["virtualNetworkPeerings"] = json!([]);
    let ran = stub.run(STEPS);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("nor reaches its network"), "{}", ran.err);
}

/// A firewall in the very network needs no peering.
#[test]
fn a_firewall_in_the_network_is_reached() {
    let files = files_of(&compile_text(&profile("", THERE, &elsewhere("hub", ""))));
    let mut stub = stub_with(&files);
    let own = stub.cloud.resources_mut().find(|one| one.id == network()).unwrap();
    own.body["properties"]["virtualNetworkPeerings"] = json!([]);
    let firewall = stub.cloud.resources_mut().find(|one| one.id.ends_with("/hub-fw")).unwrap();
    let subnet =
        format!("{}/subnets/AzureFirewallSubnet", network().to_uppercase().replace("/SUBSCRIPTIONS", "/subscriptions"));
    firewall.body["properties"]["ipConfigurations"][0]["properties"]["subnet"]["id"] = json!(subnet);
    let ran = stub.run(STEPS);
    clean(&stub, STEPS, &ran);
}

/// Its entry is added to the network of somebody else, beside those that are there.
#[test]
fn a_peering_is_added_beside_the_owners() {
    let text = profile("", THERE, &elsewhere("hub", &format!("peer = \"{}\"", hub())));
    let files = files_of(&compile_text(&text));
    for script in [STEPS, TEMPLATE] {
        let mut stub = stub_with(&files);
        let own = stub.cloud.resources_mut().find(|one| one.id == network()).unwrap();
        own.body["properties"]["virtualNetworkPeerings"] = json!([owners_peering(&format!("{}-2", hub()))]);
        let ran = stub.run(script);
        clean(&stub, script, &ran);
        let entries = stub.cloud.body(&network()).unwrap()["properties"]["virtualNetworkPeerings"].clone();
        let names: Vec<&str> = entries.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["owners-peering", "to-hub-vnet"], "{script}");
        assert_eq!(entries[1]["properties"]["remoteVirtualNetwork"]["id"], hub(), "{script}");
    }
}
