//! Problems of single values: addresses, hosts, ports, days.

use crate::diag::{Code, Severity};

pub(crate) static BAD_ADDRESS: Code = Code {
    id: "bad-address",
    severity: Severity::Error,
    title: "text is no IPv4 address or prefix",
    help: "write an address such as 10.0.5.4, or a prefix such as 10.0.5.0/24",
    docs: "An address has four numbers from 0 to 255 without leading zeros, a prefix an address and a length up \
               to 32, a range two addresses in ascending order. Rules also take `*` for every address.",
    bad: &[
        r#"region = "westeurope"

[network.subnets]
nodes = "10.0.5.0"
"#,
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
addresses = ["198.51.100.300"]
ports = ["tcp:443"]
"#,
    ],
    good: &[r#"region = "westeurope"

[network.subnets]
nodes = "10.0.5.0/24"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
addresses = ["198.51.100.30"]
ports = ["tcp:443"]
"#],
};

pub(crate) static HOST_BITS: Code = Code {
    id: "host-bits",
    severity: Severity::Error,
    title: "prefix has host bits set",
    help: "write the prefix with its host bits zero",
    docs: "Azure takes a prefix only by its first address: 10.0.5.1/24 is refused, 10.0.5.0/24 is meant. The \
               repair writes the prefix that holds the address.\n\nSource: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
    bad: &[r#"region = "westeurope"

[network.subnets]
nodes = "10.0.5.1/24"
"#],
    good: &[r#"region = "westeurope"

[network.subnets]
nodes = "10.0.5.0/24"
"#],
};

pub(crate) static IPV6_ADDRESS: Code = Code {
    id: "ipv6-address",
    severity: Severity::Error,
    title: "address is IPv6",
    help: "write an IPv4 address",
    docs: "Azure Firewall filters IPv4 only, so that an IPv6 rule would never match and an IPv6 subnet would \
               bypass the firewall.\n\nSource: https://learn.microsoft.com/azure/firewall/firewall-faq",
    bad: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
addresses = ["2001:db8::/32"]
ports = ["tcp:443"]
"#],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
addresses = ["198.51.100.0/24"]
ports = ["tcp:443"]
"#],
};

pub(crate) static WILDCARD_NOT_LEFTMOST: Code = Code {
    id: "wildcard-not-leftmost",
    severity: Severity::Error,
    title: "wildcard stands elsewhere than left-most",
    help: "write the wildcard as the first character only",
    docs: "The firewall takes `*` as the first character of a name and nowhere else. `*.contoso.com` means \
               every name below contoso.com, but not contoso.com itself.\n\nSource: https://learn.microsoft.com/azure/firewall/firewall-faq",
    bad: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.*.contoso.com"]
"#],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["*.shop.contoso.com"]
"#],
};

pub(crate) static BAD_URL: Code = Code {
    id: "bad-url",
    severity: Severity::Error,
    title: "text is no URL that a rule can hold",
    help: "write a host and a path, such as `www.contoso.com/docs/*`",
    docs: "A URL of a rule has neither scheme nor port nor query. A `*` may begin the host before a dot, or end the \
               path.\n\nSource: https://learn.microsoft.com/azure/firewall/premium-features",
    bad: &[r#"region = "westeurope"

[egress.collections.docs]
priority = 300

[[egress.collections.docs.rules]]
name = "docs"
urls = ["https://www.contoso.com/docs/*"]
"#],
    good: &[r#"region = "westeurope"

[firewall]
tier = "Premium"

[firewall.tls-inspection]
secret   = "https://contoso.vault.azure.net/secrets/firewall-ca"
identity = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.ManagedIdentity/userAssignedIdentities/firewall-ca"

[egress.collections.docs]
priority = 300

[[egress.collections.docs.rules]]
name = "docs"
urls = ["www.contoso.com/docs/*"]
"#],
};

pub(crate) static HOST_NOT_BARE: Code = Code {
    id: "host-not-bare",
    severity: Severity::Error,
    title: "host carries a scheme, port or path",
    help: "write the host alone",
    docs: "The firewall compares the host of a request: the server name of a TLS hello or the Host header. It \
               sees no path, and the port belongs into `ports`.\n\nSource: https://learn.microsoft.com/azure/firewall/rule-processing",
    bad: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["https://shop.contoso.com/api"]
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

pub(crate) static BAD_HOST: Code = Code {
    id: "bad-host",
    severity: Severity::Error,
    title: "text is no host name",
    help: "write a host name such as mcr.microsoft.com",
    docs: "A host name is made of labels of 1 to 63 letters, digits, hyphens and underscores, 253 characters in \
               all, without a final dot. International names are written in their ASCII form. An address is no \
               name: the server name of a TLS hello never holds one.\n\nSource: https://learn.microsoft.com/azure/firewall/firewall-faq",
    bad: &[
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop contoso.com"]
"#,
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["198.51.100.7"]
"#,
    ],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
"#],
};

pub(crate) static BAD_PORT: Code = Code {
    id: "bad-port",
    severity: Severity::Error,
    title: "text is no protocol with ports",
    help: "write protocol and port, such as \"https:443\" or \"tcp:5432\"",
    docs: "Application rules take `https`, `http` and `mssql` with one port each. Network rules take `tcp`, \
               `udp` and `any` with a port, a range or `*`, and `icmp:*`. Ports run from 1 to 65535.\n\nSource: \
               https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits",
    bad: &[
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
ports = ["443"]
"#,
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
addresses = ["198.51.100.7"]
ports = ["tcp:70000"]
"#,
    ],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
ports = ["https:443"]
"#],
};

pub(crate) static BAD_DATE: Code = Code {
    id: "bad-date",
    severity: Severity::Error,
    title: "text is no day of the calendar",
    help: "write a day such as 2026-12-31, without quotes",
    docs: "A day is written as TOML writes it: year, month and day with hyphens, without quotes and without a \
               time.",
    bad: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
expires = "2026-12-31"
"#],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
expires = 2036-12-31
"#],
};
