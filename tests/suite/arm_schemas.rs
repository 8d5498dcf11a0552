//! What is emitted is what Azure publishes: Microsoft's schemas accept it, its types know every property, none is
//! read-only, and both know every API version.

use std::path::PathBuf;

use aks_egress::emit::schema::Official;
use aks_egress::tables::api_versions;
use serde_json::Value;

use crate::program::{GOOD, Ran, project, run};
use crate::shared::{arm_templates, outside_data};
use crate::types::{Flag, TypeFile};

fn official() -> Official {
    let folder: PathBuf = outside_data().join("arm-schemas");
    Official::open(move |path| std::fs::read_to_string(folder.join(path)).map_err(|e| e.to_string())).unwrap()
}

#[test]
#[ignore = "needs AKS_EGRESS_SHARED"]
fn microsofts_schemas_accept_every_template() {
    let mut official = official();
    let mut problems = Vec::new();
    for (name, template, parameters) in arm_templates() {
        problems.extend(official.violations(&template).unwrap().into_iter().map(|line| format!("{name}{line}")));
        problems.extend(official.parameter_violations(&parameters).unwrap().into_iter().map(|l| format!("{name}{l}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// `compile --arm-schemas` asks them too: a folder whose index knows no type refuses, and nothing is written.
#[test]
#[ignore = "needs AKS_EGRESS_SHARED"]
fn compile_asks_microsoft() {
    let dir = project(&[("good.toml", GOOD)]);
    let schemas = outside_data().canonicalize().unwrap().join("arm-schemas");
    let compile = |folder: &str| run(dir.path(), &["compile", "--arm-schemas", folder]);
    assert_eq!(compile(schemas.to_str().unwrap()).code, 0);
    std::fs::remove_dir_all(dir.path().join("out")).unwrap();
    let index = std::fs::read_to_string(schemas.join("template-subset.json")).unwrap();
    let mut index: Value = serde_json::from_str(&index).unwrap();
    index["properties"]["contentVersion"] = serde_json::json!({ "type": "integer" });
    std::fs::create_dir(dir.path().join("other")).unwrap();
    let list = walkdir::WalkDir::new(&schemas).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    for entry in list {
        let to = dir.path().join("other").join(entry.path().strip_prefix(&schemas).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, std::fs::read(entry.path()).unwrap()).unwrap();
    }
    std::fs::write(dir.path().join("other/template-subset.json"), index.to_string()).unwrap();
    let Ran { code, err, .. } = compile("other");
    assert_eq!(code, 2);
    assert!(err.contains("arm/main.json: /contentVersion: \"1.0.0.0\" is not of type \"integer\""), "{err}");
    assert!(!dir.path().join("out/good").exists());
}

/// The outside opinion is one: it refuses what is wrong, and says where.
#[test]
#[ignore = "needs AKS_EGRESS_SHARED"]
fn microsofts_schemas_refuse_mistakes() {
    let mut official = official();
    let (_, template, _) = arm_templates().remove(0);
    let resource = |kind: &str| {
        let list = template["resources"].as_array().unwrap();
        list.iter().position(|r| r["type"] == kind).unwrap_or_else(|| panic!("no {kind}"))
    };
    let firewall = resource("Microsoft.Network/azureFirewalls");
    let group = resource("Microsoft.Network/firewallPolicies/ruleCollectionGroups");
    let cluster = resource("Microsoft.ContainerService/managedClusters");
    for (pointer, value, expected) in [
        (format!("/resources/{firewall}/properties/sku/tier"), "Gold", "/properties/sku/tier: \"Gold\" is not one of"),
        (format!("/resources/{group}/properties/priority"), "high", "/properties/priority: \"high\" is not of type"),
        (format!("/resources/{group}/properties/ruleCollections/0/rules/0/ruleType"), "Rule", "/ruleCollections/0"),
        (
            format!("/resources/{cluster}/properties/agentPoolProfiles/0/count"),
            "two",
            "/agentPoolProfiles/0/count: \"two\" is not of type",
        ),
        (format!("/resources/{cluster}/apiVersion"), "2001-01-01", "no schema of Microsoft.ContainerService"),
        ("/contentVersion".to_owned(), "one", "/contentVersion: \"one\" does not match"),
    ] {
        let mut wrong = template.clone();
        *wrong.pointer_mut(&pointer).unwrap() = Value::from(value);
        let lines = official.violations(&wrong).unwrap();
        assert!(lines.iter().any(|line| line.contains(expected)), "{pointer}: {lines:#?}");
    }
}

/// Every resource of every template, nested ones included.
fn resources(template: &Value, found: &mut Vec<Value>) {
    for resource in template["resources"].as_array().unwrap() {
        found.push(resource.clone());
        let inner = &resource["properties"]["template"];
        if inner.is_object() {
            resources(inner, found);
        }
    }
}

#[test]
#[ignore = "needs AKS_EGRESS_SHARED"]
fn every_property_is_known_and_can_be_written() {
    let mut problems = Vec::new();
    for (profile, template, _) in arm_templates() {
        let mut list = Vec::new();
        resources(&template, &mut list);
        for resource in list {
            let kind = resource["type"].as_str().unwrap();
            // A deployment is the engine's own and has no file; nor has what Microsoft's schemas alone describe.
            if kind == "Microsoft.Resources/deployments" || kind == WITHOUT_TYPES {
                continue;
            }
            // The published type of a network describes its subnets too.
            let (file, within): (_, &[&str]) = match kind {
                "Microsoft.Network/virtualNetworks/subnets" => {
                    (TypeFile::of("Microsoft.Network/virtualNetworks"), &["properties", "subnets", "[]"])
                }
                _ => (TypeFile::of(kind), &[]),
            };
            // Other clouds have older versions, which Microsoft's schemas know.
            let newest = resource["apiVersion"].as_str().is_some_and(|version| version <= file.version.as_str());
            let other = ["usgov", "china"].contains(&profile.as_str());
            assert!(newest && (other || resource["apiVersion"] == file.version.as_str()), "{profile}: {kind}");
            for key in resource.as_object().unwrap().keys() {
                // These belong to the template language rather than to the type.
                if matches!(key.as_str(), "type" | "apiVersion" | "scope" | "condition" | "dependsOn") {
                    continue;
                }
                let mut path: Vec<String> =
                    within.iter().chain([&key.as_str()]).map(|name| (*name).to_owned()).collect();
                check(&resource[key], &file, &mut path, &format!("{profile}: {kind}"), &mut problems);
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn check(value: &Value, file: &TypeFile, path: &mut Vec<String>, place: &str, problems: &mut Vec<String>) {
    match file.flag(path) {
        Some(Flag::Writable) => {}
        Some(Flag::Anything) => return,
        Some(Flag::ReadOnly) => problems.push(format!("{place}: {} is read-only", path.join("."))),
        None => {
            problems.push(format!("{place}: {} is unknown", path.join(".")));
            return;
        }
    }
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                path.push(key.clone());
                check(inner, file, path, place, problems);
                path.pop();
            }
        }
        Value::Array(items) => {
            for item in items {
                path.push("[]".to_owned());
                check(item, file, path, place, problems);
                path.pop();
            }
        }
        _ => {}
    }
}

#[test]
#[ignore = "needs AKS_EGRESS_SHARED"]
fn both_sources_know_every_api_version() {
    let text = std::fs::read_to_string(outside_data().join("arm-api-versions.json")).unwrap();
    let versions: Value = serde_json::from_str(&text).unwrap();
    for (profile, template, _) in arm_templates() {
        let mut list = Vec::new();
        resources(&template, &mut list);
        for resource in list {
            let kind = resource["type"].as_str().unwrap();
            if kind == WITHOUT_TYPES {
                continue;
            }
            let known = versions[kind].as_array().unwrap_or_else(|| panic!("{profile}: {kind} is unknown"));
            assert!(known.contains(&resource["apiVersion"]), "{profile}: {kind} at {}", resource["apiVersion"]);
        }
    }
}

#[test]
fn every_api_version_of_the_table_is_written() {
    let mut written = std::collections::BTreeSet::new();
    let templates = arm_templates();
    // What the other clouds write in older versions, the public one writes, too.
    let public = |name: &str| !["usgov", "china"].contains(&name);
    for (_, template, _) in templates.iter().filter(|(name, ..)| public(name)) {
        let mut list = Vec::new();
        resources(template, &mut list);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        written.extend(list.iter().map(|r| (text(&r["type"]), text(&r["apiVersion"]))));
    }
    // Subnets stand inside their network; references alone name their type.
    written.insert((SUBNETS.to_owned(), api_versions::of(SUBNETS, aks_egress::value::Cloud::Public).to_owned()));
    let written: Vec<_> = written.iter().map(|(name, version)| (name.as_str(), version.as_str())).collect();
    assert_eq!(written, api_versions::API_VERSIONS.rows);
    let known = |name: &str| written.iter().any(|(other, _)| *other == name);
    assert!(api_versions::OTHER_CLOUDS.rows.iter().all(|(name, _)| known(name)));
}

/// What the published types leave out; Microsoft's schemas have it.
const WITHOUT_TYPES: &str = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies";

const SUBNETS: &str = "Microsoft.Network/virtualNetworks/subnets";
