//! Reading profiles: what every key means, and what is said about bad input.

use aks_egress::diag::{Findings, Report, Source, Sources};
use aks_egress::profile::{self, Profile};

/// Reads a profile called `test`.
fn read(text: &str) -> (Option<Profile>, Report) {
    let mut sources = Sources::default();
    let source = sources.add(Source { name: "test.toml".to_owned(), text: text.to_owned().into(), built_in: false });
    let mut findings = Findings::default();
    let profile = profile::parse(&mut sources, source, Some("test"), &mut findings);
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

/// Reads a profile that must be clean.
fn clean(text: &str) -> Profile {
    let (profile, report) = read(text);
    assert_eq!(said(&report), [""; 0], "{text}");
    profile.unwrap()
}

#[test]
fn defaults_are_those_of_the_design() {
    let profile = clean("region = \"West Europe\"\n");
    assert_eq!(*profile.name, "test");
    assert_eq!(*profile.region, "westeurope");
    assert_eq!(*profile.resource_group, "test-rg");
    assert_eq!(profile.cni.word(), "azure-overlay");
    assert_eq!(profile.network.firewall.prefix.to_string(), "10.0.3.0/24");
    assert_eq!(profile.network.gateway.prefix.to_string(), "10.0.2.0/24");
    assert_eq!(profile.network.ingress.prefix.to_string(), "10.0.4.0/24");
    assert_eq!(profile.network.nodes.prefix.to_string(), "10.0.5.0/24");
    assert_eq!(profile.firewall.private_ip.to_string(), "10.0.3.4");
    assert_eq!(*profile.cluster.pods_per_node, 250);
    assert_eq!(profile.cluster.dns_service_ip.to_string(), "172.16.0.10");
    let collections: Vec<_> = profile.egress.collections.iter().map(|c| (c.name.as_str(), *c.priority)).collect();
    assert_eq!(collections, [("aks", 101), ("azure-monitor", 110)]);
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
            "api-server",
            "time",
            "dns",
            "service-tags",
            "api-tunnel",
            "api-server-region",
            "os-updates",
            "docker-hub",
            "partners",
            "databases"
        ]
    );
}
