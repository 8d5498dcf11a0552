//! Some rule allows every endpoint that the add-ons and the special pools need.

use super::{Check, Facts};
use crate::diag::{Code, Findings, Origin, Severity};
use crate::plan::Plan;
use crate::plan::cluster::NodePool;
use crate::profile::{Addon, Os};
use crate::tables::endpoints::Need;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "missing-addon-endpoint",
        severity: Severity::Warning,
        title: "no rule allows an endpoint that an add-on or a node pool needs",
        help: "enable the pack, or allow these names",
        docs: "An add-on whose endpoints are denied starts and stays silent; Windows nodes and drivers of graphics cards \
             fail to install. Their packs are on unless they are disabled. \
             Source: https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
        bad: &[
            r#"region = "westeurope"

[cluster]
addons = ["azure-policy"]

[egress]
packs = [{ name = "azure-policy", enabled = false }]
"#,
            r#"region = "westeurope"

[egress]
packs = [{ name = "azure-monitor", enabled = false }]
"#,
            r#"region = "westeurope"

[[cluster.pools]]
name = "win1"
os   = "Windows"

[egress]
packs = [{ name = "windows", enabled = false }]
"#,
        ],
        good: &[
            r#"region = "westeurope"
"#,
            r#"region = "westeurope"

[cluster]
addons = []

[egress]
packs = [{ name = "azure-monitor", enabled = false }]
"#,
        ],
    },
    run,
};

/// What is switched on, with the word for it and the pack that allows what it needs.
struct Feature {
    need: Need,
    what: String,
    pack: &'static str,
    origin: Origin,
}

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    for Feature { need, what, pack, origin } in features(facts.plan) {
        for message in super::missing_endpoint::missing(facts.plan, &[need]) {
            let finding = findings.report(origin, message, format!("{what} needs these endpoints"));
            finding.help(format!("enable pack `{pack}`, or allow these names"));
            super::missing_endpoint::given_rules(facts.plan, finding);
        }
    }
}

fn need(addon: Addon) -> Need {
    match addon {
        Addon::Monitoring => Need::Monitoring,
        Addon::AzurePolicy => Need::AzurePolicy,
        Addon::Defender => Need::Defender,
        Addon::KeyVaultSecrets => Need::KeyVaultSecrets,
        Addon::WorkloadIdentity => Need::WorkloadIdentity,
        Addon::Flux => Need::Flux,
        Addon::CostAnalysis => Need::CostAnalysis,
        Addon::Istio => Need::Istio,
    }
}

fn features(plan: &Plan) -> Vec<Feature> {
    let cluster = &plan.cluster;
    let mut list = Vec::new();
    list.extend(cluster.addons.iter().map(|addon| Feature {
        need: need(addon.value),
        what: format!("the add-on `{}`", addon.word()),
        pack: addon.pack(),
        origin: addon.origin,
    }));
    let pool = |need, pack, pool: &NodePool, origin| Feature {
        need,
        what: format!("node pool `{}`", *pool.name),
        pack,
        origin,
    };
    let windows = cluster.pools.iter().find(|p| *p.os == Os::Windows);
    list.extend(windows.map(|p| pool(Need::Windows, "windows", p, p.os.origin)));
    let gpu = cluster.pools.iter().find(|p| *p.gpu);
    list.extend(gpu.map(|p| pool(Need::Gpu, "gpu", p, p.gpu.origin)));
    list
}
