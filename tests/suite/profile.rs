//! Reading profiles: what every key means, and what is said about bad input.

use aks_egress::diag::{Code, Findings, Report, Source, Sources};
use aks_egress::profile::{self, Profile};
use aks_egress::rules;

use crate::profile_bad::CASES;
use crate::shared::{bases_among, files_of_example};

/// Reads a profile called `test`.
fn read(text: &str) -> (Option<Profile>, Report) {
    let mut sources = Sources::default();
    let files = files_of_example("example.toml", text);
    let (name, text) = (files[0].0.to_owned(), files[0].1.to_owned());
    let source = sources.add(Source { name, text: text.into(), built_in: false });
    let mut findings = Findings::default();
    let profile = profile::parse(&mut sources, source, &bases_among(&files), Some("test"), &mut findings);
    (profile, Report { sources, findings: findings.finish() })
}

/// Each finding as `line:column code: message`.
fn said(report: &Report) -> Vec<String> {
    report
        .findings
        .iter()
        .map(|f| {
            let at = report.sources.position(f.span());
            format!("{}:{} {}: {}", at.line, at.column, f.code.id, f.message)
        })
        .collect()
}

/// A report in full: labels, help and repairs.
fn told(report: &Report) -> String {
    let mut out = String::new();
    for (finding, line) in report.findings.iter().zip(said(report)) {
        out += &format!("  {line}\n");
        for label in &finding.labels {
            let at = report.sources.position(label.span);
            let source = &report.sources.get(label.span.source).name;
            let text = report.sources.slice(label.span).escape_debug();
            out += &format!("    {source}:{}:{} `{text:.60}` {}\n", at.line, at.column, label.text);
        }
        out += &finding.help.iter().map(|h| format!("    help: {h}\n")).collect::<String>();
        for edit in &finding.edits {
            let text = report.sources.slice(edit.span).escape_debug();
            out += &format!("    edit: `{text:.60}` -> `{}`\n", edit.text);
        }
    }
    out
}

/// The text with every repair of a report made, from the back.
fn repaired(text: &str, report: &Report) -> String {
    let mut edits: Vec<_> = report.findings.iter().flat_map(|f| &f.edits).collect();
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let mut text = text.to_owned();
    for edit in edits.into_iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

/// Reads a profile that must be clean.
fn clean(text: &str) -> Profile {
    let (profile, report) = read(text);
    assert_eq!(said(&report), [""; 0], "{text}");
    profile.expect("a clean profile")
}

#[test]
fn defaults_are_those_of_the_design() {
    let profile = clean("region = \"West Europe\"\n");
    assert_eq!(*profile.name, "test");
    assert_eq!(*profile.region, "westeurope");
    assert_eq!(*profile.resource_group, "test-rg");
    assert_eq!(profile.cni.word(), "azure-overlay");
    assert_eq!(profile.network.firewall.prefix.unwrap().to_string(), "10.0.3.0/24");
    assert_eq!(profile.network.gateway.unwrap().prefix.unwrap().to_string(), "10.0.2.0/24");
    assert_eq!(profile.network.ingress.unwrap().prefix.unwrap().to_string(), "10.0.4.0/24");
    assert_eq!(profile.network.nodes.prefix.unwrap().to_string(), "10.0.5.0/24");
    assert_eq!(profile.firewall.private_ip.to_string(), "10.0.3.4");
    assert_eq!(*profile.cluster.pools[0].pods_per_node, 250);
    assert_eq!(profile.cluster.dns_service_ip.to_string(), "172.16.0.10");
    let collections: Vec<_> = profile.egress.collections.iter().map(|c| (c.name.as_str(), *c.priority)).collect();
    assert_eq!(collections, [("aks", 101), ("azure-monitor", 110)]);
}

/// What needs an API server behind the firewall goes with it, the subnets of pods and of that server come.
#[test]
fn shapes_decide_what_else_there_is() {
    let names =
        |text: &str| -> Vec<String> { clean(text).egress.collections.iter().map(|c| c.name.value.clone()).collect() };
    for (cloud, region) in [("usgov", "usgovvirginia"), ("china", "chinanorth3")] {
        let profile = |server: &str| {
            format!("region = \"{region}\"\ncloud = \"{cloud}\"\n[cluster]\napi-server = \"{server}\"\n")
        };
        assert!(names(&profile("public")).contains(&"api-tunnel".to_owned()), "{cloud}");
        for server in ["private", "vnet-integrated"] {
            assert!(!names(&profile(server)).contains(&"api-tunnel".to_owned()), "{cloud} {server}");
        }
    }
    let text = "region = \"westeurope\"\ncni = \"azure-pod-subnet\"\n[cluster]\napi-server = \"vnet-integrated\"\n";
    let profile = clean(text);
    let prefix = |subnet: Option<aks_egress::profile::SubnetSpec>| subnet.unwrap().prefix.unwrap().to_string();
    assert_eq!(prefix(profile.network.pods), "10.0.16.0/20");
    assert_eq!(prefix(profile.network.api_server), "10.0.1.64/28");
    assert_eq!(*profile.cluster.pools[0].pods_per_node, 110);
    let plain = clean("region = \"westeurope\"\n");
    assert!(plain.network.pods.is_none() && plain.network.api_server.is_none());
}

/// Hosts of own registries, by the cloud.
#[test]
fn registries_become_rules() {
    let of = |more: &str, region: &str| {
        let text = format!("region = \"{region}\"\n{more}[[egress.registries]]\nname = \"Contoso\"\n");
        let profile = clean(&text);
        let own = profile.egress.collections.into_iter().find(|c| *c.name == "registries").unwrap();
        format!("{:?}", own.rules[0].to)
    };
    let public = of("", "westeurope");
    for host in ["contoso.azurecr.io", "\"azurecr.io\"", "contoso.westeurope.data.azurecr.io"] {
        assert!(public.contains(host), "{host}: {public}");
    }
    assert!(of("cloud = \"china\"\n", "chinanorth3").contains("contoso.chinanorth3.data.azurecr.cn"));
    assert!(of("cloud = \"usgov\"\n", "usgovvirginia").contains("contoso.usgovvirginia.data.azurecr.us"));
    let past =
        clean("region = \"westeurope\"\n[[egress.registries]]\nname = \"contoso\"\nendpoints = \"private-link\"\n");
    assert!(past.egress.collections.iter().all(|c| *c.name != "registries"));
}

#[test]
fn the_whole_language_is_read() {
    let profile = clean(include_str!("whole.toml"));
    let names: Vec<_> = profile.egress.collections.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "aks",
            "azure-monitor",
            "windows",
            "gpu",
            "api-server",
            "time",
            "dns",
            "service-tags",
            "api-tunnel",
            "api-server-region",
            "os-updates",
            "docker-hub",
            "registries",
            "partners",
            "databases"
        ]
    );
}

#[test]
fn bad_input_is_explained() {
    let out: String = CASES.iter().map(|(title, text)| format!("{title}\n{}\n", told(&read(text).1))).collect();
    insta::assert_snapshot!(out);
}

#[test]
fn bad_input_is_always_an_error() {
    for (title, text) in CASES {
        assert!(read(text).1.has_errors(), "{title}");
    }
}

#[test]
fn repairs_remove_what_they_repair() {
    for (title, text) in CASES {
        let (_, report) = read(text);
        let (_, after) = read(&repaired(text, &report));
        for finding in report.findings.iter().filter(|f| !f.edits.is_empty()) {
            let left = after.findings.iter().any(|f| f.code.id == finding.code.id && f.message == finding.message);
            assert!(!left, "{title}: `{}` is still said after its repair", finding.message);
        }
    }
}

/// Problems that no short text shows.
const OF_FILES: [&str; 2] = ["too-large", "unreadable-base"];

/// Every problem of the two readers.
fn codes() -> impl Iterator<Item = &'static Code> {
    rules::CODES.iter().chain(profile::CODES).copied()
}

#[test]
fn bad_examples_raise_their_code_alone() {
    for code in codes() {
        for text in code.bad {
            let report = read(text).1;
            let ids: Vec<_> = report.findings.iter().map(|f| f.code.id).collect();
            assert!(!ids.is_empty() && ids.iter().all(|id| *id == code.id), "{}: {:?}\n{text}", code.id, said(&report));
        }
    }
}

#[test]
fn good_examples_are_clean() {
    for code in codes() {
        assert!(
            (!code.good.is_empty() || OF_FILES.contains(&code.id))
                && (!code.bad.is_empty() || OF_FILES.contains(&code.id)),
            "{}",
            code.id
        );
        for text in code.good {
            clean(text);
        }
    }
}

#[test]
fn codes_are_sorted_and_documented() {
    for list in [rules::CODES, profile::CODES] {
        assert!(list.is_sorted_by(|a, b| a.id < b.id));
    }
    for code in codes() {
        assert!(code.docs.len() > 60, "{}", code.id);
        assert!(!code.help.ends_with('.') && !code.title.ends_with('.'), "{}", code.id);
    }
}

#[test]
fn a_text_over_the_limit_is_refused() {
    let limit = 1 << 20;
    let text = |length: usize| format!("{}region = \"westeurope\"\n", "#\n".repeat((length - 22) / 2));
    assert!(text(limit).len() <= limit && read(&text(limit)).0.is_some());
    let (profile, report) = read(&text(limit + 2));
    assert!(profile.is_none());
    assert_eq!(said(&report), ["1:1 too-large: the profile has 1048578 bytes, and 1048576 (1 MiB) is the limit"]);
}

#[test]
fn depth_is_bounded() {
    let deep = 150_000;
    for text in ["[".repeat(deep), "{a=".repeat(deep), "[[".repeat(deep)] {
        assert!(read(&format!("region = {text}")).1.has_errors());
    }
    for key in ["a.".repeat(deep), "\"\".".repeat(deep)] {
        assert!(read(&format!("{key}b = 1")).1.has_errors());
        assert!(read(&format!("[{key}b]")).1.has_errors());
    }
}

#[test]
fn many_faults_of_syntax_are_counted_rather_than_listed() {
    let report = read(&"=\n".repeat(5_000)).1;
    assert_eq!(report.findings.len(), 101);
    assert!(report.findings[100].message.ends_with("more places"), "{}", report.findings[100].message);
}
