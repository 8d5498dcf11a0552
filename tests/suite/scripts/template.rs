//! `deploy-template.sh`: previews, deploys, and stops before harm.

use serde_json::json;

use super::{acts, clean, example, examples, stub_with};
use crate::agree::facts;
use crate::stub::{Stub, Trouble, group_id, kind, resource_id};

const SCRIPT: &str = "az/deploy-template.sh";

/// A stub where the template is deployed.
fn deployed(name: &str) -> Stub {
    let mut stub = stub_with(&example(name));
    let ran = stub.run(SCRIPT);
    clean(&stub, name, &ran);
    stub
}

#[test]
fn template_and_steps_find_each_others_work_as_planned() {
    for (profile, files) in examples() {
        let mut stub = stub_with(&files);
        let ran = stub.run(SCRIPT);
        clean(&stub, &profile, &ran);
        assert!(ran.out.contains("Create /subscriptions/"), "{profile}: {}", ran.out);
        stub.cloud.forget();
        let ran = stub.run("az/deploy-steps.sh");
        clean(&stub, &profile, &ran);
        assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{profile}");

        let mut stub = stub_with(&files);
        let ran = stub.run("az/deploy-steps.sh");
        clean(&stub, &profile, &ran);
        let before = facts::of(&stub.cloud);
        let ran = stub.run(SCRIPT);
        clean(&stub, &profile, &ran);
        assert!(!ran.out.contains("Create /subscriptions/"), "{profile}: {}", ran.out);
        let lines = facts::difference(("before", &before), ("after", &facts::of(&stub.cloud)));
        assert!(lines.is_empty(), "{profile}: {}", lines.join("\n"));
    }
}

#[test]
fn a_preview_changes_nothing_but_the_group() {
    for (name, groups) in [("walkthrough", 1), ("existing-network", 1), ("existing-firewall", 1), ("hub-and-spoke", 2)]
    {
        let mut stub = stub_with(&example(name));
        let ran = stub.run_with(SCRIPT, &["--subscription", crate::stub::SUBSCRIPTION, "--preview"]);
        clean(&stub, SCRIPT, &ran);
        assert!(ran.out.contains("nothing was deployed"), "{name}: {}", ran.out);
        let acts = acts(&stub.cloud.forget());
        let made = acts.iter().filter(|call| call.starts_with("group create")).count();
        let others: Vec<_> =
            acts.iter().filter(|call| !call.starts_with("group create") && !call.starts_with("extension")).collect();
        assert_eq!((made, others.len()), (groups, 0), "{name}: {others:?}");
    }
}

#[test]
fn a_deletion_stops_it_before_the_deployment() {
    let mut stub = stub_with(&example("walkthrough"));
    let victim = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/natGateways/z".to_owned();
    stub.cloud.trouble.preview = vec![("Delete".to_owned(), victim.clone())];
    let ran = stub.run(SCRIPT);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains(&format!("Delete {victim}")), "{}", ran.out);
    assert!(ran.err.contains("the deployment would delete 1 of these; nothing was deployed"), "{}", ran.err);
    assert!(acts(&stub.cloud.forget()).iter().all(|call| call.starts_with("group create")));
}

#[test]
fn a_subnet_that_the_plan_lacks_stops_it() {
    let mut stub = deployed("walkthrough");
    let network = stub.cloud.resources_mut().find(|one| kind(&one.id).ends_with("virtualNetworks")).unwrap();
    let list = network.body["properties"]["subnets"].as_array_mut().unwrap();
    list.push(json!({ "name": "bastion", "properties": { "addressPrefix": "10.0.6.0/24" } }));
    stub.cloud.forget();
    let ran = stub.run(SCRIPT);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("bastion is there, but the plan has none such"), "{}", ran.err);
    assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new());
}

/// AKS writes routes of its own into the table of kubenet clusters.
#[test]
fn routes_of_the_cluster_survive_a_second_deployment() {
    let mut stub = deployed("walkthrough-kubenet");
    let table = stub.cloud.resources_mut().find(|one| kind(&one.id).ends_with("routeTables")).unwrap();
    let list = table.body["properties"]["routes"].as_array_mut().unwrap();
    list.push(json!({ "name": "aks-system-0", "properties": { "addressPrefix": "10.244.0.0/24" } }));
    let ran = stub.run(SCRIPT);
    clean(&stub, SCRIPT, &ran);
    let table = stub.cloud.resources().find(|one| kind(&one.id).ends_with("routeTables")).unwrap();
    assert!(table.body.to_string().contains("aks-system-0"), "{}", table.body);
}

/// A wrong guess of the next hop stops a deployment before there is a cluster, in both ways.
#[test]
fn a_wrong_next_hop_stops_before_the_cluster() {
    for script in [SCRIPT, "az/deploy-steps.sh"] {
        let files = example("walkthrough");
        let mut stub = stub_with(&files);
        stub.cloud.trouble.private_address = Some("10.0.3.5".to_owned());
        let ran = stub.run(script);
        assert_eq!(ran.code, 1, "{script}: {}", ran.out);
        assert!(ran.err.contains("10.0.3.5"), "{script}: {}", ran.err);
        assert!(!stub.cloud.resources().any(|one| kind(&one.id).ends_with("managedClusters")), "{script}");
    }
}

/// New roles take their time; anything else that fails ends the script.
#[test]
fn a_cluster_is_tried_again_while_roles_take_effect() {
    for script in [SCRIPT, "az/deploy-steps.sh"] {
        let files = example("walkthrough");
        let mut stub = stub_with(&files);
        stub.cloud.trouble.unauthorized = 3;
        let ran = stub.run(script);
        clean(&stub, script, &ran);
        assert_eq!(stub.cloud.kube.slept, 3, "{script}");
        assert!(ran.out.contains("waiting for the roles to take effect (3)"), "{script}: {}", ran.out);
        assert_eq!(ran.err.matches("AuthorizationFailed").count(), 1, "{script} says why, once: {}", ran.err);

        let mut stub = stub_with(&files);
        stub.cloud.trouble = Trouble { unauthorized: usize::MAX, ..Trouble::default() };
        let ran = stub.run(script);
        assert_eq!((ran.code, stub.cloud.kube.slept), (1, 59), "{script} gives up: {}", ran.err);
    }
    let mut stub = stub_with(&example("walkthrough"));
    let group = group_id("kubes_fw_knet");
    stub.cloud.put(&group, json!({ "location": "westeurope" })).unwrap();
    let cluster = resource_id(&group, "Microsoft.ContainerService/managedClusters", &["dzkubekube"]);
    stub.cloud.trouble.broken = Some(cluster);
    let ran = stub.run("az/deploy-steps.sh");
    assert_eq!((ran.code, stub.cloud.kube.slept), (1, 0), "{}", ran.err);
}
