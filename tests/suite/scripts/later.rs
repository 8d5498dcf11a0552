//! The later steps apply what the profile says, and nothing else.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use super::{acts, clean, example, stub_with};
use crate::shared::{compile_text, files_of};
use crate::stub::{Cloud, Does, SUBSCRIPTION, Stub, Trouble, kind};

type Files = BTreeMap<String, Vec<u8>>;

const NARROW: &str = "az/narrow-api-server.sh";
const PUBLISH: &str = "az/publish-service.sh";
const PRINCIPAL: &str = "az/create-service-principal.sh";

/// A profile whose tunnel rule is wide or, once the address is known, narrow.
fn tunnel(model: &str, addresses: &str) -> Files {
    files_of(&compile_text(&format!(
        "region = \"westeurope\"\n[firewall]\nrules = \"{model}\"\n[egress]\npacks = [\"api-tunnel\"]\n{addresses}"
    )))
}

/// A stub where `before` stands, with the files of `after`.
fn moved(before: &Files, after: &Files) -> Stub {
    let mut stub = stub_with(before);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, "before", &ran);
    stub.cloud.forget();
    stub.install(after);
    stub
}

/// The name of the API server.
fn server(cloud: &Cloud) -> String {
    let cluster = cloud.resources().find(|one| kind(&one.id).ends_with("managedClusters")).unwrap();
    cluster.assigned["fqdn"].clone()
}

/// What is there is what the plan of these files says: a run of the steps changes nothing.
fn as_planned(stub: &mut Stub, place: &str) {
    stub.cloud.forget();
    let ran = stub.run("az/deploy-steps.sh");
    clean(stub, place, &ran);
    assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{place}");
}

const ADDRESS: &str = "api-server-address = \"40.118.84.118\"\n";

/// Where nodes use a subnet of somebody else, whose prefix the rules need.
#[test]
fn the_narrow_rules_come_from_subnets_of_others() {
    let text = std::fs::read_to_string("profiles/existing-network.toml").unwrap();
    let of = |more: &str| text.replace("packs = [\"os-updates\"]", &format!("packs = [\"api-tunnel\"]\n{more}"));
    let (before, after) = (files_of(&compile_text(&of(""))), files_of(&compile_text(&of(ADDRESS))));
    let mut stub = moved(&before, &after);
    stub.cloud.kube.names.insert(server(&stub.cloud), vec!["40.118.84.118".to_owned()]);
    let ran = stub.run(NARROW);
    clean(&stub, "narrow", &ran);
    assert!(ran.out.contains("replacing: network collection api-tunnel"), "{}", ran.out);
    as_planned(&mut stub, "narrow");
}

#[test]
fn the_wide_rule_gives_way_to_narrow_ones() {
    for model in ["classic", "policy"] {
        let (before, after) = (tunnel(model, ""), tunnel(model, ADDRESS));
        for (place, names) in [("seen", vec!["40.118.84.118"]), ("unseen", Vec::new())] {
            let mut stub = moved(&before, &after);
            if let [one] = names[..] {
                stub.cloud.kube.names.insert(server(&stub.cloud), vec![one.to_owned()]);
            }
            let ran = stub.run(NARROW);
            clean(&stub, place, &ran);
            assert!(ran.out.contains("replacing: network collection api-tunnel"), "{model}: {}", ran.out);
            assert!(ran.out.contains("the rules name the API server alone"), "{model}: {}", ran.out);
            assert!(acts(&stub.cloud.forget()).len() > 2, "{model}");
            let ran = stub.run(NARROW);
            clean(&stub, place, &ran);
            assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{model}: a second run");
            as_planned(&mut stub, model);
        }
    }
}

/// In between, rules are missing; the next run writes them.
#[test]
fn narrowing_can_be_interrupted() {
    for model in ["classic", "policy"] {
        let (before, after) = (tunnel(model, ""), tunnel(model, ADDRESS));
        let mut whole = moved(&before, &after);
        let ran = whole.run(NARROW);
        clean(&whole, model, &ran);
        for number in 1..=acts(&whole.cloud.forget()).len() {
            let mut stub = moved(&before, &after);
            stub.cloud.trouble = Trouble { after: Some(number), ..Trouble::default() };
            assert_eq!(stub.run(NARROW).code, 1, "{model} {number}");
            stub.cloud.forget();
            stub.cloud.trouble = Trouble::default();
            let ran = stub.run(NARROW);
            clean(&stub, model, &ran);
            as_planned(&mut stub, model);
        }
    }
}

/// An address that the profile does not know is only told: the next deployment would undo the change.
#[test]
fn narrowing_tells_what_the_profile_lacks() {
    for (lines, told, code) in [("", "The profile names no address", 0), (ADDRESS, "The profile says 40.118.84.118", 1)]
    {
        let files = tunnel("policy", lines);
        let mut stub = moved(&files, &files);
        stub.cloud.kube.names.insert(server(&stub.cloud), vec!["20.1.2.3".to_owned(), "20.1.2.4".to_owned()]);
        let ran = stub.run(NARROW);
        assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains(told), "{}", ran.out);
        assert!(ran.out.contains("\napi-server-address = [\"20.1.2.3\", \"20.1.2.4\"]\n"), "{}", ran.out);
        assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new());
    }
    let files = tunnel("policy", "");
    let mut stub = moved(&files, &files);
    let ran = stub.run(NARROW);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("cannot be found from here: look it up"), "{}", ran.err);
}

/// A profile that publishes a service, or none.
fn service(model: &str, published: bool) -> Files {
    let inbound = "[[inbound]]\nname = \"web\"\nport = 443\nto = \"10.0.4.20:8443\"\nfrom = [\"203.0.113.0/24\"]\n";
    files_of(&compile_text(&format!(
        "region = \"westeurope\"\n[firewall]\nrules = \"{model}\"\n{}",
        if published { inbound } else { "" }
    )))
}

#[test]
fn a_service_is_published_once() {
    for model in ["classic", "policy"] {
        let mut stub = moved(&service(model, false), &service(model, true));
        let ran = stub.run(PUBLISH);
        clean(&stub, model, &ran);
        let address = stub.cloud.symbols().into_iter().find(|(_, what)| what.contains("ipAddress")).unwrap().0;
        assert!(ran.out.contains(&format!("{address} port 443 (tcp) leads to web at 10.0.4.20:8443")), "{}", ran.out);
        assert_eq!(stub.cloud.kube.services["web"], "10.0.4.20");
        assert_eq!(stub.cloud.kube.applied.len(), 1);
        let ran = stub.run(PUBLISH);
        clean(&stub, model, &ran);
        assert_eq!(stub.cloud.kube.applied.len(), 1, "{model}: a second run");
        as_planned(&mut stub, model);
    }
}

/// The firewall would lead to an address where nobody listens.
#[test]
fn a_service_elsewhere_stops_it() {
    for (address, said, waits) in
        [("10.0.4.99", "has the address 10.0.4.99, planned is 10.0.4.20", 0), ("", "none", 60)]
    {
        let mut stub = moved(&service("policy", false), &service("policy", true));
        stub.cloud.kube.addresses.insert("web".to_owned(), address.to_owned());
        let ran = stub.run(PUBLISH);
        assert_eq!((ran.code, stub.cloud.kube.slept), (1, waits), "{}{}", ran.out, ran.err);
        assert!(ran.err.contains(said), "{}", ran.err);
        assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new());
    }
}

#[test]
fn nothing_to_publish_is_said_with_the_lines_to_add() {
    let files = service("policy", false);
    let mut stub = stub_with(&files);
    let ran = stub.run(PUBLISH);
    clean(&stub, PUBLISH, &ran);
    let lines = ran.out.split("for example:\n").nth(1).unwrap().split("Nothing was changed.").next().unwrap();
    let files = files_of(&compile_text(&format!("region = \"westeurope\"\n{lines}")));
    assert!(files.contains_key("k8s/inbound-web.yaml"), "{lines}");
    assert!(stub.cloud.calls.is_empty());
}

/// Runs the script that makes a service principal, and gives what it wrote.
fn make(stub: &mut Stub) -> (crate::program::Ran, std::path::PathBuf) {
    let file = stub.path("principal");
    let ran = stub.run_with(PRINCIPAL, &["--subscription", SUBSCRIPTION, "--output", &file.display().to_string()]);
    (ran, file)
}

#[test]
fn a_service_principal_is_made_once() {
    let files = example("service-principal");
    let mut stub = stub_with(&files);
    let (ran, file) = make(&mut stub);
    clean(&stub, PRINCIPAL, &ran);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    let names: Vec<&str> = text.lines().map(|line| line.split('=').next().unwrap()).collect();
    let wanted = ["CLIENT_ID", "SECRET", "OBJECT_ID"].map(|name| format!("export SERVICE_PRINCIPAL_{name}"));
    assert_eq!(names, wanted);
    for call in stub.cloud.forget() {
        assert!(!call.raw.iter().any(|word| word.contains(Cloud::PASSWORD)), "{:?}", call.raw);
        assert!(!call.exported.contains(Cloud::PASSWORD));
    }
    assert!(!ran.out.contains(Cloud::PASSWORD) && !ran.err.contains(Cloud::PASSWORD));

    // What was written makes a cluster.
    let load = format!(
        ". '{}' && printf '%s\\n' \"$SERVICE_PRINCIPAL_CLIENT_ID\" \"$SERVICE_PRINCIPAL_OBJECT_ID\" \"$SERVICE_PRINCIPAL_SECRET\"",
        file.display()
    );
    let loaded = std::process::Command::new("bash").arg("-c").arg(load).output().unwrap();
    let values = String::from_utf8(loaded.stdout).unwrap();
    let names = ["CLIENT_ID", "OBJECT_ID", "SECRET"].map(|name| format!("SERVICE_PRINCIPAL_{name}"));
    stub.variables = names.into_iter().zip(values.lines().map(str::to_owned)).collect();
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, "deploy-steps", &ran);
    stub.cloud.forget();

    std::fs::remove_file(&file).unwrap();
    let (ran, file) = make(&mut stub);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("exists already; delete it or renew its secret by hand"), "{}", ran.err);
    assert!(!file.exists() && acts(&stub.cloud.forget()).is_empty());
}

#[test]
fn a_service_principal_needs_a_place_for_its_secret() {
    let files = example("service-principal");
    let mut stub = stub_with(&files);
    std::fs::write(stub.path("principal"), "mine").unwrap();
    let (ran, file) = make(&mut stub);
    assert!(ran.code == 1 && ran.err.contains("exists already"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let ran = stub.run(PRINCIPAL);
    assert!(ran.code == 1 && ran.err.contains("--output FILE"), "{}", ran.err);
    assert!(stub.cloud.forget().iter().all(|call| call.does == Does::Ask));

    std::fs::remove_file(&file).unwrap();
    stub.cloud.trouble.before = Some(1);
    let (ran, file) = make(&mut stub);
    assert!(ran.code == 1 && ran.err.contains("nothing was written") && !file.exists(), "{}", ran.err);
}

/// The group in the policy of somebody else goes when it is asked to, alone, and not while a cluster needs it.
#[test]
fn rules_are_removed_once_the_cluster_is_gone() {
    const REMOVE: &str = "az/remove-rules.sh";
    let files = example("existing-firewall");
    let mut stub = moved(&files, &files);
    let groups =
        |stub: &Stub| stub.cloud.resources().filter(|one| kind(&one.id).ends_with("ruleCollectionGroups")).count();
    assert_eq!(groups(&stub), 1);
    let ran = stub.run(REMOVE);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("exists and needs these rules"), "{}", ran.err);
    assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new());
    let cluster = stub.cloud.resources().find(|one| kind(&one.id).ends_with("managedClusters")).unwrap().id.clone();
    stub.cloud.remove(&cluster);
    let before = stub.cloud.resources().count();
    let ran = stub.run(REMOVE);
    clean(&stub, REMOVE, &ran);
    assert_eq!((groups(&stub), stub.cloud.resources().count()), (0, before - 1));
    stub.cloud.forget();
    let ran = stub.run(REMOVE);
    clean(&stub, REMOVE, &ran);
    assert!(ran.out.contains("not there: "), "{}", ran.out);
    assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "a second run");
}

/// The owner of the firewall's network adds the other side, once.
#[test]
fn the_owner_adds_the_other_side_of_a_peering() {
    let files = example("existing-firewall");
    let mut stub = moved(&files, &files);
    let plan: serde_json::Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    let peer = plan["firewall"]["existing"]["peer"].as_str().unwrap();
    stub.cloud.put(peer, serde_json::json!({ "location": "westeurope", "properties": {} })).unwrap();
    for expected in [1, 0] {
        let ran = stub.run("az/peer-back.sh");
        clean(&stub, "peer-back.sh", &ran);
        assert_eq!(acts(&stub.cloud.forget()).len(), expected, "{}", ran.out);
    }
    let network = stub.cloud.resources().find(|one| one.id == peer).unwrap();
    let entries = network.body["properties"]["virtualNetworkPeerings"].as_array().unwrap();
    assert_eq!(entries.len(), 1);
    let remote = entries[0]["properties"]["remoteVirtualNetwork"]["id"].as_str().unwrap();
    assert!(remote.ends_with("/virtualNetworks/existing-firewall-vnet"), "{remote}");
}
