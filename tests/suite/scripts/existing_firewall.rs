//! A firewall of somebody else: what is taken for granted of it is looked at before anything is built.

use serde_json::{Value, json};

use super::{acts, clean, example, owners_hub, owners_peering, stub_with};
use crate::shared::{compile_text, files_of, root};
use crate::stub::{Does, SUBSCRIPTION, Stub, kind};

const SCRIPTS: [&str; 2] = ["az/deploy-steps.sh", "az/deploy-template.sh"];

/// Changes what the owner has.
type Change = fn(&mut Stub);

fn theirs<'s>(stub: &'s mut Stub, of: &str) -> &'s mut Value {
    &mut stub.cloud.resources_mut().find(|one| kind(&one.id).ends_with(of)).unwrap().body["properties"]
}

const ROWS: [(&str, Change, &str); 5] = [
    (
        "another address",
        |stub| {
            theirs(stub, "azureFirewalls")["ipConfigurations"][0]["properties"]["privateIPAddress"] = json!("10.1.0.5")
        },
        "planned 10.1.0.4, found 10.1.0.5",
    ),
    (
        "another policy",
        |stub| {
            let policy = &mut theirs(stub, "azureFirewalls")["firewallPolicy"]["id"];
            *policy = json!(format!("{}-old", policy.as_str().unwrap()));
        },
        "company-old",
    ),
    ("a lower tier", |stub| theirs(stub, "firewallPolicies")["sku"]["tier"] = json!("Basic"), "found Basic"),
    (
        "no DNS proxy",
        |stub| theirs(stub, "firewallPolicies")["dnsSettings"]["enableProxy"] = json!(false),
        "found false",
    ),
    (
        "a group with the same priority",
        |stub| {
            let policy =
                stub.cloud.resources().find(|one| kind(&one.id).ends_with("firewallPolicies")).unwrap().id.clone();
            let body = json!({ "properties": { "priority": 2000, "ruleCollections": [] } });
            stub.cloud.put(&format!("{policy}/ruleCollectionGroups/others"), body).unwrap();
        },
        "others",
    ),
];

#[test]
fn what_is_not_so_stops_before_anything_is_built() {
    let files = example("existing-firewall");
    for (what, change, said) in ROWS {
        for script in SCRIPTS {
            let mut stub = stub_with(&files);
            change(&mut stub);
            let ran = stub.run(script);
            assert_eq!(ran.code, 1, "{script}, {what}: {}\n{}", ran.out, ran.err);
            assert!(ran.err.contains(said), "{script}, {what}: {}", ran.err);
            let built = acts(&stub.cloud.forget()).into_iter().filter(|call| !call.starts_with("extension add"));
            assert_eq!(built.count(), 0, "{script}, {what}");
        }
        let mut stub = stub_with(&files);
        change(&mut stub);
        let ran = stub.run_with("az/verify.sh", &["--subscription", SUBSCRIPTION, "--before"]);
        assert_eq!(ran.code, 1, "{what}: {}\n{}", ran.out, ran.err);
        assert!(ran.out.lines().any(|line| line.starts_with("fail")), "{what}: {}", ran.out);
    }
    let mut stub = stub_with(&files);
    let ran = stub.run_with("az/verify.sh", &["--subscription", SUBSCRIPTION, "--before"]);
    clean(&stub, "verify.sh --before", &ran);
    assert!(stub.cloud.forget().iter().all(|call| call.does == Does::Ask || call.words[0] == "extension"));
}

/// The network of the firewall.
const PEER: &str = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/\
                    Microsoft.Network/virtualNetworks/hub-vnet";

/// Nodes that reach nothing make no cluster, and half an hour goes by until Azure says so.
#[test]
fn there_is_no_cluster_before_the_other_side_of_the_peering() {
    let files = example("existing-firewall");
    for script in SCRIPTS {
        let mut stub = stub_with(&files);
        stub.cloud.trouble.slow_owners = true;
        stub.cloud.put(PEER, json!({ "location": "westeurope", "properties": {} })).unwrap();
        let clusters =
            |stub: &Stub| stub.cloud.resources().filter(|one| kind(&one.id).ends_with("managedClusters")).count();
        for again in [false, true] {
            let ran = stub.run(script);
            assert_ne!(ran.code, 0, "{script}: {}", ran.out);
            assert_eq!(clusters(&stub), 0, "{script}");
            assert!(again || (ran.out.clone() + &ran.err).contains("peer-back.sh"), "{script}: {}{}", ran.out, ran.err);
            let told = "error: peering to-hub-vnet has no other side: peer-back.sh";
            assert!(!again || ran.err.contains(told), "{script}: {}", ran.err);
        }
        let ran = stub.run("az/peer-back.sh");
        clean(&stub, "peer-back.sh", &ran);
        let ran = stub.run(script);
        clean(&stub, script, &ran);
        assert_eq!(clusters(&stub), 1, "{script}");
    }
}

/// Others peer a network that is new: the script ends before the cluster, and goes on when they have.
#[test]
fn a_new_network_that_others_peer_gets_no_cluster_before() {
    let text = std::fs::read_to_string(root().join("profiles/existing-firewall.toml")).unwrap();
    let text: String = text.lines().filter(|line| !line.starts_with("peer ")).map(|line| format!("{line}\n")).collect();
    let files = files_of(&compile_text(&text));
    let mut stub = stub_with(&files);
    let ran = stub.run("az/deploy-steps.sh");
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("nor reaches its network: peer both networks, and run this again"), "{}", ran.err);
    let cluster = |stub: &Stub| stub.cloud.resources().any(|one| kind(&one.id).ends_with("/managedClusters"));
    assert!(!cluster(&stub));
    let network = stub.cloud.resources().find(|one| one.id.ends_with("/example-vnet")).unwrap().id.clone();
    let firewall = stub.cloud.resources().find(|one| kind(&one.id).ends_with("/azureFirewalls")).unwrap().id.clone();
    let hub = owners_hub(&firewall);
    stub.cloud.put(&hub, json!({ "properties": { "virtualNetworkPeerings": [owners_peering(&network)] } })).unwrap();
    let entry = owners_peering(&hub);
    stub.cloud.put(&format!("{network}/virtualNetworkPeerings/owners-peering"), entry).unwrap();
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, "deploy-steps.sh", &ran);
    assert!(cluster(&stub));
    let ran = stub.run_with("az/verify.sh", &["--subscription", SUBSCRIPTION, "--without-probes"]);
    clean(&stub, "verify.sh", &ran);
    assert!(ran.out.contains("way from network example-vnet to firewall hub-fw"), "{}", ran.out);
}

/// Two layers: the first is whole without the other side, the second waits for it.
#[test]
fn the_second_layer_waits_for_the_other_side_of_the_peering() {
    let files = example("three-teams");
    for script in SCRIPTS {
        let mut stub = stub_with(&files);
        stub.cloud.trouble.slow_owners = true;
        stub.cloud.put(PEER, json!({ "location": "westeurope", "properties": {} })).unwrap();
        let layer = |stub: &mut Stub, layer| stub.run_with(script, &["--subscription", SUBSCRIPTION, "--layer", layer]);
        let ran = layer(&mut stub, "network");
        clean(&stub, script, &ran);
        stub.cloud.forget();
        let ran = layer(&mut stub, "cluster");
        assert_eq!(ran.code, 1, "{script}: {}", ran.out);
        assert!(ran.err.contains("peering to-hub-vnet has no other side: peer-back.sh"), "{script}: {}", ran.err);
        assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{script}");
        let ran = stub.run("az/peer-back.sh");
        clean(&stub, "peer-back.sh", &ran);
        let ran = layer(&mut stub, "cluster");
        clean(&stub, script, &ran);
        assert!(stub.cloud.resources().any(|one| one.id.ends_with("/three-teams-aks")), "{script}");
    }
}
