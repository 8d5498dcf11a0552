//! A list of private ranges replaces Azure's own.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::profile::PrivateRange;
use crate::value::Addresses;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "own-network-translated",
        severity: Severity::Warning,
        title: "private ranges leave the own network out",
        help: "add \"IANAPrivateRanges\" to the list",
        docs: "The list replaces Azure's own one, which holds RFC 1918 and RFC 6598. Traffic to a private network that is not in \
             it gets the firewall's address as sender: the other side no longer sees who calls. Source: \
             https://learn.microsoft.com/azure/firewall/snat-private-range",
        bad: &[r#"region = "westeurope"

[firewall]
private-ranges = ["198.18.0.0/15"]
"#],
        good: &[
            r#"region = "westeurope"

[firewall]
private-ranges = ["IANAPrivateRanges", "198.18.0.0/15"]
"#,
            r#"region = "westeurope"

[firewall]
private-ranges = ["255.255.255.255/32"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let ranges = &facts.plan.firewall.private_ranges;
    // Translating everything is a decision of its own.
    if ranges.iter().any(|range| range.value == PrivateRange::Iana || range.is_nothing()) {
        return;
    }
    let Some(first) = ranges.first() else { return };
    let listed = || {
        ranges.iter().filter_map(|range| match range.value {
            PrivateRange::Iana => None,
            PrivateRange::Prefix(prefix) => Some(Addresses::Prefix(prefix)),
        })
    };
    if let Some(space) = facts.plan.network.address_space.iter().find(|space| !Addresses::cover(listed(), space.value))
    {
        findings
            .report(first.origin, format!("{} is not among the private ranges", **space), "replaces Azure's own list")
            .also(space.origin, "the network");
    }
}
