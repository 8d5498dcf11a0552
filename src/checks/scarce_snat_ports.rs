//! The firewall has source ports for all nodes.

use super::node_subnet_size::{Sum, given_pools, sum};
use super::{Check, Facts};
use crate::diag::{Code, Findings, Severity};
use crate::tables::limits::{INSTANCES, PORTS_PER_NODE, SNAT_PORTS};

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "scarce-snat-ports",
        severity: Severity::Warning,
        title: "few source ports for the number of nodes",
        help: "raise `firewall.public-ips`",
        docs: "Every connection to the internet takes a source port of the firewall: 2,496 per public address and instance, of \
             which there are at least two. When they run out, new connections fail at random. What nodes need is \
             not documented; the measure here is what the load balancer of AKS would give each of them, 1,024 up to 50 \
             nodes and fewer beyond. Azure advises five addresses for busy clusters. Source: \
             https://learn.microsoft.com/azure/firewall/firewall-known-issues and \
             https://learn.microsoft.com/azure/aks/load-balancer-standard",
        bad: &[r#"region = "westeurope"

[cluster]
nodes = 5
"#],
        good: &[
            r#"region = "westeurope"

[cluster]
nodes = 5

[firewall]
public-ips = 2
"#,
            r#"region = "westeurope"

[cluster]
nodes = 12

[firewall]
public-ip-prefix = 30
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let plan = facts.plan;
    // With a tunnel, whatever stands at its other end translates.
    if plan.tunnel.is_some() {
        return;
    }
    let pools = &plan.cluster.pools;
    let nodes = plan.cluster.machines();
    let each = PORTS_PER_NODE.rows.iter().find(|(most, _)| nodes <= *most).map_or(0, |(_, ports)| *ports);
    let Sum { total: needed, words } = sum(pools, |_| each);
    let addresses = plan.firewall.public_ips.len() as u64;
    let available = addresses * INSTANCES * SNAT_PORTS;
    let Some(first) = plan.firewall.public_ips.first().filter(|_| needed > available) else { return };
    let wanted = needed.div_ceil(INSTANCES * SNAT_PORTS);
    let finding = findings.report(
        first.origin,
        format!("{nodes} nodes need {needed} source ports, and the firewall has {available}"),
        format!("{addresses} × {INSTANCES} instances × {SNAT_PORTS} ports = {available}"),
    );
    finding.also(pools[0].nodes.origin, format!("{words} ports = {needed}"));
    given_pools(finding, pools);
    finding.help(format!("set `firewall.public-ips = {wanted}` or more"));
}
