//! API versions of the resource types that templates and scripts write (F6.2).

use super::Table;
use crate::value::Cloud;

/// Type and version, sorted by type. Stable versions where the current shape has one.
pub static API_VERSIONS: Table<(&str, &str)> = Table {
    as_of: "2026-08-20",
    source: "https://learn.microsoft.com/azure/templates/",
    rows: &[
        ("Microsoft.Authorization/roleAssignments", "2022-04-01"),
        ("Microsoft.ContainerService/managedClusters", "2026-05-01"),
        ("Microsoft.ContainerService/managedClusters/agentPools", "2026-05-01"),
        ("Microsoft.Insights/dataCollectionRuleAssociations", "2024-03-11"),
        ("Microsoft.Insights/dataCollectionRules", "2024-03-11"),
        // No stable version carries the current shape.
        ("Microsoft.Insights/diagnosticSettings", "2021-05-01-preview"),
        ("Microsoft.Insights/workbooks", "2023-06-01"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities", "2024-11-30"),
        ("Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies", "2025-07-01"),
        ("Microsoft.Network/applicationGateways", "2025-07-01"),
        ("Microsoft.Network/azureFirewalls", "2025-07-01"),
        ("Microsoft.Network/firewallPolicies", "2025-07-01"),
        ("Microsoft.Network/firewallPolicies/ruleCollectionGroups", "2025-07-01"),
        ("Microsoft.Network/ipGroups", "2025-07-01"),
        ("Microsoft.Network/publicIPAddresses", "2025-07-01"),
        ("Microsoft.Network/publicIPPrefixes", "2025-07-01"),
        ("Microsoft.Network/routeTables", "2025-07-01"),
        ("Microsoft.Network/routeTables/routes", "2025-07-01"),
        ("Microsoft.Network/virtualNetworks", "2025-07-01"),
        ("Microsoft.Network/virtualNetworks/subnets", "2025-07-01"),
        ("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "2025-07-01"),
        ("Microsoft.OperationalInsights/workspaces", "2025-07-01"),
        ("Microsoft.Resources/deployments", "2025-04-01"),
    ],
};

/// Versions of the other clouds, where they differ: these lag behind the public one, so that older ones are safer there.
pub static OTHER_CLOUDS: Table<(&str, &str)> = Table {
    as_of: "2026-08-20",
    source: "https://learn.microsoft.com/azure/templates/",
    rows: &[
        ("Microsoft.ContainerService/managedClusters", "2026-03-01"),
        ("Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies", "2025-03-01"),
        ("Microsoft.Network/applicationGateways", "2025-03-01"),
        ("Microsoft.Network/azureFirewalls", "2025-03-01"),
        ("Microsoft.Network/firewallPolicies", "2025-03-01"),
        ("Microsoft.Network/firewallPolicies/ruleCollectionGroups", "2025-03-01"),
        ("Microsoft.Network/ipGroups", "2025-03-01"),
        ("Microsoft.Network/publicIPAddresses", "2025-03-01"),
        ("Microsoft.Network/publicIPPrefixes", "2025-03-01"),
        ("Microsoft.Network/routeTables", "2025-03-01"),
        ("Microsoft.Network/routeTables/routes", "2025-03-01"),
        ("Microsoft.Network/virtualNetworks", "2025-03-01"),
        ("Microsoft.Network/virtualNetworks/subnets", "2025-03-01"),
        ("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "2025-03-01"),
    ],
};

/// The version of a type in a cloud. A type that is not in the table has none, and no template that names it passes its schema.
pub fn of(resource_type: &str, cloud: Cloud) -> &'static str {
    let other = match cloud {
        Cloud::Public => &[],
        Cloud::UsGov | Cloud::China => OTHER_CLOUDS.rows,
    };
    let mut rows = other.iter().chain(API_VERSIONS.rows);
    rows.find(|(name, _)| *name == resource_type).map_or("", |(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sorted_and_versions_are_dates() {
        assert!(API_VERSIONS.rows.is_sorted_by(|a, b| a.0 < b.0));
        assert!(OTHER_CLOUDS.rows.is_sorted_by(|a, b| a.0 < b.0));
        for (name, version) in OTHER_CLOUDS.rows {
            assert_eq!((of(name, Cloud::UsGov), of(name, Cloud::China)), (*version, *version));
            assert!(*version < of(name, Cloud::Public), "{name}: no older than in the public cloud");
        }
        for (name, version) in API_VERSIONS.rows {
            let day = version.strip_suffix("-preview").unwrap_or(version);
            assert!(crate::value::Date::parse(day).is_some(), "{name}: {version}");
            assert_eq!(of(name, Cloud::Public), *version);
        }
        assert_eq!(of("Microsoft.Network/natGateways", Cloud::Public), "");
    }
}
