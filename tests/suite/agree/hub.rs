//! A firewall in a hub can be everything that one beside the cluster can be.

use serde_json::Value;

use super::{Ground, facts_of, of_plan, same, templates};
use crate::bicep::same_as_arm;
use crate::scripts::{acts, clean, stub_with};
use crate::shared::{compile_text, files_of, root};

/// What is written besides `region` and `[hub]`, each with what it is.
const SHAPES: [(&str, &str); 9] = [
    ("nothing else", "[hub]\n"),
    ("classic rules", "[hub]\n[firewall]\nrules = \"classic\"\ndns-proxy = true\n"),
    (
        "two layers",
        "[hub]\n[firewall]\npublic-ips = 2\n[cluster]\nauthorized-ip-ranges = [\"203.0.113.0/24\"]\n[deploy]\nsplit = true\n",
    ),
    ("the network alone", "[hub]\n[cluster]\ncreate = false\n"),
    ("the tier Basic", "[hub]\n[firewall]\ntier = \"Basic\"\n"),
    (
        "a forced tunnel",
        "[hub]\naddress-space = [\"10.8.0.0/22\"]\nmanagement-subnet = \"10.8.1.0/26\"\n\
         [firewall]\nforced-tunnel = \"10.9.0.4\"\n",
    ),
    ("zones and a prefix", "[hub]\n[firewall]\nzones = [1, 2, 3]\npublic-ip-prefix = 30\ndns-proxy = true\n"),
    ("kubenet", "cni = \"kubenet\"\n[hub]\n"),
    (
        "IP groups and inbound connections",
        "[tags]\nteam = \"shop\"\n[hub]\n[egress]\nip-groups = true\n\
         [egress.groups]\noffices = [\"203.0.113.0/24\"]\n\
         [[inbound]]\nname = \"web\"\nport = 443\nto = \"10.0.4.10:443\"\nfrom = [\"offices\"]\n",
    ),
];

/// Script, ARM, Bicep and plan say the same, and a second run changes nothing. What ARM makes.
fn agreed(shape: &str, text: &str) -> Vec<String> {
    let files = files_of(&compile_text(text));
    same_as_arm(&files, shape);
    let arm = facts_of(&Ground::of(&files).deploy(&templates(&files)).unwrap_or_else(|why| panic!("{shape}: {why}")));
    let mut stub = stub_with(&files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, shape, &ran);
    same(shape, ("script", &facts_of(&stub.cloud)), ("ARM", &arm));
    stub.cloud.forget();
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, shape, &ran);
    assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{shape}: a second run");
    let ran = stub.run("az/deploy-template.sh");
    clean(&stub, shape, &ran);
    let ran = stub.run_with("az/verify.sh", &["--subscription", crate::stub::SUBSCRIPTION, "--without-probes"]);
    clean(&stub, shape, &ran);
    let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    same(shape, ("the plan", &of_plan(&plan, &files).unwrap()), ("ARM", &arm));
    arm.into_iter().collect()
}

#[test]
fn every_shape_of_a_firewall_fits_into_a_hub() {
    for (shape, text) in SHAPES {
        let arm = agreed(shape, &format!("region = \"westeurope\"\n{text}"));
        let in_hub = |kind: &str| arm.iter().any(|fact| fact.contains("example-hub-rg") && fact.contains(kind));
        for kind in ["azureFirewalls/", "virtualNetworks/", "publicIPAddresses/"] {
            assert!(in_hub(kind), "{shape}: no {kind} in the hub\n{arm:#?}");
        }
    }
}

/// Both entries are written where the profile asks for it, whoever owns the networks.
#[test]
fn both_sides_of_a_peering_with_the_network_of_others() {
    for name in ["existing-firewall", "three-teams"] {
        let text = std::fs::read_to_string(root().join(format!("profiles/{name}.toml"))).unwrap();
        let both = text.replace("\npeer ", "\npeer-back  = true\npeer ");
        assert_ne!(both, text, "{name}");
        let cluster = if both.contains("[cluster]\n") { "" } else { "[cluster]\n" };
        let alone = both.replace("[deploy]\nsplit = true\n", "") + cluster;
        let alone = alone.replace("[cluster]\n", "[cluster]\ncreate = false\n");
        for (shape, text) in [("as it is", both), ("the network alone", alone)] {
            let arm = agreed(&format!("{name}, {shape}"), &text);
            let entries = arm.iter().filter(|fact| fact.contains("remoteVirtualNetwork/id")).count();
            assert_eq!(entries, 2, "{name}, {shape}: {arm:#?}");
        }
    }
}

/// The routes and the DNS settings take the address that the firewall really has, whatever it is.
#[test]
fn the_address_is_read_from_the_hub() {
    let files = files_of(&compile_text("region = \"westeurope\"\n[hub]\n[firewall]\ndns-proxy = true\n"));
    let own = "10.1.0.9";
    for script in ["az/deploy-steps.sh", "az/deploy-template.sh"] {
        let mut stub = stub_with(&files);
        stub.cloud.trouble.private_address = Some(own.to_owned());
        let ran = stub.run(script);
        clean(&stub, script, &ran);
        let facts = facts_of(&stub.cloud);
        for path in ["nextHopIpAddress", "dnsServers"] {
            let quoted = format!("\"{own}\"");
            assert!(facts.iter().any(|fact| fact.contains(path) && fact.ends_with(&quoted)), "{script}: {facts:#?}");
        }
        let ran = stub.run_with("az/verify.sh", &["--subscription", crate::stub::SUBSCRIPTION, "--without-probes"]);
        clean(&stub, script, &ran);
        assert_eq!(ran.out.matches("peering to-example").count(), 12, "{}", ran.out);
        // A peering that leads nowhere is noticed.
        let entry = "virtualNetworkPeerings";
        for one in stub.cloud.resources_mut().filter(|one| one.id.ends_with("/example-hub-vnet")) {
            one.body["properties"].as_object_mut().unwrap().shift_remove(entry);
        }
        let ran = stub.run_with("az/verify.sh", &["--subscription", crate::stub::SUBSCRIPTION, "--without-probes"]);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(ran.out.contains("planned Connected, found Initiated"), "{}", ran.out);
    }
}
