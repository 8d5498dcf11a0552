//! Certain repairs: what they make of a text, what they leave alone, and that they never make it worse.

use std::collections::BTreeMap;

use aks_egress::checks::codes;
use aks_egress::diag::{Report, Severity, SourceId};
use aks_egress::report::Look;
use aks_egress::report::fix::Repaired;
use aks_egress::{Input, compile, repair};

use crate::program::{GOOD, Ran, files, project, run, run_with};
use crate::shared::{bases_among, files_of_example, settings_among};

const PEDANTIC: Look = Look { pedantic: true, ..Look::PLAIN };

fn input(text: &str) -> Input {
    let files = files_of_example("example.toml", text);
    Input {
        name: files[0].0.to_owned(),
        text: files[0].1.to_owned(),
        stem: Some("example".to_owned()),
        today: None,
        bases: bases_among(&files),
        settings: settings_among(&files).map(|(settings, _)| settings.into()),
    }
}

fn repaired(text: &str) -> Repaired {
    repair(&input(text), PEDANTIC)
}

/// A text whose repair must be `after`, with nothing certain left.
#[track_caller]
fn becomes(before: &str, after: &str) {
    let made = repaired(before);
    assert_eq!(made.text, after);
    assert!(made.left.is_empty(), "{:?}", made.left);
}

/// A text in which nothing is certain.
#[track_caller]
fn stays(text: &str) {
    assert_eq!(repaired(text).text, text);
}

/// What is said, with the number of times.
fn said(report: &Report) -> BTreeMap<(&str, &str), usize> {
    let mut counts = BTreeMap::new();
    report.findings.iter().for_each(|f| *counts.entry((f.code.id, f.message.as_str())).or_default() += 1);
    counts
}

#[test]
fn repairs_of_every_kind() {
    let rules = "[egress.collections.own]\npriority = 300\n\n[[egress.collections.own.rules]]\nname = \"a\"\n";
    let region = "region = \"westeurope\"\n";
    let cases = [
        ("regoin = \"westeurope\"\n", "region = \"westeurope\"\n"),
        ("region = \"westeuropa\"\n", "region = \"westeurope\"\n"),
        ("region = \"west-europe\"\n", "region = \"westeurope\"\n"),
        ("region = \"westeurope\"\ncni = \"Azure Overlay\"\n", "region = \"westeurope\"\ncni = \"azure-overlay\"\n"),
        (
            "region = \"westeurope\"\n[firewall]\ntier = \"premium\"\n",
            "region = \"westeurope\"\n[firewall]\ntier = \"Premium\"\n",
        ),
        (
            "region = \"westeurope\"\n[network.subnets]\nnodes = \"10.0.5.7/24\"\n",
            "region = \"westeurope\"\n[network.subnets]\nnodes = \"10.0.5.0/24\"\n",
        ),
        (
            "region = \"westeurope\"\n[network.subnets]\nnodes = \"10.0.5.0 / 24\"\n",
            "region = \"westeurope\"\n[network.subnets]\nnodes = \"10.0.5.0/24\"\n",
        ),
        ("region = \"westeurope\"\n[cluster]\nnodes = \"3\"\n", "region = \"westeurope\"\n[cluster]\nnodes = 3\n"),
        (
            "region = \"westeurope\"\n[firewall]\ndns-proxy = 'true'\n",
            "region = \"westeurope\"\n[firewall]\ndns-proxy = true\n",
        ),
        ("region = \"westeurope\"\n[firewall]\nzones = 1\n", "region = \"westeurope\"\n[firewall]\nzones = [1]\n"),
        (
            "region = \"westeurope\"\n[cluster]\nkubernetes-version = 1.33\n",
            "region = \"westeurope\"\n[cluster]\nkubernetes-version = \"1.33\"\n",
        ),
        (
            "region = \"westeurope\"\n[cluster]\nkubernetes-version = \"v1.33\"\n",
            "region = \"westeurope\"\n[cluster]\nkubernetes-version = \"1.33\"\n",
        ),
        (
            "region = \"westeurope\"\n[cluster]\nnode-size = \"D4s_v5\"\n",
            "region = \"westeurope\"\n[cluster]\nnode-size = \"Standard_D4s_v5\"\n",
        ),
        (
            "region = \"westeurope\"\n[egress]\npacks = [\"quay\", \"ghcr\", \"quay\"]\n",
            "region = \"westeurope\"\n[egress]\npacks = [\"quay\", \"ghcr\"]\n",
        ),
        (
            "region = \"westeurope\"\n[egress]\npacks = [\"dockerhub\"]\n",
            "region = \"westeurope\"\n[egress]\npacks = [\"docker-hub\"]\n",
        ),
    ];
    for (before, after) in cases {
        becomes(before, after);
    }
    let rules_cases = [
        ("fqdns = [\"b.example.com\", \"a.example.com\"]", "fqdns = [\"a.example.com\", \"b.example.com\"]"),
        ("fqdns = [\"a.example.com\", \"A.example.com\"]", "fqdns = [\"a.example.com\"]"),
        ("fqdns = [\"https://a.example.com/x\"]", "fqdns = [\"a.example.com\"]"),
        ("fqdns = [\"a.example.com.\"]", "fqdns = [\"a.example.com\"]"),
        (
            "fqdns = [\"a.example.com\"]\nports = [\"HTTPS:443\"]",
            "fqdns = [\"a.example.com\"]\nports = [\"https:443\"]",
        ),
        (
            "fqdns = [\"a.example.com\"]\nports = [\"https: 443\"]",
            "fqdns = [\"a.example.com\"]\nports = [\"https:443\"]",
        ),
        ("fqdns = [\"a.example.com\"]\nfrom = [\"node\"]", "fqdns = [\"a.example.com\"]\nfrom = [\"nodes\"]"),
        ("fqdns = [\"a.example.com\"]\nexpires = \"2099-01-31\"", "fqdns = [\"a.example.com\"]\nexpires = 2099-01-31"),
        ("fqdn-tags = [\"WindowsUpdates\"]", "fqdn-tags = [\"WindowsUpdate\"]"),
        ("fqdns = \"a.example.com\"", "fqdns = [\"a.example.com\"]"),
        (
            "addresses = [\"198.51.100.9\", \"198.51.100.10\", \"198.51.100.9\"]\nports = [\"https:443\"]",
            "addresses = [\"198.51.100.9\", \"198.51.100.10\"]\nports = [\"tcp:443\"]",
        ),
        (
            "service-tags = [\"Sql.westeuropa\"]\nports = [\"tcp:1433\"]",
            "service-tags = [\"Sql.westeurope\"]\nports = [\"tcp:1433\"]",
        ),
    ];
    for (before, after) in rules_cases {
        becomes(&format!("{region}{rules}{before}\n"), &format!("{region}{rules}{after}\n"));
    }
}

#[test]
fn what_is_not_certain_stays() {
    let rules = "region = \"westeurope\"\n[egress.collections.own]\npriority = 300\n[[egress.collections.own.rules]]\nname = \"a\"\n";
    // One address or the whole prefix?
    stays(&format!("{rules}addresses = [\"198.51.100.7/24\"]\nports = [\"tcp:443\"]\n"));
    // Which protocol?
    stays(&format!("{rules}addresses = [\"198.51.100.7\"]\nports = [\"443\"]\n"));
    // Two names are as near.
    stays("region = \"westeurope\"\n[egress]\npacks = [\"a\"]\n");
    // Which of two lists?
    stays("region = \"westeurope\"\n[egress]\npacks = [\"quay\", { name = \"quay\", priority = 300 }]\n");
    stays(&format!(
        "region = \"westeurope\"\n[egress.groups]\none = [\"198.51.100.7\"]\ntwo = [\"198.51.100.7\"]\n{}groups = [\"one\", \"two\"]\nports = [\"tcp:443\"]\n",
        rules.trim_start_matches("region = \"westeurope\"\n")
    ));
    // No TOML.
    stays("region = westeurope\n");
    stays("");
}

#[test]
fn comments_form_line_ends_and_byte_order_mark_survive() {
    let before = "\u{feff}# Shop\r\nregoin   = \"westeuropa\"   # where\r\n\r\n[netwrok] # ours\r\nvnet='shop'\r\n\r\n[network.subnets]\r\n";
    // Only one of the two headers would be renamed, so that this is not certain; the other two are.
    let made = repaired(before);
    assert_eq!(made.text, before.replace("regoin", "region").replace("westeuropa", "westeurope"));

    let before = "\u{feff}# Shop\r\nregion = \"westeurope\" # where\r\n\r\n[firewal] # ours\r\nzones = 1\r\n\r\n[egress.groups]\r\npartners = [\r\n  # first\r\n  \"shop.example.com\", # a shop\r\n  \"api.example.com\",\r\n  \"api.example.com\",\r\n]\r\n[egress.collections.own]\r\npriority = 300\r\nrules = [ { name = \"a\", groups = [ \"partner\" ] } ] # all\r\n";
    let after = "\u{feff}# Shop\r\nregion = \"westeurope\" # where\r\n\r\n[firewall] # ours\r\nzones = [1]\r\n\r\n[egress.groups]\r\npartners = [\r\n  # first\r\n  \"shop.example.com\", # a shop\r\n  \"api.example.com\",\r\n]\r\n[egress.collections.own]\r\npriority = 300\r\nrules = [ { name = \"a\", groups = [ \"partners\" ] } ] # all\r\n";
    assert_eq!(repaired(before).text, after, "sorting would part a comment from its entry");
}

#[test]
fn a_repair_that_brings_another_finding_is_left_and_the_others_are_made() {
    let before =
        "region = \"westeurope\"\nname = \"shop\"\n[network.subnets]\nnodes = \"10.0.4.9/24\"\n[clustr]\nnodes = 3\n";
    let made = repaired(before);
    assert_eq!(made.text, before.replace("clustr", "cluster"));
    assert_eq!(made.repaired, 1);
    let left: Vec<_> = made.left.iter().map(|l| (made.report.findings[l.finding].code.id, &l.brings)).collect();
    assert!(matches!(left[..], [("host-bits", Some(("subnet-overlap", _)))]), "{left:?}");
}

#[test]
fn what_a_base_holds_is_left() {
    let text =
        "region = \"westeurope\"\nextends = \"_base.toml\"\n# file: _base.toml\n[firewall]\ntier = \"premium\"\n";
    let made = repaired(text);
    assert_eq!(made.text, text.split("# file").next().unwrap());
    assert_eq!(made.repaired, 0);
}

#[test]
fn advice_is_followed_on_request_only() {
    let text = "region = \"westeurope\"\n[egress.groups]\nall = [\"b.example.com\", \"a.example.com\"]\n";
    assert_eq!(repair(&input(text), Look::PLAIN).text, text);
    assert_ne!(repair(&input(text), PEDANTIC).text, text);
}

#[test]
fn no_example_is_worse_after_its_repair() {
    let mut made = 0;
    for code in codes() {
        for text in code.bad {
            let before = compile(input(text));
            let after = repaired(text);
            let (old, new) = (said(before.report()), said(&after.report));
            for (what, count) in &new {
                assert!(
                    old.get(what).is_some_and(|n| n >= count),
                    "{}: {what:?} is new after\n{}",
                    code.id,
                    after.text
                );
            }
            let findings = |report: &Report| report.findings.len();
            assert_eq!(findings(before.report()) > findings(&after.report), after.repaired > 0, "{}", code.id);
            let again = repair(&Input { text: after.text.clone(), ..input(text) }, PEDANTIC);
            assert_eq!((again.text, again.repaired), (after.text, 0), "{}: a second run finds nothing to do", code.id);
            made += after.repaired;
        }
    }
    assert!(made > 20, "{made} repairs");
}

#[test]
fn certain_repairs_cure_errors_of_the_readers() {
    for code in codes() {
        for text in code.bad {
            let report = compile(input(text));
            for finding in &report.report().findings {
                let own = finding.edits.iter().all(|e| e.span.source == SourceId::FIRST);
                if finding.severity == Severity::Error && !finding.edits.is_empty() && own {
                    let after = repaired(text);
                    let stays = after.report.findings.iter().any(|f| f.message == finding.message);
                    let left = after.left.iter().any(|l| after.report.findings[l.finding].message == finding.message);
                    assert!(!stays || left, "{}: `{}` is still there in\n{}", code.id, finding.message, after.text);
                }
            }
        }
    }
}

/// A profile with two certain repairs, comments and unusual form.
const ROUGH: &str = "# Shop\nregoin='westeurope'   # here\n\n[firewall]\ntier = \"premium\"\n";
const SMOOTH: &str = "# Shop\nregion='westeurope'   # here\n\n[firewall]\ntier = \"Premium\"\n";

#[test]
fn fix_writes_into_the_files_what_is_certain() {
    let dir = project(&[("a.toml", ROUGH), ("b.toml", GOOD)]);
    let Ran { code, out, err } = run(dir.path(), &["validate", "--fix"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert_eq!(err, "repaired 2 findings in profiles/a.toml\nno findings in 2 profiles\n");
    let after = files(dir.path());
    assert_eq!(after["profiles/a.toml"], SMOOTH.as_bytes());
    assert_eq!((after.len(), &*after["profiles/b.toml"]), (2, GOOD.as_bytes()), "nothing else is touched or left");
    let Ran { err, .. } = run(dir.path(), &["validate", "--fix"]);
    assert_eq!(err, "no findings in 2 profiles\n");
}

#[test]
fn what_fix_leaves_is_reported_and_said() {
    let text = "region = \"westeurope\"\n[network.subnets]\nnodes = \"10.0.4.9/24\"\n";
    let dir = project(&[("a.toml", text)]);
    let Ran { code, out, err } = run(dir.path(), &["validate", "--fix", "--format", "short"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("profiles/a.toml:3:9: error[host-bits]"), "{out}");
    assert!(
        err.starts_with("profiles/a.toml:3:9: host-bits is not repaired, since that would bring subnet-overlap: "),
        "{err}"
    );
    assert_eq!(files(dir.path())["profiles/a.toml"], text.as_bytes());
}

#[test]
fn diff_shows_and_writes_nothing() {
    let dir = project(&[("a.toml", ROUGH), ("b.toml", GOOD)]);
    for args in [&["validate", "--diff"][..], &["validate", "--fix", "--diff"]] {
        let Ran { code, out, err } = run(dir.path(), args);
        assert_eq!(code, 1);
        assert_eq!(
            out,
            "--- a/profiles/a.toml\n+++ b/profiles/a.toml\n@@ -1,5 +1,5 @@\n # Shop\n-regoin='westeurope'   # here\n+region='westeurope'   # here\n \n [firewall]\n-tier = \"premium\"\n+tier = \"Premium\"\n"
        );
        assert_eq!(err, "would repair 2 findings in profiles/a.toml\n");
        assert_eq!(files(dir.path())["profiles/a.toml"], ROUGH.as_bytes());
    }
    let Ran { code, out, .. } = run(dir.path(), &["validate", "--diff", "profiles/b.toml"]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn standard_input_is_printed_with_its_repairs() {
    let dir = project(&[]);
    let args = ["validate", "--fix", "--stdin-filename", "shop.toml", "-"];
    let Ran { code, out, err } = run_with(dir.path(), &args, ROUGH.as_bytes());
    assert_eq!((code, out.as_str()), (0, SMOOTH));
    assert_eq!(err, "no findings in 1 profile\n");
    let Ran { code, out, err } = run_with(dir.path(), &args, GOOD.as_bytes());
    assert_eq!((code, out.as_str(), err.as_str()), (0, GOOD, "no findings in 1 profile\n"));
    let Ran { code, out, err } = run_with(dir.path(), &args, b"region = \"westeurope\"\ncni = \"calico\"\n");
    assert_eq!((code, out.as_str()), (1, "region = \"westeurope\"\ncni = \"calico\"\n"));
    assert!(err.contains("unknown-value"), "{err}");
    let diff = ["validate", "--diff", "--stdin-filename", "shop.toml", "-"];
    let Ran { code, out, .. } = run_with(dir.path(), &diff, ROUGH.as_bytes());
    assert_eq!(code, 1);
    assert!(out.starts_with("--- a/shop.toml\n+++ b/shop.toml\n"), "{out}");
    assert_eq!(files(dir.path()).len(), 0);
}

#[cfg(unix)]
#[test]
fn links_and_modes_stay_and_what_cannot_be_written_is_said() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let dir = project(&[("real/a.toml", ROUGH)]);
    let real = dir.path().join("profiles/real/a.toml");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o604)).unwrap();
    symlink("real/a.toml", dir.path().join("profiles/link.toml")).unwrap();
    let Ran { code, err, .. } = run(dir.path(), &["validate", "--fix", "profiles/link.toml"]);
    assert_eq!(code, 0, "{err}");
    assert!(std::fs::symlink_metadata(dir.path().join("profiles/link.toml")).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&real).unwrap(), SMOOTH);
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o604);
}

#[test]
fn repaired_profiles_are_compared_as_they_are_then() {
    let text = "nmae = \"shop\"\nregion = \"westeurope\"\n";
    let dir = project(&[("a.toml", text), ("b.toml", &text.replace("nmae", "name"))]);
    let Ran { code, out, .. } = run(dir.path(), &["validate", "--fix", "--format", "short"]);
    assert_eq!(code, 1);
    assert_eq!(out.matches("duplicate-profile-name").count(), 2, "{out}");
}
