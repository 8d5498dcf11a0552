//! A template hangs together: nothing points forward or at something unknown, nothing is declared in vain, limits hold,
//! and a profile's text stays text.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::arm;
use crate::canon::{Canon, Template};
use crate::shared::{arm_templates, compile_text, examples, files_of, has_foreign_firewall};

/// Texts that mean something in one of the languages they pass through.
pub(crate) const HOSTILE: [&str; 19] = [
    "[concat('x')]",
    "[[x]]",
    "[",
    "[a] b",
    "${x}",
    "$${x}",
    "'",
    "'''",
    "\\",
    "\\'",
    "a\\nb",
    "{{x}}",
    "<script>alert(1)</script>",
    "$(reboot)",
    "'; rm -rf / #",
    "// */ #disable-next-line x",
    "/* x */",
    "# x",
    "management.azure.com // x",
];

/// Texts with characters that end a line or are not seen.
pub(crate) const CONTROL: [&str; 6] = ["a\nb", "a\r\nb", "a\tb", "a\n// b", "a\u{2028}b", "a\u{7f}b"];

/// A profile with `text` in every place that takes free text.
pub(crate) fn hostile_profile(text: &str) -> String {
    let key = serde_json::to_string(text).unwrap();
    let text = toml::Value::String(text.to_owned()).to_string();
    format!(
        "region = \"westeurope\"\n\
         [tags]\nfirst = {text}\n\
         [egress.collections.own]\npriority = 500\n\
         [[egress.collections.own.rules]]\nname = \"one\"\nfqdns = [\"api.example.com\"]\n\
         why = {text}\nowner = {text}\nticket = {text}\n\
         [[egress.collections.own.rules]]\nname = {text}\nfqdns = [\"mirror.example.com\"]\nports = [\"http:80\"]\n\
         [[egress.collections.own.rules]]\nname = \"last\"\nfqdns = [\"cdn.example.com\"]\nwhy = {text}\n\
         [[waive]]\ncheck = \"plain-http\"\nreason = {text}\n\
         [[override]]\nresource = \"node-pool/system\"\npointer = \"/properties/nodeLabels\"\n\
         value = {{ {key} = \"key\", text = {text}, list = [{text}], deep = [{{ x = {text} }}] }}\nreason = {text}\n"
    )
}

#[test]
fn nothing_points_forward_or_nowhere() {
    for (profile, template, _) in arm_templates() {
        connected(&arm::read(&template), &profile);
    }
}

fn connected(template: &Template, place: &str) {
    let mut before: BTreeSet<String> = BTreeSet::new();
    for id in &template.order {
        let resource = &template.resources[id];
        for other in &resource.waits_for {
            assert!(before.contains(other), "{place}: {id} waits for {other}, which does not come before it");
        }
        let closure = template.closure(id);
        let mut names = BTreeSet::new();
        arm::named(&Canon::Map(resource.fields.clone()), &mut names);
        for name in names {
            known(&name, template, place);
            // What it names has to be there, so it waits for it.
            if name.starts_with("id(") && !name.starts_with("id(group(") {
                let owner = owner(&name, template);
                // A gateway names its own parts.
                assert!(
                    owner == *id || closure.contains(&owner),
                    "{place}: {id} names {name} without waiting for {owner}"
                );
            }
        }
        if let Some(module) = &resource.module {
            connected(module, &format!("{place}/{id}"));
        }
        before.insert(id.clone());
    }
    for (_, value) in template.outputs.values() {
        let mut names = BTreeSet::new();
        arm::named(value, &mut names);
        names.iter().for_each(|name| known(name, template, place));
    }
}

fn known(name: &str, template: &Template, place: &str) {
    match name.strip_prefix("param(").and_then(|rest| rest.strip_suffix(')')) {
        Some(parameter) => assert!(template.parameters.contains_key(parameter), "{place}: {name} is not declared"),
        // What lies in another group is there, or a deployment inside makes it.
        None if name.starts_with("id(group(") => {}
        None => {
            owner(name, template);
        }
    }
}

/// The resource behind an ID: itself or, for a subnet, the network that lists it.
fn owner(name: &str, template: &Template) -> String {
    if template.resources.contains_key(name) {
        return name.to_owned();
    }
    if let Some((kind, names)) = name.strip_prefix("id(").and_then(|rest| rest.split_once(", "))
        && let Some(list) = kind.strip_prefix("Microsoft.Network/applicationGateways/")
    {
        let (gateway, part) = names.trim_end_matches(')').split_once(", ").unwrap();
        let owner = format!("id(Microsoft.Network/applicationGateways, {gateway})");
        let Canon::Map(properties) = &template.resources[&owner].fields["properties"] else { panic!("{owner}") };
        let Canon::List(parts) = &properties[list] else { panic!("{owner}: {list}") };
        let listed = parts.iter().any(|one| matches!(one, Canon::Map(f) if f["name"].inline() == part));
        assert!(listed, "{owner} has no {part} in {list}");
        return owner;
    }
    let inner = name.strip_prefix("id(Microsoft.Network/virtualNetworks/subnets, ").unwrap_or_else(|| panic!("{name}"));
    let (network, subnet) = inner.trim_end_matches(')').split_once(", ").unwrap();
    let owner = format!("id(Microsoft.Network/virtualNetworks, {network})");
    let Canon::Map(properties) = &template.resources[&owner].fields["properties"] else { panic!("{owner}") };
    let Canon::List(subnets) = &properties["subnets"] else { panic!("{owner}") };
    let listed = subnets.iter().any(|one| matches!(one, Canon::Map(f) if f["name"].inline() == subnet));
    assert!(listed, "{owner} has no {subnet}");
    owner
}

#[test]
fn every_parameter_is_used_and_given() {
    for (profile, json, file) in arm_templates() {
        let template = arm::read(&json);
        let text = json.to_string();
        for (name, (kind, allowed, default)) in &template.parameters {
            assert!(text.contains(&format!("parameters('{name}')")), "{profile}: {name} is not used");
            let given = file["parameters"].get(name).map(|p| arm::value(&p["value"]));
            let one = allowed.as_ref().map(|list| match list {
                Canon::List(items) => items[0].clone(),
                other => panic!("{other:?}"),
            });
            // What belongs to somebody's secret store stands in no file, and what is checked has one value.
            // Neither does what one layer tells the other.
            let handed_over = name.ends_with("Id") || name.starts_with("firewallAddress");
            let secret = name.starts_with("servicePrincipal") || handed_over;
            assert_eq!(given.is_none(), secret, "{profile}: {name} in the parameter file");
            assert_eq!(given, if secret { None } else { one.or(default.clone()) }, "{profile}: {name}");
            assert_eq!(kind == "securestring", name.ends_with("Secret"), "{profile}: {name} is a {kind}");
        }
        for name in file["parameters"].as_object().unwrap().keys() {
            assert!(template.parameters.contains_key(name), "{profile}: the parameter file gives {name}");
        }
    }
}

#[test]
fn no_output_tells_a_secret() {
    for (profile, json, _) in arm_templates() {
        let text = json["outputs"].to_string();
        assert!(!text.contains("parameters('"), "{profile}: an output repeats a parameter");
        assert!(!text.to_lowercase().contains("secret") && !text.contains("list"), "{profile}: {text}");
    }
}

/// Limits of the deployment engine (F6.3).
#[test]
fn templates_stay_within_the_limits() {
    for (profile, json, _) in arm_templates() {
        assert!(json.to_string().len() < 4_000_000, "{profile}");
        assert!(json["resources"].as_array().unwrap().len() <= 800, "{profile}");
        assert!(json["parameters"].as_object().unwrap().len() <= 256, "{profile}");
        assert!(json["outputs"].as_object().unwrap().len() <= 64, "{profile}");
        for resource in json["resources"].as_array().unwrap() {
            assert!(resource.to_string().len() < 1_000_000, "{profile}: {}", resource["name"]);
        }
    }
}

#[test]
fn firewall_comes_after_its_groups_and_the_cluster_after_everything_it_needs() {
    let all = examples();
    for (profile, json, _) in arm_templates() {
        let template = arm::read(&json);
        // What lies in another group is there once the deployment is that writes it.
        let of = |kind: &str| -> Vec<&String> {
            let start = format!("{kind}@");
            let holds = |id: &&String| {
                let resource = &template.resources[*id];
                let inside = resource.module.iter().flat_map(|module| module.resources.values());
                inside.chain([resource]).any(|one| one.kind.starts_with(&start))
            };
            template.order.iter().filter(holds).collect()
        };
        // A layer of the cluster has no firewall, and one of the network no cluster.
        let layer = ["/cluster", "network-only", "/network"].iter().position(|layer| profile.ends_with(layer));
        let one = |kind: &str| *of(kind).first().unwrap_or_else(|| panic!("{profile}: no {kind}"));
        if layer == Some(0) {
            assert!(of("Microsoft.Network/azureFirewalls").is_empty(), "{profile}");
            continue;
        }
        // That of somebody else is named, never written, and its rules are a deployment to where its policy is.
        let example = profile.split('/').next().unwrap();
        let foreign = has_foreign_firewall(&all.iter().find(|(name, _)| name == example).unwrap().1);
        // A firewall in another group is made by a deployment inside.
        let inside = template.resources.values().filter_map(|resource| resource.module.as_ref());
        let mut firewalls = 0;
        for around in std::iter::once(&template).chain(inside) {
            let of = |kind: &str| -> Vec<&String> {
                let is = |id: &&String| around.resources[*id].kind.starts_with(&format!("{kind}@"));
                around.order.iter().filter(is).collect()
            };
            for firewall in of("Microsoft.Network/azureFirewalls") {
                firewalls += 1;
                for group in of("Microsoft.Network/firewallPolicies/ruleCollectionGroups") {
                    let before = around.closure(firewall);
                    assert!(before.contains(group), "{profile}: the firewall does not wait for {group}");
                }
            }
        }
        assert_eq!(firewalls, usize::from(!foreign), "{profile}");
        for network in of("Microsoft.Network/virtualNetworks") {
            let before = template.closure(network);
            for route in of("Microsoft.Network/routeTables/routes") {
                let table = route.rsplit_once(", ").unwrap().0.replace("/routes, ", ", ") + ")";
                let attached = before.contains(&table);
                assert!(!attached || before.contains(route), "{profile}: the table is attached before it has {route}");
            }
        }
        if layer.is_some() {
            assert!(of("Microsoft.ContainerService/managedClusters").is_empty(), "{profile}");
            continue;
        }
        let cluster = template.closure(one("Microsoft.ContainerService/managedClusters"));
        let needed = [
            "Microsoft.Network/virtualNetworks",
            "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
            "Microsoft.Network/routeTables",
            "Microsoft.Network/routeTables/routes",
            "Microsoft.Network/azureFirewalls",
            "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
            "Microsoft.Authorization/roleAssignments",
            "Microsoft.Resources/deployments",
        ];
        for other in needed.iter().flat_map(|kind| of(kind)) {
            assert!(cluster.contains(other), "{profile}: the cluster does not wait for {other}");
        }
    }
}

#[test]
fn policies_carry_no_tags_and_everything_else_that_has_a_place_does() {
    let built = compile_text("region = \"westeurope\"\n[tags]\nteam = \"shop\"\n");
    let json: Value = serde_json::from_slice(&files_of(&built)["arm/main.json"]).unwrap();
    for resource in json["resources"].as_array().unwrap() {
        let policy = resource["type"] == "Microsoft.Network/firewallPolicies";
        let located = resource.get("location").is_some();
        assert_eq!(resource.get("tags").is_some(), located && !policy, "{}", resource["type"]);
    }
}

#[test]
fn hostile_text_stays_text() {
    for text in HOSTILE {
        let built = compile_text(&hostile_profile(text));
        let json: Value = serde_json::from_slice(&files_of(&built)["arm/main.json"]).unwrap();
        let template = arm::read(&json);
        let mut texts = Vec::new();
        for resource in template.resources.values() {
            Canon::Map(resource.fields.clone()).texts(&mut texts);
        }
        let tags = texts.iter().filter(|t| *t == text).count();
        assert!(tags >= 5, "{text}: as a tag {tags} times");
        let description = format!("{text}; owner: {text}; ticket: {text}");
        assert!(texts.contains(&description), "{text}: {texts:#?}");
        connected(&template, text);
    }
}

/// Line breaks and other control characters are refused or kept, and never break out.
#[test]
fn control_characters_are_refused_or_kept() {
    for text in CONTROL {
        let built = compile_text(&hostile_profile(text));
        let Some(checked) = built.checked() else { continue };
        let files = aks_egress::emit::all(checked).unwrap();
        let json: Value = serde_json::from_slice(&files.get("arm/main.json").unwrap().bytes).unwrap();
        let mut texts = Vec::new();
        arm::value(&json["resources"][0]["tags"]).texts(&mut texts);
        assert_eq!(texts, ["first", text]);
    }
}

#[test]
fn hostile_tag_names_stay_names() {
    for text in HOSTILE {
        let key = toml::Value::String(text.to_owned()).to_string();
        let built = compile_text(&format!("region = \"westeurope\"\n[tags]\n{} = \"x\"\n", basic(&key, text)));
        let Some(checked) = built.checked() else {
            assert!(text.contains(['<', '>', '%', '&', '\\', '?', '/']), "{text}: {:?}", built.report().findings);
            continue;
        };
        let files = aks_egress::emit::all(checked).unwrap();
        let json: Value = serde_json::from_slice(&files.get("arm/main.json").unwrap().bytes).unwrap();
        let mut texts = Vec::new();
        arm::value(&json["resources"][0]["tags"]).texts(&mut texts);
        assert_eq!(texts, [text.to_owned(), "x".to_owned()]);
    }
}

/// A key in quotes that are legal for keys: a literal string may be a multi-line one.
fn basic(value: &str, text: &str) -> String {
    if value.starts_with("'''") || value.starts_with("\"\"\"") { format!("{text:?}") } else { value.to_owned() }
}
