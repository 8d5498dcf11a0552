//! Documents that nobody thought of: made from the schema by chance, then spoilt by chance.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use toml::Value as Toml;

use super::places::Choices;
use super::{JUDGE, NONSENSE, shallow};

proptest! {
    // The same documents every time: who changes one of both sides hears of it, and nobody else.
    #![proptest_config(ProptestConfig {
        cases: 500,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn any_document_gets_the_same_verdict(
        made in prop::collection::vec(any::<u8>(), 0..200),
        spoilt in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let mut document = JUDGE.schema.any(&JUDGE.schema.root, &mut Choices::new(&made));
        let mut choices = Choices::new(&spoilt);
        for _ in 0..choices.below(3) {
            spoil(&mut document, &mut choices);
        }
        let verdict = document.as_table().map(|document| JUDGE.verdict(document));
        if let Some(Err(difference)) = verdict {
            prop_assert!(false, "{difference}");
        }
    }
}

/// Changes one value somewhere in a document.
fn spoil(document: &mut Toml, choices: &mut Choices<'_>) {
    let target = choices.below(count(document));
    if let Some(node) = find(document, &mut { target }) {
        *node = spoilt(node, choices);
    }
}

/// How many values there are, itself included.
fn count(value: &Toml) -> usize {
    1 + match value {
        Toml::Table(table) => table.iter().map(|(_, value)| count(value)).sum(),
        Toml::Array(list) => list.iter().map(count).sum(),
        _ => 0,
    }
}

/// The value with a number, counted from the outside.
fn find<'v>(value: &'v mut Toml, number: &mut usize) -> Option<&'v mut Toml> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Toml::Table(table) => table.iter_mut().find_map(|(_, value)| find(value, number)),
        Toml::Array(list) => list.iter_mut().find_map(|value| find(value, number)),
        _ => None,
    }
}

/// Another value: of another type, or with something too much, too little or changed.
fn spoilt(value: &Toml, choices: &mut Choices<'_>) -> Toml {
    if choices.below(4) == 0 {
        return choices.one(&shallow()).1.clone();
    }
    match value {
        Toml::String(text) => Toml::String(edited(text, choices)),
        Toml::Integer(number) => Toml::Integer(number + [1, -1, 100, 70_000][choices.below(4)]),
        Toml::Boolean(flag) => Toml::Boolean(!flag),
        Toml::Array(list) => {
            let again = list.first().cloned();
            let odd = choices.one(&shallow()).1.clone();
            let more: Vec<Toml> = [Vec::new(), again.into_iter().collect(), vec![odd]][choices.below(3)].clone();
            if more.is_empty() { Toml::Array(more) } else { Toml::Array([list.clone(), more].concat()) }
        }
        Toml::Table(table) => {
            let mut table = table.clone();
            match table.keys().nth(choices.below(table.len() + 1)).cloned() {
                Some(key) => table.remove(&key),
                None => table.insert(NONSENSE.to_owned(), Toml::Integer(1)),
            };
            Toml::Table(table)
        }
        other => other.clone(),
    }
}

/// A text with one character less, more or changed.
fn edited(text: &str, choices: &mut Choices<'_>) -> String {
    let mut list: Vec<char> = text.chars().collect();
    let at = choices.below(list.len() + 1);
    let new = *choices.one(&[' ', '*', '.', ':', '/', '-', '0', '9', 'a', 'A', '_', '%', '\u{7}', 'é']);
    match choices.below(3) {
        0 => list.insert(at, new),
        1 if at < list.len() => drop(list.remove(at)),
        _ => *list.get_mut(at).unwrap_or(&mut ' ') = new,
    }
    list.into_iter().collect()
}

/// Texts that are nearly right somewhere.
pub(super) const ODD_TEXTS: &[&str] = &[
    "",
    " ",
    "x",
    "a\u{7}",
    "a\u{202e}b",
    "é",
    "*",
    "**",
    "..",
    "../x",
    "con",
    "shop-",
    "-shop",
    "West Europe",
    "westeurope ",
    "10.0.0.0/16",
    "10.0.0.0/33",
    "10.0.0.0/016",
    "10.0.0.0/",
    "10.0.3.4",
    "10.0.3.4 ",
    "10.0.0.256",
    "010.0.0.1",
    "10.0.1",
    "10.0.0.1-10.0.0.9",
    "10.0.0.1-",
    "10.0.0.9-10.0.0.1",
    "a:b:c",
    "a:b",
    "dead:beef",
    "10.0.4.4:80",
    "10.0.4.4:0",
    "10.0.4.4:65536",
    "10.0.4.4:080",
    "2001:db8::1",
    "*.contoso.com",
    "*contoso.com",
    "a.*.com",
    "contoso..com",
    "contoso.com.",
    "-contoso.com",
    "contoso.com:443",
    "contoso.com/",
    "contoso.com/a b",
    "*.contoso.com/*",
    "contoso.com/*/x",
    "https://contoso.com",
    "https://contoso.com:8443",
    "https://contoso.com/x",
    "https://*.contoso.com",
    "https://10.0.0.1",
    "HTTPS://contoso.com",
    "tcp://10.0.0.1:22",
    "tcp://contoso.com:1",
    "udp://10.0.0.1",
    "https:443",
    "https:443-444",
    "https:*",
    "HTTPS:443",
    "mssql:1433",
    "tcp:0",
    "tcp:65535",
    "tcp:65536",
    "tcp:80-90",
    "tcp:90-80",
    "tcp:+80",
    "udp:*",
    "any:*",
    "icmp:*",
    "icmp:1",
    "sctp:1",
    "1.33",
    "1.33.",
    "1.33.2",
    "2.0",
    "10%",
    "0%",
    "100%",
    "101%",
    "+1%",
    "010%",
    "Microsoft.Sql",
    "Microsoft.",
    "Standard_D4s v5",
    "/x.toml",
    "C:\\x.toml",
    "a[0].b",
    "a[].b",
];
