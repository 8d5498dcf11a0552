//! Queries read tables that the diagnostic setting fills, and columns that those tables have.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::shared::{examples, has_foreign_firewall};

/// Columns that every table has.
const COMMON: &str = "TimeGenerated _ResourceId _SubscriptionId TenantId SourceSystem Type";

/// Tables, the category that fills each, and columns as the tables' pages list them (compared 2026-08-31). Of the last
/// three only columns are listed that also stand in every edition of their pages.
const TABLES: [(&str, &str, &str); 7] = [
    (
        "AZFWNetworkRule",
        "AZFWNetworkRule",
        "Protocol SourceIp SourcePort DestinationIp DestinationPort Action ActionReason Policy RuleCollectionGroup \
         RuleCollection Rule",
    ),
    (
        "AZFWApplicationRule",
        "AZFWApplicationRule",
        "Protocol SourceIp SourcePort DestinationPort Fqdn TargetUrl Action ActionReason Policy RuleCollectionGroup \
         RuleCollection Rule IsTlsInspected IsExplicitProxyRequest WebCategory",
    ),
    (
        "AZFWNatRule",
        "AZFWNatRule",
        "Protocol SourceIp SourcePort DestinationIp DestinationPort TranslatedIp TranslatedPort Policy \
         RuleCollectionGroup RuleCollection Rule",
    ),
    (
        "AZFWDnsQuery",
        "AZFWDnsQuery",
        "SourceIp SourcePort Protocol QueryId QueryClass QueryType QueryName RequestSize RequestDurationSecs ResponseCode \
         ResponseFlags ResponseSize DnssecOkBit EDNS0BufferSize ErrorNumber ErrorMessage",
    ),
    ("AZFWThreatIntel", "AZFWThreatIntel", "Protocol SourceIp SourcePort DestinationPort Action"),
    ("AZFWIdpsSignature", "AZFWIdpsSignature", "Protocol SourceIp SourcePort DestinationIp DestinationPort Action"),
    ("AZFWInternalFqdnResolutionFailure", "AZFWFqdnResolveFailure", ""),
];

/// The text without comments and with every literal emptied.
fn bare(query: &str) -> String {
    let lines = query.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    let mut out = String::new();
    for line in lines {
        for (n, part) in line.split('"').enumerate() {
            out.push_str(if n % 2 == 0 { part } else { " " });
        }
        out.push('\n');
    }
    out
}

/// From the bracket that opens before each table to the one that closes it: the table and what is done with it.
fn readers(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("(AZFW") {
        let mut depth = 0;
        let end = code[at..].char_indices().find(|(_, c)| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth == 0
        });
        let inner = &code[at + 1..at + end.expect("a bracket is closed").0];
        let table = inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
        found.push((table, &inner[table.len()..]));
    }
    found
}

/// Capitalised words of a pipeline that are read, not named anew by `Name = …`.
fn columns(pipeline: &str) -> BTreeSet<&str> {
    let word = regex::Regex::new(r"\b_?[A-Z][A-Za-z0-9_]*\b").unwrap();
    let named = |end: usize| {
        let after = pipeline[end..].trim_start();
        after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=~")
    };
    word.find_iter(pipeline).filter(|found| !named(found.end())).map(|found| found.as_str()).collect()
}

/// What is wrong with a query, for a firewall whose diagnostic setting sends these categories.
fn problems(query: &str, categories: &BTreeSet<&str>) -> Vec<String> {
    let code = bare(query);
    let mut wrong = Vec::new();
    for (table, pipeline) in readers(&code) {
        let Some((_, category, known)) = TABLES.iter().find(|(name, _, _)| *name == table) else {
            wrong.push(format!("no table is named {table}"));
            continue;
        };
        if !categories.contains(category) {
            wrong.push(format!("nothing fills {table}"));
        }
        let known: BTreeSet<&str> = known.split(' ').chain(COMMON.split(' ')).collect();
        wrong.extend(columns(pipeline).difference(&known).map(|name| format!("{table} has no column {name}")));
    }
    wrong
}

/// Every resource of a template, those of nested ones too.
fn resources(template: &Value, found: &mut Vec<Value>) {
    for resource in template["resources"].as_array().unwrap() {
        if resource["type"] == "Microsoft.Resources/deployments" {
            resources(&resource["properties"]["template"], found);
        }
        found.push(resource.clone());
    }
}

#[test]
fn queries_read_what_is_there() {
    for (name, files) in examples() {
        let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
        let mut created = Vec::new();
        for (path, bytes) in &files {
            if path.starts_with("arm/") && !path.ends_with(".parameters.json") {
                resources(&serde_json::from_slice(bytes).unwrap(), &mut created);
            }
        }
        let of = |kind: &str| {
            created.iter().filter(|r| r["type"] == format!("Microsoft.Insights/{kind}")).collect::<Vec<_>>()
        };
        let settings = of("diagnosticSettings");
        let logs = settings.iter().flat_map(|s| s["properties"]["logs"].as_array().unwrap());
        let mut categories: BTreeSet<&str> = logs.filter_map(|log| log["category"].as_str()).collect();
        if has_foreign_firewall(&files) {
            // Its owner sends the logs somewhere; the profile says of which kind they are.
            assert!(categories.is_empty(), "{name}");
            categories.extend(plan["logs"]["categories"].as_array().unwrap().iter().filter_map(Value::as_str));
        }
        let mut texts: Vec<(String, String)> = files
            .iter()
            .filter(|(path, _)| path.starts_with("kql/"))
            .map(|(path, bytes)| (path.clone(), String::from_utf8(bytes.clone()).unwrap()))
            .collect();
        let in_files = texts.len();
        for workbook in of("workbooks") {
            let content: Value =
                serde_json::from_str(workbook["properties"]["serializedData"].as_str().unwrap()).unwrap();
            let items = content["items"].as_array().unwrap();
            let tabs: Vec<&Value> =
                items[0]["content"]["links"].as_array().unwrap().iter().map(|l| &l["subTarget"]).collect();
            let shown: Vec<&Value> = items[1..].iter().map(|item| &item["conditionalVisibility"]["value"]).collect();
            assert_eq!(tabs, shown, "{name}: every tab shows one query");
            let queries = items[1..].iter().map(|item| item["content"]["query"].as_str().unwrap().to_owned());
            texts.extend(queries.map(|query| ("workbook".to_owned(), query)));
        }
        let mut tables = 0;
        for (path, text) in &texts {
            assert_eq!(problems(text, &categories), Vec::<String>::new(), "{name}: {path}\n{text}");
            tables += readers(&bare(text)).len();
        }
        assert!(in_files >= 9 && tables >= 15, "{name}: {in_files} files read {tables} tables");
    }
}

#[test]
fn a_wrong_query_is_noticed() {
    let categories = BTreeSet::from(["AZFWNetworkRule", "AZFWNatRule"]);
    let query = "union (AZFWNetworkRule\n| where Action =~ \"Deny\" // Fqdn\n| project Target = Fqdn, Port = toint(DestinationPort)),\n\
        (AZFWNatRule | where Action == \"Allow\"), (AZFWDnsQuery | project QueryName), (AZFWNetworkRules | take 1)";
    let wrong = problems(query, &categories);
    let expected = [
        "AZFWNetworkRule has no column Fqdn",
        "AZFWNatRule has no column Action",
        "nothing fills AZFWDnsQuery",
        "no table is named AZFWNetworkRules",
    ];
    assert_eq!(wrong, expected);
}
