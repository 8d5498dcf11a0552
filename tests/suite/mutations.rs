//! Whatever is done to a profile, nothing panics: it becomes files that hang together, or findings that point into it.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use aks_egress::diag::Severity;
use aks_egress::report::{FORMS, Look, Run};
use aks_egress::value::Date;
use aks_egress::{Built, Input, compile};

use crate::shared::profiles;
use crate::template::HOSTILE;

/// Mutated texts per run. Enough to visit every kind of change to every example; the seed is fixed, so that a test
/// that passes passes everywhere.
const CASES: u32 = 600;

/// One change of a text, by places that are taken modulo its length.
#[derive(Debug, Clone)]
enum Change {
    /// A line goes.
    Drop(usize),
    /// A line stands twice.
    Twice(usize),
    /// Two lines change places.
    Swap(usize, usize),
    /// The text ends early.
    Cut(usize),
    /// Something else stands between the quotes or behind the equals sign of a line.
    Value(usize, String),
    /// The key of a line is another one.
    Key(usize, String),
    /// A character is put in.
    Insert(usize, char),
    /// A character goes.
    Remove(usize),
    /// A line of another example is put in.
    Foreign(usize, usize),
}

/// Values that are often wrong: of another kind, out of range, empty, very long, or code in some language.
fn value() -> impl Strategy<Value = String> {
    let odd = [
        "\"\"",
        "0",
        "-1",
        "65536",
        "99999999999999999999",
        "1.5",
        "nan",
        "true",
        "[]",
        "{}",
        "[[]]",
        "[\"\"]",
        "{ a = 1 }",
        "1979-05-27",
        "1979-05-27T07:32:00Z",
        "\"*\"",
        "\"0.0.0.0/0\"",
        "\"10.0.0.0/8\"",
        "\"255.255.255.255/32\"",
        "\"::/0\"",
        "\"10.0.0.1-10.0.0.0\"",
        "\"tcp:0-65535\"",
        "\"https:443\"",
        "\"any:*\"",
        "\"nodes\"",
        "\"../../x\"",
        "\"CON\"",
        "\"\\u0000\"",
        "\"\\u202e\"",
        "'''\n'''",
        "\"\"\"\n\"\"\"",
    ];
    let hostile = HOSTILE.iter().map(|text| toml::Value::String((*text).to_owned()).to_string());
    let fixed: Vec<String> = odd.iter().map(|text| (*text).to_owned()).chain(hostile).collect();
    prop_oneof![
        4 => prop::sample::select(fixed),
        1 => "\"[ -~]{0,80}\"",
        1 => (0usize..5000).prop_map(|n| format!("\"{}\"", "x".repeat(n))),
        1 => any::<i64>().prop_map(|n| n.to_string()),
    ]
}

/// Every key that the schema knows.
fn keys() -> Vec<String> {
    fn collect(value: &serde_json::Value, found: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(map) => {
                if let Some(serde_json::Value::Object(properties)) = map.get("properties") {
                    found.extend(properties.keys().cloned());
                }
                map.values().for_each(|value| collect(value, found));
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    collect(&serde_json::from_str(aks_egress::profile::schema()).unwrap(), &mut found);
    found.into_iter().collect()
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<usize>;
    prop_oneof![
        2 => place().prop_map(Change::Drop),
        1 => place().prop_map(Change::Twice),
        1 => (place(), place()).prop_map(|(a, b)| Change::Swap(a, b)),
        1 => place().prop_map(Change::Cut),
        6 => (place(), value()).prop_map(|(at, value)| Change::Value(at, value)),
        3 => (place(), prop::sample::select(keys())).prop_map(|(at, key)| Change::Key(at, key)),
        1 => (place(), any::<char>()).prop_map(|(at, c)| Change::Insert(at, c)),
        1 => place().prop_map(Change::Remove),
        3 => (place(), place()).prop_map(|(at, from)| Change::Foreign(at, from)),
    ]
}

/// The text with a change made to it.
fn changed(text: &str, change: &Change, others: &[String]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        lines.push(String::new());
    }
    let count = lines.len();
    match change {
        Change::Drop(at) => drop(lines.remove(at % count)),
        Change::Twice(at) => lines.insert(at % count, lines[at % count].clone()),
        Change::Swap(one, other) => lines.swap(one % count, other % count),
        Change::Cut(at) => {
            let chars: Vec<char> = text.chars().collect();
            return chars[..at % (chars.len() + 1)].iter().collect();
        }
        Change::Value(at, value) => {
            // The next line from there on that sets something.
            let set = (0..count).map(|n| (at % count + n) % count).find(|n| lines[*n].contains('='));
            if let Some(n) = set {
                let key = lines[n].split('=').next().unwrap_or("").to_owned();
                lines[n] = format!("{key}= {value}");
            }
        }
        Change::Key(at, key) => {
            let set = (0..count).map(|n| (at % count + n) % count).find(|n| lines[*n].contains('='));
            if let Some(n) = set {
                let rest = lines[n].split_once('=').map_or("", |(_, rest)| rest).to_owned();
                lines[n] = format!("{key} ={rest}");
            }
        }
        Change::Insert(at, c) => {
            let mut chars: Vec<char> = text.chars().collect();
            chars.insert(at % (chars.len() + 1), *c);
            return chars.into_iter().collect();
        }
        Change::Remove(at) => {
            let mut chars: Vec<char> = text.chars().collect();
            if !chars.is_empty() {
                chars.remove(at % chars.len());
            }
            return chars.into_iter().collect();
        }
        Change::Foreign(at, from) => {
            let other: Vec<&str> = others[from % others.len()].lines().collect();
            lines.insert(at % count, other[from / others.len() % other.len()].to_owned());
        }
    }
    lines.join("\n") + "\n"
}

/// What comes of a text: whole files or findings of error severity, and whatever it is, it can be shown.
fn judged(text: &str) -> Result<Built, String> {
    let built = compile(Input {
        name: "profiles/p.toml".to_owned(),
        text: text.to_owned(),
        stem: Some("p".to_owned()),
        today: Date::parse("2031-01-31"),
        bases: Vec::new(),
        settings: None,
    });
    let report = built.report();
    for finding in &report.findings {
        for label in &finding.labels {
            let source = report.sources.get(label.span.source);
            let range = label.span.range();
            if source.text.get(range.clone()).is_none() {
                return Err(format!("{} points at {range:?} of {} bytes", finding.code.id, source.text.len()));
            }
        }
    }
    let run = Run {
        reports: vec![report],
        failures: &[],
        look: Look { pedantic: true, ..Look::PLAIN },
        deny: false,
        version: "1.2.3",
        codes: Vec::new,
        repository: None,
    };
    for form in FORMS {
        if let Some(c) = (form.render)(&run).chars().find(|c| c.is_control() && *c != '\n') {
            return Err(format!("a finding in the form {} shows {c:?}", form.name));
        }
    }
    let errors = report.findings.iter().any(|finding| finding.severity == Severity::Error);
    match built.checked() {
        None if errors => {}
        None => return Err("there is neither a plan nor an error".to_owned()),
        Some(_) if errors => return Err("there is a plan in spite of an error".to_owned()),
        Some(checked) => {
            let files = aks_egress::emit::all(checked).map_err(|error| error.to_string())?;
            for (path, file) in files.iter() {
                let plain = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
                let text = std::str::from_utf8(&file.bytes).map_err(|error| format!("{path}: {error}"))?;
                if !plain || text.contains('\r') || !text.ends_with('\n') {
                    return Err(format!("{path} is no plain text file"));
                }
                if path.ends_with(".json") {
                    let _: serde_json::Value =
                        serde_json::from_str(text).map_err(|error| format!("{path}: {error}"))?;
                }
            }
        }
    }
    Ok(built)
}

/// Texts of the examples, without those that need a base.
fn examples() -> Vec<String> {
    let texts = profiles().into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    texts.filter(|text| !text.contains("extends")).chain([aks_egress::profile::starter().to_owned()]).collect()
}

#[test]
fn a_changed_profile_is_refused_or_becomes_whole_files() {
    let all = examples();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let strategy = (any::<prop::sample::Index>(), prop::collection::vec(change(), 1..6));
    let (refused, whole) = (Cell::new(0), Cell::new(0));
    runner
        .run(&strategy, |(which, changes)| {
            let mut text = which.get(&all).clone();
            for change in &changes {
                text = changed(&text, change, &all);
            }
            let built = judged(&text).map_err(|reason| TestCaseError::fail(format!("{reason}\n{text}")))?;
            let counter = if built.checked().is_some() { &whole } else { &refused };
            counter.set(counter.get() + 1);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let (refused, whole) = (refused.get(), whole.get());
    assert!(refused > 100 && whole > 20, "{refused} refused, {whole} written: the changes are too gentle or too rude");
}

/// Bytes that nobody meant as a profile.
#[test]
fn noise_is_refused() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[8; 32]);
    let mut runner =
        TestRunner::new_with_rng(Config { cases: 200, failure_persistence: None, ..Config::default() }, rng);
    runner
        .run(&"[\\x00-\\x7f\\u{80}-\\u{2ff}\\u{1f600}]{0,300}", |text| {
            let built = judged(&text).map_err(TestCaseError::fail)?;
            prop_assert!(built.checked().is_none());
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Profiles with a hostile name in a place that takes a name: the place, the text as it is quoted, and the profile.
pub(crate) fn with_hostile_names() -> Vec<(&'static str, String, String)> {
    let mut hostile: Vec<&str> = HOSTILE.to_vec();
    hostile.extend([
        "../../x",
        "..\\..\\x",
        "/etc/passwd",
        "a/b",
        "",
        " ",
        ".",
        "..",
        "-rf",
        "--help",
        "@file",
        "a\u{0}b",
        "a\nb",
        "\u{1b}[31m",
    ]);
    let places = [
        "name = ?",
        "region = ?",
        "cni = ?",
        "resource-group = ?",
        "tags = { k = ? }",
        "network.vnet = ?",
        "network.subnets.nodes = { name = ? }",
        "network.subnets.gateway = { name = ? }",
        "network.subnets.ingress = { name = ? }",
        "cni = \"azure-pod-subnet\"\nnetwork.subnets.pods = { name = ? }",
        "cluster.api-server = \"vnet-integrated\"\nnetwork.subnets.api-server = { name = ? }",
        "hub.vnet = ?",
        "hub.resource-group = ?",
        "firewall.name = ?",
        "firewall.parent-policy = ?",
        "network.existing = ?\nnetwork.subnets.nodes = { name = \"nodes\" }",
        "gateway = { service = \"a\", name = ? }\n[[inbound]]\nname = \"a\"\nport = 80\nto = \"10.0.4.4:80\"\nfrom = [\"192.0.2.0/24\"]",
        "cluster.name = ?",
        "cluster.authorized-ip-ranges = [?]",
        "cluster.node-size = ?",
        "cluster.kubernetes-version = ?",
        "cluster.max-surge = ?",
        "logs.workspace = ?",
        "egress.packs = [?]",
        "egress.groups = { ? = [\"10.0.0.0/8\"] }",
        "egress.api-server-address = ?",
        "egress.collections.?.priority = 300",
        "[[egress.registries]]\nname = ?",
        "[[egress.registries]]\nname = \"contoso\"\nregions = [?]",
        "[[egress.collections.a.rules]]\nname = ?\nfqdns = [\"a.example.com\"]\n[egress.collections.a]\npriority = 300",
        "[[inbound]]\nname = ?\nport = 80\nto = \"10.0.4.4:80\"\nfrom = [\"192.0.2.0/24\"]",
        "[[expect]]\nfrom = \"nodes\"\nto = ?\nverdict = \"deny\"",
        "[[expect]]\nfrom = ?\nto = \"https://example.com\"\nverdict = \"deny\"",
    ];
    let mut list = Vec::new();
    for place in places {
        for text in &hostile {
            let quoted = serde_json::to_string(text).unwrap().replace("\\u001b", "\\u001B");
            let region = if place.starts_with("region") { "" } else { "region = \"westeurope\"\n" };
            let profile = format!("{region}{}\n", place.replace('?', &quoted));
            list.push((place, quoted, profile));
        }
    }
    list
}

/// Hostile names in every place that takes a name: a finding at that line, or inert text in whole files.
#[test]
fn hostile_names_are_refused_at_their_line_or_carried() {
    let (mut refused, mut carried) = (0, 0);
    for (_, quoted, profile) in with_hostile_names() {
        let built = judged(&profile).unwrap_or_else(|reason| panic!("{reason}\n{profile}"));
        if built.checked().is_some() {
            carried += 1;
            continue;
        }
        refused += 1;
        let report = built.report();
        let line = profile[..profile.find(&quoted).unwrap()].matches('\n').count();
        let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let lines: Vec<usize> =
            errors.map(|finding| profile[..finding.span().range().start].matches('\n').count()).collect();
        assert!(lines.contains(&line), "{profile}\nthe errors are in the lines {lines:?}, not in {line}");
    }
    assert!(refused > 400 && carried > 50, "{refused} refused, {carried} carried");
}
