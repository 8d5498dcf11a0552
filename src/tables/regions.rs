//! Azure regions: names, zones, access, and how the service-tag file spells them (F7.1).

use super::Table;
use crate::value::Cloud;

/// One region of the public cloud.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// Programmatic name, lower case without blanks.
    pub name: &'static str,
    /// As the portal shows it.
    pub display: &'static str,
    /// Whether it has three availability zones.
    pub zones: bool,
    /// Whether a subscription needs approval to use it.
    pub restricted: bool,
    /// Its spelling in the downloadable service-tag file, where that differs.
    pub tag_spelling: Option<&'static str>,
    /// Zones in which Azure Firewall has no capacity at times.
    pub blocked_zones: &'static [u8],
}

impl Region {
    const fn restricted(self) -> Self {
        Region { restricted: true, ..self }
    }

    const fn tagged(self, spelling: &'static str) -> Self {
        Region { tag_spelling: Some(spelling), ..self }
    }

    const fn blocked(self, zones: &'static [u8]) -> Self {
        Region { blocked_zones: zones, ..self }
    }
}

const fn zoned(name: &'static str, display: &'static str) -> Region {
    Region { name, display, zones: true, restricted: false, tag_spelling: None, blocked_zones: &[] }
}

const fn flat(name: &'static str, display: &'static str) -> Region {
    Region { zones: false, ..zoned(name, display) }
}

/// Production regions of the public cloud, sorted by name.
pub static REGIONS: Table<Region> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/reliability/regions-list",
    rows: &[
        flat("australiacentral", "Australia Central"),
        flat("australiacentral2", "Australia Central 2").restricted(),
        zoned("australiaeast", "Australia East"),
        flat("australiasoutheast", "Australia Southeast"),
        zoned("austriaeast", "Austria East"),
        zoned("belgiumcentral", "Belgium Central"),
        zoned("brazilsouth", "Brazil South"),
        flat("brazilsoutheast", "Brazil Southeast").restricted(),
        zoned("canadacentral", "Canada Central"),
        flat("canadaeast", "Canada East"),
        zoned("centralindia", "Central India"),
        zoned("centralus", "Central US"),
        zoned("chilecentral", "Chile Central"),
        zoned("denmarkeast", "Denmark East"),
        zoned("eastasia", "East Asia"),
        zoned("eastus", "East US"),
        zoned("eastus2", "East US 2"),
        zoned("francecentral", "France Central").tagged("centralfrance"),
        flat("francesouth", "France South").restricted().tagged("southfrance"),
        flat("germanynorth", "Germany North").restricted().tagged("germanyn"),
        zoned("germanywestcentral", "Germany West Central").tagged("germanywc"),
        zoned("indonesiacentral", "Indonesia Central"),
        zoned("israelcentral", "Israel Central"),
        zoned("italynorth", "Italy North"),
        zoned("japaneast", "Japan East"),
        zoned("japanwest", "Japan West"),
        flat("jioindiacentral", "Jio India Central"),
        flat("jioindiawest", "Jio India West"),
        zoned("koreacentral", "Korea Central"),
        flat("koreasouth", "Korea South").restricted(),
        zoned("malaysiawest", "Malaysia West"),
        zoned("mexicocentral", "Mexico Central"),
        zoned("newzealandnorth", "New Zealand North"),
        flat("northcentralus", "North Central US"),
        zoned("northeurope", "North Europe").blocked(&[2]),
        zoned("norwayeast", "Norway East").tagged("norwaye"),
        flat("norwaywest", "Norway West").restricted().tagged("norwayw"),
        zoned("polandcentral", "Poland Central"),
        zoned("qatarcentral", "Qatar Central"),
        zoned("southafricanorth", "South Africa North"),
        flat("southafricawest", "South Africa West").restricted(),
        zoned("southcentralus", "South Central US").blocked(&[3]),
        zoned("southeastasia", "Southeast Asia").blocked(&[3]),
        flat("southindia", "South India"),
        zoned("spaincentral", "Spain Central").blocked(&[2]),
        zoned("swedencentral", "Sweden Central"),
        zoned("switzerlandnorth", "Switzerland North").tagged("switzerlandn"),
        flat("switzerlandwest", "Switzerland West").restricted().tagged("switzerlandw"),
        flat("uaecentral", "UAE Central").restricted(),
        zoned("uaenorth", "UAE North"),
        zoned("uksouth", "UK South"),
        flat("ukwest", "UK West"),
        flat("westcentralus", "West Central US"),
        zoned("westeurope", "West Europe"),
        flat("westindia", "West India"),
        flat("westus", "West US"),
        zoned("westus2", "West US 2").blocked(&[2]),
        zoned("westus3", "West US 3"),
    ],
};

/// A region of another cloud: programmatic name and the cloud.
pub static OTHER_CLOUDS: Table<(&str, Cloud)> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/reliability/regions-list",
    rows: &[
        ("chinaeast", Cloud::China),
        ("chinaeast2", Cloud::China),
        ("chinaeast3", Cloud::China),
        ("chinanorth", Cloud::China),
        ("chinanorth2", Cloud::China),
        ("chinanorth3", Cloud::China),
        ("usdodcentral", Cloud::UsGov),
        ("usdodeast", Cloud::UsGov),
        ("usgovarizona", Cloud::UsGov),
        ("usgoviowa", Cloud::UsGov),
        ("usgovtexas", Cloud::UsGov),
        ("usgovvirginia", Cloud::UsGov),
    ],
};

/// The names of all regions.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    REGIONS.rows.iter().map(|r| r.name).chain(OTHER_CLOUDS.rows.iter().map(|(name, _)| *name))
}

/// The cloud of a region, where it is known.
pub fn cloud_of(name: &str) -> Option<Cloud> {
    let other = OTHER_CLOUDS.rows.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, cloud)| *cloud);
    find(name).map(|_| Cloud::Public).or(other)
}

/// Regions of AKS that place no API servers in a network (F1.9).
pub static WITHOUT_INTEGRATION: Table<&str> = Table {
    as_of: "2026-08-31",
    source: "https://learn.microsoft.com/azure/aks/api-server-vnet-integration",
    rows: &["qatarcentral"],
};

/// A region by its programmatic name, in any case.
pub fn find(name: &str) -> Option<&'static Region> {
    REGIONS.rows.iter().find(|r| r.name.eq_ignore_ascii_case(name))
}

/// A region by the way service tags may spell it, in any case.
pub fn find_in_tag(spelling: &str) -> Option<&'static Region> {
    let other = |r: &&Region| r.tag_spelling.is_some_and(|s| s.eq_ignore_ascii_case(spelling));
    find(spelling).or_else(|| REGIONS.rows.iter().find(other))
}
