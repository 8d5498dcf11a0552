//! What the findings of one profile are together: all at once, in the order of their places, each once, and nothing
//! that merely follows from another.

use std::collections::BTreeSet;

use aks_egress::checks::codes;
use aks_egress::diag::{Finding, Report, Severity, SourceId};
use proptest::prelude::*;

use crate::shared::{compile_text, profiles, root};

/// Every profile that tests know: the examples of all checks, the example profiles and one with every key.
fn texts() -> Vec<String> {
    let mut all: Vec<String> =
        codes().iter().flat_map(|code| code.bad.iter().chain(code.good)).map(|text| (*text).to_owned()).collect();
    all.extend(profiles().iter().map(|path| std::fs::read_to_string(path).unwrap()));
    all.push(whole());
    all
}

fn whole() -> String {
    std::fs::read_to_string(root().join("tests/suite/whole.toml")).unwrap()
}

/// In order, and nothing is told twice: of the same check, in the same words, at the same places.
fn is_tidy(text: &str) -> Result<(), String> {
    let built = compile_text(text);
    let findings = &built.report().findings;
    if !findings.iter().map(Finding::span).is_sorted() {
        return Err(format!("not in order: {findings:#?}\n{text}"));
    }
    let mut seen = BTreeSet::new();
    let places = |finding: &Finding| finding.labels.iter().map(|label| label.span).collect::<Vec<_>>();
    match findings.iter().find(|f| !seen.insert((f.code.id, f.message.clone(), places(f)))) {
        Some(twice) => Err(format!("told twice: {}: {}\n{text}", twice.code.id, twice.message)),
        None => Ok(()),
    }
}

#[test]
fn findings_stand_in_order_and_once() {
    let problems: Vec<String> = texts().iter().filter_map(|text| is_tidy(text).err()).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn all_mistakes_of_a_profile_are_told_at_once() {
    let text = r#"
region = "westeurope"
cni = "azurre"
colour = "red"

[network]
address-space = ["10.0.0.0/16"]

[network.subnets]
nodes = "10.0.3.0/27"
gateway = "10.9.0.0/24"
ingress = "10.0.4.1/24"

[firewall]
tier = 3
public-ips = 0

[cluster]
nodes = "two"

[egress.collections.own]
priority = 99
rules = [{ name = "a", fqdns = ["https://contoso.com", "a.*.com"] }]
"#;
    let built = compile_text(text);
    let found: Vec<&str> = built.report().findings.iter().map(|finding| finding.code.id).collect();
    // Those of the readers and those of the checks, in the order of their lines.
    for wanted in [
        "unknown-value",
        "unknown-key",
        "host-bits",
        "subnet-overlap",
        "subnet-outside-vnet",
        "wrong-type",
        "out-of-range",
        "host-not-bare",
        "wildcard-not-leftmost",
        "priority-out-of-range",
    ] {
        assert!(found.contains(&wanted), "{wanted} is not in {found:?}");
    }
    is_tidy(text).unwrap();
}

/// The values in a profile that stand alone on the right of an equals sign, as byte ranges.
fn values(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split(" #").next().unwrap();
        if let Some((key, value)) = code.split_once(" = ").filter(|(key, _)| !key.trim_start().starts_with(['#', '{']))
        {
            let start = at + key.len() + 3;
            let value = value.trim_end();
            let balanced = value.matches(['[', '{']).count() == value.matches([']', '}']).count();
            if balanced && !key.contains(['{', '[']) {
                found.push(start..start + value.len());
            }
        }
        at += line.len();
    }
    found
}

/// What tells a finding before a change from one after it: the check and the line.
fn places(report: &Report) -> BTreeSet<(&'static str, usize, usize)> {
    let place = |finding: &Finding| {
        let span = finding.span();
        (finding.code.id, span.source.index(), report.sources.position(span).line)
    };
    report.findings.iter().map(place).collect()
}

/// Profiles that stand alone and are right, the last with every key.
fn right() -> Vec<String> {
    let mut texts: Vec<String> = profiles().iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    texts.retain(|text| compile_text(text).checked().is_some());
    assert!(texts.len() >= 4);
    texts.push(whole());
    texts
}

/// Changes a profile and returns what is found that was not found before: errors first.
fn caused<'a>(before: &str, after: &'a aks_egress::Built) -> Vec<&'a Finding> {
    let before = compile_text(before);
    let known = places(before.report());
    let report = after.report();
    let is_new = |finding: &&Finding| {
        let span = finding.span();
        !known.contains(&(finding.code.id, span.source.index(), report.sources.position(span).line))
    };
    report.findings.iter().filter(is_new).collect()
}

/// Puts `put` in the place of every value that `wanted` says in turn. One finding may come of it, and only at the value.
fn replaced(texts: &[String], put: &str, at_least: usize, wanted: impl Fn(&str, &str) -> bool, must: bool) {
    let (mut tried, mut problems) = (0, Vec::new());
    for text in texts {
        for range in values(text).into_iter().filter(|range| wanted(text, &text[range.clone()])) {
            let mut broken = text.clone();
            broken.replace_range(range.clone(), put);
            let built = compile_text(&broken);
            let new = caused(text, &built);
            let at_the_value = new.iter().all(|finding| {
                let span = finding.span();
                span.source == SourceId::FIRST && span.range() == (range.start..range.start + put.len())
            });
            if new.len() > 1 || !at_the_value || must && new.is_empty() {
                let told: Vec<_> = new.iter().map(|f| format!("{}: {}", f.code.id, f.message)).collect();
                let line = broken[..range.start].matches('\n').count();
                problems.push(format!("`{}`: {told:?}", broken.lines().nth(line).unwrap()));
            }
            tried += 1;
        }
    }
    assert!(tried >= at_least, "only {tried} values were tried");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_value_of_the_wrong_type_is_one_finding() {
    replaced(&right(), "1.5", 100, |_, _| true, true);
}

#[test]
fn a_text_that_means_nothing_is_at_most_one_finding() {
    // A name that is referred to elsewhere leaves a reference that leads nowhere: a second mistake.
    let wanted = |text: &str, value: &str| value.starts_with('"') && text.matches(value).count() == 1;
    replaced(&right(), "\"!!\"", 50, wanted, false);
}

#[test]
fn a_misspelt_key_is_one_error() {
    let (mut tried, mut problems) = (0, Vec::new());
    for text in right() {
        let mut table = "";
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (start, end) = (at, at + line.find(" =").unwrap_or(0));
            at += line.len();
            table = if line.starts_with('[') { line.trim() } else { table };
            let key = &text[start..end];
            // Names that the profile gives are no keys, and a key of two letters is near to nothing.
            let named = ["[tags]", "[egress.groups]"].contains(&table);
            if key.trim_end().len() < 3
                || named
                || !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b' ')
            {
                continue;
            }
            let mut broken = text.clone();
            broken.insert(start + key.trim_end().len(), 'x');
            let built = compile_text(&broken);
            let new = caused(&text, &built);
            let errors: Vec<_> = new
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| format!("{}: {}", finding.code.id, finding.message))
                .collect();
            if errors.len() != 1 || !errors[0].starts_with("unknown-key") {
                problems.push(format!("`{}`: {errors:?}", line.trim_end()));
            }
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} keys were tried");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Lines of profiles left out, doubled and mixed: whatever comes of it is in order and told once.
    #[test]
    fn mixed_up_profiles_have_tidy_findings(
        picks in proptest::collection::vec((0usize..400, 0usize..400, 1usize..25), 1..5),
    ) {
        thread_local! {
            static TEXTS: Vec<String> = texts();
        }
        let text = TEXTS.with(|texts| {
            let mut text = String::new();
            for (n, from, count) in &picks {
                let lines: Vec<&str> = texts[n % texts.len()].lines().collect();
                for line in lines.iter().cycle().skip(from % lines.len().max(1)).take(*count) {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            text
        });
        let tidy = is_tidy(&text);
        prop_assert!(tidy.is_ok(), "{}", tidy.unwrap_err());
    }
}
