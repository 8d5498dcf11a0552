//! Images come from the registries that the repository allows.

use std::collections::BTreeSet;

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::settings::InForce;
use crate::tables::registries::{REGISTRIES, Registry};
use crate::tables::tags;
use crate::value::Fqdn;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "unlisted-registry",
        severity: Severity::Error,
        title: "rule allows a container registry that the repository does not list",
        help: "remove the name, or add the registry to `allowed-registries` in `aks-egress.toml`",
        docs: "`allowed-registries` in `aks-egress.toml` lists the registries that images may come from: `quay.io` with \
               all its hosts, or `contoso.azurecr.io` for one of those that have a host per customer. Microsoft's own \
               registry is always allowed, since no cluster works without it. The program knows the registries of a \
               dated table; other hosts are no registries to it. Azure would take the rule, so that a repository can \
               lower this check. Source: https://learn.microsoft.com/azure/container-registry/container-registry-\
               firewall-access-rules",
        bad: &[
            r#"region = "westeurope"

[egress]
packs = ["docker-hub"]

# file: aks-egress.toml
[rules]
allowed-registries = ["contoso.azurecr.io", "quay.io"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["fabrikam.azurecr.io"]

# file: aks-egress.toml
[rules]
allowed-registries = ["contoso.azurecr.io"]
"#,
        ],
        good: &[r#"region = "westeurope"

[egress]
packs = ["quay"]

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "images"
fqdns = ["azurecr.io", "contoso.azurecr.io", "contoso.westeurope.data.azurecr.io"]

# file: aks-egress.toml
[rules]
allowed-registries = ["contoso.azurecr.io", "quay.io"]
"#],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(in_force) = facts.settings else { return };
    let Some(allowed) = &in_force.settings.allowed_registries else { return };
    let allowed: Vec<&str> = allowed.iter().map(|name| name.value.as_str()).collect();
    // A registry has several hosts, and one finding for a rule says it all.
    let mut said = BTreeSet::new();
    for (collection, rule) in facts.plan.firewall.rules().filter(|(c, _)| c.allows()) {
        for name in rule.fqdns() {
            let Some(registry) = unlisted(name, &allowed) else { continue };
            if said.insert((collection.name.as_str(), rule.name.as_str(), registry.name)) {
                let message = format!("`{}` is a host of the registry {}", **name, registry.name);
                asked_for(
                    findings
                        .report(name.origin, message, "not among those allowed")
                        .given(rule.origin)
                        .given(collection.action.origin),
                    in_force,
                );
            }
        }
        for tag in rule.service_tags() {
            if tags::take_apart(tag).name.eq_ignore_ascii_case("AzureContainerRegistry") {
                let message = format!("service tag `{}` allows the registries of every customer of Azure", **tag);
                asked_for(
                    findings
                        .report(tag.origin, message, "not among those allowed")
                        .given(rule.origin)
                        .given(collection.action.origin),
                    in_force,
                );
            }
        }
    }
}

fn asked_for(finding: &mut crate::diag::Finding, in_force: InForce<'_>) {
    if let Some(first) = in_force.settings.allowed_registries.iter().flatten().next() {
        finding.also(in_force.place(first), "those allowed are listed here");
    }
}

/// A registry that has a host among the names of `name` and is not allowed.
fn unlisted(name: &Fqdn, allowed: &[&str]) -> Option<&'static Registry> {
    let reached = |registry: &&Registry| registry.hosts.iter().any(|host| name.reaches(host));
    REGISTRIES.rows.iter().filter(reached).find(|registry| !is_allowed(name, registry, allowed))
}

fn is_allowed(name: &Fqdn, registry: &Registry, allowed: &[&str]) -> bool {
    let (Fqdn::Host(host) | Fqdn::SubdomainsOf(host)) = name else { return allowed.contains(&registry.name) };
    let is_at_or_below =
        |host: &str, domain: &str| host.strip_suffix(domain).is_some_and(|head| head.is_empty() || head.ends_with('.'));
    // The registry as a whole, this host, or a host that this one belongs to.
    let listed = |entry: &&str| **entry == *registry.name || is_at_or_below(host, entry);
    // With a host per customer: its other hosts start with the same label, and sign-in goes to the common name.
    let customer = |entry: &&str| {
        let same = host.split('.').next() == entry.split('.').next();
        registry.per_customer && is_at_or_below(entry, registry.name) && (same || host == registry.name)
    };
    let exact = matches!(name, Fqdn::Host(_));
    allowed.iter().any(|entry| listed(entry) || exact && customer(entry))
}
