//! Names that Azure takes: length and characters per resource (F2.12, F4.6, F6.1).

use super::Table;

/// What a name is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Resource group.
    ResourceGroup,
    /// Virtual network.
    Vnet,
    /// Subnet.
    Subnet,
    /// Public IP, route table, firewall policy, route.
    NetworkResource,
    /// Azure Firewall.
    Firewall,
    /// Rule collection or rule collection group.
    Collection,
    /// Managed cluster.
    Cluster,
    /// User-assigned identity.
    Identity,
    /// Log Analytics workspace.
    Workspace,
    /// Diagnostic setting.
    DiagnosticSetting,
}

/// Characters of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters {
    /// Besides letters and digits.
    pub inside: &'static str,
    /// Besides letters and digits, as the first character.
    pub first: &'static str,
    /// Besides letters and digits, as the last character.
    pub last: &'static str,
    /// Letters and digits of every script, not of ASCII only.
    pub unicode: bool,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct NameRule {
    /// What it is for.
    pub named: Named,
    /// In words, with an article.
    pub what: &'static str,
    /// Least number of characters.
    pub least: usize,
    /// Most characters.
    pub most: usize,
    /// Which characters.
    pub letters: Letters,
}

const NETWORK: Letters = Letters { inside: "_.-", first: "", last: "_", unicode: false };
const CLUSTER: Letters = Letters { inside: "_-", first: "", last: "", unicode: false };
const IDENTITY: Letters = Letters { inside: "_-", first: "", last: "_-", unicode: false };
const WORKSPACE: Letters = Letters { inside: "-", first: "", last: "", unicode: false };
/// Azure takes a hyphen at the start too, but the CLI would take such a name for an option.
const GROUP: Letters = Letters { inside: "_-.()", first: "_.()", last: "_-()", unicode: true };

const fn row(named: Named, what: &'static str, least: usize, most: usize, letters: Letters) -> NameRule {
    NameRule { named, what, least, most, letters }
}

/// The rules.
pub static NAMES: Table<NameRule> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
    rows: &[
        row(Named::ResourceGroup, "a resource group", 1, 90, GROUP),
        row(Named::Vnet, "a virtual network", 2, 64, NETWORK),
        row(Named::Subnet, "a subnet", 1, 80, NETWORK),
        row(Named::NetworkResource, "a network resource", 1, 80, NETWORK),
        row(Named::Firewall, "a firewall", 1, 80, NETWORK),
        row(Named::Collection, "a rule collection", 1, 80, NETWORK),
        row(Named::Cluster, "a cluster", 1, 63, CLUSTER),
        row(Named::Identity, "a managed identity", 3, 128, IDENTITY),
        row(Named::Workspace, "a workspace", 4, 63, WORKSPACE),
        row(Named::DiagnosticSetting, "a diagnostic setting", 1, 260, NETWORK),
    ],
};

/// Most characters of a firewall's name on which all sources agree (U3).
pub const FIREWALL_NAME: usize = 50;

/// Most characters of subnet, network and group under overlay networking, where they become node labels (A10).
pub const OVERLAY_NAME: usize = 63;

/// Most characters of the resource group that AKS makes for the nodes (F4.6).
pub const NODE_GROUP: usize = 80;

/// Most characters of a rule's name (U15).
pub const RULE_NAME: usize = 80;

/// Most characters of a tag's name and value, and the characters that its name may not hold.
pub const TAG: (usize, usize, &str) = (512, 256, "<>%&\\?/");

/// The row for a kind of name.
pub fn rule(named: Named) -> &'static NameRule {
    NAMES.rows.iter().find(|r| r.named == named).unwrap_or(&NAMES.rows[0])
}

impl NameRule {
    /// What is wrong with `name`, in words, or nothing.
    pub fn fault(&self, name: &str) -> Option<String> {
        let length = name.chars().count();
        if length < self.least || length > self.most {
            return Some(format!("has {length} characters; {} has {} to {}", self.what, self.least, self.most));
        }
        let letters = self.letters;
        let plain = |c: char| if letters.unicode { c.is_alphanumeric() } else { c.is_ascii_alphanumeric() };
        let fits = |c: char, extra: &str| plain(c) || extra.contains(c);
        if let Some(other) = name.chars().find(|c| !fits(*c, letters.inside)) {
            return Some(format!("holds {other:?}; {} takes {}", self.what, self.alphabet(letters.inside)));
        }
        if let Some(first) = name.chars().next().filter(|c| !fits(*c, letters.first)) {
            return Some(format!("starts with {first:?}; {} starts with {}", self.what, self.alphabet(letters.first)));
        }
        let last = name.chars().next_back().filter(|c| !fits(*c, letters.last))?;
        Some(format!("ends with {last:?}; {} ends with {}", self.what, self.alphabet(letters.last)))
    }

    fn alphabet(&self, extra: &str) -> String {
        let letters = if self.letters.unicode { "letters, digits" } else { "ASCII letters, digits" };
        let extra: String = extra.chars().map(|c| format!(" {c}")).collect();
        if extra.is_empty() { letters.replace(", ", " and ") } else { format!("{letters} and{extra}") }
    }
}
