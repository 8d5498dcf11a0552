//! Container registries: the hosts that images come from (F1.8).

use super::Table;
use crate::value::Cloud;

/// A registry.
#[derive(Debug, Clone, Copy)]
pub struct Registry {
    /// What people call it, by its host.
    pub name: &'static str,
    /// Its hosts. Each stands for itself and all names below it.
    pub hosts: &'static [&'static str],
    /// Every customer has a host of its own below, so that one of them is named rather than all.
    pub per_customer: bool,
}

const fn registry(name: &'static str, hosts: &'static [&'static str]) -> Registry {
    Registry { name, hosts, per_customer: false }
}

const fn per_customer(name: &'static str, hosts: &'static [&'static str]) -> Registry {
    Registry { name, hosts, per_customer: true }
}

/// Where the registries of customers are in a cloud.
#[derive(Debug, Clone, Copy)]
pub struct OfCloud {
    /// The cloud.
    pub cloud: Cloud,
    /// Their common suffix, which is also the host of their certificates.
    pub suffix: &'static str,
    /// Suffix of the storage that holds layers where there are no dedicated endpoints.
    pub storage: &'static str,
}

/// Registries of customers, cloud by cloud.
pub static OF_CLOUDS: Table<OfCloud> = Table {
    as_of: "2026-08-31",
    source: "https://learn.microsoft.com/azure/container-registry/container-registry-firewall-access-rules",
    rows: &[
        OfCloud { cloud: Cloud::Public, suffix: "azurecr.io", storage: "blob.core.windows.net" },
        OfCloud { cloud: Cloud::UsGov, suffix: "azurecr.us", storage: "blob.core.usgovcloudapi.net" },
        OfCloud { cloud: Cloud::China, suffix: "azurecr.cn", storage: "blob.core.chinacloudapi.cn" },
    ],
};

/// Where the registries of customers are.
pub fn of_cloud(cloud: Cloud) -> &'static OfCloud {
    OF_CLOUDS.rows.iter().find(|row| row.cloud == cloud).unwrap_or(&OF_CLOUDS.rows[0])
}

/// Registries that are widely used, sorted by name. Microsoft's own is absent: no cluster works without it.
pub static REGISTRIES: Table<Registry> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/aks/outbound-rules-control-egress",
    rows: &[
        per_customer("azurecr.cn", &["azurecr.cn"]),
        per_customer("azurecr.io", &["azurecr.io"]),
        per_customer("azurecr.us", &["azurecr.us"]),
        registry("docker.elastic.co", &["docker.elastic.co"]),
        registry(
            "docker.io",
            &[
                "docker.io",
                "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
                "production.cloudflare.docker.com",
                "production.cloudfront.docker.com",
            ],
        ),
        registry("gcr.io", &["gcr.io"]),
        registry("ghcr.io", &["ghcr.io", "pkg-containers.githubusercontent.com"]),
        registry("nvcr.io", &["nvcr.io"]),
        per_customer("pkg.dev", &["pkg.dev"]),
        registry("public.ecr.aws", &["public.ecr.aws"]),
        registry("quay.io", &["quay.io"]),
        registry("registry.access.redhat.com", &["registry.access.redhat.com"]),
        registry("registry.gitlab.com", &["registry.gitlab.com"]),
        registry("registry.k8s.io", &["registry.k8s.io"]),
        registry("registry.redhat.io", &["registry.redhat.io"]),
    ],
};
