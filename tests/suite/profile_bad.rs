//! Profiles that cannot be read, each with what is said about it. `profile` runs them.

/// A title and a text.
pub(crate) const CASES: &[(&str, &str)] = &[
    ("empty", ""),
    ("only a comment", "# nothing\n"),
    ("no TOML", "region: westeurope\n"),
    ("several faults of syntax", "region = westeurope\nname = \"x\nname = \"y\"\n[network]\n[network]\n"),
    ("NUL", "region = \"west\0europe\"\n"),
    (
        "deep arrays",
        "region = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ),
    ("BOM and CRLF", "\u{feff}region = \"westeurope\"\r\nregoin = 1\r\n[cluster]\r\nnodes = \"two\"\r\n"),
    ("unknown keys", "region = \"westeurope\"\ncloud = \"usgov\"\nresource_group = \"x\"\nResource-Group2 = 1\n"),
    (
        "tables of later versions",
        "region = \"westeurope\"\n[hub]\nvnet = \"x\"\n[deploy]\nsplit = true\n[network]\nexisting = \"x\"\n[network.subnets]\npods = \"10.0.16.0/20\"\napi-server = \"10.0.1.64/28\"\nfirewall-management = \"10.0.1.0/26\"\n[firewall]\nexisting = {}\nparent-policy = \"x\"\ntier = \"Basic\"\n[cluster]\ncreate = false\napi-server = \"private\"\nauthorized-ip-ranges = []\nnetwork-policy = \"cilium\"\ndataplane = \"cilium\"\nnodes = { min = 1, max = 3 }\naddons = [\"azure-policy\"]\n[[cluster.pools]]\nname = \"x\"\n[logs]\nworkspace = { id = \"x\" }\n",
    ),
    (
        "registries",
        "region = \"westeurope\"\n[[egress.registries]]\nname = \"contoso.azurecr.io\"\n[[egress.registries]]\nname = \"fabrikam\"\nendpoints = \"private-link\"\nregions = [\"westeurope\"]\n[[egress.registries]]\nname = \"Fabrikam\"\nendpoints = \"public\"\n[[egress.registries]]\nregions = []\n",
    ),
    (
        "a pod range that nothing uses",
        "region = \"westeurope\"\ncni = \"azure-pod-subnet\"\n[cluster]\npod-cidr = \"10.244.0.0/16\"\n",
    ),
    (
        "subnets that nothing uses",
        "region = \"westeurope\"\n[network.subnets]\npods = \"10.0.16.0/20\"\napi-server = { name = \"apis\" }\n[cluster]\napi-server = \"private\"\n",
    ),
    (
        "subnets that do not fit",
        "region = \"westeurope\"\ncni = \"azure-pod-subnet\"\n[network]\naddress-space = [\"10.0.0.0/21\"]\n[cluster]\napi-server = \"vnet-integrated\"\n",
    ),
    ("misspelt tables", "region = \"westeurope\"\n[netwrk]\nvnet = \"x\"\n[clustr]\nnodes = 3\n[clustr.more]\nx = 1\n"),
    ("misspelt required key", "regoin = \"westeurope\"\n"),
    (
        "wrong types",
        "region = 3\ncni = true\ntags = []\nnetwork = 3\ninbound = {}\n[firewall]\nzones = 1\npublic-ips = 1.5\ndns-proxy = \"yes\"\n[cluster]\naddons = \"monitoring\"\nzones = [\"1\"]\n[egress.collections.x]\npriority = \"200\"\n[egress.collections.x.rules]\nname = \"x\"\n[[expect]]\nfrom = 2026-01-01\nto = []\n",
    ),
    (
        "numbers out of range",
        "format = 2\nregion = \"westeurope\"\n[firewall]\npublic-ips = 0\nzones = [1, 4]\n[cluster]\nnodes = -1\npods-per-node = 9\nmax-surge = 0\n[logs]\nretention-days = 99999999999999999999\n",
    ),
    ("names that could be code", "name = \"$(reboot)\"\nregion = \"[concat('x')]\"\n"),
    ("name that climbs", "name = \"../../x\"\nregion = \"westeurope\"\n"),
    ("name of a device", "name = \"NUL\"\nregion = \"westeurope\"\n"),
    ("long name", "name = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\nregion = \"westeurope\"\n"),
    (
        "control characters",
        "region = \"westeurope\"\nresource-group = \"a\\u0007b\"\n[tags]\n\"a\\u001bb\" = \"x\"\nc = \"\\u202Ed\"\n[egress.groups]\n\"x\\u0000\" = [\"10.0.0.0/8\"]\n",
    ),
    (
        "empty values",
        "name = \"\"\nregion = \" \"\n[network]\naddress-space = []\n[egress.groups]\nnone = []\n[egress.collections.x]\npriority = 200\n[[egress.collections.x.rules]]\nname = \"a\"\nfqdns = []\nfrom = []\n",
    ),
    (
        "prefixes",
        "region = \"westeurope\"\n[network]\naddress-space = [\"10.0.0.1/16\", \"fd00::/8\", \"ten\"]\ndns-servers = [\"10.0.0.0/24\", \"::1\"]\n[network.subnets]\nnodes = \"10.0.5.1/24\"\nfirewall = { name = \"x\", prefix = \"10.0.3.0\" }\n[cluster]\npod-cidr = \"10.244.0.0/33\"\n",
    ),
    ("address space without room", "region = \"westeurope\"\n[network]\naddress-space = [\"10.0.0.0/22\"]\n"),
    ("service range without a tenth address", "region = \"westeurope\"\n[cluster]\nservice-cidr = \"172.16.0.0/29\"\n"),
    (
        "texts with a form",
        "region = \"westeurope\"\n[network.subnets]\nnodes = { service-endpoints = [\"Storage\", \"Microsoft.Sql; rm -rf /\"] }\n[cluster]\nkubernetes-version = \"v1.33\"\nnode-size = \"'; rm -rf /\"\nmax-surge = \"33\"\n",
    ),
    ("surge", "region = \"westeurope\"\n[cluster]\nmax-surge = \"101%\"\n"),
    (
        "monitoring with a service principal",
        "region = \"westeurope\"\n[cluster]\nidentity = \"service-principal\"\naddons = [\"monitoring\"]\n",
    ),
    (
        "packs",
        "region = \"westeurope\"\n[egress]\npacks = [\"os-update\", \"quay\", \"quay\", 3, { priority = 3 }, { name = \"ghcr\", fqdn = [\"x\"] }, { name = \"os-updates\", fqdns = [\"example.com\"] }, \"api-server\"]\naks-endpoints = \"tags\"\n",
    ),
    ("api server", "region = \"westeurope\"\n[egress]\napi-server-address = [\"20.1.2.3\", \"20.1.2.0/24\"]\n"),
    (
        "groups",
        "region = \"westeurope\"\n[egress.groups]\nmixed = [\"10.0.0.0/8\", \"example.com\"]\nNodes = [\"10.0.0.0/8\"]\nsame = [\"10.0.0.0/8\"]\nSame = [\"10.0.0.0/8\"]\nhosts = [\"a.*.example.com\", \"https://example.com:443/x\", \"example.com.\"]\n",
    ),
    (
        "groups in rules",
        "region = \"westeurope\"\n[egress.groups]\nmixed = [\"10.0.0.0/8\", \"example.com\"]\noffices = [\"10.0.0.0/8\"]\nhosts = [\"example.com\"]\n[egress.collections.x]\npriority = 200\n[[egress.collections.x.rules]]\nname = \"a\"\ngroups = [\"mixed\"]\n[[egress.collections.x.rules]]\nname = \"b\"\ngroups = [\"office\"]\nfrom = [\"hosts\", \"node\", \"mixed\"]\n[[egress.collections.x.rules]]\nname = \"c\"\ngroups = [\"offices\", \"hosts\"]\n[[egress.collections.x.rules]]\nname = \"d\"\ngroups = [\"offices\"]\n[[egress.collections.x.rules]]\nname = \"e\"\ngroups = [\"offices\"]\nports = [\"https:443\"]\n",
    ),
    (
        "rule form",
        "region = \"westeurope\"\n[egress.collections.x]\n[[egress.collections.x.rules]]\n[[egress.collections.x.rules]]\nname = \"two\"\nfqdns = [\"example.com\"]\naddresses = [\"10.0.0.1\"]\n[[egress.collections.x.rules]]\nname = \"wild\"\nfqdns = [\"www.*.com\", \"http://example.com\", \"exa mple.com\", \"10.0.0.1\", \"b\u{fc}cher.example\"]\n[[egress.collections.x.rules]]\nname = \"Wild\"\naddresses = [\"198.51.100.1\", \"example.com\", \"10.0.0.9-10.0.0.1\"]\nports = [\"https:443\"]\n[[egress.collections.x.rules]]\nname = \"tag\"\nfqdn-tags = [\"WindowsUpdate\"]\nports = [\"tcp:443\", \"tcp:22\"]\n[[egress.collections.x.rules]]\nname = \"no ports\"\nservice-tags = [\"Storage\"]\n[[egress.collections.x.rules]]\nname = \"mixed\"\nfqdns = [\"example.com\"]\nports = [\"https:443\", \"tcp:22\"]\nurls = [\"x\"]\n",
    ),
    (
        "ports",
        "region = \"westeurope\"\n[egress.collections.x]\npriority = 200\n[[egress.collections.x.rules]]\nname = \"a\"\naddresses = [\"198.51.100.1\"]\nports = [\"443\", 443, \"tcp:0\", \"tcp:65536\", \"tcp:9-1\", \"https:1-2\", \"TCP:443\", \"sctp:1\", \"icmp:8\", \"tcp:\", \"tcp: 443\"]\n",
    ),
    (
        "mixed collection",
        "region = \"westeurope\"\n[egress.collections.x]\npriority = 200\n[[egress.collections.x.rules]]\nname = \"a\"\nfqdns = [\"example.com\"]\n[[egress.collections.x.rules]]\nname = \"b\"\naddresses = [\"198.51.100.1\"]\nports = [\"tcp:443\"]\n",
    ),
    (
        "collections",
        "region = \"westeurope\"\n[egress.collections.aks]\npriority = 200\n[egress.collections.one]\npriority = -1\naction = \"Allow\"\nrules = []\n[egress.collections]\ntwo = 3\n",
    ),
    (
        "dates",
        "region = \"westeurope\"\n[egress.collections.x]\npriority = 200\n[[egress.collections.x.rules]]\nname = \"a\"\nfqdns = [\"example.com\"]\nexpires = \"2026-12-31\"\n[[egress.collections.x.rules]]\nname = \"b\"\nfqdns = [\"example.com\"]\nexpires = 2026-12-31T00:00:00Z\n[[egress.collections.x.rules]]\nname = \"c\"\nfqdns = [\"example.com\"]\nexpires = 3\n",
    ),
    (
        "inbound",
        "region = \"westeurope\"\n[[inbound]]\n[[inbound]]\nname = \"a\"\nport = 65536\nprotocol = \"icmp\"\nto = \"10.0.4.4\"\nfrom = [\"nowhere\"]\n[[inbound]]\nname = \"A\"\nport = 80\nto = \"10.0.4.4:0\"\nfrom = []\n",
    ),
    (
        "expect",
        "region = \"westeurope\"\n[[expect]]\nfrom = \"nodes\"\nto = \"example.com\"\n[[expect]]\nfrom = \"pods\"\nto = \"https://example.com/path?x\"\n[[expect]]\nfrom = \"10.0.0.0/8\"\nto = \"ftp://example.com\"\n[[expect]]\nfrom = \"*\"\nto = \"https://10.1.2.3\"\nverdict = \"yes\"\nby = \"ask\"\n[[expect]]\nfrom = \"nodes\"\nto = \"https://*.example.com\"\n[[expect]]\nfrom = \"nodes\"\nto = \"tcp://example.com:443\"\n[[expect]]\nfrom = \"nodes\"\nto = \"https://example.com:99999\"\n[[expect]]\n",
    ),
    (
        "waivers",
        "region = \"westeurope\"\n[[waive]]\n[[waive]]\ncheck = \"x\"\nwhere = \"a..b\"\nreason = \" \"\nuntil = \"2026-12-31\"\n[[waive]]\nchek = \"x\"\nreason = 3\nwhere = 3\n",
    ),
    (
        "dotted and inline misspellings",
        "region = \"westeurope\"\nnetwrok.vnet = \"a\"\nnetwrok.address-space = [\"10.0.0.0/16\"]\nfirewal = { name = \"x\" }\n",
    ),
];
