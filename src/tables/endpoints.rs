//! What a cluster must reach, row by row, for the check that some rule allows it (F1.2, F1.7).

use super::Table;
use crate::value::{AppProtocol, Cloud};

/// What makes a row necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Every cluster.
    Base,
    /// A cluster whose nodes reach the API server through the firewall.
    ApiServer,
    /// Container Insights.
    Monitoring,
    /// Azure Policy.
    AzurePolicy,
    /// Defender for Containers.
    Defender,
    /// Secrets of vaults as volumes.
    KeyVaultSecrets,
    /// Tokens of Microsoft Entra for pods.
    WorkloadIdentity,
    /// GitOps.
    Flux,
    /// Costs by namespace.
    CostAnalysis,
    /// Certificates of the service mesh.
    Istio,
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
    /// Where: the one cloud, or every one.
    pub cloud: Option<Cloud>,
    /// Whether the FQDN tag `AzureKubernetesService` covers it.
    pub in_aks_tag: bool,
    /// Service tags whose addresses serve it.
    pub service_tags: &'static [&'static str],
}

const fn base(host: &'static str, purpose: &'static str, service_tags: &'static [&'static str]) -> Endpoint {
    Endpoint { in_aks_tag: true, service_tags, ..https(Need::Base, host, purpose) }.of(Cloud::Public)
}

impl Endpoint {
    const fn tagged(self, service_tags: &'static [&'static str]) -> Endpoint {
        Endpoint { service_tags, ..self }
    }
}

const fn in_tag(need: Need, host: &'static str, purpose: &'static str) -> Endpoint {
    Endpoint { in_aks_tag: true, ..https(need, host, purpose) }
}

const fn https(need: Need, host: &'static str, purpose: &'static str) -> Endpoint {
    Endpoint {
        host,
        protocol: AppProtocol::Https,
        port: 443,
        purpose,
        need,
        cloud: None,
        in_aks_tag: false,
        service_tags: &[],
    }
}

const fn http(need: Need, host: &'static str, purpose: &'static str) -> Endpoint {
    Endpoint { protocol: AppProtocol::Http, port: 80, ..https(need, host, purpose) }
}

const fn monitoring(host: &'static str, purpose: &'static str) -> Endpoint {
    Endpoint { service_tags: &["AzureMonitor"], ..https(Need::Monitoring, host, purpose) }.of(Cloud::Public)
}

impl Endpoint {
    const fn everywhere(self) -> Self {
        Endpoint { cloud: None, ..self }
    }

    const fn of(self, cloud: Cloud) -> Self {
        Endpoint { cloud: Some(cloud), ..self }
    }
}

/// Required rows. `acs-mirror.azureedge.net` is left out: `packages.aks.azure.com` replaces it.
pub static REQUIRED: Table<Endpoint> = Table {
    as_of: "2026-06-18",
    source: "https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
    rows: &[
        in_tag(Need::ApiServer, "*.hcp.<location>.azmk8s.io", "the API server")
            .tagged(&["AzureCloud"])
            .of(Cloud::Public),
        base("mcr.microsoft.com", "images of AKS", &["MicrosoftContainerRegistry", "AzureCloud"]).everywhere(),
        base("*.data.mcr.microsoft.com", "layers of those images", &["AzureFrontDoor.FirstParty", "AzureCloud"])
            .everywhere(),
        base("mcr-0001.mcr-msedge.net", "layers of those images", &["AzureFrontDoor.FirstParty", "AzureCloud"]),
        base("management.azure.com", "the Azure API", &["AzureResourceManager", "AzureCloud"]),
        base("login.microsoftonline.com", "sign-in", &["AzureActiveDirectory", "AzureCloud"]),
        base("packages.microsoft.com", "packages of the node's system", &[]).everywhere(),
        base("packages.aks.azure.com", "binaries of Kubernetes and CNI", &[]),
        base("*.hcp.<location>.cx.aks.containerservice.azure.us", "the API server", &["AzureCloud"]).of(Cloud::UsGov),
        base("management.usgovcloudapi.net", "the Azure API", &["AzureResourceManager", "AzureCloud"]).of(Cloud::UsGov),
        base("login.microsoftonline.us", "sign-in", &["AzureActiveDirectory", "AzureCloud"]).of(Cloud::UsGov),
        base("packages.aks.azure.com", "binaries of Kubernetes and CNI", &[]).of(Cloud::UsGov),
        base("*.hcp.<location>.cx.prod.service.azk8s.cn", "the API server", &["AzureCloud"]).of(Cloud::China),
        base("*.tun.<location>.cx.prod.service.azk8s.cn", "the tunnel to the API server", &["AzureCloud"])
            .of(Cloud::China),
        base("mcr.azure.cn", "images of AKS, cached", &["AzureCloud"]).of(Cloud::China),
        base("*.data.mcr.azure.cn", "layers of those images", &["AzureCloud"]).of(Cloud::China),
        base("management.chinacloudapi.cn", "the Azure API", &["AzureResourceManager", "AzureCloud"]).of(Cloud::China),
        base("login.chinacloudapi.cn", "sign-in", &["AzureActiveDirectory", "AzureCloud"]).of(Cloud::China),
        base("*.azk8s.cn", "binaries of Kubernetes and CNI", &["AzureCloud"]).of(Cloud::China),
        monitoring("*.ods.opinsights.azure.us", "log data").of(Cloud::UsGov),
        monitoring("*.oms.opinsights.azure.us", "onboarding of the agent").of(Cloud::UsGov),
        monitoring("global.handler.control.monitor.azure.us", "configuration of the agent").of(Cloud::UsGov),
        monitoring("<location>.handler.control.monitor.azure.us", "configuration of the agent").of(Cloud::UsGov),
        monitoring("*.ingest.monitor.azure.us", "data collection endpoint").of(Cloud::UsGov),
        monitoring("*.ods.opinsights.azure.cn", "log data").of(Cloud::China),
        monitoring("*.oms.opinsights.azure.cn", "onboarding of the agent").of(Cloud::China),
        monitoring("global.handler.control.monitor.azure.cn", "configuration of the agent").of(Cloud::China),
        monitoring("<location>.handler.control.monitor.azure.cn", "configuration of the agent").of(Cloud::China),
        monitoring("*.ingest.monitor.azure.cn", "data collection endpoint").of(Cloud::China),
        monitoring("*.ods.opinsights.azure.com", "log data"),
        monitoring("*.oms.opinsights.azure.com", "onboarding of the agent"),
        monitoring("dc.services.visualstudio.com", "telemetry of the agent").everywhere(),
        monitoring("*.monitoring.azure.com", "metrics"),
        monitoring("global.handler.control.monitor.azure.com", "configuration of the agent"),
        monitoring("<location>.handler.control.monitor.azure.com", "configuration of the agent"),
        monitoring("*.ingest.monitor.azure.com", "data collection endpoint"),
        https(Need::AzurePolicy, "data.policy.core.windows.net", "policies").of(Cloud::Public),
        https(Need::AzurePolicy, "store.policy.core.windows.net", "policies").of(Cloud::Public),
        https(Need::AzurePolicy, "data.policy.azure.us", "policies").of(Cloud::UsGov),
        https(Need::AzurePolicy, "store.policy.azure.us", "policies").of(Cloud::UsGov),
        https(Need::AzurePolicy, "data.policy.azure.cn", "policies").of(Cloud::China),
        https(Need::AzurePolicy, "store.policy.azure.cn", "policies").of(Cloud::China),
        https(Need::AzurePolicy, "dc.services.visualstudio.com", "telemetry")
            .tagged(&["AzureMonitor"])
            .of(Cloud::Public),
        https(Need::Defender, "*.cloud.defender.microsoft.com", "the service").of(Cloud::Public),
        in_tag(Need::Defender, "login.microsoftonline.com", "sign-in")
            .tagged(&["AzureActiveDirectory"])
            .of(Cloud::Public),
        https(Need::Defender, "*.ods.opinsights.azure.com", "what the sensor sees")
            .tagged(&["AzureMonitor"])
            .of(Cloud::Public),
        https(Need::Defender, "*.oms.opinsights.azure.com", "onboarding of the sensor")
            .tagged(&["AzureMonitor"])
            .of(Cloud::Public),
        in_tag(Need::Defender, "login.microsoftonline.us", "sign-in")
            .tagged(&["AzureActiveDirectory"])
            .of(Cloud::UsGov),
        https(Need::Defender, "*.ods.opinsights.azure.us", "what the sensor sees")
            .tagged(&["AzureMonitor"])
            .of(Cloud::UsGov),
        https(Need::Defender, "*.oms.opinsights.azure.us", "onboarding of the sensor")
            .tagged(&["AzureMonitor"])
            .of(Cloud::UsGov),
        https(Need::KeyVaultSecrets, "*.vault.azure.net", "vaults").tagged(&["AzureKeyVault"]).of(Cloud::Public),
        https(Need::KeyVaultSecrets, "*.vault.usgovcloudapi.net", "vaults").tagged(&["AzureKeyVault"]).of(Cloud::UsGov),
        https(Need::KeyVaultSecrets, "*.vault.azure.cn", "vaults").tagged(&["AzureKeyVault"]).of(Cloud::China),
        https(Need::Istio, "*.vault.azure.net", "certificates").tagged(&["AzureKeyVault"]).of(Cloud::Public),
        https(Need::Istio, "*.vault.usgovcloudapi.net", "certificates").tagged(&["AzureKeyVault"]).of(Cloud::UsGov),
        https(Need::Istio, "*.vault.azure.cn", "certificates").tagged(&["AzureKeyVault"]).of(Cloud::China),
        in_tag(Need::WorkloadIdentity, "login.microsoftonline.com", "sign-in")
            .tagged(&["AzureActiveDirectory"])
            .of(Cloud::Public),
        in_tag(Need::WorkloadIdentity, "login.microsoftonline.us", "sign-in")
            .tagged(&["AzureActiveDirectory"])
            .of(Cloud::UsGov),
        in_tag(Need::WorkloadIdentity, "login.chinacloudapi.cn", "sign-in")
            .tagged(&["AzureActiveDirectory"])
            .of(Cloud::China),
        in_tag(Need::CostAnalysis, "login.microsoftonline.com", "sign-in")
            .tagged(&["AzureActiveDirectory"])
            .of(Cloud::Public),
        in_tag(Need::CostAnalysis, "login.microsoftonline.us", "sign-in")
            .tagged(&["AzureActiveDirectory"])
            .of(Cloud::UsGov),
        in_tag(Need::CostAnalysis, "login.chinacloudapi.cn", "sign-in")
            .tagged(&["AzureActiveDirectory"])
            .of(Cloud::China),
        in_tag(Need::CostAnalysis, "management.azure.com", "prices and usage")
            .tagged(&["AzureResourceManager"])
            .of(Cloud::Public),
        in_tag(Need::CostAnalysis, "management.usgovcloudapi.net", "prices and usage")
            .tagged(&["AzureResourceManager"])
            .of(Cloud::UsGov),
        in_tag(Need::CostAnalysis, "management.chinacloudapi.cn", "prices and usage")
            .tagged(&["AzureResourceManager"])
            .of(Cloud::China),
        https(Need::Flux, "<location>.dp.kubernetesconfiguration.azure.com", "configurations").of(Cloud::Public),
        https(Need::Flux, "<location>.dp.kubernetesconfiguration.azure.us", "configurations").of(Cloud::UsGov),
        in_tag(Need::Flux, "mcr.microsoft.com", "images").tagged(&["MicrosoftContainerRegistry"]),
        in_tag(Need::Flux, "*.data.mcr.microsoft.com", "images").tagged(&["AzureFrontDoor.FirstParty"]),
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

/// Services that have endpoints for subnets, sorted.
pub static SERVICE_ENDPOINTS: Table<&str> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
    rows: &[
        "Microsoft.AzureActiveDirectory",
        "Microsoft.AzureCosmosDB",
        "Microsoft.CognitiveServices",
        "Microsoft.ContainerRegistry",
        "Microsoft.EventHub",
        "Microsoft.KeyVault",
        "Microsoft.ServiceBus",
        "Microsoft.Sql",
        "Microsoft.Storage",
        "Microsoft.Storage.Global",
        "Microsoft.Web",
    ],
};
