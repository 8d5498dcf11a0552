//! IDs of resources that others own, such as
//! `/subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.Network/virtualNetworks/<name>`.

use std::fmt;

/// A type of resource that a profile may name by its ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceType {
    /// Virtual network.
    Network,
    /// Azure Firewall.
    Firewall,
    /// Firewall policy.
    FirewallPolicy,
    /// Log Analytics workspace.
    Workspace,
}

impl ResourceType {
    /// Every type.
    const ALL: [ResourceType; 4] =
        [ResourceType::Network, ResourceType::Firewall, ResourceType::FirewallPolicy, ResourceType::Workspace];

    /// Provider and type.
    pub fn name(self) -> &'static str {
        match self {
            ResourceType::Network => "Microsoft.Network/virtualNetworks",
            ResourceType::Firewall => "Microsoft.Network/azureFirewalls",
            ResourceType::FirewallPolicy => "Microsoft.Network/firewallPolicies",
            ResourceType::Workspace => "Microsoft.OperationalInsights/workspaces",
        }
    }

    /// In words, with an article.
    pub fn words(self) -> &'static str {
        match self {
            ResourceType::Network => "a virtual network",
            ResourceType::Firewall => "a firewall",
            ResourceType::FirewallPolicy => "a firewall policy",
            ResourceType::Workspace => "a Log Analytics workspace",
        }
    }

    /// The command that prints the ID of one.
    pub fn command(self) -> &'static str {
        match self {
            ResourceType::Network => "az network vnet show",
            ResourceType::Firewall => "az network firewall show",
            ResourceType::FirewallPolicy => "az network firewall policy show",
            ResourceType::Workspace => "az monitor log-analytics workspace show",
        }
    }
}

/// The ID of a resource in a resource group.
#[derive(Debug, Clone)]
pub struct ResourceId {
    /// GUID of its subscription, lower case.
    pub subscription: String,
    /// Its resource group.
    pub group: String,
    /// Its type.
    pub kind: ResourceType,
    /// Its name.
    pub name: String,
}

/// Azure compares IDs without regard to case.
impl PartialEq for ResourceId {
    fn eq(&self, other: &ResourceId) -> bool {
        self.key() == other.key()
    }
}

impl Eq for ResourceId {}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ResourceId { subscription, group, kind, name } = self;
        write!(f, "/subscriptions/{subscription}/resourceGroups/{group}/providers/{}/{name}", kind.name())
    }
}

/// Why a text is not the ID that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceIdFault {
    /// It is no ID of a resource in a group: what is wrong, in words.
    Form(String),
    /// It is the ID of something else: what, in words.
    Type(String),
    /// It is the ID of a part of what is wanted, whose own ID this is.
    Part {
        /// The type of the part.
        of: String,
        /// The ID without the part.
        whole: String,
    },
}

impl ResourceId {
    /// Reads the ID of a resource of one type.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, wanted: ResourceType) -> Result<ResourceId, ResourceIdFault> {
        let form = |why: &str| Err(ResourceIdFault::Form(why.to_owned()));
        let Some(path) = text.strip_prefix('/') else {
            return form("an ID starts with /subscriptions/");
        };
        let parts: Vec<&str> = path.split('/').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return form("it has an empty part: two slashes in a row, or one at the end");
        }
        let word = |at: usize, word: &str| parts.get(at).is_some_and(|part| part.eq_ignore_ascii_case(word));
        let Some(subscription) = parts.get(1).filter(|_| word(0, "subscriptions")) else {
            return form("an ID starts with /subscriptions/");
        };
        if !is_guid(subscription) {
            return form("a GUID of 36 characters stands behind /subscriptions/");
        }
        let Some(group) = parts.get(3).filter(|_| word(2, "resourceGroups")) else {
            return form("/resourceGroups/ and a name stand behind the subscription");
        };
        let (true, Some([provider, kind, name, rest @ ..])) = (word(4, "providers"), parts.get(5..)) else {
            return form(
                "/providers/, a type such as Microsoft.Network/virtualNetworks and a name stand behind the group",
            );
        };
        if rest.len() % 2 == 1 {
            return form("each type has a name behind it");
        }
        for (what, name) in [("resource group", group), ("resource", name)] {
            if let Some(c) = name.chars().find(|c| !(c.is_alphanumeric() || "_-.()".contains(*c))) {
                return Err(ResourceIdFault::Form(format!("the name of the {what} holds {c:?}")));
            }
        }
        let found = format!("{provider}/{kind}");
        let known = ResourceType::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(&found));
        if known != Some(wanted) {
            return Err(ResourceIdFault::Type(known.map_or(found, |known| known.words().to_owned())));
        }
        let id = ResourceId {
            subscription: subscription.to_ascii_lowercase(),
            group: (*group).to_owned(),
            kind: wanted,
            name: (*name).to_owned(),
        };
        match rest {
            [] => Ok(id),
            [of, ..] => Err(ResourceIdFault::Part { of: (*of).to_owned(), whole: id.to_string() }),
        }
    }

    /// What stands in for one that could not be read.
    pub(crate) fn unread(kind: ResourceType) -> ResourceId {
        let (subscription, group) = (String::new(), String::new());
        ResourceId { subscription, group, kind, name: "unread".to_owned() }
    }

    /// What is the same for two spellings of one ID.
    pub fn key(&self) -> String {
        self.to_string().to_lowercase()
    }

    /// What is the same for everything in its resource group.
    pub fn group_key(&self) -> (String, String) {
        (self.subscription.clone(), self.group.to_lowercase())
    }
}

fn is_guid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "0a1b2c3d-0000-4000-8000-00000000000f";

    fn parse(text: &str) -> Result<ResourceId, ResourceIdFault> {
        ResourceId::parse(&text.replace("GUID", GUID), ResourceType::Network)
    }

    #[test]
    fn an_id_is_taken_apart_and_spelled_as_azure_spells_it() {
        let text = "/SUBSCRIPTIONS/GUID/resourcegroups/Net-rg/providers/microsoft.network/VirtualNetworks/Hub";
        let id = parse(text).unwrap();
        assert_eq!((id.subscription.as_str(), id.group.as_str(), id.name.as_str()), (GUID, "Net-rg", "Hub"));
        let spelled = "/subscriptions/GUID/resourceGroups/Net-rg/providers/Microsoft.Network/virtualNetworks/Hub";
        assert_eq!(id.to_string(), spelled.replace("GUID", GUID));
        assert_eq!(parse(&id.to_string()).unwrap(), id);
        assert_eq!(parse(&id.to_string().to_uppercase()).unwrap(), id, "case does not matter");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let form = |why: &str| ResourceIdFault::Form(why.to_owned());
        let start = form("an ID starts with /subscriptions/");
        let behind = form("/resourceGroups/ and a name stand behind the subscription");
        let empty = form("it has an empty part: two slashes in a row, or one at the end");
        let provider =
            form("/providers/, a type such as Microsoft.Network/virtualNetworks and a name stand behind the group");
        for (text, fault) in [
            ("", &start),
            ("hub", &start),
            ("/", &empty),
            ("/subscriptions", &start),
            ("/subscriptions/", &empty),
            ("/subscriptions/my-sub", &form("a GUID of 36 characters stands behind /subscriptions/")),
            ("/subscriptions/GUID", &behind),
            ("/subscriptions/GUID/resourceGroup/x", &behind),
            ("/subscriptions/GUID/resourceGroups/x", &provider),
            ("/subscriptions/GUID/resourceGroups/x/providers/Microsoft.Network/virtualNetworks", &provider),
            ("/subscriptions/GUID/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/y/", &empty),
            (
                "/subscriptions/GUID/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/y/subnets",
                &form("each type has a name behind it"),
            ),
            (
                "/subscriptions/GUID/resourceGroups/<group>/providers/Microsoft.Network/virtualNetworks/y",
                &form("the name of the resource group holds '<'"),
            ),
            (
                "/subscriptions/GUID/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/$(reboot)",
                &form("the name of the resource holds '$'"),
            ),
            (
                "/subscriptions/GUID/resourceGroups/x/providers/Microsoft.Network/azureFirewalls/y",
                &ResourceIdFault::Type("a firewall".to_owned()),
            ),
            (
                "/subscriptions/GUID/resourceGroups/x/providers/Microsoft.Compute/disks/y",
                &ResourceIdFault::Type("Microsoft.Compute/disks".to_owned()),
            ),
        ] {
            assert_eq!(parse(text).as_ref(), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_part_is_told_from_the_whole() {
        let whole = format!("/subscriptions/{GUID}/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/y");
        let fault = ResourceIdFault::Part { of: "subnets".to_owned(), whole: whole.clone() };
        assert_eq!(parse(&format!("{whole}/subnets/nodes")), Err(fault));
    }
}
