//! Flux reaches a Git host.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::plan::firewall::Rule;
use crate::profile::Addon;
use crate::rules::Action;
use crate::value::IpProtocol;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "git-host-missing",
        severity: Severity::Warning,
        title: "no rule allows the Git host of Flux",
        help: "enable pack `github`, or allow the names of your Git host",
        docs: "Flux fetches its configuration from a Git host, which is yours to choose: pack `flux` has no such host. The check is content with any allowed name of GitHub, GitLab, Bitbucket or Azure DevOps, with a rule that names Git in its name or reason, or with SSH (port 22). Source: https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2",
        bad: &[r#"region = "westeurope"

[cluster]
addons = ["flux"]
"#],
        good: &[r#"region = "westeurope"

[cluster]
addons = ["flux"]

[egress]
packs = ["github"]
"#],
    },
    run,
};

/// Names that Git hosts are known by.
const HOSTS: [&str; 5] = ["github.com", "gitlab.com", "bitbucket.org", "dev.azure.com", "ssh.dev.azure.com"];

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    let Some(flux) = plan.cluster.addon(Addon::Flux) else { return };
    let mut allowed = plan.firewall.rules().filter(|(collection, _)| *collection.action == Action::Allow);
    if allowed.any(|(collection, rule)| is_git(rule, &collection.name)) {
        return;
    }
    let finding = findings.report(flux, "no rule allows a Git host", "fetches its configuration from there");
    super::missing_endpoint::given_rules(plan, finding);
}

fn is_git(rule: &Rule, collection: &str) -> bool {
    let words = [rule.name.as_str(), collection, rule.life.why.as_ref().map_or("", |why| why.as_str())];
    let named = words.iter().any(|text| text.to_ascii_lowercase().contains("git"));
    let host = rule.fqdns().iter().any(|name| HOSTS.iter().any(|host| name.matches(host)));
    named || host || rule.network().is_some_and(|network| network.matches(IpProtocol::Tcp, 22))
}
