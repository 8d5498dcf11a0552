//! Problems of the form of rules, collections, groups and packs.

use crate::diag::{Code, Severity};

pub(crate) static NO_TARGET: Code = Code {
    id: "no-target",
    severity: Severity::Error,
    title: "rule names nothing",
    help: "write one of fqdns, fqdn-tags, addresses, service-tags and groups",
    docs: "A rule says where traffic may go. Azure refuses a rule without a destination, and a rule for \
               everywhere says so with `*`.",
    bad: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
ports = ["https:443"]
"#],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
ports = ["https:443"]
"#],
};

pub(crate) static TWO_TARGETS: Code = Code {
    id: "two-targets",
    severity: Severity::Error,
    title: "rule names two kinds of targets",
    help: "split it into one rule per kind",
    docs: "One rule of the firewall holds names, tags or addresses, never two of them. Two rules say the same \
               and are told apart in the log.\n\nSource: https://learn.microsoft.com/azure/firewall/fqdn-tags",
    bad: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
fqdn-tags = ["WindowsUpdate"]
"#],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]

[[egress.collections.shop.rules]]
name = "windows"
fqdn-tags = ["WindowsUpdate"]
"#],
};

pub(crate) static MIXED_PORTS: Code = Code {
    id: "mixed-ports",
    severity: Severity::Error,
    title: "rule mixes ports of two kinds",
    help: "split it into an application rule and a network rule",
    docs: "`https`, `http` and `mssql` make an application rule, which looks for a name in the traffic. `tcp`, \
               `udp`, `icmp` and `any` make a network rule, which looks at addresses and ports. One rule is of one \
               kind.\n\nSource: https://learn.microsoft.com/azure/firewall/rule-processing",
    bad: &[r#"region = "westeurope"

[firewall]
dns-proxy = true

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
ports = ["https:443", "tcp:5432"]
"#],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
ports = ["https:443", "http:80"]
"#],
};

pub(crate) static PORTS_DO_NOT_FIT: Code = Code {
    id: "ports-do-not-fit",
    severity: Severity::Error,
    title: "ports do not fit what the rule names",
    help: "write ports of the kind that the target takes",
    docs: "Addresses and service tags are matched by network rules, so `https:443` there becomes `tcp:443`. \
               FQDN tags are matched by application rules, so `tcp:443` there becomes `https:443`.\n\nSource: https://learn.microsoft.com/azure/firewall/rule-processing",
    bad: &[
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
addresses = ["198.51.100.7"]
ports = ["https:443"]
"#,
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "windows"
fqdn-tags = ["WindowsUpdate"]
ports = ["tcp:443"]
"#,
    ],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
addresses = ["198.51.100.7"]
ports = ["tcp:443"]
"#],
};

pub(crate) static MIXED_COLLECTION: Code = Code {
    id: "mixed-collection",
    severity: Severity::Error,
    title: "collection mixes rule kinds",
    help: "move the rules of one kind into a collection of their own",
    docs: "A rule collection of Azure Firewall holds application rules or network rules. All network rules are \
               evaluated before all application rules, whatever the priorities say, so that one list of both would \
               pretend an order that does not exist.\n\nSource: https://learn.microsoft.com/azure/firewall/policy-rule-sets",
    bad: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]

[[egress.collections.shop.rules]]
name = "database"
addresses = ["198.51.100.7"]
ports = ["tcp:5432"]
"#],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]

[egress.collections.shop-network]
priority = 310

[[egress.collections.shop-network.rules]]
name = "database"
addresses = ["198.51.100.7"]
ports = ["tcp:5432"]
"#],
};

pub(crate) static MIXED_GROUP: Code = Code {
    id: "mixed-group",
    severity: Severity::Error,
    title: "group mixes addresses and names",
    help: "split it into a group of addresses and a group of names",
    docs: "A group of addresses can be a source or the destination of a network rule, a group of names only the \
               destination of a rule by name. A mixture could be neither.",
    bad: &[r#"region = "westeurope"

[egress.groups]
partners = ["198.51.100.0/24", "shop.contoso.com"]
"#],
    good: &[r#"region = "westeurope"

[egress.groups]
partner-addresses = ["198.51.100.0/24"]
partner-names = ["shop.contoso.com"]

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name   = "shop"
groups = ["partner-names"]
from   = ["partner-addresses"]
"#],
};

pub(crate) static EMPTY_VARIABLE: Code = Code {
    id: "empty-variable",
    severity: Severity::Error,
    title: "pack needs a value that the profile lacks",
    help: "write the value that the pack needs",
    docs: "The pack `api-server` allows the addresses of the API server, which are known only after the first \
               deployment. Without `egress.api-server-address` it has nothing to allow. The pack is switched on by \
               that key alone, so it need not be listed.\n\nSource: https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
    bad: &[r#"region = "westeurope"

[egress]
packs = ["api-server"]
"#],
    good: &[r#"region = "westeurope"

[egress]
api-server-address = "20.50.2.7"
"#],
};

pub(crate) static PACK_OF_ANOTHER_CLOUD: Code = Code {
    id: "pack-of-another-cloud",
    severity: Severity::Warning,
    title: "pack has no endpoints in this cloud",
    help: "write rules of your own, or remove what asks for the pack",
    docs: "Packs list the hosts that Microsoft documents, cloud by cloud. Where it documents none for a cloud, the pack opens \
               nothing there, and what asks for it may not work.\n\nSource: https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
    bad: &[r#"region = "chinanorth3"
cloud  = "china"

[egress]
packs = ["flux"]
"#],
    good: &[r#"region = "usgovvirginia"
cloud  = "usgov"

[egress]
packs = ["flux"]
"#],
};

pub(crate) static PACK_OVERRIDE: Code = Code {
    id: "pack-override",
    severity: Severity::Error,
    title: "pack has no single list of names to replace",
    help: "write a collection of your own instead",
    docs: "`fqdns` of a pack entry replaces the names of a pack that has exactly one rule, and that by names. \
               With two rules it would be unclear which names belong to which ports. Such a pack is switched off \
               with `enabled = false`, and a collection of one's own takes its place.",
    bad: &[r#"region = "westeurope"

[egress]
packs = [{ name = "os-updates", fqdns = ["mirror.contoso.com"] }]
"#],
    good: &[r#"region = "westeurope"

[egress]
packs = [{ name = "docker-hub", fqdns = ["docker-mirror.contoso.com"] }]
"#],
};

pub(crate) static UNSORTED_ENTRIES: Code = Code {
    id: "unsorted-entries",
    severity: Severity::Advice,
    title: "entries are not sorted",
    help: "sort them",
    docs: "The firewall does not mind the order of names, tags and addresses in a rule. Sorted lists make entries easy \
           to find, and two people who add one at the same time touch different lines.",
    bad: &[
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["www.contoso.com", "shop.contoso.com"]
"#,
        r#"region = "westeurope"

[egress.groups]
partners = [
  "198.51.100.0/24",
  "198.51.100.128/25",
  "198.51.7.0/24",
]

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name   = "database"
groups = ["partners"]
ports  = ["tcp:5432"]
"#,
    ],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com", "www.contoso.com"]
"#],
};

pub(crate) static SERVICE_TAG_AS_SOURCE: Code = Code {
    id: "service-tag-as-source",
    severity: Severity::Error,
    title: "source is a service tag",
    help: "write a subnet, an address, a prefix or a group of addresses",
    docs: "Azure Firewall takes service tags as destinations of network rules only. Traffic that leaves comes from the \
           subnets of the network.\n\nSource: https://learn.microsoft.com/azure/firewall/service-tags",
    bad: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
from = ["AzureCloud"]
"#],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
from = ["nodes"]
"#],
};
