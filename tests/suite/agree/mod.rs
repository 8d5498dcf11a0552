//! ARM, the az script and the plan say the same: the same resources with the same properties, down to every rule.
//!
//! Each of the three becomes a set of facts, one line per property of a resource ([`facts`]). The script's are what the
//! stand-in for Azure holds after it ran, the template's what it holds after the template was deployed. Values that exist
//! only then, such as a public address, are symbols. `bicep` compares Bicep with ARM.

mod cluster;
mod document;
pub(crate) mod facts;
mod firewall;
mod gateway;
mod hub;
mod logs;
mod mutate;
mod plan;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::scripts::{PRINCIPAL, clean, examples, put_what_others_own, stub_with};
use crate::shared::{compile_text, files_of, layers_of};
use crate::stub::{self, Cloud};
use crate::template::{HOSTILE, hostile_profile};
use facts::{Facts, difference};

type Files = BTreeMap<String, Vec<u8>>;

/// What stands after the script ran.
fn of_script(files: &Files, place: &str) -> Cloud {
    let mut stub = stub_with(files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, place, &ran);
    stub.cloud
}

/// The templates of a profile in the order in which they are deployed, by layer.
type Templates = Vec<(String, Value)>;

fn templates(files: &Files) -> Templates {
    let template = |layer: &str| serde_json::from_slice(&files[&format!("arm/{layer}.json")]).unwrap();
    layers_of(files).iter().map(|layer| ((*layer).to_owned(), template(layer))).collect()
}

/// What stands before templates are deployed into their resource group, which they do not create; and the parameters.
struct Ground {
    cloud: Cloud,
    group: String,
    parameters: BTreeMap<String, Map<String, Value>>,
}

impl Ground {
    fn of(files: &Files) -> Ground {
        let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
        let mut cloud = Cloud::default();
        cloud.know_principal("somebody", PRINCIPAL[0].1, PRINCIPAL[1].1);
        put_what_others_own(&mut cloud, files);
        let apart = plan["firewall"]["resource-group"].as_str();
        let group = stub::group_id(plan["resource-group"].as_str().unwrap());
        let mut body = json!({ "location": plan["region"] });
        if plan["tags"].as_object().is_some_and(|tags| !tags.is_empty()) {
            body["tags"] = plan["tags"].clone();
        }
        for group in apart.map(stub::group_id).iter().chain([&group]) {
            cloud.put(group, body.clone()).unwrap();
        }
        attach(&mut cloud, &plan, body);
        let parameters = templates(files).into_iter().map(|(layer, template)| {
            let list = parameters(files, &layer, &template);
            (layer, list)
        });
        Ground { cloud, group, parameters: parameters.collect() }
    }

    /// What stands after the templates were deployed. What one tells is what the next asks for, by the same names.
    fn deploy(&self, templates: &Templates) -> Result<Cloud, String> {
        let mut cloud = self.cloud.clone();
        let mut told = Map::new();
        for (layer, template) in templates {
            let mut list = self.parameters[layer].clone();
            let asked = template["parameters"].as_object().ok_or("no parameters")?;
            list.extend(told.into_iter().filter(|(name, _)| asked.contains_key(name)));
            let outcome = stub::deploy(&mut cloud, &self.group, template, &list);
            told = outcome.map_err(|failure| failure.to_string())?;
        }
        Ok(cloud)
    }
}

/// What no template can do: a table at the subnet of somebody else. Its routes come with the template.
fn attach(cloud: &mut Cloud, plan: &Value, mut table: Value) {
    table["properties"] = json!({ "disableBgpRoutePropagation": true });
    for assumption in plan["assumptions"].as_array().unwrap() {
        let claim = &assumption["claim"];
        let Some(id) = claim["route-table"].as_str() else { continue };
        cloud.put(id, table.clone()).unwrap();
        let subnet = format!("{}/subnets/{}", assumption["about"].as_str().unwrap(), claim["subnet"].as_str().unwrap());
        let mut body = cloud.body(&subnet).unwrap().clone();
        body["properties"]["routeTable"] = json!({ "id": id });
        cloud.put(&subnet, body).unwrap();
    }
}

/// The parameter file of a layer, and what belongs into no file.
fn parameters(files: &Files, layer: &str, template: &Value) -> Map<String, Value> {
    let file: Value = serde_json::from_slice(&files[&format!("arm/{layer}.parameters.json")]).unwrap();
    let given = file["parameters"].as_object().unwrap();
    let mut list: Map<String, Value> =
        given.iter().map(|(name, entry)| (name.clone(), entry["value"].clone())).collect();
    let secrets = ["servicePrincipalClientId", "servicePrincipalObjectId", "servicePrincipalSecret"];
    for (name, (_, value)) in secrets.into_iter().zip(PRINCIPAL) {
        if template["parameters"].get(name).is_some() {
            list.insert(name.to_owned(), json!(value));
        }
    }
    list
}

fn facts_of(cloud: &Cloud) -> Facts {
    facts::of(cloud)
}

/// What the plan says.
fn of_plan(plan: &Value, files: &Files) -> Result<Facts, String> {
    let bodies = plan::bodies(plan, files)?;
    Ok(facts::of_bodies(bodies.iter().map(|(id, body)| (id.as_str(), body)), &[]))
}

fn same(place: &str, one: (&str, &Facts), other: (&str, &Facts)) {
    let lines = difference(one, other);
    assert!(lines.is_empty(), "{place}\n{}", lines.join("\n"));
}

#[test]
fn the_script_and_the_template_make_the_same() {
    for (profile, files) in examples() {
        let script = facts_of(&of_script(&files, &profile));
        let arm = facts_of(&Ground::of(&files).deploy(&templates(&files)).unwrap());
        let kinds: BTreeSet<&str> = arm.iter().filter_map(|fact| fact.split_once(": ")).map(|(id, _)| id).collect();
        assert!(kinds.len() > 10, "{profile}: {kinds:#?}");
        same(&profile, ("script", &script), ("ARM", &arm));
    }
}

/// What means something to a shell or to az alone.
const COMMAND_LINE: [&str; 13] = [
    "`touch canary`",
    "$(touch canary)",
    "$HOME",
    "*",
    "~",
    "-o table",
    "--help",
    "--name=x",
    "@/etc/hostname",
    "a=@/etc/hostname",
    "=@/etc/hostname",
    "a=b c",
    "\"; touch canary; \"",
];

#[test]
fn hostile_text_arrives_as_it_is() {
    for (n, text) in HOSTILE.into_iter().chain(COMMAND_LINE).enumerate() {
        let model = if n % 2 == 0 { "policy" } else { "classic" };
        hostile_text_arrives(text, model);
    }
    // Both ways of writing rules read the texts of az's own syntax.
    for text in COMMAND_LINE {
        hostile_text_arrives(text, "policy");
        hostile_text_arrives(text, "classic");
    }
}

fn hostile_text_arrives(text: &str, model: &str) {
    let profile = format!("{}[firewall]\nrules = \"{model}\"\n", hostile_profile(text));
    let files = files_of(&compile_text(&profile));
    let mut stub = stub_with(&files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, text, &ran);
    assert!(!stub.path("canary").exists(), "{text}");
    let script = facts_of(&stub.cloud);
    let arm = Ground::of(&files).deploy(&templates(&files)).unwrap();
    same(text, ("script", &script), ("ARM", &facts_of(&arm)));
    let tag = format!("= {}", serde_json::to_string(text).unwrap());
    assert!(script.iter().any(|fact| fact.contains("tags") && fact.ends_with(&tag)), "{text}: no tag");
    stub.cloud.forget();
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, text, &ran);
    assert_eq!(crate::scripts::acts(&stub.cloud.forget()), Vec::<String>::new(), "{text}: a second run");
}

/// A name that a profile may carry makes the same in both ways.
#[test]
fn hostile_names_arrive_as_they_are() {
    let mut carried = 0;
    for (place, text, profile) in crate::mutations::with_hostile_names() {
        let built = compile_text(&profile);
        if built.checked().is_none() || place.starts_with("[[expect]]") {
            continue;
        }
        carried += 1;
        let files = files_of(&built);
        let mut stub = stub_with(&files);
        let ran = stub.run("az/deploy-steps.sh");
        clean(&stub, &profile, &ran);
        let arm = Ground::of(&files).deploy(&templates(&files)).unwrap_or_else(|why| panic!("{place} {text}: {why}"));
        same(&profile, ("script", &facts_of(&stub.cloud)), ("ARM", &facts_of(&arm)));
    }
    assert!(carried > 40, "{carried}");
}

#[test]
fn the_plan_says_what_the_template_makes() {
    for (profile, files) in examples() {
        let arm = facts_of(&Ground::of(&files).deploy(&templates(&files)).unwrap());
        let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
        let planned = of_plan(&plan, &files).unwrap();
        same(&profile, ("the plan", &planned), ("ARM", &arm));
    }
}
