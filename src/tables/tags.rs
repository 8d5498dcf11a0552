//! Service tags and FQDN tags: what exists, what the firewall takes, what has a regional form (F2.6, F7.2).

use super::Table;

/// Where a service tag can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagScope {
    /// Has a regional form, such as `Storage.westeurope`.
    Regional,
    /// Exists for all regions together only.
    Global,
    /// Exists; whether it has a regional form is not recorded here, so that nothing is said about it.
    Undocumented,
    /// For network security groups only: the firewall refuses it.
    Unusable,
}

/// One service tag.
#[derive(Debug, Clone, Copy)]
pub struct ServiceTag {
    /// Its name; the firewall does not mind case.
    pub name: &'static str,
    /// Where it can be used.
    pub scope: TagScope,
}

/// Service tags, sorted by name without regard to case. Azure adds some every year: an unknown one is not an error.
pub static SERVICE_TAGS: Table<ServiceTag> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
    rows: &[
        ServiceTag { name: "ActionGroup", scope: TagScope::Undocumented },
        ServiceTag { name: "ApiManagement", scope: TagScope::Undocumented },
        ServiceTag { name: "AppConfiguration", scope: TagScope::Undocumented },
        ServiceTag { name: "ApplicationInsightsAvailability", scope: TagScope::Undocumented },
        ServiceTag { name: "AppService", scope: TagScope::Regional },
        ServiceTag { name: "AppServiceManagement", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureActiveDirectory", scope: TagScope::Global },
        ServiceTag { name: "AzureActiveDirectoryDomainServices", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureAdvancedThreatProtection", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureArcInfrastructure", scope: TagScope::Global },
        ServiceTag { name: "AzureAttestation", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureBackup", scope: TagScope::Global },
        ServiceTag { name: "AzureBotService", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureCloud", scope: TagScope::Regional },
        ServiceTag { name: "AzureCognitiveSearch", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureConnectors", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureContainerAppsService", scope: TagScope::Unusable },
        ServiceTag { name: "AzureContainerRegistry", scope: TagScope::Regional },
        ServiceTag { name: "AzureCosmosDB", scope: TagScope::Regional },
        ServiceTag { name: "AzureDatabricks", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureDataExplorerManagement", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureDeviceUpdate", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureDevOps", scope: TagScope::Regional },
        ServiceTag { name: "AzureDigitalTwins", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureEventGrid", scope: TagScope::Global },
        ServiceTag { name: "AzureFrontDoor.Backend", scope: TagScope::Regional },
        ServiceTag { name: "AzureFrontDoor.FirstParty", scope: TagScope::Regional },
        ServiceTag { name: "AzureFrontDoor.Frontend", scope: TagScope::Regional },
        ServiceTag { name: "AzureFrontDoor.MicrosoftSecurity", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureHealthcareAPIs", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureInformationProtection", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureIoTHub", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureKeyVault", scope: TagScope::Regional },
        ServiceTag { name: "AzureLoadBalancer", scope: TagScope::Unusable },
        ServiceTag { name: "AzureMachineLearning", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureMachineLearningInference", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureManagedGrafana", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureMonitor", scope: TagScope::Global },
        ServiceTag { name: "AzureOpenDatasets", scope: TagScope::Undocumented },
        ServiceTag { name: "AzurePlatformDNS", scope: TagScope::Unusable },
        ServiceTag { name: "AzurePlatformIMDS", scope: TagScope::Unusable },
        ServiceTag { name: "AzurePlatformLKM", scope: TagScope::Unusable },
        ServiceTag { name: "AzureResourceManager", scope: TagScope::Global },
        ServiceTag { name: "AzureSentinel", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureSignalR", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureSiteRecovery", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureSphere", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureSpringCloud", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureStack", scope: TagScope::Undocumented },
        ServiceTag { name: "AzureTrafficManager", scope: TagScope::Global },
        ServiceTag { name: "AzureUpdateDelivery", scope: TagScope::Global },
        ServiceTag { name: "AzureWebPubSub", scope: TagScope::Undocumented },
        ServiceTag { name: "BatchNodeManagement", scope: TagScope::Regional },
        ServiceTag { name: "ChaosStudio", scope: TagScope::Undocumented },
        ServiceTag { name: "CognitiveServicesFrontend", scope: TagScope::Undocumented },
        ServiceTag { name: "CognitiveServicesManagement", scope: TagScope::Undocumented },
        ServiceTag { name: "DataFactory", scope: TagScope::Regional },
        ServiceTag { name: "DataFactoryManagement", scope: TagScope::Undocumented },
        ServiceTag { name: "Dynamics365BusinessCentral", scope: TagScope::Undocumented },
        ServiceTag { name: "EOPExternalPublishedIPs", scope: TagScope::Undocumented },
        ServiceTag { name: "EventHub", scope: TagScope::Regional },
        ServiceTag { name: "GatewayManager", scope: TagScope::Unusable },
        ServiceTag { name: "GuestAndHybridManagement", scope: TagScope::Global },
        ServiceTag { name: "HDInsight", scope: TagScope::Undocumented },
        ServiceTag { name: "Internet", scope: TagScope::Unusable },
        ServiceTag { name: "KustoAnalytics", scope: TagScope::Unusable },
        ServiceTag { name: "LogicApps", scope: TagScope::Undocumented },
        ServiceTag { name: "LogicAppsManagement", scope: TagScope::Undocumented },
        ServiceTag { name: "M365ManagementActivityApi", scope: TagScope::Undocumented },
        ServiceTag { name: "MicrosoftAzureFluidRelay", scope: TagScope::Undocumented },
        ServiceTag { name: "MicrosoftCloudAppSecurity", scope: TagScope::Global },
        ServiceTag { name: "MicrosoftContainerRegistry", scope: TagScope::Regional },
        ServiceTag { name: "MicrosoftDefenderForEndpoint", scope: TagScope::Global },
        ServiceTag { name: "MicrosoftPurviewPolicyDistribution", scope: TagScope::Unusable },
        ServiceTag { name: "OneDsCollector", scope: TagScope::Undocumented },
        ServiceTag { name: "PowerBI", scope: TagScope::Undocumented },
        ServiceTag { name: "PowerPlatformInfra", scope: TagScope::Undocumented },
        ServiceTag { name: "PowerPlatformPlex", scope: TagScope::Undocumented },
        ServiceTag { name: "PowerQueryOnline", scope: TagScope::Undocumented },
        ServiceTag { name: "SerialConsole", scope: TagScope::Undocumented },
        ServiceTag { name: "ServiceBus", scope: TagScope::Regional },
        ServiceTag { name: "ServiceFabric", scope: TagScope::Undocumented },
        ServiceTag { name: "Sql", scope: TagScope::Regional },
        ServiceTag { name: "SqlManagement", scope: TagScope::Undocumented },
        ServiceTag { name: "Storage", scope: TagScope::Regional },
        ServiceTag { name: "StorageMover", scope: TagScope::Undocumented },
        ServiceTag { name: "StorageSyncService", scope: TagScope::Undocumented },
        ServiceTag { name: "VideoIndexer", scope: TagScope::Undocumented },
        ServiceTag { name: "VirtualNetwork", scope: TagScope::Unusable },
        ServiceTag { name: "WindowsAdminCenter", scope: TagScope::Undocumented },
        ServiceTag { name: "WindowsVirtualDesktop", scope: TagScope::Undocumented },
    ],
};

/// FQDN tags. `Office365.` has many sub-tags and is matched by its beginning.
pub static FQDN_TAGS: Table<&str> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/firewall/fqdn-tags",
    rows: &[
        "AppServiceEnvironment",
        "AzureBackup",
        "AzureHDInsight",
        "AzureKubernetesService",
        "citrixHdxPlusForWindows365",
        "MicrosoftActiveProtectionService",
        "MicrosoftIntune",
        "Office365",
        "Windows365",
        "WindowsDiagnostics",
        "WindowsUpdate",
        "WindowsVirtualDesktop",
    ],
};

/// Tags that serve little without others: the tag, the one it needs as well, and why.
pub static TAG_NEEDS: Table<(&str, &str, &str)> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
    rows: &[
        ("AzureContainerRegistry", "Storage", "the layers of images come from storage accounts"),
        ("MicrosoftContainerRegistry", "AzureFrontDoor.FirstParty", "the layers of images come through Front Door"),
    ],
};

/// Tags that hold the addresses of every customer's machines.
pub static WIDE_TAGS: Table<&str> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
    rows: &["AzureCloud"],
};

/// A written service tag, taken apart.
#[derive(Debug, Clone, Copy)]
pub struct WrittenTag<'a> {
    /// The tag, if it is known.
    pub tag: Option<&'static ServiceTag>,
    /// The name without the region; as written.
    pub name: &'a str,
    /// What follows the name after a dot; may be empty.
    pub region: Option<&'a str>,
}

/// Takes `Storage.westeurope` apart. Names with a dot of their own, such as `AzureFrontDoor.FirstParty`, stay whole.
pub fn take_apart(written: &str) -> WrittenTag<'_> {
    let known = |name: &str| SERVICE_TAGS.rows.iter().find(|t| t.name.eq_ignore_ascii_case(name));
    if let Some(tag) = known(written) {
        return WrittenTag { tag: Some(tag), name: written, region: None };
    }
    match written.rsplit_once('.') {
        Some((name, region)) => WrittenTag { tag: known(name), name, region: Some(region) },
        None => WrittenTag { tag: None, name: written, region: None },
    }
}

/// Whether an FQDN tag is known, in any case.
pub fn is_fqdn_tag(written: &str) -> bool {
    let family = written.split_once('.').is_some_and(|(head, rest)| head == "Office365" && !rest.is_empty());
    family || FQDN_TAGS.rows.iter().any(|t| t.eq_ignore_ascii_case(written))
}
