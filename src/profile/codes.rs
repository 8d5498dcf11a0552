//! Problems that only the reader of profiles raises.

use super::{cluster_codes, network_codes, overrides};
use crate::diag::{Code, Severity};

pub(super) static SYNTAX: Code = Code {
    id: "syntax",
    severity: Severity::Error,
    title: "text is no TOML",
    help: "repair the line",
    docs: "The text cannot be read as TOML. Every place where the parser could carry on is reported; nothing \
               else is said until all of them are repaired, since what was read around them is guesswork.\n\nSource: https://toml.io",
    bad: &[r#"region = westeurope
"#],
    good: &[r#"region = "westeurope"
"#],
};

pub(super) static TOO_LARGE: Code = Code {
    id: "too-large",
    severity: Severity::Error,
    title: "profile is too large",
    help: "keep a profile below 1 MiB",
    docs: "A profile over 1 MiB is refused before it is read. A thousand rules fit into a tenth of that.",
    bad: &[],
    good: &[r#"region = "westeurope"
"#],
};

pub(super) static BAD_NAME: Code = Code {
    id: "bad-name",
    severity: Severity::Error,
    title: "text cannot be the name of a profile",
    help: "write 1 to 40 letters, digits and hyphens",
    docs: "The name of a profile is the folder of its artifacts and the beginning of every resource name that \
               is not given. Letters, digits and hyphens, 40 at most, are what every one of these resources takes; \
               it starts and ends with a letter or digit. Some systems cannot hold a folder such as `con`.\n\nSource: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
    bad: &[r#"name = "../shop"
region = "westeurope"
"#],
    good: &[r#"name = "shop"
region = "westeurope"
"#],
};

pub(super) static BAD_VALUE: Code = Code {
    id: "bad-value",
    severity: Severity::Error,
    title: "value has not the form that Azure takes",
    help: "write a value of the form that is named",
    docs: "Regions are written in letters and digits, versions of Kubernetes as 1.x or 1.x.y, VM sizes as \
               `Standard_D4s_v5`, service endpoints as `Microsoft.Storage`. Azure refuses anything else some \
               minutes into the deployment.",
    bad: &[r#"region = "westeurope"

[cluster]
kubernetes-version = "latest"
"#],
    good: &[r#"region = "westeurope"

[cluster]
kubernetes-version = "1.33"
"#],
};

pub(super) static BAD_SURGE: Code = Code {
    id: "bad-surge",
    severity: Severity::Error,
    title: "text is no surge",
    help: "write a percentage such as \"10%\", or a number of nodes",
    docs: "The surge of an upgrade is a percentage of the nodes between quotes, 1% to 100%, or a number of \
               nodes without quotes.\n\nSource: https://learn.microsoft.com/azure/aks/upgrade-aks-cluster",
    bad: &[r#"region = "westeurope"

[cluster]
max-surge = "10"
"#],
    good: &[r#"region = "westeurope"

[cluster]
max-surge = "10%"
"#],
};

pub(super) static BAD_DESTINATION: Code = Code {
    id: "bad-destination",
    severity: Severity::Error,
    title: "text is no destination",
    help: "write https://host, http://host, tcp://address:port or udp://address:port",
    docs: "An expectation tries `https://` or `http://` with a host name and perhaps a port, or `tcp://` or \
               `udp://` with an address and a port. An inbound service leads to an address and a port.",
    bad: &[r#"region = "westeurope"

[[expect]]
from = "nodes"
to = "mcr.microsoft.com"
"#],
    good: &[r#"region = "westeurope"

[[expect]]
from = "nodes"
to = "https://mcr.microsoft.com"
"#],
};

pub(super) static BAD_KEY_PATH: Code = Code {
    id: "bad-key-path",
    severity: Severity::Error,
    title: "text is no key path",
    help: "write keys with dots between them, such as egress.collections.shop.rules[0]",
    docs: "`where` of a waiver names a place in the profile: keys with dots between them, as TOML writes them, and a \
               key with unusual characters between quotes. Behind a list, brackets hold the number of an element, \
               counted from 0, or its `name`: `inbound[shop]`. The waiver holds for everything at that place and below.",
    bad: &[r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirement"
where  = "the second line"
reason = "the cluster is replaced before that"
"#],
    good: &[r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirement"
where  = "cni"
reason = "the cluster is replaced before that"
"#],
};

pub(super) static FIXED_NAME: Code = Code {
    id: "fixed-name",
    severity: Severity::Error,
    title: "name cannot be chosen",
    help: "remove the name",
    docs: "Azure Firewall is placed into the subnet called `AzureFirewallSubnet` and no other.\n\nSource: https://learn.microsoft.com/azure/firewall/firewall-faq",
    bad: &[r#"region = "westeurope"

[network.subnets]
firewall = { name = "firewall", prefix = "10.0.3.0/24" }
"#],
    good: &[r#"region = "westeurope"

[network.subnets]
firewall = { prefix = "10.0.3.0/24" }
"#],
};

pub(super) static MONITORING_WITH_SERVICE_PRINCIPAL: Code = Code {
    id: "monitoring-with-service-principal",
    severity: Severity::Error,
    title: "monitoring needs a managed identity",
    help: "remove the add-on, or use a managed identity",
    docs: "Container Insights signs in with the managed identity of the cluster. A cluster with a service \
               principal has none, so its agents would send nothing.\n\nSource: https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable",
    bad: &[r#"region = "westeurope"

[cluster]
identity = "service-principal"
addons = ["monitoring"]
"#],
    good: &[
        r#"region = "westeurope"

[cluster]
identity = "service-principal"
"#,
        r#"region = "westeurope"

[cluster]
identity = "managed"
addons = ["monitoring"]
"#,
    ],
};

pub(super) static MISSING_BASE: Code = Code {
    id: "missing-base",
    severity: Severity::Error,
    title: "base profile is missing",
    help: "correct the path, which is relative to the file that holds it",
    docs: "`extends` names another profile by a path relative to the file that it stands in. There is no such file. \
               Nothing else is said about the profile until the base is there, since most of it may stand in that file.",
    bad: &[r#"extends = "_base.toml"
region = "westeurope"
"#],
    good: &[r#"extends = "_base.toml"

# file: _base.toml
region = "westeurope"
"#],
};

pub(super) static UNREADABLE_BASE: Code = Code {
    id: "unreadable-base",
    severity: Severity::Error,
    title: "base profile cannot be read",
    help: "make the file readable, or correct the path",
    docs: "`extends` names a file that is there and cannot be read: it is a folder, access is denied, it is larger than \
               1 MiB, or it is not UTF-8.",
    bad: &[],
    good: &[],
};

pub(super) static EXTENDS_CYCLE: Code = Code {
    id: "extends-cycle",
    severity: Severity::Error,
    title: "profiles extend each other in a circle",
    help: "remove one `extends` of the circle",
    docs: "A profile takes what it does not say from its base, and that from its own base. A circle has no last word to \
               begin with.",
    bad: &[r#"extends = "_base.toml"
region = "westeurope"

# file: _base.toml
extends = "example.toml"
cni = "azure"
"#],
    good: &[r#"extends = "_team.toml"

# file: _team.toml
extends = "_company.toml"
cni = "azure"

# file: _company.toml
region = "westeurope"
"#],
};

pub(super) static BASE_IS_NO_PROFILE: Code = Code {
    id: "base-is-no-profile",
    severity: Severity::Error,
    title: "base is no profile",
    help: "name the profile that is meant",
    docs: "`extends` names a TOML file none of whose keys is, or is near to, a key of a profile: the manifest of some \
               other program, or an empty file.",
    bad: &[r#"extends = "Cargo.toml"
region = "westeurope"

# file: Cargo.toml
[package]
version = "1.0.0"
"#],
    good: &[r#"extends = "_base.toml"

# file: _base.toml
region = "westeurope"
"#],
};

pub(super) static BAD_RESOURCE_ID: Code = Code {
    id: "bad-resource-id",
    severity: Severity::Error,
    title: "text is not the ID of such a resource",
    help: "copy the ID with `--query id --output tsv`",
    docs: "What others own is named by its full ID: `/subscriptions/<GUID>/resourceGroups/<group>/providers/<type>/<name>`. \
               The type has to be the one that belongs to the key, and nothing stands behind the name. Azure answers a wrong \
               ID minutes into the deployment.\n\nSource: \
               https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid",
    bad: &[
        r#"region = "westeurope"

[logs]
workspace = { id = "central-logs" }
"#,
        r#"region = "westeurope"

[logs]
workspace = { id = "/subscriptions/my-subscription/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central" }
"#,
        r#"region = "westeurope"

[logs]
workspace = { id = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/logs/providers/Microsoft.Storage/storageAccounts/central" }
"#,
        r#"region = "westeurope"

[logs]
workspace = { id = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central/tables/AZFWNetworkRule" }
"#,
    ],
    good: &[r#"region = "westeurope"

[logs]
workspace = { id = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central" }
"#],
};

pub(super) static CONFLICTING_KEYS: Code = Code {
    id: "conflicting-keys",
    severity: Severity::Error,
    title: "two settings exclude each other",
    help: "remove one of the two",
    docs: "One of the settings says that something belongs to somebody else or is not there, the other says how to make \
               it. Only one can be meant, and nothing is accepted and ignored.",
    bad: &[
        r#"region = "westeurope"

[logs]
workspace      = { id = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central" }
retention-days = 90
"#,
        r#"region = "westeurope"

[cluster]
create = false

[deploy]
split = true
"#,
        r#"region = "westeurope"

[cluster]
identity = "service-principal"

[deploy]
split = true
"#,
        r#"region = "westeurope"

[network.subnets]
firewall            = "10.0.3.0/24"
firewall-management = { prefix = "10.0.1.0/26" }

[hub]
"#,
        r#"region = "westeurope"

[hub]
subnet = "10.1.0.0/26"

[firewall]
private-ip = "10.1.0.4"
"#,
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes = { name = "aks" }

[hub]
"#,
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"
vnet     = "spoke"

[network.subnets]
nodes = { name = "aks" }
firewall = "10.90.8.0/26"
"#,
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"
address-space = ["10.90.0.0/16"]

[network.subnets]
nodes = { name = "aks" }
firewall = "10.90.8.0/26"
"#,
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"
dns-servers = ["10.90.0.4"]

[network.subnets]
nodes = { name = "aks" }
firewall = "10.90.8.0/26"
"#,
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes = { name = "aks", service-endpoints = ["Microsoft.Storage"] }
firewall = "10.90.8.0/26"
"#,
        r#"region = "westeurope"

[network.subnets]
firewall = "10.0.3.0/24"

[firewall]
rules = "classic"
zones = [1, 2, 3]

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#,
        r#"region = "westeurope"

[hub]
vnet = "hub"

[firewall.existing]
firewall   = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw"
policy     = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/company"
private-ip = "10.1.0.4"
public-ips = ["20.50.1.4"]
priority   = 2000
peer       = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub-vnet"
"#,
    ],
    good: &[
        r#"region = "westeurope"

[logs]
workspace      = "shop-logs"
retention-days = 90

[deploy]
split = true
"#,
        r#"region = "westeurope"

[network]
existing = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke"

[network.subnets]
nodes = { name = "aks" }
firewall = "10.90.8.0/26"
"#,
    ],
};

pub(super) static UNUSED_GROUP: Code = Code {
    id: "unused-group",
    severity: Severity::Warning,
    title: "group is never used",
    help: "remove the group, or name it in a rule",
    docs: "A group says nothing to the firewall until a rule names it in `groups` or `from`. One that stays behind looks \
               like an opening that is not there. Groups of a base profile are left alone, since another profile may use \
               them.",
    bad: &[r#"region = "westeurope"

[egress.groups]
partners = ["shop.contoso.com"]
"#],
    good: &[r#"region = "westeurope"

[egress.groups]
partners = ["shop.contoso.com"]

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name   = "shop"
groups = ["partners"]
"#],
};

/// Problems that the reader of profiles raises.
pub static CODES: &[&Code] = &[
    &BAD_DESTINATION,
    &BAD_KEY_PATH,
    &BAD_NAME,
    &overrides::BAD_POINTER,
    &BAD_RESOURCE_ID,
    &BAD_SURGE,
    &BAD_VALUE,
    &BASE_IS_NO_PROFILE,
    &CONFLICTING_KEYS,
    &cluster_codes::EMPTY_SYSTEM_POOL,
    &EXTENDS_CYCLE,
    &FIXED_NAME,
    &network_codes::INCOMPLETE_NETWORK,
    &MISSING_BASE,
    &MONITORING_WITH_SERVICE_PRINCIPAL,
    &cluster_codes::NODE_RANGE,
    &cluster_codes::SPOT_POOL_SURGE,
    &SYNTAX,
    &TOO_LARGE,
    &UNREADABLE_BASE,
    &UNUSED_GROUP,
];
