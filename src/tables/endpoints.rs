//! What a cluster must reach, row by row, for the check that some rule allows it (F1.2, F1.7).

use super::Table;
use crate::value::AppProtocol;

/// What makes a row necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Every cluster of the public cloud.
    Base,
    /// Container Insights.
    Monitoring,
    /// A pool with Windows nodes.
    Windows,
    /// A pool with graphics cards.
    Gpu,
}

/// One destination.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// A host or a pattern; `<location>` stands for the region.
    pub host: &'static str,
    /// How it is spoken to.
    pub protocol: AppProtocol,
    /// On which port.
    pub port: u16,
    /// What it is for.
    pub purpose: &'static str,
    /// What makes it necessary.
    pub need: Need,
    /// Whether the FQDN tag `AzureKubernetesService` covers it.
    pub in_aks_tag: bool,
    /// Service tags whose addresses serve it.
    pub service_tags: &'static [&'static str],
}

const fn base(host: &'static str, purpose: &'static str, service_tags: &'static [&'static str]) -> Endpoint {
    Endpoint { in_aks_tag: true, service_tags, ..https(Need::Base, host, purpose) }
}

const fn https(need: Need, host: &'static str, purpose: &'static str) -> Endpoint {
    Endpoint { host, protocol: AppProtocol::Https, port: 443, purpose, need, in_aks_tag: false, service_tags: &[] }
}

const fn http(need: Need, host: &'static str, purpose: &'static str) -> Endpoint {
    Endpoint { protocol: AppProtocol::Http, port: 80, ..https(need, host, purpose) }
}

const fn monitoring(host: &'static str, purpose: &'static str) -> Endpoint {
    Endpoint { service_tags: &["AzureMonitor"], ..https(Need::Monitoring, host, purpose) }
}

/// Required rows. `acs-mirror.azureedge.net` is left out: `packages.aks.azure.com` replaces it.
pub static REQUIRED: Table<Endpoint> = Table {
    as_of: "2026-06-18",
    source: "https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
    rows: &[
        base("*.hcp.<location>.azmk8s.io", "the API server", &["AzureCloud"]),
        base("mcr.microsoft.com", "images of AKS", &["MicrosoftContainerRegistry", "AzureCloud"]),
        base("*.data.mcr.microsoft.com", "layers of those images", &["AzureFrontDoor.FirstParty", "AzureCloud"]),
        base("mcr-0001.mcr-msedge.net", "layers of those images", &["AzureFrontDoor.FirstParty", "AzureCloud"]),
        base("management.azure.com", "the Azure API", &["AzureResourceManager", "AzureCloud"]),
        base("login.microsoftonline.com", "sign-in", &["AzureActiveDirectory", "AzureCloud"]),
        base("packages.microsoft.com", "packages of the node's system", &[]),
        base("packages.aks.azure.com", "binaries of Kubernetes and CNI", &[]),
        monitoring("*.ods.opinsights.azure.com", "log data"),
        monitoring("*.oms.opinsights.azure.com", "onboarding of the agent"),
        monitoring("dc.services.visualstudio.com", "telemetry of the agent"),
        monitoring("*.monitoring.azure.com", "metrics"),
        monitoring("global.handler.control.monitor.azure.com", "configuration of the agent"),
        monitoring("<location>.handler.control.monitor.azure.com", "configuration of the agent"),
        monitoring("*.ingest.monitor.azure.com", "data collection endpoint"),
        https(Need::Windows, "go.microsoft.com", "packages of Windows nodes"),
        https(Need::Windows, "onegetcdn.azureedge.net", "packages of Windows nodes"),
        http(Need::Windows, "*.mp.microsoft.com", "components of Windows"),
        http(Need::Windows, "www.msftconnecttest.com", "network probe of Windows"),
        http(Need::Windows, "ctldl.windowsupdate.com", "trusted root certificates"),
        https(Need::Gpu, "nvidia.github.io", "drivers"),
        https(Need::Gpu, "us.download.nvidia.com", "drivers"),
        https(Need::Gpu, "download.docker.com", "drivers"),
    ],
};
