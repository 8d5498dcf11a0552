//! The comparison can fail: whatever one target drops or changes is found.
//!
//! Every value of the template, every option of every command that the script ran, and every value of the plan is left out
//! and altered, one at a time; of those that differ in their place in a list alone, two. Each time Azure has to refuse, or
//! the facts have to differ. What may be altered without being noticed is listed, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::document::ASIDE;
use super::{Ground, facts, of_plan, of_script, templates};
use crate::scripts::{different, stub_with};
use crate::stub::{Call, Does};

/// A place in a JSON value without its indexes.
fn form(pointer: &str) -> String {
    let names: Vec<&str> = pointer.split('/').filter(|part| part.parse::<usize>().is_err()).collect();
    names.join("/")
}

/// Alterations of a JSON value: where, how it is called, and the whole with it.
fn alterations(
    whole: &Value,
    below: &str,
    wants: &mut dyn FnMut(&str, &str) -> bool,
) -> Vec<(String, &'static str, Value)> {
    let mut pointers = Vec::new();
    walk(whole.pointer(below).unwrap(), below.to_owned(), &mut pointers);
    let mut list = Vec::new();
    for pointer in pointers {
        if wants(&pointer, "dropped") {
            let mut without = whole.clone();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            match without.pointer_mut(parent).unwrap() {
                Value::Object(fields) => {
                    fields.shift_remove(&name.replace("~1", "/").replace("~0", "~"));
                }
                Value::Array(items) => {
                    items.remove(name.parse().unwrap());
                }
                other => panic!("{other}"),
            }
            list.push((pointer.clone(), "dropped", without));
        }
        let changed = match whole.pointer(&pointer).unwrap() {
            Value::String(text) => json!(format!("{text}x")),
            Value::Number(number) => json!(number.as_i64().unwrap() + 1),
            Value::Bool(value) => json!(!value),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        if wants(&pointer, "changed") {
            let mut with = whole.clone();
            *with.pointer_mut(&pointer).unwrap() = changed;
            list.push((pointer, "changed", with));
        }
    }
    list
}

fn walk(value: &Value, pointer: String, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, inner)| (name.replace('~', "~0").replace('/', "~1"), inner)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(at, inner)| (at.to_string(), inner)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, inner) in inner {
        let pointer = format!("{pointer}/{name}");
        found.push(pointer.clone());
        walk(inner, pointer, found);
    }
}

/// What a test of alterations says of those that nobody noticed.
#[derive(Default)]
struct Unnoticed {
    tried: BTreeMap<String, usize>,
    used: BTreeSet<usize>,
    problems: Vec<String>,
}

impl Unnoticed {
    /// Whether something of this form is still to be tried.
    fn wants(&mut self, form: String) -> bool {
        let tried = self.tried.entry(form).or_default();
        *tried += 1;
        *tried <= 2
    }

    /// Something was altered without being noticed: it has to be on the list.
    fn report(&mut self, what: &str, list: &[(&str, &str)]) {
        match list.iter().position(|(pattern, _)| fits(pattern, what)) {
            Some(at) => {
                self.used.insert(at);
            }
            None => self.problems.push(what.to_owned()),
        }
    }

    /// Everything was noticed or is on the list, and the list holds nothing else.
    fn check(mut self, list: &[(&str, &str)], at_least: usize) {
        let vain = (0..list.len()).filter(|at| !self.used.contains(at)).map(|at| format!("in vain: {}", list[at].0));
        self.problems.extend(vain);
        assert!(self.problems.is_empty(), "not noticed:\n{}", self.problems.join("\n"));
        assert!(self.tried.len() >= at_least, "only {} alterations", self.tried.len());
    }
}

/// Whether a text has the parts of a pattern between its `*`, in order, from its beginning to its end.
fn fits(pattern: &str, text: &str) -> bool {
    let parts: Vec<&str> = pattern.split('*').collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for part in &parts[1..] {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

/// What the template may say differently, unnoticed.
const TEMPLATE: [(&str, &str); 12] = [
    ("*/deployments/subscriptionId dropped", "the one that is deployed to; the scripts make sure of that first"),
    ("*/apiVersion changed", "how a resource is written; the types and schemas of that version hold it"),
    ("*/dependsOn* dropped", "others say the same order; `template` holds each resource to what it names"),
    ("*/userAssignedIdentities/properties dropped", "it is empty"),
    ("*/serviceMeshProfile/istio dropped", "it is empty"),
    ("*/upgradeSettings* dropped", "what AKS gives a new pool by itself"),
    ("*/routeTables/condition *", "how a table is kept that is there; `scripts` deploys twice"),
    ("*/template/$schema changed", "what the file is, not what it makes"),
    ("*/template/contentVersion changed", "what the file is, not what it makes"),
    ("*/metadata*", "for people"),
    ("*/allowedValues dropped", "the guard makes nothing; `scripts` proves that it stops"),
    ("*/template/outputs*", "nobody reads the outputs of the guard"),
];

#[test]
fn a_change_of_the_template_is_noticed() {
    let mut unnoticed = Unnoticed::default();
    for (profile, files) in different() {
        let (ground, whole) = (Ground::of(&files), templates(&files));
        let right = facts::of(&ground.deploy(&whole).unwrap());
        for (at, (_, template)) in whole.iter().enumerate() {
            // A place is called by the type of its resource.
            let called = |pointer: &str| {
                let (index, rest) = pointer["/resources/".len()..].split_once('/').unwrap_or((pointer, ""));
                let index = index.rsplit('/').next().unwrap().parse::<usize>().unwrap();
                format!("{}/{rest}", template["resources"][index]["type"].as_str().unwrap())
            };
            let mut wants = |pointer: &str, how: &str| unnoticed.wants(format!("{} {how}", form(&called(pointer))));
            for (pointer, how, altered) in alterations(template, "/resources", &mut wants) {
                let mut all = whole.clone();
                all[at].1 = altered;
                if ground.deploy(&all).is_ok_and(|cloud| facts::of(&cloud) == right) {
                    unnoticed.report(&format!("{profile} {} {how}", called(&pointer)), &TEMPLATE);
                }
            }
        }
    }
    unnoticed.check(&TEMPLATE, 400);
}

/// What the plan may say differently, unnoticed; besides what [`ASIDE`] lists.
const PLAN: [(&str, &str); 3] = [
    ("existing-firewall /peering/to-cluster *", "the owner of the other network makes it"),
    ("existing-* /firewall/existing/firewall *", "only read: the assumption about it is held to what stands"),
    ("existing-* /firewall/existing/public-ips/*", "stand in the routes and in the DNAT rules"),
];

#[test]
fn a_change_of_the_plan_is_noticed() {
    let mut unnoticed = Unnoticed::default();
    for (profile, files) in different() {
        let whole: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
        let right = of_plan(&whole, &files).unwrap();
        let aside = |place: &str| ASIDE.iter().any(|(aside, _)| format!("{place}.").starts_with(&format!("{aside}.")));
        let mut wants = |pointer: &str, how: &str| {
            !aside(&format!("plan{}", form(pointer).replace('/', ".")))
                && unnoticed.wants(format!("{} {how}", form(pointer)))
        };
        for (pointer, how, altered) in alterations(&whole, "", &mut wants) {
            if of_plan(&altered, &files).is_ok_and(|planned| planned == right) {
                unnoticed.report(&format!("{profile} {pointer} {how}"), &PLAN);
            }
        }
    }
    unnoticed.check(&PLAN, 150);
}

/// A call with one option left out, or one value altered.
fn altered_calls(call: &Call) -> Vec<(String, Vec<String>)> {
    let words = &call.words;
    let starts: Vec<usize> = (0..words.len()).filter(|at| words[*at].starts_with("--")).collect();
    let mut list = Vec::new();
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(words.len());
        let name = words[*start].split('=').next().unwrap();
        let command = words_of(call);
        let mut without = words.clone();
        without.drain(start..&end);
        list.push((format!("{command} {name} dropped"), without));
        for value in start + 1..end {
            let mut with = words.clone();
            with[value] = other_value(&words[value]);
            list.push((format!("{command} {name} changed"), with));
        }
        if let Some((_, value)) = words[*start].split_once('=') {
            let mut with = words.clone();
            with[*start] = format!("{name}={}", other_value(value));
            list.push((format!("{command} {name} changed"), with));
        }
    }
    list
}

/// The words of a command without its options.
fn words_of(call: &Call) -> String {
    let words: Vec<&str> = call.words.iter().map(String::as_str).take_while(|word| !word.starts_with("--")).collect();
    words.join(" ")
}

/// A value that Azure would take as well.
fn other_value(value: &str) -> String {
    let known = [
        ("true", "false"),
        ("Standard", "Premium"),
        ("Premium", "Standard"),
        ("standard", "free"),
        ("Regional", "Global"),
        ("Static", "Dynamic"),
        ("IPv4", "IPv6"),
        ("Allow", "Deny"),
        ("Deny", "Allow"),
        ("Alert", "Off"),
        ("VirtualAppliance", "VirtualNetworkGateway"),
        ("Internet", "None"),
        ("azure", "none"),
        ("kubenet", "none"),
        ("NetworkRule", "ApplicationRule"),
        ("ApplicationRule", "NetworkRule"),
    ];
    if let Some((_, other)) = known.into_iter().find(|(one, _)| *one == value) {
        return other.to_owned();
    }
    match value.parse::<u32>() {
        Ok(number) => (number + 1).to_string(),
        Err(_) => format!("{value}x"),
    }
}

/// What a command may say differently, unnoticed.
const COMMANDS: [(&str, &str); 9] = [
    ("* --output *", "what is printed, not what is made"),
    ("add-ons resource create left out", "creating the cluster makes the rule as well, only without tags"),
    ("* aks create --yes dropped", "answers questions, of which there are none here"),
    ("* network vnet create --address-prefixes dropped", "the CLI itself would take the same prefix"),
    ("* aks nodepool add --mode dropped", "the CLI itself would take the same mode"),
    ("* aks nodepool add --os-type dropped", "the CLI itself would take the same system"),
    ("* aks nodepool add --eviction-policy dropped", "the CLI itself would take the same policy"),
    ("* aks create --rotation-poll-interval dropped", "the CLI itself would take the same interval"),
    ("* aks create --node-count dropped", "the CLI itself would take the same number"),
];

#[test]
fn a_change_of_a_command_is_noticed() {
    let mut unnoticed = Unnoticed::default();
    for (profile, files) in different() {
        let done = of_script(&files, &profile);
        let right = facts::of(&done);
        let calls: Vec<&Call> = done.calls.iter().filter(|call| call.does == Does::Act).collect();
        let mut before = stub_with(&files).cloud;
        // The files that commands read lie there until the end.
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &calls.last().unwrap().files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        for (at, call) in calls.iter().enumerate() {
            let mut tries = altered_calls(call);
            tries.push((format!("{} left out", words_of(call)), Vec::new()));
            for (what, words) in tries {
                if !unnoticed.wants(what.clone()) {
                    continue;
                }
                let mut cloud = before.clone();
                let mut replayed = Some(words).filter(|words| !words.is_empty()).into_iter();
                let rest = calls[at + 1..].iter().map(|call| call.words.clone());
                let refused = replayed.by_ref().chain(rest).any(|words| cloud.replay(&words, folder.path()).is_err());
                if !refused && facts::of(&cloud) == right {
                    unnoticed.report(&format!("{profile} {what}"), &COMMANDS);
                }
            }
            before.replay(&call.words, folder.path()).unwrap();
        }
        assert_eq!(facts::of(&before), right, "{profile}: replayed");
    }
    unnoticed.check(&COMMANDS, 300);
}
