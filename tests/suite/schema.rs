//! The JSON Schema of profiles agrees with the reader: same keys, same words, same verdict on generated documents.

use std::collections::BTreeSet;

use aks_egress::diag::{Findings, Report, Source, Sources};
use aks_egress::profile;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::shared;

fn schema() -> Value {
    serde_json::from_str(profile::schema()).unwrap()
}

fn report(text: &str) -> Report {
    let mut sources = Sources::default();
    let source = sources.add(Source { name: "test.toml".to_owned(), text: text.to_owned().into(), built_in: false });
    let mut findings = Findings::default();
    profile::parse(&mut sources, source, &[], Some("test"), &mut findings);
    Report { sources, findings: findings.finish() }
}

/// Follows pointers, through references.
fn at<'s>(schema: &'s Value, path: &str) -> &'s Value {
    let mut node = schema;
    for step in path.split('/').filter(|s| !s.is_empty()) {
        node = node.get(step).unwrap_or_else(|| panic!("the schema has no {path}: {step}"));
        if let Some(target) = node.get("$ref").and_then(Value::as_str) {
            node = schema.pointer(target.trim_start_matches('#')).unwrap();
        }
    }
    node
}

/// Each table: where the schema describes it, and a profile with one line in it.
const TABLES: &[(&str, &str)] = &[
    ("", "@"),
    ("properties/network", "[network]\n@"),
    ("properties/network/properties/subnets", "[network.subnets]\n@"),
    ("properties/network/properties/subnets/properties/firewall/anyOf/1", "[network.subnets.firewall]\n@"),
    ("properties/network/properties/subnets/properties/nodes/anyOf/1", "[network.subnets.nodes]\n@"),
    ("properties/firewall", "[firewall]\n@"),
    ("properties/firewall/properties/tls-inspection", "[firewall.tls-inspection]\n@"),
    ("properties/cluster", "[cluster]\n@"),
    ("properties/cluster/properties/nodes/anyOf/1", "[cluster.nodes]\n@"),
    ("properties/cluster/properties/pools/items", "[[cluster.pools]]\n@"),
    ("properties/logs", "[logs]\n@"),
    ("properties/logs/properties/workspace/anyOf/1", "[logs.workspace]\nid = \"x\"\n@"),
    ("properties/egress", "[egress]\n@"),
    ("properties/egress/properties/packs/items/anyOf/1", "[[egress.packs]]\nname = \"quay\"\n@"),
    ("properties/egress/properties/collections/additionalProperties", "[egress.collections.x]\n@"),
    ("$defs/rule", "[[egress.collections.x.rules]]\n@"),
    ("properties/inbound/items", "[[inbound]]\n@"),
    ("properties/expect/items", "[[expect]]\n@"),
    ("properties/waive/items", "[[waive]]\n@"),
];

/// Steps into `anyOf` and `oneOf`, which are arrays.
fn table<'s>(schema: &'s Value, path: &str) -> &'s Value {
    match path.split_once("/anyOf/") {
        Some((head, index)) => &at(schema, head)["anyOf"][index.parse::<usize>().unwrap()],
        None => at(schema, path),
    }
}

#[test]
fn keys_are_the_same() {
    let schema = schema();
    for (path, text) in TABLES {
        let report = report(&text.replace('@', "qqqqqqqqqqqq = 1"));
        let unknown = report.findings.iter().find(|f| f.code.id == "unknown-key").unwrap();
        let known = unknown.help.as_deref().unwrap().strip_prefix("known keys here: ").unwrap();
        let known: BTreeSet<&str> = known.split(", ").collect();
        let mut described: BTreeSet<&str> =
            table(&schema, path)["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        // The reader knows this key only to say why it cannot be given.
        if path.ends_with("firewall/anyOf/1") {
            described.insert("name");
        }
        assert_eq!(known, described, "{path}");
    }
}

#[test]
fn every_table_of_the_schema_is_compared() {
    fn count(node: &Value) -> usize {
        match node {
            Value::Object(map) => {
                usize::from(map.get("additionalProperties") == Some(&Value::Bool(false)))
                    + map.values().map(count).sum::<usize>()
            }
            Value::Array(list) => list.iter().map(count).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        }
    }
    // Five subnets share the shapes of two that are listed, and so do the numbers of nodes.
    assert_eq!(count(&schema()), TABLES.len() + 4);
}

/// Each key that takes one of a few words.
const WORDS: &[(&str, &str)] = &[
    ("properties/cloud", "cloud = @"),
    ("properties/cni", "cni = @"),
    ("properties/firewall/properties/tier", "[firewall]\ntier = @"),
    ("properties/firewall/properties/rules", "[firewall]\nrules = @"),
    ("properties/firewall/properties/idps", "[firewall]\nidps = @"),
    ("properties/firewall/properties/threat-intel", "[firewall]\nthreat-intel = @"),
    ("properties/cluster/properties/tier", "[cluster]\ntier = @"),
    ("properties/cluster/properties/pools/items/properties/os", "[[cluster.pools]]\nos = @"),
    ("properties/cluster/properties/pools/items/properties/mode", "[[cluster.pools]]\nmode = @"),
    ("properties/cluster/properties/identity", "[cluster]\nidentity = @"),
    ("properties/cluster/properties/addons/items", "[cluster]\naddons = [@]"),
    ("properties/logs/properties/categories", "[logs]\ncategories = @"),
    ("properties/egress/properties/aks-endpoints", "[egress]\naks-endpoints = @"),
    ("$defs/packName", "[egress]\npacks = [@]"),
    (
        "properties/egress/properties/collections/additionalProperties/properties/action",
        "[egress.collections.x]\naction = @",
    ),
    ("properties/inbound/items/properties/protocol", "[[inbound]]\nprotocol = @"),
    ("properties/expect/items/properties/verdict", "[[expect]]\nverdict = @"),
];

#[test]
fn words_are_the_same_with_the_default_first() {
    let schema = schema();
    for (path, text) in WORDS {
        let report = report(&text.replace('@', "\"qqqqqqqqqqqq\""));
        let unknown = report.findings.iter().find(|f| f.code.id == "unknown-value").unwrap();
        let (_, known) = unknown.message.split_once(" is not one of ").unwrap();
        let described = at(&schema, path);
        let words: Vec<&str> = described["enum"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        assert_eq!(known.split(", ").collect::<Vec<_>>(), words, "{path}");
        if let Some(default) = described.get("default") {
            assert_eq!(default, words[0], "{path}");
        }
    }
}

#[test]
fn every_key_is_described() {
    fn walk(node: &Value, path: &str, missing: &mut Vec<String>) {
        let Some(map) = node.as_object() else { return };
        if let Some(properties) = map.get("properties").and_then(Value::as_object) {
            for (key, value) in properties {
                let inside_condition = path.ends_with("/then");
                let referred = value.get("$ref").is_some();
                if value.get("description").is_none() && !referred && !inside_condition {
                    missing.push(format!("{path}/{key}"));
                }
            }
        }
        for (key, value) in map {
            walk(value, &format!("{path}/{key}"), missing);
            for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                walk(item, &format!("{path}/{key}/{n}"), missing);
            }
        }
    }
    let mut missing = Vec::new();
    walk(&schema(), "", &mut missing);
    assert_eq!(missing, [""; 0]);
}

/// A TOML document as the JSON that a validator sees. JSON has no dates: they are strings where one belongs, and
/// nothing that any key takes elsewhere.
fn as_json(key: &str, value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(date) if matches!(key, "expires" | "until") => json!(date.to_string()),
        toml::Value::Datetime(_) => Value::Null,
        toml::Value::Array(list) => list.iter().map(|item| as_json(key, item)).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(k, v)| (k.clone(), as_json(k, v))).collect::<Map<_, _>>())
        }
    }
}

fn faults(validator: &jsonschema::Validator, text: &str) -> Vec<String> {
    let document = as_json("", &toml::Value::Table(text.parse().unwrap()));
    let mut list = Vec::new();
    for error in validator.iter_errors(&document) {
        let path = error.instance_path().to_string();
        // Which priorities Azure takes is said by a check, with the collection that they meet.
        if !(path.ends_with("/priority") && error.instance().is_u64()) {
            list.push(format!("{path}: {error}"));
        }
    }
    list
}

#[test]
fn examples_and_the_starter_are_valid() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let starter = profile::starter().to_owned();
    let whole = include_str!("whole.toml").to_owned();
    let files = shared::profiles().into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    let codes = aks_egress::rules::CODES.iter().chain(profile::CODES).flat_map(|c| c.good);
    let codes = codes.map(|text| shared::files_of_example("example.toml", text)[0].1.to_owned());
    for text in files.chain([starter, whole]).chain(codes) {
        assert_eq!(faults(&validator, &text), [""; 0], "{text}");
    }
}

#[test]
fn examples_in_the_schema_are_valid() {
    fn walk(root: &Value, node: &Value) {
        if let Some(map) = node.as_object() {
            let own = map.get("examples").and_then(Value::as_array).into_iter().flatten();
            for example in own.chain(map.get("default")) {
                let mut alone = node.clone();
                alone["$defs"] = root["$defs"].clone();
                let validator = jsonschema::validator_for(&alone).unwrap();
                assert!(validator.is_valid(example), "{example} does not fit {node}");
            }
        }
        let children: Vec<&Value> = match node {
            Value::Object(map) => map.values().collect(),
            Value::Array(list) => list.iter().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        children.into_iter().for_each(|child| walk(root, child));
    }
    let schema = schema();
    walk(&schema, &schema);
}

#[test]
fn the_starter_is_clean_with_and_without_its_settings() {
    let starter = profile::starter();
    let setting = |line: &str| line.starts_with('#') && !line.starts_with("# ") && line.len() > 1;
    let all: String =
        starter.lines().map(|line| format!("{}\n", if setting(line) { &line[1..] } else { line })).collect();
    assert!(starter.lines().filter(|l| setting(l)).count() > 30);
    for text in [starter, &all] {
        let messages: Vec<_> = report(text).findings.iter().map(|f| f.message.clone()).collect();
        assert_eq!(messages, [""; 0]);
    }
}

/// A line of one table: what the reader and the schema may disagree upon.
fn line() -> impl Strategy<Value = (usize, String)> {
    let values = prop_oneof![
        6 => prop::sample::select(VALUES).prop_map(str::to_owned),
        1 => "[ -~]{0,8}".prop_map(|text| format!("{text:?}")),
        1 => (-3_i64..70_000).prop_map(|n| n.to_string()),
    ];
    (0..KEYS.len(), values).prop_map(|(key, value)| (key, value))
}

/// Tables with their keys; the values are shuffled among them.
const KEYS: &[(&str, &str)] = &[
    ("", "name"),
    ("", "region"),
    ("", "cni"),
    ("", "format"),
    ("", "resource-group"),
    ("", "tags"),
    ("", "cloud"),
    ("network", "vnet"),
    ("network", "address-space"),
    ("network", "dns-servers"),
    ("network.subnets", "firewall"),
    ("network.subnets", "nodes"),
    ("firewall", "tier"),
    ("firewall", "public-ips"),
    ("firewall", "zones"),
    ("firewall", "dns-proxy"),
    ("firewall", "private-ip"),
    ("cluster", "kubernetes-version"),
    ("cluster", "nodes"),
    ("cluster", "pools"),
    ("cluster", "node-size"),
    ("cluster", "pods-per-node"),
    ("cluster", "max-surge"),
    ("cluster", "pod-cidr"),
    ("cluster", "addons"),
    ("logs", "retention-days"),
    ("logs", "workbook"),
    ("egress", "packs"),
    ("egress", "api-server-address"),
    ("egress.groups", "g"),
    ("egress.collections.x", "priority"),
    ("egress.collections.x", "action"),
    ("egress.collections.x", "rules"),
    ("", "inbound"),
    ("", "expect"),
    ("", "waive"),
];

const VALUES: &[&str] = &[
    "3",
    "4",
    "9",
    "10",
    "29",
    "30",
    "250",
    "251",
    "730",
    "731",
    "1000",
    "1001",
    "[{ name = \"a\", addresses = [\"198.51.100.1\"], ports = [\"sctp:1\"] }]",
    "\"\"",
    "\" \"",
    "\"a\\u0007\"",
    "1",
    "0",
    "100",
    "65000",
    "-1",
    "1.5",
    "true",
    "2026-01-31",
    "[]",
    "{}",
    "\"westeurope\"",
    "\"West Europe\"",
    "\"shop\"",
    "\"shop-\"",
    "\"../x\"",
    "\"azure\"",
    "\"Standard\"",
    "\"Standard_D4s_v5\"",
    "\"1.33\"",
    "\"1.33.\"",
    "\"10%\"",
    "\"0%\"",
    "\"10.0.0.0/16\"",
    "\"10.0.3.4\"",
    "\"10.0.0.0/33\"",
    "\"10.0.0.256\"",
    "\"010.0.0.1\"",
    "[\"10.0.0.0/16\"]",
    "[\"10.0.0.0/16\", 3]",
    "[\"10.0.3.4\"]",
    "[1, 2]",
    "[4]",
    "[\"monitoring\"]",
    "[\"azure-policy\", \"istio\"]",
    "{ min = 1, max = 3 }",
    "{ min = 0, max = 3 }",
    "{ min = 1 }",
    "[{ name = \"apps\" }]",
    "[{ name = \"Apps\" }]",
    "[{ name = \"apps\", nodes = 0, os = \"Windows\", gpu = true, zones = [1] }]",
    "[{ name = \"apps\", nodes = { min = 0, max = 1001 } }]",
    "[{ name = \"apps\", mode = \"system\" }]",
    "[\"quay\"]",
    "[\"quey\"]",
    "[{ name = \"quay\" }]",
    "[{ name = \"quay\", priority = 300, from = [\"10.0.0.0/8\"], enabled = true }]",
    "[{ priority = 300 }]",
    "[{ name = \"docker-hub\", fqdns = [\"*.contoso.com\"] }]",
    "{ prefix = \"10.0.0.0/16\" }",
    "{ prefix = 3 }",
    "{ name = \"x\" }",
    "{ prefix = \"10.0.0.0/16\", size = 1 }",
    "{ service-endpoints = [\"Microsoft.Sql\"] }",
    "{ service-endpoints = [\"Sql\"] }",
    "\"allow\"",
    "{ a = \"b\" }",
    "{ a = 1 }",
    "[\"*.contoso.com\", \"contoso.com\"]",
    "[\"a.*.com\"]",
    "[\"https://contoso.com\"]",
    "[\"contoso..com\"]",
    "[\"10.0.0.1-10.0.0.9\", \"10.1.0.0/16\"]",
    "[{ name = \"a\", fqdns = [\"contoso.com\"] }]",
    "[{ name = \"a\", fqdns = [\"contoso.com\"], ports = [\"https:443\", \"http:80\"] }]",
    "[{ name = \"a\", fqdns = [\"contoso.com\"], ports = [\"https:443\", \"tcp:80\"] }]",
    "[{ name = \"a\" }]",
    "[{ fqdns = [\"contoso.com\"] }]",
    "[{ name = \"a\", addresses = [\"198.51.100.1\"] }]",
    "[{ name = \"a\", addresses = [\"198.51.100.1\"], ports = [\"tcp:443\", \"udp:1-9\", \"any:*\"] }]",
    "[{ name = \"a\", addresses = [\"198.51.100.1\"], ports = [\"https:443\"] }]",
    "[{ name = \"a\", addresses = [\"198.51.100.1\"], ports = [\"tcp:0\"] }]",
    "[{ name = \"a\", addresses = [\"198.51.100.1\"], ports = [\"tcp:65536\"] }]",
    "[{ name = \"a\", addresses = [\"198.51.100.1\"], ports = [\"icmp:*\"] }]",
    "[{ name = \"a\", fqdns = [\"*\"], addresses = [\"*\"], ports = [\"tcp:443\"] }]",
    "[{ name = \"a\", fqdn-tags = [\"WindowsUpdate\"] }]",
    "[{ name = \"a\", fqdn-tags = [\"WindowsUpdate\"], ports = [\"tcp:443\"] }]",
    "[{ name = \"a\", service-tags = [\"Storage\"], ports = [\"tcp:443\"], from = [\"10.0.0.0/8\"], why = \"x\", expires = 2026-01-31 }]",
    "[{ name = \"a\", service-tags = [\"Storage\"] }]",
    "[{ name = \"a\", fqdns = [\"contoso.com\"], urls = [\"x\"] }]",
    "[{ name = \"a\", port = 80, to = \"10.0.4.4:80\", from = [\"*\"] }]",
    "[{ name = \"a\", port = 0, to = \"10.0.4.4:80\", from = [\"*\"] }]",
    "[{ name = \"a\", port = 80, to = \"10.0.4.4\", from = [\"*\"] }]",
    "[{ name = \"a\", port = 80, protocol = \"any\", to = \"10.0.4.4:80\", from = [\"*\"] }]",
    "[{ from = \"nodes\", to = \"https://contoso.com\" }]",
    "[{ from = \"10.0.5.4\", to = \"udp://10.0.0.1:53\", verdict = \"deny\" }]",
    "[{ from = \"nodes\", to = \"https://10.0.0.1\" }]",
    "[{ from = \"nodes\", to = \"https://contoso.com/x\" }]",
    "[{ from = \"nodes\", to = \"tcp://contoso.com:1\" }]",
    "[{ from = \"nodes\" }]",
    "[{ check = \"any-name\", reason = \"agreed\" }]",
    "[{ check = \"any-name\", reason = \"agreed\", where = \"egress.collections.x\", until = 2026-01-31 }]",
    "[{ check = \"any-name\", reason = \"agreed\", where = \"inbound[a b].to\" }]",
    "[{ check = \"any-name\", reason = \"agreed\", where = 'tags.\"a b\"[0]' }]",
    "[{ check = \"any-name\", reason = \"agreed\", where = \"egress.\" }]",
    "[{ check = \"any-name\", reason = \"agreed\", where = \"egress[]\" }]",
    "[{ check = \"any-name\", reason = \"agreed\", where = \"a b\" }]",
    "[{ check = \"any-name\", reason = \"agreed\", until = \"2026-01-31\" }]",
    "[{ check = \"any-name\" }]",
    "[{ reason = \"agreed\" }]",
];

/// What the schema does not describe: relations between values, duplicate or missing names, and dates between quotes,
/// which JSON does not tell from dates.
const BEYOND_SHAPE: &[&str] = &[
    "bad-date",
    "host-bits",
    "duplicate-name",
    "unknown-reference",
    "pack-override",
    "monitoring-with-service-principal",
];

fn document(lines: &[(usize, String)]) -> String {
    let mut text = String::new();
    let mut tables: Vec<&str> = KEYS.iter().map(|(table, _)| *table).collect();
    tables.dedup();
    tables.sort_by_key(|t| !t.is_empty());
    tables.dedup();
    for table in tables {
        if !table.is_empty() && lines.iter().any(|(key, _)| KEYS[*key].0 == table) {
            text += &format!("[{table}]\n");
        }
        for (key, value) in lines.iter().filter(|(key, _)| KEYS[*key].0 == table) {
            text += &format!("{} = {value}\n", KEYS[*key].1);
        }
    }
    text
}

/// Compares the verdicts; says whether the document was valid for both, or nothing where the schema
/// cannot know.
fn same_verdict(validator: &jsonschema::Validator, text: &str) -> Result<Option<bool>, String> {
    let report = report(text);
    let said: Vec<_> = report.findings.iter().map(|f| (f.code.id, f.message.as_str())).collect();
    if said.iter().any(|(id, _)| BEYOND_SHAPE.contains(id)) {
        return Ok(None);
    }
    let faults = faults(validator, text);
    if said.is_empty() != faults.is_empty() {
        return Err(format!("{text}reader: {said:?}\nschema: {faults:?}\n"));
    }
    Ok(Some(faults.is_empty()))
}

#[test]
fn every_value_gets_the_same_verdict_at_every_key() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let region = (1, "\"westeurope\"".to_owned());
    let (mut valid, mut invalid, mut differences) = (0, 0, Vec::new());
    for key in (0..KEYS.len()).filter(|key| *key != 1) {
        for value in VALUES {
            // A collection needs its priority and its rules.
            let mut lines = vec![region.clone(), (key, (*value).to_owned())];
            let needs: &[(&str, &str)] = match KEYS[key].1 {
                "priority" => &[("rules", RULES)],
                "action" => &[("priority", "300"), ("rules", RULES)],
                "rules" => &[("priority", "300")],
                _ => &[],
            };
            let index = |name: &str| KEYS.iter().position(|(_, key)| *key == name).unwrap();
            lines.extend(needs.iter().map(|(name, value)| (index(name), (*value).to_owned())));
            lines.sort_by_key(|(key, _)| *key);
            match same_verdict(&validator, &document(&lines)) {
                Ok(Some(true)) => valid += 1,
                Ok(Some(false)) => invalid += 1,
                Ok(None) => {}
                Err(difference) => differences.push(difference),
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(valid > 100 && invalid > 2_000, "{valid} valid, {invalid} invalid");
}

const RULES: &str = "[{ name = \"a\", fqdns = [\"contoso.com\"] }]";

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]
    #[test]
    fn generated_documents_get_the_same_verdict(mut lines in prop::collection::vec(line(), 0..4), region in any::<bool>()) {
        thread_local! {
            static VALIDATOR: jsonschema::Validator = jsonschema::validator_for(&schema()).unwrap();
        }
        if region {
            lines.push((1, "\"westeurope\"".to_owned()));
        }
        lines.sort_by_key(|(key, _)| *key);
        lines.dedup_by_key(|(key, _)| *key);
        let verdict = VALIDATOR.with(|validator| same_verdict(validator, &document(&lines)));
        prop_assert!(verdict.is_ok(), "{}", verdict.unwrap_err());
    }
}
