//! Waivers: what they cover, by place and by day, and that artifacts never depend on the day.

use aks_egress::diag::Severity;
use aks_egress::value::Date;
use aks_egress::{Built, Input, compile};

use crate::shared::{bases_among, files_of, files_of_example, settings_among};

/// Two rules over plain HTTP, a group, and what `waivers` say about them.
fn built(waivers: &str, today: Option<Date>) -> Built {
    let text = format!(
        r#"region = "westeurope"
cni = "kubenet"
tags = {{ "cost centre" = "12" }}

[firewall]
threat-intel = "Off"

[egress]
packs = ["api-tunnel", {{ name = "time" }}]

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name = "first one"
fqdns = ["a.example.com"]
ports = ["http:80"]

[[egress.collections.own.rules]]
name = "second"
fqdns = ["b.example.com", "b.example.com"]
ports = ["http:80"]

{waivers}"#
    );
    compile(Input {
        name: "a.toml".to_owned(),
        text,
        stem: Some("a".to_owned()),
        today,
        bases: Vec::new(),
        settings: None,
    })
}

/// One waiver of `check`, with more lines.
fn waiver(check: &str, more: &str) -> String {
    format!("[[waive]]\ncheck = \"{check}\"\nreason = \"agreed\"\n{more}\n")
}

/// Findings of `check` as lines, `-` before those that are suppressed.
fn lines(built: &Built, check: &str) -> Vec<String> {
    let report = built.report();
    let of_check = report.findings.iter().filter(|f| f.code.id == check);
    of_check
        .map(|f| {
            let line = report.sources.position(f.span()).line;
            if f.is_active() { line.to_string() } else { format!("-{line}") }
        })
        .collect()
}

#[test]
fn a_waiver_covers_what_lies_at_its_place() {
    let whole = [
        ("plain-http", "", ["-14", "-19"]),
        ("plain-http", "where = 'egress'", ["-14", "-19"]),
        ("plain-http", "where = 'egress.collections.own'", ["-14", "-19"]),
        ("plain-http", "where = 'egress.collections.own.rules'", ["-14", "-19"]),
        ("plain-http", "where = 'egress.collections.own.rules[0]'", ["-14", "19"]),
        ("plain-http", "where = 'egress.collections.own.rules[first one]'", ["-14", "19"]),
        ("plain-http", "where = 'egress.collections.own.rules[second]'", ["14", "-19"]),
    ];
    for (check, more, expected) in whole {
        let built = built(&waiver(check, more), None);
        assert_eq!(lines(&built, check), expected, "{more}");
        assert_eq!(lines(&built, "unused-waiver"), [""; 0], "{more}");
    }
    let packs = [
        ("obsolete-tunnel", "where = 'egress.packs'"),
        ("obsolete-tunnel", "where = 'egress.packs[0]'"),
        ("obsolete-tunnel", "where = 'egress.packs[api-tunnel]'"),
        ("ntp-to-anywhere", "where = 'egress.packs[time]'"),
        ("threat-intelligence-off", "where = 'firewall'"),
        ("duplicate-entry", "where = 'egress.collections.own.rules[second].fqdns[1]'"),
    ];
    for (check, more) in packs {
        let built = built(&waiver(check, more), None);
        assert!(!lines(&built, check).is_empty(), "{more}");
        assert!(lines(&built, check).iter().all(|line| line.starts_with('-')), "{more}");
    }
}

#[test]
fn a_waiver_that_covers_nothing_is_reported() {
    for more in [
        "where = 'network'",
        "where = 'cni'",
        "where = 'egress.collections.own.rules[2]'",
        "where = 'egress.collections.own.rules[third]'",
        "where = 'egress.collections.other'",
        "where = 'egress.packs'",
        "where = 'tags.\"cost centre\"'",
        "where = 'egress.collections.own.rules[0].fqdns'",
        "where = 'region.x'",
    ] {
        let built = built(&waiver("plain-http", more), None);
        assert_eq!(lines(&built, "plain-http"), ["14", "19"], "{more}");
        assert_eq!(lines(&built, "unused-waiver").len(), 1, "{more}");
    }
    let built = built(&waiver("any-name", ""), None);
    assert_eq!(lines(&built, "unused-waiver"), ["25"]);
}

#[test]
fn errors_may_hide_what_a_waiver_covers() {
    let built = built(&format!("{}[[expect]]\n", waiver("any-name", "")), None);
    assert!(built.report().has_errors());
    assert_eq!(lines(&built, "unused-waiver"), [""; 0]);
}

#[test]
fn a_waived_error_stays_an_error() {
    let clash = "[egress.collections.other]\npriority = 300\n[[egress.collections.other.rules]]\nname = 'x'\nfqdns = ['c.example.com']\n";
    let built = built(&format!("{}{clash}", waiver("duplicate-priority", "")), None);
    let ids = |wanted| built.report().findings.iter().filter(|f| f.code.id == wanted && f.is_active()).count();
    assert_eq!((ids("waived-error"), ids("duplicate-priority")), (1, 1));
    assert!(built.checked().is_none());
}

#[test]
fn only_the_report_depends_on_the_day() {
    let waivers = waiver("plain-http", "until = 2026-06-30\nwhere = 'egress.collections.own.rules[0]'");
    let days = [None, Date::new(2026, 6, 30), Date::new(2026, 7, 1)].map(|day| built(&waivers, day));
    let [never, last, after] = &days;
    assert_eq!(lines(never, "plain-http"), ["-14", "19"]);
    assert_eq!(lines(last, "plain-http"), ["-14", "19"], "the last day is covered");
    assert_eq!(lines(after, "plain-http"), ["14", "19"]);
    assert_eq!(lines(last, "expired-waiver"), [""; 0]);
    assert_eq!(lines(after, "expired-waiver"), ["27"]);
    assert!(after.report().findings.iter().all(|f| f.dated == (f.code.id == "expired-waiver")));
    assert_eq!(files_of(never), files_of(last));
    assert_eq!(files_of(never), files_of(after));
}

#[test]
fn a_waiver_of_what_depends_on_the_day_is_unused_on_some_days_only() {
    let expires = "[egress.collections.late]\npriority = 310\n[[egress.collections.late.rules]]\nname = 'x'\nfqdns = ['c.example.com']\nexpires = 2026-06-30\n";
    let text = format!("{}{expires}", waiver("expired-rule", ""));
    let (before, after) = (built(&text, Date::new(2026, 6, 30)), built(&text, Date::new(2026, 7, 1)));
    assert_eq!(lines(&before, "unused-waiver").len(), 1);
    assert!(before.report().findings.iter().any(|f| f.code.id == "unused-waiver" && f.dated));
    assert_eq!(lines(&after, "unused-waiver"), [""; 0]);
    assert_eq!(lines(&after, "expired-rule"), ["-33"]);
    assert_eq!(files_of(&before), files_of(&after));
}

#[test]
fn findings_that_depend_on_the_day_are_all_known_to_waivers() {
    let day = Date::new(2026, 9, 1);
    let mut seen = std::collections::BTreeSet::new();
    for code in aks_egress::checks::codes() {
        for text in code.bad.iter().chain(code.good) {
            let files = files_of_example("a.toml", text);
            let (name, text) = (files[0].0.to_owned(), files[0].1.to_owned());
            let bases = bases_among(&files);
            let built = compile(Input {
                name,
                text,
                stem: Some("a".to_owned()),
                today: day,
                bases,
                settings: settings_among(&files).map(|(s, _)| s.into()),
            });
            let dated = built.report().findings.iter().filter(|f| f.dated).map(|f| f.code.id);
            seen.extend(dated.filter(|id| !id.ends_with("-waiver")));
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), aks_egress::waive::DATED);
}

#[test]
fn the_review_lists_waivers_apart_from_findings() {
    let text = waiver("plain-http", "until = 2026-06-30\nwhere = 'egress.collections.own.rules[0]'")
        + &waiver("threat-intelligence-off", "");
    let built = built(&text, None);
    let files = files_of(&built);
    let review = String::from_utf8(files["review.md"].clone()).unwrap();
    let (findings, rest) = review.split_once("## Waivers").unwrap();
    let waivers = rest.split("\n## ").next().unwrap();
    assert!(findings.contains("plain-http, a.toml:19"), "{findings}");
    assert!(!findings.contains("plain-http, a.toml:14"), "{findings}");
    for part in ["plain-http", "2026-06-30", "agreed", "first one", "a.toml:14", "a.toml:24", "threat-intelligence-off"]
    {
        assert!(waivers.contains(part), "{part} in {waivers}");
    }
    let page = String::from_utf8(files["review.html"].clone()).unwrap();
    assert!(page.contains("id=\"waivers\""));
    let kept = &built.checked().unwrap().findings;
    assert!(kept.iter().any(|f| f.severity == Severity::Advice && !f.is_active()));
}
