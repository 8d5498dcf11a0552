//! What somebody else changed is found: the script stops and says what is planned and what is there.

use serde_json::{Value, json};

use super::{acts, clean, different, examples, stub_with};
use crate::stub::{Call, Cloud, Does, Stub, kind, name_of};

/// What may differ without being seen, and why.
const UNSEEN: [(&str, &str); 24] = [
    ("roleAssignments/properties/principalType", "the role itself is what counts"),
    ("roleAssignments/properties/description", "the role itself is what counts"),
    ("/delegations/0/name", "to which service is what counts"),
    ("/ruleType", "rules of another kind have other properties, and those are compared"),
    ("/ruleCollectionType", "rules of another kind have other properties, and those are compared"),
    ("/agentPoolProfiles/0/type", "Azure has no other for this outbound type"),
    ("/agentPools/properties/type", "Azure has no other for this outbound type"),
    ("workbooks/properties/serializedData", "Azure shows it only when asked in another way"),
    ("dataCollectionRules/properties/", "what is collected may be tuned; where it goes is compared"),
    ("dataCollectionRuleAssociations/properties/description", "for people"),
    ("/omsagent/config/useAADAuth", "Azure gives it back in more than one spelling"),
    ("managedClusters/identity/type", "who it is says that it is one"),
    ("/agentPoolProfiles/0/count", "the autoscaler's business; without one, it is compared"),
    ("/agentPools/properties/count", "the autoscaler's business; without one, it is compared"),
    ("/agentPools/properties/spotMaxPrice", "the priority says what the pool is"),
    ("/agentPools/properties/scaleSetEvictionPolicy", "the priority says what the pool is"),
    ("/servicePrincipalProfile/secret", "Azure never shows it"),
    ("/rotationPollInterval", "how often secrets are read again may be tuned"),
    ("/managementIpConfiguration/name", "the address is compared"),
    ("/managementIpConfiguration/properties/subnet/id", "Azure has no other for it"),
    ("firewallPolicies/identity/type", "who it is says that it is one"),
    ("resourceGroups/location", "a group of somebody else"),
    (
        "existing-estate: Microsoft.Network/virtualNetworks/properties/virtualNetworkPeerings/",
        "what others made: that it is connected and takes what is forwarded is looked at, the rest is theirs",
    ),
    (
        "existing-estate: Microsoft.Network/virtualNetworks/properties/subnets/0/properties/addressPrefix",
        "no rule takes traffic from the subnet of the load balancers",
    ),
];

/// Questions need no files.
const NOWHERE: &str = "/nonexistent";

/// A stub after a run, and what a second run asks.
fn settled(files: &std::collections::BTreeMap<String, Vec<u8>>, place: &str) -> (Stub, Vec<Call>) {
    let mut stub = stub_with(files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, place, &ran);
    stub.cloud.forget();
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, place, &ran);
    let asked = stub.cloud.forget().into_iter().filter(|call| call.does == Does::Ask).collect();
    (stub, asked)
}

/// Every leaf of a body with another value.
fn others(value: &Value, path: String, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| {
            others(inner, format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, inner)| others(inner, format!("{path}/{at}"), found));
        }
        Value::String(text) => found.push((path, json!(format!("{text}x")))),
        Value::Number(number) => found.push((path, json!(number.as_i64().unwrap() + 1))),
        Value::Bool(value) => found.push((path, json!(!value))),
        Value::Null => {}
    }
}

/// The answers that a script compares are those of the plan. So a change is seen when it changes an answer.
#[test]
fn every_change_from_outside_is_seen() {
    let mut problems = Vec::new();
    let mut used = std::collections::BTreeSet::new();
    let mut tried = 0;
    for (profile, files) in different() {
        let (stub, asked) = settled(&files, &profile);
        let right: Vec<_> = asked.iter().map(|call| stub.cloud.clone().replay(&call.words, NOWHERE.as_ref())).collect();
        // Whatever names the resource is asked first.
        let seen = |mut cloud: Cloud, name: &str| {
            let named = |call: &Call| call.words.iter().any(|word| word.contains(name));
            let first = asked.iter().zip(&right).filter(|(call, _)| named(call));
            let rest = asked.iter().zip(&right).filter(|(call, _)| !named(call));
            first.chain(rest).any(|(call, answer)| cloud.replay(&call.words, NOWHERE.as_ref()) != *answer)
        };
        let ids: Vec<String> = stub.cloud.resources().map(|one| one.id.clone()).collect();
        for id in ids {
            let body = stub.cloud.body(&id).unwrap();
            let mut leaves = Vec::new();
            others(body, String::new(), &mut leaves);
            for (path, value) in leaves {
                tried += 1;
                let mut cloud = stub.cloud.clone();
                let resource = cloud.resources_mut().find(|one| one.id == id).unwrap();
                *resource.body.pointer_mut(&path).unwrap() = value;
                if !seen(cloud, name_of(&id)) {
                    let what = format!("{profile}: {}{path}", kind(&id));
                    match UNSEEN.iter().position(|(part, _)| what.contains(part)) {
                        Some(at) => {
                            used.insert(at);
                        }
                        None => problems.push(what),
                    }
                }
            }
        }
    }
    let vain = (0..UNSEEN.len()).filter(|at| !used.contains(at)).map(|at| format!("in vain: {}", UNSEEN[at].0));
    problems.extend(vain);
    assert!(problems.is_empty(), "not seen:\n{}", problems.join("\n"));
    assert!(tried > 1000, "{tried}");
}

/// The whole of a difference is said, and nothing is changed.
#[test]
fn a_difference_stops_the_script_and_is_named() {
    let (_, files) = examples().into_iter().find(|(name, _)| name == "policy-premium").unwrap();
    let (stub, _) = settled(&files, "policy-premium");
    let rows: [(&str, &str, Value, &[&str]); 9] = [
        ("resourceGroups", "/location", json!("eastus"), &["location: planned swedencentral, found eastus"]),
        (
            "virtualNetworks",
            "/properties/addressSpace/addressPrefixes/0",
            json!("10.41.0.0/16"),
            &[
                "network policy-premium-vnet differs from the plan",
                r#"address space: planned ["10.40.0.0/16"], found ["10.41.0.0/16"]"#,
            ],
        ),
        (
            "virtualNetworks",
            "/properties/subnets/3/properties/addressPrefix",
            json!("10.40.64.0/22"),
            &["subnet nodes differs", "prefix: planned 10.40.32.0/22, found 10.40.64.0/22"],
        ),
        (
            "virtualNetworks",
            "/properties/subnets/3/properties/routeTable",
            json!({ "id": "/subscriptions/other" }),
            &["route table: planned /subscriptions/", "found /subscriptions/other"],
        ),
        (
            "routeTables",
            "/properties/routes/0/properties/nextHopIpAddress",
            json!("10.40.3.9"),
            &["next hop: planned 10.40.3.4, found 10.40.3.9"],
        ),
        ("ruleCollectionGroups", "/properties/priority", json!(150), &["priority: planned", "found 150"]),
        ("azureFirewalls", "/tags/environment", json!("test"), &["tag: planned production, found test"]),
        ("managedClusters", "/properties/agentPoolProfiles/0/count", json!(3), &["nodes: planned 12, found 3"]),
        ("workspaces", "/properties/retentionInDays", json!(7), &["days of retention: planned 90, found 7"]),
    ];
    for (of, path, value, said) in rows {
        let mut stub = stub.with(stub.cloud.clone());
        stub.install(&files);
        let resource = stub.cloud.resources_mut().find(|one| kind(&one.id).ends_with(of)).unwrap();
        *resource.body.pointer_mut(path).unwrap() = value;
        let ran = stub.run("az/deploy-steps.sh");
        assert_eq!(ran.code, 1, "{of}{path}: {}", ran.out);
        for part in said {
            assert!(ran.err.contains(part), "{of}{path}: {part}\n{}", ran.err);
        }
        assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{of}{path}");
    }
}

/// What the plan lacks is never passed over where it would change what is reachable.
#[test]
fn strangers_stop_the_script() {
    for (profile, classic) in [("walkthrough", true), ("policy-premium", false)] {
        let (_, files) = examples().into_iter().find(|(name, _)| name == profile).unwrap();
        let (stub, _) = settled(&files, profile);
        let (of, list, rules) = match classic {
            true => ("azureFirewalls", "/properties/networkRuleCollections", "/properties/rules"),
            false => ("ruleCollectionGroups", "/properties/ruleCollections", "/rules"),
        };
        for whole in [true, false] {
            let mut stub = stub.with(stub.cloud.clone());
            stub.install(&files);
            let resource = stub.cloud.resources_mut().find(|one| kind(&one.id).ends_with(of)).unwrap();
            let collections = resource.body.pointer_mut(list).unwrap().as_array_mut().unwrap();
            let mut stranger = collections[0].clone();
            match whole {
                true => {
                    stranger["name"] = json!("stranger");
                    collections.push(stranger);
                }
                false => {
                    let rules = collections[0].pointer_mut(rules).unwrap().as_array_mut().unwrap();
                    let mut rule = rules[0].clone();
                    rule["name"] = json!("stranger");
                    rules.push(rule);
                }
            }
            let ran = stub.run("az/deploy-steps.sh");
            assert_eq!(ran.code, 1, "{profile}: {}", ran.out);
            assert!(ran.err.contains("stranger"), "{profile}: {}", ran.err);
            assert_eq!(acts(&stub.cloud.forget()), Vec::<String>::new(), "{profile}");
        }
    }
}
