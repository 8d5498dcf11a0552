//! Properties of the resources that `[[override]]` may reach into: which of them are left to people, and why others are not.

use super::Table;

/// Whether a property may be added by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// Nothing here depends on it.
    Free,
    /// A key of the profile decides it.
    Decided(&'static str),
    /// No key decides it, and something here relies on it: what.
    Relied(&'static str),
    /// Azure computes it.
    Computed,
    /// Azure takes it when the resource is created and never afterwards.
    AtCreation,
}

use Say::{AtCreation, Computed, Decided, Free, Relied};

/// Kind of resource, path below `properties`, and what holds there and below, sorted. The paths of one name are all that a
/// type has in the version that is written. A longer path is an exception from a shorter one.
pub static OVERRIDABLE: Table<(&str, &str, Say)> = Table {
    as_of: "2026-08-20",
    source: "https://learn.microsoft.com/azure/templates/",
    rows: &[
        ("cluster", "aadProfile", Free),
        ("cluster", "addonProfiles", Decided("cluster.addons")),
        ("cluster", "agentPoolProfiles", Decided("cluster.pools")),
        ("cluster", "aiToolchainOperatorProfile", Free),
        ("cluster", "apiServerAccessProfile", Decided("cluster.api-server")),
        ("cluster", "autoScalerProfile", Free),
        ("cluster", "autoUpgradeProfile", Free),
        ("cluster", "azureMonitorProfile", Free),
        ("cluster", "azurePortalFQDN", Computed),
        ("cluster", "bootstrapProfile", Relied("it decides which endpoints the nodes need")),
        ("cluster", "currentKubernetesVersion", Computed),
        ("cluster", "disableLocalAccounts", Free),
        ("cluster", "diskEncryptionSetID", AtCreation),
        ("cluster", "dnsPrefix", Decided("cluster.name")),
        ("cluster", "enableRBAC", Relied("the cluster is always made with it")),
        ("cluster", "fqdn", Computed),
        ("cluster", "fqdnSubdomain", Relied("how the API server is reached decides routes and rules")),
        ("cluster", "hostedSystemProfile", Relied("it decides where nodes stand")),
        ("cluster", "httpProxyConfig", Relied("a proxy would be another way out than the one that the rules describe")),
        ("cluster", "identityProfile", Relied("roles are given to the identity that the profile names")),
        ("cluster", "ingressProfile", Relied("it opens the cluster to the internet past the firewall")),
        ("cluster", "kubernetesVersion", Decided("cluster.kubernetes-version")),
        ("cluster", "linuxProfile", AtCreation),
        ("cluster", "maxAgentPools", Computed),
        ("cluster", "metricsProfile", Decided("cluster.addons")),
        (
            "cluster",
            "networkProfile",
            Relied("`cni` and the ranges of `[cluster]` decide routes, sources of rules and sizes of subnets"),
        ),
        ("cluster", "nodeProvisioningProfile", Relied("the number of nodes decides the size of the subnet")),
        ("cluster", "nodeResourceGroup", AtCreation),
        ("cluster", "nodeResourceGroupProfile", Free),
        ("cluster", "oidcIssuerProfile", Decided("cluster.addons")),
        ("cluster", "podIdentityProfile", Free),
        ("cluster", "powerState", Computed),
        ("cluster", "privateFQDN", Computed),
        ("cluster", "privateLinkResources", Relied("how the API server is reached decides routes and rules")),
        ("cluster", "provisioningState", Computed),
        ("cluster", "publicNetworkAccess", Decided("cluster.api-server")),
        ("cluster", "resourceUID", Computed),
        ("cluster", "schedulerProfile", Free),
        ("cluster", "securityProfile", Free),
        ("cluster", "securityProfile/defender", Decided("cluster.addons")),
        ("cluster", "securityProfile/workloadIdentity", Decided("cluster.addons")),
        ("cluster", "serviceMeshProfile", Decided("cluster.addons")),
        ("cluster", "servicePrincipalProfile", Decided("cluster.identity")),
        ("cluster", "status", Computed),
        ("cluster", "storageProfile", Free),
        ("cluster", "supportPlan", Free),
        ("cluster", "upgradeSettings", Free),
        ("cluster", "windowsProfile", Free),
        ("cluster", "windowsProfile/adminUsername", AtCreation),
        ("cluster", "workloadAutoScalerProfile", Free),
        ("firewall", "additionalProperties", Free),
        ("firewall", "additionalProperties/Network.DNS.EnableProxy", Decided("firewall.dns-proxy")),
        ("firewall", "additionalProperties/Network.DNS.Servers", Decided("network.dns-servers")),
        ("firewall", "additionalProperties/Network.SNAT.PrivateRanges", Decided("firewall.private-ranges")),
        ("firewall", "afcConfiguration", Computed),
        ("firewall", "applicationRuleCollections", Decided("egress.collections")),
        ("firewall", "autoscaleConfiguration", Free),
        ("firewall", "firewallPolicy", Decided("firewall.rules")),
        ("firewall", "hubIPAddresses", Relied("the firewall stands in the network of the profile")),
        ("firewall", "ipConfigurations", Decided("firewall.public-ips")),
        ("firewall", "ipGroups", Computed),
        ("firewall", "managementIpConfiguration", Decided("firewall.forced-tunnel")),
        ("firewall", "natRuleCollections", Decided("inbound")),
        ("firewall", "networkRuleCollections", Decided("egress.collections")),
        ("firewall", "provisioningState", Computed),
        ("firewall", "sku", Decided("firewall.tier")),
        ("firewall", "threatIntelMode", Decided("firewall.threat-intel")),
        ("firewall", "virtualHub", Relied("the firewall stands in the network of the profile")),
        ("firewall-policy", "basePolicy", Decided("firewall.parent-policy")),
        ("firewall-policy", "childPolicies", Computed),
        ("firewall-policy", "dnsSettings", Decided("firewall.dns-proxy")),
        (
            "firewall-policy",
            "explicitProxy",
            Relied("a proxy would be another way out than the one that the rules describe"),
        ),
        ("firewall-policy", "firewalls", Computed),
        ("firewall-policy", "insights", Free),
        ("firewall-policy", "intrusionDetection", Free),
        ("firewall-policy", "intrusionDetection/mode", Decided("firewall.idps")),
        ("firewall-policy", "provisioningState", Computed),
        ("firewall-policy", "ruleCollectionGroups", Computed),
        ("firewall-policy", "size", Computed),
        ("firewall-policy", "sku", Decided("firewall.tier")),
        ("firewall-policy", "snat", Free),
        ("firewall-policy", "snat/privateRanges", Decided("firewall.private-ranges")),
        ("firewall-policy", "sql", Free),
        ("firewall-policy", "threatIntelMode", Decided("firewall.threat-intel")),
        ("firewall-policy", "threatIntelWhitelist", Free),
        ("firewall-policy", "transportSecurity", Decided("firewall.tls-inspection")),
        ("network", "addressSpace", Decided("network.address-space")),
        ("network", "bgpCommunities", Free),
        ("network", "ddosProtectionPlan", Free),
        ("network", "defaultPublicNatGateway", Computed),
        ("network", "dhcpOptions", Decided("network.dns-servers")),
        ("network", "enableDdosProtection", Free),
        ("network", "enableVmProtection", Free),
        ("network", "encryption", Free),
        ("network", "flowLogs", Computed),
        ("network", "flowTimeoutInMinutes", Free),
        ("network", "ipAllocations", Relied("the addresses of the network are those of the profile")),
        ("network", "privateEndpointVNetPolicies", Free),
        ("network", "provisioningState", Computed),
        ("network", "resourceGuid", Computed),
        ("network", "subnets", Decided("network.subnets")),
        ("network", "summarizedGatewayPrefixes", Relied("the addresses of the network are those of the profile")),
        ("network", "virtualNetworkPeerings", Relied("a peered network has addresses and routes of its own")),
        ("node-pool", "artifactStreamingProfile", Free),
        ("node-pool", "availabilityZones", Decided("zones")),
        ("node-pool", "capacityReservationGroupID", AtCreation),
        ("node-pool", "count", Decided("nodes")),
        ("node-pool", "creationData", AtCreation),
        ("node-pool", "currentOrchestratorVersion", Computed),
        ("node-pool", "eTag", Computed),
        ("node-pool", "enableAutoScaling", Decided("nodes")),
        ("node-pool", "enableEncryptionAtHost", AtCreation),
        ("node-pool", "enableFIPS", Free),
        (
            "node-pool",
            "enableNodePublicIP",
            Relied("nodes have no public address: their traffic leaves through the firewall"),
        ),
        ("node-pool", "enableUltraSSD", AtCreation),
        ("node-pool", "gatewayProfile", AtCreation),
        ("node-pool", "gpuInstanceProfile", AtCreation),
        ("node-pool", "gpuProfile", Decided("gpu")),
        ("node-pool", "hostGroupID", AtCreation),
        ("node-pool", "kubeletConfig", AtCreation),
        ("node-pool", "kubeletDiskType", AtCreation),
        ("node-pool", "linuxOSConfig", AtCreation),
        ("node-pool", "localDNSProfile", Free),
        ("node-pool", "maxCount", Decided("nodes")),
        ("node-pool", "maxPods", Decided("pods-per-node")),
        ("node-pool", "messageOfTheDay", AtCreation),
        ("node-pool", "minCount", Decided("nodes")),
        ("node-pool", "mode", Decided("mode")),
        (
            "node-pool",
            "networkProfile",
            Relied("nodes have no public address: their traffic leaves through the firewall"),
        ),
        ("node-pool", "nodeImageVersion", Computed),
        ("node-pool", "nodeLabels", Free),
        (
            "node-pool",
            "nodePublicIPPrefixID",
            Relied("nodes have no public address: their traffic leaves through the firewall"),
        ),
        ("node-pool", "nodeTaints", Free),
        ("node-pool", "orchestratorVersion", Free),
        ("node-pool", "osDiskSizeGB", AtCreation),
        ("node-pool", "osDiskType", AtCreation),
        ("node-pool", "osSKU", Free),
        ("node-pool", "osType", Decided("os")),
        ("node-pool", "podIPAllocationMode", Relied("how pods get their addresses decides the size of subnets")),
        ("node-pool", "podSubnetID", Decided("network.subnets")),
        ("node-pool", "powerState", Free),
        ("node-pool", "provisioningState", Computed),
        ("node-pool", "proximityPlacementGroupID", AtCreation),
        ("node-pool", "scaleDownMode", Free),
        ("node-pool", "scaleSetEvictionPolicy", Decided("spot")),
        ("node-pool", "scaleSetPriority", Decided("spot")),
        ("node-pool", "securityProfile", Free),
        ("node-pool", "spotMaxPrice", Decided("spot")),
        ("node-pool", "status", Computed),
        ("node-pool", "tags", Free),
        ("node-pool", "type", Relied("every pool is a scale set")),
        ("node-pool", "upgradeSettings", Free),
        ("node-pool", "upgradeSettings/maxSurge", Decided("max-surge")),
        ("node-pool", "virtualMachineNodesStatus", Computed),
        ("node-pool", "virtualMachinesProfile", Decided("nodes")),
        ("node-pool", "vmSize", Decided("node-size")),
        ("node-pool", "vnetSubnetID", Decided("network.subnets")),
        ("node-pool", "windowsProfile", AtCreation),
        ("node-pool", "workloadRuntime", AtCreation),
        ("subnet", "addressPrefix", Decided("network.subnets")),
        ("subnet", "addressPrefixes", Decided("network.subnets")),
        ("subnet", "applicationGatewayIPConfigurations", Relied("a gateway names its subnet, not the other way round")),
        ("subnet", "defaultOutboundAccess", Relied("a subnet has no other way out than the firewall")),
        ("subnet", "delegations", Relied("what a subnet is for decides its delegation")),
        ("subnet", "ipAllocations", Relied("the addresses of the network are those of the profile")),
        ("subnet", "ipConfigurationProfiles", Computed),
        ("subnet", "ipConfigurations", Computed),
        ("subnet", "ipamPoolPrefixAllocations", Relied("the addresses of the network are those of the profile")),
        ("subnet", "natGateway", Relied("a NAT gateway would be another way out than the firewall")),
        ("subnet", "networkSecurityGroup", Free),
        ("subnet", "privateEndpointNetworkPolicies", Free),
        ("subnet", "privateEndpoints", Computed),
        ("subnet", "privateLinkServiceNetworkPolicies", Free),
        ("subnet", "provisioningState", Computed),
        ("subnet", "purpose", Computed),
        ("subnet", "resourceNavigationLinks", Computed),
        ("subnet", "routeTable", Relied("the route to the firewall stands in it")),
        ("subnet", "serviceAssociationLinks", Computed),
        ("subnet", "serviceEndpointPolicies", Free),
        ("subnet", "serviceEndpoints", Decided("network.subnets")),
        ("subnet", "serviceGateway", Relied("it would be another way out than the firewall")),
        ("subnet", "sharingScope", Free),
        ("workspace", "createdDate", Computed),
        ("workspace", "customerId", Computed),
        ("workspace", "defaultDataCollectionRuleResourceId", Free),
        ("workspace", "failover", Free),
        ("workspace", "features", Free),
        ("workspace", "forceCmkForQuery", Free),
        ("workspace", "modifiedDate", Computed),
        ("workspace", "privateLinkScopedResources", Computed),
        ("workspace", "provisioningState", Computed),
        ("workspace", "publicNetworkAccessForIngestion", Free),
        ("workspace", "publicNetworkAccessForQuery", Free),
        ("workspace", "replication", Free),
        ("workspace", "retentionInDays", Decided("logs.retention-days")),
        ("workspace", "sku", Relied("a workspace that is created pays by the gigabyte")),
        ("workspace", "workspaceCapping", Free),
    ],
};

/// The names that a kind of resource has right below `properties`.
pub fn names(kind: &str) -> impl Iterator<Item = &'static str> + Clone {
    of(kind).map(|(path, _)| path).filter(|path| !path.contains('/'))
}

/// What holds for a value at `path`, and for which part of it. `None` when the type has no such property.
pub fn say(kind: &str, path: &[&str]) -> Option<(&'static str, Say)> {
    let first = path.first()?;
    if !names(kind).any(|name| name == *first) {
        return None;
    }
    // What is deeper than the value is replaced by it.
    let below = of(kind).find(|(row, say)| *say != Free && leads(path, row).is_some_and(|more| more > 0));
    let around = of(kind).filter(|(row, _)| leads_back(row, path)).max_by_key(|(row, _)| row.len());
    below.or(around)
}

fn of(kind: &str) -> impl Iterator<Item = (&'static str, Say)> + Clone {
    OVERRIDABLE.rows.iter().filter(move |(other, ..)| *other == kind).map(|(_, path, say)| (*path, *say))
}

/// How many steps `row` goes on behind `path`, when it begins with it.
fn leads(path: &[&str], row: &str) -> Option<usize> {
    let parts: Vec<&str> = row.split('/').collect();
    let same = parts.len() >= path.len() && parts.iter().zip(path).all(|(a, b)| a.eq_ignore_ascii_case(b));
    same.then(|| parts.len() - path.len())
}

/// Whether `path` begins with `row`.
fn leads_back(row: &str, path: &[&str]) -> bool {
    let parts: Vec<&str> = row.split('/').collect();
    parts.len() <= path.len() && parts.iter().zip(path).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_exceptions_have_a_rule() {
        let key = |row: &(&'static str, &'static str, Say)| (row.0, row.1);
        assert!(OVERRIDABLE.rows.is_sorted_by(|a, b| key(a) < key(b)));
        for (kind, path, say) in OVERRIDABLE.rows {
            if let Some((first, _)) = path.split_once('/') {
                assert!(OVERRIDABLE.rows.iter().any(|row| row.0 == *kind && row.1 == first && row.2 == Free), "{path}");
                assert_ne!(*say, Free, "{kind} {path}");
            }
        }
    }

    #[test]
    fn the_most_exact_row_counts() {
        for (path, expected) in [
            (&["securityProfile", "imageCleaner", "enabled"][..], Some(Free)),
            (&["securityProfile", "DEFENDER", "x"], Some(Decided("cluster.addons"))),
            (&["securityProfile"], Some(Decided("cluster.addons"))),
            (&["fqdn"], Some(Computed)),
            (&["autoUpgradeProfil"], None),
            (&[], None),
        ] {
            assert_eq!(say("cluster", path).map(|(_, say)| say), expected, "{path:?}");
        }
    }
}
