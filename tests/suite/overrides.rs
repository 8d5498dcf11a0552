//! What is added by hand: nothing that the program decides is open to it, and everything else arrives.

use aks_egress::tables::overridable::{self, Say};
use serde_json::{Value, json};

use crate::scripts::{acts, clean, example, stub_with};
use crate::shared::{arm_templates, compile_text, files_of, outside_data};
use crate::types::{Flag, TypeFile};

/// The kinds of resources that may be reached into, with their types.
const KINDS: [(&str, &str); 7] = [
    ("cluster", "Microsoft.ContainerService/managedClusters"),
    ("firewall", "Microsoft.Network/azureFirewalls"),
    ("firewall-policy", "Microsoft.Network/firewallPolicies"),
    ("network", "Microsoft.Network/virtualNetworks"),
    ("node-pool", "Microsoft.ContainerService/managedClusters/agentPools"),
    ("subnet", "Microsoft.Network/virtualNetworks/subnets"),
    ("workspace", "Microsoft.OperationalInsights/workspaces"),
];

/// Every property of a resource that a template writes, by kind, nested deployments included.
fn written(template: &Value, found: &mut Vec<(&'static str, Value)>) {
    for resource in template["resources"].as_array().unwrap() {
        let inner = &resource["properties"]["template"];
        if inner.is_object() {
            written(inner, found);
        }
        let Some((kind, _)) = KINDS.iter().find(|(_, name)| resource["type"] == *name) else { continue };
        let properties = &resource["properties"];
        found.push((kind, properties.clone()));
        let listed = |name: &str| properties[name].as_array().cloned().unwrap_or_default();
        found.extend(listed("subnets").into_iter().map(|one| ("subnet", one["properties"].clone())));
        found.extend(listed("agentPoolProfiles").into_iter().map(|mut one| {
            one.as_object_mut().unwrap().remove("name");
            ("node-pool", one)
        }));
    }
}

fn paths(value: &Value, path: &mut Vec<String>, each: &mut impl FnMut(&[&str])) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, inner) in fields {
                path.push(name.clone());
                paths(inner, path, each);
                path.pop();
            }
        }
        _ => each(&path.iter().map(String::as_str).collect::<Vec<_>>()),
    }
}

#[test]
fn nothing_that_the_program_writes_is_open() {
    let mut seen = 0;
    for (profile, template, _) in arm_templates() {
        // Its additions are what is open.
        if profile == "overrides" {
            continue;
        }
        let mut list = Vec::new();
        written(&template, &mut list);
        for (kind, properties) in list {
            paths(&properties, &mut Vec::new(), &mut |path| {
                seen += 1;
                let say = overridable::say(kind, path).map(|(_, say)| say);
                assert!(
                    matches!(say, Some(Say::Decided(_) | Say::Relied(_))),
                    "{profile}: {kind} {}: {say:?}",
                    path.join("/")
                );
            });
        }
    }
    assert!(seen > 500, "{seen}");
}

#[test]
#[ignore = "needs AKS_EGRESS_SHARED"]
fn the_table_has_the_names_of_the_types() {
    for (kind, name) in KINDS {
        // No file describes a subnet alone; its network does.
        if kind == "subnet" {
            let file = TypeFile::of("Microsoft.Network/virtualNetworks");
            let below = ["properties", "subnets", "[]", "properties"].map(str::to_owned);
            compare(kind, &file, &below);
        } else {
            compare(kind, &TypeFile::of(name), &["properties".to_owned()]);
        }
    }
    assert!(outside_data().exists());
}

fn compare(kind: &str, file: &TypeFile, below: &[String]) {
    let mut names: Vec<String> = file.names(below);
    names.sort();
    let mut known: Vec<&str> = overridable::names(kind).collect();
    known.sort_unstable();
    assert_eq!(known, names, "{kind}");
    for name in names {
        let read_only = file.flag(&[below, std::slice::from_ref(&name)].concat()) == Some(Flag::ReadOnly);
        let computed = overridable::say(kind, &[&name]).map(|(_, say)| say) == Some(Say::Computed);
        assert!(computed || !read_only, "{kind}: {name} is read-only");
    }
}

#[test]
fn a_value_that_somebody_changed_is_set_again_and_nothing_else() {
    let files = example("overrides");
    let mut stub = stub_with(&files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, "overrides", &ran);
    stub.cloud.forget();
    let cluster = |body: &Value| body["properties"]["autoUpgradeProfile"].is_object();
    let resource = stub.cloud.resources_mut().find(|resource| cluster(&resource.body)).unwrap();
    resource.body["properties"]["autoUpgradeProfile"]["upgradeChannel"] = json!("stable");
    resource.body["properties"]["agentPoolProfiles"][0]["nodeTaints"] = json!([]);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, "overrides", &ran);
    let acts = acts(&stub.cloud.forget());
    assert_eq!(acts.len(), 2, "{acts:#?}");
    assert!(acts.iter().all(|act| act.starts_with("resource update --ids ")), "{acts:#?}");
    assert!(ran.out.contains("updating: additions to cluster\n"), "{}", ran.out);
    assert!(ran.out.contains("updating: additions to node-pool/system\n"), "{}", ran.out);
    assert!(ran.out.contains("unchanged: additions to node-pool/apps\n"), "{}", ran.out);
}

/// An addition keeps what the profile says beside it, whatever layer it is written in.
#[test]
fn additions_stand_beside_what_is_decided() {
    let profile = "region = \"westeurope\"\n[cluster]\naddons = [\"defender\"]\n[deploy]\nsplit = true\n\
        [[override]]\nresource = \"cluster\"\npointer = \"/properties/securityProfile/imageCleaner/enabled\"\n\
        value = true\nreason = \"old images go away\"\n";
    let files = files_of(&compile_text(profile));
    let template: Value = serde_json::from_slice(&files["arm/cluster.json"]).unwrap();
    let is_cluster = |resource: &&Value| resource["type"] == "Microsoft.ContainerService/managedClusters";
    let cluster = template["resources"].as_array().unwrap().iter().find(is_cluster).unwrap();
    let security = &cluster["properties"]["securityProfile"];
    assert_eq!(security["imageCleaner"], json!({ "enabled": true }));
    assert_eq!(security["defender"]["securityMonitoring"]["enabled"], true);
    let mut stub = stub_with(&files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, profile, &ran);
    let stored = stub.cloud.resources().find(|resource| resource.id.ends_with("managedClusters/example-aks")).unwrap();
    let workspace =
        stored.body["properties"]["securityProfile"]["defender"]["logAnalyticsWorkspaceResourceId"].as_str();
    assert!(workspace.unwrap().ends_with("/workspaces/example-logs"), "{workspace:?}");
}

/// What JSON and templates cannot hold is said where it stands.
#[test]
fn values_that_no_template_holds_are_refused() {
    for (value, expected) in [
        ("2027-01-31", "wrong-type: `value` is a date, and JSON has none"),
        ("1.5", "wrong-type: `value` is a decimal number, and templates hold whole ones only"),
        ("nan", "wrong-type: `value` is a decimal number, and templates hold whole ones only"),
        ("{ a = [1, 07:32:00] }", "wrong-type: an entry of `a` is a time, and JSON has none"),
        ("9007199254740992", "out-of-range: `value` is a number that not every reader of JSON keeps exact"),
        ("{ \"a\\u0007\" = 1 }", "control-character: a key of `value` holds the control character U+0007"),
        ("[\"a\\u0007\"]", "control-character: an entry of `value` holds the control character U+0007"),
    ] {
        let profile = format!(
            "region = \"westeurope\"\n[[override]]\nresource = \"cluster\"\npointer = \"/properties/aadProfile\"\n\
             value = {value}\nreason = \"x\"\n"
        );
        let built = compile_text(&profile);
        let said: Vec<_> = built.report().findings.iter().map(|f| format!("{}: {}", f.code.id, f.message)).collect();
        assert_eq!(said, [expected], "{value}");
    }
}
