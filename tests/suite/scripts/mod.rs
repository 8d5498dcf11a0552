//! The scripts do what they say: run as they are, by bash, against a stand-in for Azure that keeps state.

mod existing;
mod existing_firewall;
mod foreign;
mod later;
mod template;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::agree::facts;
use crate::program::Ran;
pub(crate) use crate::shared::examples;
use crate::shared::{compile_text, files_of, root};
use crate::stub::{Call, Casing, Cloud, Does, SUBSCRIPTION, Spelling, Stub, Trouble, name_of};

/// Who the cluster is, where it is a service principal. The secret holds what shells and the CLI would trip over.
pub(crate) const PRINCIPAL: [(&str, &str); 3] = [
    ("SERVICE_PRINCIPAL_CLIENT_ID", "dddddddd-0000-4000-8000-000000000001"),
    ("SERVICE_PRINCIPAL_OBJECT_ID", "dddddddd-0000-4000-8000-000000000002"),
    ("SERVICE_PRINCIPAL_SECRET", "p$w'd`\"\\~$(x)=@y"),
];

/// A stub with a profile's files and a service principal that is there.
pub(crate) fn stub_with(files: &BTreeMap<String, Vec<u8>>) -> Stub {
    let mut stub = Stub::new();
    stub.install(files);
    stub.variables.extend(PRINCIPAL.map(|(name, value)| (name.to_owned(), value.to_owned())));
    stub.cloud.know_principal("somebody", PRINCIPAL[0].1, PRINCIPAL[1].1);
    let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    stub.cloud.environment = match plan["cloud"].as_str().unwrap() {
        "usgov" => Some("AzureUSGovernment"),
        "china" => Some("AzureChinaCloud"),
        _ => None,
    };
    put_what_others_own(&mut stub.cloud, files);
    stub
}

#[test]
fn a_sign_in_to_another_cloud_stops_every_script() {
    let (_, files) = examples().into_iter().find(|(name, _)| name == "usgov").unwrap();
    for script in ["az/deploy-steps.sh", "az/deploy-template.sh", "az/verify.sh"] {
        let mut stub = stub_with(&files);
        stub.cloud.environment = None;
        let ran = stub.run(script);
        assert_eq!(ran.code, 1, "{script}");
        assert!(ran.err.contains("az cloud set --name AzureUSGovernment"), "{script}: {}", ran.err);
        assert_eq!(acts(&stub.cloud.calls), [""; 0], "{script}");
    }
}

/// Makes what a plan takes for granted.
pub(crate) fn put_what_others_own(cloud: &mut Cloud, files: &BTreeMap<String, Vec<u8>>) {
    let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    let owned = what_others_own(&plan).unwrap();
    // They refer to each other, so that all of them are there before any is whole.
    for (id, body) in &owned {
        let mut bare = body.clone();
        bare.as_object_mut().unwrap().retain(|key, _| key == "location");
        cloud.put(id, bare).unwrap();
    }
    for (id, body) in owned {
        cloud.put(&id, body).unwrap();
    }
    for assumption in plan["assumptions"].as_array().unwrap() {
        let (id, claim) = (assumption["about"].as_str().unwrap(), &assumption["claim"]);
        if let (Some(name), Some(role)) = (claim["subnet"].as_str(), claim["role"].as_str()) {
            let mut body = json!({ "properties": { "addressPrefix": owners_prefix(role) } });
            if let Some(service) = claim["delegated-to"].as_str().filter(|service| *service != "none") {
                body["properties"]["delegations"] = json!([{ "name": "0", "properties": { "serviceName": service } }]);
            }
            cloud.put(&format!("{id}/subnets/{name}"), body).unwrap();
        }
    }
}

/// Where the owner of a network has its subnets.
pub(crate) fn owners_prefix(role: &str) -> &'static str {
    match role {
        "firewall" => "10.90.0.0/26",
        "firewall-management" => "10.90.0.64/26",
        "gateway" => "10.90.1.0/24",
        "ingress" => "10.90.2.0/24",
        "nodes" => "10.90.4.0/22",
        "pods" => "10.90.64.0/19",
        "api-server" => "10.90.0.128/28",
        other => panic!("no subnet {other}"),
    }
}

/// The network of a firewall, where the profile does not say which one it is.
pub(crate) fn owners_hub(firewall: &str) -> String {
    let group = firewall.split("/providers/").next().unwrap_or_default();
    format!("{group}/providers/Microsoft.Network/virtualNetworks/of-{}", name_of(firewall))
}

/// What the owner of a network has in it, for each of two networks that are peered.
pub(crate) fn owners_peering(remote: &str) -> Value {
    json!({
        "name": "owners-peering",
        "properties": {
            "remoteVirtualNetwork": { "id": remote },
            "allowVirtualNetworkAccess": true,
            "allowForwardedTraffic": true,
            "allowGatewayTransit": false,
            "useRemoteGateways": true,
        },
    })
}

/// What a plan takes for granted, as bodies by their IDs: groups before what is in them.
/// Nothing when the plan does not say all of it.
pub(crate) fn what_others_own(plan: &Value) -> Option<BTreeMap<String, Value>> {
    let mut bodies: BTreeMap<String, Value> = BTreeMap::new();
    let mut beside = Vec::new();
    for assumption in plan["assumptions"].as_array()? {
        let (id, claim) = (assumption["about"].as_str()?, &assumption["claim"]);
        let group = id.split("/providers/").next()?;
        bodies.insert(group.to_owned(), json!({ "location": "northeurope" }));
        let body = bodies.entry(id.to_owned()).or_insert_with(|| json!({ "properties": {} }));
        if let Some(region) = claim.get("region") {
            body["location"] = region.clone();
        }
        if let Some(address) = claim.get("private-ip") {
            let peer = claim.get("network")?.as_str().map(str::to_owned);
            let network = peer.clone().unwrap_or_else(|| owners_hub(id));
            let subnet = format!("{network}/subnets/AzureFirewallSubnet");
            let properties = json!({ "privateIPAddress": address, "subnet": { "id": subnet } });
            body["properties"]["ipConfigurations"] = json!([{ "properties": properties }]);
            body["properties"]["firewallPolicy"] = json!({ "id": claim["policy"] });
            if plan["peering"]["back"] == true {
                beside.extend(peer.map(|peer| (peer, json!({ "properties": {} }))));
            }
        }
        if let Some(firewall) = claim.get("reaches") {
            let hub = owners_hub(firewall.as_str()?);
            body["properties"]["virtualNetworkPeerings"] = json!([owners_peering(&hub)]);
            let back = json!({ "properties": { "virtualNetworkPeerings": [owners_peering(id)] } });
            bodies.insert(hub, back);
        } else if let Some(tier) = claim.get("tier") {
            body["properties"]["sku"] = json!({ "tier": tier });
            if claim.get("dns-proxy")? == true {
                body["properties"]["dnsSettings"] = json!({ "enableProxy": true });
            }
        }
    }
    for (id, body) in beside {
        bodies.entry(id).or_insert(body);
    }
    Some(bodies)
}

/// The files of one example.
pub(crate) fn example(name: &str) -> BTreeMap<String, Vec<u8>> {
    examples().into_iter().find(|(other, _)| other == name).unwrap().1
}

/// The examples that between them have everything: what takes long is tried with these.
pub(crate) fn different() -> Vec<(String, BTreeMap<String, Vec<u8>>)> {
    let names = [
        "add-ons",
        "authorized-ranges",
        "basic-tier",
        "central-logs",
        "company-rules",
        "existing-estate",
        "existing-firewall",
        "existing-network",
        "forced-tunnel",
        "gateway",
        "hub-and-spoke",
        "inspected",
        "network-only",
        "node-pools",
        "overrides",
        "pod-subnet",
        "policy-premium",
        "private-cluster",
        "service-principal",
        "three-teams",
        "two-teams",
        "walkthrough",
        "walkthrough-kubenet",
    ];
    examples().into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect()
}

/// Every command with its options that a script runs.
fn forms(files: &BTreeMap<String, Vec<u8>>, place: &str) -> BTreeSet<String> {
    let mut stub = stub_with(files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, place, &ran);
    let form = |call: Call| {
        let names: Vec<&str> = call.words.iter().map(|word| word.split('=').next().unwrap()).collect();
        let at = names.iter().position(|word| word.starts_with("--")).unwrap_or(names.len());
        let options = names[at..].iter().filter(|word| word.starts_with("--")).map(|name| (*name).to_owned());
        let command = names[..at].join(" ");
        options.map(|name| format!("{command} {name}")).collect::<Vec<_>>()
    };
    stub.cloud.forget().into_iter().flat_map(form).collect()
}

#[test]
fn the_different_examples_have_everything() {
    let all: BTreeSet<String> = examples().iter().flat_map(|(name, files)| forms(files, name)).collect();
    let different: BTreeSet<String> = different().iter().flat_map(|(name, files)| forms(files, name)).collect();
    assert_eq!(all.difference(&different).collect::<Vec<_>>(), Vec::<&String>::new(), "add the example to the list");
}

/// Fails unless a script ended well and everything it said was understood.
pub(crate) fn clean(stub: &Stub, place: &str, ran: &Ran) {
    assert!(stub.cloud.refusals.is_empty(), "{place}: {:#?}", stub.cloud.refusals);
    assert_eq!(ran.code, 0, "{place}\n{}\n{}", ran.out, ran.err);
}

/// The calls that changed something.
pub(crate) fn acts(calls: &[Call]) -> Vec<String> {
    calls.iter().filter(|call| call.does == Does::Act).map(|call| call.words.join(" ")).collect()
}

#[test]
fn a_second_run_changes_nothing() {
    for (profile, files) in examples() {
        for casing in [Casing::Interface, Casing::Package] {
            let mut stub = stub_with(&files);
            stub.cloud.casing = casing;
            let first = stub.run("az/deploy-steps.sh");
            clean(&stub, &profile, &first);
            let calls = stub.cloud.forget();
            assert!(acts(&calls).len() > 15, "{profile}: {:#?}", acts(&calls));
            let cluster = profile != "network-only";
            assert_eq!(first.out.contains("creating: cluster"), cluster, "{profile}: {}", first.out);
            let second = stub.run("az/deploy-steps.sh");
            clean(&stub, &profile, &second);
            assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{profile}");
            assert!(second.out.contains("everything is as planned"), "{profile}: {}", second.out);
        }
    }
}

/// Azure reads IDs in any case and regions with blanks, and answers in a spelling of its own: what is there is as planned.
#[test]
fn another_spelling_is_no_difference() {
    for (profile, files) in different() {
        let mut stub = stub_with(&files);
        stub.cloud.spelling = Spelling::Other;
        let first = stub.run("az/deploy-steps.sh");
        clean(&stub, &profile, &first);
        stub.cloud.forget();
        let second = stub.run("az/deploy-steps.sh");
        clean(&stub, &profile, &second);
        assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{profile}");
        let mut table = |spelling| {
            stub.cloud.spelling = spelling;
            stub.run_with("az/verify.sh", &["--subscription", SUBSCRIPTION, "--without-probes"]).out
        };
        assert_eq!(table(Spelling::Other), table(Spelling::AsWritten), "{profile}");
        let mut template = stub_with(&files);
        template.cloud.spelling = Spelling::Other;
        let ran = template.run("az/deploy-template.sh");
        clean(&template, &profile, &ran);
    }
}

/// Functions stand for the commands in the other tests, which saves most of the time.
#[test]
fn commands_and_functions_are_the_same_to_a_script() {
    for (profile, files) in different() {
        let run = |commands| {
            let mut stub = stub_with(&files);
            stub.commands = commands;
            let ran = stub.run("az/deploy-steps.sh");
            clean(&stub, &profile, &ran);
            let words: Vec<Vec<String>> = stub.cloud.forget().into_iter().map(|call| call.words).collect();
            (ran.out, ran.err, words)
        };
        assert_eq!(run(true), run(false), "{profile}");
    }
}

/// A script that is stopped after every single change, whether Azure made it or not, ends where an uninterrupted one ends.
#[test]
fn an_interrupted_run_can_be_continued() {
    let made = Trouble { after: Some(1), ..Trouble::default() };
    let not_made = Trouble { before: Some(2), ..Trouble::default() };
    for (profile, files) in different() {
        let mut whole = stub_with(&files);
        let ran = whole.run("az/deploy-steps.sh");
        clean(&whole, &profile, &ran);
        let (planned, state) = (acts(&whole.cloud.forget()), facts::of(&whole.cloud));
        let rules = profile == "walkthrough" || profile == "policy-premium";
        for trouble in [Some(&made), Some(&not_made).filter(|_| rules)].into_iter().flatten() {
            let mut stub = stub_with(&files);
            stub.cloud.trouble = trouble.clone();
            let mut done = Vec::new();
            loop {
                let ran = stub.run("az/deploy-steps.sh");
                let calls = stub.cloud.forget();
                done.extend(acts(&calls).into_iter().take(1));
                let place = format!("{profile}, {} of {}", done.len(), planned.len());
                assert!(stub.cloud.refusals.is_empty() && done.len() <= planned.len(), "{place}: {}", ran.err);
                if ran.code == 0 {
                    break;
                }
                assert!(ran.err.contains("the connection was lost"), "{place}: {}", ran.err);
                assert_eq!(calls.iter().filter(|call| call.code == 1).count(), 1, "{place}");
            }
            assert_eq!(done, planned, "{profile}");
            let lines = facts::difference(("uninterrupted", &state), ("continued", &facts::of(&stub.cloud)));
            assert!(lines.is_empty(), "{profile}\n{}", lines.join("\n"));
        }
    }
}

/// A secret goes through private files alone: no argument, no environment of a command, no output holds it.
#[test]
fn a_secret_is_seen_by_nobody() {
    let (_, files) = examples().into_iter().find(|(name, _)| name == "service-principal").unwrap();
    let (_, secret) = PRINCIPAL[2];
    for script in ["az/deploy-steps.sh", "az/deploy-template.sh"] {
        let mut stub = stub_with(&files);
        let ran = stub.run(script);
        clean(&stub, script, &ran);
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{script}");
        let calls = stub.cloud.forget();
        assert!(calls.iter().any(|call| call.words.iter().any(|word| word.ends_with(secret))), "{script} passes it");
        for call in &calls {
            assert!(!call.raw.iter().any(|word| word.contains(secret)), "{script}: {:?}", call.raw);
            assert!(!call.exported.contains("SERVICE_PRINCIPAL_SECRET"), "{script}: {}", call.exported);
            assert!(!call.out.contains(secret), "{script}: {}", call.out);
        }
    }
}

/// What others own is looked at before anything is built, by every script that builds and by `verify.sh --before`.
#[test]
fn nothing_is_built_on_what_is_not_as_assumed() {
    let (name, files) = examples().into_iter().find(|(name, _)| name == "central-logs").unwrap();
    let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    let id = plan["assumptions"][0]["about"].as_str().unwrap();
    for script in ["az/deploy-steps.sh", "az/deploy-template.sh", "az/verify.sh"] {
        let more: &[&str] = if script == "az/verify.sh" { &["--before"] } else { &[] };
        let arguments: &[&str] = &[&["--subscription", SUBSCRIPTION], more].concat();
        let mut good = stub_with(&files);
        let ran = good.run_with(script, arguments);
        clean(&good, &name, &ran);
        let mut elsewhere = stub_with(&files);
        elsewhere.cloud.put(id, json!({ "location": "southindia" })).unwrap();
        let mut missing = stub_with(&files);
        missing.cloud.remove(id);
        for (mut stub, words) in [(elsewhere, "planned northeurope, found southindia"), (missing, "does not exist")] {
            let ran = stub.run_with(script, arguments);
            assert_eq!(ran.code, 1, "{script}: {}{}", ran.out, ran.err);
            assert!(format!("{}{}", ran.out, ran.err).contains(words), "{script}: {}{}", ran.out, ran.err);
            assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{script}");
        }
    }
}

/// Two teams run one layer each; together they make what one run of both makes, and neither does the other's work.
#[test]
fn layers_are_built_one_after_the_other() {
    let split = |name: &str| {
        let text = std::fs::read_to_string(root().join(format!("profiles/{name}.toml"))).unwrap();
        files_of(&compile_text(&format!("{text}\n[deploy]\nsplit = true\n")))
    };
    // What only the first team may see.
    for (name, files, unseen) in [
        ("two-teams", example("two-teams"), None),
        ("pod-subnet in two layers", split("pod-subnet"), None),
        ("hub-and-spoke in two layers", split("hub-and-spoke"), Some("connectivity-rg")),
        ("three-teams", example("three-teams"), Some("22222222-2222-4222-8222-222222222222")),
    ] {
        layer_by_layer(name, &files, unseen);
    }
}

fn layer_by_layer(name: &str, files: &BTreeMap<String, Vec<u8>>, unseen: Option<&str>) {
    let mut states = Vec::new();
    for script in ["az/deploy-steps.sh", "az/deploy-template.sh"] {
        let layer = |layer: &'static str| ["--subscription", SUBSCRIPTION, "--layer", layer];
        let mut early = stub_with(files);
        let ran = early.run_with(script, &layer("cluster"));
        assert_ne!(ran.code, 0, "{script} builds a cluster without a network: {}", ran.out);
        let mut stub = stub_with(files);
        let ran = stub.run_with(script, &layer("network"));
        clean(&stub, name, &ran);
        let of_cluster = |stub: &Stub| stub.cloud.resources().any(|one| one.id.contains("managedClusters"));
        assert!(!of_cluster(&stub), "{script} --layer network makes a cluster");
        stub.cloud.forget();
        let ran = stub.run_with(script, &layer("cluster"));
        clean(&stub, name, &ran);
        let seen = |call: &Call| unseen.is_some_and(|text| call.words.iter().any(|word| word.contains(text)));
        let calls = stub.cloud.forget();
        assert!(!calls.iter().any(seen), "{name}: {script} --layer cluster looks at {unseen:?}");
        assert!(of_cluster(&stub), "{script} --layer cluster makes no cluster");
        states.push(facts::of(&stub.cloud));
        let mut both = stub_with(files);
        let ran = both.run(script);
        clean(&both, name, &ran);
        states.push(facts::of(&both.cloud));
        let ran = both.run_with(script, &layer("neither"));
        assert_eq!(ran.code, 2, "{}", ran.out);
    }
    for state in &states[1..] {
        let lines = facts::difference(("steps, layer by layer", &states[0]), ("another way", state));
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }
}

/// Nobody outside reaches a private API server: probes and services go through `az aks command invoke`.
#[test]
fn a_private_cluster_is_asked_from_inside() {
    let (_, files) = examples().into_iter().find(|(name, _)| name == "private-cluster").unwrap();
    let mut stub = stub_with(&files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, "deploy-steps.sh", &ran);
    for (detail, code) in
        [("ok\tdeny\thttps://example.com\trefused", 0), ("fail\tdeny\thttps://example.com\tarrived", 1)]
    {
        stub.cloud.forget();
        stub.cloud.kube.probes = Some(format!("ok\tallow\thttps://mcr.microsoft.com\tarrived\n{detail}\n"));
        let ran = stub.run("az/verify.sh");
        assert!(stub.cloud.refusals.is_empty(), "{:#?}", stub.cloud.refusals);
        assert_eq!(ran.code, code, "{}\n{}", ran.out, ran.err);
        assert!(ran.out.contains("allow https://mcr.microsoft.com"), "{}", ran.out);
        let calls = stub.cloud.forget();
        let invoked =
            calls.iter().filter(|call| call.words.starts_with(&["aks", "command", "invoke"].map(str::to_owned)));
        assert_eq!(invoked.count(), stub.cloud.kube.calls.len(), "every kubectl runs inside");
        assert!(!calls.iter().any(|call| call.words.contains(&"get-credentials".to_owned())));
        stub.cloud.kube.calls.clear();
    }
    let ran = stub.run("az/publish-service.sh");
    clean(&stub, "publish-service.sh", &ran);
    assert_eq!(stub.cloud.kube.services.get("web").map(String::as_str), Some("10.0.4.10"));
}
