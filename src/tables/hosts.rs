//! Openings that older guides ask for and nobody needs any more (F1.2, F1.10).

use super::Table;

/// Host names of older lists, and what came of them.
pub static OBSOLETE_HOSTS: Table<(&str, &str)> = Table {
    as_of: "2026-06-18",
    source: "https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
    rows: &[
        ("api.snapcraft.io", "no longer on the list of AKS"),
        (
            "cloudflare.docker.com",
            "not a host that Docker documents; the blob hosts are production.cloudflare.docker.com and production.cloudfront.docker.com",
        ),
        ("cloudflare.docker.io", "never a documented host of Docker Hub"),
        ("download.opensuse.org", "no longer on the list of AKS"),
        ("motd.ubuntu.com", "no longer on the list of AKS"),
        ("snapcraft.io", "no longer on the list of AKS"),
    ],
};

/// Ports of the old tunnel between nodes and control plane: protocol, port, what replaced it (N1, N2).
pub static OBSOLETE_TUNNEL: Table<(crate::value::IpProtocol, u16)> = Table {
    as_of: "2026-06-18",
    source: "https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
    rows: &[(crate::value::IpProtocol::Udp, 1194), (crate::value::IpProtocol::Tcp, 9000)],
};
