//! Problems of keys, types and names.

use crate::diag::{Code, Severity};

pub(crate) static UNKNOWN_KEY: Code = Code {
    id: "unknown-key",
    severity: Severity::Error,
    title: "key is not known",
    help: "remove the key, or write a known one",
    docs: "Every key that is not known is an error, so that a misspelt setting is never ignored in silence. The \
               nearest known key is named; where nothing else can be meant, the repair renames it.",
    bad: &[
        r#"regoin = "westeurope"
"#,
        r#"region = "westeurope"

[cluster]
node-count = 3
"#,
    ],
    good: &[r#"region = "westeurope"

[cluster]
nodes = 3
"#],
};

pub(crate) static UNKNOWN_VALUE: Code = Code {
    id: "unknown-value",
    severity: Severity::Error,
    title: "value is not one of those known",
    help: "write one of the values that are listed",
    docs: "Some keys take one of a few words. Words are compared exactly, upper and lower case included.",
    bad: &[
        r#"region = "westeurope"
cni = "calico"
"#,
        r#"region = "westeurope"

[egress]
packs = ["dockerhub"]
"#,
        r#"format = 2
region = "westeurope"
"#,
    ],
    good: &[r#"region = "westeurope"
cni = "kubenet"

[egress]
packs = ["docker-hub"]
"#],
};

pub(crate) static WRONG_TYPE: Code = Code {
    id: "wrong-type",
    severity: Severity::Error,
    title: "value has another type",
    help: "write a value of the type that is named",
    docs: "A number between quotes is a string, a single value without brackets is no array, and a table with \
               single brackets is no array of tables. Nothing is converted in silence, so that a profile says what \
               it means.",
    bad: &[
        r#"region = "westeurope"

[cluster]
nodes = "3"
"#,
        r#"region = "westeurope"

[egress]
packs = "quay"
"#,
    ],
    good: &[r#"region = "westeurope"

[cluster]
nodes = 3

[egress]
packs = ["quay"]
"#],
};

pub(crate) static MISSING_KEY: Code = Code {
    id: "missing-key",
    severity: Severity::Error,
    title: "key is missing",
    help: "write the key",
    docs: "Few keys have no default: the region, the priority of a collection of one's own, what a rule or an \
               inbound service cannot do without, and whatever the defaults cannot provide, such as a subnet that \
               does not fit into a small address space.",
    bad: &[
        r#"name = "shop"
"#,
        r#"region = "westeurope"

[network]
address-space = ["10.0.0.0/22"]
"#,
    ],
    good: &[
        r#"name = "shop"
region = "westeurope"
"#,
        r#"region = "westeurope"

[network]
address-space = ["10.0.0.0/22"]

[network.subnets]
ingress = "10.0.0.0/24"
nodes = "10.0.1.0/24"
"#,
    ],
};

pub(crate) static EMPTY_VALUE: Code = Code {
    id: "empty-value",
    severity: Severity::Error,
    title: "value is empty",
    help: "write a value, or remove the key",
    docs: "An empty text or list says nothing, and leaving the key out says it better. Azure refuses a rule \
               without sources or destinations.",
    bad: &[
        r#"region = "westeurope"
resource-group = ""
"#,
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "none"
fqdns = []
"#,
    ],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "some"
fqdns = ["shop.contoso.com"]
"#],
};

pub(crate) static OUT_OF_RANGE: Code = Code {
    id: "out-of-range",
    severity: Severity::Error,
    title: "number is out of range",
    help: "write a number within the range",
    docs: "The ranges are those of Azure: three zones, 250 public addresses per firewall, 10 to 250 pods per \
               node, 1,000 nodes per pool, 30 to 730 days of retention.\n\nSource: https://learn.microsoft.com/azure/aks/quotas-skus-regions",
    bad: &[
        r#"region = "westeurope"

[cluster]
pods-per-node = 300
"#,
        r#"region = "westeurope"

[firewall]
zones = [1, 4]
"#,
    ],
    good: &[r#"region = "westeurope"

[cluster]
pods-per-node = 250

[firewall]
zones = [1, 3]
"#],
};

pub(crate) static CONTROL_CHARACTER: Code = Code {
    id: "control-character",
    severity: Severity::Error,
    title: "text holds a control character",
    help: "remove the character",
    docs: "Line breaks, escape sequences and characters that turn the direction of text have no business in \
               names and reasons: they would reach scripts, logs and terminals, and could show something else than \
               is there.",
    bad: &[
        r#"region = "westeurope"
resource-group = "shop\u0007"
"#,
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
why = "line one\nline two"
"#,
    ],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
why = "line one, line two"
"#],
};

pub(crate) static DUPLICATE_NAME: Code = Code {
    id: "duplicate-name",
    severity: Severity::Error,
    title: "name is used twice",
    help: "rename one of them",
    docs: "Azure compares names without regard to case. Two rules of one name in a collection, or two \
               collections of one name, cannot be told apart in the firewall's log, and a later one may replace the \
               earlier.\n\nSource: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
    bad: &[
        r#"region = "westeurope"

[egress]
packs = ["quay", "quay"]
"#,
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]

[[egress.collections.shop.rules]]
name = "Shop"
fqdns = ["shop.fabrikam.com"]
"#,
    ],
    good: &[r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "contoso"
fqdns = ["shop.contoso.com"]

[[egress.collections.shop.rules]]
name = "fabrikam"
fqdns = ["shop.fabrikam.com"]
"#],
};

pub(crate) static UNKNOWN_REFERENCE: Code = Code {
    id: "unknown-reference",
    severity: Severity::Error,
    title: "name refers to nothing",
    help: "write a name that exists",
    docs: "Sources name subnets, by role or by their own name, or groups of addresses. `groups` names sets of \
               `[egress.groups]`, and `by` a collection or a rule. What is switched off does not exist.",
    bad: &[
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
fqdns = ["shop.contoso.com"]
from = ["node"]
"#,
        r#"region = "westeurope"

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
groups = ["partners"]
"#,
    ],
    good: &[r#"region = "westeurope"

[egress.groups]
partners = ["shop.contoso.com"]

[egress.collections.shop]
priority = 300

[[egress.collections.shop.rules]]
name = "shop"
groups = ["partners"]
from = ["nodes"]
"#],
};
